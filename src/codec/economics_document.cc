#include <algorithm>
#include <limits>
#include <set>

#include "codec/documents.h"
#include "engine/economics/compare.h"
#include "engine/economics/risk.h"

namespace qy::codec {
namespace {

namespace economics = engine::economics;

constexpr int kMostAlternatives = 50;
constexpr std::int64_t kMostDraws = 1'000'000;

json::Value optional_number(const std::optional<double>& value) {
  return value ? rounded_number(*value) : json::Value(nullptr);
}
json::Value optional_text(const std::optional<std::string>& value) {
  return value ? json::Value(*value) : json::Value(nullptr);
}
json::Array numbers(const std::vector<double>& values) {
  json::Array out;
  for (const auto value : values) out.push_back(rounded_number(value));
  return out;
}
json::Array exact(const std::vector<Decimal>& values) {
  json::Array out;
  for (const auto& value : values) out.emplace_back(value.shortest());
  return out;
}
json::Array remarks(const std::vector<economics::Note>& notes) {
  json::Array out;
  for (const auto& note : notes) out.push_back(remark(note.code, note.params));
  return out;
}

// -- writing ----------------------------------------------------------------------------------------------------------

json::Value written(const economics::Handbook& book) {
  return json::Object{{"depreciation", optional_text(book.depreciation)},
                      {"taxable_profit", optional_text(book.taxable_profit)},
                      {"net_profit", optional_text(book.net_profit)},
                      {"net_cash_flow", book.net_cash_flow},
                      {"payback_years", optional_text(book.payback_years)},
                      {"npv", rounded_number(book.npv)},
                      {"npvr", optional_number(book.npvr)},
                      {"irr", optional_number(book.irr)},
                      {"irr_interpolated", optional_number(book.irr_interpolated)}};
}

json::Value written(const economics::Measures& measures) {
  return json::Object{{"npv", rounded_number(measures.npv)},
                      {"nav", rounded_number(measures.nav)},
                      {"npvr", optional_number(measures.npvr)},
                      {"irr", numbers(measures.irr)},
                      {"mirr", optional_number(measures.mirr)},
                      {"static_payback_years", optional_number(measures.static_payback_years)},
                      {"dynamic_payback_years", optional_number(measures.dynamic_payback_years)},
                      {"benefit_cost", optional_number(measures.benefit_cost)},
                      {"npv_mid_year", rounded_number(measures.npv_mid_year)}};
}

json::Value written(const economics::TableRow& row) {
  return json::Object{{"year", row.year},
                      {"operating_year", row.operating_year},
                      {"investment", row.investment.shortest()},
                      {"subsidy", row.subsidy.shortest()},
                      {"saving", row.saving.shortest()},
                      {"vat", row.vat.shortest()},
                      {"surtax", row.surtax.shortest()},
                      {"depreciation", row.depreciation.shortest()},
                      {"taxable_profit", row.taxable_profit.shortest()},
                      {"losses_used", row.losses_used.shortest()},
                      {"tax", row.tax.shortest()},
                      {"residual", row.residual.shortest()},
                      {"working_capital", row.working_capital.shortest()},
                      {"before_tax", row.before_tax.shortest()},
                      {"after_tax", row.after_tax.shortest()},
                      {"cumulative", row.cumulative.shortest()},
                      {"discounted", rounded_number(row.discounted)}};
}

json::Value written(const economics::Swing& swing) {
  return json::Object{{"input", economics::to_string(swing.input)},
                      {"title", json::both(economics::title_of(swing.input))},
                      {"base", rounded_number(swing.base)},
                      {"low", rounded_number(swing.low)},
                      {"high", rounded_number(swing.high)},
                      {"npv_low", rounded_number(swing.npv_low)},
                      {"npv_high", rounded_number(swing.npv_high)},
                      {"swing", rounded_number(swing.swing)},
                      {"elasticity", optional_number(swing.elasticity)},
                      {"switching_value", optional_number(swing.switching_value)}};
}

json::Value written(const economics::Simulated& simulated, const economics::Simulation& asked) {
  json::Array quantiles, bins;
  for (std::size_t i = 0; i < asked.quantiles.size(); ++i)
    quantiles.push_back(
        json::Object{{"p", json::number(asked.quantiles[i])}, {"npv", rounded_number(simulated.quantiles[i])}});
  for (const auto& bin : simulated.histogram)
    bins.push_back(
        json::Object{{"from", rounded_number(bin.from)}, {"to", rounded_number(bin.to)}, {"count", bin.count}});
  return json::Object{{"seed", static_cast<std::int64_t>(asked.seed)},
                      {"draws", asked.draws},
                      {"mean", rounded_number(simulated.mean)},
                      {"sd", rounded_number(simulated.sd)},
                      {"lowest", rounded_number(simulated.lowest)},
                      {"highest", rounded_number(simulated.highest)},
                      {"probability_negative", rounded_number(simulated.probability_negative)},
                      {"probability_error", rounded_number(simulated.probability_error)},
                      {"quantiles", quantiles},
                      {"histogram", bins}};
}

json::Value written(const economics::Comparison& comparison) {
  json::Array options, steps;
  for (const auto& option : comparison.options)
    options.push_back(json::Object{{"id", option.id},
                                   {"years", option.years},
                                   {"first_cost", rounded_number(option.first_cost)},
                                   {"npv", rounded_number(option.npv)},
                                   {"nav", rounded_number(option.nav)},
                                   {"npv_study", optional_number(option.npv_study)},
                                   {"irr", numbers(option.irr)}});
  for (const auto& step : comparison.steps)
    steps.push_back(json::Object{{"from", step.from.empty() ? json::Value(nullptr) : json::Value(step.from)},
                                 {"to", step.to},
                                 {"cash_flows", exact(step.flows)},
                                 {"npv", rounded_number(step.npv)},
                                 {"nav", rounded_number(step.nav)},
                                 {"irr", numbers(step.irr)},
                                 {"accepted", step.accepted}});
  return json::Object{
      {"study_years", comparison.study_years > 0 ? json::Value(comparison.study_years) : json::Value(nullptr)},
      {"chosen", comparison.chosen.empty() ? json::Value(nullptr) : json::Value(comparison.chosen)},
      {"by_npv", json::texts(comparison.by_npv)},
      {"options", options},
      {"steps", steps},
      {"notes", remarks(comparison.notes)}};
}

// -- reading ----------------------------------------------------------------------------------------------------------

/// An option: a cash flow or a proposal. The discount rate is read by the caller, who may share it among several.
struct Option {
  std::optional<economics::CashFlows> cash;
  economics::Proposal proposal;

  Result<economics::Appraisal> appraise() const {
    return cash ? economics::appraise(*cash) : economics::appraise(proposal);
  }
  economics::Subject subject() const { return cash ? economics::Subject(*cash) : economics::Subject(proposal); }
};

void read_vat(json::ObjectReader& in, economics::Proposal& proposal) {
  if (!in.has("vat")) return void(in.any("vat"));
  auto vat = in.object("vat");
  auto& out = proposal.vat.emplace();
  out.in_investment = vat.optional_decimal("in_investment").value_or(Decimal());
  out.payable_per_year = vat.optional_decimal("payable_per_year").value_or(Decimal());
  out.surtax_rate = vat.optional_decimal("surtax_rate").value_or(Decimal());
  if (const auto year = vat.optional_integer("refund_year", 1, 100)) out.refund_year = static_cast<int>(*year);
}

void read_loan(json::ObjectReader& in, economics::Proposal& proposal) {
  if (!in.has("loan")) return void(in.any("loan"));
  auto loan = in.object("loan");
  auto& out = proposal.loan.emplace();
  out.amount = loan.decimal("amount");
  out.rate = loan.decimal("rate");
  out.years = static_cast<int>(loan.integer("years", 1, 100));
  out.equal_payments =
      loan.optional_choice("repayment", {"equal_principal", "equal_payments"}).value_or("") == "equal_payments";
}

Option read_option(json::ObjectReader& in, const std::optional<Decimal>& discount_rate) {
  Option option;
  const auto read_rates = [&](auto& of) {
    of.discount_rate = discount_rate ? *discount_rate : in.decimal("discount_rate");
    of.finance_rate = in.optional_decimal("finance_rate");
    of.reinvestment_rate = in.optional_decimal("reinvestment_rate");
  };
  if (in.has("cash_flows")) {
    auto& cash = option.cash.emplace();
    cash.flows = decimals(in, "cash_flows", 201);
    read_rates(cash);
    return option;
  }
  auto& proposal = option.proposal;
  proposal.investment = in.decimal("investment");
  proposal.subsidy = in.optional_decimal("subsidy").value_or(Decimal());
  proposal.annual_saving = in.decimal("annual_saving");
  proposal.depreciation_years = static_cast<int>(in.integer("depreciation_years", 1, 100));
  proposal.tax_rate = in.decimal("tax_rate");
  proposal.years = static_cast<int>(in.integer("years", 1, 100));
  read_rates(proposal);
  proposal.investment_by_year = decimals(in, "investment_by_year", 21);
  proposal.working_capital = in.optional_decimal("working_capital").value_or(Decimal());
  proposal.residual_value = in.optional_decimal("residual_value");
  proposal.saving_by_year = decimals(in, "saving_by_year", 100);
  proposal.tax_rate_by_year = decimals(in, "tax_rate_by_year", 100);
  proposal.loss_carry_forward_years =
      static_cast<int>(in.optional_integer("loss_carry_forward_years", 0, 100).value_or(0));
  proposal.losses_offset_other_profit = in.flag("losses_offset_other_profit");
  proposal.subsidy_year = static_cast<int>(in.optional_integer("subsidy_year", 0, 120).value_or(0));
  proposal.subsidy_taxed =
      in.optional_choice("subsidy_treatment", {"reduces_investment", "taxed_income"}).value_or("") == "taxed_income";
  read_vat(in, proposal);
  read_loan(in, proposal);
  return option;
}

struct Tornado {
  Decimal share = Decimal::of("0.1");
  std::vector<economics::Input> inputs;
};

economics::Input read_input(json::ObjectReader& in, const std::string& pointer, const std::string& name) {
  const auto input = economics::input_of(name);
  if (input) return *input;
  std::vector<std::string> known;
  for (int i = 0; i < economics::kInputs; ++i)
    known.emplace_back(economics::to_string(static_cast<economics::Input>(i)));
  std::string choices;
  for (const auto& one : known) choices += (choices.empty() ? "" : ", ") + one;
  in.complain_at(pointer, "field.choice", {{"choices", choices}});
  return economics::Input::discount_rate;
}

std::optional<Tornado> read_tornado(json::ObjectReader& in) {
  if (!in.has("sensitivity")) return in.any("sensitivity"), std::nullopt;
  auto asked = in.object("sensitivity");
  Tornado out;
  if (const auto share = asked.optional_decimal("share")) out.share = *share;
  if (out.share <= Decimal(0) || Decimal(1) < out.share)
    asked.complain("share", "field.range", {{"min", "0"}, {"max", "1"}});
  const auto pointer = json::pointer_to(asked.pointer(), "inputs");
  const auto names = asked.texts("inputs", economics::kInputs);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names[i].empty()) out.inputs.push_back(read_input(in, json::pointer_to(pointer, std::to_string(i)), names[i]));
  return out;
}

economics::Spread read_spread(json::ObjectReader& in) {
  economics::Spread spread;
  const auto kind =
      chosen(in, "distribution", {"triangular", "normal", "uniform"}, {"mean", "sd", "min", "mode", "max"});
  if (kind.empty()) return spread;
  if (kind == "normal") {
    spread.kind = economics::Spread::Kind::normal;
    spread.first = in.decimal("mean");
    spread.second = in.decimal("sd");
    return spread;
  }
  spread.first = in.decimal("min");
  spread.kind = kind == "uniform" ? economics::Spread::Kind::uniform : economics::Spread::Kind::triangular;
  if (kind == "triangular") spread.second = in.decimal("mode");
  (kind == "uniform" ? spread.second : spread.third) = in.decimal("max");
  return spread;
}

std::optional<economics::Simulation> read_simulation(json::ObjectReader& in) {
  if (!in.has("monte_carlo")) return in.any("monte_carlo"), std::nullopt;
  auto asked = in.object("monte_carlo");
  economics::Simulation out;
  out.seed = static_cast<std::uint64_t>(asked.integer("seed", 0, std::numeric_limits<std::int64_t>::max()));
  out.draws = static_cast<int>(asked.optional_integer("draws", 1, kMostDraws).value_or(10'000));
  const auto inputs = asked.members("inputs", economics::kInputs);
  if (inputs.empty()) asked.complain("inputs", asked.has("inputs") ? "field.empty" : "field.required");
  for (auto [name, spread] : inputs) {
    auto read = read_spread(spread);
    read.input = read_input(in, spread.pointer(), name);
    if (economics::input_of(name)) out.spreads.push_back(std::move(read));
  }
  const bool given = asked.has("quantiles");
  const auto quantiles = optional_decimals(asked, "quantiles", 99);
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    out.quantiles.push_back(quantiles[i].value_or(Decimal()));
    if (quantiles[i] && (*quantiles[i] <= Decimal(0) || Decimal(1) <= *quantiles[i]))
      in.complain_at(json::pointer_to(json::pointer_to(asked.pointer(), "quantiles"), std::to_string(i)),
                     "economics.between_0_and_1");
  }
  if (!given)
    for (const auto* p : {"0.05", "0.25", "0.5", "0.75", "0.95"}) out.quantiles.push_back(Decimal::of(p));
  return out;
}

/// An error of the engine, whose pointers begin at the option, as one of the document. The discount rate is everyone's.
void collect(const Error& error, const std::string& pointer, std::vector<FieldError>& fields) {
  for (auto field : error.fields) {
    if (field.pointer != "#/discount_rate") field.pointer = pointer + field.pointer.substr(1);
    fields.push_back(std::move(field));
  }
}

Error invalid(std::vector<FieldError> fields) {
  const auto count = std::to_string(fields.size());
  return {ErrorKind::invalid, "input.invalid", {{"count", count}}, std::move(fields)};
}

/// What the engine finds wrong with the option at `pointer`: nothing that was held against a number of the option which
/// could not be read.
void judge(const Error& error, const std::string& pointer, const Result<void>& read, std::vector<FieldError>& fields) {
  static const std::set<std::string_view> kOfMoney{"economics.sum", "economics.more_than", "economics.residual"},
      kOfYears{"economics.years", "economics.years_fixed", "economics.year_count"};
  const auto unread = [&](std::initializer_list<const char*> names) {
    return !read && std::any_of(names.begin(), names.end(), [&](const std::string name) {
      const auto& complaints = read.error().fields;
      return std::any_of(complaints.begin(), complaints.end(),
                         [&](const auto& field) { return field.pointer.starts_with(pointer + name); });
    });
  };
  // "/investment" is investment_by_year too
  const bool no_money = unread({"/investment", "/working_capital", "/vat/in_investment"});
  const bool no_years = unread({"/years", "/investment_by_year"});
  std::vector<FieldError> found;
  collect(error, pointer, found);
  for (auto& field : found)
    if (!(no_money && kOfMoney.contains(field.code)) && !(no_years && kOfYears.contains(field.code)))
      fields.push_back(std::move(field));
}

/// What could not be read and, beside it, what is wrong with the rest.
Result<void> refused(const Result<void>& read, std::vector<FieldError> fields) {
  if (read) return fields.empty() ? Result<void>() : invalid(std::move(fields));
  return both_complaints(read.error(), invalid(std::move(fields)));
}

json::Object written(const economics::Appraisal& appraisal) {
  json::Object out{{"handbook", appraisal.handbook ? written(*appraisal.handbook) : json::Value(nullptr)},
                   {"engineering", written(appraisal.engineering)}};
  if (appraisal.before_tax) out["before_tax"] = written(*appraisal.before_tax);
  if (appraisal.equity) out["equity"] = written(*appraisal.equity);
  if (!appraisal.table.empty()) {
    json::Array rows;
    for (const auto& row : appraisal.table) rows.push_back(written(row));
    out["cash_flow_table"] = std::move(rows);
  }
  out["notes"] = remarks(appraisal.notes);
  return out;
}

json::Array conventions() {
  json::Array out;
  for (const auto* code : {"economics.convention_handbook", "economics.convention_engineering",
                           "economics.convention_payback", "economics.convention_mirr"})
    out.push_back(remark(code, {}));
  return out;
}

/// One option with what is asked about its uncertainty.
Result<json::Value> single(json::ObjectReader& in, const Watch& watch) {
  const auto option = read_option(in, std::nullopt);
  const auto bars = read_tornado(in);
  const auto simulation = read_simulation(in);
  const auto read = in.done();

  std::vector<FieldError> wrong;
  const auto appraisal = option.appraise();
  if (!appraisal) judge(appraisal.error(), "#", read, wrong);
  const auto subject = option.subject();
  const auto known = subject.inputs();
  for (std::size_t i = 0; bars && i < bars->inputs.size(); ++i)
    if (std::find(known.begin(), known.end(), bars->inputs[i]) == known.end())
      wrong.push_back({"#/sensitivity/inputs/" + std::to_string(i),
                       "economics.input_of_other",
                       {{"input", economics::to_string(bars->inputs[i])}}});
  if (simulation)
    for (auto& field : check(subject, *simulation, "#/monte_carlo")) wrong.push_back(std::move(field));
  QY_CHECK(refused(read, std::move(wrong)));

  auto out = written(*appraisal);
  if (bars) {
    json::Array swings;
    for (const auto& swing : tornado(subject, bars->inputs, bars->share)) swings.push_back(written(swing));
    out["sensitivity"] = std::move(swings);
  }
  if (simulation) {
    QY_TRY(const auto simulated, simulate(subject, *simulation, watch));
    out["monte_carlo"] = written(simulated, *simulation);
  }
  out["conventions"] = conventions();
  return out;
}

/// Options that exclude each other.
Result<json::Value> several(json::ObjectReader& in, const Watch& watch) {
  const auto rate = in.decimal("discount_rate");
  const bool must_choose = in.flag("must_choose");
  std::vector<std::string> ids;
  std::vector<Option> options;
  std::vector<std::string> pointers;
  std::set<std::string> seen;
  for (auto& alternative : in.objects("alternatives", kMostAlternatives, true)) {
    ids.push_back(alternative.text("id", 100));
    if (!ids.back().empty() && !seen.insert(ids.back()).second)
      alternative.complain("id", "economics.id_twice", {{"id", ids.back()}});
    options.push_back(read_option(alternative, rate));
    pointers.push_back(alternative.pointer());
  }
  const auto read = in.done();

  std::vector<FieldError> wrong;
  std::vector<economics::Alternative> alternatives;
  json::Array appraised;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!watch.go_on(static_cast<double>(i) / static_cast<double>(options.size() + 1))) return Watch::stopped();
    const auto appraisal = options[i].appraise();
    if (!appraisal) {
      judge(appraisal.error(), pointers[i], read, wrong);
      continue;
    }
    alternatives.push_back({ids[i], appraisal->flows});
    auto out = written(*appraisal);
    out["id"] = ids[i];
    appraised.push_back(std::move(out));
  }
  std::stable_sort(wrong.begin(), wrong.end(), [](const auto& a, const auto& b) { return a.pointer < b.pointer; });
  wrong.erase(std::unique(wrong.begin(), wrong.end()), wrong.end());
  QY_CHECK(refused(read, std::move(wrong)));

  const auto comparison = economics::compare(alternatives, rate, must_choose);
  return json::Object{{"handbook", nullptr},
                      {"engineering", nullptr},
                      {"comparison", written(comparison)},
                      {"alternatives", std::move(appraised)},
                      {"notes", remarks(comparison.notes)},
                      {"conventions", conventions()}};
}

}  // namespace

Result<json::Value> compute_economics(const rules::Library&, const json::Value& input, const Watch& watch) {
  json::ObjectReader in(input);
  return in.has("alternatives") ? several(in, watch) : single(in, watch);
}

}  // namespace qy::codec
