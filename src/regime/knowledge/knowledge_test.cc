#include "regime/knowledge/knowledge.h"

#include <set>

#include "regime/identity/testing.h"

namespace qy::knowledge {
namespace {

using identity::Line;
using identity::Party;
using identity::Role;
using identity::testing::Api;
using identity::testing::World;

const std::set<std::string> kMarks{"verified", "secondary", "memory", "hint"};

std::string text(const json::Object& object, const char* key) { return std::string(object.at(key).as_string()); }

/// Every {"zh", "en"} below a value is filled in both languages or in neither; every "mark" is one of the four.
void expect_both_languages_and_marks(const json::Value& value, const std::string& at) {
  if (value.is_array()) {
    std::size_t i = 0;
    for (const auto& one : value.as_array()) expect_both_languages_and_marks(one, at + "/" + std::to_string(i++));
  } else if (value.is_object()) {
    const auto& object = value.as_object();
    if (object.size() == 2 && object.contains("zh") && object.contains("en"))
      EXPECT_EQ(object.at("zh").as_string().empty(), object.at("en").as_string().empty()) << at;
    if (const auto* mark = object.if_contains("mark"))
      EXPECT_TRUE(kMarks.contains(std::string(mark->as_string()))) << at << " " << *mark;
    for (const auto& [key, member] : object) expect_both_languages_and_marks(member, at + "/" + std::string(key));
  }
}

class Knowledge : public ::testing::TestWithParam<std::string> {
 protected:
  Knowledge() { Catalogue::global().add(knowledge_messages()); }
  json::Object get(const std::string& path) { return api.json(&reader, "GET", "/api/v1/rules/" + path).as_object(); }
  World world{GetParam()};
  Api api{world, {add_routes}};
  const identity::Caller& reader = world.member(Party::enterprise, "e1", "云溪明洁电镀有限公司", Role::filler);
  const rules::Library& rules = *world.premises.rules;
};
INSTANTIATE_TEST_SUITE_P(Engines, Knowledge, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(Knowledge, WhoIsLoggedInReadsAndNobodyElse) {
  const auto& consultant = world.member(Party::consultancy, "c1", "清泉咨询有限公司", Role::consultant);
  const auto& auditor = world.officer("990100", Line::ecology, Role::security_auditor);
  for (const std::string path : {"codes", "systems", "systems/electroplating-2015", "documents", "packs"}) {
    SCOPED_TRACE(path);
    api.run_all({
        {.name = "nobody", .path = "/api/v1/rules/" + path, .status = 401},
        {.name = "an enterprise", .who = &reader, .path = "/api/v1/rules/" + path},
        {.name = "a consultancy", .who = &consultant, .path = "/api/v1/rules/" + path},
        {.name = "whoever reads the logs", .who = &auditor, .path = "/api/v1/rules/" + path},
        {.name = "nobody writes", .who = &reader, .method = "POST", .path = "/api/v1/rules/" + path, .status = 405},
    });
    expect_both_languages_and_marks(api.json(&reader, "GET", "/api/v1/rules/" + path), path);
  }
  api.run_all({
      {.name = "an unknown system",
       .who = &reader,
       .path = "/api/v1/rules/systems/no-such-system",
       .status = 404,
       .contains = {"knowledge.not_found", "知识库中没有这一条"}},
      {.name = "a path is no name", .who = &reader, .path = "/api/v1/rules/systems/..%2f..", .status = 400},
  });
}

TEST_P(Knowledge, CodeListsAreComplete) {
  const auto codes = get("codes");
  EXPECT_EQ(text(codes, "hash"), rules.hash());
  const std::pair<const char*, std::size_t> lists[] = {{"categories", rules.categories().size()},
                                                       {"modes", rules.modes().size()},
                                                       {"steps", rules.steps().size()},
                                                       {"industries", rules.industries().size()},
                                                       {"priority_industries", rules.priority_industries().size()},
                                                       {"keys", rules.keys().size()},
                                                       {"performance_columns", rules.performance_columns().size()},
                                                       {"procedures", rules.procedures().size()}};
  for (const auto& [name, size] : lists) {
    EXPECT_EQ(codes.at(name).as_array().size(), size) << name;
    EXPECT_GT(size, 0u) << name;
  }
  std::set<std::string> regions;
  for (const auto& region : codes.at("regions").as_array()) regions.insert(text(region.as_object(), "code"));
  EXPECT_TRUE(regions.contains("990101"));
  for (const auto& region : codes.at("regions").as_array()) {
    const auto parent = text(region.as_object(), "parent");
    EXPECT_TRUE(parent.empty() || regions.contains(parent)) << text(region.as_object(), "code") << " in " << parent;
  }
  for (const auto& procedure : codes.at("procedures").as_array())
    for (const auto& action : procedure.as_object().at("actions").as_array())
      EXPECT_FALSE(text(action.as_object(), "mark").empty());
}

TEST_P(Knowledge, TheBrowserKeepsTheCodesForTheirPacksAndTheirDay) {
  const std::string path = "/api/v1/rules/codes";
  const auto first = api.call(&reader, "GET", path);
  ASSERT_EQ(first.status, 200);
  const auto tag = first.headers.at("ETag");
  const auto again = api.call(&reader, "GET", path, "", {{"if-none-match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(again.headers.at("ETag"), tag);
  EXPECT_EQ(api.call(&reader, "GET", path, "", {{"if-none-match", "\"other\""}}).status, 200);
  world.fixture.set_today(Date(2026, 6, 2));
  world.renew_sessions();
  EXPECT_EQ(api.call(&reader, "GET", path, "", {{"if-none-match", tag}}).status, 200) << "regions are those of the day";
}

TEST_P(Knowledge, EverySystemOpensAndCountsItsRows) {
  const auto list = get("systems");
  EXPECT_EQ(list.at("total").as_int64(), static_cast<std::int64_t>(rules.systems().size()));
  EXPECT_EQ(list.at("items").as_array().size(), rules.systems().size());
  for (const auto& item : list.at("items").as_array()) {
    const auto& head = item.as_object();
    SCOPED_TRACE(text(head, "id"));
    const auto page = get("systems/" + text(head, "id"));
    EXPECT_FALSE(text(head, "verification").empty()) << "how far it was checked stands beside it";
    EXPECT_NE(rules.find_document(text(head, "document")), nullptr);
    std::int64_t rows = 0;
    bool weighed = true;
    for (const auto& group : page.at("groups").as_array()) {
      weighed = weighed && group.as_object().at("complete").as_bool();
      for (const auto& row : group.as_object().at("rows").as_array()) {
        ++rows;
        EXPECT_TRUE(kMarks.contains(text(row.as_object().at("source").as_object(), "mark")));
        for (const char* level : {"I", "II", "III"}) {
          const auto& words = row.as_object().at("levels").as_object().at(level).as_object();
          EXPECT_EQ(words.at("zh").as_string().empty(), words.at("en").as_string().empty());
        }
      }
    }
    EXPECT_EQ(rows, head.at("rows").as_int64());
    EXPECT_TRUE(weighed || !head.at("has_index").as_bool()) << "an index over rows that are not held";
  }
}

TEST_P(Knowledge, BenchmarksReadAsTheyAreIssued) {
  struct Row {
    const char *system, *row, *level, *zh, *en;
  };
  const Row rows[] = {
      {"electroplating-2015", "5", "I", "≤8", "≤8"},
      {"electroplating-2015", "5", "III", "≤40", "≤40"},
      {"electroplating-2015", "6", "I", "≥82", "≥82"},
      {"electroplating-2015", "1", "III", "同II级", "as II"},
      {"electroplating-2015", "3", "III", "采用节能措施", "Energy saving measures"},
  };
  const auto row_of = [&](const std::string& system, const std::string& id) {
    const auto page = get("systems/" + system);
    for (const auto& group : page.at("groups").as_array())
      for (const auto& row : group.as_object().at("rows").as_array())
        if (text(row.as_object(), "id") == id) return row.as_object();
    return json::Object{};
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.system) + " " + row.row + " " + row.level);
    const auto words = row_of(row.system, row.row).at("levels").as_object().at(row.level).as_object();
    EXPECT_EQ(text(words, "zh"), row.zh);
    EXPECT_EQ(text(words, "en"), row.en);
  }
  EXPECT_EQ(text(row_of("electroplating-2015", "5"), "weight"), "1");
  EXPECT_EQ(text(row_of("electroplating-2015", "6"), "weight"), "0.8/n") << "an expression stays one";
  EXPECT_TRUE(row_of("electroplating-2015", "5").at("limiting").as_bool());
  EXPECT_NE(text(row_of("electroplating-2015", "1").at("note").as_object(), "zh"), "");

  // What nobody has read is not called "no requirement".
  int unread = 0;
  for (const auto& system : rules.systems())
    for (const auto& group : system.groups)
      for (const auto& row : group.rows)
        for (const auto& [level, benchmark] : row.benchmarks)
          if (benchmark.kind == rules::Benchmark::Kind::unread && unread++ < 5)
            EXPECT_EQ(text(row_of(system.id, row.id).at("levels").as_object().at(level).as_object(), "zh"),
                      "未读到原文");
  EXPECT_GT(unread, 0);
}

TEST_P(Knowledge, AGroupSaysWhatIsMissingFromIt) {
  bool incomplete = false;
  for (const auto& system : rules.systems()) {
    const auto page = get("systems/" + system.id);
    for (std::size_t i = 0; i < system.groups.size(); ++i) {
      const auto& shown = page.at("groups").as_array().at(i).as_object();
      EXPECT_EQ(shown.at("complete").as_bool(), system.groups[i].complete);
      EXPECT_EQ(shown.at("bonus").as_bool(), system.groups[i].bonus);
      EXPECT_EQ(text(shown.at("note").as_object(), "zh"), system.groups[i].note.zh);
      incomplete = incomplete || !system.groups[i].complete;
    }
  }
  EXPECT_TRUE(incomplete) << "the shipped packs hold at least one group that is not whole";
}

TEST_P(Knowledge, DocumentsSayFromWhenToWhenAndWhatReplacedThem) {
  const auto list = get("documents");
  EXPECT_EQ(list.at("total").as_int64(), static_cast<std::int64_t>(rules.documents().size()));
  for (const auto& item : list.at("items").as_array()) {
    const auto& document = item.as_object();
    SCOPED_TRACE(text(document, "id"));
    EXPECT_FALSE(text(document.at("title").as_object(), "zh").empty());
    if (document.at("from").is_string() && document.at("to").is_string())
      EXPECT_LE(text(document, "from"), text(document, "to"));
    if (const auto next = text(document, "replaced_by"); !next.empty()) EXPECT_NE(rules.find_document(next), nullptr);
  }
}

TEST_P(Knowledge, PacksAreNamedByTheHashOfTheirBytes) {
  const auto list = get("packs");
  EXPECT_EQ(text(list, "hash"), rules.hash());
  ASSERT_EQ(list.at("items").as_array().size(), rules.files().size());
  for (const auto& item : list.at("items").as_array()) {
    const auto& file = item.as_object();
    EXPECT_EQ(text(file, "hash"), crypto::sha256_hex(rules.bytes_of(text(file, "path")))) << text(file, "path");
    EXPECT_EQ(text(file, "path").find(".."), std::string::npos);
  }
}

}  // namespace
}  // namespace qy::knowledge
