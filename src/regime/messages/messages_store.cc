#include "regime/messages/messages_store.h"

namespace qy::messages::store {
namespace {

using Str = std::string;

/// To whom a message is, seen from a reader.
constexpr std::string_view kMine = R"sql(
    ((m.party = :party AND m.party_id = :party_id AND m.user_id = '' AND (m.role = '' OR m.role = :role)) OR (m.user_id = :user AND m.user_id <> '')))sql";

std::vector<db::Bind> reader_binds(const identity::Caller& reader) {
  return {identity::to_string(reader.party), reader.party_id, identity::to_string(reader.role), reader.user.str()};
}

std::string params_text(const Params& params) {
  json::Array out;
  for (const auto& [name, value] : params) out.push_back(json::Array{name, value});
  return json::dump(out);
}

Params params_of(const Str& text) {
  const auto parsed = json::parse(text);
  if (!parsed || !parsed->is_array()) throw db::Broken("a message holds unreadable parameters");
  Params params;
  for (const auto& pair : parsed->as_array())
    params.emplace_back(pair.as_array().at(0).as_string(), pair.as_array().at(1).as_string());
  return params;
}

std::vector<Message> query(Tx& tx, const std::string& rest, const std::vector<db::Bind>& binds) {
  std::vector<Message> out;
  for (const auto& [id, party, party_id, role, user, code, params, link, kind, subject, sent_at, read_at] :
       tx.rows_bound<MessageId, Str, Str, Str, Str, Str, Str, Str, Str, Str, Instant, std::optional<Instant>>(
           "SELECT m.id, m.party, m.party_id, m.role, m.user_id, m.code, m.params, m.link, m.subject_kind, "
           "m.subject_id, "
           "m.sent_at, r.read_at FROM message m LEFT JOIN message_receipt r ON r.message_id = m.id AND r.user_id = "
           ":reader" +
               rest,
           binds)) {
    Message message{.id = id,
                    .party = identity::party_of(party),
                    .party_id = party_id,
                    .role = {},
                    .user = user,
                    .code = code,
                    .params = params_of(params),
                    .link = link,
                    .about = {kind, subject},
                    .sent_at = sent_at,
                    .read_at = read_at};
    if (!role.empty()) message.role = identity::role_of(role);
    out.push_back(std::move(message));
  }
  return out;
}

}  // namespace

void insert(Tx& tx, std::string_view province, const Message& m) {
  tx.run(R"sql(
      INSERT INTO message (province, id, party, party_id, role, user_id, code, params, link, subject_kind, subject_id, sent_at)
      VALUES (:province, :id, :party, :party_id, :role, :user, :code, :params, :link, :kind, :subject, :sent_at))sql",
         province, m.id, identity::to_string(m.party), m.party_id, m.role ? identity::to_string(*m.role) : "", m.user,
         m.code, params_text(m.params), m.link, m.about.kind, m.about.id, m.sent_at);
}

std::optional<Message> find(Tx& tx, const MessageId& id) {
  auto found = query(tx, " WHERE m.id = :id", {"", id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Message> about(Tx& tx, const db::Subject& subject) {
  return query(tx, " WHERE m.subject_kind = :kind AND m.subject_id = :id ORDER BY m.id DESC",
               {"", subject.kind, subject.id});
}

Found inbox(Tx& tx, const identity::Caller& reader, bool unread_only, const http::Page& page) {
  std::vector<db::Bind> binds{reader.user};
  for (auto& bind : reader_binds(reader)) binds.push_back(std::move(bind));
  const std::string where = " WHERE " + std::string(kMine) + (unread_only ? " AND r.read_at IS NULL" : "");
  Found found;
  found.total = std::get<0>(tx.rows_bound<std::int64_t>("SELECT count(*) FROM message m LEFT JOIN message_receipt r ON "
                                                        "r.message_id = m.id AND r.user_id = :reader" +
                                                            where,
                                                        binds)
                                .at(0));
  binds.emplace_back(page.size);
  binds.emplace_back(page.offset());
  found.items = query(tx, where + " ORDER BY m.id DESC LIMIT :limit OFFSET :offset", binds);
  return found;
}

std::int64_t unread(Tx& tx, const identity::Caller& reader) {
  return std::get<0>(
      tx.rows_bound<std::int64_t>(
            "SELECT count(*) FROM message m WHERE " + std::string(kMine) +
                " AND NOT EXISTS (SELECT 1 FROM message_receipt r WHERE r.message_id = m.id AND r.user_id = :user)",
            reader_binds(reader))
          .at(0));
}

bool mark_read(Tx& tx, const identity::Caller& reader, const MessageId& id, Instant at) {
  auto binds = reader_binds(reader);
  binds.emplace_back(id);
  const auto mine =
      tx.rows_bound<std::int64_t>("SELECT 1 FROM message m WHERE " + std::string(kMine) + " AND m.id = :id", binds);
  if (mine.empty()) return false;
  tx.run(R"sql(
      INSERT INTO message_receipt (message_id, user_id, user_name, read_at) VALUES (:message, :user, :name, :at)
      ON CONFLICT DO NOTHING)sql",
         id, reader.user, reader.name, at);
  return true;
}

std::int64_t mark_all_read(Tx& tx, const identity::Caller& reader, Instant at) {
  const std::string sql =
      "INSERT INTO message_receipt (message_id, user_id, user_name, read_at) "
      "SELECT m.id, CAST(:user AS TEXT), CAST(:name AS TEXT), CAST(:at AS TEXT) FROM message m WHERE " +
      std::string(kMine) + " ON CONFLICT DO NOTHING";
  return tx.run(sql, reader.user, reader.name, at, identity::to_string(reader.party), reader.party_id,
                identity::to_string(reader.role));
}

std::vector<Receipt> receipts(Tx& tx, const MessageId& id) {
  std::vector<Receipt> out;
  for (const auto& [user, name, at] : tx.rows<Str, Str, Instant>(
           "SELECT user_id, user_name, read_at FROM message_receipt WHERE message_id = :id ORDER BY read_at, user_id",
           id))
    out.push_back({user, name, at});
  return out;
}

void queue(Tx& tx, const Delivery& delivery, Instant now) {
  tx.run(R"sql(
      INSERT INTO message_delivery (message_id, channel, user_id, user_name, address, state, not_before)
      VALUES (:message, :channel, :user, :name, :address, 'queued', :now) ON CONFLICT DO NOTHING)sql",
         delivery.message, delivery.channel, delivery.user, delivery.name, delivery.address, now);
}

std::vector<Delivery> queued(Tx& tx, Instant now, int limit) {
  std::vector<Delivery> out;
  for (const auto& [message, channel, user, name, address, attempts] :
       tx.rows<MessageId, Str, Str, Str, Str, int>(R"sql(
           SELECT message_id, channel, user_id, user_name, address, attempts FROM message_delivery
            WHERE state = 'queued' AND not_before <= :now ORDER BY not_before, message_id, user_id LIMIT :limit)sql",
                                                   now, limit))
    out.push_back({message, channel, user, name, address, attempts});
  return out;
}

void sent(Tx& tx, const Delivery& d) {
  tx.run(R"sql(
      UPDATE message_delivery SET state = 'sent', attempts = attempts + 1, problem = ''
       WHERE message_id = :message AND channel = :channel AND user_id = :user)sql",
         d.message, d.channel, d.user);
}

void not_sent(Tx& tx, const Delivery& d, std::string_view problem, Instant again, bool give_up) {
  tx.run(R"sql(
      UPDATE message_delivery SET state = :state, attempts = attempts + 1, problem = :problem, not_before = :again
       WHERE message_id = :message AND channel = :channel AND user_id = :user)sql",
         give_up ? "failed" : "queued", problem, again, d.message, d.channel, d.user);
}

}  // namespace qy::messages::store
