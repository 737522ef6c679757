// OrderService::Replace: the rules of ReplaceCertificate.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/crypto/csr.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/order_service.h"
#include "core/products.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "core/submission_rules.h"
#include "core/validation_records.h"
#include "core/zone_service.h"

namespace certwright {
namespace {

// Younger than this, the domain need not be proved again.
constexpr absl::Duration kFreshIssue = absl::Hours(24 * 3);
// An organisation's validation holds for 13 months. It is not older than the certificate's issue.
constexpr absl::Duration kOrganizationValidity = absl::Hours(24 * 395);

enum class CsrSource { kOriginal, kUpload, kOnline };

// What a reissue is made from.
struct Original {
  Certificate certificate = {};
  CertificateBody body = {};
  KeyMaterial key = {};
  bool are_hosted = false;  // its names, in zones of the account
};

// The key of the reissue: of a request that is there, or to be made.
struct ChosenKey {
  KeyAlgorithm algorithm = KeyAlgorithm::kRsa2048;
  CertificateBody body = {};  // with the request, if there is one
  KeyMaterial key = {};
};

absl::Status RefuseOriginal(ApiError error, const Certificate& original, absl::string_view why) {
  return Refuse(error, absl::StrCat("CertificateId `", original.id.value, "` ", why, "."),
                "CertificateId");
}

bool IsFree(const Certificate& certificate) { return OriginOf(certificate) == Origin::kFree; }

absl::StatusOr<CsrSource> ParseCsrSource(const std::string& text) {
  const std::string source = absl::AsciiStrToLower(text);
  if (source.empty() || source == "original") return CsrSource::kOriginal;
  if (source == "upload") return CsrSource::kUpload;
  if (source == "online") return CsrSource::kOnline;
  return RefuseMember(ApiError::kFailedOperationInvalidParam, "CsrType", text,
                      "original, upload, online");
}

// In their documented order.
absl::Status CheckOriginal(Snapshot& snapshot, const Certificate& original,
                           const std::string& registrable, absl::Time now) {
  if (original.is_upload) {
    return RefuseOriginal(ApiError::kFailedOperationInvalidCertificateSource, original,
                          "was uploaded; who issued it reissues it");
  }
  if (!IsIssued(original)) {
    return RefuseOriginal(
        ApiError::kFailedOperationInvalidCertificateStatusCode, original,
        absl::StrCat("has status ", static_cast<int>(original.status), "; only 1 is reissued"));
  }
  if (IsExpiring(original, now)) {
    return RefuseOriginal(ApiError::kFailedOperationInvalidCertificateStatusCode, original,
                          "has at most 30 days left; renew it instead");
  }
  if (IsFree(original) &&
      !(original.replaced_for.value.empty() && original.replaced_by.value.empty())) {
    return RefuseOriginal(ApiError::kFailedOperationOrderAlreadyReplaced, original,
                          "is reissued already; a free certificate is reissued once");
  }
  ASSIGN_OR_RETURN(const std::vector<Certificate> reissues,
                   snapshot.ListReissues(original.account, original.id));
  if (std::any_of(reissues.begin(), reissues.end(), IsOpenOrder)) {
    return RefuseOriginal(ApiError::kFailedOperationOrderAlreadyReplaced, original,
                          "is being reissued already");
  }
  ASSIGN_OR_RETURN(const std::optional<CertificateId> other,
                   snapshot.FindOpenReissueUnder(original.account, registrable));
  if (!other) return absl::OkStatus();
  return RefuseOriginal(ApiError::kFailedOperationOrderReplaceFailed, original,
                        absl::StrCat("cannot be reissued while ", other->value,
                                     ", another reissue under ", registrable, ", is open"));
}

absl::Status CheckAlgorithm(const Certificate& original, KeyAlgorithm algorithm,
                            absl::string_view field) {
  const Product* const product = ProductOf(original);
  const bool is_allowed =
      product == nullptr ? algorithm == KeyAlgorithm::kRsa2048 : TakesKey(*product, algorithm);
  if (is_allowed) return absl::OkStatus();
  return Refuse(
      ApiError::kInvalidParameterRenewAlgorithmInvalid,
      absl::StrCat(field, " asks for a key that is not allowed; allowed: ",
                   product == nullptr ? "RSA 2048 (a free certificate)" : KeysOf(*product), "."),
      field);
}

absl::StatusOr<KeyAlgorithm> ParseAlgorithm(const ReissueRequest& request) {
  const std::string& parameter = request.key_parameter;
  if (request.key_algorithm.empty() || request.key_algorithm == "RSA") {
    if (parameter.empty() || parameter == "2048") return KeyAlgorithm::kRsa2048;
    if (parameter == "4096") return KeyAlgorithm::kRsa4096;
    return RefuseMember(ApiError::kInvalidParameterRenewAlgorithmInvalid, "CertCSRKeyParameter",
                        parameter, "2048, 4096 with CertCSREncryptAlgo RSA");
  }
  if (request.key_algorithm != "ECC") {
    return RefuseMember(ApiError::kInvalidParameterRenewAlgorithmInvalid, "CertCSREncryptAlgo",
                        request.key_algorithm, "RSA, ECC");
  }
  if (parameter.empty() || parameter == "prime256v1") return KeyAlgorithm::kEccP256;
  if (parameter == "secp384r1") return KeyAlgorithm::kEccP384;
  return RefuseMember(ApiError::kInvalidParameterRenewAlgorithmInvalid, "CertCSRKeyParameter",
                      parameter, "prime256v1, secp384r1 with CertCSREncryptAlgo ECC");
}

absl::Status RefuseCsr(absl::string_view why) {
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat("CsrContent is not usable: ", why, "."), "CsrContent");
}

absl::StatusOr<ChosenKey> TakeUploaded(const ReissueRequest& request, const Certificate& original) {
  if (request.csr_pem.empty()) return RefuseCsr("it is missing, and CsrType is upload");
  const absl::StatusOr<Csr> csr = ParseCsrPem(request.csr_pem);
  if (!csr.ok()) {
    return RefuseCsr(absl::StrCat(csr.status().message(), "; allowed: a PKCS#10 request in PEM"));
  }
  RETURN_IF_ERROR(CheckAlgorithm(original, csr->key_algorithm, "CsrContent"));
  if (csr->common_name != original.domain) {
    return RefuseCsr(absl::StrCat("its common name `", Shown(csr->common_name), "` is not `",
                                  original.domain, "`"));
  }
  return ChosenKey{.algorithm = csr->key_algorithm, .body = {.csr_der = csr->der}};
}

absl::StatusOr<ChosenKey> ChooseKey(const ReissueRequest& request, CsrSource source,
                                    const Original& original) {
  switch (source) {
    case CsrSource::kUpload:
      return TakeUploaded(request, original.certificate);
    case CsrSource::kOnline: {
      ASSIGN_OR_RETURN(const KeyAlgorithm algorithm, ParseAlgorithm(request));
      RETURN_IF_ERROR(CheckAlgorithm(original.certificate, algorithm, "CertCSREncryptAlgo"));
      return ChosenKey{.algorithm = algorithm, .key = {.key_password = request.key_password}};
    }
    case CsrSource::kOriginal:
      break;
  }
  if (original.body.csr_der.empty()) {
    return RefuseOriginal(ApiError::kFailedOperationInvalidParam, original.certificate,
                          "has no request to keep; CsrType must be upload or online");
  }
  RETURN_IF_ERROR(
      CheckAlgorithm(original.certificate, original.certificate.key_algorithm, "CsrType"));
  return ChosenKey{.algorithm = original.certificate.key_algorithm,
                   .body = {.csr_der = original.body.csr_der},
                   .key = original.key};
}

// How the domain will be proved, if it must be.
absl::StatusOr<ValidationMethod> ChooseMethod(const ReissueRequest& request,
                                              const Certificate& original, bool are_hosted) {
  if (IsFree(original)) {
    return MethodToProveAgain(original.validation_method.value_or(request.method), are_hosted);
  }
  const bool has_wildcard =
      std::any_of(original.names.begin(), original.names.end(),
                  [](const std::string& name) { return absl::StartsWith(name, "*."); });
  if (request.method == ValidationMethod::kFile && has_wildcard) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "ValidType", "FILE",
                        "DNS (the certificate has a wildcard)");
  }
  if (request.method == ValidationMethod::kDnsAuto && !are_hosted) {
    return RefuseMember(ApiError::kFailedOperationInvalidParam, "ValidType", "DNS_AUTO",
                        "DNS, FILE (the zones of its names are not all hosted here)");
  }
  return request.method;
}

bool NeedsProof(const Certificate& original, CsrSource source, absl::Time now) {
  if (source == CsrSource::kOriginal) return false;
  // A reissue that was not proved itself goes back to the proof of what it reissues.
  absl::Time proved = original.issued.value_or(original.not_before.value_or(absl::InfinitePast()));
  for (const DomainAuthorization& one : original.authorizations) {
    proved = std::min(proved, one.validated.value_or(absl::InfinitePast()));
  }
  const absl::Duration holds =
      IsDomainValidated(original) ? kFreshIssue : std::max(kFreshIssue, kOrganizationValidity);
  return now - proved >= holds;
}

// All that the original is, and nothing of what became of it.
Certificate RowOf(const Certificate& original, const ChosenKey& chosen, absl::Time now,
                  Random& random) {
  Certificate row = original;
  row.id = NewCertificateId(random);
  row.order_id = NewOrderId(random);
  row.status = CertificateStatus::kReissuing;
  row.status_message = std::string(kWaitingForIssue);
  row.key_algorithm = chosen.algorithm;
  row.has_private_key = false;
  row.has_issuers = false;
  row.has_key_password = !chosen.key.key_password.empty();
  row.is_ignored = false;
  row.is_auto_renewed = false;
  row.validation_deadline.reset();
  row.last_probe.reset();
  row.renews = {};
  row.renewed_by = {};
  row.replaced_by = original.id;
  row.replaced_for = {};
  row.is_original_deleted = false;
  row.wanted_end = original.not_after;
  row.inserted = now;
  row.issued.reset();
  row.not_before.reset();
  row.not_after.reset();
  row.fingerprint_sha1.clear();
  row.serial_number.clear();
  row.key_description.clear();
  row.issuer_name.clear();
  row.signature_algorithm.clear();
  return row;
}

std::string RemarkOf(const CertificateId& reissue, const std::string& reason) {
  return absl::StrCat("reissued as ", reissue.value, reason.empty() ? "" : ": ", reason);
}

}  // namespace

absl::StatusOr<CertificateId> OrderService::Replace(const ReissueRequest& request) {
  ASSIGN_OR_RETURN(const CsrSource source, ParseCsrSource(request.csr_type));
  RETURN_IF_ERROR(CheckKeyPassword(request.key_password, "CsrkeyPassword"));
  RETURN_IF_ERROR(CheckOrderReason(request.reason));
  const absl::Time now = clock_.Now();
  Original original;
  std::string registrable;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(original.certificate,
                     RequireCertificate(snapshot, request.account, request.original));
    registrable = suffixes_.RegistrableDomain(original.certificate.domain);
    RETURN_IF_ERROR(CheckOriginal(snapshot, original.certificate, registrable, now));
    ASSIGN_OR_RETURN(original.body, snapshot.FindBody(request.account, request.original));
    ASSIGN_OR_RETURN(original.key, snapshot.FindKeyMaterial(request.account, request.original));
    ASSIGN_OR_RETURN(original.are_hosted, AreHosted(snapshot, original.certificate));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const ChosenKey chosen, ChooseKey(request, source, original));
  ASSIGN_OR_RETURN(const ValidationMethod method,
                   ChooseMethod(request, original.certificate, original.are_hosted));

  Certificate row = RowOf(original.certificate, chosen, now, random_);
  Preparation made = {.body = chosen.body, .key = chosen.key};
  if (NeedsProof(original.certificate, source, now)) {
    const bool is_automatic = method == ValidationMethod::kDnsAuto;
    row.status = *Next(row, is_automatic ? Event::kReissueOpenedDnsAuto : Event::kReissueOpened);
    row.status_message = std::string(kPendingValidation);
    row.validation_method = method;
    row.authorizations = MakeRecords(row, method);
    row.validation_deadline = now + settings_.validation_deadline;
  } else {
    ASSIGN_OR_RETURN(made, Prepare(row, chosen.body, chosen.key));
    row.has_private_key = !made.key.private_key_der.empty();
  }
  RETURN_IF_ERROR(
      StoreReissue(request.account, row, made, registrable, RemarkOf(row.id, request.reason)));
  return row.id;
}

absl::Status OrderService::StoreReissue(const Caller& caller, Certificate& row,
                                        const Preparation& made, const std::string& registrable,
                                        const std::string& remark) {
  const absl::Time now = row.inserted;
  const bool is_prepared = IsWaitingForIssue(row);
  const bool is_automatic = row.status == CertificateStatus::kDnsRecordAdded;
  const bool is_uploaded = !made.body.csr_der.empty() && made.key.private_key_der.empty();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate original,
                     RequireCertificate(transaction, row.account, row.replaced_by));
    // Somebody else may have been first.
    RETURN_IF_ERROR(CheckOriginal(transaction, original, registrable, now));
    ASSIGN_OR_RETURN(const CertificateBody kept, transaction.FindBody(row.account, original.id));
    if (is_uploaded && made.body.csr_der != kept.csr_der) {
      RETURN_IF_ERROR(
          CheckCsrIsFree(transaction, row.account, row.id, made.body.csr_der, "CsrContent"));
      RETURN_IF_ERROR(transaction.PutOrderOfCsr(row.account, made.body.csr_der, row.id));
    }
    original.replaced_for = row.id;
    RETURN_IF_ERROR(transaction.UpdateCertificate(original));
    RETURN_IF_ERROR(transaction.InsertCertificate(row, registrable));
    RETURN_IF_ERROR(transaction.PutBody(row.account, row.id, made.body));
    RETURN_IF_ERROR(transaction.PutKeyMaterial(row.account, row.id, made.key));
    if (is_prepared) RETURN_IF_ERROR(transaction.InsertIssuance(made.issuance));
    if (is_automatic) {
      RETURN_IF_ERROR(WriteZoneRecords(transaction, row, row.authorizations, "ValidType"));
    }
    // What is prepared is signed by it too, once CAA was asked.
    RETURN_IF_ERROR(transaction.PutJob(
        {.kind = JobKind::kValidate,
         .account = row.account,
         .certificate = row.id,
         .due = is_prepared || is_automatic ? now : now + settings_.first_recheck}));
    return transaction.AppendOperateLog(ByCaller("replace", caller, original.id, now, remark));
  });
}

}  // namespace certwright
