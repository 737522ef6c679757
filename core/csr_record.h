// A CSR record of an account (CreateCSR): a draft that can be edited until its key is made, and
// then stays as it is.
#ifndef CERTWRIGHT_CORE_CSR_RECORD_H_
#define CERTWRIGHT_CORE_CSR_RECORD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/ids.h"

namespace certwright {

// The documented status numbers (enum CsrRecordStatus of the API).
enum class CsrStatus : int {
  kDraft = 0,
  kGenerated = 1,
};

// Whom a request is for; the texts as they were given.
struct CsrSubject {
  std::string domain = {};  // a host name, a wildcard or an IP address
  std::string organization = {};
  std::string department = {};
  std::string email = {};
  std::string province = {};
  std::string city = {};
  std::string country = {};  // two letters
  friend bool operator==(const CsrSubject&, const CsrSubject&) = default;
};

struct CsrRecord {
  AccountId account = {};
  CsrId id = {};  // the store sets it; newer ones are larger
  CsrStatus status = CsrStatus::kDraft;
  CsrSubject subject = {};
  std::string encrypt_algo = {};   // "RSA", "ECC"
  std::string key_parameter = {};  // "2048", "4096", "prime256v1"
  std::string remarks = {};
  std::vector<Tag> tags = {};
  absl::Time created = {};
};

// What hangs on a record. The store encrypts the key and the password, bound to the row.
struct CsrMaterial {
  std::string csr_der = {};          // "" in a draft
  std::string private_key_pem = {};  // encrypted where a password was given; "" in a draft
  std::string key_password = {};     // of a draft; forgotten once the key is made
};

struct CsrQuery {
  std::string domain = {};        // a part of it; "" for all
  std::string encrypt_algo = {};  // exactly this; "" for all
  std::int64_t offset = 0;
  std::int64_t limit = 10;
};

struct CsrPage {
  std::int64_t total = 0;               // all matches
  std::vector<CsrRecord> records = {};  // newest first
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CSR_RECORD_H_
