#include "regime/audits/waiting.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <shared_mutex>

#include "engine/procedure/procedure.h"
#include "regime/audits/audits_commands.h"
#include "regime/audits/audits_store.h"
#include "regime/identity/actor.h"

namespace qy::audits {
namespace {

constexpr std::string_view kOwn[] = {"evaluation", "acceptance", "publication"};

struct Told {
  std::shared_mutex mutex;
  std::deque<Waiting> kinds;  // never moves what `find_waiting` gave out
};

Told& told() {
  static Told instance;
  return instance;
}

/// The states from which the caller, in the department that leads the case, publishes results, by procedure.
std::map<std::string, std::vector<std::string>> publishes_from(const Premises& premises,
                                                               const identity::Caller& caller) {
  std::map<std::string, std::vector<std::string>> found;
  const auto actor = identity::actor_of(caller, identity::to_string(caller.line), "");
  for (const auto& procedure : premises.rules->procedures())
    if (const auto* action = procedure.find_action("publish_result");
        action && engine::procedure::may_perform(*action, actor))
      found[procedure.id] = action->from;
  return found;
}

std::map<std::string, std::vector<std::string>> states_where(const rules::Library& rules,
                                                             decltype(Waiting::in_state) holds) {
  std::map<std::string, std::vector<std::string>> found;
  for (const auto& procedure : rules.procedures())
    for (const auto& state : procedure.states)
      if (holds(procedure, state)) found[procedure.id].push_back(state.id);
  return found;
}

}  // namespace

void register_waiting(const Waiting& waiting) {
  auto& all = told();
  const std::unique_lock lock(all.mutex);
  const auto known = std::ranges::find(all.kinds, waiting.name, &Waiting::name);
  if (known == all.kinds.end())
    all.kinds.push_back(waiting);
  else
    *known = waiting;
}

const Waiting* find_waiting(std::string_view name) {
  auto& all = told();
  const std::shared_lock lock(all.mutex);
  const auto known = std::ranges::find(all.kinds, name, &Waiting::name);
  return known == all.kinds.end() ? nullptr : &*known;
}

std::vector<std::string> waiting_kinds() {
  std::vector<std::string> kinds(std::begin(kOwn), std::end(kOwn));
  auto& all = told();
  const std::shared_lock lock(all.mutex);
  for (const auto& one : all.kinds) kinds.emplace_back(one.name);
  return kinds;
}

std::optional<Filter> waiting_filter(const Premises& premises, const identity::Caller& caller, std::string_view kind) {
  Filter filter{.line = std::string(identity::to_string(caller.line)), .waiting = std::string(kind)};
  if (kind == "publication")
    filter.states = publishes_from(premises, caller);
  else if (const auto* told = find_waiting(kind))
    filter.states = states_where(*premises.rules, told->in_state);
  else
    return filter;
  return filter.states.empty() ? std::nullopt : std::optional(filter);
}

void work_of(Tx& tx, const Premises& premises, const identity::Caller& caller, std::vector<obligations::Work>& found) {
  using identity::Role;
  if (!caller.is_office() || (caller.role != Role::officer && caller.role != Role::chief)) return;
  for (const auto& kind : waiting_kinds()) {
    const auto filter = waiting_filter(premises, caller, kind);
    if (!filter) continue;
    const auto total = store::search(tx, *filter, scope_of(caller), {.page = 1, .size = 1}, premises.today()).total;
    if (total > 0) found.push_back({"case_" + kind, total, "/app/audits?waiting=" + kind + "&line=" + filter->line});
  }
}

}  // namespace qy::audits
