#include "regime/figures/figures.h"
#include "regime/identity/access.h"
#include "regime/identity/testing.h"

namespace qy::figures {
namespace {

using identity::Party;
using identity::Role;
using identity::testing::World;

TEST(FiguresApi, CellsAreWrittenReadAndTracedByThoseWhoMay) {
  identity::testing::World world;
  identity::register_subject(
      "audit",
      [](Tx&, const Premises&, const identity::Caller& caller, std::string_view id,
         identity::Matter) -> std::optional<identity::Access> {
        if (id != "a1") return std::nullopt;
        const bool own = caller.party == Party::enterprise && caller.party_id == "e1";
        return identity::Access{own || (caller.is_office() && caller.covers("990101")), own, "99", "990101"};
      });
  identity::testing::Api api(world, {add_routes});
  Catalogue::global().add(figures_messages());
  const auto& filler = world.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const auto& stranger = world.member(Party::enterprise, "e2", "另一企业", Role::filler);
  const auto& officer = world.officer("990101");
  const auto& neighbour = world.officer("990102");
  const std::string ledger = "/api/v1/figures/audit/a1";
  const auto cell = [](const std::string& value, const std::string& more = "") {
    return R"({"cells":[{"key":"water.fresh","period":"2025",)" + more + R"("value":)" + value + "}]}";
  };
  const std::string ten = R"({"kind":"number","number":"10.0","unit":"m3"})";

  api.run_all({
      {.name = "nobody reads", .path = ledger, .status = 401},
      {.name = "nobody writes", .method = "PATCH", .path = ledger, .body = cell(ten), .status = 401},
      {.name = "the office may not write",
       .who = &officer,
       .method = "PATCH",
       .path = ledger,
       .body = cell(ten),
       .status = 403},
      {.name = "another enterprise learns nothing",
       .who = &stranger,
       .method = "PATCH",
       .path = ledger,
       .body = cell(ten),
       .status = 404},
      {.name = "a wrong unit lands on its cell",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(R"({"kind":"number","number":"10","unit":"kWh"})"),
       .status = 422,
       .contains = {"#/cells/0", "figure.unit"}},
      {.name = "a wrong number lands on its field",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(R"({"kind":"number","number":"ten"})"),
       .status = 422,
       .contains = {"#/cells/0/value/number"}},
      {.name = "a wrong period lands on its field",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = R"({"cells":[{"key":"water.fresh","period":"last year","value":{"kind":"retracted"}}]})",
       .status = 422,
       .contains = {"#/cells/0/period"}},
      {.name = "an unknown field is refused",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(ten, R"("vlaue":1,)"),
       .status = 422,
       .contains = {"#/cells/0/vlaue"}},
      {.name = "nothing was written by any of these",
       .who = &filler,
       .path = ledger,
       .contains = {"\"figures\":[]", "\"edit\""}},
      {.name = "the enterprise writes",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(ten, R"("version":0,"basis":"metered","evidence":{"place":"水表3"},)"),
       .contains = {"\"10.0\"", "metered", "水表3"}},
      {.name = "against an old version it is stale",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(ten, R"("version":0,)"),
       .status = 412,
       .contains = {"figure.stale", "10.0 m3"}},
      {.name = "the office reads and may not edit",
       .who = &officer,
       .path = ledger,
       .contains = {"新鲜水取水量", "\"10.0\""},
       .absent = {"\"edit\""}},
      {.name = "another county does not", .who = &neighbour, .path = ledger, .status = 404},
      {.name = "filtered by key", .who = &officer, .path = ledger + "?key=electricity", .contains = {"\"figures\":[]"}},
      {.name = "filtered by the beginning of keys",
       .who = &officer,
       .path = ledger + "?key=water&period=2025&scope=plant",
       .contains = {"water.fresh"}},
      {.name = "a second source beside the first",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(R"({"kind":"number","number":"9.8","unit":"m3"})", R"("basis":"billed","adopt":false,)"),
       .contains = {"\"10.0\"", "\"claims\":2"}},
      {.name = "its history shows both",
       .who = &officer,
       .path = ledger + "/history?key=water.fresh&period=2025",
       .contains = {"\"9.8\"", "\"10.0\"", "\"adopted\":true"}},
      {.name = "history of nothing",
       .who = &officer,
       .path = ledger + "/history?key=water.lost&period=2025",
       .status = 404},
      {.name = "history is not for others",
       .who = &stranger,
       .path = ledger + "/history?key=water.fresh&period=2025",
       .status = 404},
      {.name = "an aspect that is none",
       .who = &officer,
       .path = ledger + "/history?key=water.fresh&period=2025&aspect=guessed",
       .status = 422},
      {.name = "its lineage is itself",
       .who = &officer,
       .path = ledger + "/lineage?key=water.fresh&period=2025",
       .contains = {"\"edges\":[]"}},
      {.name = "no editions yet", .who = &officer, .path = ledger + "/editions", .contains = {"\"total\":0"}},
      {.name = "the catalogue of keys",
       .who = &stranger,
       .path = "/api/v1/figure-keys",
       .contains = {"electricity.bought", "外购电量"}},
      {.name = "the catalogue needs a login", .path = "/api/v1/figure-keys", .status = 401},
  });

  const auto history = api.json(&filler, "GET", ledger + "/history?key=water.fresh&period=2025");
  std::string bill;
  for (const auto& claim : history.at("claims").as_array())
    if (!claim.at("adopted").as_bool()) bill = claim.at("id").as_string();
  const auto adopt = R"({"claim":")" + bill + R"(","version":1})";
  api.run_all({
      {.name = "the office may not adopt",
       .who = &officer,
       .method = "POST",
       .path = ledger + "/adopt",
       .body = adopt,
       .status = 403},
      {.name = "the enterprise adopts the bill",
       .who = &filler,
       .method = "POST",
       .path = ledger + "/adopt",
       .body = adopt,
       .contains = {"\"9.8\"", "\"version\":2"}},
      {.name = "not twice from the same version",
       .who = &filler,
       .method = "POST",
       .path = ledger + "/adopt",
       .body = adopt,
       .status = 412},
  });

  const auto file_on = [&](const char* audit) {
    return World::expect(world.premises.database->write([&](Tx& tx) -> Result<files::FileId> {
             return files::attach(tx, identity::act_of(world.premises, filler),
                                  {.owner = {"audit", audit},
                                   .province = "99",
                                   .kind = "invoice",
                                   .name = std::string("水费单-") + audit + ".pdf",
                                   .blob = {std::string(64, 'a'), 8, "application/pdf"}});
           }))
        .str();
  };
  const auto own = file_on("a1"), foreign = file_on("a2");
  const auto citing = [&](const std::string& file) {
    return cell(R"({"kind":"number","number":"9.8","unit":"m3"})",
                R"("version":2,"evidence":{"file":")" + file + R"(","place":"第3页"},)");
  };
  const std::string history_path = ledger + "/history?key=water.fresh&period=2025";
  api.run_all({
      {.name = "a file of another case is no evidence",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = citing(foreign),
       .status = 422,
       .contains = {"#/cells/0/evidence/file", "figure.evidence", "请先上传"},
       .absent = {"水费单-a2"}},
      {.name = "the office adds none",
       .who = &officer,
       .method = "PATCH",
       .path = ledger,
       .body = citing(own),
       .status = 403,
       .contains = {"forbidden.subject_write"}},
      {.name = "another enterprise learns nothing of it",
       .who = &stranger,
       .method = "PATCH",
       .path = ledger,
       .body = citing(own),
       .status = 404},
      {.name = "nothing was cited by these",
       .who = &filler,
       .path = history_path,
       .contains = {"\"cite\""},
       .absent = {"水费单", "第3页"}},
      {.name = "the enterprise cites its own",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = citing(own),
       .contains = {own, "第3页", "\"billed\"", "\"version\":3"}},
      {.name = "a correction that says nothing of it keeps it",
       .who = &filler,
       .method = "PATCH",
       .path = ledger,
       .body = cell(R"({"kind":"number","number":"9.9","unit":"m3"})", R"("version":3,)"),
       .contains = {own, "第3页", "\"billed\"", "\"version\":4"}},
      {.name = "the office sees it with its name and may not change it",
       .who = &officer,
       .path = history_path,
       .contains = {own, "水费单-a1.pdf", "第3页", "\"withdrawn\":false"},
       .absent = {"\"cite\"", "\"adopt\""}},
      {.name = "evidence is not for others", .who = &stranger, .path = history_path, .status = 404},
  });
  World::expect(world.premises.database->write([&](Tx& tx) {
    return files::withdraw(tx, identity::act_of(world.premises, filler), files::FileId::trusted(own), "传错");
  }));
  api.run({.name = "what was withdrawn is named as such",
           .who = &officer,
           .path = history_path,
           .contains = {"水费单-a1.pdf", "\"withdrawn\":true"}});

  const auto edition = *world.premises.database->write([&](Tx& tx) -> Result<Edition> {
    return freeze_edition(tx, identity::act_of(world.premises, filler), {"audit", "a1"}, "99", "submitted");
  });
  api.run_all({
      {.name = "the edition is listed",
       .who = &officer,
       .path = ledger + "/editions",
       .contains = {edition.root, "submitted"}},
      {.name = "and read",
       .who = &officer,
       .path = "/api/v1/figure-editions/" + edition.id.str(),
       .contains = {"\"9.9\"", own, edition.root}},
      {.name = "but not by others",
       .who = &stranger,
       .path = "/api/v1/figure-editions/" + edition.id.str(),
       .status = 404},
      {.name = "an edition that is none", .who = &officer, .path = "/api/v1/figure-editions/x", .status = 404},
      {.name = "the first has nothing to be compared with",
       .who = &officer,
       .path = "/api/v1/figure-editions/" + edition.id.str() + "/changes",
       .status = 409,
       .contains = {"edition.first"}},
  });
  api.run({.name = "the filler corrects it",
           .who = &filler,
           .method = "PATCH",
           .path = ledger,
           .body = cell(R"({"kind":"number","number":"12.4","unit":"m3"})", R"("version":4,)")});
  const auto later = *world.premises.database->write([&](Tx& tx) -> Result<Edition> {
    return freeze_edition(tx, identity::act_of(world.premises, filler), {"audit", "a1"}, "99", "submitted");
  });
  const auto changes = "/api/v1/figure-editions/" + later.id.str() + "/changes";
  api.run_all({
      {.name = "what changed since the edition before",
       .who = &officer,
       .path = changes,
       .contains = {"\"9.9\"", "\"12.4\"", "\"difference\":\"2.5\"", "\"total\":1"}},
      {.name = "or since one that is named",
       .who = &officer,
       .path = changes + "?since=" + edition.id.str(),
       .contains = {"\"total\":1", edition.root, later.root}},
      {.name = "not since a later one",
       .who = &officer,
       .path = "/api/v1/figure-editions/" + edition.id.str() + "/changes?since=" + later.id.str(),
       .status = 404},
      {.name = "changes are not for others", .who = &stranger, .path = changes, .status = 404, .absent = {"12.4"}},
  });
}

}  // namespace
}  // namespace qy::figures
