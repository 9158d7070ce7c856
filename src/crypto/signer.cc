#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>

#include "crypto/crypto.h"

namespace qy::crypto {
namespace {

using Seed = std::array<unsigned char, crypto_sign_SEEDBYTES>;

class Ed25519 : public Signer {
 public:
  explicit Ed25519(const Seed& seed) { crypto_sign_seed_keypair(public_.data(), secret_.data(), seed.data()); }
  ~Ed25519() override { sodium_memzero(secret_.data(), secret_.size()); }

  std::string algorithm() const override { return "Ed25519"; }
  std::string public_key() const override {
    return base64url({reinterpret_cast<const char*>(public_.data()), public_.size()});
  }
  std::string sign(std::string_view message) override {
    std::array<unsigned char, crypto_sign_BYTES> seal{};
    crypto_sign_detached(seal.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         secret_.data());
    return base64url({reinterpret_cast<const char*>(seal.data()), seal.size()});
  }

 private:
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_{};
};

/// Writes a new key unless another process just did; durable before it is used.
bool create_key(const std::string& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return errno == EEXIST;
  const std::string line = random_token(system_random(), crypto_sign_SEEDBYTES) + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
  ::close(fd);
  return written;
}

}  // namespace

Result<std::unique_ptr<Signer>> Signer::ed25519(const std::string& key_file) {
  const auto unreadable = Error{ErrorKind::unavailable, "key.unreadable", {{"file", key_file}}};
  if (sodium_init() < 0) return unreadable;
  if (::access(key_file.c_str(), F_OK) != 0 && !create_key(key_file)) return unreadable;

  std::ifstream in(key_file);
  std::string line;
  if (!std::getline(in, line)) return unreadable;
  Seed seed{};
  std::size_t length = 0;
  const int read = sodium_base642bin(seed.data(), seed.size(), line.data(), line.size(), nullptr, &length, nullptr,
                                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (read != 0 || length != seed.size()) return unreadable;
  std::unique_ptr<Signer> signer = std::make_unique<Ed25519>(seed);
  sodium_memzero(seed.data(), seed.size());
  return signer;
}

}  // namespace qy::crypto
