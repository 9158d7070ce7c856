#include "codec/compute.h"

namespace qy::codec {

std::span<const Sentence> codec_messages() {
  static constexpr Sentence kSentences[] = {
      {"balance.covariance_idle", "有{count}个协方差未使用：固定值或差减得出的物料流没有自己的测量误差。",
       "{count} covariances are not used: a stream that is fixed or computed by difference has no error of its own."},
      {"clock.event_before_start", "事件“{type}”（{on}）早于时限的起算日{start}，未计入；请核对日期。",
       "The event “{type}” of {on} lies before {start}, the day from which the clock runs, and does not count; check "
       "its date."},
      {"clock.event_in_future", "事件“{type}”（{on}）晚于计算日{as_of}，未计入；请核对日期。",
       "The event “{type}” of {on} lies after {as_of}, the day of the computation, and does not count; check its "
       "date."},
      {"clock.event_without_stop", "事件“{type}”（{on}）之前没有中止，未计入；请核对日期。",
       "The event “{type}” of {on} follows no stop and does not count; check its date."},
      {"clock.unknown_category", "没有审核类别“{category}”，可选：{known}。",
       "There is no audit category “{category}”; there are: {known}."},
      {"clock.unknown_event", "没有事件类型“{type}”，可选：{known}。",
       "There is no event type “{type}”; there are: {known}."},
      {"clock.unknown_jurisdiction", "没有地区规则“{code}”，请写成CN、CN-42或CN-420106；已有规则：{known}。",
       "There is no jurisdiction “{code}”; write CN, CN-42 or CN-420106. Rules exist for: {known}."},
      {"clock.unknown_rule", "没有时限“{rule}”。", "There is no clock “{rule}”."},
      {"compute.stopped", "计算已停止：被取消或已到时限。",
       "The computation was stopped: it was cancelled or its time was up."},
      {"compute.too_many_objects", "文档过大：对象合计最多{limit}个，请分开计算。",
       "The document is too large: {limit} objects in all at most; split it."},
      {"compute.unknown", "没有计算“{name}”，可用：{known}。", "There is no computation “{name}”; there are: {known}."},
      {"indicator_system.unknown", "没有指标体系“{id}”。{hint}", "There is no indicator system “{id}”.{hint}"},
  };
  return kSentences;
}

}  // namespace qy::codec
