#include "core/crypto/x509.h"

#include <openssl/err.h>

#include <ctime>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/crypto/evp_keys.h"
#include "core/crypto/names.h"
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
absl::StatusOr<std::string> SerialOf(const X509* certificate) {
  constexpr int kMaxSerialBytes = 64;
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  if (ASN1_STRING_length(serial) > kMaxSerialBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("its serial number has more than ", kMaxSerialBytes, " bytes"));
  }
  return LowerHex(absl::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                                    static_cast<std::size_t>(ASN1_STRING_length(serial))));
}

// The block's contents without blanks, as DER of one certificate.
std::optional<std::string> DecodeBlock(absl::string_view text) {
  std::string base64;
  for (const char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) base64 += c;
  }
  std::optional<std::string> der = FromBase64(base64);
  if (!der || Parse(*der) == nullptr) return std::nullopt;
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
  const X509Ptr certificate = Parse(certificate_der);
  if (certificate == nullptr) return absl::InvalidArgumentError("it is no certificate");
  CertificateFacts facts;
  const X509_NAME* issuer = X509_get_issuer_name(certificate.get());
  ASSIGN_OR_RETURN(facts.common_name, CommonNameOf(X509_get_subject_name(certificate.get())));
  ASSIGN_OR_RETURN(facts.issuer_name, CommonNameOf(issuer));
  ASSIGN_OR_RETURN(facts.issuer_organization, TextOf(issuer, NID_organizationName));
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  ASSIGN_OR_RETURN(facts.names, NamesIn(names.get()));
  ASSIGN_OR_RETURN(facts.not_before, TimeOf(X509_get0_notBefore(certificate.get())));
  ASSIGN_OR_RETURN(facts.not_after, TimeOf(X509_get0_notAfter(certificate.get())));
  ASSIGN_OR_RETURN(facts.serial_number, SerialOf(certificate.get()));
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) {
    ERR_clear_error();
    return absl::InvalidArgumentError("its public key does not parse");
  }
  facts.public_key_der = PublicKeyInfoDer(X509_get_X509_PUBKEY(certificate.get()));
  facts.key_algorithm = AlgorithmOf(key);
  facts.key_description = DescribeKey(key);
  facts.is_sm2 = EVP_PKEY_is_a(key, "SM2") == 1;
  const char* algorithm = OBJ_nid2sn(X509_get_signature_nid(certificate.get()));
  facts.signature_algorithm = algorithm == nullptr ? "" : algorithm;
  facts.fingerprint_sha1 = UpperHex(Sha1(certificate_der));
  facts.fingerprint_sha256 = UpperHex(Sha256(certificate_der));
  facts.is_ca = (X509_get_extension_flags(certificate.get()) & EXFLAG_CA) != 0;
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
