#pragma once

#include "regime/analysis/analysis.h"

namespace qy::analysis::store {

void insert_option(Tx& tx, const Option& option, std::string_view province, Instant now, std::string_view by);
/// Saves wording and state unless someone changed it after version `option.version` was read.
bool update_option(Tx& tx, const Option& option);
bool delete_option(Tx& tx, const OptionId& id, std::int64_t version);
std::optional<Option> find_option(Tx& tx, const OptionId& id);
/// Without figures; by class and number.
std::vector<Option> options_of(Tx& tx, const audits::AuditId& audit);
/// One more than the highest number of a class.
int next_number(Tx& tx, const audits::AuditId& audit, std::string_view cost_class);

}  // namespace qy::analysis::store
