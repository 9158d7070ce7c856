#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "main/demo.h"
#include "regime/identity/identity.h"
#include "regime/premises/premises.h"
#include "regime/register/register.h"

/// What the parts of the demonstration know together.
namespace qy::demo {

/// The two people of an office who handle cases.
struct Desk {
  identity::Caller officer, chief;
};

/// What a kind of plant makes and uses; figures of a plant of ordinary size in a year.
struct Trade {
  const char* industry;  ///< GB/T 4754
  const char* tag;       ///< process tag, "" = none
  const char* word;      ///< in its name: 电镀
  const char* category;  ///< rules::Category id it is usually listed under
  const char* reason;
  const char* system;   ///< indicator system, "" when the packs have none
  const char* product;  ///< name of the product
  const char* product_key;
  double output;  ///< in the unit of product_key
  const char* material;
  double material_t, electricity_kwh, water_m3;
  const char* pollutant;  ///< disclosed first
};
const std::vector<Trade>& trades();

struct Plant {
  registry::EnterpriseId id;
  std::string name, credit_code, region, scale, address;
  std::size_t trade = 0;
  int size = 100;  ///< percent of the trade's ordinary plant
  bool in_business = true;
  identity::Caller filler, signatory;  ///< no user when nobody has an account
};

struct World {
  const Premises& premises;
  Date today;
  int newest_year = 0;  ///< of the newest lists
  std::vector<DemoAccount> accounts;
  std::map<std::string, std::string> hashes;                  ///< login → hash of those who may log in
  std::map<std::string, identity::Caller> administrators;     ///< by region
  std::map<std::pair<std::string, std::string>, Desk> desks;  ///< by region and line
  std::vector<registry::PartyId> consultancies, experts, parks;
  std::map<std::string, std::string> party_names;
  std::vector<Plant> plants;
  std::set<std::size_t> free;  ///< plants whose rounds are over, so that they may be listed again

  const Desk& desk(const std::string& region, const std::string& line) const { return desks.at({region, line}); }
};

/// A moment of a working day, the same for the same day and salt.
Instant moment_of(Date day, int salt = 0);
/// The act of a person on a day of the past.
identity::Act act_on(const World& world, const identity::Caller& caller, Date day, int salt = 0);
/// Invented: 示范省 and the like.
std::string region_name(const World& world, const std::string& region);
std::string person_name(SeededRandom& random);
/// An 18-character credit code with both check characters, registered in `division`.
std::string credit_code(const std::string& division, std::uint64_t number);

/// 排污许可证 of a site, renewed every five years since `since`; a lapsed one ran out forty days ago.
registry::Permit permit_of(const World& world, const std::string& credit_code, Date since, bool lapsed);

extern const std::vector<std::string> kCities, kCounties;

/// Offices, people, consultancies, experts and parks.
Result<void> settle_people(World& world);
/// About 360 enterprises in three cities, with those who sign for them.
Result<void> settle_enterprises(World& world);
/// The lists of five years and what became of them.
Result<void> write_history(World& world);
/// The electroplating plants to try.
Result<void> settle_plants(World& world);

}  // namespace qy::demo
