// What an account pays with: the rules of CreditAccount, GrantPackage, RefundPackage,
// DescribeAccountBalance and DescribePackages.
#ifndef CERTWRIGHT_CORE_BILLING_WALLET_SERVICE_H_
#define CERTWRIGHT_CORE_BILLING_WALLET_SERVICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/billing/funds.h"
#include "core/billing/repetition.h"
#include "core/clock.h"
#include "core/store.h"

namespace certwright {

enum class CreditKind { kCash, kGiftCard, kVoucher, kDiscount };

struct Credit {
  AccountId account = {};
  CreditKind kind = CreditKind::kCash;
  std::int64_t amount = 0;  // minor units; of a discount: percent off, 0 to end it
  std::optional<absl::Time> expires = {};
  std::string reference = {};
  std::string actor = {};  // the operator's Uin
  ClientToken token = {};
};

struct PackageGrant {
  AccountId account = {};
  std::string type = {};                    // as the catalogue lists them
  std::optional<std::int64_t> points = {};  // default: those of the type
  std::optional<absl::Time> expires = {};   // default: in a year
  std::string reference = {};
  std::string actor = {};
  ClientToken token = {};
};

struct PackageQuery {
  std::string state = {};  // as PackageState; "": any
  std::string type = {};
  std::string id = {};
  // By their end instead of newest first.
  std::optional<bool> is_by_latest_end = {};
};
struct PackageList {
  std::int64_t usable_points = 0;  // of the whole account
  std::vector<Grant> packages = {};
};

// Thread-safe: all state is in the store. Everything given must outlive it.
class WalletService {
 public:
  WalletService(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // The number of the ledger's entry. Refuses InvalidParameterValue, naming the member, for amounts
  // out of range or that the books cannot hold, and ends that are past or that cash cannot have.
  absl::StatusOr<std::int64_t> AddCredit(const Credit& credit);
  // The package's PackageId.
  absl::StatusOr<std::string> GrantPackage(const PackageGrant& grant);
  // An unused package of at most 5 calendar days (GMT+8): its points are gone, its state is refund.
  // Refuses InvalidParameter.PackageIdsInvalid, and FailedOperation for one that does not qualify.
  absl::Status RefundPackage(AccountId account, const std::string& package,
                             absl::string_view actor);

  // Of nothing for an account that does not exist.
  absl::StatusOr<Balance> BalanceOf(AccountId account);
  absl::StatusOr<PackageList> ListPackages(AccountId account, const PackageQuery& query);

 private:
  Store& store_;
  const Clock& clock_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_WALLET_SERVICE_H_
