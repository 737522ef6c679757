#include "core/crypto/certificate_builder.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/der.h"
#include "core/crypto/digest.h"
#include "core/domain_name.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kCommonName[] = "\x55\x04\x03";
constexpr char kSerialNumber[] = "\x55\x04\x05";
constexpr char kCountry[] = "\x55\x04\x06";
constexpr char kLocality[] = "\x55\x04\x07";
constexpr char kProvince[] = "\x55\x04\x08";
constexpr char kOrganization[] = "\x55\x04\x0a";
constexpr char kBusinessCategory[] = "\x55\x04\x0f";
constexpr char kJurisdictionCountry[] = "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03";
constexpr char kSubjectKeyIdentifier[] = "\x55\x1d\x0e";
constexpr char kKeyUsage[] = "\x55\x1d\x0f";
constexpr char kSubjectAltName[] = "\x55\x1d\x11";
constexpr char kBasicConstraints[] = "\x55\x1d\x13";
constexpr char kCertificatePolicies[] = "\x55\x1d\x20";
constexpr char kAuthorityKeyIdentifier[] = "\x55\x1d\x23";
constexpr char kExtendedKeyUsage[] = "\x55\x1d\x25";
constexpr char kServerAuth[] = "\x2b\x06\x01\x05\x05\x07\x03\x01";
constexpr char kClientAuth[] = "\x2b\x06\x01\x05\x05\x07\x03\x02";
constexpr char kDomainValidated[] = "\x67\x81\x0c\x01\x02\x01";
constexpr char kOrganizationValidated[] = "\x67\x81\x0c\x01\x02\x02";
constexpr char kExtendedValidation[] = "\x67\x81\x0c\x01\x01";
constexpr unsigned char kDnsNameTag = 0x82;
constexpr unsigned char kIpAddressTag = 0x87;
constexpr unsigned char kKeyIdentifierTag = 0x80;

std::string Extension(absl::string_view id, bool is_critical, absl::string_view value) {
  return is_critical
             ? der::Sequence({der::ObjectId(id), der::Boolean(true), der::OctetString(value)})
             : der::Sequence({der::ObjectId(id), der::OctetString(value)});
}

// "" if there is no text.
std::string Attribute(absl::string_view id, absl::string_view text) {
  if (text.empty()) return "";
  return der::Set(der::Sequence({der::ObjectId(id), der::Utf8String(text)}));
}

bool IsPrintable(absl::string_view text) {
  return absl::c_all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains(" '()+,-./:=?", c);
  });
}

// Countries and register numbers are PrintableStrings (RFC 5280, appendix A) where they can be.
std::string PrintableAttribute(absl::string_view id, absl::string_view text) {
  constexpr unsigned char kPrintableString = 0x13;
  if (text.empty() || !IsPrintable(text)) return Attribute(id, text);
  return der::Set(der::Sequence({der::ObjectId(id), der::Element(kPrintableString, text)}));
}

std::string TlsUsages() {
  return Extension(kExtendedKeyUsage, false,
                   der::Sequence({der::ObjectId(kServerAuth), der::ObjectId(kClientAuth)}));
}

// The CA/Browser Forum's identifiers of how much was checked.
std::string Policy(Level level) {
  const char* const id = level == Level::kDv   ? kDomainValidated
                         : level == Level::kOv ? kOrganizationValidated
                                               : kExtendedValidation;
  return Extension(kCertificatePolicies, false,
                   der::Sequence({der::Sequence({der::ObjectId(id)})}));
}

std::string KeyIdentifiers(const CertificateParts& parts) {
  return absl::StrCat(
      Extension(kSubjectKeyIdentifier, false,
                der::OctetString(KeyIdentifier(parts.public_key_der))),
      Extension(kAuthorityKeyIdentifier, false,
                der::Sequence({der::Element(kKeyIdentifierTag,
                                            KeyIdentifier(parts.issuer_public_key_der))})));
}

std::string Tbs(const CertificateParts& parts, absl::string_view extensions) {
  return der::Sequence({der::Explicit(0, der::Integer("\x02")), der::Integer(parts.serial_number),
                        parts.signature_algorithm_der, parts.issuer_name_der,
                        der::Sequence({der::Time(parts.not_before), der::Time(parts.not_after)}),
                        parts.subject_name_der, parts.public_key_der,
                        der::Explicit(3, der::Sequence({extensions}))});
}

}  // namespace

std::string NameDer(const Subject& subject) {
  return der::Sequence(
      {PrintableAttribute(kJurisdictionCountry, subject.jurisdiction_country),
       Attribute(kBusinessCategory, subject.business_category),
       PrintableAttribute(kSerialNumber, subject.serial_number),
       PrintableAttribute(kCountry, subject.country), Attribute(kProvince, subject.province),
       Attribute(kLocality, subject.locality), Attribute(kOrganization, subject.organization),
       Attribute(kCommonName, subject.common_name)});
}

std::string NameDer(absl::string_view organization, absl::string_view common_name) {
  return NameDer(
      {.organization = std::string(organization), .common_name = std::string(common_name)});
}

std::string KeyIdentifier(absl::string_view public_key_der) {
  constexpr std::size_t kBytes = 20;
  return Sha256(public_key_der).substr(0, kBytes);
}

std::string SubjectAltNameExtension(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) {
    const std::string address = AddressBytes(name);
    absl::StrAppend(&all, address.empty() ? der::Element(kDnsNameTag, name)
                                          : der::Element(kIpAddressTag, address));
  }
  return Extension(kSubjectAltName, false, der::Sequence({all}));
}

std::string ServerCertificateTbs(const CertificateParts& parts,
                                 const std::vector<std::string>& names, bool is_rsa) {
  // digitalSignature is bit 0, keyEncipherment bit 2.
  const std::string usage = is_rsa ? der::BitString("\xa0", 5) : der::BitString("\x80", 7);
  return Tbs(parts,
             absl::StrCat(Extension(kBasicConstraints, true, der::Sequence({})),
                          Extension(kKeyUsage, true, usage), TlsUsages(), KeyIdentifiers(parts),
                          SubjectAltNameExtension(names), Policy(parts.level)));
}

std::string CaCertificateTbs(const CertificateParts& parts, bool is_root) {
  // keyCertSign is bit 5, cRLSign bit 6.
  const std::string usage = Extension(kKeyUsage, true, der::BitString("\x06", 1));
  const std::string limits =
      is_root ? der::Sequence({der::Boolean(true)})
              : der::Sequence({der::Boolean(true), der::Integer(absl::string_view("\0", 1))});
  return Tbs(parts, absl::StrCat(Extension(kBasicConstraints, true, limits), usage,
                                 is_root ? "" : absl::StrCat(TlsUsages(), Policy(parts.level)),
                                 KeyIdentifiers(parts)));
}

absl::StatusOr<std::string> SignCertificate(absl::string_view to_be_signed, const SigningKey& key) {
  ASSIGN_OR_RETURN(const std::string signature, key.Sign(to_be_signed));
  return der::Sequence({to_be_signed, key.signature_algorithm_der(), der::BitString(signature)});
}

}  // namespace certwright
