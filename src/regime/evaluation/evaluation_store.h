#pragma once

#include "regime/evaluation/evaluation.h"

namespace qy::evaluation::store {

void insert_member(Tx& tx, const PanelId& id, const Member& member);
void insert(Tx& tx, const Panel& panel);
/// Saves state, total, result, opinion, level and conclusion; false when somebody saved meanwhile.
bool update(Tx& tx, const Panel& panel);
std::optional<Panel> find(Tx& tx, const PanelId& id);
std::vector<Panel> of_audit(Tx& tx, const audits::AuditId& audit);
/// Panels of an expert that is not recused, newest first.
std::vector<Panel> of_expert(Tx& tx, std::string_view expert);
/// Panels of offices by region, newest first, without their members.
std::vector<Panel> of_offices(Tx& tx, const identity::RowScope& scope, std::string_view state);

void save_sheet(Tx& tx, const PanelId& id, const Member& member);
void save_member(Tx& tx, const PanelId& id, const Member& member);

}  // namespace qy::evaluation::store
