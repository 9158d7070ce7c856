#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "base/result.h"

namespace qy::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// Reads one JSON document strictly: UTF-8, no duplicate keys, depth ≤ 64, nothing after it. Numbers keep their
/// written digits (a Decimal read from 0.10 has two decimals).
/// Errors: json.syntax {line, column}, json.duplicate_key {pointer}, json.depth; kind malformed.
Result<Value> parse(std::string_view text);

/// Canonical form for hashing: keys sorted by code unit, no blanks, no floats (RFC 8785 restricted to strings, integers,
/// booleans, null). A double in `value` is a bug of ours (assert).
std::string canonical(const Value& value);

/// Ordinary output, compact.
std::string dump(const Value& value);
/// For people: two blanks a level.
std::string pretty(const Value& value);

/// Reads an object field by field and collects every complaint, so that a form shows them all at once.
///
///   ObjectReader in(body);
///   const auto title = in.text("title", 200);
///   const auto due = in.optional_date("due_on");
///   QY_CHECK(in.done());          // wrong, missing *and unknown* fields, each at its pointer
///
/// A getter that complains returns a harmless default; nothing may be used before `done()` said yes.
/// Codes: field.required, field.type, field.unknown, field.too_long, field.too_short, field.choice, field.range, field.too_many,
/// and the codes of Decimal, Date, Money parsing.
class ObjectReader {
public:
  explicit ObjectReader(const Value& value, std::string pointer = "#");

  bool has(std::string_view name) const;  ///< present and not null

  /// Trimmed text of 1..max characters.
  std::string text(std::string_view name, std::size_t max = 200);
  /// Empty text counts as absent.
  std::optional<std::string> optional_text(std::string_view name, std::size_t max = 200);
  /// As given, untrimmed (passwords, free text), 0..max characters; absent gives "".
  std::string raw_text(std::string_view name, std::size_t max);

  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t min, std::int64_t max);
  bool flag(std::string_view name, bool absent = false);

  /// Number or string.
  Decimal decimal(std::string_view name);
  std::optional<Decimal> optional_decimal(std::string_view name);
  Money money(std::string_view name);
  std::optional<Money> optional_money(std::string_view name);
  Date date(std::string_view name);
  std::optional<Date> optional_date(std::string_view name);

  /// One of `choices`; complains field.choice with the list.
  std::string choice(std::string_view name, std::initializer_list<std::string_view> choices);
  std::optional<std::string> optional_choice(std::string_view name, std::initializer_list<std::string_view> choices);

  /// Readers of an array's objects, each complaining into this one. Absent gives none unless `required`.
  std::vector<ObjectReader> objects(std::string_view name, std::size_t max = 1000, bool required = false);
  std::vector<std::string> texts(std::string_view name, std::size_t max_count = 100, std::size_t max_length = 200);
  /// Reader of a nested object; reading from an absent one complains only when `required`.
  ObjectReader object(std::string_view name, bool required = true);
  /// Keys and readers of an object used as a map.
  std::vector<std::pair<std::string, ObjectReader>> members(std::string_view name, std::size_t max = 1000);
  /// Any value, unread; null when absent.
  Value any(std::string_view name);

  /// Adds a complaint of the caller's own at field `name` ("" = the object itself).
  void complain(std::string_view name, std::string code, Params params = {});

  /// All complaints of this reader and every reader made from it. Unknown fields are complaints. kind invalid, code "input.invalid".
  Result<void> done();

  const std::string& pointer() const { return pointer_; }

private:
  struct Shared;
  ObjectReader(const Object* object, std::string pointer, std::shared_ptr<Shared> shared);
  const Value* find(std::string_view name, bool required);

  std::shared_ptr<Shared> shared_;
  const Object* object_ = nullptr;
  std::string pointer_;
};

}  // namespace qy::json
