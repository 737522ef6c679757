// Certificate requests: ours as openssl reads them, others' as hostile as they come.
#include "core/crypto/csr.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/crypto/certificate_builder.h"
#include "core/crypto/der.h"
#include "core/crypto/digest.h"
#include "core/crypto/keys.h"
#include "core/crypto/rsa_generator.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

absl::Status Refused(absl::string_view pem) { return ParseCsrPem(pem).status(); }

std::string P256CsrPem() {
  return CsrPem(*MakeCsr(*GenerateKey(KeyAlgorithm::kEccP256), {"a.example.com"}));
}

// A request that openssl makes with `options`.
std::string MadeByOpenSsl(const std::string& options) {
  const ScratchFolder folder;
  return RunTool("openssl req -new -nodes -batch -keyout " + folder.Path("key") + " " + options +
                 " 2>/dev/null")
      .output;
}

// Whoever has exponent 1 needs no private key: the signature is the padded digest itself.
std::string SignedWithExponent1(const std::string& modulus) {
  const std::string null = der::Element(5, "");
  const std::string rsa =
      der::Sequence({der::ObjectId("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), null});
  const std::string sha256_rsa =
      der::Sequence({der::ObjectId("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), null});
  const std::string sha256 =
      der::Sequence({der::ObjectId("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), null});
  const std::string public_key = der::Sequence(
      {rsa, der::BitString(der::Sequence({der::Integer(modulus), der::Integer("\x01")}))});
  const std::string info =
      der::Sequence({der::Integer(absl::string_view("\0", 1)), NameDer("", "a.example.com"),
                     public_key, der::Element(0xa0, "")});
  const std::string digest = der::Sequence({sha256, der::OctetString(Sha256(info))});
  const std::string padded =
      absl::StrCat(absl::string_view("\0\x01", 2), std::string(253 - digest.size(), '\xff'),
                   absl::string_view("\0", 1), digest);
  return CsrPem(der::Sequence({info, sha256_rsa, der::BitString(padded)}));
}

}  // namespace

TEST_CASE("requests carry their names and are signed by their key", "[csr]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048(),
                                  *GenerateKey(KeyAlgorithm::kEccP384));

  const std::string der = *MakeCsr(key, {"a.example.com", "www.a.example.com"});

  const Csr csr = *ParseCsrPem(CsrPem(der));
  CHECK(csr.der == der);
  CHECK(csr.common_name == "a.example.com");
  CHECK(csr.names == std::vector<std::string>{"a.example.com", "www.a.example.com"});
  CHECK(csr.public_key_der == key.public_key_der);
  CHECK(csr.key_algorithm == key.algorithm);
  CHECK(*CsrPublicKey(der) == key.public_key_der);
}

TEST_CASE("a stored request that was cut off is our loss, not the caller's fault", "[csr]") {
  const std::string der = *MakeCsr(*GenerateKey(KeyAlgorithm::kEccP256), {"a.example.com"});
  for (std::size_t size = 0; size < der.size(); ++size) {
    CHECK(absl::IsDataLoss(CsrPublicKey(absl::string_view(der).substr(0, size)).status()));
  }
}

TEST_CASE("openssl verifies our requests and reads their names", "[csr]") {
  const PrivateKey key = GENERATE(*GenerateKey(KeyAlgorithm::kEccP256), *GenerateRsa2048());
  const ScratchFolder folder;
  const std::string file =
      folder.Write("csr", CsrPem(*MakeCsr(key, {"a.example.com", "www.a.example.com"})));

  const ToolResult text = RunTool("openssl req -verify -noout -text -in " + file);

  INFO(text.output);
  CHECK(text.exit_code == 0);
  CHECK(absl::StrContains(text.output, "verify OK"));
  CHECK(absl::StrContains(text.output, "Subject: CN = a.example.com"));
  CHECK(absl::StrContains(text.output, "DNS:a.example.com, DNS:www.a.example.com"));
}

TEST_CASE("requests are read with blanks around them and in lower case", "[csr]") {
  const std::string pem = MadeByOpenSsl(
      "-newkey rsa:2048 -subj /C=DE/O=Tests/CN=A.Example.COM"
      " -addext subjectAltName=DNS:B.Example.com,IP:192.0.2.1,email:a@example.com");
  CAPTURE(pem);

  for (const std::string& text : {pem, "\n \t" + pem + "\r\n ", pem.substr(0, pem.size() - 1)}) {
    const absl::StatusOr<Csr> csr = ParseCsrPem(text);
    REQUIRE(csr.ok());
    CHECK(csr->common_name == "a.example.com");
    CHECK(csr->names == std::vector<std::string>{"b.example.com", "192.0.2.1"});
    CHECK(csr->key_algorithm == KeyAlgorithm::kRsa2048);
  }
}

TEST_CASE("a request changed anywhere is refused", "[csr]") {
  const std::string der = *MakeCsr(*GenerateKey(KeyAlgorithm::kEccP256), {"a.example.com"});
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string bent = der;
    bent[at] = static_cast<char>(bent[at] ^ 0x01);
    CAPTURE(at);
    CHECK(absl::IsInvalidArgument(Refused(CsrPem(bent))));
  }
  for (std::size_t size = 0; size < der.size(); ++size) {
    CHECK(absl::IsInvalidArgument(Refused(CsrPem(absl::string_view(der).substr(0, size)))));
  }
}

TEST_CASE("what is no request is refused", "[csr]") {
  std::string joined = P256CsrPem();
  joined.erase(joined.find('\n'), 1);
  const std::string pem =
      GENERATE_COPY(as<std::string>(), "", "garbage", "-----BEGIN CERTIFICATE REQUEST-----", joined,
                    "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
                    P256CsrPem().substr(0, 200), std::string(70'000, 'x'),
                    *PrivateKeyPem(GenerateKey(KeyAlgorithm::kEccP256)->private_key_der));

  CHECK(absl::IsInvalidArgument(Refused(pem)));
}

TEST_CASE("a request that claims to be encrypted is refused, and nobody is asked", "[csr]") {
  const std::string pem =
      "-----BEGIN CERTIFICATE REQUEST-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: AES-256-CBC,00000000000000000000000000000000\n\n"
      "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE REQUEST-----\n";

  CHECK(absl::IsInvalidArgument(Refused(pem)));
}

TEST_CASE("a request whose names would not be what they seem is refused", "[csr]") {
  // Ours are written as they come: the words reach the parser as any client may send them.
  const std::string name = GENERATE(as<std::string>(), std::string("a.example.com\0.evil", 19),
                                    "a\n.example.com", "b\xff.example.com", "a b.example.com",
                                    "b\xc3\xbc"
                                    "cher.example.com");
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);

  CHECK(absl::IsInvalidArgument(Refused(CsrPem(*MakeCsr(key, {"a.example.com", name})))));
}

TEST_CASE("a request may hold a hundred names and not one more", "[csr]") {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back(absl::StrCat("n", i, ".example.com"));
  CHECK(ParseCsrPem(CsrPem(*MakeCsr(key, names)))->names.size() == 100);

  names.push_back("one.more.example.com");

  CHECK(absl::IsInvalidArgument(Refused(CsrPem(*MakeCsr(key, names)))));
}

TEST_CASE("a request with RSA exponent 1 is refused, whatever its signature", "[csr]") {
  const absl::Status status = Refused(SignedWithExponent1(std::string(256, '\xf1')));

  CHECK(absl::IsInvalidArgument(status));
  CHECK(absl::StrContains(status.message(), "weak"));
}

}  // namespace certwright
