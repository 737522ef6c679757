#include "tests/core/billing_model/books.h"

#include <algorithm>

namespace certwright {
namespace {

bool HasEnded(const std::optional<absl::Time>& ends, absl::Time now) {
  return ends && *ends <= now;
}

void Move(std::vector<ModelGrant>& grants, const std::vector<ModelPart>& parts, int sign) {
  for (const ModelPart& part : parts) grants[part.grant].left += sign * part.amount;
}

absl::CivilDay DayInChina(absl::Time time) {
  return absl::ToCivilDay(time, absl::FixedTimeZone(8 * 60 * 60));
}

}  // namespace

std::int64_t SumOf(const std::vector<ModelPart>& parts) {
  std::int64_t sum = 0;
  for (const ModelPart& part : parts) sum += part.amount;
  return sum;
}

std::int64_t ModelBooks::Usable(const std::vector<ModelGrant>& grants, absl::Time now) {
  std::int64_t sum = 0;
  for (const ModelGrant& grant : grants) sum += HasEnded(grant.ends, now) ? 0 : grant.left;
  return sum;
}

std::int64_t ModelBooks::Percent(absl::Time now) const {
  for (auto newest = discounts.rbegin(); newest != discounts.rend(); ++newest) {
    if (!HasEnded(newest->ends, now)) return newest->percent;
  }
  return 0;
}

// Who ends first is used first; of two that end alike, the older one.
std::vector<ModelPart> ModelBooks::Draw(const std::vector<ModelGrant>& grants, std::int64_t wanted,
                                        absl::Time now) {
  std::multimap<absl::Time, std::size_t> by_end;
  for (std::size_t i = 0; i < grants.size(); ++i) {
    if (grants[i].left == 0) continue;
    if (HasEnded(grants[i].ends, now)) {
      ++ended_grants_passed_over;
    } else {
      by_end.emplace(grants[i].ends.value_or(absl::InfiniteFuture()), i);
    }
  }
  std::vector<ModelPart> parts;
  for (const auto& [end, at] : by_end) {
    const std::int64_t amount = std::min(wanted, grants[at].left);
    if (amount > 0) parts.push_back({.grant = at, .amount = amount});
    wanted -= amount;
  }
  return parts;
}

std::optional<ModelPayment> ModelBooks::Plan(std::int64_t price, bool uses_vouchers,
                                             absl::Time now) {
  ModelPayment payment = {.price = price, .discount = price * Percent(now) / 100};
  std::int64_t due = price - payment.discount;
  if (uses_vouchers) payment.vouchers = Draw(vouchers, due, now);
  due -= SumOf(payment.vouchers);
  payment.gift_cards = Draw(gift_cards, due, now);
  payment.cash = due - SumOf(payment.gift_cards);
  return payment.cash <= cash ? std::make_optional(payment) : std::nullopt;
}

std::optional<ModelPayment> ModelBooks::PlanPoints(const std::vector<std::size_t>& named,
                                                   std::int64_t points) const {
  ModelPayment payment;
  for (const std::size_t at : named) {
    const std::int64_t amount = std::min(points, packages[at].left);
    if (amount > 0) payment.points.push_back({.grant = at, .amount = amount});
    points -= amount;
  }
  return points == 0 ? std::make_optional(payment) : std::nullopt;
}

void ModelBooks::Pay(const ModelPayment& payment) {
  Move(vouchers, payment.vouchers, -1);
  Move(gift_cards, payment.gift_cards, -1);
  Move(packages, payment.points, -1);
  cash -= payment.cash;
  cash_charged += payment.cash;
  ++purchases;
  ++entries;
}

// All but discount and vouchers.
void ModelBooks::PayBack(const ModelPayment& payment) {
  Move(gift_cards, payment.gift_cards, 1);
  Move(packages, payment.points, 1);
  cash += payment.cash;
  cash_refunded += payment.cash;
  ++refunds;
  ++entries;
}

std::optional<std::size_t> ModelBooks::FindPackage(const std::string& id) const {
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (packages[i].id == id) return i;
  }
  return std::nullopt;
}

std::optional<ApiError> ModelBooks::RefusalOf(const std::vector<std::string>& ids,
                                              absl::Time now) const {
  for (auto id = ids.begin(); id != ids.end(); ++id) {
    const std::optional<std::size_t> at = FindPackage(*id);
    const bool is_good = at && !packages[*at].is_returned && !HasEnded(packages[*at].ends, now) &&
                         std::count(ids.begin(), id, *id) == 0;
    if (!is_good) return ApiError::kInvalidParameterPackageIdsInvalid;
  }
  return std::nullopt;
}

bool ModelBooks::IsReturnable(const ModelGrant& package, absl::Time now) {
  constexpr int kDays = 5;
  return !package.is_returned && package.left == package.given &&
         DayInChina(now) - DayInChina(package.made) <= kDays;
}

}  // namespace certwright
