// The ledger, grants, purchases and repetitions.
#include <catch2/catch.hpp>

#include "core/status_macros.h"
#include "storage/ledger_check.h"
#include "storage/sqlite_connection.h"
#include "tests/storage/stored.h"

namespace certwright {
namespace {

LedgerEntry Paid(std::int64_t amount) {
  return {.account = kMine,
          .currency = "USD",
          .actor = "op",
          .reference = "r",
          .time = kNow,
          .postings = {{.book = Book::kPaidIn, .amount = -amount},
                       {.book = Book::kCash, .amount = amount}}};
}

absl::Status Append(Stored& stored, LedgerEntry entry) {
  return stored.TryWrite([&](Transaction& transaction) { return transaction.AppendLedger(entry); });
}

}  // namespace

TEST_CASE("entries come back as they went in, with running balances", "[store][billing]") {
  Stored stored(GENERATE(false, true));
  REQUIRE(Append(stored, Paid(5)).ok());
  LedgerEntry second = Paid(7);
  second.kind = EntryKind::kPurchase;
  second.certificate = {"abcdefgh"};
  second.deal_id = "d";
  stored.Write([&](Transaction& transaction) { return transaction.AppendLedger(second); });
  CHECK(second.sequence == 2);
  stored.Read([&](Snapshot& snapshot) {
    CHECK(*snapshot.FindBalance(kMine, Book::kCash, 0) == 12);
    CHECK(*snapshot.FindBalance(kMine, Book::kPaidIn, 0) == -12);
    CHECK(*snapshot.FindBalance(kTheirs, Book::kCash, 0) == 0);
    const LedgerEntry found = **snapshot.FindLedgerEntry(kMine, 2);
    CHECK(found.kind == EntryKind::kPurchase);
    CHECK(found.certificate.value + found.deal_id + found.currency + found.actor +
              found.reference ==
          "abcdefghdUSDopr");
    CHECK(found.time == kNow);
    REQUIRE(found.postings.size() == 2);
    CHECK(found.postings[1].balance == 12);
    CHECK_FALSE(snapshot.FindLedgerEntry(kTheirs, 2)->has_value());
    const LedgerPage page = *snapshot.ListLedger(kMine, {.limit = 1});
    CHECK(page.total == 2);
    REQUIRE(page.entries.size() == 1);
    CHECK(page.entries[0].sequence == 2);
    CHECK(snapshot.ListLedger(kMine, {.until = kNow - absl::Seconds(1)})->total == 0);
  });
}

TEST_CASE("an entry that does not add up is not written", "[store][billing]") {
  Stored stored(false);
  LedgerEntry unbalanced = Paid(5);
  unbalanced.postings[0].amount = -4;
  LedgerEntry mixed = Paid(5);
  mixed.postings[0].book = Book::kPointsGiven;
  LedgerEntry overdrawn = Paid(-1);
  for (const LedgerEntry& entry : {unbalanced, mixed, overdrawn}) {
    CHECK(Append(stored, entry).code() == absl::StatusCode::kInternal);
  }
  REQUIRE(Append(stored, Paid(5)).ok());
  LedgerEntry foreign = Paid(5);
  foreign.currency = "EUR";
  CHECK(Append(stored, foreign).code() == absl::StatusCode::kInternal);
  stored.Read([&](Snapshot& snapshot) { CHECK(snapshot.ListLedger(kMine, {})->total == 1); });
}

TEST_CASE("grants come with what is left of them, each account its own", "[store][billing]") {
  Stored stored(false);
  Grant card = {.account = kMine,
                .kind = GrantKind::kGiftCard,
                .amount = 9,
                .expires = kNow + absl::Hours(1),
                .reference = "r",
                .created = kNow};
  Grant package = {
      .account = kTheirs, .kind = GrantKind::kPackage, .type = "ssl_100", .created = kNow};
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertGrant(card));
    RETURN_IF_ERROR(transaction.InsertGrant(package));
    LedgerEntry entry = Paid(0);
    entry.time = kNow + absl::Seconds(1);
    entry.postings = {{.book = Book::kGiven, .amount = -9},
                      {.book = Book::kGiftCard, .grant = card.id, .amount = 9}};
    return transaction.AppendLedger(entry);
  });
  CHECK(card.id != package.id);
  stored.Read([&](Snapshot& snapshot) {
    const std::vector<Grant> cards = *snapshot.ListGrants(kMine, GrantKind::kGiftCard, true);
    REQUIRE(cards.size() == 1);
    CHECK(cards[0].balance == 9);
    CHECK(cards[0].expires == card.expires);
    CHECK(cards[0].changed == kNow + absl::Seconds(1));
    CHECK_FALSE(snapshot.FindGrant(kMine, package.id)->has_value());
    CHECK(snapshot.FindGrant(kTheirs, package.id)->value().type == "ssl_100");
    CHECK(*snapshot.FindCurrency(kMine) == "USD");
    CHECK(snapshot.FindCurrency(kTheirs)->empty());
    CHECK(snapshot.ListGrants(kMine, GrantKind::kVoucher, false)->empty());
  });
}

TEST_CASE("what is spent is passed over, until something comes back", "[store][billing]") {
  Stored stored(false);
  Grant card = {.account = kMine, .kind = GrantKind::kGiftCard, .amount = 9, .created = kNow};
  const auto post = [&](Book other, std::int64_t amount) {
    stored.Write([&](Transaction& transaction) {
      LedgerEntry entry = Paid(0);
      entry.postings = {{.book = other, .amount = -amount},
                        {.book = Book::kGiftCard, .grant = card.id, .amount = amount}};
      return transaction.AppendLedger(entry);
    });
  };
  const auto left = [&](bool only_left) {
    std::size_t count = 0;
    stored.Read([&](Snapshot& snapshot) {
      count = snapshot.ListGrants(kMine, GrantKind::kGiftCard, only_left)->size();
    });
    return count;
  };
  stored.Write([&](Transaction& transaction) { return transaction.InsertGrant(card); });
  post(Book::kGiven, 9);
  CHECK(left(true) == 1);
  post(Book::kSales, -9);
  CHECK(left(true) == 0);
  CHECK(left(false) == 1);
  post(Book::kSales, 1);
  CHECK(left(true) == 1);
}

TEST_CASE("the newest discount that has not ended is found", "[store][billing]") {
  Stored stored(false);
  const auto find = [&](absl::Time now) {
    std::optional<Grant> found;
    stored.Read([&](Snapshot& snapshot) { found = *snapshot.FindDiscount(kMine, now); });
    return found ? found->amount : -1;
  };
  CHECK(find(kNow) == -1);
  stored.Write([&](Transaction& transaction) -> absl::Status {
    Grant first = {.account = kMine, .kind = GrantKind::kDiscount, .amount = 5, .created = kNow};
    Grant second = first;
    second.amount = 7;
    second.expires = kNow + absl::Hours(1);
    RETURN_IF_ERROR(transaction.InsertGrant(first));
    return transaction.InsertGrant(second);
  });
  CHECK(find(kNow) == 7);
  CHECK(find(kNow + absl::Hours(1)) == 5);
}

TEST_CASE("a purchase is marked refunded once", "[store][billing]") {
  Stored stored(false);
  Purchase purchase = {.account = kMine,
                       .deal_id = "d1",
                       .certificate = {"abcdefgh"},
                       .product = 6,
                       .currency = "USD",
                       .price = 10,
                       .discount = 1,
                       .voucher = 2,
                       .gift_card = 3,
                       .cash = 4,
                       .entry = 1,
                       .created = kNow};
  stored.Write([&](Transaction& transaction) { return transaction.InsertPurchase(purchase); });
  purchase.refund_entry = 2;
  purchase.refunded = kNow;
  stored.Write(
      [&](Transaction& transaction) { return transaction.MarkPurchaseRefunded(purchase); });
  CHECK(stored
            .TryWrite([&](Transaction& transaction) {
              return transaction.MarkPurchaseRefunded(purchase);
            })
            .code() == absl::StatusCode::kInternal);
  stored.Read([&](Snapshot& snapshot) {
    const Purchase found = **snapshot.FindPurchase(kMine, {"abcdefgh"});
    CHECK(found.price + found.discount + found.voucher + found.gift_card + found.cash == 20);
    CHECK(found.refund_entry == 2);
    CHECK(snapshot.ListPurchases(kMine, {.deal_ids = {"d0", "d1"}})->total == 1);
    CHECK(snapshot.ListPurchases(kMine, {.certificates = {{"zzzzzzzz"}}})->total == 0);
    CHECK(snapshot.ListPurchases(kTheirs, {})->total == 0);
  });
}

TEST_CASE("repetitions are remembered, and forgotten when they are old", "[store][billing]") {
  Stored stored(false);
  const auto put = [&](const std::string& token, absl::Time created, absl::Time oldest) {
    stored.Write([&](Transaction& transaction) {
      return transaction.InsertRepetition(
          kMine, {.token = token, .asked = "a", .answer = "b", .created = created}, oldest);
    });
  };
  put("one", kNow, absl::InfinitePast());
  put("two", kNow + absl::Hours(1), kNow);
  stored.Read([&](Snapshot& snapshot) {
    CHECK_FALSE(snapshot.FindRepetition(kMine, "one")->has_value());
    CHECK(snapshot.FindRepetition(kMine, "two")->value().answer == "b");
    CHECK_FALSE(snapshot.FindRepetition(kTheirs, "two")->has_value());
  });
}

TEST_CASE("the check of the books finds whatever was changed behind them", "[store][billing]") {
  struct Change {
    const char* sql;  // "" for none
    bool is_whole;
  };
  const Change row = GENERATE(
      Change{"", true}, Change{"UPDATE ledger_posting SET amount = 6, balance = 6", false},
      Change{"UPDATE ledger_posting SET balance = 6 WHERE book = 1", false},
      Change{"UPDATE ledger_entry SET reference = 'x' WHERE sequence = 1", false},
      Change{"UPDATE ledger_entry SET kind = 3 WHERE sequence = 1", false},
      Change{"DELETE FROM ledger_entry WHERE sequence = 1", false},
      Change{"DELETE FROM ledger_entry WHERE sequence = 2", false},
      Change{"DELETE FROM ledger_posting WHERE sequence = 3; DELETE FROM payment_grant; "
             "DELETE FROM ledger_entry WHERE sequence = 3",
             false},
      Change{"UPDATE payment_grant SET amount = 50", false},
      Change{"UPDATE payment_grant SET expires = 1", false},
      Change{"UPDATE payment_grant SET created = 1", false},
      Change{"UPDATE payment_grant SET reference = 'x'", false},
      Change{"UPDATE payment_grant SET refunded = 1", false},
      Change{"UPDATE payment_grant SET is_spent = 1", false},
      Change{"DELETE FROM payment_grant", false},
      Change{"INSERT INTO payment_grant VALUES (100000000001, 9, 0, '', 99, NULL, '', 1, NULL, 0)",
             false},
      Change{
          "INSERT INTO purchase VALUES (100000000001, 'd', 'c', 1, 1, 1, 'USD', 5, 0, 0, 0, 5, 0, "
          "0, 1, 1, NULL, NULL, 0)",
          false});
  Stored stored(true);
  REQUIRE(Append(stored, Paid(5)).ok());
  REQUIRE(Append(stored, Paid(7)).ok());
  stored.Write([&](Transaction& transaction) -> absl::Status {
    Grant discount = {.account = kMine, .kind = GrantKind::kDiscount, .amount = 5, .created = kNow};
    RETURN_IF_ERROR(transaction.InsertGrant(discount));
    LedgerEntry entry = Paid(0);
    entry.postings.clear();
    entry.reference.clear();
    entry.time = kNow;
    entry.detail = GrantDetail(discount);
    return transaction.AppendLedger(entry);
  });
  stored.store_.reset();
  const auto connection = *OpenSqliteConnection(stored.folder_.Path("certwright.db"));
  for (const char* const trigger : {"ledger_entry_stays", "ledger_entry_is_kept",
                                    "ledger_posting_stays", "ledger_posting_is_kept"}) {
    REQUIRE(connection->RunScript(std::string("DROP TRIGGER ") + trigger).ok());
  }
  REQUIRE(connection->RunScript(row.sql).ok());
  LedgerSummary summary;
  const absl::Status checked = CheckLedger(*connection, kMine, summary);
  INFO(row.sql << ": " << checked);
  CHECK(checked.ok() == row.is_whole);
  if (!row.is_whole) CHECK(checked.code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("the database itself refuses to change the ledger", "[store][billing]") {
  Stored stored(true);
  REQUIRE(Append(stored, Paid(5)).ok());
  stored.store_.reset();
  const auto connection = *OpenSqliteConnection(stored.folder_.Path("certwright.db"));
  for (const char* const sql :
       {"UPDATE ledger_entry SET reference = ''", "DELETE FROM ledger_entry",
        "UPDATE ledger_posting SET amount = 0", "DELETE FROM ledger_posting"}) {
    CHECK_FALSE(connection->RunScript(sql).ok());
  }
}

}  // namespace certwright
