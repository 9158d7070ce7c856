#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 全局搜索: what Ctrl-K finds: enterprises, cases, lists, clauses, sheets, pages. Rooms put in what they own, in the
/// transaction that changes it.
namespace qy::search {

struct Entry {
  std::string kind;      ///< "enterprise", "audit", "list", "document" …
  std::string id;        ///< within the kind; kind and id name the entry
  std::string province;  ///< "99"; "00" for what belongs to nobody (clauses, pages)
  std::string region;    ///< GB/T 2260 code; "" = open to every logged-in person
  std::string party_id;  ///< the enterprise (or other party) it belongs to, who finds it too; "" = none
  Text title;
  std::string text;  ///< further words to be found by: credit code, number, address
  std::string link;  ///< path in the web app
};

/// Adds or replaces the entry of (kind, id).
void index(Tx& tx, const Entry& entry);
/// Many at once; no two may be of the same (kind, id).
void index(Tx& tx, const std::vector<Entry>& entries);
void remove(Tx& tx, std::string_view kind, std::string_view id);

struct Hit {
  std::string kind, id;
  Text title;
  std::string region, link;
};

/// Entries that hold every word of `words` (blank-separated, width and case of letters do not matter) in title or text,
/// and that the caller may find: an office in its regions, others their own; entries without region everybody. Those
/// whose title begins with the words come first.
std::vector<Hit> find(Tx& tx, const identity::Caller& caller, std::string_view words, std::string_view kind = "",
                      int limit = 20);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> search_messages();

}  // namespace qy::search
