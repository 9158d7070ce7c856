#include "engine/procedure/procedure.h"

#include <gtest/gtest.h>

namespace qy::engine::procedure {
namespace {

// An invented lending desk: what matters here is the fold, not a regime.
rules::Procedure lending() {
  rules::Procedure p;
  p.id = "lending";
  p.initial = "asked";
  p.states = {{.id = "asked", .title = {"已申请", "Asked"}},
              {.id = "lent", .title = {"已借出", "Lent"}},
              {.id = "back", .title = {"已归还", "Back"}, .terminal = true}};
  const auto action = [](std::string id, std::vector<std::string> from, std::string to, rules::Actor actor) {
    rules::ProcedureAction a;
    a.title = {id, id};
    a.id = std::move(id);
    a.from = std::move(from);
    a.to = std::move(to);
    a.actors = {std::move(actor)};
    return a;
  };
  p.actions = {
      action("lend", {"asked"}, "lent", {.party = "office", .roles = {"chief"}, .levels = {"city"}, .line = "lead"}),
      action("take_back", {"lent"}, "back", {.party = "office", .roles = {}, .levels = {}, .line = ""}),
      action("remark", {"*"}, "", {.party = "", .roles = {}, .levels = {}, .line = ""})};
  return p;
}

TEST(Procedure, FoldsActionsToAState) {
  struct Row {
    const char* name;
    std::vector<std::string> actions;
    const char* state;
  };
  const Row rows[] = {
      {"nothing happened yet", {}, "asked"},
      {"one step", {"lend"}, "lent"},
      {"a remark leaves the state alone", {"remark", "lend", "remark"}, "lent"},
      {"actions of other rooms are passed over", {"lend", "photographed", "take_back"}, "back"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto got = fold(lending(), row.actions);
    ASSERT_TRUE(got) << got.error().code;
    EXPECT_EQ(*got, row.state);
  }
}

TEST(Procedure, SaysWhereALogIsBroken) {
  const std::vector<std::string> twice{"lend", "lend"};
  const auto got = fold(lending(), twice);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, "procedure.broken_log");
  EXPECT_EQ(got.error().params[2].second, "2");

  const std::vector<std::string> after_the_end{"lend", "take_back", "remark"};
  EXPECT_EQ(fold(lending(), after_the_end).error().code, "procedure.broken_log");
}

TEST(Procedure, LetsOnlyTheRightPersonActInTheRightState) {
  const Actor chief{.party = "office", .role = "chief", .level = "city", .line = "ecology", .is_lead = true};
  struct Row {
    const char* name;
    const char* state;
    const char* action;
    Actor actor;
    const char* code;
  };
  auto of = [&](auto change) {
    Actor a = chief;
    change(a);
    return a;
  };
  const Row rows[] = {
      {"the lead city chief may", "asked", "lend", chief, ""},
      {"another line may not", "asked", "lend", of([](Actor& a) { a.is_lead = false; }), "procedure.wrong_actor"},
      {"another level may not", "asked", "lend", of([](Actor& a) { a.level = "county"; }), "procedure.wrong_actor"},
      {"another role may not", "asked", "lend", of([](Actor& a) { a.role = "officer"; }), "procedure.wrong_actor"},
      {"another party may not", "asked", "lend", of([](Actor& a) { a.party = "enterprise"; }), "procedure.wrong_actor"},
      {"the state is looked at before the person", "lent", "lend", of([](Actor& a) { a.role = "officer"; }),
       "procedure.wrong_state"},
      {"nothing more happens after the end, not even a remark", "back", "remark", chief, "procedure.wrong_state"},
      {"what nobody knows is not found", "asked", "sell", chief, "procedure.unknown_action"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto procedure = lending();
    const auto got = check(procedure, row.state, row.action, row.actor);
    EXPECT_EQ(got ? "" : got.error().code, row.code);
  }
  EXPECT_EQ(allowed(lending(), "asked", chief), (std::vector<std::string>{"lend", "remark"}));
  EXPECT_EQ(allowed(lending(), "back", chief), std::vector<std::string>{});
}

TEST(Procedure, NamesWhoMayActInBothLanguages) {
  EXPECT_EQ(who_may(lending().actions[0]).zh, "市级牵头部门负责人");
  EXPECT_EQ(who_may(lending().actions[0]).en, "city lead department's chief");
}

}  // namespace
}  // namespace qy::engine::procedure
