#include <algorithm>

#include "base/text.h"
#include "rules/kinds.h"

// Documents, legal bases, categories, clocks, procedures, modes, steps, jurisdictions.
namespace qy::rules {
namespace {

const std::vector<std::string> kParties = {"office", "enterprise",  "consultancy", "expert",         "system",
                                           "park",   "association", "institute",   "evaluation_body"};
const std::vector<std::string> kRoles = {"officer",   "chief",      "administrator", "security_auditor", "filler",
                                         "signatory", "consultant", "expert",        "operator"};
const std::vector<std::string> kLevels = {"county", "city", "province", "nation"};
const std::vector<std::string> kRegisterFacts = {"name", "legal_name", "credit_code", "legal_representative",
                                                 "address"};
const std::vector<std::string> kLines = {"ecology", "development_reform", "industry"};
const std::vector<std::string> kHolders = {"enterprise", "authority", "experts", "none"};

std::vector<std::string> with(std::vector<std::string> list, std::initializer_list<std::string> more) {
  list.insert(list.end(), more);
  return list;
}

std::set<std::string> choices_of(Fields& fields, std::string_view key, const std::vector<std::string>& choices) {
  std::set<std::string> chosen;
  for (const auto& item : fields.list_or(key)) chosen.insert(read_choice(fields.reading(), item, key, choices));
  chosen.erase("");
  return chosen;
}

/// "01-31", a day that exists in every year.
bool is_month_day(const std::string& text) { return text.size() == 5 && Date::parse("2001-" + text).has_value(); }

Actor read_actor(const Reading& in, const YamlNode& node) {
  Fields fields(in, node, "actors");
  Actor actor;
  actor.party = fields.choice("party", kParties);
  actor.roles = choices_of(fields, "roles", kRoles);
  actor.levels = choices_of(fields, "levels", kLevels);
  actor.line = fields.choice_or("line", with(kLines, {"lead", "cosign"}), "");
  return actor;
}

State read_state(const Reading& in, const YamlNode& node) {
  Fields fields(in, node, "states");
  State state;
  state.id = fields.text("id");
  state.title = fields.title("title");
  state.phase =
      fields.choice("phase", {"listing", "disclosure", "audit", "evaluation", "implementation", "acceptance", "done"});
  state.holder = fields.choice("holder", kHolders);
  state.terminal = fields.flag_or("terminal", false);
  return state;
}

ProcedureAction read_action(const Reading& in, const YamlNode& node) {
  Fields fields(in, node, "actions");
  ProcedureAction action;
  action.id = fields.text("id");
  action.title = fields.title("title");
  action.from = fields.texts_or("from");
  action.to = fields.text_or("to");
  for (const auto& item : fields.list("actors")) action.actors.push_back(read_actor(in, item));
  action.documents = fields.texts_or("documents");
  action.needs_reason = fields.flag_or("needs_reason", false);
  action.needs_password = fields.flag_or("needs_password", false);
  action.event = fields.text_or("event");
  action.basis = fields.reference_or("basis", "basis");
  for (const auto& condition : fields.texts_or("conditions")) action.conditions.insert(condition);
  action.mark = fields.mark();
  return action;
}

/// States an action leads to exist, each state can be reached, and none but a terminal one is a dead end.
void check_procedure(const Reading& in, const Procedure& procedure, const std::map<std::string, int>& lines) {
  std::vector<std::string> known;
  for (const auto& state : procedure.states) known.push_back(state.id);
  const auto before = in.complaints();
  const auto must_be_known = [&](const std::string& state, int line) {
    if (procedure.find_state(state)) return;
    Params params{{"kind", "state"}, {"id", state}};
    if (auto near = nearest(state, known); !near.empty()) params.emplace_back("suggestion", near);
    in.complain(line, "pack.dangling", std::move(params));
  };
  must_be_known(procedure.initial, lines.at(""));
  for (const auto& action : procedure.actions) {
    for (const auto& from : action.from)
      if (from != "*") must_be_known(from, lines.at("action " + action.id));
    if (!action.to.empty()) must_be_known(action.to, lines.at("action " + action.id));
  }

  if (in.complaints() != before) return;
  std::set<std::string> reached{procedure.initial}, left;
  for (bool more = true; more;) {
    more = false;
    for (const auto& action : procedure.actions) {
      const bool starts =
          action.from.empty() || std::any_of(action.from.begin(), action.from.end(),
                                             [&](const auto& from) { return from == "*" || reached.contains(from); });
      if (starts && !action.to.empty() && reached.insert(action.to).second) more = true;
    }
  }
  for (const auto& action : procedure.actions)
    if (!action.to.empty()) left.insert(action.from.begin(), action.from.end());
  for (const auto& state : procedure.states) {
    const int line = lines.at("state " + state.id);
    if (!reached.contains(state.id)) in.complain(line, "pack.unreachable_state", {{"id", state.id}});
    if (!state.terminal && !left.contains(state.id) && !left.contains("*"))
      in.complain(line, "pack.dead_end_state", {{"id", state.id}});
  }
}

}  // namespace

void refuse_overlaps(const Reading& in, const std::vector<std::pair<Validity, int>>& periods) {
  for (std::size_t i = 0; i < periods.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [a, line_a] = periods[i];
      const auto& [b, line_b] = periods[j];
      const bool apart = (a.to && b.from && *a.to < *b.from) || (b.to && a.from && *b.to < *a.from);
      if (apart) continue;
      std::optional<Date> first = a.from;
      if (b.from && (!first || *first < *b.from)) first = b.from;
      in.complain(line_a, "pack.overlapping_dates",
                  {{"first", std::to_string(line_b)}, {"day", first ? first->str() : "…"}});
      break;
    }
}

void read_documents(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("documents")) {
    Fields fields(in, node, "documents");
    Document document;
    document.id = fields.text("id");
    in.define("document", document.id, node.line);
    document.number = fields.text_or("number");
    document.kind = fields.choice(
        "kind", {"law", "regulation", "order", "guide", "notice", "standard", "announcement", "local", "draft"});
    document.title = fields.title("title");
    document.issuer = fields.title("issuer");
    document.note = fields.title_or("note");
    document.issued = fields.date_or("issued");
    document.in_force = fields.validity("in_force");
    document.replaced_by = fields.reference_or("replaced_by", "document");
    document.mark = fields.mark();
    in.contents.documents.push_back(std::move(document));
  }
}

void read_legal_bases(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("bases")) {
    Fields fields(in, node, "bases");
    LegalBasis basis;
    basis.id = fields.text("id");
    in.define("basis", basis.id, node.line);
    basis.title = fields.title("title");
    std::vector<std::pair<Validity, int>> periods;
    for (const auto& item : fields.list("answers")) {
      Fields answer(in, item, "answers");
      LegalBasis::Answer read;
      read.valid = answer.validity("valid");
      periods.emplace_back(read.valid, item.line);
      const auto& sources = answer.list("sources");
      if (sources.empty() && answer.find("sources"))
        in.complain(item.line, "pack.missing_source", {{"key", "sources"}, {"in", "answers"}});
      for (const auto& source : sources) read.sources.push_back(read_source(in, source, ""));
      basis.answers.push_back(std::move(read));
    }
    refuse_overlaps(in, periods);
    in.contents.bases.push_back(std::move(basis));
  }
}

void read_categories(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("disclosure_items")) {
    Fields fields(in, node, "disclosure_items");
    DisclosureItem item;
    item.id = fields.text("id");
    in.define("disclosure_item", item.id, node.line);
    item.title = fields.title("title");
    item.help = fields.title_or("help");
    item.kind = fields.choice("kind", {"text", "long_text", "number", "substances"});
    item.unit = fields.unit_or("unit");
    if (item.kind == "text" || item.kind == "long_text")
      item.from_register = fields.choice_or("from_register", kRegisterFacts, "");
    item.mark = fields.mark();
    in.contents.disclosure_items.push_back(std::move(item));
  }
  for (const auto& node : root.list("categories")) {
    Fields fields(in, node, "categories");
    Category category;
    category.id = fields.text("id");
    in.define("category", category.id, node.line);
    category.title = fields.title("title");
    category.lead_line = fields.choice("lead_line", kLines);
    category.cosign_line = fields.choice_or("cosign_line", kLines, "");
    category.basis = fields.reference("basis", "basis");
    if (fields.find("interval_years")) category.interval_years = fields.integer("interval_years", 1, 20);
    category.disclosure = fields.references_or("disclosure", "disclosure_item");
    for (const auto& reason : fields.list("reasons")) category.reasons.push_back(read_title(in, reason, "reasons"));
    in.contents.categories.push_back(std::move(category));
  }
}

void read_clocks(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("clocks")) {
    Fields fields(in, node, "clocks");
    ClockRule clock;
    clock.id = fields.text("id");
    in.define("clock", clock.id, node.line);
    clock.title = fields.title("title");
    clock.rule = fields.title("rule");
    clock.from_event = fields.text("from_event");
    const auto before = in.complaints();
    clock.months = fields.integer_or("months", 0, 1, 1200);
    clock.days = fields.integer_or("days", 0, 1, 36500);
    clock.working_days = fields.integer_or("working_days", 0, 1, 2500);
    clock.month_day = fields.text_or("month_day");
    clock.year_offset = fields.integer_or("year_offset", 0, 0, 10);
    if (!clock.month_day.empty() && !is_month_day(clock.month_day))
      in.complain(fields.line_of("month_day"), "pack.bad_date", {{"key", "month_day"}, {"value", clock.month_day}});
    if (in.complaints() == before &&
        (clock.months > 0) + (clock.days > 0) + (clock.working_days > 0) + !clock.month_day.empty() != 1)
      in.complain(node.line, "pack.clock_period", {{"id", clock.id}});
    clock.met_by = fields.text("met_by");
    for (auto& id : fields.references_or("categories", "category")) clock.categories.insert(std::move(id));
    clock.holder = fields.choice("holder", {"enterprise", "authority", "experts"});
    clock.basis = fields.reference_or("basis", "basis");
    clock.due_soon_days = fields.integer_or("due_soon_days", 15, 0, 366);
    clock.next_working_day = fields.flag_or("next_working_day", true);
    clock.mark = fields.mark();
    clock.local_source = fields.source_or("local_source");
    if (clock.basis.empty() && !clock.local_source)
      in.complain(node.line, "pack.missing_source", {{"key", "basis"}, {"in", "clocks"}});
    in.contents.clocks.push_back(std::move(clock));
  }
}

void read_modes(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("modes")) {
    Fields fields(in, node, "modes");
    Mode mode;
    mode.id = fields.text("id");
    in.define("mode", mode.id, node.line);
    mode.title = fields.title("title");
    mode.conditions = fields.title("conditions");
    for (auto& id : fields.references_or("dropped_steps", "step")) mode.dropped_steps.insert(std::move(id));
    if (const auto* proposed = fields.find("proposal")) {
      Fields proposal(in, *proposed, "proposal");
      Mode::Proposal p;
      for (auto& scale : proposal.texts_or("scales")) p.scales.insert(std::move(scale));
      for (auto& id : proposal.references_or("excluded_categories", "category"))
        p.excluded_categories.insert(std::move(id));
      p.min_rounds = proposal.integer_or("min_rounds", 0, 0, 50);
      p.reason = proposal.title("reason");
      mode.proposal = std::move(p);
    }
    mode.mark = fields.mark();
    in.contents.modes.push_back(std::move(mode));
  }
}

void read_steps(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("steps")) {
    Fields fields(in, node, "steps");
    Step step;
    step.id = fields.text("id");
    in.define("step", step.id, node.line);
    step.title = fields.title("title");
    step.handbook_title = fields.title("handbook_title");
    step.content = fields.title("content");
    step.mark = fields.mark();
    in.contents.steps.push_back(std::move(step));
  }
}

void read_procedure(Fields& root, const PackFile& file) {
  const auto& in = root.reading();
  in.define("procedure", file.id, root.line());
  Procedure procedure;
  procedure.id = file.id;
  procedure.title = file.title;
  procedure.initial = root.text("initial");
  std::map<std::string, int> lines{{"", root.line_of("initial")}};
  for (const auto& node : root.list("states")) {
    procedure.states.push_back(read_state(in, node));
    const auto& id = procedure.states.back().id;
    in.define("state of " + procedure.id, id, node.line);
    lines.try_emplace("state " + id, node.line);
  }
  for (const auto& node : root.list("actions")) {
    procedure.actions.push_back(read_action(in, node));
    const auto& id = procedure.actions.back().id;
    in.define("action of " + procedure.id, id, node.line);
    lines.try_emplace("action " + id, node.line);
  }
  check_procedure(in, procedure, lines);
  in.contents.procedures.push_back(std::move(procedure));
}

void read_jurisdiction(Fields& root, const PackFile& file) {
  const auto& in = root.reading();
  RawJurisdiction raw;
  raw.place = {in.file, root.line_of("code")};
  Jurisdiction& own = raw.own;
  own.code = root.text("code");
  in.define("jurisdiction", own.code, raw.place.line);
  own.title = file.title;
  own.parent = root.reference_or("parent", "jurisdiction");

  const auto said = [&](std::string_view key) {
    if (root.find(key)) raw.said.insert(std::string(key));
  };
  for (const char* key :
       {"list_drafted_by", "list_confirmed_by", "list_published_by", "combined_evaluation", "procedure", "clocks",
        "evaluation_table", "acceptance_table", "step_names", "evaluation_scope"})
    said(key);
  own.list_drafted_by = root.choice_or("list_drafted_by", kLevels, "city");
  own.list_confirmed_by = root.choice_or("list_confirmed_by", kLevels, "province");
  own.list_published_by = root.choice_or("list_published_by", kLevels, "province");
  if (root.flag_or("combined_evaluation", false)) own.combined_evaluation.insert("yes");
  own.procedure = root.reference_or("procedure", "procedure");
  own.clocks = root.references_or("clocks", "clock");
  raw.add_clocks = root.references_or("add_clocks", "clock");
  raw.drop_clocks = root.references_or("drop_clocks", "clock");
  own.evaluation_table = root.reference_or("evaluation_table", "scoring_table");
  own.acceptance_table = root.reference_or("acceptance_table", "scoring_table");
  own.step_names = root.choice_or("step_names", {"national", "handbook"}, "national");
  for (const auto& [category, line] : root.map_or("lines")) {
    in.refer("category", category.text, category.line);
    own.lines[category.text] = read_choice(in, line, "lines", kLines);
  }
  for (auto& id : root.references_or("evaluation_scope", "category")) own.evaluation_scope.insert(std::move(id));
  for (const auto& note : root.list_or("notes")) own.notes.push_back(read_title(in, note, "notes"));
  own.source = root.source("source");

  if (own.parent.empty())
    for (const char* key : {"procedure", "clocks", "evaluation_table", "acceptance_table"})
      if (!raw.said.contains(key)) in.complain(root.line(), "pack.missing_key", {{"key", key}, {"in", "jurisdiction"}});
  in.contents.jurisdictions.push_back(std::move(raw));
}

}  // namespace qy::rules
