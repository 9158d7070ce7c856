#pragma once

#include "rules/reader.h"

/// One function per kind of pack file; each asks its header-free fields from the root. Inside `rules/` only.
namespace qy::rules {

void read_documents(Fields& root);
void read_legal_bases(Fields& root);
void read_categories(Fields& root);
void read_clocks(Fields& root);
void read_modes(Fields& root);
void read_steps(Fields& root);
void read_procedure(Fields& root, const PackFile& file);
void read_jurisdiction(Fields& root, const PackFile& file);

void read_level_rules(Fields& root);
void read_indicator_system(Fields& root, const PackFile& file);
void read_indicator_cases(Fields& root);

void read_scoring_table(Fields& root, const PackFile& file);
void read_factors(Fields& root);
void read_calendars(Fields& root);
void read_regions(Fields& root);
void read_industries(Fields& root);
void read_priority_industries(Fields& root);
void read_ledger_keys(Fields& root);
void read_outline(Fields& root, const PackFile& file);
void read_performance_columns(Fields& root);

/// Complains when two of the periods share a day.
void refuse_overlaps(const Reading& in, const std::vector<std::pair<Validity, int>>& periods);

}  // namespace qy::rules
