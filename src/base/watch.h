#pragma once

#include <functional>

#include "base/result.h"

namespace qy {

/// How a long computation tells how far it is and hears that it should stop: by a person, or because its time is up.
///
/// It is asked from the computing thread, often; whoever makes one keeps the answer cheap. The default never stops.
class Watch {
 public:
  Watch() = default;
  explicit Watch(std::function<bool(double done)> go_on) : go_on_(std::move(go_on)) {}

  /// `done` is the finished share, 0–1, never falling. False: leave off as soon as may be.
  [[nodiscard]] bool go_on(double done) const { return !go_on_ || go_on_(done); }

  /// What an engine answers when it was told to stop and has nothing worth giving: compute.stopped.
  static Error stopped() { return {ErrorKind::unavailable, "compute.stopped"}; }

 private:
  std::function<bool(double)> go_on_;
};

}  // namespace qy
