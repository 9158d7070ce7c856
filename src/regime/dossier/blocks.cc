#include <algorithm>
#include <functional>
#include <set>

#include "base/text.h"
#include "document/figures.h"
#include "regime/analysis/analysis_commands.h"
#include "regime/dossier/material.h"

namespace qy::dossier {
namespace {

using document::Align;
using document::Block;
using document::Cell;
using document::Paragraph;
using document::Table;
using figures::Aspect;

std::string zh_at(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_object()) return "";
  const auto* zh = value->as_object().if_contains("zh");
  return zh && zh->is_string() ? std::string(zh->as_string()) : "";
}

std::string text_at(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : "";
}

Cell left(std::string text) {
  Cell cell(std::move(text));
  cell.align = Align::start;
  return cell;
}

std::string dash(std::string text) { return text.empty() ? "—" : text; }

/// "2025年比2023年下降21.0%", or what there is to say.
std::string trend(const std::string& title, int first_year, const Decimal& first, int last_year, const Decimal& last) {
  if (first.is_zero() || first == last) return title + (first == last ? "三年基本持平" : "");
  const auto change = Decimal::divide((last - first) * Decimal(100), first, 1);
  if (!change) return title;
  const bool down = change->is_negative();
  return title + std::to_string(last_year) + "年比" + std::to_string(first_year) + "年" + (down ? "下降" : "上升") +
         (down ? -*change : *change).str() + "%";
}

std::optional<Decimal> number_of(const Material& m, std::string_view key, int year, Aspect aspect = Aspect::measured,
                                 std::string_view scope = "") {
  const auto* figure = m.ledger.find(key, std::to_string(year), aspect, scope);
  if (!figure || !figure->claim.value.is_number()) return std::nullopt;
  return figure->claim.value.number;
}

/// "示范省云溪市汀兰区".
std::string region_path(const rules::Library& rules, const std::string& code, Date on) {
  std::string out;
  std::string at = code;
  for (int steps = 0; steps < 4 && !at.empty(); ++steps) {
    const auto* region = rules.find_region(at, on);
    if (!region) break;
    out.insert(0, region->name.zh);
    at = region->parent;
  }
  return out.empty() ? code : out;
}

// --- the enterprise and the case ---

std::vector<Block> listing_facts(const Material& m, const Premises& premises) {
  const auto& rules = *premises.rules;
  const auto* industry = rules.find_industry(m.audit.industry);
  std::string categories;
  for (const auto& id : m.audit.categories)
    if (const auto* category = rules.find_category(id))
      categories += (categories.empty() ? "" : "、") + category->title.zh;
  std::string text = m.audit.enterprise_name + "位于" + region_path(rules, m.audit.region, m.on);
  if (industry) text += "，所属行业为" + industry->name.zh + "（" + m.audit.industry + "）";
  if (m.audit.published_on)
    text += "，因" + dash(categories) + "列入" + std::to_string(m.audit.year) +
            "年度强制性清洁生产审核企业名单，名单于" + m.audit.published_on->zh() + "公布";
  text += "。";
  if (m.audit.started_on) text += "本轮审核于" + m.audit.started_on->zh() + "启动";
  if (const auto* mode = rules.find_mode(m.audit.mode); mode && m.audit.started_on) text += "，采用" + mode->title.zh;
  if (m.audit.started_on) text += "。";
  if (!m.former_rounds.empty()) {
    const auto& last = m.former_rounds.front();
    text += "企业此前已完成" + std::to_string(m.former_rounds.size()) + "轮清洁生产审核，最近一轮于" +
            last.accepted_on.zh() + "通过验收。";
  }
  text += "报告所列数据为" + std::to_string(m.years().front()) + "年至" + std::to_string(m.years().back()) + "年。";
  return {Paragraph(text)};
}

std::vector<Block> legal_basis_table(const Material& m, const Premises& premises) {
  const auto& rules = *premises.rules;
  std::vector<std::string> bases;
  for (const auto& id : m.audit.categories)
    if (const auto* category = rules.find_category(id)) bases.push_back(category->basis);
  for (const char* id : {"audit.start", "audit.steps", "audit.finish", "report.duty", "evaluation", "acceptance"})
    bases.emplace_back(id);
  Table table{.caption = "审核依据",
              .widths = {3.6, 3, 2, 2.4},
              .aligns = {Align::start, Align::start, Align::centre, Align::start}};
  table.rows.push_back({"文件", "文号", "条款", "事项"});
  // One line a document: its clauses and what they are about, each once, in the order of the audit.
  struct Line {
    rules::Citation citation;
    std::vector<std::string> clauses, matters;
  };
  std::vector<Line> lines;
  const auto add = [](std::vector<std::string>& all, const std::string& one) {
    if (!one.empty() && std::ranges::find(all, one) == all.end()) all.push_back(one);
  };
  for (const auto& id : bases) {
    const auto basis =
        std::find_if(rules.bases().begin(), rules.bases().end(), [&](const auto& b) { return b.id == id; });
    for (auto& citation : rules.cite(id, m.on)) {
      auto line = std::ranges::find(lines, citation.document, [](const Line& one) { return one.citation.document; });
      if (line == lines.end())
        line = lines.insert(lines.end(), Line{.citation = citation, .clauses = {}, .matters = {}});
      add(line->clauses, citation.clause);
      if (basis != rules.bases().end()) add(line->matters, basis->title.zh);
    }
  }
  for (const auto& line : lines)
    table.rows.push_back({line.citation.title.zh, dash(line.citation.number), dash(join(line.clauses, "、")),
                          dash(join(line.matters, "、"))});
  if (const auto* system = rules.find_system(m.audit.indicator_system))
    if (const auto* paper = rules.find_document(system->document))
      table.rows.push_back({paper->title.zh, dash(paper->number), "—", "清洁生产水平评价"});
  if (table.rows.size() == 1) return {};
  table.note = "注：所列为报告日期有效的文件。";
  return {table};
}

std::vector<Block> enterprise_table(const Material& m, const Premises& premises) {
  if (!m.enterprise) return {};
  const auto& rules = *premises.rules;
  const auto& f = m.enterprise->facts;
  const auto* industry = rules.find_industry(f.industry);
  Table table{.caption = "企业基本情况",
              .header_rows = 0,
              .widths = {1.6, 3, 1.6, 3},
              .aligns = {Align::centre, Align::start, Align::centre, Align::start}};
  const auto name = [](const char* text) {
    Cell cell(text);
    cell.shaded = true;
    return cell;
  };
  const auto wide = [](std::string text) {
    auto cell = left(std::move(text));
    cell.columns = 3;
    return cell;
  };
  std::string permits, tags;
  for (const auto& permit : f.permits) permits += (permits.empty() ? "" : "；") + permit.number;
  for (const auto& id : registry::priority_industries_of(rules, f.industry, f.tags))
    for (const auto& priority : rules.priority_industries())
      if (priority.id == id) tags += (tags.empty() ? "" : "、") + priority.title.zh;
  const auto bound = bind_text(m, rules, "{{enterprise:scale}}").text;
  table.rows = {
      {name("企业名称"), left(f.name), name("统一社会信用代码"), left(dash(f.credit_code))},
      {name("法人名称"), left(f.legal_name.empty() ? f.name : f.legal_name), name("法定代表人"),
       left(dash(f.legal_representative))},
      {name("所在地区"), left(region_path(rules, f.region, m.on)), name("企业规模"),
       left(f.scale.empty() ? "—" : bound)},
      {name("详细地址"), wide(dash(f.address))},
      {name("所属行业"), left(industry ? industry->name.zh + "（" + f.industry + "）" : dash(f.industry)),
       name("重点行业"), left(dash(tags))},
      {name("排污许可"), wide(dash(permits))},
  };
  return {table};
}

std::vector<Block> steps_table(const Material& m, const Premises& premises) {
  const auto* mode = premises.rules->find_mode(m.audit.mode);
  const auto* jurisdiction = premises.rules->find_jurisdiction(m.audit.jurisdiction);
  const bool handbook = jurisdiction && jurisdiction->step_names == "handbook";
  Table table{.caption = "审核阶段与工作内容",
              .widths = {0.8, 2.4, 6, 1.6},
              .aligns = {Align::centre, Align::start, Align::start, Align::centre}};
  table.rows.push_back({"序号", "阶段", "主要工作内容", "本轮安排"});
  int n = 0;
  for (const auto& step : premises.rules->steps()) {
    const bool dropped = mode && mode->dropped_steps.count(step.id) > 0;
    table.rows.push_back({std::to_string(++n), handbook ? step.handbook_title.zh : step.title.zh, step.content.zh,
                          dropped ? "按模式省略" : "开展"});
  }
  if (n == 0) return {};
  return {table};
}

// --- three-year series ---

std::vector<Block> series(const Material& m, const Premises& premises, const char* group, const char* caption) {
  const auto years = m.years();
  Table table{.caption = caption,
              .widths = {3.4, 1.4, 1.6, 1.6, 1.6},
              .aligns = {Align::start, Align::centre, Align::end, Align::end, Align::end}};
  table.rows.push_back({"名称", "单位", std::to_string(years[0]) + "年", std::to_string(years[1]) + "年",
                        std::to_string(years[2]) + "年"});
  for (const auto& key : premises.rules->keys()) {
    if (key.group != group) continue;
    std::vector<std::string> scopes;
    for (const auto* figure : m.ledger.of_key(key.key))
      if (figure->place.aspect == Aspect::measured &&
          std::find(scopes.begin(), scopes.end(), figure->place.scope) == scopes.end())
        scopes.push_back(figure->place.scope);
    for (const auto& scope : scopes) {
      std::vector<Cell> row;
      const auto colon = scope.find(':');
      const auto place = colon == std::string::npos ? scope : scope.substr(colon + 1);
      // What a material or product is called says more than the key it stands under.
      const bool named = scope.starts_with("material:") || scope.starts_with("product:");
      row.push_back(place.empty() ? key.title.zh : named ? place : key.title.zh + "（" + place + "）");
      row.push_back(shown_unit(key.unit));
      bool any = false;
      for (const int year : years) {
        const auto* figure = m.ledger.find(key.key, std::to_string(year), Aspect::measured, scope);
        const bool blank = !figure || figure->claim.value.is_blank();
        any = any || !blank;
        row.push_back(blank                             ? "—"
                      : figure->claim.value.is_number() ? figure->claim.value.number.grouped()
                                                        : shown(figure->claim.value));
        if (!blank && figure->claim.value.is_number()) row[1] = shown_unit(figure->claim.value.unit);
      }
      if (any) table.rows.push_back(std::move(row));
    }
  }
  if (table.rows.size() == 1) return {};
  table.note = "注：数据来自企业数据台账，“—”表示未填报。";
  return {table};
}

/// A chart of one or two keys over the three years; empty with fewer than two values of the first.
std::vector<Block> series_figure(const Material& m, const Premises& premises,
                                 const std::vector<std::vector<const char*>>& choices) {
  const auto years = m.years();
  for (const auto& keys : choices) {
    document::Chart chart;
    for (const int year : years) chart.labels.push_back(std::to_string(year) + "年");
    std::string caption, unit;
    for (const char* id : keys) {
      const auto* key = premises.rules->find_key(id);
      if (!key) continue;
      document::Series line{.name = key->title.zh};
      int known = 0;
      for (const int year : years) {
        line.values.push_back(number_of(m, id, year));
        known += line.values.back().has_value();
      }
      if (known < (caption.empty() ? 2 : 1)) {
        if (caption.empty()) break;
        continue;
      }
      if (caption.empty()) {
        unit = shown_unit(key->unit);
        std::size_t a = 0, b = years.size() - 1;
        while (!line.values[a]) ++a;
        while (!line.values[b]) --b;
        chart.title = trend(key->title.zh, years[a], *line.values[a], years[b], *line.values[b]);
        caption = key->title.zh;
      } else {
        if (shown_unit(key->unit) != unit) continue;
        caption += "与" + key->title.zh;
      }
      chart.series.push_back(std::move(line));
    }
    if (chart.series.empty()) continue;
    chart.unit = unit;
    return {document::Figure{.caption = "近三年" + caption,
                             .svg = document::bar_chart_svg(chart),
                             .width_mm = 135,
                             .description = chart.title}};
  }
  return {};
}

// --- the level ---

std::string level_text(const std::string& level) {
  if (level == "I") return "Ⅰ级";
  if (level == "II") return "Ⅱ级";
  if (level == "III") return "Ⅲ级";
  if (level == "below") return "低于Ⅲ级";
  if (level == "not_applicable") return "不适用";
  return "未评定";
}

std::string benchmark_text(const json::Object& row, const char* level) {
  const auto* all = row.if_contains("benchmarks");
  const auto* one = all && all->is_object() ? all->as_object().if_contains(level) : nullptr;
  if (!one || !one->is_object()) return "—";
  const auto& object = one->as_object();
  const auto kind = text_at(object, "kind");
  if (kind == "number") {
    const bool up = row.contains("higher_is_better") && row.at("higher_is_better").as_bool(),
               strict = row.contains("strict") && row.at("strict").as_bool();
    return (up ? (strict ? ">" : "≥") : (strict ? "<" : "≤")) + text_at(object, "text");
  }
  if (kind == "text") return zh_at(object, "title");
  if (kind == "same_as") return "同" + level_text(text_at(object, "text"));
  return kind == "none" ? "无要求" : "—";
}

std::string answer_text(const json::Object& row) {
  const auto* answer = row.if_contains("answer");
  if (!answer || !answer->is_object()) return "未填";
  const auto& object = answer->as_object();
  if (const auto value = text_at(object, "value"); !value.empty()) {
    const auto number = Decimal::parse(value);
    return number && number->decimals() > 4 ? Decimal::of(number->rounded_half_even(4).shortest()).grouped()
           : number                         ? number->grouped()
                                            : value;
  }
  if (const auto reason = text_at(object, "not_applicable"); !reason.empty()) return "不适用：" + reason;
  if (const auto* metrics = object.if_contains("metrics"); metrics && metrics->is_array()) {
    std::string out;
    for (const auto& metric : metrics->as_array())
      out += (out.empty() ? "" : "；") + std::string(metric.is_string() ? metric.as_string() : "");
    return out;
  }
  const auto level = text_at(object, "level");
  return level.empty() ? "未填" : level == "below" ? "未达Ⅲ级要求" : "符合" + level_text(level);
}

std::string verification_zh(const std::string& mark) {
  if (mark == "complete-verified") return "已核实";
  if (mark == "partial") return "部分核实";
  if (mark == "from-memory") return "未核实（凭记忆整理）";
  return "草案";
}

std::string level_sentence(const analysis::Benchmark& benchmark) {
  const auto& document = benchmark.document.as_object();
  if (!benchmark.missing.empty())
    return "尚有" + std::to_string(benchmark.missing.size()) + "项指标没有数据，暂不评定清洁生产水平等级。";
  if (!benchmark.without_output.empty())
    return "尚有" + std::to_string(benchmark.without_output.size()) +
           "项指标缺少产品产量，权重无法分摊，暂不评定清洁生产水平等级。";
  if (!benchmark.has_index) return "所用指标体系没有公布权重，只逐项对标，不计算综合评价指数，不评定等级。";
  if (!benchmark.level) return "暂不能评定清洁生产水平等级。";
  const auto name = zh_at(document, "level_name");
  if (*benchmark.level == "none") return "综合评价指数和限定性指标均未达到Ⅲ级要求，不评定等级。";
  return "经对标，企业清洁生产水平为" + level_text(*benchmark.level) + (name.empty() ? "" : "（" + name + "）") + "。";
}

std::vector<Block> indicator_table(const std::optional<analysis::Benchmark>& benchmark, const char* caption) {
  if (!benchmark) return {};
  const auto& document = benchmark->document.as_object();
  Table table{.caption = caption,
              .widths = {0.7, 2.6, 1.3, 1, 1.7, 1.7, 1.7, 1.7, 1.2},
              .aligns = {Align::centre, Align::start, Align::centre, Align::centre, Align::start, Align::start,
                         Align::start, Align::centre, Align::centre},
              .size = 9};
  table.rows.push_back({"序号", "指标", "单位", "权重", "Ⅰ级基准值", "Ⅱ级基准值", "Ⅲ级基准值", "企业现状", "达到等级"});
  const auto* groups = document.if_contains("groups");
  if (!groups || !groups->is_array()) return {};
  for (const auto& item : groups->as_array()) {
    const auto& group = item.as_object();
    const auto weight = text_at(group, "weight");
    Cell title(zh_at(group, "name") + (weight.empty() ? "" : "（权重 " + weight + "）"));
    title.columns = 9;
    title.shaded = title.bold = true;
    title.align = Align::start;
    table.rows.push_back({title});
    for (const auto& entry : group.at("rows").as_array()) {
      const auto& row = entry.as_object();
      const bool limiting = row.contains("limiting") && row.at("limiting").as_bool();
      table.rows.push_back({text_at(row, "id"), (limiting ? "★" : "") + zh_at(row, "name"),
                            dash(shown_unit(text_at(row, "unit"))), dash(text_at(row, "weight")),
                            benchmark_text(row, "I"), benchmark_text(row, "II"), benchmark_text(row, "III"),
                            answer_text(row), level_text(text_at(row, "level"))});
    }
  }
  if (table.rows.size() == 1) return {};
  std::string note = "注：★为限定性指标。";
  if (const auto* system = document.if_contains("system"); system && system->is_object()) {
    const auto& s = system->as_object();
    note += "评价依据：" + zh_at(s, "title") + "，数值核实情况：" + verification_zh(text_at(s, "verification")) + "。";
  }
  table.note = note;
  return {Paragraph(level_sentence(*benchmark) + "逐项对标结果见下页表。"), document::Orientation{true}, table,
          document::Orientation{false}};
}

std::vector<Block> level_figure(const std::optional<analysis::Benchmark>& benchmark, const Premises& premises,
                                const audits::Audit& audit, const char* caption) {
  if (!benchmark) return {};
  const auto* index = benchmark->document.as_object().if_contains("index");
  const auto* system = premises.rules->find_system(audit.indicator_system);
  const auto* rule = system ? premises.rules->find_level_rule(system->level_rule) : nullptr;
  if (!index || !index->is_object() || !rule) return {};
  std::vector<document::LevelBar> bars;
  for (const auto& level : rule->levels) {
    const auto value = Decimal::parse(text_at(index->as_object(), level.id));
    if (!value) continue;
    const bool passed = level.exactly ? *value == level.index : *value >= level.index;
    bars.push_back({.name = "Y" + std::string(level.id == "I"    ? "Ⅰ"
                                              : level.id == "II" ? "Ⅱ"
                                                                 : "Ⅲ"),
                    .value = value->rounded_half_even(2),
                    .pass = level.index,
                    .passed = passed});
  }
  if (bars.empty()) return {};
  return {document::Figure{.caption = caption, .svg = document::level_bars_svg("综合评价指数", bars), .width_mm = 130}};
}

// --- options ---

constexpr const char* kNoneLow = "none_or_low";
constexpr const char* kMediumHigh = "medium_or_high";

std::string state_zh(const std::string& state) {
  static const std::map<std::string, std::string> names{{"proposed", "提出"},      {"feasible", "可行"},
                                                        {"dropped", "不采用"},     {"planned", "计划实施"},
                                                        {"implemented", "已实施"}, {"verified", "已核实"}};
  const auto found = names.find(state);
  return found == names.end() ? state : found->second;
}

std::string origin_zh(const std::string& origin) {
  static const std::map<std::string, std::string> names{
      {"material", "原辅材料和能源"}, {"process", "技术工艺"}, {"equipment", "设备"},
      {"control", "过程控制"},        {"product", "产品"},     {"waste", "废弃物"},
      {"management", "管理"},         {"staff", "员工"}};
  const auto found = names.find(origin);
  return found == names.end() ? origin : found->second;
}

std::string value_text(const std::map<std::string, Decimal>& values, const char* column) {
  const auto found = values.find(column);
  return found == values.end() ? "—" : found->second.grouped();
}

using Wanted = std::function<bool(const analysis::Option&)>;

std::vector<Block> option_list(const Material& m, const char* caption, const Wanted& wanted, bool with_class) {
  Table table{
      .caption = caption,
      .unit = "单位：万元、万元/年",
      .widths = {1.1, 2.6, 4, 1.6, 1.3, 1.3, 1.3},
      .aligns = {Align::centre, Align::start, Align::start, Align::centre, Align::end, Align::end, Align::centre},
      .size = 9.5};
  table.rows.push_back({"编号", "方案名称", "方案简介", with_class ? "类别" : "产生方面", "投资", "经济效益", "状态"});
  for (const auto& option : m.options) {
    if (!wanted(option)) continue;
    table.rows.push_back(
        {option.code, option.title, option.description,
         with_class ? (option.cost_class == kNoneLow ? "无/低费" : "中/高费") : origin_zh(option.origin),
         value_text(option.planned, "investment"), value_text(option.planned, "annual_saving"),
         state_zh(option.state)});
  }
  if (table.rows.size() == 1) return {};
  return {table};
}

std::vector<Block> option_origins(const Material& m) {
  if (m.options.empty()) return {};
  std::map<std::string, std::pair<int, int>> counts;
  int low = 0, high = 0;
  for (const auto& option : m.options) {
    auto& count = counts[option.origin];
    ++(option.cost_class == kNoneLow ? count.first : count.second);
    ++(option.cost_class == kNoneLow ? low : high);
  }
  Table table{.caption = "方案按产生方面汇总",
              .widths = {3, 2, 2, 2},
              .aligns = {Align::start, Align::centre, Align::centre, Align::centre}};
  table.rows.push_back({"产生方面", "无/低费方案", "中/高费方案", "合计"});
  for (const char* origin : {"material", "process", "equipment", "control", "product", "waste", "management", "staff"})
    if (const auto count = counts.find(origin); count != counts.end())
      table.rows.push_back({origin_zh(origin), std::to_string(count->second.first),
                            std::to_string(count->second.second),
                            std::to_string(count->second.first + count->second.second)});
  Cell total("合计");
  total.bold = true;
  table.rows.push_back({total, std::to_string(low), std::to_string(high), std::to_string(low + high)});
  return {Paragraph("本轮审核共提出清洁生产方案" + std::to_string(low + high) + "项，其中无/低费方案" +
                    std::to_string(low) + "项，中/高费方案" + std::to_string(high) + "项。"),
          table};
}

/// A number of the compute document, rounded for print; "—" when it has none. Of several IRR roots none is the answer.
std::string printed(const json::Object& object, std::string_view key, int places, const Decimal& factor = Decimal(1)) {
  const auto* value = object.if_contains(key);
  if (!value || value->is_null() || value->is_array()) return "—";
  const auto number = json::decimal_of(*value);
  return number ? (*number * factor).rounded_half_up(places).grouped() : "—";
}

std::vector<Block> option_economics(const Material& m, const Premises& premises) {
  analysis::Assumptions assumptions{.tax_rate = Decimal::of("0.25"), .discount_rate = Decimal::of("0.06")};
  Table table{.caption = "中/高费方案经济评估",
              .widths = {1, 2.8, 1.3, 1.3, 1.4, 1.4, 1.4},
              .aligns = {Align::centre, Align::start, Align::end, Align::end, Align::end, Align::end, Align::end}};
  table.rows.push_back({"编号", "方案名称", "总投资（万元）", "年效益（万元）", "投资偿还期（年）", "净现值（万元）",
                        "内部收益率（%）"});
  for (const auto& option : m.options) {
    if (option.cost_class != kMediumHigh || option.state == "dropped") continue;
    const auto answer = analysis::economics_of(premises, option, assumptions);
    std::string payback = "—", npv = "—", irr = "—";
    if (answer && *answer && (*answer)->is_object()) {
      const auto& object = (*answer)->as_object();
      if (const auto* handbook = object.if_contains("handbook"); handbook && handbook->is_object()) {
        payback = printed(handbook->as_object(), "payback_years", 2);
        npv = printed(handbook->as_object(), "npv", 2);
        irr = printed(handbook->as_object(), "irr", 2, Decimal(100));
      }
    }
    table.rows.push_back({option.code, option.title, value_text(option.planned, "investment"),
                          value_text(option.planned, "annual_saving"), payback, npv, irr});
  }
  if (table.rows.size() == 1) return {};
  table.note = "注：按审核手册方法计算；折旧年限" + std::to_string(assumptions.depreciation_years) + "年，计算期" +
               std::to_string(assumptions.years) + "年，所得税率25%，贴现率6%。没有投资或没有经济效益的方案不计算。";
  return {table};
}

std::vector<Block> option_plan(const Material& m) {
  Table table{.caption = "中/高费方案实施计划",
              .widths = {1, 3.4, 1.6, 2, 2.4},
              .aligns = {Align::centre, Align::start, Align::end, Align::centre, Align::start}};
  table.rows.push_back({"编号", "方案名称", "投资（万元）", "计划完成", "责任部门（人）"});
  for (const auto& option : m.options)
    if (option.cost_class == kMediumHigh && option.state != "dropped")
      table.rows.push_back({option.code, option.title, value_text(option.planned, "investment"),
                            option.planned_on ? option.planned_on->zh() : "—", dash(option.responsible)});
  if (table.rows.size() == 1) return {};
  return {table};
}

std::vector<Block> option_progress(const Material& m) {
  Table table{.caption = "方案实施情况",
              .widths = {1, 3.2, 1.2, 1.6, 1.6, 2.4},
              .aligns = {Align::centre, Align::start, Align::centre, Align::centre, Align::centre, Align::start}};
  table.rows.push_back({"编号", "方案名称", "类别", "计划完成", "实际完成", "情况"});
  for (const auto& option : m.options)
    table.rows.push_back({option.code, option.title, option.cost_class == kNoneLow ? "无/低费" : "中/高费",
                          option.planned_on ? option.planned_on->str() : "—",
                          option.implemented_on ? option.implemented_on->str() : "—",
                          option.state == "dropped" ? "不采用：" + option.drop_reason : state_zh(option.state)});
  if (table.rows.size() == 1) return {};
  return {table};
}

/// 绩效表: one row per option, one column per effect that any of them has, across the page.
std::vector<Block> performance(const Material& m, const Premises& premises, bool verified, const char* caption) {
  const auto values = [&](const analysis::Option& option) -> const std::map<std::string, Decimal>& {
    return verified ? option.verified : option.planned;
  };
  const auto counts = [&](const analysis::Option& option) {
    return option.state != "dropped" && (!verified || option.state == "verified");
  };
  std::vector<const rules::PerformanceColumn*> columns;
  for (const auto& column : premises.rules->performance_columns())
    if (std::any_of(m.options.begin(), m.options.end(),
                    [&](const auto& option) { return counts(option) && values(option).contains(column.id); }))
      columns.push_back(&column);
  if (columns.empty()) return {};
  Table table{.caption = caption,
              .widths = {1, 3},
              .aligns = {Align::centre, Align::start},
              .size = columns.size() > 9 ? 8.0 : 9.0};
  table.rows.push_back({"编号", "方案名称"});
  for (const auto* column : columns) {
    const auto unit = shown_unit(column->unit);
    table.rows[0].push_back(column->title.zh + (unit.empty() ? "" : "（" + unit + "）"));
    table.widths.push_back(1.35);
    table.aligns.push_back(Align::end);
  }
  for (const auto& option : m.options) {
    if (!counts(option)) continue;
    std::vector<Cell> row{option.code, option.title};
    for (const auto* column : columns) row.push_back(value_text(values(option), column->id.c_str()));
    table.rows.push_back(std::move(row));
  }
  const auto totals = analysis::totals_of(m.options, verified);
  Cell total("合计");
  total.columns = 2;
  total.bold = total.shaded = true;
  std::vector<Cell> last{total};
  for (const auto* column : columns) {
    Cell cell(value_text(totals, column->id.c_str()));
    cell.bold = cell.shaded = true;
    last.push_back(cell);
  }
  table.rows.push_back(std::move(last));
  table.note = verified ? "注：只列已核实的方案。" : "注：数值为预期效果，不含不采用的方案。";
  return {Paragraph(verified ? "各方案经核实的实际效果见下页绩效表。" : "各方案的预期效果见下页绩效表。"),
          document::Orientation{true}, table, document::Orientation{false}};
}

std::vector<Block> planned_against_verified(const Material& m, const Premises& premises) {
  const auto planned = analysis::totals_of(m.options, false), verified = analysis::totals_of(m.options, true);
  if (verified.empty()) return {};
  Table table{.caption = "预期效果与实际效果对比",
              .widths = {3, 1.4, 2, 2, 1.8},
              .aligns = {Align::start, Align::centre, Align::end, Align::end, Align::end}};
  table.rows.push_back({"项目", "单位", "预期", "实际", "完成率（%）"});
  for (const auto& column : premises.rules->performance_columns()) {
    const auto wanted = planned.find(column.id), got = verified.find(column.id);
    if (wanted == planned.end() && got == verified.end()) continue;
    std::string rate = "—";
    if (wanted != planned.end() && got != verified.end() && !wanted->second.is_zero())
      if (const auto share = Decimal::divide(got->second * Decimal(100), wanted->second, 1)) rate = share->str();
    table.rows.push_back({column.title.zh, dash(shown_unit(column.unit)), value_text(planned, column.id.c_str()),
                          value_text(verified, column.id.c_str()), rate});
  }
  return {table};
}

std::vector<Block> conclusion_facts(const Material& m, const Premises& premises) {
  std::vector<Block> out;
  if (!m.options.empty()) {
    int low = 0, high = 0, done = 0, dropped = 0;
    for (const auto& option : m.options) {
      ++(option.cost_class == kNoneLow ? low : high);
      done += option.state == "implemented" || option.state == "verified";
      dropped += option.state == "dropped";
    }
    std::string text = "本轮审核共提出方案" + std::to_string(low + high) + "项（无/低费" + std::to_string(low) +
                       "项，中/高费" + std::to_string(high) + "项），已实施" + std::to_string(done) + "项";
    if (dropped) text += "，不采用" + std::to_string(dropped) + "项";
    const bool verified = m.stage == Stage::acceptance;
    std::string effects;
    const auto totals = analysis::totals_of(m.options, verified);
    for (const auto& column : premises.rules->performance_columns())
      if (const auto value = totals.find(column.id);
          value != totals.end() && !value->second.is_zero() && column.id != "other")
        effects += (effects.empty() ? "" : "、") + column.title.zh + value->second.grouped() + shown_unit(column.unit);
    text += effects.empty()
                ? "。"
                : std::string("。方案") + (verified ? "经核实的实际" : "实施后的预期") + "效果合计：" + effects + "。";
    out.push_back(Paragraph(text));
  }
  const auto& benchmark = m.stage == Stage::acceptance && m.after ? m.after : m.found;
  if (benchmark) out.push_back(Paragraph(level_sentence(*benchmark)));
  return out;
}

std::vector<Block> attachment_list(const Material& m) {
  if (m.attachments.empty()) return {};
  document::List list{.ordered = true};
  for (const auto& file : m.attachments) list.items.push_back({document::Run{.text = file.name}});
  return {list};
}

using Maker = std::function<std::vector<Block>(const Material&, const Premises&)>;

const std::map<std::string, Maker, std::less<>>& makers() {
  const auto by_class = [](const char* cost_class, const char* caption) {
    return [=](const Material& m, const Premises&) {
      return option_list(
          m, caption, [=](const auto& o) { return o.cost_class == cost_class && o.state != "dropped"; }, false);
    };
  };
  static const std::map<std::string, Maker, std::less<>> all = {
      {"listing_facts", listing_facts},
      {"legal_basis_table", legal_basis_table},
      {"enterprise_table", enterprise_table},
      {"steps_table", steps_table},
      {"product_series",
       [](const Material& m, const Premises& p) { return series(m, p, "product", "近三年产品与运行情况"); }},
      {"material_series",
       [](const Material& m, const Premises& p) { return series(m, p, "material", "近三年原辅材料消耗"); }},
      {"energy_series", [](const Material& m, const Premises& p) { return series(m, p, "energy", "近三年能源消耗"); }},
      {"water_series", [](const Material& m, const Premises& p) { return series(m, p, "water", "近三年水资源消耗"); }},
      {"pollutant_series",
       [](const Material& m, const Premises& p) { return series(m, p, "pollutant", "近三年污染物产生与排放"); }},
      {"energy_figure",
       [](const Material& m, const Premises& p) {
         return series_figure(
             m, p, {{"energy.total"}, {"electricity.used"}, {"electricity.bought"}, {"gas.natural"}, {"coal.raw"}});
       }},
      {"water_figure",
       [](const Material& m, const Premises& p) {
         return series_figure(m, p, {{"water.fresh", "water.reused"}, {"water.municipal"}});
       }},
      {"pollutant_figure",
       [](const Material& m, const Premises& p) {
         return series_figure(
             m, p, {{"cod.discharged", "nh3n.discharged"}, {"wastewater.discharged"}, {"hazardous_waste.generated"}});
       }},
      {"indicator_table",
       [](const Material& m, const Premises&) { return indicator_table(m.found, "清洁生产水平对标结果"); }},
      {"level_figure",
       [](const Material& m, const Premises& p) { return level_figure(m.found, p, m.audit, "审核前综合评价指数"); }},
      {"indicator_table_after",
       [](const Material& m, const Premises&) { return indicator_table(m.after, "审核后清洁生产水平对标结果"); }},
      {"level_figure_after",
       [](const Material& m, const Premises& p) { return level_figure(m.after, p, m.audit, "审核后综合评价指数"); }},
      {"option_origins", [](const Material& m, const Premises&) { return option_origins(m); }},
      {"option_list",
       [](const Material& m, const Premises&) {
         return option_list(
             m, "清洁生产方案汇总", [](const auto&) { return true; }, true);
       }},
      {"option_none_low", by_class(kNoneLow, "无/低费方案")},
      {"option_medium_high", by_class(kMediumHigh, "推荐实施的中/高费方案")},
      {"option_none_low_results",
       [](const Material& m, const Premises&) {
         return option_list(
             m, "已实施的无/低费方案",
             [](const auto& o) {
               return o.cost_class == kNoneLow && (o.state == "implemented" || o.state == "verified");
             },
             false);
       }},
      {"option_economics", option_economics},
      {"option_plan", [](const Material& m, const Premises&) { return option_plan(m); }},
      {"option_progress", [](const Material& m, const Premises&) { return option_progress(m); }},
      {"performance_planned",
       [](const Material& m, const Premises& p) { return performance(m, p, false, "清洁生产审核绩效表（预期）"); }},
      {"performance_verified",
       [](const Material& m, const Premises& p) { return performance(m, p, true, "清洁生产审核绩效表（核实）"); }},
      {"planned_against_verified", planned_against_verified},
      {"conclusion_facts", conclusion_facts},
      {"attachment_list", [](const Material& m, const Premises&) { return attachment_list(m); }},
  };
  return all;
}

}  // namespace

std::vector<Block> blocks_of(const Material& material, const Premises& premises, std::string_view name) {
  const auto maker = makers().find(name);
  return maker == makers().end() ? std::vector<Block>{} : maker->second(material, premises);
}

const std::vector<std::string>& known_blocks() {
  static const auto names = [] {
    std::vector<std::string> out;
    for (const auto& [name, maker] : makers()) out.push_back(name);
    return out;
  }();
  return names;
}

std::vector<Block> text_blocks(std::string_view text) {
  std::vector<Block> out;
  document::List list;
  Table table;
  std::string caption;
  const auto flush = [&] {
    if (!list.items.empty()) out.push_back(std::exchange(list, {}));
    if (!table.rows.empty()) {
      std::size_t columns = 0;
      for (const auto& row : table.rows) columns = std::max(columns, row.size());
      for (auto& row : table.rows) row.resize(columns);
      table.caption = std::exchange(caption, "");
      out.push_back(std::exchange(table, {}));
    }
  };
  for (const auto& raw : split(text, '\n')) {
    const auto line = trim(raw);
    if (line.empty()) {
      flush();
    } else if (line.front() == '|') {
      if (!list.items.empty()) flush();
      auto cells = split(line, '|');
      cells.erase(cells.begin());
      if (!cells.empty() && trim(cells.back()).empty()) cells.pop_back();
      const bool rule = !cells.empty() && std::all_of(cells.begin(), cells.end(), [](const auto& c) {
        return !trim(c).empty() && trim(c).find_first_not_of("-:") == std::string_view::npos;
      });
      if (rule) continue;
      std::vector<Cell> row;
      for (const auto& cell : cells) {
        Cell made;
        made.runs = document::runs_of(trim(cell));
        row.push_back(std::move(made));
      }
      table.rows.push_back(std::move(row));
    } else if (line.starts_with("- ") || line.starts_with("• ")) {
      if (!table.rows.empty()) flush();
      list.items.push_back(document::runs_of(trim(line.substr(line.find(' ')))));
    } else if (line.starts_with("表：")) {
      flush();
      caption = std::string(trim(line.substr(std::string_view("表：").size())));
    } else {
      flush();
      out.push_back(Paragraph(document::runs_of(line)));
    }
  }
  flush();
  return out;
}

}  // namespace qy::dossier
