#include "regime/comments/comments.h"

#include "regime/comments/comments_store.h"
#include "regime/identity/access.h"

namespace qy::comments {
namespace {

constexpr auto kMatter = identity::Matter::comments;

Error not_found() { return {ErrorKind::not_found, "comment.thread_not_found"}; }

Comment comment_by(const identity::Act& act, std::string_view text) {
  return {.id = CommentId::make(act.at, act.random),
          .author = act.caller.user,
          .author_name = act.caller.name,
          .post = act.caller.post_text(),
          .text = std::string(text),
          .at = act.at};
}

/// The thread, when the caller may write at its subject; whoever may not see it learns nothing of it.
Result<Thread> writable(Tx& tx, const Premises& premises, const identity::Caller& caller, const ThreadId& id) {
  auto thread = store::find(tx, id);
  if (!thread) return not_found();
  const auto access = identity::write_access(tx, premises, caller, thread->subject, kMatter);
  if (access) return std::move(*thread);
  if (access.error().kind == ErrorKind::not_found) return not_found();
  return access.error();
}

}  // namespace

ThreadId open_thread(Tx& tx, const identity::Act& act, const db::Subject& subject, std::string_view province,
                     std::string_view anchor, std::string_view text) {
  Thread thread;
  thread.id = ThreadId::make(act.at, act.random);
  thread.province = province;
  thread.subject = subject;
  thread.anchor = anchor;
  store::insert_thread(tx, thread);
  store::insert_comment(tx, province, thread.id, comment_by(act, text));
  return thread.id;
}

Result<CommentId> reply(Tx& tx, const identity::Act& act, const ThreadId& id, std::string_view text) {
  const auto thread = store::find(tx, id);
  if (!thread) return not_found();
  const auto comment = comment_by(act, text);
  store::insert_comment(tx, thread->province, id, comment);
  return comment.id;
}

std::vector<Thread> threads_of(Tx& tx, const db::Subject& subject, std::string_view anchor) {
  return store::of_subject(tx, subject, anchor);
}

std::optional<Thread> find_thread(Tx& tx, const ThreadId& id) { return store::find(tx, id); }

std::int64_t open_count(Tx& tx, const db::Subject& subject) { return store::open_count(tx, subject); }

Result<std::int64_t> set_resolved(Tx& tx, const identity::Act& act, const ThreadId& id, bool resolved,
                                  std::int64_t expected_version) {
  if (store::set_resolved(tx, id, resolved, act.caller.name, act.at, expected_version)) return expected_version + 1;
  if (!store::find(tx, id)) return not_found();
  return Error{ErrorKind::stale, "comment.stale"};
}

Result<View> list(const Premises& premises, const identity::Caller& caller, const db::Subject& subject,
                  std::string_view anchor) {
  return premises.database->read([&](Tx& tx) -> Result<View> {
    QY_TRY(const auto access, identity::read_access(tx, premises, caller, subject, kMatter));
    return View{threads_of(tx, subject, anchor), open_count(tx, subject), access.write};
  });
}

Result<Thread> start(const Premises& premises, const identity::Caller& caller, const db::Subject& subject,
                     std::string_view anchor, std::string_view text) {
  return premises.database->write([&](Tx& tx) -> Result<Thread> {
    QY_TRY(const auto access, identity::write_access(tx, premises, caller, subject, kMatter));
    const auto id = open_thread(tx, identity::act_of(premises, caller), subject, access.province, anchor, text);
    return find_thread(tx, id).value();
  });
}

Result<Thread> answer(const Premises& premises, const identity::Caller& caller, const ThreadId& id,
                      std::string_view text) {
  return premises.database->write([&](Tx& tx) -> Result<Thread> {
    QY_CHECK(writable(tx, premises, caller, id));
    QY_CHECK(reply(tx, identity::act_of(premises, caller), id, text));
    return find_thread(tx, id).value();
  });
}

Result<Thread> resolve(const Premises& premises, const identity::Caller& caller, const ThreadId& id, bool resolved,
                       std::int64_t expected_version) {
  return premises.database->write([&](Tx& tx) -> Result<Thread> {
    QY_CHECK(writable(tx, premises, caller, id));
    QY_CHECK(set_resolved(tx, identity::act_of(premises, caller), id, resolved, expected_version));
    return find_thread(tx, id).value();
  });
}

}  // namespace qy::comments
