#include "base/catalogue.h"

namespace qy {

std::span<const Sentence> main_messages() {
  static constexpr Sentence kSentences[] = {
      {"data.unusable", "数据目录“{path}”无法使用：{reason}。请检查路径、权限和磁盘空间。", "The data directory “{path}” cannot be used: {reason}. Check the path, its permissions and free space."},
      {"packs.broken", "规则包有 {count} 处错误，未启动。请用 qingyuan pack check 查看。", "The packs have {count} mistakes; nothing was started. See qingyuan pack check."},
      {"openapi.absent", "没有找到接口说明文件。请先构建网页程序（./run --build-only）。", "The API description is missing. Build the web app first (./run --build-only)."},
      {"account.region", "行政区划“{region}”应为六位数字代码，国家级留空。", "The region “{region}” must be a six-digit code; leave it out for the nation."},
      {"account.choice", "{option} 的取值“{given}”不在可选范围内，见 qingyuan help user add。", "{option} does not allow “{given}”; see qingyuan help user add."},
      {"doctor.broken", "检查发现 {count} 处问题，见上。", "The examination found {count} things that do not hold; see above."},
      {"serve.tls_pair", "--tls-certificate 与 --tls-key 须同时给出。", "--tls-certificate and --tls-key belong together."},
  };
  return kSentences;
}

}  // namespace qy
