#include "http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace qy::http {
namespace {

/// "2001:db8:1:2:…" → its first four groups as written: one household or office has a whole /64.
std::string network_of(const std::string& address) {
  std::size_t groups = 0;
  for (std::size_t i = 0; i < address.size(); ++i)
    if (address[i] == ':' && ++groups == 4) return address.substr(0, i);
  return address;
}

}  // namespace

void RateLimit::forget_rested(Clock::time_point now) {
  if (now - swept_ < std::chrono::minutes(1)) return;
  swept_ = now;
  std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.at > std::chrono::minutes(1); });
}

int RateLimit::seconds_to_wait(const std::string& address, Clock::time_point now) {
  if (per_minute_ <= 0) return 0;
  const double per_second = per_minute_ / 60.0;
  const std::lock_guard lock(mutex_);
  forget_rested(now);
  auto& bucket = buckets_.try_emplace(network_of(address), Bucket{static_cast<double>(per_minute_), now}).first->second;
  const double passed = std::chrono::duration<double>(now - bucket.at).count();
  bucket.tokens = std::min<double>(per_minute_, bucket.tokens + passed * per_second);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / per_second)));
}

}  // namespace qy::http
