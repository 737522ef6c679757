// Buying certificates: the rules of CreateCertificate and CreateCertificateByPackage. The row, what
// it cost and the books change in one transaction.
#ifndef CERTWRIGHT_CORE_PURCHASE_SERVICE_H_
#define CERTWRIGHT_CORE_PURCHASE_SERVICE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/billing/purchase.h"
#include "core/billing/repetition.h"
#include "core/clock.h"
#include "core/package_rules.h"
#include "core/paid_order.h"
#include "core/paid_order_service.h"
#include "core/public_suffix.h"
#include "core/random.h"
#include "core/store.h"

namespace certwright {

// Thread-safe: all state is in the store. Everything given must outlive it.
class PurchaseService {
 public:
  PurchaseService(Store& store, PaidOrderService& orders, const PublicSuffixList& suffixes,
                  const Clock& clock, Random& random)
      : store_(store), orders_(orders), suffixes_(suffixes), clock_(clock), random_(random) {}

  // Pays in the order of core/billing/funds.h. Refuses as CheckPaidOrder, and
  // FailedOperation.CannotGetOrder when the account cannot pay.
  absl::StatusOr<OpenedOrder> Buy(const PaidOrder& order, bool uses_vouchers,
                                  const ClientToken& token);

  // One order a certificate, each paid with points from the packages in their order. Refuses as
  // CheckPackagePurchase, InvalidParameter.PackageIdsInvalid for a package that is not the
  // account's or not usable, FailedOperation.TradeError when they hold too few points.
  absl::StatusOr<std::vector<OpenedOrder>> BuyWithPackage(const PackagePurchase& purchase);

 private:
  absl::StatusOr<std::string> PayAndOpen(Transaction& transaction, const PaidOrder& order,
                                         std::int64_t price, bool uses_vouchers, absl::Time now);
  absl::StatusOr<std::string> OpenWithPoints(Transaction& transaction,
                                             const PackagePurchase& purchase,
                                             const CheckedPackagePurchase& checked, absl::Time now);
  absl::Status TakeRenewal(Transaction& transaction, const PackagePurchase& purchase,
                           Certificate old, Certificate& order);
  absl::Status TakeDomains(Transaction& transaction, const PackagePurchase& purchase,
                           Certificate& order);

  Store& store_;
  PaidOrderService& orders_;
  const PublicSuffixList& suffixes_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PURCHASE_SERVICE_H_
