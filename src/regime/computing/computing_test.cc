#include "regime/computing/computing.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "codec/compute.h"
#include "engine/economics/economics.h"
#include "regime/identity/testing.h"

namespace qy::computing {
namespace {

using identity::Caller;
using identity::Party;
using identity::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Ten thousand questions to the watch and more.
const char* kLong = R"({"cash_flows": [-100, 60, 60], "discount_rate": "0.1",
    "monte_carlo": {"seed": 1, "draws": 100000, "inputs": {"inflows": {"distribution": "uniform", "min": "0.5", "max": "1.5"}}}})";
const char* kShort = R"({"cash_flows": [-100, 110], "discount_rate": "0.1"})";

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  identity::testing::World world_{GetParam()};
  Premises& premises_ = world_.premises;
  identity::testing::Api api_{world_, {add_routes}};
  const Caller& filler_ = world_.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const Caller& officer_ = world_.officer("990101");

  void SetUp() override {
    static const bool filled = [] {
      for (const auto& sentences : {computing_messages(), codec::codec_messages(), json::json_messages(),
                                    engine::economics::economics_messages()})
        Catalogue::global().add(sentences);
      return true;
    }();
    (void)filled;
  }

  static json::Value document(std::string_view text) { return *json::parse(text); }
  /// From now on every look at the clock takes so long.
  void let_time_run(int milliseconds) {
    premises_.clock = [this, milliseconds] {
      world_.fixture.set_now(Instant::from_millis(now_ += milliseconds));
      return Instant::from_millis(now_);
    };
  }
  std::optional<db::Job> claim(const char* worker = "w") {
    return *premises_.database->write([&](Tx& tx) -> Result<std::optional<db::Job>> {
      return db::claim_job(tx, worker, premises_.now(), 120, db::Lane::long_ones);
    });
  }
  void finish(const db::Job& job) {
    ASSERT_TRUE(premises_.database->write([&](Tx& tx) -> Result<void> {
      db::finish_job(tx, job.id, premises_.now());
      return {};
    }));
  }
  RunId started(const char* input, int seconds = 600) {
    const auto run = start(premises_, filler_, "economics", document(input), seconds);
    EXPECT_TRUE(run);
    return run->id;
  }

  std::atomic<std::int64_t> now_ = premises_.now().millis();
};
INSTANTIATE_TEST_SUITE_P(Computing, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, ARunIsCarriedOutAndSeenByItsOwnerAlone) {
  const auto queued = api_.call(&filler_, "POST", "/api/v1/compute-runs",
                                std::string(R"({"name": "economics", "input": )") + kLong + "}");
  ASSERT_EQ(queued.status, 202) << queued.body;
  EXPECT_THAT(queued.body, HasSubstr(R"("state":"queued")"));
  const auto path = queued.headers.at("Location");
  const auto id = RunId::trusted(path.substr(path.rfind('/') + 1));
  api_.run_all({
      {.name = "nobody", .path = path, .status = 401},
      {.name = "another person reads nothing",
       .who = &officer_,
       .path = path,
       .status = 404,
       .contains = {"compute.no_run"}},
      {.name = "nor what it was started with",
       .who = &officer_,
       .path = path + "/input",
       .status = 404,
       .contains = {"compute.no_run"},
       .absent = {"monte_carlo"}},
      {.name = "another person cancels nothing",
       .who = &officer_,
       .method = "POST",
       .path = path + "/cancel",
       .status = 404},
      {.name = "another person removes nothing", .who = &officer_, .method = "DELETE", .path = path, .status = 404},
      {.name = "another person's list is empty",
       .who = &officer_,
       .path = "/api/v1/compute-runs",
       .contains = {R"("total":0)"},
       .absent = {id.str()}},
      {.name = "its owner may cancel it",
       .who = &filler_,
       .path = path,
       .contains = {R"("allowed_actions":["cancel"])", R"("answer":null)"}},
  });

  const auto job = claim();
  ASSERT_TRUE(job);
  let_time_run(400);
  std::vector<double> seen;
  ASSERT_TRUE(carry_out(premises_, *job, [&] {
    const auto run = find(premises_, filler_, id);
    EXPECT_EQ(run->state, "running");
    seen.push_back(run->progress);
    return false;
  }));
  ASSERT_GT(seen.size(), 5u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_GT(seen.back(), seen.front());
  EXPECT_LT(seen.size(), 60u) << "once a second and not at every question";

  const auto answer = api_.call(&filler_, "GET", path);
  const auto body = document(answer.body);
  EXPECT_EQ(body.at("state"), "finished");
  EXPECT_EQ(json::dump(body.at("answer")), json::dump(*codec::compute(*premises_.rules, "economics", document(kLong))));
  EXPECT_EQ(json::dump(body.at("allowed_actions")), R"(["forget"])");
  EXPECT_EQ(document(api_.call(&filler_, "GET", path + "/input").body), document(kLong));
  EXPECT_EQ(api_.call(&filler_, "DELETE", path).status, 204);
  EXPECT_EQ(api_.call(&filler_, "GET", path).status, 404);
}

TEST_P(OnEachEngine, CancellingStopsARunThatWaitsOrRuns) {
  const auto waiting = started(kShort);
  EXPECT_EQ(cancel(premises_, filler_, waiting)->state, "cancelled");
  finish(*claim());
  EXPECT_EQ(find(premises_, filler_, waiting)->state, "cancelled");

  const auto running = started(kLong);
  const auto job = claim();
  let_time_run(400);
  int asked = 0;
  ASSERT_TRUE(carry_out(premises_, *job, [&] {
    if (++asked == 2) {
      EXPECT_EQ(cancel(premises_, filler_, running)->state, "cancelled");
    }
    return false;
  }));
  EXPECT_EQ(asked, 2) << "it is left off at the next look";
  const auto run = find(premises_, filler_, running);
  EXPECT_EQ(run->state, "cancelled");
  EXPECT_EQ(run->answer, "");
  EXPECT_THAT(run->allowed_actions(), ElementsAre("forget"));
  EXPECT_EQ(cancel(premises_, filler_, running)->state, "cancelled") << "twice is once";
}

TEST_P(OnEachEngine, ARunStopsAtItsTimeLimitAndSaysSoInThePagesLanguage) {
  const auto id = started(kLong, 5);
  const auto job = claim();
  let_time_run(400);
  ASSERT_TRUE(carry_out(premises_, *job, {}));
  const auto path = "/api/v1/compute-runs/" + id.str();
  const auto zh = document(api_.call(&filler_, "GET", path).body);
  EXPECT_EQ(zh.at("state"), "failed");
  EXPECT_EQ(zh.at("problem").at("code"), "compute.time_limit");
  EXPECT_THAT(std::string(zh.at("problem").at("detail").as_string()), HasSubstr("5秒"));
  const auto en = document(api_.call(&filler_, "GET", path, "", {{"accept-language", "en"}}).body);
  EXPECT_THAT(std::string(en.at("problem").at("detail").as_string()), HasSubstr("5 seconds"));
}

TEST_P(OnEachEngine, WhatWasFoundWithinTheTimeLimitIsKept) {
  json::Array options;
  for (int i = 0; i < 120; ++i) {
    const int first = (i * 53) % 47 + 20, second = (i * 29) % 31 + 10;
    options.push_back(json::Object{{"id", "o" + std::to_string(i)},
                                   {"value", first + second + (i * 37) % 5},
                                   {"cost", json::Array{first, second}}});
  }
  const json::Object input{{"options", options}, {"budget", json::Array{1201, 703}}};
  const auto run = *start(premises_, filler_, "portfolio", input, 5);
  const auto job = claim();
  let_time_run(20);
  ASSERT_TRUE(carry_out(premises_, *job, {}));
  const auto body = document(api_.call(&filler_, "GET", "/api/v1/compute-runs/" + run.id.str()).body);
  ASSERT_EQ(body.at("state"), "finished") << json::dump(body.at("problem"));
  EXPECT_EQ(body.at("answer").at("status"), "feasible");
  EXPECT_GE(*json::decimal_of(body.at("answer").at("bound")), *json::decimal_of(body.at("answer").at("objective")));
}

TEST_P(OnEachEngine, ARunTellsEveryMistakeOfItsInput) {
  const auto id = started(R"({"cash_flows": [-1, "x"], "discount_rate": 60, "y": 1})");
  ASSERT_TRUE(carry_out(premises_, *claim(), {}));
  const auto body = document(api_.call(&filler_, "GET", "/api/v1/compute-runs/" + id.str()).body);
  EXPECT_EQ(body.at("state"), "failed");
  std::vector<std::string> pointers;
  for (const auto& error : body.at("problem").at("errors").as_array())
    pointers.emplace_back(error.at("pointer").as_string());
  EXPECT_THAT(pointers, ElementsAre("#/cash_flows/1", "#/y", "#/discount_rate"));
  EXPECT_TRUE(body.at("answer").is_null());
}

TEST_P(OnEachEngine, ARunWhoseProcessDiedIsBegunAgainOnce) {
  const auto id = started(kShort);
  const auto first = claim("dead");
  ASSERT_TRUE(first);
  EXPECT_FALSE(claim("other")) << "its lease holds";
  world_.fixture.pass_seconds(121);
  const auto second = claim("other");
  ASSERT_TRUE(second);
  EXPECT_FALSE(*premises_.database->write([&](Tx& tx) -> Result<bool> {
    return db::renew_lease(tx, *first, premises_.now().plus_seconds(120));
  })) << "the dead one, waking up, hears that the run is another's";
  ASSERT_TRUE(carry_out(premises_, *second, {}));
  finish(*second);
  EXPECT_EQ(find(premises_, filler_, id)->state, "finished");

  const auto unlucky = started(kShort);
  for (int attempt = 0; attempt < 2; ++attempt) {
    ASSERT_TRUE(claim("dead"));
    world_.fixture.pass_seconds(121);
  }
  ASSERT_TRUE(carry_out(premises_, *claim("careful"), {}));
  const auto run = find(premises_, filler_, unlucky);
  EXPECT_EQ(run->state, "failed");
  EXPECT_EQ(run->problem->code, "compute.worker_lost");
}

TEST_P(OnEachEngine, AStoppingProcessPutsItsRunBack) {
  const auto id = started(kLong);
  let_time_run(400);
  db::JobRunner* self = nullptr;
  db::JobRunner runner(*premises_.database, premises_.clock, *premises_.random, "a", db::Lane::long_ones);
  self = &runner;
  int handled = 0;
  runner.handle(kJob, [&](const db::Job& job) {
    EXPECT_EQ(job.attempt, 1) << "leaving off is no failed attempt";
    self->ask_to_stop();
    const bool again = ++handled > 1;
    return carry_out(premises_, job, [self, again] { return !again && self->stopping(); });
  });
  EXPECT_EQ(runner.run_due(), 2);
  EXPECT_EQ(handled, 2);
  EXPECT_EQ(find(premises_, filler_, id)->state, "finished");
}

TEST_P(OnEachEngine, TwoProcessesShareTheRuns) {
  std::vector<RunId> ids;
  for (int i = 0; i < kMostUnfinished; ++i) ids.push_back(started(kShort));
  std::atomic<int> handled = 0;
  const auto process = [&](const char* name) {
    auto runner = std::make_unique<db::JobRunner>(*premises_.database, premises_.clock, *premises_.random, name,
                                                  db::Lane::long_ones);
    runner->handle(kJob, [&](const db::Job& job) {
      ++handled;
      return carry_out(premises_, job, {});
    });
    runner->start(5);
    return runner;
  };
  const auto one = process("one"), two = process("two");
  const auto all_done = [&] {
    return std::all_of(ids.begin(), ids.end(), [&](const RunId& id) { return find(premises_, filler_, id)->ended(); });
  };
  for (int i = 0; i < 1000 && !all_done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  one->stop();
  two->stop();
  for (const auto& id : ids) EXPECT_EQ(find(premises_, filler_, id)->state, "finished");
  EXPECT_EQ(handled, kMostUnfinished);
}

TEST_P(OnEachEngine, OnePersonHasAFewRunsAtATimeAndKeepsSome) {
  for (int i = 0; i < kMostUnfinished; ++i) started(kShort);
  const auto refused = api_.call(&filler_, "POST", "/api/v1/compute-runs", R"({"name": "clock", "input": {}})");
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.contains("Retry-After"));
  EXPECT_TRUE(start(premises_, officer_, "economics", document(kShort), 10)) << "the limit is each person's own";
  for (int i = 0; i < kMostKept + 5; ++i) {
    for (const auto& run : *list(premises_, filler_)) (void)cancel(premises_, filler_, run.id);
    started(kShort);
  }
  EXPECT_EQ(list(premises_, filler_)->size(), static_cast<std::size_t>(kMostKept));

  world_.fixture.pass_seconds(3600);
  ASSERT_TRUE(premises_.database->write([&](Tx& tx) -> Result<void> {
    sweep(tx, premises_.now());
    return {};
  }));
  EXPECT_TRUE(list(premises_, filler_)->empty());
}

TEST_P(OnEachEngine, WhatCannotBeStartedIsRefusedWithItsReason) {
  const std::string path = "/api/v1/compute-runs";
  api_.run_all({
      {.name = "an unknown computation",
       .who = &filler_,
       .method = "POST",
       .path = path,
       .body = R"({"name": "alchemy", "input": {}})",
       .status = 404,
       .contains = {"compute.unknown"}},
      {.name = "every wrong field at once",
       .who = &filler_,
       .method = "POST",
       .path = path,
       .body = R"({"time_limit_seconds": 3601, "z": 1})",
       .status = 422,
       .contains = {"#/name", "#/input", "#/time_limit_seconds", "#/z"}},
      {.name = "a run that is no id", .who = &filler_, .path = path + "/x", .status = 404},
      {.name = "nobody asks for computations", .path = "/api/v1/compute", .status = 401},
      {.name = "everybody logged in finds them with an example",
       .who = &filler_,
       .path = "/api/v1/compute",
       .contains = {R"("name":"economics")", "方案经济评价", R"("annual_saving":"45")"}},
  });
  auto machine = officer_;
  machine.user = {};
  EXPECT_EQ(start(premises_, machine, "clock", json::Object{}, 10).error().code, "compute.needs_person");
}

TEST_P(OnEachEngine, AnAnswerAtOnceHasATimeLimit) {
  Desk desk(premises_);
  const auto input = document(kLong);
  EXPECT_TRUE(desk.compute("economics", input, {}));
  EXPECT_EQ(api_.call(&filler_, "POST", "/api/v1/compute/economics", kShort).status, 200);
  EXPECT_EQ(api_.call(nullptr, "POST", "/api/v1/compute/economics", kShort).status, 401);

  let_time_run(400);
  int asked = 0;
  EXPECT_EQ(desk.compute("economics", input, [&] { return ++asked == 3; }).error().code, "compute.stopped")
      << "nobody waits for it";
  EXPECT_EQ(asked, 3);
  premises_.compute_seconds = 5;
  const auto stopped = desk.compute("economics", input, {});
  EXPECT_EQ(stopped.error().code, "compute.stopped");
  EXPECT_EQ(http::problem(stopped.error(), Language::zh, "r").status, 503);
}

TEST_P(OnEachEngine, LongOnesLeaveThreadsForOthers) {
  premises_.compute_at_once = 1;
  premises_.compute_seconds = 100'000;
  let_time_run(400);
  Desk desk(premises_);
  std::promise<void> entered, leave;
  std::thread first([&] {
    bool told = false;
    EXPECT_TRUE(desk.compute("economics", document(kLong), [&] {
      if (!told) {
        told = true;
        entered.set_value();
        leave.get_future().wait();
      }
      return false;
    }));
  });
  entered.get_future().wait();
  const auto refused = desk.compute("economics", document(kShort), {});
  EXPECT_EQ(refused.error().code, "compute.busy");
  leave.set_value();
  first.join();
  EXPECT_TRUE(desk.compute("economics", document(kShort), {}));
}

}  // namespace
}  // namespace qy::computing
