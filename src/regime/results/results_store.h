#pragma once

#include "regime/results/results.h"

namespace qy::results::store {

/// Puts the result in the place of the case's former one. Only a failure, which has no effects, is ever replaced.
void save(Tx& tx, const Published& result, std::string_view province,
          const std::map<std::string, std::int64_t>& effects);
std::optional<Published> find(Tx& tx, const audits::AuditId& id);
std::vector<Published> of_enterprise(Tx& tx, const registry::EnterpriseId& id);
Contributions contributions(Tx& tx, std::string_view column, std::string_view region_prefix, std::optional<int> year,
                            const http::Page& page);

}  // namespace qy::results::store
