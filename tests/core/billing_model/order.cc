#include "tests/core/billing_model/order.h"

#include <algorithm>
#include <utility>

namespace certwright {
namespace {

using S = CertificateStatus;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kSecond = absl::Seconds(1);
constexpr absl::Duration kYear = absl::Hours(24 * 365);

absl::Duration MostOn(absl::Time day) {
  return (day < kShorterFrom ? kMostDaysBefore : kMostDays) * kDay;
}

}  // namespace

bool ModelOrder::IsUnderWay() const {
  return status == S::kReviewing || status == S::kPendingConfirmationLetter;
}

bool ModelOrder::IsCancellable() const { return IsUnderWay() || status == S::kPendingSubmission; }

bool ModelOrder::IsClosed() const { return status == S::kFailed || status == S::kCancelled; }

bool ModelOrder::IsReopenable(absl::Time now) const {
  return IsClosed() && (!paid_until || *paid_until > now);
}

bool ModelOrder::IsRenewable(absl::Time now) const {
  return status == S::kIssued && renewed_by == nullptr && !HasPaidTimeLeft() && *not_after > now &&
         *not_after - now <= 30 * kDay;
}

void ModelOrder::WaitForProof(absl::Time now) {
  deadline = now + 3 * kDay;
  reviews_left = is_ov ? 2 : 0;
}

void ModelOrder::WaitForLetter(absl::Time now) {
  deadline = now + 30 * kDay;
  reviews_left = 0;
}

int ModelOrder::YearAt(absl::Time begin) const {
  const absl::Time first = *paid_until + kSecond - years * kYear;
  const auto passed = static_cast<int>((begin - first) / kYear);
  return std::clamp(passed + 1, 1, years);
}

void ModelOrder::Issue(absl::Time now) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  not_before = absl::FromCivil(absl::ToCivilDay(now, utc), utc);
  // The rest of what it renews is the caller's still.
  const bool has_rest = older != nullptr && older->renewed_by == this &&
                        older->status == S::kIssued && *older->not_after > *not_before;
  const absl::Time begin = has_rest ? *older->not_after + kSecond : *not_before;
  if (!paid_until) paid_until = begin + years * kYear - kSecond;
  year = std::max(year, YearAt(*not_before));
  const absl::Time end_of_year = *paid_until - (years - year) * kYear;
  const absl::Time latest = *not_before + MostOn(*not_before) - kSecond;
  not_after = std::max(std::min(end_of_year, latest), *not_before + kDay - kSecond);
  if (!HasPaidTimeLeft() && !is_auto_renewed) return;
  renewal_due = std::max(*not_after - 30 * kDay, *not_before + (*not_after - *not_before) / 3);
}

// What is paid for already stays the renewal, whatever becomes of it.
void ModelOrder::Release() {
  reviews_left = 0;
  if (older == nullptr || paid_until || older->renewed_by != this) return;
  older->renewed_by = nullptr;
}

void ModelOrder::Reopen() {
  is_proved = false;
  deadline.reset();
  last_look.reset();
  if (older != nullptr && older->renewed_by == nullptr) older->renewed_by = this;
}

ModelOrder& ModelOrders::Add(ModelOrder order) {
  ModelOrder& added = all_.emplace_back(std::move(order));
  by_id_[added.id.value] = &added;
  std::vector<ModelOrder*>& orders = by_status_[added.status];
  place_[&added] = orders.size();
  orders.push_back(&added);
  return added;
}

void ModelOrders::Move(ModelOrder& order, CertificateStatus status) {
  std::vector<ModelOrder*>& from = by_status_[order.status];
  const std::size_t place = place_[&order];
  from[place] = from.back();
  place_[from[place]] = place;
  from.pop_back();
  order.status = status;
  place_[&order] = by_status_[status].size();
  by_status_[status].push_back(&order);
}

ModelOrder* ModelOrders::Find(const CertificateId& id) {
  const auto found = by_id_.find(id.value);
  return found == by_id_.end() ? nullptr : found->second;
}

}  // namespace certwright
