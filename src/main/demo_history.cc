#include <algorithm>

#include "document/paper.h"
#include "main/demo_case.h"
#include "regime/listing/listing.h"
#include "regime/messages/messages.h"

namespace qy::demo {
namespace {

constexpr int kYears = 5;
constexpr std::size_t kPerList = 30;

/// What became of a case, where it did not simply go on.
constexpr const char* kFates[] = {"",
                                  "returned",
                                  "",
                                  "evaluating",
                                  "supplement",
                                  "",
                                  "redo",
                                  "submitted",
                                  "",
                                  "acceptance_requested",
                                  "accepting",
                                  "",
                                  "failed",
                                  "implementing",
                                  "report_filed",
                                  "stopped",
                                  "",
                                  "removed",
                                  "started",
                                  ""};

std::string fate_of(int years_ago, std::size_t position) {
  if (years_ago == 0) return position % 5 == 0 ? "listed" : position % 5 == 1 ? "disclosed" : "";
  if (years_ago == 1) return kFates[position % std::size(kFates)];
  // Older rounds are over, but for a few that hang.
  if (position % 15 == 4) return "report_filed";
  if (position % 15 == 7) return years_ago == 2 ? "failed" : "removed";
  if (position % 15 == 11 && years_ago == 2) return "accepting";
  return "";
}

/// The day a city's list of a year was published. The newest one is about three months old.
Date publication_day(const World& world, int year, std::size_t city) {
  if (year == world.newest_year) return world.today.plus_days(-95);
  return Date(year, 3, 20).plus_days(static_cast<int>(city) * 9);
}

/// Which plants a city lists in a year: everyone once in four years, then those whose round is over again.
std::vector<std::size_t> plants_for(const World& world, int year, std::size_t city) {
  std::vector<std::size_t> chosen;
  const int turn = year - (world.newest_year - (kYears - 1));
  const std::size_t first = city * (world.plants.size() / kCities.size()), count = world.plants.size() / kCities.size();
  for (std::size_t i = 0; i < count && chosen.size() < kPerList; ++i) {
    const auto index = first + i;
    if (!world.plants[index].in_business) continue;
    const bool turn_now = turn < kYears - 1 ? i % (kYears - 1) == static_cast<std::size_t>(turn)
                                            : world.free.contains(index) && i % (kYears - 1) == 0;
    if (turn_now) chosen.push_back(index);
  }
  return chosen;
}

Result<void> one_list(World& world, int year, std::size_t city, const files::Blob& report) {
  const auto region = kCities[city];
  const auto published = publication_day(world, year, city);
  const int years_ago = world.newest_year - year;
  const auto chosen = plants_for(world, year, city);
  const bool drafting = years_ago == 0 && city == 2, proposed = years_ago == 0 && city == 1;
  QY_TRY(const auto over, world.premises.database->write([&](Tx& tx) -> Result<std::vector<std::size_t>> {
    const auto& premises = world.premises;
    SeededRandom random(static_cast<std::uint64_t>(year) * 10 + city);
    const auto& desk = world.desk(region, "ecology");
    const auto& second = world.desk(region, "development_reform");
    const auto& above = world.desk("990000", "ecology");
    const auto drafted_on = published.plus_days(-40);
    QY_TRY(const auto list, listing::draft_list(tx, premises, act_on(world, desk.officer, drafted_on),
                                                {.region = region, .year = year, .batch = 1, .title = {}}));
    std::map<std::string, std::size_t> plant_of;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const auto& plant = world.plants[chosen[i]];
      const auto& trade = trades()[plant.trade];
      std::vector<std::string> categories{trade.category};
      if (i % 9 == 4 && categories.front() != "energy_intensive") categories.emplace_back("energy_intensive");
      const auto summary = registry::find_summary(tx, *premises.rules, plant.id);
      const auto mode = listing::propose_mode(*premises.rules, *summary, categories);
      QY_TRY(const auto entry,
             listing::add_entry(tx, premises, act_on(world, desk.officer, drafted_on.plus_days(3), static_cast<int>(i)),
                                list,
                                {.enterprise = plant.id,
                                 .categories = categories,
                                 .reason = trade.reason,
                                 .mode = mode.mode,
                                 .mode_reason = mode.reason.zh}));
      plant_of[plant.id.str()] = chosen[i];
    }
    if (drafting) return std::vector<std::size_t>();
    QY_CHECK(listing::perform(tx, premises, act_on(world, desk.officer, published.plus_days(-30)), list,
                              {.action = "propose", .reason = {}, .files = {}, .version = {}}));
    if (proposed) return std::vector<std::size_t>();
    // Each department of the city co-signs its own entries; ecology does so for those development and reform leads.
    const auto state_of_list = [&] { return listing::find_list(tx, list)->state; };
    QY_CHECK(listing::perform(tx, premises, act_on(world, second.chief, published.plus_days(-22)), list,
                              {.action = "cosign", .reason = {}, .files = {}, .version = {}}));
    if (state_of_list() == "proposed")
      return Error{ErrorKind::conflict, "demo.failed", {{"step", "cosign " + region + " " + std::to_string(year)}}};
    QY_CHECK(listing::perform(tx, premises, act_on(world, above.chief, published.plus_days(-8)), list,
                              {.action = "confirm", .reason = {}, .files = {}, .version = {}}));
    listing::Publication publication{.published_on = published,
                                     .dated_on = published.plus_days(-3),
                                     .where = "https://example.org/notices/" + std::to_string(year),
                                     .document_number = {}};
    publication.document_number = "示环函〔" + std::to_string(year) + "〕" + std::to_string(30 + city) + "号";
    const auto act = act_on(world, above.chief, published);
    QY_TRY(const auto made, listing::publish_list(tx, premises, act, list, publication));
    QY_TRY(const auto audits, audits::open_cases(tx, premises, act, made));

    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < audits.size(); ++i) {
      const auto audit = audits::find_audit(tx, audits[i]);
      const auto index = plant_of.at(audit->enterprise.str());
      Case one(tx, world, world.plants[index], audits[i], random, report);
      QY_CHECK(one.play(fate_of(years_ago, i)));
      const auto state = audits::find_audit(tx, audits[i])->state;
      if (state == "accepted" || state == "report_filed") free.push_back(index);
    }
    return free;
  }));
  world.free.insert(over.begin(), over.end());
  return {};
}

/// Reports of rounds long past are on paper; what is kept here is their cover.
Result<files::Blob> old_report(const Premises& premises) {
  document::Paper paper;
  paper.title = "清洁生产审核报告（存档封面）";
  paper.blocks.emplace_back(
      document::Paragraph("示范数据：本轮审核报告以纸质报送，原件由主管部门存档，此处仅存封面。"));
  QY_TRY(const auto docx, document::to_docx(paper));
  return files::store_blob(premises, docx.bytes, "审核报告.docx");
}

}  // namespace

Result<void> write_history(World& world) {
  QY_TRY(const auto report, old_report(world.premises));
  for (int year = world.newest_year - (kYears - 1); year <= world.newest_year; ++year) {
    // What is older than the newest lists was read long ago.
    if (year == world.newest_year)
      for (const auto& [place, desk] : world.desks)
        for (const auto* caller : {&desk.officer, &desk.chief})
          QY_CHECK(messages::mark_all_read(world.premises, *caller));
    for (std::size_t city = 0; city < kCities.size(); ++city) QY_CHECK(one_list(world, year, city, report));
  }
  return {};
}

}  // namespace qy::demo
