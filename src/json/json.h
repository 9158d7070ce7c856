#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/result.h"

namespace qy::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// Reads one JSON document strictly: UTF-8, no duplicate keys, depth ≤ 64, nothing after it, no NUL in texts. Numbers
/// keep their written digits (a Decimal read from 0.10 has two decimals): integers of 64 bits are int64, every other
/// number is a *written number*, a string that begins with the NUL which no text can hold. Ask `is_text`, `is_number`
/// and `decimal_of` instead of the kind; `dump`, `pretty` and `canonical` write it as the number it was.
/// Errors: json.syntax {line, column}, json.duplicate_key {pointer}, json.nul {pointer}, json.depth; kind malformed.
Result<Value> parse(std::string_view text);

bool is_text(const Value& value);
bool is_number(const Value& value);
/// The digits of a written number; nothing for any other value.
std::optional<std::string_view> number_digits(const Value& value);
/// The value of a number, or of a text as people paste it. Beyond 18 decimals it is rounded, half to even, where twelve
/// digits or more are left. Errors: field.type, those of Decimal::parse.
Result<Decimal> decimal_of(const Value& value);

/// A number (not a text) with exactly the digits of `decimal`.
Value number(const Decimal& decimal);
/// {"zh": …, "en": …}
Value both(const Text& text);
/// ["…", "…"]
Array texts(const std::vector<std::string>& values);

/// The pointer of member `name` of the object at `parent`: "#/rows" and "3" give "#/rows/3".
std::string pointer_to(std::string_view parent, std::string_view name);

/// Canonical form for hashing: keys sorted by UTF-8 code unit, no blanks, no floats (RFC 8785 restricted to strings,
/// integers, booleans, null; a written number is its shortest plain decimal). A double in `value` is a bug of ours
/// (assert).
std::string canonical(const Value& value);

/// Ordinary output, compact. Doubles get the fewest digits that read back the same; NaN and infinities are null.
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
/// The value read must outlive the reader. A getter that complains returns a harmless default; nothing may be used
/// before `done()` said yes. At most 1000 complaints are kept.
/// Codes: field.required, field.type, field.unknown, field.too_long, field.too_short, field.choice, field.range,
/// field.too_many, and the codes of Decimal, Date, Money parsing.
class ObjectReader {
 public:
  explicit ObjectReader(const Value& value, std::string pointer = "#");

  bool has(std::string_view name) const;  ///< present and not null
  std::vector<std::string> keys() const;  ///< of an object used as a map, in the order written

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

  /// Readers of an array's objects, each complaining into this one. Absent gives none unless `required`; then an empty
  /// array is complained of too (field.empty).
  std::vector<ObjectReader> objects(std::string_view name, std::size_t max = 1000, bool required = false);
  std::vector<std::string> texts(std::string_view name, std::size_t max_count = 100, std::size_t max_length = 200);
  /// Reader of a nested object; reading from an absent one complains only when `required`.
  ObjectReader object(std::string_view name, bool required = true);
  /// Keys and readers of an object used as a map.
  std::vector<std::pair<std::string, ObjectReader>> members(std::string_view name, std::size_t max = 1000);
  /// Any value, unread; null when absent.
  Value any(std::string_view name);

  /// Adds a complaint of the caller's own at field `name` ("" = the object itself); none where there is no object.
  void complain(std::string_view name, std::string code, Params params = {});
  /// The same at any pointer of the document, such as an element of an array of numbers.
  void complain_at(std::string pointer, std::string code, Params params = {});

  /// All complaints of this reader and every reader made from it. Unknown fields are complaints. kind invalid, code
  /// "input.invalid".
  Result<void> done();

  const std::string& pointer() const { return pointer_; }

 private:
  struct Shared;
  ObjectReader(const Object* object, std::string pointer, std::shared_ptr<Shared> shared);
  const Value* find(std::string_view name, bool required);
  const Array* array(std::string_view name, std::size_t max, bool required);

  std::shared_ptr<Shared> shared_;
  std::size_t visit_ = 0;
  const Object* object_ = nullptr;
  std::string pointer_;
};

std::span<const Sentence> json_messages();

}  // namespace qy::json
