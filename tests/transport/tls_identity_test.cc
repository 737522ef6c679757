#include "server/transport/tls_identity.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "tests/transport/tls_files.h"

namespace certwright {
namespace {

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
