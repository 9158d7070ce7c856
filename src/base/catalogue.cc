#include "base/catalogue.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace qy {
namespace {

bool before(const Sentence& sentence, std::string_view code) { return std::string_view(sentence.code) < code; }

const std::string* find(const Params& params, std::string_view name) {
  for (const auto& [key, value] : params)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

void Catalogue::add(std::span<const Sentence> sentences) {
  for (const auto& sentence : sentences) {
    const auto at = std::lower_bound(sentences_.begin(), sentences_.end(), std::string_view(sentence.code), before);
    if (at != sentences_.end() && std::string_view(at->code) == sentence.code) {
      assert(std::strcmp(at->zh, sentence.zh) == 0 && std::strcmp(at->en, sentence.en) == 0);
      continue;
    }
    sentences_.insert(at, sentence);
  }
}

std::string Catalogue::render(std::string_view code, const Params& params, Language language) const {
  const auto at = std::lower_bound(sentences_.begin(), sentences_.end(), code, before);
  if (at == sentences_.end() || at->code != code) return std::string(code);

  const std::string_view pattern = language == Language::zh ? at->zh : at->en;
  const std::string_view suffix = language == Language::zh ? ".zh" : ".en";
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    const auto close = pattern[i] == '{' ? pattern.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += pattern[i++];
      continue;
    }
    const auto name = pattern.substr(i + 1, close - i - 1);
    const auto* value = find(params, std::string(name) + std::string(suffix));
    if (!value) value = find(params, name);
    out += value ? std::string_view(*value) : pattern.substr(i, close - i + 1);
    i = close + 1;
  }
  return out;
}

bool Catalogue::knows(std::string_view code) const {
  const auto at = std::lower_bound(sentences_.begin(), sentences_.end(), code, before);
  return at != sentences_.end() && at->code == code;
}

Catalogue& Catalogue::global() {
  static Catalogue catalogue;
  return catalogue;
}

}  // namespace qy
