#include "rules/reader.h"

#include <algorithm>

#include "base/text.h"

namespace qy::rules {
namespace {

const YamlNode kNothing;

std::string shown(std::string_view text) { return prefix_of(text, 60); }

Params with_suggestion(Params params, std::string_view word, const std::vector<std::string>& known) {
  auto suggestion = nearest(word, known);
  if (!suggestion.empty()) params.emplace_back("suggestion", std::move(suggestion));
  return params;
}

const char* name_of(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "empty";
    case YamlNode::Kind::scalar:
      return "text";
    case YamlNode::Kind::sequence:
      return "list";
    case YamlNode::Kind::map:
      return "map";
  }
  return "";
}

/// True when the node has the kind wanted; complains otherwise.
bool is_a(const Reading& in, const YamlNode& node, std::string_view key, YamlNode::Kind wanted) {
  if (node.kind == wanted) return true;
  in.complain(node.line, "pack.wrong_type",
              {{"key", std::string(key)}, {"expected", name_of(wanted)}, {"found", name_of(node.kind)}});
  return false;
}

}  // namespace

void Reading::define(const std::string& kind, const std::string& id, int line) const {
  if (id.empty()) return;
  const auto [known, fresh] = contents.defined.try_emplace({kind, id}, Place{file, line});
  if (!fresh)
    complain(line, "pack.duplicate_id",
             {{"kind", kind}, {"id", id}, {"first", known->second.file + ":" + std::to_string(known->second.line)}});
}

void Reading::refer(const std::string& kind, const std::string& id, int line) const {
  if (!id.empty()) contents.references.push_back({{file, line}, kind, id});
}

std::string read_text(const Reading& in, const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::null) {
    in.complain(node.line, "pack.empty_text", {{"key", std::string(key)}});
    return "";
  }
  if (!is_a(in, node, key, YamlNode::Kind::scalar)) return "";
  const auto text = trim(node.text);
  if (text.empty()) in.complain(node.line, "pack.empty_text", {{"key", std::string(key)}});
  return std::string(text);
}

Decimal read_decimal(const Reading& in, const YamlNode& node, std::string_view key) {
  if (!is_a(in, node, key, YamlNode::Kind::scalar)) return {};
  const std::string_view text = node.text;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool padded = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';  // 010: eight or ten?
  const auto value = Decimal::parse(text);
  if (!value || padded || contains(lower_ascii(text), "e")) {
    in.complain(node.line, "pack.bad_decimal", {{"key", std::string(key)}, {"value", shown(text)}});
    return {};
  }
  return *value;
}

std::optional<Date> read_date(const Reading& in, const YamlNode& node, std::string_view key) {
  if (!is_a(in, node, key, YamlNode::Kind::scalar)) return {};
  const auto date = Date::parse(node.text);
  if (!date) {
    in.complain(node.line, "pack.bad_date", {{"key", std::string(key)}, {"value", shown(node.text)}});
    return {};
  }
  return *date;
}

Text read_title(const Reading& in, const YamlNode& node, std::string_view key) {
  if (!is_a(in, node, key, YamlNode::Kind::map)) return {};
  Text text;
  for (const auto& [name, value] : node.fields) {
    const bool blank =
        value.kind == YamlNode::Kind::null || (value.kind == YamlNode::Kind::scalar && trim(value.text).empty());
    if (name.text == "zh")
      text.zh = blank ? "" : read_text(in, value, "zh");
    else if (name.text == "en")
      text.en = blank ? "" : read_text(in, value, "en");
    else
      in.complain(name.line, "pack.unknown_key",
                  with_suggestion({{"key", shown(name.text)}, {"in", std::string(key)}}, name.text, {"zh", "en"}));
  }
  if (text.zh.empty()) in.complain(node.line, "pack.missing_language", {{"key", std::string(key)}, {"language", "zh"}});
  if (text.en.empty()) in.complain(node.line, "pack.missing_language", {{"key", std::string(key)}, {"language", "en"}});
  return text;
}

std::string read_choice(const Reading& in, const YamlNode& node, std::string_view key,
                        const std::vector<std::string>& choices) {
  if (!is_a(in, node, key, YamlNode::Kind::scalar)) return "";
  if (std::find(choices.begin(), choices.end(), node.text) != choices.end()) return node.text;
  in.complain(
      node.line, "pack.unknown_value",
      with_suggestion({{"key", std::string(key)}, {"value", shown(node.text)}, {"choices", join(choices, ", ")}},
                      node.text, choices));
  return "";
}

Amount read_amount(const Reading& in, const YamlNode& node, std::string_view key, const std::set<std::string>& names) {
  if (node.kind != YamlNode::Kind::map) return {read_decimal(in, node, key), ""};
  Fields fields(in, node, key);
  Amount amount;
  amount.expression = fields.text("expression");
  const auto used = names_in_expression(amount.expression);
  if (!used) {
    if (!amount.expression.empty())
      in.complain(node.line, "pack.bad_expression",
                  {{"expression", shown(amount.expression)}, {"position", used.error().params.back().second}});
    return amount;
  }
  for (const auto& name : *used)
    if (!names.contains(name))
      in.complain(node.line, "pack.unknown_parameter",
                  with_suggestion({{"name", name}, {"expression", shown(amount.expression)}}, name,
                                  {names.begin(), names.end()}));
  return amount;
}

Fields::Fields(const Reading& in, const YamlNode& node, std::string_view what) : in_(in), node_(node), what_(what) {
  is_a(in, node, what, YamlNode::Kind::map);
}

Fields::~Fields() {
  for (const auto& [key, value] : node_.fields)
    if (key.kind == YamlNode::Kind::scalar && std::find(asked_.begin(), asked_.end(), key.text) == asked_.end())
      in_.complain(key.line, "pack.unknown_key",
                   with_suggestion({{"key", shown(key.text)}, {"in", what_}}, key.text, asked_));
}

const YamlNode* Fields::find(std::string_view key) {
  asked_.emplace_back(key);
  return node_.find(key);
}

const YamlNode* Fields::require(std::string_view key) {
  const auto* node = find(key);
  if (!node && node_.kind == YamlNode::Kind::map) {
    const char* code = key == "mark"                         ? "pack.missing_mark"
                       : key == "source" || key == "sources" ? "pack.missing_source"
                                                             : "pack.missing_key";
    in_.complain(node_.line, code, {{"key", std::string(key)}, {"in", what_}});
  }
  return node;
}

int Fields::line_of(std::string_view key) {
  for (const auto& [name, value] : node_.fields)
    if (name.text == key) return name.line;
  return node_.line;
}

std::string Fields::text(std::string_view key) {
  const auto* node = require(key);
  return node ? read_text(in_, *node, key) : "";
}

std::string Fields::text_or(std::string_view key, std::string fallback) {
  const auto* node = find(key);
  return node ? read_text(in_, *node, key) : std::move(fallback);
}

Text Fields::title(std::string_view key) {
  const auto* node = require(key);
  return node ? read_title(in_, *node, key) : Text{};
}

Text Fields::title_or(std::string_view key) {
  const auto* node = find(key);
  return node ? read_title(in_, *node, key) : Text{};
}

Decimal Fields::decimal(std::string_view key) {
  const auto* node = require(key);
  return node ? read_decimal(in_, *node, key) : Decimal();
}

std::optional<Decimal> Fields::decimal_or(std::string_view key) {
  const auto* node = find(key);
  if (!node) return {};
  return read_decimal(in_, *node, key);
}

int Fields::integer(std::string_view key, int least, int most) {
  const auto* node = require(key);
  return node ? integer_or(key, least, least, most) : least;
}

int Fields::integer_or(std::string_view key, int fallback, int least, int most) {
  const auto* node = find(key);
  if (!node) return fallback;
  if (!is_a(in_, *node, key, YamlNode::Kind::scalar)) return fallback;
  const auto value = Decimal::parse(node->text);
  if (!value || value->decimals() != 0 || *value < Decimal(least) || *value > Decimal(most)) {
    in_.complain(node->line, "pack.bad_integer",
                 {{"key", std::string(key)},
                  {"value", shown(node->text)},
                  {"least", std::to_string(least)},
                  {"most", std::to_string(most)}});
    return fallback;
  }
  return static_cast<int>(value->coefficient());
}

bool Fields::flag_or(std::string_view key, bool fallback) {
  const auto* node = find(key);
  if (!node) return fallback;
  if (!is_a(in_, *node, key, YamlNode::Kind::scalar)) return fallback;
  if (node->text == "true") return true;
  if (node->text != "false") {
    const auto word = lower_ascii(node->text);
    Params params{{"key", std::string(key)}, {"value", shown(node->text)}};
    if (word == "yes" || word == "on" || word == "y" || word == "1") params.emplace_back("suggestion", "true");
    if (word == "no" || word == "off" || word == "n" || word == "0") params.emplace_back("suggestion", "false");
    in_.complain(node->line, "pack.bad_boolean", std::move(params));
  }
  return false;
}

std::optional<Date> Fields::date_or(std::string_view key) {
  const auto* node = find(key);
  if (!node) return {};
  return read_date(in_, *node, key);
}

std::string Fields::choice(std::string_view key, const std::vector<std::string>& choices) {
  const auto* node = require(key);
  return node ? read_choice(in_, *node, key, choices) : "";
}

std::string Fields::choice_or(std::string_view key, const std::vector<std::string>& choices, std::string fallback) {
  const auto* node = find(key);
  return node ? read_choice(in_, *node, key, choices) : std::move(fallback);
}

std::string Fields::unit(std::string_view key) {
  const auto* node = require(key);
  return node ? read_unit(in_, *node, key) : "";
}

std::string Fields::unit_or(std::string_view key) {
  const auto* node = find(key);
  return node ? read_unit(in_, *node, key) : "";
}

Mark Fields::mark() {
  const auto word = choice("mark", {"verified", "secondary", "memory", "hint"});
  if (word == "verified") return Mark::verified;
  if (word == "secondary") return Mark::secondary;
  return word == "memory" ? Mark::memory : Mark::hint;
}

Validity Fields::validity(std::string_view key) {
  require(key);
  return validity_or(key);
}

Validity Fields::validity_or(std::string_view key) {
  const auto* node = find(key);
  if (!node) return {};
  Fields fields(in_, *node, key);
  Validity validity{fields.date_or("from"), fields.date_or("to")};
  if (validity.from && validity.to && *validity.to < *validity.from)
    in_.complain(node->line, "pack.from_after_to", {{"from", validity.from->str()}, {"to", validity.to->str()}});
  return validity;
}

std::vector<std::string> Fields::texts_or(std::string_view key) {
  std::vector<std::string> texts;
  for (const auto& item : list_or(key)) texts.push_back(read_text(in_, item, key));
  return texts;
}

std::vector<std::string> Fields::references_or(std::string_view key, const std::string& kind) {
  std::vector<std::string> ids;
  for (const auto& item : list_or(key)) {
    ids.push_back(read_text(in_, item, key));
    in_.refer(kind, ids.back(), item.line);
  }
  return ids;
}

std::string Fields::reference(std::string_view key, const std::string& kind) {
  require(key);
  return reference_or(key, kind);
}

std::string Fields::reference_or(std::string_view key, const std::string& kind) {
  const auto* node = find(key);
  if (!node) return "";
  auto id = read_text(in_, *node, key);
  in_.refer(kind, id, node->line);
  return id;
}

Source read_source(const Reading& in, const YamlNode& node, const std::string& own_document) {
  Fields fields(in, node, "source");
  Source source;
  source.document =
      own_document.empty() ? fields.reference("document", "document") : fields.reference_or("document", "document");
  if (source.document.empty()) source.document = own_document;
  source.clause = fields.text_or("clause");
  source.gist = fields.title_or("gist");
  source.mark = fields.mark();
  return source;
}

Source Fields::source(std::string_view key, const std::string& own_document) {
  const auto* node = require(key);
  return node ? read_source(in_, *node, own_document) : Source{};
}

std::optional<Source> Fields::source_or(std::string_view key, const std::string& own_document) {
  const auto* node = find(key);
  if (!node) return {};
  return read_source(in_, *node, own_document);
}

const std::vector<YamlNode>& Fields::list(std::string_view key) {
  require(key);
  return list_or(key);
}

const std::vector<YamlNode>& Fields::list_or(std::string_view key) {
  const auto* node = find(key);
  if (!node || !is_a(in_, *node, key, YamlNode::Kind::sequence)) return kNothing.items;
  return node->items;
}

const std::vector<std::pair<YamlNode, YamlNode>>& Fields::map_or(std::string_view key) {
  const auto* node = find(key);
  if (!node || !is_a(in_, *node, key, YamlNode::Kind::map)) return kNothing.fields;
  return node->fields;
}

}  // namespace qy::rules
