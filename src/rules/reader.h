#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/contents.h"
#include "rules/expression.h"

/// Strict reading of a pack file's tree: every complaint is collected, nothing is guessed. Inside `rules/` only.
namespace qy::rules {

/// The file being read and where its contents and problems go.
struct Reading {
  std::string file;
  Contents& contents;
  std::vector<PackProblem>& problems;

  /// What has been complained about so far: a check that needs sound input is skipped when this has grown while reading
  /// it.
  std::size_t complaints() const { return problems.size(); }
  void complain(int line, std::string code, Params params = {}) const {
    rules::complain(problems, file, line, std::move(code), std::move(params));
  }
  /// Registers an id; a second one of the same kind is a problem.
  void define(const std::string& kind, const std::string& id, int line) const;
  /// Registers a mention; an empty id is none.
  void refer(const std::string& kind, const std::string& id, int line) const;
};

/// One scalar read as what it must be; the complaint is made here, the answer is then a harmless default.
std::string read_text(const Reading& in, const YamlNode& node, std::string_view key);
Decimal read_decimal(const Reading& in, const YamlNode& node, std::string_view key);
std::optional<Date> read_date(const Reading& in, const YamlNode& node, std::string_view key);
Text read_title(const Reading& in, const YamlNode& node, std::string_view key);
std::string read_choice(const Reading& in, const YamlNode& node, std::string_view key,
                        const std::vector<std::string>& choices);
/// A decimal, or {expression: "0.8/n"} over `names`.
Amount read_amount(const Reading& in, const YamlNode& node, std::string_view key, const std::set<std::string>& names);
/// "kg{COD}/t{product}": known to the register of units.
std::string read_unit(const Reading& in, const YamlNode& node, std::string_view key);

/// The fields of one map. Keys nobody asked for are complained about when it goes out of scope.
class Fields {
 public:
  Fields(const Reading& in, const YamlNode& node, std::string_view what);
  ~Fields();
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  int line() const { return node_.line; }
  const Reading& reading() const { return in_; }

  const YamlNode* find(std::string_view key);  ///< nullptr when absent
  const YamlNode* require(
      std::string_view key);  ///< complains when absent (pack.missing_mark and pack.missing_source for those keys)
  int line_of(std::string_view key);

  std::string text(std::string_view key);
  std::string text_or(std::string_view key, std::string fallback = "");
  Text title(std::string_view key);
  Text title_or(std::string_view key);  ///< empty when absent
  Decimal decimal(std::string_view key);
  std::optional<Decimal> decimal_or(std::string_view key);
  int integer(std::string_view key, int least, int most);
  int integer_or(std::string_view key, int fallback, int least, int most);
  bool flag_or(std::string_view key, bool fallback);
  std::optional<Date> date_or(std::string_view key);
  std::string choice(std::string_view key, const std::vector<std::string>& choices);
  std::string choice_or(std::string_view key, const std::vector<std::string>& choices, std::string fallback);
  std::string unit(std::string_view key);
  std::string unit_or(std::string_view key);   ///< "" when absent
  Mark mark();                                 ///< key `mark`
  Validity validity(std::string_view key);     ///< required; `{}` means always
  Validity validity_or(std::string_view key);  ///< always, when absent
  std::vector<std::string> texts_or(std::string_view key);
  /// Ids of things of `kind`, registered as mentions.
  std::vector<std::string> references_or(std::string_view key, const std::string& kind);
  std::string reference(std::string_view key, const std::string& kind);
  std::string reference_or(std::string_view key, const std::string& kind);
  /// {document, clause, gist, mark}; `document` may be left out when the file has one of its own.
  Source source(std::string_view key, const std::string& own_document = "");
  std::optional<Source> source_or(std::string_view key, const std::string& own_document = "");
  /// The items of a required (or optional) sequence.
  const std::vector<YamlNode>& list(std::string_view key);
  const std::vector<YamlNode>& list_or(std::string_view key);
  /// The fields of an optional map; empty when absent.
  const std::vector<std::pair<YamlNode, YamlNode>>& map_or(std::string_view key);

 private:
  const Reading& in_;
  const YamlNode& node_;
  std::string what_;
  std::vector<std::string> asked_;
};

Source read_source(const Reading& in, const YamlNode& node, const std::string& own_document);

}  // namespace qy::rules
