#include "codec/documents.h"
#include "engine/economics/economics.h"

namespace qy::codec {
namespace {

namespace economics = engine::economics;

json::Value optional_number(const std::optional<double>& value) {
  return value ? rounded_number(*value) : json::Value(nullptr);
}
json::Value optional_text(const std::optional<std::string>& value) {
  return value ? json::Value(*value) : json::Value(nullptr);
}

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

json::Value written(const economics::Engineering& engineering) {
  json::Array rates;
  for (const auto rate : engineering.irr) rates.push_back(rounded_number(rate));
  return json::Object{{"npv", rounded_number(engineering.npv)},
                      {"nav", rounded_number(engineering.nav)},
                      {"irr", rates},
                      {"mirr", optional_number(engineering.mirr)},
                      {"static_payback_years", optional_number(engineering.static_payback_years)},
                      {"dynamic_payback_years", optional_number(engineering.dynamic_payback_years)}};
}

/// The numbers of "cash_flows", each complaining at its place.
std::vector<Decimal> read_flows(json::ObjectReader& in) {
  std::vector<Decimal> flows;
  const auto value = in.any("cash_flows");
  const auto* list = value.if_array();
  if (!list) in.complain("cash_flows", "field.type", {{"expected.zh", "数组"}, {"expected.en", "an array"}});
  if (list && list->size() > 201) {
    in.complain("cash_flows", "field.too_many", {{"limit", "201"}});
    return flows;
  }
  for (std::size_t year = 0; list && year < list->size(); ++year) {
    const auto flow = json::decimal_of((*list)[year]);
    if (flow)
      flows.push_back(*flow);
    else
      in.complain_at(json::pointer_to(json::pointer_to(in.pointer(), "cash_flows"), std::to_string(year)),
                     flow.error().code, flow.error().params);
  }
  return flows;
}

}  // namespace

Result<json::Value> compute_economics(const rules::Library&, const json::Value& input, const Watch&) {
  json::ObjectReader in(input);
  const auto answer = [&]() -> Result<economics::Appraisal> {
    if (in.has("cash_flows")) {
      economics::CashFlows cash{read_flows(in), in.decimal("discount_rate")};
      QY_CHECK(in.done());
      return economics::appraise(cash);
    }
    economics::Proposal proposal;
    proposal.investment = in.decimal("investment");
    proposal.subsidy = in.optional_decimal("subsidy").value_or(Decimal());
    proposal.annual_saving = in.decimal("annual_saving");
    proposal.depreciation_years = static_cast<int>(in.integer("depreciation_years", 1, 100));
    proposal.tax_rate = in.decimal("tax_rate");
    proposal.years = static_cast<int>(in.integer("years", 1, 100));
    proposal.discount_rate = in.decimal("discount_rate");
    QY_CHECK(in.done());
    return economics::appraise(proposal);
  }();
  if (!answer) return answer.error();

  json::Array notes;
  for (const auto& note : answer->notes) notes.push_back(remark(note.code, note.params));
  return json::Object{{"handbook", answer->handbook ? written(*answer->handbook) : json::Value(nullptr)},
                      {"engineering", written(answer->engineering)},
                      {"notes", notes}};
}

}  // namespace qy::codec
