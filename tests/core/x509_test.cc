// Certificates as others send them: every byte of them may lie.
#include "core/crypto/x509.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/crypto/der.h"
#include "core/crypto/digest.h"
#include "core/crypto/pem.h"
#include "tests/support/made_certificates.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

// A certificate that openssl makes for itself with `options`.
std::string MadeByOpenSsl(const std::string& options) {
  const ScratchFolder folder;
  const std::string pem = RunTool("openssl req -x509 -nodes -batch -keyout " + folder.Path("key") +
                                  " " + options + " 2>/dev/null")
                              .output;
  return ParseCertificatesPem(pem)->front();
}

CertificateParts SelfSigned(const PrivateKey& key, const SigningKey& signer) {
  return {.serial_number = "\x05",
          .signature_algorithm_der = signer.signature_algorithm_der(),
          .issuer_name_der = NameDer("Tests", "Issuer"),
          .issuer_public_key_der = key.public_key_der,
          .subject_name_der = NameDer("", "a.example.com"),
          .public_key_der = key.public_key_der,
          .not_before = absl::FromUnixSeconds(1760000000),
          .not_after = absl::FromUnixSeconds(1790000000)};
}

// A certificate of our own making, with these parts changed.
template <typename Change>
std::string Signed(const std::vector<std::string>& names, Change change) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const auto signer = *SigningKey::Parse(key.private_key_der);
  CertificateParts parts = SelfSigned(key, *signer);
  change(parts);
  return *SignCertificate(ServerCertificateTbs(parts, names, false), *signer);
}

std::string Signed(const std::vector<std::string>& names) {
  return Signed(names, [](CertificateParts&) {});
}

absl::Status TextRefused(absl::string_view pem) { return ParseCertificatesPem(pem).status(); }

bool IsUnreadable(absl::string_view der) { return absl::IsInvalidArgument(Describe(der).status()); }

}  // namespace

TEST_CASE("a certificate is described as openssl describes it", "[x509]") {
  const std::string der = MadeByOpenSsl(
      "-newkey rsa:3072 -sha384 -days 10 -set_serial 0x00ff01 -subj '/O=Ümlaut/CN=A.example.com'"
      " -utf8 -addext "
      "subjectAltName=DNS:A.example.com,DNS:*.b.example.com,IP:192.0.2.1,IP:2001:db8::1"
      " -addext keyUsage=digitalSignature");
  const ScratchFolder folder;
  const std::string file = folder.Write("der", der);

  const CertificateFacts facts = *Describe(der);

  CHECK(facts.common_name == "A.example.com");
  CHECK(facts.issuer_name == "A.example.com");
  CHECK(facts.issuer_organization == "Ümlaut");
  CHECK(facts.names ==
        std::vector<std::string>{"a.example.com", "*.b.example.com", "192.0.2.1", "2001:db8::1"});
  CHECK(facts.serial_number == "ff01");
  CHECK(facts.key_algorithm == KeyAlgorithm::kRsa3072);
  CHECK(facts.key_description == "RSA 3072");
  CHECK(facts.signature_algorithm == "RSA-SHA384");
  CHECK(facts.not_after - facts.not_before == absl::Hours(240));
  CHECK(facts.is_ca);
  CHECK_FALSE(facts.is_sm2);
  const std::string printed =
      RunTool("openssl x509 -inform DER -noout -fingerprint -sha1 -in " + file).output;
  std::string colons;
  for (const char c : printed.substr(printed.find('=') + 1)) {
    if (c != ':' && c != '\n') colons += c;
  }
  CHECK(facts.fingerprint_sha1 == colons);
  CHECK(facts.public_key_der == RunTool("openssl x509 -inform DER -noout -pubkey -in " + file +
                                        " | openssl pkey -pubin -outform DER")
                                    .output);
}

TEST_CASE("our certificates pass openssl's strictest reading", "[x509]") {
  const Made root = Make("Root", nullptr, {.is_ca = true});
  const Made leaf = Make("a.example.com", &root);
  const ScratchFolder folder;
  folder.Write("root", root.pem());
  folder.Write("leaf", leaf.pem());

  const ToolResult verified = RunTool("openssl verify -attime 1767229261 -x509_strict -CAfile " +
                                      folder.Path("root") + " " + folder.Path("leaf"));

  INFO(verified.output);
  CHECK(verified.exit_code == 0);
  // What openssl reads and writes again is what we wrote: it is DER.
  CHECK(RunTool("openssl x509 -outform DER -in " + folder.Path("leaf")).output == leaf.der);
}

TEST_CASE("validity beyond 2049 is read and written", "[x509]") {
  const absl::Time end = absl::FromUnixSeconds(4102444800);  // 2100-01-01
  const std::string der = Signed({"a"}, [&](CertificateParts& parts) { parts.not_after = end; });

  CHECK(Describe(der)->not_after == end);
}

TEST_CASE("SM2 keys are told from other curves", "[x509]") {
  const ScratchFolder folder;
  const ToolResult made =
      RunTool("openssl ecparam -name SM2 -genkey -noout -out " + folder.Path("key") +
              " && openssl req -x509 -new -batch -sm3 -key " + folder.Path("key") +
              " -subj /CN=a -sigopt distid:1234567812345678");
  INFO(made.output);
  REQUIRE(made.exit_code == 0);

  const CertificateFacts facts = *Describe(ParseCertificatesPem(made.output)->front());

  CHECK(facts.is_sm2);
  CHECK(facts.key_algorithm == KeyAlgorithm::kOther);
}

TEST_CASE("every truncation of a certificate is refused", "[x509]") {
  const std::string der = Signed({"a.example.com"});
  for (std::size_t length = 0; length < der.size(); ++length) {
    CHECK(IsUnreadable(absl::string_view(der).substr(0, length)));
  }
  CHECK(IsUnreadable(der + "x"));
}

TEST_CASE("flipped bytes never break the parser, nor pass for the signed ones", "[x509]") {
  const Made root = Make("Root", nullptr, {.is_ca = true});
  const Made leaf = Make("a.example.com", &root);
  for (std::size_t at = 0; at < leaf.der.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      std::string bent = leaf.der;
      bent[at] = static_cast<char>(bent[at] ^ mask);
      (void)Describe(bent);
      CAPTURE(at, mask);
      CHECK_FALSE(CheckChain({bent, root.der}).ok());
    }
  }
}

TEST_CASE("names that would not be what they seem are refused", "[x509]") {
  const std::string name = GENERATE(as<std::string>(), std::string("a.example.com\0.evil", 19),
                                    "a\n.example.com", "b\xff.example.com", "a b.example.com",
                                    "b\xc3\xbc"
                                    "cher.example.com",
                                    std::string(300, 'a'));

  CHECK(IsUnreadable(Signed({"a.example.com", name})));
}

TEST_CASE("common names are text without control characters", "[x509]") {
  const std::string name = GENERATE(as<std::string>(), std::string("a\0b", 3), "a\nb", "\xff\xfe",
                                    std::string(300, 'a'));

  CHECK(IsUnreadable(
      Signed({"a"}, [&](CertificateParts& parts) { parts.subject_name_der = NameDer("", name); })));
  CHECK(IsUnreadable(
      Signed({"a"}, [&](CertificateParts& parts) { parts.issuer_name_der = NameDer("", name); })));
}

TEST_CASE("serial numbers may be longer than allowed, up to a point", "[x509]") {
  const auto with_serial = [](std::size_t bytes) {
    return Signed(
        {"a"}, [&](CertificateParts& parts) { parts.serial_number = std::string(bytes, '\x11'); });
  };

  CHECK(Describe(with_serial(64))->serial_number.size() == 128);
  CHECK(IsUnreadable(with_serial(65)));
  CHECK(IsUnreadable(with_serial(100'000)));
}

TEST_CASE("a certificate may hold a hundred names and not one more", "[x509]") {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back(absl::StrCat("n", i, ".example.com"));
  CHECK(Describe(Signed(names))->names == names);

  names.push_back("one.more.example.com");

  CHECK(IsUnreadable(Signed(names)));
}

TEST_CASE("blanks around certificates are no fault, anything else is", "[x509]") {
  const std::string one = CertificatesPem({Signed({"a"})});
  CHECK(ParseCertificatesPem("  \n" + one + "\r\n\n" + one.substr(0, one.size() - 1))->size() == 2);

  std::string joined = one;
  joined.erase(joined.find('\n'), 1);
  const auto [text, why] = GENERATE_COPY(table<std::string, std::string>(
      {{"", "no certificate"},
       {" \n\t", "no certificate"},
       {joined, "certificate 1"},
       {"x" + one, "certificate 1"},
       {one + "x", "certificate 2"},
       {one + "x" + one, "certificate 2"},
       {one + one.substr(0, one.size() - 10), "certificate 2"},
       {Pem("PRIVATE KEY", "x") + one, "certificate 1"},
       {one + Pem("CERTIFICATE", "x"), "certificate 2"},
       {Pem("CERTIFICATE", Signed({"a"}) + "x"), "certificate 1"}}));
  CAPTURE(text);

  CHECK(absl::IsInvalidArgument(TextRefused(text)));
  CHECK(absl::StrContains(TextRefused(text).message(), why));
}

TEST_CASE("a text holds at most twenty certificates and 256 KB", "[x509]") {
  const std::string one = CertificatesPem({Signed({"a"})});
  std::string many;
  for (int i = 0; i < 20; ++i) many += one;

  CHECK(ParseCertificatesPem(many)->size() == 20);
  CHECK(absl::IsInvalidArgument(TextRefused(many + one)));
  CHECK(absl::IsInvalidArgument(TextRefused(std::string(300 * 1024, '\n') + one)));
}

TEST_CASE("a chain is followed by signature, not by name alone", "[x509]") {
  const Made root = Make("Root", nullptr, {.is_ca = true});
  const Made twin = Make("Root", nullptr, {.is_ca = true});
  const Made leaf = Make("a.example.com", &root);

  CHECK(CheckChain({leaf.der, root.der}).ok());
  CHECK(CheckChain({leaf.der}).ok());
  CHECK(CheckChain({root.der, root.der}).ok());
  CHECK_FALSE(CheckChain({leaf.der, twin.der}).ok());
  CHECK_FALSE(CheckChain({root.der, leaf.der}).ok());
  CHECK_FALSE(CheckChain({leaf.der, leaf.der}).ok());
  CHECK_FALSE(CheckChain({leaf.der, "x"}).ok());
  CHECK(absl::StrContains(CheckChain({leaf.der, twin.der}).message(),
                          "certificate 1 (a.example.com)"));
}

}  // namespace certwright
