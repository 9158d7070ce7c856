#include "main/demo.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "main/demo_world.h"
#include "regime/audits/audits.h"
#include "regime/results/results.h"
#include "units/codes.h"

namespace qy {
namespace {

namespace fs = std::filesystem;

struct Directory {
  Directory() {
    path = fs::temp_directory_path() / ("qingyuan-demo-" + crypto::random_token(crypto::system_random(), 6));
  }
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

TEST(Demonstration, CodesHoldBothCheckCharacters) {
  for (std::uint64_t number = 1; number < 400; ++number) {
    const auto code = CreditCode::parse(demo::credit_code("990101", number * 37));
    ASSERT_TRUE(code) << number;
    EXPECT_TRUE(code->organisation_check_holds());
    EXPECT_EQ(code->registration_division(), "990101");
  }
}

TEST(Demonstration, RefusesAnyOtherDatabase) {
  Directory directory;
  HouseSettings settings{
      .data = directory.path.string(), .database = "sqlite:/nowhere/at.all", .packs = QY_SOURCE_DIR "/packs"};
  EXPECT_EQ(open_demonstration(settings).error().code, "demo.own_database");
  fs::create_directories(directory.path);
  std::ofstream(directory.path / "qingyuan.sqlite") << "somebody's";
  settings.database.clear();
  EXPECT_EQ(open_demonstration(settings).error().code, "demo.other_data");
}

TEST(Demonstration, LoadsOnceWithEveryStateAndTotalsThatOpenToTheirCases) {
  Directory directory;
  const HouseSettings settings{
      .data = directory.path.string(), .packs = QY_SOURCE_DIR "/packs", .public_address = "http://localhost:1"};
  const auto accounts = open_demonstration(settings);
  ASSERT_TRUE(accounts) << accounts.error().code;
  for (const auto& account : *accounts) EXPECT_FALSE(account.name.empty() || account.office.empty()) << account.login;
  struct stat about {};
  ASSERT_EQ(::stat((directory.path / "accounts.json").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  const auto again = open_demonstration(settings);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->size(), accounts->size());
  EXPECT_EQ(again->front().password, accounts->front().password);

  const auto premises = open_premises(settings);
  ASSERT_TRUE(premises);
  const auto read = (*premises)->database->read([&](Tx& tx) -> Result<void> {
    std::set<std::string> states;
    for (const auto& [state] : tx.rows<std::string>("SELECT DISTINCT state FROM audit")) states.insert(state);
    for (const auto& state : (*premises)->rules->find_procedure("audit-national")->states)
      EXPECT_TRUE(states.contains(state.id)) << state.id;
    EXPECT_GT(results::contributions(tx, "water", "99", std::nullopt, {.page = 1, .size = 20, .sort = "value"}).sum, 0);
    EXPECT_GT(*tx.value<std::int64_t>("SELECT COUNT(*) FROM audit"), 300);
    EXPECT_EQ(*tx.value<std::int64_t>("SELECT COUNT(*) FROM list_correction"), 1);
    EXPECT_EQ(*tx.value<std::int64_t>("SELECT COUNT(*) FROM option_evidence"), 2);
    EXPECT_GE(*tx.value<std::int64_t>("SELECT COUNT(*) FROM figure_claim WHERE evidence_file <> ''"), 4);
    for (const auto& [id] : tx.rows<files::FileId>("SELECT evidence_file FROM figure_claim WHERE evidence_file <> '' "
                                                   "UNION SELECT file_id FROM option_evidence"))
      EXPECT_TRUE(files::read_blob(**premises, files::find_file(tx, id)->blob.hash)) << id.str();
    std::size_t lapsed = 0, held = 0;
    for (const auto& one : registry::enterprises_in(tx, *(*premises)->rules, "990000")) {
      const auto facts = registry::find_enterprise(tx, one.id)->facts;
      for (const auto& permit : facts.permits) (permit.expired((*premises)->today()) ? lapsed : held) += 1;
    }
    EXPECT_GT(lapsed, 0u);
    EXPECT_GT(held, 10 * lapsed) << "most are renewed";
    return {};
  });
  EXPECT_TRUE(read);
  EXPECT_TRUE(examine(**premises).broken.empty());
}

}  // namespace
}  // namespace qy
