#include "regime/figures/figures.h"

#include <gtest/gtest.h>

#include <thread>

#include "regime/identity/access.h"
#include "regime/premises/testing.h"

namespace qy::figures {
namespace {

Place place(std::string key, std::string period = "2025", Aspect aspect = Aspect::measured, std::string scope = "") {
  return {.key = std::move(key), .scope = std::move(scope), .period = *Period::parse(period), .aspect = aspect};
}

Value number(std::string_view text, std::string unit) { return Value::of(Decimal::of(text), std::move(unit)); }

TEST(Period, HasOneShortestWriting) {
  struct Row {
    const char* why;
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {"a year", "2025", "2025"},
      {"a year by its days", "2025-01-01/2025-12-31", "2025"},
      {"a year by its months", "2025-01/2025-12", "2025"},
      {"a month", "2025-03", "2025-03"},
      {"a leap February by its days", "2024-02-01/2024-02-29", "2024-02"},
      {"crossing years", "2025-03/2026-02", "2025-03-01/2026-02-28"},
      {"two years", "2024/2025", "2024-01-01/2025-12-31"},
      {"a part of a month", "2025-03-02/2025-03-31", "2025-03-02/2025-03-31"},
      {"one day", "2025-03-02", "2025-03-02/2025-03-02"},
      {"timeless", " ", ""},
      {"ends before it begins", "2025-03-02/2025-03-01", "period.order"},
      {"no such day", "2025-02-30/2025-03-01", "period.format"},
      {"no such month", "2025-13", "period.format"},
      {"words", "去年", "period.format"},
      {"three ends", "2024/2025/2026", "period.format"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.why);
    const auto period = Period::parse(row.text);
    EXPECT_EQ(period ? period->str() : period.error().code, row.expected);
  }
  EXPECT_EQ(Period::year(2025), *Period::parse("2025"));
}

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  qy::testing::TestPremises fixture_{GetParam()};
  const Premises& premises_ = fixture_.premises;
  const rules::Library& rules_ = *premises_.rules;
  identity::Caller filler_ = [] {
    identity::Caller caller;
    caller.user = identity::UserId::trusted("u1");
    caller.name = "王填";
    return caller;
  }();
  const db::Subject audit_{"audit", "a1"};
  bool may_write_ = true;

  void SetUp() override {
    identity::register_subject("audit",
                               [this](Tx&, const Premises&, const identity::Caller&, std::string_view,
                                      identity::Matter) -> std::optional<identity::Access> {
                                 return identity::Access{
                                     .read = true, .write = may_write_, .province = "99", .region = "990101"};
                               });
  }

  Result<std::vector<Figure>> set(std::vector<Entry> entries) {
    fixture_.pass_seconds(1);
    return premises_.database->write(
        [&](Tx& tx) { return set_figures(tx, identity::act_of(premises_, filler_), rules_, audit_, "99", entries); });
  }
  Result<void> derive(std::vector<Derived> derived) {
    fixture_.pass_seconds(1);
    return premises_.database->write(
        [&](Tx& tx) { return set_derived(tx, identity::act_of(premises_, filler_), rules_, audit_, "99", derived); });
  }
  /// A file on a subject; nothing reads its content here.
  std::string attach(const db::Subject& owner, std::string name) {
    return premises_.database
        ->write([&](Tx& tx) -> Result<files::FileId> {
          return files::attach(tx, identity::act_of(premises_, filler_),
                               {.owner = owner,
                                .province = "99",
                                .kind = "invoice",
                                .name = std::move(name),
                                .blob = {.hash = std::string(64, 'a'), .size = 8, .media_type = "application/pdf"}});
        })
        ->str();
  }
  Ledger ledger() {
    return *premises_.database->read([&](Tx& tx) -> Result<Ledger> { return get_ledger(tx, audit_); });
  }
  Edition freeze(std::string label) {
    return *premises_.database->write([&](Tx& tx) -> Result<Edition> {
      return freeze_edition(tx, identity::act_of(premises_, filler_), audit_, "99", label);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Figures, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, EveryKindOfValueComesBackAsItWent) {
  const std::pair<Place, Value> cells[] = {
      {place("electricity.bought"), number("1234567.890", "kWh")},
      {place("electricity.bought", "2024"), number("0", "kWh")},
      {place("electricity.own"), Value::not_applicable("没有自备电源")},
      {place("indicator.level", "", Aspect::measured, "indicator:5"), Value::of_choice("II")},
      {place("indicator.explanation", "", Aspect::measured, "indicator:5"), Value::of_text("已建立制度\n并运行")},
  };
  std::vector<Entry> entries;
  for (const auto& [at, value] : cells) entries.push_back({.place = at, .value = value, .basis = Basis::billed});
  const auto written = set(entries);
  ASSERT_TRUE(written) << written.error().code;
  const auto now = ledger();
  EXPECT_EQ(now.figures().size(), 5u);
  for (const auto& [at, value] : cells) {
    SCOPED_TRACE(at.str());
    const auto* figure = now.find(at);
    ASSERT_TRUE(figure);
    EXPECT_EQ(figure->claim.value, value);
    EXPECT_EQ(figure->version, 1);
    EXPECT_EQ(figure->claim.by_name, "王填");
  }
  EXPECT_EQ(now.find(place("electricity.bought"))->claim.value.number.str(), "1234567.890") << "digits are kept";
  EXPECT_EQ(now.number(place("electricity.bought"), "万kWh")->value().shortest(), "123.456789");
  EXPECT_EQ(now.number(place("electricity.own"), "kWh")->has_value(), false);
  EXPECT_EQ(now.number(place("water.fresh"), "m3")->has_value(), false);
  EXPECT_EQ(now.number(place("electricity.bought"), "m3").error().code, "unit.incommensurable");
  EXPECT_EQ(now.of_key("electricity.bought").size(), 2u);
}

TEST_P(OnEachEngine, EveryComplaintComesAtOnceAndNothingIsWritten) {
  struct Row {
    const char* why;
    Entry entry;
    const char* code;
  };
  const Row rows[] = {
      {"right", {.place = place("water.fresh"), .value = number("1", "m3")}, ""},
      {"no such key", {.place = place("watr.fresh"), .value = number("1", "m3")}, "figure.key_unknown"},
      {"energy is no water", {.place = place("water.reused"), .value = number("1", "kWh")}, "figure.unit"},
      {"no such unit", {.place = place("water.ground"), .value = number("1", "bucket")}, "unit.unknown"},
      {"a text for a number", {.place = place("water.surface"), .value = Value::of_text("很多")}, "figure.type"},
      {"a choice that is none", {.place = place("indicator.level"), .value = Value::of_choice("IV")}, "figure.choice"},
      {"not applicable without reason",
       {.place = place("water.lost"), .value = Value::not_applicable(" ")},
       "figure.reason"},
      {"a scope with a slash",
       {.place = place("water.domestic", "2025", Aspect::measured, "a/b"), .value = number("1", "m3")},
       "figure.scope"},
      {"evidence that is not there",
       {.place = place("water.softened"),
        .value = number("1", "m3"),
        .evidence = Evidence{.file = "0198c0de-0000-7000-8000-000000000000", .place = ""}},
       "figure.evidence"},
      {"the same place again", {.place = place("water.fresh"), .value = number("2", "m3")}, "figure.twice"},
      {"the same place called plant",
       {.place = place("water.fresh", "2025-01/2025-12", Aspect::measured, "plant"), .value = number("2", "m3")},
       "figure.twice"},
  };
  std::vector<Entry> entries;
  std::vector<FieldError> expected;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    entries.push_back(rows[i].entry);
    const std::string code = rows[i].code, cell = "#/cells/" + std::to_string(i);
    if (!code.empty()) expected.push_back({code == "figure.evidence" ? cell + "/evidence/file" : cell, code});
  }
  const auto refused = set(entries);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "figures.invalid");
  ASSERT_EQ(refused.error().fields.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(refused.error().fields[i].pointer, expected[i].pointer);
    EXPECT_EQ(refused.error().fields[i].code, expected[i].code);
  }
  EXPECT_EQ(refused.error().fields[0].params, (Params{{"key", "watr.fresh"}, {"suggestion", "water.fresh"}}));
  EXPECT_TRUE(ledger().figures().empty());
}

TEST_P(OnEachEngine, AKeyWithoutUnitTakesAnyAndAnAbsentUnitIsTheKeysOwn) {
  ASSERT_TRUE(set(
      {{.place = place("indicator.value", "2025", Aspect::measured, "indicator:1"), .value = number("2.04", "m3/t")},
       {.place = place("water.fresh"), .value = number("12", "")},
       {.place = place("gas.natural"), .value = number("5", "万Nm3")}}));
  const auto now = ledger();
  EXPECT_EQ(now.find("indicator.value", "2025", Aspect::measured, "indicator:1")->claim.value.unit, "m3/t");
  EXPECT_EQ(now.find("water.fresh", "2025")->claim.value.unit, "m3");
  EXPECT_EQ(now.number(place("gas.natural"), "Nm3")->value().shortest(), "50000");
}

TEST_P(OnEachEngine, ACellIsWrittenAgainstTheVersionItWasReadWith) {
  const auto cell = [&](std::string_view value, std::optional<std::int64_t> expected) {
    return set({{.place = place("water.fresh"), .value = number(value, "m3"), .expected = expected},
                {.place = place("water.reused"), .value = number("7", "m3")}});
  };
  ASSERT_TRUE(cell("10", 0));
  const auto again = cell("11", 0);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::stale);
  EXPECT_EQ(again.error().code, "figures.stale");
  ASSERT_EQ(again.error().fields.size(), 1u) << "only the cell that moved";
  EXPECT_EQ(again.error().fields[0].pointer, "#/cells/0");
  EXPECT_EQ(again.error().fields[0].params[0], (std::pair<std::string, std::string>{"version", "1"}));
  EXPECT_EQ(again.error().fields[0].params[1], (std::pair<std::string, std::string>{"value", "10 m3"}));
  ASSERT_TRUE(cell("11", 1));
  EXPECT_EQ(ledger().find(place("water.fresh"))->version, 2);
  EXPECT_EQ(ledger().find(place("water.reused"))->version, 1) << "the same value writes nothing";
  ASSERT_TRUE(cell("11.0", 2));
  EXPECT_EQ(ledger().find(place("water.fresh"))->version, 3) << "another digit is another entry";
}

TEST_P(OnEachEngine, TwoWritersOfOneCellDoNotOverwriteEachOther) {
  ASSERT_TRUE(set({{.place = place("water.fresh"), .value = number("0", "m3")}}));
  std::atomic<int> kept = 0, stale = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const Entry entry{.place = place("water.fresh"), .value = number(std::to_string(t + 1), "m3"), .expected = 1};
      SeededRandom random(static_cast<std::uint64_t>(t) + 100);
      const identity::Act act{filler_, premises_.now(), premises_.today(), random};
      const auto done = premises_.database->write(
          [&](Tx& tx) { return set_figures(tx, act, rules_, audit_, "99", std::span(&entry, 1)); });
      done ? ++kept : ++stale;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(kept, 1);
  EXPECT_EQ(stale, 3);
  EXPECT_EQ(ledger().find(place("water.fresh"))->version, 2);
}

TEST_P(OnEachEngine, NothingIsLostFromTheHistory) {
  const auto at = place("electricity.bought");
  ASSERT_TRUE(set({{.place = at, .value = number("100", "kWh"), .basis = Basis::billed, .note = "1月账单"}}));
  ASSERT_TRUE(set({{.place = at, .value = number("101", "kWh"), .basis = Basis::billed}}));
  ASSERT_TRUE(set({{.place = at, .value = number("99.5", "kWh"), .basis = Basis::metered, .adopt = false}}));
  auto now = ledger();
  EXPECT_EQ(now.find(at)->claim.value.number.str(), "101") << "the second source stands beside";
  EXPECT_EQ(now.find(at)->version, 2);
  EXPECT_EQ(now.find(at)->claims, 2);

  const auto slot = now.find(at)->slot;
  const auto claims =
      *premises_.database->read([&](Tx& tx) -> Result<std::vector<Claim>> { return claims_of(tx, slot); });
  ASSERT_EQ(claims.size(), 3u);
  EXPECT_EQ(claims[0].basis, Basis::metered);
  EXPECT_FALSE(claims[2].standing) << "the bill was corrected";
  const auto adopt = [&](std::int64_t expected) {
    fixture_.pass_seconds(1);
    return premises_.database->write(
        [&](Tx& tx) { return adopt_claim(tx, identity::act_of(premises_, filler_), audit_, claims[0].id, expected); });
  };
  EXPECT_EQ(adopt(1).error().code, "figures.stale");
  ASSERT_TRUE(adopt(2));
  EXPECT_EQ(ledger().find(at)->claim.value.number.str(), "99.5");
  ASSERT_TRUE(set({{.place = at, .value = Value::retracted()}}));
  now = ledger();
  EXPECT_EQ(now.find(at), nullptr);
  ASSERT_TRUE(now.find_slot(at));
  EXPECT_EQ(now.find_slot(at)->version, 4);

  std::string history;
  for (const auto& one :
       *premises_.database->read([&](Tx& tx) -> Result<std::vector<Revision>> { return history_of(tx, slot); }))
    history += std::to_string(one.version) + "=" + (one.value.is_number() ? one.value.number.str() : "—") + " ";
  EXPECT_EQ(history, "4=— 3=99.5 2=101 1=100 ");
  const auto foreign = premises_.database->write([&](Tx& tx) {
    return adopt_claim(tx, identity::act_of(premises_, filler_), {"audit", "other"}, claims[0].id, 4);
  });
  EXPECT_EQ(foreign.error().code, "figure.claim_not_found");
}

TEST_P(OnEachEngine, ACorrectedNumberKeepsItsEvidenceAndAnotherSourceDoesNot) {
  const auto at = place("electricity.bought");
  const auto bill = attach(audit_, "电费单.pdf");
  ASSERT_TRUE(set({{.place = at,
                    .value = number("100", "kWh"),
                    .basis = Basis::billed,
                    .evidence = Evidence{bill, "第3页"},
                    .note = "12张账单"}}));
  const auto now = [&] { return *ledger().find_slot(at); };

  ASSERT_TRUE(set({{.place = at, .value = number("101", "kWh"), .basis = Basis::billed, .expected = 1}}));
  EXPECT_EQ(now().version, 2);
  EXPECT_EQ(now().claim.evidence, (Evidence{bill, "第3页"}));
  EXPECT_EQ(now().claim.note, "12张账单");
  ASSERT_TRUE(set({{.place = at, .value = number("101", "kWh")}}));
  EXPECT_EQ(now().version, 2) << "what is left out stays, so nothing changed";
  EXPECT_EQ(now().claim.basis, Basis::billed);

  ASSERT_TRUE(set({{.place = at, .value = number("101", "kWh"), .evidence = Evidence{bill, "第4页"}}}));
  EXPECT_EQ(now().version, 3) << "other evidence is a revision";
  EXPECT_EQ(now().claim.value.number.str(), "101");
  EXPECT_EQ(now().claim.basis, Basis::billed);
  EXPECT_TRUE(may_cite(now()));

  ASSERT_TRUE(set({{.place = at, .value = number("99", "kWh"), .basis = Basis::metered}}));
  EXPECT_EQ(now().claim.evidence, Evidence{}) << "the bill proves nothing about the meter";
  EXPECT_EQ(now().claim.note, "");
  ASSERT_TRUE(set({{.place = at, .value = number("98", "kWh"), .evidence = Evidence{bill, ""}}}));
  ASSERT_TRUE(set({{.place = at, .value = number("98", "kWh"), .evidence = Evidence{}}}));
  EXPECT_EQ(now().claim.evidence, Evidence{}) << "and it can be taken off";
  ASSERT_TRUE(set({{.place = at, .value = number("98", "kWh"), .evidence = Evidence{bill, "第5页"}}}));
  ASSERT_TRUE(set({{.place = at, .value = Value::retracted()}}));
  EXPECT_EQ(now().claim.evidence, Evidence{}) << "a cell without value has nothing to prove";
  EXPECT_FALSE(may_cite(now()));

  ASSERT_TRUE(derive({{.place = place("water.production"),
                       .value = number("80", "m3"),
                       .formula = "water.fresh",
                       .inputs = {place("water.fresh")}}}));
  EXPECT_FALSE(may_cite(*ledger().find_slot(place("water.production"))));

  const auto slot = now().slot;
  std::string places;
  for (const auto& one :
       *premises_.database->read([&](Tx& tx) -> Result<std::vector<Revision>> { return history_of(tx, slot); }))
    places += std::to_string(one.version) + "=" + one.evidence.place + " ";
  EXPECT_EQ(places, "8= 7=第5页 6= 5= 4= 3=第4页 2=第3页 1=第3页 ");
}

TEST_P(OnEachEngine, EvidenceHangsOnTheSameSubjectAndIsNotWithdrawn) {
  const auto at = place("electricity.bought");
  const auto own = attach(audit_, "电费单.pdf"), foreign = attach({"audit", "a2"}, "别家的.pdf");
  const auto cite = [&](const std::string& file, std::string where = "") {
    const auto done = set({{.place = at, .value = number("1", "kWh"), .evidence = Evidence{file, std::move(where)}}});
    return done ? std::string() : done.error().fields.at(0).pointer + " " + done.error().fields.at(0).code;
  };
  EXPECT_EQ(cite(foreign), "#/cells/0/evidence/file figure.evidence");
  EXPECT_EQ(cite("no id at all"), "#/cells/0/evidence/file figure.evidence");
  EXPECT_EQ(cite(own, std::string(201, 'x')), "#/cells/0/evidence/place figure.text_too_long");
  EXPECT_TRUE(ledger().figures().empty());
  EXPECT_EQ(cite(own), "");
  ASSERT_TRUE(premises_.database->write([&](Tx& tx) {
    return files::withdraw(tx, identity::act_of(premises_, filler_), files::FileId::trusted(own), "传错");
  }));
  EXPECT_EQ(cite(own, "第2页"), "#/cells/0/evidence/file figure.evidence");
  EXPECT_TRUE(set({{.place = at, .value = number("2", "kWh")}})) << "a number can be corrected all the same";
}

// water.production = fresh + reused; indicator = production / product. Changing the first input makes both stale.
TEST_P(OnEachEngine, StaleIsFoundTransitively) {
  const auto fresh = place("water.fresh"), reused = place("water.reused"), production = place("water.production");
  const auto indicator = place("indicator.value", "2025", Aspect::measured, "indicator:1");
  ASSERT_TRUE(set({{.place = fresh, .value = number("80", "m3")}}));
  const std::vector<Derived> chain = {{.place = production,
                                       .value = number("80", "m3"),
                                       .formula = "water.fresh + water.reused",
                                       .inputs = {fresh, reused}},
                                      {.place = indicator,
                                       .value = number("1.6", "m3/t"),
                                       .formula = "water.production / product",
                                       .inputs = {production}}};
  ASSERT_TRUE(derive(chain));
  auto now = ledger();
  EXPECT_TRUE(now.stale_figures().empty());
  ASSERT_EQ(now.upstream(*now.find(indicator)).size(), 1u);
  EXPECT_EQ(now.upstream(*now.find(production)).size(), 1u) << "the empty slot is no figure yet";
  ASSERT_EQ(now.downstream(*now.find(fresh)).size(), 1u);
  EXPECT_EQ(now.downstream(*now.find(fresh))[0]->place, production);

  ASSERT_TRUE(derive(chain));
  EXPECT_EQ(ledger().find(production)->version, 1) << "computing the same again writes nothing";

  ASSERT_TRUE(set({{.place = reused, .value = number("20", "m3")}}));
  now = ledger();
  EXPECT_TRUE(now.stale(*now.find(production))) << "an input that was empty holds a value now";
  EXPECT_TRUE(now.stale(*now.find(indicator))) << "through the other";
  EXPECT_FALSE(now.stale(*now.find(fresh)));
  EXPECT_EQ(now.stale_figures().size(), 2u);

  ASSERT_TRUE(derive({{.place = production,
                       .value = number("100", "m3"),
                       .formula = "water.fresh + water.reused",
                       .inputs = {fresh, reused}}}));
  now = ledger();
  EXPECT_FALSE(now.stale(*now.find(production)));
  EXPECT_TRUE(now.stale(*now.find(indicator)));
  ASSERT_TRUE(derive({{.place = indicator,
                       .value = number("2.0", "m3/t"),
                       .formula = "water.production / product",
                       .inputs = {production}}}));
  EXPECT_TRUE(ledger().stale_figures().empty());

  ASSERT_TRUE(set({{.place = fresh, .value = Value::retracted()}}));
  EXPECT_EQ(ledger().stale_figures().size(), 2u) << "retracting an input counts";
}

TEST_P(OnEachEngine, AnEditionIsFrozenAndSealed) {
  const auto fresh = place("water.fresh"), production = place("water.production");
  ASSERT_TRUE(set({{.place = fresh,
                    .value = number("80", "m3"),
                    .basis = Basis::metered,
                    .evidence = Evidence{.file = "", .place = "水表3"}},
                   {.place = place("water.lost"), .value = number("1", "m3")}}));
  ASSERT_TRUE(
      derive({{.place = production, .value = number("80", "m3"), .formula = "water.fresh", .inputs = {fresh}}}));
  ASSERT_TRUE(set({{.place = place("water.lost"), .value = Value::retracted()}}));
  const auto first = freeze("submitted");
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(first.entries, 2) << "what is blank is not in it";
  fixture_.pass_seconds(60);
  EXPECT_EQ(freeze("submitted").root, first.root) << "the same content, the same root";

  ASSERT_TRUE(set({{.place = fresh, .value = number("81", "m3"), .basis = Basis::metered}}));
  const auto later = freeze("accepted");
  EXPECT_EQ(later.number, 3);
  EXPECT_NE(later.root, first.root);
  EXPECT_EQ(ledger().stale_figures().size(), 1u);

  ASSERT_TRUE(premises_.database->write([&](Tx& tx) -> Result<void> {
    const auto frozen = read_edition(tx, first.id);
    EXPECT_TRUE(frozen);
    EXPECT_EQ(frozen->find(fresh)->claim.value.number.str(), "80");
    EXPECT_EQ(frozen->find(fresh)->claim.evidence.place, "水表3");
    EXPECT_EQ(frozen->find(production)->claim.formula, "water.fresh");
    EXPECT_EQ(frozen->upstream(*frozen->find(production)).size(), 1u);
    EXPECT_TRUE(read_edition(tx, later.id)->stale_figures().empty()) << "staleness ends where it is frozen";
    EXPECT_EQ(latest_edition(tx, audit_, "submitted")->number, 2);
    EXPECT_EQ(latest_edition(tx, audit_)->number, 3);
    EXPECT_FALSE(latest_edition(tx, audit_, "evaluated"));
    const auto second = read_edition(tx, later.id);
    const auto changes = changes_between(*frozen, *second);
    EXPECT_EQ(changes.size(), 1u) << "what was computed from it was not computed anew";
    EXPECT_EQ(changes[0].place(), fresh);
    EXPECT_EQ(changes[0].before->claim.value.number.str(), "80");
    EXPECT_EQ(changes[0].after->claim.value.number.str(), "81");
    EXPECT_TRUE(changes_between(*second, *second).empty());
    EXPECT_EQ(read_edition(tx, EditionId::trusted("nobody")).error().code, "edition.not_found");
    tx.run("UPDATE figure_edition_entry SET number = '70' WHERE edition_id = :id AND key = 'water.fresh'", first.id);
    EXPECT_EQ(read_edition(tx, first.id).error().code, "edition.damaged");
    return {};
  }));
}

TEST_P(OnEachEngine, TheOwnerDecidesWhoWrites) {
  ASSERT_TRUE(patch(premises_, filler_, audit_, {{.place = place("water.fresh"), .value = number("1", "m3")}}));
  may_write_ = false;
  EXPECT_EQ(
      patch(premises_, filler_, audit_, {{.place = place("water.fresh"), .value = number("2", "m3")}}).error().code,
      "forbidden.subject_write");
  const auto seen = view(premises_, filler_, audit_);
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->may_write);
  EXPECT_EQ(seen->ledger.figures().size(), 1u);
  EXPECT_EQ(view(premises_, filler_, {"unheard_of", "x"}).error().code, "subject.not_found");
}

}  // namespace
}  // namespace qy::figures
