#include "core/review_service.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/order_end.h"
#include "core/revocation.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr absl::Duration kReminderInterval = absl::Hours(24);
// Reviews that one transaction changes.
constexpr std::int64_t kBatch = 500;

std::string SettingName(Level level) { return absl::StrCat("review/", LevelText(level)); }

std::optional<ReviewStage> FirstStage(Level level, const ReviewPolicy& policy) {
  if (level != Level::kDv) return ReviewStage::kPreReview;
  if (policy.is_automatic && policy.stage == absl::ZeroDuration()) return std::nullopt;
  return ReviewStage::kCaReview;
}

std::optional<ReviewStage> StageAfter(ReviewStage stage, Level level) {
  if (stage == ReviewStage::kPreReview) {
    return level == Level::kEv ? ReviewStage::kLegalReview : ReviewStage::kCaReview;
  }
  if (stage == ReviewStage::kLegalReview) return ReviewStage::kCaReview;
  return std::nullopt;
}

// How long after the submission an applicant may first remind (DV 24, OV 72, EV 96 hours).
absl::Duration ReminderDelay(Level level) {
  switch (level) {
    case Level::kDv:
      return absl::Hours(24);
    case Level::kOv:
      return absl::Hours(72);
    case Level::kEv:
      return absl::Hours(96);
  }
  return absl::InfiniteDuration();
}

absl::Status RefuseStatus(const Certificate& order, absl::string_view what) {
  return certwright::Refuse(ApiError::kFailedOperationInvalidCertificateStatusCode,
                            absl::StrCat("CertificateId `", order.id.value, "` has status ",
                                         StatusNumber(order), ", in which ", what, "."),
                            "CertificateId");
}

// When the policy decides on the review's stage.
void Follow(const ReviewPolicy& policy, Review& review) {
  review.automatic.reset();
  if (!policy.is_automatic) return;
  const absl::Duration least =
      review.stage == ReviewStage::kRevocation ? kLeastRevocationReview : absl::ZeroDuration();
  review.automatic = review.entered + std::max(least, policy.stage);
}

// Their reviewers are nobody whom a reminder reaches (documented).
bool HasReminders(const Certificate& order) { return !IsWoTrus(order) && !IsDnspodSm2(order); }

// From when on the reviewers may be reminded (again).
absl::Time NextReminder(const Certificate& order, const Review& review) {
  const absl::Time first = review.submitted + ReminderDelay(LevelOf(order));
  return review.last_remind ? std::max(first, *review.last_remind + kReminderInterval) : first;
}

// With the job that passes the stage, or reminds whoever decides.
absl::Status Queue(Transaction& transaction, const Certificate& order, const Review& review) {
  RETURN_IF_ERROR(transaction.PutReview(review));
  if (!review.automatic && !HasReminders(order)) {
    return transaction.DeleteJob(review.account, JobKind::kReview, review.certificate);
  }
  return transaction.PutJob({.kind = JobKind::kReview,
                             .account = review.account,
                             .certificate = review.certificate,
                             .due = review.automatic.value_or(NextReminder(order, review))});
}

// That the stage which was decided on is the one that is outstanding.
absl::Status CheckStage(const Certificate& order, const std::optional<Review>& review,
                        ReviewStage meant) {
  if (review && review->stage == meant) return absl::OkStatus();
  const std::string now =
      review ? absl::StrCat("is in ", StageText(review->stage)) : "is in no review";
  return certwright::Refuse(
      ApiError::kFailedOperationInvalidCertificateStatusCode,
      absl::StrCat("CertificateId `", order.id.value, "` ", now, ": Stage `", StageText(meant),
                   "` has passed already, or is not reached."),
      "Stage");
}

}  // namespace

const char* StageText(ReviewStage stage) {
  switch (stage) {
    case ReviewStage::kPreReview:
      return "PRE-REVIEWING";
    case ReviewStage::kLegalReview:
      return "LEGAL-REVIEWING";
    case ReviewStage::kCaReview:
      return "CA-REVIEWING";
    case ReviewStage::kRevocation:
      return "REVOCATION-REVIEWING";
  }
  return "";
}

std::optional<ReviewStage> ParseStage(absl::string_view text) {
  for (const ReviewStage stage : {ReviewStage::kPreReview, ReviewStage::kLegalReview,
                                  ReviewStage::kCaReview, ReviewStage::kRevocation}) {
    if (text == StageText(stage)) return stage;
  }
  return std::nullopt;
}

absl::StatusOr<ReviewPolicy> ReviewService::PolicyOf(Snapshot& snapshot, Level level) {
  ASSIGN_OR_RETURN(const std::optional<std::string> text, snapshot.FindSetting(SettingName(level)));
  if (!text) return ReviewPolicy{};
  const std::vector<std::string> parts = absl::StrSplit(*text, ' ');
  std::int64_t seconds = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &seconds)) {
    return absl::DataLossError("a stored review policy has another shape");
  }
  return ReviewPolicy{.is_automatic = parts[0] == "automatic", .stage = absl::Seconds(seconds)};
}

absl::Status ReviewService::SetPolicy(Level level, const ReviewPolicy& policy) {
  const std::string text = absl::StrCat(policy.is_automatic ? "automatic" : "manual", " ",
                                        absl::ToInt64Seconds(policy.stage));
  RETURN_IF_ERROR(store_.Write(
      [&](Transaction& transaction) { return transaction.PutSetting(SettingName(level), text); }));
  bool has_more = true;
  for (std::int64_t offset = 0; has_more; offset += kBatch) {
    RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const ReviewPage page, transaction.ListReviews(offset, kBatch));
      // Another call may have changed it since.
      ASSIGN_OR_RETURN(const ReviewPolicy latest, PolicyOf(transaction, level));
      has_more = offset + kBatch < page.total;
      for (const Review& review : page.reviews) {
        RETURN_IF_ERROR(FollowPolicy(transaction, level, latest, review));
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status ReviewService::FollowPolicy(Transaction& transaction, Level level,
                                         const ReviewPolicy& policy, Review review) {
  ASSIGN_OR_RETURN(const std::optional<Certificate> order,
                   transaction.FindCertificate(review.account, review.certificate));
  if (!order || LevelOf(*order) != level) return absl::OkStatus();
  Follow(policy, review);
  return Queue(transaction, *order, review);
}

absl::Status ReviewService::Begin(Transaction& transaction, Certificate& order, bool has_letter) {
  ASSIGN_OR_RETURN(const ReviewPolicy policy, PolicyOf(transaction, LevelOf(order)));
  const std::optional<ReviewStage> stage = FirstStage(LevelOf(order), policy);
  if (!stage) {
    order.status_message = std::string(kPendingValidation);
    return absl::OkStatus();
  }
  Review review = {.account = order.account,
                   .certificate = order.id,
                   .submitted = clock_.Now(),
                   .has_letter = has_letter};
  return Enter(transaction, order, review, *stage);
}

absl::Status ReviewService::BeginRevocation(Transaction& transaction,
                                            const Certificate& certificate, absl::Time now,
                                            bool has_letter) {
  ASSIGN_OR_RETURN(const ReviewPolicy policy, PolicyOf(transaction, LevelOf(certificate)));
  Review review = {.account = certificate.account,
                   .certificate = certificate.id,
                   .stage = ReviewStage::kRevocation,
                   .submitted = now,
                   .entered = now,
                   .has_letter = has_letter};
  Follow(policy, review);
  return Queue(transaction, certificate, review);
}

absl::Status ReviewService::End(Transaction& transaction, AccountId account,
                                const CertificateId& id) {
  RETURN_IF_ERROR(transaction.DeleteReview(account, id));
  return transaction.DeleteJob(account, JobKind::kReview, id);
}

absl::Status ReviewService::Enter(Transaction& transaction, Certificate& order, Review& review,
                                  ReviewStage stage) {
  ASSIGN_OR_RETURN(const ReviewPolicy policy, PolicyOf(transaction, LevelOf(order)));
  const absl::Time now = clock_.Now();
  review.stage = stage;
  review.entered = now;
  Follow(policy, review);
  // In 4 the message is documented to say that alone.
  const bool shows_stage = order.status != CertificateStatus::kDnsRecordAdded;
  order.status_message = shows_stage ? StageText(stage) : std::string(kPendingValidation);
  return Queue(transaction, order, review);
}

absl::Status ReviewService::Log(Transaction& transaction, absl::string_view type,
                                const Certificate& order, absl::string_view remark,
                                absl::string_view reviewer) {
  return transaction.AppendOperateLog(
      ByReviewer(type, order.account, order.id, clock_.Now(), reviewer, remark));
}

absl::Status ReviewService::Pass(Transaction& transaction, Certificate& order, Review& review,
                                 absl::string_view reviewer) {
  if (review.stage == ReviewStage::kRevocation) {
    return EndRevocation(transaction, order, clock_.Now());
  }
  RETURN_IF_ERROR(Log(transaction, "reviewPassed", order, StageText(review.stage), reviewer));
  const std::optional<ReviewStage> next = StageAfter(review.stage, LevelOf(order));
  if (next) {
    RETURN_IF_ERROR(Enter(transaction, order, review, *next));
    return transaction.UpdateCertificate(order);
  }
  RETURN_IF_ERROR(End(transaction, order.account, order.id));
  order.status = *Next(order, Event::kReviewPassed);
  order.status_message = std::string(kPendingValidation);
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  if (!IsProved(order)) return absl::OkStatus();
  // What was proved meanwhile is not asked for again; the job issues.
  return transaction.PutJob({.kind = JobKind::kValidate,
                             .account = order.account,
                             .certificate = order.id,
                             .due = clock_.Now()});
}

absl::Status ReviewService::Approve(Transaction& transaction, Certificate& order,
                                    std::optional<Review>& review, absl::string_view reviewer) {
  if (review) return Pass(transaction, order, *review, reviewer);
  const bool has_passed = Next(order, Event::kReviewPassed) ||
                          order.status == CertificateStatus::kIssued ||
                          order.status == CertificateStatus::kRevoked;
  return has_passed ? absl::OkStatus() : RefuseStatus(order, "there is nothing to approve");
}

absl::Status ReviewService::Refuse(Transaction& transaction, Certificate& order,
                                   const std::optional<Review>& review, absl::string_view reason,
                                   absl::string_view reviewer) {
  if (review && review->stage == ReviewStage::kRevocation) {
    return GiveUpRevocation(transaction, order, Event::kRevocationRefused, clock_.Now(), reason,
                            reviewer);
  }
  if (!Next(order, Event::kReviewFailed) || IsWaitingForIssue(order)) {
    return RefuseStatus(order, "there is nothing to refuse");
  }
  order.status = *Next(order, Event::kReviewFailed);
  order.status_message = std::string(reason);
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  RETURN_IF_ERROR(EndOrder(transaction, order));
  return Log(transaction, "failed", order, reason, reviewer);
}

absl::Status ReviewService::RequestLetter(Transaction& transaction, Certificate& order,
                                          const std::optional<Review>& review,
                                          absl::string_view reason, absl::string_view reviewer) {
  if (LevelOf(order) == Level::kDv) return RefuseStatus(order, "a DV order takes no letter");
  if (!review || !Next(order, Event::kLetterRequested)) {
    return RefuseStatus(order, "no letter can be asked for");
  }
  order.status = *Next(order, Event::kLetterRequested);
  order.status_message = std::string(reason);
  RETURN_IF_ERROR(End(transaction, order.account, order.id));
  RETURN_IF_ERROR(AwaitLetter(transaction, order, clock_.Now()));
  RETURN_IF_ERROR(transaction.UpdateCertificate(order));
  return Log(transaction, "letterRequested", order, reason, reviewer);
}

absl::StatusOr<Certificate> ReviewService::Decide(const CertificateId& id, ReviewDecision decision,
                                                  absl::string_view reason,
                                                  std::optional<ReviewStage> stage,
                                                  absl::string_view reviewer) {
  Certificate order;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<AccountId> owner, transaction.FindOwner(id));
    ASSIGN_OR_RETURN(order, RequireCertificate(transaction, owner.value_or(AccountId()), id));
    ASSIGN_OR_RETURN(std::optional<Review> review, transaction.FindReview(order.account, id));
    if (stage) RETURN_IF_ERROR(CheckStage(order, review, *stage));
    switch (decision) {
      case ReviewDecision::kApprove:
        return Approve(transaction, order, review, reviewer);
      case ReviewDecision::kRefuse:
        return Refuse(transaction, order, review, reason, reviewer);
      case ReviewDecision::kRequestLetter:
        return RequestLetter(transaction, order, review, reason, reviewer);
    }
    return absl::InternalError("a decision of no known kind");
  }));
  return order;
}

void ReviewService::Tell(const Review& review) const {
  if (remind_) remind_(review);
}

absl::Status ReviewService::Remind(AccountId account, const CertificateId& id) {
  const absl::Time now = clock_.Now();
  std::optional<Review> review;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Certificate order, RequireCertificate(transaction, account, id));
    ASSIGN_OR_RETURN(review, transaction.FindReview(account, id));
    if (!review || !HasReminders(order)) return RefuseStatus(order, "there is nobody to remind");
    const absl::Time next = NextReminder(order, *review);
    if (now < next) {
      return certwright::Refuse(ApiError::kLimitExceededRateLimitExceeded,
                                absl::StrCat("The reviewers may be reminded again in ",
                                             absl::FormatDuration(next - now), ", and once a day."),
                                "CertificateId");
    }
    review->last_remind = now;
    return Queue(transaction, order, *review);
  }));
  Tell(*review);
  return absl::OkStatus();
}

absl::Status ReviewService::RunReview(const Job& job) {
  const absl::Time now = clock_.Now();
  std::optional<Review> reminded;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    reminded.reset();
    ASSIGN_OR_RETURN(std::optional<Review> review,
                     transaction.FindReview(job.account, job.certificate));
    ASSIGN_OR_RETURN(std::optional<Certificate> order,
                     transaction.FindCertificate(job.account, job.certificate));
    if (!review || !order) {
      return transaction.DeleteJob(job.account, JobKind::kReview, job.certificate);
    }
    if (review->automatic && *review->automatic <= now)
      return Pass(transaction, *order, *review, kNobody);
    const bool is_reminder =
        !review->automatic && HasReminders(*order) && NextReminder(*order, *review) <= now;
    if (is_reminder) {
      review->last_remind = now;
      reminded = review;
    }
    return Queue(transaction, *order, *review);
  }));
  // On record first: who dies between the two has one reminder less, and never one too many.
  if (reminded) Tell(*reminded);
  return absl::OkStatus();
}

}  // namespace certwright
