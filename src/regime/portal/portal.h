#pragma once

#include <span>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/premises/premises.h"

/// 公众门户: what everyone may read without an account: published lists, disclosures, results, and the law as of a day.
/// Never a person's name, a telephone number, a draft, a score sheet or an unpublished decision.
namespace qy::portal {

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> portal_messages();

}  // namespace qy::portal
