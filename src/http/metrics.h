#pragma once

#include <memory>
#include <string>

#include "http/http.h"

namespace qy::http {

/// What the server counts, in Prometheus' text form: requests and seconds by route pattern, connections, refusals.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  /// `pattern` is the route's, "static" or "none": never the path itself, which would make endless series.
  void answered(const std::string& method, const std::string& pattern, int status, double seconds);
  void connections(int change);
  void refused(const char* reason);
  std::string text() const;

 private:
  struct Series;
  std::unique_ptr<Series> series_;
};

}  // namespace qy::http
