#include "engine/procedure/procedure.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace qy::engine::procedure {
namespace {

const rules::ProcedureAction* action_of(const rules::Procedure& procedure, std::string_view id) {
  const auto found =
      std::find_if(procedure.actions.begin(), procedure.actions.end(), [&](const auto& a) { return a.id == id; });
  return found == procedure.actions.end() ? nullptr : &*found;
}

const rules::State* state_of(const rules::Procedure& procedure, std::string_view id) {
  const auto found =
      std::find_if(procedure.states.begin(), procedure.states.end(), [&](const auto& s) { return s.id == id; });
  return found == procedure.states.end() ? nullptr : &*found;
}

Text title_of(const rules::Procedure& procedure, std::string_view state) {
  const auto* found = state_of(procedure, state);
  return found ? found->title : Text{std::string(state), std::string(state)};
}

bool may_happen_in(const rules::Procedure& procedure, const rules::ProcedureAction& action, std::string_view state) {
  for (const auto& from : action.from) {
    if (from == state) return true;
    if (from == "*") {
      const auto* s = state_of(procedure, state);
      if (s && !s->terminal) return true;
    }
  }
  return action.from.empty() && state == procedure.initial;
}

bool matches(const rules::Actor& wanted, const Actor& actor) {
  if (!wanted.party.empty() && wanted.party != actor.party) return false;
  if (!wanted.roles.empty() && !wanted.roles.contains(actor.role)) return false;
  if (!wanted.levels.empty() && !wanted.levels.contains(actor.level)) return false;
  if (wanted.line == "lead") return actor.is_lead;
  if (wanted.line == "cosign") return actor.is_cosign;
  return wanted.line.empty() || wanted.line == actor.line;
}

Text word(std::string_view id) {
  static const std::map<std::string, Text, std::less<>> words{
      {"office", {"主管部门", "office"}},
      {"enterprise", {"企业", "enterprise"}},
      {"consultancy", {"咨询服务机构", "consultancy"}},
      {"expert", {"专家", "expert"}},
      {"system", {"系统", "system"}},
      {"park", {"园区", "park"}},
      {"evaluation_body", {"受托评估机构", "evaluation body"}},
      {"officer", {"承办人", "officer"}},
      {"chief", {"负责人", "chief"}},
      {"filler", {"填报人", "filler"}},
      {"signatory", {"授权签字人", "signatory"}},
      {"consultant", {"咨询人员", "consultant"}},
      {"administrator", {"管理员", "administrator"}},
      {"county", {"县级", "county"}},
      {"city", {"市级", "city"}},
      {"province", {"省级", "provincial"}},
      {"nation", {"国家级", "national"}},
      {"lead", {"牵头部门", "lead department's"}},
      {"cosign", {"会签部门", "co-signing department's"}},
      {"ecology", {"生态环境部门", "ecology department's"}},
      {"development_reform", {"发展改革部门", "development-reform department's"}},
      {"industry", {"工业和信息化部门", "industry department's"}},
  };
  const auto found = words.find(id);
  return found == words.end() ? Text{std::string(id), std::string(id)} : found->second;
}

Text one_actor(const rules::Actor& actor) {
  Text text;
  const auto add = [&](const Text& part) {
    text.zh += part.zh;
    if (!text.en.empty() && !part.en.empty()) text.en += ' ';
    text.en += part.en;
  };
  const auto choices = [&](const std::set<std::string>& ids) {
    Text either;
    for (const auto& id : ids) {
      const auto w = word(id);
      if (!either.zh.empty()) {
        either.zh += "或";
        either.en += " or ";
      }
      either.zh += w.zh;
      either.en += w.en;
    }
    return either;
  };
  if (!actor.levels.empty()) add(choices(actor.levels));
  if (!actor.line.empty())
    add(word(actor.line));
  else if (!actor.party.empty())
    add(word(actor.party));
  if (!actor.roles.empty()) add(choices(actor.roles));
  return text;
}

}  // namespace

Result<std::string> fold(const rules::Procedure& procedure, std::span<const std::string> actions) {
  std::string state = procedure.initial;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto* action = action_of(procedure, actions[i]);
    if (!action) continue;
    if (!may_happen_in(procedure, *action, state))
      return Error{ErrorKind::conflict,
                   "procedure.broken_log",
                   {{"action", actions[i]}, {"state", state}, {"position", std::to_string(i + 1)}}};
    state = next_state(*action, state);
  }
  return state;
}

bool may_perform(const rules::ProcedureAction& action, const Actor& actor) {
  return std::any_of(action.actors.begin(), action.actors.end(),
                     [&](const auto& wanted) { return matches(wanted, actor); });
}

Result<const rules::ProcedureAction*> check(const rules::Procedure& procedure, std::string_view state,
                                            std::string_view action, const Actor& actor) {
  const auto* found = action_of(procedure, action);
  if (!found) return Error{ErrorKind::not_found, "procedure.unknown_action", {{"action", prefix_of(action, 60)}}};

  if (!may_happen_in(procedure, *found, state)) {
    Text from;
    for (const auto& id : found->from) {
      const auto title = id == "*" ? Text{"任何未办结状态", "any open state"} : title_of(procedure, id);
      if (!from.zh.empty()) {
        from.zh += "、";
        from.en += ", ";
      }
      from.zh += title.zh;
      from.en += title.en;
    }
    const auto now = title_of(procedure, state);
    return Error{ErrorKind::conflict,
                 "procedure.wrong_state",
                 {{"action", found->title.zh},
                  {"action_en", found->title.en},
                  {"state", now.zh},
                  {"state_en", now.en},
                  {"from", from.zh},
                  {"from_en", from.en}}};
  }
  if (!may_perform(*found, actor)) {
    const auto who = who_may(*found);
    return Error{ErrorKind::forbidden,
                 "procedure.wrong_actor",
                 {{"action", found->title.zh}, {"action_en", found->title.en}, {"who", who.zh}, {"who_en", who.en}}};
  }
  return found;
}

std::string next_state(const rules::ProcedureAction& action, std::string_view state) {
  return action.to.empty() ? std::string(state) : action.to;
}

std::vector<std::string> allowed(const rules::Procedure& procedure, std::string_view state, const Actor& actor) {
  std::vector<std::string> ids;
  for (const auto& action : procedure.actions)
    if (may_happen_in(procedure, action, state) && may_perform(action, actor)) ids.push_back(action.id);
  return ids;
}

Text who_may(const rules::ProcedureAction& action) {
  Text text;
  for (const auto& actor : action.actors) {
    const auto one = one_actor(actor);
    if (!text.zh.empty()) {
      text.zh += "，或";
      text.en += ", or ";
    }
    text.zh += one.zh;
    text.en += one.en;
  }
  return text;
}

}  // namespace qy::engine::procedure
