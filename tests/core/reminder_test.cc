#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "core/paid_order_service.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

constexpr int kTrustAsiaDvMulti = 11;
constexpr int kSecureSiteOv = 6;
constexpr int kSecureSiteEv = 4;
constexpr int kWoTrusOv = 28;

// Waits for a person's decision.
CertificateId InReview(Engine& engine, int product) {
  for (const Level level : {Level::kDv, Level::kOv, Level::kEv}) {
    REQUIRE(engine.reviews.SetPolicy(level, {.is_automatic = false}).ok());
  }
  const bool is_multi = product == kTrustAsiaDvMulti;
  const CertificateId id =
      engine.paid_orders
          .Open({.account = kAccount, .product = product, .domains = is_multi ? 2 : 1})
          ->id;
  Submission data = {.csr_source = "online",
                     .domain = "example.com",
                     .key_algorithm = "ECC",
                     .key_parameter = "prime256v1",
                     .organization_name = "Example Ltd",
                     .contact_email = "ops@example.com",
                     .company_type = "2"};
  if (is_multi) data.names = {"www.example.com"};
  const SubmissionForm form = SubmissionForm::kCurrent;
  REQUIRE(engine.paid_orders.Submit(kAccount, id, data, form).ok());
  REQUIRE(engine.paid_orders.Commit(kAccount, id, std::nullopt, false, form).ok());
  if (engine.Find(id).status == CertificateStatus::kPendingConfirmationLetter) {
    const std::string letter = "%PDF-1.7" + std::string(2000, 'x');
    REQUIRE(engine.paid_orders.UploadLetter(kAccount, id, letter).ok());
  }
  // Proved already: an unproved order would fail at its deadline.
  engine.validator.Pass();
  REQUIRE(engine.orders.CheckVerification(kAccount, id).ok());
  REQUIRE(engine.Find(id).status == CertificateStatus::kReviewing);
  return id;
}

std::size_t RemindedAfter(Engine& engine, absl::Duration time) {
  engine.clock.Advance(time);
  engine.RunDueJobs();
  return engine.reminded.size();
}

}  // namespace

TEST_CASE("an applicant reminds after the level's time, and once a day", "[reminder]") {
  Engine engine;
  const CertificateId id = InReview(engine, kSecureSiteOv);
  const auto remind = [&] { return ErrorOf(engine.reviews.Remind(kAccount, id)); };

  engine.clock.Advance(absl::Hours(72) - absl::Seconds(1));
  CHECK(remind() == ApiError::kLimitExceededRateLimitExceeded);
  CHECK(engine.reminded.empty());
  engine.clock.Advance(absl::Seconds(1));
  CHECK(remind() == std::nullopt);
  CHECK(engine.reminded.size() == 1);
  // The day's reminder was this one.
  CHECK(RemindedAfter(engine, absl::Hours(23)) == 1);
  CHECK(remind() == ApiError::kLimitExceededRateLimitExceeded);
  engine.clock.Advance(absl::Hours(1));
  CHECK(remind() == std::nullopt);
  CHECK(engine.reminded.size() == 2);
}

TEST_CASE("reviewers are reminded of what they leave lying, each level in its time", "[reminder]") {
  Engine engine;
  const auto [product, hours] = GENERATE(
      table<int, int>({{kTrustAsiaDvMulti, 24}, {kSecureSiteOv, 72}, {kSecureSiteEv, 96}}));
  const CertificateId id = InReview(engine, product);

  CHECK(RemindedAfter(engine, absl::Hours(hours) - absl::Seconds(1)) == 0);
  CHECK(RemindedAfter(engine, absl::Seconds(1)) == 1);
  CHECK(engine.reminded[0].certificate == id);
  CHECK(ErrorOf(engine.reviews.Remind(kAccount, id)) == ApiError::kLimitExceededRateLimitExceeded);
  CHECK(RemindedAfter(engine, absl::Hours(24) - absl::Seconds(1)) == 1);
  CHECK(RemindedAfter(engine, absl::Seconds(1)) == 2);
  CHECK(RemindedAfter(engine, absl::ZeroDuration()) == 2);
}

TEST_CASE("a stage that passes neither hastens nor delays a reminder", "[reminder]") {
  Engine engine;
  const CertificateId id = InReview(engine, kSecureSiteEv);

  engine.clock.Advance(absl::Hours(95));
  REQUIRE(engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  CHECK(RemindedAfter(engine, absl::Hours(1)) == 1);
  REQUIRE(engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  CHECK(RemindedAfter(engine, absl::Hours(23)) == 1);
  CHECK(RemindedAfter(engine, absl::Hours(1)) == 2);
  REQUIRE(engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  CHECK(RemindedAfter(engine, absl::Hours(24 * 30)) == 2);
}

TEST_CASE("nobody reminds of WoTrus", "[reminder]") {
  Engine engine;
  const CertificateId id = InReview(engine, kWoTrusOv);
  REQUIRE(engine.Find(id).status_message == "PRE-REVIEWING");

  CHECK(RemindedAfter(engine, absl::Hours(24 * 10)) == 0);
  CHECK(ErrorOf(engine.reviews.Remind(kAccount, id)) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
}

}  // namespace certwright
