#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>

#include "crypto/crypto.h"

namespace qy::crypto {
namespace {

std::string digest_hex(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, algorithm, nullptr);
  if (done != 1) throw std::runtime_error("the digest is not available in this OpenSSL");
  return hex({reinterpret_cast<const char*>(out.data()), length});
}

}  // namespace

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) { return digest_hex(EVP_sha256(), bytes); }

std::string sm3_hex(std::string_view bytes) { return digest_hex(EVP_sm3(), bytes); }

std::string hmac_hex(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  // An empty key is legal for HMAC, a null pointer is not.
  const char* key_bytes = key.empty() ? "" : key.data();
  if (!HMAC(EVP_sha256(), key_bytes, static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(message.data()), message.size(), out.data(), &length))
    throw std::runtime_error("HMAC is not available in this OpenSSL");
  return hex({reinterpret_cast<const char*>(out.data()), length});
}

}  // namespace qy::crypto
