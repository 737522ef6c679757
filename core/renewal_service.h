// What renews paid orders without a caller: the next certificate of an order that is paid for
// longer than its certificate holds, and AutoRenewFlag.
#ifndef CERTWRIGHT_CORE_RENEWAL_SERVICE_H_
#define CERTWRIGHT_CORE_RENEWAL_SERVICE_H_

#include "absl/status/status.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/job.h"
#include "core/paid_order_service.h"
#include "core/purchase_service.h"
#include "core/random.h"
#include "core/store.h"

namespace certwright {

// Thread-safe: all state is in the store. Everything given must outlive it.
class RenewalService {
 public:
  RenewalService(Store& store, PaidOrderService& orders, PurchaseService& purchases,
                 const Clock& clock, Random& random)
      : store_(store), orders_(orders), purchases_(purchases), clock_(clock), random_(random) {}

  // For the worker. Opens the next row of the order, which costs nothing; or, where the certificate
  // is to be renewed by itself, buys a new order; or, if the account cannot pay, switches that off.
  // All that it does, and the end of the job, is one transaction.
  absl::Status RunRenewal(const Job& job);

 private:
  absl::Status OpenNext(Transaction& transaction, Certificate old, absl::Time now);
  absl::Status Buy(Transaction& transaction, Certificate old, absl::Time now);
  // The link back, and the data.
  absl::Status Follow(Transaction& transaction, Certificate old, Certificate next);

  Store& store_;
  PaidOrderService& orders_;
  PurchaseService& purchases_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_RENEWAL_SERVICE_H_
