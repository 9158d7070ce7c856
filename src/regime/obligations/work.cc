#include "regime/obligations/work.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

namespace qy::obligations {
namespace {

struct Sources {
  std::shared_mutex mutex;
  std::vector<std::pair<std::string, WorkSource>> rooms;
};

Sources& sources() {
  static Sources instance;
  return instance;
}

}  // namespace

void register_work(std::string_view room, WorkSource source) {
  auto& all = sources();
  const std::unique_lock lock(all.mutex);
  const auto known = std::ranges::find(all.rooms, room, [](const auto& one) -> std::string_view { return one.first; });
  if (known == all.rooms.end())
    all.rooms.emplace_back(room, source);
  else
    known->second = source;
}

std::vector<Work> work_of(Tx& tx, const Premises& premises, const identity::Caller& caller) {
  auto& all = sources();
  const std::shared_lock lock(all.mutex);
  std::vector<Work> found;
  for (const auto& [room, source] : all.rooms) source(tx, premises, caller, found);
  return found;
}

}  // namespace qy::obligations
