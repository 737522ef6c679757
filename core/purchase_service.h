// Buying certificates: the checks of CreateCertificate and CreateCertificateByPackage.
//
// There is neither a wallet nor a package of benefit points yet. A purchase is checked as
// documented and then refused as of an account that has none.
#ifndef CERTWRIGHT_CORE_PURCHASE_SERVICE_H_
#define CERTWRIGHT_CORE_PURCHASE_SERVICE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/certificate.h"
#include "core/paid_order_service.h"
#include "core/public_suffix.h"
#include "core/store.h"

namespace certwright {

struct PackagePurchase {
  AccountId account = {};
  std::uint64_t pid = 0;
  std::vector<std::string> packages = {};  // one at least
  std::string domain_count = {};           // a number
  std::uint64_t years = 0;
  std::uint64_t certificates = 1;
  std::string domains = {};    // with commas between; "" if not sent
  std::string price_key = {};  // "" if not sent
  CertificateId old_certificate = {};
  std::string csr_method = {};  // of a renewal, as is what follows
  std::string csr_pem = {};
  std::string key_algorithm = {};
  std::string key_parameter = {};
  std::string key_password = {};
  std::int64_t project_id = 0;
  std::vector<Tag> tags = {};
};

// Thread-safe: all state is in the store. Everything given must outlive it.
class PurchaseService {
 public:
  PurchaseService(Store& store, const PublicSuffixList& suffixes)
      : store_(store), suffixes_(suffixes) {}

  // Never OK while accounts have no money: FailedOperation.CannotGetOrder.
  static absl::Status Buy(const PaidOrder& order, const std::vector<Tag>& tags);

  // Never OK while accounts have no packages: InvalidParameter.PackageIdsInvalid.
  absl::Status BuyWithPackage(const PackagePurchase& purchase);

 private:
  Store& store_;
  const PublicSuffixList& suffixes_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PURCHASE_SERVICE_H_
