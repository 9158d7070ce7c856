#include "engine/portfolio/level.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"

namespace qy::engine::portfolio {
namespace {

using indicators::Evaluation;
using indicators::Grade;

constexpr std::size_t kBelow = 3, kNone = 4;

std::size_t position(Grade grade) { return grade <= Grade::below ? static_cast<std::size_t>(grade) : kNone; }

std::size_t position(std::string_view level) {
  if (level == "I") return 0;
  if (level == "II") return 1;
  return level == "III" ? 2 : kBelow;
}

/// The engine's complaints, with its own roots exchanged for those of this document.
Error moved(Error error, const std::string& values) {
  for (auto& field : error.fields) {
    if (field.pointer.starts_with("#/values/"))
      field.pointer = values + field.pointer.substr(8);
    else if (field.pointer.starts_with("#/parameters"))
      field.pointer = "#/level/" + field.pointer.substr(2);
  }
  return error;
}

const indicators::Row& row_of(const Evaluation& evaluation, const std::string& id) {
  const auto found = std::find_if(evaluation.rows.begin(), evaluation.rows.end(),
                                  [&](const indicators::Row& row) { return row.row->id == id; });
  assert(found != evaluation.rows.end());
  return *found;
}

Error refused(std::vector<FieldError> fields) {
  return {ErrorKind::invalid, "input.invalid", {{"count", std::to_string(fields.size())}}, std::move(fields)};
}

}  // namespace

std::size_t LevelTable::demanded(const Row& row) const {
  if (row.limiting) return std::min(kBelow, position(wanted_->limiting));
  return wanted_->others.empty() ? kBelow : position(wanted_->others);
}

Result<LevelTable> LevelTable::make(const Goal& goal, const std::vector<Option>& options) {
  LevelTable table;
  table.goal_ = &goal;
  for (const auto& level : goal.rule->levels)
    if (level.id == goal.level) table.wanted_ = &level;
  if (!table.wanted_)
    return refused({{"#/level/target", "portfolio.level_unknown", {{"level", prefix_of(goal.level, 10)}}}});
  table.aim_ = position(goal.level);
  table.index_wanted_ = table.wanted_->index.to_double();

  table.prepared_ = std::make_unique<const indicators::Prepared>(*goal.system, *goal.rule);
  auto quiet = goal.now;
  quiet.explain = false;
  const auto now = table.prepared_->evaluate(quiet);
  if (!now) return moved(now.error(), "#/level/values");
  if (now->index_refused) return *now->index_refused;
  for (std::size_t i = 0; i < now->rows.size(); ++i) {
    const auto& row = now->rows[i];
    table.rows_.push_back({row.row->id,
                           row.row->limiting,
                           row.grade != Grade::not_applicable,
                           now->weight(i).value_or(Rational()).to_double(),
                           {},
                           {},
                           {}});
  }

  std::vector<FieldError> complaints;
  for (std::size_t k = 0; k < options.size(); ++k) {
    const auto at = "#/options/" + std::to_string(k) + "/rows";
    auto with = quiet;
    bool known = true;
    for (const auto& [id, change] : options[k].rows) {
      const auto row =
          std::find_if(table.rows_.begin(), table.rows_.end(), [&id = id](const Row& r) { return r.id == id; });
      if (row == table.rows_.end() || !row->applies) {
        complaints.push_back({at + "/" + id, "portfolio.row_unknown", {{"row", prefix_of(id, 30)}}});
        known = false;
        continue;
      }
      const auto present = quiet.answers.find(id);
      const bool measured = present != quiet.answers.end() && present->second.value;
      if (change.change) {
        if (!measured || !Decimal::checked_add(present->second.value->value, *change.change))
          complaints.push_back({at + "/" + id + "/change", "portfolio.row_change", {{"row", prefix_of(id, 30)}}});
      } else {
        auto answer = change.answer;
        if (!answer.output && present != quiet.answers.end()) answer.output = present->second.output;
        with.answers[id] = answer;
      }
      row->options.push_back(k);
      if (row->options.size() == kMostOptionsOfARow + 1)
        complaints.push_back({at + "/" + id,
                              "portfolio.row_options",
                              {{"row", prefix_of(id, 30)}, {"limit", std::to_string(kMostOptionsOfARow)}}});
    }
    if (!known || options[k].rows.empty()) continue;
    if (const auto tried = table.prepared_->evaluate(with); !tried)
      for (auto& field : moved(tried.error(), at).fields) complaints.push_back(std::move(field));
  }
  if (!complaints.empty()) return refused(std::move(complaints));

  // Candidates of each row: as it is, as one option sets it, with each sum of differences.
  struct Candidate {
    std::size_t needs_any;  ///< mask: one of these options; 0: none needed
    std::size_t exactly, of;
    const indicators::Answer* answer;
    Grade grade = Grade::missing;
  };
  std::vector<std::vector<Candidate>> candidates(table.rows_.size());
  std::size_t most = 0;
  for (std::size_t r = 0; r < table.rows_.size(); ++r) {
    auto& row = table.rows_[r];
    auto& mine = candidates[r];
    const auto present = quiet.answers.find(row.id);
    std::size_t summed = 0;
    for (std::size_t i = 0; i < row.options.size(); ++i) {
      const auto& change = options[row.options[i]].rows.at(row.id);
      if (change.change) {
        summed |= std::size_t{1} << i;
        continue;
      }
      auto made = std::make_unique<indicators::Answer>(change.answer);
      if (!made->output && present != quiet.answers.end()) made->output = present->second.output;
      mine.push_back({std::size_t{1} << i, 0, 0, made.get()});
      table.made_.push_back(std::move(made));
    }
    for (auto mask = summed;; mask = (mask - 1) & summed) {
      auto made =
          std::make_unique<indicators::Answer>(present == quiet.answers.end() ? indicators::Answer{} : present->second);
      bool fits = true;
      for (std::size_t i = 0; i < row.options.size(); ++i) {
        if (!(mask >> i & 1)) continue;
        const auto sum = Decimal::checked_add(made->value->value, *options[row.options[i]].rows.at(row.id).change);
        fits = fits && sum;
        if (sum) made->value->value = *sum;
      }
      if (!fits)
        return refused({{"#/options/" + std::to_string(row.options[0]) + "/rows/" + row.id + "/change",
                         "portfolio.row_change",
                         {{"row", row.id}}}});
      mine.push_back({0, mask, summed, made.get()});
      table.made_.push_back(std::move(made));
      if (mask == 0) break;
    }
    most = std::max(most, mine.size());
  }
  for (std::size_t round = 0; round < most; ++round) {
    auto with = quiet;
    for (std::size_t r = 0; r < candidates.size(); ++r)
      if (round < candidates[r].size() && !table.rows_[r].options.empty())
        with.answers[table.rows_[r].id] = *candidates[r][round].answer;
    const auto tried = table.prepared_->evaluate(with);
    if (!tried) return moved(tried.error(), "#/level/values");
    for (std::size_t r = 0; r < candidates.size(); ++r)
      if (round < candidates[r].size()) candidates[r][round].grade = row_of(*tried, table.rows_[r].id).grade;
  }
  std::vector<std::string> missing;
  for (std::size_t r = 0; r < table.rows_.size(); ++r) {
    auto& row = table.rows_[r];
    bool ever = !row.applies;
    for (std::size_t mask = 0; mask < std::size_t{1} << row.options.size(); ++mask) {
      const Candidate* best = nullptr;
      for (const auto& candidate : candidates[r]) {
        const bool here =
            candidate.needs_any ? (mask & candidate.needs_any) != 0 : (mask & candidate.of) == candidate.exactly;
        if (here && (!best || position(candidate.grade) < position(best->grade))) best = &candidate;
      }
      row.grades.push_back(best->grade);
      row.answer.push_back(best->answer);
      ever = ever || position(best->grade) < kNone;
    }
    if (!ever) missing.push_back(row.id);
  }
  if (!missing.empty())
    return refused({{"#/level/values", "portfolio.level_missing", {{"rows", join(missing, ", ")}}}});
  return table;
}

indicators::Input LevelTable::input(const std::vector<char>& options) const {
  auto input = goal_->now;
  for (const auto& row : rows_) {
    if (row.options.empty()) continue;
    std::size_t mask = 0;
    for (std::size_t i = 0; i < row.options.size(); ++i)
      if (options[row.options[i]]) mask |= std::size_t{1} << i;
    input.answers[row.id] = *row.answer[mask];
  }
  return input;
}

Evaluation LevelTable::evaluate(const std::vector<char>& options) const {
  auto evaluation = prepared_->evaluate(input(options));
  assert(evaluation);
  return std::move(*evaluation);
}

bool LevelTable::reached(const std::vector<char>& options) const {
  auto quiet = input(options);
  quiet.explain = false;
  const auto evaluation = prepared_->evaluate(quiet);
  return evaluation && evaluation->level && position(*evaluation->level) <= aim_;
}

}  // namespace qy::engine::portfolio
