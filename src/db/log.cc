#include "db/log.h"

#include "crypto/crypto.h"
#include "db/where.h"

namespace qy::db {
namespace {

constexpr std::string_view kColumns =
    "id, subject_kind, subject_id, seq, name, at, actor_id, actor_name, post, as_deputy, basis, payload, hash";

std::string hash_of_name(std::string_view salt, std::string_view name) {
  return crypto::sha256_hex(std::string(salt) + std::string(name));
}

/// The entry as it enters the chain.
std::string chained(const Action& action, std::string_view province, std::string_view actor_hash,
                    std::string_view previous) {
  return crypto::sha256_hex(json::canonical(json::Object{{"previous", previous},
                                                         {"id", action.id},
                                                         {"subject_kind", action.subject.kind},
                                                         {"subject_id", action.subject.id},
                                                         {"seq", action.seq},
                                                         {"name", action.name},
                                                         {"province", province},
                                                         {"at", action.at.str()},
                                                         {"actor_id", action.actor_id},
                                                         {"actor", actor_hash},
                                                         {"post", action.post},
                                                         {"as_deputy", action.as_deputy},
                                                         {"basis", action.basis},
                                                         {"payload", action.payload}}));
}

json::Value read_json(const std::string& text) {
  auto value = json::parse(text);
  if (!value) throw Broken("the action log holds unreadable JSON");
  return std::move(*value);
}

using ActionRow = std::tuple<std::string, std::string, std::string, std::int64_t, std::string, Instant, std::string,
                             std::string, std::string, bool, std::string, std::string, std::string>;

Action action_of(const ActionRow& row) {
  const auto& [id, kind, subject, seq, name, at, actor_id, actor_name, post, as_deputy, basis, payload, hash] = row;
  return {.id = id,
          .subject = {kind, subject},
          .seq = seq,
          .name = name,
          .at = at,
          .actor_id = actor_id,
          .actor_name = actor_name,
          .post = post,
          .as_deputy = as_deputy,
          .basis = read_json(basis),
          .payload = read_json(payload),
          .hash = hash};
}

std::vector<Action> query_actions(Tx& tx, std::string_view rest, const std::vector<Bind>& binds) {
  const std::string sql = "SELECT " + std::string(kColumns) + " FROM action " + std::string(rest);
  std::vector<Action> actions;
  for (const auto& row :
       tx.rows_bound<std::string, std::string, std::string, std::int64_t, std::string, Instant, std::string,
                     std::string, std::string, bool, std::string, std::string, std::string>(sql, binds))
    actions.push_back(action_of(row));
  return actions;
}

/// Merkle tree hash in the shape of RFC 6962, fed leaf by leaf: keeps one node per level.
class Merkle {
 public:
  void add(std::string_view leaf) {
    std::string node = crypto::sha256_hex("0" + std::string(leaf));
    std::size_t level = 0;
    for (; level < levels_.size() && !levels_[level].empty(); ++level) {
      node = join(levels_[level], node);
      levels_[level].clear();
    }
    if (level == levels_.size()) levels_.emplace_back();
    levels_[level] = std::move(node);
  }

  std::string root() const {
    std::string node;
    for (const auto& left : levels_)
      if (!left.empty()) node = node.empty() ? left : join(left, node);
    return node.empty() ? crypto::sha256_hex("") : node;
  }

 private:
  static std::string join(const std::string& left, const std::string& right) {
    return crypto::sha256_hex("1" + left + right);
  }

  std::vector<std::string> levels_;  // "" = no complete tree of this size
};

}  // namespace

Action append_action(Tx& tx, const NewAction& action, Random& random) {
  const auto head = tx.row<std::int64_t, std::string>(
      "SELECT seq, hash FROM chain_head WHERE subject_kind = :kind AND subject_id = :id", action.subject.kind,
      action.subject.id);
  const std::int64_t expected = head ? std::get<0>(*head) : 0;
  const std::string previous = head ? std::get<1>(*head) : "";

  Action stored{.id = new_uuid(action.at, random),
                .subject = action.subject,
                .seq = expected + 1,
                .name = action.name,
                .at = action.at,
                .actor_id = action.actor_id,
                .actor_name = action.actor_name,
                .post = action.post,
                .as_deputy = action.as_deputy,
                .basis = action.basis,
                .payload = action.payload,
                .hash = {}};
  const std::string salt = crypto::random_token(random, 12);
  const std::string actor_hash = hash_of_name(salt, action.actor_name);
  stored.hash = chained(stored, action.province, actor_hash, previous);

  const auto moved = head ? tx.run(R"sql(
      UPDATE chain_head SET seq = :next, hash = :hash
       WHERE subject_kind = :kind AND subject_id = :id AND seq = :expected)sql",
                                   stored.seq, stored.hash, stored.subject.kind, stored.subject.id, expected)
                          : tx.run(R"sql(
      INSERT INTO chain_head (subject_kind, subject_id, seq, hash) VALUES (:kind, :id, :next, :hash)
      ON CONFLICT DO NOTHING)sql",
                                   stored.subject.kind, stored.subject.id, stored.seq, stored.hash);
  if (moved != 1) throw Broken("the chain of " + stored.subject.kind + " moved inside one transaction");

  tx.run(R"sql(
      INSERT INTO action (province, id, subject_kind, subject_id, seq, name, at, actor_id, actor_name, actor_salt, actor_hash,
                          post, as_deputy, basis, payload, hash)
      VALUES (:province, :id, :kind, :subject, :seq, :name, :at, :actor_id, :actor_name, :actor_salt, :actor_hash,
              :post, :as_deputy, :basis, :payload, :hash))sql",
         action.province, stored.id, stored.subject.kind, stored.subject.id, stored.seq, stored.name, stored.at,
         stored.actor_id, stored.actor_name, salt, actor_hash, stored.post, stored.as_deputy,
         json::canonical(stored.basis), json::canonical(stored.payload), stored.hash);
  return stored;
}

std::vector<Action> actions_of(Tx& tx, const Subject& subject) {
  return query_actions(tx, "WHERE subject_kind = :kind AND subject_id = :id ORDER BY seq", {subject.kind, subject.id});
}

std::optional<std::int64_t> first_broken_link(Tx& tx, const Subject& subject) {
  const auto proofs = tx.rows<std::string, std::string, std::string>(
      "SELECT province, actor_salt, actor_hash FROM action WHERE subject_kind = :kind AND subject_id = :id ORDER BY "
      "seq",
      subject.kind, subject.id);
  const auto actions = actions_of(tx, subject);
  std::string previous;
  std::int64_t seq = 0;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto& [province, salt, actor_hash] = proofs[i];
    const auto& action = actions[i];
    ++seq;
    const bool erased = action.actor_name.empty();
    if (action.seq != seq || (!erased && hash_of_name(salt, action.actor_name) != actor_hash) ||
        chained(action, province, actor_hash, previous) != action.hash)
      return seq;
    previous = action.hash;
  }
  const auto head = tx.row<std::int64_t, std::string>(
      "SELECT seq, hash FROM chain_head WHERE subject_kind = :kind AND subject_id = :id", subject.kind, subject.id);
  const bool holds = head ? std::get<0>(*head) == seq && std::get<1>(*head) == previous : seq == 0;
  if (!holds) return seq + 1;
  return std::nullopt;
}

namespace {

Where where_of(const ActionFilter& filter) {
  Where where;
  if (!filter.province.empty()) where.add("province = :province", filter.province);
  if (filter.from) where.add("at >= :from", Instant::shanghai_midnight(*filter.from));
  if (filter.to) where.add("at < :until", Instant::shanghai_midnight(filter.to->plus_days(1)));
  if (!filter.kind.empty()) where.add("subject_kind = :kind", filter.kind);
  if (!filter.name.empty()) where.add("name = :name", filter.name);
  if (!filter.actor.empty())
    where.add("(lower(actor_name) LIKE :actor ESCAPE '!' OR actor_name = :also)", like_containing(filter.actor),
              filter.also_actor.empty() ? filter.actor : filter.also_actor);
  return where;
}

}  // namespace

std::vector<Action> recent_actions(Tx& tx, const ActionFilter& filter, int limit, int offset) {
  const auto where = where_of(filter);
  return query_actions(tx, where.sql() + " ORDER BY at DESC, id DESC LIMIT :limit OFFSET :offset",
                       where.binds_and(limit, offset));
}

std::int64_t count_actions(Tx& tx, const ActionFilter& filter) {
  const auto where = where_of(filter);
  return std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*) FROM action" + where.sql(), where.binds()).front());
}

std::vector<Subject> subjects_after(Tx& tx, const Subject& after, int limit) {
  std::vector<Subject> out;
  for (auto& [kind, id] : tx.rows<std::string, std::string>(R"sql(
        SELECT subject_kind, subject_id FROM chain_head
         WHERE subject_kind > :kind OR (subject_kind = :kind AND subject_id > :id)
         ORDER BY subject_kind, subject_id LIMIT :limit)sql",
                                                            after.kind, after.id, limit))
    out.push_back({std::move(kind), std::move(id)});
  return out;
}

std::string province_of(Tx& tx, const Subject& subject) {
  return tx
      .value<std::string>("SELECT province FROM action WHERE subject_kind = :kind AND subject_id = :id AND seq = 1",
                          subject.kind, subject.id)
      .value_or("");
}

HeadsRoot root_of_heads(Tx& tx) {
  constexpr int kPage = 5000;
  Merkle tree;
  HeadsRoot out;
  std::string kind, id;
  while (true) {
    const auto heads = tx.rows<std::string, std::string, std::int64_t, std::string>(R"sql(
        SELECT subject_kind, subject_id, seq, hash FROM chain_head
         WHERE subject_kind > :kind OR (subject_kind = :kind AND subject_id > :id)
         ORDER BY subject_kind, subject_id LIMIT :limit)sql",
                                                                                    kind, id, kPage);
    for (const auto& [head_kind, head_id, seq, hash] : heads)
      tree.add(json::canonical(json::Array{head_kind, head_id, seq, hash}));
    out.heads += static_cast<std::int64_t>(heads.size());
    if (heads.size() < kPage) break;
    kind = std::get<0>(heads.back());
    id = std::get<1>(heads.back());
  }
  out.root = tree.root();
  return out;
}

std::string sealed_text(const SealedRoot& root) {
  return "qingyuan root 1\n" + root.root + "\n" + std::to_string(root.heads) + "\n" + root.at.str() + "\n";
}

SealedRoot store_root(Tx& tx, const HeadsRoot& heads, Instant now,
                      const std::function<std::string(std::string_view)>& sign, const std::string& public_key) {
  const auto last = sealed_roots(tx, 1);
  if (!last.empty() && last.front().root == heads.root && last.front().public_key == public_key) return last.front();

  SealedRoot sealed{.root = heads.root, .signature = {}, .public_key = public_key, .at = now, .heads = heads.heads};
  sealed.signature = sign(sealed_text(sealed));
  tx.run(R"sql(
      INSERT INTO sealed_root (at, root, heads, signature, public_key) VALUES (:at, :root, :heads, :signature, :public_key)
      ON CONFLICT DO NOTHING)sql",
         sealed.at, sealed.root, sealed.heads, sealed.signature, sealed.public_key);
  return sealed;
}

SealedRoot seal_heads(Tx& tx, Instant now, const std::function<std::string(std::string_view)>& sign,
                      const std::string& public_key) {
  return store_root(tx, root_of_heads(tx), now, sign, public_key);
}

std::vector<SealedRoot> sealed_roots(Tx& tx, int limit) {
  std::vector<SealedRoot> roots;
  for (const auto& [at, root, heads, signature, public_key] :
       tx.rows<Instant, std::string, std::int64_t, std::string, std::string>(
           "SELECT at, root, heads, signature, public_key FROM sealed_root ORDER BY at DESC LIMIT :limit", limit))
    roots.push_back({.root = root, .signature = signature, .public_key = public_key, .at = at, .heads = heads});
  return roots;
}

}  // namespace qy::db
