// What was paid for one certificate order, and whether it was paid back.
#ifndef CERTWRIGHT_CORE_BILLING_PURCHASE_H_
#define CERTWRIGHT_CORE_BILLING_PURCHASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

// price = discount + voucher + gift_card + cash, in minor units; an order for points has none of
// them. It stays when its certificate's row is deleted.
struct Purchase {
  AccountId account = {};
  std::string deal_id = {};
  CertificateId certificate = {};
  int product = 0;
  int domains = 1;
  int years = 1;
  std::string currency = {};
  std::int64_t price = 0;
  std::int64_t discount = 0;
  std::int64_t voucher = 0;
  std::int64_t gift_card = 0;
  std::int64_t cash = 0;
  std::int64_t points = 0;
  std::int64_t package = 0;  // the first one that points came from; 0: none
  std::int64_t entry = 0;    // in the ledger
  absl::Time created = {};
  std::optional<std::int64_t> refund_entry = {};
  std::optional<absl::Time> refunded = {};
  bool is_refund_due = false;  // of a deleted row: it could be refunded then, and so it still can
};

// What neither its entry nor the postings say, in one line: the entry's detail.
std::string PurchaseDetail(const Purchase& purchase);

struct PurchaseQuery {
  std::vector<CertificateId> certificates = {};  // empty: all
  std::vector<std::string> deal_ids = {};        // empty: all
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};
struct PurchasePage {
  std::int64_t total = 0;
  std::vector<Purchase> purchases = {};  // newest first
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BILLING_PURCHASE_H_
