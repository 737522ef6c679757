// A certificate as a row: the list of its columns, and the way in and out.
#ifndef CERTWRIGHT_STORAGE_CERTIFICATE_ROW_H_
#define CERTWRIGHT_STORAGE_CERTIFICATE_ROW_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/certificate.h"
#include "storage/connection.h"

namespace certwright {

// In the order of ReadCertificate and CertificateValues.
inline constexpr char kCertificateColumns[] =
    "account, sequence, id, status, status_message, is_upload, kind, package_type, order_id, "
    "domain, names, alias, project_id, contact_email, contact_phone, tags, validity_months, "
    "key_algorithm, has_private_key, has_key_password, allow_download, is_ignored, "
    "validation_method, delete_dns_auto_record, authorizations, validation_deadline, last_probe, "
    "renews, renewed_by, inserted, not_before, not_after, revoked, fingerprint_sha1, "
    "serial_number, key_description, issuer_name, signature_algorithm, ca_facts, "
    "domain_count, manager_id, replaced_by, replaced_for, is_original_deleted, wanted_end, issued, "
    "has_issuers, is_auto_renewed, total_years, year, paid_until";
inline constexpr int kCertificateColumnCount = 51;

// Tags as text, and back into an empty list.
std::string WriteTags(const std::vector<Tag>& tags);
absl::Status ReadTags(const std::string& text, std::vector<Tag>& tags);

// Into a certificate that is new.
absl::Status ReadCertificate(const Row& row, Certificate& certificate);
Values CertificateValues(const Certificate& certificate);

// Lists of authorizations, as they stand in a column.
std::string WriteAuthorizations(const std::vector<DomainAuthorization>& authorizations);
absl::Status ReadAuthorizations(const std::string& text,
                                std::vector<DomainAuthorization>& authorizations);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_CERTIFICATE_ROW_H_
