#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/identity/identity.h"
#include "regime/register/register.h"
#include "rules/model.h"

/// 名单: candidates, the joint list of a year, its publication, the notices (告知书) it makes, and its changes.
///
/// A list is drafted by an office, its second department co-signs the cases it must, higher levels confirm and publish
/// as the jurisdiction's pack says. 成文 (dated), 公布 (published) and 送达 (delivered) are three different days; the
/// clocks run from 公布. Publishing opens cases, so the command `publish` lives in `audits/`, which calls
/// `publish_list` here.
namespace qy::listing {

using ListId = Id<struct ListTag>;
using EntryId = Id<struct EntryTag>;
using NoticeId = Id<struct NoticeTag>;
using CorrectionId = Id<struct CorrectionTag>;

/// 名单: one list, or one supplementary batch (补充批次) of it.
struct List {
  ListId id;
  std::string province, region;  ///< region of the drafting office
  std::string jurisdiction;      ///< "CN-99"
  int year = 0;
  int batch = 1;  ///< 1 the yearly list, 2… supplementary batches
  Text title;
  std::string state;                           ///< state of procedure `list-national`
  std::optional<std::string> document_number;  ///< 文号; may arrive after publication
  std::optional<Date> dated_on;                ///< 成文日期
  std::optional<Date> published_on;            ///< 公布日期: the clocks' day
  std::string published_where;
  identity::OfficeId drafted_by;
  std::int64_t version = 1;
  /// The wording as it was published, when corrections have changed it since; the members above hold what is true now.
  struct Wording {
    Text title;
    std::optional<std::string> document_number;
    std::optional<Date> dated_on;
    std::string published_where;
  };
  std::optional<Wording> as_published = {};
};

/// 名单内企业: one enterprise on a list.
struct Entry {
  EntryId id;
  ListId list;
  std::string province;
  registry::EnterpriseId enterprise;
  std::string enterprise_name, region, industry;  ///< as of listing
  std::vector<std::string> categories;            ///< rules::Category ids; two categories make one round
  std::string lead_line;                          ///< 牵头部门 of the case
  std::string cosign_line;                        ///< who co-signs the entry on the list, "" when nobody
  std::string reason;                             ///< 列入理由, in the office's words
  std::string mode;                               ///< rules::Mode id
  std::string mode_reason;
  bool cosigned = false;
  std::string status;  ///< listed | removed
  std::int64_t version = 1;
  /// As it was published, when corrections have changed it since; the members above hold what is true now.
  struct Wording {
    std::string enterprise_name, reason, mode_reason;
  };
  std::optional<Wording> as_published = {};
};

/// 一次性告知书: the paper an entry's enterprise receives.
struct Notice {
  NoticeId id;
  EntryId entry;
  std::string code;  ///< printed, checkable at /check/<code>
  std::string file;  ///< files::FileId of the DOCX
  Date dated_on;
  std::optional<Date> delivered_on;  ///< 送达日期
  std::string delivery;              ///< how it was delivered and signed for
};

/// 更正公告: one correction notice of a published list. It never moves the list's day of publication.
struct Correction {
  CorrectionId id;
  ListId list;
  int seq = 0;                                 ///< 1, 2 … within the list
  Date published_on;                           ///< 公布日期 of the correction
  std::optional<Date> dated_on;                ///< 成文日期
  std::string where;                           ///< 公布途径
  std::optional<std::string> document_number;  ///< 文号; may arrive later
  std::string explanation;
  Text office;  ///< which published it
  struct Value {
    EntryId entry;  ///< empty: the list's own wording
    registry::EnterpriseId enterprise;
    std::string enterprise_name;  ///< as it reads now
    std::string field;            ///< title_zh … enterprise_name, reason, mode_reason
    std::string before, after;
  };
  std::vector<Value> values;
  std::int64_t version = 1;
  /// 文书日期: its law is the law of this day.
  Date paper_day() const { return dated_on.value_or(published_on); }
};

/// Everything publication made, for the room that opens the cases.
struct Published {
  List list;
  std::vector<Entry> entries;
};

/// What publication records. The 文号 may arrive later (`set_document_number`).
struct Publication {
  Date published_on;
  std::optional<Date> dated_on;
  std::string where;  ///< 公布途径: the address or paper
  std::optional<std::string> document_number;
};

/// Publishes a confirmed list in the caller's transaction: state, dates, action with basis, and a notice row per entry;
/// the papers themselves are made after the transaction by `make_notices` (job "listing.make_notices", queued here).
/// Errors: procedure.*, listing.office {office}, listing.not_cosigned {count}, listing.empty, listing.published_future,
/// listing.dated_after_published. A day of the paper or a number entered before stays when none is given.
Result<Published> publish_list(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& list,
                               const Publication& publication);

/// What a correction says. An absent member is not corrected.
struct NewCorrection {
  std::optional<Date> published_on, dated_on;
  std::string where, explanation;
  std::optional<std::string> document_number;
  struct OfList {
    std::optional<std::string> title_zh, title_en, document_number, published_where;
    std::optional<Date> dated_on;
    std::vector<std::string> refused;  ///< names of fields given that no correction may touch
  };
  OfList list;
  struct OfEntry {
    std::string entry;  ///< EntryId as given
    std::optional<std::string> enterprise_name, reason, mode_reason;
    std::vector<std::string> refused;
  };
  std::vector<OfEntry> entries;
};
struct Corrected {
  List list;
  Correction correction;
  std::vector<Entry> entries;  ///< those it concerns, as they read now
};
/// Publishes a correction of a published list in the caller's transaction; `audits::correct` carries it into the cases.
/// Category, mode, line and the day of publication are no wording: they are refused, as are entries removed or of
/// another list. Errors: procedure.*, listing.wrong_level, listing.other_region, listing.stale; input.invalid with
/// every mistake at its field (listing.correction_*).
Result<Corrected> publish_correction(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& list,
                                     const NewCorrection& wanted, std::optional<std::int64_t> version = {});

/// Corrections of a list, oldest first.
std::vector<Correction> corrections_of(Tx& tx, const ListId& list);
/// The same, with the values of one entry only and, when `with_list`, those of the list's own wording; corrections that
/// say nothing about either are left out.
std::vector<Correction> corrections_about(Tx& tx, const Entry& entry, bool with_list);
/// One correction as the office and the public read it, with its basis of its own day.
json::Object correction_json(const rules::Library& rules, const Correction& correction);
json::Object wording_json(const List::Wording& wording);
json::Object wording_json(const Entry::Wording& wording);
json::Array corrections_json(const rules::Library& rules, const std::vector<Correction>& corrections);

/// Makes the papers (DOCX) of a published list's notices that have none yet, each with dates computed from the
/// jurisdiction's clocks, the law in force on the paper's date, a fresh activation code and a QR code to check it. Safe
/// to run again after an interruption. Returns how many were made.
Result<int> make_notices(const Premises& premises, const ListId& list);

std::optional<List> find_list(Tx& tx, const ListId& id);
std::optional<Entry> find_entry(Tx& tx, const EntryId& id);
std::vector<Entry> entries_of(Tx& tx, const ListId& id);

/// Published lists, newest first, for the portal and statistics.
std::vector<List> published_lists(Tx& tx, std::string_view region_prefix, std::optional<int> year);
/// The newest entry of every enterprise that stands on a published list, by region prefix of the entry ("" = all).
struct PublishedEntry {
  Entry entry;
  int year = 0;  ///< of its list
};
std::vector<PublishedEntry> published_entries(Tx& tx, std::string_view region_prefix);

/// 公示核验: what anyone may know about a notice by its printed code.
struct NoticeCheck {
  std::string code, enterprise_name;
  Text office, list_title;
  std::optional<std::string> document_number;
  Date dated_on;
  bool withdrawn = false;
  std::vector<Correction> corrections;  ///< of what the paper says
};
std::optional<NoticeCheck> check_notice(Tx& tx, std::string_view code);

// Services the demonstration and tests use to make history; each records its action like the commands do.
struct NewList {
  std::string region;
  int year;
  int batch = 1;
  Text title;
};
Result<ListId> draft_list(Tx& tx, const Premises& premises, const identity::Act& act, const NewList& list);
struct NewEntry {
  registry::EnterpriseId enterprise;
  std::vector<std::string> categories;
  std::string reason, mode, mode_reason;
};
Result<EntryId> add_entry(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& list,
                          const NewEntry& entry);
/// Any list action but publish: propose, cosign, record_cosign (with the paper's scan), confirm, return_list, withdraw
/// …
struct Perform {
  std::string action, reason;
  std::vector<std::string> files;
  std::optional<std::int64_t> version;
  bool void_cosignatures = false;  ///< 会签作废, on return_list: every entry is co-signed again, not only the changed
};
Result<List> perform(Tx& tx, const Premises& premises, const identity::Act& act, const ListId& list,
                     const Perform& what);

/// 拟定审核模式: what the packs propose for an enterprise, with the reason in both languages.
struct ProposedMode {
  std::string mode;
  Text reason;
};
ProposedMode propose_mode(const rules::Library& rules, const registry::Summary& enterprise,
                          const std::vector<std::string>& categories);

/// 牵头部门 and 会签部门 of a case with these categories in a jurisdiction.
struct Lines {
  std::string lead, cosign;
};
Lines lines_of(const rules::Library& rules, const rules::Jurisdiction& jurisdiction,
               const std::vector<std::string>& categories);

/// 移出名单: marks an entry removed; audits/ calls it when a case is removed.
Result<void> remove_entry(Tx& tx, const Premises& premises, const identity::Act& act, const EntryId& entry,
                          const std::string& reason);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> listing_messages();

}  // namespace qy::listing
