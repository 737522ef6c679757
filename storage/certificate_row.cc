#include "storage/certificate_row.h"

#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/status_macros.h"
#include "storage/records.h"

namespace certwright {
namespace {

// Numbers of enumerations as they stand in the file. New ones go to the end.
template <typename Enum>
Value Number(Enum value) {
  return Value::Integer(static_cast<std::int64_t>(value));
}

constexpr char kNoRecords[] = "[]";

absl::Status BadList() { return absl::DataLossError("a stored list has another shape"); }

std::string TimeText(absl::Time time) { return absl::StrCat(absl::ToUnixMicros(time)); }

absl::StatusOr<std::int64_t> ParseNumber(const std::string& text) {
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return BadList();
  return number;
}

absl::Status ReadAuthorization(std::vector<std::string>& record, DomainAuthorization& one) {
  constexpr std::size_t kMembers = 10;
  if (record.size() != kMembers) return BadList();
  ASSIGN_OR_RETURN(const std::int64_t method, ParseNumber(record[1]));
  ASSIGN_OR_RETURN(const std::int64_t record_type, ParseNumber(record[2]));
  one.name = std::move(record[0]);
  one.method = static_cast<ValidationMethod>(method);
  one.record_type = static_cast<RecordType>(record_type);
  one.key = std::move(record[3]);
  one.value = std::move(record[4]);
  one.zone = std::move(record[5]);
  one.sub_domain = std::move(record[6]);
  one.path = std::move(record[7]);
  one.validated_by = std::move(record[9]);
  if (record[8].empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::int64_t micros, ParseNumber(record[8]));
  one.validated = absl::FromUnixMicros(micros);
  return absl::OkStatus();
}

std::string WriteCaFacts(const Certificate& certificate) {
  Records records;
  for (std::size_t i = 0; i < certificate.ca_common_names.size(); ++i) {
    records.push_back({certificate.ca_common_names[i], certificate.ca_key_descriptions[i],
                       TimeText(certificate.ca_end_times[i])});
  }
  return WriteRecords(records);
}

absl::Status ReadCaFacts(const std::string& text, Certificate& certificate) {
  if (text == kNoRecords) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Records records, ReadRecords(text));
  for (const auto& record : records) {
    if (record.size() != 3) return BadList();
    ASSIGN_OR_RETURN(const std::int64_t micros, ParseNumber(record[2]));
    certificate.ca_common_names.push_back(record[0]);
    certificate.ca_key_descriptions.push_back(record[1]);
    certificate.ca_end_times.push_back(absl::FromUnixMicros(micros));
  }
  return absl::OkStatus();
}

// One a line, so that a search for a part of a name is a search in the text.
std::vector<std::string> SplitNames(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

}  // namespace

std::string WriteAuthorizations(const std::vector<DomainAuthorization>& authorizations) {
  Records records;
  for (const DomainAuthorization& one : authorizations) {
    records.push_back({one.name, absl::StrCat(static_cast<int>(one.method)),
                       absl::StrCat(static_cast<int>(one.record_type)), one.key, one.value,
                       one.zone, one.sub_domain, one.path,
                       one.validated ? TimeText(*one.validated) : "", one.validated_by});
  }
  return WriteRecords(records);
}

absl::Status ReadAuthorizations(const std::string& text,
                                std::vector<DomainAuthorization>& authorizations) {
  if (text == kNoRecords) return absl::OkStatus();
  ASSIGN_OR_RETURN(Records records, ReadRecords(text));
  authorizations.reserve(records.size());
  for (auto& record : records) {
    RETURN_IF_ERROR(ReadAuthorization(record, authorizations.emplace_back()));
  }
  return absl::OkStatus();
}

std::string WriteTags(const std::vector<Tag>& tags) {
  Records records;
  for (const Tag& tag : tags) records.push_back({tag.key, tag.value});
  return WriteRecords(records);
}

absl::Status ReadTags(const std::string& text, std::vector<Tag>& tags) {
  if (text == kNoRecords) return absl::OkStatus();
  ASSIGN_OR_RETURN(Records records, ReadRecords(text));
  for (auto& record : records) {
    if (record.size() != 2) return BadList();
    tags.push_back({.key = std::move(record[0]), .value = std::move(record[1])});
  }
  return absl::OkStatus();
}

absl::Status ReadCertificate(const Row& row, Certificate& c) {
  int at = 0;
  c.account.value = row.Integer(at++);
  c.sequence = row.Integer(at++);
  c.id.value = row.Bytes(at++);
  c.status = static_cast<CertificateStatus>(row.Integer(at++));
  c.status_message = row.Bytes(at++);
  c.is_upload = row.Bool(at++);
  c.kind = static_cast<CertificateKind>(row.Integer(at++));
  if (!row.IsNull(at)) c.package_type = static_cast<int>(row.Integer(at));
  ++at;
  c.order_id = row.Bytes(at++);
  c.domain = row.Bytes(at++);
  c.names = SplitNames(row.Bytes(at++));
  c.alias = row.Bytes(at++);
  c.project_id = row.Integer(at++);
  c.contact_email = row.Bytes(at++);
  c.contact_phone = row.Bytes(at++);
  RETURN_IF_ERROR(ReadTags(row.Bytes(at++), c.tags));
  c.validity_months = static_cast<int>(row.Integer(at++));
  c.key_algorithm = static_cast<KeyAlgorithm>(row.Integer(at++));
  c.has_private_key = row.Bool(at++);
  c.has_key_password = row.Bool(at++);
  c.allow_download = row.Bool(at++);
  c.is_ignored = row.Bool(at++);
  if (!row.IsNull(at)) c.validation_method = static_cast<ValidationMethod>(row.Integer(at));
  ++at;
  c.delete_dns_auto_record = row.Bool(at++);
  RETURN_IF_ERROR(ReadAuthorizations(row.Bytes(at++), c.authorizations));
  c.validation_deadline = row.OptionalTime(at++);
  c.last_probe = row.OptionalTime(at++);
  c.renews.value = row.Bytes(at++);
  c.renewed_by.value = row.Bytes(at++);
  c.inserted = row.Time(at++);
  c.not_before = row.OptionalTime(at++);
  c.not_after = row.OptionalTime(at++);
  c.revoked = row.OptionalTime(at++);
  c.fingerprint_sha1 = row.Bytes(at++);
  c.serial_number = row.Bytes(at++);
  c.key_description = row.Bytes(at++);
  c.issuer_name = row.Bytes(at++);
  c.signature_algorithm = row.Bytes(at++);
  RETURN_IF_ERROR(ReadCaFacts(row.Bytes(at++), c));
  c.domain_count = static_cast<int>(row.Integer(at++));
  c.manager_id = row.Integer(at++);
  c.replaced_by.value = row.Bytes(at++);
  c.replaced_for.value = row.Bytes(at++);
  c.is_original_deleted = row.Bool(at++);
  c.wanted_end = row.OptionalTime(at++);
  c.issued = row.OptionalTime(at++);
  c.has_issuers = row.Bool(at++);
  c.is_auto_renewed = row.Bool(at++);
  c.total_years = static_cast<int>(row.Integer(at++));
  c.year = static_cast<int>(row.Integer(at++));
  c.paid_until = row.OptionalTime(at++);
  return absl::OkStatus();
}

Values CertificateValues(const Certificate& c) {
  return {Value::Integer(c.account.value),
          Value::Integer(c.sequence),
          Value::Text(c.id.value),
          Number(c.status),
          Value::Text(c.status_message),
          Value::Bool(c.is_upload),
          Number(c.kind),
          Value::Integer(c.package_type),
          Value::Text(c.order_id),
          Value::Text(c.domain),
          Value::Text(absl::StrJoin(c.names, "\n")),
          Value::Text(c.alias),
          Value::Integer(c.project_id),
          Value::Text(c.contact_email),
          Value::Text(c.contact_phone),
          Value::Text(WriteTags(c.tags)),
          Value::Integer(static_cast<std::int64_t>(c.validity_months)),
          Number(c.key_algorithm),
          Value::Bool(c.has_private_key),
          Value::Bool(c.has_key_password),
          Value::Bool(c.allow_download),
          Value::Bool(c.is_ignored),
          c.validation_method ? Number(*c.validation_method) : Value::Null(),
          Value::Bool(c.delete_dns_auto_record),
          Value::Text(WriteAuthorizations(c.authorizations)),
          Value::Time(c.validation_deadline),
          Value::Time(c.last_probe),
          Value::Text(c.renews.value),
          Value::Text(c.renewed_by.value),
          Value::Time(c.inserted),
          Value::Time(c.not_before),
          Value::Time(c.not_after),
          Value::Time(c.revoked),
          Value::Text(c.fingerprint_sha1),
          Value::Text(c.serial_number),
          Value::Text(c.key_description),
          Value::Text(c.issuer_name),
          Value::Text(c.signature_algorithm),
          Value::Text(WriteCaFacts(c)),
          Value::Integer(static_cast<std::int64_t>(c.domain_count)),
          Value::Integer(c.manager_id),
          Value::Text(c.replaced_by.value),
          Value::Text(c.replaced_for.value),
          Value::Bool(c.is_original_deleted),
          Value::Time(c.wanted_end),
          Value::Time(c.issued),
          Value::Bool(c.has_issuers),
          Value::Bool(c.is_auto_renewed),
          Value::Integer(static_cast<std::int64_t>(c.total_years)),
          Value::Integer(static_cast<std::int64_t>(c.year)),
          Value::Time(c.paid_until)};
}

}  // namespace certwright
