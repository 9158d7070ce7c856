#include "units/unit.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cassert>
#include <map>
#include <optional>

#include "base/rational.h"
#include "base/text.h"

namespace qy {
namespace {

/// One entry of the register: `symbol` = numerator/denominator base units of `kind`. An entry with a `per` is a kind
/// over another.
struct Symbol {
  const char* symbol;
  const char* kind;
  const char* numerator;
  const char* denominator = "1";
  const char* of = "";
};

// Base units: kg, m3, m3 at normal state, m2, m, s, year, J, kgce, yuan. Factors are exact by definition
// (GB 3100-1993; 1 kcal = 4186.8 J, international table; 1 mu = 2000/3 m2).
constexpr Symbol kSymbols[] = {
    {"t", "mass", "1000"},
    {"kg", "mass", "1"},
    {"g", "mass", "0.001"},
    {"mg", "mass", "0.000001"},
    {"μg", "mass", "0.000000001"},
    {"ng", "mass", "0.000000000001"},
    {"Adt", "mass", "1000", "1", "air-dry pulp"},
    {"m3", "volume", "1"},
    {"L", "volume", "0.001"},
    {"mL", "volume", "0.000001"},
    {"Nm3", "normal volume", "1"},
    {"m2", "area", "1"},
    {"dm2", "area", "0.01"},
    {"cm2", "area", "0.0001"},
    {"mm2", "area", "0.000001"},
    {"km2", "area", "1000000"},
    {"hm2", "area", "10000"},
    {"亩", "area", "2000", "3"},
    {"m", "length", "1"},
    {"km", "length", "1000"},
    {"cm", "length", "0.01"},
    {"mm", "length", "0.001"},
    {"μm", "length", "0.000001"},
    {"s", "time", "1"},
    {"min", "time", "60"},
    {"h", "time", "3600"},
    {"d", "time", "86400"},
    {"a", "year", "1"},
    {"month", "year", "1", "12"},
    {"J", "energy", "1"},
    {"kJ", "energy", "1000"},
    {"MJ", "energy", "1000000"},
    {"GJ", "energy", "1000000000"},
    {"TJ", "energy", "1000000000000"},
    {"kcal", "energy", "4186.8"},
    {"Wh", "energy", "3600"},
    {"kWh", "energy", "3600000"},
    {"MWh", "energy", "3600000000"},
    {"GWh", "energy", "3600000000000"},
    {"gce", "standard coal", "0.001"},
    {"kgce", "standard coal", "1"},
    {"tce", "standard coal", "1000"},
    {"W", "power", "1"},
    {"kW", "power", "1000"},
    {"MW", "power", "1000000"},
    {"kVA", "apparent power", "1"},
    {"A", "current", "1"},
    {"V", "voltage", "1"},
    {"Pa", "pressure", "1"},
    {"kPa", "pressure", "1000"},
    {"MPa", "pressure", "1000000"},
    {"K", "temperature difference", "1"},
    {"℃", "temperature", "1"},
    {"dB(A)", "sound level", "1"},
    {"pH", "pH", "1"},
    {"元", "money", "1"},
    {"%", "share", "0.01"},
    {"‰", "share", "0.001"},
    {"ppm", "share", "0.000001"},
    {"倍", "share", "1"},
    {"个", "count", "1"},
    {"项", "count", "1", "1", "items"},
    {"次", "count", "1", "1", "times"},
    {"人", "count", "1", "1", "people"},
    {"户", "count", "1", "1", "households"},
    {"家", "count", "1", "1", "enterprises"},
    {"台", "count", "1", "1", "machines"},
    {"套", "count", "1", "1", "sets"},
    {"条", "count", "1", "1", "lines"},
    {"件", "count", "1", "1", "pieces"},
    {"批", "count", "1", "1", "batches"},
    {"处", "count", "1", "1", "places"},
    {"份", "count", "1", "1", "copies"},
    {"分", "score", "1"},
};

struct Spelling {
  const char* written;
  const char* canonical;
};

constexpr Spelling kSpellings[] = {
    {"吨", "t"},          {"千克", "kg"},      {"公斤", "kg"},
    {"克", "g"},          {"毫克", "mg"},      {"微克", "μg"},
    {"ug", "μg"},         {"µg", "μg"},        {"立方米", "m3"},
    {"m³", "m3"},         {"方", "m3"},        {"升", "L"},
    {"l", "L"},           {"毫升", "mL"},      {"ml", "mL"},
    {"Nm³", "Nm3"},       {"标立方米", "Nm3"}, {"平方米", "m2"},
    {"m²", "m2"},         {"dm²", "dm2"},      {"cm²", "cm2"},
    {"mm²", "mm2"},       {"km²", "km2"},      {"公顷", "hm2"},
    {"hm²", "hm2"},       {"米", "m"},         {"千米", "km"},
    {"公里", "km"},       {"um", "μm"},        {"µm", "μm"},
    {"秒", "s"},          {"分钟", "min"},     {"小时", "h"},
    {"天", "d"},          {"日", "d"},         {"年", "a"},
    {"月", "month"},      {"千焦", "kJ"},      {"兆焦", "MJ"},
    {"吉焦", "GJ"},       {"千瓦时", "kWh"},   {"度", "kWh"},
    {"kwh", "kWh"},       {"KWh", "kWh"},      {"KWH", "kWh"},
    {"kW·h", "kWh"},      {"kW.h", "kWh"},     {"兆瓦时", "MWh"},
    {"吨标准煤", "tce"},  {"吨标煤", "tce"},   {"千克标准煤", "kgce"},
    {"千克标煤", "kgce"}, {"克标准煤", "gce"}, {"千瓦", "kW"},
    {"°C", "℃"},          {"dB", "dB(A)"},     {"％", "%"},
    {"个月", "month"},    {"年度", "a"},       {"分贝", "dB(A)"},
    {"人次", "次"},
};

/// What stands directly behind a symbol in Chinese tables: kg/t钢, kgce/t焦, tCO2, ngTEQ.
constexpr Spelling kBehind[] = {
    {"CO2", "CO2"},     {"CO2e", "CO2"},
    {"CO₂", "CO2"},     {"TEQ", "TEQ"},
    {"COD", "COD"},     {"CODcr", "COD"},
    {"SO2", "SO2"},     {"NOx", "NOx"},
    {"NH3-N", "NH3-N"}, {"VOCs", "VOCs"},
    {"水", "water"},    {"钢", "steel"},
    {"粗钢", "steel"},  {"铁", "iron"},
    {"生铁", "iron"},   {"焦", "coke"},
    {"焦炭", "coke"},   {"矿", "ore"},
    {"烧结矿", "ore"},  {"煤", "coal"},
    {"原煤", "coal"},   {"产品", "product"},
    {"水泥", "cement"}, {"熟料", "clinker"},
    {"纸", "paper"},    {"浆", "pulp"},
    {"布", "cloth"},    {"危废", "hazardous waste"},
    {"废物", "waste"},  {"原料", "raw material"},
    {"干", "dry"},
};

struct Multiplier {
  const char* written;
  std::int64_t times;
};
constexpr Multiplier kMultipliers[] = {{"百万", 1'000'000}, {"万", 10'000}, {"亿", 100'000'000}};

/// Every spelling of a symbol, longest first, so that "kWh" is not read as "k".
const std::vector<std::pair<std::string, const Symbol*>>& spellings() {
  static const auto all = [] {
    std::vector<std::pair<std::string, const Symbol*>> out;
    const auto find = [](std::string_view name) {
      return std::find_if(std::begin(kSymbols), std::end(kSymbols), [&](const Symbol& s) { return s.symbol == name; });
    };
    for (const auto& symbol : kSymbols) out.emplace_back(symbol.symbol, &symbol);
    for (const auto& spelling : kSpellings) out.emplace_back(spelling.written, find(spelling.canonical));
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    return out;
  }();
  return all;
}

const char* named_behind(std::string_view text) {
  for (const auto& [written, canonical] : kBehind)
    if (text == written) return canonical;
  return nullptr;
}

bool is_name_of_what(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text.find_first_of("{}/()·*") == std::string_view::npos;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

struct UnitParser {
  std::string_view whole;
  Unit unit;
  std::optional<Error> error;

  void fail(const char* code, std::string_view part) {
    if (error) return;
    const auto meant = nearest(part, known_unit_symbols());
    error = Error{ErrorKind::invalid,
                  code,
                  {{"text", prefix_of(whole, 60)},
                   {"part", prefix_of(part, 30)},
                   {"hint.zh", meant.empty() ? "" : "是否应为“" + meant + "”？"},
                   {"hint.en", meant.empty() ? "" : " Did you mean “" + meant + "”?"}}};
  }

  void multiply(Decimal& factor, const Decimal& by) {
    const auto product = Decimal::checked_multiply(factor, by);
    if (product)
      factor = *product;
    else
      fail("unit.format", whole);
  }

  /// Reads one side of the line and returns its canonical spelling.
  std::string side(std::string_view text, bool above) {
    if (text.size() > 2 && text.front() == '(' && text.back() == ')') text = text.substr(1, text.size() - 2);
    std::string spelled;
    while (!error) {
      std::size_t depth = 0, end = 0;
      for (; end < text.size(); ++end) {
        if (text[end] == '{') ++depth;
        if (text[end] == '}' && depth > 0) --depth;
        if (depth == 0 && (text[end] == '*' || text.substr(end).starts_with("·"))) break;
      }
      if (!spelled.empty()) spelled += "·";
      spelled += factor(trim(text.substr(0, end)), above);
      if (end >= text.size()) break;
      text.remove_prefix(end + (text[end] == '*' ? 1 : std::string_view("·").size()));
    }
    return spelled;
  }

  std::string factor(std::string_view text, bool above) {
    const auto written = text;
    std::string spelled;
    auto& numerator = above ? unit.numerator_ : unit.denominator_;
    auto& denominator = above ? unit.denominator_ : unit.numerator_;

    const auto digits = text.find_first_not_of("0123456789.");
    if (digits != 0 && digits != std::string_view::npos) {
      const auto times = Decimal::parse(text.substr(0, digits));
      if (!times || times->is_zero()) return fail("unit.format", written), spelled;
      multiply(numerator, *times);
      spelled = times->str();
      text.remove_prefix(digits);
    }
    const Symbol* symbol = nullptr;
    std::string of;
    const auto read_symbol = [&] {
      for (const auto& [spelling, candidate] : spellings()) {
        if (!text.starts_with(spelling)) continue;
        const auto rest = text.substr(spelling.size());
        if (rest.empty()) {
          of = candidate->of;
        } else if (rest.front() == '{' && rest.back() == '}' && is_name_of_what(rest.substr(1, rest.size() - 2))) {
          of = rest.substr(1, rest.size() - 2);
        } else if (const auto* what = named_behind(rest)) {
          of = what;
        } else {
          continue;
        }
        symbol = candidate;
        return;
      }
    };
    read_symbol();
    for (const auto& [prefix, times] : kMultipliers) {
      if (symbol || !text.starts_with(prefix)) continue;
      text.remove_prefix(std::string_view(prefix).size());
      read_symbol();
      if (!symbol) break;
      multiply(numerator, times);
      spelled += prefix;
    }
    if (!symbol) return fail("unit.unknown", text.substr(0, text.find('{'))), spelled;

    multiply(numerator, Decimal::of(symbol->numerator));
    multiply(denominator, Decimal::of(symbol->denominator));
    (above ? unit.above_ : unit.below_).push_back({symbol->kind, of});
    spelled += symbol->symbol;
    if (of != symbol->of) spelled += "{" + of + "}";
    return spelled;
  }
};

Result<Unit> Unit::parse(std::string_view text) {
  UnitParser parser{text, {}, {}};
  auto plain = normalise_for_match(is_utf8(text) ? text : std::string_view());
  replace_all(plain, "每", "/");
  if (plain == "1") return Unit();
  if (plain.empty() || plain.size() > 120)
    return Error{ErrorKind::invalid, "unit.format", {{"text", prefix_of(plain, 60)}}};

  // The one line that parts above from below; a second one would leave the reader guessing.
  const auto line = plain.find('/');
  if (line != std::string::npos && plain.find('/', line + 1) != std::string::npos)
    return Error{ErrorKind::invalid, "unit.format", {{"text", prefix_of(plain, 60)}}};
  const std::string_view view = plain;
  auto spelled = parser.side(trim(view.substr(0, line)), true);
  if (line != std::string::npos && !parser.error) {
    const auto below = parser.side(trim(view.substr(line + 1)), false);
    spelled += "/" + (contains(below, "·") ? "(" + below + ")" : below);
  }
  if (parser.error) return *parser.error;
  parser.unit.text_ = std::move(spelled);
  return parser.unit;
}

Unit Unit::of(std::string_view text) {
  auto unit = parse(text);
  assert(unit);
  return *unit;
}

std::string Unit::plain() const {
  std::string out;
  bool inside = false;
  for (const char c : text_) {
    if (c == '{') inside = true;
    if (!inside) out += c;
    if (c == '}') inside = false;
  }
  for (const auto* letter : {"m", "dm", "cm", "km"}) {
    replace_all(out, std::string(letter) + "3", std::string(letter) + "³");
    replace_all(out, std::string(letter) + "2", std::string(letter) + "²");
  }
  return out;
}

/// Pairs terms of the same kind: those that say what they are of find theirs first, the others take what is left.
bool Unit::match(std::vector<Term> a, std::vector<Term> b) {
  if (a.size() != b.size()) return false;
  const auto take = [](std::vector<Term>& from, auto accepts) {
    const auto at = std::find_if(from.begin(), from.end(), accepts);
    if (at == from.end()) return false;
    from.erase(at);
    return true;
  };
  std::stable_sort(a.begin(), a.end(), [](const Term& x, const Term& y) { return x.of > y.of; });
  return std::all_of(a.begin(), a.end(), [&](const Term& term) {
    return take(b, [&](const Term& other) { return other.kind == term.kind && other.of == term.of; }) ||
           take(b, [&](const Term& other) { return other.kind == term.kind && (other.of.empty() || term.of.empty()); });
  });
}

bool Unit::commensurable_with(const Unit& other) const {
  return match(above_, other.above_) && match(below_, other.below_);
}

Result<Quantity> Quantity::in(const Unit& target) const {
  if (!unit.commensurable_with(target))
    return Error{ErrorKind::invalid,
                 "unit.incommensurable",
                 {{"from", unit.str().empty() ? "1" : unit.str()}, {"to", target.str().empty() ? "1" : target.str()}}};
  const Rational factor = Rational(unit.numerator_) / Rational(unit.denominator_) * Rational(target.denominator_) /
                          Rational(target.numerator_);
  if (factor == Rational(1)) return Quantity{value, target};
  const Rational converted = Rational(value) * factor;
  auto number = Decimal::parse(converted.str(18));
  if (!number) {  // the fraction ends, but beyond 18 decimals; or the number is too long
    const Rational limit(Decimal::of("1000000000000000000"));
    if (limit <= converted || converted <= Rational(0) - limit) return number.error();
    number = converted.to_decimal(18);
  }
  return Quantity{*number, target};
}

std::string Quantity::str() const { return unit.str().empty() ? value.str() : value.str() + " " + unit.str(); }

Result<Quantity> parse_quantity(std::string_view text) {
  const auto plain = normalise_for_match(is_utf8(text) ? text : std::string_view());
  auto end = plain.find_first_not_of("+-0123456789.,");
  if (end != std::string::npos && (plain[end] == 'e' || plain[end] == 'E')) {
    const auto exponent = plain.find_first_not_of("0123456789", plain.find_first_of("0123456789", end));
    if (end + 1 < plain.size() && contains("+-0123456789", plain.substr(end + 1, 1))) end = exponent;
  }
  QY_TRY(const auto value, Decimal::parse_pasted(plain.substr(0, end)));
  const auto rest = end == std::string::npos ? std::string_view() : trim(std::string_view(plain).substr(end));
  if (rest.empty()) return Quantity{value, Unit()};
  QY_TRY(auto unit, Unit::parse(rest));
  return Quantity{value, std::move(unit)};
}

const std::vector<std::string>& known_unit_symbols() {
  static const auto symbols = [] {
    std::vector<std::string> out;
    for (const auto& [spelling, symbol] : spellings()) out.push_back(spelling);
    return out;
  }();
  return symbols;
}

}  // namespace qy
