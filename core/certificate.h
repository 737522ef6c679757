// A certificate of an account, from the order that opens it to the row's deletion, and what hangs
// on it: its domain authorization, its key material and its issuance.
#ifndef CERTWRIGHT_CORE_CERTIFICATE_H_
#define CERTWRIGHT_CORE_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

// The documented status numbers (enum CertificateStatus of the API).
enum class CertificateStatus : int {
  kReviewing = 0,
  kIssued = 1,
  kFailed = 2,
  kExpired = 3,
  kDnsRecordAdded = 4,
  kPendingSubmission = 5,
  kCancelling = 6,
  kCancelled = 7,
  kPendingConfirmationLetter = 8,
  kRevoking = 9,
  kRevoked = 10,
  kReissuing = 11,
  kPendingRevocationLetter = 12,
  kFreePendingSubmission = 13,
  kRefunded = 14,
  kMigrating = 15,
};

// CertificateType of the API: "SVR" or "CA".
enum class CertificateKind { kServer, kCa };

// How a name's owner shows control of it (DvAuthMethod of the API).
enum class ValidationMethod { kDns, kDnsAuto, kFile };

// What is published for a validation (DvAuthVerifyType of the API).
enum class RecordType { kTxt, kCname, kFile };

enum class KeyAlgorithm { kRsa2048, kRsa3072, kRsa4096, kEccP256, kEccP384, kOther };

struct Tag {
  std::string key = {};
  std::string value = {};
};
inline constexpr std::size_t kMaxTags = 50;  // of a certificate

// One name to prove. What a proof proves is exactly (account, name, method) of its certificate.
struct DomainAuthorization {
  std::string name = {};  // the name in the certificate, e.g. "www.example.com"
  ValidationMethod method = ValidationMethod::kDns;
  RecordType record_type = RecordType::kCname;
  std::string key = {};         // full record name, or the file's name
  std::string value = {};       // what must be found there
  std::string zone = {};        // registrable domain for DNS, the host for FILE (API: Domain)
  std::string sub_domain = {};  // `key` without `zone` (API: SubDomain); "" for FILE
  std::string path = {};        // FILE: the directory with trailing slash; "" for DNS
  std::optional<absl::Time> validated = {};
  std::string validated_by = {};  // "dns", "file" or "lab"
};

// A stored certificate or the order of one. Times are absl::Time, exact to the microsecond.
struct Certificate {
  AccountId account = {};
  CertificateId id = {};
  std::int64_t sequence = 0;  // creation order in the account; the store sets it

  CertificateStatus status = CertificateStatus::kReviewing;
  std::string status_message =
      {};  // StatusMsg of the API: "PENDING-DCV", "WAIT-ISSUE", a failure's text

  bool is_upload = false;
  CertificateKind kind = CertificateKind::kServer;
  std::optional<int> package_type = {};  // product number, 83 for the free one; none for uploads
  std::string order_id = {};             // CA-side text; "" for uploads
  std::string domain = {};               // main domain, lower case, A-labels
  std::vector<std::string> names = {};   // every SAN, the main domain first
  std::string alias = {};
  std::int64_t project_id = 0;
  std::string contact_email = {};
  std::string contact_phone = {};
  std::vector<Tag> tags = {};
  int validity_months = 0;
  // Of a paid order: how many years it is for, which of them this certificate is for, and until
  // when it is paid, set when its first certificate is issued. core/years.h.
  int total_years = 0;
  int year = 1;
  std::optional<absl::Time> paid_until = {};
  std::int64_t manager_id = 0;  // whom a paid order's data name; 0: nobody
  int domain_count = 1;         // how many names the order is for; uploads: not used

  KeyAlgorithm key_algorithm = KeyAlgorithm::kRsa2048;
  bool has_private_key = false;   // key material is stored
  bool has_key_password = false;  // KeyPasswordCustomFlag of the API
  bool has_issuers = false;       // what stands above the leaf is stored, or a part of it
  bool allow_download = true;
  bool is_ignored = false;       // no expiry notices
  bool is_auto_renewed = false;  // is to be renewed by itself

  std::optional<ValidationMethod> validation_method = {};  // none for uploads
  bool delete_dns_auto_record = false;
  std::vector<DomainAuthorization> authorizations = {};
  std::optional<absl::Time> validation_deadline = {};
  std::optional<absl::Time> last_probe = {};  // caller-triggered probes, for `Frequently`

  CertificateId renews = {};  // the older certificate that this one renews (OriginCertificateId)
  CertificateId renewed_by = {};  // its counterpart (RenewOrder)

  // Reissues, under the API's names for the links. A reissue has its original's end.
  CertificateId replaced_by = {};    // of a reissue: the certificate that it was reissued from
  CertificateId replaced_for = {};   // of that one: its newest reissue
  bool is_original_deleted = false;  // of a reissue: what `replaced_by` names is gone
  std::optional<absl::Time> wanted_end = {};  // not_after to issue with; else the product's term

  absl::Time inserted = {};
  std::optional<absl::Time> issued = {};  // none for uploads, nor for what older versions issued
  std::optional<absl::Time> not_before = {};
  std::optional<absl::Time> not_after = {};
  std::optional<absl::Time> revoked = {};

  // Facts of the leaf, kept in columns so that lists parse no DER. "" until issued.
  std::string fingerprint_sha1 = {};  // upper-case hex
  std::string serial_number = {};     // lower-case hex
  std::string key_description = {};   // "RSA 2048", "ECC 256"
  std::string issuer_name = {};
  std::string signature_algorithm = {};

  // CA uploads: one entry a certificate.
  std::vector<std::string> ca_common_names = {};
  std::vector<std::string> ca_key_descriptions = {};
  std::vector<absl::Time> ca_end_times = {};
};

// The DER that belongs to a certificate. Empty until issued.
struct CertificateBody {
  std::string leaf_der = {};
  std::vector<std::string> chain_der = {};  // intermediates, leaf side first, without the root
  std::string root_der = {};                // "" where not known (uploads without it)
  std::string csr_der = {};                 // "" for uploads
  std::string uploaded_pem = {};            // an upload's public part exactly as sent
};

// The secret half. The store encrypts both members, bound to the row.
struct KeyMaterial {
  std::string private_key_der = {};  // PKCS#8; "" where the caller kept the key
  std::string key_password = {};     // protects PFX and JKS only; "" if none was set
};

// What was decided before a key signs: written first, signed after, so that a crash between the
// two resumes the same certificate. One per (certificate, generation).
struct Issuance {
  CertificateId certificate = {};
  AccountId account = {};
  int generation = 1;
  std::string serial_number = {};  // lower-case hex, unique over all accounts
  std::string issuer = {};         // which signer of the Issuer made to_be_signed
  std::string to_be_signed = {};   // TBSCertificate DER
};

// What was asked for when a certificate is to be revoked, and what its owner shows as proof. One a
// certificate: a later request takes the place of the one before it.
struct Revocation {
  CertificateId certificate = {};
  AccountId account = {};
  std::string reason = {};
  absl::Time requested = {};
  // Until when the proof must be seen; none where a review decides.
  std::optional<absl::Time> deadline = {};
  // Either list proves it, whole: the records as at issuance, or a file on every host. Both are
  // empty where a review decides.
  std::vector<DomainAuthorization> records = {};
  std::vector<DomainAuthorization> files = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_H_
