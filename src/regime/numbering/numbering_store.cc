#include "regime/numbering/numbering_store.h"

namespace qy::numbering::store {

std::int64_t advance(Tx& tx, std::string_view kind, std::string_view region, int year) {
  const auto last = tx.value<std::int64_t>(R"sql(
      INSERT INTO number_series (kind, region, year, last) VALUES (:kind, :region, :year, 1)
      ON CONFLICT (kind, region, year) DO UPDATE SET last = number_series.last + 1
      RETURNING last)sql",
                                           kind, region, year);
  return last.value();
}

bool insert(Tx& tx, std::string_view province, std::string_view normalised, const DocumentNumber& number, Instant at,
            std::string_view by) {
  return tx.run(R"sql(
      INSERT INTO document_number (province, normalised, number, subject_kind, subject_id, office_name, issued_on, entered_at,
                                   entered_by)
      VALUES (:province, :normalised, :number, :kind, :id, :office_name, :issued_on, :at, :by)
      ON CONFLICT DO NOTHING)sql",
                province, normalised, number.number, number.subject.kind, number.subject.id, number.office_name,
                number.issued_on, at, by) == 1;
}

std::optional<DocumentNumber> find(Tx& tx, std::string_view normalised) {
  const auto row = tx.row<std::string, std::string, std::string, std::string, Date>(R"sql(
      SELECT number, subject_kind, subject_id, office_name, issued_on FROM document_number
       WHERE normalised = :normalised ORDER BY province LIMIT 1)sql",
                                                                                    normalised);
  if (!row) return std::nullopt;
  const auto& [number, kind, id, office_name, issued_on] = *row;
  return DocumentNumber{.number = number, .subject = {kind, id}, .office_name = office_name, .issued_on = issued_on};
}

void remove(Tx& tx, const db::Subject& subject) {
  tx.run("DELETE FROM document_number WHERE subject_kind = :kind AND subject_id = :id", subject.kind, subject.id);
}

}  // namespace qy::numbering::store
