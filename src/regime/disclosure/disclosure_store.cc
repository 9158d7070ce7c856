#include "regime/disclosure/disclosure_store.h"

namespace qy::disclosure::store {
namespace {

std::string text_at(const json::Object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::map<std::string, Answer> answers_of(const std::string& contents) {
  const auto parsed = json::parse(contents);
  if (!parsed || !parsed->is_object()) throw db::Broken("a disclosure is not readable");
  std::map<std::string, Answer> answers;
  for (const auto& member : parsed->as_object()) {
    const auto& object = member.value().as_object();
    Answer answer;
    answer.text = text_at(object, "text");
    answer.none_reason = text_at(object, "none_reason");
    if (const auto number = text_at(object, "number"); !number.empty()) answer.number = Decimal::of(number);
    if (const auto* rows = object.if_contains("substances"))
      for (const auto& row : rows->as_array()) {
        const auto& cells = row.as_object();
        answer.substances.push_back({text_at(cells, "name"), text_at(cells, "mode"), text_at(cells, "concentration"),
                                     text_at(cells, "amount")});
      }
    answers.emplace(std::string(member.key()), std::move(answer));
  }
  return answers;
}

}  // namespace

json::Value answers_json(const std::map<std::string, Answer>& answers) {
  json::Object all;
  for (const auto& [item, answer] : answers) {
    json::Object object;
    if (!answer.text.empty()) object["text"] = answer.text;
    if (answer.number) object["number"] = answer.number->str();
    if (!answer.none_reason.empty()) object["none_reason"] = answer.none_reason;
    if (!answer.substances.empty()) {
      json::Array rows;
      for (const auto& s : answer.substances)
        rows.push_back(
            json::Object{{"name", s.name}, {"mode", s.mode}, {"concentration", s.concentration}, {"amount", s.amount}});
      object["substances"] = std::move(rows);
    }
    all[item] = std::move(object);
  }
  return all;
}

std::optional<Disclosure> find(Tx& tx, const audits::AuditId& audit) {
  const auto row = tx.row<std::string, std::optional<Date>, std::string, std::string, std::int64_t>(
      "SELECT contents, published_on, elsewhere, root, version FROM disclosure WHERE audit_id = :audit", audit);
  if (!row) return std::nullopt;
  const auto& [contents, published_on, elsewhere, root, version] = *row;
  return Disclosure{audit, answers_of(contents), published_on, elsewhere, root, version};
}

bool save(Tx& tx, const std::string& province, const Disclosure& d, std::int64_t expected, Instant now) {
  const auto contents = json::canonical(answers_json(d.answers));
  if (expected == 0)
    return tx.run(R"sql(
        INSERT INTO disclosure (province, audit_id, contents, published_on, elsewhere, root, version, changed_at)
        VALUES (:province, :audit, :contents, :published, :elsewhere, :root, 1, :now)
        ON CONFLICT (audit_id) DO NOTHING)sql",
                  province, d.audit, contents, d.published_on, d.elsewhere, d.root, now) == 1;
  return tx.run(R"sql(
      UPDATE disclosure SET contents = :contents, published_on = :published, elsewhere = :elsewhere, root = :root, version = version + 1, changed_at = :now
       WHERE audit_id = :audit AND version = :expected)sql",
                contents, d.published_on, d.elsewhere, d.root, now, d.audit, expected) == 1;
}

}  // namespace qy::disclosure::store
