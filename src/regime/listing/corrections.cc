#include "regime/listing/corrections.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "codec/law.h"
#include "regime/listing/listing_commands.h"
#include "regime/listing/listing_store.h"

namespace qy::listing {
namespace {

constexpr std::size_t kLongestName = 200, kLongestText = 500;

/// Collects the values of a correction and every mistake in them.
struct Draft {
  std::vector<Correction::Value> values;
  std::vector<FieldError> wrong;

  /// `now` becomes `wanted` when that says something new; true when it does.
  bool take(const std::optional<std::string>& wanted, std::string& now, const Entry* entry, std::string field,
            const std::string& pointer, std::size_t longest) {
    if (!wanted) return false;
    const std::string after(trim(*wanted));
    if (after.empty()) {
      wrong.push_back({pointer, "field.required"});
    } else if (length_of(after) > longest) {
      wrong.push_back({pointer, "field.too_long", {{"max", std::to_string(longest)}}});
    } else if (after == now) {
      wrong.push_back({pointer, "listing.correction_same"});
    } else {
      Correction::Value value{.field = std::move(field), .before = now, .after = after};
      if (entry) {
        value.entry = entry->id;
        value.enterprise = entry->enterprise;
      }
      values.push_back(std::move(value));
      now = after;
    }
    return true;
  }
};

void take_list(Draft& draft, List& list, const NewCorrection::OfList& wanted) {
  for (const auto& field : wanted.refused)
    draft.wrong.push_back({"#/list/" + field, field == "published_on" ? "listing.correction_published_on"
                                                                      : "listing.correction_category"});
  draft.take(wanted.title_zh, list.title.zh, nullptr, "title_zh", "#/list/title_zh", kLongestName);
  draft.take(wanted.title_en, list.title.en, nullptr, "title_en", "#/list/title_en", kLongestName);
  if (wanted.document_number && !list.document_number)
    draft.wrong.push_back({"#/list/document_number", "listing.correction_number_first"});
  else if (wanted.document_number)
    draft.take(wanted.document_number, *list.document_number, nullptr, "document_number", "#/list/document_number", 80);
  if (wanted.dated_on && !list.dated_on) {
    draft.wrong.push_back({"#/list/dated_on", "listing.correction_number_first"});
  } else if (wanted.dated_on && *wanted.dated_on > *list.published_on) {
    draft.wrong.push_back({"#/list/dated_on", "listing.dated_after_published", {{"dated", wanted.dated_on->str()}}});
  } else if (wanted.dated_on) {
    auto now = list.dated_on->str();
    draft.take(wanted.dated_on->str(), now, nullptr, "dated_on", "#/list/dated_on", 10);
    list.dated_on = wanted.dated_on;
  }
  draft.take(wanted.published_where, list.published_where, nullptr, "published_where", "#/list/published_where", 300);
}

std::vector<Entry> take_entries(Tx& tx, Draft& draft, const List& list,
                                const std::vector<NewCorrection::OfEntry>& wanted) {
  std::vector<Entry> concerned;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& one = wanted[i];
    const auto pointer = "#/entries/" + std::to_string(i);
    for (const auto& field : one.refused)
      draft.wrong.push_back({pointer + "/" + field, field == "status" || field == "enterprise"
                                                        ? "listing.correction_entries"
                                                        : "listing.correction_category"});
    const auto id = EntryId::parse(one.entry);
    auto entry = id ? store::find_entry(tx, *id) : std::nullopt;
    if (!entry || entry->list != list.id) {
      draft.wrong.push_back({pointer + "/entry", "listing.entry_not_found"});
      continue;
    }
    if (entry->status == "removed") draft.wrong.push_back({pointer + "/entry", "listing.correction_removed"});
    if (!seen.insert(one.entry).second) draft.wrong.push_back({pointer + "/entry", "listing.correction_twice"});
    bool any = !one.refused.empty();
    any |= draft.take(one.enterprise_name, entry->enterprise_name, &*entry, "enterprise_name",
                      pointer + "/enterprise_name", kLongestName);
    any |= draft.take(one.reason, entry->reason, &*entry, "reason", pointer + "/reason", kLongestText);
    any |=
        draft.take(one.mode_reason, entry->mode_reason, &*entry, "mode_reason", pointer + "/mode_reason", kLongestText);
    if (!any) draft.wrong.push_back({pointer, "listing.correction_nothing"});
    concerned.push_back(std::move(*entry));
  }
  return concerned;
}

json::Object value_json(const Correction::Value& value) {
  const bool of_list = value.entry.empty();
  return {{"entry", of_list ? json::Value(nullptr) : json::Value(value.entry.str())},
          {"enterprise", of_list ? json::Value(nullptr) : json::Value(value.enterprise.str())},
          {"enterprise_name", of_list ? json::Value(nullptr) : json::Value(value.enterprise_name)},
          {"field", value.field},
          {"title", json::both(title_of_field(value.field))},
          {"before", value.before},
          {"after", value.after}};
}

}  // namespace

Text title_of_field(std::string_view field) {
  struct Row {
    std::string_view field;
    const char* zh;
    const char* en;
  };
  static constexpr Row kRows[] = {
      {"title_zh", "名单名称", "Title of the list"},   {"title_en", "名单英文名称", "English title of the list"},
      {"document_number", "文号", "Document number"},  {"dated_on", "成文日期", "Dated"},
      {"published_where", "公布途径", "Published in"}, {"enterprise_name", "企业名称", "Name of the enterprise"},
      {"reason", "列入理由", "Reason for listing"},    {"mode_reason", "采用审核模式的理由", "Reason for the mode"}};
  for (const auto& row : kRows)
    if (row.field == field) return {row.zh, row.en};
  return {std::string(field), std::string(field)};
}

std::vector<Correction> corrections_of(Tx& tx, const ListId& list) { return store::corrections_of(tx, list); }

std::vector<Correction> corrections_about(Tx& tx, const Entry& entry, bool with_list) {
  auto found = store::corrections_of(tx, entry.list);
  for (auto& correction : found)
    std::erase_if(correction.values,
                  [&](const auto& value) { return value.entry.empty() ? !with_list : value.entry != entry.id; });
  std::erase_if(found, [](const auto& correction) { return correction.values.empty(); });
  return found;
}

json::Object correction_json(const rules::Library& rules, const Correction& c) {
  json::Array values;
  for (const auto& value : c.values) values.push_back(value_json(value));
  return {{"id", c.id.str()},
          {"seq", c.seq},
          {"published_on", c.published_on.str()},
          {"dated_on", c.dated_on ? json::Value(c.dated_on->str()) : json::Value(nullptr)},
          {"where", c.where},
          {"document_number", c.document_number ? json::Value(*c.document_number) : json::Value(nullptr)},
          {"explanation", c.explanation},
          {"office", json::both(c.office)},
          {"basis", codec::citations(rules, "listing.correct", c.paper_day())},
          {"values", std::move(values)},
          {"version", c.version}};
}

json::Object wording_json(const List::Wording& said) {
  return {{"title", json::both(said.title)},
          {"document_number", said.document_number ? json::Value(*said.document_number) : json::Value(nullptr)},
          {"dated_on", said.dated_on ? json::Value(said.dated_on->str()) : json::Value(nullptr)},
          {"published_where", said.published_where}};
}

json::Object wording_json(const Entry::Wording& said) {
  return {{"enterprise_name", said.enterprise_name}, {"reason", said.reason}, {"mode_reason", said.mode_reason}};
}

json::Array corrections_json(const rules::Library& rules, const std::vector<Correction>& corrections) {
  json::Array array;
  for (const auto& correction : corrections) array.push_back(correction_json(rules, correction));
  return array;
}

Result<Corrected> publish_correction(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& id,
                                     const NewCorrection& wanted, std::optional<std::int64_t> version) {
  const auto found = store::find_list(tx, id);
  if (!found) return Error{ErrorKind::not_found, "listing.not_found"};
  QY_TRY(const auto* step, permitted(tx, premises, act.caller, *found, "correct"));
  if (version && *version != found->version) return Error{ErrorKind::stale, "listing.stale"};

  List list = *found;
  const auto earlier = store::corrections_of(tx, id);
  Draft draft;
  auto& wrong = draft.wrong;
  if (!wanted.published_on)
    wrong.push_back({"#/published_on", "field.required"});
  else if (*wanted.published_on > act.on)
    wrong.push_back({"#/published_on", "listing.correction_future"});
  else if (*wanted.published_on < *list.published_on)
    wrong.push_back({"#/published_on", "listing.correction_early", {{"day", list.published_on->str()}}});
  else if (!earlier.empty() && *wanted.published_on < earlier.back().published_on)
    wrong.push_back({"#/published_on", "listing.correction_order", {{"day", earlier.back().published_on.str()}}});
  if (wanted.dated_on && *wanted.dated_on < *list.published_on)
    wrong.push_back({"#/dated_on", "listing.correction_early", {{"day", list.published_on->str()}}});
  else if (wanted.dated_on && *wanted.dated_on > act.on)
    wrong.push_back({"#/dated_on", "listing.dated_future"});
  else if (wanted.dated_on && wanted.published_on && *wanted.dated_on > *wanted.published_on)
    wrong.push_back({"#/dated_on", "listing.dated_after_published", {{"dated", wanted.dated_on->str()}}});
  if (trim(wanted.where).empty()) wrong.push_back({"#/where", "field.required"});
  if (step->needs_reason && trim(wanted.explanation).empty())
    wrong.push_back({"#/explanation",
                     "listing.action_reason_missing",
                     {{"action", step->title.zh}, {"action_en", step->title.en}}});
  take_list(draft, list, wanted.list);
  auto entries = take_entries(tx, draft, list, wanted.entries);
  if (draft.values.empty() && wrong.empty()) wrong.push_back({"#/entries", "listing.correction_empty"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  Correction correction;
  correction.id = CorrectionId::make(act.at, act.random);
  correction.list = id;
  correction.seq = static_cast<int>(earlier.size()) + 1;
  correction.published_on = *wanted.published_on;
  correction.dated_on = wanted.dated_on;
  correction.where = std::string(trim(wanted.where));
  correction.document_number = wanted.document_number;
  correction.explanation = std::string(trim(wanted.explanation));
  const auto office = identity::find_office(tx, identity::OfficeId::trusted(act.caller.party_id));
  correction.office = office ? office->name : Text{act.caller.party_name, act.caller.party_name};
  correction.values = std::move(draft.values);
  for (auto& value : correction.values)
    for (const auto& entry : entries)
      if (entry.id == value.entry) value.enterprise_name = entry.enterprise_name;
  store::insert_correction(tx, correction, list.province, act.at);
  if (!store::save_corrected(tx, list)) return Error{ErrorKind::stale, "listing.stale"};
  for (const auto& entry : entries)
    if (!store::save_corrected(tx, entry)) return Error{ErrorKind::stale, "listing.stale"};

  json::Array values;
  for (const auto& value : correction.values)
    values.push_back(json::Object{
        {"entry", value.entry.str()}, {"field", value.field}, {"before", value.before}, {"after", value.after}});
  json::Object payload{{"correction", correction.id.str()},
                       {"published_on", correction.published_on.str()},
                       {"where", correction.where},
                       {"reason", correction.explanation},
                       {"values", std::move(values)}};
  if (correction.dated_on) payload["dated_on"] = correction.dated_on->str();
  if (correction.document_number) payload["document_number"] = *correction.document_number;
  db::append_action(
      tx,
      identity::action_by(act, subject_of(id), "correct",
                          codec::citations(*premises.rules, step->basis, correction.paper_day()), std::move(payload)),
      act.random);
  Corrected corrected{*store::find_list(tx, id), *store::find_correction(tx, correction.id), {}};
  assert_projection(tx, premises, corrected.list);
  for (const auto& entry : entries) corrected.entries.push_back(*store::find_entry(tx, entry.id));
  return corrected;
}

Result<Correction> set_correction_number(const Premises& premises, const identity::Caller& caller,
                                         const CorrectionId& id, const std::string& number,
                                         std::optional<Date> dated_on, std::int64_t version) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<Correction> {
    auto correction = store::find_correction(tx, id);
    if (!correction) return Error{ErrorKind::not_found, "listing.correction_not_found"};
    const auto list = get_visible(tx, caller, correction->list);
    if (!list) return Error{ErrorKind::not_found, "listing.correction_not_found"};
    QY_TRY(const auto* step, permitted(tx, premises, caller, *list, "set_document_number"));
    if (correction->version != version) return Error{ErrorKind::stale, "listing.stale"};
    std::vector<FieldError> wrong;
    if (correction->document_number)
      wrong.push_back(
          {"#/document_number", "listing.correction_number_entered", {{"number", *correction->document_number}}});
    if (dated_on && correction->dated_on && *dated_on != *correction->dated_on)
      wrong.push_back({"#/dated_on", "listing.correction_dated_entered", {{"day", correction->dated_on->str()}}});
    else if (dated_on && *dated_on > correction->published_on)
      wrong.push_back({"#/dated_on", "listing.dated_after_published", {{"dated", dated_on->str()}}});
    else if (dated_on && *dated_on < *list->published_on)
      wrong.push_back({"#/dated_on", "listing.correction_early", {{"day", list->published_on->str()}}});
    if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
    correction->document_number = number;
    if (dated_on) correction->dated_on = dated_on;
    if (!store::save_correction_number(tx, *correction)) return Error{ErrorKind::stale, "listing.stale"};
    json::Object payload{{"correction", id.str()}, {"document_number", number}};
    if (dated_on) payload["dated_on"] = dated_on->str();
    db::append_action(tx,
                      identity::action_by(act, subject_of(list->id), "set_correction_number",
                                          codec::citations(*premises.rules, step->basis, act.on), std::move(payload)),
                      act.random);
    ++correction->version;
    return std::move(*correction);
  });
}

}  // namespace qy::listing
