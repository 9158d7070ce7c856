#include "regime/listing/listing.h"

#include <algorithm>

#include "base/text.h"
#include "codec/law.h"
#include "db/jobs.h"
#include "engine/procedure/procedure.h"
#include "regime/files/files.h"
#include "regime/identity/access.h"
#include "regime/identity/actor.h"
#include "regime/listing/listing_commands.h"
#include "regime/listing/listing_store.h"

namespace qy::listing {
namespace {

constexpr const char* kProcedure = "list-national";

const rules::Procedure& procedure_of(const Premises& premises) {
  const auto* found = premises.rules->find_procedure(kProcedure);
  if (!found) throw db::Broken("the packs have no procedure list-national");
  return *found;
}

bool may_read(const identity::Caller& caller, const List& list) {
  if (!caller.is_office()) return false;
  if (caller.role != identity::Role::officer && caller.role != identity::Role::chief) return false;
  return caller.covers(list.region) || caller.region.starts_with(identity::region_prefix(list.region));
}

/// The levels at which an action of the list's procedure is done in this jurisdiction; none when the procedure alone
/// says. A correction goes the way of the publication it corrects (listing.correct); a number is the drafter's or the
/// publisher's to enter.
std::vector<std::string> levels_for(const rules::Jurisdiction& jurisdiction, std::string_view action) {
  if (action == "propose" || action == "supplement" || action == "withdraw") return {jurisdiction.list_drafted_by};
  if (action == "confirm") return {jurisdiction.list_confirmed_by};
  if (action == "publish" || action == "correct") return {jurisdiction.list_published_by};
  if (action == "set_document_number") {
    if (jurisdiction.list_drafted_by == jurisdiction.list_published_by) return {jurisdiction.list_drafted_by};
    return {jurisdiction.list_drafted_by, jurisdiction.list_published_by};
  }
  return {};
}

Text level_title(std::string_view level) {
  if (level == "county") return {"县级", "county"};
  if (level == "city") return {"市级", "city"};
  if (level == "province") return {"省级", "provincial"};
  return {"国家级", "national"};
}

Error wrong_level(const Text& action, const std::vector<std::string>& levels) {
  Text either;
  for (const auto& level : levels) {
    const auto title = level_title(level);
    either.zh += (either.zh.empty() ? "" : "或") + title.zh;
    either.en += (either.en.empty() ? "" : " or ") + title.en;
  }
  return identity::forbidden(
      "listing.wrong_level",
      {{"action", action.zh}, {"action_en", action.en}, {"level", either.zh}, {"level_en", either.en}});
}

std::string drafting_line(Tx& tx, const List& list) {
  const auto office = identity::find_office(tx, list.drafted_by);
  return office ? identity::to_string(office->line) : std::string("ecology");
}

/// Towards a list, the drafting department leads and every other department co-signs its own entries (Order 38 Art. 9,
/// 10).
engine::procedure::Actor actor_towards(Tx& tx, const identity::Caller& caller, const List& list) {
  auto actor = identity::actor_of(caller, drafting_line(tx, list), "");
  actor.is_cosign = caller.is_office() && !actor.is_lead;
  return actor;
}

/// 提出名单 is for the departments that lead a category (Order 38 Art. 9).
bool leads_a_category(const Premises& premises, const rules::Jurisdiction& jurisdiction, std::string_view line) {
  return std::any_of(premises.rules->categories().begin(), premises.rules->categories().end(),
                     [&](const auto& c) { return lines_of(*premises.rules, jurisdiction, {c.id}).lead == line; });
}

/// A new list of the year in drafting, the next batch when the year has lists already.
List open_list(Tx& tx, const Premises& premises, const identity::Act& act, const NewList& wanted) {
  const int batch = store::last_batch(tx, wanted.region, wanted.year) + 1;
  List list;
  list.id = ListId::make(act.at, act.random);
  list.province = wanted.region.substr(0, 2);
  list.region = wanted.region;
  list.jurisdiction = premises.rules->jurisdiction_of(wanted.region).code;
  list.year = wanted.year;
  list.batch = batch;
  list.state = procedure_of(premises).initial;
  const auto* region = premises.rules->find_region(wanted.region, act.on);
  const Text place = region ? region->name : Text{wanted.region, wanted.region};
  list.title = wanted.title;
  if (list.title.zh.empty())
    list.title.zh = place.zh + std::to_string(wanted.year) + "年强制性清洁生产审核企业名单" +
                    (batch > 1 ? "（第" + std::to_string(batch) + "批）" : "");
  if (list.title.en.empty())
    list.title.en = "Enterprises for mandatory cleaner production audit, " + place.en + ", " +
                    std::to_string(wanted.year) + (batch > 1 ? " (batch " + std::to_string(batch) + ")" : "");
  const auto office = identity::find_office_of(tx, wanted.region, identity::Line::ecology, act.on);
  list.drafted_by = act.caller.is_office() ? identity::OfficeId::trusted(act.caller.party_id)
                    : office               ? office->id
                                           : identity::OfficeId();
  store::insert_list(tx, list, act.at);
  db::append_action(tx,
                    identity::action_by(act, subject_of(list.id), "draft",
                                        codec::citations(*premises.rules, "listing.propose", act.on),
                                        json::Object{{"year", list.year}, {"batch", batch}}),
                    act.random);
  return list;
}

/// Who co-signs an entry on a list: the department that leads its case, unless it drafts the list itself; then the
/// case's second department.
void set_lines(Entry& entry, const Lines& lines, std::string_view drafter) {
  entry.lead_line = lines.lead;
  entry.cosign_line = lines.lead == drafter ? lines.cosign : lines.lead;
}

Result<void> check_entry(const Premises& premises, const NewEntry& entry, const std::string& pointer) {
  std::vector<FieldError> wrong;
  if (entry.categories.empty()) wrong.push_back({pointer + "/categories", "listing.category_missing"});
  for (std::size_t i = 0; i < entry.categories.size(); ++i)
    if (!premises.rules->find_category(entry.categories[i]))
      wrong.push_back({pointer + "/categories/" + std::to_string(i),
                       "listing.category_unknown",
                       {{"category", entry.categories[i]}}});
    else if (std::find(entry.categories.begin(), entry.categories.begin() + static_cast<std::ptrdiff_t>(i),
                       entry.categories[i]) != entry.categories.begin() + static_cast<std::ptrdiff_t>(i))
      wrong.push_back({pointer + "/categories/" + std::to_string(i), "listing.category_twice"});
  if (trim(entry.reason).empty()) wrong.push_back({pointer + "/reason", "listing.reason_missing"});
  if (!premises.rules->find_mode(entry.mode))
    wrong.push_back({pointer + "/mode", "listing.mode_unknown", {{"mode", entry.mode}}});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  return {};
}

}  // namespace

db::Subject subject_of(const ListId& id) { return {"list", id.str()}; }

Result<const rules::ProcedureAction*> permitted(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                                const List& list, std::string_view action) {
  QY_TRY(const auto* step,
         engine::procedure::check(procedure_of(premises), list.state, action, actor_towards(tx, caller, list)));
  const auto* jurisdiction = premises.rules->find_jurisdiction(list.jurisdiction);
  const auto levels = jurisdiction ? levels_for(*jurisdiction, action) : std::vector<std::string>();
  if (!levels.empty() && std::find(levels.begin(), levels.end(), identity::to_string(caller.level)) == levels.end())
    return wrong_level(step->title, levels);
  const bool covers = caller.covers(list.region) || (action == "cosign" && caller.region == list.region);
  if (!covers) return Error{ErrorKind::forbidden, "listing.other_region"};
  if (step->conditions.contains("drafting_office") && caller.is_office() && caller.party_id != list.drafted_by.str())
    return Error{
        ErrorKind::forbidden, "listing.drafting_office", {{"action", step->title.zh}, {"action_en", step->title.en}}};
  return step;
}

void assert_projection(Tx& tx, const Premises& premises, const List& list) {
  std::vector<std::string> names;
  for (const auto& action : db::actions_of(tx, subject_of(list.id))) names.push_back(action.name);
  const auto state = engine::procedure::fold(procedure_of(premises), names);
  if (!state || *state != list.state)
    throw db::Broken("list " + list.id.str() + ": its log does not lead to its state");
}

Lines lines_of(const rules::Library& rules, const rules::Jurisdiction& jurisdiction,
               const std::vector<std::string>& categories) {
  Lines lines;
  const auto lead_of = [&](const rules::Category& category) {
    const auto local = jurisdiction.lines.find(category.id);
    return local == jurisdiction.lines.end() ? category.lead_line : local->second;
  };
  for (const auto& id : categories) {
    const auto* category = rules.find_category(id);
    if (!category) continue;
    const auto lead = lead_of(*category);
    if (lines.lead.empty())
      lines.lead = lead;
    else if (lead != lines.lead && lines.cosign.empty())
      lines.cosign = lead;
  }
  // 一轮两类: one round with two lead departments is co-signed by the second; otherwise by the category's own second
  // department.
  if (lines.cosign.empty())
    for (const auto& id : categories)
      if (const auto* category = rules.find_category(id);
          category && !category->cosign_line.empty() && category->cosign_line != lines.lead) {
        lines.cosign = category->cosign_line;
        break;
      }
  return lines;
}

ProposedMode propose_mode(const rules::Library& rules, const registry::Summary& enterprise,
                          const std::vector<std::string>& categories) {
  for (const auto& mode : rules.modes()) {
    if (!mode.proposal) continue;
    const auto& p = *mode.proposal;
    if (!p.scales.empty() && !p.scales.contains(enterprise.scale)) continue;
    if (enterprise.standing.rounds < p.min_rounds) continue;
    if (std::any_of(categories.begin(), categories.end(),
                    [&](const auto& c) { return p.excluded_categories.contains(c); }))
      continue;
    return {mode.id, p.reason};
  }
  return {"full",
          {"未见可简化的情形，按完整程序审核。", "Nothing calls for a simpler audit: the full procedure applies."}};
}

std::optional<List> find_list(Tx& tx, const ListId& id) { return store::find_list(tx, id); }
std::optional<Entry> find_entry(Tx& tx, const EntryId& id) { return store::find_entry(tx, id); }
std::vector<Entry> entries_of(Tx& tx, const ListId& id) { return store::entries_of(tx, id); }

std::vector<List> published_lists(Tx& tx, std::string_view region_prefix, std::optional<int> year) {
  store::ListFilter filter{.year = year, .state = "published"};
  if (region_prefix.empty())
    filter.everything = true;
  else
    filter.region_prefixes = {std::string(region_prefix)};
  return store::search_lists(tx, filter, {.page = 1, .size = 10'000}).items;
}

std::vector<PublishedEntry> published_entries(Tx& tx, std::string_view region_prefix) {
  std::map<std::string, PublishedEntry> newest;
  for (auto& found : store::published_entries(tx, region_prefix)) {
    auto& kept = newest[found.entry.enterprise.str()];
    if (kept.entry.id.empty() || std::pair(kept.year, kept.entry.id) < std::pair(found.year, found.entry.id))
      kept = std::move(found);
  }
  std::vector<PublishedEntry> out;
  for (auto& [enterprise, entry] : newest) out.push_back(std::move(entry));
  return out;
}

Result<List> get_visible(Tx& tx, const identity::Caller& caller, const ListId& id) {
  auto list = store::find_list(tx, id);
  if (!list || !may_read(caller, *list)) return Error{ErrorKind::not_found, "listing.not_found"};
  return std::move(*list);
}

bool may_draft(const Premises& premises, const identity::Caller& caller) {
  const auto& jurisdiction = premises.rules->jurisdiction_of(caller.region);
  return caller.is_office() && caller.role == identity::Role::officer &&
         identity::to_string(caller.level) == jurisdiction.list_drafted_by &&
         leads_a_category(premises, jurisdiction, identity::to_string(caller.line));
}

std::vector<std::string> allowed_actions(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                         const List& list) {
  std::vector<std::string> allowed;
  const auto count = store::counts(tx, list.id);
  for (const auto& action : procedure_of(premises).actions) {
    if (!permitted(tx, premises, caller, list, action.id)) continue;
    if ((action.id == "propose" || action.id == "confirm" || action.id == "publish") && count.listed == 0) continue;
    if ((action.id == "confirm" || action.id == "publish") && count.to_cosign > 0) continue;
    if (action.id == "record_cosign" && count.to_cosign == 0) continue;
    if (action.id == "cosign" && store::waiting_for(tx, list.id, identity::to_string(caller.line)) == 0) continue;
    if (action.id == "set_document_number" && list.state == "published" && list.document_number && list.dated_on)
      continue;
    allowed.push_back(action.id);
  }
  if (may_edit(tx, caller, list)) allowed.emplace_back("edit");
  return allowed;
}

bool may_edit(Tx& tx, const identity::Caller& caller, const List& list) {
  return list.state == "drafting" && caller.is_office() && caller.role == identity::Role::officer &&
         actor_towards(tx, caller, list).is_lead && caller.party_id == list.drafted_by.str();
}

Result<ListId> draft_list(Tx& tx, const Premises& premises, const identity::Act& act, const NewList& wanted) {
  const auto& jurisdiction = premises.rules->jurisdiction_of(wanted.region);
  if (act.caller.is_office()) {
    if (act.caller.role != identity::Role::officer) return identity::forbidden("listing.officer_drafts");
    if (identity::to_string(act.caller.level) != jurisdiction.list_drafted_by || act.caller.region != wanted.region)
      return wrong_level({"拟定名单", "drafting the list"}, {jurisdiction.list_drafted_by});
    if (!leads_a_category(premises, jurisdiction, identity::to_string(act.caller.line)))
      return identity::forbidden("listing.line_drafts");
  }
  return open_list(tx, premises, act, wanted).id;
}

Result<EntryId> add_entry(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& id,
                          const NewEntry& wanted) {
  const auto list = store::find_list(tx, id);
  if (!list) return Error{ErrorKind::not_found, "listing.not_found"};
  if (list->state != "drafting") return Error{ErrorKind::conflict, "listing.not_drafting"};
  QY_CHECK(check_entry(premises, wanted, "#"));
  const auto enterprise = registry::find_summary(tx, *premises.rules, wanted.enterprise);
  if (!enterprise || !enterprise->region.starts_with(identity::region_prefix(list->region)))
    return Error{ErrorKind::not_found, "enterprise.not_found"};
  if (store::is_listed(tx, wanted.enterprise, list->year))
    return Error{ErrorKind::conflict,
                 "listing.already_listed",
                 {{"name", enterprise->name}, {"year", std::to_string(list->year)}}};

  Entry entry;
  entry.id = EntryId::make(act.at, act.random);
  entry.list = id;
  entry.province = list->province;
  entry.enterprise = wanted.enterprise;
  entry.enterprise_name = enterprise->name;
  entry.region = enterprise->region;
  entry.industry = enterprise->industry;
  entry.categories = wanted.categories;
  const auto lines =
      lines_of(*premises.rules, *premises.rules->find_jurisdiction(list->jurisdiction), wanted.categories);
  set_lines(entry, lines, drafting_line(tx, *list));
  entry.reason = std::string(trim(wanted.reason));
  entry.mode = wanted.mode;
  entry.mode_reason = std::string(trim(wanted.mode_reason));
  store::insert_entry(tx, entry);
  return entry.id;
}

Result<List> perform(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& id,
                     const Perform& what) {
  auto list = store::find_list(tx, id);
  if (!list) return Error{ErrorKind::not_found, "listing.not_found"};
  // These say more than an action and a reason, and have their own use-cases.
  if (what.action == "publish" || what.action == "set_document_number" || what.action == "correct")
    return Error{ErrorKind::not_found, "procedure.unknown_action", {{"action", what.action}}};
  if (what.version && *what.version != list->version) return Error{ErrorKind::stale, "listing.stale"};
  QY_TRY(const auto* step, permitted(tx, premises, act.caller, *list, what.action));
  std::vector<FieldError> wrong;
  if (step->needs_reason && trim(what.reason).empty())
    wrong.push_back(
        {"#/reason", "listing.action_reason_missing", {{"action", step->title.zh}, {"action_en", step->title.en}}});
  if (!step->documents.empty() && what.files.empty()) wrong.push_back({"#/files", "listing.scan_missing"});
  for (std::size_t i = 0; i < what.files.size(); ++i)
    if (!files::is_attached(tx, what.files[i], subject_of(id)))
      wrong.push_back({"#/files/" + std::to_string(i), "listing.scan_unknown"});
  if (what.void_cosignatures && what.action != "return_list")
    wrong.push_back({"#/void_cosignatures", "listing.void_on_return"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  const auto before = store::counts(tx, id);
  if ((what.action == "propose" || what.action == "confirm") && before.listed == 0)
    return Error{ErrorKind::conflict, "listing.empty"};
  if (what.action == "confirm" && before.to_cosign > 0)
    return Error{ErrorKind::conflict, "listing.not_cosigned", {{"count", std::to_string(before.to_cosign)}}};
  const auto line = identity::to_string(act.caller.line);
  if ((what.action == "cosign" && store::waiting_for(tx, id, line) == 0) ||
      (what.action == "record_cosign" && before.to_cosign == 0))
    return Error{ErrorKind::conflict, "listing.nothing_to_cosign"};

  json::Object payload{{"listed", before.listed}};
  if (!what.reason.empty()) payload["reason"] = what.reason;
  if (!what.files.empty()) payload["files"] = json::texts(what.files);
  if (what.action == "cosign") {
    payload["cosigned"] = store::cosign(tx, id, line, act.caller.post_text());
  } else if (what.action == "record_cosign") {
    std::int64_t cosigned = 0;
    for (const char* of : {"development_reform", "industry", "ecology"})
      cosigned +=
          store::cosign(tx, id, of, "纸质会签：" + join(what.files, "、") + "（录入：" + act.caller.post_text() + "）");
    payload["cosigned"] = cosigned;
  } else if (what.void_cosignatures) {
    payload["cosignatures_voided"] = store::void_cosignatures(tx, id);
  } else if (what.action == "supplement") {
    if (!leads_a_category(premises, *premises.rules->find_jurisdiction(list->jurisdiction), line))
      return identity::forbidden("listing.line_drafts");
    const auto batch = open_list(tx, premises, act, {.region = list->region, .year = list->year});
    payload["opened"] = batch.id.str();
    payload["batch"] = batch.batch;
  }
  // Several departments co-sign one after another: the list moves on when the last one has.
  const auto after = store::counts(tx, id);
  const bool waits = (what.action == "cosign" || what.action == "record_cosign") && after.to_cosign > 0;
  if (!waits) list->state = engine::procedure::next_state(*step, list->state);
  if (!store::save_state(tx, *list)) return Error{ErrorKind::stale, "listing.stale"};
  db::append_action(tx,
                    identity::action_by(act, subject_of(id), waits ? "cosign_part" : what.action,
                                        codec::citations(*premises.rules, step->basis, act.on), payload),
                    act.random);
  assert_projection(tx, premises, *list);
  ++list->version;
  return std::move(*list);
}

Result<Published> publish_list(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& id,
                               const Publication& publication) {
  auto list = store::find_list(tx, id);
  if (!list) return Error{ErrorKind::not_found, "listing.not_found"};
  QY_TRY(const auto* step, permitted(tx, premises, act.caller, *list, "publish"));
  const auto count = store::counts(tx, id);
  if (count.listed == 0) return Error{ErrorKind::conflict, "listing.empty"};
  if (count.to_cosign > 0)
    return Error{ErrorKind::conflict, "listing.not_cosigned", {{"count", std::to_string(count.to_cosign)}}};
  const auto dated_on = publication.dated_on ? publication.dated_on : list->dated_on;
  std::vector<FieldError> wrong;
  if (publication.published_on > act.on) wrong.push_back({"#/published_on", "listing.published_future"});
  if (dated_on && *dated_on > publication.published_on)
    wrong.push_back({"#/dated_on", "listing.dated_after_published", {{"dated", dated_on->str()}}});
  if (trim(publication.where).empty()) wrong.push_back({"#/where", "field.required"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  list->published_on = publication.published_on;
  list->dated_on = dated_on;
  list->published_where = publication.where;
  if (publication.document_number) list->document_number = publication.document_number;
  list->state = engine::procedure::next_state(*step, list->state);
  if (!store::save_publication(tx, *list)) return Error{ErrorKind::stale, "listing.stale"};
  ++list->version;

  auto entries = store::entries_of(tx, id);
  std::erase_if(entries, [](const Entry& e) { return e.status != "listed"; });
  const auto paper_day = dated_on.value_or(publication.published_on);
  json::Array ids;
  for (const auto& entry : entries) {
    ids.push_back(json::Value(entry.id.str()));
    store::NoticeRow row;
    row.notice.id = NoticeId::make(act.at, act.random);
    row.notice.entry = entry.id;
    row.notice.code = crypto::activation_code(act.random);
    row.notice.dated_on = paper_day;
    row.list = id;
    const auto office = identity::find_office_of(tx, list->region, identity::line_of(entry.lead_line), act.on);
    const auto drafter = office ? office : identity::find_office(tx, list->drafted_by);
    row.office = drafter ? drafter->name : Text{act.caller.party_name, act.caller.party_name};
    store::insert_notice(tx, row, list->province);
  }
  json::Object payload{
      {"published_on", publication.published_on.str()}, {"where", publication.where}, {"entries", std::move(ids)}};
  if (list->dated_on) payload["dated_on"] = list->dated_on->str();
  if (list->document_number) payload["document_number"] = *list->document_number;
  db::append_action(
      tx,
      identity::action_by(act, subject_of(id), "publish",
                          codec::citations(*premises.rules, step->basis, publication.published_on), std::move(payload)),
      act.random);
  assert_projection(tx, premises, *list);
  db::enqueue(tx, "listing.make_notices", json::Object{{"list", id.str()}}, act.at, act.random, "notices:" + id.str());
  return Published{std::move(*list), std::move(entries)};
}

Result<void> remove_entry(Tx& tx, const Premises& premises, const identity::Act& act, const EntryId& id,
                          const std::string& reason) {
  auto entry = store::find_entry(tx, id);
  if (!entry) return Error{ErrorKind::not_found, "listing.entry_not_found"};
  if (entry->status == "removed") return {};
  if (!store::remove_entry(tx, *entry, reason)) return Error{ErrorKind::stale, "listing.stale"};
  db::append_action(tx,
                    identity::action_by(act, subject_of(entry->list), "remove_entry",
                                        codec::citations(*premises.rules, "listing.remove", act.on),
                                        json::Object{{"entry", id.str()}, {"reason", reason}}),
                    act.random);
  return {};
}

std::optional<NoticeCheck> check_notice(Tx& tx, std::string_view code) {
  const auto row = store::find_notice_by_code(tx, code);
  if (!row) return std::nullopt;
  const auto entry = store::find_entry(tx, row->notice.entry);
  const auto list = store::find_list(tx, row->list);
  if (!entry || !list) return std::nullopt;
  return NoticeCheck{row->notice.code,
                     entry->enterprise_name,
                     row->office,
                     list->title,
                     list->document_number,
                     row->notice.dated_on,
                     row->withdrawn || entry->status == "removed",
                     corrections_about(tx, *entry, true)};
}

// ---- Commands
// -----------------------------------------------------------------------------------------------------------------

Result<Entry> change_entry(const Premises& premises, const identity::Caller& caller, const EntryId& id,
                           const NewEntry& wanted, std::int64_t version) {
  return premises.database->write([&](Tx& tx) -> Result<Entry> {
    auto entry = store::find_entry(tx, id);
    if (!entry) return Error{ErrorKind::not_found, "listing.entry_not_found"};
    QY_TRY(const auto list, get_visible(tx, caller, entry->list));
    if (!may_edit(tx, caller, list)) return Error{ErrorKind::forbidden, "listing.not_editable"};
    QY_CHECK(check_entry(premises, wanted, "#"));
    if (entry->version != version) return Error{ErrorKind::stale, "listing.stale"};
    entry->categories = wanted.categories;
    const auto lines =
        lines_of(*premises.rules, *premises.rules->find_jurisdiction(list.jurisdiction), wanted.categories);
    set_lines(*entry, lines, drafting_line(tx, list));
    entry->reason = std::string(trim(wanted.reason));
    entry->mode = wanted.mode;
    entry->mode_reason = std::string(trim(wanted.mode_reason));
    entry->cosigned = false;
    if (!store::update_entry(tx, *entry)) return Error{ErrorKind::stale, "listing.stale"};
    ++entry->version;
    return std::move(*entry);
  });
}

Result<void> drop_entry(const Premises& premises, const identity::Caller& caller, const EntryId& id,
                        std::int64_t version) {
  return premises.database->write([&](Tx& tx) -> Result<void> {
    const auto entry = store::find_entry(tx, id);
    if (!entry) return Error{ErrorKind::not_found, "listing.entry_not_found"};
    QY_TRY(const auto list, get_visible(tx, caller, entry->list));
    if (!may_edit(tx, caller, list)) return Error{ErrorKind::forbidden, "listing.not_editable"};
    if (!store::delete_entry(tx, id, version)) return Error{ErrorKind::stale, "listing.stale"};
    return {};
  });
}

Result<List> set_document_number(const Premises& premises, const identity::Caller& caller, const ListId& id,
                                 const std::string& number, std::optional<Date> dated_on, std::int64_t version) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<List> {
    QY_TRY(auto list, get_visible(tx, caller, id));
    QY_TRY(const auto* step, permitted(tx, premises, caller, list, "set_document_number"));
    if (list.version != version) return Error{ErrorKind::stale, "listing.stale"};
    // What the public has read is changed by a correction notice, not by writing over it.
    const bool published = list.state == "published";
    std::vector<FieldError> wrong;
    if (published && list.document_number && number != *list.document_number)
      wrong.push_back({"#/document_number", "listing.number_entered", {{"number", *list.document_number}}});
    if (published && dated_on && list.dated_on && *dated_on != *list.dated_on)
      wrong.push_back({"#/dated_on", "listing.dated_entered", {{"day", list.dated_on->str()}}});
    else if (dated_on && list.published_on && *dated_on > *list.published_on)
      wrong.push_back({"#/dated_on", "listing.dated_after_published", {{"dated", dated_on->str()}}});
    else if (dated_on && *dated_on > act.on)
      wrong.push_back({"#/dated_on", "listing.dated_future"});
    if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

    List row = list;
    if (list.as_published) {
      row.document_number = list.as_published->document_number;
      row.dated_on = list.as_published->dated_on;
    }
    if (!published || !row.document_number) row.document_number = number;
    if (dated_on && (!published || !row.dated_on)) row.dated_on = dated_on;
    if (!store::save_number(tx, row)) return Error{ErrorKind::stale, "listing.stale"};
    json::Object payload{{"document_number", number}};
    if (dated_on) payload["dated_on"] = dated_on->str();
    db::append_action(tx,
                      identity::action_by(act, subject_of(id), "set_document_number",
                                          codec::citations(*premises.rules, step->basis, act.on), std::move(payload)),
                      act.random);
    return *store::find_list(tx, id);
  });
}

bool may_deliver(const identity::Caller& caller, const Entry& entry) {
  return caller.is_office() && caller.covers(entry.region) &&
         (caller.role == identity::Role::officer || caller.role == identity::Role::chief);
}

Result<Notice> record_delivery(const Premises& premises, const identity::Caller& caller, const NoticeId& id,
                               std::optional<Date> delivered_on, const std::string& how, const std::string& file) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<Notice> {
    auto row = store::find_notice(tx, id);
    const auto entry = row ? store::find_entry(tx, row->notice.entry) : std::nullopt;
    if (!entry || !may_deliver(caller, *entry)) return Error{ErrorKind::not_found, "listing.notice_not_found"};
    if (entry->status == "removed") return Error{ErrorKind::conflict, "listing.notice_void"};
    if (row->notice.file.empty()) return Error{ErrorKind::conflict, "listing.notice_not_made"};
    const auto list = store::find_list(tx, row->list);
    std::vector<FieldError> wrong;
    if (!delivered_on)
      wrong.push_back({"#/delivered_on", "field.required"});
    else if (*delivered_on > act.on)
      wrong.push_back({"#/delivered_on", "listing.delivered_future"});
    else if (list && list->published_on && *delivered_on < *list->published_on)
      wrong.push_back({"#/delivered_on", "listing.delivered_before_published"});
    if (trim(how).empty()) wrong.push_back({"#/how", "field.required"});
    if (!file.empty() && !files::is_attached(tx, file, {"notice", id.str()}))
      wrong.push_back({"#/file", "listing.receipt_unknown"});
    if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
    row->notice.delivered_on = delivered_on;
    row->notice.delivery = how;
    row->delivery_file = file;
    if (!store::update_notice(tx, *row)) return Error{ErrorKind::stale, "listing.stale"};
    json::Object payload{
        {"notice", id.str()}, {"entry", entry->id.str()}, {"delivered_on", delivered_on->str()}, {"how", how}};
    if (!file.empty()) payload["file"] = file;
    db::append_action(
        tx,
        identity::action_by(act, subject_of(row->list), "deliver",
                            codec::citations(*premises.rules, "listing.confirm", act.on), std::move(payload)),
        act.random);
    return row->notice;
  });
}

std::vector<Candidate> candidates(Tx& tx, const Premises& premises, const List& list, const CandidateFilter& filter,
                                  Date today) {
  const auto listed = store::listed_enterprises(tx, list.year);
  const std::set<std::string> taken(listed.begin(), listed.end());
  std::vector<Candidate> found;
  for (auto& enterprise : registry::enterprises_in(tx, *premises.rules, list.region)) {
    if (taken.contains(enterprise.id.str())) continue;
    if (!filter.region_prefix.empty() && !enterprise.region.starts_with(filter.region_prefix)) continue;
    if (!filter.priority_industry.empty() &&
        std::find(enterprise.priority_industries.begin(), enterprise.priority_industries.end(),
                  filter.priority_industry) == enterprise.priority_industries.end())
      continue;
    if (!filter.text.empty() && !contains(lower_ascii(enterprise.name), lower_ascii(filter.text)) &&
        !contains(enterprise.credit_code, upper_ascii(filter.text)))
      continue;
    Candidate candidate;
    if (enterprise.standing.last_round_on)
      for (const auto& category : premises.rules->categories())
        if (category.interval_years) {
          const auto due = enterprise.standing.last_round_on->plus_years(*category.interval_years);
          if (!candidate.interval_due_on || due < *candidate.interval_due_on) candidate.interval_due_on = due;
        }
    candidate.interval_over = candidate.interval_due_on && *candidate.interval_due_on <= today;
    if (filter.due_only && !candidate.interval_over && enterprise.standing.last_round_on) continue;
    candidate.enterprise = std::move(enterprise);
    found.push_back(std::move(candidate));
  }
  // Those whose interval has run out first, then those never audited, then by due day.
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    const auto rank = [](const Candidate& c) {
      return c.interval_over ? 0 : c.enterprise.standing.last_round_on ? 2 : 1;
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return a.interval_due_on.value_or(Date(2199, 12, 31)) < b.interval_due_on.value_or(Date(2199, 12, 31));
  });
  return found;
}

}  // namespace qy::listing
