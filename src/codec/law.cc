#include "codec/law.h"

namespace qy::codec {

json::Object citation(const rules::Citation& citation) {
  return {{"document", citation.document},       {"number", citation.number},
          {"title", json::both(citation.title)}, {"clause", citation.clause},
          {"gist", json::both(citation.gist)},   {"mark", rules::to_string(citation.mark)}};
}

json::Array citations(const std::vector<rules::Citation>& citations) {
  json::Array array;
  for (const auto& one : citations) array.push_back(citation(one));
  return array;
}

json::Array citations(const rules::Library& library, std::string_view basis, Date day) {
  return citations(library.cite(basis, day));
}

json::Object source(const rules::Library& library, const rules::Source& source) {
  const auto* document = library.find_document(source.document);
  return citation({source.document, document ? document->number : "", source.clause,
                   document ? document->title : Text{}, source.gist, source.mark});
}

}  // namespace qy::codec
