#include "regime/identity/testing.h"
#include "regime/search/search.h"

namespace qy::search {
namespace {

TEST(SearchApi, EachFindsWhatIsHis) {
  identity::testing::World world("sqlite", false);
  identity::testing::Api api(world, {add_routes});
  const auto& filler = world.member(identity::Party::enterprise, "e2", "另一企业", identity::Role::filler);
  const auto& officer = world.officer("990101");
  const auto& neighbour = world.officer("990102");
  ASSERT_TRUE(world.premises.database->write([](Tx& tx) -> Result<void> {
    index(tx, {"enterprise", "e1", "99", "990101", "e1", {"云溪明洁电镀有限公司", "Mingjie"}, "", "/enterprises/e1"});
    return {};
  }));
  api.run_all({
      {.name = "nobody", .path = "/api/v1/search?q=mingjie", .status = 401},
      {.name = "the county", .who = &officer, .path = "/api/v1/search?q=mingjie", .contains = {"/enterprises/e1"}},
      {.name = "another county", .who = &neighbour, .path = "/api/v1/search?q=mingjie", .contains = {"\"total\":0"}},
      {.name = "another enterprise", .who = &filler, .path = "/api/v1/search?q=mingjie", .contains = {"\"total\":0"}},
      {.name = "no words find nothing", .who = &officer, .path = "/api/v1/search", .contains = {"\"total\":0"}},
      {.name = "too many characters",
       .who = &officer,
       .path = "/api/v1/search?q=" + std::string(101, 'x'),
       .status = 422},
      {.name = "too many hits", .who = &officer, .path = "/api/v1/search?q=x&limit=51", .status = 422},
  });
}

}  // namespace
}  // namespace qy::search
