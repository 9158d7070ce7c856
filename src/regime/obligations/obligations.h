#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "db/log.h"
#include "engine/clock/clock.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 时限与当前办理方: what is due, when, and who holds the ball. Rows are written anew by the room that owns the
/// subject, whenever something happened that moves a clock; whether one is late is compared with the day on which it is
/// asked.
namespace qy::obligations {

/// 当前办理方: a party by opaque id. An enterprise {enterprise, EnterpriseId}; an office {office, OfficeId}; experts
/// {expert, "" or the panel's id}.
struct Holder {
  identity::Party party = identity::Party::none;
  std::string id, name;
};

/// What the deadlines are about: shown in lists, and deciding who sees them.
struct About {
  db::Subject subject;           ///< {"audit", id}
  std::string province, region;  ///< "99", "990101"
  std::string enterprise;        ///< EnterpriseId as text, "" when it concerns none
  Text title;                    ///< "云溪明洁电镀有限公司 99-2026-0001"
  std::string link;              ///< path in the web app: "/audits/…"
};

/// 时限 as stored.
struct Obligation {
  std::string id;
  About about;
  std::string rule;  ///< rules::ClockRule id
  Text title, rule_text;
  Date started_on, due_on;
  std::optional<Date> next_working_day;
  Holder holder;
  std::string state;  ///< stored: open | met | stopped; shown by `state_on`
  std::optional<Date> met_on;
  int stopped_days = 0;
  bool postponed = false;
  int due_soon_days = 15;
  json::Value basis;  ///< [{document, number, clause, title, gist, mark}] in force on started_on

  Date last_day() const { return next_working_day.value_or(due_on); }
  /// met | stopped | late (last_day has passed) | due_soon | pending
  std::string state_on(Date day) const;
};

/// Replaces all obligations of the subject with what `engine/clock` computed. `holder_of` turns a rule's "enterprise",
/// "authority" or "experts" into the party of this subject; `cite` gives the basis in force on the day the duty arose
/// (rules->cite). Met ones are kept as rows too. A second call with the same input changes nothing.
void replace_for(Tx& tx, const About& about, std::span<const engine::clock::Deadline> deadlines,
                 const rules::Library& rules, const std::function<Holder(std::string_view holder)>& holder_of);

/// Removes what is left of a subject (closed, withdrawn).
void clear_for(Tx& tx, const db::Subject& subject);

/// The subject's, by due day.
std::vector<Obligation> obligations_of(Tx& tx, const db::Subject& subject);

/// Filter; empty members do not filter.
struct Filter {
  std::string region_prefix;  ///< "9901" = city 990100 and its counties
  std::string enterprise, rule, text;
  std::optional<Holder> holder;       ///< only what this party holds
  std::optional<Holder> not_held_by;  ///< only what others than this party hold
  std::string
      state;  ///< late | due_soon | pending | stopped | met | open (= not met) | running (= neither met nor stopped)
  std::optional<Date> due_from, due_to;
};
struct Found {
  std::vector<Obligation> items;
  std::int64_t total = 0;
};
/// Sorts: due_on, enterprise, region.
Found find_obligations(Tx& tx, const Filter& filter, const http::Page& page, Date as_of);

/// 逾期: the ids of subjects of a kind with a duty that is late, as a condition: column + ` IN (` + sql + `)`, binds in
/// order.
struct LateSubjects {
  std::string sql;
  std::vector<db::Bind> binds;
};
LateSubjects late_subjects(std::string_view kind, Date as_of);

/// The four counters of the board.
struct Counts {
  std::int64_t late = 0, due_soon = 0, with_me = 0, with_others = 0, stopped = 0;
};
/// `me`: the party whose ball "with me" is; region_prefix and enterprise of the filter narrow the scope.
Counts count_obligations(Tx& tx, const Filter& scope, const Holder& me, Date as_of);

/// What the caller may see: an office its regions, an enterprise its own, an expert or other party what it holds; the
/// system everything.
Filter scope_of(const identity::Caller& caller);

// ---- Commands
// -----------------------------------------------------------------------------------------------------------

Result<Found> list(const Premises& premises, const identity::Caller& caller, Filter filter, const http::Page& page,
                   std::optional<Date> as_of);
Result<Counts> counts(const Premises& premises, const identity::Caller& caller);
/// iCalendar (RFC 5545) of the caller's open obligations, due days as all-day events.
Result<std::string> calendar(const Premises& premises, const identity::Caller& caller);

json::Object to_json(const Obligation& obligation, Date as_of);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> obligations_messages();

}  // namespace qy::obligations
