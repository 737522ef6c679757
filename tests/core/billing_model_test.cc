// Random credits, purchases with money and points, cancellations and refunds over two accounts,
// against a small model of what each must leave: 100,000 actions from a fixed seed.
#include <map>
#include <random>

#include "core/certificate_life.h"
#include "tests/support/funds.h"

namespace certwright {
namespace {

constexpr int kActions = 100'000;
constexpr int kProducts[] = {kSecureSiteOv, kTrustAsiaDv, kWoTrusDv};

struct Held {
  std::int64_t cash = 0;
  std::map<std::string, std::int64_t> packages = {};
  std::int64_t gift_card = 0;
  std::int64_t voucher = 0;
  std::int64_t percent = 0;
};

struct Order {
  CertificateId id = {};
  std::int64_t cash = 0;
  std::int64_t gift_card = 0;
  std::string package = {};
  std::int64_t points = 0;
  bool is_cancelled = false;
  bool is_refunded = false;
};

class Model {
 public:
  void Act() {
    const AccountId account = Pick(2) == 0 ? kAccount : kOther;
    switch (Pick(8)) {
      case 0:
        return Credit(account);
      case 1:
        return Grant(account);
      case 2:
      case 3:
        return Buy(account);
      case 4:
        return BuyByPoints(account);
      case 5:
        return Cancel(account);
      default:
        return Refund(account);
    }
  }

  // What the books say is what the model says.
  void Compare() {
    for (const AccountId account : {kAccount, kOther}) {
      const Held& held = held_[account];
      const Balance left = funds_.Left(account);
      CHECK(left.cash == held.cash);
      CHECK(left.gift_card == held.gift_card);
      CHECK(left.voucher == held.voucher);
      std::int64_t points = 0;
      for (const auto& [package, held_points] : held.packages) points += held_points;
      CHECK(left.points == points);
    }
  }

  void CompareOrders() {
    for (const AccountId account : {kAccount, kOther}) {
      for (const Order& order : orders_[account]) {
        const S expected = order.is_refunded    ? S::kRefunded
                           : order.is_cancelled ? S::kCancelled
                                                : S::kPendingSubmission;
        REQUIRE(funds_.engine.Find(order.id, account).status == expected);
      }
    }
  }

  int refunds() const { return refunds_; }

 private:
  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  void Credit(AccountId account) {
    Held& held = held_[account];
    const std::int64_t amount = 1 + Pick(30'000);
    switch (Pick(12)) {
      case 0:
        held.percent = Pick(101);
        funds_.Credit(CreditKind::kDiscount, held.percent, account);
        return;
      case 1:
        if (gift_cards_++ >= kMostGrants) return;
        held.gift_card += amount;
        funds_.Credit(CreditKind::kGiftCard, amount, account);
        return;
      case 2:
        if (vouchers_++ >= kMostGrants) return;
        held.voucher += amount;
        funds_.Credit(CreditKind::kVoucher, amount, account);
        return;
      default:
        held.cash += amount;
        funds_.Credit(CreditKind::kCash, amount, account);
        return;
    }
  }

  void Grant(AccountId account) {
    std::map<std::string, std::int64_t>& packages = held_[account].packages;
    if (packages.size() >= kMostGrants) return;
    const std::int64_t points = 1 + Pick(5'000);
    packages[funds_.Package(points, account)] = points;
  }

  void Buy(AccountId account) {
    const int product = kProducts[Pick(3)];
    const bool uses_vouchers = Pick(2) == 0;
    Held& held = held_[account];
    const std::int64_t price = funds_.PriceOf(product);
    const std::int64_t due = price - price * held.percent / 100;
    const std::int64_t voucher = uses_vouchers ? std::min(due, held.voucher) : 0;
    const std::int64_t gift_card = std::min(due - voucher, held.gift_card);
    const std::int64_t cash = due - voucher - gift_card;
    const auto opened = funds_.TryBuy(product, account, uses_vouchers);
    REQUIRE(opened.ok() == (cash <= held.cash));
    if (!opened.ok()) return;
    held.voucher -= voucher;
    held.gift_card -= gift_card;
    held.cash -= cash;
    orders_[account].push_back({.id = opened->id, .cash = cash, .gift_card = gift_card});
  }

  void BuyByPoints(AccountId account) {
    std::map<std::string, std::int64_t>& packages = held_[account].packages;
    if (packages.empty()) return;
    const auto package = std::next(packages.begin(), Pick(static_cast<int>(packages.size())));
    constexpr std::uint64_t kPid = 1004157;  // WoTrus DV
    const std::int64_t points = *PointsOf(FindPackageProduct(kPid)->product, 1, 1);
    const auto opened = funds_.engine.purchases.BuyWithPackage({.account = account,
                                                                .pid = kPid,
                                                                .packages = {package->first},
                                                                .domain_count = "1",
                                                                .years = 1});
    REQUIRE(opened.ok() == (points <= package->second));
    if (!opened.ok()) return;
    package->second -= points;
    orders_[account].push_back(
        {.id = opened->front().id, .package = package->first, .points = points});
  }

  Order* PickOrder(AccountId account) {
    std::vector<Order>& orders = orders_[account];
    return orders.empty() ? nullptr
                          : &orders[static_cast<std::size_t>(Pick(1'000'000)) % orders.size()];
  }

  void Cancel(AccountId account) {
    Order* const order = PickOrder(account);
    if (order == nullptr) return;
    const bool is_open = !order->is_cancelled;
    REQUIRE(funds_.engine.orders.CancelOrder(account, order->id).ok() == is_open);
    order->is_cancelled = true;
  }

  void Refund(AccountId account) {
    Order* const order = PickOrder(account);
    if (order == nullptr) return;
    const bool is_due = order->is_cancelled && !order->is_refunded;
    REQUIRE(funds_.engine.refunds.Refund(account, order->id, true, "op").ok() == is_due);
    if (!is_due) return;
    order->is_refunded = true;
    ++refunds_;
    held_[account].cash += order->cash;
    held_[account].gift_card += order->gift_card;
    if (order->points > 0) held_[account].packages[order->package] += order->points;
  }

  static constexpr std::size_t kMostGrants = 200;  // of a kind

  Funds funds_;
  std::mt19937 random_{20261130};
  std::map<AccountId, Held> held_;
  std::map<AccountId, std::vector<Order>> orders_;
  std::size_t gift_cards_ = 0;
  std::size_t vouchers_ = 0;
  int refunds_ = 0;
};

}  // namespace

TEST_CASE("the books agree with a model over 100,000 random actions", "[billing][model]") {
  Model model;
  for (int i = 1; i <= kActions; ++i) {
    model.Act();
    if (i % 1000 == 0) model.Compare();
  }
  model.CompareOrders();
  CHECK(model.refunds() > 1000);
}

}  // namespace certwright
