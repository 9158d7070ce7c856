#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "db/log.h"
#include "http/http.h"
#include "regime/files/files.h"
#include "regime/identity/identity.h"
#include "units/unit.h"

/// 数据台账: every number of an audit once. A *slot* is a place for one value: (subject, key, scope, period, aspect).
/// Sources are *claims* on the slot, one of them adopted. Nothing is deleted: a slot's revisions are its history.
/// Derived figures keep their formula and the revisions of their inputs, so that *stale* is computed, never guessed.
/// Submission freezes an *edition*; decisions and statistics read editions only.
namespace qy::figures {

using SlotId = Id<struct SlotTag>;
using ClaimId = Id<struct ClaimTag>;
using EditionId = Id<struct EditionTag>;

/// 口径: how a value is meant.
enum class Aspect {
  measured,    ///< 实测 / as found
  reconciled,  ///< 平衡校正后
  planned,     ///< 预期
  verified     ///< 核定
};
std::string to_string(Aspect aspect);
std::optional<Aspect> aspect_of(std::string_view text);

/// 数据来源方式: on what a claim rests.
enum class Basis { metered, billed, monitored, calculated, estimated, claimed };
std::string to_string(Basis basis);
std::optional<Basis> basis_of(std::string_view text);

/// 期间: whole days, both ends included; may be part of a year or cross years. Nothing is annualised silently.
/// Written "2025" (a calendar year), "2025-03" (a month), "2025-03-01/2026-02-28", or "" for what has no period (a
/// design capacity). The shortest writing is the canonical one.
struct Period {
  /// Errors: period.format {text}, period.order.
  static Result<Period> parse(std::string_view text);
  static Period year(int year);
  const std::string& str() const { return text; }
  std::string text;              ///< canonical
  std::optional<Date> from, to;  ///< none when timeless
  auto operator<=>(const Period&) const = default;
};

/// A place in a subject's ledger.
struct Place {
  std::string key;  ///< of the catalogue: "electricity.bought"
  std::string scope;  ///< "" = the whole plant; "unit:…", "stream:…", "option:…", "material:…": the owner's words, at
                      ///< most 120 characters
  Period period;
  Aspect aspect = Aspect::measured;
  auto operator<=>(const Place&) const = default;
  /// "electricity.bought/plant/2025/measured", for people and anchors
  std::string str() const;
};

/// A typed value. Blank (no slot, or retracted), zero and not applicable are three different things.
struct Value {
  enum class Kind { number, text, date, choice, not_applicable, retracted };
  Kind kind = Kind::retracted;
  Decimal number;    ///< in `unit`
  std::string unit;  ///< canonical spelling, "" = pure number
  std::string text;  ///< text, choice, or the reason of not_applicable
  Date date;

  static Value of(Decimal number, std::string unit) { return {Kind::number, number, std::move(unit), {}, {}}; }
  static Value of_text(std::string text) { return {Kind::text, {}, {}, std::move(text), {}}; }
  static Value of_choice(std::string choice) { return {Kind::choice, {}, {}, std::move(choice), {}}; }
  static Value of_date(Date date) { return {Kind::date, {}, {}, {}, date}; }
  static Value not_applicable(std::string reason) { return {Kind::not_applicable, {}, {}, std::move(reason), {}}; }
  static Value retracted() { return {}; }
  bool is_number() const { return kind == Kind::number; }
  bool is_blank() const { return kind == Kind::retracted; }
  bool operator==(const Value&) const = default;
};
std::string to_string(Value::Kind kind);

/// 证据: where a claim is written.
struct Evidence {
  std::string file;   ///< files::FileId, "" = none
  std::string place;  ///< "第3页", "Sheet1!B7", meter number
  bool operator==(const Evidence&) const = default;
};

/// One source's word on a slot.
struct Claim {
  ClaimId id;
  Value value;
  Basis basis = Basis::claimed;
  Evidence evidence;
  std::string note;
  std::string formula;  ///< of a derived figure: what was computed, for people and machines ("a + b",
                        ///< "indicator:electroplating-2015/5"); "" = entered
  struct Input {
    SlotId slot;
    std::int64_t version = 0;
    Place place;
  };
  std::vector<Input> inputs;  ///< of a derived figure, with the revision each had
  Instant at;
  std::string by, by_name;  ///< user
  bool standing = true;     ///< false: replaced by a later word of the same source
};

/// A slot with its adopted claim.
struct Figure {
  SlotId slot;
  Place place;
  std::int64_t version = 0;  ///< grows with each revision; what a cell must be written against
  Claim claim;               ///< adopted
  int claims = 1;            ///< how many sources stand on it
  bool derived() const { return !claim.formula.empty(); }
};

/// The ledger of one subject in memory, as of one moment.
class Ledger {
 public:
  /// `frozen`: an edition, in which nothing is stale.
  Ledger(db::Subject subject, std::vector<Figure> figures, bool frozen = false);

  const db::Subject& subject() const { return subject_; }
  const std::vector<Figure>& figures() const { return figures_; }  ///< ordered by place

  /// nullptr when the slot is empty or retracted.
  const Figure* find(const Place& place) const;
  const Figure* find(std::string_view key, std::string_view period, Aspect aspect = Aspect::measured,
                     std::string_view scope = "") const;
  /// Also when it is retracted (its version is needed to write).
  const Figure* find_slot(const Place& place) const;
  /// All with a key, any scope and period.
  std::vector<const Figure*> of_key(std::string_view key) const;

  /// A number in the unit wanted; nullopt when blank or not a number. Errors: unit.incommensurable.
  Result<std::optional<Decimal>> number(const Place& place, std::string_view unit) const;

  /// 过期: an input has another revision than the one computed with, or is itself stale; transitively.
  bool stale(const Figure& figure) const;
  std::vector<const Figure*> stale_figures() const;

  /// Inputs, and what was computed from it: one step each.
  std::vector<const Figure*> upstream(const Figure& figure) const;
  std::vector<const Figure*> downstream(const Figure& figure) const;

 private:
  bool compute_stale(std::size_t index);

  db::Subject subject_;
  std::vector<Figure> figures_;
  std::map<Place, std::size_t> by_place_;
  std::vector<signed char> stale_;  // 1 yes, 0 no, -1 not known yet, -2 being asked
  std::vector<std::vector<std::size_t>> downstream_;
};

// ---- Services
// -----------------------------------------------------------------------------------------------------------

/// One cell to write.
struct Entry {
  Place place;
  Value value;
  /// On what it rests. What is left out stays as the adopted claim has it: correcting a number keeps its source, and
  /// with the same source its evidence and note. Of an empty slot it is claimed, without evidence.
  std::optional<Basis> basis = {};
  std::optional<Evidence> evidence = {};
  std::optional<std::string> note = {};
  std::optional<std::int64_t>
      expected;  ///< the slot's version as the writer saw it, 0 = empty; nullopt = whatever it is (imports, services)
  bool adopt = true;         ///< false: add the claim beside the adopted one
  std::string pointer = {};  ///< where complaints about this cell go; "#/cells/3" by position when empty
};

/// Writes cells of one subject, all or none. A value equal to the adopted one, with the same source, writes nothing and
/// keeps the version. Complaints come all at once, one field each: figure.key_unknown {key, suggestion},
/// figure.key_replaced {key, replaced_by}, figure.type {wanted}, unit.*, figure.unit {unit, wanted}, figure.choice
/// {choices}, figure.reason (not applicable needs one), figure.scope, period.*, figure.text_too_long, figure.evidence
/// (a file that does not hang on the subject), figure.twice; kind invalid, code figures.invalid. When only versions
/// differ: kind stale, code figures.stale, each field figure.stale {version, value, by, at} so that both values can be
/// shown.
Result<std::vector<Figure>> set_figures(Tx& tx, const identity::Act& act, const rules::Library& rules,
                                        const db::Subject& subject, std::string_view province,
                                        std::span<const Entry> entries);

/// A computed figure with the places it was computed from; their present revisions are recorded.
struct Derived {
  Place place;
  Value value;
  std::string formula;
  std::vector<Place> inputs;
  std::string note = {};
};
/// Writes computed figures; one whose value, formula and inputs' revisions did not change writes nothing. Inputs may be
/// among the written ones, earlier in the list; an empty slot as input is recorded as such. Errors as set_figures.
Result<void> set_derived(Tx& tx, const identity::Act& act, const rules::Library& rules, const db::Subject& subject,
                         std::string_view province, std::span<const Derived> derived);

/// Adopts another claim of the slot. Errors: figure.claim_not_found, figure.of_option, figures.stale.
Result<Figure> adopt_claim(Tx& tx, const identity::Act& act, const db::Subject& subject, const ClaimId& claim,
                           std::int64_t expected);

/// Whether a caller who may write may give the figure other evidence: a computed one rests on its inputs, and an
/// option's are its room's.
bool may_cite(const Figure& figure);

Ledger get_ledger(Tx& tx, const db::Subject& subject);

/// All claims of a slot, newest first, and its revisions.
std::vector<Claim> claims_of(Tx& tx, const SlotId& slot);
struct Revision {
  std::int64_t version = 0;
  ClaimId claim;
  Value value;
  Basis basis = Basis::claimed;
  Evidence evidence;
  Instant at;
  std::string by_name, note;
};
std::vector<Revision> history_of(Tx& tx, const SlotId& slot);

/// 版本: a frozen copy of a subject's ledger.
struct Edition {
  EditionId id;
  db::Subject subject;
  std::string province, label;  ///< "submitted", "accepted" …
  int number = 0;               ///< 1, 2, 3 … within the subject
  std::string root;             ///< SHA-256 hex over the canonical JSON of the sorted entries
  std::int64_t entries = 0;
  Instant at;
  std::string by_name;
};
/// Copies every slot that holds a value. The same content gives the same root.
Edition freeze_edition(Tx& tx, const identity::Act& act, const db::Subject& subject, std::string_view province,
                       std::string_view label);
std::vector<Edition> editions_of(Tx& tx, const db::Subject& subject);
std::optional<Edition> find_edition(Tx& tx, const EditionId& id);
/// The newest with this label ("" = any).
std::optional<Edition> latest_edition(Tx& tx, const db::Subject& subject, std::string_view label = "");
/// The frozen ledger: nothing in it is stale. Errors: edition.not_found; edition.damaged when it does not have its root
/// any more.
Result<Ledger> read_edition(Tx& tx, const EditionId& id);

/// 版本间的变化: one place whose value is not the same in two ledgers.
struct Change {
  const Figure* before = nullptr;  ///< nullptr = no value there
  const Figure* after = nullptr;
  const Place& place() const { return after ? after->place : before->place; }
};
/// Every place of two ledgers of one subject whose value differs, ordered by place; a change of source, note or formula
/// alone is none. Points into both.
std::vector<Change> changes_between(const Ledger& before, const Ledger& after);

// ---- Commands and shapes
// ------------------------------------------------------------------------------------------------

/// {"slot","key","scope","period","aspect","version","value":{…},"basis","evidence","note","derived","stale","claims","at","by"}
json::Object to_json(const Ledger& ledger, const Figure& figure, const rules::Library& rules);
json::Object to_json(const Value& value);
/// {"kind":"number","number":"12.50","unit":"t"} | {"kind":"text","text"} | {"kind":"date","date"} |
/// {"kind":"choice","choice"} | {"kind":"not_applicable","reason"} | {"kind":"retracted"}
Value read_value(json::ObjectReader& in);
json::Object to_json(const Edition& edition);

/// The ledger as the caller sees it. Errors: subject.not_found.
struct View {
  Ledger ledger;
  bool may_write = false;
};
Result<View> view(const Premises& premises, const identity::Caller& caller, const db::Subject& subject);
/// Several cells at once; answers the ledger afterwards. Errors: subject.not_found, forbidden.subject_write,
/// figure.of_option (an option's figures are its room's), those of set_figures.
Result<View> patch(const Premises& premises, const identity::Caller& caller, const db::Subject& subject,
                   std::vector<Entry> entries);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> figures_messages();

}  // namespace qy::figures
