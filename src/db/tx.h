#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "base/id.h"
#include "base/result.h"

namespace qy::db {

/// The SQL dialect under a transaction. Only claiming a job and the schema runner may ask.
enum class Dialect { sqlite, postgres };

/// A value to bind: NULL, BIGINT or TEXT. Decimals, dates, instants and ids travel as text.
class Bind {
 public:
  Bind(std::nullptr_t) {}                                                // NOLINT
  Bind(std::nullopt_t) {}                                                // NOLINT
  Bind(std::int64_t v) : is_null_(false), is_int_(true), integer_(v) {}  // NOLINT
  Bind(int v) : Bind(static_cast<std::int64_t>(v)) {}                    // NOLINT
  Bind(bool v) : Bind(static_cast<std::int64_t>(v ? 1 : 0)) {}           // NOLINT
  Bind(std::string v) : is_null_(false), text_(std::move(v)) {}          // NOLINT
  Bind(std::string_view v) : Bind(std::string(v)) {}                     // NOLINT
  Bind(const char* v) : Bind(std::string(v)) {}                          // NOLINT
  Bind(Date v) : Bind(v.str()) {}                                        // NOLINT
  Bind(Instant v) : Bind(v.str()) {}                                     // NOLINT
  Bind(const Decimal& v) : Bind(v.str()) {}                              // NOLINT
  template <class Tag>
  Bind(const Id<Tag>& v) : Bind(v.str()) {}  // NOLINT
  /// An absent number stays a number, so that one prepared statement serves both.
  template <class T>
  Bind(const std::optional<T>& v) : Bind(v ? Bind(*v) : Bind(nullptr)) {  // NOLINT
    is_int_ = std::is_integral_v<T>;
  }

  bool is_null() const { return is_null_; }
  bool is_int() const { return is_int_; }
  std::int64_t integer() const { return integer_; }
  const std::string& text() const { return text_; }

 private:
  bool is_null_ = true;
  bool is_int_ = false;
  std::int64_t integer_ = 0;
  std::string text_;
};

/// One fetched cell as the driver printed it; nullopt is NULL.
using Cell = std::optional<std::string>;

/// How a C++ type is read from a cell. Types: std::string, std::int64_t, int, bool (0/1), Date, Instant, Decimal,
/// Id<Tag>, and std::optional of each. A NULL or an unreadable cell where none is allowed is a broken database: throws
/// db::Broken.
template <class T>
struct Read;

/// The database is not as we left it, or the disk or server failed. Caught once per request; never shown to people in
/// detail.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One open transaction. Commands open it (`Database::write`, `Database::read`); services and stores take it and join.
///
/// SQL uses named placeholders bound in order of first appearance; statements are cached per session by their text, so
/// write SQL as literals, never by gluing values. Portable subset only; see architecture.md, "SQL".
///
///   tx.run("UPDATE audit SET state = :state WHERE id = :id", state, id);
///   const auto rows = tx.rows<AuditId, std::string, std::optional<Date>>(
///       "SELECT id, state, due_on FROM audit WHERE region = :region ORDER BY id", region);
///
/// Constraint violations throw ConstraintViolated: stores prevent them with ON CONFLICT or a look first.
class Tx {
 public:
  virtual ~Tx() = default;

  /// Runs a statement and returns the number of rows it touched.
  template <class... Args>
  std::int64_t run(std::string_view sql, const Args&... args) {
    return execute(sql, {Bind(args)...});
  }

  template <class... Columns, class... Args>
  std::vector<std::tuple<Columns...>> rows(std::string_view sql, const Args&... args) {
    return rows_bound<Columns...>(sql, {Bind(args)...});
  }

  /// The same with binds gathered at run time (filters that may be absent).
  template <class... Columns>
  std::vector<std::tuple<Columns...>> rows_bound(std::string_view sql, const std::vector<Bind>& binds) {
    std::vector<std::tuple<Columns...>> out;
    for (auto& cells : query(sql, binds, sizeof...(Columns)))
      out.push_back(tuple_of<Columns...>(cells, std::index_sequence_for<Columns...>{}));
    return out;
  }

  template <class... Columns, class... Args>
  std::optional<std::tuple<Columns...>> row(std::string_view sql, const Args&... args) {
    auto found = rows_bound<Columns...>(sql, {Bind(args)...});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  }

  /// The first column of the first row.
  template <class Column, class... Args>
  std::optional<Column> value(std::string_view sql, const Args&... args) {
    auto found = rows_bound<Column>(sql, {Bind(args)...});
    if (found.empty()) return std::nullopt;
    return std::get<0>(std::move(found.front()));
  }

  virtual std::int64_t execute(std::string_view sql, const std::vector<Bind>& binds) = 0;
  virtual std::vector<std::vector<Cell>> query(std::string_view sql, const std::vector<Bind>& binds,
                                               std::size_t columns) = 0;
  virtual Dialect dialect() const = 0;

 private:
  template <class... Columns, std::size_t... I>
  static std::tuple<Columns...> tuple_of(std::vector<Cell>& cells, std::index_sequence<I...>) {
    return std::tuple<Columns...>{Read<Columns>::from(cells[I])...};
  }
};

/// A UNIQUE, CHECK, NOT NULL or foreign-key rule refused a statement.
struct ConstraintViolated : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void throw_unreadable(const Cell& cell, const char* wanted);
std::int64_t read_integer(const Cell& cell);

template <>
struct Read<std::string> {
  static std::string from(Cell& cell) {
    if (!cell) throw_unreadable(cell, "text");
    return std::move(*cell);
  }
};
template <>
struct Read<std::int64_t> {
  static std::int64_t from(Cell& cell) { return read_integer(cell); }
};
template <>
struct Read<int> {
  static int from(Cell& cell) { return static_cast<int>(read_integer(cell)); }
};
template <>
struct Read<bool> {
  static bool from(Cell& cell) { return read_integer(cell) != 0; }
};
template <>
struct Read<Date> {
  static Date from(Cell& cell) {
    auto parsed = cell ? Date::parse(*cell) : Result<Date>(Error{ErrorKind::invalid, "date.format"});
    if (!parsed) throw_unreadable(cell, "date");
    return *parsed;
  }
};
template <>
struct Read<Instant> {
  static Instant from(Cell& cell) {
    auto parsed = cell ? Instant::parse(*cell) : Result<Instant>(Error{ErrorKind::invalid, "instant.format"});
    if (!parsed) throw_unreadable(cell, "instant");
    return *parsed;
  }
};
template <>
struct Read<Decimal> {
  static Decimal from(Cell& cell) {
    auto parsed = cell ? Decimal::parse(*cell) : Result<Decimal>(Error{ErrorKind::invalid, "decimal.format"});
    if (!parsed) throw_unreadable(cell, "decimal");
    return *parsed;
  }
};
template <class Tag>
struct Read<Id<Tag>> {
  static Id<Tag> from(Cell& cell) { return Id<Tag>::trusted(Read<std::string>::from(cell)); }
};
template <class T>
struct Read<std::optional<T>> {
  static std::optional<T> from(Cell& cell) {
    if (!cell) return std::nullopt;
    return Read<T>::from(cell);
  }
};

}  // namespace qy::db

namespace qy {
using db::Tx;
}
