#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "db/log.h"
#include "regime/identity/identity.h"

/// Who may see and change what hangs on a subject. The low rooms (files, comments, figures) hold data of subjects that
/// they do not know; the room that owns a kind of subject answers for it.
namespace qy::identity {

/// What is to be shown or changed.
enum class Matter { files, comments, figures };

/// The owner's answer for one caller, subject and matter.
struct Access {
  bool read = false;
  bool write = false;
  std::string province;  ///< two digits, goes into the rows
  std::string region;    ///< GB/T 2260 code of the subject, "" when it has none
};

/// Answers nullopt when there is no such subject. Must only read.
using AccessCheck =
    std::function<std::optional<Access>(Tx&, const Premises&, const Caller&, std::string_view id, Matter)>;

/// Names the check of a kind of subject ("audit", "enterprise", "option" …). Rooms call it in their `add_routes`; main
/// does so before the first request. A later call for the same kind replaces the earlier one.
void register_subject(std::string kind, AccessCheck check);

/// Errors: subject.not_found (unknown kind, no such subject, or not for this caller to see: the three look alike on
/// purpose).
Result<Access> read_access(Tx& tx, const Premises& premises, const Caller& caller, const db::Subject& subject,
                           Matter matter);

/// Errors: subject.not_found; forbidden.subject_write when the caller may only read.
Result<Access> write_access(Tx& tx, const Premises& premises, const Caller& caller, const db::Subject& subject,
                            Matter matter);

/// The beginning that all region codes in the subtree of `region` share: "990000" → "99", "990100" → "9901", "990101"
/// itself, "" (the nation) → "".
std::string region_prefix(std::string_view region);

/// Sentences of the two codes; main adds them to the catalogue.
std::span<const Sentence> access_messages();

}  // namespace qy::identity
