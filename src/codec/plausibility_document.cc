#include <algorithm>
#include <cmath>
#include <map>

#include "codec/documents.h"
#include "engine/plausibility/plausibility.h"

namespace qy::codec {
namespace {

namespace plausibility = engine::plausibility;
using Ids = std::map<std::string, std::size_t, std::less<>>;

constexpr std::size_t kMostReports = 2000, kMostNumbers = 2000, kMostInAll = 60000, kMostTerms = 500;

const Params kTerms{{"expected.zh", "数值标识、标识数组，或“标识: 系数”的对象"},
                    {"expected.en", "the id of a number, an array of ids, or an object of ids and factors"}};

std::string below(json::ObjectReader& in, std::string_view name, std::string_view part) {
  return json::pointer_to(json::pointer_to(in.pointer(), name), part);
}

/// "a", ["a", "b"] or {"a": 1, "b": "-0.5"}.
std::vector<plausibility::Term> read_terms(json::ObjectReader& in, const char* name, const Ids& ids,
                                           bool required = true) {
  std::vector<plausibility::Term> terms;
  const auto add = [&](const std::string& pointer, const json::Value& id, const Decimal& times) {
    if (!json::is_text(id)) return in.complain_at(pointer, "field.type", kTerms);
    const auto found = ids.find(std::string_view(id.get_string()));
    if (found == ids.end())
      in.complain_at(pointer, "plausibility.unknown_number", {{"id", std::string(id.get_string())}});
    else
      terms.push_back({found->second, times});
  };
  const auto value = in.any(name);
  if (value.is_null()) {
    if (required) in.complain(name, "field.required");
    return terms;
  }
  const auto* list = value.if_array();
  const auto* object = value.if_object();
  const auto size = list ? list->size() : object ? object->size() : 1;
  if (size > kMostTerms) {
    in.complain(name, "field.too_many", {{"limit", std::to_string(kMostTerms)}});
  } else if (size == 0) {
    in.complain(name, "field.empty");
  } else if (list) {
    for (std::size_t i = 0; i < list->size(); ++i) add(below(in, name, std::to_string(i)), (*list)[i], 1);
  } else if (object) {
    for (const auto& member : *object) {
      const auto pointer = below(in, name, member.key());
      const auto times = json::decimal_of(member.value());
      if (!times)
        in.complain_at(pointer, times.error().code, times.error().params);
      else if (times->is_zero())
        in.complain_at(pointer, "plausibility.zero_factor");
      else
        add(pointer, json::Value(member.key()), *times);
    }
  } else {
    add(json::pointer_to(in.pointer(), name), value, 1);
  }
  return terms;
}

std::size_t read_one(json::ObjectReader& in, const char* name, const Ids& ids) {
  const auto id = in.text(name, 100);
  const auto found = ids.find(id);
  if (found != ids.end()) return found->second;
  if (!id.empty()) in.complain(name, "plausibility.unknown_number", {{"id", id}});
  return 0;
}

plausibility::Number read_number(json::ObjectReader& in) {
  plausibility::Number number;
  number.id = in.text("id", 100);
  number.value = in.decimal("value");
  if (const auto text = in.optional_text("unit", 60)) {
    auto unit = Unit::parse(*text);
    if (unit)
      number.unit = std::move(*unit);
    else
      in.complain("unit", unit.error().code, unit.error().params);
  }
  number.step = in.optional_decimal("step");
  if (number.step && !(*number.step > Decimal(0))) in.complain("step", "plausibility.step");
  number.place = in.optional_text("place", 200).value_or("");
  number.quantity = in.optional_text("quantity", 100).value_or("");
  number.period = in.optional_text("period", 20).value_or("");
  number.boundary = in.optional_text("boundary", 100).value_or("");
  number.fixed = in.flag("fixed");
  return number;
}

plausibility::Relation read_relation(json::ObjectReader& in, const Ids& ids) {
  using Kind = plausibility::Relation::Kind;
  plausibility::Relation relation;
  const auto kind = chosen(in, "kind", {"sum", "difference", "conversion", "ratio", "percentage"},
                           {"terms", "minuend", "subtrahend", "from", "factor", "numerator", "denominator", "total"});
  if (kind.empty()) return relation;
  if (kind == "sum") {
    relation.terms = read_terms(in, "terms", ids);
  } else if (kind == "difference") {
    relation.kind = Kind::difference;
    relation.terms = {{read_one(in, "minuend", ids), 1}, {read_one(in, "subtrahend", ids), -1}};
  } else if (kind == "conversion") {
    relation.kind = Kind::conversion;
    const auto from = read_one(in, "from", ids);
    const auto factor = in.optional_decimal("factor");
    if (factor && factor->is_zero()) in.complain("factor", "plausibility.zero_factor");
    relation.terms = {{from, factor.value_or(Decimal(1))}};
  } else {
    relation.kind = kind == "ratio" ? Kind::ratio : Kind::percentage;
    relation.terms = read_terms(in, "numerator", ids);
    relation.per = read_terms(in, "denominator", ids);
  }
  relation.total = read_one(in, "total", ids);
  return relation;
}

plausibility::Limit read_limit(json::ObjectReader& in, const Ids& ids) {
  plausibility::Limit limit;
  limit.terms = read_terms(in, "terms", ids);
  limit.at_most = in.choice("kind", {"at_most", "at_least"}) == "at_most";
  limit.bounds = read_terms(in, "bound_terms", ids, false);
  const auto bound = in.optional_decimal("bound");
  limit.bound = bound.value_or(Decimal());
  if (!bound && !in.has("bound_terms")) in.complain("bound", "field.required");
  limit.reason = in.text("reason", 300);
  return limit;
}

plausibility::Closure read_closure(json::ObjectReader& in) {
  plausibility::Closure closure;
  closure.place = in.text("place", 200);
  const auto statistic = in.decimal("statistic");
  if (statistic.is_negative()) in.complain("statistic", "plausibility.negative");
  closure.statistic = statistic.to_double();
  closure.dof = static_cast<int>(in.integer("dof", 1, 1000000));
  closure.independent = in.flag("independent", true);
  return closure;
}

plausibility::Report read_report(json::ObjectReader& in) {
  plausibility::Report report;
  report.id = in.text("id", 100);
  report.enterprise = in.optional_text("enterprise", 100).value_or(report.id);
  Ids ids;
  for (auto& item : in.objects("numbers", kMostNumbers)) {
    report.numbers.push_back(read_number(item));
    const auto& id = report.numbers.back().id;
    if (!id.empty() && !ids.emplace(id, report.numbers.size() - 1).second)
      item.complain("id", "plausibility.duplicate_id", {{"id", id}});
  }
  for (auto& item : in.objects("relations", 1000)) report.relations.push_back(read_relation(item, ids));
  for (auto& item : in.objects("limits", 1000)) report.limits.push_back(read_limit(item, ids));
  for (auto& item : in.objects("closures", 100)) report.closures.push_back(read_closure(item));
  return report;
}

void read_references(json::ObjectReader& in, plausibility::Submission& out) {
  for (auto& item : in.objects("peers", 200)) {
    plausibility::Peers peers{item.text("quantity", 100), {}, {}};
    const auto text = item.text("unit", 60);
    if (auto unit = Unit::parse(text))
      peers.unit = std::move(*unit);
    else if (!text.empty())
      item.complain("unit", unit.error().code, unit.error().params);
    const auto values = optional_decimals(item, "values", 20000);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) continue;
      if (!(*values[i] > Decimal(0)))
        item.complain_at(below(item, "values", std::to_string(i)), "plausibility.not_positive");
      peers.values.push_back(values[i]->to_double());
    }
    out.peers.push_back(std::move(peers));
  }
  for (auto& item : in.objects("slips", 50)) {
    const auto factor = item.decimal("factor");
    if (!(factor > Decimal(0)) || factor == Decimal(1)) item.complain("factor", "plausibility.slip_factor");
    auto meaning = item.object("meaning");
    Text text{meaning.text("zh", 100), meaning.text("en", 100)};
    out.slips.push_back({factor.to_double(), std::move(text)});
  }
  for (auto& item : in.objects("drivers", 20)) {
    auto quantity = item.text("quantity", 100);
    out.drivers.push_back({std::move(quantity), item.text("driver", 100)});
  }
}

void read_batches(json::ObjectReader& in, plausibility::Submission& out) {
  for (auto& item : in.objects("batches", 20)) {
    plausibility::Batch batch{item.text("id", 100), decimals(item, "values", 100000), false, false, false, false};
    const auto tests = item.texts("tests", 4, 20);
    for (std::size_t i = 0; i < tests.size(); ++i) {
      if (tests[i] == "first_digit")
        batch.first_digit = true;
      else if (tests[i] == "second_digit")
        batch.second_digit = true;
      else if (tests[i] == "last_digit")
        batch.last_digit = true;
      else if (tests[i] == "heaping")
        batch.heaping = true;
      else if (!tests[i].empty())
        item.complain_at(below(item, "tests", std::to_string(i)), "field.choice",
                         {{"choices", "first_digit, second_digit, last_digit, heaping"}});
    }
    if (tests.empty() && !item.has("tests")) item.complain("tests", "field.required");
    out.batches.push_back(std::move(batch));
  }
}

plausibility::Submission read_submission(json::ObjectReader& in) {
  plausibility::Submission out;
  std::map<std::string, std::size_t> ids;
  std::size_t numbers = 0;
  for (auto& item : in.objects("reports", kMostReports)) {
    out.reports.push_back(read_report(item));
    numbers += out.reports.back().numbers.size();
    const auto& id = out.reports.back().id;
    if (!id.empty() && !ids.emplace(id, 0).second) item.complain("id", "plausibility.duplicate_id", {{"id", id}});
  }
  if (numbers > kMostInAll)
    in.complain("reports", "plausibility.too_many_numbers", {{"limit", std::to_string(kMostInAll)}});
  read_references(in, out);
  read_batches(in, out);
  if (out.reports.empty() && !in.has("reports") && out.batches.empty()) in.complain("reports", "field.required");
  if (const auto fdr = in.optional_decimal("fdr")) {
    out.fdr = fdr->to_double();
    if (!(out.fdr > 0 && out.fdr <= 0.5)) in.complain("fdr", "field.range", {{"min", "0"}, {"max", "0.5"}});
  }
  out.seed = static_cast<std::uint64_t>(in.optional_integer("seed", 0, 1000000000).value_or(1));
  return out;
}

/// A probability: ten decimals where they say something, three significant digits where they would not.
json::Value probability(double p) {
  if (p >= 1e-6 || p <= 0) return rounded_number(p);
  const double unit = std::pow(10, std::floor(std::log10(p)) - 2);
  return std::round(p / unit) * unit;
}

json::Value written(const plausibility::Rate& rate) {
  return json::Object{{"per", both_sentences(std::string("plausibility.per_") + rate.per, {})},
                      {"false_alarm", probability(rate.false_alarm())},
                      {"false_alarm_at_most", probability(rate.false_alarm_bound())},
                      {"detection", rounded_number(rate.detection())},
                      {"honest", rate.honest},
                      {"alarms", rate.alarms},
                      {"seeded", rate.seeded},
                      {"found", rate.found}};
}

json::Value written(const plausibility::Submission& asked, const plausibility::Finding& finding) {
  json::Array reports, numbers, hints;
  for (const auto at : finding.reports) reports.push_back(json::Value(asked.reports[at].id));
  for (const auto& [report, index] : finding.numbers) {
    const auto& number = asked.reports[report].numbers[index];
    numbers.push_back(json::Object{{"report", asked.reports[report].id},
                                   {"id", number.id},
                                   {"value", number.value.str()},
                                   {"unit", number.unit ? number.unit->str() : ""},
                                   {"place", number.place}});
  }
  for (const auto& hint : finding.hints) hints.push_back(remark(hint.code, hint.params));
  return json::Object{{"check", plausibility::name_of(finding.check)},
                      {"finding", remark(finding.code, finding.params)},
                      {"reports", reports},
                      {"numbers", numbers},
                      {"arithmetic", finding.arithmetic},
                      {"stated", finding.stated.empty() ? json::Value(nullptr) : json::Value(finding.stated)},
                      {"computed", finding.computed.empty() ? json::Value(nullptr) : json::Value(finding.computed)},
                      {"hints", hints},
                      {"p_value", probability(finding.p)},
                      {"p_is_measured", finding.p_is_measured},
                      {"q_value", probability(finding.q)},
                      {"stands_out", finding.q <= asked.fdr},
                      {"measured", written(plausibility::rate_of(finding.check))}};
}

}  // namespace

Result<json::Value> compute_plausibility(const rules::Library&, const json::Value& input, const Watch& watch) {
  json::ObjectReader in(input);
  const auto asked = read_submission(in);
  QY_CHECK(in.done());
  QY_TRY(const auto answer, plausibility::examine(asked, watch));

  json::Array findings, notes;
  json::Object tested;
  for (const auto& finding : answer.findings) findings.push_back(written(asked, finding));
  for (const auto& note : answer.notes) notes.push_back(remark(note.code, note.params));
  for (std::size_t check = 0; check < plausibility::kChecks; ++check)
    if (answer.tested[check])
      tested[plausibility::name_of(static_cast<plausibility::Check>(check))] = answer.tested[check];
  return json::Object{{"findings", findings},
                      {"tested", tested},
                      {"fdr", rounded_number(asked.fdr)},
                      {"how_measured", both_sentences("plausibility.how_measured", {})},
                      {"notes", notes}};
}

}  // namespace qy::codec
