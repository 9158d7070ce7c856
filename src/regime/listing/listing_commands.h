#pragma once

#include "regime/listing/listing.h"

/// What this room's routes call beyond the services of `listing.h`.
namespace qy::listing {

db::Subject subject_of(const ListId& id);
/// The action of the list's procedure, when the caller may do it now. Errors: procedure.*, listing.wrong_level,
/// listing.other_region, listing.drafting_office.
Result<const rules::ProcedureAction*> permitted(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                                const List& list, std::string_view action);
/// The fold of the list's own log must agree with the projected row; throws db::Broken.
void assert_projection(Tx& tx, const Premises& premises, const List& list);

/// Whether the caller may draft lists of his own region.
bool may_draft(const Premises& premises, const identity::Caller& caller);
Result<List> get_visible(Tx& tx, const identity::Caller& caller, const ListId& id);
std::vector<std::string> allowed_actions(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                         const List& list);
/// Only the drafting office's officers change entries, and only while drafting.
bool may_edit(Tx& tx, const identity::Caller& caller, const List& list);

Result<Entry> change_entry(const Premises& premises, const identity::Caller& caller, const EntryId& id,
                           const NewEntry& wanted, std::int64_t version);
Result<void> drop_entry(const Premises& premises, const identity::Caller& caller, const EntryId& id,
                        std::int64_t version);
Result<List> set_document_number(const Premises& premises, const identity::Caller& caller, const ListId& id,
                                 const std::string& number, std::optional<Date> dated_on, std::int64_t version);
/// 更正公告的文号, once. Errors: listing.correction_not_found, listing.number_entered.
Result<Correction> set_correction_number(const Premises& premises, const identity::Caller& caller,
                                         const CorrectionId& id, const std::string& number,
                                         std::optional<Date> dated_on, std::int64_t version);
/// 送达: the third of the three days, with how it was signed for.
/// Errors: listing.notice_not_found, listing.notice_not_made, listing.notice_void; input.invalid with every mistake.
Result<Notice> record_delivery(const Premises& premises, const identity::Caller& caller, const NoticeId& id,
                               std::optional<Date> delivered_on, const std::string& how, const std::string& file);
/// The offices of the plant's region that handle cases hand its notice out.
bool may_deliver(const identity::Caller& caller, const Entry& entry);

/// The DOCX of a notice, for the offices of its region and for its enterprise. Errors: listing.notice_not_found,
/// listing.notice_not_made.
struct NoticePaper {
  std::string file_name, bytes;
};
Result<NoticePaper> read_notice_paper(const Premises& premises, const identity::Caller& caller, const NoticeId& id);

/// An enterprise that is not on the year's list yet, with when its next round falls due by the longest permitted
/// interval.
struct Candidate {
  registry::Summary enterprise;
  std::optional<Date> interval_due_on;
  bool interval_over = false;
};
struct CandidateFilter {
  std::string region_prefix, priority_industry, text;
  bool due_only = false;
};
std::vector<Candidate> candidates(Tx& tx, const Premises& premises, const List& list, const CandidateFilter& filter,
                                  Date today);

}  // namespace qy::listing
