#include "regime/register/import_plan.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "crypto/crypto.h"
#include "regime/register/register_json.h"

namespace qy::registry {
namespace {

using Kind = document::SheetCell::Kind;

constexpr int kHeaderSearch = 15;  // headings stand within the first rows

const Cell kEmptyCell;

char letter_of(const Cell& cell) {
  char letter = 't';
  switch (cell.kind) {
    case Kind::empty:
      return 0;
    case Kind::text:
      letter = 't';
      break;
    case Kind::number:
      letter = cell.approximate ? 'a' : 'n';
      break;
    case Kind::date:
      letter = 'd';
      break;
    case Kind::boolean:
      letter = 'b';
      break;
    case Kind::error:
      letter = 'e';
      break;
  }
  return cell.merged ? static_cast<char>(letter - 'a' + 'A') : letter;
}

Cell cell_of(std::string_view stored) {
  Cell cell;
  if (stored.empty()) return cell;
  char letter = stored.front();
  if (letter >= 'A' && letter <= 'Z') {
    cell.merged = true;
    letter = static_cast<char>(letter - 'A' + 'a');
  }
  cell.kind = letter == 'n' || letter == 'a' ? Kind::number
              : letter == 'd'                ? Kind::date
              : letter == 'b'                ? Kind::boolean
              : letter == 'e'                ? Kind::error
                                             : Kind::text;
  cell.approximate = letter == 'a';
  cell.text = std::string(stored.substr(1));
  return cell;
}

std::string trimmed(const Cell& cell) { return std::string(trim(cell.text)); }

/// Remarks in brackets, stars and colons do not change what a column is.
std::string plain_heading(std::string text) {
  if (const auto bracket = text.find('('); bracket != std::string::npos && bracket > 0) text.resize(bracket);
  std::erase(text, '*');
  std::erase(text, ':');
  return text;
}

/// The field that a heading (as match name) names exactly.
std::string exact_field(const std::string& heading) {
  const auto text = plain_heading(heading);
  if (text.empty()) return {};
  for (const auto& field : import_fields()) {
    if (text == plain_heading(match_name_of(field.title.zh)) || text == match_name_of(field.title.en)) return field.id;
    for (const auto* synonym : field.synonyms)
      if (text == synonym) return field.id;
  }
  return {};
}

/// The field whose longest synonym stands inside the heading. A sentence that mentions a field is a remark, not a
/// heading.
std::string field_inside(const std::string& heading) {
  const auto text = plain_heading(heading);
  if (text.empty() || length_of(text) > 16) return {};
  std::string found;
  std::size_t longest = 0;
  for (const auto& field : import_fields())
    for (const std::string_view synonym : field.synonyms)
      if (synonym.size() >= 6 && synonym.size() > longest && contains(text, synonym)) {
        found = field.id;
        longest = synonym.size();
      }
  return found;
}

std::string field_of_heading(const std::string& heading) {
  const auto exact = exact_field(heading);
  return exact.empty() ? field_inside(heading) : exact;
}

struct HeaderGuess {
  int first = 0, last = -1;
  int score = 0;
};

int score_of_row(const Cells& cells, int row, const std::map<std::string, std::string>& known) {
  std::set<std::string> fields;
  const auto& cellsrow = cells.rows[static_cast<std::size_t>(row)];
  for (const auto& cell : cellsrow) {
    if (cell.empty() || cell.kind != Kind::text) continue;
    const auto heading = match_name_of(cell.text);
    const auto at = known.find(heading);
    const auto field = at != known.end() ? at->second : field_of_heading(heading);
    if (!field.empty()) fields.insert(field);
  }
  return static_cast<int>(fields.size());
}

HeaderGuess guess_header(const Cells& cells, const std::map<std::string, std::string>& known) {
  HeaderGuess guess;
  const int rows = std::min<int>(kHeaderSearch, static_cast<int>(cells.rows.size()));
  for (int row = 0; row < rows; ++row)
    if (const int score = score_of_row(cells, row, known); score > guess.score) guess = {row, row, score};
  if (guess.score == 0) return guess;

  // A heading merged over several rows goes on below while its cells are covered by the same merged ranges; a row of
  // sub-headings under a group fills columns the first row leaves to the group.
  const auto continues = [&](int upper, int lower) {
    if (lower >= static_cast<int>(cells.rows.size())) return false;
    bool vertical = false;
    for (int column = 0; column < cells.columns; ++column) {
      const auto& above = cells.at(upper, column);
      const auto& below = cells.at(lower, column);
      if (below.merged && !below.empty() && !above.empty() && above.text == below.text && below.kind == Kind::text)
        vertical = true;
      else if (!below.empty() && below.kind != Kind::text)
        return false;
    }
    return vertical;
  };
  // Where a file knows no merged cells (CSV), the row below names only what stands under a group, whose name is
  // followed by blanks; a row of data would fill the columns beside the groups as well.
  const auto names_parts = [&](int upper, int lower) {
    if (lower >= static_cast<int>(cells.rows.size())) return false;
    bool beside_a_name = false;
    for (int column = 0; column < cells.columns; ++column) {
      const auto& below = cells.at(lower, column);
      if (below.empty()) continue;
      const bool under_blank = cells.at(upper, column).empty();
      if (exact_field(match_name_of(cells.at(upper, column).text)) == "name") return false;
      const bool starts_group = column + 1 < cells.columns && cells.at(upper, column + 1).empty();
      if (below.kind != Kind::text || below.merged || !(under_blank || starts_group)) return false;
      beside_a_name = beside_a_name || under_blank;
    }
    return beside_a_name;
  };
  while (guess.first > 0 && continues(guess.first - 1, guess.first)) --guess.first;
  while (guess.last - guess.first < 3 &&
         (continues(guess.last, guess.last + 1) || names_parts(guess.last, guess.last + 1)))
    ++guess.last;
  return guess;
}

bool is_total(std::string_view text) {
  for (const std::string_view word : {"合计", "总计", "小计", "共计", "total", "subtotal"})
    if (text.starts_with(word)) return true;
  return false;
}

/// The example row of our own template.
bool is_example(std::string_view name) {
  const auto text = match_name_of(name);
  return text.starts_with("(示例)") || text.starts_with("(example)");
}

/// One spelling per distinct text: regions and industries repeat over thousands of rows.
class Resolver {
 public:
  explicit Resolver(const ImportScope& scope) : scope_(scope) {
    for (const auto& tag : process_tags(scope.rules)) {
      tags_[match_name_of(tag.id)] = tag.id;
      tags_[match_name_of(tag.title.zh)] = tag.id;
      tags_[match_name_of(tag.title.en)] = tag.id;
    }
  }

  const std::string& region(const std::string& written) {
    return once(regions_, written,
                [&] { return region_code_of(scope_.rules, scope_.on, written, scope_.caller.region); });
  }
  const std::string& industry(const std::string& written) {
    return once(industries_, written, [&] { return industry_code_of(scope_.rules, written); });
  }
  std::string tag(const std::string& written) const {
    const auto found = tags_.find(match_name_of(written));
    return found == tags_.end() ? std::string() : found->second;
  }

  std::string nearest_region(const std::string& written) const {
    std::vector<std::string> names;
    for (const auto& region : scope_.rules.regions())
      if (region.level == "county" && scope_.caller.covers(region.code)) names.push_back(region.name.zh);
    return nearest(written, names);
  }
  std::string nearest_industry(const std::string& written) const {
    std::vector<std::string> names;
    for (const auto& industry : scope_.rules.industries()) names.push_back(industry.name.zh);
    return nearest(written, names);
  }

 private:
  template <class Make>
  const std::string& once(std::unordered_map<std::string, std::string>& cache, const std::string& written, Make make) {
    auto found = cache.find(written);
    if (found == cache.end()) found = cache.emplace(written, make()).first;
    return found->second;
  }

  const ImportScope& scope_;
  std::unordered_map<std::string, std::string> regions_, industries_;
  std::map<std::string, std::string> tags_;
};

std::string choice_of(const std::string& written,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> words) {
  const auto text = match_name_of(written);
  for (const auto& [word, id] : words)
    if (text == word) return std::string(id);
  return {};
}

std::string scale_of(const std::string& written) {
  return choice_of(written, {{"大型", "large"},
                             {"大", "large"},
                             {"大型企业", "large"},
                             {"large", "large"},
                             {"中型", "medium"},
                             {"中", "medium"},
                             {"中型企业", "medium"},
                             {"medium", "medium"},
                             {"小型", "small"},
                             {"小", "small"},
                             {"小型企业", "small"},
                             {"small", "small"},
                             {"微型", "micro"},
                             {"微", "micro"},
                             {"微型企业", "micro"},
                             {"小微", "micro"},
                             {"micro", "micro"}});
}

std::string status_of(const std::string& written) {
  return choice_of(written, {{"在产", "operating"},
                             {"正常", "operating"},
                             {"正常生产", "operating"},
                             {"生产", "operating"},
                             {"在营", "operating"},
                             {"运行", "operating"},
                             {"operating", "operating"},
                             {"停产", "stopped"},
                             {"停业", "stopped"},
                             {"半停产", "stopped"},
                             {"stopped", "stopped"},
                             {"关闭", "closed"},
                             {"注销", "closed"},
                             {"吊销", "closed"},
                             {"搬迁", "closed"},
                             {"关停", "closed"},
                             {"closed", "closed"}});
}

std::string level_of_text(const std::string& written) {
  return choice_of(written, {{"i", "I"},    {"ⅰ", "I"},       {"Ⅰ", "I"},       {"Ⅰ级", "I"},         {"i级", "I"},
                             {"一级", "I"}, {"1", "I"},       {"ii", "II"},     {"Ⅱ", "II"},          {"ⅱ", "II"},
                             {"Ⅱ级", "II"}, {"ii级", "II"},   {"二级", "II"},   {"2", "II"},          {"iii", "III"},
                             {"Ⅲ", "III"},  {"ⅲ", "III"},     {"Ⅲ级", "III"},   {"iii级", "III"},     {"三级", "III"},
                             {"3", "III"},  {"none", "none"}, {"未达", "none"}, {"未达三级", "none"}, {"未评级", ""},
                             {"无", ""},    {"/", ""},        {"-", ""}});
}

/// Reads the cells of one sheet's rows.
class RowReader {
 public:
  RowReader(const Cells& cells, const SheetMapping& mapping, std::string_view default_region, const ImportScope& scope,
            Resolver& resolver)
      : cells_(cells), mapping_(mapping), default_region_(default_region), scope_(scope), resolver_(resolver) {}

  /// Nothing for rows that hold no enterprise.
  std::optional<ReadRow> read(int row) {
    if (!holds_enterprise(row)) return std::nullopt;
    ReadRow out;
    out.sheet = mapping_.sheet;
    out.row = row;
    auto& f = out.facts;
    Permit permit{"permit", "", std::nullopt, std::nullopt};
    FormerRound former;
    bool has_former = false;

    for (int column = 0; column < static_cast<int>(mapping_.columns.size()); ++column) {
      const auto& field = mapping_.columns[static_cast<std::size_t>(column)];
      if (field.empty()) continue;
      const auto& cell = cells_.at(row, column);
      const auto text = trimmed(cell);
      if (text.empty() || text == "/" || text == "-" || text == "—" || text == "无" || text == "——") continue;
      const auto complain = [&](std::string code, Params params = {}) {
        out.wrong.push_back({address(row, column), std::move(code), std::move(params)});
      };
      if (cell.kind == Kind::error) {
        complain("import.cell_error", {{"text", text}});
        continue;
      }
      if (cell.approximate) {
        complain("import.digits_lost", {{"text", text}});
        continue;
      }
      out.given.push_back(field);

      if (field == "name")
        f.name = text;
      else if (field == "legal_name")
        f.legal_name = text;
      else if (field == "credit_code")
        f.credit_code = text;
      else if (field == "address")
        f.address = text;
      else if (field == "legal_representative")
        f.legal_representative = text;
      else if (field == "contact_name")
        f.contact_name = text;
      else if (field == "contact_phone")
        f.contact_phone = text;
      else if (field == "note")
        f.note = text;
      else if (field == "region") {
        f.region = resolver_.region(text);
        if (f.region.empty()) complain_region(row, column, text, out);
      } else if (field == "industry") {
        f.industry = resolver_.industry(text);
        if (f.industry.empty()) {
          const auto suggestion = resolver_.nearest_industry(text);
          if (suggestion.empty())
            complain("register.industry_unknown", {{"industry", text}});
          else
            complain("import.industry_suggestion", {{"industry", text}, {"suggestion", suggestion}});
        }
      } else if (field == "tags") {
        read_tags(text, f.tags, complain);
      } else if (field == "scale") {
        f.scale = scale_of(text);
        if (f.scale.empty()) complain("import.scale", {{"text", text}});
      } else if (field == "status") {
        f.status = status_of(text);
        if (f.status.empty()) complain("import.status", {{"text", text}});
      } else if (field == "permit_number") {
        permit.number = text;
      } else if (field == "longitude" || field == "latitude") {
        const auto value = Decimal::parse_pasted(text);
        if (!value)
          complain(value.error().code, value.error().params);
        else
          (field == "longitude" ? f.longitude : f.latitude) = *value;
      } else if (field == "former_accepted_on") {
        if (const auto day = date_in_cell(cell)) {
          former.accepted_on = *day;
          has_former = true;
        } else {
          complain("import.date", {{"text", text}});
        }
      } else if (field == "former_level") {
        former.level = level_of_text(text);
        if (former.level.empty() && text != "未评级") complain("import.level", {{"text", text}});
      } else if (field == "former_number") {
        former.document_number = text;
      }
    }

    if (f.name.empty()) out.wrong.push_back({address(row, column_of("name")), "import.name_missing", {}});
    if (!out.has("region") && !region_complained_) f.region = std::string(default_region_);
    region_complained_ = false;
    if (f.region.empty() && out.wrong.empty())
      out.wrong.push_back({address(row, column_of("region")), "import.region_missing", {}});
    if (!f.region.empty() && !scope_.caller.covers(f.region))
      out.wrong.push_back({address(row, column_of("region")),
                           "import.region_outside",
                           {{"region", region_name(scope_.rules, f.region, scope_.on).zh + " " + f.region},
                            {"office", scope_.caller.party_name}}});
    if (!permit.number.empty()) f.permits.push_back(permit);
    if (has_former) {
      const int tab_year = year_in(cells_.name);
      former.year = tab_year && tab_year <= former.accepted_on.year() ? tab_year : former.accepted_on.year();
      if (scope_.on < former.accepted_on)
        out.wrong.push_back({address(row, column_of("former_accepted_on")),
                             "register.date_future",
                             {{"date", former.accepted_on.str()}}});
      out.former = former;
    } else if (!former.level.empty() || !former.document_number.empty()) {
      out.wrong.push_back({address(row, column_of(former.level.empty() ? "former_number" : "former_level")),
                           "import.former_without_date",
                           {}});
    }
    check(row, out);
    return out;
  }

 private:
  std::string address(int row, int column) const {
    return cells_.name + "!" + document::cell_address(row, std::max(column, 0));
  }

  /// The column of a field on this sheet; the name's when the sheet has none.
  int column_of(std::string_view field) const {
    const auto& columns = mapping_.columns;
    auto found = std::find(columns.begin(), columns.end(), field);
    if (found == columns.end()) found = std::find(columns.begin(), columns.end(), "name");
    return found == columns.end() ? 0 : static_cast<int>(found - columns.begin());
  }

  /// Blank rows, totals, section headings merged over the whole row, and remarks below the table hold none.
  bool holds_enterprise(int row) const {
    std::set<std::string_view> texts;
    int filled = 0, mapped = 0;
    bool all_merged = true;
    std::string_view first;
    for (int column = 0; column < cells_.columns; ++column) {
      const auto& cell = cells_.at(row, column);
      if (cell.empty() || trim(cell.text).empty()) continue;
      if (first.empty()) first = trim(cell.text);
      texts.insert(cell.text);
      all_merged = all_merged && cell.merged;
      ++filled;
      if (column < static_cast<int>(mapping_.columns.size()) &&
          !mapping_.columns[static_cast<std::size_t>(column)].empty())
        ++mapped;
    }
    if (filled == 0 || is_total(lower_ascii(first))) return false;
    if (filled > 1 && texts.size() == 1 && all_merged) return false;
    if (is_example(cells_.at(row, column_of("name")).text)) return false;
    const bool named = !trim(cells_.at(row, column_of("name")).text).empty();
    if (named && is_total(trim(cells_.at(row, column_of("name")).text))) return false;
    return named || mapped > 1;
  }

  static std::optional<Date> date_in_cell(const Cell& cell) {
    document::SheetCell view;
    view.text = cell.text;
    view.kind = cell.kind;
    return document::date_in(view);
  }

  template <class Complain>
  void read_tags(const std::string& text, std::vector<std::string>& tags, Complain complain) {
    std::string plain = text;
    for (const std::string_view separator : {"、", "，", "；", ";", "/"})
      for (std::size_t at = 0; (at = plain.find(separator, at)) != std::string::npos;)
        plain.replace(at, separator.size(), ",");
    for (const auto& part : split(plain, ',')) {
      if (trim(part).empty()) continue;
      const auto tag = resolver_.tag(part);
      if (tag.empty())
        complain("register.tag_unknown", {{"tag", std::string(trim(part))}});
      else
        tags.push_back(tag);
    }
  }

  void complain_region(int row, int column, const std::string& text, ReadRow& out) {
    region_complained_ = true;
    const auto suggestion = resolver_.nearest_region(text);
    if (suggestion.empty())
      out.wrong.push_back({address(row, column), "import.region_unknown", {{"region", text}}});
    else
      out.wrong.push_back(
          {address(row, column), "import.region_suggestion", {{"region", text}, {"suggestion", suggestion}}});
  }

  /// The form's own checks, each complaint at its cell.
  void check(int row, ReadRow& out) {
    for (auto& one : normalise_and_check(scope_.rules, scope_.on, out.facts)) {
      std::string field = one.pointer.starts_with("permits/") ? "permit_number" : one.pointer;
      if (field == "name" && out.facts.name.empty()) continue;
      if (field == "region" && (out.facts.region.empty())) continue;
      if ((field == "scale" && out.has("scale") && out.facts.scale.empty()) ||
          (field == "status" && out.facts.status.empty()))
        continue;
      one.pointer = address(row, column_of(field));
      out.wrong.push_back(std::move(one));
    }
  }

  const Cells& cells_;
  const SheetMapping& mapping_;
  std::string_view default_region_;
  const ImportScope& scope_;
  Resolver& resolver_;
  bool region_complained_ = false;
};

/// The fields a row fills, laid over what is on record. Blank cells change nothing.
EnterpriseFacts overlaid(const EnterpriseFacts& before, const ReadRow& row) {
  EnterpriseFacts f = before;
  const auto& g = row.facts;
  for (const auto& field : row.given) {
    if (field == "name") {
      if (match_name_of(f.name) != match_name_of(g.name)) {
        if (f.legal_name == f.name) f.legal_name = g.name;
        f.name = g.name;
      }
    } else if (field == "legal_name") {
      f.legal_name = g.legal_name;
    } else if (field == "credit_code") {
      f.credit_code = g.credit_code;
    } else if (field == "address") {
      f.address = g.address;
    } else if (field == "industry") {
      f.industry = g.industry;
    } else if (field == "scale") {
      f.scale = g.scale;
    } else if (field == "legal_representative") {
      f.legal_representative = g.legal_representative;
    } else if (field == "contact_name") {
      f.contact_name = g.contact_name;
    } else if (field == "contact_phone") {
      f.contact_phone = g.contact_phone;
    } else if (field == "longitude") {
      f.longitude = g.longitude;
    } else if (field == "latitude") {
      f.latitude = g.latitude;
    } else if (field == "status") {
      f.status = g.status;
    } else if (field == "note") {
      f.note = g.note;
    } else if (field == "tags") {
      f.tags.insert(f.tags.end(), g.tags.begin(), g.tags.end());
      std::sort(f.tags.begin(), f.tags.end());
      f.tags.erase(std::unique(f.tags.begin(), f.tags.end()), f.tags.end());
    } else if (field == "permit_number") {
      for (const auto& permit : g.permits)
        if (std::none_of(f.permits.begin(), f.permits.end(),
                         [&](const Permit& one) { return one.number == permit.number; }))
          f.permits.push_back(permit);
    }
  }
  return f;
}

std::string place(const std::vector<Cells>& sheets, int sheet, int row) {
  return sheets[static_cast<std::size_t>(sheet)].name + "!" + std::to_string(row + 1);
}

}  // namespace

// ---- Cells
// ------------------------------------------------------------------------------------------------------------------

const Cell& Cells::at(int row, int column) const {
  if (row < 0 || column < 0 || static_cast<std::size_t>(row) >= rows.size()) return kEmptyCell;
  const auto& cells = rows[static_cast<std::size_t>(row)];
  return static_cast<std::size_t>(column) < cells.size() ? cells[static_cast<std::size_t>(column)] : kEmptyCell;
}

Cells cells_of(const document::Sheet& sheet) {
  Cells out;
  out.name = sheet.name();
  out.hidden = sheet.hidden();
  out.columns = sheet.columns();
  out.rows.resize(static_cast<std::size_t>(sheet.rows()));
  for (int row = 0; row < sheet.rows(); ++row) {
    auto& cells = out.rows[static_cast<std::size_t>(row)];
    cells.resize(static_cast<std::size_t>(sheet.columns()));
    std::size_t used = 0;
    for (int column = 0; column < sheet.columns(); ++column) {
      const auto from = sheet.at(row, column);
      if (from.empty()) continue;
      cells[static_cast<std::size_t>(column)] = {std::string(from.text), from.kind, from.merged, from.approximate};
      used = static_cast<std::size_t>(column) + 1;
    }
    cells.resize(used);
  }
  return out;
}

std::string stored_rows(const Cells& cells, std::size_t first, std::size_t count) {
  json::Array rows;
  for (std::size_t row = first; row < std::min(cells.rows.size(), first + count); ++row) {
    json::Array texts;
    for (const auto& cell : cells.rows[row]) {
      std::string text;
      if (const char letter = letter_of(cell)) text = letter + cell.text;
      texts.emplace_back(std::move(text));
    }
    rows.emplace_back(std::move(texts));
  }
  return json::dump(rows);
}

void restore_rows(Cells& cells, std::string_view stored) {
  const auto parsed = boost::json::parse(stored);
  for (const auto& row : parsed.as_array()) {
    auto& out = cells.rows.emplace_back();
    for (const auto& text : row.as_array()) out.push_back(cell_of(std::string_view(text.as_string())));
    cells.columns = std::max(cells.columns, static_cast<int>(out.size()));
  }
}

// ---- Fields
// -----------------------------------------------------------------------------------------------------------------

const std::vector<ImportField>& import_fields() {
  static const std::vector<ImportField> fields = {
      {"name",
       {"企业名称", "Enterprise name"},
       {"营业执照上的名称；同一法人有多处厂区时写厂区名称",
        "As on the business licence; with several sites, the site's name"},
       {"单位名称", "名称", "企业", "公司名称", "企业名", "单位", "厂名", "企业全称", "单位详细名称", "company",
        "enterprise", "name"},
       34},
      {"legal_name",
       {"法人名称", "Legal person"},
       {"与企业名称相同时不填", "Leave blank when the same as the enterprise name"},
       {"所属法人", "法人单位", "法人单位名称", "集团名称", "所属公司", "legalentity", "legalname"},
       30},
      {"credit_code",
       {"统一社会信用代码", "Credit code"},
       {"18位，带校验；老企业不详的可不填", "18 characters with check; blank when not known"},
       {"信用代码", "社会信用代码", "统一信用代码", "组织机构代码", "机构代码", "统一社会信用代码或组织机构代码",
        "unifiedsocialcreditcode", "uscc", "usci"},
       22},
      {"region",
       {"县(市、区)", "County"},
       {"行政区划代码或名称", "Region code or name"},
       {"所在区县", "区县",   "县市区",     "县区",   "区划",     "行政区划",  "行政区划代码",
        "区划代码", "所在地", "所属区县",   "所属区", "所在区",   "属地",      "所在县",
        "辖区",     "县",     "县(市、区)", "region", "district", "regioncode"},
       14},
      {"address",
       {"生产地址", "Address"},
       {"实际生产场所的地址", "Where production takes place"},
       {"地址", "企业地址", "详细地址", "单位地址", "厂址", "生产经营场所地址", "生产场所地址", "所在地址", "厂区地址",
        "经营地址", "site"},
       34},
      {"industry",
       {"行业代码", "Industry code"},
       {"国民经济行业分类(GB/T 4754)代码，2至4位", "GB/T 4754 code, 2 to 4 digits"},
       {"行业", "所属行业", "行业类别", "行业名称", "行业分类", "国民经济行业", "国民经济行业代码", "行业类型",
        "行业小类", "行业类别代码", "industry"},
       14},
      {"tags",
       {"工艺标签", "Process tags"},
       {"电镀、工业涂装等按工艺认定的行业，顿号分隔", "Industries that go by process, separated by commas"},
       {"工艺", "主要工艺", "生产工艺", "工艺类型", "涉及工艺", "tags", "process"},
       16},
      {"scale",
       {"企业规模", "Scale"},
       {"大型、中型、小型、微型", "large, medium, small, micro"},
       {"规模", "规模类型", "企业类型规模", "size"},
       10},
      {"permit_number",
       {"排污许可证编号", "Permit number"},
       {"22位", "22 characters"},
       {"排污许可证", "排污许可证号", "许可证编号", "许可证号", "排污许可编号", "permit"},
       26},
      {"legal_representative",
       {"法定代表人", "Legal representative"},
       {"", ""},
       {"法人代表", "法人", "负责人", "企业负责人", "法定代表人姓名", "法人代表姓名"},
       12},
      {"contact_name",
       {"联系人", "Contact"},
       {"", ""},
       {"环保联系人", "联系人姓名", "环保负责人", "企业联系人", "环保专员"},
       12},
      {"contact_phone",
       {"联系电话", "Telephone"},
       {"按文本填写，避免丢失数字", "As text, so that no digit is lost"},
       {"电话", "手机", "手机号", "联系方式", "联系人电话", "手机号码", "联系方式电话", "联系电话手机", "phone",
        "mobile"},
       16},
      {"longitude",
       {"经度", "Longitude"},
       {"度，十进制，如 114.3055", "Degrees, decimal, like 114.3055"},
       {"东经", "中心经度", "lng", "lon"},
       12},
      {"latitude",
       {"纬度", "Latitude"},
       {"度，十进制，如 30.5928", "Degrees, decimal, like 30.5928"},
       {"北纬", "中心纬度", "lat"},
       12},
      {"status",
       {"生产状态", "Status"},
       {"在产、停产、关闭", "operating, stopped, closed"},
       {"状态", "企业状态", "经营状态", "生产情况", "运行状态", "目前状态"},
       10},
      {"former_accepted_on",
       {"上轮验收日期", "Last acceptance"},
       {"以前一轮审核的验收日期；只用于计算审核间隔", "Day the last round was accepted; counts for the interval only"},
       {"验收日期", "上轮验收时间", "验收时间", "通过验收时间", "上一轮验收时间", "最近一轮验收时间", "上次验收时间",
        "审核验收时间", "完成验收时间"},
       14},
      {"former_level",
       {"上轮清洁生产水平", "Last level"},
       {"Ⅰ级、Ⅱ级、Ⅲ级", "I, II, III"},
       {"清洁生产水平", "清洁生产等级", "审核等级", "上轮等级", "达到水平"},
       12},
      {"former_number",
       {"上轮验收文号", "Last document number"},
       {"", ""},
       {"文号", "验收文号", "验收文件", "公告文号", "名单文号"},
       20},
      {"note", {"备注", "Note"}, {"", ""}, {"说明", "备注说明", "remark", "remarks", "notes"}, 24},
  };
  return fields;
}

const ImportField* find_import_field(std::string_view id) {
  for (const auto& field : import_fields())
    if (id == field.id) return &field;
  return nullptr;
}

json::Value Mapping::json() const {
  json::Array list;
  for (const auto& sheet : sheets) {
    json::Array names;
    for (const auto& column : sheet.columns) names.emplace_back(column);
    list.push_back(json::Object{{"sheet", sheet.sheet},
                                {"use", sheet.use},
                                {"header_first", sheet.header_first},
                                {"header_last", sheet.header_last},
                                {"columns", std::move(names)}});
  }
  return json::Object{{"sheets", std::move(list)}, {"default_region", default_region}};
}

Mapping Mapping::of(const json::Value& stored) {
  Mapping mapping;
  const auto& object = stored.as_object();
  if (const auto* region = object.if_contains("default_region"))
    mapping.default_region = std::string(region->as_string());
  if (const auto* list = object.if_contains("sheets"))
    for (const auto& one : list->as_array()) {
      const auto& from = one.as_object();
      SheetMapping sheet;
      sheet.sheet = static_cast<int>(from.at("sheet").to_number<std::int64_t>());
      sheet.use = from.at("use").as_bool();
      sheet.header_first = static_cast<int>(from.at("header_first").to_number<std::int64_t>());
      sheet.header_last = static_cast<int>(from.at("header_last").to_number<std::int64_t>());
      for (const auto& column : from.at("columns").as_array()) sheet.columns.emplace_back(column.as_string());
      mapping.sheets.push_back(std::move(sheet));
    }
  return mapping;
}

std::string heading_of(const Cells& cells, const SheetMapping& mapping, int column) {
  std::string out;
  for (int row = mapping.header_first; row <= mapping.header_last; ++row) {
    const auto text = normalise_for_match(cells.at(row, column).text);
    if (text.empty() || out == text || out.ends_with(" " + text)) continue;
    out += (out.empty() ? "" : " ") + text;
  }
  return out;
}

int year_in(std::string_view name) {
  for (std::size_t at = 0; at + 4 <= name.size(); ++at) {
    const auto four = name.substr(at, 4);
    const bool digits = std::all_of(four.begin(), four.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) continue;
    const bool longer = (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9') ||
                        (at + 4 < name.size() && name[at + 4] >= '0' && name[at + 4] <= '9');
    if (!longer && (four.starts_with("19") || four.starts_with("20"))) return std::stoi(std::string(four));
  }
  return 0;
}

Mapping propose_mapping(const std::vector<Cells>& sheets, const std::map<std::string, std::string>& known,
                        std::string_view default_region, const std::map<int, std::pair<int, int>>& headers) {
  Mapping mapping;
  mapping.default_region = std::string(default_region);
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const auto& cells = sheets[i];
    SheetMapping sheet;
    sheet.sheet = static_cast<int>(i);
    auto guess = guess_header(cells, known);
    if (const auto given = headers.find(sheet.sheet); given != headers.end()) {
      const int rows = static_cast<int>(cells.rows.size());
      guess.first = std::clamp(given->second.first, 0, std::max(0, rows - 1));
      guess.last = std::clamp(given->second.second, guess.first - 1, std::max(guess.first, rows - 1));
    }
    sheet.header_first = guess.first;
    sheet.header_last = guess.last;
    sheet.columns.assign(static_cast<std::size_t>(cells.columns), "");
    std::set<std::string> taken;
    const auto lowest = [&](int column) { return match_name_of(cells.at(sheet.header_last, column).text); };
    const auto whole = [&](int column) { return match_name_of(heading_of(cells, sheet, column)); };
    const auto from_known = [&](int column) {
      const auto at = known.find(whole(column));
      return at == known.end() ? std::string() : at->second;
    };
    // The surest reading of every column first, so that "单位名称" is not taken by a "名称" further left.
    const std::function<std::string(int)> readings[] = {from_known,
                                                        [&](int column) { return exact_field(whole(column)); },
                                                        [&](int column) { return exact_field(lowest(column)); },
                                                        [&](int column) { return field_inside(lowest(column)); },
                                                        [&](int column) { return field_inside(whole(column)); }};
    for (const auto& reading : readings)
      for (int column = 0; column < cells.columns && guess.last >= guess.first; ++column) {
        auto& field = sheet.columns[static_cast<std::size_t>(column)];
        if (!field.empty() || (&reading != &readings[0] && known.contains(whole(column)))) continue;
        const auto found = reading(column);
        if (!found.empty() && find_import_field(found) && taken.insert(found).second) field = found;
      }
    sheet.use = !cells.hidden && taken.contains("name") && (taken.size() > 1 || sheets.size() == 1);
    mapping.sheets.push_back(std::move(sheet));
  }
  return mapping;
}

std::map<std::string, std::string> known_headings(const std::vector<Cells>& sheets, const Mapping& mapping) {
  std::map<std::string, std::string> out;
  for (const auto& sheet : mapping.sheets) {
    if (!sheet.use) continue;
    for (std::size_t column = 0; column < sheet.columns.size(); ++column) {
      const auto heading =
          match_name_of(heading_of(sheets[static_cast<std::size_t>(sheet.sheet)], sheet, static_cast<int>(column)));
      if (!heading.empty()) out[heading] = sheet.columns[column];
    }
  }
  return out;
}

std::vector<FieldError> check_mapping(const std::vector<Cells>& sheets, const Mapping& mapping) {
  std::vector<FieldError> wrong;
  bool any = false;
  for (std::size_t i = 0; i < mapping.sheets.size(); ++i) {
    const auto& sheet = mapping.sheets[i];
    const auto at = "sheets/" + std::to_string(i);
    if (sheet.sheet < 0 || static_cast<std::size_t>(sheet.sheet) >= sheets.size()) {
      wrong.push_back({at + "/sheet", "import.sheet_unknown", {}});
      continue;
    }
    if (!sheet.use) continue;
    any = true;
    const auto& name = sheets[static_cast<std::size_t>(sheet.sheet)].name;
    if (sheet.header_first < 0 || sheet.header_last < sheet.header_first ||
        sheet.header_last >= static_cast<int>(sheets[static_cast<std::size_t>(sheet.sheet)].rows.size()))
      wrong.push_back({at + "/header_first", "import.header", {{"sheet", name}}});
    std::set<std::string> seen;
    for (std::size_t column = 0; column < sheet.columns.size(); ++column) {
      const auto& field = sheet.columns[column];
      if (field.empty()) continue;
      const auto* known = find_import_field(field);
      const auto where = at + "/columns/" + std::to_string(column);
      if (!known)
        wrong.push_back({where, "import.field_unknown", {{"field", field}}});
      else if (!seen.insert(field).second)
        wrong.push_back({where,
                         "import.field_twice",
                         {{"field", known->title.zh}, {"field_en", known->title.en}, {"sheet", name}}});
    }
    if (!seen.contains("name")) wrong.push_back({at + "/columns", "import.no_name_column", {{"sheet", name}}});
  }
  if (!any) wrong.push_back({"sheets", "import.no_sheet", {}});
  return wrong;
}

// ---- Rows
// -------------------------------------------------------------------------------------------------------------------

bool ReadRow::has(std::string_view field) const { return std::find(given.begin(), given.end(), field) != given.end(); }

ReadResult read_rows(const std::vector<Cells>& sheets, const Mapping& mapping, const ImportScope& scope) {
  ReadResult out;
  Resolver resolver(scope);
  auto order = mapping.sheets;  // older year tabs first, so that the newest has the last word
  std::stable_sort(order.begin(), order.end(), [&](const SheetMapping& a, const SheetMapping& b) {
    return year_in(sheets[static_cast<std::size_t>(a.sheet)].name) <
           year_in(sheets[static_cast<std::size_t>(b.sheet)].name);
  });
  for (const auto& sheet : order) {
    if (!sheet.use) continue;
    const auto& cells = sheets[static_cast<std::size_t>(sheet.sheet)];
    RowReader reader(cells, sheet, mapping.default_region, scope, resolver);
    for (int row = sheet.header_last + 1; row < static_cast<int>(cells.rows.size()); ++row) {
      if (auto read = reader.read(row))
        out.rows.push_back(std::move(*read));
      else
        ++out.skipped;
    }
  }
  return out;
}

Keys keys_of(const std::vector<ReadRow>& rows) {
  std::set<std::string> codes, names;
  for (const auto& row : rows) {
    if (!row.wrong.empty()) continue;
    if (!row.facts.credit_code.empty()) codes.insert(row.facts.credit_code);
    names.insert(match_name_of(row.facts.name));
  }
  return {{codes.begin(), codes.end()}, {names.begin(), names.end()}};
}

std::string to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::fresh:
      return "new";
    case Outcome::changed:
      return "changed";
    case Outcome::unchanged:
      return "unchanged";
    case Outcome::unmatched:
      return "unmatched";
    case Outcome::wrong:
      return "wrong";
    case Outcome::merged:
      return "merged";
  }
  return "";
}

Plan plan(const std::vector<Cells>& sheets, ReadResult read, const Known& known, const ImportScope& scope) {
  (void)scope;
  std::unordered_map<std::string, std::vector<const Enterprise*>> by_code;  // credit code + county
  std::unordered_map<std::string, std::vector<const Enterprise*>> by_name;  // match name + county
  const auto key = [](std::string_view a, std::string_view b) { return std::string(a) + "@" + std::string(b); };
  for (const auto& one : known.by_code) by_code[key(one.facts.credit_code, one.facts.region)].push_back(&one);
  for (const auto& one : known.by_name) {
    auto& same = by_name[key(one.match_name, one.region)];
    if (std::none_of(same.begin(), same.end(), [&](const Enterprise* other) { return other->id == one.enterprise.id; }))
      same.push_back(&one.enterprise);
  }
  // How many differently named rows of the file share a code and county: one may be a new name, several are several
  // sites.
  std::unordered_map<std::string, std::set<std::string>> names_of_code;
  for (const auto& row : read.rows)
    if (row.wrong.empty() && !row.facts.credit_code.empty())
      names_of_code[key(row.facts.credit_code, row.facts.region)].insert(match_name_of(row.facts.name));

  enum class Match { certain, none, doubtful };
  const auto match = [&](const ReadRow& row) -> std::pair<Match, const Enterprise*> {
    const auto name = match_name_of(row.facts.name);
    const auto named = by_name.find(key(name, row.facts.region));
    if (!row.facts.credit_code.empty()) {
      const auto code_key = key(row.facts.credit_code, row.facts.region);
      if (const auto found = by_code.find(code_key); found != by_code.end()) {
        for (const auto* site : found->second)
          if (match_name_of(site->facts.name) == name) return {Match::certain, site};
        if (found->second.size() == 1 && names_of_code[code_key].size() == 1)
          return {Match::certain, found->second.front()};  // renamed
        if (names_of_code[code_key].size() == 1) return {Match::doubtful, nullptr};
        return {Match::none, nullptr};  // one more site of the same legal person
      }
      if (named != by_name.end()) {
        if (named->second.size() > 1) return {Match::doubtful, nullptr};
        const auto* site = named->second.front();
        return site->facts.credit_code.empty() ? std::pair{Match::certain, site}
                                               : std::pair{Match::doubtful, static_cast<const Enterprise*>(nullptr)};
      }
      return {Match::none, nullptr};
    }
    if (named != by_name.end() && named->second.size() == 1) return {Match::certain, named->second.front()};
    return {Match::doubtful, nullptr};  // without a credit code only a person can tell
  };

  Plan out;
  out.skipped = read.skipped;
  struct Place {
    std::size_t index;
  };
  std::unordered_map<std::string, Place> first_of;  // identity of an enterprise → its row in the plan
  std::vector<ReadRow> merged_rows;
  for (auto& row : read.rows) {
    PlanRow item;
    item.sheet = row.sheet;
    item.row = row.row;
    if (!row.wrong.empty()) {
      item.facts = row.facts;
      item.wrong = row.wrong;
      out.rows.push_back(std::move(item));
      merged_rows.push_back(std::move(row));
      continue;
    }
    const auto [certainty, site] = match(row);
    const auto identity = site ? "id:" + site->id.str()
                               : key(row.facts.credit_code.empty() ? "name" : "code:" + row.facts.credit_code,
                                     key(match_name_of(row.facts.name), row.facts.region));
    const auto seen = first_of.find(identity);
    if (seen != first_of.end() && out.rows[seen->second.index].sheet == row.sheet) {
      const auto& earlier = out.rows[seen->second.index];
      item.facts = row.facts;
      const auto& cells = sheets[static_cast<std::size_t>(row.sheet)];
      item.wrong.push_back({cells.name + "!" + std::to_string(row.row + 1),
                            "import.duplicate",
                            {{"name", row.facts.name}, {"row", std::to_string(earlier.row + 1)}}});
      out.rows.push_back(std::move(item));
      merged_rows.push_back(std::move(row));
      continue;
    }
    if (seen != first_of.end()) {
      // The same enterprise on an older tab: what this tab leaves blank comes from there.
      auto& older = out.rows[seen->second.index];
      const auto& older_row = merged_rows[seen->second.index];
      for (const auto& field : older_row.given)
        if (!row.has(field)) {
          ReadRow only = older_row;
          only.given = {field};
          const auto keep_name = row.facts.name;
          row.facts = overlaid(row.facts, only);
          row.facts.name = keep_name;
          row.given.push_back(field);
        }
      if (!row.former) row.former = older_row.former;
      older.outcome = Outcome::merged;
      older.former.reset();
      older.merged_into = place(sheets, row.sheet, row.row);
    }
    first_of[identity] = {out.rows.size()};

    item.former = row.former;
    if (site) {
      item.before = *site;
      item.facts = overlaid(site->facts, row);
      item.changes = changes_between(site->facts, item.facts);
      if (item.former) {
        const auto years = known.former_years.find(site->id.str());
        if (years != known.former_years.end() &&
            std::find(years->second.begin(), years->second.end(), item.former->year) != years->second.end())
          item.former.reset();  // on record already
      }
      item.outcome = item.changes.empty() && !item.former ? Outcome::unchanged : Outcome::changed;
    } else {
      item.facts = row.facts;
      item.changes = changes_between({}, item.facts, true);
      item.outcome = certainty == Match::none ? Outcome::fresh : Outcome::unmatched;
    }
    out.rows.push_back(std::move(item));
    merged_rows.push_back(std::move(row));
  }
  // The file's own order for people: by sheet, then row.
  std::stable_sort(out.rows.begin(), out.rows.end(), [](const PlanRow& a, const PlanRow& b) {
    return std::tie(a.sheet, a.row) < std::tie(b.sheet, b.row);
  });
  for (const auto& row : out.rows) {
    ++out.counts[row.outcome];
    if (row.former && (row.outcome == Outcome::fresh || row.outcome == Outcome::changed)) ++out.former_rounds;
  }
  return out;
}

std::string Plan::hash() const {
  std::string text;
  for (const auto& row : rows) {
    text += std::to_string(row.sheet) + ":" + std::to_string(row.row) + to_string(row.outcome);
    if (row.before) text += row.before->id.str() + "@" + std::to_string(row.before->version);
    text += json::dump(row.changes);
    if (row.former) text += std::to_string(row.former->year) + row.former->accepted_on.str();
    text += "\n";
  }
  return crypto::sha256_hex(text);
}

}  // namespace qy::registry
