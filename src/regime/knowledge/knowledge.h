#pragma once

#include <span>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/premises/premises.h"

/// 知识库: the rules in force, readable: code lists for forms, indicator systems, documents, clocks and factors, each
/// with its source and mark.
namespace qy::knowledge {

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> knowledge_messages();

}  // namespace qy::knowledge
