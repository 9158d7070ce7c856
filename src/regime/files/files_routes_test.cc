#include "regime/files/files.h"
#include "regime/identity/access.h"
#include "regime/identity/testing.h"

namespace qy::files {
namespace {

using identity::Party;
using identity::Role;

TEST(FilesApi, OnlyWhoMaySeeTheSubjectSeesItsFiles) {
  identity::testing::World world("sqlite", false);
  // An audit of enterprise e1 in 990101: its own people attach, offices of the region read.
  identity::register_subject(
      "audit",
      [](Tx&, const Premises&, const identity::Caller& caller, std::string_view id,
         identity::Matter) -> std::optional<identity::Access> {
        if (id != "a1") return std::nullopt;
        const bool own = caller.party == Party::enterprise && caller.party_id == "e1";
        return identity::Access{own || (caller.is_office() && caller.covers("990101")), own, "99", "990101"};
      });
  identity::testing::Api api(world, {add_routes});
  const auto& filler = world.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const auto& stranger = world.member(Party::enterprise, "e2", "另一企业", Role::filler);
  const auto& officer = world.officer("990101");
  const auto& neighbour = world.officer("990102");
  const std::string attachments = "/api/v1/attachments/audit/a1";

  const auto upload = [&](const identity::Caller* who, const std::string& name, const std::string& bytes) {
    const std::string body =
        "--cut\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nscan\r\n--cut\r\nContent-Disposition: "
        "form-data; name=\"file\"; filename=\"" +
        name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n--cut--\r\n";
    return api.call(who, "POST", attachments, body, {{"content-type", "multipart/form-data; boundary=cut"}});
  };
  EXPECT_EQ(upload(nullptr, "扫描.pdf", "%PDF-1.7").status, 401);
  EXPECT_EQ(upload(&officer, "扫描.pdf", "%PDF-1.7").status, 403);
  EXPECT_EQ(upload(&neighbour, "扫描.pdf", "%PDF-1.7").status, 404);
  EXPECT_EQ(upload(&stranger, "扫描.pdf", "%PDF-1.7").status, 404);
  EXPECT_EQ(upload(&filler, "扫描.pdf", "no pdf").status, 422);
  const auto kept = upload(&filler, "扫描.pdf", "%PDF-1.7");
  ASSERT_EQ(kept.status, 201) << kept.body;
  const std::string file = "/api/v1/files/" + std::string(json::parse(kept.body)->at("id").as_string());

  api.run_all({
      {.name = "nobody reads the list", .path = attachments, .status = 401},
      {.name = "the enterprise reads it",
       .who = &filler,
       .path = attachments,
       .contains = {"扫描.pdf", "\"upload\"", "\"withdraw\""}},
      {.name = "the office reads it and may not change it",
       .who = &officer,
       .path = attachments,
       .contains = {"扫描.pdf"},
       .absent = {"\"upload\"", "\"withdraw\""}},
      {.name = "another county does not see it",
       .who = &neighbour,
       .path = attachments,
       .status = 404,
       .absent = {"扫描"}},
      {.name = "no such kind of subject", .who = &filler, .path = "/api/v1/attachments/nothing/a1", .status = 404},
      {.name = "the office downloads", .who = &officer, .path = file, .contains = {"%PDF-1.7"}},
      {.name = "another enterprise does not", .who = &stranger, .path = file, .status = 404, .absent = {"%PDF"}},
      {.name = "an id that is none", .who = &officer, .path = "/api/v1/files/x", .status = 404},
      {.name = "the office may not withdraw",
       .who = &officer,
       .method = "POST",
       .path = file + "/withdraw",
       .body = R"({"reason":"误传"})",
       .status = 403},
      {.name = "another enterprise learns nothing",
       .who = &stranger,
       .method = "POST",
       .path = file + "/withdraw",
       .body = R"({"reason":"误传"})",
       .status = 404},
      {.name = "withdrawing needs a reason",
       .who = &filler,
       .method = "POST",
       .path = file + "/withdraw",
       .body = R"({})",
       .status = 422,
       .contains = {"#/reason"}},
      {.name = "the enterprise withdraws",
       .who = &filler,
       .method = "POST",
       .path = file + "/withdraw",
       .body = R"({"reason":"误传"})",
       .status = 204,
       .actions = {"file_withdrawn"}},
      {.name = "then it is gone", .who = &filler, .path = file, .status = 404},
  });
  const auto inline_picture = upload(&filler, "图.png", std::string("\x89PNG\r\n\x1a\n", 8));
  ASSERT_EQ(inline_picture.status, 201);
  const auto shown =
      api.call(&officer, "GET",
               "/api/v1/files/" + std::string(json::parse(inline_picture.body)->at("id").as_string()) + "?inline=1");
  EXPECT_THAT(shown.headers.at("Content-Disposition"), ::testing::HasSubstr("inline"));
}

}  // namespace
}  // namespace qy::files
