#include "document/workbook.h"
#include "regime/audits/audits_json.h"
#include "regime/identity/access.h"
#include "regime/identity/guard.h"
#include "regime/statistics/statistics.h"

namespace qy::statistics {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

/// The region asked for, within what the caller covers; his own when he does not say.
Result<std::string> region_of(const Request& request, const Caller& caller) {
  if (!caller.is_office() || (caller.role != identity::Role::officer && caller.role != identity::Role::chief))
    return identity::forbidden("forbidden.office_only");
  auto region = request.query("region");
  if (region.empty()) region = caller.region;
  if (region.empty() && caller.level != identity::Level::nation)
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/region", "statistics.region"}}};
  if (!caller.covers(region)) return identity::forbidden("statistics.other_region");
  return region;
}

Result<std::optional<int>> year_of(const Request& request) {
  QY_TRY(const auto year, request.query_integer("year", 0, 0, 2199));
  return year ? std::optional<int>(static_cast<int>(year)) : std::nullopt;
}

json::Object progress_json(const Progress& p) {
  return {{"region", p.region},       {"name", json::both(p.name)},
          {"listed", p.listed},       {"disclosed", p.disclosed},
          {"started", p.started},     {"submitted", p.submitted},
          {"evaluated", p.evaluated}, {"implemented", p.implemented},
          {"accepted", p.accepted},   {"report_filed", p.report_filed},
          {"late", p.late},           {"secret", p.secret}};
}

json::Object row_json(const PerformanceRow& row) {
  json::Object values;
  for (const auto& cell : row.cells) values[cell.column] = results::effect_of(cell.value).shortest();
  return {{"region", row.region}, {"name", json::both(row.name)}, {"cases", row.cases}, {"values", std::move(values)}};
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/statistics/progress",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto region, region_of(request, caller));
        QY_TRY(const auto year, year_of(request));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          const auto table = progress(tx, premises, region, year, premises.today());
          json::Array rows;
          for (const auto& row : table.rows) rows.push_back(progress_json(row));
          return http::ok(json::Object{{"region", region},
                                       {"year", year ? json::Value(*year) : json::Value(nullptr)},
                                       {"as_of", premises.today().str()},
                                       {"rows", std::move(rows)},
                                       {"total", progress_json(table.total)}});
        });
      });

  add("GET", "/api/v1/statistics/performance",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto region, region_of(request, caller));
        QY_TRY(const auto year, year_of(request));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          const auto table = performance(tx, premises, region, year);
          json::Array rows, columns;
          for (const auto& row : table.rows) rows.push_back(row_json(row));
          for (const auto& cell : table.total.cells)
            columns.push_back(json::Object{{"id", cell.column},
                                           {"title", json::both(cell.title)},
                                           {"unit", cell.unit},
                                           {"mark", rules::to_string(cell.mark)}});
          return http::ok(json::Object{{"region", region},
                                       {"year", year ? json::Value(*year) : json::Value(nullptr)},
                                       {"columns", std::move(columns)},
                                       {"rows", std::move(rows)},
                                       {"total", row_json(table.total)}});
        });
      });

  add("GET", "/api/v1/statistics/performance/{column}/cases",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto region, region_of(request, caller));
        QY_TRY(const auto year, year_of(request));
        QY_TRY(const auto page, http::page_of(request, {"value"}, "-value"));
        const auto column = request.parameter("column");
        const auto prefix = identity::region_prefix(region);
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          const auto found = results::contributions(tx, column, prefix, year, page);
          json::Array items;
          for (const auto& one : found.items)
            items.push_back(json::Object{{"audit", one.audit.str()},
                                         {"number", one.number},
                                         {"enterprise_name", one.enterprise_name},
                                         {"region", one.region},
                                         {"value", results::effect_of(one.value).shortest()}});
          return http::ok(json::Object{{"items", std::move(items)},
                                       {"total", found.total},
                                       {"page", page.page},
                                       {"page_size", page.size},
                                       {"sum", results::effect_of(found.sum).shortest()}});
        });
      });

  add("GET", "/api/v1/statistics/performance.xlsx",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto region, region_of(request, caller));
        QY_TRY(const auto year, year_of(request));
        const auto table = premises.database->read(
            [&](Tx& tx) -> Result<PerformanceTable> { return performance(tx, premises, region, year); });
        QY_CHECK(table);
        const auto language = request.language;
        const bool zh = language == Language::zh;
        document::SheetOut sheet;
        sheet.name = zh ? "绩效表" : "Performance";
        sheet.title = table->total.name.in(language) + (year ? " " + std::to_string(*year) : "") +
                      (zh ? " 清洁生产审核绩效表" : " performance of cleaner production audits");
        sheet.notes = {zh ? "口径：已公布验收合格结果的审核任务，方案效果为核定值。列的核实程度见系统说明。"
                          : "Counted: cases with a published passing result; effects are verified values."};
        sheet.columns.push_back({.heading = zh ? "地区" : "Region", .width = 16});
        sheet.columns.push_back({.heading = zh ? "合格任务数" : "Cases", .type = document::Column::Type::number});
        for (const auto& cell : table->total.cells)
          sheet.columns.push_back(
              {.heading = cell.title.in(language) + (cell.unit.empty() ? "" : "（" + cell.unit + "）"),
               .type = document::Column::Type::number,
               .wrap = true});
        const auto values = [&](const PerformanceRow& row) {
          std::vector<document::Value> line{row.name.in(language), Decimal(row.cases)};
          for (const auto& cell : row.cells) line.emplace_back(results::effect_of(cell.value));
          return line;
        };
        for (const auto& row : table->rows) sheet.rows.push_back(values(row));
        auto total = values(table->total);
        total[0] = std::string(zh ? "合计" : "Total");
        sheet.totals.push_back(std::move(total));
        document::WorkbookOut workbook;
        workbook.sheets.push_back(std::move(sheet));
        QY_TRY(auto bytes, document::write_workbook(workbook));
        return http::download(std::move(bytes), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                              zh ? "绩效表.xlsx" : "performance.xlsx");
      });
}

}  // namespace qy::statistics
