#include "core/order_end.h"

#include <optional>

#include "core/letter.h"
#include "core/reissue.h"
#include "core/review_service.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

absl::Status ReleaseOlder(Transaction& transaction, const Certificate& order) {
  RETURN_IF_ERROR(ReleaseOriginal(transaction, order));
  // What is paid for already is the row's for good: another one would have the same time again.
  if (order.renews.value.empty() || order.paid_until) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<Certificate> old,
                   transaction.FindCertificate(order.account, order.renews));
  if (!old || old->renewed_by != order.id) return absl::OkStatus();
  old->renewed_by = {};
  return transaction.UpdateCertificate(*old);
}

}  // namespace

absl::Status EndOrder(Transaction& transaction, const Certificate& order) {
  RETURN_IF_ERROR(ReleaseOlder(transaction, order));
  RETURN_IF_ERROR(ReviewService::End(transaction, order.account, order.id));
  RETURN_IF_ERROR(transaction.DeleteZoneRecords(order.account, order.id));
  RETURN_IF_ERROR(transaction.DeleteJob(order.account, JobKind::kValidate, order.id));
  return transaction.DeleteJob(order.account, JobKind::kIssue, order.id);
}

absl::Status AwaitLetter(Transaction& transaction, Certificate& order, absl::Time now) {
  order.validation_deadline = now + kLetterDeadline;
  return transaction.PutJob({.kind = JobKind::kValidate,
                             .account = order.account,
                             .certificate = order.id,
                             .due = *order.validation_deadline});
}

}  // namespace certwright
