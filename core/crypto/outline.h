// A certificate taken apart, its public key left as it is: OpenSSL's own X509 decodes the key at
// once, which takes ten times as long as all the rest. Only sources of core/crypto include this.
#ifndef CERTWRIGHT_CORE_CRYPTO_OUTLINE_H_
#define CERTWRIGHT_CORE_CRYPTO_OUTLINE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "core/crypto/openssl.h"

namespace certwright {

// SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
struct KeyOutline {
  X509_ALGOR* algorithm;
  ASN1_BIT_STRING* key;
};

// TBSCertificate (RFC 5280, 4.1).
struct TbsOutline {
  ASN1_INTEGER* version;
  ASN1_INTEGER* serial_number;
  X509_ALGOR* signature;
  X509_NAME* issuer;
  X509_VAL* validity;
  X509_NAME* subject;
  KeyOutline* key;
  ASN1_BIT_STRING* issuer_id;
  ASN1_BIT_STRING* subject_id;
  STACK_OF(X509_EXTENSION) * extensions;  // null if there are none
};

struct CertificateOutline {
  TbsOutline* tbs;
  X509_ALGOR* signature_algorithm;
  ASN1_BIT_STRING* signature;
};

void FreeOutline(CertificateOutline* outline);
using OutlinePtr = OpenSslPtr<CertificateOutline, FreeOutline>;

// Null if `certificate_der` is not one certificate and nothing else.
OutlinePtr ReadOutline(absl::string_view certificate_der);

// The size of the modulus, 0 for keys of other kinds.
int RsaBitsOf(const CertificateOutline& outline);

// SubjectPublicKeyInfo.
std::string KeyDerOf(const CertificateOutline& outline);

// The same of a PKCS#10 request; "" if it is none.
std::string KeyDerOfRequest(absl::string_view csr_der);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_OUTLINE_H_
