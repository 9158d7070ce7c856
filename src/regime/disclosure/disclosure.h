#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/audits/audits.h"

/// 信息公布: what listed enterprises must make public within a month (Order 38 Art. 11). The packs say which items a
/// case's categories demand; half pages are refused; what was published stays as it was, with its hash in the case's
/// log.
namespace qy::disclosure {

/// One discharged or used substance.
struct Substance {
  std::string name, mode, concentration,
      amount;  ///< mode: how it is discharged or used; concentration and amount with their units
  bool operator==(const Substance&) const = default;
};

/// The answer to one item: text, number or rows of substances, as the item's kind says; "nothing to disclose" needs a
/// reason.
struct Answer {
  std::string text;
  std::optional<Decimal> number;
  std::vector<Substance> substances;
  std::string none_reason;  ///< 无此项的理由; "" when there is an answer
  bool operator==(const Answer&) const = default;
};

struct Disclosure {
  audits::AuditId audit;
  std::map<std::string, Answer> answers;  ///< by rules::DisclosureItem id
  std::optional<Date> published_on;
  std::string elsewhere, root;
  std::int64_t version = 0;  ///< 0 = nothing saved yet
};

/// The items the categories of a case demand, in the form's order, each once.
std::vector<const rules::DisclosureItem*> items_for(const rules::Library& rules,
                                                    const std::vector<std::string>& categories);

Disclosure disclosure_of(Tx& tx, const audits::AuditId& audit);

/// Every item that is not answered, at its pointer "#/answers/<item>"; empty means it may be published.
std::vector<FieldError> gaps(const rules::Library& rules, const std::vector<std::string>& categories,
                             const std::map<std::string, Answer>& answers);

/// What the register knows about the items whose pack names a fact of it, by item: an offer to begin with, saved only
/// when somebody saves it. Without what the register leaves blank.
std::map<std::string, std::string> known_from_register(Tx& tx, const rules::Library& rules, const audits::Audit& audit);

/// Saves a draft. Errors: disclosure.stale, disclosure.published, input.invalid with disclosure.item_unknown,
/// disclosure.too_long, disclosure.negative, disclosure.answer_twice.
Result<Disclosure> save(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                        const std::map<std::string, Answer>& answers, std::int64_t version);

/// Publishes what the caller saw at `version`: refuses half pages, performs the action `disclose`, keeps the hash.
/// Errors: input.invalid with disclosure.missing, audit.event_* at "#/published_on"; disclosure.stale;
/// disclosure.published; procedure.*.
Result<Disclosure> publish(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& audit,
                           const std::string& elsewhere, std::optional<Date> published_on = std::nullopt,
                           std::optional<std::int64_t> version = std::nullopt);

/// What was published, for the portal.
json::Value public_page(Tx& tx, const rules::Library& rules, const audits::Audit& audit);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> disclosure_messages();

}  // namespace qy::disclosure
