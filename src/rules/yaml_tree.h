#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/library.h"

/// A YAML file as a tree that keeps line numbers and repeated keys and reads no scalar as anything but text. Inside
/// `rules/` only.
namespace qy::rules {

struct YamlNode {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  std::string text = {};                                   ///< of a scalar
  bool quoted = false;                                     ///< the scalar stood in quotes
  int line = 0;                                            ///< 1-based
  std::vector<YamlNode> items = {};                        ///< of a sequence
  std::vector<std::pair<YamlNode, YamlNode>> fields = {};  ///< of a map, in file order, repeated keys included

  const YamlNode* find(std::string_view key) const;  ///< the first field of that name
};

/// Reads one document. Anchors, aliases, tags, a second document and text that is not UTF-8 are refused; problems are
/// appended with `file`. Returns false when the tree cannot be used at all.
bool read_yaml(std::string_view bytes, const std::string& file, YamlNode& root, std::vector<PackProblem>& problems);

/// Adds a problem.
void complain(std::vector<PackProblem>& problems, const std::string& file, int line, std::string code,
              Params params = {});

}  // namespace qy::rules
