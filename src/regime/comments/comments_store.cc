#include "regime/comments/comments_store.h"

namespace qy::comments::store {
namespace {

using Str = std::string;

std::vector<Thread> query(Tx& tx, std::string_view rest, const std::vector<db::Bind>& binds) {
  std::vector<Thread> threads;
  for (const auto& [id, province, kind, subject, anchor, resolved, by_name, resolved_at, version] :
       tx.rows_bound<ThreadId, Str, Str, Str, Str, bool, Str, std::optional<Instant>, std::int64_t>(
           "SELECT id, province, subject_kind, subject_id, anchor, resolved, resolved_by_name, resolved_at, version "
           "FROM comment_thread " +
               std::string(rest),
           binds))
    threads.push_back({.id = id,
                       .province = province,
                       .subject = {kind, subject},
                       .anchor = anchor,
                       .resolved = resolved,
                       .resolved_by_name = by_name,
                       .resolved_at = resolved_at,
                       .version = version,
                       .comments = {}});
  for (auto& thread : threads) {
    for (const auto& [id, author, name, post, text, at] : tx.rows<CommentId, identity::UserId, Str, Str, Str, Instant>(
             "SELECT id, author_id, author_name, post, text, at FROM comment WHERE thread_id = :thread ORDER BY id",
             thread.id))
      thread.comments.push_back(
          {.id = id, .author = author, .author_name = name, .post = post, .text = text, .at = at});
  }
  return threads;
}

}  // namespace

void insert_thread(Tx& tx, const Thread& thread) {
  tx.run(R"sql(
      INSERT INTO comment_thread (province, id, subject_kind, subject_id, anchor, resolved, resolved_by_name, version)
      VALUES (:province, :id, :kind, :subject, :anchor, 0, '', 1))sql",
         thread.province, thread.id, thread.subject.kind, thread.subject.id, thread.anchor);
}

void insert_comment(Tx& tx, std::string_view province, const ThreadId& thread, const Comment& comment) {
  tx.run(R"sql(
      INSERT INTO comment (province, id, thread_id, author_id, author_name, post, text, at)
      VALUES (:province, :id, :thread, :author, :name, :post, :text, :at))sql",
         province, comment.id, thread, comment.author, comment.author_name, comment.post, comment.text, comment.at);
}

std::optional<Thread> find(Tx& tx, const ThreadId& id) {
  auto found = query(tx, "WHERE id = :id", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Thread> of_subject(Tx& tx, const db::Subject& subject, std::string_view anchor) {
  if (anchor.empty())
    return query(tx, "WHERE subject_kind = :kind AND subject_id = :id ORDER BY id", {subject.kind, subject.id});
  return query(tx, "WHERE subject_kind = :kind AND subject_id = :id AND anchor = :anchor ORDER BY id",
               {subject.kind, subject.id, anchor});
}

std::int64_t open_count(Tx& tx, const db::Subject& subject) {
  return tx
      .value<std::int64_t>(
          "SELECT count(*) FROM comment_thread WHERE subject_kind = :kind AND subject_id = :id AND resolved = 0",
          subject.kind, subject.id)
      .value();
}

bool set_resolved(Tx& tx, const ThreadId& id, bool resolved, std::string_view by_name, Instant at,
                  std::int64_t expected) {
  return tx.run(R"sql(
      UPDATE comment_thread SET resolved = :resolved, resolved_by_name = :by_name, resolved_at = :at, version = :next
       WHERE id = :id AND version = :expected)sql",
                resolved, resolved ? by_name : "", resolved ? std::optional(at) : std::nullopt, expected + 1, id,
                expected) == 1;
}

}  // namespace qy::comments::store
