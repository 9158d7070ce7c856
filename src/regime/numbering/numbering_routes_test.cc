#include "regime/identity/testing.h"
#include "regime/numbering/numbering.h"

namespace qy::numbering {
namespace {

TEST(NumberingApi, OfficesLookANumberUp) {
  identity::testing::World world("sqlite", false);
  identity::testing::Api api(world, {add_routes});
  const auto& officer = world.officer("990101");
  const auto& filler = world.member(identity::Party::enterprise, "e1", "云溪明洁电镀有限公司", identity::Role::filler);
  ASSERT_TRUE(world.premises.database->write([&](Tx& tx) {
    return register_document_number(tx, identity::act_of(world.premises, officer),
                                    {"云环〔2026〕12号", {"list", "l1"}, "云溪市生态环境局", Date(2026, 3, 2)});
  }));
  const std::string path = "/api/v1/document-numbers?number=";
  api.run_all({
      {.name = "nobody", .path = path + "1", .status = 401},
      {.name = "an enterprise", .who = &filler, .path = path + "1", .status = 403},
      {.name = "free", .who = &officer, .path = path + "13", .contains = {"\"taken\":false"}},
      {.name = "taken, with other brackets",
       .who = &officer,
       .path = path + "%E4%BA%91%E7%8E%AF%5B2026%5D12%E5%8F%B7",
       .contains = {"\"taken\":true", "云溪市生态环境局", "2026-03-02"}},
      {.name = "no number", .who = &officer, .path = path, .status = 422},
  });
}

}  // namespace
}  // namespace qy::numbering
