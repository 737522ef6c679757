// Refunds of orders: what is paid back, once.
//
// An order is refunded when it was paid and never issued, and has failed, was suspended (its review
// was withdrawn) or was cancelled; one that still waits is cancelled first. Cash and gift cards go
// back as they were paid, each gift card's part to that card; discounts and vouchers never; points
// to the packages that they came from, also when those have expired or were used up since. The row
// becomes status 14, for good.
#ifndef CERTWRIGHT_CORE_BILLING_REFUND_SERVICE_H_
#define CERTWRIGHT_CORE_BILLING_REFUND_SERVICE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/billing/purchase.h"
#include "core/caller.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/store.h"

namespace certwright {

// Why an order is not refunded.
enum class RefundBar { kNone, kNotPaid, kNothingPaid, kIssued, kRefunded, kStatus };

struct RefundQuote {
  RefundBar bar = RefundBar::kNone;
  std::string reason = {};  // `bar` in words, with the status; "" for none
  std::int64_t cash = 0;
  std::int64_t gift_card = 0;
  std::int64_t points = 0;
  std::int64_t package = 0;  // the first one of the order; 0: none
};

// When the row of an order is deleted: what is due then stays due.
absl::Status KeepRefund(Transaction& transaction, const Certificate& order);

// Thread-safe: all state is in the store. Everything given must outlive it.
class RefundService {
 public:
  RefundService(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // Refuses FailedOperation.CertificateNotFound; else a quote, which may say no. What could be
  // refunded when its row was deleted is found too if the caller `sees_deleted`.
  absl::StatusOr<RefundQuote> Quote(AccountId account, const CertificateId& id,
                                    bool sees_deleted = true);

  // What Quote says, done. Refuses as Quote, InvalidParameterValue without `agrees`, and
  // FailedOperation.InvalidCertificateStatusCode for what is not refundable. `actor` is who asked.
  absl::StatusOr<RefundQuote> Refund(AccountId account, const CertificateId& id, bool agrees,
                                     absl::string_view actor, bool sees_deleted = true);

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_REFUND_SERVICE_H_
