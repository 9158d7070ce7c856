#include "regime/figures/figures_store.h"

namespace qy::figures::store {
namespace {

using Str = std::string;
using Opt = std::optional<std::string>;

Period period_of(const std::string& text) {
  auto period = Period::parse(text);
  if (!period) throw db::Broken("the ledger holds an unreadable period");
  return std::move(*period);
}

Place place_of(const Str& key, const Str& scope, const Str& period, const Str& aspect) {
  const auto known = aspect_of(aspect);
  if (!known) throw db::Broken("the ledger holds an unknown aspect");
  return {.key = key, .scope = scope, .period = period_of(period), .aspect = *known};
}

Value value_of(const Str& kind, const std::optional<Decimal>& number, const Str& unit, const Str& text,
               const std::optional<Date>& day) {
  if (kind == "number") return Value::of(number.value(), unit);
  if (kind == "text") return Value::of_text(text);
  if (kind == "date") return Value::of_date(day.value());
  if (kind == "choice") return Value::of_choice(text);
  if (kind == "not_applicable") return Value::not_applicable(text);
  if (kind == "retracted") return Value::retracted();
  throw db::Broken("the ledger holds an unknown kind of value");
}

Basis known_basis(const Str& text) {
  const auto basis = basis_of(text);
  if (!basis) throw db::Broken("the ledger holds an unknown basis");
  return *basis;
}

std::optional<Decimal> number_of(const Value& value) {
  return value.is_number() ? std::optional(value.number) : std::nullopt;
}
std::optional<Date> day_of(const Value& value) {
  return value.kind == Value::Kind::date ? std::optional(value.date) : std::nullopt;
}

constexpr std::string_view kFigureColumns = R"sql(
    SELECT s.id, s.key, s.scope, s.period, s.aspect, s.version, c.id, c.kind, c.number, c.unit, c.text, c.day, c.basis,
           c.evidence_file, c.evidence_place, c.note, c.formula, c.at, c.by_id, c.by_name,
           (SELECT count(*) FROM figure_claim x WHERE x.slot_id = s.id AND x.standing = 1)
      FROM figure_slot s JOIN figure_claim c ON c.id = s.claim_id)sql";

std::vector<Figure> figures(Tx& tx, std::string_view where, const std::vector<db::Bind>& binds) {
  std::vector<Figure> out;
  for (const auto& [slot, key, scope, period, aspect, version, claim, kind, number, unit, text, day, basis, file, place,
                    note, formula, at, by, by_name, claims] :
       tx.rows_bound<SlotId, Str, Str, Str, Str, std::int64_t, ClaimId, Str, std::optional<Decimal>, Str, Str,
                     std::optional<Date>, Str, Str, Str, Str, Str, Instant, Str, Str, int>(
           std::string(kFigureColumns) + std::string(where), binds)) {
    out.push_back({.slot = slot,
                   .place = place_of(key, scope, period, aspect),
                   .version = version,
                   .claim = {.id = claim,
                             .value = value_of(kind, number, unit, text, day),
                             .basis = known_basis(basis),
                             .evidence = {file, place},
                             .note = note,
                             .formula = formula,
                             .inputs = {},
                             .at = at,
                             .by = by,
                             .by_name = by_name,
                             .standing = true},
                   .claims = claims});
  }
  return out;
}

constexpr std::string_view kClaimColumns =
    "c.id, c.slot_id, c.kind, c.number, c.unit, c.text, c.day, c.basis, c.evidence_file, c.evidence_place, c.note, "
    "c.formula, "
    "c.standing, c.at, c.by_id, c.by_name";

std::vector<std::pair<SlotId, Claim>> claims(Tx& tx, std::string_view rest, const std::vector<db::Bind>& binds) {
  std::vector<std::pair<SlotId, Claim>> out;
  for (const auto& [id, slot, kind, number, unit, text, day, basis, file, place, note, formula, standing, at, by,
                    by_name] : tx.rows_bound<ClaimId, SlotId, Str, std::optional<Decimal>, Str, Str,
                                             std::optional<Date>, Str, Str, Str, Str, Str, bool, Instant, Str, Str>(
           "SELECT " + std::string(kClaimColumns) + " FROM figure_claim c " + std::string(rest), binds)) {
    out.emplace_back(slot, Claim{.id = id,
                                 .value = value_of(kind, number, unit, text, day),
                                 .basis = known_basis(basis),
                                 .evidence = {file, place},
                                 .note = note,
                                 .formula = formula,
                                 .inputs = {},
                                 .at = at,
                                 .by = by,
                                 .by_name = by_name,
                                 .standing = standing});
  }
  for (auto& [slot, claim] : out) {
    if (claim.formula.empty()) continue;
    for (const auto& [input_slot, version, key, scope, period, aspect] :
         tx.rows<SlotId, std::int64_t, Str, Str, Str, Str>(R"sql(
             SELECT slot_id, version, key, scope, period, aspect FROM figure_input WHERE claim_id = :claim ORDER BY position)sql",
                                                           claim.id))
      claim.inputs.push_back({input_slot, version, place_of(key, scope, period, aspect)});
  }
  return out;
}

json::Array inputs_json(const Claim& claim) {
  json::Array out;
  for (const auto& input : claim.inputs)
    out.push_back(json::Object{{"slot", input.slot.str()},
                               {"version", input.version},
                               {"key", input.place.key},
                               {"scope", input.place.scope},
                               {"period", input.place.period.text},
                               {"aspect", to_string(input.place.aspect)}});
  return out;
}

std::vector<Claim::Input> inputs_of(const std::string& text) {
  const auto parsed = json::parse(text);
  if (!parsed || !parsed->is_array()) throw db::Broken("an edition holds unreadable inputs");
  std::vector<Claim::Input> out;
  for (const auto& item : parsed->as_array()) {
    const auto& object = item.as_object();
    const auto word = [&](const char* name) { return std::string(object.at(name).as_string()); };
    out.push_back({SlotId::trusted(word("slot")), object.at("version").to_number<std::int64_t>(),
                   place_of(word("key"), word("scope"), word("period"), word("aspect"))});
  }
  return out;
}

}  // namespace

std::optional<Figure> find(Tx& tx, const db::Subject& subject, const Place& place) {
  auto found = figures(tx, R"sql(
      WHERE s.subject_kind = :kind AND s.subject_id = :id AND s.key = :key AND s.scope = :scope AND s.period = :period
        AND s.aspect = :aspect)sql",
                       {subject.kind, subject.id, place.key, place.scope, place.period.text, to_string(place.aspect)});
  if (found.empty()) return std::nullopt;
  auto& figure = found.front();
  if (figure.derived()) figure.claim.inputs = claims(tx, "WHERE c.id = :id", {figure.claim.id}).at(0).second.inputs;
  return std::move(figure);
}

std::vector<Figure> of_subject(Tx& tx, const db::Subject& subject) {
  auto all = figures(tx, " WHERE s.subject_kind = :kind AND s.subject_id = :id", {subject.kind, subject.id});
  std::map<std::string, Figure*> by_claim;
  for (auto& figure : all) by_claim[figure.claim.id.str()] = &figure;
  for (const auto& [claim, slot, version, key, scope, period, aspect] :
       tx.rows<Str, SlotId, std::int64_t, Str, Str, Str, Str>(R"sql(
           SELECT i.claim_id, i.slot_id, i.version, i.key, i.scope, i.period, i.aspect
             FROM figure_slot s JOIN figure_input i ON i.claim_id = s.claim_id
            WHERE s.subject_kind = :kind AND s.subject_id = :id ORDER BY i.claim_id, i.position)sql",
                                                              subject.kind, subject.id))
    by_claim.at(claim)->claim.inputs.push_back({slot, version, place_of(key, scope, period, aspect)});
  return all;
}

std::optional<Placed> find_claim(Tx& tx, const ClaimId& id) {
  auto found = claims(tx, "WHERE c.id = :id", {id});
  if (found.empty()) return std::nullopt;
  auto& [slot, claim] = found.front();
  const auto row = tx.row<Str, Str, Str, Str, Str, Str, Str, std::int64_t, ClaimId>(R"sql(
      SELECT province, subject_kind, subject_id, key, scope, period, aspect, version, claim_id FROM figure_slot WHERE id = :id)sql",
                                                                                    slot);
  const auto& [province, kind, subject, key, scope, period, aspect, version, adopted] = row.value();
  return Placed{.claim = std::move(claim),
                .slot = slot,
                .subject = {kind, subject},
                .province = province,
                .place = place_of(key, scope, period, aspect),
                .version = version,
                .adopted = adopted};
}

std::vector<Claim> claims_of_slot(Tx& tx, const SlotId& slot) {
  std::vector<Claim> out;
  for (auto& [id, claim] : claims(tx, "WHERE c.slot_id = :slot ORDER BY c.id DESC", {slot}))
    out.push_back(std::move(claim));
  return out;
}

std::vector<Revision> revisions_of(Tx& tx, const SlotId& slot) {
  std::map<std::string, Claim> by_id;
  for (auto& claim : claims_of_slot(tx, slot)) by_id.emplace(claim.id.str(), std::move(claim));
  std::vector<Revision> out;
  for (const auto& [version, claim_id, at, by_name] : tx.rows<std::int64_t, ClaimId, Instant, Str>(
           "SELECT version, claim_id, at, by_name FROM figure_revision WHERE slot_id = :slot ORDER BY version DESC",
           slot)) {
    const auto& claim = by_id.at(claim_id.str());
    out.push_back({.version = version,
                   .claim = claim_id,
                   .value = claim.value,
                   .basis = claim.basis,
                   .evidence = claim.evidence,
                   .at = at,
                   .by_name = by_name,
                   .note = claim.note});
  }
  return out;
}

void insert_slot(Tx& tx, std::string_view province, const db::Subject& subject, const Figure& figure) {
  tx.run(R"sql(
      INSERT INTO figure_slot (province, id, subject_kind, subject_id, key, scope, period, aspect, version, claim_id)
      VALUES (:province, :id, :kind, :subject, :key, :scope, :period, :aspect, :version, :claim))sql",
         province, figure.slot, subject.kind, subject.id, figure.place.key, figure.place.scope,
         figure.place.period.text, to_string(figure.place.aspect), figure.version, figure.claim.id);
}

void insert_claim(Tx& tx, std::string_view province, const SlotId& slot, const Claim& claim) {
  tx.run(R"sql(
      INSERT INTO figure_claim (province, id, slot_id, kind, number, unit, text, day, basis, evidence_file, evidence_place, note,
                                formula, standing, at, by_id, by_name)
      VALUES (:province, :id, :slot, :kind, :number, :unit, :text, :day, :basis, :file, :place, :note, :formula, 1, :at, :by,
              :by_name))sql",
         province, claim.id, slot, to_string(claim.value.kind), number_of(claim.value), claim.value.unit,
         claim.value.text, day_of(claim.value), to_string(claim.basis), claim.evidence.file, claim.evidence.place,
         claim.note, claim.formula, claim.at, claim.by, claim.by_name);
  int position = 0;
  for (const auto& input : claim.inputs)
    tx.run(R"sql(
        INSERT INTO figure_input (province, claim_id, position, slot_id, version, key, scope, period, aspect)
        VALUES (:province, :claim, :position, :slot, :version, :key, :scope, :period, :aspect))sql",
           province, claim.id, position++, input.slot, input.version, input.place.key, input.place.scope,
           input.place.period.text, to_string(input.place.aspect));
}

void step_down(Tx& tx, const ClaimId& claim) { tx.run("UPDATE figure_claim SET standing = 0 WHERE id = :id", claim); }

bool adopt(Tx& tx, const SlotId& slot, const ClaimId& claim, std::int64_t expected) {
  tx.run("UPDATE figure_claim SET standing = 1 WHERE id = :id", claim);
  return tx.run("UPDATE figure_slot SET claim_id = :claim, version = :next WHERE id = :id AND version = :expected",
                claim, expected + 1, slot, expected) == 1;
}

void insert_revision(Tx& tx, std::string_view province, const SlotId& slot, std::int64_t version, const ClaimId& claim,
                     Instant at, std::string_view by_name) {
  tx.run(R"sql(
      INSERT INTO figure_revision (province, slot_id, version, claim_id, at, by_name)
      VALUES (:province, :slot, :version, :claim, :at, :by_name))sql",
         province, slot, version, claim, at, by_name);
}

void insert_edition(Tx& tx, const Edition& edition, std::string_view by, const std::vector<Figure>& all) {
  tx.run(R"sql(
      INSERT INTO figure_edition (province, id, subject_kind, subject_id, label, number, root, entries, at, by_id, by_name)
      VALUES (:province, :id, :kind, :subject, :label, :number, :root, :entries, :at, :by, :by_name))sql",
         edition.province, edition.id, edition.subject.kind, edition.subject.id, edition.label, edition.number,
         edition.root, edition.entries, edition.at, by, edition.by_name);
  int position = 0;
  for (const auto& figure : all) {
    const auto& claim = figure.claim;
    tx.run(R"sql(
        INSERT INTO figure_edition_entry (province, edition_id, position, slot_id, key, scope, period, aspect, version, claim_id,
                                          kind, number, unit, text, day, basis, evidence_file, evidence_place, note, formula,
                                          inputs, at, by_name)
        VALUES (:province, :edition, :position, :slot, :key, :scope, :period, :aspect, :version, :claim, :kind, :number, :unit,
                :text, :day, :basis, :file, :place, :note, :formula, :inputs, :at, :by_name))sql",
           edition.province, edition.id, position++, figure.slot, figure.place.key, figure.place.scope,
           figure.place.period.text, to_string(figure.place.aspect), figure.version, claim.id,
           to_string(claim.value.kind), number_of(claim.value), claim.value.unit, claim.value.text, day_of(claim.value),
           to_string(claim.basis), claim.evidence.file, claim.evidence.place, claim.note, claim.formula,
           json::canonical(inputs_json(claim)), claim.at, claim.by_name);
  }
}

namespace {

std::vector<Edition> editions(Tx& tx, std::string_view rest, const std::vector<db::Bind>& binds) {
  std::vector<Edition> out;
  for (const auto& [id, kind, subject, province, label, number, root, entries, at, by_name] :
       tx.rows_bound<EditionId, Str, Str, Str, Str, int, Str, std::int64_t, Instant, Str>(
           "SELECT id, subject_kind, subject_id, province, label, number, root, entries, at, by_name FROM "
           "figure_edition " +
               std::string(rest),
           binds))
    out.push_back({.id = id,
                   .subject = {kind, subject},
                   .province = province,
                   .label = label,
                   .number = number,
                   .root = root,
                   .entries = entries,
                   .at = at,
                   .by_name = by_name});
  return out;
}

}  // namespace

std::optional<Edition> find_edition(Tx& tx, const EditionId& id) {
  auto found = editions(tx, "WHERE id = :id", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Edition> editions_of(Tx& tx, const db::Subject& subject) {
  return editions(tx, "WHERE subject_kind = :kind AND subject_id = :id ORDER BY number DESC",
                  {subject.kind, subject.id});
}

std::vector<Figure> edition_figures(Tx& tx, const EditionId& id) {
  std::vector<Figure> out;
  for (const auto& [slot, key, scope, period, aspect, version, claim, kind, number, unit, text, day, basis, file, place,
                    note, formula, inputs, at, by_name] :
       tx.rows<SlotId, Str, Str, Str, Str, std::int64_t, ClaimId, Str, std::optional<Decimal>, Str, Str,
               std::optional<Date>, Str, Str, Str, Str, Str, Str, Instant, Str>(R"sql(
           SELECT slot_id, key, scope, period, aspect, version, claim_id, kind, number, unit, text, day, basis, evidence_file,
                  evidence_place, note, formula, inputs, at, by_name
             FROM figure_edition_entry WHERE edition_id = :id ORDER BY position)sql",
                                                                                id))
    out.push_back({.slot = slot,
                   .place = place_of(key, scope, period, aspect),
                   .version = version,
                   .claim = {.id = claim,
                             .value = value_of(kind, number, unit, text, day),
                             .basis = known_basis(basis),
                             .evidence = {file, place},
                             .note = note,
                             .formula = formula,
                             .inputs = inputs_of(inputs),
                             .at = at,
                             .by = {},
                             .by_name = by_name,
                             .standing = true},
                   .claims = 1});
  return out;
}

}  // namespace qy::figures::store
