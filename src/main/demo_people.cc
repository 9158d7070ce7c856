#include <array>

#include "base/text.h"
#include "main/demo_world.h"
#include "regime/identity/administration.h"
#include "units/codes.h"

namespace qy::demo {

const std::vector<std::string> kCities{"990100", "990200", "990300"};
const std::vector<std::string> kCounties{"990101", "990102", "990103", "990201", "990202",
                                         "990203", "990301", "990302", "990303"};

namespace {

using identity::Level;
using identity::Line;
using identity::Party;
using identity::Role;

/// Nobody logs in with it: no password has this hash.
constexpr const char* kNoPassword = "!";

const std::map<std::string, std::string>& latin_names() {
  static const std::map<std::string, std::string> names{
      {"", "nation"},          {"990000", "province"}, {"990100", "yunxi"},    {"990101", "tinglan"},
      {"990102", "wangchuan"}, {"990103", "baizhu"},   {"990200", "lanchuan"}, {"990201", "yuewan"},
      {"990202", "songzhu"},   {"990203", "tongyu"},   {"990300", "qingping"}, {"990301", "yanting"},
      {"990302", "zhubu"},     {"990303", "shuangxi"}};
  return names;
}

Level level_of_region(const std::string& region) {
  if (region.empty()) return Level::nation;
  if (region.ends_with("0000")) return Level::province;
  return region.ends_with("00") ? Level::city : Level::county;
}

std::string short_line(Line line) {
  switch (line) {
    case Line::ecology:
      return "eco";
    case Line::development_reform:
      return "dr";
    case Line::industry:
      return "ind";
    case Line::none:
      break;
  }
  return "admin";
}

Text office_name(const World& world, const std::string& region, Line line) {
  const auto level = level_of_region(region);
  const auto* known = region.empty() ? nullptr : world.premises.rules->find_region(region, world.today);
  const Text place = known ? known->name : Text{"国家", "National"};
  switch (line) {
    case Line::ecology:
      if (level == Level::nation)
        return {"国家生态环境主管部门（示范）", "National ecology department (demonstration)"};
      return {place.zh + (level == Level::province ? "生态环境厅"
                          : level == Level::city   ? "生态环境局"
                                                   : "生态环境分局"),
              place.en + " Ecology and Environment"};
    case Line::development_reform:
      if (level == Level::nation)
        return {"国家发展改革主管部门（示范）", "National development and reform department (demonstration)"};
      return {place.zh + (level == Level::county ? "发展和改革局" : "发展和改革委员会"),
              place.en + " Development and Reform"};
    case Line::industry:
      return {place.zh + (level == Level::province ? "工业和信息化厅" : "工业和信息化局"), place.en + " Industry"};
    case Line::none:
      break;
  }
  return {place.zh + "平台管理办公室", place.en + " platform administration"};
}

/// Who may log in: one set of people for every kind of work.
constexpr std::array kLogins{"nation.eco.officer",
                             "nation.dr.officer",
                             "province.eco.officer",
                             "province.eco.chief",
                             "province.dr.officer",
                             "province.dr.chief",
                             "province.admin",
                             "province.security",
                             "yunxi.eco.officer",
                             "yunxi.eco.chief",
                             "yunxi.dr.officer",
                             "yunxi.dr.chief",
                             "yunxi.ind.chief",
                             "yunxi.admin",
                             "tinglan.eco.officer",
                             "tinglan.eco.chief",
                             "lanchuan.eco.officer",
                             "lanchuan.eco.chief",
                             "lanchuan.dr.chief",
                             "qingping.eco.officer",
                             "expert.01",
                             "expert.02",
                             "expert.03",
                             "consultancy.01",
                             "mingjie.filler",
                             "mingjie.signatory",
                             "hengyao.filler",
                             "hengyao.signatory"};

void make_passwords(World& world) {
  for (const char* login : kLogins) {
    DemoAccount account;
    account.login = login;
    account.password = crypto::activation_code(*world.premises.random);
    world.hashes[login] = crypto::hash_password(account.password);
    world.accounts.push_back(std::move(account));
  }
}

/// AB角: the officer stands in for the chief, as the city's administrator wrote down on that day.
Result<void> name_deputy(const World& world, const std::string& city, Date on) {
  auto then = world.premises;
  then.clock = [on] { return moment_of(on); };
  const auto& desk = world.desk(city, "ecology");
  const auto& administrator = world.administrators.at(city);
  QY_TRY(const auto chief, identity::get_user(then, administrator, desk.chief.user.str()));
  const auto& post = chief.at("posts").as_array().front();
  QY_CHECK(identity::name_deputy(then, administrator, std::string(post.at("id").as_string()), desk.officer.user.str(),
                                 on, std::nullopt));
  return {};
}

}  // namespace

Instant moment_of(Date day, int salt) {
  // 01:00 UTC is nine in the morning in Shanghai; offices close eight hours later.
  return Instant::from_millis(std::int64_t{day.days()} * 86'400'000 + 3'600'000 +
                              (static_cast<std::int64_t>(day.days()) * 7919 + salt * 104'729) % 28'800 * 1000);
}

identity::Act act_on(const World& world, const identity::Caller& caller, Date day, int salt) {
  return {caller, moment_of(day, salt), day, *world.premises.random};
}

std::string region_name(const World& world, const std::string& region) {
  const auto* found = world.premises.rules->find_region(region, world.today);
  return found ? found->name.zh : region;
}

std::string person_name(SeededRandom& random) {
  static const std::vector<std::string> surnames{"闻", "柏", "苏", "温", "岑", "骆", "祁", "蓝",
                                                 "燕", "童", "舒", "池", "殷", "鲍", "宁", "尚",
                                                 "项", "简", "农", "阮", "慕", "楚", "应", "居"};
  static const std::vector<std::string> given{"清和", "映川", "知远", "若溪", "景行", "望舒", "怀瑾", "明澈",
                                              "安澜", "思齐", "采薇", "予安", "云帆", "谨言", "亦舟", "沐阳",
                                              "子衿", "书言", "长河", "南乔", "临风", "听雨", "松年", "静姝",
                                              "致和", "一苇", "凌霜", "秋实", "晓岚", "远山"};
  return surnames[random.below(surnames.size())] + given[random.below(given.size())];
}

std::string credit_code(const std::string& division, std::uint64_t number) {
  auto body = std::to_string(number);
  body = "MA" + std::string(body.size() < 6 ? 6 - body.size() : 0, '0') + body;
  for (const char inner : std::string_view("0123456789X")) {
    const auto stem = "91" + division + body + inner;
    auto whole = CreditCode::parse(stem + "0");
    if (!whole && whole.error().code == "credit_code.check")
      whole = CreditCode::parse(stem + whole.error().params.front().second);
    if (whole && whole->organisation_check_holds()) return std::string(whole->str());
  }
  return {};
}

Result<void> settle_people(World& world) {
  make_passwords(world);
  const Date founded(world.newest_year - 5, 11, 15);
  QY_TRY(auto settled, world.premises.database->write([&](Tx& tx) -> Result<World> {
    World made = world;
    SeededRandom random(1);
    const auto system = identity::system_caller();
    const auto act = act_on(made, system, founded);

    const auto person = [&](const std::string& login, const identity::OfficeId& id, const identity::NewOffice& office,
                            Role role) -> Result<identity::Caller> {
      identity::NewUser user{.login = login,
                             .name = person_name(random),
                             .password_hash = made.hashes.contains(login) ? made.hashes[login] : kNoPassword,
                             .role = role,
                             .party = Party::office,
                             .office = id};
      identity::Caller caller;
      QY_TRY(caller.user, identity::add_user(tx, act, user));
      caller.login = login;
      caller.name = user.name;
      caller.role = role;
      caller.party = Party::office;
      caller.party_id = id.str();
      caller.party_name = office.name.zh;
      caller.line = office.line;
      caller.level = office.level;
      caller.region = office.region;
      caller.province = office.province;
      for (auto& account : made.accounts)
        if (account.login == login) {
          account.office = office.name.zh;
          account.line = identity::to_string(office.line);
          account.role = identity::to_string(role);
          account.name = user.name;
          account.post = caller.post_text();
        }
      return caller;
    };
    std::map<std::pair<std::string, Line>, identity::OfficeId> offices;
    const auto office = [&](const std::string& region, Line line) -> Result<void> {
      const auto level = level_of_region(region);
      const auto above = level == Level::county ? region.substr(0, 4) + "00"
                         : level == Level::city ? region.substr(0, 2) + "0000"
                                                : std::string();
      identity::NewOffice wanted{.region = region,
                                 .province = region.empty() ? "00" : region.substr(0, 2),
                                 .line = line,
                                 .level = level,
                                 .name = office_name(made, region, line),
                                 .parent = {},
                                 .from = {}};
      if (const auto parent = offices.find({above, line}); level != Level::nation && parent != offices.end())
        wanted.parent = parent->second;
      const auto id = identity::add_office(tx, act, wanted);
      offices[{region, line}] = id;
      const auto stem = latin_names().at(region) + "." + short_line(line);
      if (line == Line::none) {
        QY_TRY(made.administrators[region], person(stem, id, wanted, Role::administrator));
        if (level == Level::province) QY_CHECK(person("province.security", id, wanted, Role::security_auditor));
        return {};
      }
      Desk desk;
      QY_TRY(desk.officer, person(stem + ".officer", id, wanted, Role::officer));
      QY_TRY(desk.chief, person(stem + ".chief", id, wanted, Role::chief));
      made.desks[{region, identity::to_string(line)}] = std::move(desk);
      return {};
    };
    for (const auto line : {Line::ecology, Line::development_reform}) QY_CHECK(office("", line));
    for (const auto line : {Line::ecology, Line::development_reform, Line::industry, Line::none})
      QY_CHECK(office("990000", line));
    for (const auto& city : kCities)
      for (const auto line : {Line::ecology, Line::development_reform, Line::industry, Line::none})
        QY_CHECK(office(city, line));
    for (const auto& county : kCounties)
      for (const auto line : {Line::ecology, Line::development_reform}) QY_CHECK(office(county, line));

    const auto outsider = [&](const std::string& login, const std::string& name, Party party,
                              const registry::PartyId& id, const std::string& of, Role role) -> Result<void> {
      identity::NewUser user{.login = login,
                             .name = name,
                             .password_hash = made.hashes.contains(login) ? made.hashes[login] : kNoPassword,
                             .role = role,
                             .party = party,
                             .party_id = id.str(),
                             .party_name = of,
                             .office = {},
                             .province = "99"};
      QY_CHECK(identity::add_user(tx, act, user));
      for (auto& account : made.accounts)
        if (account.login == login) {
          account.office = of;
          account.line = "none";
          account.role = identity::to_string(role);
          account.name = name;
          account.post = std::string(identity::title_of(role)) + " · " + of;
        }
      return {};
    };

    static const std::vector<std::string> firms{"示范省清源环境咨询有限公司",     "澜川绿衡清洁生产技术有限公司",
                                                "青屏循环经济咨询有限公司",       "云溪水木节能科技有限公司",
                                                "示范省碧野环保技术服务有限公司", "澜川知行能源管理有限公司",
                                                "青屏远山工程咨询有限公司",       "云溪三和环境研究有限公司"};
    for (std::size_t i = 0; i < firms.size(); ++i) {
      registry::PartyFacts facts{
          .kind = Party::consultancy,
          .name = firms[i],
          .credit_code = credit_code(kCities[i % 3], 900'000 + i),
          .region = kCities[i % 3],
          .address = region_name(made, kCities[i % 3]) + "科创路" + std::to_string(10 + i) + "号",
          .contact_name = person_name(random),
          .contact_phone = "000-0000" + std::to_string(1000 + i)};
      facts.qualifications = {"清洁生产审核咨询"};
      QY_TRY(const auto id, registry::add_party(tx, *made.premises.rules, act, facts));
      made.consultancies.push_back(id);
      made.party_names[id.str()] = firms[i];
      QY_CHECK(outsider("consultancy.0" + std::to_string(i + 1), facts.contact_name, Party::consultancy, id, firms[i],
                        Role::consultant));
    }
    static const std::vector<std::pair<std::string, std::string>> fields{
        {"electroplating", "表面处理"},    {"dyeing", "染整工程"}, {"metallurgy", "冶金工程"},
        {"chemicals", "化学工程"},         {"energy", "热能工程"}, {"paper", "制浆造纸"},
        {"building_materials", "无机材料"}};
    static const std::vector<std::string> institutes{"示范省环境科学研究所", "云溪理工学院", "澜川工业大学",
                                                     "示范省节能监察中心", "青屏材料研究所"};
    for (std::size_t i = 0; i < 20; ++i) {
      const bool consultant = i == 7;  // employed by a consultancy: he must stand aside where it advised
      registry::PartyFacts facts{.kind = Party::expert,
                                 .name = person_name(random),
                                 .region = kCities[i % 3],
                                 .employer = consultant ? firms[0] : institutes[i % institutes.size()],
                                 .title = i % 3 == 0   ? "研究员"
                                          : i % 3 == 1 ? "教授"
                                                       : "高级工程师"};
      facts.fields = {fields[i % fields.size()].first, fields[i % fields.size()].second};
      auto added = registry::add_party(tx, *made.premises.rules, act, facts);
      if (!added && added.error().code == "party.exists") {
        facts.name += "之";
        added = registry::add_party(tx, *made.premises.rules, act, facts);
      }
      QY_TRY(const auto id, std::move(added));
      made.experts.push_back(id);
      made.party_names[id.str()] = facts.name;
      const auto number = std::to_string(i + 1);
      QY_CHECK(outsider("expert." + std::string(number.size() < 2 ? "0" : "") + number, facts.name, Party::expert, id,
                        facts.employer, Role::expert));
    }
    for (std::size_t i = 0; i < kCities.size(); ++i) {
      static const char* names[] = {"云溪表面处理集中园区", "澜川循环化工园", "青屏轻纺产业园"};
      QY_TRY(const auto id, registry::add_party(tx, *made.premises.rules, act,
                                                {.kind = Party::park,
                                                 .name = names[i],
                                                 .credit_code = credit_code(kCities[i], 910'000 + i),
                                                 .region = kCounties[3 * i],
                                                 .address = region_name(made, kCounties[3 * i]) + "园区大道1号"}));
      made.parks.push_back(id);
    }
    return made;
  }));
  world.accounts = std::move(settled.accounts);
  world.administrators = std::move(settled.administrators);
  world.desks = std::move(settled.desks);
  world.consultancies = std::move(settled.consultancies);
  world.experts = std::move(settled.experts);
  world.parks = std::move(settled.parks);
  world.party_names = std::move(settled.party_names);
  for (const auto* region : {"990200", "990300"}) QY_CHECK(name_deputy(world, region, founded.plus_days(60)));
  return {};
}

}  // namespace qy::demo
