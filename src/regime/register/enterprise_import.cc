#include "regime/register/enterprise_import.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "crypto/crypto.h"
#include "db/database.h"
#include "db/log.h"
#include "document/workbook.h"
#include "regime/register/import_store.h"
#include "regime/register/register_commands.h"
#include "regime/register/register_json.h"
#include "regime/register/register_store.h"

namespace qy::registry {
namespace {

using identity::Caller;

constexpr std::size_t kSampleRows = 20;

std::string default_region_of(const Caller& caller) {
  return caller.level == identity::Level::county ? caller.region : std::string();
}

/// The import if it is the caller's office's. Imports of other offices are nobody else's business.
Result<Import> own_import(Tx& tx, const Caller& caller, const ImportId& id) {
  auto found = store::find_import(tx, id);
  if (!found || !caller.is_office() || found->office != caller.party_id)
    return Error{ErrorKind::not_found, "import.not_found", {{"id", id.str()}}};
  return std::move(*found);
}

Result<Import> open_import(Tx& tx, const Caller& caller, const ImportId& id) {
  QY_TRY(auto import, own_import(tx, caller, id));
  if (import.state == "confirmed" || import.state == "discarded")
    return Error{ErrorKind::conflict, "import.over", {{"file", import.file_name}}};
  return import;
}

/// The saved mapping that knows most headings of these sheets, when it finds the names.
const SavedMapping* best_saved(const std::vector<Cells>& sheets, const std::vector<SavedMapping>& saved,
                               std::string_view default_region) {
  const SavedMapping* best = nullptr;
  std::size_t most = 0;
  for (const auto& one : saved) {
    const auto proposal = propose_mapping(sheets, one.headings, default_region);
    std::size_t known = 0;
    bool names = false;
    for (const auto& sheet : proposal.sheets) {
      if (!sheet.use) continue;
      for (std::size_t column = 0; column < sheet.columns.size(); ++column) {
        const auto at = one.headings.find(
            match_name_of(heading_of(sheets[static_cast<std::size_t>(sheet.sheet)], sheet, static_cast<int>(column))));
        if (at == one.headings.end()) continue;
        ++known;
        names = names || at->second == "name";
      }
    }
    if (names && known > most && known >= 3) {
      best = &one;
      most = known;
    }
  }
  return best;
}

/// Looks up what the rows need and decides them.
Plan plan_of(Tx& tx, const rules::Library& rules, const Caller& caller, Date on, const std::vector<Cells>& sheets,
             const Mapping& mapping) {
  const ImportScope scope{rules, on, caller};
  auto read = read_rows(sheets, mapping, scope);
  const auto keys = keys_of(read.rows);
  Known known;
  known.by_code = store::by_credit_codes(tx, caller.province, keys.credit_codes);
  known.by_name = store::by_match_names(tx, region_range(caller.province + "0000"), keys.match_names);
  const bool formers =
      std::any_of(read.rows.begin(), read.rows.end(), [](const ReadRow& row) { return row.former.has_value(); });
  if (formers) {
    std::vector<std::string> ids;
    for (const auto& one : known.by_code) ids.push_back(one.id.str());
    for (const auto& one : known.by_name) ids.push_back(one.enterprise.id.str());
    known.former_years = store::former_years(tx, ids);
  }
  return plan(sheets, std::move(read), known, scope);
}

json::Object counts_of(const Plan& plan) {
  json::Object out;
  for (const auto outcome :
       {Outcome::fresh, Outcome::changed, Outcome::unchanged, Outcome::unmatched, Outcome::wrong, Outcome::merged}) {
    const auto found = plan.counts.find(outcome);
    out[to_string(outcome)] = found == plan.counts.end() ? 0 : found->second;
  }
  out["skipped"] = plan.skipped;
  out["former_rounds"] = plan.former_rounds;
  return out;
}

std::string preview_content(const std::vector<Cells>& sheets, const PlanRow& row) {
  json::Array errors;
  for (const auto& one : row.wrong) {
    json::Object params;
    for (const auto& [name, value] : one.params) params[name] = value;
    errors.push_back(json::Object{{"cell", one.pointer}, {"code", one.code}, {"params", std::move(params)}});
  }
  json::Value enterprise = nullptr, former = nullptr;
  if (row.before) enterprise = json::Object{{"id", row.before->id.str()}, {"name", row.before->facts.name}};
  if (row.former)
    former = json::Object{
        {"year", row.former->year}, {"accepted_on", row.former->accepted_on.str()}, {"level", row.former->level}};
  return json::dump(json::Object{{"sheet", sheets[static_cast<std::size_t>(row.sheet)].name},
                                 {"row", row.row + 1},
                                 {"outcome", to_string(row.outcome)},
                                 {"name", row.facts.name},
                                 {"region", row.facts.region},
                                 {"enterprise", std::move(enterprise)},
                                 {"changes", row.changes},
                                 {"former_round", std::move(former)},
                                 {"errors", std::move(errors)},
                                 {"merged_into", row.merged_into}});
}

/// Carries certain rows out. New legal persons and sites go in without looking each one up again: the plan just did.
/// What is decided is gathered and written by `finish`, many rows to a statement.
class Executor {
 public:
  Executor(Tx& tx, const identity::Act& act, const ImportId& import) : tx_(tx), act_(act), import_(import.str()) {}

  void know_legal_persons(const Plan& plan) {
    std::vector<std::string> codes;
    for (const auto& row : plan.rows)
      if (row.outcome == Outcome::fresh && !row.facts.credit_code.empty()) codes.push_back(row.facts.credit_code);
    for (auto& person : store::legal_persons_of_codes(tx_, act_.caller.province, codes)) {
      const auto code = person.credit_code;
      persons_.emplace(code, std::move(person));
    }
  }

  Result<void> add(const PlanRow& row) {
    const auto& facts = row.facts;
    const auto person = facts.credit_code.empty() ? persons_.end() : persons_.find(facts.credit_code);
    if (person != persons_.end() && !facts.legal_name.empty() && facts.legal_name != person->second.name) {
      QY_CHECK(finish());
      QY_TRY(const auto made,
             insert_enterprise(tx_, act_, facts, "import", import_));  // renames the legal person on its way
      return add_round_of(row, made.id);
    }
    Enterprise enterprise;
    enterprise.facts = facts;
    enterprise.province = facts.region.substr(0, 2);
    enterprise.created_at = enterprise.changed_at = act_.at;
    if (person != persons_.end()) {
      enterprise.legal_person = person->second.id;
      enterprise.facts.legal_name = person->second.name;
    } else {
      if (enterprise.facts.legal_name.empty()) enterprise.facts.legal_name = facts.name;
      store::LegalPerson made{LegalPersonId::make(act_.at, act_.random), enterprise.province, facts.credit_code,
                              enterprise.facts.legal_name, facts.registered_region};
      enterprise.legal_person = made.id;
      if (!facts.credit_code.empty()) persons_.emplace(facts.credit_code, made);
      made_persons_.push_back(std::move(made));
    }
    enterprise.id = EnterpriseId::make(act_.at, act_.random);
    record(enterprise, changes_between({}, enterprise.facts, true));
    QY_CHECK(gather_round(row, enterprise));
    made_.push_back(std::move(enterprise));
    return {};
  }

  Result<void> change(const PlanRow& row) {
    const auto& before = *row.before;
    const bool of_legal_person =
        row.facts.credit_code != before.facts.credit_code || row.facts.legal_name != before.facts.legal_name ||
        row.facts.registered_region != before.facts.registered_region || row.facts.name != before.facts.name;
    if (of_legal_person) {
      QY_CHECK(finish());
      QY_CHECK(save_enterprise(tx_, act_, before, row.facts, before.version, "import", import_));
      return add_round_of(row, before.id);
    }
    Enterprise enterprise = before;
    if (!row.changes.empty()) {
      enterprise.facts = row.facts;
      enterprise.version = before.version + 1;
      enterprise.changed_at = act_.at;
      record(enterprise, row.changes);
    }
    QY_CHECK(gather_round(row, enterprise));
    changed_.push_back({std::move(enterprise), before.facts});
    return {};
  }

  void queue(UnmatchedRow row) { queued_.push_back(std::move(row)); }

  Result<void> finish() {
    store::insert_legal_persons(tx_, made_persons_);
    store::insert(tx_, made_);
    if (!store::update(tx_, changed_)) return Error{ErrorKind::conflict, "import.outdated"};
    store::add_revisions(tx_, revisions_);
    store::insert_former_rounds(tx_, act_.caller.province, rounds_);
    for (auto& change : changed_) made_.push_back(std::move(change.after));
    announce(tx_, made_);
    store::put_unmatched(tx_, queued_);
    made_persons_.clear();
    made_.clear();
    changed_.clear();
    revisions_.clear();
    rounds_.clear();
    queued_.clear();
    return {};
  }

 private:
  void record(const Enterprise& enterprise, json::Object changes) {
    revisions_.push_back({enterprise.id.str(), enterprise.version, act_.at, act_.caller.user.str(), act_.caller.name,
                          act_.caller.post_text(), "import", import_, json::Value(std::move(changes))});
  }

  /// The former round of a row whose enterprise is being written, and what it does to the standing: the same as
  /// `store::project_standing` finds.
  Result<void> gather_round(const PlanRow& row, Enterprise& enterprise) {
    if (!row.former) return {};
    QY_CHECK(check_former_round(*row.former, act_.on));
    auto round = *row.former;
    round.id = FormerRoundId::make(act_.at, act_.random);
    round.enterprise = enterprise.id;
    round.recorded_by = act_.caller.name;
    round.recorded_at = act_.at;
    auto& standing = enterprise.standing;
    ++standing.rounds;
    if (!standing.last_round_on || *standing.last_round_on < round.accepted_on) {
      standing.last_round_on = round.accepted_on;
      standing.last_entered_later = true;
    }
    rounds_.push_back(std::move(round));
    return {};
  }
  Result<void> add_round_of(const PlanRow& row, const EnterpriseId& enterprise) {
    if (!row.former) return {};
    auto former = *row.former;
    former.enterprise = enterprise;
    QY_CHECK(add_former_round(tx_, act_, former));
    return {};
  }

  Tx& tx_;
  const identity::Act& act_;
  std::string import_;
  std::unordered_map<std::string, store::LegalPerson> persons_;
  std::vector<store::LegalPerson> made_persons_;
  std::vector<Enterprise> made_;
  std::vector<store::Change> changed_;
  std::vector<store::Revision> revisions_;
  std::vector<FormerRound> rounds_;
  std::vector<UnmatchedRow> queued_;
};

std::string source_text(const Import& import, const std::vector<Cells>& sheets, const PlanRow& row) {
  return import.file_name + " · " + sheets[static_cast<std::size_t>(row.sheet)].name + "!" +
         std::to_string(row.row + 1);
}

}  // namespace

Result<Import> upload_import(const Premises& premises, const Caller& caller, std::string_view bytes,
                             const std::string& file_name) {
  QY_CHECK(may_edit(caller, ""));
  QY_TRY(const auto workbook, document::read_spreadsheet(bytes, file_name));
  std::vector<Cells> sheets;
  for (const auto& sheet : workbook.sheets) sheets.push_back(cells_of(sheet));

  const auto act = identity::act_of(premises, caller);
  Import import;
  import.id = ImportId::make(act.at, act.random);
  import.province = caller.province;
  import.office = caller.party_id;
  import.file_name = prefix_of(file_name, 200);
  import.file_hash = crypto::sha256_hex(bytes);
  import.state = "uploaded";
  import.actor_name = caller.name;
  import.uploaded_at = act.at;
  for (const auto& sheet : sheets) {
    ImportSheet info{sheet.name,    sheet.hidden,        static_cast<int>(sheet.rows.size()),
                     sheet.columns, year_in(sheet.name), {}};
    for (std::size_t row = 0; row < std::min(kSampleRows, sheet.rows.size()); ++row) {
      auto& texts = info.sample.emplace_back();
      for (const auto& cell : sheet.rows[row]) texts.push_back(prefix_of(trim(cell.text), 60));
    }
    import.sheets.push_back(std::move(info));
  }

  const auto default_region = default_region_of(caller);
  return premises.database->write([&](Tx& tx) -> Result<Import> {
    auto made = import;
    const auto saved = store::mappings_of(tx, caller.party_id);
    if (const auto* best = best_saved(sheets, saved, default_region)) {
      made.mapping =
          propose_mapping(sheets, best->headings, best->default_region.empty() ? default_region : best->default_region);
      made.mapping_name = best->name;
    } else {
      made.mapping = propose_mapping(sheets, {}, default_region);
    }
    store::insert_import(tx, made);
    store::put_cells(tx, made.id, sheets);
    return made;
  });
}

Result<Mapping> propose_import(const Premises& premises, const Caller& caller, const ImportId& id,
                               const std::string& saved_mapping, const std::map<int, std::pair<int, int>>& headers) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->read([&](Tx& tx) -> Result<Mapping> {
    QY_TRY(const auto import, open_import(tx, caller, id));
    std::map<std::string, std::string> known;
    std::string region = import.mapping.default_region;
    if (!saved_mapping.empty()) {
      const auto all = store::mappings_of(tx, caller.party_id);
      const auto found =
          std::find_if(all.begin(), all.end(), [&](const SavedMapping& one) { return one.id == saved_mapping; });
      if (found == all.end()) return Error{ErrorKind::not_found, "import.mapping_not_found"};
      known = found->headings;
      if (!found->default_region.empty()) region = found->default_region;
    }
    return propose_mapping(store::cells(tx, import), known, region, headers);
  });
}

Result<Import> preview_import(const Premises& premises, const Caller& caller, const ImportId& id,
                              const Mapping& mapping, const std::string& save_as, std::int64_t expected) {
  QY_CHECK(may_edit(caller, mapping.default_region));
  const auto act = identity::act_of(premises, caller);
  const auto& rules = *premises.rules;

  // Reading and deciding takes long; it happens on a snapshot, the short write below only keeps the answer.
  struct Prepared {
    Import import;
    Plan plan;
    std::vector<Cells> sheets;
  };
  QY_TRY(auto prepared, premises.database->read([&](Tx& tx) -> Result<Prepared> {
    QY_TRY(auto import, open_import(tx, caller, id));
    if (import.version != expected) return Error{ErrorKind::stale, "import.stale"};
    auto sheets = store::cells(tx, import);
    auto wrong = check_mapping(sheets, mapping);
    if (!mapping.default_region.empty()) {
      const auto* region = rules.find_region(mapping.default_region, act.on);
      if (!region || region->level != "county")
        wrong.push_back({"default_region", "register.region_not_county", {{"region", mapping.default_region}}});
    }
    if (!wrong.empty()) return form_error(std::move(wrong));
    auto decided = plan_of(tx, rules, caller, act.on, sheets, mapping);
    return Prepared{std::move(import), std::move(decided), std::move(sheets)};
  }));

  auto& import = prepared.import;
  import.mapping = mapping;
  if (!save_as.empty()) import.mapping_name = save_as;
  import.state = "previewed";
  import.counts = counts_of(prepared.plan);
  import.plan_hash = prepared.plan.hash();
  std::vector<store::PreviewRow> rows;
  rows.reserve(prepared.plan.rows.size());
  for (const auto& row : prepared.plan.rows)
    rows.push_back(
        {static_cast<std::int64_t>(rows.size()) + 1, to_string(row.outcome), preview_content(prepared.sheets, row)});

  return premises.database->write([&](Tx& tx) -> Result<Import> {
    if (!store::update_import(tx, import, expected)) return Error{ErrorKind::stale, "import.stale"};
    store::drop_preview(tx, id);
    store::put_preview(tx, id, rows);
    if (!save_as.empty())
      store::put_mapping(tx,
                         {new_uuid(act.at, act.random), save_as, known_headings(prepared.sheets, mapping),
                          mapping.default_region, act.at},
                         caller.province, caller.party_id);
    auto saved = import;
    saved.version = expected + 1;
    return saved;
  });
}

Result<ImportRows> import_rows(const Premises& premises, const Caller& caller, const ImportId& id,
                               const std::string& outcome, int page, int size) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->read([&](Tx& tx) -> Result<ImportRows> {
    QY_CHECK(own_import(tx, caller, id));
    ImportRows out;
    out.total = store::count_preview(tx, id, outcome);
    for (const auto& content : store::preview(tx, id, outcome, size, static_cast<std::int64_t>(page - 1) * size))
      out.items.push_back(boost::json::parse(content));
    return out;
  });
}

Result<Import> confirm_import(const Premises& premises, const Caller& caller, const ImportId& id, bool leave_out_wrong,
                              std::int64_t expected) {
  QY_CHECK(may_edit(caller, ""));
  const auto act = identity::act_of(premises, caller);
  const auto& rules = *premises.rules;
  return premises.database->write([&](Tx& tx) -> Result<Import> {
    QY_TRY(auto import, open_import(tx, caller, id));
    if (import.version != expected) return Error{ErrorKind::stale, "import.stale"};
    if (import.state != "previewed")
      return Error{ErrorKind::conflict, "import.not_previewed", {{"file", import.file_name}}};
    const auto sheets = store::cells(tx, import);
    const auto decided = plan_of(tx, rules, caller, act.on, sheets, import.mapping);
    if (decided.hash() != import.plan_hash) return Error{ErrorKind::conflict, "import.outdated"};
    const auto count = [&](Outcome outcome) {
      const auto found = decided.counts.find(outcome);
      return found == decided.counts.end() ? 0 : found->second;
    };
    if (count(Outcome::wrong) > 0 && !leave_out_wrong)
      return Error{ErrorKind::conflict, "import.has_wrong", {{"count", std::to_string(count(Outcome::wrong))}}};
    if (count(Outcome::fresh) + count(Outcome::changed) + count(Outcome::unmatched) == 0)
      return Error{ErrorKind::conflict, "import.nothing"};

    Executor executor(tx, act, id);
    executor.know_legal_persons(decided);
    for (const auto& row : decided.rows) {
      if (row.outcome == Outcome::fresh) {
        QY_CHECK(executor.add(row));
      } else if (row.outcome == Outcome::changed) {
        QY_CHECK(executor.change(row));
      } else if (row.outcome == Outcome::unmatched) {
        UnmatchedRow queued;
        queued.id = new_uuid(act.at, act.random);
        queued.province = row.facts.region.substr(0, 2);
        queued.region = row.facts.region;
        queued.office = caller.party_id;
        queued.import_id = id.str();
        queued.source = source_text(import, sheets, row);
        queued.name = row.facts.name;
        queued.facts = row.facts;
        queued.former = row.former;
        executor.queue(std::move(queued));
      }
    }
    QY_CHECK(executor.finish());
    import.state = "confirmed";
    import.confirmed_at = act.at;
    if (!store::update_import(tx, import, expected)) return Error{ErrorKind::stale, "import.stale"};
    import.version = expected + 1;
    store::drop_cells(tx, id);
    db::append_action(
        tx,
        identity::action_by(act, {"enterprise_import", id.str()}, "import_enterprises", register_basis(rules, act.on),
                            json::Object{{"file", import.file_name},
                                         {"sha256", import.file_hash},
                                         {"counts", import.counts},
                                         {"plan", import.plan_hash}}),
        act.random);
    return import;
  });
}

Result<Import> discard_import(const Premises& premises, const Caller& caller, const ImportId& id,
                              std::int64_t expected) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->write([&](Tx& tx) -> Result<Import> {
    QY_TRY(auto import, open_import(tx, caller, id));
    import.state = "discarded";
    if (!store::update_import(tx, import, expected)) return Error{ErrorKind::stale, "import.stale"};
    import.version = expected + 1;
    store::drop_cells(tx, id);
    store::drop_preview(tx, id);
    return import;
  });
}

Result<Import> get_import(const Premises& premises, const Caller& caller, const ImportId& id) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->read([&](Tx& tx) { return own_import(tx, caller, id); });
}

Result<Imports> list_imports(const Premises& premises, const Caller& caller, int page, int size) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->read([&](Tx& tx) -> Result<Imports> {
    return Imports{store::imports_of(tx, caller.party_id, size, static_cast<std::int64_t>(page - 1) * size),
                   store::count_imports(tx, caller.party_id)};
  });
}

Result<std::vector<SavedMapping>> saved_mappings(const Premises& premises, const Caller& caller) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->read(
      [&](Tx& tx) -> Result<std::vector<SavedMapping>> { return store::mappings_of(tx, caller.party_id); });
}

Result<void> remove_saved_mapping(const Premises& premises, const Caller& caller, const std::string& id) {
  QY_CHECK(may_edit(caller, ""));
  return premises.database->write([&](Tx& tx) -> Result<void> {
    if (!store::remove_mapping(tx, caller.party_id, id)) return Error{ErrorKind::not_found, "import.mapping_not_found"};
    return {};
  });
}

// ---- Template
// ---------------------------------------------------------------------------------------------------------------

Result<std::string> import_template(const Premises& premises, const Caller& caller, Language language) {
  QY_CHECK(may_edit(caller, ""));
  const auto& rules = *premises.rules;
  const Date on = premises.today();
  const bool zh = language == Language::zh;
  const auto say = [&](const char* chinese, const char* english) { return std::string(zh ? chinese : english); };

  std::vector<std::string> counties;
  std::string example_region;
  for (const auto& region : rules.regions())
    if (region.level == "county" && region.valid.covers(on) && caller.covers(region.code)) {
      counties.push_back(region.name.in(language));
      if (example_region.empty()) example_region = region.name.in(language);
    }
  std::vector<std::string> tags;
  for (const auto& tag : process_tags(rules)) tags.push_back(tag.title.in(language));

  document::SheetOut sheet;
  sheet.name = say("企业", "Enterprises");
  sheet.title = say("企业名录导入模板", "Template for importing enterprises");
  sheet.notes = {say("带*的列必填；不知道的留空，空格不会清除已有内容。再次导入同一企业只更新，不会重复。",
                     "Columns with * are required. Leave unknown cells blank: blanks never erase what is on record. "
                     "Importing again updates, never duplicates."),
                 say("没有统一社会信用代码且名称与名录不完全一致的行进入待匹配队列，由人确认。",
                     "Rows without a credit code whose name is not on record go to a queue, where a person decides."),
                 say("以“（示例）”开头的行不会导入。", "Rows that begin with “(Example)” are not imported.")};
  std::vector<document::Value> example;
  const std::map<std::string, std::string> example_values = {
      {"name", say("（示例）云岭表面处理有限公司", "(Example) Yunling Surface Treatment Co., Ltd")},
      {"credit_code", "91350100M000100Y43"},
      {"region", example_region},
      {"address", say("工业园一路8号", "8 Industrial Park Road 1")},
      {"industry", "3360"},
      {"tags", tags.empty() ? std::string() : tags.front()},
      {"scale", say("小型", "small")},
      {"contact_phone", "13800000000"},
      {"status", say("在产", "operating")},
      {"longitude", "114.3055"},
      {"latitude", "30.5928"}};
  for (const auto& field : import_fields()) {
    const std::string id = field.id;
    document::Column column{.heading = field.title.in(language),
                            .width = field.width,
                            .wrap = id == "address" || id == "note",
                            .help = field.help.in(language)};
    column.required = id == "name";
    if (id == "region") column.choices = counties;
    if (id == "scale")
      column.choices = zh ? std::vector<std::string>{"大型", "中型", "小型", "微型"}
                          : std::vector<std::string>{"large", "medium", "small", "micro"};
    if (id == "status")
      column.choices = zh ? std::vector<std::string>{"在产", "停产", "关闭"}
                          : std::vector<std::string>{"operating", "stopped", "closed"};
    if (id == "former_level")
      column.choices = zh ? std::vector<std::string>{"Ⅰ级", "Ⅱ级", "Ⅲ级"} : std::vector<std::string>{"I", "II", "III"};
    if (id == "former_accepted_on") column.type = document::Column::Type::date;
    sheet.columns.push_back(std::move(column));
    const auto value = example_values.find(id);
    example.push_back(value == example_values.end() ? document::Value() : document::Value(value->second));
  }
  sheet.rows.push_back(std::move(example));
  sheet.empty_rows = 2000;
  sheet.filter = false;
  sheet.frozen_columns = 1;

  document::SheetOut codes;
  codes.name = say("行业代码", "Industry codes");
  codes.columns = {{.heading = say("代码", "Code")}, {.heading = say("行业", "Industry"), .width = 48}};
  for (const auto& industry : rules.industries()) codes.rows.push_back({industry.code, industry.name.in(language)});
  document::SheetOut labels;
  labels.name = say("工艺标签", "Process tags");
  labels.columns = {{.heading = say("标签", "Tag"), .width = 36}};
  for (const auto& tag : tags) labels.rows.push_back({tag});

  document::WorkbookOut workbook;
  workbook.title = sheet.title;
  workbook.created = on;
  workbook.sheets.push_back(std::move(sheet));
  workbook.sheets.push_back(std::move(codes));
  workbook.sheets.push_back(std::move(labels));
  return document::write_workbook(workbook);
}

// ---- The queue
// --------------------------------------------------------------------------------------------------------------

Result<UnmatchedList> list_unmatched(const Premises& premises, const Caller& caller, const std::string& state,
                                     const std::string& region, int page, int size) {
  QY_CHECK(may_edit(caller, region));
  const auto scope = region.empty() ? identity::row_scope(caller, "region") : store::subtree(region, "region");
  return premises.database->read([&](Tx& tx) -> Result<UnmatchedList> {
    UnmatchedList out;
    out.total = store::count_unmatched(tx, scope, state);
    out.items = store::unmatched(tx, scope, state, size, static_cast<std::int64_t>(page - 1) * size);
    if (state != "open") return out;
    std::map<std::string, std::vector<Candidate>> names;  // by county
    for (auto& row : out.items) {
      auto known = names.find(row.region);
      if (known == names.end()) known = names.emplace(row.region, store::names_in(tx, row.region)).first;
      for (auto candidate : known->second) {
        candidate.likeness = likeness(row.name, candidate.name);
        if (candidate.likeness >= 0.4) row.candidates.push_back(std::move(candidate));
      }
      std::stable_sort(row.candidates.begin(), row.candidates.end(),
                       [](const Candidate& a, const Candidate& b) { return a.likeness > b.likeness; });
      if (row.candidates.size() > 5) row.candidates.resize(5);
    }
    return out;
  });
}

Result<int> decide_unmatched(const Premises& premises, const Caller& caller, const UnmatchedDecision& decision) {
  QY_CHECK(may_edit(caller, ""));
  if (decision.action == "match" && decision.rows.size() != 1) return Error{ErrorKind::invalid, "unmatched.one_row"};
  const auto act = identity::act_of(premises, caller);
  const auto& rules = *premises.rules;
  return premises.database->write([&](Tx& tx) -> Result<int> {
    int decided = 0;
    for (const auto& id : decision.rows) {
      const auto row = store::find_unmatched(tx, id);
      if (!row || !caller.covers(row->region)) return Error{ErrorKind::not_found, "unmatched.not_found"};
      if (row->state != "open") return Error{ErrorKind::conflict, "unmatched.decided", {{"name", row->name}}};

      std::optional<EnterpriseId> enterprise;
      std::string state = "dismissed";
      if (decision.action == "create") {
        auto facts = row->facts;
        if (auto wrong = normalise_and_check(rules, act.on, facts); !wrong.empty()) return form_error(std::move(wrong));
        QY_TRY(const auto made, insert_enterprise(tx, act, facts, "queue", row->import_id));
        enterprise = made.id;
        state = "created";
      } else if (decision.action == "match") {
        QY_TRY(auto target, EnterpriseId::parse(decision.enterprise));
        const auto found = store::find(tx, target);
        if (!found || !may_see(caller, target, found->facts.region))
          return Error{ErrorKind::not_found, "enterprise.not_found", {{"id", target.str()}}};
        if (found->province != row->province) return Error{ErrorKind::conflict, "unmatched.other_region"};
        const auto facts = filled_from(found->facts, row->facts);
        if (facts != found->facts)
          QY_CHECK(save_enterprise(tx, act, *found, facts, found->version, "queue", row->import_id));
        store::add_alias(tx, row->region, match_name_of(row->name), target);
        enterprise = target;
        state = "matched";
      }
      if (enterprise && row->former) {
        auto former = *row->former;
        former.enterprise = *enterprise;
        if (!store::former_round_in_year(tx, *enterprise, former.year, FormerRoundId()))
          QY_CHECK(add_former_round(tx, act, former));
      }
      if (!store::decide(tx, *row, state, enterprise, caller.name, act.at))
        return Error{ErrorKind::conflict, "unmatched.decided", {{"name", row->name}}};
      db::append_action(
          tx,
          identity::action_by(
              act, enterprise ? db::Subject{"enterprise", enterprise->str()} : db::Subject{"unmatched_row", row->id},
              state == "created"   ? "queue_created"
              : state == "matched" ? "queue_matched"
                                   : "queue_dismissed",
              register_basis(rules, act.on), json::Object{{"name", row->name}, {"source", row->source}}),
          act.random);
      ++decided;
    }
    return decided;
  });
}

}  // namespace qy::registry
