#include <algorithm>

#include "base/text.h"
#include "regime/figures/figures.h"

namespace qy::figures {
namespace {

bool is_year(std::string_view text) {
  return text.size() == 4 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string to_string(Aspect aspect) {
  switch (aspect) {
    case Aspect::measured:
      return "measured";
    case Aspect::reconciled:
      return "reconciled";
    case Aspect::planned:
      return "planned";
    case Aspect::verified:
      return "verified";
  }
  return "measured";
}

std::optional<Aspect> aspect_of(std::string_view text) {
  for (const auto aspect : {Aspect::measured, Aspect::reconciled, Aspect::planned, Aspect::verified})
    if (to_string(aspect) == text) return aspect;
  return std::nullopt;
}

std::string to_string(Basis basis) {
  switch (basis) {
    case Basis::metered:
      return "metered";
    case Basis::billed:
      return "billed";
    case Basis::monitored:
      return "monitored";
    case Basis::calculated:
      return "calculated";
    case Basis::estimated:
      return "estimated";
    case Basis::claimed:
      return "claimed";
  }
  return "claimed";
}

std::optional<Basis> basis_of(std::string_view text) {
  for (const auto basis :
       {Basis::metered, Basis::billed, Basis::monitored, Basis::calculated, Basis::estimated, Basis::claimed})
    if (to_string(basis) == text) return basis;
  return std::nullopt;
}

std::string to_string(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::number:
      return "number";
    case Value::Kind::text:
      return "text";
    case Value::Kind::date:
      return "date";
    case Value::Kind::choice:
      return "choice";
    case Value::Kind::not_applicable:
      return "not_applicable";
    case Value::Kind::retracted:
      return "retracted";
  }
  return "retracted";
}

Result<Period> Period::parse(std::string_view given) {
  const auto wrong = Error{ErrorKind::invalid, "period.format", {{"text", prefix_of(given, 40)}}};
  const auto text = trim(given);
  if (text.empty()) return Period{};

  const auto slash = text.find('/');
  // One end of a period: a year, a month or a day.
  const auto span = [](std::string_view part) -> std::optional<std::pair<Date, Date>> {
    std::string first(part);
    if (is_year(part))
      first += "-01-01";
    else if (part.size() == 7)
      first += "-01";
    const auto from = Date::parse(first);
    if (!from) return std::nullopt;
    const int months = is_year(part) ? 12 : part.size() == 7 ? 1 : 0;
    return std::pair{*from, months ? from->plus_months(months).plus_days(-1) : *from};
  };
  const auto begin = span(text.substr(0, slash));
  const auto end = slash == text.npos ? begin : span(text.substr(slash + 1));
  if (!begin || !end) return wrong;

  Period period;
  period.from = begin->first;
  period.to = end->second;
  if (*period.to < *period.from) return Error{ErrorKind::invalid, "period.order", {{"text", std::string(text)}}};
  const bool whole_months = period.from->day() == 1 && period.to->plus_days(1).day() == 1;
  const auto month = period.from->str().substr(0, 7);
  if (whole_months && period.from->month() == 1 && *period.to == period.from->plus_years(1).plus_days(-1))
    period.text = month.substr(0, 4);
  else if (whole_months && *period.to == period.from->plus_months(1).plus_days(-1))
    period.text = month;
  else
    period.text = period.from->str() + "/" + period.to->str();
  return period;
}

Period Period::year(int year) {
  return {.text = std::to_string(year), .from = Date(year, 1, 1), .to = Date(year, 12, 31)};
}

std::string Place::str() const {
  return key + "/" + (scope.empty() ? "plant" : scope) + "/" + (period.text.empty() ? "-" : period.text) + "/" +
         to_string(aspect);
}

Ledger::Ledger(db::Subject subject, std::vector<Figure> figures, bool frozen)
    : subject_(std::move(subject)), figures_(std::move(figures)) {
  std::sort(figures_.begin(), figures_.end(), [](const Figure& a, const Figure& b) { return a.place < b.place; });
  for (std::size_t i = 0; i < figures_.size(); ++i) by_place_.emplace(figures_[i].place, i);
  downstream_.resize(figures_.size());
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    for (const auto& input : figures_[i].claim.inputs)
      if (const auto at = by_place_.find(input.place); at != by_place_.end()) downstream_[at->second].push_back(i);
  }
  stale_.assign(figures_.size(), frozen ? 0 : -1);
  for (std::size_t i = 0; i < figures_.size(); ++i) compute_stale(i);
}

bool Ledger::compute_stale(std::size_t index) {
  if (stale_[index] == -2) return true;  // computed from itself
  if (stale_[index] >= 0) return stale_[index] == 1;
  stale_[index] = -2;
  bool stale = false;
  for (const auto& input : figures_[index].claim.inputs) {
    const auto at = by_place_.find(input.place);
    const auto now = at == by_place_.end() ? 0 : figures_[at->second].version;
    if (now != input.version || (at != by_place_.end() && compute_stale(at->second))) stale = true;
  }
  stale_[index] = stale ? 1 : 0;
  return stale;
}

const Figure* Ledger::find_slot(const Place& place) const {
  const auto at = by_place_.find(place);
  return at == by_place_.end() ? nullptr : &figures_[at->second];
}

const Figure* Ledger::find(const Place& place) const {
  const auto* figure = find_slot(place);
  return figure && !figure->claim.value.is_blank() ? figure : nullptr;
}

const Figure* Ledger::find(std::string_view key, std::string_view period, Aspect aspect, std::string_view scope) const {
  const auto parsed = Period::parse(period);
  if (!parsed) return nullptr;
  return find({.key = std::string(key), .scope = std::string(scope), .period = *parsed, .aspect = aspect});
}

std::vector<const Figure*> Ledger::of_key(std::string_view key) const {
  std::vector<const Figure*> found;
  for (auto at =
           by_place_.lower_bound(Place{.key = std::string(key), .scope = {}, .period = {}, .aspect = Aspect::measured});
       at != by_place_.end() && at->first.key == key; ++at) {
    const auto& figure = figures_[at->second];
    if (!figure.claim.value.is_blank()) found.push_back(&figure);
  }
  return found;
}

Result<std::optional<Decimal>> Ledger::number(const Place& place, std::string_view unit) const {
  const auto* figure = find(place);
  if (!figure || !figure->claim.value.is_number()) return std::optional<Decimal>{};
  if (unit.empty() || figure->claim.value.unit == unit) return std::optional<Decimal>{figure->claim.value.number};
  QY_TRY(const auto from, Unit::parse(figure->claim.value.unit));
  QY_TRY(const auto to, Unit::parse(unit));
  QY_TRY(const auto converted, Quantity{figure->claim.value.number, from}.in(to));
  return std::optional<Decimal>{converted.value};
}

bool Ledger::stale(const Figure& figure) const {
  const auto at = by_place_.find(figure.place);
  return at != by_place_.end() && stale_[at->second] == 1;
}

std::vector<const Figure*> Ledger::stale_figures() const {
  std::vector<const Figure*> found;
  for (std::size_t i = 0; i < figures_.size(); ++i)
    if (stale_[i] == 1 && !figures_[i].claim.value.is_blank()) found.push_back(&figures_[i]);
  return found;
}

std::vector<const Figure*> Ledger::upstream(const Figure& figure) const {
  std::vector<const Figure*> found;
  for (const auto& input : figure.claim.inputs)
    if (const auto* one = find_slot(input.place)) found.push_back(one);
  return found;
}

std::vector<const Figure*> Ledger::downstream(const Figure& figure) const {
  std::vector<const Figure*> found;
  const auto at = by_place_.find(figure.place);
  if (at == by_place_.end()) return found;
  for (const auto index : downstream_[at->second]) found.push_back(&figures_[index]);
  return found;
}

std::vector<Change> changes_between(const Ledger& before, const Ledger& after) {
  std::vector<Change> changes;
  const auto& old_ones = before.figures();
  const auto& new_ones = after.figures();
  auto left = old_ones.begin();
  auto right = new_ones.begin();
  while (left != old_ones.end() || right != new_ones.end()) {
    Change change;
    if (right == new_ones.end() || (left != old_ones.end() && left->place < right->place))
      change.before = &*left++;
    else if (left == old_ones.end() || right->place < left->place)
      change.after = &*right++;
    else
      change = {&*left++, &*right++};
    const auto holds = [](const Figure* figure) { return figure && !figure->claim.value.is_blank(); };
    if (!holds(change.before)) change.before = nullptr;
    if (!holds(change.after)) change.after = nullptr;
    if (!change.before && !change.after) continue;
    if (change.before && change.after && change.before->claim.value == change.after->claim.value) continue;
    changes.push_back(change);
  }
  return changes;
}

}  // namespace qy::figures
