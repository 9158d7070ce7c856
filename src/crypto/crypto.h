#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/catalogue.h"
#include "base/id.h"
#include "base/result.h"

namespace qy::crypto {

/// Lower-case hex SHA-256.
std::string sha256_hex(std::string_view bytes);
/// Lower-case hex SM3 (GB/T 32905).
std::string sm3_hex(std::string_view bytes);
std::string hex(std::string_view bytes);
std::string base64url(std::string_view bytes);

/// The system's random source (libsodium).
Random& system_random();

/// A URL-safe secret of `bytes` random bytes.
std::string random_token(Random& random, int bytes = 32);
/// A code people type: groups of unambiguous characters, "7K3M-9QPX-W2TD".
std::string activation_code(Random& random);

/// Argon2id. `hash_password` takes tens of milliseconds on purpose: call it before a transaction.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view stored, std::string_view password);

/// Compares in constant time.
bool equal_secrets(std::string_view a, std::string_view b);

/// HMAC-SHA-256 in hex: check values in QR codes, CSRF tokens.
std::string hmac_hex(std::string_view key, std::string_view message);

/// Signing behind one interface; Ed25519 now, SM2 when a seal service is bought.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual std::string algorithm() const = 0;               ///< "Ed25519"
  virtual std::string public_key() const = 0;              ///< base64url
  virtual std::string sign(std::string_view message) = 0;  ///< base64url
  /// Loads the key file, creating it with mode 0600 when absent. Errors: key.unreadable.
  static Result<std::unique_ptr<Signer>> ed25519(const std::string& key_file);
};
bool verify_signature(std::string_view algorithm, std::string_view public_key, std::string_view message,
                      std::string_view signature);

std::span<const Sentence> crypto_messages();

}  // namespace qy::crypto
