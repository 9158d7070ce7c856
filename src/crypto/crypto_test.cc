#include "crypto/crypto.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace qy::crypto {
namespace {

TEST(Hash, AgreesWithThePublishedValues) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sm3_hex("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");  // GB/T 32905 A.1
  EXPECT_EQ(hmac_hex("Jefe", "what do ya want for nothing?"),                                     // RFC 4231 case 2
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_hex("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Secret, TextFormsAreUrlSafe) {
  EXPECT_EQ(base64url("\xff\xfe\xfd"), "__79");
  EXPECT_EQ(base64url(""), "");
  SeededRandom random(7);
  const auto code = activation_code(random);
  ASSERT_EQ(code.size(), 14u);
  EXPECT_EQ(code[4], '-');
  EXPECT_EQ(code[9], '-');
  EXPECT_EQ(code.find_first_of("01ILOU"), std::string::npos);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_token(system_random()));
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(seen.begin()->size(), 43u);
}

TEST(Secret, PasswordsAreHashedWithArgon2id) {
  const auto stored = hash_password("云溪-正确的密码");
  EXPECT_EQ(stored.rfind("$argon2id$", 0), 0u);
  EXPECT_TRUE(verify_password(stored, "云溪-正确的密码"));
  EXPECT_FALSE(verify_password(stored, "云溪-错误的密码"));
  EXPECT_FALSE(verify_password("not a hash", "x"));
  EXPECT_FALSE(verify_password(std::string(500, 'x'), "x"));
  EXPECT_NE(stored, hash_password("云溪-正确的密码"));
}

TEST(Secret, ComparesWhole) {
  EXPECT_TRUE(equal_secrets("abc", "abc"));
  EXPECT_TRUE(equal_secrets("", ""));
  EXPECT_FALSE(equal_secrets("abc", "abd"));
  EXPECT_FALSE(equal_secrets("abc", "ab"));
}

TEST(Signer, KeepsItsKeyAndSigns) {
  const auto file = std::filesystem::temp_directory_path() / ("qy-key-" + std::to_string(::getpid()));
  std::filesystem::remove(file);
  auto first = Signer::ed25519(file);
  ASSERT_TRUE(first);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);

  auto again = Signer::ed25519(file);
  ASSERT_TRUE(again);
  EXPECT_EQ((*first)->public_key(), (*again)->public_key());

  const auto seal = (*first)->sign("根");
  EXPECT_TRUE(verify_signature("Ed25519", (*again)->public_key(), "根", seal));
  EXPECT_FALSE(verify_signature("Ed25519", (*again)->public_key(), "枝", seal));
  EXPECT_FALSE(verify_signature("SM2", (*again)->public_key(), "根", seal));
  EXPECT_FALSE(verify_signature("Ed25519", "", "根", seal));

  std::ofstream(file) << "short\n";
  EXPECT_EQ(Signer::ed25519(file).error().code, "key.unreadable");
  std::filesystem::remove(file);
  EXPECT_EQ(Signer::ed25519("/nonexistent/key").error().code, "key.unreadable");
}

}  // namespace
}  // namespace qy::crypto
