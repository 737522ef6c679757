// What an account may pay with besides cash: gift cards, vouchers, discounts, packages of benefit
// points. What is left of one is in the books (core/billing/ledger.h), not here.
#ifndef CERTWRIGHT_CORE_BILLING_GRANT_H_
#define CERTWRIGHT_CORE_BILLING_GRANT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/billing/ledger.h"
#include "core/ids.h"

namespace certwright {

// Stored by number: that of the book that holds what is left, but for discounts.
enum class GrantKind : int { kDiscount = 0, kGiftCard = 2, kVoucher = 3, kPackage = 4 };

struct Grant {
  AccountId account = {};
  std::int64_t id = 0;  // never another's of any account; the store sets it
  GrantKind kind = GrantKind::kGiftCard;
  std::string type = {};     // of a package: "ssl_100", …
  std::int64_t amount = 0;   // minor units, points, or of a discount: percent off
  std::int64_t balance = 0;  // what is left; the store reads it from the books
  std::optional<absl::Time> expires = {};
  std::string reference = {};
  absl::Time created = {};
  absl::Time changed = {};                  // when the balance last did; the store reads it
  std::optional<absl::Time> refunded = {};  // of a package
};

// All of a grant that never changes, in one line.
std::string GrantDetail(const Grant& grant);

// The book that holds what is left of it. REQUIRES: no discount.
Book BookOf(GrantKind kind);

bool IsExpired(const Grant& grant, absl::Time now);

// The documented states of a package.
const char* PackageState(const Grant& package, absl::Time now);

// "package-12". Nothing for other text.
std::string PackageIdOf(std::int64_t grant);
std::optional<std::int64_t> ParsePackageId(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_GRANT_H_
