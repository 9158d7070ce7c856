#pragma once

#include <string>
#include <vector>

#include "document/paper.h"
#include "engine/clock/clock.h"
#include "regime/listing/listing.h"

namespace qy::listing {

/// What a 告知书 says, gathered from the list, the packs and identity.
struct NoticeContent {
  std::string enterprise_name, credit_code;
  std::string list_title, document_number;
  Date published_on, dated_on;
  std::string reason;
  std::vector<std::string> categories;  ///< titles
  std::vector<std::string> disclosure;  ///< what must be made public, titles
  std::string mode, mode_reason;
  struct Due {
    std::string what;
    Date due_on;
    std::optional<Date> next_working_day;
    std::string rule;
    std::string basis;
  };
  std::vector<Due> deadlines;
  std::vector<rules::Citation> duty, penalty, no_fee;  ///< in force on the paper's day
  std::string office, contact;
  std::string platform, activation_code;  ///< code "" when the signatory has an account already
  Date activation_until;
  std::string code, check_address;
  bool unofficial = false;  ///< some value was not read in an official text: the paper says so
};

/// All but the activation code, which exists once the paper is made.
NoticeContent notice_content(Tx& tx, const Premises& premises, const List& list, const Entry& entry,
                             const Notice& notice, const Text& office);

document::Paper notice_paper(const NoticeContent& content);

/// 名单: the announcement with its table, as published; corrections have papers of their own. `today` is for places of
/// a draft, whose paper bears no day.
document::Paper list_paper(const List& list, const std::vector<Entry>& entries, const rules::Library& rules,
                           const std::string& office, Date today);

/// 更正公告: `all` are the list's corrections, so that a later one does not change the words of this one.
document::Paper correction_paper(const List& list, const std::vector<Entry>& entries, const Correction& correction,
                                 const std::vector<Correction>& all, const rules::Library& rules);

/// "《生态环境法典》第九百六十七条" for people.
std::string cited(const rules::Citation& citation);

}  // namespace qy::listing
