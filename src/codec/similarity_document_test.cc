// The document of `compute similarity`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "codec/testing.h"

namespace qy::codec {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kForm =
    "根据国家有关清洁生产审核的规定，企业应当如实填写本表，并对所提供材料的真实性、完整性和准确性负责，不得隐瞒或者虚报"
    "。";
const std::string kOption =
    "锅炉烟气余热未回收，排烟温度达180℃。拟在尾部烟道增设省煤器，用烟气余热预热锅炉给水，预计排烟温度降至120℃，年节约标"
    "准煤320吨，"
    "减少二氧化碳排放约830吨，总投资45万元，年节约费用38万元，静态投资偿还期1.2年，技术成熟、可靠，不影响正常生产。";

json::Object report(const std::string& id, const std::string& enterprise, const std::string& text) {
  return {{"id", id}, {"enterprise", enterprise}, {"text", text}};
}

TEST(Similarity, NamesTheCopiedPassageInBothReports) {
  const std::string a =
      "甲公司主要生产水泥熟料，现有两条生产线，员工三百人。" + kForm + "方案一：" + kOption + "甲公司的方案到此为止。";
  const std::string b =
      kForm + "乙公司从事印染加工，位于示范工业园区，年加工布匹两千万米。" + kOption + "以上为乙公司方案。";
  const std::string c = "丙公司制造蓄电池，铅膏回收率已达行业先进水平。" + kForm;
  const json::Object input{{"reports", json::Array{report("a", "1", a), report("b", "2", b), report("c", "3", c)}},
                           {"boilerplate", json::Array{kForm}}};
  const auto answer = answer_of("similarity", read(json::dump(input)));
  const auto& pairs = answer.at("pairs").as_array();
  ASSERT_THAT(pairs, SizeIs(1));
  EXPECT_EQ(pairs[0].at("a"), "a");
  EXPECT_EQ(pairs[0].at("b"), "b");
  const auto& passages = pairs[0].at("passages").as_array();
  ASSERT_THAT(passages, SizeIs(1));
  EXPECT_EQ(text_of(passages[0].at("a").at("text")), kOption);
  EXPECT_EQ(text_of(passages[0].at("b").at("text")), kOption);
  EXPECT_EQ(prefix_of(a, static_cast<std::size_t>(number_of(passages[0].at("a").at("start")))) + kOption,
            a.substr(0, a.find(kOption) + kOption.size()));
  EXPECT_EQ(number_of(passages[0].at("identical")), 1);
  EXPECT_EQ(pairs[0].at("finding").at("code"), "similarity.shared");

  // A report of last year is the enterprise's own.
  auto same = input;
  same["reports"].as_array()[1].as_object()["enterprise"] = "1";
  EXPECT_THAT(answer_of("similarity", same).at("pairs").as_array(), IsEmpty());
  same["within_enterprise"] = true;
  EXPECT_THAT(answer_of("similarity", same).at("pairs").as_array(), SizeIs(1));

  auto of = input;
  of["of"] = json::Array{"c"};
  EXPECT_THAT(answer_of("similarity", of).at("pairs").as_array(), IsEmpty());
}

TEST(Similarity, WhatManyReportsHaveIsCommonText) {
  json::Array reports;
  for (int i = 0; i < 6; ++i)
    reports.push_back(
        report("r" + std::to_string(i), std::to_string(i), std::string(3, static_cast<char>('a' + i)) + kOption));
  const auto answer = answer_of("similarity", json::Object{{"reports", reports}, {"common_in", 4}});
  EXPECT_THAT(answer.at("pairs").as_array(), IsEmpty());
  EXPECT_THAT(answer.at("common").as_array(), SizeIs(6));
}

/// Words that no other seed gives.
std::string filler(std::uint32_t seed, int characters) {
  std::string text;
  for (int i = 0; i < characters; ++i) {
    seed = seed * 1664525 + 1013904223;
    const auto letter = 0x4e00 + (seed >> 16) % 0x5000;
    text += static_cast<char>(0xe0 | letter >> 12);
    text += static_cast<char>(0x80 | (letter >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (letter & 0x3f));
  }
  return text;
}

TEST(Similarity, AFewReportsHideNoShortPassage) {
  const auto passage = filler(99, 60);
  json::Array reports;
  for (std::uint32_t i = 0; i < 6; ++i)
    reports.push_back(report("r" + std::to_string(i), "e" + std::to_string(i),
                             filler(i, 700) + (i % 3 == 1 ? passage : "") + filler(50 + i, 800)));
  const auto answer = answer_of("similarity", json::Object{{"reports", reports}});
  const auto& pairs = answer.at("pairs").as_array();
  ASSERT_THAT(pairs, SizeIs(1));
  EXPECT_EQ(pairs[0].at("a"), "r1");
  EXPECT_EQ(pairs[0].at("b"), "r4");
  EXPECT_EQ(text_of(pairs[0].at("passages").at(0).at("a").at("text")), passage);
}

TEST(Similarity, EveryMistakeIsNamedAtItsPlace) {
  EXPECT_THAT(
      complaints("similarity",
                 R"({"reports": [{"id": "a", "text": "x"}, {"id": "a"}, {"id": "b", "text": 3}, 7], "of": ["z", 1],
                                           "boilerplate": "x", "common_in": 1, "minimum_passage": 5, "y": 1})"),
      ElementsAre("#/reports/3 field.type", "#/reports/1/text field.required", "#/reports/1/id similarity.duplicate_id",
                  "#/reports/2/text field.type", "#/of/1 field.type", "#/of/0 similarity.unknown_report",
                  "#/boilerplate field.type", "#/common_in field.range", "#/minimum_passage field.range",
                  "#/y field.unknown"));
  EXPECT_THAT(complaints("similarity", "{}"), ElementsAre("#/reports field.required"));
}

}  // namespace
}  // namespace qy::codec
