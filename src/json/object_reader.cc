#include <algorithm>
#include <charconv>
#include <deque>
#include <set>

#include "base/text.h"
#include "json/json.h"

namespace qy::json {
namespace {

constexpr std::size_t kMostComplaints = 1000, kLongestPointers = 1 << 20, kLongestParam = 2000, kShownOfParam = 100;

const Params kText{{"expected.zh", "文字"}, {"expected.en", "text"}};
const Params kInteger{{"expected.zh", "整数"}, {"expected.en", "a whole number"}};
const Params kNumber{{"expected.zh", "数字"}, {"expected.en", "a number"}};
const Params kFlag{{"expected.zh", "true或false"}, {"expected.en", "true or false"}};
const Params kArray{{"expected.zh", "数组"}, {"expected.en", "an array"}};
const Params kObject{{"expected.zh", "对象"}, {"expected.en", "an object"}};

std::optional<std::int64_t> whole(const Value& value) {
  if (value.is_int64()) return value.get_int64();
  const auto digits = number_digits(value);
  if (!digits) return std::nullopt;
  const auto exact = Decimal::parse(*digits);
  if (!exact || exact->rounded_half_even(0) != *exact) return std::nullopt;
  const auto text = exact->rounded_half_even(0).str();
  std::int64_t out = 0;
  const auto end = text.data() + text.size();
  const auto [stop, wrong] = std::from_chars(text.data(), end, out);
  if (wrong != std::errc{} || stop != end) return std::nullopt;
  return out;
}

}  // namespace

/// What all readers of one document share: the complaints, and per object which fields were asked for.
struct ObjectReader::Shared {
  struct Visit {
    const Object* object;
    std::string pointer;
    std::set<std::string, std::less<>> asked;
  };
  std::vector<FieldError> complaints;
  std::size_t pointers = 0;  ///< characters of all of them
  std::deque<Visit> visits;

  std::size_t visit(const Object* object, const std::string& pointer) {
    visits.push_back({object, pointer, {}});
    return visits.size() - 1;
  }
  void complain(std::string pointer, std::string code, Params params) {
    if (is_full()) return;
    for (auto& [key, value] : params)
      if (value.size() > kLongestParam) value = prefix_of(value, kShownOfParam) + "…";
    pointers += pointer.size();
    complaints.push_back({std::move(pointer), std::move(code), std::move(params)});
  }
  /// Keys of a megabyte each would make pointers that nobody can hold or read.
  bool is_full() const { return complaints.size() >= kMostComplaints || pointers > kLongestPointers; }
};

ObjectReader::ObjectReader(const Value& value, std::string pointer)
    : shared_(std::make_shared<Shared>()), object_(value.if_object()), pointer_(std::move(pointer)) {
  if (!object_) shared_->complain(pointer_, "field.type", kObject);
  visit_ = shared_->visit(object_, pointer_);
}

ObjectReader::ObjectReader(const Object* object, std::string pointer, std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)), object_(object), pointer_(std::move(pointer)) {
  visit_ = shared_->visit(object_, pointer_);
}

const Value* ObjectReader::find(std::string_view name, bool required) {
  shared_->visits[visit_].asked.emplace(name);
  const Value* value = object_ ? object_->if_contains(name) : nullptr;
  if (value && !value->is_null()) return value;
  if (required && object_) complain(name, "field.required");
  return nullptr;
}

bool ObjectReader::has(std::string_view name) const {
  const Value* value = object_ ? object_->if_contains(name) : nullptr;
  return value && !value->is_null();
}

std::vector<std::string> ObjectReader::keys() const {
  std::vector<std::string> out;
  if (object_)
    for (const auto& member : *object_) out.emplace_back(member.key());
  return out;
}

std::string ObjectReader::text(std::string_view name, std::size_t max) {
  const auto* value = find(name, true);
  if (!value) return {};
  if (!is_text(*value)) return complain(name, "field.type", kText), std::string();
  std::string text(trim(value->get_string()));
  if (text.empty()) complain(name, "field.required");
  if (length_of(text) <= max) return text;
  complain(name, "field.too_long", {{"limit", std::to_string(max)}});
  return prefix_of(text, max);
}

std::optional<std::string> ObjectReader::optional_text(std::string_view name, std::size_t max) {
  const auto* value = find(name, false);
  if (!value) return std::nullopt;
  if (!is_text(*value)) return complain(name, "field.type", kText), std::nullopt;
  std::string text(trim(value->get_string()));
  if (text.empty()) return std::nullopt;
  if (length_of(text) <= max) return text;
  complain(name, "field.too_long", {{"limit", std::to_string(max)}});
  return prefix_of(text, max);
}

std::string ObjectReader::raw_text(std::string_view name, std::size_t max) {
  const auto* value = find(name, false);
  if (!value) return {};
  if (!is_text(*value)) return complain(name, "field.type", kText), std::string();
  std::string text(value->get_string());
  if (length_of(text) <= max) return text;
  complain(name, "field.too_long", {{"limit", std::to_string(max)}});
  return prefix_of(text, max);
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  return find(name, true) ? optional_integer(name, min, max).value_or(min) : min;
}

std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto* value = find(name, false);
  if (!value) return std::nullopt;
  const auto number = whole(*value);
  if (!number) return complain(name, "field.type", kInteger), std::nullopt;
  if (*number < min || *number > max) {
    complain(name, "field.range", {{"min", grouped(std::to_string(min))}, {"max", grouped(std::to_string(max))}});
    return std::nullopt;
  }
  return number;
}

bool ObjectReader::flag(std::string_view name, bool absent) {
  const auto* value = find(name, false);
  if (!value) return absent;
  if (!value->is_bool()) return complain(name, "field.type", kFlag), absent;
  return value->get_bool();
}

Decimal ObjectReader::decimal(std::string_view name) {
  return find(name, true) ? optional_decimal(name).value_or(Decimal()) : Decimal();
}

std::optional<Decimal> ObjectReader::optional_decimal(std::string_view name) {
  const auto* value = find(name, false);
  if (!value) return std::nullopt;
  auto number = decimal_of(*value);
  if (!number) {
    complain(name, number.error().code, number.error().params);
    return std::nullopt;
  }
  return *number;
}

Money ObjectReader::money(std::string_view name) {
  return find(name, true) ? optional_money(name).value_or(Money()) : Money();
}

std::optional<Money> ObjectReader::optional_money(std::string_view name) {
  const auto number = optional_decimal(name);
  if (!number) return std::nullopt;
  const auto money = Money::parse(number->str());
  if (!money) {
    complain(name, money.error().code, money.error().params);
    return std::nullopt;
  }
  return *money;
}

Date ObjectReader::date(std::string_view name) {
  return find(name, true) ? optional_date(name).value_or(Date()) : Date();
}

std::optional<Date> ObjectReader::optional_date(std::string_view name) {
  const auto* value = find(name, false);
  if (!value) return std::nullopt;
  if (!is_text(*value)) return complain(name, "field.type", kText), std::nullopt;
  const auto date = Date::parse(trim(value->get_string()));
  if (!date) {
    complain(name, date.error().code, date.error().params);
    return std::nullopt;
  }
  return *date;
}

std::string ObjectReader::choice(std::string_view name, std::initializer_list<std::string_view> choices) {
  return find(name, true) ? optional_choice(name, choices).value_or(std::string(*choices.begin()))
                          : std::string(*choices.begin());
}

std::optional<std::string> ObjectReader::optional_choice(std::string_view name,
                                                         std::initializer_list<std::string_view> choices) {
  const auto* value = find(name, false);
  if (!value) return std::nullopt;
  const std::string text(is_text(*value) ? std::string_view(value->get_string()) : std::string_view());
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    complain(name, "field.choice", {{"choices", join({choices.begin(), choices.end()}, ", ")}});
    return std::nullopt;
  }
  return text;
}

const Array* ObjectReader::array(std::string_view name, std::size_t max, bool required) {
  const auto* value = find(name, required);
  if (!value) return nullptr;
  const auto* array = value->if_array();
  if (!array) return complain(name, "field.type", kArray), nullptr;
  if (array->size() > max) return complain(name, "field.too_many", {{"limit", std::to_string(max)}}), nullptr;
  if (required && array->empty()) complain(name, "field.empty");
  return array;
}

std::vector<ObjectReader> ObjectReader::objects(std::string_view name, std::size_t max, bool required) {
  std::vector<ObjectReader> out;
  const auto* items = array(name, max, required);
  if (!items) return out;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto pointer = pointer_to(pointer_to(pointer_, name), std::to_string(i));
    const auto* object = (*items)[i].if_object();
    if (object)
      out.push_back(ObjectReader(object, pointer, shared_));
    else
      shared_->complain(pointer, "field.type", kObject);
  }
  return out;
}

std::vector<std::string> ObjectReader::texts(std::string_view name, std::size_t max_count, std::size_t max_length) {
  std::vector<std::string> out;
  const auto* items = array(name, max_count, false);
  if (!items) return out;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto& item = (*items)[i];
    const auto pointer = pointer_to(pointer_to(pointer_, name), std::to_string(i));
    if (!is_text(item)) {
      shared_->complain(pointer, "field.type", kText);
      out.emplace_back();  // the others keep their places
      continue;
    }
    out.emplace_back(trim(item.get_string()));
    if (out.back().empty()) shared_->complain(pointer, "field.required", {});
    if (length_of(out.back()) > max_length) {
      shared_->complain(pointer, "field.too_long", {{"limit", std::to_string(max_length)}});
      out.back() = prefix_of(out.back(), max_length);
    }
  }
  return out;
}

ObjectReader ObjectReader::object(std::string_view name, bool required) {
  const auto* value = find(name, required);
  const auto pointer = pointer_to(pointer_, name);
  if (value && !value->is_object()) complain(name, "field.type", kObject);
  return ObjectReader(value ? value->if_object() : nullptr, pointer, shared_);
}

std::vector<std::pair<std::string, ObjectReader>> ObjectReader::members(std::string_view name, std::size_t max) {
  std::vector<std::pair<std::string, ObjectReader>> out;
  const auto* value = find(name, false);
  if (!value) return out;
  const auto* object = value->if_object();
  if (!object) return complain(name, "field.type", kObject), out;
  if (object->size() > max) return complain(name, "field.too_many", {{"limit", std::to_string(max)}}), out;
  for (const auto& member : *object) {
    const auto pointer = pointer_to(pointer_to(pointer_, name), member.key());
    if (const auto* inner = member.value().if_object())
      out.emplace_back(member.key(), ObjectReader(inner, pointer, shared_));
    else
      shared_->complain(pointer, "field.type", kObject);
  }
  return out;
}

Value ObjectReader::any(std::string_view name) {
  const auto* value = find(name, false);
  return value ? *value : Value(nullptr);
}

void ObjectReader::complain(std::string_view name, std::string code, Params params) {
  if (!object_ && !name.empty()) return;  // what is no object has been complained of; it has no fields
  shared_->complain(name.empty() ? pointer_ : pointer_to(pointer_, name), std::move(code), std::move(params));
}

void ObjectReader::complain_at(std::string pointer, std::string code, Params params) {
  shared_->complain(std::move(pointer), std::move(code), std::move(params));
}

Result<void> ObjectReader::done() {
  auto complaints = shared_->complaints;
  auto pointers = shared_->pointers;
  for (const auto& visit : shared_->visits) {
    if (!visit.object) continue;
    const std::vector<std::string> known(visit.asked.begin(), visit.asked.end());
    for (const auto& member : *visit.object) {
      if (visit.asked.contains(std::string_view(member.key())) || complaints.size() >= kMostComplaints ||
          pointers > kLongestPointers)
        continue;
      const auto meant = nearest(member.key(), known);
      Params params{{"name", prefix_of(member.key(), 60)}};
      if (!meant.empty()) {
        params.push_back({"hint.zh", "是否应为“" + meant + "”？"});
        params.push_back({"hint.en", " Did you mean “" + meant + "”?"});
      } else {
        params.push_back({"hint", ""});
      }
      complaints.push_back({pointer_to(visit.pointer, member.key()), "field.unknown", std::move(params)});
      pointers += complaints.back().pointer.size();
    }
  }
  if (complaints.empty()) return {};
  return Error{
      ErrorKind::invalid, "input.invalid", {{"count", std::to_string(complaints.size())}}, std::move(complaints)};
}

}  // namespace qy::json
