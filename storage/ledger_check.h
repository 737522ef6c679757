// Proof that the books add up: what `certwright ledger verify` does.
#ifndef CERTWRIGHT_STORAGE_LEDGER_CHECK_H_
#define CERTWRIGHT_STORAGE_LEDGER_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ids.h"
#include "storage/connection.h"

namespace certwright {

struct LedgerSummary {
  std::int64_t entries = 0;
  std::int64_t purchases = 0;
  std::int64_t refunds = 0;
  // Of the last entry: who keeps it elsewhere can tell a chain that was written anew.
  std::string head_hash = {};
};

// Whoever has an entry, a grant or an order.
absl::StatusOr<std::vector<AccountId>> AccountsWithBooks(Connection& connection);

// Adds up an account's books from their first posting: every entry balanced, every balance stated
// right, nothing held below zero, the hash chain whole, no entry missing at the end, every grant,
// purchase and refund as its entry says. DataLoss names the first entry that is not so.
// `connection` is in a transaction.
absl::Status CheckLedger(Connection& connection, AccountId account, LedgerSummary& summary);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_LEDGER_CHECK_H_
