#include "core/years.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kSecond = absl::Seconds(1);

int YearsOf(const Certificate& order) { return std::max(1, order.total_years); }

absl::Time EndOfYear(absl::Time paid_until, int total, int year) {
  return paid_until - kPaidYear * (total - year);
}

// From where on the order's own time counts.
absl::Time Begin(const std::optional<Certificate>& older, absl::Time not_before) {
  return older ? *older->not_after + kSecond : not_before;
}

}  // namespace

absl::StatusOr<std::optional<Certificate>> RenewedBy(Snapshot& snapshot, const Certificate& order,
                                                     absl::Time not_before) {
  std::optional<Certificate> older;
  if (order.renews.value.empty()) return older;
  ASSIGN_OR_RETURN(older, snapshot.FindCertificate(order.account, order.renews));
  const bool has_rest = older && older->renewed_by == order.id && IsIssued(*older) &&
                        older->not_after && *older->not_after > not_before;
  return has_rest ? older : std::nullopt;
}

absl::Time PaidUntil(const Certificate& order, const std::optional<Certificate>& older,
                     absl::Time not_before) {
  if (order.paid_until) return *order.paid_until;
  return Begin(older, not_before) + kPaidYear * YearsOf(order) - kSecond;
}

absl::Time EndOf(const Certificate& order, const std::optional<Certificate>& older,
                 absl::Time not_before, const Settings& settings) {
  const absl::Time latest =
      not_before + MaxValidity(settings.validity_schedule, not_before) - kSecond;
  if (order.wanted_end) return std::min(*order.wanted_end, latest);
  if (OriginOf(order) != Origin::kPaid) {
    return std::min(Begin(older, not_before) + kDay * settings.free_validity_days - kSecond,
                    latest);
  }
  Certificate paid = order;
  paid.paid_until = PaidUntil(order, older, not_before);
  const int year = std::max(order.year, YearAt(paid, not_before));
  const absl::Time end = EndOfYear(*paid.paid_until, YearsOf(order), year);
  return std::max(std::min(end, latest), not_before + kDay - kSecond);
}

int YearAt(const Certificate& order, absl::Time begin) {
  const int total = YearsOf(order);
  for (int year = 1; year < total; ++year) {
    if (begin < EndOfYear(*order.paid_until, total, year)) return year;
  }
  return total;
}

absl::Status CheckFirstYear(const Certificate& order) {
  if (order.year <= 1) return absl::OkStatus();
  return Refuse(
      ApiError::kFailedOperationCertificateCancelFailedMulti,
      absl::StrCat("CertificateId `", order.id.value, "` is for year ", order.year, " of ",
                   order.total_years, "; only the first is withdrawn from review."),
      "CertificateId");
}

absl::Time RenewalDue(const Certificate& certificate) {
  const absl::Duration term = *certificate.not_after - *certificate.not_before;
  return std::max(*certificate.not_after - kExpiringWindow, *certificate.not_before + term / 3);
}

absl::Status QueueRenewal(Transaction& transaction, const Certificate& certificate) {
  const bool is_own = OriginOf(certificate) == Origin::kPaid &&
                      certificate.replaced_by.value.empty() && certificate.not_before &&
                      certificate.not_after;
  if (!is_own) return absl::OkStatus();
  if (!HasPaidTimeLeft(certificate) && !certificate.is_auto_renewed) return absl::OkStatus();
  return transaction.PutJob({.kind = JobKind::kRenew,
                             .account = certificate.account,
                             .certificate = certificate.id,
                             .due = RenewalDue(certificate)});
}

}  // namespace certwright
