#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/tx.h"

namespace qy::db {

/// Conditions of a list query that may be absent, with their values in order. The pieces of SQL are literals; only
/// values vary. Each condition's placeholders are its own: two conditions may both say ":region".
///
///   Where where;
///   if (!filter.state.empty()) where.add("state = :state", filter.state);
///   tx.rows_bound<…>("SELECT … FROM t" + where.sql() + " ORDER BY id", where.binds());
class Where {
 public:
  template <class... Args>
  void add(std::string_view condition, const Args&... args) {
    sql_ += sql_.empty() ? " WHERE " : " AND ";
    const std::string suffix = "_" + std::to_string(++conditions_);
    const auto is_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    for (std::size_t i = 0; i < condition.size(); ++i) {
      sql_ += condition[i];
      if (condition[i] != ':') continue;
      while (i + 1 < condition.size() && is_name(condition[i + 1])) sql_ += condition[++i];
      sql_ += suffix;
    }
    (binds_.emplace_back(args), ...);
  }

  /// Codes that begin with `prefix`, as a range an index can serve; nothing when it is empty. The condition has two
  /// placeholders:
  ///   where.add_prefix("region >= :region AND region < :region_end", "9901");
  void add_prefix(std::string_view condition, std::string_view prefix) {
    if (!prefix.empty()) add(condition, prefix, std::string(prefix) + "~");
  }

  /// `column` is one of `values`; nothing when there are none.
  void add_any(std::string_view column, const std::vector<std::string>& values) {
    if (values.empty()) return;
    sql_ += (sql_.empty() ? " WHERE " : " AND ") + std::string(column) + " IN (";
    ++conditions_;
    for (std::size_t i = 0; i < values.size(); ++i) {
      sql_ += (i ? ", :any" : ":any") + std::to_string(i) + "_" + std::to_string(conditions_);
      binds_.emplace_back(values[i]);
    }
    sql_ += ")";
  }

  const std::string& sql() const { return sql_; }  ///< " WHERE … AND …" or ""
  const std::vector<Bind>& binds() const { return binds_; }

  /// The binds followed by more, for LIMIT and OFFSET.
  template <class... Args>
  std::vector<Bind> binds_and(const Args&... args) const {
    auto all = binds_;
    (all.emplace_back(args), ...);
    return all;
  }

 private:
  int conditions_ = 0;
  std::string sql_;
  std::vector<Bind> binds_;
};

/// "%text%" for `lower(column) LIKE :text ESCAPE '!'`, its wildcards taken literally, ASCII in lower case.
inline std::string like_containing(std::string_view text) {
  std::string out = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out + "%";
}

}  // namespace qy::db
