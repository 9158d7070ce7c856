#include "regime/figures/figures.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/crypto.h"
#include "regime/figures/figures_store.h"
#include "regime/identity/access.h"

namespace qy::figures {
namespace {

constexpr std::size_t kMaxText = 4000, kMaxReason = 500, kMaxNote = 1000, kMaxScope = 120, kMaxEvidencePlace = 200;

/// What is wrong with one cell; empty code = nothing.
struct Complaint {
  std::string code;
  Params params = {};
  std::string field = {};  ///< of the cell, "" = the cell itself
};

std::string shown(const Value& value) {
  switch (value.kind) {
    case Value::Kind::number:
      return value.number.str() + (value.unit.empty() ? "" : " " + value.unit);
    case Value::Kind::date:
      return value.date.str();
    case Value::Kind::not_applicable:
      return "—";
    case Value::Kind::retracted:
      return "";
    default:
      return prefix_of(value.text, 60);
  }
}

/// 1.6 and 1.60 are the same number but not the same entry: digits tell how well it was measured.
bool same(const Value& a, const Value& b) { return a == b && (!a.is_number() || a.number.str() == b.number.str()); }

bool fits(std::string_view key_kind, Value::Kind kind) {
  if (kind == Value::Kind::not_applicable || kind == Value::Kind::retracted) return true;
  return kind == (key_kind == "decimal"  ? Value::Kind::number
                  : key_kind == "date"   ? Value::Kind::date
                  : key_kind == "choice" ? Value::Kind::choice
                                         : Value::Kind::text);
}

std::string suggestion_for(const rules::Library& rules, const std::string& key) {
  std::vector<std::string> known;
  for (const auto& one : rules.keys()) known.push_back(one.key);
  return nearest(key, known);
}

/// The unit as it will be stored: canonical, and the key's own when none is said. A key without a unit takes any (an
/// indicator's value comes in the indicator's unit).
std::optional<Complaint> settle_unit(const rules::LedgerKey& key, Value& value) {
  if (value.unit.empty()) value.unit = key.unit;
  if (value.unit.empty()) return std::nullopt;
  const auto unit = Unit::parse(value.unit);
  if (!unit) return Complaint{unit.error().code, unit.error().params};
  const auto wanted = Unit::parse(key.unit);
  if (!key.unit.empty() && (!wanted || !unit->commensurable_with(*wanted)))
    return Complaint{"figure.unit", {{"unit", value.unit}, {"wanted", key.unit}}};
  value.unit = unit->str();
  return std::nullopt;
}

std::optional<Complaint> check_value(const rules::LedgerKey& key, Value& value) {
  if (!fits(key.kind, value.kind)) return Complaint{"figure.type", {{"wanted", key.kind}}};
  switch (value.kind) {
    case Value::Kind::number:
      return settle_unit(key, value);
    case Value::Kind::choice:
      if (std::find(key.choices.begin(), key.choices.end(), value.text) == key.choices.end())
        return Complaint{"figure.choice", {{"choices", join(key.choices, ", ")}}};
      break;
    case Value::Kind::not_applicable:
      if (trim(value.text).empty()) return Complaint{"figure.reason"};
      if (length_of(value.text) > kMaxReason)
        return Complaint{"figure.text_too_long", {{"max", std::to_string(kMaxReason)}}};
      break;
    case Value::Kind::text:
      if (length_of(value.text) > kMaxText)
        return Complaint{"figure.text_too_long", {{"max", std::to_string(kMaxText)}}};
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Complaint> check_place(const rules::Library& rules, Place& place) {
  if (place.scope == "plant") place.scope.clear();
  const auto* key = rules.find_key(place.key);
  if (!key)
    return Complaint{"figure.key_unknown", {{"key", place.key}, {"suggestion", suggestion_for(rules, place.key)}}};
  if (!key->replaced_by.empty())
    return Complaint{"figure.key_replaced", {{"key", place.key}, {"replaced_by", key->replaced_by}}};
  const bool odd = place.scope.find_first_of("/\n\r\t") != place.scope.npos || !is_utf8(place.scope);
  if (odd || length_of(place.scope) > kMaxScope) return Complaint{"figure.scope"};
  return std::nullopt;
}

/// What an option costs, saves and cuts is written on the option, where what the office has verified is protected.
bool is_of_option(const Place& place) { return place.scope.starts_with("option:"); }

std::optional<Complaint> check_source(Tx& tx, const db::Subject& subject, const Entry& entry) {
  if (length_of(entry.note.value_or("")) > kMaxNote)
    return Complaint{"figure.text_too_long", {{"max", std::to_string(kMaxNote)}}, "/note"};
  if (!entry.evidence) return std::nullopt;
  if (length_of(entry.evidence->place) > kMaxEvidencePlace)
    return Complaint{"figure.text_too_long", {{"max", std::to_string(kMaxEvidencePlace)}}, "/evidence/place"};
  if (!entry.evidence->file.empty() && !files::is_attached(tx, entry.evidence->file, subject))
    return Complaint{"figure.evidence", {}, "/evidence/file"};
  return std::nullopt;
}

/// The source of an entry in full: what it leaves out is as the adopted claim has it.
void settle_source(Entry& entry, const std::optional<Figure>& present) {
  const bool entered = present && !present->derived() && entry.adopt;
  if (!entry.basis) entry.basis = entered ? present->claim.basis : Basis::claimed;
  const bool kept = entered && !entry.value.is_blank() && present->claim.basis == *entry.basis;
  if (!entry.evidence) entry.evidence = kept ? present->claim.evidence : Evidence{};
  if (!entry.note) entry.note = kept ? present->claim.note : "";
}

Claim claim_by(const identity::Act& act, Value value, Basis basis, Evidence evidence, std::string note) {
  return {.id = ClaimId::make(act.at, act.random),
          .value = std::move(value),
          .basis = basis,
          .evidence = std::move(evidence),
          .note = std::move(note),
          .formula = {},
          .inputs = {},
          .at = act.at,
          .by = act.caller.user.str(),
          .by_name = act.caller.name,
          .standing = true};
}

/// Writes a claim that becomes the adopted one, into a new slot or over `present`.
Figure write_adopted(Tx& tx, const identity::Act& act, const db::Subject& subject, std::string_view province,
                     const Place& place, const std::optional<Figure>& present, Claim claim) {
  Figure figure{.slot = present ? present->slot : SlotId::make(act.at, act.random),
                .place = place,
                .version = present ? present->version + 1 : 1,
                .claim = std::move(claim),
                .claims = present ? present->claims : 1};
  if (!present) {
    store::insert_slot(tx, province, subject, figure);
    store::insert_claim(tx, province, figure.slot, figure.claim);
  } else {
    const bool same_source =
        present->claim.basis == figure.claim.basis || present->claim.value.is_blank() || figure.claim.value.is_blank();
    if (same_source)
      store::step_down(tx, present->claim.id);
    else
      ++figure.claims;
    store::insert_claim(tx, province, figure.slot, figure.claim);
    if (!store::adopt(tx, figure.slot, figure.claim.id, present->version))
      throw db::Broken("a slot moved inside one transaction");
  }
  store::insert_revision(tx, province, figure.slot, figure.version, figure.claim.id, act.at, act.caller.name);
  return figure;
}

FieldError stale_cell(const std::string& pointer, const std::optional<Figure>& present) {
  return {pointer,
          "figure.stale",
          {{"version", std::to_string(present ? present->version : 0)},
           {"value", present ? shown(present->claim.value) : ""},
           {"by", present ? present->claim.by_name : ""},
           {"at", present ? present->claim.at.str() : ""}}};
}

json::Object place_json(const Place& place) {
  return {
      {"key", place.key}, {"scope", place.scope}, {"period", place.period.text}, {"aspect", to_string(place.aspect)}};
}

/// The content of an edition as it is hashed: no ids, no persons, no moments, so that the same content has the same
/// root.
std::string root_of(const db::Subject& subject, const std::vector<Figure>& figures) {
  json::Array entries;
  for (const auto& figure : figures) {
    auto entry = place_json(figure.place);
    entry["version"] = figure.version;
    entry["value"] = to_json(figure.claim.value);
    entry["basis"] = to_string(figure.claim.basis);
    entry["evidence"] = json::Object{{"file", figure.claim.evidence.file}, {"place", figure.claim.evidence.place}};
    entry["formula"] = figure.claim.formula;
    json::Array inputs;
    for (const auto& input : figure.claim.inputs) {
      auto one = place_json(input.place);
      one["version"] = input.version;
      inputs.push_back(one);
    }
    entry["inputs"] = inputs;
    entries.push_back(entry);
  }
  return crypto::sha256_hex(
      json::canonical(json::Object{{"subject", {{"kind", subject.kind}, {"id", subject.id}}}, {"entries", entries}}));
}

}  // namespace

Result<std::vector<Figure>> set_figures(Tx& tx, const identity::Act& act, const rules::Library& rules,
                                        const db::Subject& subject, std::string_view province,
                                        std::span<const Entry> entries) {
  std::vector<FieldError> wrong, stale;
  std::vector<Entry> settled(entries.begin(), entries.end());
  std::vector<std::optional<Figure>> present(settled.size());
  std::set<Place> seen;
  for (std::size_t i = 0; i < settled.size(); ++i) {
    auto& entry = settled[i];
    if (entry.pointer.empty()) entry.pointer = "#/cells/" + std::to_string(i);
    auto complaint = check_place(rules, entry.place);
    if (!complaint) complaint = check_value(*rules.find_key(entry.place.key), entry.value);
    if (!complaint) complaint = check_source(tx, subject, entry);
    if (!complaint && !seen.insert(entry.place).second) complaint = Complaint{"figure.twice"};
    if (complaint) {
      wrong.push_back({entry.pointer + complaint->field, complaint->code, complaint->params});
      continue;
    }
    present[i] = store::find(tx, subject, entry.place);
    settle_source(entry, present[i]);
    const auto version = present[i] ? present[i]->version : 0;
    if (entry.expected && *entry.expected != version) stale.push_back(stale_cell(entry.pointer, present[i]));
  }
  if (!wrong.empty()) return Error{ErrorKind::invalid, "figures.invalid", {}, std::move(wrong)};
  if (!stale.empty()) return Error{ErrorKind::stale, "figures.stale", {}, std::move(stale)};

  std::vector<Figure> written;
  for (std::size_t i = 0; i < settled.size(); ++i) {
    auto& entry = settled[i];
    const auto& before = present[i];
    const bool unchanged = before ? same(before->claim.value, entry.value) && before->claim.basis == entry.basis &&
                                        before->claim.evidence == entry.evidence && before->claim.note == entry.note &&
                                        !before->derived()
                                  : entry.value.is_blank();
    if (unchanged) {
      if (before) written.push_back(*before);
      continue;
    }
    auto claim = claim_by(act, entry.value, *entry.basis, *entry.evidence, *entry.note);
    if (before && !entry.adopt) {
      store::insert_claim(tx, province, before->slot, claim);
      written.push_back(*before);
      ++written.back().claims;
      continue;
    }
    written.push_back(write_adopted(tx, act, subject, province, entry.place, before, std::move(claim)));
  }
  return written;
}

Result<void> set_derived(Tx& tx, const identity::Act& act, const rules::Library& rules, const db::Subject& subject,
                         std::string_view province, std::span<const Derived> derived) {
  std::vector<FieldError> wrong;
  std::vector<Derived> settled(derived.begin(), derived.end());
  for (std::size_t i = 0; i < settled.size(); ++i) {
    auto& one = settled[i];
    auto complaint = check_place(rules, one.place);
    if (!complaint) complaint = check_value(*rules.find_key(one.place.key), one.value);
    for (auto& input : one.inputs)
      if (!complaint) complaint = check_place(rules, input);
    if (complaint) wrong.push_back({"#/cells/" + std::to_string(i), complaint->code, complaint->params});
  }
  if (!wrong.empty()) return Error{ErrorKind::invalid, "figures.invalid", {}, std::move(wrong)};

  std::map<Place, Figure> ledger;
  for (auto& figure : store::of_subject(tx, subject)) ledger.emplace(figure.place, std::move(figure));
  for (const auto& one : settled) {
    std::vector<Claim::Input> inputs;
    for (const auto& place : one.inputs) {
      const auto at = ledger.find(place);
      inputs.push_back(
          {at == ledger.end() ? SlotId{} : at->second.slot, at == ledger.end() ? 0 : at->second.version, place});
    }
    const auto at = ledger.find(one.place);
    const auto before = at == ledger.end() ? std::nullopt : std::optional(at->second);
    const auto same_inputs = [&] {
      return std::equal(inputs.begin(), inputs.end(), before->claim.inputs.begin(), before->claim.inputs.end(),
                        [](const auto& a, const auto& b) { return a.place == b.place && a.version == b.version; });
    };
    if (before ? before->claim.formula == one.formula && same(before->claim.value, one.value) && same_inputs()
               : one.value.is_blank())
      continue;
    auto claim = claim_by(act, one.value, Basis::calculated, {}, one.note);
    claim.formula = one.formula;
    claim.inputs = std::move(inputs);
    ledger.insert_or_assign(one.place, write_adopted(tx, act, subject, province, one.place, before, std::move(claim)));
  }
  return {};
}

Result<Figure> adopt_claim(Tx& tx, const identity::Act& act, const db::Subject& subject, const ClaimId& id,
                           std::int64_t expected) {
  const auto placed = store::find_claim(tx, id);
  if (!placed || placed->subject != subject) return Error{ErrorKind::not_found, "figure.claim_not_found"};
  if (is_of_option(placed->place)) return Error{ErrorKind::conflict, "figure.of_option"};
  if (placed->version != expected || !store::adopt(tx, placed->slot, id, expected)) {
    return Error{
        ErrorKind::stale, "figures.stale", {}, {stale_cell("#/version", store::find(tx, subject, placed->place))}};
  }
  store::insert_revision(tx, placed->province, placed->slot, expected + 1, id, act.at, act.caller.name);
  return store::find(tx, subject, placed->place).value();
}

bool may_cite(const Figure& figure) {
  return !figure.derived() && !is_of_option(figure.place) && !figure.claim.value.is_blank();
}

Ledger get_ledger(Tx& tx, const db::Subject& subject) { return Ledger(subject, store::of_subject(tx, subject)); }

std::vector<Claim> claims_of(Tx& tx, const SlotId& slot) { return store::claims_of_slot(tx, slot); }

std::vector<Revision> history_of(Tx& tx, const SlotId& slot) { return store::revisions_of(tx, slot); }

Edition freeze_edition(Tx& tx, const identity::Act& act, const db::Subject& subject, std::string_view province,
                       std::string_view label) {
  const auto ledger = get_ledger(tx, subject);
  std::vector<Figure> held;
  for (const auto& figure : ledger.figures())
    if (!figure.claim.value.is_blank()) held.push_back(figure);
  const auto earlier = store::editions_of(tx, subject);
  const Edition edition{.id = EditionId::make(act.at, act.random),
                        .subject = subject,
                        .province = std::string(province),
                        .label = std::string(label),
                        .number = earlier.empty() ? 1 : earlier.front().number + 1,
                        .root = root_of(subject, held),
                        .entries = static_cast<std::int64_t>(held.size()),
                        .at = act.at,
                        .by_name = act.caller.name};
  store::insert_edition(tx, edition, act.caller.user.str(), held);
  return edition;
}

std::vector<Edition> editions_of(Tx& tx, const db::Subject& subject) { return store::editions_of(tx, subject); }

std::optional<Edition> find_edition(Tx& tx, const EditionId& id) { return store::find_edition(tx, id); }

std::optional<Edition> latest_edition(Tx& tx, const db::Subject& subject, std::string_view label) {
  for (auto& edition : store::editions_of(tx, subject))
    if (label.empty() || edition.label == label) return edition;
  return std::nullopt;
}

Result<Ledger> read_edition(Tx& tx, const EditionId& id) {
  const auto edition = store::find_edition(tx, id);
  if (!edition) return Error{ErrorKind::not_found, "edition.not_found"};
  Ledger ledger(edition->subject, store::edition_figures(tx, id), true);
  if (root_of(edition->subject, ledger.figures()) != edition->root)
    return Error{ErrorKind::unavailable, "edition.damaged", {{"number", std::to_string(edition->number)}}};
  return ledger;
}

Result<View> view(const Premises& premises, const identity::Caller& caller, const db::Subject& subject) {
  return premises.database->read([&](Tx& tx) -> Result<View> {
    QY_TRY(const auto access, identity::read_access(tx, premises, caller, subject, identity::Matter::figures));
    return View{get_ledger(tx, subject), access.write};
  });
}

Result<View> patch(const Premises& premises, const identity::Caller& caller, const db::Subject& subject,
                   std::vector<Entry> entries) {
  return premises.database->write([&](Tx& tx) -> Result<View> {
    QY_TRY(const auto access, identity::write_access(tx, premises, caller, subject, identity::Matter::figures));
    std::vector<FieldError> wrong;
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (is_of_option(entries[i].place))
        wrong.push_back(
            {entries[i].pointer.empty() ? "#/cells/" + std::to_string(i) : entries[i].pointer, "figure.of_option"});
    if (!wrong.empty()) return Error{ErrorKind::invalid, "figures.invalid", {}, std::move(wrong)};
    const auto act = identity::act_of(premises, caller);
    QY_CHECK(set_figures(tx, act, *premises.rules, subject, access.province, entries));
    return View{get_ledger(tx, subject), true};
  });
}

}  // namespace qy::figures
