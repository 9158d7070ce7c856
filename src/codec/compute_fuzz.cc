// Any JSON for each engine: an answer that can be written, or complaints; never a crash.
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "codec/compute.h"

namespace {

/// The packs beside the working directory, or of QY_PACKS.
const qy::rules::Library& packs() {
  static const auto loaded = [] {
    const char* named = std::getenv("QY_PACKS");
    return qy::rules::Library::load(named ? named : "packs");
  }();
  if (!loaded.library) std::abort();
  return *loaded.library;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = qy::json::parse({reinterpret_cast<const char*>(data), size});
  if (!input) return 0;
  for (const auto& computation : qy::codec::computations()) {
    // Long computations are stopped as a time limit would.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    const qy::Watch watch([until](double) { return std::chrono::steady_clock::now() < until; });
    if (const auto answer = qy::codec::compute(packs(), computation.name, *input, watch))
      if (!qy::json::parse(qy::json::dump(*answer))) std::abort();
  }
  return 0;
}
