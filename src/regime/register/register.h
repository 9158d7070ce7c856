#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/id.h"
#include "http/http.h"
#include "regime/identity/identity.h"
#include "regime/premises/premises.h"
#include "rules/library.h"

/// 企业名录: enterprises with their places of production, consultancies, experts and parks, and how each enterprise
/// stands.
///
/// 法人 (legal person) and 生产场所 (site) are two things: a group is one legal person with several sites, each audited
/// by itself. What people call an enterprise, and what EnterpriseId names, is a site with its legal person attached.
namespace qy::registry {

using EnterpriseId = Id<struct EnterpriseTag>;
using LegalPersonId = Id<struct LegalPersonTag>;
using PartyId = Id<struct RegisterPartyTag>;
using FormerRoundId = Id<struct FormerRoundTag>;
using SecretUnitId = Id<struct SecretUnitTag>;
using ImportId = Id<struct EnterpriseImportTag>;

// ---- Enterprises
// --------------------------------------------------------------------------------------------------------

/// 排污许可证 / 排污登记: a permit of a site.
struct Permit {
  std::string kind;  ///< "permit" 排污许可证 (HJ 608 number) | "registration" 排污登记 | "other"
  std::string number;
  std::optional<Date> valid_from, valid_to;
  bool operator==(const Permit&) const = default;
  /// 已过期: its last day is over.
  bool expired(Date on) const { return valid_to && *valid_to < on; }
};

/// What people write down about an enterprise. Blank means not known.
struct EnterpriseFacts {
  std::string name;               ///< 场所名称, as papers address it; usually the legal person's name
  std::string legal_name;         ///< 法人名称; "" = the same as `name`
  std::string credit_code;        ///< 统一社会信用代码; "" for older or unknown ones
  std::string registered_region;  ///< GB/T 2260 code of the registration; may differ from `region`
  std::string region;             ///< GB/T 2260 code of the county where the site lies
  std::string address;
  std::string industry;           ///< GB/T 4754 code, 2–4 digits
  std::vector<std::string> tags;  ///< 工艺标签: process tags, sorted ("electroplating")
  std::string scale;              ///< large | medium | small | micro | ""
  std::vector<Permit> permits;
  std::string legal_representative, contact_name, contact_phone;  ///< personal data: masked in exports, never public
  std::optional<Decimal> longitude, latitude;                     ///< degrees, CGCS2000
  std::string status = "operating";                               ///< operating 在产 | stopped 停产 | closed 关闭
  std::optional<Date> status_since;
  std::string park;  ///< PartyId of the park it lies in, or ""
  std::string note;
  bool operator==(const EnterpriseFacts&) const = default;
};

/// 审核现状: how an enterprise stands, written down by higher rooms (accepted rounds) and by 补录 (former rounds).
struct Standing {
  std::optional<Date>
      last_round_on;  ///< acceptance (or deemed) day of the newest round of either kind: intervals count from it
  bool last_entered_later = false;  ///< that newest round is a former one, entered later
  std::string level;                ///< "I", "II", "III", "none" of the newest round run here; "" when there is none
  std::optional<Date> level_on;     ///< acceptance day of that round
  int rounds = 0;                   ///< rounds of both kinds on record
};

struct FormerName {
  std::string name;
  Date until;
};

/// An enterprise as on record.
struct Enterprise {
  EnterpriseId id;
  LegalPersonId legal_person;
  std::string province;  ///< two digits, immutable
  EnterpriseFacts facts;
  std::vector<FormerName> former_names;  ///< of the legal person, newest first
  Standing standing;
  std::int64_t version = 1;
  Instant created_at, changed_at;
};

/// The few facts other rooms carry about.
struct Summary {
  EnterpriseId id;
  std::string province, region, name, credit_code, industry, scale, status;
  std::vector<std::string> tags;
  std::vector<std::string> priority_industries;  ///< rules::PriorityIndustry ids, by code or by process tag
  Standing standing;
};

/// 重点行业: the priority industries an industry code and process tags fall under. An industry "by process" needs its
/// tag.
std::vector<std::string> priority_industries_of(const rules::Library& rules, std::string_view industry,
                                                const std::vector<std::string>& tags);

std::optional<Enterprise> find_enterprise(Tx& tx, const EnterpriseId& id);
/// Errors: enterprise.not_found.
Result<Enterprise> get_enterprise(Tx& tx, const EnterpriseId& id);
std::optional<Summary> find_summary(Tx& tx, const rules::Library& rules, const EnterpriseId& id);
/// Summaries in the order of `ids`; unknown ids are left out.
std::vector<Summary> summaries_of(Tx& tx, const rules::Library& rules, const std::vector<EnterpriseId>& ids);
/// Every site of the legal person with this credit code.
std::vector<Summary> enterprises_of_credit_code(Tx& tx, const rules::Library& rules, std::string_view credit_code);
/// Every site in the subtree of a region code ("990000", "990100", "990101"; "" = everywhere), by region and name.
/// Closed ones only when asked for.
std::vector<Summary> enterprises_in(Tx& tx, const rules::Library& rules, std::string_view region,
                                    bool closed_too = false);
std::int64_t count_enterprises_in(Tx& tx, std::string_view region, bool closed_too = false);

/// Adds an enterprise, with its legal person unless the credit code is on record already. Checks every field; no
/// permission is checked here: commands do. Errors: input.invalid with fields (enterprise.*, credit_code.*,
/// region.unknown, industry.unknown …); enterprise.exists {name} when the same site is on record.
Result<EnterpriseId> add_enterprise(Tx& tx, const rules::Library& rules, const identity::Act& act,
                                    const EnterpriseFacts& facts);

// ---- Standing
// -----------------------------------------------------------------------------------------------------------

/// A round that ended here: written down by the room that concludes it.
struct NewStanding {
  std::string reference;  ///< what it rests on: the audit's id; one standing per reference, written again it replaces
  Date accepted_on;
  std::string level;  ///< "I", "II", "III", "none", or "" when no level was decided
};
void set_standing(Tx& tx, const EnterpriseId& id, const NewStanding& standing);
Standing standing_of(Tx& tx, const EnterpriseId& id);

/// Writes down the 审核类别 (rules::Category ids) under which an enterprise was listed last; listing or audits calls
/// it. Replaces earlier ones.
void set_categories(Tx& tx, const EnterpriseId& id, const std::vector<std::string>& categories);
std::vector<std::string> categories_of(Tx& tx, const EnterpriseId& id);

/// 补录: a former round from before this system; counts for intervals only.
struct FormerRound {
  FormerRoundId id;
  EnterpriseId enterprise;
  int year = 0;
  std::string document_number;  ///< 文号
  Date accepted_on;
  std::string level;  ///< "I", "II", "III", "none", ""; for information, never counted
  std::string scan;   ///< files::FileId of the scan, or ""
  std::string recorded_by;
  Instant recorded_at;
  std::int64_t version = 1;
};
std::vector<FormerRound> former_rounds_of(Tx& tx, const EnterpriseId& id);
/// Errors: former_round.future, former_round.year, former_round.exists {year}.
Result<FormerRoundId> add_former_round(Tx& tx, const identity::Act& act, const FormerRound& round);

// ---- Parties: consultancies, experts, parks
// ---------------------------------------------------------------------------------

/// 咨询服务机构, 专家, 园区, 协会, 院所, 受托评估机构. Its id is `party_id` of the callers that belong to it.
struct PartyFacts {
  identity::Party kind =
      identity::Party::consultancy;  ///< consultancy | expert | park | association | institute | evaluation_body
  std::string name;
  std::string credit_code;  ///< of an organisation
  std::string region;       ///< where it sits
  std::string address;
  std::string employer;             ///< of an expert: recusal compares it
  std::string title;                ///< of an expert: 职称
  std::vector<std::string> fields;  ///< 专业领域: PriorityIndustry ids or free words
  std::vector<std::string> qualifications;
  std::string contact_name, contact_phone;  ///< personal data
  bool active = true;
  std::string note;
  bool operator==(const PartyFacts&) const = default;
};
struct PartyEntry {
  PartyId id;
  std::string province;
  PartyFacts facts;
  std::int64_t version = 1;
};

Result<PartyId> add_party(Tx& tx, const rules::Library& rules, const identity::Act& act, const PartyFacts& facts);
std::optional<PartyEntry> find_party(Tx& tx, const PartyId& id);
/// Errors: party.not_found.
Result<PartyEntry> get_party(Tx& tx, const PartyId& id);
/// Active ones of a kind, by name; `region` as in enterprises_in.
std::vector<PartyEntry> parties_of(Tx& tx, identity::Party kind, std::string_view region = "");

// ---- 涉密单位
// -------------------------------------------------------------------------------------------------------------

/// Units kept offline: a number without name or figures, counted by hand per year and stage.
struct SecretCount {
  std::string region;
  int year = 0;
  int listed = 0, reported = 0, accepted = 0;
};  ///< each stage includes the later ones
std::vector<SecretCount> secret_counts(Tx& tx, std::string_view region, std::optional<int> year);

// ---- What everyone may know
// ---------------------------------------------------------------------------------------------------

/// The public face of an enterprise: no person's name, no telephone, no note.
struct PublicView {
  EnterpriseId id;
  std::string name, credit_code, region, industry, status;
  std::vector<std::string> former_names;
};
std::optional<PublicView> public_view(Tx& tx, const EnterpriseId& id);
/// Many at once, without their former names, by id; unknown ids are left out.
std::map<std::string, PublicView> public_views(Tx& tx, const std::vector<EnterpriseId>& ids);

// ---- Subtrees
// -----------------------------------------------------------------------------------------------------------------

/// The codes of a region's subtree as a closed interval: "990100" → 990100 … 990199; "" → everything. For `BETWEEN :low
/// AND :high`.
struct RegionRange {
  std::string low, high;
};
RegionRange region_range(std::string_view region);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> register_messages();

}  // namespace qy::registry
