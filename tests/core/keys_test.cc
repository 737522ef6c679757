// Private keys, held against OpenSSL's own view of them.
#include "core/crypto/keys.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "core/crypto/der.h"
#include "core/crypto/key_pool.h"
#include "core/crypto/pem.h"
#include "core/crypto/rsa_generator.h"
#include "core/crypto/signing_key.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key Parse(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())), EVP_PKEY_free);
}

bool IsSound(const std::string& der) {
  const Key key = Parse(der);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key.get(), nullptr);
  const bool is_sound = EVP_PKEY_check(context) == 1;
  EVP_PKEY_CTX_free(context);
  return is_sound;
}

// The public key that OpenSSL derives from the private one.
std::string PublicOf(const std::string& private_der) {
  const Key key = Parse(private_der);
  unsigned char* bytes = nullptr;
  const int length = i2d_PUBKEY(key.get(), &bytes);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

int BitsOf(const Key& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key.get(), name, &number);
  const int bits = BN_num_bits(number);
  BN_free(number);
  return bits;
}

absl::Status Refused(absl::string_view pem, absl::string_view password = "") {
  return ParsePrivateKeyPem(pem, password).status();
}

// An encrypted key as `openssl pkcs8` writes it with `options`; its password is "secret".
std::string Encrypted(const PrivateKey& key, const std::string& options) {
  const ScratchFolder folder;
  const std::string file = folder.Write("key", *PrivateKeyPem(key.private_key_der));
  return RunTool("openssl pkcs8 -topk8 -passout pass:secret -in " + file + " " + options).output;
}

}  // namespace

TEST_CASE("keys that we encode by hand are what OpenSSL reads", "[keys]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048(),
                                  *GenerateKey(KeyAlgorithm::kEccP384));

  CHECK(IsSound(key.private_key_der));
  CHECK(PublicOf(key.private_key_der) == key.public_key_der);
  CHECK((*SigningKey::Parse(key.private_key_der))->public_key_der() == key.public_key_der);
}

TEST_CASE("the PEM form of a key is byte for byte what openssl writes", "[keys]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048(),
                                  *GenerateKey(KeyAlgorithm::kEccP384));
  const ScratchFolder folder;
  const std::string file = folder.Write("key", Pem("PRIVATE KEY", key.private_key_der));

  const std::string pem = *PrivateKeyPem(key.private_key_der);

  CHECK(pem == RunTool("openssl pkey -traditional -in " + file).output);
  const PrivateKey again = *ParsePrivateKeyPem(pem, "");
  CHECK(again.private_key_der == key.private_key_der);
  CHECK(again.public_key_der == key.public_key_der);
  CHECK(again.algorithm == key.algorithm);
}

TEST_CASE("P-256 keys are as many bytes each, whatever their numbers begin with", "[keys]") {
  std::set<std::string> seen;
  for (int i = 0; i < 600; ++i) {
    const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
    REQUIRE(key.private_key_der.size() == 138);
    REQUIRE(key.public_key_der.size() == 91);
    REQUIRE((*SigningKey::Parse(key.private_key_der))->public_key_der() == key.public_key_der);
    seen.insert(key.private_key_der);
  }
  CHECK(seen.size() == 600);
}

TEST_CASE("RSA keys from the fast generator are sound, exact and all different", "[keys]") {
  std::set<std::string> seen;
  for (const int bits : {2048, 2048, 2048, 4096}) {
    const PrivateKey made = bits == 2048 ? *GenerateRsa2048() : *GenerateRsa4096();
    const Key key = Parse(made.private_key_der);
    REQUIRE(key != nullptr);
    CHECK(EVP_PKEY_get_bits(key.get()) == bits);
    CHECK(made.algorithm == (bits == 2048 ? KeyAlgorithm::kRsa2048 : KeyAlgorithm::kRsa4096));
    CHECK(BitsOf(key, "rsa-factor1") == bits / 2);
    CHECK(BitsOf(key, "rsa-factor2") == bits / 2);
    // A small private exponent, or primes that are close, would be found (FIPS 186-4, B.3.1).
    CHECK(BitsOf(key, "d") > bits / 2);
    BIGNUM *p = nullptr, *q = nullptr, *exponent = nullptr;
    EVP_PKEY_get_bn_param(key.get(), "rsa-factor1", &p);
    EVP_PKEY_get_bn_param(key.get(), "rsa-factor2", &q);
    EVP_PKEY_get_bn_param(key.get(), "e", &exponent);
    BN_sub(p, p, q);
    CHECK(BN_num_bits(p) > bits / 2 - 100);
    CHECK(BN_is_word(exponent, 65537));
    BN_free(p);
    BN_free(q);
    BN_free(exponent);
    CHECK(IsSound(made.private_key_der));
    seen.insert(made.public_key_der);
  }
  CHECK(seen.size() == 4);
}

TEST_CASE("the pool gives every key once, and ends while it fills", "[keys]") {
  KeyPool pool({.size = 2});
  std::set<std::string> seen;
  for (int i = 0; i < 4; ++i) seen.insert(pool.Take(KeyAlgorithm::kRsa2048)->public_key_der);
  seen.insert(pool.Take(KeyAlgorithm::kEccP256)->public_key_der);
  CHECK(seen.size() == 5);
  CHECK(pool.Take(KeyAlgorithm::kRsa4096)->algorithm == KeyAlgorithm::kRsa4096);
  pool.Fill();
}

TEST_CASE("keys are read in every form that openssl writes, with blanks around them", "[keys]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048());
  const std::string pem =
      GENERATE_COPY(as<std::string>(), Pem("PRIVATE KEY", key.private_key_der),
                    *PrivateKeyPem(key.private_key_der), Encrypted(key, "-v2 aes-256-cbc"),
                    Encrypted(key, "-v2 aes-128-cbc -v2prf hmacWithSHA512 -iter 10000"),
                    Encrypted(key, "-scrypt"), Encrypted(key, "-v1 PBE-SHA1-3DES"));
  CAPTURE(pem);

  for (const std::string& text : {pem, "\r\n  " + pem + " \n\n", pem.substr(0, pem.size() - 1)}) {
    const absl::StatusOr<PrivateKey> read = ParsePrivateKeyPem(text, "secret");
    REQUIRE(read.ok());
    CHECK(read->private_key_der == key.private_key_der);
    CHECK(read->public_key_der == key.public_key_der);
  }
}

TEST_CASE("an encrypted key opens with its own password only", "[keys]") {
  const std::string pem = Encrypted(*GenerateKey(KeyAlgorithm::kEccP256), "-v2 aes-256-cbc");

  CHECK(absl::IsInvalidArgument(Refused(pem, "Secret")));
  CHECK(absl::IsInvalidArgument(Refused(pem, "")));
  CHECK(absl::IsInvalidArgument(Refused(pem, std::string(5000, 'x'))));
  CHECK_FALSE(absl::StrContains(Refused(pem, "Secret").message(), "Secret"));
}

TEST_CASE("an encrypted key cannot hold a thread for minutes", "[keys]") {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const std::string costly =
      GENERATE_COPY(Encrypted(key, "-v2 aes-256-cbc -iter 2000001"),
                    Encrypted(key, "-v1 PBE-SHA1-3DES -iter 2000001"),
                    Encrypted(key, "-scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 200"));
  REQUIRE(absl::StartsWith(costly, "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  const std::string pem = *PrivateKeyPem(key.private_key_der);

  for (const std::string& text : {costly, pem + costly}) {
    const absl::Status status = Refused(text, "secret");
    CHECK(absl::IsInvalidArgument(status));
    CHECK(absl::StrContains(status.message(), "rounds"));
  }
}

TEST_CASE("what is no private key is refused without its bytes", "[keys]") {
  const std::string pem = GENERATE(
      as<std::string>(), "", "garbage", "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----",
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: NONE,00\n\nAAAA\n"
      "-----END RSA PRIVATE KEY-----",
      std::string(70'000, 'x'));

  const absl::Status status = Refused(pem);

  CHECK(absl::IsInvalidArgument(status));
  CHECK_FALSE(absl::StrContains(status.message(), "AAAA"));
}

TEST_CASE("a key whose BEGIN line does not end is refused", "[keys]") {
  std::string pem = *PrivateKeyPem(GenerateKey(KeyAlgorithm::kEccP256)->private_key_der);
  pem.erase(pem.find('\n'), 1);

  CHECK(absl::IsInvalidArgument(Refused(pem)));
}

TEST_CASE("a key with any byte flipped never breaks the parser", "[keys]") {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  for (std::size_t at = 0; at < key.private_key_der.size(); ++at) {
    std::string bent = key.private_key_der;
    bent[at] = static_cast<char>(bent[at] ^ 0x40);
    const absl::StatusOr<PrivateKey> read = ParsePrivateKeyPem(Pem("PRIVATE KEY", bent), "");
    if (read.ok()) CHECK(read->public_key_der == key.public_key_der);
  }
}

TEST_CASE("a curve that is spelt out is not taken for the named one", "[keys]") {
  const std::string pem =
      RunTool("openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit").output;
  REQUIRE(absl::StartsWith(pem, "-----BEGIN EC PRIVATE KEY-----"));

  CHECK(ParsePrivateKeyPem(pem, "")->algorithm == KeyAlgorithm::kOther);
}

TEST_CASE("keys of other kinds are kept, and called other", "[keys]") {
  const auto [command, algorithm] = GENERATE(table<std::string, KeyAlgorithm>(
      {{"openssl genpkey -algorithm ED25519", KeyAlgorithm::kOther},
       {"openssl genrsa 1024 2>/dev/null", KeyAlgorithm::kOther},
       {"openssl ecparam -name secp521r1 -genkey -noout", KeyAlgorithm::kOther},
       {"openssl ecparam -name secp384r1 -genkey -noout", KeyAlgorithm::kEccP384}}));
  const PrivateKey key = *ParsePrivateKeyPem(RunTool(command).output, "");

  CHECK(key.algorithm == algorithm);
  CHECK(PublicOf(key.private_key_der) == key.public_key_der);
}

TEST_CASE("a key whose halves do not belong together is refused", "[keys]") {
  PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const PrivateKey other = *GenerateKey(KeyAlgorithm::kEccP256);
  constexpr std::size_t kPointAt = 72;
  key.private_key_der.replace(kPointAt, std::string::npos, other.private_key_der.substr(kPointAt));

  CHECK(absl::IsInvalidArgument(Refused(Pem("PRIVATE KEY", key.private_key_der))));
}

TEST_CASE("a key that cannot sign is refused", "[keys]") {
  CHECK(absl::IsInvalidArgument(Refused(RunTool("openssl genpkey -algorithm X25519").output)));
}

TEST_CASE("RSA numbers of absurd size are refused at once", "[keys]") {
  const std::string huge(30'000, '\x7f');
  const std::string usual(256, '\x7f');
  const auto pem = [](const std::string& modulus, const std::string& exponent) {
    const std::string odd = der::Integer(modulus);
    const std::string number = der::Integer(exponent);
    return Pem("RSA PRIVATE KEY", der::Sequence({der::Integer(""), odd, der::Integer("\x03"),
                                                 number, odd, odd, number, number, number}));
  };

  CHECK(absl::IsInvalidArgument(Refused(pem(huge, "\x03"))));
  CHECK(absl::IsInvalidArgument(Refused(pem(usual, huge.substr(0, 5'000)))));
}

TEST_CASE("a key with its point compressed is kept with the whole point", "[keys]") {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const ScratchFolder folder;
  const std::string file = folder.Write("key", *PrivateKeyPem(key.private_key_der));
  const std::string compressed =
      RunTool("openssl pkey -ec_conv_form compressed -in " + file).output;
  REQUIRE(compressed != Pem("PRIVATE KEY", key.private_key_der));

  CHECK(ParsePrivateKeyPem(compressed, "")->private_key_der == key.private_key_der);
}

}  // namespace certwright
