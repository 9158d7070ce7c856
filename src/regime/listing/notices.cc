#include <algorithm>

#include "crypto/crypto.h"
#include "regime/files/files.h"
#include "regime/listing/listing_commands.h"
#include "regime/listing/listing_store.h"
#include "regime/listing/notice_paper.h"
#include "regime/messages/messages.h"

namespace qy::listing {
namespace {

constexpr int kActivationDays = 180;
constexpr int kBatch = 50;

/// What one notice needs besides its own row.
struct Draft {
  store::NoticeRow row;
  Entry entry;
  NoticeContent content;
};

}  // namespace

NoticeContent notice_content(Tx& tx, const Premises& premises, const List& list, const Entry& entry,
                             const Notice& notice, const Text& office) {
  const auto& rules = *premises.rules;
  const auto* jurisdiction = rules.find_jurisdiction(list.jurisdiction);
  NoticeContent content;
  content.enterprise_name = entry.enterprise_name;
  if (const auto enterprise = registry::find_summary(tx, rules, entry.enterprise))
    content.credit_code = enterprise->credit_code;
  content.list_title = list.title.zh;
  content.document_number = list.document_number.value_or("");
  content.published_on = *list.published_on;
  content.dated_on = notice.dated_on;
  content.reason = entry.reason;
  bool unofficial = false;
  const auto marked = [&](rules::Mark mark) { unofficial = unofficial || mark != rules::Mark::verified; };
  const auto cite = [&](std::string_view basis) {
    auto citations = rules.cite(basis, content.dated_on);
    for (const auto& c : citations) marked(c.mark);
    return citations;
  };
  for (const auto& id : entry.categories) {
    const auto* category = rules.find_category(id);
    if (!category) continue;
    content.categories.push_back(category->title.zh);
    for (auto& citation : cite(category->basis)) content.duty.push_back(std::move(citation));
    for (const auto& item : category->disclosure)
      if (const auto* found = rules.find_disclosure_item(item)) {
        marked(found->mark);
        if (std::find(content.disclosure.begin(), content.disclosure.end(), found->title.zh) ==
            content.disclosure.end())
          content.disclosure.push_back(found->title.zh);
      }
  }
  if (const auto* mode = rules.find_mode(entry.mode)) content.mode = mode->title.zh;
  content.mode_reason = entry.mode_reason;

  std::vector<rules::ClockRule> clocks;
  if (jurisdiction)
    for (const auto& id : jurisdiction->clocks)
      if (const auto* clock = rules.find_clock(id)) clocks.push_back(*clock);
  const engine::clock::Event events[] = {{"published", *list.published_on}};
  for (const auto& d : engine::clock::deadlines(clocks, events, {entry.categories.begin(), entry.categories.end()},
                                                *list.published_on, rules.calendars())) {
    NoticeContent::Due due{
        .what = d.title.zh, .due_on = d.due_on, .next_working_day = d.next_working_day, .rule = d.rule.zh};
    marked(d.mark);
    for (const auto& citation : cite(d.basis)) {
      if (!due.basis.empty()) due.basis += "、";
      due.basis += cited(citation);
    }
    content.deadlines.push_back(std::move(due));
  }
  content.penalty = cite("penalty.no_audit");
  content.no_fee = cite("no_fee");
  content.office = office.zh;
  content.platform = premises.public_address;
  content.activation_until = premises.today().plus_days(kActivationDays);
  content.code = notice.code;
  content.check_address = premises.public_address + "/check/" + notice.code;
  content.unofficial = unofficial;
  return content;
}

Result<int> make_notices(const Premises& premises, const ListId& id) {
  const auto system = identity::system_caller();
  int made = 0;
  while (true) {
    const auto act = identity::act_of(premises, system);
    // The codes first: each is void again if this run does not come to its end.
    QY_TRY(auto drafts, premises.database->write([&](Tx& tx) -> Result<std::vector<Draft>> {
      const auto list = store::find_list(tx, id);
      if (!list || !list->published_on) return Error{ErrorKind::not_found, "listing.not_found"};
      std::vector<Draft> batch;
      for (auto& row : store::unmade_notices(tx, id, kBatch)) {
        const auto entry = store::find_entry(tx, row.notice.entry);
        if (!entry) continue;
        Draft draft{row, *entry, notice_content(tx, premises, *list, *entry, row.notice, row.office)};
        // A second code would make a second signatory; who has an account keeps it until the county reissues it.
        if (identity::holders(tx, identity::Party::enterprise, entry->enterprise.str(), identity::Role::signatory)
                .empty())
          draft.content.activation_code =
              identity::issue_activation_code(tx, act, identity::Party::enterprise, entry->enterprise.str(),
                                              entry->enterprise_name, identity::Role::signatory, kActivationDays);
        batch.push_back(std::move(draft));
      }
      return batch;
    }));
    if (drafts.empty()) return made;

    std::vector<files::Blob> blobs;
    for (const auto& draft : drafts) {
      QY_TRY(auto docx, document::to_docx(notice_paper(draft.content)));
      QY_TRY(auto blob, files::store_blob(premises, docx.bytes, "告知书.docx"));
      blobs.push_back(std::move(blob));
    }
    QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
      for (std::size_t i = 0; i < drafts.size(); ++i) {
        auto row = drafts[i].row;
        row.notice.file = files::attach(tx, act,
                                        {.owner = {"notice", row.notice.id.str()},
                                         .province = drafts[i].entry.province,
                                         .kind = "notice",
                                         .name = drafts[i].entry.enterprise_name + "-告知书.docx",
                                         .blob = blobs[i]})
                              .str();
        if (!store::update_notice(tx, row)) continue;  // another run was faster; its paper and its code hold
        messages::notify(tx, act,
                         {.party = identity::Party::enterprise,
                          .party_id = drafts[i].entry.enterprise.str(),
                          .code = "message.notice_served",
                          .params = {{"list", drafts[i].content.list_title}},
                          .link = "/",
                          .about = {"notice", row.notice.id.str()},
                          .province = drafts[i].entry.province});
      }
      return {};
    }));
    made += static_cast<int>(drafts.size());
  }
}

Result<NoticePaper> read_notice_paper(const Premises& premises, const identity::Caller& caller, const NoticeId& id) {
  struct Found {
    std::string name;
    std::string hash;
  };
  QY_TRY(const auto found, premises.database->read([&](Tx& tx) -> Result<Found> {
    const auto row = store::find_notice(tx, id);
    const auto entry = row ? store::find_entry(tx, row->notice.entry) : std::nullopt;
    // The paper holds the activation code: only the offices of its region that handle cases, and the enterprise itself.
    const bool office = entry && may_deliver(caller, *entry);
    const bool own = entry && caller.party == identity::Party::enterprise && caller.party_id == entry->enterprise.str();
    if (!office && !own) return Error{ErrorKind::not_found, "listing.notice_not_found"};
    if (row->notice.file.empty()) return Error{ErrorKind::conflict, "listing.notice_not_made"};
    const auto file = files::find_file(tx, files::FileId::trusted(row->notice.file));
    if (!file) return Error{ErrorKind::conflict, "listing.notice_not_made"};
    return Found{file->name, file->blob.hash};
  }));
  QY_TRY(auto bytes, files::read_blob(premises, found.hash));
  return NoticePaper{found.name, std::move(bytes)};
}

}  // namespace qy::listing
