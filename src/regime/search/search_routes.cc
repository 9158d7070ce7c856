#include "base/text.h"
#include "regime/identity/guard.h"
#include "regime/search/search.h"

namespace qy::search {

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/search",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        const auto words = request.query("q");
        if (length_of(words) > 100) return Error{ErrorKind::invalid, "search.too_long", {{"max", "100"}}};
        QY_TRY(const auto limit, request.query_integer("limit", 20, 1, 50));
        QY_TRY(const auto hits, premises.database->read([&](Tx& tx) -> Result<std::vector<Hit>> {
          return find(tx, caller, words, request.query("kind"), static_cast<int>(limit));
        }));
        json::Array items;
        for (const auto& hit : hits)
          items.push_back(json::Object{{"kind", hit.kind},
                                       {"id", hit.id},
                                       {"title", {{"zh", hit.title.zh}, {"en", hit.title.en}}},
                                       {"region", hit.region},
                                       {"link", hit.link}});
        return http::ok(json::Object{{"items", items}, {"total", items.size()}});
      });
}

}  // namespace qy::search
