#include "base/catalogue.h"

namespace qy {

std::span<const Sentence> main_messages() {
  static constexpr Sentence kSentences[] = {
      {"data.unusable", "数据目录“{path}”无法使用：{reason}。请检查路径、权限和磁盘空间。",
       "The data directory “{path}” cannot be used: {reason}. Check the path, its permissions and free space."},
      {"packs.broken", "规则包有 {count} 处错误，未启动。请用 qingyuan pack check 查看。",
       "The packs have {count} mistakes; nothing was started. See qingyuan pack check."},
      {"openapi.absent", "没有找到接口说明文件。请先构建网页程序（./run --build-only）。",
       "The API description is missing. Build the web app first (./run --build-only)."},
      {"account.region", "行政区划“{region}”应为六位数字代码，国家级留空。",
       "The region “{region}” must be a six-digit code; leave it out for the nation."},
      {"account.choice", "{option} 的取值“{given}”不在可选范围内，见 qingyuan help user add。",
       "{option} does not allow “{given}”; see qingyuan help user add."},
      {"doctor.broken", "检查发现 {count} 处问题，见上。",
       "The examination found {count} things that do not hold; see above."},
      {"demo.own_database",
       "示范数据只能放在自己的数据目录中，不会写入 --database 指定的数据库。请去掉 --demo 或 --database 之一。",
       "The demonstration lives in its own data directory and is never loaded into a database given by --database. "
       "Leave out --demo or --database."},
      {"demo.loopback", "示范数据的口令是公开的，只能在本机回环地址上提供，不能用于 {address}。请去掉 --address。",
       "The demonstration serves the loopback address only, not {address}. Leave out --address."},
      {"demo.other_data", "目录“{path}”中已有数据库，但不是示范数据。请用 --data 另选目录，或去掉 --demo。",
       "The directory “{path}” holds a database that is no demonstration. Choose another with --data, or leave out "
       "--demo."},
      {"demo.failed", "示范数据没有装载完成（{step}）。再次启动会重新装载。",
       "The demonstration was not loaded completely ({step}). Starting again loads it anew."},
      {"serve.tls_pair", "--tls-certificate 与 --tls-key 须同时给出。",
       "--tls-certificate and --tls-key belong together."},
  };
  return kSentences;
}

}  // namespace qy
