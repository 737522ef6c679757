#include "core/renewal_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/paid_order.h"
#include "core/products.h"
#include "core/status_macros.h"
#include "core/years.h"

namespace certwright {
namespace {

enum class Step { kNone, kWait, kOpenNext, kBuy };

Step StepFor(const Certificate& old, absl::Time now) {
  const bool is_linked = !old.renewed_by.value.empty() || !old.replaced_by.value.empty();
  if (is_linked || !old.not_after) return Step::kNone;
  switch (old.status) {
    case CertificateStatus::kRevoking:
    case CertificateStatus::kPendingRevocationLetter:
      // It may be given up, and then the order goes on.
      return Step::kWait;
    case CertificateStatus::kIssued:
    case CertificateStatus::kExpired:
      if (HasPaidTimeLeft(old)) return *old.paid_until > now ? Step::kOpenNext : Step::kNone;
      // What has ended is not bought again unasked.
      return *old.not_after > now && old.is_auto_renewed && CanBeAutoRenewed(old) ? Step::kBuy
                                                                                  : Step::kNone;
    default:
      return Step::kNone;
  }
}

}  // namespace

absl::Status RenewalService::RunRenewal(const Job& job) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> old,
                     transaction.FindCertificate(job.account, job.certificate));
    const Step step = old ? StepFor(*old, now) : Step::kNone;
    if (step == Step::kWait) {
      return transaction.PutJob({.kind = JobKind::kRenew,
                                 .account = job.account,
                                 .certificate = job.certificate,
                                 .due = now + absl::Hours(24)});
    }
    RETURN_IF_ERROR(transaction.DeleteJob(job.account, JobKind::kRenew, job.certificate));
    if (step == Step::kOpenNext) return OpenNext(transaction, *std::move(old), now);
    if (step == Step::kBuy) return Buy(transaction, *std::move(old), now);
    return absl::OkStatus();
  });
}

absl::Status RenewalService::OpenNext(Transaction& transaction, Certificate old, absl::Time now) {
  Certificate next = OpenedRow(OrderOf(old), random_, now);
  next.renews = old.id;
  next.paid_until = old.paid_until;
  next.year = YearAt(old, *old.not_after + absl::Seconds(1));
  RETURN_IF_ERROR(transaction.InsertCertificate(next, ""));
  RETURN_IF_ERROR(transaction.AppendOperateLog(BySystem(
      "multiYearsRenew", next.account, next.id, now,
      absl::StrCat("follows ", old.id.value, ", year ", next.year, " of ", next.total_years))));
  return Follow(transaction, std::move(old), std::move(next));
}

absl::Status RenewalService::Buy(Transaction& transaction, Certificate old, absl::Time now) {
  absl::StatusOr<Certificate> bought = purchases_.BuyAgain(transaction, old, now);
  if (ErrorOf(bought.status())) {
    old.is_auto_renewed = false;
    RETURN_IF_ERROR(transaction.UpdateCertificate(old));
    return transaction.AppendOperateLog(
        BySystem("autoRenew-0", old.account, old.id, now, bought.status().message()));
  }
  RETURN_IF_ERROR(bought.status());
  RETURN_IF_ERROR(transaction.AppendOperateLog(
      BySystem("renewVIP", old.account, bought->id, now, absl::StrCat("renews ", old.id.value))));
  return Follow(transaction, std::move(old), *std::move(bought));
}

absl::Status RenewalService::Follow(Transaction& transaction, Certificate old, Certificate next) {
  old.renewed_by = next.id;
  RETURN_IF_ERROR(transaction.UpdateCertificate(old));
  return orders_.TakeUp(transaction, old, next);
}

}  // namespace certwright
