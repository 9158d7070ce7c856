#pragma once

#include "regime/listing/listing.h"

namespace qy::listing::store {

void insert_list(Tx& tx, const List& list, Instant now);
/// These save one step of a list and raise its version; false when somebody saved since `list.version` was read.
bool save_state(Tx& tx, const List& list);
bool save_publication(Tx& tx, const List& list);
bool save_number(Tx& tx, const List& list);
/// Only the correction's columns: what was published stays.
bool save_corrected(Tx& tx, const List& list);
std::optional<List> find_list(Tx& tx, const ListId& id);
/// The highest batch of a year's list of a region, 0 when there is none.
int last_batch(Tx& tx, std::string_view region, int year);

struct ListFilter {
  std::vector<std::string> region_prefixes;
  bool everything = false;
  std::optional<int> year;
  std::string state;
};
struct FoundLists {
  std::vector<List> items;
  std::int64_t total = 0;
};
FoundLists search_lists(Tx& tx, const ListFilter& filter, const http::Page& page);

void insert_entry(Tx& tx, const Entry& entry);
/// Of a draft.
bool update_entry(Tx& tx, const Entry& entry);
bool remove_entry(Tx& tx, const Entry& entry, const std::string& reason);
bool save_corrected(Tx& tx, const Entry& entry);
bool delete_entry(Tx& tx, const EntryId& id, std::int64_t version);
std::optional<Entry> find_entry(Tx& tx, const EntryId& id);
std::vector<Entry> entries_of(Tx& tx, const ListId& id);
/// Every entry, not removed, of the published lists.
std::vector<PublishedEntry> published_entries(Tx& tx, std::string_view region_prefix);
struct EntryFilter {
  std::string category, mode, text, region_prefix, waiting_for_line;
};
struct FoundEntries {
  std::vector<Entry> items;
  std::int64_t total = 0;
};
FoundEntries search_entries(Tx& tx, const ListId& list, const EntryFilter& filter, const http::Page& page);
/// Counts of a list's entries: all, co-signature wanted, co-signed, removed.
struct EntryCounts {
  std::int64_t listed = 0, to_cosign = 0, cosigned = 0, removed = 0;
};
EntryCounts counts(Tx& tx, const ListId& list);
/// Marks the entries of `line` as co-signed; how many.
std::int64_t cosign(Tx& tx, const ListId& list, std::string_view line, std::string_view record);
/// 会签作废: every co-signed entry waits again. How many there were.
std::int64_t void_cosignatures(Tx& tx, const ListId& list);
/// How many entries wait for the co-signature of `line`.
std::int64_t waiting_for(Tx& tx, const ListId& list, std::string_view line);
/// Enterprises that are on a list of the year, wherever it was drafted.
std::vector<std::string> listed_enterprises(Tx& tx, int year);
/// Whether an enterprise has an entry that is not removed on any published or running list of the year.
bool is_listed(Tx& tx, const registry::EnterpriseId& enterprise, int year);

void insert_correction(Tx& tx, const Correction& correction, std::string_view province, Instant now);
bool save_correction_number(Tx& tx, const Correction& correction);
std::optional<Correction> find_correction(Tx& tx, const CorrectionId& id);
std::vector<Correction> corrections_of(Tx& tx, const ListId& list);

struct NoticeRow {
  Notice notice;
  ListId list;
  Text office;
  bool withdrawn = false;
  std::string delivery_file;
  std::int64_t version = 1;
};
void insert_notice(Tx& tx, const NoticeRow& row, std::string_view province);
bool update_notice(Tx& tx, const NoticeRow& row);
std::optional<NoticeRow> find_notice(Tx& tx, const NoticeId& id);
std::optional<NoticeRow> find_notice_by_code(Tx& tx, std::string_view code);
std::optional<NoticeRow> notice_of(Tx& tx, const EntryId& entry);
std::vector<NoticeRow> notices_of(Tx& tx, const ListId& list);
/// Notices whose paper is not made yet, at most `limit`.
std::vector<NoticeRow> unmade_notices(Tx& tx, const ListId& list, int limit);

}  // namespace qy::listing::store
