#include "base/text.h"
#include "regime/identity/guard.h"
#include "regime/numbering/numbering.h"

namespace qy::numbering {

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/document-numbers",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        if (!caller.is_office()) return identity::forbidden("forbidden.office_only");
        const auto number = std::string(trim(request.query("number")));
        if (number.empty() || length_of(number) > 60) return Error{ErrorKind::invalid, "document_number.format"};
        const auto holder = premises.database->read(
            [&](Tx& tx) -> Result<std::optional<DocumentNumber>> { return find_document_number(tx, number); });
        if (!holder) return holder.error();
        json::Object body{{"number", number}, {"taken", holder->has_value()}};
        if (*holder) {
          const auto& found = **holder;
          body["holder"] = json::Object{{"number", found.number},
                                        {"office_name", found.office_name},
                                        {"issued_on", found.issued_on.str()},
                                        {"subject", {{"kind", found.subject.kind}, {"id", found.subject.id}}}};
        }
        return http::ok(body);
      });
}

}  // namespace qy::numbering
