// A paid order as the documents say that it goes on, and when each of its certificates ends.
#ifndef CERTWRIGHT_TESTS_CORE_BILLING_MODEL_ORDER_H_
#define CERTWRIGHT_TESTS_CORE_BILLING_MODEL_ORDER_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "core/certificate.h"
#include "tests/core/billing_model/books.h"

namespace certwright {

// How long a certificate holds at most, by the day of its issue.
inline constexpr int kMostDaysBefore = 398;
inline constexpr int kMostDays = 200;
inline const absl::Time kShorterFrom =
    absl::FromCivil(absl::CivilDay(2026, 3, 15), absl::UTCTimeZone());

struct ModelOrder {
  AccountId account = {};
  CertificateId id = {};
  int product = 0;
  int years = 1;
  bool is_ov = false;
  bool is_bought = false;  // else an operator opened it, or it follows from one that was
  ModelPayment paid = {};

  CertificateStatus status = CertificateStatus::kPendingSubmission;
  bool is_auto_renewed = false;
  bool is_proved = false;
  int reviews_left = 0;
  std::optional<absl::Time> deadline = {};
  std::optional<absl::Time> last_look = {};  // at its records, by a caller

  ModelOrder* older = nullptr;
  ModelOrder* renewed_by = nullptr;
  int year = 1;
  std::optional<absl::Time> not_before = {};
  std::optional<absl::Time> not_after = {};
  std::optional<absl::Time> paid_until = {};
  std::optional<absl::Time> renewal_due = {};

  // Waits for its proof, its letter, or its review.
  bool IsUnderWay() const;
  bool IsCancellable() const;
  bool IsClosed() const;  // failed or cancelled
  bool IsRefundable() const { return is_bought && IsClosed(); }
  bool IsReopenable(absl::Time now) const;
  bool HasPaidTimeLeft() const { return paid_until && not_after && *paid_until > *not_after; }
  // By the owner, with OldCertificateId.
  bool IsRenewable(absl::Time now) const;

  void WaitForProof(absl::Time now);
  void WaitForLetter(absl::Time now);
  // Sets the dates, by the day of the issue.
  void Issue(absl::Time now);
  void Release();
  void Reopen();
  // For which year of the order a certificate that begins then is.
  int YearAt(absl::Time begin) const;
};

// All orders, and which of them are in a status.
class ModelOrders {
 public:
  ModelOrder& Add(ModelOrder order);
  void Move(ModelOrder& order, CertificateStatus status);
  ModelOrder* Find(const CertificateId& id);
  const std::vector<ModelOrder*>& In(CertificateStatus status) { return by_status_[status]; }
  std::deque<ModelOrder>& all() { return all_; }

 private:
  std::deque<ModelOrder> all_ = {};  // they stay where they are
  std::map<std::string, ModelOrder*> by_id_ = {};
  std::map<CertificateStatus, std::vector<ModelOrder*>> by_status_ = {};
  std::map<const ModelOrder*, std::size_t> place_ = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_CORE_BILLING_MODEL_ORDER_H_
