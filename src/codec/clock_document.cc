#include <algorithm>
#include <set>

#include "base/text.h"
#include "codec/documents.h"
#include "engine/clock/clock.h"

namespace qy::codec {
namespace {

namespace clock = engine::clock;

/// "CN-42" and codes below it: the jurisdiction itself or the nearest above that the packs describe.
const rules::Jurisdiction* find_jurisdiction(const rules::Library& library, const std::string& code) {
  if (const auto* found = library.find_jurisdiction(code)) return found;
  const auto digits = code.starts_with("CN-") ? code.substr(3) : std::string();
  const bool is_region = (digits.size() == 2 || digits.size() == 4 || digits.size() == 6) &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  return is_region ? &library.jurisdiction_of(digits) : nullptr;
}

/// Event types that some clock starts from or is met by, and those that move clocks.
std::vector<std::string> event_types(const rules::Library& library) {
  std::set<std::string> types{"stopped", "resumed", "postponed"};
  for (const auto& rule : library.clocks()) types.insert({rule.from_event, rule.met_by});
  types.erase("");
  return {types.begin(), types.end()};
}

std::vector<clock::Event> read_events(json::ObjectReader& in, const rules::Library& library) {
  std::vector<clock::Event> events;
  if (const auto listed = in.optional_date("listed_on")) events.push_back({"published", *listed, {}, {}});
  const auto types = event_types(library);
  for (auto& item : in.objects("events", 1000)) {
    clock::Event event{item.text("type", 60), item.date("on"), item.optional_text("rule", 60).value_or(""),
                       item.optional_date("until")};
    if (!event.type.empty() && std::find(types.begin(), types.end(), event.type) == types.end())
      item.complain("type", "clock.unknown_event", {{"type", event.type}, {"known", join(types, ", ")}});
    if (event.type == "postponed" && event.rule.empty()) item.complain("rule", "field.required");
    if (event.type == "postponed" && !event.until) item.complain("until", "field.required");
    if (!event.rule.empty() && !library.find_clock(event.rule))
      item.complain("rule", "clock.unknown_rule", {{"rule", event.rule}});
    events.push_back(std::move(event));
  }
  const bool starts = std::any_of(events.begin(), events.end(),
                                  [](const auto& event) { return event.type != "stopped" && event.type != "resumed"; });
  if (!starts) in.complain("listed_on", "field.required");
  return events;
}

json::Value optional_date(const std::optional<Date>& date) {
  return date ? json::Value(date->str()) : json::Value(nullptr);
}

json::Value written(const rules::Library& library, const clock::Deadline& deadline) {
  json::Array basis;
  for (const auto& found : library.cite(deadline.basis, deadline.started_on)) basis.push_back(citation(found));
  if (deadline.local_source) basis.push_back(source(library, *deadline.local_source));
  return json::Object{
      {"id", deadline.id},
      {"title", json::both(deadline.title)},
      {"started_on", deadline.started_on.str()},
      {"due_on", deadline.due_on.str()},
      {"next_working_day", rules::next_working_day(library.calendars(), deadline.due_on.plus_days(1)).str()},
      {"last_day", deadline.last_day().str()},
      {"state", to_string(deadline.state)},
      {"met_on", optional_date(deadline.met_on)},
      {"met_late", deadline.met_late},
      {"days_left", deadline.days_left},
      {"stopped_days", deadline.stopped_days},
      {"postponed", deadline.postponed},
      {"holder", deadline.holder},
      {"basis", basis},
      {"rule", deadline.rule.en},
      {"rule_text", json::both(deadline.rule)},
      {"mark", rules::to_string(deadline.mark)}};
}

/// What a person may have mistyped.
json::Array notes(std::span<const rules::ClockRule> clocks, std::span<const clock::Event> events,
                  const std::set<std::string>& categories, Date as_of) {
  json::Array out;
  for (const auto& left : clock::ignored(clocks, events, categories, as_of)) {
    const Params params{
        {"type", left.event.type}, {"on", left.event.on.str()}, {"start", left.start.str()}, {"as_of", as_of.str()}};
    switch (left.why) {
      case clock::Ignored::Why::before_start:
        out.push_back(remark("clock.event_before_start", params));
        break;
      case clock::Ignored::Why::in_future:
        out.push_back(remark("clock.event_in_future", params));
        break;
      case clock::Ignored::Why::no_stop:
        out.push_back(remark("clock.event_without_stop", params));
        break;
    }
  }
  return out;
}

}  // namespace

Result<json::Value> compute_clock(const rules::Library& library, const json::Value& input, const Watch&) {
  json::ObjectReader in(input);
  const auto code = in.text("jurisdiction", 20);
  const auto* jurisdiction = find_jurisdiction(library, code);
  if (!jurisdiction && !code.empty()) {
    std::vector<std::string> known;
    for (const auto& candidate : library.jurisdictions()) known.push_back(candidate.code);
    in.complain("jurisdiction", "clock.unknown_jurisdiction", {{"code", code}, {"known", join(known, ", ")}});
  }
  std::set<std::string> categories;
  const auto listed = in.texts("categories", 20, 60);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const auto& category = listed[i];
    categories.insert(category);
    if (category.empty() || library.find_category(category)) continue;
    std::vector<std::string> known;
    for (const auto& candidate : library.categories()) known.push_back(candidate.id);
    in.complain_at(json::pointer_to("#/categories", std::to_string(i)), "clock.unknown_category",
                   {{"category", category}, {"known", join(known, ", ")}});
  }
  const auto events = read_events(in, library);
  const auto as_of = in.date("as_of");
  QY_CHECK(in.done());

  std::vector<rules::ClockRule> clocks;
  for (const auto& id : jurisdiction->clocks)
    if (const auto* rule = library.find_clock(id)) clocks.push_back(*rule);
  json::Array deadlines;
  for (const auto& deadline : clock::deadlines(clocks, events, categories, as_of, library.calendars()))
    deadlines.push_back(written(library, deadline));
  return json::Object{{"jurisdiction", jurisdiction->code},
                      {"as_of", as_of.str()},
                      {"deadlines", deadlines},
                      {"notes", notes(clocks, events, categories, as_of)}};
}

}  // namespace qy::codec
