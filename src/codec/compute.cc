#include "codec/compute.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "codec/documents.h"

namespace qy::examples {
std::vector<std::pair<std::string_view, std::string_view>> codec();
}

namespace qy::codec {
namespace {

struct Entry {
  Computation computation;
  Result<json::Value> (*run)(const rules::Library& library, const json::Value& input, const Watch& watch);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {{"indicators",
        {"清洁生产评价：逐项评定、综合指数、等级", "cleaner production evaluation: rows, composite index, level"}},
       compute_indicators},
      {{"economics",
        {"方案经济评价：手册算法与工程经济", "economics of an option: handbook chain and engineering economics"}},
       compute_economics},
      {{"balance",
        {"物料平衡与数据校正：冗余、不确定度、显著误差",
         "balances: reconciliation, redundancy, uncertainty, gross errors"}},
       compute_balance},
      {{"clock", {"法定时限", "statutory deadlines"}}, compute_clock},
      {{"benchmark",
        {"对标统计：分层分位数、离群值、企业所处位置", "benchmarks: quantiles by stratum, outliers, where one stands"}},
       compute_benchmark},
      {{"plausibility",
        {"合理性核查：重算、前后矛盾、单位、年际、雷同数值",
         "plausibility: recomputation, contradictions, units, years, shared numbers"}},
       compute_plausibility},
      {{"similarity", {"文本相似：报告之间雷同的段落", "similarity: passages that reports share"}}, compute_similarity},
      {{"portfolio",
        {"方案组合优选：预算、互斥、前置、目标、达标路径",
         "portfolios of options: budgets, exclusions, prerequisites, targets, the way to a level"}},
       compute_portfolio},
      {{"exchange",
        {"水与副产物交换网络：夹点目标、配置、费用分摊",
         "water and by-product exchange: targets, networks, shared costs"}},
       compute_exchange},
  };
  return all;
}

/// More than any document that is not nonsense; beyond it millions of empty objects would fill the memory.
constexpr std::size_t kMostObjects = 500'000;

/// The objects inside `value`, counted no further than one above `most`.
std::size_t objects_in(const json::Value& value, std::size_t most) {
  std::size_t count = 0;
  const auto add = [&](const json::Value& part) {
    if (count <= most) count += objects_in(part, most - count);
  };
  if (const auto* object = value.if_object()) {
    ++count;
    for (const auto& member : *object) add(member.value());
  } else if (const auto* array = value.if_array()) {
    for (const auto& part : *array) add(part);
  }
  return count;
}

}  // namespace

std::span<const Computation> computations() {
  static const auto all = [] {
    std::vector<Computation> out;
    for (const auto& entry : entries()) out.push_back(entry.computation);
    return out;
  }();
  return all;
}

std::string_view example_of(std::string_view name) {
  static const auto all = examples::codec();
  for (const auto& [of, text] : all)
    if (of == name) return text;
  return {};
}

Result<json::Value> compute(const rules::Library& library, std::string_view name, const json::Value& input,
                            const Watch& watch) {
  std::vector<std::string> known;
  for (const auto& entry : entries()) {
    if (entry.computation.name == name) {
      if (!input.is_object()) return json::ObjectReader(input).done().error();
      if (objects_in(input, kMostObjects) > kMostObjects)
        return Error{ErrorKind::invalid,
                     "input.invalid",
                     {{"count", "1"}},
                     {{"#", "compute.too_many_objects", {{"limit", std::to_string(kMostObjects)}}}}};
      return entry.run(library, input, watch);
    }
    known.push_back(entry.computation.name);
  }
  return Error{ErrorKind::not_found, "compute.unknown", {{"name", prefix_of(name, 40)}, {"known", join(known, ", ")}}};
}

json::Value rounded_number(double value) {
  constexpr double kLongest = 1e17;
  if (!std::isfinite(value)) return nullptr;
  if (std::fabs(value) >= kLongest) return value;
  return json::number(Decimal::of(Decimal::from_double(value, 10).shortest()));
}

json::Value scaled_number(double value, double noise) {
  const double size = std::fabs(value);
  return size < 0.1 && size > noise ? significant(value, 10) : rounded_number(value);
}

json::Value significant(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1).ptr;
  if (const auto exact = Decimal::parse({text, static_cast<std::size_t>(end - text)}))
    return json::number(Decimal::of(exact->shortest()));
  *end = '\0';
  return std::strtod(text, nullptr);  // too small or too large for a Decimal
}

json::Value both_sentences(std::string_view code, const Params& params) {
  const auto& catalogue = Catalogue::global();
  return json::both({catalogue.render(code, params, Language::zh), catalogue.render(code, params, Language::en)});
}

json::Value remark(std::string_view code, const Params& params) {
  auto object = both_sentences(code, params).as_object();
  object["code"] = code;
  return object;
}

Result<double> double_of(const json::Value& value) {
  const auto decimal = json::decimal_of(value);
  if (!decimal && decimal.error().code != "decimal.overflow") return decimal.error();
  if (value.is_int64() || value.is_uint64()) return decimal->to_double();
  if (value.is_double()) return value.get_double();
  const auto digits = json::number_digits(value);
  auto text = digits ? std::string(*digits) : normalise_for_match(value.get_string());
  std::erase(text, ',');
  char* stop = nullptr;
  const double number = std::strtod(text.c_str(), &stop);
  if (*stop != '\0' || !std::isfinite(number)) return decimal ? Result<double>(decimal->to_double()) : decimal.error();
  return number;
}

std::optional<double> optional_double(json::ObjectReader& in, std::string_view name) {
  const auto value = in.any(name);
  if (value.is_null()) return std::nullopt;
  const auto number = double_of(value);
  if (number) return *number;
  in.complain(name, number.error().code, number.error().params);
  return std::nullopt;
}

double required_double(json::ObjectReader& in, std::string_view name) {
  const auto number = optional_double(in, name);
  if (!in.has(name)) in.decimal(name);
  return number.value_or(0);
}

std::string chosen(json::ObjectReader& in, std::string_view name, std::initializer_list<std::string_view> choices,
                   std::initializer_list<std::string_view> others) {
  if (const auto choice = in.optional_choice(name, choices)) return *choice;
  if (!in.has(name)) in.complain(name, "field.required");
  for (const auto other : others) in.any(other);
  return {};
}

std::vector<std::optional<Decimal>> optional_decimals(json::ObjectReader& in, std::string_view name, std::size_t max) {
  std::vector<std::optional<Decimal>> out;
  const auto value = in.any(name);
  if (value.is_null()) return out;
  const auto* list = value.if_array();
  if (!list) in.complain(name, "field.type", {{"expected.zh", "数组"}, {"expected.en", "an array"}});
  if (list && list->size() > max) {
    in.complain(name, "field.too_many", {{"limit", std::to_string(max)}});
    return out;
  }
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    auto number = json::decimal_of((*list)[i]);
    out.push_back(number ? std::optional(*number) : std::nullopt);
    if (!number)
      in.complain_at(json::pointer_to(json::pointer_to(in.pointer(), name), std::to_string(i)), number.error().code,
                     number.error().params);
  }
  return out;
}

std::vector<Decimal> decimals(json::ObjectReader& in, std::string_view name, std::size_t max) {
  std::vector<Decimal> out;
  for (const auto& number : optional_decimals(in, name, max)) out.push_back(number.value_or(Decimal()));
  return out;
}

Error both_complaints(Error reading, const Error& engine, bool has_lists) {
  if (engine.code != "input.invalid") return reading;
  for (const auto& field : reading.fields) {
    const auto last = field.pointer.substr(field.pointer.rfind('/') + 1);
    const bool object_wanted = std::find(field.params.begin(), field.params.end(),
                                         Params::value_type{"expected.en", "an object"}) != field.params.end();
    if (has_lists && object_wanted && last.find_first_not_of("0123456789") == std::string::npos) return reading;
  }
  const auto seen = reading.fields.size();
  const auto within = [](const std::string& inner, const std::string& outer) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
  };
  for (const auto& field : engine.fields) {
    const auto read_first = std::span(reading.fields).first(seen);
    if (std::none_of(read_first.begin(), read_first.end(), [&](const auto& other) {
          return within(field.pointer, other.pointer) || within(other.pointer, field.pointer);
        }))
      reading.fields.push_back(field);
  }
  return {reading.kind, reading.code, {{"count", std::to_string(reading.fields.size())}}, std::move(reading.fields)};
}

}  // namespace qy::codec
