#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace qy::http {

/// Token buckets, one per address (an IPv6 /64 counts as one): `per_minute` requests a minute, as many at once when
/// rested.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimit(int per_minute) : per_minute_(per_minute) {}

  /// 0 when the request may go on, else the seconds to wait. A limit of 0 lets everything pass.
  int seconds_to_wait(const std::string& address, Clock::time_point now);

 private:
  struct Bucket {
    double tokens;
    Clock::time_point at;
  };
  void forget_rested(Clock::time_point now);

  int per_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  Clock::time_point swept_{};
};

}  // namespace qy::http
