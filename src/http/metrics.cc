#include "http/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace qy::http {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                       0.25,  0.5,    1,     2.5,  5,     10};

/// Resident bytes of this process as the kernel counts them; 0 where it does not tell.
double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::Series {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name("qingyuan_http_requests_total").Help("Requests answered").Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram()
                                                           .Name("qingyuan_http_request_seconds")
                                                           .Help("Time from the whole request to its answer")
                                                           .Register(registry);
  prometheus::Family<prometheus::Counter>& refusals = prometheus::BuildCounter()
                                                          .Name("qingyuan_http_refused_total")
                                                          .Help("Connections and requests refused before a handler")
                                                          .Register(registry);
  prometheus::Gauge& connections =
      prometheus::BuildGauge().Name("qingyuan_http_connections").Help("Open connections").Register(registry).Add({});
  prometheus::Gauge& resident =
      prometheus::BuildGauge().Name("process_resident_memory_bytes").Help("Resident memory").Register(registry).Add({});

  struct PerRoute {
    prometheus::Counter* count;
    prometheus::Histogram* seconds;
  };
  std::shared_mutex mutex;
  std::unordered_map<std::string, PerRoute> routes;
};

Metrics::Metrics() : series_(std::make_unique<Series>()) {}
Metrics::~Metrics() = default;

void Metrics::answered(const std::string& method, const std::string& pattern, int status, double seconds) {
  const std::string key = method + ' ' + pattern + ' ' + std::to_string(status);
  Series::PerRoute route{};
  {
    const std::shared_lock lock(series_->mutex);
    if (const auto known = series_->routes.find(key); known != series_->routes.end()) route = known->second;
  }
  if (!route.count) {
    const std::unique_lock lock(series_->mutex);
    route.count = &series_->requests.Add({{"method", method}, {"route", pattern}, {"status", std::to_string(status)}});
    route.seconds = &series_->seconds.Add({{"method", method}, {"route", pattern}}, kSeconds);
    series_->routes.emplace(key, route);
  }
  route.count->Increment();
  route.seconds->Observe(seconds);
}

void Metrics::connections(int change) { series_->connections.Increment(change); }

void Metrics::refused(const char* reason) { series_->refusals.Add({{"reason", reason}}).Increment(); }

std::string Metrics::text() const {
  series_->resident.Set(resident_bytes());
  return prometheus::TextSerializer().Serialize(series_->registry.Collect());
}

}  // namespace qy::http
