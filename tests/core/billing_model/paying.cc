// The model's actions that pay in, and the calls that are sent again.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/core/billing_model/model.h"

namespace certwright {
namespace {

using E = ApiError;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kTokenHolds = absl::Hours(24 * 7);

}  // namespace

// The same few tokens in all accounts, and each again when it has been forgotten.
absl::StatusOr<std::string> BillingModel::Send(AccountId account, ModelCall::Sender send) {
  const int number = Pick(50);
  std::map<int, ModelCall>& calls = BooksOf(account).calls;
  const auto before = calls.find(number);
  const bool is_held = before != calls.end() && Now() - before->second.made < kTokenHolds;
  if (is_held || Chance(60)) return send({});
  const ClientToken token = {.token = absl::StrCat("token-", number),
                             .caller = "caller",
                             .asked = absl::StrCat("call ", ++calls_)};
  absl::StatusOr<std::string> answer = send(token);
  if (answer.ok()) {
    calls[number] = {.token = token, .answer = *answer, .made = Now(), .send = std::move(send)};
  }
  return answer;
}

// The same call has the same answer, and another one with its token none.
void BillingModel::SendAgain(AccountId account) {
  const std::map<int, ModelCall>& calls = BooksOf(account).calls;
  if (calls.empty()) return;
  const ModelCall& call = std::next(calls.begin(), Pick(static_cast<int>(calls.size())))->second;
  if (Now() - call.made >= kTokenHolds) return;
  ClientToken token = call.token;
  const bool is_changed = Chance(40);
  if (is_changed) token.asked = "another call";
  const absl::StatusOr<std::string> answer = call.send(token);
  Note("send again", answer.status(),
       is_changed ? std::make_optional(E::kInvalidParameterValue) : std::nullopt);
  REQUIRE(answer.value_or(call.answer) == call.answer);
  CheckEntries(account);
}

std::optional<absl::Time> BillingModel::PickEnd() {
  if (Chance(30)) return std::nullopt;
  return Now() + absl::Hours(1 + Pick(24 * 60));
}

void BillingModel::AddCredit(AccountId account) {
  const int kind = Pick(100);
  if (kind < 78) return AddCredit(account, CreditKind::kCash, "credit cash");
  if (kind < 86) return AddCredit(account, CreditKind::kGiftCard, "credit a gift card");
  if (kind < 94) return AddCredit(account, CreditKind::kVoucher, "credit a voucher");
  AddCredit(account, CreditKind::kDiscount, "credit a discount");
}

void BillingModel::AddCredit(AccountId account, CreditKind kind, const std::string& action) {
  const bool is_bad = Chance(10);
  Credit credit = {.account = account,
                   .kind = kind,
                   .amount = kind == CreditKind::kDiscount ? Pick(31) : 1 + Pick(38'000),
                   .actor = "op"};
  if (kind != CreditKind::kCash) credit.expires = PickEnd();
  if (is_bad && Chance(50)) {
    credit.expires = Now();
  } else if (is_bad) {
    credit.amount = Chance(50) ? -1 : 2 * kMaxAmount;
  }
  const auto entry =
      Send(account, [this, credit](const ClientToken& token) -> absl::StatusOr<std::string> {
        Credit sent = credit;
        sent.token = token;
        const auto posted = funds_.engine.wallets.AddCredit(sent);
        if (!posted.ok()) return posted.status();
        return absl::StrCat(*posted);
      });
  Note(action, entry.status(),
       is_bad ? std::make_optional(E::kInvalidParameterValue) : std::nullopt);
  if (!is_bad) {
    Credited(BooksOf(account), credit);
    REQUIRE(*entry == absl::StrCat(BooksOf(account).entries));
  }
  CheckEntries(account);
}

void BillingModel::Credited(ModelBooks& books, const Credit& credit) {
  const ModelGrant grant = {.given = credit.amount, .left = credit.amount, .ends = credit.expires};
  ++books.entries;
  switch (credit.kind) {
    case CreditKind::kCash:
      books.cash += credit.amount;
      books.cash_paid_in += credit.amount;
      return;
    case CreditKind::kGiftCard:
      return books.gift_cards.push_back(grant);
    case CreditKind::kVoucher:
      return books.vouchers.push_back(grant);
    case CreditKind::kDiscount:
      return books.discounts.push_back({.percent = credit.amount, .ends = credit.expires});
  }
}

void BillingModel::GrantPackage(AccountId account) {
  const bool is_bad = Chance(10);
  const PackageGrant grant = {.account = account,
                              .type = "ssl_100",
                              .points = is_bad ? 0 : 20 + Pick(300),
                              .expires = PickEnd(),
                              .actor = "op"};
  const auto id = Send(account, [this, grant](const ClientToken& token) {
    PackageGrant sent = grant;
    sent.token = token;
    return funds_.engine.wallets.GrantPackage(sent);
  });
  Note("grant a package", id.status(),
       is_bad ? std::make_optional(E::kInvalidParameterValue) : std::nullopt);
  if (!is_bad) {
    BooksOf(account).packages.push_back({.given = *grant.points,
                                         .left = *grant.points,
                                         .ends = grant.expires.value_or(Now() + 365 * kDay),
                                         .made = Now(),
                                         .id = *id});
    ++BooksOf(account).entries;
  }
  CheckEntries(account);
}

void BillingModel::ReturnPackage(AccountId account) {
  ModelBooks& books = BooksOf(account);
  if (books.packages.empty()) return;
  // One of the newest: older ones are never taken back.
  const std::size_t newest = std::min<std::size_t>(3, books.packages.size());
  ModelGrant& package = *(books.packages.rbegin() + Pick(static_cast<int>(newest)));
  const bool is_due = ModelBooks::IsReturnable(package, Now());
  Note("return a package", funds_.engine.wallets.RefundPackage(account, package.id, "op"),
       is_due ? std::nullopt : std::make_optional(E::kFailedOperation));
  if (is_due) {
    package.is_returned = true;
    package.left = 0;
    ++books.entries;
  }
  CheckEntries(account);
}

}  // namespace certwright
