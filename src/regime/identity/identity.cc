#include "regime/identity/identity.h"

#include <array>
#include <cassert>

namespace qy::identity {
namespace {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

constexpr Names<Line, 4> kLines{{{Line::ecology, "ecology"},
                                 {Line::development_reform, "development_reform"},
                                 {Line::industry, "industry"},
                                 {Line::none, "none"}}};
constexpr Names<Level, 5> kLevels{{{Level::county, "county"},
                                   {Level::city, "city"},
                                   {Level::province, "province"},
                                   {Level::nation, "nation"},
                                   {Level::none, "none"}}};
constexpr Names<Party, 9> kParties{{{Party::office, "office"},
                                    {Party::enterprise, "enterprise"},
                                    {Party::consultancy, "consultancy"},
                                    {Party::expert, "expert"},
                                    {Party::park, "park"},
                                    {Party::association, "association"},
                                    {Party::institute, "institute"},
                                    {Party::evaluation_body, "evaluation_body"},
                                    {Party::none, "none"}}};
constexpr Names<Role, 9> kRoles{{{Role::officer, "officer"},
                                 {Role::chief, "chief"},
                                 {Role::administrator, "administrator"},
                                 {Role::security_auditor, "security_auditor"},
                                 {Role::filler, "filler"},
                                 {Role::signatory, "signatory"},
                                 {Role::consultant, "consultant"},
                                 {Role::expert, "expert"},
                                 {Role::operator_, "operator"}}};

template <class Table, class Enum>
std::string name_in(const Table& table, Enum value) {
  for (const auto& [known, name] : table)
    if (known == value) return name;
  return {};
}

/// The value of a name written by us; an unknown one means a broken database.
template <class Enum, class Table>
Enum value_in(const Table& table, std::string_view name) {
  for (const auto& [value, known] : table)
    if (known == name) return value;
  throw db::Broken("unknown word in the database: " + std::string(name));
}

/// What an office covers by its place in the tree: 99, 9901, 990101.
std::string own_prefix(const Caller& caller) {
  switch (caller.level) {
    case Level::province:
      return caller.region.substr(0, 2);
    case Level::city:
      return caller.region.substr(0, 4);
    case Level::county:
      return caller.region;
    default:
      return {};
  }
}

std::vector<std::string> covered_prefixes(const Caller& caller) {
  if (!caller.covered.empty()) return caller.covered;
  const auto own = own_prefix(caller);
  return own.empty() ? std::vector<std::string>() : std::vector<std::string>{own};
}

std::size_t longest_match(const std::vector<std::string>& prefixes, std::string_view code) {
  std::size_t longest = 0;
  for (const auto& prefix : prefixes)
    if (prefix.size() > longest && code.substr(0, prefix.size()) == prefix) longest = prefix.size();
  return longest;
}

}  // namespace

const char* title_of(Role role) {
  switch (role) {
    case Role::officer:
      return "承办人";
    case Role::chief:
      return "负责人";
    case Role::administrator:
      return "系统管理员";
    case Role::security_auditor:
      return "安全审计员";
    case Role::filler:
      return "填报人";
    case Role::signatory:
      return "授权签字人";
    case Role::consultant:
      return "咨询人员";
    case Role::expert:
      return "专家";
    case Role::operator_:
      return "经办人";
  }
  return "";
}

std::string to_string(Line value) { return name_in(kLines, value); }
std::string to_string(Level value) { return name_in(kLevels, value); }
std::string to_string(Party value) { return name_in(kParties, value); }
std::string to_string(Role value) { return name_in(kRoles, value); }
Line line_of(std::string_view name) { return value_in<Line>(kLines, name); }
Level level_of(std::string_view name) { return value_in<Level>(kLevels, name); }
Party party_of(std::string_view name) { return value_in<Party>(kParties, name); }
Role role_of(std::string_view name) { return value_in<Role>(kRoles, name); }

bool Caller::covers(std::string_view region_code) const {
  if (level == Level::nation) return party == Party::office || party == Party::none;
  if (!is_office()) return false;
  return longest_match(covered_prefixes(*this), region_code) > longest_match(excepted, region_code);
}

std::string Caller::post_text() const {
  if (party == Party::none) return "系统";
  if (machine) return "接口 · " + party_name;
  return std::string(title_of(role)) + (as_deputy ? "（代）" : "") + " · " + party_name;
}

RowScope row_scope(const Caller& caller, std::string_view column) {
  if (caller.level == Level::nation && (caller.is_office() || caller.party == Party::none)) return {"1 = 1", {}};
  const auto prefixes = caller.is_office() ? covered_prefixes(caller) : std::vector<std::string>();
  if (prefixes.empty()) return {"1 = 0", {}};
  RowScope scope;
  const auto within = [&](const std::string& prefix) {
    // Codes are digits, ':' is the character after '9': a range that an index on the column serves.
    const auto number = std::to_string(scope.binds.size());
    scope.binds.emplace_back(prefix);
    scope.binds.emplace_back(prefix + ":");
    return "(" + std::string(column) + " >= :from" + number + " AND " + std::string(column) + " < :until" + number +
           ")";
  };
  scope.sql = "(";
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    if (i > 0) scope.sql += " OR ";
    scope.sql += within(prefixes[i]);
  }
  scope.sql += ")";
  // A prefix inside an excepted one is covered again; such trees are two levels deep at most.
  for (const auto& prefix : caller.excepted) {
    scope.sql += " AND (NOT " + within(prefix);
    for (const auto& inner : prefixes)
      if (inner.size() > prefix.size() && inner.rfind(prefix, 0) == 0) scope.sql += " OR " + within(inner);
    scope.sql += ")";
  }
  return scope;
}

Act act_of(const Premises& premises, const Caller& caller) {
  const auto now = premises.now();
  return {caller, now, now.shanghai_date(), *premises.random};
}

db::NewAction action_by(const Act& act, db::Subject subject, std::string name, json::Value basis, json::Value payload) {
  db::NewAction action;
  action.subject = std::move(subject);
  action.name = std::move(name);
  action.province = act.caller.province.empty() ? "00" : act.caller.province;
  action.at = act.at;
  action.actor_id = act.caller.user.str();
  action.actor_name = act.caller.name;
  action.post = act.caller.post_text();
  action.as_deputy = act.caller.as_deputy;
  action.basis = std::move(basis);
  action.payload = std::move(payload);
  return action;
}

Caller system_caller() {
  Caller caller;
  caller.login = "system";
  caller.name = "系统";
  caller.party_name = "系统";
  caller.level = Level::nation;
  caller.province = "00";
  return caller;
}

Error forbidden(std::string code, Params params) { return {ErrorKind::forbidden, std::move(code), std::move(params)}; }

}  // namespace qy::identity
