#include "tests/core/billing_model/model.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/ledger_check.h"
#include "tests/core/billing_model/lawful.h"

namespace certwright {
namespace {

constexpr AccountId kThird = {100000000003};

}  // namespace

BillingModel::BillingModel()
    : funds_({.validity_schedule = {{.max_days = kMostDaysBefore},
                                    {.from = kShorterFrom, .max_days = kMostDays}}},
             [this](const Sealer& sealer) {
               auto store = std::make_unique<SeenStore>(sealer);
               store_ = store.get();
               return store;
             }),
      accounts_({kAccount, kOther, kThird}) {
  WatchStatuses(*store_);
  REQUIRE(store_
              ->Write([&](Transaction& transaction) {
                return transaction.InsertAccount({.id = kThird, .app_id = 1, .created = Now()});
              })
              .ok());
  // A person decides.
  REQUIRE(funds_.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  Engine& engine = funds_.engine;
  engine.worker.On(JobKind::kRenew, [this](const Job& job) { return OnRenewal(job); });
  engine.worker.On(JobKind::kValidate, [this](const Job& job) { return OnValidation(job); });
  engine.worker.On(JobKind::kExpire, [this](const Job& job) { return OnExpiry(job); });
}

void BillingModel::Act() {
  struct Kind {
    int weight;
    void (BillingModel::*of_account)(AccountId);
    void (BillingModel::*of_order)();
  };
  static constexpr Kind kKinds[] = {
      {95, &BillingModel::AddCredit, nullptr},    {8, &BillingModel::GrantPackage, nullptr},
      {5, &BillingModel::ReturnPackage, nullptr}, {100, &BillingModel::Buy, nullptr},
      {60, &BillingModel::BuyByPoints, nullptr},  {50, &BillingModel::RenewByPoints, nullptr},
      {10, &BillingModel::OpenUnpaid, nullptr},   {125, &BillingModel::SendAgain, nullptr},
      {90, nullptr, &BillingModel::HandIn},       {70, nullptr, &BillingModel::SendLetter},
      {110, nullptr, &BillingModel::Review},      {80, nullptr, &BillingModel::Prove},
      {45, nullptr, &BillingModel::Cancel},       {27, nullptr, &BillingModel::CancelAudit},
      {40, nullptr, &BillingModel::Reopen},       {75, nullptr, &BillingModel::Refund},
      {10, nullptr, &BillingModel::PassTime}};
  static_assert([] {
    int sum = 0;
    for (const Kind& kind : kKinds) sum += kind.weight;
    return sum == 1000;
  }());
  const AccountId account = PickAccount();
  int at = Pick(1000);
  for (const Kind& kind : kKinds) {
    at -= kind.weight;
    if (at >= 0) continue;
    if (kind.of_account != nullptr) (this->*kind.of_account)(account);
    if (kind.of_order != nullptr) (this->*kind.of_order)();
    return;
  }
}

std::optional<BillingModel::Target> BillingModel::PickOrder(
    const std::vector<CertificateStatus>& among) {
  if (orders_.all().empty()) return std::nullopt;
  ModelOrder* order = &orders_.all()[random_() % orders_.all().size()];
  const CertificateStatus wanted = among[random_() % among.size()];
  const std::vector<ModelOrder*>& fitting = orders_.In(wanted);
  if (Chance(85) && !fitting.empty()) order = fitting[random_() % fitting.size()];
  Target target = {.order = order, .caller = order->account};
  if (Chance(3)) target.caller = PickAccount();
  target.is_own = target.caller == order->account;
  return target;
}

// Messages are made where something is wrong alone: there are many actions.
void BillingModel::Note(const std::string& action, const absl::Status& status,
                        const std::optional<ApiError>& refusal) {
  if (status.ok() == refusal.has_value() || ErrorOf(status) != refusal) {
    FAIL(action << ": " << status);
  }
  ++(refusal ? tally_[action].refused : tally_[action].done);
}

void BillingModel::NoteDue(const std::string& action, const absl::Status& status, bool is_due) {
  if (status.ok() != is_due || ErrorOf(status).has_value() == is_due) {
    FAIL(action << ": " << status);
  }
  ++(is_due ? tally_[action].done : tally_[action].refused);
}

void BillingModel::CheckOrder(const ModelOrder& order) {
  const std::int64_t status =
      store_->Number("SELECT status FROM certificate WHERE id = $1", {Value::Text(order.id.value)});
  if (status != static_cast<int>(order.status)) {
    FAIL(order.id.value << " has status " << status << ", not " << static_cast<int>(order.status));
  }
  CheckEntries(order.account);
}

void BillingModel::CheckEntries(AccountId account) {
  const std::int64_t entries = store_->Number(
      "SELECT MAX(sequence) FROM ledger_entry WHERE account = $1", {Value::Integer(account.value)});
  if (entries == BooksOf(account).entries) return;
  FAIL(account.value << " has " << entries << " entries, not " << BooksOf(account).entries);
}

void BillingModel::CompareBooks() {
  for (const AccountId account : accounts_) {
    const ModelBooks& books = BooksOf(account);
    const Balance left = funds_.Left(account);
    REQUIRE(left.cash == books.cash);
    REQUIRE(left.gift_card == ModelBooks::Usable(books.gift_cards, Now()));
    REQUIRE(left.voucher == ModelBooks::Usable(books.vouchers, Now()));
    REQUIRE(left.points == ModelBooks::Usable(books.packages, Now()));
    REQUIRE(left.discount_percent == books.Percent(Now()));
    // Money in = charges − refunds + what is left.
    REQUIRE(books.cash_paid_in == books.cash + books.cash_charged - books.cash_refunded);
    const Values of = {Value::Integer(account.value)};
    REQUIRE(store_->Number("SELECT SUM(cash) FROM purchase WHERE account = $1", of) ==
            books.cash_charged);
    REQUIRE(store_->Number("SELECT SUM(cash) FROM purchase WHERE account = $1 AND refund_entry "
                           "IS NOT NULL",
                           of) == books.cash_refunded);
  }
}

void BillingModel::CompareRows() {
  std::size_t rows = 0;
  store_->Look([&](Connection& connection) {
    return connection.Run(
        "SELECT id, status, renewed_by FROM certificate", {}, [&](const Row& row) {
          ++rows;
          const ModelOrder* const order = orders_.Find({row.Bytes(0)});
          const bool is_equal =
              order != nullptr && row.Integer(1) == static_cast<int>(order->status) &&
              row.Bytes(2) == (order->renewed_by == nullptr ? "" : order->renewed_by->id.value);
          if (is_equal) return absl::OkStatus();
          return absl::InternalError(absl::StrCat(row.Bytes(0), " is not as in the model"));
        });
  });
  REQUIRE(rows == orders_.all().size());
}

void BillingModel::CompareAll() {
  CompareBooks();
  CompareRows();
  CheckStatuses(*store_);
  for (const AccountId account : accounts_) {
    LedgerSummary summary;
    store_->Look([&](Connection& connection) { return CheckLedger(connection, account, summary); });
    CHECK(summary.entries == BooksOf(account).entries);
    CHECK(summary.purchases == BooksOf(account).purchases);
    CHECK(summary.refunds == BooksOf(account).refunds);
  }
}

void BillingModel::CheckTally() {
  constexpr int kHardly = 40;
  for (const char* const action : {"credit cash",
                                   "credit a gift card",
                                   "credit a voucher",
                                   "credit a discount",
                                   "grant a package",
                                   "return a package",
                                   "buy",
                                   "buy by points",
                                   "renew by points",
                                   "renew by itself",
                                   "send again",
                                   "submit",
                                   "hand in",
                                   "send a letter",
                                   "complete",
                                   "check",
                                   "approve",
                                   "refuse",
                                   "ask for a letter",
                                   "cancel",
                                   "withdraw",
                                   "open again",
                                   "refund"}) {
    INFO(action);
    CHECK(tally_[action].done >= kHardly);
    CHECK(tally_[action].refused >= kHardly);
  }
  for (const char* const event : {"issue", "follow", "time out", "end"}) {
    INFO(event);
    CHECK(tally_[event].done >= kHardly);
  }
  for (const auto& [account, books] : books_) {
    INFO(account.value);
    CHECK(books.ended_grants_passed_over >= kHardly);
  }
  CheckAllStatusesSeen(*store_);
}

}  // namespace certwright
