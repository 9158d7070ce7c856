#pragma once

#include "regime/audits/audits.h"
#include "regime/figures/figures.h"
#include "regime/identity/testing.h"

/// For tests only: a plant with a case, everybody who deals with it, and the short way to any state of it.
namespace qy::audits::testing {

using identity::Caller;
using identity::Line;
using identity::Party;
using identity::Role;
using identity::testing::Api;
using identity::testing::complaints;
using identity::testing::World;

/// What the plant of the case is; its name is 云溪明洁电镀有限公司 whatever it makes.
struct Plant {
  std::string industry = "3360";
  std::vector<std::string> tags = {"electroplating"};
  std::vector<std::string> categories = {"toxic"};
  std::string jurisdiction = "CN-99";
};

/// A case of the list of 2026, published on 2026-05-20, in the state `listed` on 2026-06-01.
class Town {
 public:
  Town(const std::string& engine, std::vector<Api::AddRoutes> routes, const Plant& plant = {})
      : world(engine),
        premises(world.premises),
        api(world, with_audits(std::move(routes))),
        county(world.officer("990101")),
        officer(world.officer("990100")),
        chief(world.officer("990100", Line::ecology, Role::chief)),
        industry_officer(world.officer("990100", Line::industry)),
        far_officer(world.officer("990200")),
        administrator(world.officer("990100", Line::ecology, Role::administrator)) {
    static const bool filled = [] {
      Catalogue::global().add(audits_messages());
      return true;
    }();
    (void)filled;
    const auto system = identity::system_caller();
    write([&](Tx& tx) -> Result<bool> {
      const auto act = by(system);
      registry::EnterpriseFacts facts;
      facts.name = kName;
      facts.region = "990101";
      facts.address = "清河工业园1号";
      facts.industry = plant.industry;
      facts.tags = plant.tags;
      facts.scale = "medium";
      QY_TRY(enterprise, registry::add_enterprise(tx, *premises.rules, act, facts));
      QY_TRY(consultancy, registry::add_party(tx, *premises.rules, act,
                                              {.kind = Party::consultancy, .name = kFirm, .region = "990100"}));
      listing::Published published;
      published.list.id = listing::ListId::make(act.at, act.random);
      published.list.province = "99";
      published.list.region = "990100";
      published.list.jurisdiction = plant.jurisdiction;
      published.list.year = 2026;
      published.list.published_on = Date(2026, 5, 20);
      published.entries.push_back({.id = listing::EntryId::make(act.at, act.random),
                                   .list = published.list.id,
                                   .province = "99",
                                   .enterprise = enterprise,
                                   .enterprise_name = facts.name,
                                   .region = facts.region,
                                   .industry = facts.industry,
                                   .categories = plant.categories,
                                   .lead_line = "ecology",
                                   .cosign_line = "",
                                   .reason = "使用铬酸酐",
                                   .mode = "full",
                                   .mode_reason = "",
                                   .cosigned = false,
                                   .status = "listed",
                                   .version = 1});
      QY_TRY(const auto cases, open_cases(tx, premises, act, published));
      id = cases.front();
      return true;
    });
    path = "/api/v1/audits/" + id.str();
    filler = &world.member(Party::enterprise, enterprise.str(), kName, Role::filler);
    signatory = &world.member(Party::enterprise, enterprise.str(), kName, Role::signatory);
    consultant = &world.member(Party::consultancy, consultancy.str(), kFirm, Role::consultant);
    stranger = &world.member(Party::enterprise, "another plant", "石桥水泥有限公司", Role::filler);
  }

  static constexpr const char* kName = "云溪明洁电镀有限公司";
  static constexpr const char* kFirm = "清泉咨询有限公司";

  template <class F>
  typename std::invoke_result_t<F, Tx&>::value_type write(F&& work) {
    return World::expect(premises.database->write(std::forward<F>(work)));
  }
  template <class F, class T = std::invoke_result_t<F, Tx&>>
  T read(F&& look) {
    return World::expect(premises.database->read([&](Tx& tx) -> Result<T> { return look(tx); }));
  }
  identity::Act by(const Caller& caller) const { return identity::act_of(premises, caller); }
  Audit audit() {
    return read([&](Tx& tx) { return *find_audit(tx, id); });
  }
  void on(Date day) {
    world.fixture.set_today(day);
    world.renew_sessions();
  }

  void perform(const Caller& who, const std::string& action, const std::string& reason = "") {
    write([&](Tx& tx) { return audits::perform(tx, premises, by(who), id, {.action = action, .reason = reason}); });
  }
  /// Along the national procedure, straight to the state.
  void advance(const std::string& state) {
    struct Step {
      const char* to;
      const Caller* who;
      const char* action;
    };
    const Step steps[] = {{"disclosed", filler, "disclose"},
                          {"started", filler, "start"},
                          {"submitted", signatory, "submit"},
                          {"evaluating", &officer, "open_evaluation"},
                          {"implementing", &chief, "conclude_proceed"},
                          {"acceptance_requested", signatory, "request_acceptance"},
                          {"accepting", &officer, "open_acceptance"},
                          {"accepted", &chief, "conclude_accepted"}};
    const auto from = audit().state;
    bool reached = from == "listed";
    for (const auto& step : steps) {
      if (reached) perform(*step.who, step.action);
      reached = reached || from == step.to;
      if (step.to == state) return;
    }
    throw std::runtime_error("no way to the state " + state);
  }
  void mandate(Date from = Date(2026, 5, 1), Date to = Date(2027, 5, 1)) {
    write([&](Tx& tx) -> Result<bool> {
      QY_CHECK(give_mandate(tx, premises, by(*signatory), id, consultancy.str(), from, to));
      return true;
    });
  }
  void choose(const std::string& system) {
    write([&](Tx& tx) -> Result<bool> {
      QY_CHECK(choose_system(tx, premises, by(*filler), id, system));
      return true;
    });
  }
  /// A figure of the whole plant, or of `scope`.
  void put(const char* key, const std::string& number, int year = 2025, const std::string& scope = "",
           const std::string& unit = "") {
    write([&](Tx& tx) {
      const auto* known = premises.rules->find_key(key);
      return figures::set_figures(
          tx, by(*filler), *premises.rules, {"audit", id.str()}, "99",
          std::vector<figures::Entry>{{.place = {key, scope, figures::Period::year(year), figures::Aspect::measured},
                                       .value = figures::Value::of(Decimal::of(number), !unit.empty() ? unit
                                                                                        : known       ? known->unit
                                                                                                      : ""),
                                       .basis = figures::Basis::metered}});
    });
  }

  /// Does one thing and fails the test with the whole answer when the status is another one.
  json::Object done(const Caller* who, const std::string& method, const std::string& at, const std::string& body = "",
                    int status = 200, std::int64_t if_match = -1) {
    std::map<std::string, std::string> headers;
    if (if_match >= 0) headers["if-match"] = http::etag(if_match);
    const auto response = api.call(who, method, at, body, headers);
    EXPECT_EQ(response.status, status) << method << " " << at << "\n" << response.body;
    const auto value = response.body.empty() ? Result<json::Value>(json::Value()) : json::parse(response.body);
    return value && value->is_object() ? value->as_object() : json::Object();
  }
  json::Object get(const Caller* who, const std::string& at) { return done(who, "GET", at); }
  json::Array list(const Caller* who, const std::string& at, const char* member = "items") {
    return get(who, at).at(member).as_array();
  }

  World world;
  Premises& premises;
  Api api;
  const Caller &county, &officer, &chief;  ///< of the leading line: the plant's county and the city above it
  const Caller& industry_officer;          ///< of the same city and another line: reads
  const Caller& far_officer;               ///< of another city
  const Caller& administrator;             ///< of the leading office: manages accounts, reads no cases
  registry::EnterpriseId enterprise;
  registry::PartyId consultancy;
  AuditId id;
  std::string path;  ///< "/api/v1/audits/…"
  const Caller *filler = nullptr, *signatory = nullptr, *consultant = nullptr;
  const Caller* stranger = nullptr;  ///< of another enterprise

 private:
  static std::vector<Api::AddRoutes> with_audits(std::vector<Api::AddRoutes> routes) {
    routes.push_back(figures::add_routes);
    routes.push_back(add_routes);
    return routes;
  }
};

inline std::string text_at(const json::Object& object, const char* key) {
  const auto* found = object.if_contains(key);
  return found && found->is_string() ? std::string(found->as_string()) : "";
}

}  // namespace qy::audits::testing
