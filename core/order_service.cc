#include "core/order_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/letter.h"
#include "core/log_entries.h"
#include "core/order_end.h"
#include "core/reissue.h"
#include "core/renewed_request.h"
#include "core/review_service.h"
#include "core/revocation.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "core/years.h"
#include "core/zone_service.h"

namespace certwright {
namespace {

bool HaveAllPassed(const std::vector<Probe>& probes) {
  // No probe proves nothing.
  return !probes.empty() && std::all_of(probes.begin(), probes.end(), [](const Probe& probe) {
    return probe.result == Probe::Result::kPassed;
  });
}

bool IsForbiddenByCaa(const std::vector<Probe>& probes) {
  return std::any_of(probes.begin(), probes.end(),
                     [](const Probe& probe) { return probe.result == Probe::Result::kCaaForbids; });
}

// What CompleteCertificate and CheckCertificateDomainVerification are about: status 0, 4, 9, 11.
bool IsOpenToProofs(const Certificate& certificate) {
  return IsOpenOrder(certificate) || IsRevoking(certificate);
}

// A reissue that proves nothing again.
bool IsUnproved(const Certificate& order) {
  return order.status == CertificateStatus::kReissuing && IsWaitingForIssue(order);
}

bool IsProvedByItself(const Certificate& order, const std::string& name) {
  return std::any_of(order.authorizations.begin(), order.authorizations.end(),
                     [&](const DomainAuthorization& one) { return one.name == name; });
}

std::vector<VerificationResult> Unprobed(const Certificate& order, const std::string& why) {
  std::vector<VerificationResult> results;
  for (const DomainAuthorization& authorization : order.authorizations) {
    results.push_back(
        {.authorization = authorization, .probe = {.reason = why}, .is_frequent = true});
  }
  return results;
}

}  // namespace

absl::Time NextRecheck(absl::Time opened, const std::optional<absl::Time>& deadline,
                       absl::Time now) {
  constexpr absl::Duration kEagerPeriod = absl::Hours(1);
  constexpr absl::Duration kEagerRecheck = absl::Minutes(1);
  constexpr absl::Duration kPatientRecheck = absl::Minutes(10);
  const absl::Duration pause = now - opened < kEagerPeriod ? kEagerRecheck : kPatientRecheck;
  return deadline ? std::min(now + pause, *deadline) : now + pause;
}

OrderService::OrderService(Store& store, Issuer& issuer, KeySource& keys,
                           DomainValidator& validator, const PublicSuffixList& suffixes,
                           const Clock& clock, Random& random, const Settings& settings)
    : store_(store),
      issuer_(issuer),
      keys_(keys),
      validator_(validator),
      suffixes_(suffixes),
      clock_(clock),
      random_(random),
      settings_(settings),
      caller_probes_({.in_all = settings.max_caller_probes,
                      .per_account = settings.max_caller_probes_per_account,
                      .waiting_in_all = settings.max_waiting_callers,
                      .waiting_per_account = settings.max_waiting_callers_per_account,
                      .patience = settings.caller_patience}) {}

Probe OrderService::ProbeOne(AccountId account, const DomainAuthorization& authorization) {
  // Proved while the review went on: that stands.
  if (authorization.validated) {
    return {.result = Probe::Result::kPassed, .means = authorization.validated_by};
  }
  bool is_in_zone = false;
  if (authorization.method == ValidationMethod::kDnsAuto) {
    const absl::Status looked = store_.Read([&](Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(is_in_zone, IsProvedByZone(snapshot, account, authorization));
      return absl::OkStatus();
    });
    if (!looked.ok()) return {.reason = "the zone cannot be read now"};
  }
  // A zone that is hosted no more is looked for in DNS.
  return is_in_zone ? Probe{.result = Probe::Result::kPassed, .means = "zone"}
                    : validator_.Check(authorization, settings_.probe_timeout);
}

// What is hosted here has no CAA record.
bool OrderService::IsInOwnZone(const Certificate& order, const std::string& name) {
  bool is_hosted = false;
  (void)store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(is_hosted, IsHosted(snapshot, order.account, name));
    return absl::OkStatus();
  });
  return is_hosted;
}

std::vector<Probe> OrderService::ProbeRecords(AccountId account,
                                              const std::vector<DomainAuthorization>& records,
                                              absl::Time end) {
  std::vector<Probe> probes;
  probes.reserve(records.size());
  for (const DomainAuthorization& record : records) {
    probes.push_back(clock_.Now() < end ? ProbeOne(account, record)
                                        : Probe{.reason = "not looked at: the others took long"});
  }
  return probes;
}

std::vector<Probe> OrderService::ProbeAll(const Certificate& order) {
  const absl::Time end = clock_.Now() + kMaxProbing;
  std::vector<Probe> probes = ProbeRecords(order.account, order.authorizations, end);
  if (!HaveAllPassed(probes)) return probes;
  Probe caa = AskCaa(order, end,
                     [&order](const std::string& name) { return IsProvedByItself(order, name); });
  if (caa.result != Probe::Result::kPassed) probes.front() = std::move(caa);
  return probes;
}

Probe OrderService::AskCaa(const Certificate& order, absl::Time end,
                           const std::function<bool(const std::string&)>& is_asked) {
  const bool is_automatic = order.validation_method == ValidationMethod::kDnsAuto;
  for (const std::string& full_name : order.names) {
    const std::string name(absl::StripPrefix(full_name, "*."));
    if (is_asked(name) || (is_automatic && IsInOwnZone(order, name))) continue;
    if (clock_.Now() >= end) return {.reason = "CAA not looked at: the names took long"};
    Probe caa = validator_.MayIssue(name, settings_.probe_timeout);
    if (caa.result != Probe::Result::kPassed) return caa;
  }
  return {.result = Probe::Result::kPassed};
}

absl::Status OrderService::Advance(const Certificate& order, const std::vector<Probe>& probes) {
  if (IsForbiddenByCaa(probes)) {
    return Fail(order, Event::kReviewFailed, kForbiddenByCaa);
  }
  if (!HaveAllPassed(probes)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool is_of_revoked, IsOfRevoked(store_, order));
  if (is_of_revoked) return Fail(order, Event::kReviewFailed, kKeyIsRevoked);
  ASSIGN_OR_RETURN(const bool waits, RecordProofsInReview(order, probes));
  if (waits) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Job> signing, RecordValidated(order, probes));
  absl::Status issued = Issue(order.account, order.id);
  if (issued.ok() || !signing) return issued;
  // Nobody signs now: the job need not wait for our lease to run out.
  const Job again = Delayed(*signing, clock_.Now(), issued);
  RETURN_IF_ERROR(store_.Write(
      [&](Transaction& transaction) { return transaction.ReturnJob(*signing, again); }));
  return issued;
}

absl::Status OrderService::Fail(const Certificate& probed, Event event, absl::string_view why) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> order,
                     transaction.FindCertificate(probed.account, probed.id));
    const bool stands = order && order->status == probed.status && IsSameOrder(probed, *order);
    if (!stands || !Next(*order, event)) return absl::OkStatus();
    // Validated meanwhile; a reissue that proves nothing again always is.
    if (IsWaitingForIssue(*order) && !IsUnproved(*order)) return absl::OkStatus();
    order->status = *Next(*order, event);
    order->status_message = std::string(why);
    RETURN_IF_ERROR(transaction.UpdateCertificate(*order));
    RETURN_IF_ERROR(EndOrder(transaction, *order));
    return transaction.AppendOperateLog(
        BySystem("failed", order->account, order->id, clock_.Now(), why));
  });
}

absl::StatusOr<CertificateId> OrderService::Complete(AccountId account, const CertificateId& id) {
  std::optional<Certificate> order;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(order, snapshot.FindCertificate(account, id));
    return absl::OkStatus();
  }));
  if (!order || !IsOpenToProofs(*order)) {
    return Refuse(
        ApiError::kFailedOperationCertificateNotFoundOrAudited,
        absl::StrCat("CertificateId `", Shown(id.value),
                     "` names no certificate whose validation is outstanding",
                     order ? absl::StrCat("; its status is ", StatusNumber(*order)) : "", "."),
        "CertificateId");
  }
  if (TakesNoCompletion(*order)) {
    return Refuse(
        ApiError::kFailedOperationInvalidParam,
        absl::StrCat("CertificateId `", id.value,
                     "` is of DNSPod or WoTrus, whose orders are not completed by a call; "
                     "CheckCertificateDomainVerification looks for their records."),
        "CertificateId");
  }
  if (IsWaitingForIssue(*order) && !IsUnproved(*order)) {
    RETURN_IF_ERROR(Issue(account, id));
    return id;
  }
  std::optional<CallerProbes::Seat> seat = caller_probes_.TakeSeat(account);
  if (seat) RETURN_IF_ERROR(ProbeForCaller(*order, seat).status());
  return id;
}

CallerProbes::Result OrderService::ProbeForCaller(const Certificate& order,
                                                  std::optional<CallerProbes::Seat>& seat) {
  return caller_probes_.Share(order.account, order.id, [&]() -> CallerProbes::Result {
    if (IsRevoking(order)) return ProbeRevocationOf(order);
    if (IsUnproved(order)) {
      ASSIGN_OR_RETURN(const Probe caa, IssueUnproved(order));
      return std::vector<Probe>(order.authorizations.size(), caa);
    }
    std::vector<Probe> probes = ProbeAll(order);
    seat.reset();  // what follows waits for no foreign server
    RETURN_IF_ERROR(Advance(order, probes));
    return probes;
  });
}

// The row, with the records to look for as its authorizations. Notes the probe if it may be made:
// not so if `may_probe` says no, or the last one is too recent.
// Two callers at once are told apart here.
absl::StatusOr<Certificate> OrderService::BeginCallerProbe(AccountId account,
                                                           const CertificateId& id,
                                                           bool& may_probe) {
  const absl::Time now = clock_.Now();
  Certificate order;
  bool is_frequent = false;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(order, RequireCertificate(transaction, account, id));
    if (!IsOpenToProofs(order)) {
      return Refuse(ApiError::kFailedOperationCertificateStatusNotAllowVerify,
                    absl::StrCat("CertificateId `", id.value, "` has status ", StatusNumber(order),
                                 ", which is not open for validation."),
                    "CertificateId");
    }
    is_frequent = order.last_probe && now - *order.last_probe < settings_.caller_probe_interval;
    if (!is_frequent && may_probe) {
      order.last_probe = now;
      RETURN_IF_ERROR(transaction.UpdateCertificate(order));
    }
    if (!IsRevoking(order)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::optional<Revocation> revocation, RevocationOf(transaction, order));
    order.authorizations = revocation ? revocation->records : std::vector<DomainAuthorization>();
    return absl::OkStatus();
  }));
  may_probe = may_probe && !is_frequent;
  return order;
}

absl::StatusOr<std::vector<VerificationResult>> OrderService::CheckVerification(
    AccountId account, const CertificateId& id) {
  std::optional<CallerProbes::Seat> seat = caller_probes_.TakeSeat(account);
  const bool has_seat = seat.has_value();
  bool may_probe = has_seat;
  ASSIGN_OR_RETURN(const Certificate order, BeginCallerProbe(account, id, may_probe));
  if (!may_probe) {
    return Unprobed(
        order, has_seat
                   ? absl::StrCat("probed less than ",
                                  absl::FormatDuration(settings_.caller_probe_interval), " ago")
                   : "too many probes are under way, try again soon");
  }
  ASSIGN_OR_RETURN(const std::vector<Probe> probes, ProbeForCaller(order, seat));
  // Passing is not issuing: somebody may have cancelled meanwhile.
  Certificate after;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(after, RequireCertificate(snapshot, account, id));
    return absl::OkStatus();
  }));
  std::vector<VerificationResult> results;
  for (std::size_t i = 0; i < std::min(probes.size(), order.authorizations.size()); ++i) {
    results.push_back({.authorization = order.authorizations[i],
                       .probe = probes[i],
                       .is_issued = IsIssued(after)});
  }
  return results;
}

absl::Status OrderService::CancelOrder(const Caller& caller, const CertificateId& id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate order, RequireCertificate(transaction, caller, id));
    if (Next(order, Event::kOrderCancelled)) {
      return Cancel(transaction, caller, order, Event::kOrderCancelled);
    }
    return Refuse(
        ApiError::kFailedOperationInvalidCertificateStatusCode,
        absl::StrCat("CertificateId `", id.value, "` has status ", StatusNumber(order),
                     ", which cannot be cancelled; only an order that is not issued can."),
        "CertificateId");
  });
}

absl::Status OrderService::CancelAudit(const Caller& caller, const CertificateId& id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> order, transaction.FindCertificate(caller, id));
    if (order && Next(*order, Event::kAuditCancelled)) {
      RETURN_IF_ERROR(CheckFirstYear(*order));
      return Cancel(transaction, caller, *order, Event::kAuditCancelled);
    }
    return Refuse(
        ApiError::kFailedOperationCertificateNotFoundOrCantCancel,
        absl::StrCat("CertificateId `", Shown(id.value), "` names no certificate in review",
                     order ? absl::StrCat("; its status is ", StatusNumber(*order)) : "", "."),
        "CertificateId");
  });
}

absl::Status OrderService::Cancel(Transaction& transaction, const Caller& caller,
                                  Certificate& order, Event event) {
  order.status = *Next(order, event);
  order.status = *Next(order, Event::kCancellationDone);
  order.status_message.clear();
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  RETURN_IF_ERROR(EndOrder(transaction, order));
  return transaction.AppendOperateLog(ByCaller("cancel", caller, order.id, clock_.Now()));
}

absl::StatusOr<Probe> OrderService::IssueUnproved(const Certificate& order) {
  Probe caa = AskCaa(order, clock_.Now() + kMaxProbing, [](const std::string&) { return false; });
  if (caa.result == Probe::Result::kCaaForbids) {
    RETURN_IF_ERROR(Fail(order, Event::kReviewFailed, kForbiddenByCaa));
  } else if (caa.result == Probe::Result::kPassed) {
    RETURN_IF_ERROR(Issue(order.account, order.id));
  }
  return caa;
}

absl::Status OrderService::RunUnproved(const Certificate& order, const Job& job) {
  const absl::Time now = clock_.Now();
  const absl::Time deadline = order.inserted + settings_.validation_deadline;
  ASSIGN_OR_RETURN(const Probe caa, IssueUnproved(order));
  if (caa.result != Probe::Result::kPassed && now >= deadline) {
    return Fail(order, Event::kValidationTimedOut, kValidatedTooLate);
  }
  const Job again = Again(job, NextRecheck(order.inserted, deadline, now), caa.reason);
  // Nothing, if the order is issued or failed and took the job with it.
  return store_.Write([&](Transaction& transaction) { return transaction.ReturnJob(job, again); });
}

absl::Status OrderService::RunLetter(const Certificate& order, const Job& job) {
  if (order.validation_deadline && clock_.Now() >= *order.validation_deadline) {
    return Fail(order, Event::kValidationTimedOut, kLetterTooLate);
  }
  const absl::Time due = order.validation_deadline.value_or(clock_.Now() + kLetterDeadline);
  const Job again = Again(job, due, job.last_error);
  return store_.Write([&](Transaction& transaction) { return transaction.ReturnJob(job, again); });
}

absl::Status OrderService::RunValidation(const Job& job) {
  std::optional<Certificate> order;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(order, snapshot.FindCertificate(job.account, job.certificate));
    return absl::OkStatus();
  }));
  if (order && IsRevoking(*order)) return RunRevocation(job);
  if (order && IsUnproved(*order)) return RunUnproved(*order, job);
  if (order && IsWaitingForLetter(*order)) return RunLetter(*order, job);
  if (!order || !IsOpenForValidation(*order) || IsWaitingForIssue(*order)) {
    return store_.Write([&](Transaction& transaction) {
      return transaction.DeleteJob(job.account, JobKind::kValidate, job.certificate);
    });
  }
  const absl::Time now = clock_.Now();
  if (IsTooLate(*order, now)) return Fail(*order, Event::kValidationTimedOut, kValidatedTooLate);
  const std::vector<Probe> probes = ProbeAll(*order);
  if (HaveAllPassed(probes) || IsForbiddenByCaa(probes)) return Advance(*order, probes);
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> still,
                     transaction.FindCertificate(job.account, job.certificate));
    // A caller's probe may have moved the order on meanwhile, and taken the job with it.
    if (!still || !IsOpenForValidation(*still) || IsWaitingForIssue(*still)) {
      return absl::OkStatus();
    }
    const absl::Time due = NextRecheck(order->inserted, order->validation_deadline, now);
    return transaction.ReturnJob(job, Again(job, due, probes.empty() ? "" : probes[0].reason));
  });
}

}  // namespace certwright
