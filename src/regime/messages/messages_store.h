#pragma once

#include "regime/messages/messages.h"

/// The SQL of `message`, `message_receipt`, `message_delivery`.
namespace qy::messages::store {

void insert(Tx& tx, std::string_view province, const Message& message);
std::optional<Message> find(Tx& tx, const MessageId& id);
std::vector<Message> about(Tx& tx, const db::Subject& subject);

/// Messages to the person, or to the party and role he acts in, with his own read mark; newest first.
Found inbox(Tx& tx, const identity::Caller& reader, bool unread_only, const http::Page& page);
std::int64_t unread(Tx& tx, const identity::Caller& reader);
/// False when the message is not the reader's.
bool mark_read(Tx& tx, const identity::Caller& reader, const MessageId& id, Instant at);
std::int64_t mark_all_read(Tx& tx, const identity::Caller& reader, Instant at);
std::vector<Receipt> receipts(Tx& tx, const MessageId& id);

struct Delivery {
  MessageId message;
  std::string channel, user, name, address;
  int attempts = 0;
};
void queue(Tx& tx, const Delivery& delivery, Instant now);
std::vector<Delivery> queued(Tx& tx, Instant now, int limit);
void sent(Tx& tx, const Delivery& delivery);
void not_sent(Tx& tx, const Delivery& delivery, std::string_view problem, Instant again, bool give_up);

}  // namespace qy::messages::store
