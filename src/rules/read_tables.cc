#include <algorithm>

#include "base/text.h"
#include "rules/kinds.h"

// Scoring tables, factors, calendars, codes, ledger keys, outlines, performance columns.
namespace qy::rules {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

ScoringTable::Item read_item(const Reading& in, const YamlNode& node, std::string_view key) {
  Fields fields(in, node, key);
  ScoringTable::Item item;
  item.code = fields.text("code");
  item.block = fields.title("block");
  item.text = fields.title("text");
  const auto before = in.complaints();
  item.max = fields.decimal("max");
  if (in.complaints() == before && item.max <= Decimal(0))
    in.complain(node.line, "pack.out_of_range", {{"key", "max"}, {"least", "0"}, {"most", "100"}});
  item.mark = fields.mark();
  return item;
}

void read_days(Fields& fields, std::string_view key, int year, bool weekend_wanted, std::set<Date>& days) {
  const auto& in = fields.reading();
  for (const auto& item : fields.list_or(key)) {
    // "2026-02-15" or "2026-02-15/2026-02-23", both ends included.
    const auto slash = item.text.find('/');
    YamlNode first = item, last = item;
    if (slash != std::string::npos) {
      first.text = item.text.substr(0, slash);
      last.text = item.text.substr(slash + 1);
    }
    const auto from = read_date(in, first, key);
    const auto to = slash == std::string::npos ? from : read_date(in, last, key);
    if (!from || !to) continue;
    if (*to < *from) {
      in.complain(item.line, "pack.from_after_to", {{"from", from->str()}, {"to", to->str()}});
      continue;
    }
    for (Date day = *from; day <= *to; day = day.plus_days(1)) {
      if (day.year() != year) {
        in.complain(item.line, "pack.wrong_year", {{"day", day.str()}, {"year", std::to_string(year)}});
        break;
      }
      if (weekend_wanted && day.weekday() < 6) in.complain(item.line, "pack.not_a_weekend", {{"day", day.str()}});
      if (!days.insert(day).second)
        in.complain(item.line, "pack.duplicate_id", {{"kind", "day"}, {"id", day.str()}, {"first", in.file}});
    }
  }
}

OutlineSection read_section(const Reading& in, const YamlNode& node, const std::string& outline) {
  Fields fields(in, node, "sections");
  OutlineSection section;
  section.id = fields.text("id");
  in.define("section of " + outline, section.id, node.line);
  section.number = fields.text_or("number");
  section.title = fields.title("title");
  section.content = fields.texts_or("content");
  section.guidance_zh = fields.text_or("guidance");
  for (const auto& child : fields.list_or("children")) section.children.push_back(read_section(in, child, outline));
  return section;
}

}  // namespace

void read_scoring_table(Fields& root, const PackFile& file) {
  const auto& in = root.reading();
  in.define("scoring_table", file.id, root.line());
  ScoringTable table;
  table.id = file.id;
  table.title = file.title;
  table.kind = root.choice("table_kind", {"evaluation", "acceptance", "combined"});
  table.valid = root.validity("valid");
  table.aggregation = root.choice_or("aggregation", {"mean", "trimmed_mean"}, "mean");
  if (table.aggregation == "trimmed_mean") table.trim_from = root.integer("trim_from", 3, 99);
  table.source = root.source("source");
  const auto before = in.complaints();
  Decimal sum;
  for (const auto& node : root.list("items")) {
    table.items.push_back(read_item(in, node, "items"));
    in.define("item of " + table.id, table.items.back().code, node.line);
    sum = sum + table.items.back().max;
  }
  if (const auto total = root.decimal_or("total"); total && in.complaints() == before && *total != sum)
    in.complain(root.line_of("total"), "pack.points_sum", {{"total", total->shortest()}, {"sum", sum.shortest()}});
  for (const auto& node : root.list_or("bonus")) {
    table.bonus.push_back(read_item(in, node, "bonus"));
    in.define("item of " + table.id, table.bonus.back().code, node.line);
  }
  for (const auto& node : root.list_or("vetoes")) {
    Fields fields(in, node, "vetoes");
    table.vetoes.push_back({fields.text("code"), fields.title("text"), fields.mark()});
    in.define("veto of " + table.id, table.vetoes.back().code, node.line);
  }
  const auto before_bands = in.complaints();
  for (const auto& node : root.list("bands")) {
    Fields fields(in, node, "bands");
    ScoringTable::Band band;
    band.min = fields.decimal("min");
    const auto boundary = fields.choice("boundary", {"inclusive", "exclusive"});
    band.inclusive = boundary != "exclusive";
    band.result = fields.choice("result", {"proceed", "supplement", "redo", "accepted", "failed"});
    band.title = fields.title("title");
    band.next_action = fields.title("next_action");
    band.mark = fields.mark();
    if (!table.bands.empty()) {
      const auto& better = table.bands.back();
      const bool below = band.min < better.min || (band.min == better.min && band.inclusive && !better.inclusive);
      if (!below)
        in.complain(node.line, "pack.unordered_bands",
                    {{"min", band.min.shortest()}, {"before", better.min.shortest()}});
    }
    table.bands.push_back(std::move(band));
  }
  if (in.complaints() == before_bands && !table.bands.empty() &&
      !(table.bands.back().min.is_zero() && table.bands.back().inclusive))
    in.complain(root.line_of("bands"), "pack.bands_gap", {{"min", table.bands.back().min.shortest()}});
  in.contents.scoring_tables.push_back(std::move(table));
}

void read_factors(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("factors")) {
    Fields fields(in, node, "factors");
    Factor factor;
    factor.id = fields.text("id");
    in.define("factor", factor.id, node.line);
    factor.kind = fields.choice("kind", {"energy", "co2"});
    factor.title = fields.title("title");
    factor.unit = fields.unit("unit");
    std::map<std::pair<std::string, int>, std::vector<std::pair<Validity, int>>> periods;
    for (const auto& item : fields.list("values")) {
      Fields value(in, item, "values");
      Factor::Value read;
      read.value = value.decimal("value");
      read.upper = value.decimal_or("upper");
      if (read.upper && *read.upper < read.value)
        in.complain(item.line, "pack.unordered_range", {{"value", read.value.str()}, {"upper", read.upper->str()}});
      read.valid = value.validity_or("valid");
      if (value.find("year")) read.year = value.integer("year", 1990, 2199);
      auto regions = value.references_or("regions", "region");
      read.source = value.source("source");
      if (regions.empty()) regions.emplace_back();
      for (auto& region : regions) {
        periods[{region, read.year.value_or(0)}].emplace_back(read.valid, item.line);
        read.region = region.substr(0, region.size() == 6 && region.ends_with("0000") ? 2
                                       : region.size() == 6 && region.ends_with("00") ? 4
                                                                                      : 6);
        factor.values.push_back(read);
      }
    }
    for (const auto& [key, spans] : periods) refuse_overlaps(in, spans);
    in.contents.factors.push_back(std::move(factor));
  }
}

void read_calendars(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("years")) {
    Fields fields(in, node, "years");
    CalendarYear calendar;
    calendar.year = fields.integer("year", 1950, 2199);
    in.define("calendar", std::to_string(calendar.year), node.line);
    calendar.official = fields.flag_or("official", false);
    calendar.source = fields.source("source");
    read_days(fields, "holidays", calendar.year, false, calendar.holidays);
    read_days(fields, "working_weekends", calendar.year, true, calendar.working_weekends);
    for (const auto day : calendar.working_weekends)
      if (calendar.holidays.contains(day)) in.complain(node.line, "pack.holiday_and_working", {{"day", day.str()}});
    in.contents.calendars.push_back(std::move(calendar));
  }
}

void read_regions(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("regions")) {
    Fields fields(in, node, "regions");
    Region region;
    region.code = fields.text("code");
    region.name = fields.title("name");
    region.level = fields.choice("level", {"province", "city", "county"});
    region.parent = fields.reference_or("parent", "region");
    region.valid = fields.validity_or("valid");
    const std::size_t significant = region.level == "province" ? 2 : region.level == "city" ? 4 : 6;
    const bool shaped = region.code.size() == 6 && all_digits(region.code) &&
                        region.code.find_first_not_of('0', significant) == std::string::npos;
    if (!shaped)
      in.complain(node.line, "pack.bad_region_code", {{"code", prefix_of(region.code, 20)}, {"level", region.level}});
    if (region.level != "province" && region.parent.empty())
      in.complain(node.line, "pack.missing_key", {{"key", "parent"}, {"in", "regions"}});
    // One code may name another place after a reform: only overlapping periods are wrong.
    for (const auto& other : in.contents.regions)
      if (other.code == region.code)
        refuse_overlaps(
            in, {{other.valid, in.contents.defined.at({"region", other.code}).line}, {region.valid, node.line}});
    in.contents.defined.try_emplace({"region", region.code}, Place{in.file, node.line});
    in.contents.regions.push_back(std::move(region));
  }
}

void read_industries(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("industries")) {
    Fields fields(in, node, "industries");
    Industry industry;
    industry.code = fields.text("code");
    in.define("industry", industry.code, node.line);
    industry.name = fields.title("name");
    industry.mark = fields.mark();
    const auto& code = industry.code;
    const bool letter = code.size() == 1 && code[0] >= 'A' && code[0] <= 'T';
    if (!letter && !(code.size() >= 2 && code.size() <= 4 && all_digits(code)))
      in.complain(node.line, "pack.bad_industry_code", {{"code", prefix_of(code, 20)}});
    in.contents.industries.push_back(std::move(industry));
  }
}

void read_priority_industries(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("priority_industries")) {
    Fields fields(in, node, "priority_industries");
    PriorityIndustry industry;
    industry.id = fields.text("id");
    in.define("priority_industry", industry.id, node.line);
    industry.title = fields.title("title");
    for (auto& code : fields.references_or("codes", "industry")) industry.codes.insert(std::move(code));
    industry.by_process = fields.flag_or("by_process", false);
    industry.mark = fields.mark();
    in.contents.priority_industries.push_back(std::move(industry));
  }
}

void read_ledger_keys(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("keys")) {
    Fields fields(in, node, "keys");
    LedgerKey key;
    key.key = fields.text("key");
    in.define("key", key.key, node.line);
    key.title = fields.title("title");
    key.kind = fields.choice("kind", {"decimal", "text", "date", "choice"});
    key.unit = fields.unit_or("unit");
    key.group =
        fields.choice("group", {"energy", "water", "material", "product", "pollutant", "money", "indicator", "option"});
    if (key.kind == "decimal" && key.unit.empty() && key.group != "indicator")
      in.complain(node.line, "pack.missing_key", {{"key", "unit"}, {"in", "keys"}});
    if (key.kind != "decimal" && !key.unit.empty())
      in.complain(fields.line_of("unit"), "pack.wrong_unit", {{"unit", key.unit}, {"kind", key.kind}});
    key.choices = fields.texts_or("choices");
    if ((key.kind == "choice") == key.choices.empty()) in.complain(node.line, "pack.choices", {{"key", key.key}});
    key.replaced_by = fields.reference_or("replaced_by", "key");
    in.contents.keys.push_back(std::move(key));
  }
}

void read_outline(Fields& root, const PackFile& file) {
  const auto& in = root.reading();
  in.define("outline", file.id, root.line());
  Outline outline;
  outline.id = file.id;
  outline.title = file.title;
  outline.stage = root.choice("stage", {"evaluation", "acceptance"});
  outline.source = root.source("source");
  for (const auto& node : root.list("sections")) outline.sections.push_back(read_section(in, node, outline.id));
  in.contents.outlines.push_back(std::move(outline));
}

void read_performance_columns(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("columns")) {
    Fields fields(in, node, "columns");
    PerformanceColumn column;
    column.id = fields.text("id");
    in.define("performance_column", column.id, node.line);
    column.title = fields.title("title");
    column.unit = fields.unit_or("unit");
    column.key = fields.reference_or("key", "key");
    column.mark = fields.mark();
    in.contents.performance_columns.push_back(std::move(column));
  }
}

}  // namespace qy::rules
