#include "adapters/issuers/built_in_ca.h"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "tests/support/engine.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

IssueRequest RequestFor(const PrivateKey& key, absl::Time now) {
  return {.names = {"a.example.com"},
          .subject = {.common_name = "a.example.com"},
          .public_key_der = key.public_key_der,
          .key_algorithm = key.algorithm,
          .not_before = now,
          .not_after = now + absl::Hours(24)};
}

const std::string kIndent(16, ' ');

std::string TextOf(const std::string& der) {
  const ScratchFolder folder;
  return RunTool("openssl x509 -inform DER -noout -text -in " + folder.Write("der", der)).output;
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

TEST_CASE("openssl verifies what the CA issues, as strictly as it can", "[ca]") {
  Engine engine;
  const PrivateKey key =
      GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateKey(KeyAlgorithm::kRsa2048));
  const Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));
  const IssuedCertificate issued = *engine.ca->Sign(prepared.issuer, prepared.to_be_signed);
  const ScratchFolder folder;
  folder.Write("roots", engine.ca->RootsPem());
  folder.Write("chain", CertificatesPem(issued.chain_der));
  folder.Write("leaf", CertificatesPem({issued.leaf_der}));
  const std::string purpose = GENERATE("sslserver", "sslclient");

  const ToolResult verified = RunTool(absl::StrCat(
      "openssl verify -x509_strict -policy_check -explicit_policy -policy 2.23.140.1.2.1",
      " -verify_hostname a.example.com -purpose ", purpose, " -attime ",
      absl::ToUnixSeconds(engine.clock.Now()), " -CAfile ", folder.Path("roots"), " -untrusted ",
      folder.Path("chain"), " ", folder.Path("leaf")));

  INFO(verified.output);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("a leaf says what it may do, and nothing more", "[ca]") {
  Engine engine;
  const bool is_rsa = GENERATE(false, true);
  const PrivateKey key = *GenerateKey(is_rsa ? KeyAlgorithm::kRsa2048 : KeyAlgorithm::kEccP256);
  const Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));
  const IssuedCertificate issued = *engine.ca->Sign(prepared.issuer, prepared.to_be_signed);

  const std::string text = TextOf(issued.leaf_der);

  CAPTURE(text);
  CHECK(absl::StrContains(text, "Version: 3 (0x2)"));
  CHECK(absl::StrContains(text, "X509v3 Basic Constraints: critical\n" + kIndent + "CA:FALSE\n"));
  CHECK(absl::StrContains(text, "X509v3 Key Usage: critical\n" + kIndent + "Digital Signature" +
                                    (is_rsa ? ", Key Encipherment\n" : "\n")));
  CHECK(absl::StrContains(
      text, kIndent + "TLS Web Server Authentication, TLS Web Client Authentication\n"));
  CHECK(absl::StrContains(text, kIndent + "DNS:a.example.com\n"));
  CHECK(absl::StrContains(text, "Policy: 2.23.140.1.2.1\n"));
  CHECK(absl::StrContains(text, "Subject: CN = a.example.com\n"));
}

TEST_CASE("the CA's own certificates are lasting, limited and named as a private CA's", "[ca]") {
  Engine engine;
  const PrivateKey key =
      GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateKey(KeyAlgorithm::kRsa2048));
  const Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));
  const IssuedCertificate issued = *engine.ca->Sign(prepared.issuer, prepared.to_be_signed);
  REQUIRE(issued.chain_der.size() == 1);

  const std::string root = TextOf(issued.root_der);
  const std::string intermediate = TextOf(issued.chain_der.front());

  CAPTURE(root, intermediate);
  const std::string sign_usage =
      "X509v3 Key Usage: critical\n" + kIndent + "Certificate Sign, CRL Sign\n";
  CHECK(absl::StrContains(root, "X509v3 Basic Constraints: critical\n" + kIndent + "CA:TRUE\n"));
  CHECK(absl::StrContains(root, sign_usage));
  CHECK(absl::StrContains(intermediate, "CA:TRUE, pathlen:0\n"));
  CHECK(absl::StrContains(intermediate, sign_usage));
  CHECK(absl::StrContains(intermediate, "TLS Web Server Authentication"));
  for (const std::string& der : {issued.root_der, issued.chain_der.front()}) {
    const CertificateFacts facts = *Describe(der);
    CHECK(facts.is_ca);
    CHECK(absl::StartsWith(facts.common_name, "Certwright "));
    CHECK(facts.issuer_organization == "Certwright private CA");
    CHECK(facts.serial_number.size() >= 28);
    CHECK(facts.not_before <= engine.clock.Now());
  }
  constexpr absl::Duration kYear = absl::Hours(24 * 365);
  CHECK(Describe(issued.root_der)->not_after - engine.clock.Now() > 19 * kYear);
  CHECK(Describe(issued.chain_der.front())->not_after - engine.clock.Now() > 9 * kYear);
}

TEST_CASE("each brand and level has an intermediate of its own", "[ca]") {
  struct Expected {
    std::string brand;
    Level level;
    std::string policy;
    std::string signature;
  };
  const Expected expected =
      GENERATE(Expected{"SecureSite", Level::kOv, "2.23.140.1.2.2", "RSA-SHA256"},
               Expected{"GeoTrust", Level::kEv, "2.23.140.1.1", "RSA-SHA256"},
               Expected{"GlobalSign", Level::kOv, "2.23.140.1.2.2", "RSA-SHA256"},
               Expected{"TrustAsia", Level::kEv, "2.23.140.1.1", "RSA-SHA384"},
               Expected{"WoTrus", Level::kDv, "2.23.140.1.2.1", "RSA-SHA384"});
  const bool is_rsa = GENERATE(true, false);
  Engine engine;
  const PrivateKey key = *GenerateKey(is_rsa ? KeyAlgorithm::kRsa2048 : KeyAlgorithm::kEccP256);
  IssueRequest request = RequestFor(key, engine.clock.Now());
  request.brand = expected.brand;
  request.level = expected.level;
  request.subject.organization = "Examples Ltd";
  CAPTURE(expected.brand, is_rsa);

  const Prepared prepared = *engine.ca->Prepare(request);
  const IssuedCertificate issued = *engine.ca->Sign(prepared.issuer, prepared.to_be_signed);

  const std::string name =
      absl::StrCat("Certwright ", expected.brand, " ", LevelText(expected.level),
                   is_rsa ? " RSA CA " : " ECC CA ");
  CHECK(absl::StartsWith(Describe(issued.chain_der[0])->common_name, name));
  CHECK(Describe(issued.leaf_der)->signature_algorithm ==
        (is_rsa ? expected.signature : "ecdsa-with-SHA256"));
  CHECK(absl::StrContains(TextOf(issued.leaf_der), "Policy: " + expected.policy + "\n"));
  const ScratchFolder folder;
  folder.Write("roots", engine.ca->RootsPem());
  folder.Write("chain", CertificatesPem(issued.chain_der));
  folder.Write("leaf", CertificatesPem({issued.leaf_der}));
  const ToolResult verified = RunTool(absl::StrCat(
      "openssl verify -x509_strict -policy_check -explicit_policy -policy ", expected.policy,
      " -purpose sslserver -attime ", absl::ToUnixSeconds(engine.clock.Now()), " -CAfile ",
      folder.Path("roots"), " -untrusted ", folder.Path("chain"), " ", folder.Path("leaf")));
  INFO(verified.output);
  CHECK(verified.exit_code == 0);

  const auto restarted = *BuiltInCa::Open(*engine.store, engine.clock, engine.random);
  CHECK(restarted->Sign(prepared.issuer, prepared.to_be_signed)->chain_der == issued.chain_der);
  const Prepared again = *restarted->Prepare(request);
  CHECK(again.issuer == prepared.issuer);
  CHECK(restarted->Sign(again.issuer, again.to_be_signed)->chain_der == issued.chain_der);
}

TEST_CASE("what was prepared before there were brands is signed as it was prepared", "[ca]") {
  Engine engine;
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kRsa2048);
  const Prepared older = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));
  CHECK(older.issuer == "rsa");
  const IssuedCertificate issued = *engine.ca->Sign(older.issuer, older.to_be_signed);
  CHECK(absl::StartsWith(Describe(issued.chain_der[0])->common_name, "Certwright RSA DV CA "));
}

TEST_CASE("a subject says who it is in the order that readers expect", "[ca]") {
  Engine engine;
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  IssueRequest request = RequestFor(key, engine.clock.Now());
  request.brand = "SecureSite";
  request.level = Level::kEv;
  request.subject = {.jurisdiction_country = "CN",
                     .business_category = "Private Organization",
                     .serial_number = "91440300000000001X",
                     .country = "CN",
                     .province = "Guangdong",
                     .locality = "Shenzhen",
                     .organization = "Examples Ltd",
                     .common_name = "a.example.com"};
  const Prepared prepared = *engine.ca->Prepare(request);
  const IssuedCertificate issued = *engine.ca->Sign(prepared.issuer, prepared.to_be_signed);

  const std::string text = TextOf(issued.leaf_der);
  CAPTURE(text);
  CHECK(absl::StrContains(
      text,
      "Subject: jurisdictionC = CN, businessCategory = Private Organization, serialNumber = "
      "91440300000000001X, C = CN, ST = Guangdong, L = Shenzhen, O = Examples Ltd, CN = "
      "a.example.com\n"));
}

TEST_CASE("two installations share no name and no key", "[ca]") {
  Engine engine;
  const auto store = *OpenSqliteStore({.path = ":memory:"}, engine.sealer);
  SeededRandom other_random(2);
  const auto other = *BuiltInCa::Open(*store, engine.clock, other_random);
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));

  CHECK_FALSE(other->Sign(prepared.issuer, prepared.to_be_signed).ok());
  const auto ours = *ParseCertificatesPem(engine.ca->RootsPem());
  const auto theirs = *ParseCertificatesPem(other->RootsPem());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    CHECK(Describe(ours[i])->common_name != Describe(theirs[i])->common_name);
    CHECK(Describe(ours[i])->public_key_der != Describe(theirs[i])->public_key_der);
  }
}

TEST_CASE("whoever starts at the same time gets the same CA", "[ca]") {
  Engine engine;
  const auto store = *OpenSqliteStore({.path = ":memory:"}, engine.sealer);
  std::vector<std::string> roots(3);
  std::vector<std::thread> starts;
  for (std::string& found : roots) {
    starts.emplace_back(
        [&] { found = (*BuiltInCa::Open(*store, engine.clock, engine.random))->RootsPem(); });
  }
  for (std::thread& start : starts) start.join();

  CHECK(roots[0] == roots[1]);
  CHECK(roots[0] == roots[2]);
}

TEST_CASE("what was prepared before a restart is signed after it", "[ca]") {
  Engine engine;
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const Prepared prepared = *engine.ca->Prepare(RequestFor(key, engine.clock.Now()));

  const auto restarted = *BuiltInCa::Open(*engine.store, engine.clock, engine.random);

  const IssuedCertificate issued = *restarted->Sign(prepared.issuer, prepared.to_be_signed);
  CHECK(CheckChain({issued.leaf_der, issued.chain_der[0], issued.root_der}).ok());
}

TEST_CASE("a stored CA that does not parse is never replaced by a new one", "[ca]") {
  Engine engine;
  const std::string stored = GENERATE(as<std::string>(), "", "garbage", "\n\n\n\n\n\n\n\n");
  REQUIRE(
      engine.store
          ->Write([&](Transaction& transaction) { return transaction.PutSetting("ca", stored); })
          .ok());

  CHECK(absl::IsDataLoss(BuiltInCa::Open(*engine.store, engine.clock, engine.random).status()));
}

}  // namespace certwright
