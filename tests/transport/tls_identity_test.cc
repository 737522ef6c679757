#include "server/transport/tls_identity.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "tests/transport/tls_files.h"

namespace certwright {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string DerOf(int (*write)(const EVP_PKEY*, unsigned char**), const Key& key) {
  unsigned char* der = nullptr;
  const int size = write(key.get(), &der);
  REQUIRE(size > 0);
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

// A certificate of "localhost" for `key`, signed by `issuer`.
Made CertificateOf(const Key& key, const Made& issuer, bool is_ca = false) {
  REQUIRE(key != nullptr);
  const MadeOptions lasting = TlsFiles::Lasting();
  const auto signer = *SigningKey::Parse(issuer.key.private_key_der);
  Made made = {.name_der = NameDer("Tests", "localhost")};
  made.key.private_key_der = DerOf(&i2d_PrivateKey, key);
  made.key.public_key_der = DerOf(&i2d_PUBKEY, key);
  const CertificateParts parts = {.serial_number = "\x01\x01",
                                  .signature_algorithm_der = signer->signature_algorithm_der(),
                                  .issuer_name_der = issuer.name_der,
                                  .issuer_public_key_der = issuer.key.public_key_der,
                                  .subject_name_der = made.name_der,
                                  .public_key_der = made.key.public_key_der,
                                  .not_before = lasting.not_before,
                                  .not_after = lasting.not_after};
  made.der = *SignCertificate(
      is_ca ? CaCertificateTbs(parts, true) : ServerCertificateTbs(parts, {"localhost"}, false),
      *signer);
  return made;
}

// The same, signed again over SHA-1.
std::string SignedOverSha1(const Made& made, const Made& issuer) {
  const auto* der = reinterpret_cast<const unsigned char*>(made.der.data());
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      d2i_X509(nullptr, &der, static_cast<long>(made.der.size())), &X509_free);
  const auto* key = reinterpret_cast<const unsigned char*>(issuer.key.private_key_der.data());
  const Key signer(
      d2i_AutoPrivateKey(nullptr, &key, static_cast<long>(issuer.key.private_key_der.size())),
      &EVP_PKEY_free);
  REQUIRE(X509_sign(certificate.get(), signer.get(), EVP_sha1()) > 0);
  unsigned char* written = nullptr;
  const int size = i2d_X509(certificate.get(), &written);
  std::string text(reinterpret_cast<const char*>(written), static_cast<std::size_t>(size));
  OPENSSL_free(written);
  return CertificatesPem({text});
}

TEST_CASE("A certificate with its key is read from two files", "[tls]") {
  const TlsFiles files;
  const auto identity = files.Load();

  const auto pair = identity->current();
  CHECK(absl::StartsWith(pair->chain_pem, "-----BEGIN CERTIFICATE-----"));
  CHECK(absl::StrContains(pair->key_pem, "PRIVATE KEY"));
  CHECK(pair->not_after == absl::FromUnixSeconds(4'000'000'000));
  CHECK_FALSE(pair->is_key_readable_by_others);
}

TEST_CASE("A key that others may read is noted", "[tls]") {
  const TlsFiles files;
  const int mode = GENERATE(0640, 0604, 0620, 0666);
  ::chmod(files.files().key.c_str(), static_cast<mode_t>(mode));

  CHECK(files.Load()->current()->is_key_readable_by_others);
}

TEST_CASE("What cannot be used says which file is wrong, and nothing of what it holds", "[tls]") {
  TlsFiles files;
  const Made other = Make("other", nullptr, TlsFiles::Lasting());
  const std::string password_pem = *EncryptedPrivateKeyPem(other.key.private_key_der, "passphrase");
  const struct {
    std::string file, text, reason;
  } wrong[] = {
      {"cert.pem", "", "cannot read the TLS certificate"},
      {"cert.pem", "no PEM", "cert.pem holds no certificate"},
      {"cert.pem", other.key_pem(), "cert.pem holds no certificate"},
      {"cert.pem", other.pem(), "not that of the first certificate"},
      {"cert.pem", other.pem() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
       "damaged after its first certificate"},
      {"key.pem", "", "cannot read the TLS key"},
      {"key.pem", "secret", "key.pem holds no private key"},
      {"key.pem", other.pem(), "key.pem holds no private key"},
      {"key.pem", password_pem, "opens without a passphrase"},
      {"key.pem", other.key_pem(), "not that of the first certificate"},
      {"key.pem", std::string((1 << 20) + 1, 'x'), "cannot read the TLS key"}};
  for (const auto& [file, text, reason] : wrong) {
    CAPTURE(file, reason);
    files.Show("localhost");
    files.Write(file, text);
    const auto identity = TlsIdentity::Load(files.files());
    REQUIRE(absl::IsInvalidArgument(identity.status()));
    CHECK(absl::StrContains(identity.status().message(), reason));
    CHECK_FALSE(absl::StrContains(identity.status().message(), "BEGIN"));
    CHECK_FALSE(absl::StrContains(identity.status().message(), "secret"));
  }
  CHECK_FALSE(TlsIdentity::Load({.certificate = "/nowhere/cert.pem", .key = "/nowhere"}).ok());
}

TEST_CASE("Weak keys and signatures are refused, wherever they stand in the chain", "[tls]") {
  const TlsFiles files;
  const Made root = Make("Root", nullptr, TlsFiles::Lasting(true));
  const auto load = [&files](const std::string& chain_pem, const std::string& key_pem) {
    files.Write("cert.pem", chain_pem);
    files.Write("key.pem", key_pem);
    return std::string(TlsIdentity::Load(files.files()).status().message());
  };
  const auto rsa = [](unsigned bits) {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits}), &EVP_PKEY_free);
  };

  const Made fair = CertificateOf(rsa(2048), root);
  CHECK(load(fair.pem(), fair.key_pem()).empty());
  for (const unsigned bits : {512, 1024, 1536}) {
    CAPTURE(bits);
    const Made weak = CertificateOf(rsa(bits), root);
    CHECK(absl::StrContains(load(weak.pem(), weak.key_pem()), "RSA key of at least 2048 bits"));
  }
  const Made short_curve = CertificateOf(
      Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime192v1"), &EVP_PKEY_free), root);
  CHECK(
      absl::StrContains(load(short_curve.pem(), short_curve.key_pem()), "EC key of at least 224"));
  CHECK(absl::StrContains(load(SignedOverSha1(fair, root), fair.key_pem()), "SHA-224 or better"));
  const Made weak_issuer = CertificateOf(rsa(1024), root, true);
  CHECK(absl::StrContains(load(fair.pem() + weak_issuer.pem(), fair.key_pem()),
                          "after the first is too weak"));
}

TEST_CASE("Files that stay are not read again; other ones are another pair", "[tls]") {
  TlsFiles files;
  const auto identity = files.Load();
  const auto before = identity->current();

  CHECK(*identity->Refresh() == false);
  CHECK(identity->current() == before);

  files.Show("renewed.test");
  CHECK(*identity->Refresh() == true);
  CHECK(identity->current()->number > before->number);
  CHECK(identity->current()->chain_pem != before->chain_pem);
  CHECK(*identity->Refresh() == false);
}

TEST_CASE("A pair that cannot be used is told of once, and the old one stays", "[tls]") {
  TlsFiles files;
  const auto identity = files.Load();
  const auto before = identity->current();

  files.Write("cert.pem", Make("other", nullptr, TlsFiles::Lasting()).pem());
  CHECK(absl::IsInvalidArgument(identity->Refresh().status()));
  CHECK(*identity->Refresh() == false);
  CHECK(identity->current() == before);

  std::filesystem::remove(files.files().key);
  CHECK(absl::IsInvalidArgument(identity->Refresh().status()));
  CHECK(*identity->Refresh() == false);
  CHECK(identity->current() == before);

  files.Show("localhost");
  CHECK(*identity->Refresh() == true);
}

}  // namespace
}  // namespace certwright
