// CertificateService::Upload: the rules of UploadCertificate, in their documented order.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/expiry_notices.h"
#include "core/log_entries.h"
#include "core/project.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kPublicField[] = "CertificatePublicKey";
constexpr char kPrivateField[] = "CertificatePrivateKey";

// What the texts held, checked.
struct Parsed {
  std::vector<std::string> certificates_der = {};
  std::vector<CertificateFacts> facts = {};
  std::optional<PrivateKey> key = {};
};

absl::Status RefusePublic(ApiError error, absl::string_view why) {
  return Refuse(error, absl::StrCat(kPublicField, " is not usable: ", why, "."), kPublicField);
}

absl::StatusOr<Parsed> ParseCertificates(const Upload& upload) {
  absl::StatusOr<std::vector<std::string>> certificates = ParseCertificatesPem(upload.public_pem);
  if (!certificates.ok()) {
    return RefusePublic(ApiError::kFailedOperationCertificateParseError,
                        certificates.status().message());
  }
  Parsed parsed = {.certificates_der = *std::move(certificates)};
  for (std::size_t i = 0; i < parsed.certificates_der.size(); ++i) {
    absl::StatusOr<CertificateFacts> facts = Describe(parsed.certificates_der[i]);
    if (!facts.ok()) {
      return RefusePublic(ApiError::kFailedOperationCertificateParseError,
                          absl::StrCat("certificate ", i + 1, ": ", facts.status().message()));
    }
    parsed.facts.push_back(*std::move(facts));
  }
  return parsed;
}

absl::Status ParseKey(const Upload& upload, Parsed& parsed) {
  const bool has_key = !absl::StripAsciiWhitespace(upload.private_pem).empty();
  if (!has_key && upload.kind == CertificateKind::kServer) {
    return Refuse(ApiError::kInvalidParameterMissMatchPrivateKey,
                  absl::StrCat(kPrivateField, " is missing; CertificateType SVR needs one."),
                  kPrivateField);
  }
  if (!has_key) return absl::OkStatus();
  absl::StatusOr<PrivateKey> key = ParsePrivateKeyPem(upload.private_pem, upload.key_password);
  if (!key.ok()) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(kPrivateField, " is not usable: ", key.status().message(), "."),
                  kPrivateField);
  }
  if (key->public_key_der != parsed.facts.front().public_key_der) {
    return Refuse(ApiError::kFailedOperationCertificateMatchError,
                  absl::StrCat(kPrivateField, " is not the key of the first certificate in ",
                               kPublicField, " (", parsed.facts.front().common_name, ")."),
                  kPrivateField);
  }
  parsed.key = *std::move(key);
  return absl::OkStatus();
}

// What stands above the leaf must be able to sign it, now.
absl::Status CheckIssuers(const Parsed& parsed, absl::Time now) {
  for (std::size_t i = 1; i < parsed.facts.size(); ++i) {
    const CertificateFacts& issuer = parsed.facts[i];
    const char* fault = !issuer.is_ca            ? "is no CA certificate"
                        : issuer.not_after < now ? "has expired"
                                                 : nullptr;
    if (fault == nullptr) continue;
    return RefusePublic(ApiError::kFailedOperationCertificateChainError,
                        absl::StrCat("certificate ", i + 1, " (", issuer.common_name, ") ", fault));
  }
  return absl::OkStatus();
}

absl::Status CheckCertificates(const Upload& upload, const Parsed& parsed, absl::Time now) {
  if (upload.kind == CertificateKind::kServer) {
    if (const absl::Status chain = CheckChain(parsed.certificates_der); !chain.ok()) {
      return RefusePublic(ApiError::kFailedOperationCertificateChainError, chain.message());
    }
    RETURN_IF_ERROR(CheckIssuers(parsed, now));
  }
  for (std::size_t i = 0; i < parsed.facts.size(); ++i) {
    if (upload.kind == CertificateKind::kCa && !parsed.facts[i].is_ca) {
      return RefusePublic(ApiError::kFailedOperationCertificateCaError,
                          absl::StrCat("certificate ", i + 1, " (", parsed.facts[i].common_name,
                                       ") is no CA certificate"));
    }
  }
  const CertificateFacts& leaf = parsed.facts.front();
  if (leaf.is_sm2) {
    return RefusePublic(ApiError::kFailedOperationCertificateEncryptInvalid,
                        "an SM2 certificate cannot be uploaded as an ordinary one");
  }
  if (leaf.not_after < now) {
    return RefusePublic(
        ApiError::kFailedOperationCertificateInvalid,
        absl::StrCat("it expired at ", absl::FormatTime(leaf.not_after, absl::UTCTimeZone())));
  }
  return absl::OkStatus();
}

int MonthsRoundedUp(absl::Time from, absl::Time until) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilDay first = absl::ToCivilDay(from, utc);
  const absl::CivilDay last = absl::ToCivilDay(until, utc);
  const auto months = absl::CivilMonth(last) - absl::CivilMonth(first);
  return static_cast<int>(std::max<absl::civil_diff_t>(1, months + (last.day() > first.day())));
}

// The common name stands first; a name stands once.
std::vector<std::string> NamesOf(const CertificateFacts& leaf) {
  std::vector<std::string> names;
  const std::string common_name = absl::AsciiStrToLower(leaf.common_name);
  if (!common_name.empty()) names.push_back(common_name);
  for (const std::string& name : leaf.names) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

Certificate RowOf(const Upload& upload, const Parsed& parsed, const CertificateId& id,
                  absl::Time now) {
  const CertificateFacts& leaf = parsed.facts.front();
  Certificate row = {.account = upload.account, .id = id, .status = CertificateStatus::kIssued};
  row.is_upload = true;
  row.kind = upload.kind;
  row.names = NamesOf(leaf);
  row.domain = row.names.empty() ? "" : row.names.front();
  row.alias = upload.alias;
  row.project_id = upload.project_id;
  row.tags = upload.tags;
  row.validity_months = MonthsRoundedUp(leaf.not_before, leaf.not_after);
  row.key_algorithm = leaf.key_algorithm;
  row.has_private_key = parsed.key.has_value();
  row.has_issuers = parsed.certificates_der.size() > 1;
  row.inserted = now;
  row.not_before = leaf.not_before;
  row.not_after = leaf.not_after;
  row.fingerprint_sha1 = leaf.fingerprint_sha1;
  row.serial_number = leaf.serial_number;
  row.key_description = leaf.key_description;
  row.issuer_name = leaf.issuer_name;
  row.signature_algorithm = leaf.signature_algorithm;
  if (upload.kind != CertificateKind::kCa) return row;
  for (const CertificateFacts& facts : parsed.facts) {
    row.ca_common_names.push_back(facts.common_name);
    row.ca_key_descriptions.push_back(facts.key_description);
    row.ca_end_times.push_back(facts.not_after);
  }
  return row;
}

CertificateBody BodyOf(const Upload& upload, const Parsed& parsed) {
  CertificateBody body = {.leaf_der = parsed.certificates_der.front(),
                          .uploaded_pem = upload.public_pem};
  body.chain_der.assign(parsed.certificates_der.begin() + 1, parsed.certificates_der.end());
  const bool ends_in_root =
      !body.chain_der.empty() && CheckChain({body.chain_der.back(), body.chain_der.back()}).ok();
  if (ends_in_root && upload.kind == CertificateKind::kServer) {
    body.root_der = body.chain_der.back();
    body.chain_der.pop_back();
  }
  return body;
}

// The upload that the new one would repeat, if it may not: the caller said so, or there are too
// many already.
absl::StatusOr<std::optional<CertificateId>> FindRepeated(Snapshot& snapshot, const Upload& upload,
                                                          const std::string& fingerprint_sha1,
                                                          const Settings& settings) {
  if (upload.is_repeatable) {
    ASSIGN_OR_RETURN(const std::int64_t equal,
                     snapshot.CountUploads(upload.account, fingerprint_sha1));
    if (equal < settings.max_equal_uploads) return std::optional<CertificateId>();
  }
  ASSIGN_OR_RETURN(std::optional<CertificateId> found,
                   snapshot.FindUpload(upload.account, fingerprint_sha1));
  if (!found || !upload.is_in_project_only) return found;
  ASSIGN_OR_RETURN(const std::optional<Certificate> row,
                   snapshot.FindCertificate(upload.account, *found));
  if (!row || row->project_id != upload.project_id) found.reset();
  return found;
}

absl::StatusOr<Parsed> ParseUpload(const Upload& upload, absl::Time now) {
  RETURN_IF_ERROR(CheckAlias(upload.alias));
  RETURN_IF_ERROR(CheckTags(upload.tags));
  ASSIGN_OR_RETURN(Parsed parsed, ParseCertificates(upload));
  RETURN_IF_ERROR(ParseKey(upload, parsed));
  RETURN_IF_ERROR(CheckCertificates(upload, parsed, now));
  return parsed;
}

}  // namespace

absl::StatusOr<UploadPreview> CertificateService::Preview(const certwright::Upload& upload) {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const Parsed parsed, ParseUpload(upload, now));
  UploadPreview preview = {.row = RowOf(upload, parsed, CertificateId(), now)};
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(preview.repeated,
                     FindRepeated(snapshot, upload, preview.row.fingerprint_sha1, settings_));
    if (preview.repeated) return absl::OkStatus();
    return RequireProject(snapshot, upload.account, upload.project_id);
  }));
  return preview;
}

absl::StatusOr<UploadOutcome> CertificateService::Upload(const certwright::Upload& upload) {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const Parsed parsed, ParseUpload(upload, now));
  Certificate row = RowOf(upload, parsed, NewCertificateId(random_), now);
  const CertificateBody body = BodyOf(upload, parsed);
  UploadOutcome outcome;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    outcome = {.id = row.id};
    ASSIGN_OR_RETURN(const std::optional<CertificateId> existing,
                     FindRepeated(transaction, upload, row.fingerprint_sha1, settings_));
    if (existing) {
      outcome = {.id = *existing, .repeated = *existing};
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(RequireProject(transaction, row.account, row.project_id));
    RETURN_IF_ERROR(transaction.InsertCertificate(row, ""));
    RETURN_IF_ERROR(transaction.PutBody(row.account, row.id, body));
    if (parsed.key) {
      RETURN_IF_ERROR(transaction.PutKeyMaterial(row.account, row.id,
                                                 {.private_key_der = parsed.key->private_key_der}));
    }
    RETURN_IF_ERROR(transaction.PutJob({.kind = JobKind::kExpire,
                                        .account = row.account,
                                        .certificate = row.id,
                                        .due = *row.not_after + absl::Seconds(1)}));
    RETURN_IF_ERROR(QueueNotice(transaction, row, now));
    return transaction.AppendOperateLog(ByCaller("uploadFromYunAPI", upload.account, row.id, now));
  }));
  return outcome;
}

}  // namespace certwright
