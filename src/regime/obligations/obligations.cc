#include "regime/obligations/obligations.h"

#include "base/text.h"
#include "codec/law.h"
#include "regime/identity/access.h"
#include "regime/obligations/obligations_store.h"

namespace qy::obligations {
namespace {

/// What the duty rests on, on the day it arose; a jurisdiction's own paper stands first.
json::Array basis_of(const engine::clock::Deadline& deadline, const rules::Library& rules) {
  json::Array basis;
  if (deadline.local_source) {
    const auto& source = *deadline.local_source;
    rules::Citation own{.document = source.document,
                        .number = {},
                        .clause = source.clause,
                        .title = {},
                        .gist = source.gist,
                        .mark = source.mark};
    if (const auto* document = rules.find_document(source.document)) {
      own.number = document->number;
      own.title = document->title;
    }
    basis.push_back(codec::citation(own));
  }
  if (!deadline.basis.empty())
    for (const auto& citation : rules.cite(deadline.basis, deadline.started_on))
      basis.push_back(codec::citation(citation));
  return basis;
}

std::string stored_state(engine::clock::State state) {
  using engine::clock::State;
  return state == State::met ? "met" : state == State::stopped ? "stopped" : "open";
}

std::string compact(Date day) {
  auto text = day.str();
  std::erase(text, '-');
  return text;
}

/// One content line of RFC 5545: special characters escaped, folded at 75 octets between characters.
std::string ics_line(std::string_view name, std::string_view value) {
  std::string line = std::string(name) + ":";
  for (const char c : value) {
    if (c == '\\' || c == ';' || c == ',') line += '\\';
    if (c == '\n')
      line += "\\n";
    else
      line += c;
  }
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t end = i + 1;
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) ++end;
    if (width + (end - i) > 75) {
      out += "\r\n ";
      width = 1;
    }
    out.append(line, i, end - i);
    width += end - i;
    i = end;
  }
  return out + "\r\n";
}

}  // namespace

std::string Obligation::state_on(Date day) const {
  if (state != "open") return state;
  if (last_day() < day) return "late";
  return days_between(day, last_day()) <= due_soon_days ? "due_soon" : "pending";
}

void replace_for(Tx& tx, const About& about, std::span<const engine::clock::Deadline> deadlines,
                 const rules::Library& rules, const std::function<Holder(std::string_view holder)>& holder_of) {
  std::vector<std::string> kept;
  for (const auto& deadline : deadlines) {
    const auto* rule = rules.find_clock(deadline.id);
    Obligation row{.id = {},
                   .about = about,
                   .rule = deadline.id,
                   .title = deadline.title,
                   .rule_text = deadline.rule,
                   .started_on = deadline.started_on,
                   .due_on = deadline.due_on,
                   .next_working_day = deadline.next_working_day,
                   .holder = holder_of(deadline.holder),
                   .state = stored_state(deadline.state),
                   .met_on = deadline.met_on,
                   .stopped_days = deadline.stopped_days,
                   .postponed = deadline.postponed,
                   .due_soon_days = rule ? rule->due_soon_days : 15,
                   .basis = basis_of(deadline, rules)};
    if (row.state != "met") row.met_on.reset();
    store::upsert(tx, row);
    kept.push_back(deadline.id);
  }
  store::remove_except(tx, about.subject, kept);
}

void clear_for(Tx& tx, const db::Subject& subject) { store::remove_except(tx, subject, {}); }

std::vector<Obligation> obligations_of(Tx& tx, const db::Subject& subject) { return store::of_subject(tx, subject); }

Found find_obligations(Tx& tx, const Filter& filter, const http::Page& page, Date as_of) {
  return store::find(tx, {}, filter, page, as_of);
}

Counts count_obligations(Tx& tx, const Filter& scope, const Holder& me, Date as_of) {
  return store::count(tx, scope, me, as_of);
}

LateSubjects late_subjects(std::string_view kind, Date as_of) {
  return {
      "SELECT subject_id FROM obligation WHERE subject_kind = :late_kind AND state = 'open' AND last_day < :late_day",
      {db::Bind(std::string(kind)), db::Bind(as_of)}};
}

Filter scope_of(const identity::Caller& caller) {
  using identity::Party;
  Filter scope;
  switch (caller.party) {
    case Party::office:
      scope.region_prefix = identity::region_prefix(caller.region);
      // Administrators and security auditors have no cases: they see what their own office holds, which is nothing.
      if (caller.role != identity::Role::officer && caller.role != identity::Role::chief)
        scope.holder = Holder{caller.party, caller.party_id, caller.party_name};
      break;
    case Party::enterprise:
      scope.enterprise = caller.party_id;
      break;
    case Party::none:
      break;
    default:
      scope.holder = Holder{caller.party, caller.party_id, caller.party_name};
  }
  return scope;
}

Result<Found> list(const Premises& premises, const identity::Caller& caller, Filter filter, const http::Page& page,
                   std::optional<Date> as_of) {
  const Date day = as_of.value_or(premises.today());
  return premises.database->read(
      [&](Tx& tx) -> Result<Found> { return store::find(tx, scope_of(caller), filter, page, day); });
}

Result<Counts> counts(const Premises& premises, const identity::Caller& caller) {
  return premises.database->read([&](Tx& tx) -> Result<Counts> {
    return store::count(tx, scope_of(caller), {caller.party, caller.party_id, caller.party_name}, premises.today());
  });
}

Result<std::string> calendar(const Premises& premises, const identity::Caller& caller) {
  Filter open;
  open.state = "open";
  http::Page page;
  page.size = 2000;
  page.sort = "due_on";
  QY_TRY(const auto found, list(premises, caller, open, page, std::nullopt));

  auto stamp = premises.now().str().substr(0, 19);
  std::erase(stamp, '-');
  std::erase(stamp, ':');
  std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + ics_line("PRODID", "-//Qingyuan//obligations 1//ZH") +
                    ics_line("X-WR-CALNAME", Text{"清源：法定时限", "Qingyuan: statutory clocks"}.in(caller.language));
  for (const auto& obligation : found.items) {
    const auto& about = obligation.about.title.in(caller.language);
    out += "BEGIN:VEVENT\r\n" + ics_line("UID", obligation.id + "@qingyuan") + "DTSTAMP:" + stamp + "Z\r\n" +
           "DTSTART;VALUE=DATE:" + compact(obligation.last_day()) + "\r\n" +
           "DTEND;VALUE=DATE:" + compact(obligation.last_day().plus_days(1)) + "\r\n" +
           ics_line("SUMMARY", obligation.title.in(caller.language) + "：" + about) +
           ics_line("DESCRIPTION", obligation.rule_text.in(caller.language) + "\n" + obligation.holder.name) +
           ics_line("URL", premises.public_address + obligation.about.link) + "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
  }
  return out + "END:VCALENDAR\r\n";
}

json::Object to_json(const Obligation& o, Date as_of) {
  const auto day = [](const std::optional<Date>& date) {
    return date ? json::Value(date->str()) : json::Value(nullptr);
  };
  const auto state = o.state_on(as_of);
  return {{"id", o.id},
          {"subject", {{"kind", o.about.subject.kind}, {"id", o.about.subject.id}}},
          {"about", json::both(o.about.title)},
          {"region", o.about.region},
          {"enterprise", o.about.enterprise},
          {"link", o.about.link},
          {"rule", o.rule},
          {"title", json::both(o.title)},
          {"rule_text", json::both(o.rule_text)},
          {"started_on", o.started_on.str()},
          {"due_on", o.due_on.str()},
          {"next_working_day", day(o.next_working_day)},
          {"state", state},
          {"days_left", state == "met" ? 0 : days_between(as_of, o.last_day())},
          {"met_on", day(o.met_on)},
          {"stopped_days", o.stopped_days},
          {"postponed", o.postponed},
          {"holder", {{"party", identity::to_string(o.holder.party)}, {"id", o.holder.id}, {"name", o.holder.name}}},
          {"basis", o.basis}};
}

}  // namespace qy::obligations
