#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "http/http.h"

namespace qy::http {

/// One segment of all patterns: fixed continuations by name and at most one variable.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
  std::unique_ptr<Node> variable;
  std::map<std::string, const Route*, std::less<>> methods;  ///< routes that end here
};

namespace {

std::vector<std::string> segments_of(std::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  return split(path, '/');
}

bool is_variable(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// The deepest match that prefers fixed segments; goes back to variables when a fixed road ends nowhere.
template <class Node>
const Node* walk(const Node& node, const std::vector<std::string>& segments, std::size_t at,
                 std::vector<std::size_t>& variables) {
  if (at == segments.size()) return node.methods.empty() ? nullptr : &node;
  if (const auto next = node.fixed.find(segments[at]); next != node.fixed.end())
    if (const auto* found = walk(*next->second, segments, at + 1, variables)) return found;
  if (!node.variable || segments[at].empty()) return nullptr;
  variables.push_back(at);
  if (const auto* found = walk(*node.variable, segments, at + 1, variables)) return found;
  variables.pop_back();
  return nullptr;
}

std::string allowed_methods(const std::map<std::string, const Route*, std::less<>>& methods) {
  std::vector<std::string> names;
  for (const auto& [name, route] : methods) {
    names.push_back(name);
    if (name == "GET") names.push_back("HEAD");
  }
  names.push_back("OPTIONS");
  return join(names, ", ");
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route) {
  assert(!route.pattern.empty() && route.pattern.front() == '/' && "a pattern begins with /");
  auto* node = root_.get();
  for (const auto& segment : segments_of(route.pattern)) {
    auto& next = is_variable(segment) ? node->variable : node->fixed[segment];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  routes_.push_back(std::move(route));
  [[maybe_unused]] const bool fresh = node->methods.emplace(routes_.back().method, &routes_.back()).second;
  assert(fresh && "two routes answer the same requests");
}

Result<const Route*> Router::find(Request& request) const {
  const auto segments = segments_of(request.path);
  std::vector<std::size_t> variables;
  const auto* node = walk(*root_, segments, 0, variables);
  if (!node) return Error{ErrorKind::not_found, "route.none", {{"path", prefix_of(request.path, 200)}}};
  const auto found = node->methods.find(request.method == "HEAD" ? "GET" : request.method);
  if (found == node->methods.end())
    return Error{ErrorKind::malformed,
                 "route.method",
                 {{"method", request.method}, {"allowed", allowed_methods(node->methods)}}};

  request.parameters.clear();
  const auto names = segments_of(found->second->pattern);
  for (const auto at : variables) request.parameters.emplace(names[at].substr(1, names[at].size() - 2), segments[at]);
  return found->second;
}

std::string Router::allowed(const Request& request) const {
  std::vector<std::size_t> variables;
  const auto* node = walk(*root_, segments_of(request.path), 0, variables);
  return node ? allowed_methods(node->methods) : std::string();
}

}  // namespace qy::http
