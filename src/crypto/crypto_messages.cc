#include "crypto/crypto.h"

namespace qy::crypto {

std::span<const Sentence> crypto_messages() {
  static constexpr Sentence sentences[] = {
      {"key.unreadable", "无法读取或创建签名密钥文件“{file}”。请检查路径与权限；文件应为一行43个字符的密钥。",
       "The signing key file “{file}” cannot be read or created. Check its path and permissions; it holds one line of "
       "43 characters."},
  };
  return sentences;
}

}  // namespace qy::crypto
