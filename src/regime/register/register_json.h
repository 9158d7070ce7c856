#pragma once

#include "json/json.h"
#include "regime/register/register.h"

/// Facts as JSON and back, and what is wrong with them. Shared by forms, imports and the queue of this room.
namespace qy::registry {

/// Every field, blank ones as "" or null. Decimals and dates as strings.
json::Object facts_json(const EnterpriseFacts& facts);
/// Reads the form's fields; complaints stay in the reader.
EnterpriseFacts facts_of(json::ObjectReader& in);
/// Reads what `facts_json` wrote into our own database.
EnterpriseFacts facts_from_stored(const json::Value& stored);

/// Field by field what differs: {"name": ["before", "after"]}. With `created` every given field counts as changed from
/// null.
json::Object changes_between(const EnterpriseFacts& before, const EnterpriseFacts& after, bool created = false);
/// What is on record with what a queued row knows besides: its filled cells win, but never the name, region, status or
/// a credit code on record.
EnterpriseFacts filled_from(const EnterpriseFacts& on_record, const EnterpriseFacts& queued);

/// Puts facts into their normal form (trimmed, upper-case codes, sorted tags) and returns what is wrong; `pointer` of
/// each complaint is the bare field name ("credit_code", "permits/0/number").
std::vector<FieldError> normalise_and_check(const rules::Library& rules, Date on, EnterpriseFacts& facts);

json::Object party_json(const PartyFacts& facts);
PartyFacts party_of(json::ObjectReader& in);
std::vector<FieldError> normalise_and_check(const rules::Library& rules, Date on, PartyFacts& facts);

/// 匹配名: full-width to half-width, no blanks, lower case, so that two spellings of one name are equal.
std::string match_name_of(std::string_view name);
/// How alike two names are after match_name_of, 0 to 1 (Dice coefficient of character pairs, legal-form endings left
/// out).
double likeness(std::string_view a, std::string_view b);

/// 工艺标签: what an enterprise's processes may be called: the priority industries that go by process, and the tags
/// that indicator systems are offered for.
struct ProcessTag {
  std::string id;
  Text title;
};
std::vector<ProcessTag> process_tags(const rules::Library& rules);

/// A region as people write it ("990101", "云溪区", "云溪市云溪区"), looked for below `within` first. Empty when
/// unknown or ambiguous.
std::string region_code_of(const rules::Library& rules, Date on, std::string_view written, std::string_view within);
/// An industry as people write it ("3360", "C3360", "金属表面处理及热处理加工 3360", its name). A class that the packs
/// do not name is taken when its division is known. Empty when unknown.
std::string industry_code_of(const rules::Library& rules, std::string_view written);

/// Title of an industry: its own, else its division's; nothing when unknown.
std::optional<Text> industry_name(const rules::Library& rules, std::string_view code);
Text region_name(const rules::Library& rules, std::string_view code, Date on);

}  // namespace qy::registry
