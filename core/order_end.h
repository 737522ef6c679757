// What an order that ended without a certificate leaves behind, and takes back.
#ifndef CERTWRIGHT_CORE_ORDER_END_H_
#define CERTWRIGHT_CORE_ORDER_END_H_

#include "absl/status/status.h"
#include "core/certificate.h"
#include "core/store.h"

namespace certwright {

// Inside the transaction that ends it: its jobs, its review and its records in zones go, and the
// certificate that it was to renew or reissue may be renewed or reissued again.
absl::Status EndOrder(Transaction& transaction, const Certificate& order);

// The order waits for its letter from `now` on, and a job fails it when that takes too long. The
// caller updates the row.
absl::Status AwaitLetter(Transaction& transaction, Certificate& order, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ORDER_END_H_
