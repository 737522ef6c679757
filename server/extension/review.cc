// CreateOrder, DescribeReviews, DescribeReviewDetail, ReviewCertificate, DescribeReviewPolicies,
// ModifyReviewPolicy, RemindReviewers
#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/letter.h"
#include "core/paid_order_service.h"
#include "core/review_service.h"
#include "core/status_macros.h"
#include "server/actions/certificate_view.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/review.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

constexpr Level kLevels[] = {Level::kDv, Level::kOv, Level::kEv};
constexpr char kAutomatic[] = "automatic";
constexpr char kManual[] = "manual";

absl::StatusOr<Level> ParseLevel(const std::string& text) {
  for (const Level level : kLevels) {
    if (text == LevelText(level)) return level;
  }
  return WrongParameter("Level", text, "DV, OV, EV");
}

absl::StatusOr<ReviewDecision> ParseDecision(const ext::ReviewCertificateRequest& request) {
  const std::string& text = request.decision();
  if (text == "approve") return ReviewDecision::kApprove;
  if (text == "request_letter") return ReviewDecision::kRequestLetter;
  if (text != "refuse") return WrongParameter("Decision", text, "approve, refuse, request_letter");
  if (!request.reason().empty()) return ReviewDecision::kRefuse;
  return Refuse(ApiError::kMissingParameter,
                "The request is missing a required parameter `Reason`: the applicant reads it.",
                "Reason");
}

absl::StatusOr<ext::CreateOrderResponse> CreateOrder(Services& services, const Call& call,
                                                     const ext::CreateOrderRequest& request) {
  constexpr std::uint64_t kMost = 1'000'000;  // far above what any product allows
  PaidOrder order = {.product = static_cast<int>(std::min(request.product_id(), kMost)),
                     .domains = static_cast<std::int64_t>(
                         std::min(request.has_domain_num() ? request.domain_num() : 1, kMost)),
                     .years = static_cast<std::int64_t>(
                         std::min(request.has_time_span() ? request.time_span() : 1, kMost)),
                     .alias = request.alias()};
  ASSIGN_OR_RETURN(order.account, AccountOf(call, request.uin()));
  // Another account's log does not know this one's sub-users.
  if (order.account == call.account.id) order.account = call.AsCaller();
  ASSIGN_OR_RETURN(order.project_id, ParseProject(request.project_id()));
  ASSIGN_OR_RETURN(const OpenedOrder opened, services.paid_orders.Open(order));
  ext::CreateOrderResponse response;
  response.set_certificate_id(opened.id.value);
  response.set_deal_id(opened.deal_id);
  return response;
}

void ShowReview(const Review& review, const std::optional<Certificate>& order, ext::Review& shown) {
  shown.set_certificate_id(review.certificate.value);
  shown.set_uin(absl::StrCat(review.account.value));
  shown.set_stage(StageText(review.stage));
  shown.set_submit_time(TimeText(review.submitted));
  if (review.automatic) shown.set_automatic_time(TimeText(*review.automatic));
  if (review.last_remind) shown.set_last_remind_time(TimeText(*review.last_remind));
  shown.set_has_letter(review.has_letter);
  if (!order) return;
  const Product* const product = ProductOf(*order);
  shown.set_domain(order->domain);
  shown.set_level(LevelText(LevelOf(*order)));
  if (product != nullptr) shown.set_product_name(ProductTitle(*product));
}

absl::StatusOr<ext::DescribeReviewsResponse> DescribeReviews(
    Services& services, const Call&, const ext::DescribeReviewsRequest& request) {
  const Window window = WindowOf(request);
  ext::DescribeReviewsResponse response;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const ReviewPage page, snapshot.ListReviews(window.offset, window.limit));
    response.set_total_count(static_cast<std::uint64_t>(page.total));
    for (const Review& review : page.reviews) {
      ASSIGN_OR_RETURN(const std::optional<Certificate> order,
                       snapshot.FindCertificate(review.account, review.certificate));
      ShowReview(review, order, *response.add_reviews());
    }
    return absl::OkStatus();
  }));
  return response;
}

const char* ContentTypeOf(LetterKind kind) {
  switch (kind) {
    case LetterKind::kJpeg:
      return "image/jpeg";
    case LetterKind::kPng:
      return "image/png";
    case LetterKind::kGif:
      return "image/gif";
    case LetterKind::kPdf:
      return "application/pdf";
    case LetterKind::kUnknown:
      break;
  }
  return "application/octet-stream";
}

void ShowDocuments(const Submission& submission, ext::ReviewedDocuments& shown) {
  const auto show = [](const std::string& text, auto set) {
    if (!text.empty()) set(text);
  };
  show(submission.company_type, [&](auto& text) { shown.set_company_type(text); });
  show(submission.company_id, [&](auto& text) { shown.set_company_id(text); });
  show(submission.manager_id, [&](auto& text) { shown.set_manager_id(text); });
  show(submission.organization_id_type, [&](auto& text) { shown.set_org_id_type(text); });
  show(submission.organization_id_number, [&](auto& text) { shown.set_org_id_number(text); });
  show(submission.admin_id_type, [&](auto& text) { shown.set_admin_id_type(text); });
  show(submission.admin_id_number, [&](auto& text) { shown.set_admin_id_number(text); });
  show(submission.contact_id_type, [&](auto& text) { shown.set_tech_id_type(text); });
  show(submission.contact_id_number, [&](auto& text) { shown.set_tech_id_number(text); });
}

void ShowDomains(const Certificate& order, ext::DescribeReviewDetailResponse& response) {
  for (const std::string& name : order.names) response.add_names(name);
  for (const DomainAuthorization& one : order.authorizations) {
    ext::ReviewedDomain& shown = *response.add_domains();
    shown.set_domain(one.name);
    shown.set_verify_type(RecordTypeText(one.record_type));
    if (one.validated) shown.set_validated_time(TimeText(*one.validated));
  }
}

absl::Status ShowPapers(Snapshot& snapshot, const Certificate& order,
                        ext::DescribeReviewDetailResponse& response) {
  ASSIGN_OR_RETURN(const std::optional<Submission> submission,
                   snapshot.FindSubmission(order.account, order.id));
  if (submission) {
    ShowPaid(*submission, *response.mutable_submitted_data());
    ShowDocuments(*submission, *response.mutable_documents());
  }
  ASSIGN_OR_RETURN(const std::optional<Revocation> revocation,
                   snapshot.FindRevocation(order.account, order.id));
  if (revocation) response.set_revoke_reason(revocation->reason);
  for (const char* const kind : {"confirmation", "revocation"}) {
    ASSIGN_OR_RETURN(const std::optional<std::string> letter,
                     snapshot.FindLetter(order.account, order.id, kind));
    if (!letter) continue;
    ext::ReviewedLetter& shown = *response.add_letters();
    shown.set_kind(kind);
    shown.set_content_type(ContentTypeOf(KindOfLetter(*letter)));
    shown.set_content(Base64(*letter));
  }
  return absl::OkStatus();
}

absl::StatusOr<ext::DescribeReviewDetailResponse> DescribeReviewDetail(
    Services& services, const Call&, const ext::DescribeReviewDetailRequest& request) {
  ext::DescribeReviewDetailResponse response;
  const CertificateId id = {request.certificate_id()};
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<AccountId> owner, snapshot.FindOwner(id));
    ASSIGN_OR_RETURN(const Certificate order,
                     RequireCertificate(snapshot, owner.value_or(AccountId()), id));
    response.set_certificate_id(id.value);
    response.set_uin(absl::StrCat(order.account.value));
    response.set_status(static_cast<std::uint64_t>(order.status));
    ASSIGN_OR_RETURN(const std::optional<Review> review, snapshot.FindReview(order.account, id));
    if (review) ShowReview(*review, order, *response.mutable_review());
    ShowDomains(order, response);
    return ShowPapers(snapshot, order, response);
  }));
  return response;
}

absl::StatusOr<ext::ReviewCertificateResponse> ReviewCertificate(
    Services& services, const Call& call, const ext::ReviewCertificateRequest& request) {
  constexpr std::size_t kMaxReasonBytes = 500;
  if (request.reason().size() > kMaxReasonBytes) {
    return WrongParameter("Reason", request.reason(),
                          absl::StrCat("at most ", kMaxReasonBytes, " bytes"));
  }
  ASSIGN_OR_RETURN(const ReviewDecision decision, ParseDecision(request));
  std::optional<ReviewStage> stage;
  if (request.has_stage()) {
    stage = ParseStage(request.stage());
    if (!stage) {
      return WrongParameter("Stage", request.stage(),
                            "PRE-REVIEWING, LEGAL-REVIEWING, CA-REVIEWING, REVOCATION-REVIEWING");
    }
  }
  ASSIGN_OR_RETURN(const Certificate order,
                   services.reviews.Decide(CertificateId{request.certificate_id()}, decision,
                                           request.reason(), stage, call.AsCaller().Uin()));
  ext::ReviewCertificateResponse response;
  response.set_certificate_id(order.id.value);
  response.set_status(static_cast<std::uint64_t>(order.status));
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Review> next,
                     snapshot.FindReview(order.account, order.id));
    if (next) response.set_stage(StageText(next->stage));
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<ext::DescribeReviewPoliciesResponse> DescribeReviewPolicies(
    Services& services, const Call&, const ext::DescribeReviewPoliciesRequest&) {
  ext::DescribeReviewPoliciesResponse response;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    for (const Level level : kLevels) {
      ASSIGN_OR_RETURN(const ReviewPolicy policy, services.reviews.PolicyOf(snapshot, level));
      ext::ReviewPolicy& shown = *response.add_policies();
      shown.set_level(LevelText(level));
      shown.set_mode(policy.is_automatic ? kAutomatic : kManual);
      shown.set_seconds(static_cast<std::uint64_t>(absl::ToInt64Seconds(policy.stage)));
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<ext::ModifyReviewPolicyResponse> ModifyReviewPolicy(
    Services& services, const Call&, const ext::ModifyReviewPolicyRequest& request) {
  constexpr std::uint64_t kMaxSeconds = 2592000;
  ASSIGN_OR_RETURN(const Level level, ParseLevel(request.level()));
  if (request.mode() != kAutomatic && request.mode() != kManual) {
    return WrongParameter("Mode", request.mode(), "automatic, manual");
  }
  if (request.seconds() > kMaxSeconds) {
    return WrongParameter("Seconds", absl::StrCat(request.seconds()), "0 to 2592000");
  }
  RETURN_IF_ERROR(services.reviews.SetPolicy(
      level, {.is_automatic = request.mode() == kAutomatic,
              .stage = absl::Seconds(static_cast<std::int64_t>(request.seconds()))}));
  ext::ModifyReviewPolicyResponse response;
  response.set_level(request.level());
  return response;
}

absl::StatusOr<ext::RemindReviewersResponse> RemindReviewers(
    Services& services, const Call& call, const ext::RemindReviewersRequest& request) {
  RETURN_IF_ERROR(
      services.reviews.Remind(call.account.id, CertificateId{request.certificate_id()}));
  ext::RemindReviewersResponse response;
  response.set_certificate_id(request.certificate_id());
  return response;
}

}  // namespace

void BindReview(ActionTable& table) {
  table.Bind("CreateOrder", CreateOrder);
  table.Bind("DescribeReviews", DescribeReviews);
  table.Bind("DescribeReviewDetail", DescribeReviewDetail);
  table.Bind("ReviewCertificate", ReviewCertificate);
  table.Bind("DescribeReviewPolicies", DescribeReviewPolicies);
  table.Bind("ModifyReviewPolicy", ModifyReviewPolicy);
  table.Bind("RemindReviewers", RemindReviewers);
}

}  // namespace certwright
