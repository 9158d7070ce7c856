#include "document/paper.h"
#include "main/demo_case.h"
#include "regime/audits/audits_commands.h"
#include "regime/disclosure/disclosure.h"
#include "regime/dossier/dossier.h"
#include "regime/figures/figures.h"
#include "regime/listing/listing.h"

namespace qy::demo {
namespace {

constexpr const char* kCity = "990100";
constexpr const char* kCounty = "990101";

struct NewPlant {
  const char *name, *stem, *address;
  std::uint64_t number;
  bool account;
  bool lapsed = false;  ///< its permit has run out
};

Result<Plant> add_plant(Tx& tx, World& world, const NewPlant& wanted, SeededRandom& random) {
  const Date registered(world.newest_year - 5, 12, 1);
  const auto& keeper = world.desk(kCounty, "ecology").officer;
  const auto act = act_on(world, keeper, registered, static_cast<int>(wanted.number % 1000));
  Plant plant;
  plant.name = wanted.name;
  plant.region = kCounty;
  plant.scale = "medium";
  plant.address = wanted.address;
  plant.credit_code = credit_code(kCounty, wanted.number);
  registry::EnterpriseFacts facts{.name = plant.name,
                                  .credit_code = plant.credit_code,
                                  .registered_region = kCounty,
                                  .region = kCounty,
                                  .address = plant.address,
                                  .industry = "3360",
                                  .tags = {"electroplating"},
                                  .scale = plant.scale};
  facts.permits = {permit_of(world, plant.credit_code, registered.plus_days(-150), wanted.lapsed)};
  facts.legal_representative = person_name(random);
  facts.contact_name = person_name(random);
  facts.contact_phone = "000-8100" + std::to_string(wanted.number % 1000);
  facts.park = world.parks.front().str();
  QY_TRY(plant.id, registry::add_enterprise(tx, *world.premises.rules, act, facts));
  QY_CHECK(registry::add_former_round(tx, act,
                                      {.id = {},
                                       .enterprise = plant.id,
                                       .year = world.newest_year - 6,
                                       .document_number = "示环函〔" + std::to_string(world.newest_year - 6) + "〕66号",
                                       .accepted_on = Date(world.newest_year - 6, 8, 20),
                                       .level = "III",
                                       .scan = {},
                                       .recorded_by = {},
                                       .recorded_at = {}}));
  for (const auto role : {identity::Role::filler, identity::Role::signatory}) {
    const bool signs = role == identity::Role::signatory;
    identity::Caller caller;
    caller.login = std::string(wanted.stem) + (signs ? ".signatory" : ".filler");
    caller.name = signs ? facts.legal_representative : facts.contact_name;
    caller.role = role;
    caller.party = identity::Party::enterprise;
    caller.party_id = plant.id.str();
    caller.party_name = plant.name;
    caller.province = "99";
    if (wanted.account) {
      QY_TRY(caller.user, identity::add_user(tx, act,
                                             {.login = caller.login,
                                              .name = caller.name,
                                              .password_hash = world.hashes.at(caller.login),
                                              .role = role,
                                              .party = caller.party,
                                              .party_id = caller.party_id,
                                              .party_name = plant.name,
                                              .office = {},
                                              .province = "99"}));
      for (auto& account : world.accounts)
        if (account.login == caller.login)
          account = {account.login, account.password,          caller.post_text(), plant.name,
                     "none",        identity::to_string(role), caller.name};
    }
    (signs ? plant.signatory : plant.filler) = std::move(caller);
  }
  return plant;
}

/// A supplementary batch of the newest list with one or a few plants, through every hand to its publication.
Result<std::vector<audits::AuditId>> publish_batch(Tx& tx, const World& world, const std::vector<const Plant*>& plants,
                                                   Date published) {
  const auto& premises = world.premises;
  const auto& desk = world.desk(kCity, "ecology");
  const auto& above = world.desk("990000", "ecology");
  QY_TRY(const auto list, listing::draft_list(tx, premises, act_on(world, desk.officer, published.plus_days(-24)),
                                              {.region = kCity, .year = world.newest_year, .batch = 1, .title = {}}));
  for (const auto* plant : plants)
    QY_CHECK(listing::add_entry(tx, premises, act_on(world, desk.officer, published.plus_days(-23)), list,
                                {.enterprise = plant->id,
                                 .categories = {"toxic"},
                                 .reason = "使用或排放铅、汞、镉、铬等重金属和类金属砷",
                                 .mode = "full",
                                 .mode_reason = "涉重金属排放，采用全流程审核。"}));
  QY_CHECK(listing::perform(tx, premises, act_on(world, desk.officer, published.plus_days(-18)), list,
                            {.action = "propose", .reason = {}, .files = {}, .version = {}}));
  QY_CHECK(listing::perform(tx, premises,
                            act_on(world, world.desk(kCity, "development_reform").chief, published.plus_days(-13)),
                            list, {.action = "cosign", .reason = {}, .files = {}, .version = {}}));
  QY_CHECK(listing::perform(tx, premises, act_on(world, above.chief, published.plus_days(-5)), list,
                            {.action = "confirm", .reason = {}, .files = {}, .version = {}}));
  const auto act = act_on(world, above.chief, published);
  QY_TRY(const auto made, listing::publish_list(tx, premises, act, list,
                                                {.published_on = published,
                                                 .dated_on = published.plus_days(-2),
                                                 .where = "https://example.org/notices/supplement",
                                                 .document_number = {}}));
  return audits::open_cases(tx, premises, act, made);
}

/// What the complete plant can show: invented papers that say so.
struct Paper {
  const char *kind, *name, *text;
};
constexpr Paper kBills{"invoice", "电费结算单汇总.docx",
                       "示范数据：供电公司近三年电费结算单按月汇总，第1、2、3页分别为三年的合计电量。"};
constexpr Paper kWater{"monitoring", "废水监测报告（第四季度）.docx",
                       "示范数据：总排口化学需氧量、氨氮和车间排放口总铬、总镍的委托监测结果。"};
constexpr Paper kLamps{"invoice", "LED灯具采购发票和更换清单.docx",
                       "示范数据：460盏LED灯具的采购发票、更换位置清单和更换前后功率对照。"};
constexpr Paper kRinsing{"contract", "三级逆流漂洗改造设备报价和技术协议.docx",
                         "示范数据：3条生产线漂洗槽改造的设备报价、设计用水量和镍回收率保证值。"};

using Papers = std::map<std::string, files::Blob>;

Result<Papers> store_papers(const Premises& premises) {
  Papers papers;
  for (const auto& one : {kBills, kWater, kLamps, kRinsing}) {
    document::Paper paper;
    paper.title = std::string(one.name).substr(0, std::string_view(one.name).rfind('.'));
    paper.blocks.emplace_back(document::Paragraph(one.text));
    QY_TRY(const auto docx, document::to_docx(paper));
    QY_TRY(papers[one.name], files::store_blob(premises, docx.bytes, one.name));
  }
  return papers;
}

std::string attach_to(Tx& tx, const identity::Act& act, const audits::AuditId& audit, const Papers& papers,
                      const Paper& paper) {
  return files::attach(tx, act,
                       {.owner = {"audit", audit.str()},
                        .province = "99",
                        .kind = paper.kind,
                        .name = paper.name,
                        .blob = papers.at(paper.name)})
      .str();
}

struct Series {
  const char *key, *scope;
  double first, second, third;  ///< of the three years before the list's
  figures::Basis basis;
};

Result<void> fill_everything(Tx& tx, const World& world, const Plant& plant, const audits::Audit& audit, Date day,
                             const Papers& papers) {
  using enum figures::Basis;
  static const Series series[] = {
      {"plating.area", "", 421'000, 468'000, 500'000, calculated},
      {"plating.rinses", "", 4, 4, 4, calculated},
      {"plating.rinsed_area", "", 1'684'000, 1'872'000, 2'000'000, calculated},
      {"product.qualified", "", 2'010, 2'236, 2'395, metered},
      {"product.output", "", 2'061, 2'287, 2'440, metered},
      {"plating.lines", "", 5, 5, 6, claimed},
      {"plating.lines_automatic", "", 3, 3, 5, claimed},
      {"running.days", "", 298, 301, 300, claimed},
      {"employees", "", 168, 172, 176, claimed},
      {"material.input", "material:镍板", 18.6, 20.1, 20.9, billed},
      {"material.input", "material:锌锭", 31.2, 33.8, 35.4, billed},
      {"material.input", "material:铜球", 24.4, 26.0, 27.1, billed},
      {"material.acid", "", 214, 226, 231, billed},
      {"material.alkali", "", 118, 123, 127, billed},
      {"material.toxic", "", 6.4, 5.9, 5.1, billed},
      {"plating.consumed.zinc", "", 31'200, 33'800, 35'400, billed},
      {"plating.consumed.copper", "", 24'400, 26'000, 27'100, billed},
      {"plating.consumed.nickel", "", 18'600, 20'100, 20'900, billed},
      {"plating.deposited.zinc", "", 24'650, 27'040, 28'674, calculated},
      {"plating.deposited.copper", "", 21'960, 23'660, 24'932, calculated},
      {"plating.deposited.nickel", "", 16'368, 17'889, 18'810, calculated},
      {"electricity.bought", "", 3'120'000, 3'356'000, 3'498'000, billed},
      {"gas.natural", "", 246'000, 259'000, 264'000, billed},
      {"steam.bought", "", 2'860, 3'010, 3'120, billed},
      {"energy.total", "", 978, 1'043, 1'082, calculated},
      {"water.fresh", "", 52'400, 55'900, 57'600, metered},
      {"water.plating", "", 40'416, 43'056, 44'000, metered},
      {"water.reused", "", 29'800, 33'500, 36'000, metered},
      {"water.domestic", "", 6'300, 6'450, 6'520, metered},
      {"wastewater.generated", "", 41'200, 43'900, 45'100, metered},
      {"wastewater.treated", "", 41'200, 43'900, 45'100, metered},
      {"wastewater.discharged", "", 33'600, 34'900, 35'200, metered},
      {"cod.discharged", "", 1.68, 1.71, 1.62, monitored},
      {"nh3n.discharged", "", 0.19, 0.18, 0.16, monitored},
      {"metal.chromium.discharged", "", 4.1, 3.9, 3.4, monitored},
      {"metal.nickel.discharged", "", 3.3, 3.1, 2.7, monitored},
      {"hazardous_waste.generated", "", 142, 149, 151, metered},
      {"hazardous_waste.disposed", "", 142, 148, 151, metered},
      {"money.output_value", "", 8'640, 9'420, 9'980, claimed},
      {"money.environment_cost", "", 412, 438, 451, claimed},
  };
  const auto act = act_on(world, plant.filler, day);
  const auto bills = attach_to(tx, act, audit.id, papers, kBills), water = attach_to(tx, act, audit.id, papers, kWater);
  const auto evidence_of = [&](const Series& row, int nth) -> std::optional<figures::Evidence> {
    const std::string_view key = row.key;
    if (key == "electricity.bought") return figures::Evidence{bills, "第" + std::to_string(nth + 1) + "页"};
    if (nth == 2 && row.basis == monitored) return figures::Evidence{water, "表1"};
    return std::nullopt;
  };
  std::vector<figures::Entry> entries;
  for (const auto& row : series) {
    const auto* key = world.premises.rules->find_key(row.key);
    const double values[] = {row.first, row.second, row.third};
    for (int i = 0; i < 3; ++i)
      entries.push_back(
          {.place = {row.key, row.scope, figures::Period::year(audit.year - 3 + i), figures::Aspect::measured},
           .value =
               figures::Value::of(Decimal::of(Decimal::from_double(values[i], 2).shortest()), key ? key->unit : ""),
           .basis = row.basis,
           .evidence = evidence_of(row, i)});
  }
  QY_CHECK(figures::set_figures(tx, act, *world.premises.rules, {"audit", audit.id.str()}, "99", entries));
  return {};
}

/// Every row of the system: the published example of level Ⅱ with three metals, and the reuse of plating water answered
/// too. Row 5 comes from the ledger.
Result<void> answer_everything(Tx& tx, const World& world, const Plant& plant, const audits::AuditId& id, Date day) {
  std::map<std::string, analysis::RowAnswer> rows;
  for (const auto& [row, level] : std::map<std::string, std::string>{{"1", "II"},
                                                                     {"2", "I"},
                                                                     {"3", "I"},
                                                                     {"4", "II"},
                                                                     {"15", "II"},
                                                                     {"16", "I"},
                                                                     {"17", "I"},
                                                                     {"18", "I"},
                                                                     {"19", "I"},
                                                                     {"20", "II"},
                                                                     {"21", "I"},
                                                                     {"22", "II"},
                                                                     {"23", "I"},
                                                                     {"24", "I"},
                                                                     {"25", "I"}})
    rows[row].level = level;
  for (const auto& [row, value] :
       std::map<std::string, std::string>{{"6", "81"}, {"7", "92"}, {"8", "90"}, {"13", "45"}, {"14", "100"}})
    rows[row].value = value;
  for (const char* row : {"9", "10", "11", "12"}) rows[row].not_applicable = "本企业无该镀种";
  return analysis::answer_rows(tx, world.premises, act_on(world, plant.filler, day), id, rows, {{"n", "3"}});
}

Result<void> propose_everything(Tx& tx, const World& world, const Plant& plant, const audits::AuditId& id, Date day,
                                const Papers& papers) {
  struct Wanted {
    const char *title, *description, *origin, *responsible;
    bool costly;
    std::map<std::string, Decimal> planned;
    const Paper* paper = nullptr;
  };
  const auto d = [](const char* text) { return Decimal::of(text); };
  const std::vector<Wanted> wanted{
      {"镀槽出槽加装滴液挡板并延长滴流时间",
       "6条线出槽工位加装挡板，滴流时间由8秒延长至15秒，带出液回槽。",
       "process",
       "电镀一车间",
       false,
       {{"investment", d("1.6")}, {"annual_saving", d("9.8")}, {"material", d("1.1")}, {"heavy_metals", d("0.02")}}},
      {"清洗水按电导率自动补水",
       "末级漂洗槽加装电导率仪联动补水阀，避免常流水。",
       "control",
       "电镀二车间",
       false,
       {{"investment", d("2.4")}, {"annual_saving", d("3.6")}, {"water", d("4800")}}},
      {"车间照明改用LED",
       "更换灯具460盏。",
       "equipment",
       "设备部",
       false,
       {{"investment", d("3.2")},
        {"annual_saving", d("4.1")},
        {"electricity", d("5.4")},
        {"standard_coal", d("6.6")},
        {"co2", d("30.8")}},
       &kLamps},
      {"前处理酸碱按批次定额领用",
       "建立领用台账，与产量挂钩考核。",
       "management",
       "仓储部",
       false,
       {{"investment", d("0.2")}, {"annual_saving", d("5.2")}, {"material", d("9.5")}}},
      {"三级逆流漂洗改造",
       "3条老线由两级漂洗改为三级逆流漂洗并在线回收镍。",
       "process",
       "技术部",
       true,
       {{"investment", d("86")},
        {"annual_saving", d("31.4")},
        {"water", d("13600")},
        {"material", d("2.3")},
        {"heavy_metals", d("0.06")},
        {"cod", d("0.35")}},
       &kRinsing},
      {"电镀废水膜法回用",
       "新增120 m³/d超滤加反渗透装置，产水回用于前处理。",
       "waste",
       "环保部",
       true,
       {{"investment", d("168")},
        {"annual_saving", d("29.5")},
        {"water", d("21000")},
        {"cod", d("0.62")},
        {"waste_liquid", d("90")}}},
      {"高频开关电源替换可控硅整流器",
       "替换老旧整流器14台，效率由78%提高到91%。",
       "equipment",
       "设备部",
       true,
       {{"investment", d("54")},
        {"annual_saving", d("22.8")},
        {"electricity", d("31.5")},
        {"standard_coal", d("38.7")},
        {"co2", d("179.6")}}},
      {"无氰镀铜工艺替代",
       "焦磷酸盐体系替代氰化镀铜，需产品验证。",
       "material",
       "技术部",
       true,
       {{"investment", d("120")}, {"annual_saving", d("4.0")}}},
  };
  for (const auto& one : wanted) {
    QY_TRY(const auto option, analysis::add_option(tx, world.premises, act_on(world, plant.filler, day), id,
                                                   {.title = one.title,
                                                    .description = one.description,
                                                    .cost_class = one.costly ? "medium_or_high" : "none_or_low",
                                                    .origin = one.origin,
                                                    .responsible = one.responsible,
                                                    .planned = one.planned,
                                                    .planned_on = day.plus_days(one.costly ? 240 : 10)}));
    if (one.paper) {
      const auto act = act_on(world, plant.filler, day.plus_days(13));
      QY_CHECK(analysis::add_evidence(tx, act, option, attach_to(tx, act, id, papers, *one.paper), "第1页"));
    }
    const auto state = [&](const char* to, std::optional<Date> on = {}, const std::string& reason = "") {
      return analysis::set_option_state(tx, world.premises, act_on(world, plant.filler, day.plus_days(14)), option, to,
                                        on, {}, reason);
    };
    if (one.origin == std::string("material")) {
      QY_CHECK(state("dropped", {}, "主要客户尚未认可无氰镀铜层，经济性不足，暂不实施。"));
      continue;
    }
    QY_CHECK(state("feasible"));
    QY_CHECK(one.costly ? state("planned") : state("implemented", day.plus_days(12)));
  }
  return {};
}

/// 更正公告: the list gave the wording of the category instead of what the plant uses and discharges.
Result<void> correct_reason(Tx& tx, const World& world, const audits::Audit& audit, Date day) {
  const auto entry = listing::find_entry(tx, audit.entry);
  if (!entry) return Error{ErrorKind::conflict, "demo.failed", {{"step", "correction"}}};
  listing::NewCorrection wanted{.published_on = day,
                                .dated_on = day.plus_days(-1),
                                .where = "https://example.org/notices/correction",
                                .explanation = "列入理由照抄了类别用语，未写明该企业使用和排放的物质，现予更正。",
                                .document_number = "示环函〔" + std::to_string(audit.year) + "〕88号",
                                .list = {},
                                .entries = {}};
  wanted.entries.push_back({.entry = entry->id.str(),
                            .enterprise_name = {},
                            .reason = "使用铬酸酐、硫酸镍等有毒有害原料，排放总铬、总镍",
                            .mode_reason = {},
                            .refused = {}});
  QY_CHECK(audits::correct(tx, world.premises, act_on(world, world.desk("990000", "ecology").chief, day), entry->list,
                           wanted));
  return {};
}

/// What the plant wrote itself; tables and figures come from the ledger when the report is made.
Result<void> write_texts(Tx& tx, const World& world, const Plant& plant, const audits::Audit& audit, Date day) {
  const auto year = std::to_string(audit.year - 1);
  const std::vector<std::pair<const char*, std::string>> texts{
      {"preface",
       "我公司被列入强制性清洁生产审核名单，列入理由为使用或排放铬、镍等重金属。本报告按全流程审核编制，基准年为" +
           year + "年。"},
      {"preparation.leadership",
       "公司成立由总经理任组长的审核领导小组，副总经理负责日常工作，各车间主任和环保、设备、技术、财务负责人为成员。"},
      {"preparation.plan", "审核分五个阶段进行，自启动之日起一年内完成；每阶段末由领导小组检查进度。"},
      {"preparation.training", "对全体员工开展两轮培训，一线员工考核合格率98%。"},
      {"pre_audit.overview",
       "公司位于云溪表面处理集中园区，主要从事镀锌、镀铜、镀镍加工，现有电镀生产线6条，其中自动线5条。"},
      {"pre_audit.process", "工件经除油、酸洗、活化后进入镀槽，各镀种后接逆流漂洗、钝化和烘干。"},
      {"pre_audit.compliance", "车间和总排口重金属浓度达到电镀污染物排放标准特别限值，近三年无环境处罚。"},
      {"pre_audit.focus",
       "以镀镍线漂洗和前处理用水为审核重点：取水占全厂七成以上，镍带出损失最大。全年取水量为{{figure:water.fresh|" +
           year + "}}。"},
      {"pre_audit.goals", "近期目标为单位面积每次清洗取水量下降三成；远期目标达到清洁生产一级水平。"},
      {"audit.causes", "镀液带出多、末级漂洗常流水、部分整流设备效率低是主要原因。"},
      {"choice.recommended", "推荐实施三级逆流漂洗、膜法回用和高频开关电源三项中/高费方案；无氰镀铜暂缓。"},
      {"conclusion", "本轮审核查清了水和镍的损失环节，推荐方案实施后可达到审核目标。"},
  };
  int salt = 0;
  for (const auto& [section, text] : texts)
    QY_CHECK(
        dossier::write_section(tx, world.premises, act_on(world, plant.filler, day, ++salt), audit, section, text, 0));
  return {};
}

}  // namespace

Result<void> settle_plants(World& world) {
  QY_TRY(const auto papers, store_papers(world.premises));
  return world.premises.database->write([&](Tx& tx) -> Result<void> {
    SeededRandom random(77);
    QY_TRY(const auto complete,
           add_plant(tx, world, {"云溪明洁电镀有限公司", "mingjie", "汀兰区园区大道6号", 800'001, true}, random));
    QY_TRY(const auto fresh,
           add_plant(tx, world, {"云溪恒曜电镀有限公司", "hengyao", "汀兰区园区大道18号", 800'002, true}, random));
    QY_TRY(const auto unopened,
           add_plant(tx, world, {"云溪澄光表面处理有限公司", "chengguang", "汀兰区园区大道22号", 800'003, false, true},
                     random));
    const auto first = world.today.plus_days(-88);
    QY_TRY(const auto started, publish_batch(tx, world, {&complete}, first));
    QY_TRY(const auto listed, publish_batch(tx, world, {&fresh, &unopened}, world.today.plus_days(-12)));
    (void)listed;

    const auto id = started.front();
    const auto case_now = [&] { return *audits::find_audit(tx, id); };
    std::map<std::string, disclosure::Answer> answers;
    for (const auto* item : disclosure::items_for(*world.premises.rules, case_now().categories)) {
      disclosure::Answer answer;
      if (item->id == "name")
        answer.text = complete.name;
      else if (item->id == "legal_representative")
        answer.text = complete.signatory.name;
      else if (item->id == "address")
        answer.text = complete.address;
      else if (item->id == "toxic_materials")
        answer.substances = {
            {"硫酸镍", "镀镍", "", "14.2 t/年"}, {"铬酐", "钝化", "", "1.9 t/年"}, {"盐酸", "酸洗", "", "168 t/年"}};
      else if (item->id == "toxic_discharges")
        answer.substances = {{"总镍", "DW002车间排放口", "0.08 mg/L（去年第四季度监测）", "2.7 kg/年"},
                             {"总铬", "DW002车间排放口", "0.10 mg/L（去年第四季度监测）", "3.4 kg/年"}};
      else if (item->id == "hazardous_waste")
        answer.substances = {{"电镀污泥（HW17）", "委托有资质单位回收利用", "", "138 t/年"},
                             {"废槽液（HW17）", "委托有资质单位处置", "", "13 t/年"}};
      else
        answer.text = "车间防腐防渗，设300 m³事故应急池、雨污切断阀和总镍在线监测，每年开展两次应急演练。";
      answers[item->id] = std::move(answer);
    }
    QY_CHECK(correct_reason(tx, world, case_now(), first.plus_days(6)));
    const auto disclosed_on = first.plus_days(11);
    QY_CHECK(
        disclosure::save(tx, world.premises, act_on(world, complete.filler, disclosed_on), case_now(), answers, 0));
    QY_CHECK(disclosure::publish(tx, world.premises, act_on(world, complete.filler, disclosed_on, 60), id,
                                 "厂区东门公示栏"));
    QY_CHECK(audits::perform(tx, world.premises, act_on(world, complete.signatory, first.plus_days(20)), id,
                             {.action = "start", .reason = {}, .files = {}}));
    QY_CHECK(audits::give_mandate(tx, world.premises, act_on(world, complete.signatory, first.plus_days(21)), id,
                                  world.consultancies.front().str(), first.plus_days(21), first.plus_days(400)));
    QY_CHECK(fill_everything(tx, world, complete, case_now(), first.plus_days(38), papers));
    QY_CHECK(audits::choose_system(tx, world.premises, act_on(world, complete.filler, first.plus_days(40)), id,
                                   "electroplating-2015"));
    QY_CHECK(answer_everything(tx, world, complete, id, first.plus_days(45)));
    QY_CHECK(propose_everything(tx, world, complete, id, first.plus_days(58), papers));
    return write_texts(tx, world, complete, case_now(), first.plus_days(75));
  });
}

}  // namespace qy::demo
