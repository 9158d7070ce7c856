#include "regime/identity/testing.h"
#include "regime/messages/messages.h"

namespace qy::messages {
namespace {

using identity::Party;
using identity::Role;

TEST(MessagesApi, EachReadsHisOwnInbox) {
  identity::testing::World world("sqlite", false);
  identity::testing::Api api(world, {add_routes});
  const auto& filler = world.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const auto& stranger = world.member(Party::enterprise, "e2", "另一企业", Role::filler);
  const auto& officer = world.officer("990101");
  const auto id =
      world.premises.database
          ->write([&](Tx& tx) -> Result<MessageId> {
            return notify(tx, identity::act_of(world.premises, officer),
                          {.party = Party::enterprise, .party_id = "e1", .code = "message.test", .link = "/audits/a1"});
          })
          ->str();
  const std::string all = "/api/v1/messages", read = all + "/" + id + "/read";
  api.run_all({
      {.name = "nobody", .path = all, .status = 401},
      {.name = "nobody counts", .path = all + "/unread-count", .status = 401},
      {.name = "the enterprise reads",
       .who = &filler,
       .path = all,
       .contains = {"\"total\":1", "/audits/a1", "\"read_at\":null"}},
      {.name = "another does not", .who = &stranger, .path = all, .contains = {"\"total\":0"}},
      {.name = "nor does the office that sent it", .who = &officer, .path = all, .contains = {"\"total\":0"}},
      {.name = "one is unread", .who = &filler, .path = all + "/unread-count", .contains = {"\"unread\":1"}},
      {.name = "another cannot read it away", .who = &stranger, .method = "POST", .path = read, .status = 404},
      {.name = "nobody cannot", .method = "POST", .path = read, .status = 401},
      {.name = "the receipt", .who = &filler, .method = "POST", .path = read, .status = 204},
      {.name = "none is unread", .who = &filler, .path = all + "?unread=1", .contains = {"\"total\":0"}},
      {.name = "nothing left to mark",
       .who = &filler,
       .method = "POST",
       .path = all + "/read-all",
       .contains = {"\"marked\":0"}},
      {.name = "marking needs a login", .method = "POST", .path = all + "/read-all", .status = 401},
      {.name = "an id that is none", .who = &filler, .method = "POST", .path = all + "/x/read", .status = 404},
  });
}

}  // namespace
}  // namespace qy::messages
