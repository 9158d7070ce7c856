#include "regime/files/files.h"

namespace qy::files {

std::span<const Sentence> files_messages() {
  static constexpr Sentence sentences[] = {
      {"file.empty", "文件“{name}”是空的。请检查后重新上传。",
       "The file “{name}” is empty. Check it and upload it again."},
      {"file.too_large", "文件超过{limit_mb} MB。请压缩或拆分后上传。",
       "The file is larger than {limit_mb} MB. Compress or split it."},
      {"file.type", "不接受“{name}”这种类型的文件。可上传：{allowed}。",
       "A file like “{name}” is not accepted. Accepted are {allowed}."},
      {"file.mismatch", "文件“{name}”的内容与扩展名不符，看起来是{found}。请用正确的扩展名保存后上传。",
       "The content of “{name}” does not fit its extension; it looks like {found}. Save it with the right extension."},
      {"file.name", "文件名应为1至200个字符。", "A file name has 1 to 200 characters."},
      {"file.not_found", "没有找到该文件，或您无权查看。", "There is no such file, or it is not yours to see."},
      {"file.damaged", "文件内容与登记的校验值不符（SHA-256 {hash}），为安全起见不予打开。请联系管理员从备份恢复。",
       "The stored file is not what was registered (SHA-256 {hash}), so it is not opened. Ask the administrator to "
       "restore it from a backup."},
  };
  return sentences;
}

}  // namespace qy::files
