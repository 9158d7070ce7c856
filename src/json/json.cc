#include "json/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.h"

namespace qy::json {
namespace {

constexpr char kNumberMark = '\0';

Value written_number(std::string_view digits) {
  boost::json::string text;
  text.reserve(digits.size() + 1);
  text.push_back(kNumberMark);
  text.append(boost::json::string_view(digits.data(), digits.size()));
  return text;
}

std::string escaped_token(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else if (c == '%')
      out += "%25";
    else
      out += c;
  }
  return out;
}

/// Builds the document while boost checks the syntax; numbers that are not plain integers keep their digits.
class Builder {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1),
                               max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);
  using Code = boost::system::error_code;
  using View = boost::json::string_view;

  Value root;
  std::string complaint, pointer;  ///< set when this builder refused

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(Value(boost::json::object_kind)); }
  bool on_array_begin(Code&) { return open(Value(boost::json::array_kind)); }
  bool on_object_end(std::size_t, Code&) { return close(); }
  bool on_array_end(std::size_t, Code&) { return close(); }

  bool on_key_part(View part, std::size_t, Code&) { return append(part); }
  bool on_key(View part, std::size_t, Code& code) {
    append(part);
    auto& frame = frames_.back();
    frame.key = std::exchange(buffer_, {});
    if (!clean(frame.key, code)) return false;
    if (!frame.value.get_object().contains(frame.key)) return true;
    return refuse("json.duplicate_key", code);
  }
  bool on_string_part(View part, std::size_t, Code&) { return append(part); }
  bool on_string(View part, std::size_t, Code& code) {
    append(part);
    const auto text = std::exchange(buffer_, {});
    return clean(text, code) && put(Value(text));
  }
  bool on_number_part(View part, Code&) { return append(part); }
  bool on_int64(std::int64_t number, View part, Code&) {
    append(part);
    const bool negative_zero = number == 0 && buffer_[0] == '-';
    buffer_.clear();
    return put(negative_zero ? Value(0) : Value(number));
  }
  bool on_uint64(std::uint64_t, View part, Code&) { return put_written(part); }
  bool on_double(double, View part, Code&) { return put_written(part); }
  bool on_bool(bool flag, Code&) { return put(Value(flag)); }
  bool on_null(Code&) { return put(Value(nullptr)); }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }

 private:
  struct Frame {
    Value value;
    std::string key;
  };

  bool append(View part) {
    buffer_.append(part.data(), part.size());
    return true;
  }
  bool open(Value container) {
    frames_.push_back({std::move(container), {}});
    return true;
  }
  bool close() {
    auto value = std::move(frames_.back().value);
    frames_.pop_back();
    return put(std::move(value));
  }
  bool put_written(View part) {
    append(part);
    return put(written_number(std::exchange(buffer_, {})));
  }
  bool put(Value value) {
    if (frames_.empty()) {
      root = std::move(value);
      return true;
    }
    auto& frame = frames_.back();
    if (frame.value.is_array())
      frame.value.get_array().push_back(std::move(value));
    else
      frame.value.get_object().emplace(frame.key, std::move(value));
    return true;
  }
  bool clean(std::string_view text, Code& code) {
    return text.find(kNumberMark) == std::string_view::npos || refuse("json.nul", code);
  }
  bool refuse(const char* why, Code& code) {
    complaint = why;
    pointer = "#";
    for (const auto& frame : frames_)
      pointer +=
          "/" + (frame.value.is_array() ? std::to_string(frame.value.get_array().size()) : escaped_token(frame.key));
    code = boost::json::error::syntax;
    return false;
  }

  std::vector<Frame> frames_;
  std::string buffer_;
};

std::string number_text_of(double number) {
  if (!std::isfinite(number)) return "null";
  char out[64];
  const auto end = std::to_chars(out, out + sizeof out, number).ptr;
  return std::string(out, end);
}

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          constexpr char kHex[] = "0123456789abcdef";
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 0x0F];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

enum class Form { canonical, compact, pretty };

/// A number with more decimals than a Decimal holds, as binary floats are printed (0.0012345678901234567), to the 18
/// it holds, half to even. Nothing when that is not what is wrong with it, or when fewer than 12 digits would be left:
/// a number that people state never becomes a visibly different one.
std::optional<Decimal> without_tail(std::string_view text) {
  constexpr int kDecimals = 18, kLongest = 1000, kLeastLeft = 12;
  const bool negative = text.starts_with('-');
  std::string digits;
  int decimals = 0;
  std::size_t i = negative ? 1 : 0;
  for (bool point = false; i < text.size() && (text[i] == '.' || (text[i] >= '0' && text[i] <= '9')); ++i) {
    if (text[i] == '.' && std::exchange(point, true)) return std::nullopt;
    if (text[i] == '.') continue;
    digits += text[i];
    decimals += point ? 1 : 0;
  }
  if (digits.empty() || digits.size() > kLongest) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    i += text.substr(i).starts_with("e+") || text.substr(i).starts_with("E+") ? 2 : 1;
    int exponent = 0;
    const auto end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data() + i, end, exponent);
    if (wrong != std::errc{} || stop != end || std::abs(exponent) > kLongest) return std::nullopt;
    decimals -= exponent;
  }
  digits.erase(0, digits.find_first_not_of('0'));
  if (decimals <= kDecimals) return std::nullopt;
  const auto dropped = static_cast<std::size_t>(decimals - kDecimals);
  const auto kept = digits.size() - std::min(digits.size(), dropped);
  if (kept < kLeastLeft || kept > 36) return std::nullopt;
  __int128 coefficient = 0;
  for (std::size_t k = 0; k < kept; ++k) coefficient = coefficient * 10 + (digits[k] - '0');
  const auto tail = std::string_view(digits).substr(kept);
  const bool half = tail[0] == '5' && tail.find_first_not_of('0', 1) == std::string_view::npos;
  if (half ? coefficient % 2 != 0 : tail[0] >= '5') ++coefficient;
  const auto rounded = Decimal::of_parts(negative ? -coefficient : coefficient, kDecimals);
  return rounded ? std::optional(*rounded) : std::nullopt;
}

Result<Decimal> decimal_of_digits(std::string_view digits) {
  auto exact = Decimal::parse(digits);
  if (exact || exact.error().code != "decimal.overflow") return exact;
  if (const auto rounded = without_tail(digits)) return *rounded;
  return exact;
}

Result<Decimal> decimal_of_text(std::string_view text) {
  auto exact = Decimal::parse_pasted(text);
  if (exact || exact.error().code != "decimal.overflow") return exact;
  auto plain = normalise_for_match(text);
  std::erase(plain, ',');
  if (const auto rounded = without_tail(plain)) return *rounded;
  return exact;
}

class Writer {
 public:
  Writer(std::string& out, Form form) : out_(out), form_(form) {}

  void write(const Value& value) {
    switch (value.kind()) {
      case boost::json::kind::null:
        out_ += "null";
        break;
      case boost::json::kind::bool_:
        out_ += value.get_bool() ? "true" : "false";
        break;
      case boost::json::kind::int64:
        out_ += std::to_string(value.get_int64());
        break;
      case boost::json::kind::uint64:
        out_ += std::to_string(value.get_uint64());
        break;
      case boost::json::kind::double_:
        assert(form_ != Form::canonical);
        out_ += number_text_of(value.get_double());
        break;
      case boost::json::kind::string:
        write_string(value);
        break;
      case boost::json::kind::array:
        write_array(value.get_array());
        break;
      case boost::json::kind::object:
        write_object(value.get_object());
        break;
    }
  }

 private:
  void write_string(const Value& value) {
    const auto digits = number_digits(value);
    if (!digits) return write_text(out_, value.get_string());
    if (form_ == Form::canonical) {
      const auto exact = Decimal::parse(*digits);
      out_ += exact ? exact->shortest() : std::string(*digits);
    } else {
      out_ += *digits;
    }
  }
  void write_array(const Array& array) {
    out_ += '[';
    ++depth_;
    bool first = true;
    for (const auto& item : array) {
      separate(first);
      write(item);
    }
    finish(array.empty(), ']');
  }
  void write_object(const Object& object) {
    out_ += '{';
    ++depth_;
    std::vector<const Object::value_type*> members;
    for (const auto& member : object) members.push_back(&member);
    if (form_ == Form::canonical)
      std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
    bool first = true;
    for (const auto* member : members) {
      separate(first);
      write_text(out_, member->key());
      out_ += form_ == Form::pretty ? ": " : ":";
      write(member->value());
    }
    finish(object.empty(), '}');
  }
  void separate(bool& first) {
    if (!std::exchange(first, false)) out_ += ',';
    line();
  }
  void finish(bool empty, char bracket) {
    --depth_;
    if (!empty) line();
    out_ += bracket;
  }
  void line() {
    if (form_ == Form::pretty) out_.append("\n").append(2 * depth_, ' ');
  }

  std::string& out_;
  Form form_;
  std::size_t depth_ = 0;
};

std::string written(const Value& value, Form form) {
  std::string out;
  Writer(out, form).write(value);
  return out;
}

}  // namespace

Result<Value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::basic_parser<Builder> parser(options);
  boost::system::error_code code;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark is not part of the document
  auto used = parser.write_some(false, text.data(), text.size(), code);
  auto& builder = parser.handler();
  if (!code) used += text.substr(used).find_first_not_of(" \t\r\n") == std::string_view::npos ? text.size() - used : 0;
  if (!code && used < text.size()) code = boost::json::error::extra_data;
  if (!code) return std::move(builder.root);

  // The one mistake stands among the fields too, so that readers of a problem find every mistake in one place.
  const auto refused = [](std::string pointer, const std::string& why, const Params& params) {
    return Error{ErrorKind::malformed, why, params, {{std::move(pointer), why, params}}};
  };
  if (!builder.complaint.empty()) return refused(builder.pointer, builder.complaint, {{"pointer", builder.pointer}});
  if (code == boost::json::error::too_deep) return refused("#", "json.depth", {{"limit", "64"}});
  const auto read = text.substr(0, std::min(used, text.size()));
  const auto line = 1 + std::count(read.begin(), read.end(), '\n');
  const auto last_line = read.substr(read.rfind('\n') + 1);  // npos + 1 == 0: the whole text
  // What stands there, if people can read it: a NaN, a comment, the end.
  constexpr std::size_t kShown = 20;
  const auto rest = text.substr(read.size());
  const auto shown = prefix_of(trim(rest.substr(0, std::min(rest.find('\n'), std::size_t{200}))), kShown);
  Text near{"文档到此中断", "the document ends there"};
  if (!trim(rest).empty())
    near = is_utf8(shown) ? Text{"此处为“" + shown + "”", "there stands “" + shown + "”"}
                          : Text{"此处不是UTF-8文字", "the bytes there are not UTF-8"};
  return refused("#", "json.syntax",
                 {{"line", std::to_string(line)},
                  {"column", std::to_string(length_of(last_line) + 1)},
                  {"near.zh", near.zh},
                  {"near.en", near.en}});
}

Value number(const Decimal& decimal) { return written_number(decimal.str()); }

Value both(const Text& text) { return Object{{"zh", text.zh}, {"en", text.en}}; }

Array texts(const std::vector<std::string>& values) {
  Array array;
  for (const auto& value : values) array.push_back(Value(value));
  return array;
}

std::optional<std::string_view> number_digits(const Value& value) {
  if (!value.is_string() || value.get_string().empty() || value.get_string()[0] != kNumberMark) return std::nullopt;
  return std::string_view(value.get_string()).substr(1);
}

bool is_text(const Value& value) { return value.is_string() && !number_digits(value); }

bool is_number(const Value& value) { return value.is_number() || number_digits(value).has_value(); }

Result<Decimal> decimal_of(const Value& value) {
  if (const auto digits = number_digits(value)) return decimal_of_digits(*digits);
  if (value.is_int64()) return Decimal(value.get_int64());
  if (value.is_uint64()) return Decimal::parse(std::to_string(value.get_uint64()));
  if (value.is_double()) return decimal_of_digits(number_text_of(value.get_double()));
  if (value.is_string()) return decimal_of_text(value.get_string());
  return Error{ErrorKind::invalid, "field.type", {{"expected.zh", "数字"}, {"expected.en", "a number"}}};
}

std::string canonical(const Value& value) { return written(value, Form::canonical); }
std::string dump(const Value& value) { return written(value, Form::compact); }
std::string pretty(const Value& value) { return written(value, Form::pretty); }

std::string pointer_to(std::string_view parent, std::string_view name) {
  return std::string(parent) + "/" + escaped_token(name);
}

}  // namespace qy::json
