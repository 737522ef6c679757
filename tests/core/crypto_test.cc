// Keys, requests, certificates and bundles, held against OpenSSL's own view of them.
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/csr.h"
#include "core/crypto/der.h"
#include "core/crypto/digest.h"
#include "core/crypto/key_pool.h"
#include "core/crypto/keys.h"
#include "core/crypto/rsa_generator.h"
#include "core/crypto/x509.h"
#include "tests/support/made_certificates.h"

namespace certwright {
namespace {

EVP_PKEY* Parse(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size()));
}

bool IsSound(const std::string& der) {
  EVP_PKEY* key = Parse(der);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
  const bool is_sound = EVP_PKEY_check(context) == 1;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return is_sound;
}

// The public key that OpenSSL derives from the private one.
std::string PublicOf(const std::string& private_der) {
  EVP_PKEY* key = Parse(private_der);
  unsigned char* bytes = nullptr;
  const int length = i2d_PUBKEY(key, &bytes);
  const std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  EVP_PKEY_free(key);
  return der;
}

}  // namespace

TEST_CASE("keys that we encode by hand are what OpenSSL reads", "[keys]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048(),
                                  *GenerateKey(KeyAlgorithm::kEccP384));
  CHECK(IsSound(key.private_key_der));
  CHECK(PublicOf(key.private_key_der) == key.public_key_der);
  const std::string pem = *PrivateKeyPem(key.private_key_der);
  const PrivateKey again = *ParsePrivateKeyPem("\n " + pem + "\n", "");
  CHECK(again.public_key_der == key.public_key_der);
  CHECK(again.algorithm == key.algorithm);
}

TEST_CASE("RSA keys from the fast generator are sound, exact and all different", "[keys]") {
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    const PrivateKey made = *GenerateRsa2048();
    EVP_PKEY* key = Parse(made.private_key_der);
    REQUIRE(key != nullptr);
    CHECK(EVP_PKEY_get_bits(key) == 2048);
    BIGNUM* exponent = nullptr;
    EVP_PKEY_get_bn_param(key, "e", &exponent);
    CHECK(BN_is_word(exponent, 65537));
    BN_free(exponent);
    EVP_PKEY_free(key);
    CHECK(IsSound(made.private_key_der));
    seen.insert(made.public_key_der);
  }
  CHECK(seen.size() == 3);
}

TEST_CASE("the pool gives every key once, and ends while it fills", "[keys]") {
  KeyPool pool({.size = 2});
  std::set<std::string> seen;
  for (int i = 0; i < 4; ++i) seen.insert(pool.Take(KeyAlgorithm::kRsa2048)->public_key_der);
  seen.insert(pool.Take(KeyAlgorithm::kEccP256)->public_key_der);
  CHECK(seen.size() == 5);
  pool.Fill();
}

TEST_CASE("what is no private key is refused without its bytes", "[keys]") {
  const std::string pem = GENERATE(as<std::string>(), "", "garbage",
                                   "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                                   std::string(70'000, 'x'));
  const absl::Status status = ParsePrivateKeyPem(pem, "").status();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK_FALSE(absl::StrContains(status.message(), "AAAA"));
}

TEST_CASE("requests carry their names and are signed by their key", "[csr]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048());
  const std::string der = *MakeCsr(key, {"a.example.com", "www.a.example.com"});
  const Csr csr = *ParseCsrPem(CsrPem(der));
  CHECK(csr.common_name == "a.example.com");
  CHECK(csr.names == std::vector<std::string>{"a.example.com", "www.a.example.com"});
  CHECK(csr.public_key_der == key.public_key_der);
  std::string forged = der;
  forged.back() = static_cast<char>(forged.back() ^ 1);
  CHECK_FALSE(ParseCsrPem(CsrPem(forged)).ok());
  CHECK_FALSE(ParseCsrPem("garbage").ok());
}

TEST_CASE("every truncation of a certificate is refused", "[x509]") {
  const Made made = Make("a.example.com", nullptr);
  for (std::size_t length = 0; length < made.der.size(); ++length) {
    CHECK_FALSE(Describe(absl::string_view(made.der).substr(0, length)).ok());
  }
  CHECK_FALSE(Describe(made.der + "x").ok());
}

TEST_CASE("flipped bytes never break the parser", "[x509]") {
  const Made made = Make("a.example.com", nullptr);
  for (std::size_t at = 0; at < made.der.size(); ++at) {
    std::string bent = made.der;
    bent[at] = static_cast<char>(bent[at] ^ 0xff);
    (void)Describe(bent);
  }
}

TEST_CASE("a certificate text has limits", "[x509]") {
  const std::string one = Make("a.example.com", nullptr).pem();
  std::string many;
  for (int i = 0; i < 21; ++i) many += one;
  CHECK_FALSE(ParseCertificatesPem(many).ok());
  CHECK_FALSE(ParseCertificatesPem(std::string(300 * 1024, '\n') + one).ok());
  CHECK(ParseCertificatesPem("  \n" + one + "\n\n" + one.substr(0, one.size() - 1))->size() == 2);
}

TEST_CASE("a chain is followed by signature, not by name alone", "[x509]") {
  const Made root = Make("Root", nullptr, {.is_ca = true});
  const Made twin = Make("Root", nullptr, {.is_ca = true});
  const Made leaf = Make("a.example.com", &root);
  CHECK(CheckChain({leaf.der, root.der}).ok());
  CHECK_FALSE(CheckChain({leaf.der, twin.der}).ok());
  CHECK_FALSE(CheckChain({root.der, leaf.der}).ok());
}

TEST_CASE("lengths are written as DER wants them", "[der]") {
  CHECK(der::OctetString("") == std::string("\x04\x00", 2));
  CHECK(der::OctetString(std::string(127, 'x')).substr(0, 2) == "\x04\x7f");
  CHECK(der::OctetString(std::string(128, 'x')).substr(0, 3) == "\x04\x81\x80");
  CHECK(der::OctetString(std::string(256, 'x')).substr(0, 4) == std::string("\x04\x82\x01\x00", 4));
  CHECK(der::Integer(absl::string_view("\x00\x00\x80", 3)) == std::string("\x02\x02\x00\x80", 4));
  CHECK(der::Integer("") == std::string("\x02\x01\x00", 3));
  CHECK(der::Time(absl::FromUnixSeconds(2524607999)) ==
        "\x17\x0d"
        "491231235959Z");
  CHECK(der::Time(absl::FromUnixSeconds(2524608000)) ==
        "\x18\x0f"
        "20500101000000Z");
}

}  // namespace certwright
