#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/id.h"
#include "db/log.h"
#include "db/tx.h"
#include "regime/premises/premises.h"

/// 身份与岗位: offices by region and line, posts, deputies, users, sessions. Knows parties by opaque id.
namespace qy::identity {

using UserId = Id<struct UserTag>;
using OfficeId = Id<struct OfficeTag>;
using PostId = Id<struct PostTag>;

/// 条线: which departments an office belongs to.
enum class Line { ecology, development_reform, industry, none };
/// 层级.
enum class Level { county, city, province, nation, none };
/// Which side of the table a person sits on.
enum class Party { office, enterprise, consultancy, expert, park, association, institute, evaluation_body, none };
/// 岗位角色 / role of a post or account.
enum class Role {
  officer,           ///< 承办人
  chief,             ///< 负责人: signs for the office
  administrator,     ///< 系统管理员: accounts and posts, no cases
  security_auditor,  ///< 安全审计员: reads logs, nothing else
  filler,            ///< 填报人: edits for the enterprise
  signatory,         ///< 授权签字人: signs for the enterprise
  consultant,        ///< 咨询人员: edits under a mandate
  expert,            ///< 专家
  operator_          ///< park, association, institute, evaluation body
};

std::string to_string(Line);
std::string to_string(Level);
std::string to_string(Party);
std::string to_string(Role);
Line line_of(std::string_view);
Level level_of(std::string_view);
Party party_of(std::string_view);
Role role_of(std::string_view);

/// Who is acting, in which post: the person's own name even as deputy (AB角). Resolved once per request from the session.
struct Caller {
  UserId user;
  std::string login, name;
  PostId post;
  Role role = Role::officer;
  Party party = Party::none;
  std::string party_id;          ///< OfficeId, EnterpriseId, ConsultancyId … as text
  std::string party_name;        ///< "云溪市生态环境局", the enterprise's name
  Line line = Line::none;        ///< of the office
  Level level = Level::none;     ///< of the office
  std::string region;            ///< GB/T 2260 code of the office: "990100"; "" for the nation
  std::string province;          ///< two digits: "99"; "00" for the nation
  bool as_deputy = false;
  Language language = Language::zh;

  bool is_office() const { return party == Party::office; }
  /// True when `region_code` lies in the office's subtree (province 99…, city 9901…, county exactly; nation everything).
  bool covers(std::string_view region_code) const;
  /// "承办人 · 云溪市生态环境局", with 「（代）」 for a deputy: how the log names the post.
  std::string post_text() const;
};

/// The act under way: who, when, on which day of the law. Services take it with their Tx.
struct Act {
  const Caller& caller;
  Instant at;
  Date on;
  Random& random;
};
Act act_of(const Premises& premises, const Caller& caller);

/// A NewAction with actor fields filled in from the act.
db::NewAction action_by(const Act& act, db::Subject subject, std::string name, json::Value basis = nullptr, json::Value payload = json::Object{});

/// The system itself (jobs, the demonstration's history): party none, covers everything.
Caller system_caller();

/// Error forbidden.* helpers, so that every refusal is a sentence.
Error forbidden(std::string code, Params params = {});

// ---- Offices ------------------------------------------------------------------------------------------------------------

struct Office {
  OfficeId id;
  std::string region, province;
  Line line = Line::none;
  Level level = Level::none;
  Text name;
  std::optional<OfficeId> parent;
  std::optional<Date> from, to;
};
std::optional<Office> find_office(Tx& tx, const OfficeId& id);
/// The office of a line in force for a region, if there is one.
std::optional<Office> find_office_of(Tx& tx, std::string_view region, Line line, Date on);
std::vector<Office> offices_in(Tx& tx, std::string_view region_prefix, Date on);

struct NewOffice { std::string region, province; Line line; Level level; Text name; std::optional<OfficeId> parent; std::optional<Date> from; };
OfficeId add_office(Tx& tx, const Act& act, const NewOffice& office);

// ---- Users and posts ------------------------------------------------------------------------------------------------------

struct NewUser {
  std::string login, name, password_hash;   ///< hash made before the transaction
  Role role = Role::officer;
  Party party = Party::none;
  std::string party_id;
  std::string party_name;
  std::optional<OfficeId> office;
  bool must_change_password = false;
};
/// Adds a user with one post. Errors: user.login_taken.
Result<UserId> add_user(Tx& tx, const Act& act, const NewUser& user);

/// 激活码: a code, printed in a notice, that opens the party's account of `role` once. Stored hashed; a new code for the same party and role voids the old one.
/// Valid `valid_days` from today.
std::string issue_activation_code(Tx& tx, const Act& act, Party party, std::string_view party_id, std::string_view party_name, Role role, int valid_days = 180);

/// Names for lists and logs: user id → person's name.
std::string name_of_user(Tx& tx, const UserId& id);

/// People of a party who hold `role` now (for messages and tasks).
struct Holder { UserId user; std::string name, login; };
std::vector<Holder> holders(Tx& tx, Party party, std::string_view party_id, std::optional<Role> role);

}  // namespace qy::identity
