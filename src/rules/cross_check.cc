#include <algorithm>
#include <set>

#include "base/text.h"
#include "rules/contents.h"
#include "units/unit.h"

namespace qy::rules {
namespace {

/// Every mention names something that is defined; otherwise the nearest id of its kind is suggested.
void check_references(const Contents& contents, std::vector<PackProblem>& problems) {
  std::map<std::string, std::vector<std::string>> by_kind;
  for (const auto& [key, place] : contents.defined) by_kind[key.first].push_back(key.second);
  for (const auto& [place, kind, id] : contents.references) {
    if (contents.defined.contains({kind, id})) continue;
    Params params{{"kind", kind}, {"id", prefix_of(id, 60)}};
    if (auto near = nearest(id, by_kind[kind]); !near.empty()) params.emplace_back("suggestion", near);
    complain(problems, place.file, place.line, "pack.dangling", std::move(params));
  }
}

/// A row's formula gives the row's unit: m3 over m2 for L/m2, and like over like for %.
void check_formulas(const Contents& contents, std::vector<PackProblem>& problems) {
  std::map<std::string, const LedgerKey*> keys;
  for (const auto& key : contents.keys) keys.emplace(key.key, &key);
  for (const auto& system : contents.systems)
    for (const auto& group : system.groups)
      for (const auto& row : group.rows) {
        const auto above = keys.find(row.formula_numerator), below = keys.find(row.formula_denominator);
        if (above == keys.end() || below == keys.end()) continue;
        const auto numerator = Unit::parse(above->second->unit), denominator = Unit::parse(below->second->unit);
        const auto wanted = Unit::parse(row.unit), ratio = Unit::parse(above->second->unit + "/" + below->second->unit);
        if (!numerator || !denominator || !wanted) continue;
        const bool fits =
            row.unit == "%" ? numerator->commensurable_with(*denominator) : ratio && ratio->commensurable_with(*wanted);
        if (fits) continue;
        const auto& place = contents.defined.at({"row of " + system.id, row.id});
        complain(problems, place.file, place.line, "pack.incommensurable_unit",
                 {{"unit", row.unit}, {"formula", above->second->unit + " / " + below->second->unit}});
      }
}

/// No jurisdiction is its own ancestor.
void check_parents(const Contents& contents, std::vector<PackProblem>& problems) {
  std::map<std::string, std::string> parents;
  for (const auto& raw : contents.jurisdictions) parents.emplace(raw.own.code, raw.own.parent);
  for (const auto& raw : contents.jurisdictions) {
    std::set<std::string> seen;
    for (auto at = raw.own.code; !at.empty();) {
      if (!seen.insert(at).second) {
        complain(problems, raw.place.file, raw.place.line, "pack.parent_cycle", {{"id", raw.own.code}});
        break;
      }
      const auto up = parents.find(at);
      at = up == parents.end() ? "" : up->second;
    }
  }
}

/// A replaced document ends before its successor begins.
void check_succession(const Contents& contents, std::vector<PackProblem>& problems) {
  for (const auto& document : contents.documents) {
    if (document.replaced_by.empty()) continue;
    const auto next = std::find_if(contents.documents.begin(), contents.documents.end(),
                                   [&](const Document& d) { return d.id == document.replaced_by; });
    if (next == contents.documents.end() || !document.in_force.to || !next->in_force.from) continue;
    if (*document.in_force.to >= *next->in_force.from) {
      const auto& place = contents.defined.at({"document", document.id});
      complain(problems, place.file, place.line, "pack.overlapping_dates",
               {{"first", next->id}, {"day", next->in_force.from->str()}});
    }
  }
}

}  // namespace

void cross_check(const Contents& contents, std::vector<PackProblem>& problems) {
  check_references(contents, problems);
  check_formulas(contents, problems);
  check_parents(contents, problems);
  check_succession(contents, problems);
}

}  // namespace qy::rules
