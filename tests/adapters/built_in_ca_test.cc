#include "adapters/issuers/built_in_ca.h"

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

IssueRequest RequestFor(const PrivateKey& key, absl::Time now) {
  return {.names = {"a.example.com"},
          .public_key_der = key.public_key_der,
          .key_algorithm = key.algorithm,
          .not_before = now,
          .not_after = now + absl::Hours(24)};
}

}  // namespace

TEST_CASE("the CA is made once and found again", "[ca]") {
  Engine engine;
  const auto again = *BuiltInCa::Open(*engine.store, engine.clock, engine.random);
  CHECK(again->RootsPem() == engine.ca->RootsPem());
  CHECK(ParseCertificatesPem(again->RootsPem())->size() == 2);
}

TEST_CASE("a key is certified by the hierarchy of its kind", "[ca]") {
  Engine engine;
  const PrivateKey key =
      GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateKey(KeyAlgorithm::kRsa2048));

  const Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));
  const IssuedCertificate issued = *engine.ca->Sign(prepared.issuer, prepared.to_be_signed);

  CHECK(CheckChain({issued.leaf_der, issued.chain_der[0], issued.root_der}).ok());
  CHECK(absl::StrContains(issued.leaf_der, prepared.to_be_signed));
  const CertificateFacts facts = *Describe(issued.leaf_der);
  CHECK(facts.serial_number == prepared.serial_number);
  CHECK(facts.public_key_der == key.public_key_der);
  CHECK_FALSE(facts.is_ca);
  const bool is_rsa = key.algorithm == KeyAlgorithm::kRsa2048;
  CHECK(facts.signature_algorithm == (is_rsa ? "RSA-SHA384" : "ecdsa-with-SHA256"));
}

TEST_CASE("bytes that another CA prepared are not signed", "[ca]") {
  Engine engine;
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));
  CHECK_FALSE(engine.ca->Sign("rsa", prepared.to_be_signed).ok());
  CHECK_FALSE(engine.ca->Sign("ecc", "anything").ok());
  CHECK_FALSE(engine.ca->Sign("nobody", prepared.to_be_signed).ok());
}

TEST_CASE("serial numbers are 127 even bits, all different", "[ca]") {
  Engine engine;
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  constexpr int kCount = 4000;
  std::set<std::string> seen;
  std::vector<int> ones(32 * 4, 0);
  for (int i = 0; i < kCount; ++i) {
    const std::string serial =
        engine.ca->Prepare(RequestFor(key, engine.clock.Now()))->serial_number;
    REQUIRE(serial.size() == 32);
    seen.insert(serial);
    for (std::size_t at = 0; at < serial.size(); ++at) {
      const int digit = std::stoi(serial.substr(at, 1), nullptr, 16);
      for (int bit = 0; bit < 4; ++bit)
        ones[at * 4 + static_cast<std::size_t>(bit)] += digit >> (3 - bit) & 1;
    }
  }
  CHECK(seen.size() == kCount);
  CHECK(ones[0] == 0);
  for (std::size_t bit = 1; bit < ones.size(); ++bit) {
    CAPTURE(bit);
    CHECK(ones[bit] > kCount * 4 / 10);
    CHECK(ones[bit] < kCount * 6 / 10);
  }
}

}  // namespace certwright
