#include "main/demo_case.h"

#include <algorithm>

#include "regime/disclosure/disclosure.h"
#include "regime/figures/figures.h"
#include "regime/listing/listing.h"
#include "regime/results/results.h"

namespace qy::demo {
namespace {

Decimal rounded(double value, int decimals = 1) { return Decimal::from_double(value, decimals); }

struct Idea {
  const char *title, *description, *origin;
  bool costly;
  double investment, saving;  ///< 万元, of a plant of ordinary size
  std::vector<std::pair<const char*, double>> effects;
};

const std::vector<Idea>& ideas() {
  static const std::vector<Idea> all{
      {"照明改用LED并按班次分区控制",
       "更换车间及办公区灯具1200盏，加装分区开关。",
       "equipment",
       false,
       4.8,
       6.2,
       {{"electricity", 8.4}, {"standard_coal", 10.3}, {"co2", 47.9}}},
      {"冲洗水管加装脚踏阀", "冲洗点随用随开，杜绝长流水。", "control", false, 0.9, 3.1, {{"water", 5'200}}},
      {"原料开包和投料实行定额考核",
       "按批次称量、记录并与班组奖惩挂钩。",
       "management",
       false,
       0.2,
       7.5,
       {{"material", 6.4}}},
      {"蒸汽管道保温修补和疏水阀更换",
       "修补破损保温320米，更换失效疏水阀26只。",
       "equipment",
       false,
       3.6,
       9.4,
       {{"standard_coal", 41.0}, {"co2", 106.6}}},
      {"员工清洁生产操作培训",
       "全年四期，覆盖一线员工，修订操作规程7项。",
       "staff",
       false,
       0.6,
       1.4,
       {{"electricity", 0.9}, {"water", 900}}},
      {"空压机站变频和余热回收",
       "两台132kW空压机改变频，余热供浴室用水。",
       "equipment",
       true,
       68,
       31.5,
       {{"electricity", 42.0}, {"standard_coal", 51.6}, {"co2", 239.5}}},
      {"末端冷却水闭式循环改造",
       "新建闭式塔和循环泵房，冷却水不再直排。",
       "process",
       true,
       126,
       38.2,
       {{"water", 62'000}, {"cod", 1.9}}},
      {"高浓度工序废水分质回用",
       "膜法处理后回用于前段漂洗。",
       "waste",
       true,
       214,
       57.0,
       {{"water", 88'000}, {"cod", 7.8}, {"nh3n", 0.52}, {"waste_liquid", 140}}},
      {"有机废气密闭收集和蓄热燃烧",
       "替换光催化设施，收集率提高到九成以上。",
       "waste",
       true,
       186,
       12.0,
       {{"voc", 9.6}}},
      {"老旧电机更换为高效电机",
       "更换87台、总功率2640kW。",
       "equipment",
       true,
       92,
       40.6,
       {{"electricity", 55.0}, {"standard_coal", 67.6}, {"co2", 313.6}}},
      {"污泥低温干化减量", "含水率由80%降至35%。", "waste", true, 75, 28.0, {{"solid_waste", 210}}},
  };
  return all;
}

}  // namespace

std::map<std::string, analysis::RowAnswer> answers_for(const rules::IndicatorSystem& system, SeededRandom& random) {
  std::map<std::string, analysis::RowAnswer> answers;
  for (const auto& group : system.groups)
    for (const auto& row : group.rows) {
      const bool best = random.below(3) == 0;
      analysis::RowAnswer answer;
      if (!row.quantitative) {
        answer.level = best ? "I" : "II";
      } else {
        for (const char* level : {best ? "I" : "II", "II", "I", "III"}) {
          const auto found = row.benchmarks.find(level);
          if (found == row.benchmarks.end() || found->second.kind != rules::Benchmark::Kind::number ||
              !found->second.number.expression.empty())
            continue;
          answer.value = found->second.number.value.shortest();
          break;
        }
        if (!answer.value) continue;
      }
      answers[row.id] = std::move(answer);
    }
  if (system.id == "electroplating-2015")
    for (const char* row : {"9", "10", "11", "12"}) {
      answers[row] = {};
      answers[row].not_applicable = "本企业无该镀种";
    }
  return answers;
}

bool Case::later(int days, int spread) {
  const auto next = day_.plus_days(days + static_cast<int>(random_.below(static_cast<std::uint64_t>(spread) + 1)));
  if (next >= world_.today) return false;
  day_ = next;
  return true;
}

Result<void> Case::perform(const identity::Caller& caller, const std::string& action, const std::string& reason,
                           json::Value payload) {
  QY_CHECK(audits::perform(tx_, world_.premises, act(caller), id_,
                           {.action = action, .reason = reason, .files = {}, .payload = std::move(payload)}));
  return {};
}

Result<void> Case::disclose() {
  const auto& trade = trades()[plant_.trade];
  std::map<std::string, disclosure::Answer> answers;
  for (const auto* item : disclosure::items_for(*world_.premises.rules, audit().categories)) {
    disclosure::Answer answer;
    if (item->id == "name")
      answer.text = plant_.name;
    else if (item->id == "legal_representative")
      answer.text = plant_.signatory.name;
    else if (item->id == "address")
      answer.text = plant_.address;
    else if (item->id == "energy_use")
      answer.substances = {
          {"电力", "生产和辅助用电", "", rounded(trade.electricity_kwh * plant_.size / 1e6).str() + " 万kWh/年"}};
    else if (item->id == "toxic_materials")
      answer.substances = {
          {trade.material, "生产原料", "", rounded(trade.material_t * plant_.size / 100).str() + " t/年"}};
    else if (item->id == "hazardous_waste")
      answer.substances = {
          {"废水处理污泥", "委托有资质单位处置", "", rounded(36.0 * plant_.size / 100).str() + " t/年"}};
    else if (item->kind == "substances")
      answer.substances = {{trade.pollutant, "处理后经DW001排放",
                            "低于许可限值（" + std::to_string(audit().year - 1) + "年第四季度监测）",
                            rounded(4.2 * plant_.size / 100, 2).str() + " t/年"}};
    else if (item->kind == "number")
      answer.number = rounded(0.18 + plant_.size / 1000.0, 3);
    else if (item->id == "energy_per_product")
      answer.text = std::string(trade.product) + "单位产品综合能耗见年度能源利用状况报告";
    else if (item->id == "risk_measures")
      answer.text = "设事故应急池和切断阀，编制应急预案并每年演练一次。";
    else
      answer.text = "上一年度在线监测日均值有3天超过执行标准限值，已整改。";
    answers[item->id] = std::move(answer);
  }
  QY_CHECK(disclosure::save(tx_, world_.premises, act(plant_.filler), audit(), answers, 0));
  QY_CHECK(disclosure::publish(tx_, world_.premises, act(plant_.filler), id_, "厂区门口公示栏"));
  return {};
}

Result<void> Case::fill_ledger() {
  using figures::Basis;
  const auto& trade = trades()[plant_.trade];
  std::vector<figures::Entry> entries;
  const int year = audit().year;
  for (int y = year - 3; y < year; ++y) {
    const double grown =
        plant_.size / 100.0 * (1.0 + 0.03 * (y - year)) * (0.97 + static_cast<double>(random_.below(60)) / 1000);
    const auto put = [&](const char* key, std::string scope, double value, Basis basis, int decimals = 0) {
      const auto* known = world_.premises.rules->find_key(key);
      entries.push_back({.place = {key, std::move(scope), figures::Period::year(y), figures::Aspect::measured},
                         .value = figures::Value::of(rounded(value, decimals), known ? known->unit : ""),
                         .basis = basis});
    };
    put(trade.product_key, "", trade.output * grown, Basis::calculated);
    put("material.input", std::string("material:") + trade.material, trade.material_t * grown, Basis::billed, 1);
    put("electricity.bought", "", trade.electricity_kwh * grown, Basis::billed);
    put("water.fresh", "", trade.water_m3 * grown, Basis::metered);
    put("energy.total", "", trade.electricity_kwh * grown * 0.000335, Basis::calculated, 1);
    put("wastewater.discharged", "", trade.water_m3 * grown * 0.72, Basis::metered);
    put("cod.discharged", "", trade.water_m3 * grown * 0.72 * 45e-6, Basis::monitored, 3);
    put("money.output_value", "", 9'000 * grown, Basis::claimed);
  }
  QY_CHECK(figures::set_figures(tx_, act(plant_.filler), *world_.premises.rules, {"audit", id_.str()}, "99", entries));
  return {};
}

Result<void> Case::answer_indicators() {
  const auto* system = world_.premises.rules->find_system(trades()[plant_.trade].system);
  if (!system) return {};
  QY_CHECK(audits::choose_system(tx_, world_.premises, act(plant_.filler), id_, system->id));
  std::map<std::string, std::string> parameters;
  if (system->id == "electroplating-2015") parameters["n"] = "3";
  return analysis::answer_rows(tx_, world_.premises, act(plant_.filler), id_, answers_for(*system, random_),
                               parameters);
}

Result<void> Case::propose_options() {
  const auto first = random_.below(ideas().size());
  const auto count = 3 + random_.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& idea = ideas()[(first + i * 3) % ideas().size()];
    const double size = plant_.size / 100.0;
    analysis::NewOption option{.title = idea.title,
                               .description = idea.description,
                               .cost_class = idea.costly ? "medium_or_high" : "none_or_low",
                               .origin = idea.origin,
                               .responsible = idea.costly ? "设备动力部" : "生产部",
                               .planned = {},
                               .planned_on = {}};
    option.planned["investment"] = rounded(idea.investment * size);
    option.planned["annual_saving"] = rounded(idea.saving * size);
    for (const auto& [column, value] : idea.effects) option.planned[column] = rounded(value * size, value < 10 ? 2 : 1);
    option.planned_on = day_.plus_days(idea.costly ? 210 : 40);
    QY_CHECK(analysis::add_option(tx_, world_.premises, act(plant_.filler), id_, option));
  }
  return {};
}

Result<void> Case::build_low_cost() {
  for (const auto& option : analysis::options_of(tx_, world_.premises, id_)) {
    if (option.state != "proposed") continue;
    QY_CHECK(analysis::set_option_state(tx_, world_.premises, act(plant_.filler), option.id, "feasible", {}, {}));
    const bool low = option.cost_class == "none_or_low";
    QY_CHECK(analysis::set_option_state(tx_, world_.premises, act(plant_.filler), option.id,
                                        low ? "implemented" : "planned", low ? std::optional(day_) : std::nullopt, {}));
  }
  return {};
}

Result<void> Case::build_rest() {
  for (const auto& option : analysis::options_of(tx_, world_.premises, id_)) {
    if (option.state == "verified" || option.state == "dropped") continue;
    if (option.state != "implemented")
      QY_CHECK(
          analysis::set_option_state(tx_, world_.premises, act(plant_.filler), option.id, "implemented", day_, {}));
    auto verified = option.planned;
    const auto kept = static_cast<double>(82 + random_.below(25)) / 100;
    for (auto& [column, value] : verified)
      if (column != "investment") value = rounded(value.to_double() * kept, 2);
    QY_CHECK(
        analysis::set_option_state(tx_, world_.premises, act(lead().officer), option.id, "verified", {}, verified));
  }
  return {};
}

Result<void> Case::submit() {
  const db::Subject subject{"audit", id_.str()};
  const auto by = act(plant_.signatory);
  const auto file = files::attach(
      tx_, by,
      {.owner = subject, .province = "99", .kind = "report", .name = plant_.name + "-审核报告.docx", .blob = report_});
  const auto edition = figures::freeze_edition(tx_, by, subject, "99", "submitted");
  return perform(plant_.signatory, "submit", "",
                 json::Object{{"edition", edition.id.str()},
                              {"root", edition.root},
                              {"packs", audit().packs_hash},
                              {"report", file.str()},
                              {"report_hash", report_.hash},
                              {"commitment", "truthful"}});
}

Result<std::optional<evaluation::PanelId>> Case::judge(const std::string& kind, int percent, std::size_t sheets) {
  std::vector<std::string> members;
  for (std::size_t i = random_.below(world_.experts.size()); members.size() < 3; ++i) {
    const auto& id = world_.experts[i % world_.experts.size()];
    const auto expert = registry::find_party(tx_, id);
    if (expert && !evaluation::conflict_of(tx_, audit(), *expert)) members.push_back(id.str());
  }
  QY_TRY(const auto panel, evaluation::open_panel(tx_, world_.premises, act(lead().officer), id_, kind, members));
  const auto* table = world_.premises.rules->find_scoring_table(evaluation::find_panel(tx_, panel)->scoring);
  if (!table) return Error{ErrorKind::conflict, "demo.failed", {{"step", "scoring table"}}};
  if (!later(7, 8)) return std::optional<evaluation::PanelId>();
  for (std::size_t i = 0; i < std::min(sheets, members.size()); ++i) {
    const auto expert = registry::PartyId::trusted(members[i]);
    identity::Caller caller;
    for (const auto& holder : identity::holders(tx_, identity::Party::expert, members[i], identity::Role::expert)) {
      caller.user = holder.user;
      caller.login = holder.login;
      caller.name = holder.name;
    }
    caller.role = identity::Role::expert;
    caller.party = identity::Party::expert;
    caller.party_id = members[i];
    caller.party_name = world_.party_names.at(members[i]);
    caller.province = "99";
    evaluation::Sheet sheet;
    for (const auto& item : table->items) {
      // Half points, as experts give them, a little apart from each other.
      const double share = std::min(1.0, percent / 100.0 + (static_cast<double>(random_.below(5)) - 2) / 100);
      evaluation::ItemScore score{
          Decimal::from_double(static_cast<double>(static_cast<int>(item.max.to_double() * share * 2 + 0.5)) / 2, 1),
          ""};
      if (item.max < score.points) score.points = item.max;
      if (score.points < item.max) score.reason = "基本符合，证明材料和数据说明尚可补充。";
      sheet.items[item.code] = std::move(score);
    }
    for (const auto& veto : table->vetoes) sheet.vetoes[veto.code] = {};
    sheet.comment = percent >= 90   ? "审核程序完整，方案针对性强，数据可靠。"
                    : percent >= 70 ? "总体符合要求，平衡分析和部分数据来源需补充。"
                                    : "审核重点确定依据不足，主要数据缺少证明。";
    QY_CHECK(evaluation::save_sheet(tx_, world_.premises, act(caller), panel, expert, sheet, {}));
    QY_CHECK(evaluation::submit_sheet(tx_, world_.premises, act(caller), panel, expert));
  }
  return std::optional(panel);
}

Result<void> Case::play(const std::string& fate) {
  const auto& officer = lead().officer;
  const auto& chief = lead().chief;
  day_ = *audit().published_on;
  // Some are late: the month for disclosure and the two for the start pass first.
  const bool late = random_.below(9) == 0;
  if (fate == "listed" || !later(late ? 38 : 8, 18)) return {};
  QY_CHECK(disclose());
  if (fate == "disclosed" || !later(late ? 25 : 6, 20)) return {};
  QY_CHECK(perform(plant_.signatory, "start"));
  if (random_.below(2) == 0)
    QY_CHECK(audits::give_mandate(tx_, world_.premises, act(plant_.signatory), id_,
                                  world_.consultancies[random_.below(world_.consultancies.size())].str(), day_,
                                  day_.plus_days(500)));

  if (!later(50, 30)) return {};
  if (fate == "stopped") return perform(officer, "stop", "企业整体搬迁，主体生产线停产。");
  if (fate == "removed") {
    const std::string reason = "企业已于今年注销，不再具备审核条件。";
    QY_CHECK(perform(chief, "remove", reason));
    return listing::remove_entry(tx_, world_.premises, act(chief), audit().entry, reason);
  }
  QY_CHECK(fill_ledger());
  if (!later(20, 20)) return {};
  QY_CHECK(answer_indicators());
  QY_CHECK(propose_options());
  if (fate == "started" || !later(60, 60)) return {};
  QY_CHECK(build_low_cost());
  if (!later(20, late ? 190 : 70)) return {};
  QY_CHECK(submit());
  if (fate == "submitted" || !later(12, 20)) return {};
  if (fate == "returned") return perform(officer, "return_report", "水平衡数据与台账不一致，请核对后重报。");
  if (fate == "report_filed") return perform(officer, "file_report", "不属于本级评估范围，报告存档备查。");

  const int evaluated = fate == "supplement" ? 80 : fate == "redo" ? 58 : 96;
  QY_TRY(const auto panel, judge("evaluation", evaluated, fate == "evaluating" ? 1 : 3));
  if (fate == "evaluating" || !panel || !later(4, 6)) return {};
  QY_CHECK(evaluation::conclude(tx_, world_.premises, act(chief), *panel,
                                evaluated >= 90   ? "同意专家组意见，按计划实施方案。"
                                : evaluated >= 70 ? "按专家意见补充后报我局核查。"
                                                  : "审核质量未达要求，重新开展审核。",
                                {}));
  if (audit().state != "implementing" || fate == "implementing" || !later(80, 110)) return {};
  QY_CHECK(build_rest());
  if (!later(10, 20)) return {};
  const auto by = act(plant_.signatory);
  const auto edition = figures::freeze_edition(tx_, by, {"audit", id_.str()}, "99", "implemented");
  QY_CHECK(perform(plant_.signatory, "request_acceptance", "",
                   json::Object{{"edition", edition.id.str()}, {"root", edition.root}}));
  if (fate == "acceptance_requested" || !later(14, 20)) return {};
  QY_TRY(const auto second, judge("acceptance", fate == "failed" ? 52 : 88, fate == "accepting" ? 1 : 3));
  if (fate == "accepting" || !second || !later(4, 8)) return {};
  static constexpr const char* kLevels[] = {"II", "III", "II", "I", "none", "II"};
  QY_CHECK(evaluation::conclude(
      tx_, world_.premises, act(chief), *second,
      fate == "failed" ? "主要方案未实施，验收不合格。" : "方案已实施，效果属实，验收合格。",
      fate == "failed" ? std::nullopt : std::optional<std::string>(kLevels[random_.below(std::size(kLevels))])));
  if (!later(6, 18)) return {};
  QY_CHECK(results::publish(tx_, world_.premises, act(province_lead().chief), id_,
                            "https://example.org/results/" + std::to_string(audit().year)));
  return {};
}

}  // namespace qy::demo
