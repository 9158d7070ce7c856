#include "regime/computing/computing_store.h"

namespace qy::computing::store {
namespace {

using Str = std::string;

json::Array written(const Params& params) {
  json::Array out;
  for (const auto& [name, value] : params) out.push_back(json::Array{name, value});
  return out;
}

Params read_params(const json::Value& value) {
  Params out;
  for (const auto& pair : value.as_array())
    out.emplace_back(std::string(pair.as_array()[0].as_string()), std::string(pair.as_array()[1].as_string()));
  return out;
}

std::string written(const Error& error) {
  json::Array fields;
  for (const auto& field : error.fields)
    fields.push_back(json::Object{{"pointer", field.pointer}, {"code", field.code}, {"params", written(field.params)}});
  return json::dump(json::Object{{"kind", static_cast<int>(error.kind)},
                                 {"code", error.code},
                                 {"params", written(error.params)},
                                 {"fields", fields}});
}

std::optional<Error> read_error(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto value = json::parse(text);
  if (!value) throw db::Broken("a compute run holds unreadable JSON");
  const auto& object = value->as_object();
  Error error{static_cast<ErrorKind>(object.at("kind").as_int64()), std::string(object.at("code").as_string()),
              read_params(object.at("params"))};
  for (const auto& field : object.at("fields").as_array())
    error.fields.push_back({std::string(field.at("pointer").as_string()), std::string(field.at("code").as_string()),
                            read_params(field.at("params"))});
  return error;
}

std::vector<Run> query(Tx& tx, const std::string& rest, const std::vector<db::Bind>& binds, bool with_answer) {
  std::vector<Run> out;
  const std::string what = with_answer ? "answer, problem" : "'', ''";
  for (const auto& [id, owner, name, limit, state, progress, created, started, ended, answer, problem] :
       tx.rows_bound<RunId, identity::UserId, Str, int, Str, int, Instant, std::optional<Instant>,
                     std::optional<Instant>, Str, Str>(
           "SELECT id, owner_id, name, time_limit_seconds, state, progress, created_at, started_at, ended_at, " + what +
               " FROM compute_run " + rest,
           binds)) {
    Run run{id, owner, name, limit, state, progress / 1000.0, created, started, ended, answer, read_error(problem)};
    out.push_back(std::move(run));
  }
  return out;
}

}  // namespace

void insert(Tx& tx, const Run& run, std::string_view input) {
  tx.run(R"sql(
      INSERT INTO compute_run (id, owner_id, name, input, time_limit_seconds, state, created_at)
      VALUES (:id, :owner, :name, :input, :seconds, 'queued', :at))sql",
         run.id, run.owner, run.name, input, run.time_limit_seconds, run.created_at);
}

std::optional<Run> find(Tx& tx, const RunId& id, bool with_answer) {
  auto found = query(tx, "WHERE id = :id", {id}, with_answer);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::string input_of(Tx& tx, const RunId& id) {
  return tx.value<Str>("SELECT input FROM compute_run WHERE id = :id", id).value_or("");
}

std::vector<Run> of_owner(Tx& tx, const identity::UserId& owner) {
  return query(tx, "WHERE owner_id = :owner ORDER BY id DESC", {owner}, false);
}

std::int64_t unfinished(Tx& tx, const identity::UserId& owner) {
  return tx
      .value<std::int64_t>(
          "SELECT count(*) FROM compute_run WHERE owner_id = :owner AND state IN ('queued', 'running')", owner)
      .value();
}

void trim(Tx& tx, const identity::UserId& owner, int keep) {
  int kept = 0;
  for (const auto& run : of_owner(tx, owner))
    if (++kept > keep && run.ended()) remove(tx, run.id);
}

bool begin(Tx& tx, const RunId& id, Instant at) {
  return tx.run(R"sql(
      UPDATE compute_run SET state = 'running', progress = 0, started_at = :at
       WHERE id = :id AND state IN ('queued', 'running'))sql",
                at, id) == 1;
}

bool progress(Tx& tx, const RunId& id, double done) {
  const auto share = static_cast<int>(std::clamp(done, 0.0, 1.0) * 1000);
  return tx.run("UPDATE compute_run SET progress = :progress WHERE id = :id AND state = 'running'", share, id) == 1;
}

bool back_to_queue(Tx& tx, const RunId& id) {
  return tx.run(
             "UPDATE compute_run SET state = 'queued', progress = 0, started_at = NULL WHERE id = :id AND state = "
             "'running'",
             id) == 1;
}

bool finish(Tx& tx, const RunId& id, std::string_view answer, Instant at) {
  return tx.run(R"sql(
      UPDATE compute_run SET state = 'finished', progress = 1000, answer = :answer, ended_at = :at
       WHERE id = :id AND state = 'running')sql",
                answer, at, id) == 1;
}

bool fail(Tx& tx, const RunId& id, const Error& problem, Instant at) {
  return tx.run(R"sql(
      UPDATE compute_run SET state = 'failed', problem = :problem, ended_at = :at
       WHERE id = :id AND state IN ('queued', 'running'))sql",
                written(problem), at, id) == 1;
}

bool cancel(Tx& tx, const RunId& id, Instant at) {
  return tx.run(R"sql(
      UPDATE compute_run SET state = 'cancelled', ended_at = :at WHERE id = :id AND state IN ('queued', 'running'))sql",
                at, id) == 1;
}

void remove(Tx& tx, const RunId& id) { tx.run("DELETE FROM compute_run WHERE id = :id", id); }

void sweep(Tx& tx, Instant before) { tx.run("DELETE FROM compute_run WHERE created_at < :before", before); }

}  // namespace qy::computing::store
