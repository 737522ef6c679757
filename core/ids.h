// Identifiers, a type each, so that two of them cannot be swapped.
#ifndef CERTWRIGHT_CORE_IDS_H_
#define CERTWRIGHT_CORE_IDS_H_

#include <cstdint>
#include <string>

namespace certwright {

// The account's number ("Uin"), 12 digits.
struct AccountId {
  std::int64_t value = 0;
  friend auto operator<=>(const AccountId&, const AccountId&) = default;
};

// 8 characters of [A-Za-z0-9], random, never reused.
struct CertificateId {
  std::string value = {};
  friend auto operator<=>(const CertificateId&, const CertificateId&) = default;
};

// Of a CSR record: a number, never reused.
struct CsrId {
  std::int64_t value = 0;
  friend auto operator<=>(const CsrId&, const CsrId&) = default;
};

// "AKID…", the public half of a credential.
struct SecretId {
  std::string value = {};
  friend auto operator<=>(const SecretId&, const SecretId&) = default;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_IDS_H_
