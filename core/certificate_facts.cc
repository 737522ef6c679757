#include "core/certificate_facts.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace certwright {

bool IsIssued(const Certificate& certificate) {
  return certificate.status == CertificateStatus::kIssued;
}

bool IsExpiring(const Certificate& certificate, absl::Time now) {
  return IsIssued(certificate) && certificate.not_after &&
         *certificate.not_after - now <= kExpiringWindow;
}

bool HasPaidTimeLeft(const Certificate& certificate) {
  return certificate.paid_until && certificate.not_after && certificate.replaced_by.value.empty() &&
         *certificate.paid_until > *certificate.not_after;
}

bool IsRenewable(const Certificate& certificate, absl::Time now) {
  return IsExpiring(certificate, now) && !certificate.is_upload &&
         certificate.renewed_by.value.empty() && !HasPaidTimeLeft(certificate);
}

bool IsDeployable(const Certificate& certificate, absl::Time now) {
  return IsIssued(certificate) && certificate.not_after && *certificate.not_after > now &&
         certificate.kind == CertificateKind::kServer && certificate.has_private_key;
}

bool IsProved(const Certificate& order) {
  return !order.authorizations.empty() &&
         std::all_of(order.authorizations.begin(), order.authorizations.end(),
                     [](const DomainAuthorization& one) { return one.validated.has_value(); });
}

bool IsTooLate(const Certificate& order, absl::Time now) {
  return order.validation_deadline && now >= *order.validation_deadline && !IsProved(order);
}

bool IsSameOrder(const Certificate& before, const Certificate& now) {
  return before.order_id == now.order_id && before.names == now.names &&
         std::equal(before.authorizations.begin(), before.authorizations.end(),
                    now.authorizations.begin(), now.authorizations.end(),
                    [](const DomainAuthorization& a, const DomainAuthorization& b) {
                      return a.name == b.name && a.method == b.method && a.key == b.key &&
                             a.value == b.value;
                    });
}

std::string StatusNumber(const Certificate& certificate) {
  return absl::StrCat(static_cast<int>(certificate.status));
}

bool IsWildcard(const Certificate& certificate) {
  return absl::StartsWith(certificate.domain, "*.");
}

}  // namespace certwright
