#include "regime/identity/access.h"

#include <map>
#include <mutex>
#include <shared_mutex>

namespace qy::identity {
namespace {

struct Registry {
  std::shared_mutex mutex;
  std::map<std::string, AccessCheck, std::less<>> checks;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

AccessCheck check_of(std::string_view kind) {
  auto& all = registry();
  const std::shared_lock lock(all.mutex);
  const auto found = all.checks.find(kind);
  return found == all.checks.end() ? nullptr : found->second;
}

}  // namespace

void register_subject(std::string kind, AccessCheck check) {
  auto& all = registry();
  const std::unique_lock lock(all.mutex);
  all.checks[std::move(kind)] = std::move(check);
}

Result<Access> read_access(Tx& tx, const Premises& premises, const Caller& caller, const db::Subject& subject,
                           Matter matter) {
  const auto check = check_of(subject.kind);
  auto access = check ? check(tx, premises, caller, subject.id, matter) : std::nullopt;
  if (!access || !access->read) return Error{ErrorKind::not_found, "subject.not_found"};
  return std::move(*access);
}

Result<Access> write_access(Tx& tx, const Premises& premises, const Caller& caller, const db::Subject& subject,
                            Matter matter) {
  QY_TRY(auto access, read_access(tx, premises, caller, subject, matter));
  if (!access.write) return Error{ErrorKind::forbidden, "forbidden.subject_write"};
  return access;
}

std::string region_prefix(std::string_view region) {
  while (region.size() > 2 && region.ends_with("00")) region.remove_suffix(2);
  return std::string(region);
}

}  // namespace qy::identity
