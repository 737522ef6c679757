#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/paid_order_service.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using S = CertificateStatus;
using Names = std::vector<std::string>;

constexpr int kTrustAsiaDvMulti = 11;
constexpr int kTrustAsiaDvWildcard = 12;
constexpr int kSecureSiteOv = 6;
constexpr int kSecureSiteEv = 4;
constexpr int kWoTrusOv = 28;
constexpr int kRapidDv = 102;
constexpr int kSm2 = 51;

std::string Letter(const std::string& begin = "%PDF-1.7") {
  std::string letter = begin;
  letter.resize(2000, 'x');
  return letter;
}

class Paid {
 public:
  explicit Paid(Settings settings = {}) : engine(std::move(settings)) {}

  CertificateId Open(int product, std::int64_t domains = 1) {
    return engine.paid_orders.Open({.account = kAccount, .product = product, .domains = domains})
        ->id;
  }
  static Submission Data(const std::string& domain, Names names = {}) {
    return {.names = std::move(names),
            .csr_source = "online",
            .domain = domain,
            .key_algorithm = "ECC",
            .key_parameter = "prime256v1",
            .organization_name = "Example Ltd",
            .contact_email = "ops@example.com",
            .company_type = "2"};
  }
  absl::Status Submit(const CertificateId& id, const Submission& data,
                      SubmissionForm form = SubmissionForm::kCurrent) {
    return engine.paid_orders.Submit(kAccount, id, data, form);
  }
  absl::StatusOr<CommittedOrder> Commit(const CertificateId& id,
                                        SubmissionForm form = SubmissionForm::kCurrent) {
    return engine.paid_orders.Commit(kAccount, id, std::nullopt, false, form);
  }
  // Handed in, up to the letter.
  CertificateId Committed(int product, const std::string& domain) {
    const CertificateId id = Open(product);
    REQUIRE(Submit(id, Data(domain)).ok());
    REQUIRE(Commit(id).ok());
    return id;
  }
  // And its letter is there.
  CertificateId InReview(int product, const std::string& domain) {
    const CertificateId id = Committed(product, domain);
    REQUIRE(engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());
    return id;
  }
  Certificate Find(const CertificateId& id) { return engine.Find(id); }

  Engine engine;
};

std::optional<ApiError> Error(const absl::Status& status) { return ErrorOf(status); }

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

TEST_CASE("a wildcard brings its parent, and is proved there", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Open(kTrustAsiaDvWildcard);
  REQUIRE(paid.Submit(id, Paid::Data("*.example.com")).ok());
  REQUIRE(paid.Commit(id).ok());

  const Certificate order = paid.Find(id);

  CHECK(order.names == Names{"*.example.com", "example.com"});
  REQUIRE(order.authorizations.size() == 1);
  CHECK(order.authorizations[0].name == "example.com");
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

TEST_CASE("products come in their numbers of domains and years only", "[paid]") {
  Paid paid;
  const auto open = [&](PaidOrder order) {
    order.account = kAccount;
    return Error(paid.engine.paid_orders.Open(order).status());
  };

  CHECK(open({.product = 83}) == ApiError::kInvalidParameterValue);
  CHECK(open({.product = 9999}) == ApiError::kInvalidParameterValue);
  CHECK(open({.product = kRapidDv, .domains = 2}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kTrustAsiaDvMulti, .domains = 1}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kTrustAsiaDvMulti, .domains = 51}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kRapidDv, .years = 2}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kSecureSiteOv, .years = 4}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kSecureSiteOv, .years = 3}) == std::nullopt);
}

TEST_CASE("each fault of a submission has its code, in either form", "[paid]") {
  Paid paid;
  const CertificateId dv = paid.Open(kRapidDv);
  const CertificateId ov = paid.Open(kSecureSiteOv);
  const CertificateId sm2 = paid.Open(kSm2);
  const auto submit = [&](const CertificateId& id, void (*spoil)(Submission&),
                          SubmissionForm form = SubmissionForm::kCurrent) {
    Submission data = Paid::Data("example.com");
    spoil(data);
    return Error(paid.Submit(id, data, form));
  };
  using E = ApiError;
  constexpr auto kOlder = SubmissionForm::kOlder;

  CHECK(submit(dv, [](Submission& data) { data.domain = "co.uk"; }) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(
            dv, [](Submission& data) { data.domain = "co.uk"; }, kOlder) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) { data.domain = "*.example.com"; }) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(dv, [](Submission& data) { data.names = {"b.example.com"}; }) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(dv, [](Submission& data) { data.csr_source = "made"; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) { data.key_parameter = "secp384r1"; }) ==
        E::kInvalidParameterRenewAlgorithmInvalid);
  CHECK(submit(dv, [](Submission& data) {
          data.csr_source = "parse";
          data.csr_pem = "nonsense";
        }) == E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) { data.key_password = "short"; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) {
          data.company_type = "1";
          data.contact_email.clear();
        }) == E::kFailedOperationCertificateInfoSubmitContactEmailEmpty);
  CHECK(submit(ov, [](Submission& data) { data.company_type = "1"; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(ov, [](Submission& data) { data.organization_name.clear(); }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(sm2, [](Submission&) {}) == E::kFailedOperationInvalidParam);
  CHECK(submit({"nosuchid"}, [](Submission&) {}) == E::kFailedOperationCertificateNotFound);
  CHECK(Error(paid.Commit(dv).status()) == E::kFailedOperationCertificateInfoSubmitStatusInvalid);
  CHECK(Error(paid.Commit(dv, kOlder).status()) == E::kFailedOperationInvalidCertificateStatusCode);
}

TEST_CASE("an order that is handed in takes no data, and free orders take none", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Committed(kRapidDv, "example.com");
  const CertificateId free = paid.engine.Apply("free.example.com");

  for (const CertificateId& one : {id, free}) {
    CHECK(Error(paid.Submit(one, Paid::Data("example.org"))) ==
          ApiError::kFailedOperationCertificateInfoSubmitStatusInvalid);
    CHECK(Error(paid.engine.paid_orders.Reopen(kAccount, one)) ==
          ApiError::kFailedOperationCertificateStatusNotAllowResubmit);
  }
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

TEST_CASE("an order names a company of its own account, or none", "[paid]") {
  Paid paid;
  Company company = {.account = kAccount,
                     .name = "Example Ltd",
                     .country = "GB",
                     .province = "London",
                     .city = "London",
                     .address = "1 High Street",
                     .phone = "1234567",
                     .id_type = "OTHERS"};
  const std::int64_t own = *paid.engine.profiles.CreateCompany(company);
  company.account = kOther;
  const std::int64_t others = *paid.engine.profiles.CreateCompany(company);
  const CertificateId id = paid.Open(kSecureSiteOv);
  const auto submit = [&](const std::string& company_id) {
    Submission data = Paid::Data("example.com");
    data.company_id = company_id;
    return Error(paid.Submit(id, data));
  };

  CHECK(submit(absl::StrCat(others)) == ApiError::kFailedOperationInvalidParam);
  CHECK(submit("x") == ApiError::kFailedOperationInvalidParam);
  CHECK(submit("0") == std::nullopt);
  CHECK(submit(absl::StrCat(own)) == std::nullopt);
}

TEST_CASE("documents have their documented kinds", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Open(kSecureSiteOv);
  for (std::string Submission::*const kind :
       {&Submission::organization_id_type, &Submission::admin_id_type,
        &Submission::contact_id_type}) {
    Submission data = Paid::Data("example.com");
    data.*kind = "CARD";
    CHECK(Error(paid.Submit(id, data)) == ApiError::kFailedOperationInvalidParam);
    data.*kind = kind == &Submission::organization_id_type ? "TYDMZ" : "HZ";
    CHECK(paid.Submit(id, data).ok());
  }
}

TEST_CASE("an approved manager, and no other, makes letter and review unnecessary", "[paid]") {
  Paid paid;
  Engine& engine = paid.engine;
  const Person person = {
      .first_name = "Ada", .last_name = "Example", .mail = "ada@example.com", .phone = "1234567"};
  const std::int64_t company = *engine.profiles.CreateCompany({.account = kAccount,
                                                               .name = "Example Ltd",
                                                               .country = "GB",
                                                               .province = "London",
                                                               .city = "London",
                                                               .address = "1 High Street",
                                                               .phone = "1234567",
                                                               .id_type = "OTHERS"});
  const std::int64_t manager =
      *engine.profiles.CreateManager({.account = kAccount, .company = company, .person = person});
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

  const std::int64_t other = *engine.profiles.CreateCompany({.account = kAccount,
                                                             .name = "Other Ltd",
                                                             .country = "GB",
                                                             .province = "London",
                                                             .city = "London",
                                                             .address = "2 High Street",
                                                             .phone = "1234567",
                                                             .id_type = "OTHERS"});
  submit(absl::StrCat(manager), absl::StrCat(other), false);
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

}  // namespace certwright
