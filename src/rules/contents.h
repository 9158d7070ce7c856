#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/library.h"
#include "rules/yaml_tree.h"

/// What the loader collects before it becomes a Library. Inside `rules/` only.
namespace qy::rules {

/// Where something stands.
struct Place {
  std::string file;
  int line = 0;
};

/// A mention of something defined elsewhere: checked when all files are read.
struct Reference {
  Place place;
  std::string kind, id;
};

/// A jurisdiction as written: what it does not say comes from its parent.
struct RawJurisdiction {
  Jurisdiction own;
  Place place;
  std::vector<std::string> add_clocks, drop_clocks;
  std::set<std::string> said;  ///< keys that stand in the file
};

struct Contents {
  std::vector<PackFile> files;
  std::vector<Document> documents;
  std::vector<LegalBasis> bases;
  std::vector<DisclosureItem> disclosure_items;
  std::vector<Category> categories;
  std::vector<ClockRule> clocks;
  std::vector<Procedure> procedures;
  std::vector<Mode> modes;
  std::vector<Step> steps;
  std::vector<LevelRule> level_rules;
  std::vector<IndicatorSystem> systems;
  std::vector<ScoringTable> scoring_tables;
  std::vector<Factor> factors;
  std::vector<CalendarYear> calendars;
  std::vector<Region> regions;
  std::vector<Industry> industries;
  std::vector<PriorityIndustry> priority_industries;
  std::vector<LedgerKey> keys;
  std::vector<Outline> outlines;
  std::vector<PerformanceColumn> performance_columns;
  std::vector<RawJurisdiction> jurisdictions;
  std::vector<PackCase> cases;

  std::map<std::pair<std::string, std::string>, Place> defined;  ///< (kind, id) → where
  std::vector<Reference> references;
};

/// Reads one pack file's tree into `contents`.
void read_pack(const YamlNode& root, PackFile file, Contents& contents, std::vector<PackProblem>& problems);

/// Everything that needs more than one entry to judge: references, parents, periods, cases.
void cross_check(const Contents& contents, std::vector<PackProblem>& problems);

}  // namespace qy::rules
