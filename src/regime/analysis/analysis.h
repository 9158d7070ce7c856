#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "http/http.h"
#include "regime/audits/audits.h"
#include "regime/figures/figures.h"

/// 分析: benchmarking against the indicator system, and options (清洁生产方案) with economics and effects. Every number
/// is a figure of the ledger (subject "audit"); this room keeps wording, choices and states only.
namespace qy::analysis {

using OptionId = Id<struct OptionTag>;

/// 证据: a file of the case that shows what an option costs or does, with the place in it.
struct OptionEvidence {
  files::File file;  ///< may have been withdrawn since
  std::string place;
  bool by_office = false;  ///< the department's own, which the enterprise cannot take away
  Instant at;
  std::string by_name;
};

/// 方案: its own columns; investment, saving and effects are figures whose scope is "option:<id>", aspect planned or
/// verified.
struct Option {
  OptionId id;
  audits::AuditId audit;
  std::string code;  ///< WD1… (无/低费), ZG1… (中/高费), given by the room
  std::string title, description;
  std::string cost_class;   ///< none_or_low | medium_or_high
  std::string origin;       ///< one of the eight aspects: material | process | equipment | control | product | waste |
                            ///< management | staff
  std::string state;        ///< proposed | feasible | dropped | planned | implemented | verified
  std::string responsible;  ///< department or person of the enterprise
  std::optional<Date> planned_on, implemented_on;
  std::string drop_reason;
  std::int64_t version = 1;
  /// From the ledger: performance column id → value, in the column's unit.
  std::map<std::string, Decimal> planned, verified;
  std::vector<OptionEvidence> evidence;  ///< in the order it was added
};
std::vector<Option> options_of(Tx& tx, const Premises& premises, const audits::AuditId& audit);
std::optional<Option> find_option(Tx& tx, const Premises& premises, const OptionId& id);

/// 绩效表 totals of a case: column id → sum over options in one of `states`. Only verified values when `verified`.
std::map<std::string, Decimal> totals_of(const std::vector<Option>& options, bool verified);

/// 对标: the grading of a case with the pinned system, computed from the ledger's indicator figures.
///
/// Answers are figures: key `indicator.value` (in the row's unit), `indicator.level` (the level an assessor chose),
/// `indicator.metric`, with scope "row:<system>:<row>" (a metric adds ":<n>"), and `indicator.parameter` with scope
/// "<system>:<parameter>". A row whose system names ledger keys as its formula is computed from them and never typed.
/// Rows of a product group share one weight by the output of their products, which is `indicator.output` with the
/// row's scope and the unit below the line of the group's values ("m2" of "kWh/m2").
/// The aspect `measured` is the state the audit found; `verified` the state after the options, where a row without an
/// answer of its own keeps the one found.
///
/// `document` is the canonical answer of `compute indicators` with the names of rows, groups, benchmarks and marks
/// added, and `computed` inputs: what the screen, the report and the evaluation show. Errors: analysis.no_system;
/// indicator_system.no_weights is not an error here: the document says so.
struct Benchmark {
  json::Value document;
  std::optional<std::string>
      level;  ///< "I" | "II" | "III" | "none"; nullopt when rows are missing or the index is refused
  std::vector<std::string> missing;
  std::vector<std::string> without_output;  ///< answered rows whose weight, and with it the index, waits for an output
  std::vector<Text> unusable;  ///< names of the system's parameters that are blank or make its benchmarks uncomputable
  int stale = 0;               ///< rows computed by a formula whose inputs have changed since
  bool has_index = true;       ///< false for a system without weights: rows are graded, no index is printed
};
Result<Benchmark> benchmark_of(Tx& tx, const Premises& premises, const audits::Audit& audit,
                               figures::Aspect aspect = figures::Aspect::measured);
/// The same from a frozen ledger: what a decision relied on.
Result<Benchmark> benchmark_of(const Premises& premises, const audits::Audit& audit, const figures::Ledger& ledger,
                               figures::Aspect aspect);

/// 基准年: the last full year before the list's, whose figures describe the plant as found.
figures::Period base_period(const audits::Audit& audit);

/// What is still to be done before the report may be submitted, as sentences with a place: empty means ready.
struct Gap {
  std::string code;
  Params params;
  std::string place;  ///< where to mend it: benchmark | options | ledger
};
std::vector<Gap> gaps_of(Tx& tx, const Premises& premises, const audits::Audit& audit);

// Services for the demonstration and tests.
struct NewOption {
  std::string title, description, cost_class, origin, responsible;
  std::map<std::string, Decimal> planned;
  std::optional<Date> planned_on;
};
Result<OptionId> add_option(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& audit,
                            const NewOption& option);
Result<void> set_option_state(Tx& tx, const Premises& premises, const identity::Act& act, const OptionId& id,
                              const std::string& state, std::optional<Date> on,
                              const std::map<std::string, Decimal>& verified, const std::string& reason = "");
/// Cites a file of the case as evidence. Errors: option.not_found; input.invalid with option.evidence_file (it is not
/// attached to the case) or option.evidence_twice at "#/file".
Result<void> add_evidence(Tx& tx, const identity::Act& act, const OptionId& id, const std::string& file,
                          const std::string& place);
/// Answers of indicator rows: row id → what was answered; parameters and outputs: id → number as typed, blank takes it
/// back. Errors: input.invalid with every mistake at "#/rows/<row>/…", "#/parameters/<id>", "#/outputs/<row>".
struct RowAnswer {
  std::optional<std::string> level, value, not_applicable;
  std::vector<std::string> metrics;
};
Result<void> answer_rows(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& audit,
                         const std::map<std::string, RowAnswer>& rows,
                         const std::map<std::string, std::string>& parameters,
                         figures::Aspect aspect = figures::Aspect::measured,
                         const std::map<std::string, std::string>& outputs = {});

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> analysis_messages();

}  // namespace qy::analysis
