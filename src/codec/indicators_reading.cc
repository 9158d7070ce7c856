#include "codec/indicators_reading.h"

#include "base/text.h"

namespace qy::codec {

namespace indicators = engine::indicators;

namespace {

/// A number, "22" or "22 L/m2". Complains at `pointer`.
std::optional<Quantity> read_quantity(json::ObjectReader& in, const std::string& pointer, const json::Value& value) {
  if (value.is_null()) return std::nullopt;
  auto quantity =
      json::is_text(value) ? parse_quantity(std::string_view(value.get_string())) : [&]() -> Result<Quantity> {
    QY_TRY(const auto number, json::decimal_of(value));
    return Quantity{number, Unit()};
  }();
  if (quantity) return *quantity;
  in.complain_at(pointer, quantity.error().code, quantity.error().params);
  return std::nullopt;
}

}  // namespace

indicators::Answer read_answer(json::ObjectReader in) {
  indicators::Answer answer;
  answer.value = read_quantity(in, json::pointer_to(in.pointer(), "value"), in.any("value"));
  if (const auto unit = in.optional_text("unit", 60)) {
    const auto parsed = Unit::parse(*unit);
    if (!parsed)
      in.complain("unit", parsed.error().code, parsed.error().params);
    else if (answer.value)
      answer.value->unit = *parsed;
  }
  answer.level = in.optional_choice("level", {"I", "II", "III", "below"}).value_or("");
  const auto metrics = in.any("metrics");
  if (const auto* list = metrics.if_array()) {
    const auto pointer = json::pointer_to(in.pointer(), "metrics");
    if (list->size() > 20) in.complain("metrics", "field.too_many", {{"limit", "20"}});
    for (std::size_t i = 0; i < list->size() && i < 20; ++i)
      if (const auto metric = read_quantity(in, json::pointer_to(pointer, std::to_string(i)), (*list)[i]))
        answer.metrics.push_back(*metric);
  } else if (!metrics.is_null()) {
    in.complain("metrics", "field.type", {{"expected.zh", "数组"}, {"expected.en", "an array"}});
  }
  answer.not_applicable = in.optional_text("not_applicable", 500).value_or("");
  answer.output = in.optional_decimal("output");
  return answer;
}

const rules::IndicatorSystem* read_system(const rules::Library& library, json::ObjectReader& in) {
  const auto id = in.text("system", 100);
  const auto* system = library.find_system(id);
  if (!system && !id.empty()) {
    std::vector<std::string> known;
    for (const auto& candidate : library.systems()) known.push_back(candidate.id);
    const auto meant = nearest(id, known);
    const auto all = join(known, ", ");
    in.complain("system", "indicator_system.unknown",
                {{"id", id},
                 {"hint.zh", meant.empty() ? "可选：" + all + "。" : "是否应为“" + meant + "”？"},
                 {"hint.en", meant.empty() ? " There are: " + all + "." : " Did you mean “" + meant + "”?"}});
  }
  return system;
}

indicators::Input read_answers(json::ObjectReader& in) {
  indicators::Input read;
  read.on = in.date("on");
  auto parameters = in.object("parameters", false);
  for (const auto& name : parameters.keys()) read.parameters[name] = parameters.decimal(name);
  for (auto& [row, answer] : in.members("values", 500)) read.answers[row] = read_answer(answer);
  read.redistribute_empty_groups = in.flag("redistribute_empty_groups");
  return read;
}

}  // namespace qy::codec
