#pragma once

#include <vector>

#include "db/database.h"
#include "http/http.h"
#include "regime/premises/premises.h"

/// The rooms that are in the house. Adding a room means adding its lines in rooms.cc.
namespace qy {

namespace migrations {
/// The migrations of the database floor and of every room: cmake/tower.cmake writes it.
std::vector<db::Migration> so_far();
}  // namespace migrations

/// The endpoints of every room, of the engines and of the API description. `premises` must outlive `router`.
/// `api_description` is the file that GET /api/v1/openapi.json answers.
void add_all_routes(const Premises& premises, http::Router& router, const std::string& api_description = "");

}  // namespace qy
