#include "engine/indicators/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/rational.h"
#include "engine/indicators/expression.h"

namespace qy::engine::indicators {
namespace {

using rules::Amount;
using rules::Benchmark;
using rules::IndicatorGroup;
using rules::IndicatorRow;
using rules::IndicatorSystem;
using rules::LevelRule;
using testing::ElementsAre;

// Invented systems: what matters here is how answers become grades and an index.

const LevelRule& general_rule() {
  static const LevelRule rule = [] {
    LevelRule out;
    out.id = "general";
    out.levels = {{"I", {"领先", "leading"}, 85, false, "I", "", {}},
                  {"II", {"先进", "advanced"}, 85, false, "II", "", {}},
                  {"III", {"一般", "basic"}, 100, true, "III", "", {}}};
    return out;
  }();
  return rule;
}

Benchmark number(const char* text) {
  Benchmark benchmark;
  benchmark.kind = Benchmark::Kind::number;
  benchmark.number.value = Decimal::of(text);
  return benchmark;
}
Benchmark expression(const char* text) {
  auto benchmark = number("0");
  benchmark.number.expression = text;
  return benchmark;
}
Benchmark text(const char* zh) {
  Benchmark benchmark;
  benchmark.kind = Benchmark::Kind::text;
  benchmark.text = {zh, ""};
  return benchmark;
}
Benchmark same_as(const char* level) {
  Benchmark benchmark;
  benchmark.kind = Benchmark::Kind::same_as;
  benchmark.same_as = level;
  return benchmark;
}
Benchmark blank(Benchmark::Kind kind) {
  Benchmark benchmark;
  benchmark.kind = kind;
  return benchmark;
}

Amount amount(const std::string& text) {
  Amount out;
  if (const auto value = Decimal::parse(text))
    out.value = *value;
  else
    out.expression = text;
  return out;
}

IndicatorRow quantitative(const char* id, const char* weight, Benchmark one, Benchmark two, Benchmark three,
                          bool higher = false) {
  IndicatorRow row;
  row.id = id;
  row.weight = amount(weight);
  row.unit = "m3{water}/t{product}";
  row.higher_is_better = higher;
  row.benchmarks = {{"I", one}, {"II", two}, {"III", three}};
  return row;
}
IndicatorRow qualitative(const char* id, const char* weight, Benchmark one, Benchmark two, Benchmark three) {
  auto row = quantitative(id, weight, one, two, three);
  row.quantitative = false;
  row.unit = "";
  return row;
}

IndicatorSystem system_of(std::vector<IndicatorGroup> groups) {
  IndicatorSystem system;
  system.id = "example";
  system.title = {"示例", "example"};
  system.groups = std::move(groups);
  return system;
}
IndicatorSystem single(IndicatorRow row) {
  return system_of({{{"组", "group"}, Decimal(1), false, {std::move(row)}, {}}});
}

Answer value(const char* quantity) {
  Answer answer;
  answer.value = *parse_quantity(quantity);
  return answer;
}
Answer level(const char* level) {
  Answer answer;
  answer.level = level;
  return answer;
}
Answer not_applicable() {
  Answer answer;
  answer.not_applicable = "没有这种工艺";
  return answer;
}
Input answers(std::map<std::string, Answer> answers) {
  Input input;
  input.answers = std::move(answers);
  input.on = Date(2026, 6, 30);
  return input;
}

/// As they are written in documents.
std::string index_of(const Result<Evaluation>& result, std::string_view level) {
  const auto index = result->index(grade_of(level));
  return index ? index->str() : "refused";
}
std::string weight_of(const Result<Evaluation>& result, std::size_t row) {
  const auto weight = result->weight(row);
  return weight ? weight->str() : "unknown";
}

TEST(Expression, IsCalculatedInExactFractions) {
  struct Row {
    const char* name;
    const char* expression;
    const char* result;
  };
  const Row rows[] = {
      {"a sum with a product", "0.5+0.3*n", "1.4"},
      {"a repeating quotient", "0.8/n", "0.2666666667"},
      {"brackets first", "(1+n)*2", "8"},
      {"from left to right", "10-n-2", "5"},
      {"a leading minus", "-n+5", "2"},
      {"division by zero", "1/(n-3)", "indicators.parameter_zero"},
      {"an unknown name", "2*m", "indicators.parameter_missing"},
      {"an open bracket", "(1+n", "indicators.expression"},
      {"nothing", "", "indicators.expression"},
      {"something behind it", "1 2", "indicators.expression"},
      {"too long",
       "1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+"
       "1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1",
       "indicators.expression"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto result = evaluate(row.expression, {{"n", 3}});
    EXPECT_EQ(result ? result->str() : result.error().code, row.result);
  }
}

TEST(Grade, FollowsTheBenchmarks) {
  const auto lower = quantitative("1", "1", number("1.6"), number("2.1"), number("2.8"));
  const auto higher = quantitative("1", "1", number("95"), number("90"), number("80"), true);
  auto strict = lower;
  strict.strict = true;
  auto rounded = lower;
  rounded.rounded_value = true;
  const auto written_in_n =
      quantitative("1", "1", expression("0.5+0.3*n"), expression("1+0.3*n"), expression("2+0.3*n"));
  const auto merged = qualitative("1", "1", text("有"), text("部分"), same_as("II"));
  const auto open_end = quantitative("1", "1", number("-20"), number("-15"), blank(Benchmark::Kind::none));
  const auto unread = quantitative("1", "1", number("1"), blank(Benchmark::Kind::unread), number("3"));
  auto metered = qualitative("1", "1", text("自动化"), text("部分自动化"), text("采用节能措施"));
  metered.metrics = {{{"比例", "share"}, "%", true, {{"I", amount("70")}, {"II", amount("50")}, {"III", amount("0")}}}};
  Answer both = level("I");
  both.metrics = {*parse_quantity("55")};

  struct Row {
    const char* name;
    const IndicatorRow& row;
    Answer answer;
    const char* grade;
  };
  const Row rows[] = {
      {"on the limit is inside it", lower, value("1.6 m3/t"), "I"},
      {"a hair over is the next level", lower, value("1.600000001"), "II"},
      {"the last limit", lower, value("2.80"), "III"},
      {"worse than the last", lower, value("2.81"), "below"},
      {"higher is better", higher, value("90"), "II"},
      {"a strict limit is not met on it", strict, value("1.6"), "II"},
      {"rounded value: 1.64 reads as 1.6", rounded, value("1.64"), "I"},
      {"rounded value: 1.65 goes to even, 1.6", rounded, value("1.65"), "I"},
      {"rounded value: 1.66 reads as 1.7", rounded, value("1.66"), "II"},
      {"the value's unit is converted", lower, value("1500 L/t"), "I"},
      {"a limit written in n = 3 is 1.4", written_in_n, value("1.4"), "I"},
      {"a negative benchmark", open_end, value("-16"), "II"},
      {"a blank benchmark is met by anyone", open_end, value("100"), "III"},
      {"an unread benchmark is not needed above it", unread, value("1"), "I"},
      {"an unread benchmark judges nobody", unread, value("2"), "missing"},
      {"a merged cell counts as its better level", merged, level("III"), "II"},
      {"below is below", merged, level("below"), "below"},
      {"the number in a qualitative row", metered, value("60 %"), "II"},
      {"its number corrects the chosen level", metered, both, "II"},
      {"nothing said is missing", lower, Answer{}, "missing"},
      {"not applicable is not missing", lower, not_applicable(), "not_applicable"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto system = single(row.row);
    auto input = answers({{"1", row.answer}});
    if (&row.row == &written_in_n) system.parameters = {{"n", {}}}, input.parameters = {{"n", 3}};
    const auto result = evaluate(system, general_rule(), input);
    ASSERT_TRUE(result) << result.error().fields[0].code;
    EXPECT_EQ(to_string(result->rows[0].grade), row.grade) << result->reasons[0].grade.zh;
  }
}

TEST(Grade, SaysWhatItComparedWithWhat) {
  const auto result = evaluate(single(quantitative("1", "1", number("1.6"), number("2.1"), number("2.8"))),
                               general_rule(), answers({{"1", value("2")}}));
  EXPECT_EQ(result->reasons[0].grade.zh, "填报值2 m3{water}/t{product}，达到Ⅱ级（≤ 2.1），未达到Ⅰ级（≤ 1.6）");
  EXPECT_EQ(result->reasons[0].grade.en,
            "value 2 m3{water}/t{product}, reaches level II (≤ 2.1), misses level I (≤ 1.6)");
}

TEST(Input, IsRefusedWithEveryMistakeAtItsPlace) {
  auto system = system_of({{{"组", "group"},
                            Decimal(1),
                            false,
                            {quantitative("1", "0.5", number("1"), number("2"), number("3")),
                             qualitative("2", "0.25", text("甲"), text("乙"), text("丙")),
                             quantitative("3", "0.25/n", number("1"), number("2"), number("3"))},
                            {}}});
  system.parameters = {{"n", {}}};
  auto twice = value("1");
  twice.not_applicable = "x";
  struct Row {
    const char* name;
    std::map<std::string, Answer> answers;
    std::map<std::string, Decimal> parameters;
    const char* complaint;
  };
  const Row rows[] = {
      {"a row that is not there", {{"9", value("1")}}, {{"n", 1}}, "#/values/9 indicators.unknown_row"},
      {"a unit of something else", {{"1", value("1 kg/t")}}, {{"n", 1}}, "#/values/1/value unit.incommensurable"},
      {"a level for a number", {{"1", level("I")}}, {{"n", 1}}, "#/values/1/level indicators.value_needed"},
      {"a number for a level", {{"2", value("1")}}, {{"n", 1}}, "#/values/2/value indicators.level_needed"},
      {"a level that does not exist", {{"2", level("IV")}}, {{"n", 1}}, "#/values/2/level indicators.level_choice"},
      {"a value of what does not apply",
       {{"1", twice}},
       {{"n", 1}},
       "#/values/1/not_applicable indicators.answer_twice"},
      {"a missing parameter", {}, {}, "#/parameters/n indicators.parameter_missing"},
      {"a parameter that is not there", {}, {{"n", 1}, {"m", 1}}, "#/parameters/m indicators.unknown_parameter"},
      {"a parameter of zero", {}, {{"n", 0}}, "#/parameters indicators.parameter_zero"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto input = answers(row.answers);
    input.parameters = row.parameters;
    const auto result = evaluate(system, general_rule(), input);
    ASSERT_FALSE(result);
    ASSERT_EQ(result.error().fields.size(), 1u);
    EXPECT_EQ(result.error().fields[0].pointer + " " + result.error().fields[0].code, row.complaint);
  }
}

// Weights (0.6, 0.4), one row each, answered Ⅱ and Ⅰ: YⅠ = 40, YⅡ = 100.
TEST(Index, AddsUpWhatReachesEachLevel) {
  const auto system = system_of(
      {{{"甲", "a"}, Decimal::of("0.6"), false, {qualitative("1", "1", text("1"), text("2"), text("3"))}, {}},
       {{"乙", "b"}, Decimal::of("0.4"), false, {qualitative("2", "1", text("1"), text("2"), text("3"))}, {}}});
  const auto result = evaluate(system, general_rule(), answers({{"1", level("II")}, {"2", level("I")}}));
  EXPECT_EQ(index_of(result, "I"), "40");
  EXPECT_EQ(index_of(result, "II"), "100");
  EXPECT_EQ(index_of(result, "III"), "100");
  EXPECT_EQ(result->level, "II");
  EXPECT_EQ(result->group_index(1, Grade::one)->str(), "100");
  ASSERT_TRUE(result->next);
  EXPECT_EQ(result->next->level->id, "I");
  ASSERT_EQ(result->next->rows.size(), 1u);
  EXPECT_EQ(result->next->rows[0].row, 0u);
  EXPECT_EQ(result->next->index_then.str(), "100");
}

// 0.7 and 0.3 in one group; the 0.3 does not apply, the 0.7 meets Ⅰ: YⅠ = 100.
TEST(Index, LeavesTheWeightOfWhatDoesNotApplyInItsGroup) {
  const auto system = system_of({{{"甲", "a"},
                                  Decimal(1),
                                  false,
                                  {qualitative("1", "0.7", text("1"), text("2"), text("3")),
                                   qualitative("2", "0.3", text("1"), text("2"), text("3"))},
                                  {}}});
  const auto result = evaluate(system, general_rule(), answers({{"1", level("I")}, {"2", not_applicable()}}));
  EXPECT_EQ(index_of(result, "I"), "100");
  EXPECT_EQ(result->level, "I");
  EXPECT_EQ(weight_of(result, 0), "1");
  EXPECT_EQ(weight_of(result, 1), "0");
  EXPECT_FALSE(result->next);
}

TEST(Index, AMissingRowGivesNoLevelButTheList) {
  const auto system = system_of({{{"甲", "a"},
                                  Decimal(1),
                                  false,
                                  {qualitative("1", "0.7", text("1"), text("2"), text("3")),
                                   qualitative("2", "0.3", text("1"), text("2"), text("3"))},
                                  {}}});
  const auto result = evaluate(system, general_rule(), answers({{"1", level("I")}}));
  EXPECT_EQ(result->level, std::nullopt);
  EXPECT_THAT(result->missing, ElementsAre("2"));
  EXPECT_EQ(index_of(result, "I"), "70");
  EXPECT_FALSE(result->next);
}

TEST(Index, ALimitingRowVetoesALevel) {
  auto limiting = qualitative("1", "0.1", text("1"), text("2"), text("3"));
  limiting.limiting = true;
  const auto system = system_of(
      {{{"甲", "a"}, Decimal(1), false, {limiting, qualitative("2", "0.9", text("1"), text("2"), text("3"))}, {}}});
  const auto result = evaluate(system, general_rule(), answers({{"1", level("II")}, {"2", level("I")}}));
  EXPECT_EQ(index_of(result, "I"), "90");
  EXPECT_EQ(result->level, "II");
  EXPECT_THAT(result->limiting, ElementsAre(false, true, true));
  ASSERT_EQ(result->next->rows.size(), 1u);
  EXPECT_EQ(to_string(result->next->rows[0].why), "limiting");
  EXPECT_EQ(result->next->index_then.str(), "100");
}

TEST(Index, RowsThatAreNotLimitingMayBeAskedForToo) {
  auto rule = general_rule();
  rule.levels[0].others = "II";
  const auto system = system_of({{{"甲", "a"},
                                  Decimal(1),
                                  false,
                                  {qualitative("1", "0.1", text("1"), text("2"), text("3")),
                                   qualitative("2", "0.9", text("1"), text("2"), text("3"))},
                                  {}}});
  const auto result = evaluate(system, rule, answers({{"1", level("III")}, {"2", level("I")}}));
  EXPECT_EQ(result->level, "II");
  ASSERT_EQ(result->next->rows.size(), 1u);
  EXPECT_EQ(to_string(result->next->rows[0].why), "others");
  EXPECT_EQ(result->next->rows[0].to, Grade::two);
}

TEST(Index, AnEmptyGroupScoresNothingUnlessItsWeightIsGivenAway) {
  const auto system = system_of(
      {{{"甲", "a"}, Decimal::of("0.95"), false, {qualitative("1", "1", text("1"), text("2"), text("3"))}, {}},
       {{"乙", "b"}, Decimal::of("0.05"), false, {qualitative("2", "1", text("1"), text("2"), text("3"))}, {}}});
  auto input = answers({{"1", level("I")}, {"2", not_applicable()}});
  auto result = evaluate(system, general_rule(), input);
  EXPECT_EQ(index_of(result, "III"), "95");
  EXPECT_EQ(result->warnings.at(0).code, "indicators.group_empty");
  EXPECT_EQ(result->level, "I");
  input.redistribute_empty_groups = true;
  result = evaluate(system, general_rule(), input);
  EXPECT_EQ(index_of(result, "III"), "100");
  EXPECT_EQ(result->warnings.at(0).code, "indicators.group_redistributed");
}

TEST(Index, AGroupThatWeighsNothingHasItsOwnAllTheSame) {
  for (const auto* weight : {"0.4", "0.00000000000000001"}) {
    const auto system =
        system_of({{{"甲", "a"}, Decimal(1), false, {qualitative("1", "1", text("1"), text("2"), text("3"))}, {}},
                   {{"乙", "b"},
                    Decimal(0),
                    false,
                    {qualitative("2", weight, text("1"), text("2"), text("3")),
                     qualitative("3", weight, text("1"), text("2"), text("3"))},
                    {}}});
    const auto result =
        evaluate(system, general_rule(), answers({{"1", level("I")}, {"2", level("I")}, {"3", level("II")}}));
    EXPECT_EQ(result->group_index(1, Grade::one)->str(), "50");
    EXPECT_EQ(result->group_index(1, Grade::two)->str(), "100");
    EXPECT_EQ(index_of(result, "I"), "100");
    EXPECT_EQ(weight_of(result, 1), "0");
  }
}

TEST(Index, ABonusComesOnTopAndIsCapped) {
  const auto system = system_of(
      {{{"甲", "a"},
        Decimal(1),
        false,
        {qualitative("1", "0.95", text("1"), text("2"), text("3")),
         qualitative("2", "0.05", text("1"), text("2"), text("3"))},
        {}},
       {{"加分", "bonus"}, Decimal::of("0.1"), true, {qualitative("3", "1", text("1"), text("2"), text("3"))}, {}}});
  auto result =
      evaluate(system, general_rule(), answers({{"1", level("I")}, {"2", level("below")}, {"3", level("I")}}));
  EXPECT_EQ(index_of(result, "III"), "100");
  result = evaluate(system, general_rule(), answers({{"1", level("below")}, {"2", level("I")}, {"3", level("I")}}));
  EXPECT_EQ(index_of(result, "III"), "15");
  EXPECT_EQ(result->level, "none");
  EXPECT_EQ(result->next->level->id, "III");
  EXPECT_EQ(result->next->index_then.str(), "100");
}

TEST(Index, IsRefusedWithoutWeights) {
  auto row = quantitative("1", "1", number("1"), number("2"), number("3"));
  row.weight.reset();
  const auto result = evaluate(single(row), general_rule(), answers({{"1", value("2")}}));
  EXPECT_EQ(to_string(result->rows[0].grade), "II");
  EXPECT_EQ(result->index(Grade::one), std::nullopt);
  EXPECT_EQ(result->level, std::nullopt);
  EXPECT_EQ(result->index_refused->code, "indicator_system.no_weights");
}

TEST(Weights, BelowNothingAreTold) {
  auto system = single(qualitative("1", "0.8/n", text("1"), text("2"), text("3")));
  system.groups[0].rows.push_back(qualitative("2", "0.2", text("1"), text("2"), text("3")));
  system.parameters = {{"n", {}}};
  auto input = answers({{"1", level("I")}, {"2", level("I")}});
  input.parameters = {{"n", -3}};
  EXPECT_EQ(evaluate(system, general_rule(), input)->warnings.at(0).code, "indicators.weight_negative");
  input.parameters = {{"n", 1}};
  EXPECT_TRUE(evaluate(system, general_rule(), input)->warnings.empty());
}

TEST(Input, NamesAreEscapedInPointers) {
  auto system = single(quantitative("a/b~c", "1", number("1"), number("2"), number("3")));
  const auto result = evaluate(system, general_rule(), answers({{"a/b~c", level("I")}}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fields[0].pointer, "#/values/a~1b~0c/level");
}

// PCB: group total 1.0 over single-sided 500 m2 and double-sided 1000 m2, first-level weight 0.1: 1/30 and 2/30.
TEST(Weights, OfAProductGroupFollowTheOutputs) {
  auto single_sided = quantitative("7", "1", number("1"), number("2"), number("3"));
  auto double_sided = quantitative("8", "1", number("1"), number("2"), number("3"));
  auto not_made = quantitative("9", "1", number("1"), number("2"), number("3"));
  single_sided.product_group = double_sided.product_group = not_made.product_group = "energy";
  const auto system = system_of(
      {{{"能源", "energy"}, Decimal::of("0.1"), false, {single_sided, double_sided, not_made}, {}},
       {{"其他", "rest"}, Decimal::of("0.9"), false, {qualitative("1", "1", text("1"), text("2"), text("3"))}, {}}});
  auto seven = value("1"), eight = value("2");
  auto input = answers({{"7", seven}, {"8", eight}, {"9", not_applicable()}, {"1", level("I")}});
  EXPECT_EQ(evaluate(system, general_rule(), input).error().fields[0].code, "indicators.output_missing");
  input.answers["7"].output = 500;
  input.answers["8"].output = 1000;
  const auto result = evaluate(system, general_rule(), input);
  ASSERT_TRUE(result);
  EXPECT_EQ(weight_of(result, 0), "0.0333333333");
  EXPECT_EQ(weight_of(result, 1), "0.0666666667");
  EXPECT_EQ(index_of(result, "II"), "100");
  EXPECT_EQ(index_of(result, "I"), "93.3333333333");
  EXPECT_EQ(result->reasons[0].sharing.zh, "产量500，占本组产量1500的33.33%，权重按此分摊");
  EXPECT_EQ(result->reasons[1].sharing.en, "output 1000 of the group's 1500 (66.67%), by which the weight is shared");
  EXPECT_EQ(result->reasons[2].sharing, Text()) << "it is not made";
  EXPECT_EQ(result->reasons[3].sharing, Text()) << "it is in no product group";
}

TEST(Weights, OfAProductGroupStayUnknownInAnUnfinishedForm) {
  auto first = quantitative("7", "1", number("1"), number("2"), number("3"));
  auto second = quantitative("8", "1", number("1"), number("2"), number("3"));
  first.product_group = second.product_group = "energy";
  const auto system = system_of(
      {{{"能源", "energy"}, Decimal::of("0.1"), false, {first, second}, {}},
       {{"其他", "rest"}, Decimal::of("0.9"), false, {qualitative("1", "1", text("1"), text("2"), text("3"))}, {}}});
  auto input = answers({{"7", value("1")}, {"8", value("2")}, {"1", level("I")}});
  input.unfinished = true;
  input.answers["7"].output = 500;
  auto result = evaluate(system, general_rule(), input);
  ASSERT_TRUE(result);
  EXPECT_EQ(to_string(result->rows[1].grade), "II") << "the row is graded all the same";
  EXPECT_FALSE(result->rows[0].output_missing);
  EXPECT_TRUE(result->rows[1].output_missing);
  EXPECT_EQ(weight_of(result, 0), "unknown") << "no share without the other's output";
  EXPECT_EQ(result->level, std::nullopt);
  EXPECT_THAT(result->missing, ElementsAre("8"));

  input.answers.erase("8");
  result = evaluate(system, general_rule(), input);
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->rows[0].output_missing) << "a blank row asks for no output yet";

  input.answers["8"] = not_applicable();
  input.answers["7"].output.reset();
  result = evaluate(system, general_rule(), input);
  ASSERT_TRUE(result);
  EXPECT_EQ(weight_of(result, 0), "0.1") << "the only product needs no output";
  EXPECT_EQ(result->reasons[0].sharing.en, "the only product of its group, so the weight is not shared");
  EXPECT_EQ(result->level, "I");
}

TEST(NextLevel, AsksForTheFewestRowsAndDropsWhatIsNotNeeded) {
  const auto row = [](const char* id, const char* weight) {
    return qualitative(id, weight, text("1"), text("2"), text("3"));
  };
  const auto system = system_of(
      {{{"甲", "a"}, Decimal(1), false, {row("1", "0.1"), row("2", "0.2"), row("3", "0.3"), row("4", "0.4")}, {}}});
  const auto result =
      evaluate(system, general_rule(),
               answers({{"1", level("II")}, {"2", level("II")}, {"3", level("II")}, {"4", level("II")}}));
  EXPECT_EQ(result->level, "II");
  std::vector<std::string> rows;
  for (const auto& rise : result->next->rows) rows.push_back(result->rows[rise.row].row->id);
  EXPECT_THAT(rows, ElementsAre("4", "3", "2"));
  EXPECT_EQ(result->next->index_then.str(), "90");
}

/// A system with any weights: groups of up to five rows, weights any positive hundredths that need not sum to 1 inside
/// a group.
IndicatorSystem any_system(const std::vector<std::vector<int>>& shares) {
  Rational total(0);
  for (const auto& group : shares) total = total + Rational(static_cast<std::int64_t>(group.size()));
  IndicatorSystem system = system_of({});
  int id = 0;
  std::int64_t left = 1'000'000;
  for (std::size_t g = 0; g < shares.size(); ++g) {
    const std::int64_t part = g + 1 == shares.size() ? left : left / 3;
    left -= part;
    IndicatorGroup group{{"组", "group"}, *Decimal::divide(part, 1'000'000, 6), false, {}, {}};
    for (const auto share : shares[g])
      group.rows.push_back(quantitative(std::to_string(++id).c_str(), (std::to_string(share) + "/7").c_str(),
                                        number("1"), number("2"), number("3")));
    system.groups.push_back(std::move(group));
  }
  return system;
}

rc::Gen<std::vector<std::vector<int>>> any_shares() {
  return rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<int>>>(
      rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 1000)))));
}

RC_GTEST_PROP(Index, IsExactlyOneHundredForAnyWeightsWhenEveryRowMeetsLevelThree, ()) {
  const auto system = any_system(*any_shares());
  Input input;
  for (const auto& group : system.groups)
    for (const auto& row : group.rows) input.answers[row.id] = value(*rc::gen::element("1", "2", "3", "0.5"));
  const auto result = evaluate(system, general_rule(), input);
  RC_ASSERT(result.has_value());
  RC_ASSERT(index_of(result, "III") == "100");
  RC_ASSERT(result->level && *result->level != "none");
}

RC_GTEST_PROP(Index, NeverFallsFromLevelOneToThree, ()) {
  const auto system = any_system(*any_shares());
  Input input;
  for (const auto& group : system.groups)
    for (const auto& row : group.rows) {
      const auto kind = *rc::gen::inRange(0, 6);
      if (kind == 5)
        input.answers[row.id] = not_applicable();
      else if (kind > 0)
        input.answers[row.id] = value(std::to_string(kind).c_str());
    }
  const auto result = evaluate(system, general_rule(), input);
  RC_ASSERT(result.has_value());
  RC_ASSERT(*result->index(Grade::one) <= *result->index(Grade::two));
  RC_ASSERT(*result->index(Grade::two) <= *result->index(Grade::three));
  RC_ASSERT(*result->index(Grade::three) <= Rational(100));
}

// Short weights fit a machine word, long ones do not; rows that do not apply and groups given away make new ones.
RC_GTEST_PROP(Index, IsTheFormulaInExactFractionsHoweverLongTheWeights, ()) {
  const auto decimals = *rc::gen::element(2, 4, 17);
  const auto weight = [&] {
    return Decimal::of_parts(*rc::gen::inRange<std::int64_t>(1, decimals == 17 ? 99'999'999'999'999'999 : 99), decimals)
        ->str();
  };
  std::vector<IndicatorGroup> groups;
  Input input = answers({});
  std::map<std::string, int> reached;
  int count = 0;
  for (int g = 0; g < 4; ++g) {
    IndicatorGroup group{{"组", "group"}, Decimal::of(weight()), false, {}, {}};
    for (int r = *rc::gen::inRange(1, 6); r > 0; --r) {
      const auto id = std::to_string(++count);
      group.rows.push_back(quantitative(id.c_str(), weight().c_str(), number("1"), number("2"), number("3")));
      const auto grade = *rc::gen::inRange(1, 6);  // 1–3 a level, 4 below, 5 does not apply
      reached[id] = grade;
      input.answers[id] = grade == 5 ? not_applicable() : value(std::to_string(grade).c_str());
    }
    groups.push_back(group);
  }
  input.redistribute_empty_groups = *rc::gen::arbitrary<bool>();
  const auto system = system_of(groups);

  Rational all(0), filled(0);
  std::vector<Rational> own(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const auto& row : groups[g].rows)
      if (reached[row.id] != 5) own[g] = own[g] + Rational(row.weight->value);
    all = all + Rational(*groups[g].weight);
    if (!own[g].is_zero()) filled = filled + Rational(*groups[g].weight);
  }
  const auto rule = general_rule();
  const Prepared prepared(system, rule);
  const auto result = prepared.evaluate(input);
  RC_ASSERT(result.has_value());
  for (int level = 1; level <= 3; ++level) {
    Rational index(0);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      Rational sum(0);
      for (const auto& row : groups[g].rows)
        if (reached[row.id] <= level) sum = sum + Rational(row.weight->value);
      if (own[g].is_zero()) continue;
      auto part = Rational(*groups[g].weight);
      if (input.redistribute_empty_groups) part = part * all / filled;
      index = index + part * sum / own[g] * Rational(100);
      RC_ASSERT(*result->group_index(g, static_cast<Grade>(level - 1)) == sum * Rational(100) / own[g]);
    }
    if (Rational(100) < index) index = Rational(100);
    RC_ASSERT(*result->index(static_cast<Grade>(level - 1)) == index);
  }
  const auto again = evaluate(system, rule, input);
  for (std::size_t i = 0; i < result->rows.size(); ++i) RC_ASSERT(result->weight(i) == again->weight(i));
}

RC_GTEST_PROP(NextLevel, IsReachedWhenItsRowsRise, ()) {
  const auto system = any_system(*any_shares());
  Input input;
  for (const auto& group : system.groups)
    for (const auto& row : group.rows) input.answers[row.id] = value(std::to_string(*rc::gen::inRange(1, 5)).c_str());
  const auto now = evaluate(system, general_rule(), input);
  RC_ASSERT(now.has_value());
  if (!now->next) return;
  for (const auto& rise : now->next->rows)
    input.answers[now->rows[rise.row].row->id] = value(rise.to == Grade::one ? "1" : rise.to == Grade::two ? "2" : "3");
  const auto then = evaluate(system, general_rule(), input);
  RC_ASSERT(then->level == now->next->level->id);
  RC_ASSERT(*then->index(grade_of(now->next->level->id)) == now->next->index_then);
}

}  // namespace
}  // namespace qy::engine::indicators
