// OrderService: from the wish to revoke to the end of it. A revocation stands beside its
// certificate, and the certificate's job looks for its proof; reissues follow their original in the
// same transactions.
#include "core/revocation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/log_entries.h"
#include "core/order_service.h"
#include "core/reissue.h"
#include "core/review_service.h"
#include "core/row_rules.h"
#include "core/status_macros.h"
#include "core/validation_records.h"
#include "core/zone_service.h"

namespace certwright {
namespace {

constexpr char kProofFile[] = "fileauth.txt";

bool HasWildcard(const Certificate& certificate) {
  return std::any_of(certificate.names.begin(), certificate.names.end(),
                     [](const std::string& name) { return absl::StartsWith(name, "*."); });
}

// CAA is about issuing; whoever sees it forbid has seen the record.
bool IsProof(const Probe& probe) {
  return probe.result == Probe::Result::kPassed || probe.result == Probe::Result::kCaaForbids;
}

bool AreProof(const std::vector<Probe>& probes) {
  return !probes.empty() && std::all_of(probes.begin(), probes.end(), IsProof);
}

bool IsInZone(const Revocation& revocation) {
  return !revocation.records.empty() &&
         revocation.records.front().method == ValidationMethod::kDnsAuto;
}

absl::Status EndJobs(Transaction& transaction, const Certificate& certificate) {
  for (const JobKind kind :
       {JobKind::kValidate, JobKind::kIssue, JobKind::kExpire, JobKind::kNotice, JobKind::kRenew}) {
    RETURN_IF_ERROR(transaction.DeleteJob(certificate.account, kind, certificate.id));
  }
  return absl::OkStatus();
}

// Moves the certificate, which the event has a place for.
absl::Status Move(Transaction& transaction, Certificate& certificate, Event event,
                  OperateLogEntry entry) {
  certificate.status = *Next(certificate, event);
  certificate.status_message.clear();
  RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
  entry.certificate_id = certificate.id.value;
  return transaction.AppendOperateLog(entry);
}

// The same for every reissue that the event has a place for.
absl::Status MoveReissues(Transaction& transaction, const Certificate& original, Event event,
                          const OperateLogEntry& entry) {
  ASSIGN_OR_RETURN(std::vector<Certificate> reissues, AllReissuesOf(transaction, original));
  for (Certificate& reissue : reissues) {
    if (!Next(reissue, event)) continue;
    RETURN_IF_ERROR(Move(transaction, reissue, event, entry));
  }
  return absl::OkStatus();
}

absl::Status EndReissues(Transaction& transaction, const Certificate& original, absl::Time now) {
  ASSIGN_OR_RETURN(std::vector<Certificate> reissues, AllReissuesOf(transaction, original));
  for (Certificate& reissue : reissues) {
    if (!Next(reissue, Event::kOriginalRevoked)) continue;
    const bool is_open = IsOpenOrder(reissue);
    if (!is_open) reissue.revoked = now;
    const std::string remark = absl::StrCat("with its original, ", original.id.value);
    RETURN_IF_ERROR(
        Move(transaction, reissue, Event::kOriginalRevoked,
             BySystem(is_open ? "cancel" : "revoked", reissue.account, reissue.id, now, remark)));
    RETURN_IF_ERROR(EndJobs(transaction, reissue));
  }
  return absl::OkStatus();
}

// The certificate that `revocation` is still about; nothing if that is over, or another one.
absl::StatusOr<std::optional<Certificate>> FindRevoking(Transaction& transaction,
                                                        const Revocation& revocation) {
  ASSIGN_OR_RETURN(std::optional<Certificate> certificate,
                   transaction.FindCertificate(revocation.account, revocation.certificate));
  ASSIGN_OR_RETURN(const std::optional<Revocation> newest,
                   transaction.FindRevocation(revocation.account, revocation.certificate));
  const bool stands = certificate && IsRevoking(*certificate) && newest &&
                      newest->requested == revocation.requested;
  if (!stands) certificate.reset();
  return certificate;
}

}  // namespace

absl::StatusOr<std::optional<Revocation>> RevocationOf(Snapshot& snapshot,
                                                       const Certificate& certificate) {
  CertificateId first = certificate.id;
  CertificateId older = certificate.replaced_by;
  while (!older.value.empty()) {
    ASSIGN_OR_RETURN(const std::optional<Certificate> found,
                     snapshot.FindCertificate(certificate.account, older));
    if (!found) break;
    first = older;
    older = found->replaced_by;
  }
  return snapshot.FindRevocation(certificate.account, first);
}

absl::Status EndRevocation(Transaction& transaction, Certificate& certificate, absl::Time now) {
  certificate.revoked = now;
  RETURN_IF_ERROR(Move(transaction, certificate, Event::kRevoked,
                       BySystem("revoked", certificate.account, certificate.id, now)));
  RETURN_IF_ERROR(EndJobs(transaction, certificate));
  RETURN_IF_ERROR(transaction.DeleteZoneRecords(certificate.account, certificate.id));
  RETURN_IF_ERROR(ReviewService::End(transaction, certificate.account, certificate.id));
  return EndReissues(transaction, certificate, now);
}

absl::Status GiveUpRevocation(Transaction& transaction, Certificate& certificate, Event event,
                              absl::Time now, absl::string_view why, absl::string_view by) {
  const OperateLogEntry entry =
      ByReviewer("revokeFailed", certificate.account, certificate.id, now, by, why);
  RETURN_IF_ERROR(Move(transaction, certificate, event, entry));
  RETURN_IF_ERROR(MoveReissues(transaction, certificate, event, entry));
  RETURN_IF_ERROR(transaction.DeleteZoneRecords(certificate.account, certificate.id));
  RETURN_IF_ERROR(ReviewService::End(transaction, certificate.account, certificate.id));
  return transaction.DeleteJob(certificate.account, JobKind::kValidate, certificate.id);
}

std::vector<DomainAuthorization> OrderService::MakeRecords(const Certificate& certificate,
                                                           ValidationMethod method) {
  return MakeAuthorizations(certificate, method, suffixes_, settings_, clock_.Now(), random_);
}

absl::StatusOr<Revocation> OrderService::MakeRevocation(Transaction& transaction,
                                                        const Certificate& certificate,
                                                        const std::string& reason) {
  const absl::Time now = clock_.Now();
  Revocation made = {.certificate = certificate.id,
                     .account = certificate.account,
                     .reason = reason,
                     .requested = now};
  if (NeedsRevokeLetter(certificate) || IsRevokedOnReview(certificate)) return made;
  made.deadline = now + settings_.revocation_deadline;
  ASSIGN_OR_RETURN(const bool are_hosted, AreHosted(transaction, certificate));
  const ValidationMethod method = MethodToProveAgain(
      certificate.validation_method.value_or(ValidationMethod::kDns), are_hosted);
  if (!HasWildcard(certificate)) {
    made.files = MakeFileAuthorizations(certificate.names, kProofFile, random_);
  }
  if (method == ValidationMethod::kFile) {
    made.records = std::exchange(made.files, {});
  } else {
    made.records = MakeRecords(certificate, method);
  }
  if (IsInZone(made)) {
    RETURN_IF_ERROR(WriteZoneRecords(transaction, certificate, made.records, "CertificateId"));
  }
  return made;
}

absl::StatusOr<Revocation> OrderService::Revoke(const Caller& account, const CertificateId& id,
                                                const std::string& reason) {
  RETURN_IF_ERROR(CheckOrderReason(reason));
  const absl::Time now = clock_.Now();
  Revocation revocation;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireCertificate(transaction, account, id));
    RETURN_IF_ERROR(CheckRevocable(transaction, certificate, now));
    ASSIGN_OR_RETURN(revocation, MakeRevocation(transaction, certificate, reason));
    RETURN_IF_ERROR(transaction.PutRevocation(revocation));
    const bool needs_letter = NeedsRevokeLetter(certificate);
    const Event event = needs_letter ? Event::kRevocationNeedsLetter : Event::kRevocationRequested;
    const OperateLogEntry entry = ByCaller("revoke", account, id, now, reason);
    certificate.last_probe.reset();
    RETURN_IF_ERROR(Move(transaction, certificate, event, entry));
    RETURN_IF_ERROR(MoveReissues(transaction, certificate, event, entry));
    if (needs_letter) return absl::OkStatus();
    if (!revocation.deadline) {
      return ReviewService::BeginRevocation(transaction, certificate, now, false);
    }
    return transaction.PutJob({.kind = JobKind::kValidate,
                               .account = account,
                               .certificate = id,
                               .due = IsInZone(revocation) ? now : now + settings_.first_recheck});
  }));
  return revocation;
}

absl::Status OrderService::UploadRevokeLetter(const Caller& account, const CertificateId& id,
                                              const std::string& letter) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireCertificate(transaction, account, id));
    RETURN_IF_ERROR(CheckTakesLetter(certificate));
    RETURN_IF_ERROR(CheckRevokeLetter(letter));
    RETURN_IF_ERROR(transaction.PutLetter(account, id, "revocation", letter));
    const OperateLogEntry entry = ByCaller("editRevokeLetter", account, id, now);
    RETURN_IF_ERROR(Move(transaction, certificate, Event::kRevocationLetterUploaded, entry));
    RETURN_IF_ERROR(
        MoveReissues(transaction, certificate, Event::kRevocationLetterUploaded, entry));
    return ReviewService::BeginRevocation(transaction, certificate, now, true);
  });
}

// What was seen of the records, and what follows: a proof ends the certificate.
CallerProbes::Result OrderService::ProbeRevocation(const Revocation& revocation) {
  // Name servers that keep silent leave time to look for the files.
  const absl::Time half = clock_.Now() + kMaxProbing / 2;
  const absl::Time end = clock_.Now() + kMaxProbing;
  std::vector<Probe> probes =
      ProbeRecords(revocation.account, revocation.records, revocation.files.empty() ? end : half);
  if (!AreProof(probes) && !AreProof(ProbeRecords(revocation.account, revocation.files, end))) {
    return probes;
  }
  RETURN_IF_ERROR(FinishRevocation(revocation));
  return std::vector<Probe>(revocation.records.size(), Probe{.result = Probe::Result::kPassed});
}

CallerProbes::Result OrderService::ProbeRevocationOf(const Certificate& certificate) {
  std::optional<Revocation> revocation;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(revocation, RevocationOf(snapshot, certificate));
    return absl::OkStatus();
  }));
  if (!revocation) return std::vector<Probe>();
  return ProbeRevocation(*revocation);
}

absl::Status OrderService::FinishRevocation(const Revocation& decided) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> certificate, FindRevoking(transaction, decided));
    // Somebody was first; or it is too late, and the job gives the revocation up.
    if (!certificate || (decided.deadline && now >= *decided.deadline)) return absl::OkStatus();
    return EndRevocation(transaction, *certificate, now);
  });
}

absl::Status OrderService::TimeOutRevocation(const Revocation& unproved) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> certificate, FindRevoking(transaction, unproved));
    if (!certificate) return absl::OkStatus();
    return GiveUpRevocation(transaction, *certificate, Event::kRevocationTimedOut, now,
                            "the domain was not proven in time");
  });
}

absl::Status OrderService::RunRevocation(const Job& job) {
  const absl::Time now = clock_.Now();
  std::optional<Revocation> revocation;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(revocation, snapshot.FindRevocation(job.account, job.certificate));
    return absl::OkStatus();
  }));
  if (!revocation) return absl::InternalError("a certificate in status 9 has no revocation");
  if (!revocation->deadline) return FinishRevocation(*revocation);
  if (now >= *revocation->deadline) return TimeOutRevocation(*revocation);
  ASSIGN_OR_RETURN(const std::vector<Probe> probes, ProbeRevocation(*revocation));
  const Job again = Again(job, NextRecheck(revocation->requested, revocation->deadline, now),
                          AreProof(probes) || probes.empty() ? "" : probes[0].reason);
  // Nothing, if the proof took the job with it.
  return store_.Write([&](Transaction& transaction) { return transaction.ReturnJob(job, again); });
}

}  // namespace certwright
