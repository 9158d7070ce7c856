#include "regime/search/search.h"

#include "base/text.h"
#include "regime/identity/access.h"
#include "regime/search/search_store.h"

namespace qy::search {
namespace {

constexpr std::size_t kMaxWords = 8;

std::string normalised(std::string_view text) { return lower_ascii(normalise_for_match(text)); }

std::vector<std::string> tokens_of(std::string_view words) {
  std::vector<std::string> tokens;
  for (auto& token : split(normalised(words), ' '))
    if (!token.empty() && tokens.size() < kMaxWords) tokens.push_back(std::move(token));
  return tokens;
}

}  // namespace

void index(Tx& tx, const Entry& entry) { index(tx, std::vector<Entry>{entry}); }

void index(Tx& tx, const std::vector<Entry>& entries) {
  std::vector<std::string> words;
  for (const auto& entry : entries)
    words.push_back(normalised(entry.title.zh + " " + entry.title.en + " " + entry.text));
  store::upsert(tx, entries, words);
}

void remove(Tx& tx, std::string_view kind, std::string_view id) { store::remove(tx, kind, id); }

std::vector<Hit> find(Tx& tx, const identity::Caller& caller, std::string_view words, std::string_view kind,
                      int limit) {
  const auto tokens = tokens_of(words);
  if (tokens.empty()) return {};
  // Administrators and security auditors have no cases: they find what belongs to nobody.
  using identity::Role;
  const bool no_cases = caller.is_office() && caller.role != Role::officer && caller.role != Role::chief;
  if (no_cases) return store::find(tx, false, "", tokens, kind, limit);
  const bool office = caller.is_office() || caller.party == identity::Party::none;
  return store::find(tx, office, office ? identity::region_prefix(caller.region) : caller.party_id, tokens, kind,
                     limit);
}

}  // namespace qy::search
