#include "db/insert.h"

#include <cassert>
#include <iterator>

namespace qy::db {
namespace {

/// Drivers look placeholders up by name one after another: beyond this a longer statement gains nothing.
constexpr std::size_t kMostBinds = 1024;

std::string statement(std::string_view into, std::size_t rows, std::size_t columns, std::string_view then) {
  std::string sql(into);
  sql += " VALUES ";
  std::size_t n = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row ? ", (" : "(";
    for (std::size_t column = 0; column < columns; ++column) sql += (column ? ", :v" : ":v") + std::to_string(n++);
    sql += ')';
  }
  return then.empty() ? sql : sql + " " + std::string(then);
}

}  // namespace

std::int64_t insert_rows(Tx& tx, std::string_view into, const std::vector<std::vector<Bind>>& rows,
                         std::string_view then) {
  if (rows.empty()) return 0;
  const std::size_t columns = rows.front().size();
  // Sizes are powers of two, so that a dozen prepared statements serve every number of rows.
  std::size_t size = 1;
  while (size * 2 * columns <= kMostBinds) size *= 2;
  std::int64_t touched = 0;
  std::string sql;
  std::vector<Bind> binds;
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t before = size;
    while (size > rows.size() - at) size /= 2;
    if (sql.empty() || size != before) sql = statement(into, size, columns, then);
    binds.clear();
    for (std::size_t row = at; row < at + size; ++row) {
      assert(rows[row].size() == columns && "every row has the columns of `into`");
      binds.insert(binds.end(), rows[row].begin(), rows[row].end());
    }
    touched += tx.execute(sql, binds);
    at += size;
  }
  return touched;
}

}  // namespace qy::db
