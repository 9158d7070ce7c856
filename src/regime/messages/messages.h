#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "db/jobs.h"
#include "db/log.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 消息: what the product tells people: an inbox per party and person with receipts (送达、已读), and an outbox for
/// channels beyond it.
namespace qy::messages {

using MessageId = Id<struct MessageTag>;

struct Message {
  MessageId id;
  identity::Party party = identity::Party::none;  ///< to everybody of this party …
  std::string party_id;
  std::optional<identity::Role> role;  ///< … who holds this role
  std::string user;                    ///< or to this one person; then party is none
  std::string code;  ///< a code of the catalogue: its sentence is the message, in the reader's language
  Params params;
  std::string link;   ///< path in the web app, "" = none
  db::Subject about;  ///< may be empty
  Instant sent_at;
  std::optional<Instant> read_at;  ///< by the reader who asks
};

struct NewMessage {
  identity::Party party = identity::Party::none;
  std::string party_id;
  std::string code;
  Params params = {};
  std::string link = {};
  db::Subject about = {};
  std::string province = {};  ///< two digits; the act's own when empty
  std::optional<identity::Role> role = {};
  std::string user = {};
};

/// Puts a message into the inbox of a party (or a person) and into the outbox of every channel in use, all in the
/// caller's transaction. `code` must be a sentence of the catalogue with these params: `message.notice_served
/// {enterprise, due_on}`.
MessageId notify(Tx& tx, const identity::Act& act, const NewMessage& message);

/// 送达回执 of one message: who has read it and when.
struct Receipt {
  std::string user, name;
  Instant read_at;
};
std::vector<Receipt> receipts_of(Tx& tx, const MessageId& id);
/// Messages about a subject, newest first, without the reader's mark.
std::vector<Message> messages_about(Tx& tx, const db::Subject& subject);

struct Found {
  std::vector<Message> items;
  std::int64_t total = 0;
};
/// The caller's inbox, newest first.
Result<Found> inbox(const Premises& premises, const identity::Caller& caller, bool unread_only, const http::Page& page);
Result<std::int64_t> unread_count(const Premises& premises, const identity::Caller& caller);
/// Errors: message.not_found (also when it is not the caller's).
Result<void> mark_read(const Premises& premises, const identity::Caller& caller, const MessageId& id);
Result<std::int64_t> mark_all_read(const Premises& premises, const identity::Caller& caller);

/// A way out of the building: mail, text messages, a government's message platform. An installation adds what it has
/// bought.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual std::string name() const = 0;  ///< "smtp", "sms"
  struct Letter {
    std::string recipient, address, subject, body;
  };
  /// The address of a person on this channel, "" when there is none.
  virtual std::string address_of(Tx& tx, const std::string& user) = 0;
  /// Errors are kept with the delivery and it is tried again.
  virtual Result<void> send(const Letter& letter) = 0;
};

/// The channels beyond the inbox; filled by main before the first request, empty by default.
void use_channel(std::shared_ptr<Channel> channel);

/// Job "messages.deliver": sends what waits in the outbox; main registers it with the runner.
Result<void> deliver(const Premises& premises);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> messages_messages();

}  // namespace qy::messages
