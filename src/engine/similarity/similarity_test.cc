#include "engine/similarity/similarity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "base/text.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::similarity {
namespace {

using statistics::Random;
using testing::IsEmpty;
using testing::SizeIs;

std::string utf8(const std::vector<char32_t>& letters) {
  std::string out;
  for (const auto c : letters) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      out += static_cast<char>(0xe0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return out;
}

/// Chinese characters at random: text that shares nothing with any other.
std::vector<char32_t> letters_of(Random& random, std::size_t count) {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(0x4e00 + static_cast<char32_t>(random.below(3000)));
  return out;
}

/// `text` with one letter in `every` changed, left out or doubled.
std::vector<char32_t> edited(Random& random, const std::vector<char32_t>& text, std::uint64_t every) {
  std::vector<char32_t> out;
  for (const auto letter : text) {
    const auto kind = random.below(every) ? 3 : random.below(3);
    if (kind == 0) continue;
    out.push_back(kind == 1 ? 0x4e00 + static_cast<char32_t>(random.below(3000)) : letter);
    if (kind == 2) out.push_back(letter);
  }
  return out;
}

std::vector<char32_t> joined(std::initializer_list<std::vector<char32_t>> parts) {
  std::vector<char32_t> out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

TEST(Normalised, KeepsDigitsAndForgetsWidthBlanksAndCase) {
  EXPECT_EQ(utf8(normalised("　用水 １２３．４５ Ｍ３／t，合格。\n").letters),
            utf8(normalised("用水123.45m3/T,合格.").letters));
  EXPECT_NE(utf8(normalised("用水123").letters), utf8(normalised("用水124").letters));
  const auto letters = normalised(" 甲 乙");
  EXPECT_THAT(letters.origin, testing::ElementsAre(1u, 3u));
  EXPECT_THAT(normalised(" \t\xe3\x80\x80").letters, IsEmpty());
  EXPECT_THAT(normalised("\xe4\xb8").letters, SizeIs(2));  // a cut character is not read past its end
}

TEST(Compare, FindsTheCopiedPassageAndWhereItStands) {
  const std::string a =
      "本公司成立于一九九八年。锅炉烟气余热未回收，排烟温度达180℃，拟增设省煤器，年节约标准煤320吨，投资45万元。其他略"
      "。";
  const std::string b =
      "二、方案说明：锅炉烟气余热未回收,排烟温度达 180℃, 拟增设省煤器，年节约标准煤560吨，投资45万元。以上。";
  const auto result = compare(Text(a, {}), Text(b, {}), {.passage = 20, .seed = 6});
  ASSERT_THAT(result.passages, SizeIs(1));
  const auto& passage = result.passages[0];
  EXPECT_EQ(prefix_of(a, passage.a.begin), "本公司成立于一九九八年。");
  EXPECT_EQ(prefix_of(b, passage.b.begin), "二、方案说明：");
  EXPECT_EQ(prefix_of(a, passage.a.end), a.substr(0, a.find("其他略")));
  EXPECT_GT(passage.identical, 0.9);
  EXPECT_LT(passage.identical, 1);
  EXPECT_GT(result.share_of_b, result.share_of_a);
}

TEST(Compare, TheFormsOwnSentencesDoNotCount) {
  const std::string form =
      "根据国家有关清洁生产审核的规定，企业应当如实填写本表，并对所提供材料的真实性、完整性和准确性负责，不得隐瞒或者虚"
      "报有关情况。";
  const std::string_view sentences[] = {form};
  const Boilerplate boilerplate(sentences);
  const std::string a = "甲厂。" + form + "甲厂用水一百吨。", b = "乙厂在此。" + form + "乙厂用电二百度。";
  EXPECT_THAT(compare(Text(a, {}), Text(b, {})).passages, SizeIs(1));
  EXPECT_THAT(compare(Text(a, boilerplate), Text(b, boilerplate)).passages, IsEmpty());
  EXPECT_EQ(Text(form, boilerplate).own(), 0u);
}

TEST(Compare, RepetitiveTextsStayQuick) {
  std::string noise;
  for (int i = 0; i < 400000; ++i) noise += "0,";
  const auto result = compare(Text(noise, {}), Text(noise + "1" + noise, {}));
  EXPECT_NEAR(result.share_of_b, 1, 0.01);
}

RC_GTEST_PROP(Compare, WhateverItFindsIsThere, (std::uint32_t seed)) {
  Random random(seed);
  const auto shared = letters_of(random, 150 + random.below(200));
  const auto before = letters_of(random, random.below(300));
  const auto a = utf8(joined({before, shared, letters_of(random, 50)}));
  const auto b =
      utf8(joined({letters_of(random, random.below(300)), edited(random, shared, 40), letters_of(random, 50)}));
  const auto result = compare(Text(a, {}), Text(b, {}));
  const auto letters_a = normalised(a).letters, letters_b = normalised(b).letters;
  RC_ASSERT(!result.passages.empty());
  std::uint32_t last = 0;
  for (const auto& passage : result.passages) {
    RC_ASSERT(passage.a.end <= letters_a.size() && passage.b.end <= letters_b.size());
    RC_ASSERT(passage.b.begin >= last);
    last = passage.b.end;
    RC_ASSERT(letters_a[passage.a.begin] == letters_b[passage.b.begin]);
    RC_ASSERT(letters_a[passage.a.end - 1] == letters_b[passage.b.end - 1]);
    RC_ASSERT(passage.letters <= passage.a.end - passage.a.begin);
    RC_ASSERT(passage.own == passage.letters);
  }
  RC_ASSERT(compare(Text(a, {}), Text(a, {})).share_of_b == 1.0);
}

TEST(Index, FindsCopiesWithEditsAndNothingElse) {
  Random random(7);
  Index index;
  std::vector<std::vector<char32_t>> reports;
  for (int i = 0; i < 400; ++i) {
    reports.push_back(letters_of(random, 3000));
    index.add(fingerprint(utf8(reports.back())));
  }
  int found = 0, strangers = 0;
  for (std::uint32_t i = 0; i < 400; ++i) {
    const auto& source = reports[i];
    const auto from = random.below(2000);
    const std::vector<char32_t> copied(source.begin() + static_cast<long>(from),
                                       source.begin() + static_cast<long>(from + 700));
    const auto thief = utf8(joined({letters_of(random, 900), edited(random, copied, 40), letters_of(random, 1400)}));
    const auto neighbours = index.near(fingerprint(thief));
    for (const auto& each : neighbours.candidates) (each.report == i ? found : strangers) += 1;
  }
  EXPECT_GE(found, 388);
  EXPECT_LE(strangers, 2);
}

TEST(Index, CommonTextIsToldAndLeadsToNobody) {
  Random random(9);
  const auto form = letters_of(random, 1000);
  Index index(10);
  std::vector<std::string> reports;
  for (int i = 0; i < 50; ++i) {
    reports.push_back(utf8(joined({letters_of(random, 500), form, letters_of(random, 500)})));
    index.add(fingerprint(reports.back()));
  }
  const auto asking = utf8(joined({letters_of(random, 500), form, letters_of(random, 500)}));
  const auto neighbours = index.near(fingerprint(asking));
  std::uint32_t common = 0;
  for (const auto& range : neighbours.common) common += range.end - range.begin;
  EXPECT_NEAR(common, 1000, 40);
  Text text(asking, {});
  const auto before = text.own();
  text.discount(neighbours.common);
  EXPECT_EQ(text.own() + common, before);
  // A block at the form's edge may meet another's; what they share is the form.
  for (const auto& each : neighbours.candidates)
    EXPECT_THAT(compare(Text(reports[each.report], {}), text).passages, IsEmpty());
}

TEST(Index, DoesNotNameAReportItself) {
  Random random(3);
  Index index;
  const auto prints = fingerprint(utf8(letters_of(random, 2000)));
  const auto mine = index.add(prints);
  EXPECT_THAT(index.near(prints, 20, mine).candidates, IsEmpty());
  EXPECT_THAT(index.near(prints).candidates, SizeIs(1));
  index.add(prints);
  EXPECT_EQ(index.near(prints, 20, mine).candidates.at(0).report, 1u);
  EXPECT_EQ(index.size(), 2u);
}

RC_GTEST_PROP(Fingerprint, BlocksCoverTheTextInOrder, (std::uint32_t seed)) {
  Random random(seed);
  const auto count = 20 + random.below(4000);
  const auto prints = fingerprint(utf8(letters_of(random, count)));
  RC_ASSERT(!prints.blocks.empty());
  RC_ASSERT(prints.blocks.front().begin == 0u);
  for (std::size_t i = 0; i < prints.blocks.size(); ++i) {
    RC_ASSERT(prints.blocks[i].end - prints.blocks[i].begin <= 512u);
    if (i) RC_ASSERT(prints.blocks[i].begin == prints.blocks[i - 1].end);
  }
}

TEST(Fingerprint, BoilerplateAloneGivesNoBlock) {
  Random random(2);
  const auto form = utf8(letters_of(random, 600));
  const std::string_view texts[] = {form};
  EXPECT_THAT(fingerprint(form, Boilerplate(texts)).blocks, IsEmpty());
  EXPECT_THAT(fingerprint("").blocks, IsEmpty());
  EXPECT_THAT(fingerprint("短").blocks, IsEmpty());
}

}  // namespace
}  // namespace qy::engine::similarity
