#include <algorithm>

#include "regime/identity/identity.h"
#include "regime/identity/identity_store.h"

namespace qy::identity {
namespace {

/// Offices without a first day have been there since the law came into force (2003-01-01).
const Date kAlways(2003, 1, 1);

bool in_force(const Office& office, Date on) {
  return (!office.from || *office.from <= on) && (!office.to || on <= *office.to);
}

}  // namespace

std::optional<Office> find_office(Tx& tx, const OfficeId& id) { return store::find_office(tx, id); }

std::optional<Office> find_office_of(Tx& tx, std::string_view region, Line line, Date on) {
  for (auto& office : store::offices(tx))
    if (office.region == region && office.line == line && in_force(office, on)) return office;
  return std::nullopt;
}

std::vector<Office> offices_in(Tx& tx, std::string_view region_prefix, Date on) {
  auto all = store::offices(tx);
  std::erase_if(
      all, [&](const Office& office) { return office.region.rfind(region_prefix, 0) != 0 || !in_force(office, on); });
  return all;
}

OfficeId add_office(Tx& tx, const Act& act, const NewOffice& wanted) {
  Office office;
  office.id = OfficeId::make(act.at, act.random);
  office.province = wanted.province;
  office.region = wanted.region;
  office.line = wanted.line;
  office.level = wanted.level;
  office.name = wanted.name;
  office.parent = wanted.parent;
  office.covered = wanted.covered;
  office.excepted = wanted.excepted;
  store::insert(tx, office, wanted.from.value_or(kAlways));
  auto action = action_by(act, {"office", office.id.str()}, "add_office", nullptr,
                          json::Object{{"name", office.name.zh},
                                       {"region", office.region},
                                       {"line", to_string(office.line)},
                                       {"level", to_string(office.level)}});
  action.province = office.province;
  db::append_action(tx, action, act.random);
  return office.id;
}

}  // namespace qy::identity
