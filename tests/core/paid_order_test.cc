#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/crypto/csr.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/paid_order_service.h"
#include "tests/support/paid.h"

namespace certwright {
namespace {

// Prepares, and does not sign.
class DownIssuer : public Issuer {
 public:
  explicit DownIssuer(Issuer& issuer) : issuer_(issuer) {}
  absl::StatusOr<Prepared> Prepare(const IssueRequest& request) override {
    return issuer_.Prepare(request);
  }
  absl::StatusOr<IssuedCertificate> Sign(absl::string_view, absl::string_view) override {
    return absl::UnavailableError("down");
  }

 private:
  Issuer& issuer_;
};

// Something happens once between a look at the store and the next write.
class OvertakenStore : public Store {
 public:
  explicit OvertakenStore(Store& store) : store_(store) {}
  std::function<void()> before_write = [] {};

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    return store_.Read(work);
  }
  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    std::exchange(before_write, [] {})();
    return store_.Write(work);
  }

 private:
  Store& store_;
};

}  // namespace

TEST_CASE("a DV order of several zones is proved in each of them, and issued", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Open(kTrustAsiaDvMulti, 3);
  CHECK(paid.Find(id).status == S::kPendingSubmission);
  REQUIRE(paid.Submit(id, Paid::Data("Example.com", {"shop.example.com", "example.org"})).ok());

  const CommittedOrder committed = *paid.Commit(id);

  CHECK(committed.certificate.status == S::kReviewing);
  CHECK_FALSE(committed.is_audited);
  const Certificate order = paid.Find(id);
  CHECK(order.status_message == "PENDING-DCV");
  REQUIRE(order.authorizations.size() == 2);
  CHECK(order.authorizations[0].name == "example.com");
  CHECK(order.authorizations[1].name == "example.org");
  paid.engine.validator.Pass();
  REQUIRE(paid.engine.orders.Complete(kAccount, id).ok());
  const Certificate issued = paid.Find(id);
  CHECK(issued.status == S::kIssued);
  CHECK(issued.names == Names{"example.com", "example.org", "shop.example.com", "www.example.com",
                              "www.example.org"});
  CHECK(*issued.not_after - *issued.not_before == absl::Hours(24 * 365) - absl::Seconds(1));
  CHECK(paid.engine.LogTypes() ==
        Names{"applyVIP", "submitInfo", "submitInfo", "domainValidationPassed", "issued"});
}

TEST_CASE("an OV order waits for its letter, its review and its proof", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.Committed(kSecureSiteOv, "example.com");
  CHECK(paid.Find(id).status == S::kPendingConfirmationLetter);
  CHECK(paid.Find(id).authorizations.empty());
  REQUIRE(paid.engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());
  CHECK(paid.Find(id).status == S::kReviewing);
  CHECK(paid.Find(id).status_message == "PRE-REVIEWING");

  SECTION("proved before the review is over") {
    paid.engine.validator.Pass();
    REQUIRE(paid.engine.orders.Complete(kAccount, id).ok());
    CHECK(paid.Find(id).status == S::kReviewing);
    CHECK(paid.Find(id).authorizations[0].validated.has_value());
    CHECK(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "")->status_message ==
          "CA-REVIEWING");
    CHECK(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "")->status == S::kReviewing);
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status == S::kIssued);
  }
  SECTION("reviewed before it is proved") {
    REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
    REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
    CHECK(paid.Find(id).status_message == "PENDING-DCV");
    paid.engine.validator.Pass();
    REQUIRE(paid.engine.orders.Complete(kAccount, id).ok());
    CHECK(paid.Find(id).status == S::kIssued);
  }
  CHECK(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "")->status == S::kIssued);
}

TEST_CASE("a decision that names its stage is about that stage alone, however often it is made",
          "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kEv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteEv, "example.com");
  const auto decide = [&](ReviewDecision decision, ReviewStage stage) {
    return paid.engine.reviews.Decide(id, decision, "why", stage);
  };
  CHECK(decide(ReviewDecision::kApprove, ReviewStage::kPreReview)->status_message ==
        "LEGAL-REVIEWING");

  for (const ReviewDecision decision :
       {ReviewDecision::kApprove, ReviewDecision::kRefuse, ReviewDecision::kRequestLetter}) {
    for (const ReviewStage other :
         {ReviewStage::kPreReview, ReviewStage::kCaReview, ReviewStage::kRevocation}) {
      CHECK(Error(decide(decision, other).status()) ==
            ApiError::kFailedOperationInvalidCertificateStatusCode);
    }
  }

  CHECK(paid.Find(id).status_message == "LEGAL-REVIEWING");
  REQUIRE(decide(ReviewDecision::kApprove, ReviewStage::kLegalReview).ok());
  REQUIRE(decide(ReviewDecision::kApprove, ReviewStage::kCaReview).ok());
  CHECK(Error(decide(ReviewDecision::kApprove, ReviewStage::kCaReview).status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  CHECK(paid.Find(id).status_message == "PENDING-DCV");
  std::vector<std::string> passed;
  for (const OperateLogEntry& entry : paid.engine.Log()) {
    if (entry.type == "reviewPassed") passed.push_back(entry.actor + " " + entry.remark);
  }
  CHECK(passed == Names{"-- PRE-REVIEWING", "-- LEGAL-REVIEWING", "-- CA-REVIEWING"});
}

TEST_CASE("a policy passes each stage by itself after its time", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kEv, {.stage = absl::Minutes(10)}).ok());
  const CertificateId id = paid.InReview(kSecureSiteEv, "example.com");
  std::vector<std::string> stages;
  for (int i = 0; i < 4; ++i) {
    stages.push_back(paid.Find(id).status_message);
    paid.engine.clock.Advance(absl::Minutes(10));
    paid.engine.RunDueJobs();
  }

  CHECK(stages == Names{"PRE-REVIEWING", "LEGAL-REVIEWING", "CA-REVIEWING", "PENDING-DCV"});
}

TEST_CASE("a refusal ends the order with its reason, and it can be opened again", "[paid]") {
  Paid paid;
  const CertificateId id = paid.InReview(kSecureSiteOv, "example.com");
  CHECK(paid.engine.reviews.Decide(id, ReviewDecision::kRefuse, "no such company")->status ==
        S::kFailed);
  CHECK(paid.Find(id).status_message == "no such company");
  CHECK(paid.engine.RunDueJobs() == 0);

  REQUIRE(paid.engine.paid_orders.Reopen(kAccount, id).ok());

  CHECK(paid.Find(id).status == S::kPendingSubmission);
  CHECK(Error(paid.Commit(id).status()) ==
        ApiError::kFailedOperationCertificateInfoSubmitStatusInvalid);
  REQUIRE(paid.Submit(id, Paid::Data("example.org")).ok());
  REQUIRE(paid.Commit(id).ok());
}

TEST_CASE("a reviewer may ask for a letter, and the applicant sees it", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.Committed(kWoTrusOv, "example.com");
  CHECK(paid.Find(id).status == S::kReviewing);

  CHECK(paid.engine.reviews.Decide(id, ReviewDecision::kRequestLetter, "please sign")->status ==
        S::kPendingConfirmationLetter);
  CHECK(paid.engine.Log().back().type == "letterRequested");
  CHECK(paid.engine.Log().back().remark == "please sign");

  CHECK(Error(paid.engine.paid_orders.UploadLetter(kAccount, id, Letter("\x89PNG\r\n\x1a\n"))) ==
        ApiError::kFailedOperationInvalidConfirmLetterFormatWosign);
  REQUIRE(paid.engine.paid_orders.UploadLetter(kAccount, id, Letter("GIF89a")).ok());
  CHECK(paid.Find(id).status == S::kReviewing);
}

TEST_CASE("an order whose letter does not come fails in the end", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Committed(kSecureSiteOv, "example.com");
  const std::optional<absl::Time> deadline = paid.Find(id).validation_deadline;
  REQUIRE(deadline.has_value());
  paid.engine.clock.Set(*deadline - absl::Seconds(1));
  CHECK(paid.engine.RunDueJobs() == 0);

  SECTION("at the deadline that it shows") {
    paid.engine.clock.Set(*deadline);
    CHECK(paid.engine.RunDueJobs() == 1);
    CHECK(paid.Find(id).status == S::kFailed);
    CHECK(paid.engine.Log().back().type == "failed");
    CHECK(paid.engine.Jobs().empty());
    CHECK(paid.engine.paid_orders.Reopen(kAccount, id).ok());
  }
  SECTION("but not when it came, and validation has its own time from then on") {
    REQUIRE(paid.engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());
    paid.engine.clock.Set(*deadline);
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status == S::kReviewing);
    CHECK(paid.Find(id).validation_deadline > *deadline);
  }
}

TEST_CASE("a letter that a reviewer asks for has a time of its own", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteOv, "example.com");
  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kRequestLetter, "sign").ok());

  paid.engine.clock.Advance(paid.engine.settings.validation_deadline);
  paid.engine.RunDueJobs();
  CHECK(paid.Find(id).status == S::kPendingConfirmationLetter);
  paid.engine.clock.Set(*paid.Find(id).validation_deadline);
  paid.engine.RunDueJobs();
  CHECK(paid.Find(id).status == S::kFailed);
}

TEST_CASE("a policy that changes reaches the reviews that wait", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kEv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteEv, "example.com");
  paid.engine.RunDueJobs();
  CHECK(paid.Find(id).status_message == "PRE-REVIEWING");

  SECTION("it decides now") {
    REQUIRE(paid.engine.reviews.SetPolicy(Level::kEv, {}).ok());
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status_message == "PENDING-DCV");
  }
  SECTION("it decides later, counted from when the stage was entered") {
    paid.engine.clock.Advance(absl::Minutes(1));
    REQUIRE(paid.engine.reviews.SetPolicy(Level::kEv, {.stage = absl::Minutes(2)}).ok());
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status_message == "PRE-REVIEWING");
    paid.engine.clock.Advance(absl::Minutes(1));
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status_message == "LEGAL-REVIEWING");
    REQUIRE(paid.engine.reviews.SetPolicy(Level::kEv, {.is_automatic = false}).ok());
    paid.engine.clock.Advance(absl::Hours(1));
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status_message == "LEGAL-REVIEWING");
  }
  SECTION("another level's does not") {
    REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {}).ok());
    paid.engine.RunDueJobs();
    CHECK(paid.Find(id).status_message == "PRE-REVIEWING");
  }
}

TEST_CASE("in status 4 the message says that validation is outstanding", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.zones.Create(kAccount, "example.com").ok());
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kDv, {.is_automatic = false}).ok());
  const CertificateId id = paid.Open(kTrustAsiaDv);
  Submission data = Paid::Data("example.com");
  data.method = ValidationMethod::kDnsAuto;
  REQUIRE(paid.Submit(id, data).ok());
  REQUIRE(paid.Commit(id).ok());

  paid.engine.RunDueJobs();

  CHECK(paid.Find(id).status == S::kDnsRecordAdded);
  CHECK(paid.Find(id).status_message == "PENDING-DCV");
  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  paid.engine.RunDueJobs();
  CHECK(paid.Find(id).status == S::kIssued);
}

TEST_CASE("orders of DNSPod and WoTrus are proved without CompleteCertificate", "[paid]") {
  Paid paid;
  const int product = GENERATE(kWoTrusDv, kDnspodDv);
  const CertificateId id = paid.Committed(product, "example.com");
  paid.engine.validator.Pass();

  CHECK(Error(paid.engine.orders.Complete(kAccount, id).status()) ==
        ApiError::kFailedOperationInvalidParam);
  CHECK(paid.Find(id).status == S::kReviewing);
  REQUIRE(paid.engine.orders.CheckVerification(kAccount, id).ok());
  CHECK(paid.Find(id).status == S::kIssued);
  CHECK(Error(paid.engine.orders.Complete(kAccount, id).status()) ==
        ApiError::kFailedOperationCertificateNotFoundOrAudited);
}

TEST_CASE("no letter is asked for a DV order, which takes none", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kDv, {.is_automatic = false}).ok());
  const CertificateId id = paid.Committed(kRapidDv, "example.com");

  const auto decided = paid.engine.reviews.Decide(id, ReviewDecision::kRequestLetter, "sign");

  CHECK(Error(decided.status()) == ApiError::kFailedOperationInvalidCertificateStatusCode);
  CHECK(paid.Find(id).status == S::kReviewing);
  CHECK(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
}

TEST_CASE("a proof stands when a letter is asked for", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteOv, "example.com");
  paid.engine.validator.Pass();
  REQUIRE(paid.engine.orders.Complete(kAccount, id).ok());
  const std::vector<DomainAuthorization> proved = paid.Find(id).authorizations;
  REQUIRE(proved.at(0).validated.has_value());
  paid.engine.validator.asked.clear();
  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kRequestLetter, "please sign").ok());

  REQUIRE(paid.engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());

  CHECK(paid.Find(id).authorizations.at(0).value == proved[0].value);
  CHECK(paid.Find(id).authorizations.at(0).validated == proved[0].validated);
  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  paid.engine.RunDueJobs();
  CHECK(paid.Find(id).status == S::kIssued);
  CHECK(paid.engine.validator.asked.empty());
}

TEST_CASE("a review may take longer than validation was allowed to", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteOv, "example.com");
  paid.engine.validator.Pass();
  REQUIRE(paid.engine.orders.Complete(kAccount, id).ok());
  paid.engine.clock.Advance(paid.engine.settings.validation_deadline + absl::Hours(24));

  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  REQUIRE(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").ok());
  paid.engine.RunDueJobs();

  CHECK(paid.Find(id).status == S::kIssued);
}

TEST_CASE("the operate log names the person who decided", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteOv, "example.com");
  const auto decision =
      GENERATE(ReviewDecision::kApprove, ReviewDecision::kRefuse, ReviewDecision::kRequestLetter);

  REQUIRE(paid.engine.reviews.Decide(id, decision, "because", {}, "100000000099").ok());

  CHECK(paid.engine.Log().back().actor == "100000000099");
}

TEST_CASE("a letter of another size or kind is refused, and nothing changes", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Committed(kSecureSiteOv, "example.com");
  const auto upload = [&](const std::string& letter) {
    return Error(paid.engine.paid_orders.UploadLetter(kAccount, id, letter));
  };

  CHECK(upload(Letter().substr(0, 1024)) == ApiError::kFailedOperationConfirmLetterTooSmall);
  CHECK(upload(std::string(1400 * 1024, 'x')) == ApiError::kFailedOperationConfirmLetterTooLarge);
  CHECK(upload(Letter("GIF89a")) == ApiError::kFailedOperationInvalidConfirmLetterFormat);
  CHECK(paid.Find(id).status == S::kPendingConfirmationLetter);
  CHECK(Error(paid.engine.paid_orders.UploadLetter(kOther, id, Letter())) ==
        ApiError::kFailedOperationCertificateNotFound);
}

TEST_CASE("a zone that is gone when the letter comes makes way for the owner's own record",
          "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.zones.Create(kAccount, "example.com").ok());
  const CertificateId id = paid.Open(kSecureSiteOv);
  Submission data = Paid::Data("example.com");
  data.method = ValidationMethod::kDnsAuto;
  REQUIRE(paid.Submit(id, data).ok());
  REQUIRE(paid.Commit(id).ok());
  REQUIRE(paid.engine.zones.Delete("example.com").ok());

  REQUIRE(paid.engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());

  CHECK(paid.Find(id).validation_method == ValidationMethod::kDns);
}

TEST_CASE("a cancelled order leaves no review and no job", "[paid]") {
  Paid paid;
  REQUIRE(paid.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId id = paid.InReview(kSecureSiteOv, "example.com");

  REQUIRE(paid.engine.orders.CancelAudit(kAccount, id).ok());

  CHECK(paid.Find(id).status == S::kCancelled);
  paid.engine.clock.Advance(absl::Hours(24 * 10));
  CHECK(paid.engine.RunDueJobs() == 0);
  CHECK(Error(paid.engine.reviews.Decide(id, ReviewDecision::kApprove, "").status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
}

TEST_CASE("an approved manager, and no other, makes letter and review unnecessary", "[paid]") {
  Paid paid;
  Engine& engine = paid.engine;
  const std::int64_t company = paid.Company("Example Ltd");
  const std::int64_t manager = paid.Manager(company);
  const auto submit = [&](const std::string& manager_id, const std::string& company_id,
                          bool is_taken, int product = kSecureSiteOv) {
    const CertificateId id = paid.Open(product);
    Submission data = Paid::Data("example.com");
    data.organization_name.clear();
    data.manager_id = manager_id;
    data.company_id = company_id;
    CHECK(Error(paid.Submit(id, data)) ==
          (is_taken ? std::nullopt
                    : std::optional<ApiError>(ApiError::kFailedOperationInvalidParam)));
    return id;
  };
  submit("77", "0", false);
  // In review, it stands for nobody.
  submit(absl::StrCat(manager), "0", false);
  REQUIRE(engine.profiles.Review(manager, true, "").ok());
  REQUIRE(engine.profiles.Review(manager, true, "").ok());

  submit(absl::StrCat(manager), absl::StrCat(paid.Company("Other Ltd")), false);
  REQUIRE(engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());

  const CommittedOrder order =
      *paid.Commit(submit(absl::StrCat(manager), absl::StrCat(company), true));

  CHECK(order.certificate.status == S::kReviewing);
  CHECK(order.certificate.status_message == "PENDING-DCV");
  CHECK(order.is_audited);
  const CommittedOrder lettered = *paid.Commit(submit(absl::StrCat(manager), "0", true, 18));
  CHECK(lettered.certificate.status == S::kPendingConfirmationLetter);
  CHECK_FALSE(lettered.is_audited);
  CHECK(Error(engine.profiles.Delete(kAccount, manager)) ==
        ApiError::kFailedOperationManagerCanNotDeleteCert);
}

TEST_CASE("a probe of an order that was cancelled proves nothing of the one opened in its place",
          "[paid]") {
  Paid paid;
  Engine& engine = paid.engine;
  const bool is_reviewed = GENERATE(false, true);
  if (is_reviewed) {
    REQUIRE(engine.reviews.SetPolicy(Level::kDv, {.is_automatic = false}).ok());
  }
  // Passes, but only after the applicant has put another domain in the order's place.
  class Slow : public DomainValidator {
   public:
    std::function<void()> meanwhile = {};
    Probe Check(const DomainAuthorization&, absl::Duration) override {
      if (meanwhile) std::exchange(meanwhile, nullptr)();
      return {.result = Probe::Result::kPassed, .means = "dns"};
    }
  };
  Slow validator;
  OrderService orders(*engine.store, *engine.ca, engine.keys, validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  const CertificateId id = paid.Committed(kRapidDv, "attacker.com");
  validator.meanwhile = [&] {
    REQUIRE(orders.CancelAudit(kAccount, id).ok());
    REQUIRE(engine.paid_orders.Reopen(kAccount, id).ok());
    REQUIRE(paid.Submit(id, Paid::Data("victim.com")).ok());
    REQUIRE(paid.Commit(id).ok());
  };

  (void)orders.Complete(kAccount, id);

  const Certificate after = paid.Find(id);
  CHECK(after.status == S::kReviewing);
  CHECK(after.domain == "victim.com");
  CHECK_FALSE(after.authorizations.at(0).validated.has_value());
  CHECK(after.not_before == std::nullopt);
}

TEST_CASE("an order that waited for its signature can be cancelled, opened again and issued",
          "[paid]") {
  Paid paid;
  Engine& engine = paid.engine;
  DownIssuer down(*engine.ca);
  OrderService orders(*engine.store, down, engine.keys, engine.validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  const CertificateId id = paid.Committed(kRapidDv, "first.com");
  engine.validator.Pass();
  CHECK(Error(orders.Complete(kAccount, id).status()) == ApiError::kFailedOperationNetworkError);
  CHECK(paid.Find(id).status_message == "WAIT-ISSUE");
  REQUIRE(orders.CancelAudit(kAccount, id).ok());
  REQUIRE(engine.paid_orders.Reopen(kAccount, id).ok());
  REQUIRE(paid.Submit(id, Paid::Data("second.com")).ok());
  REQUIRE(paid.Commit(id).ok());

  REQUIRE(engine.orders.Complete(kAccount, id).ok());

  CHECK(paid.Find(id).status == S::kIssued);
  CHECK(paid.Find(id).domain == "second.com");
}

TEST_CASE("a worker that is late does not take the issue job of the order opened in its place",
          "[paid]") {
  Paid paid;
  Engine& engine = paid.engine;
  DownIssuer down(*engine.ca);
  OrderService orders(*engine.store, down, engine.keys, engine.validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  const CertificateId id = paid.Committed(kRapidDv, "first.com");
  engine.validator.Pass();
  REQUIRE(engine.orders.CancelAudit(kAccount, id).ok());
  OvertakenStore overtaken(*engine.store);
  overtaken.before_write = [&] {
    REQUIRE(engine.paid_orders.Reopen(kAccount, id).ok());
    REQUIRE(paid.Submit(id, Paid::Data("second.com")).ok());
    REQUIRE(paid.Commit(id).ok());
    CHECK_FALSE(orders.Complete(kAccount, id).ok());
  };
  OrderService late(overtaken, *engine.ca, engine.keys, engine.validator, engine.suffixes,
                    engine.clock, engine.random, engine.settings);

  REQUIRE(late.RunIssue({.kind = JobKind::kIssue, .account = kAccount, .certificate = id}).ok());

  CHECK(paid.Find(id).status_message == "WAIT-ISSUE");
  REQUIRE(engine.Jobs().size() == 1);
  CHECK(engine.Jobs()[0].kind == JobKind::kIssue);
}

}  // namespace certwright
