#include "core/crypto/x509.h"

#include <openssl/err.h>

#include <ctime>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/crypto/evp_keys.h"
#include "core/crypto/keys.h"
#include "core/crypto/names.h"
#include "core/crypto/outline.h"
#include "core/crypto/p256.h"
#include "core/crypto/pem.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxChainPemBytes = 256 * 1024;
constexpr std::size_t kMaxCertificates = 20;
constexpr absl::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr absl::string_view kEnd = "-----END CERTIFICATE-----";

X509Ptr Parse(absl::string_view der) {
  const unsigned char* at = Bytes(der);
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (certificate != nullptr && at != Bytes(der) + der.size()) return nullptr;
  return certificate;
}

absl::StatusOr<absl::Time> TimeOf(const ASN1_TIME* time) {
  std::tm broken_down = {};
  if (ASN1_TIME_to_tm(time, &broken_down) != 1) {
    return absl::InvalidArgumentError("its validity is no time");
  }
  return absl::FromTM(broken_down, absl::UTCTimeZone());
}

// RFC 5280 allows 20 bytes, and asks readers to be lenient: real ones have been longer.
absl::StatusOr<std::string> SerialOf(const ASN1_INTEGER* serial) {
  constexpr int kMaxSerialBytes = 64;
  if (ASN1_STRING_length(serial) > kMaxSerialBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("its serial number has more than ", kMaxSerialBytes, " bytes"));
  }
  return LowerHex(absl::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                                    static_cast<std::size_t>(ASN1_STRING_length(serial))));
}

// Decodes the key only where its size does not show at once: that takes ten times as long as the
// rest of the certificate.
absl::Status DescribePublicKey(const CertificateOutline& outline, CertificateFacts& facts) {
  facts.public_key_der = KeyDerOf(outline);
  facts.key_algorithm = p256::IsPublicKeyDer(facts.public_key_der)
                            ? KeyAlgorithm::kEccP256
                            : RsaAlgorithm(RsaBitsOf(outline));
  if (facts.key_algorithm != KeyAlgorithm::kOther) {
    facts.key_description = KeyDescription(facts.key_algorithm);
    return absl::OkStatus();
  }
  const unsigned char* at = Bytes(facts.public_key_der);
  const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(facts.public_key_der.size())));
  ERR_clear_error();
  if (key == nullptr) return absl::InvalidArgumentError("its public key does not parse");
  facts.key_algorithm = AlgorithmOf(key.get());
  facts.key_description = DescribeKey(key.get());
  facts.is_sm2 = EVP_PKEY_is_a(key.get(), "SM2") == 1;
  return absl::OkStatus();
}

// The block's contents without blanks, as DER of one certificate.
std::optional<std::string> DecodeBlock(absl::string_view text) {
  std::string base64;
  for (const char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) base64 += c;
  }
  std::optional<std::string> der = FromBase64(base64);
  if (!der || ReadOutline(*der) == nullptr) return std::nullopt;
  return der;
}

absl::Status BadBlock(std::size_t number, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("certificate ", number, " of the text ", why));
}

std::string NameForPeople(absl::string_view der) {
  const absl::StatusOr<CertificateFacts> facts = Describe(der);
  return facts.ok() ? facts->common_name : "?";
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseCertificatesPem(absl::string_view pem) {
  if (pem.size() > kMaxChainPemBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", pem.size(), " bytes; at most ", kMaxChainPemBytes, " are allowed"));
  }
  std::vector<std::string> certificates;
  absl::string_view rest = absl::StripAsciiWhitespace(pem);
  while (!rest.empty()) {
    const std::size_t number = certificates.size() + 1;
    if (number > kMaxCertificates) {
      return absl::InvalidArgumentError(
          absl::StrCat("it holds more than ", kMaxCertificates, " certificates"));
    }
    if (rest.substr(0, kBegin.size()) != kBegin) {
      return BadBlock(number, absl::StrCat("does not start with ", kBegin));
    }
    rest.remove_prefix(kBegin.size());
    if (rest.empty() || (rest[0] != '\n' && rest[0] != '\r')) {
      return BadBlock(number, "has no line break after its BEGIN line");
    }
    const std::size_t end = rest.find(kEnd);
    if (end == absl::string_view::npos) {
      return BadBlock(number, absl::StrCat("does not end with ", kEnd));
    }
    std::optional<std::string> der = DecodeBlock(rest.substr(0, end));
    if (!der) return BadBlock(number, "is no base64 of one DER certificate");
    certificates.push_back(*std::move(der));
    rest = absl::StripAsciiWhitespace(rest.substr(end + kEnd.size()));
  }
  if (certificates.empty()) return absl::InvalidArgumentError("it holds no certificate");
  return certificates;
}

absl::StatusOr<CertificateFacts> Describe(absl::string_view certificate_der) {
  const OutlinePtr outline = ReadOutline(certificate_der);
  if (outline == nullptr) return absl::InvalidArgumentError("it is no certificate");
  const TbsOutline& tbs = *outline->tbs;
  CertificateFacts facts;
  ASSIGN_OR_RETURN(facts.common_name, CommonNameOf(tbs.subject));
  ASSIGN_OR_RETURN(facts.issuer_name, CommonNameOf(tbs.issuer));
  ASSIGN_OR_RETURN(facts.issuer_organization, TextOf(tbs.issuer, NID_organizationName));
  ASSIGN_OR_RETURN(facts.serial_number, SerialOf(tbs.serial_number));
  ASSIGN_OR_RETURN(facts.not_before, TimeOf(tbs.validity->notBefore));
  ASSIGN_OR_RETURN(facts.not_after, TimeOf(tbs.validity->notAfter));
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509V3_get_d2i(tbs.extensions, NID_subject_alt_name, nullptr, nullptr)));
  ASSIGN_OR_RETURN(facts.names, NamesIn(names.get()));
  const OpenSslPtr<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free> constraints(
      static_cast<BASIC_CONSTRAINTS*>(
          X509V3_get_d2i(tbs.extensions, NID_basic_constraints, nullptr, nullptr)));
  facts.is_ca = constraints != nullptr && constraints->ca != 0;
  RETURN_IF_ERROR(DescribePublicKey(*outline, facts));
  const char* algorithm = OBJ_nid2sn(OBJ_obj2nid(outline->signature_algorithm->algorithm));
  facts.signature_algorithm = algorithm == nullptr ? "" : algorithm;
  facts.fingerprint_sha1 = UpperHex(Sha1(certificate_der));
  facts.fingerprint_sha256 = UpperHex(Sha256(certificate_der));
  ERR_clear_error();
  return facts;
}

absl::Status CheckChain(const std::vector<std::string>& certificates_der) {
  for (std::size_t i = 0; i + 1 < certificates_der.size(); ++i) {
    const X509Ptr subject = Parse(certificates_der[i]);
    const X509Ptr issuer = Parse(certificates_der[i + 1]);
    const bool is_issued = subject != nullptr && issuer != nullptr &&
                           X509_NAME_cmp(X509_get_issuer_name(subject.get()),
                                         X509_get_subject_name(issuer.get())) == 0 &&
                           X509_verify(subject.get(), X509_get0_pubkey(issuer.get())) == 1;
    ERR_clear_error();
    if (!is_issued) {
      return absl::InvalidArgumentError(absl::StrCat(
          "certificate ", i + 1, " (", NameForPeople(certificates_der[i]),
          ") is not signed by the one after it (", NameForPeople(certificates_der[i + 1]),
          "); the order is leaf first, then each one's issuer"));
    }
  }
  return absl::OkStatus();
}

std::string CertificatesPem(const std::vector<std::string>& certificates_der) {
  std::string pem;
  for (const std::string& der : certificates_der) pem += Pem("CERTIFICATE", der);
  return pem;
}

}  // namespace certwright
