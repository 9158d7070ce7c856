#include "regime/figures/figures.h"

namespace qy::figures {

json::Object to_json(const Value& value) {
  json::Object out{{"kind", to_string(value.kind)}};
  switch (value.kind) {
    case Value::Kind::number:
      out["number"] = value.number.str();
      out["unit"] = value.unit;
      break;
    case Value::Kind::text:
      out["text"] = value.text;
      break;
    case Value::Kind::date:
      out["date"] = value.date.str();
      break;
    case Value::Kind::choice:
      out["choice"] = value.text;
      break;
    case Value::Kind::not_applicable:
      out["reason"] = value.text;
      break;
    case Value::Kind::retracted:
      break;
  }
  return out;
}

Value read_value(json::ObjectReader& in) {
  const auto kind = in.choice("kind", {"number", "text", "date", "choice", "not_applicable", "retracted"});
  if (kind == "number") {
    const auto number = in.decimal("number");
    return Value::of(number, in.optional_text("unit", 60).value_or(""));
  }
  if (kind == "text") return Value::of_text(in.text("text", 4000));
  if (kind == "date") return Value::of_date(in.date("date"));
  if (kind == "choice") return Value::of_choice(in.text("choice", 120));
  if (kind == "not_applicable") return Value::not_applicable(in.text("reason", 500));
  return Value::retracted();
}

json::Object to_json(const Ledger& ledger, const Figure& figure, const rules::Library& rules) {
  const auto* key = rules.find_key(figure.place.key);
  const auto& claim = figure.claim;
  return {{"slot", figure.slot.str()},
          {"key", figure.place.key},
          {"title", {{"zh", key ? key->title.zh : figure.place.key}, {"en", key ? key->title.en : figure.place.key}}},
          {"scope", figure.place.scope},
          {"period", figure.place.period.text},
          {"aspect", to_string(figure.place.aspect)},
          {"version", figure.version},
          {"value", to_json(claim.value)},
          {"basis", to_string(claim.basis)},
          {"evidence", {{"file", claim.evidence.file}, {"place", claim.evidence.place}}},
          {"note", claim.note},
          {"formula", claim.formula},
          {"derived", figure.derived()},
          {"stale", ledger.stale(figure)},
          {"claims", figure.claims},
          {"at", claim.at.str()},
          {"by", claim.by_name}};
}

json::Object to_json(const Edition& edition) {
  return {{"id", edition.id.str()}, {"subject", {{"kind", edition.subject.kind}, {"id", edition.subject.id}}},
          {"label", edition.label}, {"number", edition.number},
          {"root", edition.root},   {"entries", edition.entries},
          {"at", edition.at.str()}, {"by", edition.by_name}};
}

}  // namespace qy::figures
