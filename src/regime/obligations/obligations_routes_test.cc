#include "regime/identity/testing.h"
#include "regime/obligations/obligations.h"

namespace qy::obligations {
namespace {

using identity::Party;
using identity::Role;

TEST(ObligationsApi, EachReadsHisOwn) {
  identity::testing::World world;
  identity::testing::Api api(world, {add_routes});
  const auto& filler = world.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const auto& stranger = world.member(Party::enterprise, "e2", "另一企业", Role::filler);
  const auto& officer = world.officer("990101");
  const auto& city = world.officer("990100");
  const auto& neighbour = world.officer("990102");

  engine::clock::Deadline due;
  due.id = "disclose";
  due.title = {"公示", "Disclose"};
  due.rule = {"名单公布之日起1个月", "1 month from publication"};
  due.started_on = Date(2026, 4, 20);
  due.due_on = Date(2026, 5, 20);
  due.holder = "enterprise";
  ASSERT_TRUE(world.premises.database->write([&](Tx& tx) -> Result<void> {
    replace_for(tx, {{"audit", "a1"}, "99", "990101", "e1", {"云溪明洁电镀有限公司", "Mingjie"}, "/audits/a1"},
                std::span(&due, 1), *world.premises.rules, [](std::string_view) {
                  return Holder{Party::enterprise, "e1", "云溪明洁电镀有限公司"};
                });
    return {};
  }));

  const std::string all = "/api/v1/obligations";
  api.run_all({
      {.name = "nobody", .path = all, .status = 401},
      {.name = "the county",
       .who = &officer,
       .path = all,
       .contains = {"\"late\"", "\"total\":1", "\"days_left\":-12"}},
      {.name = "its city", .who = &city, .path = all, .contains = {"\"total\":1"}},
      {.name = "another county", .who = &neighbour, .path = all, .contains = {"\"total\":0"}, .absent = {"明洁"}},
      {.name = "the enterprise", .who = &filler, .path = all + "?holder=me&state=late", .contains = {"\"total\":1"}},
      {.name = "another enterprise asking for it",
       .who = &stranger,
       .path = all + "?enterprise=e1",
       .contains = {"\"total\":0"},
       .absent = {"明洁"}},
      {.name = "another county asking for its region",
       .who = &neighbour,
       .path = all + "?region=990101",
       .contains = {"\"total\":0"}},
      {.name = "as of an earlier day it was near",
       .who = &officer,
       .path = all + "?as_of=2026-05-20",
       .contains = {"due_soon"}},
      {.name = "a day that is none", .who = &officer, .path = all + "?as_of=2026-02-30", .status = 422},
      {.name = "a state that is none",
       .who = &officer,
       .path = all + "?state=lost",
       .status = 422,
       .contains = {"lost"}},
      {.name = "a holder that is none", .who = &officer, .path = all + "?holder=you", .status = 422},
      {.name = "a column that is none", .who = &officer, .path = all + "?sort=mood", .status = 422},
      {.name = "the board",
       .who = &officer,
       .path = all + "/counts",
       .contains = {"\"late\":1", "\"with_others\":1", "\"with_me\":0"}},
      {.name = "the enterprise's board", .who = &filler, .path = all + "/counts", .contains = {"\"with_me\":1"}},
      {.name = "the board needs a login", .path = all + "/counts", .status = 401},
      {.name = "the calendar",
       .who = &filler,
       .path = all + "/calendar",
       .contains = {"BEGIN:VEVENT", "DTSTART;VALUE=DATE:20260520"}},
      {.name = "another's calendar is empty",
       .who = &stranger,
       .path = all + "/calendar",
       .contains = {"BEGIN:VCALENDAR"},
       .absent = {"VEVENT"}},
      {.name = "the calendar needs a login", .path = all + "/calendar", .status = 401},
  });
}

}  // namespace
}  // namespace qy::obligations
