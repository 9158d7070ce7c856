#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
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
/// 岗位: the role in Chinese, as papers and signatures print it.
const char* title_of(Role);
Line line_of(std::string_view);
Level level_of(std::string_view);
Party party_of(std::string_view);
Role role_of(std::string_view);

/// Who is acting, in which post: the person's own name even as deputy (AB角). Resolved once per request from the
/// session.
struct Caller {
  UserId user;
  std::string login, name;
  PostId post;
  Role role = Role::officer;
  Party party = Party::none;
  std::string party_id;       ///< OfficeId, EnterpriseId, ConsultancyId … as text
  std::string party_name;     ///< "云溪市生态环境局", the enterprise's name
  Line line = Line::none;     ///< of the office
  Level level = Level::none;  ///< of the office
  std::string region;         ///< GB/T 2260 code of the office: "990100"; "" for the nation
  std::string province;       ///< two digits: "99"; "00" for the nation
  bool as_deputy = false;
  Language language = Language::zh;
  std::vector<std::string> covered;  ///< region prefixes of the office when they differ from its region (zones, 兵团)
  std::vector<std::string> excepted;  ///< prefixes left to other offices (计划单列市)
  bool machine = false;               ///< a bearer token of the office: reads only, has no user

  bool is_office() const { return party == Party::office; }
  /// True when `region_code` lies in the office's subtree (province 99…, city 9901…, county exactly; nation
  /// everything), or in `covered` and not in a longer prefix of `excepted`. Callers that are no office cover nothing.
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
db::NewAction action_by(const Act& act, db::Subject subject, std::string name, json::Value basis = nullptr,
                        json::Value payload = json::Object{});

/// The rows a caller may see as a condition on a region column: `WHERE ` + scope.sql, binds in order. Nobody but
/// offices sees rows by region.
struct RowScope {
  std::string sql;
  std::vector<db::Bind> binds;
};
RowScope row_scope(const Caller& caller, std::string_view column);

/// The system itself (jobs, the demonstration's history): party none, covers everything.
Caller system_caller();

/// Error forbidden.* helpers, so that every refusal is a sentence.
Error forbidden(std::string code, Params params = {});

// ---- Offices
// ------------------------------------------------------------------------------------------------------------

struct Office {
  OfficeId id;
  std::string region, province;
  Line line = Line::none;
  Level level = Level::none;
  Text name;
  std::optional<OfficeId> parent;
  std::optional<Date> from, to;
  std::vector<std::string> covered, excepted;
  std::int64_t version = 1;
};
std::optional<Office> find_office(Tx& tx, const OfficeId& id);
/// The office of a line in force for a region, if there is one.
std::optional<Office> find_office_of(Tx& tx, std::string_view region, Line line, Date on);
std::vector<Office> offices_in(Tx& tx, std::string_view region_prefix, Date on);

struct NewOffice {
  std::string region, province;
  Line line = Line::none;
  Level level = Level::none;
  Text name;
  std::optional<OfficeId> parent;
  std::optional<Date> from;  ///< absent: since always
  std::vector<std::string> covered = {}, excepted = {};
};
OfficeId add_office(Tx& tx, const Act& act, const NewOffice& office);

// ---- Users and posts
// ------------------------------------------------------------------------------------------------------

struct NewUser {
  std::string login, name, password_hash;  ///< hash made before the transaction
  Role role = Role::officer;
  Party party = Party::none;
  std::string party_id;
  std::string party_name;
  std::optional<OfficeId> office;
  bool must_change_password = false;
  std::string province = {};  ///< of a party that is no office; "" = the office's, else the acting caller's
};
/// Adds a user with one post. `login` is stored in lower case. Errors: user.login_taken, user.login_format.
Result<UserId> add_user(Tx& tx, const Act& act, const NewUser& user);

/// 激活码: a code, printed in a notice, that opens the party's account of `role` once. Stored hashed; a new code for
/// the same party and role voids the old one. Valid `valid_days` from today.
std::string issue_activation_code(Tx& tx, const Act& act, Party party, std::string_view party_id,
                                  std::string_view party_name, Role role, int valid_days = 180);

/// 重新发放: ends the posts that the party's people hold in `role` and issues a new code, when staff leave. The calling
/// room has decided that the actor may.
std::string reissue_activation_code(Tx& tx, const Act& act, Party party, std::string_view party_id,
                                    std::string_view party_name, Role role, int valid_days = 180);

/// Where a party belongs: the register tells it whenever a party is added, renamed or moves, so that officers who cover
/// the region may reissue codes.
void note_party(Tx& tx, Party party, std::string_view party_id, std::string_view name, std::string_view region,
                std::string_view province);
/// Many of one kind at once; of one that stands twice the later counts.
struct NotedParty {
  std::string id, name, region, province;
};
void note_parties(Tx& tx, Party party, const std::vector<NotedParty>& parties);

/// 签署确认: whether `password` is the caller's own. Call it before the write of anything that signs; takes tens of
/// milliseconds. Wrong ones count towards the lockout. Errors: password.wrong at "#/password", login.locked.
Result<void> confirm_password(const Premises& premises, const Caller& caller, std::string_view password);

/// For the operator at the machine: a password that must be changed at the first log-in; sessions end, locks open.
/// Errors: user.not_found.
Result<void> set_password(const Premises& premises, std::string_view login, std::string_view password);

/// Drops sessions that ended or expired before `before`; a daily job calls it.
void forget_old_sessions(Tx& tx, Instant before);

/// Names for lists and logs: user id → person's name.
std::string name_of_user(Tx& tx, const UserId& id);

/// People of a party who hold `role` on a day (for messages and tasks); without a day, those whose post has no last
/// day.
struct Holder {
  UserId user;
  std::string name, login;
};
std::vector<Holder> holders(Tx& tx, Party party, std::string_view party_id, std::optional<Role> role,
                            std::optional<Date> on = std::nullopt);

std::span<const Sentence> identity_messages();

}  // namespace qy::identity
