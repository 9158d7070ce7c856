#pragma once

#include "regime/comments/comments.h"

/// The SQL of `comment_thread` and `comment`.
namespace qy::comments::store {

void insert_thread(Tx& tx, const Thread& thread);
void insert_comment(Tx& tx, std::string_view province, const ThreadId& thread, const Comment& comment);
std::optional<Thread> find(Tx& tx, const ThreadId& id);
std::vector<Thread> of_subject(Tx& tx, const db::Subject& subject, std::string_view anchor);
std::int64_t open_count(Tx& tx, const db::Subject& subject);
/// False when its version is not `expected`.
bool set_resolved(Tx& tx, const ThreadId& id, bool resolved, std::string_view by_name, Instant at,
                  std::int64_t expected);

}  // namespace qy::comments::store
