#include "regime/messages/messages.h"

#include <algorithm>

#include "regime/messages/messages_store.h"

namespace qy::messages {
namespace {

constexpr int kMaxAttempts = 5;
constexpr int kBatch = 50;

/// Filled before the first request, only read afterwards.
std::vector<std::shared_ptr<Channel>>& channels() {
  static std::vector<std::shared_ptr<Channel>> all;
  return all;
}

Channel* find_channel(std::string_view name) {
  for (const auto& channel : channels())
    if (channel->name() == name) return channel.get();
  return nullptr;
}

std::vector<identity::Holder> recipients(Tx& tx, const NewMessage& message) {
  if (message.user.empty()) return identity::holders(tx, message.party, message.party_id, message.role);
  const auto id = identity::UserId::trusted(message.user);
  return {{id, identity::name_of_user(tx, id), ""}};
}

/// The letter in the first language of the product.
Channel::Letter letter_of(const Message& message, const store::Delivery& delivery, const std::string& public_address) {
  const auto text = Catalogue::global().render(message.code, message.params, Language::zh);
  return {.recipient = delivery.name,
          .address = delivery.address,
          .subject = text,
          .body = message.link.empty() ? text : text + "\n" + public_address + message.link};
}

}  // namespace

MessageId notify(Tx& tx, const identity::Act& act, const NewMessage& message) {
  const Message row{.id = MessageId::make(act.at, act.random),
                    .party = message.party,
                    .party_id = message.party_id,
                    .role = message.role,
                    .user = message.user,
                    .code = message.code,
                    .params = message.params,
                    .link = message.link,
                    .about = message.about,
                    .sent_at = act.at,
                    .read_at = {}};
  const auto& own = act.caller.province;
  store::insert(tx, !message.province.empty() ? message.province : own.empty() ? "00" : own, row);
  if (channels().empty()) return row.id;

  for (const auto& person : recipients(tx, message)) {
    for (const auto& channel : channels()) {
      const auto address = channel->address_of(tx, person.user.str());
      if (!address.empty())
        store::queue(tx, {row.id, channel->name(), person.user.str(), person.name, address, 0}, act.at);
    }
  }
  db::enqueue(tx, "messages.deliver", json::Object{}, act.at, act.random, "deliver");
  return row.id;
}

std::vector<Receipt> receipts_of(Tx& tx, const MessageId& id) { return store::receipts(tx, id); }

std::vector<Message> messages_about(Tx& tx, const db::Subject& subject) { return store::about(tx, subject); }

Result<Found> inbox(const Premises& premises, const identity::Caller& caller, bool unread_only,
                    const http::Page& page) {
  return premises.database->read([&](Tx& tx) -> Result<Found> { return store::inbox(tx, caller, unread_only, page); });
}

Result<std::int64_t> unread_count(const Premises& premises, const identity::Caller& caller) {
  return premises.database->read([&](Tx& tx) -> Result<std::int64_t> { return store::unread(tx, caller); });
}

Result<void> mark_read(const Premises& premises, const identity::Caller& caller, const MessageId& id) {
  return premises.database->write([&](Tx& tx) -> Result<void> {
    if (!store::mark_read(tx, caller, id, premises.now())) return Error{ErrorKind::not_found, "message.not_found"};
    return {};
  });
}

Result<std::int64_t> mark_all_read(const Premises& premises, const identity::Caller& caller) {
  return premises.database->write(
      [&](Tx& tx) -> Result<std::int64_t> { return store::mark_all_read(tx, caller, premises.now()); });
}

void use_channel(std::shared_ptr<Channel> channel) { channels().push_back(std::move(channel)); }

Result<void> deliver(const Premises& premises) {
  struct Due {
    store::Delivery delivery;
    Message message;
  };
  while (true) {
    const auto now = premises.now();
    QY_TRY(const auto due, premises.database->read([&](Tx& tx) -> Result<std::vector<Due>> {
      std::vector<Due> all;
      for (auto& delivery : store::queued(tx, now, kBatch))
        if (auto message = store::find(tx, delivery.message)) all.push_back({std::move(delivery), std::move(*message)});
      return all;
    }));
    for (const auto& [delivery, message] : due) {
      auto* channel = find_channel(delivery.channel);
      // A letter may go out twice when the program dies between sending and noting it, never not at all.
      const auto done = channel ? channel->send(letter_of(message, delivery, premises.public_address))
                                : Result<void>(Error{ErrorKind::unavailable, "message.channel_gone"});
      QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
        if (done)
          store::sent(tx, delivery);
        else
          store::not_sent(tx, delivery, done.error().code, now.plus_seconds(60ll << (2 * delivery.attempts)),
                          delivery.attempts + 1 >= kMaxAttempts);
        return {};
      }));
    }
    if (due.size() < kBatch) return {};
  }
}

}  // namespace qy::messages
