#include "regime/numbering/numbering.h"

#include <fmt/format.h>

#include "base/text.h"
#include "regime/numbering/numbering_store.h"

namespace qy::numbering {
namespace {

/// The same number however its brackets and blanks were typed.
std::string normalised(std::string_view number) {
  static constexpr std::pair<std::string_view, char> kBrackets[] = {
      {"〔", '('}, {"〕", ')'}, {"【", '('}, {"】", ')'}, {"[", '('}, {"]", ')'}, {"{", '('}, {"}", ')'}, {" ", '\0'}};
  std::string out = upper_ascii(normalise_for_match(number));
  for (const auto& [from, to] : kBrackets) {
    for (auto at = out.find(from); at != out.npos; at = out.find(from, at))
      out.replace(at, from.size(), to == '\0' ? "" : std::string(1, to));
  }
  return out;
}

}  // namespace

std::int64_t next(Tx& tx, std::string_view kind, std::string_view region, int year) {
  return store::advance(tx, kind, region, year);
}

std::string next_number(Tx& tx, std::string_view kind, std::string_view region, int year) {
  return fmt::format("{}-{}-{:04}", region, year, next(tx, kind, region, year));
}

Result<void> register_document_number(Tx& tx, const identity::Act& act, const DocumentNumber& number) {
  const auto text = trim(number.number);
  if (text.empty() || length_of(text) > 60) return Error{ErrorKind::invalid, "document_number.format"};
  DocumentNumber clean = number;
  clean.number = std::string(text);
  const auto key = normalised(text);
  const auto holder = store::find(tx, key);
  if (holder && holder->subject == number.subject) return {};
  if (!holder && store::insert(tx, act.caller.province, key, clean, act.at, act.caller.user.str())) return {};
  return Error{ErrorKind::conflict,
               "document_number.taken",
               {{"number", clean.number},
                {"holder", holder ? holder->office_name : ""},
                {"issued_on", holder ? holder->issued_on.str() : ""}}};
}

std::optional<DocumentNumber> find_document_number(Tx& tx, std::string_view number) {
  return store::find(tx, normalised(trim(number)));
}

void release_document_number(Tx& tx, const db::Subject& subject) { store::remove(tx, subject); }

}  // namespace qy::numbering
