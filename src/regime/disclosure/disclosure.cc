#include "regime/disclosure/disclosure.h"

#include <set>

#include "base/text.h"
#include "crypto/crypto.h"
#include "regime/disclosure/disclosure_store.h"

namespace qy::disclosure {
namespace {

constexpr std::size_t kTextMax = 4000;

bool answered(const rules::DisclosureItem& item, const Answer& answer) {
  if (!trim(answer.none_reason).empty()) return true;
  if (item.kind == "number") return answer.number.has_value();
  if (item.kind == "substances") return !answer.substances.empty();
  return !trim(answer.text).empty();
}

}  // namespace

std::vector<const rules::DisclosureItem*> items_for(const rules::Library& rules,
                                                    const std::vector<std::string>& categories) {
  std::vector<const rules::DisclosureItem*> items;
  std::set<std::string> seen;
  for (const auto& id : categories)
    if (const auto* category = rules.find_category(id))
      for (const auto& item : category->disclosure)
        if (const auto* found = rules.find_disclosure_item(item); found && seen.insert(item).second)
          items.push_back(found);
  return items;
}

Disclosure disclosure_of(Tx& tx, const audits::AuditId& audit) {
  auto found = store::find(tx, audit);
  return found ? std::move(*found) : Disclosure{.audit = audit};
}

std::vector<FieldError> gaps(const rules::Library& rules, const std::vector<std::string>& categories,
                             const std::map<std::string, Answer>& answers) {
  std::vector<FieldError> missing;
  for (const auto* item : items_for(rules, categories)) {
    const auto pointer = "#/answers/" + item->id;
    const Params name{{"item", item->title.zh}, {"item_en", item->title.en}};
    const auto found = answers.find(item->id);
    if (found == answers.end() || !answered(*item, found->second)) {
      missing.push_back({pointer, "disclosure.missing", name});
      continue;
    }
    for (std::size_t i = 0; i < found->second.substances.size(); ++i) {
      const auto& s = found->second.substances[i];
      const auto cell = pointer + "/substances/" + std::to_string(i);
      if (trim(s.name).empty()) missing.push_back({cell + "/name", "disclosure.substance_name", name});
      if (trim(s.amount).empty() && trim(s.concentration).empty())
        missing.push_back({cell + "/amount", "disclosure.substance_amount", name});
    }
  }
  return missing;
}

std::map<std::string, std::string> known_from_register(Tx& tx, const rules::Library& rules,
                                                       const audits::Audit& audit) {
  static const std::map<std::string, std::string registry::EnterpriseFacts::*, std::less<>> facts{
      {"name", &registry::EnterpriseFacts::name},
      {"legal_name", &registry::EnterpriseFacts::legal_name},
      {"credit_code", &registry::EnterpriseFacts::credit_code},
      {"legal_representative", &registry::EnterpriseFacts::legal_representative},
      {"address", &registry::EnterpriseFacts::address},
  };
  std::map<std::string, std::string> known;
  const auto enterprise = registry::find_enterprise(tx, audit.enterprise);
  if (!enterprise) return known;
  for (const auto* item : items_for(rules, audit.categories)) {
    if (item->from_register.empty()) continue;
    auto value = enterprise->facts.*facts.at(item->from_register);
    if (item->from_register == "legal_name" && value.empty()) value = enterprise->facts.name;
    if (!trim(value).empty()) known.emplace(item->id, std::move(value));
  }
  return known;
}

Result<Disclosure> save(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                        const std::map<std::string, Answer>& answers, std::int64_t version) {
  auto disclosure = disclosure_of(tx, audit.id);
  if (disclosure.published_on)
    return Error{ErrorKind::conflict, "disclosure.published", {{"day", disclosure.published_on->str()}}};
  if (disclosure.version != version) return Error{ErrorKind::stale, "disclosure.stale"};

  std::set<std::string> known;
  for (const auto* item : items_for(*premises.rules, audit.categories)) known.insert(item->id);
  std::vector<FieldError> wrong;
  for (const auto& [item, answer] : answers) {
    const auto pointer = "#/answers/" + item;
    if (!known.contains(item)) wrong.push_back({pointer, "disclosure.item_unknown", {{"item", item}}});
    if (answer.number && answer.number->is_negative()) wrong.push_back({pointer + "/number", "disclosure.negative"});
    const bool says = answer.number || !answer.substances.empty() || !trim(answer.text).empty();
    if (says && !trim(answer.none_reason).empty())
      wrong.push_back({pointer + "/none_reason", "disclosure.answer_twice"});
    if (length_of(answer.text) > kTextMax)
      wrong.push_back({pointer + "/text", "disclosure.too_long", {{"limit", std::to_string(kTextMax)}}});
  }
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  disclosure.answers = answers;
  if (!store::save(tx, audit.province, disclosure, version, act.at)) return Error{ErrorKind::stale, "disclosure.stale"};
  disclosure.version = version + 1;
  return disclosure;
}

Result<Disclosure> publish(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                           const std::string& elsewhere, std::optional<Date> published_on,
                           std::optional<std::int64_t> version) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  auto disclosure = disclosure_of(tx, id);
  if (disclosure.published_on)
    return Error{ErrorKind::conflict, "disclosure.published", {{"day", disclosure.published_on->str()}}};
  if (version && disclosure.version != *version) return Error{ErrorKind::stale, "disclosure.stale"};
  if (auto missing = gaps(*premises.rules, audit->categories, disclosure.answers); !missing.empty())
    return Error{
        ErrorKind::invalid, "disclosure.incomplete", {{"count", std::to_string(missing.size())}}, std::move(missing)};

  const auto day = published_on.value_or(act.on);
  disclosure.published_on = day;
  disclosure.elsewhere = elsewhere;
  disclosure.root = crypto::sha256_hex(json::canonical(store::answers_json(disclosure.answers)));
  if (!store::save(tx, audit->province, disclosure, disclosure.version, act.at))
    return Error{ErrorKind::stale, "disclosure.stale"};
  ++disclosure.version;
  json::Object payload{{"root", disclosure.root}, {"items", static_cast<std::int64_t>(disclosure.answers.size())}};
  if (!elsewhere.empty()) payload["elsewhere"] = elsewhere;
  // An audit may start before its disclosure; disclosing then does not take the case back.
  const char* action = audit->state == "listed" ? "disclose" : "disclose_late";
  if (auto after =
          audits::perform(tx, premises, act, id, {.action = action, .payload = std::move(payload), .event_on = day});
      !after) {
    // The day of the event is the day given on this form.
    auto error = after.error();
    for (auto& field : error.fields)
      if (field.pointer == "#/event_on") field.pointer = "#/published_on";
    return error;
  }
  return disclosure;
}

json::Value public_page(Tx& tx, const rules::Library& rules, const audits::Audit& audit) {
  const auto disclosure = store::find(tx, audit.id);
  if (!disclosure || !disclosure->published_on) return nullptr;
  const auto values = store::answers_json(disclosure->answers);
  json::Array items;
  for (const auto* item : items_for(rules, audit.categories)) {
    json::Object entry{{"id", item->id},
                       {"title", json::Object{{"zh", item->title.zh}, {"en", item->title.en}}},
                       {"kind", item->kind},
                       {"unit", item->unit}};
    const auto* value = values.as_object().if_contains(item->id);
    entry["answer"] = value ? *value : json::Value(nullptr);
    items.push_back(std::move(entry));
  }
  return json::Object{{"published_on", disclosure->published_on->str()},
                      {"elsewhere", disclosure->elsewhere},
                      {"root", disclosure->root},
                      {"items", std::move(items)}};
}

}  // namespace qy::disclosure
