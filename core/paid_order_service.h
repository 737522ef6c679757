// Paid orders from the purchase to the review: the rules of SubmitCertificateInformation,
// CertificateInfoSubmit, CommitCertificateInformation, CertificateOrderSubmit, UploadConfirmLetter
// and ModifyCertificateResubmit. What follows is the same as for free orders: core/order_service.h.
#ifndef CERTWRIGHT_CORE_PAID_ORDER_SERVICE_H_
#define CERTWRIGHT_CORE_PAID_ORDER_SERVICE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/caller.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/paid_order.h"
#include "core/products.h"
#include "core/public_suffix.h"
#include "core/random.h"
#include "core/review_service.h"
#include "core/settings.h"
#include "core/store.h"
#include "core/submission.h"

namespace certwright {

// Of the two forms, which codes refusals have and which members they name.
enum class SubmissionForm { kOlder, kCurrent };

struct CommittedOrder {
  Certificate certificate = {};
  bool is_audited = false;  // an approved manager made letter and review unnecessary
};

// Thread-safe: all state is in the store. Everything given must outlive it.
class PaidOrderService {
 public:
  PaidOrderService(Store& store, ReviewService& reviews, const PublicSuffixList& suffixes,
                   const Clock& clock, Random& random, const Settings& settings)
      : store_(store),
        reviews_(reviews),
        suffixes_(suffixes),
        clock_(clock),
        random_(random),
        settings_(settings) {}

  // A row in state 5. Refuses as CheckPaidOrder.
  absl::StatusOr<OpenedOrder> Open(const PaidOrder& order);

  // Stores what the order is for. May be repeated until the order is handed in.
  absl::Status Submit(const Caller& caller, const CertificateId& id, const Submission& submission,
                      SubmissionForm form);

  // The same inside a transaction, for a row that the caller has and updates no more. No log.
  absl::Status TakeData(Transaction& transaction, const Caller& caller, Certificate& order,
                        const Submission& submission, SubmissionForm form);

  // Hands the order in: to validation and review, or to wait for its confirmation letter.
  // `method` is what the call says, else what was submitted, else DNS.
  absl::StatusOr<CommittedOrder> Commit(const Caller& caller, const CertificateId& id,
                                        std::optional<ValidationMethod> method,
                                        bool deletes_dns_auto_record, SubmissionForm form);

  // `letter` is the file itself.
  absl::Status UploadLetter(const Caller& caller, const CertificateId& id,
                            absl::string_view letter);

  // A failed or cancelled order takes new data.
  absl::Status Reopen(const Caller& caller, const CertificateId& id);

 private:
  absl::Status OpenValidation(Transaction& transaction, Certificate& order);
  // With the records that it has.
  absl::Status ResumeValidation(Transaction& transaction, Certificate& order);

  Store& store_;
  ReviewService& reviews_;
  const PublicSuffixList& suffixes_;
  const Clock& clock_;
  Random& random_;
  const Settings& settings_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PAID_ORDER_SERVICE_H_
