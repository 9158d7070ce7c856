#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/catalogue.h"
#include "base/date.h"
#include "base/decimal.h"

/// The types of the rules. A pack file is read into these by the strict loader; the engines take them as input.
/// Every legal value carries where it is written and how sure we are.
namespace qy::rules {

/// 核实程度: how sure we are of a value. Shown to users beside every result that rests on it; never dropped.
enum class Mark {
  verified,   ///< [V] read in the named source
  secondary,  ///< [V2] read in a secondary place only
  memory,     ///< [M+] from memory, substance confident: unofficial, editable
  hint        ///< [M?] from memory, a hint only: unofficial template, to be checked
};

/// "verified" | "secondary" | "memory" | "hint": the word in packs and documents.
const char* to_string(Mark mark);

/// 依据: where something is written.
struct Source {
  std::string document;  ///< id in packs/cn/documents.yaml
  std::string clause;    ///< "第二十七条", "表1 第3行"
  Text gist;             ///< in our own words
  Mark mark = Mark::hint;
};

/// A period of days; open ends allowed. `to` is the last day it holds.
struct Validity {
  std::optional<Date> from, to;
  bool covers(Date day) const { return (!from || *from <= day) && (!to || day <= *to); }
};

/// 法律文件: a law, order, guide, notice or standard with its dates.
struct Document {
  std::string id, number,
      kind;  ///< kind: law | regulation | order | guide | notice | standard | announcement | local | draft
  Text title, issuer, note;
  std::optional<Date> issued;
  Validity in_force;
  std::string replaced_by;
  Mark mark = Mark::hint;
};

/// A citable provision as of a date: what papers print and `basis` arrays hold.
struct Citation {
  std::string document, number, clause;
  Text title, gist;
  Mark mark = Mark::hint;
};

/// 法律依据: a question of law ("who must audit: toxic") and, per period, the provisions that answer it.
struct LegalBasis {
  std::string id;
  Text title;
  struct Answer {
    Validity valid;
    std::vector<Source> sources;
  };
  std::vector<Answer> answers;  ///< validities never overlap
};

/// 公示事项: one thing a listed enterprise of some category must disclose (Order 38 Art. 11).
struct DisclosureItem {
  std::string id;
  Text title, help;
  std::string kind;  ///< text | long_text | number | substances (rows of substance, mode, concentration, amount)
  std::string unit;  ///< of a number
  std::string from_register;  ///< of a text: the register's fact that answers it at first (name | legal_name |
                              ///< credit_code | legal_representative | address), "" = none
  Mark mark = Mark::hint;
};

/// 审核类别: why an enterprise must audit.
struct Category {
  std::string id;  ///< over_standard 双超 | energy_intensive 高耗能 | toxic 双有 | local 地方规定
  Text title;
  std::string lead_line;                ///< ecology | development_reform | industry
  std::string cosign_line;              ///< "" when nobody co-signs
  std::string basis;                    ///< LegalBasis id
  std::optional<int> interval_years;    ///< longest interval between two audits
  std::vector<std::string> disclosure;  ///< DisclosureItem ids, in the form's order
  std::vector<Text> reasons;            ///< usual listing reasons to choose from
};

/// 时限规则: one statutory clock.
struct ClockRule {
  std::string id;          ///< disclose | start | finish | evaluate | implement | accept | …
  Text title, rule;        ///< rule: "名单公布之日起1个月" / "1 calendar month from the list's publication"
  std::string from_event;  ///< published | evaluated | …: the event type whose day starts the clock
  int months = 0, days = 0, working_days = 0;  ///< exactly one is positive, or `month_day` is set
  std::string month_day;                       ///< "01-31": fixed day of the year of (or after) the start event
  int year_offset = 0;                         ///< for month_day: 0 same year as the event, 1 the next
  std::string met_by;                          ///< event type that fulfils it
  std::set<std::string> categories;            ///< empty = all
  std::string holder;                          ///< party that holds the ball: enterprise | authority | experts
  std::string basis;                           ///< LegalBasis id
  int due_soon_days = 15;
  bool next_working_day = true;  ///< show the next working day when the due day is a rest day
  Mark mark = Mark::hint;
  /// Set on a rule that a jurisdiction's own paper adds or replaces.
  std::optional<Source> local_source;
};

/// 程序: states and actions of a kind of case.
struct State {
  std::string id;
  Text title;
  std::string phase;   ///< listing | disclosure | audit | evaluation | implementation | acceptance | done
  std::string holder;  ///< who holds the ball in it: enterprise | authority | experts | none
  bool terminal = false;
};

/// Who may perform an action: all given conditions hold together; a list of these is an "or".
struct Actor {
  std::string party;             ///< office | enterprise | consultancy | expert | system
  std::set<std::string> roles;   ///< officer, chief, filler, signatory …; empty = any
  std::set<std::string> levels;  ///< county, city, province, nation; empty = any
  std::string line;              ///< "lead" = the case's lead line, "cosign", a line's name, or "" = any
};

struct ProcedureAction {
  std::string id;
  Text title;                     ///< a verb: 发布名单 / Publish the list
  std::vector<std::string> from;  ///< state ids; "*" = any non-terminal; empty = creates the case
  std::string to;                 ///< state id; "" = stays
  std::vector<Actor> actors;
  std::vector<std::string> documents;  ///< file kinds that must be attached
  bool needs_reason = false;
  bool needs_password = false;       ///< signing: the password is asked again
  std::string event;                 ///< event type it produces for the clocks, "" = none
  std::string basis;                 ///< LegalBasis id
  std::set<std::string> conditions;  ///< named conditions checked by the room, e.g. report_ready
  Mark mark = Mark::hint;
};

struct Procedure {
  std::string id;
  Text title;
  std::string initial;  ///< state of a case before any action
  std::vector<State> states;
  std::vector<ProcedureAction> actions;
  const State* find_state(std::string_view id) const;
  const ProcedureAction* find_action(std::string_view id) const;
};

/// 审核模式: full, simplified, quick. Dropped steps stay visible.
struct Mode {
  std::string id;
  Text title, conditions;
  std::set<std::string> dropped_steps;  ///< ids of Step
  /// When the mode is proposed at listing, all given conditions together; the office decides. Modes are tried in the
  /// file's order, the last one without conditions wins.
  struct Proposal {
    std::set<std::string> scales;               ///< large | medium | small | micro; empty = any
    std::set<std::string> excluded_categories;  ///< never for a case of one of these
    int min_rounds = 0;                         ///< rounds passed before
    Text reason;
  };
  std::optional<Proposal> proposal;
  Mark mark = Mark::hint;
};

/// 审核步骤: one of the seven steps, with the national and the handbook name.
struct Step {
  std::string id;
  Text title, handbook_title, content;
  Mark mark = Mark::hint;
};

/// 等级规则: thresholds and names of levels.
struct LevelRule {
  std::string id;
  Text title;
  struct Level {
    std::string id;  ///< "I", "II", "III"
    Text name;
    Decimal index;         ///< threshold of Y
    bool exactly = false;  ///< Y must equal it (YⅢ = 100)
    std::string limiting;  ///< worst level a limiting row may have: "I", "II", "III"
    std::string others;    ///< worst level a non-limiting row may have; "" = no demand
    Mark mark = Mark::hint;
  };
  std::vector<Level> levels;  ///< best first
  Source source;
};

/// A number, or an expression in parameters: "0.5+0.3*n". Only + - * / ( ) numbers and names.
struct Amount {
  Decimal value;
  std::string expression;  ///< "" when `value` holds
};

/// 基准值: what one level demands of a row.
struct Benchmark {
  enum class Kind { number, text, same_as, none, unread };
  Kind kind = Kind::unread;  ///< none: no requirement at this level; unread: not known to us, grading refuses
  Amount number;
  Text text;
  std::string same_as;  ///< "I", "II", "III"
};

/// 评价指标: one row of an indicator system.
struct IndicatorRow {
  std::string id;
  Text name;
  std::optional<Amount> weight;  ///< inside its group; nullopt = not known
  bool limiting = false;
  bool quantitative = true;
  std::string unit;  ///< "L/m2", "%", "kgce/t"; of what: "m3{water}/t{product}"
  bool higher_is_better = false;
  bool strict = false;                          ///< < or > instead of ≤ or ≥
  bool rounded_value = false;                   ///< GB/T 8170 修约值比较法; else 全数值比较法
  std::map<std::string, Benchmark> benchmarks;  ///< "I", "II", "III"
  struct Metric {
    Text name;
    std::string unit;
    bool higher_is_better = true;
    std::map<std::string, Amount> levels;
  };
  std::vector<Metric> metrics;                               ///< numbers hidden in a qualitative row; all must hold
  std::vector<std::map<std::string, std::string>> variants;  ///< as the source has them; shown, not computed
  std::string formula_numerator, formula_denominator;        ///< ledger keys when the value is a ratio of figures
  std::string product_group;                                 ///< rows of one product-share group
  Source source;
  std::string evidence;    ///< source | source-corrected | source-levels-1-2 | memory
  std::string confidence;  ///< high | medium | low
  Text note;
};

struct IndicatorGroup {
  Text name;
  std::optional<Decimal> weight;
  bool bonus = false;  ///< on top of the sum of weights, index capped at 100
  std::vector<IndicatorRow> rows;
  Text note;
  bool complete = true;  ///< false: the document has more rows here than we know; no index may be computed
};

/// 评价指标体系: an indicator system as issued.
struct IndicatorSystem {
  std::string id, document;
  Text title, scope;
  Validity in_force;
  std::string replaces, level_rule;
  std::string verification;  ///< complete-verified | partial | from-memory | draft
  Text verification_note;
  std::set<std::string> industries;  ///< GB/T 4754 codes or prefixes it is offered for
  std::set<std::string> tags;        ///< process tags: electroplating …
  struct Parameter {
    std::string id;
    Text name;
  };
  std::vector<Parameter> parameters;
  std::vector<IndicatorGroup> groups;
  std::vector<std::string> sources;
  const IndicatorRow* find_row(std::string_view id) const;
  bool has_all_weights() const;
};

/// 评分表: what experts fill. Points that could not be verified are marked unofficial.
struct ScoringTable {
  std::string id, kind;  ///< kind: evaluation | acceptance | combined
  Text title;
  Validity valid;
  struct Item {
    std::string code;
    Text block, text;
    Decimal max;
    Mark mark = Mark::hint;
  };
  struct Veto {
    std::string code;
    Text text;
    Mark mark = Mark::hint;
  };
  struct Band {
    Decimal min;
    bool inclusive = true;
    std::string result;
    Text title, next_action;
    Mark mark = Mark::hint;
  };
  std::vector<Item> items;
  std::vector<Veto> vetoes;
  std::vector<Item> bonus;
  std::vector<Band> bands;           ///< best first; the first whose minimum is reached wins
  std::string aggregation = "mean";  ///< mean | trimmed_mean
  int trim_from = 0;                 ///< of trimmed_mean: sheets from which one highest and one lowest are left out
  Source source;
};

/// 折标系数 / 排放因子.
struct Factor {
  std::string id;    ///< electricity.calorific
  std::string kind;  ///< energy | co2
  Text title;
  std::string unit;  ///< "kgce/kWh", "kgCO2/kWh"
  struct Value {
    Validity valid;
    std::string region;
    std::optional<int> year;
    Decimal value;
    std::optional<Decimal> upper;
    Source source;
  };
  std::vector<Value> values;  ///< a range (upper set) makes the user choose and say why
};

/// 工作日历: rest days and swapped working days of a year, beyond Saturday and Sunday.
struct CalendarYear {
  int year = 0;
  std::set<Date> holidays, working_weekends;
  bool official = false;  ///< the State Council's notice is known; otherwise statutory days only, computed
  Source source;
};

struct Region {
  std::string code;
  Text name;
  std::string level, parent;
  Validity valid;
};  ///< level: province | city | county
struct Industry {
  std::string code;
  Text name;
  Mark mark = Mark::hint;
};  ///< GB/T 4754
struct PriorityIndustry {
  std::string id;
  Text title;
  std::set<std::string> codes;
  bool by_process = false;
  Mark mark = Mark::hint;
};

/// 台账指标: an entry of the append-only catalogue of ledger keys.
struct LedgerKey {
  std::string key;  ///< "electricity.bought"
  Text title;
  std::string unit;   ///< canonical; "" for text, date, choice, and for values of indicators, whose unit their row or
                      ///< parameter says
  std::string kind;   ///< decimal | text | date | choice
  std::string group;  ///< energy | water | material | product | pollutant | money | indicator | option
  std::vector<std::string> choices;
  std::string replaced_by;
};

/// 报告提纲: a section of the audit report.
struct OutlineSection {
  std::string id, number;
  Text title;
  std::vector<std::string>
      content;  ///< named blocks the dossier knows: enterprise_table, energy_series, indicator_table …
  std::string guidance_zh;
  std::vector<OutlineSection> children;
};
struct Outline {
  std::string id;
  Text title;
  std::string stage;
  std::vector<OutlineSection> sections;
  Source source;
};

/// A case of a `*.cases.yaml` file: input of `compute indicators` and what must come out of it. `pack check` runs them.
struct PackCase {
  struct Value {
    std::string level, value, not_applicable;
  };                 ///< exactly one is set
  std::string file;  ///< relative to the pack root
  int line = 0;
  std::string name, system;
  Date on;
  std::map<std::string, Decimal> parameters;
  std::map<std::string, Value> values;             ///< by row
  std::map<std::string, std::string> expect_rows;  ///< row → I | II | III | below | missing | not_applicable
  std::string expect_level;  ///< I | II | III | none | missing (no level because rows are missing), "" = not tested
  std::map<std::string, std::string> expect_index;  ///< I, II, III → exact decimal
  std::string expect_error;                         ///< error code instead of an answer
};

/// 绩效表: one column of the performance table.
struct PerformanceColumn {
  std::string id;
  Text title;
  std::string unit, key;
  Mark mark = Mark::hint;
};

/// 统一口径: what a jurisdiction (nation, province, city) does. Unset things come from its parent; the loader resolves
/// that.
struct Jurisdiction {
  std::string code;  ///< "CN", "CN-42", "CN-4201"
  Text title;
  std::string parent;
  std::string list_drafted_by = "city", list_confirmed_by = "province", list_published_by = "province";  ///< levels
  std::set<std::string> combined_evaluation;  ///< {"yes"} when evaluation and acceptance are one step
  std::string procedure;                      ///< Procedure id of audits
  std::vector<std::string> clocks;            ///< ClockRule ids, resolved
  std::string evaluation_table, acceptance_table;
  std::string step_names = "national";       ///< national | handbook
  std::map<std::string, std::string> lines;  ///< category → lead line, where it differs
  std::set<std::string> evaluation_scope;    ///< categories always evaluated; empty = as Order 38 Art. 20
  std::vector<Text> notes;
  Source source;
};

}  // namespace qy::rules
