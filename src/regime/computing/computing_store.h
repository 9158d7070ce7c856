#pragma once

#include "db/tx.h"
#include "regime/computing/computing.h"

namespace qy::computing::store {

void insert(Tx& tx, const Run& run, std::string_view input);
std::optional<Run> find(Tx& tx, const RunId& id, bool with_answer);
std::string input_of(Tx& tx, const RunId& id);
std::vector<Run> of_owner(Tx& tx, const identity::UserId& owner);
std::int64_t unfinished(Tx& tx, const identity::UserId& owner);
/// Ended runs beyond the newest `keep` of the owner go.
void trim(Tx& tx, const identity::UserId& owner, int keep);
/// Each true when the run was in the state it must be in.
bool begin(Tx& tx, const RunId& id, Instant at);
bool progress(Tx& tx, const RunId& id, double done);
bool back_to_queue(Tx& tx, const RunId& id);
bool finish(Tx& tx, const RunId& id, std::string_view answer, Instant at);
bool fail(Tx& tx, const RunId& id, const Error& problem, Instant at);
bool cancel(Tx& tx, const RunId& id, Instant at);
void remove(Tx& tx, const RunId& id);
void sweep(Tx& tx, Instant before);

}  // namespace qy::computing::store
