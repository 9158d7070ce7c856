#include <cstdint>
#include <string>

#include "rules/expression.h"
#include "rules/library.h"

/// A pack file and, behind a NUL, a second one: whatever stands in them, the loader answers with a library or with
/// problems.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find('\0');
  std::map<std::string, std::string> files{{"a.yaml", text.substr(0, cut)}};
  if (cut != std::string::npos) files["b.yaml"] = text.substr(cut + 1);
  const auto loaded = qy::rules::Library::load_texts(files);
  if ((loaded.library == nullptr) != !loaded.problems.empty()) __builtin_trap();
  if (loaded.library) loaded.library->cite("mandatory.toxic", qy::Date(2026, 8, 15));
  (void)qy::rules::names_in_expression(text.substr(0, 300));
  return 0;
}
