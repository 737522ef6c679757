// The model's actions that lead an order from its purchase to its certificate, or to its end.
#include "tests/core/billing_model/model.h"

namespace certwright {
namespace {

using E = ApiError;

constexpr absl::Duration kBetweenLooks = absl::Minutes(5);

}  // namespace

void BillingModel::Close(ModelOrder& order, CertificateStatus status) {
  order.Release();
  orders_.Move(order, status);
}

void BillingModel::SeeRecords(bool are_there) {
  are_records_there_ = are_there;
  funds_.engine.validator.answer = {.result = are_there ? Probe::Result::kPassed
                                                        : Probe::Result::kCnameAbsent};
}

// Proved and reviewed, it is a certificate; its dates are what the rules say.
void BillingModel::IssueIfDone(ModelOrder& order) {
  if (order.status != S::kReviewing || !order.is_proved || order.reviews_left > 0) return;
  order.Issue(Now());
  orders_.Move(order, S::kIssued);
  const Certificate issued = funds_.engine.Find(order.id, order.account);
  INFO(order.id.value << ", year " << order.year << " of " << order.years);
  REQUIRE(issued.not_before == order.not_before);
  REQUIRE(issued.not_after == order.not_after);
  REQUIRE(issued.paid_until == order.paid_until);
  REQUIRE(issued.year == order.year);
  ++tally_["issue"].done;
}

void BillingModel::HandIn() {
  const std::optional<Target> target = PickOrder({S::kPendingSubmission});
  if (!target) return;
  ModelOrder& order = *target->order;
  Submission data = Paid::Data("example.com");
  data.is_auto_renewed = !order.is_ov && Chance(40);
  const bool is_due = target->is_own && order.status == S::kPendingSubmission;
  const auto form = Chance(50) ? SubmissionForm::kOlder : SubmissionForm::kCurrent;
  PaidOrderService& service = funds_.engine.paid_orders;
  NoteDue("submit", service.Submit(target->caller, order.id, data, form), is_due);
  NoteDue("hand in", service.Commit(target->caller, order.id, std::nullopt, false, form).status(),
          is_due);
  if (is_due) {
    order.is_auto_renewed = data.is_auto_renewed;
    if (order.is_ov)
      order.WaitForLetter(Now());
    else
      order.WaitForProof(Now());
    orders_.Move(order, order.is_ov ? S::kPendingConfirmationLetter : S::kReviewing);
  }
  CheckOrder(order);
}

void BillingModel::SendLetter() {
  static const std::string letter = Letter();
  const std::optional<Target> target = PickOrder({S::kPendingConfirmationLetter});
  if (!target) return;
  ModelOrder& order = *target->order;
  const bool is_due = target->is_own && order.status == S::kPendingConfirmationLetter;
  NoteDue("send a letter", funds_.engine.paid_orders.UploadLetter(target->caller, order.id, letter),
          is_due);
  if (is_due) {
    order.WaitForProof(Now());
    orders_.Move(order, S::kReviewing);
  }
  CheckOrder(order);
}

void BillingModel::Prove() {
  const std::optional<Target> target = PickOrder({S::kReviewing});
  if (!target) return;
  ModelOrder& order = *target->order;
  const bool passes = Chance(80);
  SeeRecords(passes);
  if (order.product == kWoTrusDv && Chance(80)) {
    ProveByLooking(*target, passes);
  } else {
    const bool is_open = target->is_own && order.status == S::kReviewing;
    const bool is_due = is_open && order.product != kWoTrusDv;
    const E why =
        is_open ? E::kFailedOperationInvalidParam : E::kFailedOperationCertificateNotFoundOrAudited;
    Note("complete", funds_.engine.orders.Complete(target->caller, order.id).status(),
         is_due ? std::nullopt : std::make_optional(why));
    order.is_proved = order.is_proved || (is_due && passes);
  }
  SeeRecords(false);
  IssueIfDone(order);
  CheckOrder(order);
}

void BillingModel::ProveByLooking(const Target& target, bool passes) {
  ModelOrder& order = *target.order;
  const bool is_due = target.is_own && order.status == S::kReviewing;
  NoteDue("check", funds_.engine.orders.CheckVerification(target.caller, order.id).status(),
          is_due);
  const bool is_frequent = order.last_look && Now() - *order.last_look < kBetweenLooks;
  if (!is_due || is_frequent) return;
  order.last_look = Now();
  order.is_proved = order.is_proved || passes;
}

void BillingModel::Review() {
  const std::optional<Target> target =
      PickOrder({S::kReviewing, S::kReviewing, S::kReviewing, S::kPendingConfirmationLetter});
  if (!target) return;
  ModelOrder& order = *target->order;
  const auto decide = [&](ReviewDecision decision) {
    return funds_.engine.reviews.Decide(order.id, decision, "why").status();
  };
  const int decision = Pick(100);
  if (decision < 75) {
    const bool is_due = order.status == S::kReviewing || order.status == S::kIssued;
    NoteDue("approve", decide(ReviewDecision::kApprove), is_due);
    if (order.reviews_left > 0) --order.reviews_left;
    // What was proved meanwhile a job issues.
    funds_.engine.RunDueJobs();
  } else if (decision < 90) {
    const bool is_due = order.IsUnderWay();
    NoteDue("refuse", decide(ReviewDecision::kRefuse), is_due);
    if (is_due) Close(order, S::kFailed);
  } else {
    const bool is_due = order.status == S::kReviewing && order.reviews_left > 0;
    NoteDue("ask for a letter", decide(ReviewDecision::kRequestLetter), is_due);
    if (is_due) {
      order.WaitForLetter(Now());
      orders_.Move(order, S::kPendingConfirmationLetter);
    }
  }
  CheckOrder(order);
}

void BillingModel::Cancel() {
  const std::optional<Target> target =
      PickOrder({S::kPendingSubmission, S::kReviewing, S::kPendingConfirmationLetter});
  if (!target) return;
  ModelOrder& order = *target->order;
  const bool is_due = target->is_own && order.IsCancellable();
  NoteDue("cancel", funds_.engine.orders.CancelOrder(target->caller, order.id), is_due);
  if (is_due) Close(order, S::kCancelled);
  CheckOrder(order);
}

void BillingModel::CancelAudit() {
  const std::optional<Target> target = PickOrder({S::kReviewing, S::kPendingConfirmationLetter});
  if (!target) return;
  ModelOrder& order = *target->order;
  const bool is_in_review = target->is_own && order.IsUnderWay();
  const bool is_due = is_in_review && order.year == 1;
  const E why = is_in_review ? E::kFailedOperationCertificateCancelFailedMulti
                             : E::kFailedOperationCertificateNotFoundOrCantCancel;
  Note("withdraw", funds_.engine.orders.CancelAudit(target->caller, order.id),
       is_due ? std::nullopt : std::make_optional(why));
  if (is_due) Close(order, S::kCancelled);
  CheckOrder(order);
}

void BillingModel::Reopen() {
  const std::optional<Target> target = PickOrder({S::kFailed, S::kCancelled});
  if (!target) return;
  ModelOrder& order = *target->order;
  const bool is_due = target->is_own && order.IsReopenable(Now());
  NoteDue("open again", funds_.engine.paid_orders.Reopen(target->caller, order.id), is_due);
  if (is_due) {
    order.Reopen();
    orders_.Move(order, S::kPendingSubmission);
  }
  CheckOrder(order);
}

}  // namespace certwright
