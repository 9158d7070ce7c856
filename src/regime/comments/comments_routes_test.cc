#include "regime/comments/comments.h"
#include "regime/identity/access.h"
#include "regime/identity/testing.h"

namespace qy::comments {
namespace {

using identity::Party;
using identity::Role;

TEST(CommentsApi, ThoseWhoMayCommentDo) {
  identity::testing::World world("sqlite", false);
  identity::register_subject("audit",
                             [](Tx&, const Premises&, const identity::Caller& caller, std::string_view id,
                                identity::Matter) -> std::optional<identity::Access> {
                               if (id != "a1") return std::nullopt;
                               const bool office = caller.is_office() && caller.covers("990101");
                               return identity::Access{office || caller.party_id == "e1", office, "99", "990101"};
                             });
  identity::testing::Api api(world, {add_routes});
  const auto& officer = world.officer("990101");
  const auto& neighbour = world.officer("990102");
  const auto& filler = world.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const std::string all = "/api/v1/comments/audit/a1", text = R"({"anchor":"section:3.2","text":"水平衡差8%"})";
  api.run_all({
      {.name = "nobody reads", .path = all, .status = 401},
      {.name = "nobody writes", .method = "POST", .path = all, .body = text, .status = 401},
      {.name = "another county writes nothing",
       .who = &neighbour,
       .method = "POST",
       .path = all,
       .body = text,
       .status = 404},
      {.name = "who may only read writes nothing",
       .who = &filler,
       .method = "POST",
       .path = all,
       .body = text,
       .status = 403},
      {.name = "a comment has words",
       .who = &officer,
       .method = "POST",
       .path = all,
       .body = R"({"text":" "})",
       .status = 422,
       .contains = {"#/text"}},
  });
  const auto opened = api.call(&officer, "POST", all, text);
  ASSERT_EQ(opened.status, 201) << opened.body;
  EXPECT_EQ(opened.headers.at("ETag"), "\"1\"");
  const std::string thread = "/api/v1/comment-threads/" + std::string(json::parse(opened.body)->at("id").as_string());
  api.run_all({
      {.name = "the enterprise reads and may not reply",
       .who = &filler,
       .path = all,
       .contains = {"水平衡差8%", "\"open\":1"},
       .absent = {"\"reply\""}},
      {.name = "at another place there is nothing",
       .who = &filler,
       .path = all + "?anchor=section:4",
       .contains = {"\"total\":0"}},
      {.name = "a reply",
       .who = &officer,
       .method = "POST",
       .path = thread + "/replies",
       .body = R"({"text":"已补充"})",
       .status = 201,
       .contains = {"已补充", "水平衡差8%"}},
      {.name = "another county learns nothing",
       .who = &neighbour,
       .method = "POST",
       .path = thread + "/replies",
       .body = R"({"text":"x"})",
       .status = 404},
      {.name = "nobody replies",
       .method = "POST",
       .path = thread + "/replies",
       .body = R"({"text":"x"})",
       .status = 401},
      {.name = "resolving needs the version",
       .who = &officer,
       .method = "PUT",
       .path = thread + "/resolved",
       .body = R"({"resolved":true})",
       .status = 428},
      {.name = "resolved",
       .who = &officer,
       .method = "PUT",
       .path = thread + "/resolved",
       .body = R"({"resolved":true})",
       .contains = {"\"resolved\":true", "\"reopen\""},
       .if_match = 1},
      {.name = "not from an old version",
       .who = &officer,
       .method = "PUT",
       .path = thread + "/resolved",
       .body = R"({"resolved":false})",
       .status = 412,
       .if_match = 1},
      {.name = "not by who may only read",
       .who = &filler,
       .method = "PUT",
       .path = thread + "/resolved",
       .body = R"({"resolved":false})",
       .status = 403,
       .if_match = 2},
  });
}

}  // namespace
}  // namespace qy::comments
