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
/// Of every option of a case, in the order it was added.
std::map<OptionId, std::vector<OptionEvidence>> evidence_of(Tx& tx, const audits::AuditId& audit);
void insert_evidence(Tx& tx, std::string_view province, const OptionId& option, const OptionEvidence& evidence);
bool delete_evidence(Tx& tx, const OptionId& option, const files::FileId& file);

/// One more than the highest number of a class.
int next_number(Tx& tx, const audits::AuditId& audit, std::string_view cost_class);

}  // namespace qy::analysis::store
