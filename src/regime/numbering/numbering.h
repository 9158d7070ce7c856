#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/catalogue.h"
#include "db/log.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 编号与文号: business numbers people read out on the telephone, and the register of 文号 that makes each of them
/// unique.
namespace qy::numbering {

/// The next number of a series, 1, 2, 3 … without gaps: it is taken when, and only if, the caller's transaction
/// commits.
///   kind    "audit", "list", "notice" …      region  "99", "990100" …: whose series it is
std::int64_t next(Tx& tx, std::string_view kind, std::string_view region, int year);

/// The same as people write it: "99-2026-0001" (at least four digits).
std::string next_number(Tx& tx, std::string_view kind, std::string_view region, int year);

/// 文号: a document number given by an office, free text such as "云环〔2026〕12号".
struct DocumentNumber {
  std::string number;
  db::Subject subject;  ///< the paper it stands on
  std::string office_name;
  Date issued_on;
};

/// Writes a 文号 down. Brackets 〔〕[]【】() and blanks do not make two numbers different.
/// Errors: document_number.taken {number, holder, issued_on} when another paper has it; document_number.format when it
/// is empty or longer than 60. The same subject may be given the same number again.
Result<void> register_document_number(Tx& tx, const identity::Act& act, const DocumentNumber& number);
std::optional<DocumentNumber> find_document_number(Tx& tx, std::string_view number);

/// Frees the number of a paper (it was mistyped, or the paper withdrawn).
void release_document_number(Tx& tx, const db::Subject& subject);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> numbering_messages();

}  // namespace qy::numbering
