#pragma once

#include <string>
#include <vector>

#include "json/json.h"
#include "rules/library.h"

/// 依据 as documents: the one shape in which answers, the log and `compute` write where something is written.
namespace qy::codec {

/// {document, number, title, clause, gist, mark}
json::Object citation(const rules::Citation& citation);
json::Array citations(const std::vector<rules::Citation>& citations);
/// What `basis` rests on, on `day`: what an action's log entry holds. Empty when nothing answers on that day.
json::Array citations(const rules::Library& library, std::string_view basis, Date day);
/// A pack's own source; its document's number and title are looked up.
json::Object source(const rules::Library& library, const rules::Source& source);

}  // namespace qy::codec
