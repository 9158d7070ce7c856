#include "regime/audits/consequences.h"

#include "base/text.h"
#include "regime/audits/audits_commands.h"
#include "regime/audits/audits_store.h"
#include "regime/messages/messages.h"
#include "regime/numbering/numbering.h"
#include "regime/obligations/obligations.h"
#include "regime/search/search.h"
#include "regime/tally/tally.h"

namespace qy::audits {
namespace {

std::vector<rules::ClockRule> clocks_of(const Premises& premises, const Audit& audit) {
  std::vector<rules::ClockRule> rules;
  const auto* jurisdiction = premises.rules->find_jurisdiction(audit.jurisdiction);
  if (!jurisdiction) throw db::Broken("the packs have no jurisdiction " + audit.jurisdiction);
  for (const auto& id : jurisdiction->clocks)
    if (const auto* clock = premises.rules->find_clock(id)) rules.push_back(*clock);
  return rules;
}

obligations::Holder holder_for(Tx& tx, const Audit& audit, std::string_view holder, Date on) {
  if (holder == "enterprise") return {identity::Party::enterprise, audit.enterprise.str(), audit.enterprise_name};
  if (holder == "experts") return {identity::Party::expert, "", ""};
  // The lead department nearest to the plant holds it: county, else city, else province.
  for (std::size_t digits = 6; digits >= 2; digits -= 2) {
    const auto region = audit.region.substr(0, digits) + std::string(6 - digits, '0');
    if (const auto office = identity::find_office_of(tx, region, identity::line_of(audit.lead_line), on))
      return {identity::Party::office, office->id.str(), office->name.zh};
  }
  return {identity::Party::office, "", ""};
}

/// What a case counts as: one cell per fact, each worth one.
std::vector<tally::Cell> cells_of(const Audit& audit) {
  std::vector<std::string> measures{"audits.listed"};
  if (audit.state == "removed") return {};
  if (audit.disclosed_on) measures.emplace_back("audits.disclosed");
  if (audit.started_on) measures.emplace_back("audits.started");
  if (audit.submitted_on) measures.emplace_back("audits.submitted");
  if (audit.evaluated_on) measures.emplace_back("audits.evaluated");
  if (audit.implemented_on) measures.emplace_back("audits.implemented");
  if (audit.state == "accepted" && audit.accepted_on) measures.emplace_back("audits.accepted");
  if (audit.state == "report_filed") measures.emplace_back("audits.report_filed");
  measures.push_back("audits.state." + audit.state);
  std::vector<tally::Cell> cells;
  for (const auto& measure : measures) {
    auto cell = tally::at_region(measure, audit.region, audit.year);
    cell.province = audit.province;
    cell.industry = audit.industry;
    cell.category = audit.categories.empty() ? "" : audit.categories.front();
    cell.mode = audit.mode;
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace

std::string next_number(Tx& tx, const std::string& province, int year) {
  return numbering::next_number(tx, "audit", province, year);
}

std::vector<engine::clock::Deadline> deadlines_of(Tx& tx, const Premises& premises, const Audit& audit, Date as_of) {
  std::vector<engine::clock::Event> events;
  for (const auto& event : store::events(tx, audit.id))
    events.push_back({event.type, event.on, event.rule, event.until});
  auto deadlines =
      engine::clock::deadlines(clocks_of(premises, audit), events, {audit.categories.begin(), audit.categories.end()},
                               as_of, premises.rules->calendars());
  // Who has left the list owes nothing more; what was done stays on record.
  if (audit.state == "removed")
    std::erase_if(deadlines, [](const auto& one) { return one.state != engine::clock::State::met; });
  return deadlines;
}

void settle(Tx& tx, const Premises& premises, const identity::Act& act, const Audit* before, const Audit& after,
            const Text& what_happened) {
  const db::Subject subject{"audit", after.id.str()};
  const auto link = "/audits/" + after.id.str();
  const auto* procedure = premises.rules->find_procedure(after.procedure);
  const auto* state = procedure ? procedure->find_state(after.state) : nullptr;

  if (state && state->terminal) {
    obligations::clear_for(tx, subject);
  } else {
    obligations::About about{
        .subject = subject,
        .province = after.province,
        .region = after.region,
        .enterprise = after.enterprise.str(),
        .title = {after.enterprise_name + " " + after.number, after.enterprise_name + " " + after.number},
        .link = link};
    obligations::replace_for(tx, about, deadlines_of(tx, premises, after, act.on), *premises.rules,
                             [&](std::string_view holder) { return holder_for(tx, after, holder, act.on); });
  }

  if (before)
    for (const auto& cell : cells_of(*before)) tally::add(tx, act.random, act.at, cell, -1);
  for (const auto& cell : cells_of(after)) tally::add(tx, act.random, act.at, cell, +1);

  search::index(tx, {.kind = "audit",
                     .id = after.id.str(),
                     .province = after.province,
                     .region = after.region,
                     .party_id = after.enterprise.str(),
                     .title = {after.enterprise_name + "（" + std::to_string(after.year) + "年审核）",
                               after.enterprise_name + " (audit " + std::to_string(after.year) + ")"},
                     .text = after.number,
                     .link = link});

  // Whoever is to act next is told; the actor knows already.
  if (before && before->state == after.state) return;
  const Params params{{"enterprise", after.enterprise_name},
                      {"number", after.number},
                      {"what", what_happened.zh},
                      {"what_en", what_happened.en}};
  if (act.caller.party_id != after.enterprise.str())
    messages::notify(tx, act,
                     {.party = identity::Party::enterprise,
                      .party_id = after.enterprise.str(),
                      .code = "message.audit_moved",
                      .params = params,
                      .link = link,
                      .about = subject,
                      .province = after.province});
  if (after.holder == "authority") {
    const auto office = holder_for(tx, after, "authority", act.on);
    if (!office.id.empty() && office.id != act.caller.party_id)
      messages::notify(tx, act,
                       {.party = identity::Party::office,
                        .party_id = office.id,
                        .code = "message.audit_with_you",
                        .params = params,
                        .link = link,
                        .about = subject,
                        .province = after.province});
  }
}

}  // namespace qy::audits
