// What an account can pay with, as docs/billing.md says it: the model's own sums.
#ifndef CERTWRIGHT_TESTS_CORE_BILLING_MODEL_BOOKS_H_
#define CERTWRIGHT_TESTS_CORE_BILLING_MODEL_BOOKS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/billing/repetition.h"
#include "core/error.h"

namespace certwright {

// A gift card, a voucher, a package of points.
struct ModelGrant {
  std::int64_t given = 0;
  std::int64_t left = 0;
  std::optional<absl::Time> ends = {};
  absl::Time made = {};
  std::string id = {};       // of a package
  bool is_returned = false;  // a package that was paid back itself
};

// So much of the grant at this place in its list.
struct ModelPart {
  std::size_t grant = 0;
  std::int64_t amount = 0;
};

// How one order is paid.
struct ModelPayment {
  std::int64_t price = 0;
  std::int64_t discount = 0;
  std::vector<ModelPart> vouchers = {};
  std::vector<ModelPart> gift_cards = {};
  std::int64_t cash = 0;
  std::vector<ModelPart> points = {};
};

std::int64_t SumOf(const std::vector<ModelPart>& parts);

// A call with a token that was answered.
struct ModelCall {
  // Makes it with this token, and returns the answer as text.
  using Sender = std::function<absl::StatusOr<std::string>(const ClientToken&)>;

  ClientToken token = {};
  std::string answer = {};
  absl::Time made = {};
  Sender send = {};
};

struct ModelDiscount {
  std::int64_t percent = 0;
  std::optional<absl::Time> ends = {};
};

// Of one account.
class ModelBooks {
 public:
  std::int64_t cash = 0;
  std::vector<ModelGrant> gift_cards = {};
  std::vector<ModelGrant> vouchers = {};
  std::vector<ModelGrant> packages = {};
  std::vector<ModelDiscount> discounts = {};
  std::map<int, ModelCall> calls = {};  // by the number in the token

  // What the books must have come to.
  std::int64_t entries = 0;
  std::int64_t purchases = 0;
  std::int64_t refunds = 0;
  std::int64_t cash_paid_in = 0;
  std::int64_t cash_charged = 0;
  std::int64_t cash_refunded = 0;
  int ended_grants_passed_over = 0;

  // Nothing if it cannot be paid.
  std::optional<ModelPayment> Plan(std::int64_t price, bool uses_vouchers, absl::Time now);
  // From these packages in their order. Nothing if they do not hold so many.
  std::optional<ModelPayment> PlanPoints(const std::vector<std::size_t>& named,
                                         std::int64_t points) const;
  void Pay(const ModelPayment& payment);
  void PayBack(const ModelPayment& payment);

  // Why these packages pay nothing.
  std::optional<ApiError> RefusalOf(const std::vector<std::string>& ids, absl::Time now) const;
  std::optional<std::size_t> FindPackage(const std::string& id) const;
  // At most 5 days of the calendar in GMT+8, and not used.
  static bool IsReturnable(const ModelGrant& package, absl::Time now);

  static std::int64_t Usable(const std::vector<ModelGrant>& grants, absl::Time now);
  std::int64_t Percent(absl::Time now) const;

 private:
  std::vector<ModelPart> Draw(const std::vector<ModelGrant>& grants, std::int64_t wanted,
                              absl::Time now);
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_CORE_BILLING_MODEL_BOOKS_H_
