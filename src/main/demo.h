#pragma once

#include <string>
#include <vector>

#include "main/house.h"

/// 示范省: an invented province under the unassigned region code 99 with several years of history, made through the
/// same services that people use, so that its log reads like a real one.
namespace qy {

/// One line of data/demo/accounts.json.
struct DemoAccount {
  std::string login, password, post, office, line, role, name;
};

/// Makes the demonstration's database in `settings.data` when there is none yet, and reads its accounts. The database
/// appears under its name only when it is complete: an interrupted first start begins anew. `accounts.json` is written
/// with mode 0600 before it. Errors: demo.own_database when `settings.database` names one, demo.other_data {path} when
/// the directory holds a database that is no demonstration, demo.failed, data.unusable, those of open_premises.
Result<std::vector<DemoAccount>> open_demonstration(const HouseSettings& settings);

}  // namespace qy
