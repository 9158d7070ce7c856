#pragma once

#include "regime/listing/listing.h"

/// What this room's routes call beyond the services of `listing.h`.
namespace qy::listing {

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
/// 送达: the third of the three days, with how it was signed for.
Result<Notice> record_delivery(const Premises& premises, const identity::Caller& caller, const NoticeId& id,
                               Date delivered_on, const std::string& how, const std::string& file);

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
