#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/model.h"

namespace qy::rules {

/// One thing wrong in a pack file.
struct PackProblem {
  std::string file;  ///< relative to the pack root
  int line = 0;
  std::string code;  ///< pack.unknown_key, pack.duplicate_key, pack.missing_source, pack.overlapping_dates, …
  Params params;     ///< includes "suggestion" where there is one
};

/// One pack file as loaded: immutable, named by the SHA-256 of its bytes.
struct PackFile {
  std::string id, kind, path, hash;
  Text title;
  std::string verification;
  std::optional<Date> checked_on;
};

/// All packs of one tree, loaded strictly and cross-checked. Immutable after loading; share it freely between threads.
class Library {
 public:
  /// Reads every *.yaml under `root`. On any problem nothing is returned but all problems are.
  struct Loaded {
    std::shared_ptr<const Library> library;
    std::vector<PackProblem> problems;
  };
  static Loaded load(const std::string& root);
  /// The same for files already in memory: path relative to the pack root → bytes. What authoring in the product and
  /// the tests use.
  static Loaded load_texts(const std::map<std::string, std::string>& files);
  virtual ~Library() = default;

  virtual const std::vector<PackFile>& files() const = 0;
  /// The bytes of a file as loaded, by its path; empty for an unknown one.
  virtual const std::string& bytes_of(std::string_view path) const = 0;
  /// SHA-256 over all file hashes in path order: what a case pins.
  virtual const std::string& hash() const = 0;

  virtual const Document* find_document(std::string_view id) const = 0;
  virtual const std::vector<Document>& documents() const = 0;

  /// 依据: the provisions that answer `basis` on `day`; empty when none is in force (a warning for the caller to show).
  virtual std::vector<Citation> cite(std::string_view basis, Date day) const = 0;
  virtual const std::vector<LegalBasis>& bases() const = 0;

  /// The jurisdiction of a region code, most specific first: "420106" → CN-4201, else CN-42, else CN. Resolved: nothing
  /// is unset.
  virtual const Jurisdiction& jurisdiction_of(std::string_view region_code) const = 0;
  virtual const Jurisdiction* find_jurisdiction(std::string_view code) const = 0;
  virtual const std::vector<Jurisdiction>& jurisdictions() const = 0;

  virtual const Procedure* find_procedure(std::string_view id) const = 0;
  virtual const Category* find_category(std::string_view id) const = 0;
  virtual const std::vector<Category>& categories() const = 0;
  virtual const DisclosureItem* find_disclosure_item(std::string_view id) const = 0;
  virtual const ClockRule* find_clock(std::string_view id) const = 0;
  virtual const Mode* find_mode(std::string_view id) const = 0;
  virtual const std::vector<Mode>& modes() const = 0;
  virtual const std::vector<Step>& steps() const = 0;
  virtual const LevelRule* find_level_rule(std::string_view id) const = 0;
  virtual const IndicatorSystem* find_system(std::string_view id) const = 0;
  virtual const std::vector<IndicatorSystem>& systems() const = 0;
  virtual const ScoringTable* find_scoring_table(std::string_view id) const = 0;
  virtual const std::vector<Factor>& factors() const = 0;
  /// The factor value for a region and year, most specific region first, newest year not later than `year`.
  virtual const Factor::Value* find_factor(std::string_view id, std::string_view region_code, int year) const = 0;
  virtual const std::vector<CalendarYear>& calendars() const = 0;
  virtual const std::vector<Region>& regions() const = 0;
  virtual const Region* find_region(std::string_view code, Date day) const = 0;
  virtual const std::vector<Industry>& industries() const = 0;
  virtual const Industry* find_industry(std::string_view code) const = 0;
  virtual const std::vector<PriorityIndustry>& priority_industries() const = 0;
  virtual const std::vector<LedgerKey>& keys() const = 0;
  virtual const LedgerKey* find_key(std::string_view key) const = 0;
  virtual const Outline* find_outline(std::string_view id) const = 0;
  virtual const std::vector<PerformanceColumn>& performance_columns() const = 0;
  virtual const std::vector<ClockRule>& clocks() const = 0;
  virtual const std::vector<Procedure>& procedures() const = 0;
  virtual const std::vector<LevelRule>& level_rules() const = 0;
  virtual const std::vector<ScoringTable>& scoring_tables() const = 0;
  virtual const std::vector<DisclosureItem>& disclosure_items() const = 0;
  virtual const std::vector<Outline>& outlines() const = 0;
  virtual const std::vector<PackCase>& cases() const = 0;
};

/// The sentences of pack problems.
std::span<const Sentence> rules_messages();

/// 工作日: whether `day` is a working day by the calendar; plain weekdays in a year the packs do not cover.
bool is_working_day(const std::vector<CalendarYear>& calendars, Date day);
/// The first working day on or after `day`.
Date next_working_day(const std::vector<CalendarYear>& calendars, Date day);
/// The day on which `count` working days after `day` are full (the day itself does not count).
Date plus_working_days(const std::vector<CalendarYear>& calendars, Date day, int count);

}  // namespace qy::rules
