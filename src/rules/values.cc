#include "rules/values.h"

#include <algorithm>
#include <map>

#include "rules/yaml_tree.h"

namespace qy::rules {
namespace {

/// What an item of a list is called in a path: its id, code, key, year or name, else its position.
std::string name_of(const YamlNode& item, std::size_t position) {
  if (item.kind == YamlNode::Kind::scalar) return item.text;
  for (const char* key : {"id", "code", "key", "year"})
    if (const auto* found = item.find(key); found && found->kind == YamlNode::Kind::scalar) return found->text;
  if (const auto* name = item.find("name"))
    if (const auto* zh = name->find("zh")) return zh->text;
  return std::to_string(position + 1);
}

void flatten(const YamlNode& node, const std::string& path, std::vector<PackValue>& values) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      break;
    case YamlNode::Kind::scalar:
      values.push_back({path, node.text, node.line});
      break;
    case YamlNode::Kind::map:
      for (const auto& [key, value] : node.fields)
        flatten(value, path.empty() ? key.text : path + "." + key.text, values);
      break;
    case YamlNode::Kind::sequence:
      for (std::size_t i = 0; i < node.items.size(); ++i)
        flatten(node.items[i], path + "[" + name_of(node.items[i], i) + "]", values);
      break;
  }
}

/// "clocks[disclose].months" → "disclose"; "" when the path enters no list.
std::string first_item(std::string_view path) {
  const auto open = path.find('['), close = path.find(']');
  return open == std::string_view::npos || close == std::string_view::npos
             ? ""
             : std::string(path.substr(open + 1, close - open - 1));
}

Text named(const Text& title, const std::string& id) {
  return {title.zh + "（" + id + "）", title.en + " (" + id + ")"};
}

/// Who uses what stands at `path` of a pack of `kind`, in `library`.
std::vector<Text> users_of(const Library& library, const std::string& pack, const std::string& kind,
                           const std::string& path) {
  std::vector<Text> users;
  const auto item = first_item(path);
  const auto jurisdictions_where = [&](auto uses) {
    for (const auto& jurisdiction : library.jurisdictions())
      if (uses(jurisdiction)) users.push_back(named(jurisdiction.title, jurisdiction.code));
  };
  const auto has = [](const auto& list, const std::string& id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };

  if (kind == "clocks") {
    jurisdictions_where([&](const auto& j) { return has(j.clocks, item); });
  } else if (kind == "procedure") {
    jurisdictions_where([&](const auto& j) { return j.procedure == pack; });
  } else if (kind == "scoring_table") {
    jurisdictions_where([&](const auto& j) { return j.evaluation_table == pack || j.acceptance_table == pack; });
  } else if (kind == "jurisdiction") {
    for (const auto& file : library.files())
      if (file.id == pack) users.push_back(file.title);
  } else if (kind == "indicator_system") {
    if (const auto* system = library.find_system(pack)) {
      for (const auto& code : system->industries)
        if (const auto* industry = library.find_industry(code)) users.push_back(named(industry->name, code));
      for (const auto& tag : system->tags) users.push_back({tag, tag});
    }
  } else if (kind == "level_rules") {
    for (const auto& system : library.systems())
      if (system.level_rule == item) users.push_back(named(system.title, system.id));
  } else if (kind == "documents") {
    for (const auto& basis : library.bases())
      if (std::any_of(basis.answers.begin(), basis.answers.end(), [&](const auto& answer) {
            return std::any_of(answer.sources.begin(), answer.sources.end(),
                               [&](const auto& source) { return source.document == item; });
          }))
        users.push_back(named(basis.title, basis.id));
    for (const auto& system : library.systems())
      if (system.document == item) users.push_back(named(system.title, system.id));
  } else if (kind == "legal_bases") {
    for (const auto& clock : library.clocks())
      if (clock.basis == item) users.push_back(named(clock.title, clock.id));
    for (const auto& category : library.categories())
      if (category.basis == item) users.push_back(named(category.title, category.id));
    for (const auto& procedure : library.procedures())
      for (const auto& action : procedure.actions)
        if (action.basis == item) users.push_back(named(action.title, procedure.id + "/" + action.id));
  } else if (kind == "ledger_keys") {
    for (const auto& column : library.performance_columns())
      if (column.key == item) users.push_back(named(column.title, column.id));
    for (const auto& system : library.systems())
      for (const auto& group : system.groups)
        for (const auto& row : group.rows)
          if (row.formula_numerator == item || row.formula_denominator == item)
            users.push_back(named(row.name, system.id + "/" + row.id));
  } else if (kind == "categories") {
    if (const auto* category = library.find_category(item)) users.push_back(named(category->title, item));
    for (const auto& category : library.categories())
      if (has(category.disclosure, item)) users.push_back(named(category.title, category.id));
  } else if (kind == "priority_industries" || kind == "industries") {
    for (const auto& industry : library.priority_industries())
      if (industry.id == item || industry.codes.contains(item)) users.push_back(named(industry.title, industry.id));
    for (const auto& system : library.systems())
      if (system.industries.contains(item)) users.push_back(named(system.title, system.id));
  } else if (kind == "calendars") {
    jurisdictions_where([](const auto&) { return true; });
  }
  return users;
}

using Values = std::map<std::string, std::string>;

std::map<std::string, std::pair<std::string, Values>> packs_of(const Library& library) {
  std::map<std::string, std::pair<std::string, Values>> packs;
  for (const auto& file : library.files()) {
    auto& [kind, values] = packs[file.id];
    kind = file.kind;
    for (auto& value : values_of(library.bytes_of(file.path)))
      values.emplace(std::move(value.path), std::move(value.value));
  }
  return packs;
}

/// True when a period around `path` ended before `on`: the value is history, not in use.
bool is_history(const Values& values, std::string path, Date on) {
  for (;;) {
    const auto cut = path.find_last_of('.');
    path = cut == std::string::npos ? "" : path.substr(0, cut);
    for (const char* period : {"valid.to", "in_force.to"}) {
      const auto end = values.find(path.empty() ? period : path + "." + period);
      if (end == values.end()) continue;
      const auto day = Date::parse(end->second);
      if (day && *day < on) return true;
    }
    if (path.empty()) return false;
  }
}

}  // namespace

std::vector<PackValue> values_of(std::string_view bytes) {
  std::vector<PackValue> values;
  std::vector<PackProblem> problems;
  YamlNode root;
  if (read_yaml(bytes, "", root, problems)) flatten(root, "", values);
  return values;
}

std::vector<PackChange> compare(const Library& before, const Library& after) {
  std::vector<PackChange> changes;
  const auto old_packs = packs_of(before), new_packs = packs_of(after);
  for (const auto& [id, pack] : old_packs)
    if (!new_packs.contains(id))
      changes.push_back({id, pack.first, "", id, std::nullopt, users_of(before, id, pack.first, "")});
  for (const auto& [id, pack] : new_packs) {
    const auto known = old_packs.find(id);
    if (known == old_packs.end()) {
      changes.push_back({id, pack.first, "", std::nullopt, id, users_of(after, id, pack.first, "")});
      continue;
    }
    const auto& [kind, values] = pack;
    const auto& was = known->second.second;
    for (const auto& [path, value] : was)
      if (!values.contains(path))
        changes.push_back({id, kind, path, value, std::nullopt, users_of(before, id, kind, path)});
    for (const auto& [path, value] : values) {
      const auto earlier = was.find(path);
      if (earlier == was.end())
        changes.push_back({id, kind, path, std::nullopt, value, users_of(after, id, kind, path)});
      else if (earlier->second != value)
        changes.push_back({id, kind, path, earlier->second, value, users_of(after, id, kind, path)});
    }
  }
  return changes;
}

std::vector<StaleValue> stale_values(const Library& library, Date on, int older_than) {
  std::vector<StaleValue> stale;
  for (const auto& file : library.files()) {
    const auto listed = values_of(library.bytes_of(file.path));
    if (file.checked_on && days_between(*file.checked_on, on) > older_than) {
      const auto line =
          std::find_if(listed.begin(), listed.end(), [](const PackValue& value) { return value.path == "checked_on"; });
      stale.push_back(
          {file.path,
           file.id,
           "",
           line == listed.end() ? 1 : line->line,
           "stale.unchecked",
           {{"checked_on", file.checked_on->str()}, {"days", std::to_string(days_between(*file.checked_on, on))}}});
    }
    Values values;
    for (const auto& value : listed) values.emplace(value.path, value.value);
    for (const auto& value : listed) {
      if (value.path != "document" && !value.path.ends_with(".document")) continue;
      const auto* document = library.find_document(value.value);
      if (!document || !document->in_force.to || *document->in_force.to >= on || is_history(values, value.path, on))
        continue;
      stale.push_back({file.path,
                       file.id,
                       value.path,
                       value.line,
                       "stale.document",
                       {{"document", document->title.zh},
                        {"document_en", document->title.en},
                        {"to", document->in_force.to->str()}}});
    }
  }
  return stale;
}

}  // namespace qy::rules
