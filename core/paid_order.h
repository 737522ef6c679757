// A paid order as it is opened: what may be ordered, and the row in state 5 that it becomes.
#ifndef CERTWRIGHT_CORE_PAID_ORDER_H_
#define CERTWRIGHT_CORE_PAID_ORDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/caller.h"
#include "core/certificate.h"
#include "core/random.h"

namespace certwright {

// What is ordered.
struct PaidOrder {
  Caller account = {};
  int product = 0;
  std::int64_t domains = 1;
  std::int64_t years = 1;
  std::string alias = {};
  std::int64_t project_id = 0;
  std::vector<Tag> tags = {};
};

// Refuses InvalidParameterValue for a product that is not sold, and InvalidParameter for numbers of
// domains and years that it does not come in.
absl::Status CheckPaidOrder(const PaidOrder& order);

struct OpenedOrder {
  CertificateId id = {};
  std::string deal_id = {};
};

// A row in state 5 with a new id. REQUIRES: CheckPaidOrder.
Certificate OpenedRow(const PaidOrder& order, Random& random, absl::Time now);

// 23 digits, starting with the day in GMT+8.
std::string NewDealId(Random& random, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PAID_ORDER_H_
