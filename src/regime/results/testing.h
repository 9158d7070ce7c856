#pragma once

#include "regime/disclosure/disclosure.h"
#include "regime/identity/testing.h"
#include "regime/results/results.h"

/// For tests only: a city whose lists are published and whose cases are brought to their conclusion by the services of
/// the lower rooms, so that a test tells only what it is about.
namespace qy::results::testing {

using identity::Caller;
using identity::Line;
using identity::Party;
using identity::Role;
using identity::testing::World;

class City {
 public:
  explicit City(const std::string& engine)
      : world(engine),
        premises(world.premises),
        officer(world.officer("990100")),
        chief(world.officer("990100", Line::ecology, Role::chief)),
        reform_chief(world.officer("990100", Line::development_reform, Role::chief)),
        province_chief(world.officer("990000", Line::ecology, Role::chief)) {
    for (const char* name : {"周评审", "吴评审"})
      experts.push_back(write([&](Tx& tx) {
        return registry::add_party(tx, *premises.rules, identity::act_of(premises, officer),
                                   {.kind = Party::expert, .name = name, .region = "990000", .employer = "岭南工学院"});
      }));
  }

  template <class F>
  typename std::invoke_result_t<F, Tx&>::value_type write(F&& work) {
    return World::expect(premises.database->write(std::forward<F>(work)));
  }
  template <class F, class T = std::invoke_result_t<F, Tx&>>
  T read(F&& look) {
    return World::expect(premises.database->read([&](Tx& tx) -> Result<T> { return look(tx); }));
  }
  identity::Act by(const Caller& caller) const { return identity::act_of(premises, caller); }
  void on(Date day) {
    world.fixture.set_today(day);
    world.renew_sessions();
  }

  registry::EnterpriseId add_plant(registry::EnterpriseFacts facts) {
    if (facts.region.empty()) facts.region = "990101";
    if (facts.industry.empty()) facts.industry = "3360";
    return write([&](Tx& tx) { return registry::add_enterprise(tx, *premises.rules, by(officer), facts); });
  }

  /// A list that is drafted, co-signed and confirmed, and only waits to be published.
  listing::ListId confirmed_list(int year, const std::vector<registry::EnterpriseId>& plants,
                                 const std::string& reason = "使用铬酸酐，产生电镀污泥") {
    return write([&](Tx& tx) -> Result<listing::ListId> {
      QY_TRY(const auto list, listing::draft_list(tx, premises, by(officer), {.region = "990100", .year = year}));
      for (const auto& plant : plants)
        QY_CHECK(listing::add_entry(tx, premises, by(officer), list,
                                    {.enterprise = plant, .categories = {"toxic"}, .reason = reason, .mode = "full"}));
      QY_CHECK(listing::perform(tx, premises, by(officer), list, {.action = "propose"}));
      QY_CHECK(listing::perform(tx, premises, by(reform_chief), list, {.action = "cosign"}));
      QY_CHECK(listing::perform(tx, premises, by(province_chief), list, {.action = "confirm"}));
      return list;
    });
  }
  std::vector<audits::AuditId> publish_list(const listing::ListId& list, Date day) {
    return write([&](Tx& tx) -> Result<std::vector<audits::AuditId>> {
      QY_TRY(const auto published,
             listing::publish_list(tx, premises, by(province_chief), list, {.published_on = day, .where = "省厅网站"}));
      return audits::open_cases(tx, premises, by(province_chief), published);
    });
  }
  audits::Audit audit(const audits::AuditId& id) {
    return read([&](Tx& tx) { return *audits::find_audit(tx, id); });
  }
  audits::AuditId case_of(const registry::EnterpriseId& plant) {
    return read([&](Tx& tx) { return audits::audits_of_enterprise(tx, plant).at(0).id; });
  }
  const Caller& filler(const audits::AuditId& id) { return person(id, Role::filler); }
  const Caller& signatory(const audits::AuditId& id) { return person(id, Role::signatory); }

  void perform(const Caller& caller, const audits::AuditId& id, const std::string& action,
               const std::string& reason = "") {
    write([&](Tx& tx) { return audits::perform(tx, premises, by(caller), id, {.action = action, .reason = reason}); });
  }

  /// An option of the case; carried out and verified when `verified` says with what effect.
  analysis::OptionId add_option(const audits::AuditId& id, const std::map<std::string, std::string>& planned,
                                const std::map<std::string, std::string>& verified = {}) {
    const auto& who = filler(id);
    return write([&](Tx& tx) -> Result<analysis::OptionId> {
      QY_TRY(const auto option, analysis::add_option(tx, premises, by(who), id,
                                                     {.title = "镀槽加挡液板",
                                                      .cost_class = "none_or_low",
                                                      .origin = "management",
                                                      .planned = decimals(planned)}));
      if (verified.empty()) return option;
      QY_CHECK(analysis::set_option_state(tx, premises, by(who), option, "feasible", {}, {}));
      QY_CHECK(analysis::set_option_state(tx, premises, by(who), option, "implemented", by(who).on, {}));
      QY_CHECK(analysis::set_option_state(tx, premises, by(officer), option, "verified", {}, decimals(verified)));
      return option;
    });
  }

  /// Hands in the sheets of both experts and concludes.
  void judge(const audits::AuditId& id, const std::string& kind, bool passes, const std::string& remark,
             const std::optional<std::string>& level = std::nullopt) {
    std::vector<const Caller*> callers;
    for (const auto& expert : experts)
      callers.push_back(&world.member(Party::expert, expert.str(), "专家", Role::expert, "990000"));
    write([&](Tx& tx) -> Result<void> {
      QY_TRY(const auto panel,
             evaluation::open_panel(tx, premises, by(officer), id, kind, {experts[0].str(), experts[1].str()}));
      const auto* table = premises.rules->find_scoring_table(evaluation::find_panel(tx, panel)->scoring);
      evaluation::Sheet sheet;
      for (const auto& item : table->items)
        sheet.items[item.code] =
            passes ? evaluation::ItemScore{item.max, ""} : evaluation::ItemScore{Decimal(0), "未见证明材料"};
      for (const auto& veto : table->vetoes) sheet.vetoes[veto.code] = {};
      sheet.comment = remark;
      for (std::size_t i = 0; i < experts.size(); ++i) {
        QY_CHECK(evaluation::save_sheet(tx, premises, by(*callers[i]), panel, experts[i], sheet, {}));
        QY_CHECK(evaluation::submit_sheet(tx, premises, by(*callers[i]), panel, experts[i]));
      }
      QY_CHECK(evaluation::conclude(tx, premises, by(chief), panel, remark, level));
      return {};
    });
  }

  /// From wherever the enterprise holds the case to the report that is in.
  void submit(const audits::AuditId& id) {
    if (audit(id).state == "listed") perform(signatory(id), id, "start");
    const auto& who = signatory(id);
    write([&](Tx& tx) -> Result<void> {
      figures::freeze_edition(tx, by(who), {"audit", id.str()}, "99", "submitted");
      return {};
    });
    perform(who, id, "submit");
  }
  /// A submitted case through evaluation to the conclusion of its acceptance.
  void conclude(const audits::AuditId& id, bool passes, const std::string& level = "II") {
    judge(id, "evaluation", true, "同意按计划实施");
    perform(signatory(id), id, "request_acceptance");
    judge(id, "acceptance", passes, passes ? "验收合格" : "主要方案未实施",
          passes ? std::optional(level) : std::nullopt);
  }

  World world;
  Premises& premises;
  const Caller &officer, &chief, &reform_chief, &province_chief;
  std::vector<registry::PartyId> experts;

 private:
  static std::map<std::string, Decimal> decimals(const std::map<std::string, std::string>& values) {
    std::map<std::string, Decimal> out;
    for (const auto& [column, value] : values) out[column] = Decimal::of(value);
    return out;
  }
  const Caller& person(const audits::AuditId& id, Role role) {
    const auto one = audit(id);
    return world.member(Party::enterprise, one.enterprise.str(), one.enterprise_name, role, one.region);
  }
};

}  // namespace qy::results::testing
