#pragma once

#include <string>

#include "http/http.h"
#include "regime/premises/premises.h"

namespace qy {

/// POST /api/v1/compute/{name} and GET /api/v1/openapi.json.
void add_system_routes(const Premises& premises, http::Router& router, const std::string& api_description);

/// Idempotency-Key: hooks for http::ServerSettings. A key belongs to its session or token; answers that hold secrets,
/// failures and very large answers are not kept, so such a request may be repeated with the same key.
std::optional<http::Response> recall_answer(const Premises& premises, const http::Request& request);
void remember_answer(const Premises& premises, const http::Request& request, const http::Response& response);

}  // namespace qy
