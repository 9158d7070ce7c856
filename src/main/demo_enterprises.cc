#include "main/demo_world.h"

namespace qy::demo {

const std::vector<Trade>& trades() {
  static const std::vector<Trade> all{
      {"3360", "electroplating", "电镀", "toxic", "使用或排放铅、汞、镉、铬等重金属和类金属砷", "electroplating-2015",
       "电镀件", "plating.area", 180'000, "镍板及镍盐", 26, 2'600'000, 46'000, "总镍"},
      {"1713", "", "印染", "over_standard", "达标排放但超过重点污染物排放总量控制指标", "", "印染布", "product.length",
       32'000'000, "染料及助剂", 4'300, 21'000'000, 980'000, "化学需氧量"},
      {"2221", "", "纸业", "over_standard", "污染物排放浓度超过国家或地方排放标准", "", "瓦楞纸", "product.output",
       120'000, "废纸", 138'000, 52'000'000, 1'300'000, "化学需氧量"},
      {"2614", "", "化工", "toxic", "使用或产生危险废物", "", "有机中间体", "product.output", 18'000, "苯类原料",
       21'000, 16'000'000, 310'000, "挥发性有机物"},
      {"2710", "", "制药", "toxic", "使用或产生危险废物", "", "原料药", "product.output", 420, "有机溶剂", 1'600,
       9'800'000, 260'000, "挥发性有机物"},
      {"3011", "", "水泥", "energy_intensive", "单位产品能源消耗超过国家或地方限额标准", "", "水泥", "product.output",
       1'400'000, "石灰石", 1'650'000, 118'000'000, 420'000, "颗粒物"},
      {"3120", "", "特钢", "energy_intensive", "单位产品能源消耗超过国家或地方限额标准", "", "钢坯", "product.output",
       620'000, "废钢", 690'000, 340'000'000, 1'900'000, "颗粒物"},
      {"2521", "", "焦化", "toxic", "使用或产生危险废物", "", "冶金焦", "product.output", 760'000, "洗精煤", 1'020'000,
       34'000'000, 1'100'000, "氨氮"},
      {"3211", "", "铜业", "toxic", "使用或排放铅、汞、镉、铬等重金属和类金属砷", "", "阴极铜", "product.output",
       90'000, "铜精矿", 350'000, 96'000'000, 880'000, "总砷"},
      {"4411", "", "热电", "energy_intensive", "单位产品能源消耗超过国家或地方限额标准", "", "供电量",
       "product.generation", 1'100'000'000, "脱硫剂", 9'000, 72'000'000, 2'100'000, "二氧化硫"},
      {"1391", "", "淀粉", "over_standard", "污染物排放浓度超过国家或地方排放标准", "", "玉米淀粉", "product.output",
       86'000, "玉米", 124'000, 17'000'000, 340'000, "化学需氧量"},
      {"3311", "coating", "钢构", "local", "属于重点行业，列入省级实施方案", "", "钢结构件", "product.output", 42'000,
       "涂料", 310, 6'400'000, 38'000, "挥发性有机物"},
      {"2319", "", "印务", "local", "属于重点行业，列入省级实施方案", "", "包装印刷品", "product.output", 9'600, "油墨",
       190, 4'200'000, 21'000, "挥发性有机物"},
      {"3843", "", "蓄电池", "toxic", "使用或排放铅、汞、镉、铬等重金属和类金属砷", "", "铅蓄电池", "product.pieces",
       3'400'000, "铅锭", 31'000, 58'000'000, 260'000, "总铅"},
  };
  return all;
}

namespace {

constexpr int kPerCity = 120;

const std::vector<std::string>& fancy() {
  static const std::vector<std::string> words{"恒澜",   "瑞岚", "嘉禾",   "启明", "泓远",   "铭川", "锦越", "昱达",
                                              "泰禾",   "新屿", "盛垚",   "凌云", "景泰来", "鼎澄", "宏渡", "清越",
                                              "联澍",   "远桥", "和润丰", "博岩", "昌沐",   "天衡", "旭屿", "森罗",
                                              "卓越山", "广涵", "永汀",   "佳澍", "德润",   "众翊"};
  return words;
}

identity::Caller person_of(const Plant& plant, identity::Role role, const std::string& name, const std::string& login) {
  identity::Caller caller;
  caller.login = login;
  caller.name = name;
  caller.role = role;
  caller.party = identity::Party::enterprise;
  caller.party_id = plant.id.str();
  caller.party_name = plant.name;
  caller.province = "99";
  return caller;
}

}  // namespace

registry::Permit permit_of(const World& world, const std::string& credit_code, Date since, bool lapsed) {
  auto from = lapsed ? world.today.plus_years(-5).plus_days(-39) : since;
  const auto last = [&] { return from.plus_years(5).plus_days(-1); };
  while (!lapsed && last() < world.today) from = from.plus_years(5);
  return {"permit", credit_code + "001P", from, last()};
}

Result<void> settle_enterprises(World& world) {
  const Date registered(world.newest_year - 5, 12, 1);
  for (std::size_t c = 0; c < kCities.size(); ++c) {
    QY_TRY(auto plants, world.premises.database->write([&](Tx& tx) -> Result<std::vector<Plant>> {
      std::vector<Plant> made;
      SeededRandom random(100 + c);
      const auto city = region_name(world, kCities[c]);
      const auto place = city.substr(0, city.size() - 3);  // without 市
      for (int i = 0; i < kPerCity; ++i) {
        Plant plant;
        plant.trade = static_cast<std::size_t>(i) % trades().size();
        const auto& trade = trades()[plant.trade];
        plant.name =
            place +
            fancy()[(static_cast<std::size_t>(i) * 7 + c * 11 + static_cast<std::size_t>(i) / 30) % fancy().size()] +
            trade.word + "有限公司";
        plant.region = kCounties[3 * c + random.below(3)];
        plant.size = 40 + static_cast<int>(random.below(160));
        plant.scale = plant.size > 150 ? "large" : plant.size > 90 ? "medium" : plant.size > 50 ? "small" : "micro";
        const auto number = 10'000 * (c + 1) + static_cast<std::uint64_t>(i);
        plant.credit_code = credit_code(plant.region, number);
        plant.address = region_name(world, plant.region) +
                        (i % 4 == 0   ? "工业园纬二路"
                         : i % 4 == 1 ? "滨江路"
                         : i % 4 == 2 ? "创业大道"
                                      : "北环路") +
                        std::to_string(3 + i) + "号";
        plant.in_business = i < kPerCity - 8;
        registry::EnterpriseFacts facts{.name = plant.name,
                                        .credit_code = plant.credit_code,
                                        .registered_region = plant.region,
                                        .region = plant.region,
                                        .address = plant.address,
                                        .industry = trade.industry};
        if (*trade.tag) facts.tags = {trade.tag};
        facts.scale = plant.scale;
        facts.permits = {permit_of(world, plant.credit_code, registered.plus_days(-200), i % 23 == 9)};
        facts.legal_representative = person_name(random);
        facts.contact_name = person_name(random);
        facts.contact_phone = "000-" + std::to_string(8'000'000 + number);
        if (plant.trade == 0 && plant.region == kCounties[3 * c]) facts.park = world.parks[c].str();
        if (!plant.in_business) {
          facts.status = i % 2 ? "stopped" : "closed";
          facts.status_since = registered.plus_days(-400);
        }
        const auto& keeper = world.desk(plant.region, "ecology").officer;
        const auto act = act_on(world, keeper, registered, i);
        QY_TRY(plant.id, registry::add_enterprise(tx, *world.premises.rules, act, facts));
        if (i % 3 == 0) {
          const int year = world.newest_year - 8 - static_cast<int>(random.below(3));
          QY_CHECK(registry::add_former_round(
              tx, act,
              {.id = {},
               .enterprise = plant.id,
               .year = year,
               .document_number = "示环函〔" + std::to_string(year) + "〕" + std::to_string(20 + i) + "号",
               .accepted_on = Date(year, 10, 1 + i % 28),
               .level = i % 2 ? "II" : "III",
               .scan = {},
               .recorded_by = {},
               .recorded_at = {}}));
        }
        const auto stem = "qy" + std::to_string(number);
        for (const auto role : {identity::Role::filler, identity::Role::signatory}) {
          const auto name = role == identity::Role::signatory ? facts.legal_representative : facts.contact_name;
          const auto login = stem + (role == identity::Role::signatory ? ".signatory" : ".filler");
          auto caller = person_of(plant, role, name, login);
          if (plant.in_business) {
            QY_TRY(caller.user, identity::add_user(tx, act,
                                                   {.login = login,
                                                    .name = name,
                                                    .password_hash = "!",
                                                    .role = role,
                                                    .party = identity::Party::enterprise,
                                                    .party_id = plant.id.str(),
                                                    .party_name = plant.name,
                                                    .office = {},
                                                    .province = "99"}));
          }
          (role == identity::Role::signatory ? plant.signatory : plant.filler) = std::move(caller);
        }
        made.push_back(std::move(plant));
      }
      return made;
    }));
    for (auto& plant : plants) world.plants.push_back(std::move(plant));
  }
  return {};
}

}  // namespace qy::demo
