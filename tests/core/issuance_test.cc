// Orders whose surroundings change while they are probed, prepared and signed.
#include <catch2/catch.hpp>
#include <functional>

#include "absl/strings/match.h"
#include "core/certificate_facts.h"
#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using S = CertificateStatus;
using Types = std::vector<std::string>;

// Passes every record; `during` happens while it looks.
class BusyValidator : public DomainValidator {
 public:
  std::function<void()> during = [] {};
  Probe caa = {.result = Probe::Result::kPassed};
  Types caa_asked = {};

  Probe Check(const DomainAuthorization&, absl::Duration) override {
    during();
    return {.result = Probe::Result::kPassed, .means = "dns"};
  }
  Probe MayIssue(const std::string& name, absl::Duration) override {
    caa_asked.push_back(name);
    return caa;
  }
};

// Another issuer's work, counted; `during` happens before it signs.
class CountingIssuer : public Issuer {
 public:
  explicit CountingIssuer(Issuer& issuer) : issuer_(issuer) {}

  bool is_down = false;
  std::function<void()> during = [] {};
  std::function<void()> during_failure = [] {};
  std::vector<std::string> signed_bytes = {};

  absl::StatusOr<Prepared> Prepare(const IssueRequest& request) override {
    return issuer_.Prepare(request);
  }
  absl::StatusOr<IssuedCertificate> Sign(absl::string_view issuer,
                                         absl::string_view to_be_signed) override {
    if (is_down) {
      const std::function<void()> once = std::exchange(during_failure, [] {});
      once();
      return absl::UnavailableError("the signer does not answer");
    }
    signed_bytes.emplace_back(to_be_signed);
    const std::function<void()> once = std::exchange(during, [] {});
    once();
    return issuer_.Sign(issuer, to_be_signed);
  }

 private:
  Issuer& issuer_;
};

struct Scene {
  explicit Scene(Settings with = {}) : engine(std::move(with)) {}

  CertificateId Apply(const std::string& domain) { return engine.Apply(domain); }

  int StepAfter(absl::Duration pause) {
    engine.clock.Advance(pause);
    return *worker.Step(10);
  }

  Engine engine;
  BusyValidator validator;
  CountingIssuer issuer{*engine.ca};
  OrderService orders{*engine.store,   issuer,       engine.keys,   validator,
                      engine.suffixes, engine.clock, engine.random, engine.settings};
  Worker worker{*engine.store, orders, engine.certificates, engine.clock};
};

}  // namespace

TEST_CASE("CAA is asked for the name that the proof of another covers", "[orders][caa]") {
  Scene scene;
  const CertificateId id = scene.Apply("example.com");

  SECTION("and lets it issue") {
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
    CHECK(scene.engine.Find(id).status == S::kIssued);
  }
  SECTION("and forbids: the order ends") {
    scene.validator.caa = {.result = Probe::Result::kCaaForbids, .reason = "caa"};
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
    CHECK(scene.engine.Find(id).status == S::kFailed);
  }
  SECTION("and is not answered: the order waits") {
    scene.validator.caa = {.result = Probe::Result::kDnsLookupFailed, .reason = "no answer"};
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
    CHECK(scene.engine.Find(id).status == S::kReviewing);
  }

  CHECK(scene.validator.caa_asked == Types{"www.example.com"});
}

TEST_CASE("CAA is asked for every name of a reissue that proves nothing again", "[reissue][caa]") {
  Scene scene;
  const CertificateId old_id = scene.Apply("example.com");
  REQUIRE(scene.orders.Complete(kAccount, old_id).ok());
  scene.validator.caa_asked.clear();
  const CertificateId id =
      *scene.orders.Replace({.account = kAccount, .original = old_id, .csr_type = "original"});
  CHECK(scene.validator.caa_asked.empty());
  CHECK(scene.engine.Find(id).status == S::kReissuing);

  SECTION("and lets it issue, by the job") {
    CHECK(scene.StepAfter(absl::ZeroDuration()) == 1);
    CHECK(scene.validator.caa_asked == Types{"example.com", "www.example.com"});
    CHECK(scene.engine.Find(id).status == S::kIssued);
  }
  SECTION("and lets it issue, when it is asked for") {
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
    CHECK(scene.validator.caa_asked == Types{"example.com", "www.example.com"});
    CHECK(scene.engine.Find(id).status == S::kIssued);
    CHECK(scene.StepAfter(absl::Minutes(1)) == 0);
  }
  SECTION("and forbids: the reissue fails, and its original may be reissued again") {
    scene.validator.caa = {.result = Probe::Result::kCaaForbids, .reason = "caa"};
    CHECK(scene.StepAfter(absl::ZeroDuration()) == 1);
    CHECK(scene.engine.Find(id).status == S::kFailed);
    CHECK(scene.engine.Find(old_id).status == S::kIssued);
    CHECK(scene.engine.Find(old_id).replaced_for.value.empty());
    CHECK(scene.StepAfter(absl::Minutes(1)) == 0);
  }
  SECTION("and is not answered: the reissue waits, and fails in the end") {
    scene.validator.caa = {.result = Probe::Result::kDnsLookupFailed, .reason = "no answer"};
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
    CHECK(scene.StepAfter(absl::ZeroDuration()) == 1);
    CHECK(scene.StepAfter(absl::Minutes(1)) == 1);
    CHECK(scene.engine.Find(id).status == S::kReissuing);
    CHECK(scene.StepAfter(scene.engine.settings.validation_deadline) == 1);
    CHECK(scene.engine.Find(id).status == S::kFailed);
  }
}

TEST_CASE("an order that is cancelled while it is probed is not issued", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.validator.during = [&] { REQUIRE(scene.orders.CancelOrder(kAccount, id).ok()); };

  const auto results = *scene.orders.CheckVerification(kAccount, id);

  CHECK_FALSE(results[0].is_issued);
  CHECK(scene.engine.Find(id).status == S::kCancelled);
  CHECK(scene.issuer.signed_bytes.empty());
  CHECK(scene.engine.LogTypes() == Types{"apply", "cancel"});
}

TEST_CASE("two who sign at once store one certificate of one serial number", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  Certificate first;
  scene.issuer.during = [&] {
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
    first = scene.engine.Find(id);
  };

  REQUIRE(scene.orders.Complete(kAccount, id).ok());

  const Certificate second = scene.engine.Find(id);
  CHECK(first.status == S::kIssued);
  CHECK(second.fingerprint_sha1 == first.fingerprint_sha1);
  REQUIRE(scene.issuer.signed_bytes.size() == 2);
  CHECK(scene.issuer.signed_bytes[0] == scene.issuer.signed_bytes[1]);
  CHECK(scene.engine.LogTypes() == Types{"apply", "domainValidationPassed", "issued"});
}

TEST_CASE("a signer that is down is told, and the job signs what was prepared", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.issuer.is_down = true;

  CHECK(ErrorOf(scene.orders.Complete(kAccount, id).status()) ==
        ApiError::kFailedOperationNetworkError);
  CHECK(scene.engine.Find(id).status_message == "WAIT-ISSUE");
  CHECK(scene.StepAfter(absl::Seconds(4)) == 0);
  CHECK(scene.StepAfter(absl::Seconds(1)) == 1);
  CHECK(scene.engine.Find(id).status == S::kReviewing);
  scene.issuer.is_down = false;
  CHECK(scene.StepAfter(absl::Seconds(9)) == 0);
  CHECK(scene.StepAfter(absl::Seconds(1)) == 1);

  CHECK(scene.engine.Find(id).status == S::kIssued);
  CHECK(scene.issuer.signed_bytes.size() == 1);
}

TEST_CASE("one job leads on when the validation job finds the signer down", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.issuer.is_down = true;

  CHECK(scene.StepAfter(scene.engine.settings.first_recheck) == 1);

  const std::vector<Job> jobs = scene.engine.Jobs();
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].kind == JobKind::kIssue);
  CHECK(jobs[0].due == scene.engine.clock.Now() + absl::Seconds(5));
  CHECK(absl::StrContains(jobs[0].last_error, "signer"));
  scene.issuer.is_down = false;
  CHECK(scene.StepAfter(absl::Seconds(5)) == 1);
  CHECK(scene.engine.Find(id).status == S::kIssued);
  CHECK(scene.engine.LogTypes() == Types{"apply", "domainValidationPassed", "issued"});
}

TEST_CASE("callers who try in vain neither hasten the job nor put it off", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.issuer.is_down = true;

  for (int i = 0; i < 4; ++i) {
    CHECK(ErrorOf(scene.orders.Complete(kAccount, id).status()) ==
          ApiError::kFailedOperationNetworkError);
    scene.engine.clock.Advance(absl::Seconds(1));
  }

  REQUIRE(scene.engine.Jobs().size() == 1);
  CHECK(scene.StepAfter(absl::Seconds(0)) == 0);
  CHECK(scene.StepAfter(absl::Seconds(1)) == 1);
}

TEST_CASE("a job that fails after a caller did its work does not come back", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.issuer.is_down = true;
  CHECK_FALSE(scene.orders.Complete(kAccount, id).ok());
  scene.issuer.during_failure = [&] {
    scene.issuer.is_down = false;
    REQUIRE(scene.orders.Complete(kAccount, id).ok());
  };

  CHECK(scene.StepAfter(absl::Seconds(5)) == 1);

  CHECK(scene.engine.Find(id).status == S::kIssued);
  REQUIRE(scene.engine.Jobs().size() == 1);
  CHECK(scene.engine.Jobs()[0].kind == JobKind::kExpire);
}

TEST_CASE("an order is cancelled while its signature is under way, and stays so", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.issuer.during = [&] { REQUIRE(scene.orders.CancelOrder(kAccount, id).ok()); };

  REQUIRE(scene.orders.Complete(kAccount, id).ok());

  CHECK(scene.engine.Find(id).status == S::kCancelled);
  CHECK(scene.engine.LogTypes() == Types{"apply", "domainValidationPassed", "cancel"});
  scene.engine.clock.Advance(absl::Hours(100));
  CHECK(*scene.worker.Step(10) == 0);
}

TEST_CASE("a proof that comes at the deadline is too late", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  scene.engine.clock.Advance(scene.engine.settings.validation_deadline);

  REQUIRE(scene.orders.Complete(kAccount, id).ok());
  CHECK(scene.engine.Find(id).status == S::kReviewing);
  CHECK(*scene.worker.Step(10) == 1);

  CHECK(scene.engine.Find(id).status == S::kFailed);
  CHECK(scene.issuer.signed_bytes.empty());
}

TEST_CASE("a renewal that ends without a certificate frees the old one", "[orders]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("a.example.com");
  scene.engine.clock.Advance(absl::Hours(24 * 61));
  FreeApplication renewal = scene.engine.Application("a.example.com");
  renewal.old_certificate_id = old_id.value;
  const CertificateId new_id = *scene.engine.orders.Apply(renewal);
  REQUIRE_FALSE(IsRenewable(scene.engine.Find(old_id), scene.engine.clock.Now()));

  SECTION("cancelled") { REQUIRE(scene.orders.CancelOrder(kAccount, new_id).ok()); }
  SECTION("forbidden by CAA") {
    scene.engine.validator.answer = {.result = Probe::Result::kCaaForbids};
    REQUIRE(scene.engine.orders.Complete(kAccount, new_id).ok());
  }
  SECTION("out of time") {
    scene.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
    scene.engine.clock.Advance(scene.engine.settings.validation_deadline);
    REQUIRE(scene.engine.RunDueJobs() == 1);
  }

  CHECK(scene.engine.Find(new_id).renews == old_id);
  CHECK(IsRenewable(scene.engine.Find(old_id), scene.engine.clock.Now()));
}

TEST_CASE("a blocked word is found in any case, and an empty one blocks nobody", "[orders]") {
  Scene scene(Settings{.blocked_words = {"", "BankOf"}});
  CHECK(scene.engine.Find(scene.Apply("www-bankof.example.com")).status == S::kFailed);
  CHECK(scene.engine.Find(scene.Apply("a.example.com")).status == S::kReviewing);
}

TEST_CASE("an order without anything to prove is not issued", "[orders]") {
  Scene scene;
  const CertificateId id = scene.Apply("a.example.com");
  Certificate bare = scene.engine.Find(id);
  bare.authorizations.clear();
  (void)scene.engine.store->Write(
      [&](Transaction& transaction) { return transaction.UpdateCertificate(bare); });

  REQUIRE(scene.orders.Complete(kAccount, id).ok());

  CHECK(scene.engine.Find(id).status == S::kReviewing);
  CHECK(scene.issuer.signed_bytes.empty());
}

}  // namespace certwright
