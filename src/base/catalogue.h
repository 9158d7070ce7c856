#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qy {

/// The language a person reads. Chinese is the first language of the product, English its equal.
enum class Language { zh, en };

/// A text in both languages.
struct Text {
  std::string zh;
  std::string en;

  const std::string& in(Language language) const { return language == Language::zh ? zh : en; }
  bool operator==(const Text&) const = default;
};

/// One entry of the catalogue: what people read when `code` happens. `{name}` is replaced by the parameter `name.zh`
/// or `name.en` of the sentence's language when there is one, else by the parameter `name`.
struct Sentence {
  const char* code;
  const char* zh;
  const char* en;
};

/// The two-language catalogue of every sentence the product says. Each folder contributes its own list in
/// `<folder>_messages.cc` as `std::span<const Sentence> <folder>_messages()`; `main/` adds them all once at start.
class Catalogue {
 public:
  /// Adds sentences. A code that is already there with another text is a bug of ours (assert).
  void add(std::span<const Sentence> sentences);

  /// The sentence of `code` with its parameters filled in; the code itself when it is unknown.
  std::string render(std::string_view code, const Params& params, Language language) const;

  bool knows(std::string_view code) const;

  /// The process-wide catalogue, filled before the first request and only read afterwards.
  static Catalogue& global();

 private:
  std::vector<Sentence> sentences_;  // sorted by code
};

std::span<const Sentence> base_messages();

/// Adds the sentences of every folder below `cli`: the program calls it first. Written by cmake/tower.cmake, library
/// qy_messages.
void fill_catalogue(Catalogue& catalogue);

}  // namespace qy
