#include "core/expiry_notices.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/log_entries.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr int kDays[] = {30, 15, 7, 0};

// The first one comes on the second day of its window (documented).
absl::Time TimeOf(int days, absl::Time end) {
  return end - kDay * days + (days == kDays[0] ? kDay : absl::ZeroDuration());
}

// The threshold that was passed last; nothing before the first one.
std::optional<int> PassedAt(absl::Time now, absl::Time end) {
  std::optional<int> passed;
  for (const int days : kDays) {
    if (TimeOf(days, end) <= now) passed = days;
  }
  return passed;
}

// When the next one is passed; nothing after the last one.
std::optional<absl::Time> NextAfter(absl::Time now, absl::Time end) {
  for (const int days : kDays) {
    if (TimeOf(days, end) > now) return TimeOf(days, end);
  }
  return std::nullopt;
}

bool IsTold(const Certificate& certificate) {
  return !certificate.is_ignored && (certificate.status == CertificateStatus::kIssued ||
                                     certificate.status == CertificateStatus::kExpired);
}

std::string Message(const Certificate& certificate, int days) {
  return absl::StrCat(R"({"Event":"certificate-ends","Uin":")", certificate.account.value,
                      R"(","CertificateId":")", certificate.id.value, R"(","Domain":")",
                      PlainText(certificate.domain), R"(","Days":)", days, R"(,"CertEndTime":")",
                      UtcText(*certificate.not_after), R"("})");
}

}  // namespace

absl::Status QueueNotice(Transaction& transaction, const Certificate& certificate, absl::Time now) {
  if (!certificate.not_after) return absl::OkStatus();
  // What is stored inside of a window was known to end soon.
  const std::optional<absl::Time> due = NextAfter(now, *certificate.not_after);
  if (!due) return absl::OkStatus();
  return transaction.PutJob({.kind = JobKind::kNotice,
                             .account = certificate.account,
                             .certificate = certificate.id,
                             .due = *due});
}

absl::Status ExpiryNotices::RunNotice(const Job& job) {
  const absl::Time now = clock_.Now();
  std::optional<Certificate> certificate;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(certificate, snapshot.FindCertificate(job.account, job.certificate));
    return absl::OkStatus();
  }));
  std::optional<int> days;
  if (certificate && certificate->not_after && IsTold(*certificate)) {
    days = PassedAt(now, *certificate->not_after);
  }
  if (days) RETURN_IF_ERROR(notifier_.Notify(url_, Message(*certificate, *days)));
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.DeleteJob(job.account, JobKind::kNotice, job.certificate));
    if (!certificate) return absl::OkStatus();
    if (days) {
      RETURN_IF_ERROR(transaction.AppendOperateLog(BySystem(
          "expiringNotice", job.account, job.certificate, now, absl::StrCat(*days, " days"))));
    }
    return QueueNotice(transaction, *certificate, now);
  });
}

}  // namespace certwright
