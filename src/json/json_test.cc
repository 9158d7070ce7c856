#include "json/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qy::json {
namespace {

using testing::ElementsAre;

Value read(std::string_view text) {
  auto value = parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().code);
  return value ? *value : Value();
}

std::vector<std::string> complaints(const Result<void>& done) {
  std::vector<std::string> out;
  if (!done)
    for (const auto& field : done.error().fields) out.push_back(field.pointer + " " + field.code);
  return out;
}

TEST(Parse, RefusesWhatIsNotOneStrictDocument) {
  struct Row {
    const char* name;
    std::string text;
    const char* code;
  };
  const Row rows[] = {
      {"an object", R"({"a": [1, "zwei", null, true, 0.10]})", ""},
      {"a byte order mark before it", "\xEF\xBB\xBF{}", ""},
      {"blanks behind it", "{} \n", ""},
      {"nothing", "", "json.syntax"},
      {"something behind it", "{} {}", "json.syntax"},
      {"a trailing comma", "[1,]", "json.syntax"},
      {"a comment", "[1] // one", "json.syntax"},
      {"not a number", "[NaN]", "json.syntax"},
      {"a leading zero", "[01]", "json.syntax"},
      {"an unfinished text", "[\"a", "json.syntax"},
      {"bytes that are not UTF-8", "[\"\xC0\xAF\"]", "json.syntax"},
      {"half a surrogate", R"(["\ud800"])", "json.syntax"},
      {"the same key twice", R"({"a": {"b": 1, "b": 2}})", "json.duplicate_key"},
      {"the same key twice, once escaped", R"({"a": 1, "\u0061": 2})", "json.duplicate_key"},
      {"a NUL in a text", R"({"a": "x\u0000"})", "json.nul"},
      {"sixty-four levels", std::string(64, '[') + std::string(64, ']'), ""},
      {"sixty-five levels", std::string(65, '[') + std::string(65, ']'), "json.depth"},
      {"a hundred thousand levels", std::string(100'000, '['), "json.depth"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto value = parse(row.text);
    EXPECT_EQ(value ? "" : value.error().code, row.code);
    if (!value) {
      EXPECT_EQ(value.error().kind, ErrorKind::malformed);
    }
  }
}

TEST(Parse, SaysWhereItIsWrong) {
  struct Row {
    const char* text;
    const char* line;
    const char* column;
    const char* near;
  };
  for (const auto& row :
       {Row{"{\n  \"a\": 1,\n  \"乙\": x\n}", "3", "8", "there stands “x”"},
        Row{"{\"sd\": NaN, \"id\": 1}", "1", "8", "there stands “NaN, \"id\": 1}”"},
        Row{"", "1", "1", "the document ends there"}, Row{"{\"a\": [1,\n", "2", "1", "the document ends there"},
        Row{"[1, \xC0\xAF]", "1", "5", "the bytes there are not UTF-8"}}) {
    const auto params = parse(row.text).error().params;
    EXPECT_EQ(params[0].second, row.line) << row.text;
    EXPECT_EQ(params[1].second, row.column) << row.text;
    EXPECT_EQ(params[3].second, row.near) << row.text;
  }
  const auto twice = parse(R"({"rows": [{}, {"a/b": 1, "a/b": 2}]})").error();
  EXPECT_EQ(twice.params, (Params{{"pointer", "#/rows/1/a~1b"}}));
  ASSERT_EQ(twice.fields.size(), 1u);
  EXPECT_EQ(twice.fields[0].pointer + " " + twice.fields[0].code, "#/rows/1/a~1b json.duplicate_key");
  EXPECT_EQ(parse("[1,").error().fields.at(0).pointer, "#");
}

TEST(Numbers, KeepTheDigitsTheyWereWrittenWith) {
  struct Row {
    const char* name;
    const char* text;
    const char* decimal;
    const char* canonical;
  };
  const Row rows[] = {
      {"a fraction keeps its zeros", "0.10", "0.10", "0.1"},
      {"more digits than a double has", "12345678901234567.123456789", "12345678901234567.123456789",
       "12345678901234567.123456789"},
      {"more digits than an int64 has", "123456789012345678901234567890", "123456789012345678901234567890",
       "123456789012345678901234567890"},
      {"an exponent", "1.5e2", "150", "150"},
      {"a whole number", "42", "42", "42"},
      {"minus zero", "-0", "0", "0"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto value = read(row.text);
    EXPECT_TRUE(is_number(value));
    EXPECT_FALSE(is_text(value));
    EXPECT_EQ(decimal_of(value)->str(), row.decimal);
    EXPECT_EQ(canonical(value), row.canonical);
  }
  EXPECT_EQ(dump(read("[0.10, 1.5e2]")), "[0.10,1.5e2]");
  EXPECT_EQ(dump(number(Decimal::of("-1.60"))), "-1.60");
  EXPECT_EQ(dump(Value(0.1)), "0.1");
}

TEST(Numbers, MoreThanEighteenDecimalsAreRounded) {
  struct Row {
    const char* name;
    const char* text;
    const char* decimal;
  };
  const Row rows[] = {
      {"a binary float below a hundredth", "0.0012345678901234567", "0.001234567890123457"},
      {"with an exponent", "1.2345678901234567E-05", "0.000012345678901235"},
      {"half goes to the even neighbour below", "-0.1234567890123456785", "-0.123456789012345678"},
      {"and to the one above", "0.1234567890123456775", "0.123456789012345678"},
      {"just above half", "0.12345678901234567850000000000000000001", "0.123456789012345679"},
      {"all nines carry over", "0.9999999999999999999", "1.000000000000000000"},
      {"a text as it is pasted", "\"１,234.0000000000000000004\"", "1234.000000000000000000"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(decimal_of(read(row.text))->str(), row.decimal);
  }
  for (const auto* text :
       {"1e400", "1234567890123456789012345678901234567", "12345678901234567890.12345678901234567890", "1e-400",
        "0.00000000000000000012345678901234567", "\"0.0000000000000000001\""})
    EXPECT_EQ(decimal_of(read(text)).error().code, "decimal.overflow") << text;
  EXPECT_EQ(decimal_of(read("\"0.00000000000000000001 kg\"")).error().code, "decimal.format");
}

TEST(Canonical, SortsKeysAndEscapesOnlyWhatItMust) {
  EXPECT_EQ(canonical(read(R"({"b": "\u6e05/\"\u0001\n", "a": [true, null], "B": {}})")),
            "{\"B\":{},\"a\":[true,null],\"b\":\"清/\\\"\\u0001\\n\"}");
  EXPECT_EQ(pretty(read(R"({"a":[1,{}],"b":[]})")), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

TEST(ObjectReader, ReadsEveryKindOfField) {
  const auto body = read(
      R"({"title": "　节水改造 ", "note": "", "n": 3, "whole": 3.0, "flag": true, "rate": 0.10, "pasted": "1,234.5",
    "cost": "12.5", "on": "2026-11-23", "kind": "b", "rows": [{"x": 1}, {"x": 2}], "tags": ["u", "v"], "map": {"k": {"x": 5}}})");
  ObjectReader in(body);
  EXPECT_EQ(in.text("title"), "节水改造");
  EXPECT_EQ(in.optional_text("note"), std::nullopt);
  EXPECT_EQ(in.integer("n", 0, 9), 3);
  EXPECT_EQ(in.integer("whole", 0, 9), 3);
  EXPECT_TRUE(in.flag("flag"));
  EXPECT_EQ(in.decimal("rate").str(), "0.10");
  EXPECT_EQ(in.decimal("pasted").str(), "1234.5");
  EXPECT_EQ(in.money("cost").fen(), 1250);
  EXPECT_EQ(in.date("on"), Date(2026, 11, 23));
  EXPECT_EQ(in.choice("kind", {"a", "b"}), "b");
  auto rows = in.objects("rows");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].integer("x", 0, 9) + rows[0].integer("x", 0, 9), 3);
  EXPECT_EQ(in.texts("tags"), (std::vector<std::string>{"u", "v"}));
  auto map = in.members("map");
  ASSERT_EQ(map.size(), 1u);
  EXPECT_EQ(map[0].first, "k");
  EXPECT_EQ(map[0].second.integer("x", 0, 9), 5);
  EXPECT_FALSE(in.object("absent", false).has("x"));
  EXPECT_TRUE(in.done());
}

TEST(ObjectReader, CollectsEveryComplaintAtItsPointer) {
  const auto body =
      read(R"({"titel": "x", "n": 12, "half": 1.5, "flag": "yes", "rate": "abc", "cost": 1.234, "on": "2026-02-30",
    "kind": "c", "rows": [{"x": "1"}, 7], "tags": ["", 1], "text": 1.5, "long": "清洁生产"})");
  ObjectReader in(body);
  in.text("title");
  in.integer("n", 0, 9);
  in.integer("half", 0, 9);
  in.flag("flag");
  in.decimal("rate");
  in.money("cost");
  in.date("on");
  in.choice("kind", {"a", "b"});
  for (auto& row : in.objects("rows")) row.integer("x", 0, 9);
  in.texts("tags");
  in.text("text");
  in.text("long", 3);
  const auto done = in.done();
  EXPECT_THAT(complaints(done), ElementsAre("#/title field.required", "#/n field.range", "#/half field.type",
                                            "#/flag field.type", "#/rate decimal.format", "#/cost money.decimals",
                                            "#/on date.nonexistent", "#/kind field.choice", "#/rows/1 field.type",
                                            "#/rows/0/x field.type", "#/tags/0 field.required", "#/tags/1 field.type",
                                            "#/text field.type", "#/long field.too_long", "#/titel field.unknown"));
  EXPECT_EQ(done.error().kind, ErrorKind::invalid);
  EXPECT_EQ(done.error().fields.back().params[1].second, "是否应为“title”？");
}

TEST(ObjectReader, AnEmptyListThatIsRequiredIsNotAMissingOne) {
  const auto body = read(R"({"empty": [], "free": []})");
  ObjectReader in(body);
  in.objects("empty", 10, true);
  in.objects("free", 10);
  in.objects("absent", 10, true);
  EXPECT_THAT(complaints(in.done()), ElementsAre("#/empty field.empty", "#/absent field.required"));
}

TEST(ObjectReader, TextsKeepTheirPlacesBesideWhatIsNone) {
  const auto body = read(R"({"tags": [1, "a", "", "bcd"]})");
  ObjectReader in(body);
  EXPECT_EQ(in.texts("tags", 10, 2), (std::vector<std::string>{"", "a", "", "bc"}));
  const auto done = in.done();
  std::vector<std::string> places;
  for (const auto& field : done.error().fields) places.push_back(field.pointer + " " + field.code);
  EXPECT_EQ(places,
            (std::vector<std::string>{"#/tags/0 field.type", "#/tags/2 field.required", "#/tags/3 field.too_long"}));
}

TEST(ObjectReader, HugeKeysAndTextsStayOutOfTheComplaints) {
  Object huge;
  for (int i = 0; i < 100; ++i) huge[std::string(100'000, 'k') + std::to_string(i)] = 1;
  const Value body = Object{{"map", huge}, {"kind", std::string(100'000, 'v')}};
  ObjectReader in(body);
  in.object("map");
  in.complain("kind", "field.choice", {{"choices", std::string(100'000, 'c')}});
  const auto done = in.done();
  EXPECT_LT(done.error().fields.size(), 20u);
  EXPECT_LT(done.error().fields[0].params[0].second.size(), 200u);
}

TEST(ObjectReader, RefusesWhatIsNoObject) {
  const auto body = read("[1]");
  ObjectReader in(body);
  in.text("title");
  EXPECT_THAT(complaints(in.done()), ElementsAre("# field.type"));
}

TEST(ObjectReader, KeepsAtMostAThousandComplaints) {
  Array rows(5000, Value(1));
  const Value body = Object{{"rows", rows}};
  ObjectReader in(body);
  in.objects("rows", 10'000);
  EXPECT_EQ(complaints(in.done()).size(), 1000u);
}

}  // namespace
}  // namespace qy::json
