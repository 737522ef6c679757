#include "core/profile.h"

#include <algorithm>
#include <iterator>

namespace certwright {
namespace {

constexpr int kApprovalMonths = 13;
constexpr absl::Duration kExpiringPeriod = absl::Hours(24 * 30);

struct StatusName {
  ManagerStatus status;
  const char* name;
};
constexpr StatusName kNames[] = {
    {ManagerStatus::kNone, "none"},       {ManagerStatus::kAudit, "audit"},
    {ManagerStatus::kCaAudit, "CAaudit"}, {ManagerStatus::kOk, "ok"},
    {ManagerStatus::kInvalid, "invalid"}, {ManagerStatus::kExpiring, "expiring"},
    {ManagerStatus::kExpired, "expired"},
};

}  // namespace

absl::Time ApprovalEnd(absl::Time approved) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilSecond from = absl::ToCivilSecond(approved, utc);
  // The 31st of a short month is the first days of the next one.
  const absl::CivilSecond end(from.year(), from.month() + kApprovalMonths, from.day(), from.hour(),
                              from.minute(), from.second());
  return absl::FromCivil(end, utc);
}

ManagerStatus StatusOf(const Manager& manager, absl::Time now) {
  switch (manager.review) {
    case ManagerReview::kNone:
      return ManagerStatus::kNone;
    case ManagerReview::kWithAgent:
      return ManagerStatus::kAudit;
    case ManagerReview::kWithCa:
      return ManagerStatus::kCaAudit;
    case ManagerReview::kRefused:
      return ManagerStatus::kInvalid;
    case ManagerReview::kApproved:
      break;
  }
  const absl::Time end = ApprovalEnd(manager.approved.value_or(absl::InfinitePast()));
  if (now >= end) return ManagerStatus::kExpired;
  return now >= end - kExpiringPeriod ? ManagerStatus::kExpiring : ManagerStatus::kOk;
}

bool IsApproved(const Manager& manager, absl::Time now) {
  const ManagerStatus status = StatusOf(manager, now);
  return status == ManagerStatus::kOk || status == ManagerStatus::kExpiring;
}

std::vector<ManagerDomain> StandingDomains(const Manager& manager, absl::Time now) {
  std::vector<ManagerDomain> standing;
  std::copy_if(manager.domains.begin(), manager.domains.end(), std::back_inserter(standing),
               [now](const ManagerDomain& one) { return now < one.expires; });
  return standing;
}

const char* NameOf(ManagerStatus status) {
  for (const StatusName& one : kNames) {
    if (one.status == status) return one.name;
  }
  return "";
}

std::optional<ManagerStatus> ParseManagerStatus(absl::string_view text) {
  for (const StatusName& one : kNames) {
    if (text == one.name) return one.status;
  }
  return std::nullopt;
}

}  // namespace certwright
