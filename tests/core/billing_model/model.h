// Several accounts that pay in, buy, hand in, prove, review, cancel, open again, renew and are
// refunded at random while time passes, beside what the documents say must come of it.
//
// After each action the books have as many entries as they should, and the row that it was about
// has its status. Compare looks at all the rest.
#ifndef CERTWRIGHT_TESTS_CORE_BILLING_MODEL_MODEL_H_
#define CERTWRIGHT_TESTS_CORE_BILLING_MODEL_MODEL_H_

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/core/billing_model/books.h"
#include "tests/core/billing_model/order.h"
#include "tests/support/funds.h"
#include "tests/support/seen_store.h"

namespace certwright {

class BillingModel {
 public:
  BillingModel();

  void Act();
  // Balances and sums of all accounts.
  void CompareBooks();
  // Every row, every book by the check of `certwright ledger verify`, every change of a status.
  void CompareAll();
  // That each kind of action was done and refused often enough to say something.
  void CheckTally();

 private:
  struct Target {
    ModelOrder* order = nullptr;
    AccountId caller = {};  // sometimes another's
    bool is_own = true;
  };
  struct Count {
    int done = 0;
    int refused = 0;
  };

  // model.cc
  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool Chance(int percent) { return Pick(100) < percent; }
  AccountId PickAccount() { return accounts_[static_cast<std::size_t>(Pick(3))]; }
  absl::Time Now() const { return funds_.engine.clock.Now(); }
  ModelBooks& BooksOf(AccountId account) { return books_[account]; }
  // Mostly one in this status, as long as there is one.
  std::optional<Target> PickOrder(const std::vector<CertificateStatus>& among);
  void Note(const std::string& action, const absl::Status& status,
            const std::optional<ApiError>& refusal);
  // The same where several codes may stand for the refusal.
  void NoteDue(const std::string& action, const absl::Status& status, bool is_due);
  void CheckOrder(const ModelOrder& order);
  void CheckEntries(AccountId account);
  void CompareRows();

  // paying.cc
  // Sends it, sometimes with a token, which is then kept for SendAgain.
  absl::StatusOr<std::string> Send(AccountId account, ModelCall::Sender send);
  void SendAgain(AccountId account);
  std::optional<absl::Time> PickEnd();
  void AddCredit(AccountId account);
  void AddCredit(AccountId account, CreditKind kind, const std::string& action);
  static void Credited(ModelBooks& books, const Credit& credit);
  void GrantPackage(AccountId account);
  void ReturnPackage(AccountId account);

  // buying.cc
  void Buy(AccountId account);
  void BuyByPoints(AccountId account);
  void RenewByPoints(AccountId account);
  void BuyByPoints(const std::string& action, AccountId account, ModelOrder* older);
  std::optional<ApiError> PlanPackages(AccountId account, const PackagePurchase& wanted,
                                       std::vector<ModelPayment>& plans);
  std::vector<std::string> PickPackages(AccountId account);
  void OpenUnpaid(AccountId account);
  ModelOrder& AddBought(AccountId account, const std::string& id, int product, int years,
                        const ModelPayment& paid);
  void Refund();

  // ordering.cc
  void HandIn();
  void SendLetter();
  void Prove();
  void ProveByLooking(const Target& target, bool passes);
  void Review();
  void Approve(ModelOrder& order);
  void Cancel();
  void CancelAudit();
  void Reopen();
  void Close(ModelOrder& order, CertificateStatus status);
  void IssueIfDone(ModelOrder& order);
  void SeeRecords(bool are_there);

  // time.cc
  void PassTime();
  // Its deadline or its end has passed.
  bool IsOver(const ModelOrder& order) const;
  absl::Status OnValidation(const Job& job);
  absl::Status OnExpiry(const Job& job);
  void CheckNothingIsDue();
  absl::Status OnRenewal(const Job& job);
  void ExpectNext(ModelOrder& older);
  void ExpectBought(ModelOrder& older, const std::optional<ModelPayment>& plan);
  ModelOrder& AddRenewal(ModelOrder& older);

  SeenStore* store_ = nullptr;  // the engine's
  Funds funds_;
  std::mt19937 random_{20261130};
  std::vector<AccountId> accounts_;
  std::map<AccountId, ModelBooks> books_;
  ModelOrders orders_;
  std::int64_t calls_ = 0;          // with a token
  bool are_records_there_ = false;  // for whoever looks now
  std::map<std::string, Count> tally_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_CORE_BILLING_MODEL_MODEL_H_
