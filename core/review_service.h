// The review of paid orders and of revocations: its stages, the policy or the person that decides,
// and reminders.
#ifndef CERTWRIGHT_CORE_REVIEW_SERVICE_H_
#define CERTWRIGHT_CORE_REVIEW_SERVICE_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/job.h"
#include "core/log_entries.h"
#include "core/products.h"
#include "core/review.h"
#include "core/store.h"

namespace certwright {

enum class ReviewDecision { kApprove, kRefuse, kRequestLetter };

// An order passes pre-review, the legal review (EV alone) and the CA's; a DV order the CA's alone,
// and not even that where the policy is automatic and takes no time. Each stage passes by the
// level's policy or by a person. A revocation has one stage. Thread-safe: all state is in the
// store.
class ReviewService {
 public:
  // Hears of what waits for a person, once a day at most, and not inside a transaction.
  using Reminder = std::function<void(const Review&)>;

  ReviewService(Store& store, const Clock& clock, Reminder remind = {})
      : store_(store), clock_(clock), remind_(std::move(remind)) {}

  // Inside the transaction that puts `order` into review; sets its status message, and queues what
  // the policy needs. The caller updates the row.
  absl::Status Begin(Transaction& transaction, Certificate& order, bool has_letter);
  // Inside the transaction that puts a certificate into 9 whose revocation a review decides; it
  // takes kLeastRevocationReview where the policy is automatic and allows less.
  static absl::Status BeginRevocation(Transaction& transaction, const Certificate& certificate,
                                      absl::Time now, bool has_letter);
  // Inside the transaction that ends it otherwise.
  static absl::Status End(Transaction& transaction, AccountId account, const CertificateId& id);

  // Decides on the stage that the certificate is in; returns the row after it. Refuses
  // FailedOperation.CertificateNotFound, and .InvalidCertificateStatusCode where nothing can be
  // decided, or where `stage` is given and it is in another one, or in none. Without it, approving
  // what has passed already changes nothing. A letter is asked for only where one is taken: not for
  // DV. The operate log names `reviewer` as who decided.
  absl::StatusOr<Certificate> Decide(const CertificateId& id, ReviewDecision decision,
                                     absl::string_view reason,
                                     std::optional<ReviewStage> stage = std::nullopt,
                                     absl::string_view reviewer = kNobody);

  // By the applicant: once a day, whoever reminds, and not before the documented time of the level
  // has passed since the submission or the letter. Nobody reminds of WoTrus and DNSPod SM2.
  absl::Status Remind(AccountId account, const CertificateId& id);

  static absl::StatusOr<ReviewPolicy> PolicyOf(Snapshot& snapshot, Level level);
  // Holds for the stages that are outstanding too, counted from when they were entered.
  absl::Status SetPolicy(Level level, const ReviewPolicy& policy);

  // For the worker: the stage passes, or a person is reminded.
  absl::Status RunReview(const Job& job);

 private:
  absl::Status FollowPolicy(Transaction& transaction, Level level, const ReviewPolicy& policy,
                            Review review);
  void Tell(const Review& review) const;
  absl::Status Enter(Transaction& transaction, Certificate& order, Review& review,
                     ReviewStage stage);
  absl::Status Pass(Transaction& transaction, Certificate& order, Review& review,
                    absl::string_view reviewer);
  absl::Status Approve(Transaction& transaction, Certificate& order, std::optional<Review>& review,
                       absl::string_view reviewer);
  absl::Status Refuse(Transaction& transaction, Certificate& order,
                      const std::optional<Review>& review, absl::string_view reason,
                      absl::string_view reviewer);
  absl::Status RequestLetter(Transaction& transaction, Certificate& order,
                             const std::optional<Review>& review, absl::string_view reason,
                             absl::string_view reviewer);
  absl::Status Log(Transaction& transaction, absl::string_view type, const Certificate& order,
                   absl::string_view remark, absl::string_view reviewer);

  Store& store_;
  const Clock& clock_;
  const Reminder remind_;
};

// "PRE-REVIEWING", "LEGAL-REVIEWING", "CA-REVIEWING", "REVOCATION-REVIEWING"
const char* StageText(ReviewStage stage);
std::optional<ReviewStage> ParseStage(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_REVIEW_SERVICE_H_
