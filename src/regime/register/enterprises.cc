#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "codec/law.h"
#include "db/database.h"
#include "db/log.h"
#include "document/workbook.h"
#include "regime/files/files.h"
#include "regime/register/register_commands.h"
#include "regime/register/register_json.h"
#include "regime/register/register_store.h"
#include "regime/search/search.h"

namespace qy::registry {
namespace {

using identity::Caller;
using identity::Level;
using identity::Party;
using identity::Role;

bool is_case_officer(const Caller& caller) {
  return caller.is_office() && (caller.role == Role::officer || caller.role == Role::chief);
}

/// Ministries look on; counties, cities and provinces keep the register.
bool keeps_register(const Caller& caller) {
  return is_case_officer(caller) &&
         (caller.level == Level::county || caller.level == Level::city || caller.level == Level::province);
}

bool is_own(const Caller& caller, const EnterpriseId& id) {
  return caller.party == Party::enterprise && caller.party_id == id.str();
}

/// The longest time allowed between two audits of the shortest kind, in years; nothing when no category sets one.
std::optional<int> interval_years(const rules::Library& rules, const std::vector<std::string>& categories) {
  std::optional<int> shortest;
  for (const auto& category : rules.categories()) {
    if (!categories.empty() && std::find(categories.begin(), categories.end(), category.id) == categories.end())
      continue;
    if (category.interval_years && (!shortest || *category.interval_years < *shortest))
      shortest = category.interval_years;
  }
  return shortest;
}

std::vector<std::string> allowed_on(const Caller& caller, const Enterprise& enterprise) {
  std::vector<std::string> out;
  if (keeps_register(caller) && caller.covers(enterprise.facts.region)) return {"change", "record_former_round"};
  if (is_own(caller, enterprise.id) && (caller.role == Role::filler || caller.role == Role::signatory))
    return {"change_contact"};
  return out;
}

/// Resolves what depends on the rules into what the store can ask.
Result<void> prepare(const Premises& premises, const Caller& caller, EnterpriseListQuery& query) {
  const auto& rules = *premises.rules;
  if (caller.party == Party::enterprise) {
    query.filter.only = caller.party_id;
    query.filter.closed_too = true;
  } else {
    QY_CHECK(may_read(caller));
    query.filter.scope = identity::row_scope(caller, "e.region");
    if (!query.filter.region.empty() && !caller.covers(query.filter.region))
      return identity::forbidden("forbidden.register_region", {{"region", query.filter.region}});
  }
  if (!query.priority_industry.empty()) {
    const auto& all = rules.priority_industries();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == query.priority_industry; });
    if (found == all.end())
      return Error{ErrorKind::invalid, "register.priority_industry_unknown", {{"industry", query.priority_industry}}};
    if (found->by_process) {
      if (!query.filter.tag.empty() && query.filter.tag != found->id)
        query.filter.industry_codes = {"-"};  // two tags at once: nothing
      query.filter.tag = found->id;
    } else {
      query.filter.industry_codes.assign(found->codes.begin(), found->codes.end());
    }
  }
  if (query.due_by) {
    std::vector<std::string> categories;
    if (!query.filter.category.empty()) categories.push_back(query.filter.category);
    if (const auto years = interval_years(rules, categories))
      query.filter.round_before = query.due_by->plus_years(-*years);
    else
      query.filter.never_audited = true;  // no interval: only those without any round are due
  }
  return {};
}

/// The legal person these facts belong to, made or changed where needed. `current` is the one the site has now.
LegalPersonId attach_legal_person(Tx& tx, const identity::Act& act, const std::string& province, EnterpriseFacts& facts,
                                  const std::optional<LegalPersonId>& current) {
  const auto rename = [&](store::LegalPerson& person) {
    const bool renamed = !facts.legal_name.empty() && person.name != facts.legal_name;
    const bool moved = !facts.registered_region.empty() && person.registered_region != facts.registered_region;
    if (renamed) {
      store::add_former_name(tx, person.id, person.name, act.on);
      person.name = facts.legal_name;
    }
    if (moved) person.registered_region = facts.registered_region;
    if (renamed || moved) store::update_legal_person(tx, person);
    facts.legal_name = person.name;
    facts.registered_region = person.registered_region;
    return person.id;
  };
  const auto make = [&] {
    if (facts.legal_name.empty()) facts.legal_name = facts.name;
    store::LegalPerson person{LegalPersonId::make(act.at, act.random), province, facts.credit_code, facts.legal_name,
                              facts.registered_region};
    store::insert_legal_persons(tx, {person});
    return person.id;
  };

  if (!facts.credit_code.empty()) {
    if (auto known = store::legal_person_of_code(tx, province, facts.credit_code)) return rename(*known);
  }
  if (!current) return make();

  auto person = store::find_legal_person(tx, *current);
  if (person->credit_code == facts.credit_code) return rename(*person);
  const bool only_site = store::sites_of(tx, *current).size() == 1;
  if (!only_site || !person->credit_code.empty()) {
    if (!only_site || !facts.credit_code.empty()) return make();  // another legal person from now on
  }
  person->credit_code = facts.credit_code;  // the code became known, or was withdrawn
  store::update_legal_person(tx, *person);
  return rename(*person);
}

/// A site of the same legal person with the same name in the same county is the same site.
std::optional<EnterpriseId> same_site(Tx& tx, const LegalPersonId& person, const EnterpriseFacts& facts,
                                      const EnterpriseId& but) {
  for (const auto& site : store::sites_of(tx, person)) {
    if (site == but) continue;
    const auto other = store::find(tx, site);
    if (other && other->facts.region == facts.region && match_name_of(other->facts.name) == match_name_of(facts.name))
      return site;
  }
  return std::nullopt;
}

Error exists_already(const EnterpriseFacts& facts, const EnterpriseId& id) {
  return Error{ErrorKind::conflict, "enterprise.exists", {{"name", facts.name}, {"id", id.str()}}};
}

store::Revision revision_of(const identity::Act& act, const Enterprise& enterprise, json::Object changes,
                            std::string_view source, std::string_view import_id) {
  return {enterprise.id.str(),   enterprise.version,     act.at,
          act.caller.user.str(), act.caller.name,        act.caller.post_text(),
          std::string(source),   std::string(import_id), json::Value(std::move(changes))};
}

json::Array field_names(const json::Object& changes) {
  json::Array out;
  for (const auto& [name, change] : changes) out.emplace_back(name);
  return out;
}

Result<void> check_park(Tx& tx, const EnterpriseFacts& facts) {
  if (facts.park.empty()) return {};
  const auto park = is_uuid(facts.park) ? store::find_party(tx, PartyId::trusted(facts.park)) : std::nullopt;
  if (!park || park->facts.kind != Party::park) return form_error({{"park", "register.park_unknown", {}}});
  return {};
}

EnterpriseDetail detail_of(Tx& tx, const rules::Library& rules, const Caller& caller, Enterprise enterprise) {
  EnterpriseDetail detail;
  std::vector<std::string> others;
  for (const auto& site : store::sites_of(tx, enterprise.legal_person))
    if (site != enterprise.id) others.push_back(site.str());
  for (auto& one : store::find_all(tx, others))
    if (may_see(caller, one.id, one.facts.region)) detail.siblings.push_back(std::move(one));
  std::sort(detail.siblings.begin(), detail.siblings.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  detail.siblings.erase(std::unique(detail.siblings.begin(), detail.siblings.end(),
                                    [](const auto& a, const auto& b) { return a.id == b.id; }),
                        detail.siblings.end());
  detail.categories = store::categories(tx, enterprise.id);
  detail.rounds = store::rounds(tx, enterprise.id);
  detail.former_rounds = store::former_rounds(tx, enterprise.id);
  if (!enterprise.facts.park.empty())
    if (const auto park = store::find_party(tx, PartyId::trusted(enterprise.facts.park)))
      detail.park_name = park->facts.name;
  if (enterprise.standing.last_round_on)
    if (const auto years = interval_years(rules, detail.categories))
      detail.next_due_on = enterprise.standing.last_round_on->plus_years(*years);
  detail.allowed_actions = allowed_on(caller, enterprise);
  detail.enterprise = std::move(enterprise);
  return detail;
}

/// The enterprise if the caller may see it.
Result<Enterprise> get_visible(Tx& tx, const Caller& caller, const EnterpriseId& id) {
  auto found = store::find(tx, id);
  if (!found || !may_see(caller, id, found->facts.region))
    return Error{ErrorKind::not_found, "enterprise.not_found", {{"id", id.str()}}};
  return std::move(*found);
}

/// 王** and 138****5678: enough to recognise, not enough to use.
std::string masked_name(const std::string& name) { return name.empty() ? "" : prefix_of(name, 1) + "**"; }
std::string masked_phone(const std::string& phone) {
  if (phone.size() < 7) return phone.empty() ? "" : "****";
  return phone.substr(0, 3) + "****" + phone.substr(phone.size() - 2);
}

constexpr int kExportRows = 100'000;

}  // namespace

Error form_error(std::vector<FieldError> wrong) {
  for (auto& one : wrong) one.pointer = "#/" + one.pointer;
  const auto count = std::to_string(wrong.size());
  return Error{ErrorKind::invalid, "input.invalid", {{"count", count}}, std::move(wrong)};
}

json::Value register_basis(const rules::Library& rules, Date on) { return codec::citations(rules, "platform", on); }

std::vector<std::string> allowed_in_register(const Caller& caller) {
  if (keeps_register(caller)) return {"create", "import", "export", "record_secret_unit"};
  if (is_case_officer(caller)) return {"export"};
  return {};
}

Result<void> may_read(const Caller& caller) {
  if (!is_case_officer(caller)) return identity::forbidden("forbidden.register_read");
  return {};
}

Result<void> may_edit(const Caller& caller, std::string_view region) {
  if (!keeps_register(caller)) return identity::forbidden("forbidden.register_edit");
  if (!region.empty() && !caller.covers(region))
    return identity::forbidden("forbidden.register_region", {{"region", std::string(region)}});
  return {};
}

bool may_see(const Caller& caller, const EnterpriseId& id, std::string_view region) {
  return is_own(caller, id) || (is_case_officer(caller) && caller.covers(region));
}

std::optional<identity::Access> access_to_enterprise(Tx& tx, const Caller& caller, std::string_view id, bool figures) {
  if (!is_uuid(id)) return std::nullopt;
  const auto found = store::find(tx, EnterpriseId::trusted(std::string(id)));
  if (!found) return std::nullopt;
  identity::Access access;
  access.province = found->province;
  access.region = found->facts.region;
  access.read = may_see(caller, found->id, found->facts.region);
  const bool office = keeps_register(caller) && caller.covers(found->facts.region);
  access.write = is_own(caller, found->id) || (office && !figures);
  return access;
}

void announce(Tx& tx, const std::vector<Enterprise>& enterprises) {
  std::vector<identity::NotedParty> parties;
  std::vector<search::Entry> entries;
  for (const auto& one : enterprises) {
    const auto& f = one.facts;
    parties.push_back({one.id.str(), f.name, f.region, one.province});
    std::string words = f.credit_code + " " + f.legal_name + " " + f.address;
    for (const auto& former : one.former_names) words += " " + former.name;
    entries.push_back({"enterprise",
                       one.id.str(),
                       one.province,
                       f.region,
                       one.id.str(),
                       {f.name, f.name},
                       words,
                       "/app/enterprises/" + one.id.str()});
  }
  identity::note_parties(tx, Party::enterprise, parties);
  search::index(tx, entries);
}

Result<EnterpriseList> list_enterprises(const Premises& premises, const Caller& caller, EnterpriseListQuery query) {
  QY_CHECK(prepare(premises, caller, query));
  return premises.database->read([&](Tx& tx) -> Result<EnterpriseList> {
    EnterpriseList out;
    out.total = store::count(tx, query.filter);
    out.items = store::list(tx, query.filter, query.sorting, query.size,
                            static_cast<std::int64_t>(query.page - 1) * query.size);
    return out;
  });
}

Result<std::string> export_enterprises(const Premises& premises, const Caller& caller, EnterpriseListQuery query) {
  QY_CHECK(may_read(caller));
  QY_CHECK(prepare(premises, caller, query));
  const auto& rules = *premises.rules;
  const Date on = premises.today();
  const bool zh = caller.language == Language::zh;
  const auto say = [&](const char* chinese, const char* english) { return std::string(zh ? chinese : english); };

  document::SheetOut sheet;
  sheet.name = say("企业名录", "Register");
  sheet.title = say("企业名录", "Register of enterprises");
  sheet.notes = {
      say("导出日期 ", "Exported on ") + on.str() +
      say("；联系人、电话和法定代表人已脱敏；补录轮次只计算审核间隔",
          "; names and telephone numbers of people are masked; rounds entered later count for intervals only")};
  const auto column = [&](const char* chinese, const char* english, double width = 0) {
    sheet.columns.push_back({.heading = say(chinese, english), .width = width});
  };
  column("企业名称", "Enterprise", 36);
  column("法人名称", "Legal person", 36);
  column("统一社会信用代码", "Credit code", 22);
  column("行政区划", "Region", 16);
  column("区划代码", "Region code");
  column("地址", "Address", 36);
  column("行业代码", "Industry code");
  column("行业", "Industry", 24);
  column("工艺标签", "Process tags", 18);
  column("规模", "Scale");
  column("排污许可证", "Permits", 28);
  column("其中已过期", "Expired of these", 28);
  column("状态", "Status");
  column("法定代表人", "Legal representative");
  column("联系人", "Contact");
  column("联系电话", "Telephone");
  sheet.columns.push_back(
      {.heading = say("最近一轮验收", "Last round accepted"), .type = document::Column::Type::date});
  column("补录", "Entered later");
  column("清洁生产水平", "Level");

  std::map<std::string, std::string> tag_titles;
  for (const auto& tag : process_tags(rules)) tag_titles[tag.id] = tag.title.in(caller.language);
  static const std::map<std::string, Text> words = {
      {"large", {"大型", "Large"}},  {"medium", {"中型", "Medium"}},       {"small", {"小型", "Small"}},
      {"micro", {"微型", "Micro"}},  {"operating", {"在产", "Operating"}}, {"stopped", {"停产", "Stopped"}},
      {"closed", {"关闭", "Closed"}}};
  const auto word = [&](const std::string& id) {
    const auto found = words.find(id);
    return found == words.end() ? id : found->second.in(caller.language);
  };

  QY_TRY(const auto enterprises, premises.database->read([&](Tx& tx) -> Result<std::vector<Enterprise>> {
    auto all = store::list(tx, query.filter, query.sorting, kExportRows + 1, 0);
    if (all.size() > kExportRows)
      return Error{ErrorKind::too_many, "register.export_too_large", {{"limit", std::to_string(kExportRows)}}};
    return all;
  }));
  for (const auto& e : enterprises) {
    const auto& f = e.facts;
    std::vector<std::string> tags, permits, expired;
    for (const auto& tag : f.tags) tags.push_back(tag_titles.contains(tag) ? tag_titles[tag] : tag);
    for (const auto& permit : f.permits) {
      permits.push_back(permit.number);
      if (permit.expired(on)) expired.push_back(permit.number);
    }
    const auto industry = industry_name(rules, f.industry);
    sheet.rows.push_back({f.name, f.legal_name, f.credit_code, region_name(rules, f.region, on).in(caller.language),
                          f.region, f.address, f.industry, industry ? industry->in(caller.language) : std::string(),
                          join(tags, zh ? "、" : ", "), word(f.scale), join(permits, "; "), join(expired, "; "),
                          word(f.status), masked_name(f.legal_representative), masked_name(f.contact_name),
                          masked_phone(f.contact_phone),
                          e.standing.last_round_on ? document::Value(*e.standing.last_round_on) : document::Value(),
                          e.standing.last_entered_later ? say("是", "yes") : std::string(), e.standing.level});
  }
  document::WorkbookOut workbook;
  workbook.title = sheet.title;
  workbook.author = caller.party_name;
  workbook.created = on;
  sheet.frozen_columns = 1;
  workbook.sheets.push_back(std::move(sheet));
  return document::write_workbook(workbook);
}

Result<EnterpriseDetail> enterprise_detail(const Premises& premises, const Caller& caller, const EnterpriseId& id) {
  return premises.database->read([&](Tx& tx) -> Result<EnterpriseDetail> {
    QY_TRY(auto enterprise, get_visible(tx, caller, id));
    return detail_of(tx, *premises.rules, caller, std::move(enterprise));
  });
}

Result<Enterprise> insert_enterprise(Tx& tx, const identity::Act& act, const EnterpriseFacts& facts,
                                     std::string_view source, std::string_view import_id) {
  QY_CHECK(check_park(tx, facts));
  Enterprise enterprise;
  enterprise.facts = facts;
  enterprise.province = facts.region.substr(0, 2);
  enterprise.created_at = enterprise.changed_at = act.at;
  enterprise.legal_person = attach_legal_person(tx, act, enterprise.province, enterprise.facts, std::nullopt);
  if (const auto same = same_site(tx, enterprise.legal_person, facts, EnterpriseId()))
    return exists_already(facts, *same);
  enterprise.id = EnterpriseId::make(act.at, act.random);
  store::insert(tx, {enterprise});
  store::add_revisions(tx,
                       {revision_of(act, enterprise, changes_between({}, enterprise.facts, true), source, import_id)});
  announce(tx, {enterprise});
  return enterprise;
}

Result<Enterprise> save_enterprise(Tx& tx, const identity::Act& act, const Enterprise& before,
                                   const EnterpriseFacts& facts, std::int64_t expected, std::string_view source,
                                   std::string_view import_id) {
  QY_CHECK(check_park(tx, facts));
  Enterprise enterprise = before;
  enterprise.facts = facts;
  enterprise.version = expected + 1;
  enterprise.changed_at = act.at;
  if (enterprise.facts.legal_name.empty()) enterprise.facts.legal_name = facts.name;
  enterprise.legal_person = attach_legal_person(tx, act, before.province, enterprise.facts, before.legal_person);
  if (const auto same = same_site(tx, enterprise.legal_person, facts, before.id)) return exists_already(facts, *same);
  if (!store::update(tx, enterprise, before.facts, expected)) return Error{ErrorKind::stale, "enterprise.stale"};
  store::add_revisions(
      tx, {revision_of(act, enterprise, changes_between(before.facts, enterprise.facts), source, import_id)});
  enterprise.former_names = store::former_names(tx, enterprise.legal_person);
  announce(tx, {enterprise});
  return enterprise;
}

Result<EnterpriseDetail> create_enterprise(const Premises& premises, const Caller& caller,
                                           const EnterpriseFacts& given) {
  EnterpriseFacts facts = given;
  QY_CHECK(may_edit(caller, ""));
  const auto act = identity::act_of(premises, caller);
  if (auto wrong = normalise_and_check(*premises.rules, act.on, facts); !wrong.empty())
    return form_error(std::move(wrong));
  QY_CHECK(may_edit(caller, facts.region));
  return premises.database->write([&](Tx& tx) -> Result<EnterpriseDetail> {
    QY_TRY(auto enterprise, insert_enterprise(tx, act, facts, "form", ""));
    db::append_action(tx,
                      identity::action_by(act, {"enterprise", enterprise.id.str()}, "register",
                                          register_basis(*premises.rules, act.on),
                                          json::Object{{"name", enterprise.facts.name}, {"version", 1}}),
                      act.random);
    return detail_of(tx, *premises.rules, caller, std::move(enterprise));
  });
}

Result<EnterpriseDetail> change_enterprise(const Premises& premises, const Caller& caller, const EnterpriseId& id,
                                           const EnterpriseFacts& given, std::int64_t expected) {
  EnterpriseFacts facts = given;
  const auto act = identity::act_of(premises, caller);
  auto wrong = normalise_and_check(*premises.rules, act.on, facts);
  return premises.database->write([&](Tx& tx) -> Result<EnterpriseDetail> {
    QY_TRY(const auto before, get_visible(tx, caller, id));
    const auto allowed = allowed_on(caller, before);
    if (allowed.empty()) return identity::forbidden("forbidden.register_edit");
    if (!wrong.empty()) return form_error(wrong);
    if (facts.legal_name.empty())
      facts.legal_name = before.facts.legal_name == before.facts.name ? facts.name : before.facts.legal_name;

    const auto changes = changes_between(before.facts, facts);
    if (allowed.front() == "change_contact") {
      std::vector<FieldError> not_theirs;
      for (const auto& [field, change] : changes)
        if (field != "contact_name" && field != "contact_phone")
          not_theirs.push_back({std::string(field), "register.office_only", {}});
      if (!not_theirs.empty()) return form_error(std::move(not_theirs));
    } else {
      QY_CHECK(may_edit(caller, facts.region));
      if (facts.region.substr(0, 2) != before.province) return form_error({{"region", "register.other_province", {}}});
    }
    if (before.version != expected) return Error{ErrorKind::stale, "enterprise.stale"};
    if (changes.empty()) return detail_of(tx, *premises.rules, caller, before);

    QY_TRY(auto enterprise, save_enterprise(tx, act, before, facts, expected, "form", ""));
    db::append_action(
        tx,
        identity::action_by(act, {"enterprise", id.str()}, "change", register_basis(*premises.rules, act.on),
                            json::Object{{"version", enterprise.version}, {"fields", field_names(changes)}}),
        act.random);
    return detail_of(tx, *premises.rules, caller, std::move(enterprise));
  });
}

Result<std::vector<HistoryEntry>> enterprise_history(const Premises& premises, const Caller& caller,
                                                     const EnterpriseId& id) {
  return premises.database->read([&](Tx& tx) -> Result<std::vector<HistoryEntry>> {
    QY_TRY(const auto enterprise, get_visible(tx, caller, id));
    const auto actions = db::actions_of(tx, {"enterprise", id.str()});
    std::vector<HistoryEntry> out;
    for (auto& revision : store::revisions(tx, id)) {
      HistoryEntry entry{
          revision.at,
          revision.version == 1 ? "register" : "change",
          revision.actor_name,
          revision.post,
          std::move(revision.changes),
          json::Array{},
          json::Object{{"version", revision.version}, {"source", revision.source}, {"import", revision.import_id}}};
      for (const auto& action : actions)
        if (action.name == entry.name && action.at == entry.at) entry.basis = action.basis;
      out.push_back(std::move(entry));
    }
    for (const auto& action : actions)
      if (action.name != "register" && action.name != "change")
        out.push_back({action.at, action.name, action.actor_name, action.post, nullptr, action.basis, action.payload});
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return b.at < a.at; });
    return out;
  });
}

// ---- 补录
// ---------------------------------------------------------------------------------------------------------------------

namespace {

/// The scan must hang on this enterprise and not be withdrawn.
Result<void> check_scan(Tx& tx, const FormerRound& round) {
  if (round.scan.empty()) return {};
  const auto file = is_uuid(round.scan) ? files::find_file(tx, files::FileId::trusted(round.scan)) : std::nullopt;
  if (!file || file->owner != db::Subject{"enterprise", round.enterprise.str()} || file->withdrawn_at)
    return form_error({{"scan", "former_round.scan", {}}});
  return {};
}

json::Object round_payload(const FormerRound& round) {
  return {{"year", round.year},
          {"document_number", round.document_number},
          {"accepted_on", round.accepted_on.str()},
          {"level", round.level},
          {"scan", round.scan}};
}

}  // namespace

Result<FormerRound> record_former_round(const Premises& premises, const Caller& caller, FormerRound round) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<FormerRound> {
    QY_TRY(const auto enterprise, get_visible(tx, caller, round.enterprise));
    QY_CHECK(may_edit(caller, enterprise.facts.region));
    QY_CHECK(check_former_round(round, act.on));
    QY_CHECK(check_scan(tx, round));
    QY_TRY(const auto id, add_former_round(tx, act, round));
    db::append_action(tx,
                      identity::action_by(act, {"enterprise", enterprise.id.str()}, "record_former_round",
                                          register_basis(*premises.rules, act.on), round_payload(round)),
                      act.random);
    return *store::find_former_round(tx, id);
  });
}

Result<FormerRound> correct_former_round(const Premises& premises, const Caller& caller, FormerRound round,
                                         std::int64_t expected) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<FormerRound> {
    const auto before = store::find_former_round(tx, round.id);
    if (!before) return Error{ErrorKind::not_found, "former_round.not_found"};
    QY_TRY(const auto enterprise, get_visible(tx, caller, before->enterprise));
    QY_CHECK(may_edit(caller, enterprise.facts.region));
    QY_CHECK(check_former_round(round, act.on));
    if (store::former_round_in_year(tx, before->enterprise, round.year, round.id))
      return Error{ErrorKind::conflict, "former_round.exists", {{"year", std::to_string(round.year)}}};
    FormerRound after = round;
    after.enterprise = before->enterprise;
    after.recorded_by = caller.name;
    after.recorded_at = act.at;
    QY_CHECK(check_scan(tx, after));
    if (!store::update_former_round(tx, after, expected)) return Error{ErrorKind::stale, "former_round.stale"};
    store::project_standing(tx, after.enterprise);
    db::append_action(
        tx,
        identity::action_by(act, {"enterprise", enterprise.id.str()}, "correct_former_round",
                            register_basis(*premises.rules, act.on),
                            json::Object{{"before", round_payload(*before)}, {"after", round_payload(after)}}),
        act.random);
    return *store::find_former_round(tx, round.id);
  });
}

Result<void> remove_former_round(const Premises& premises, const Caller& caller, const FormerRoundId& id,
                                 std::int64_t expected) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    const auto before = store::find_former_round(tx, id);
    if (!before) return Error{ErrorKind::not_found, "former_round.not_found"};
    QY_TRY(const auto enterprise, get_visible(tx, caller, before->enterprise));
    QY_CHECK(may_edit(caller, enterprise.facts.region));
    if (!store::remove_former_round(tx, id, expected)) return Error{ErrorKind::stale, "former_round.stale"};
    store::project_standing(tx, before->enterprise);
    db::append_action(tx,
                      identity::action_by(act, {"enterprise", enterprise.id.str()}, "remove_former_round",
                                          register_basis(*premises.rules, act.on), round_payload(*before)),
                      act.random);
    return {};
  });
}

}  // namespace qy::registry
