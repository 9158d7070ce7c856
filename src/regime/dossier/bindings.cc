#include <algorithm>

#include "base/text.h"
#include "regime/dossier/material.h"

namespace qy::dossier {
namespace {

constexpr const char* kBlank = "（未填）";
const std::vector<std::string> kEnterpriseFields = {"name",   "legal_name", "credit_code", "address",
                                                    "region", "industry",   "scale"};
const std::vector<std::string> kAuditFields = {"number", "year", "published_on", "started_on", "mode"};

struct Binding {
  std::string kind, name;  ///< "figure", "water.fresh"
  std::vector<std::string> qualifiers;
};

Binding parsed(std::string_view inside) {
  auto parts = split(inside, '|');
  const auto head = trim(parts[0]);
  const auto colon = head.find(':');
  Binding binding{std::string(trim(head.substr(0, colon))),
                  colon == head.npos ? "" : std::string(trim(head.substr(colon + 1))),
                  {}};
  for (std::size_t i = 1; i < parts.size(); ++i) binding.qualifiers.emplace_back(trim(parts[i]));
  return binding;
}

/// Calls `see` with what stands inside each {{…}}, and `keep` with the text between.
template <class Keep, class See>
void walk(std::string_view text, Keep keep, See see) {
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find("{{", at);
    const auto close = open == text.npos ? text.npos : text.find("}}", open);
    if (close == text.npos) {
      keep(text.substr(at));
      return;
    }
    keep(text.substr(at, open - at));
    see(text.substr(open + 2, close - open - 2));
    at = close + 2;
  }
}

std::string scale_zh(std::string_view scale) {
  return scale == "large"    ? "大型"
         : scale == "medium" ? "中型"
         : scale == "small"  ? "小型"
         : scale == "micro"  ? "微型"
                             : "";
}

std::string figure_text(const Material& m, const Binding& binding) {
  figures::Place place{binding.name, "", analysis::base_period(m.audit), figures::Aspect::measured};
  for (const auto& qualifier : binding.qualifiers) {
    if (const auto aspect = figures::aspect_of(qualifier))
      place.aspect = *aspect;
    else if (auto period = figures::Period::parse(qualifier))
      place.period = *period;
    else
      place.scope = qualifier;
  }
  const auto* figure = m.ledger.find(place);
  if (!figure) {
    // Figures without a period (a capacity, an option's effect) are meant when only those exist.
    place.period = *figures::Period::parse("");
    figure = m.ledger.find(place);
  }
  return figure ? shown(figure->claim.value) : "";
}

std::string value_of(const Material& m, const rules::Library& rules, const Binding& binding) {
  const auto has = [&](const char* word) {
    return std::find(binding.qualifiers.begin(), binding.qualifiers.end(), word) != binding.qualifiers.end();
  };
  if (binding.kind == "figure") return figure_text(m, binding);
  if (binding.kind == "level") {
    const auto& benchmark = has("after") ? m.after : m.found;
    if (!benchmark || !benchmark->level) return "";
    if (const auto* name = benchmark->document.as_object().if_contains("level_name"); name && name->is_object())
      return std::string(name->as_object().at("zh").as_string());
    return *benchmark->level == "none" ? "未达到Ⅲ级" : *benchmark->level + "级";
  }
  if (binding.kind == "total") {
    const auto totals = analysis::totals_of(m.options, has("verified"));
    const auto found = totals.find(binding.name);
    if (found == totals.end()) return "";
    for (const auto& column : rules.performance_columns())
      if (column.id == binding.name)
        return found->second.grouped() + (column.unit.empty() ? "" : " " + shown_unit(column.unit));
    return found->second.grouped();
  }
  if (binding.kind == "audit") {
    if (binding.name == "number") return m.audit.number;
    if (binding.name == "year") return std::to_string(m.audit.year);
    if (binding.name == "published_on") return m.audit.published_on ? m.audit.published_on->zh() : "";
    if (binding.name == "started_on") return m.audit.started_on ? m.audit.started_on->zh() : "";
    if (const auto* mode = rules.find_mode(m.audit.mode); mode && binding.name == "mode") return mode->title.zh;
    return "";
  }
  if (binding.kind == "enterprise" && m.enterprise) {
    const auto& facts = m.enterprise->facts;
    if (binding.name == "name") return facts.name;
    if (binding.name == "legal_name") return facts.legal_name.empty() ? facts.name : facts.legal_name;
    if (binding.name == "credit_code") return facts.credit_code;
    if (binding.name == "address") return facts.address;
    if (binding.name == "scale") return scale_zh(facts.scale);
    if (binding.name == "region") {
      const auto* region = rules.find_region(facts.region, m.on);
      return region ? region->name.zh : facts.region;
    }
    if (binding.name == "industry") {
      const auto* industry = rules.find_industry(facts.industry);
      return industry ? industry->name.zh : facts.industry;
    }
  }
  return "";
}

}  // namespace

std::string shown_unit(std::string_view unit) {
  std::string out;
  int depth = 0;
  for (const char c : unit) {
    if (c == '{')
      ++depth;
    else if (c == '}')
      --depth;
    else if (depth == 0 && out.ends_with('m') && (c == '2' || c == '3'))
      out += c == '2' ? "²" : "³";
    else if (depth == 0)
      out += c;
  }
  return out;
}

std::string shown(const figures::Value& value) {
  using Kind = figures::Value::Kind;
  switch (value.kind) {
    case Kind::number: {
      const auto unit = shown_unit(value.unit);
      return value.number.grouped() + (unit.empty() ? "" : unit == "%" ? unit : " " + unit);
    }
    case Kind::text:
    case Kind::choice:
      return value.text;
    case Kind::date:
      return value.date.zh();
    case Kind::not_applicable:
      return "不适用（" + value.text + "）";
    case Kind::retracted:
      return "";
  }
  return "";
}

Bound bind_text(const Material& material, const rules::Library& rules, std::string_view text) {
  Bound bound;
  walk(
      text, [&](std::string_view kept) { bound.text += kept; },
      [&](std::string_view inside) {
        const auto value = value_of(material, rules, parsed(inside));
        bound.text += value.empty() ? kBlank : value;
        if (value.empty()) bound.blank.emplace_back(inside);
      });
  return bound;
}

std::vector<FieldError> wrong_bindings(const rules::Library& rules, std::string_view text) {
  std::vector<FieldError> wrong;
  const auto complain = [&](std::string_view inside, const std::string& name, const std::vector<std::string>& known) {
    Params params{{"binding", prefix_of(inside, 80)}};
    const auto near = nearest(name, known);
    params.emplace_back(
        "suggestion",
        near.empty()
            ? join({known.begin(), known.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(known.size(), 6))},
                   "、")
            : near);
    wrong.push_back({"#/text", "dossier.binding_unknown", std::move(params)});
  };
  walk(
      text, [](std::string_view) {},
      [&](std::string_view inside) {
        const auto binding = parsed(inside);
        const auto& name = binding.name;
        const auto one_of = [&](const std::vector<std::string>& known) {
          if (std::find(known.begin(), known.end(), name) == known.end()) complain(inside, name, known);
        };
        if (binding.kind == "figure") {
          if (rules.find_key(name)) return;
          std::vector<std::string> keys;
          for (const auto& key : rules.keys()) keys.push_back(key.key);
          complain(inside, name, keys);
        } else if (binding.kind == "total") {
          std::vector<std::string> columns;
          for (const auto& column : rules.performance_columns()) columns.push_back(column.id);
          one_of(columns);
        } else if (binding.kind == "enterprise") {
          one_of(kEnterpriseFields);
        } else if (binding.kind == "audit") {
          one_of(kAuditFields);
        } else if (binding.kind != "level") {
          complain(inside, binding.kind, {"figure:", "total:", "enterprise:", "audit:", "level"});
        }
      });
  return wrong;
}

}  // namespace qy::dossier
