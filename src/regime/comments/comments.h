#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "db/log.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 批注: threads on anything: a figure, a section of the report, a finding. Who may read and write is decided by the
/// owner of the subject (identity/access.h, Matter::comments).
namespace qy::comments {

using ThreadId = Id<struct CommentThreadTag>;
using CommentId = Id<struct CommentTag>;

struct Comment {
  CommentId id;
  identity::UserId author;
  std::string author_name, post;  ///< as of then
  std::string text;
  Instant at;
};

struct Thread {
  ThreadId id;
  std::string province;
  db::Subject subject;
  std::string anchor;  ///< what in the subject: "figure:electricity.bought/plant/2025/measured", "section:3.2", "" =
                       ///< the subject itself
  bool resolved = false;
  std::string resolved_by_name;
  std::optional<Instant> resolved_at;
  std::int64_t version = 1;
  std::vector<Comment> comments;  ///< oldest first
};

/// Opens a thread with its first comment. Services ask no permission.
ThreadId open_thread(Tx& tx, const identity::Act& act, const db::Subject& subject, std::string_view province,
                     std::string_view anchor, std::string_view text);
/// Errors: comment.thread_not_found.
Result<CommentId> reply(Tx& tx, const identity::Act& act, const ThreadId& thread, std::string_view text);
std::vector<Thread> threads_of(Tx& tx, const db::Subject& subject, std::string_view anchor = "");
std::optional<Thread> find_thread(Tx& tx, const ThreadId& id);
/// Unresolved threads on the subject.
std::int64_t open_count(Tx& tx, const db::Subject& subject);
/// Errors: comment.thread_not_found, comment.stale.
Result<std::int64_t> set_resolved(Tx& tx, const identity::Act& act, const ThreadId& thread, bool resolved,
                                  std::int64_t expected_version);

// ---- Commands
// -----------------------------------------------------------------------------------------------------------

struct View {
  std::vector<Thread> threads;
  std::int64_t open = 0;
  bool may_write = false;
};
/// Errors: subject.not_found.
Result<View> list(const Premises& premises, const identity::Caller& caller, const db::Subject& subject,
                  std::string_view anchor);
/// Errors: subject.not_found, forbidden.subject_write.
Result<Thread> start(const Premises& premises, const identity::Caller& caller, const db::Subject& subject,
                     std::string_view anchor, std::string_view text);
/// Errors: comment.thread_not_found (also when the subject is not the caller's to see), forbidden.subject_write.
Result<Thread> answer(const Premises& premises, const identity::Caller& caller, const ThreadId& thread,
                      std::string_view text);
/// Errors: those of answer, comment.stale.
Result<Thread> resolve(const Premises& premises, const identity::Caller& caller, const ThreadId& thread, bool resolved,
                       std::int64_t expected_version);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> comments_messages();

}  // namespace qy::comments
