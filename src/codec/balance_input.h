#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "codec/documents.h"
#include "engine/balance/components.h"

namespace qy::codec {

/// The document of `compute balance`, read: names beside the engine's indices.
struct BalanceInput {
  std::vector<std::string> nodes, streams, constraints, targets, components;
  engine::balance::Model model;
  engine::balance::Options options;
  engine::balance::ComponentModel layers;  ///< its `base` is empty until the components are reconciled
  std::vector<double> detection_limit;     ///< of every fraction; 0: none
  std::vector<int> by_difference;          ///< streams whose number was computed from the others: taken as unmeasured
  std::vector<std::size_t> covariance_places;  ///< in the document, of the model's covariances
  std::vector<int> idle_covariances;           ///< in the document: left out, because one end has no error of its own
};

/// Reads everything that can be read; the complaints are in `in`, and nothing may be used before `in.done()`.
BalanceInput read_balance(json::ObjectReader& in);

}  // namespace qy::codec
