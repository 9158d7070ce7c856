#include "codec/compute.h"
#include "regime/computing/computing.h"
#include "regime/identity/guard.h"

namespace qy::computing {
namespace {

json::Value moment(const std::optional<Instant>& at) { return at ? json::Value(at->str()) : json::Value(nullptr); }

/// What a failed run tells, in the language of the page: the body of a problem document.
json::Value problem_of(const Run& run, const http::Request& request) {
  if (!run.problem) return nullptr;
  const auto body = json::parse(http::problem(*run.problem, request.language, run.id.str()).body);
  return body ? *body : json::Value(nullptr);
}

json::Object to_json(const Run& run, const http::Request& request) {
  return {{"id", run.id.str()},
          {"name", run.name},
          {"state", run.state},
          {"progress", run.progress},
          {"time_limit_seconds", run.time_limit_seconds},
          {"created_at", run.created_at.str()},
          {"started_at", moment(run.started_at)},
          {"ended_at", moment(run.ended_at)},
          {"problem", problem_of(run, request)},
          {"allowed_actions", json::texts(run.allowed_actions())}};
}

json::Array described() {
  json::Array out;
  for (const auto& computation : codec::computations()) {
    const auto example = json::parse(codec::example_of(computation.name));
    out.push_back(json::Object{{"name", computation.name},
                               {"title", json::both(computation.title)},
                               {"example", example ? *example : json::Value(nullptr)}});
  }
  return out;
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);
  const auto desk = std::make_shared<Desk>(premises);

  add("GET", "/api/v1/compute", [&premises](const http::Request&, const identity::Caller&) -> Result<http::Response> {
    return http::ok(json::Object{{"computations", described()},
                                 {"seconds", premises.compute_seconds},
                                 {"run_seconds", {{"usual", kUsualSeconds}, {"most", kMostSeconds}}}});
  });

  add(
      "POST", "/api/v1/compute/{name}",
      [desk](const http::Request& request, const identity::Caller&) -> Result<http::Response> {
        QY_TRY(const auto input, request.json());
        QY_TRY(const auto answer, desk->compute(request.parameter("name"), input, request.gone));
        return http::ok(answer);
      },
      kLargestInput);

  add("GET", "/api/v1/compute-runs",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto runs, list(premises, caller));
        json::Array items;
        for (const auto& run : runs) items.push_back(to_json(run, request));
        return http::ok(json::Object{{"items", items}, {"total", items.size()}});
      });

  add(
      "POST", "/api/v1/compute-runs",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto name = in.text("name", 100);
        const auto input = in.any("input");
        if (input.is_null()) in.complain("input", "field.required");
        const auto seconds = in.optional_integer("time_limit_seconds", 1, kMostSeconds).value_or(kUsualSeconds);
        QY_CHECK(in.done());
        QY_TRY(const auto run, start(premises, caller, name, input, static_cast<int>(seconds)));
        auto response = http::ok(to_json(run, request));
        response.status = 202;
        response.headers["Location"] = "/api/v1/compute-runs/" + run.id.str();
        return response;
      },
      kLargestInput);

  add("GET", "/api/v1/compute-runs/{run}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, RunId::parse(request.parameter("run")));
        QY_TRY(const auto run, find(premises, caller, id));
        auto out = to_json(run, request);
        out["answer"] = nullptr;
        if (run.state == "finished") {
          QY_TRY(auto answer, json::parse(run.answer));
          out["answer"] = std::move(answer);
        }
        return http::ok(out);
      });

  add("GET", "/api/v1/compute-runs/{run}/input",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, RunId::parse(request.parameter("run")));
        QY_TRY(const auto text, input_of(premises, caller, id));
        QY_TRY(const auto input, json::parse(text));
        return http::ok(input);
      });

  add("POST", "/api/v1/compute-runs/{run}/cancel",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, RunId::parse(request.parameter("run")));
        QY_TRY(const auto run, cancel(premises, caller, id));
        return http::ok(to_json(run, request));
      });

  add("DELETE", "/api/v1/compute-runs/{run}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, RunId::parse(request.parameter("run")));
        QY_CHECK(forget(premises, caller, id));
        return http::no_content();
      });
}

}  // namespace qy::computing
