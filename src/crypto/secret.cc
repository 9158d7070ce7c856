#include <sodium.h>

#include <array>
#include <optional>
#include <stdexcept>

#include "crypto/crypto.h"

namespace qy::crypto {
namespace {

// OWASP's second choice for Argon2id (19 MiB, 2 passes): about 25 ms, and small beside the server's idle memory.
constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19u << 20;

void need_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium did not start");
}

class SystemRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    need_sodium();
    randombytes_buf(bytes.data(), bytes.size());
  }
};

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &length, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return std::nullopt;
  out.resize(length);
  return out;
}

}  // namespace

std::string base64url(std::string_view bytes) {
  need_sodium();
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating NUL
  return out;
}

Random& system_random() {
  static SystemRandom random;
  return random;
}

std::string random_token(Random& random, int bytes) {
  std::string raw(static_cast<std::size_t>(bytes), '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(raw.data()), raw.size()});
  return base64url(raw);
}

std::string activation_code(Random& random) {
  static constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";  // no 0 O 1 I L U
  std::string code;
  for (int i = 0; i < 12; ++i) {
    if (i == 4 || i == 8) code += '-';
    code += kAlphabet[random.below(kAlphabet.size())];
  }
  return code;
}

std::string hash_password(std::string_view password) {
  need_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return out.data();
}

bool verify_password(std::string_view stored, std::string_view password) {
  need_sodium();
  if (stored.size() >= crypto_pwhash_STRBYTES) return false;
  std::array<char, crypto_pwhash_STRBYTES> text{};
  stored.copy(text.data(), stored.size());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  need_sodium();
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool verify_signature(std::string_view algorithm, std::string_view public_key, std::string_view message,
                      std::string_view signature) {
  need_sodium();
  if (algorithm != "Ed25519") return false;
  const auto key = from_base64url(public_key);
  const auto seal = from_base64url(signature);
  if (!key || key->size() != crypto_sign_PUBLICKEYBYTES || !seal || seal->size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(seal->data()),
                                     reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                     reinterpret_cast<const unsigned char*>(key->data())) == 0;
}

}  // namespace qy::crypto
