// What happens without a caller: validation, issuing, expiry, deletion tasks.
#ifndef CERTWRIGHT_CORE_WORKER_H_
#define CERTWRIGHT_CORE_WORKER_H_

#include <functional>

#include "absl/status/statusor.h"
#include "core/certificate_service.h"
#include "core/clock.h"
#include "core/order_service.h"
#include "core/store.h"

namespace certwright {

// Thread-safe: several threads may step at once. Everything given must outlive it.
class Worker {
 public:
  using Report = std::function<void(const Job&, const absl::Status&)>;

  // `report`, which may be null, hears of each job that failed and will be tried again.
  Worker(Store& store, OrderService& orders, CertificateService& certificates, const Clock& clock,
         Report report = {});

  // Claims up to `limit` due jobs, does them, and returns how many it claimed. A job that fails is
  // tried again later, with growing distance. Errors are the store's.
  absl::StatusOr<int> Step(int limit = 1);

 private:
  absl::Status Run(const Job& job);
  absl::Status PutBack(Job job, const absl::Status& failure);

  Store& store_;
  OrderService& orders_;
  CertificateService& certificates_;
  const Clock& clock_;
  const Report report_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_WORKER_H_
