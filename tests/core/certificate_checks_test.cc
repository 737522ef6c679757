#include "core/certificate_checks.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "tests/support/engine.h"
#include "tests/support/made_certificates.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

using Names = std::vector<std::string>;

const absl::Time kNow = absl::FromUnixSeconds(1767229261);

struct Chain {
  Made root = Make("Root", nullptr, {.is_ca = true});
  Made middle = Make("Middle", &root, {.is_ca = true});
  Made leaf = Make("leaf.example.com", &middle);
};

ChainReport Check(const std::string& pem, const std::string& trusted = "") {
  const auto report = CheckChainText(pem, TrustStore(trusted), kNow);
  INFO(report.status());
  REQUIRE(report.ok());
  return *report;
}

}  // namespace

TEST_CASE("a chain is valid when it reaches a root, in any order", "[chain]") {
  static const Chain c;  // the same in every round
  const std::string pem = GENERATE_COPY(
      c.leaf.pem() + c.middle.pem() + c.root.pem(), c.root.pem() + c.leaf.pem() + c.middle.pem(),
      c.middle.pem() + c.middle.pem() + c.root.pem() + c.leaf.pem());
  const ChainReport alone = Check(pem);
  CHECK(alone.is_valid);
  CHECK_FALSE(alone.is_trusted);
  CHECK(alone.names == Names{"leaf.example.com", "Middle", "Root"});
  CHECK(Check(pem, c.root.pem()).is_trusted);
}

TEST_CASE("a trusted root need not be supplied, and is named", "[chain]") {
  const Chain c;
  const ChainReport report = Check(c.leaf.pem() + c.middle.pem(), "# a note\n" + c.root.pem());
  CHECK(report.is_valid);
  CHECK(report.is_trusted);
  CHECK(report.names == Names{"leaf.example.com", "Middle", "Root"});
}

TEST_CASE("a gap is an answer, with the names up to it", "[chain]") {
  const Chain c;
  const Made stranger = Make("Stranger", nullptr, {.is_ca = true});
  const auto [pem, trusted, names] = GENERATE_COPY(table<std::string, std::string, Names>({
      {c.leaf.pem(), c.root.pem(), {"leaf.example.com"}},
      {c.leaf.pem() + c.middle.pem(), stranger.pem(), {"leaf.example.com", "Middle"}},
      {c.leaf.pem() + c.root.pem(), c.root.pem(), {"leaf.example.com"}},
  }));
  const ChainReport report = Check(pem, trusted);
  CHECK_FALSE(report.is_valid);
  CHECK_FALSE(report.is_trusted);
  CHECK(report.names == names);
}

TEST_CASE("a certificate that has no part in the chain makes it invalid", "[chain]") {
  const Chain c;
  const Made stranger = Make("Stranger", nullptr, {.is_ca = true});
  const ChainReport report = Check(c.leaf.pem() + c.middle.pem() + stranger.pem(), c.root.pem());
  CHECK_FALSE(report.is_valid);
  CHECK(report.names == Names{"leaf.example.com", "Middle", "Root"});
}

TEST_CASE("a name alone makes no issuer", "[chain]") {
  const Chain c;
  const Made impostor = Make("Middle", &c.root, {.is_ca = true});
  const ChainReport misled = Check(c.leaf.pem() + impostor.pem(), c.root.pem());
  CHECK_FALSE(misled.is_valid);
  CHECK(misled.names == Names{"leaf.example.com"});
  const Made not_ca = Make("not.a.ca", &c.root);
  const Made below = Make("below.example.com", &not_ca);
  CHECK(Check(below.pem() + not_ca.pem(), c.root.pem()).names == Names{"below.example.com"});
}

TEST_CASE("a chain that ends in an expired root is trusted and not valid", "[chain]") {
  const absl::Time past = absl::FromUnixSeconds(1767000000);
  const Made root = Make("Old Root", nullptr, {.is_ca = true, .not_after = past});
  const Made leaf = Make("leaf.example.com", &root);
  const ChainReport report = Check(leaf.pem(), root.pem());
  CHECK_FALSE(report.is_valid);
  CHECK(report.is_trusted);
  CHECK(report.names == Names{"leaf.example.com", "Old Root"});
  const Made expired = Make("old.example.com", nullptr, {.not_after = past});
  CHECK_FALSE(Check(expired.pem(), expired.pem()).is_valid);
}

TEST_CASE("of two ways up, the trusted and current one is taken", "[chain]") {
  const absl::Time past = absl::FromUnixSeconds(1767000000);
  const Made old_root = Make("Old Root", nullptr, {.is_ca = true, .not_after = past});
  Made new_root = Make("New Root", nullptr, {.is_ca = true});
  const Made leaf = Make("leaf.example.com", &new_root);
  // The new root's key under the old root's signature.
  const auto signer = *SigningKey::Parse(old_root.key.private_key_der);
  const CertificateParts parts = {.serial_number = "\x05",
                                  .signature_algorithm_der = signer->signature_algorithm_der(),
                                  .issuer_name_der = old_root.name_der,
                                  .issuer_public_key_der = old_root.key.public_key_der,
                                  .subject_name_der = new_root.name_der,
                                  .public_key_der = new_root.key.public_key_der,
                                  .not_before = absl::FromUnixSeconds(1760000000),
                                  .not_after = absl::FromUnixSeconds(1790000000)};
  const std::string cross =
      CertificatesPem({*SignCertificate(CaCertificateTbs(parts, true), *signer)});
  const ChainReport both = Check(leaf.pem() + cross, new_root.pem() + old_root.pem());
  CHECK(both.is_valid);
  CHECK(both.names == Names{"leaf.example.com", "New Root"});
  const ChainReport old_only = Check(leaf.pem() + cross, old_root.pem());
  CHECK_FALSE(old_only.is_valid);
  CHECK(old_only.names == Names{"leaf.example.com", "New Root", "Old Root"});
}

TEST_CASE("what cannot be read as certificates is refused", "[chain]") {
  const std::string pem = GENERATE("", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  const auto status = CheckChainText(pem, TrustStore(""), kNow).status();
  CHECK(ErrorOf(status) == ApiError::kFailedOperationCertificateInvalid);
  CHECK(FieldOf(status) == "CertificateChain");
}

TEST_CASE("a bundle keeps what can be read of it", "[chain]") {
  const Chain c;
  CHECK(TrustStore("").size() == 0);
  CHECK(TrustStore("x\n" + c.root.pem() + "between\n" + c.middle.pem() + "\nend").size() == 2);
  CHECK(TrustStore("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").size() == 0);
}

TEST_CASE("issued certificates end at our own root", "[chain]") {
  Engine engine;
  const CertificateId id = engine.Issue("a.example.com");
  CertificateBody body;
  REQUIRE(engine.store
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                body = *snapshot.FindBody(kAccount, id);
                return absl::OkStatus();
              })
              .ok());
  const auto report = CheckChainText(CertificatesPem({body.leaf_der, body.chain_der.front()}),
                                     TrustStore(engine.ca->RootsPem()), engine.clock.Now());
  CHECK(report->is_valid);
  CHECK(report->is_trusted);
  CHECK(report->names.size() == 3);
  CHECK(FindSameCertificate(*engine.store, kAccount, CertificatesPem({body.leaf_der}))->value() ==
        id);
}

TEST_CASE("the newest certificate with the same leaf is found, in its account", "[exist]") {
  Engine engine;
  const Chain c;
  const auto upload = [&](AccountId account) {
    return engine.certificates
        .Upload({.account = account, .public_pem = c.leaf.pem(), .private_pem = c.leaf.key_pem()})
        ->id;
  };
  upload(kAccount);
  const CertificateId newest = upload(kAccount);
  const auto find = [&](AccountId account, const std::string& pem) {
    return *FindSameCertificate(*engine.store, account, pem);
  };
  CHECK(find(kAccount, " " + c.leaf.pem() + c.middle.pem()) == newest);
  CHECK_FALSE(find(kAccount, c.middle.pem()).has_value());
  CHECK_FALSE(find(kOther, c.leaf.pem()).has_value());
  const auto status = FindSameCertificate(*engine.store, kAccount, "garbage").status();
  CHECK(ErrorOf(status) == ApiError::kFailedOperationInvalidParam);
}

}  // namespace certwright
