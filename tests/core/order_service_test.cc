#include "core/order_service.h"

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "core/crypto/csr.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using Types = std::vector<std::string>;
using S = CertificateStatus;

}  // namespace

TEST_CASE("an application has its validation record at once", "[orders]") {
  Engine engine;

  const Certificate order = engine.Find(engine.Apply("Shop.Example.com"));

  CHECK(order.id.value.size() == 8);
  CHECK(order.status == S::kReviewing);
  CHECK(order.status_message == "PENDING-DCV");
  CHECK(order.domain == "shop.example.com");
  REQUIRE(order.authorizations.size() == 1);
  const DomainAuthorization& record = order.authorizations.front();
  CHECK(record.record_type == RecordType::kCname);
  CHECK(record.zone == "example.com");
  CHECK(record.key == record.sub_domain + "." + record.zone);
  CHECK(absl::EndsWith(record.key, ".shop.example.com"));
  CHECK(absl::EndsWith(record.value, ".trust-provider.invalid"));
  CHECK(engine.LogTypes() == Types{"apply"});
}

TEST_CASE("a proof for www.X is given at X, which covers both names", "[orders]") {
  Engine engine;
  const Certificate order = engine.Find(engine.Apply("www.example.com"));
  REQUIRE(order.authorizations.size() == 1);
  CHECK(order.authorizations[0].name == "example.com");
  CHECK(order.names == Types{"www.example.com", "example.com"});
}

TEST_CASE("every host of a file validation shows the file", "[orders]") {
  Engine engine;
  FreeApplication application = engine.Application("example.com");
  application.method = ValidationMethod::kFile;
  const Certificate order = engine.Find(*engine.orders.Apply(application));
  REQUIRE(order.authorizations.size() == 2);
  CHECK(order.authorizations[1].name == "www.example.com");
  CHECK(order.authorizations[0].path == "/.well-known/pki-validation/");
}

TEST_CASE("no two orders share a validation value", "[orders]") {
  Engine engine;
  std::set<std::string> values;
  for (int i = 0; i < 10; ++i) {
    FreeApplication application = engine.Application("example.com");
    application.account = i % 2 == 0 ? kAccount : kOther;
    const CertificateId id = *engine.orders.Apply(application);
    const Certificate order = engine.Find(id, application.account);
    values.insert(order.authorizations[0].value);
    values.insert(order.authorizations[0].key);
  }
  CHECK(values.size() == 20);
}

TEST_CASE("a missing record leaves the order open, and is looked for again", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");

  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  CHECK(engine.Find(id).status == S::kReviewing);
  CHECK(engine.RunDueJobs() == 0);
  engine.clock.Advance(engine.settings.first_recheck);
  CHECK(engine.RunDueJobs() == 1);
  engine.clock.Advance(absl::Seconds(59));
  CHECK(engine.RunDueJobs() == 0);
  engine.clock.Advance(absl::Seconds(1));
  CHECK(engine.RunDueJobs() == 1);
  engine.clock.Advance(absl::Hours(1));
  CHECK(engine.RunDueJobs() == 1);
  engine.clock.Advance(absl::Minutes(9));
  CHECK(engine.RunDueJobs() == 0);
  engine.clock.Advance(absl::Minutes(1));
  engine.validator.Pass();
  CHECK(engine.RunDueJobs() == 1);
  CHECK(engine.Find(id).status == S::kIssued);
}

TEST_CASE("an issued certificate has its documented dates, names and log", "[orders]") {
  Engine engine;

  const CertificateId id = engine.Issue("example.com");

  const Certificate issued = engine.Find(id);
  CHECK(issued.status == S::kIssued);
  CHECK(issued.status_message.empty());
  CHECK(*issued.not_before == absl::FromUnixSeconds(1767225600));  // that day, 00:00:00 UTC
  CHECK(*issued.not_after - *issued.not_before == absl::Hours(24 * 90) - absl::Seconds(1));
  CHECK(issued.key_description == "ECC 256");
  CHECK(issued.has_private_key);
  CHECK(engine.LogTypes() == Types{"apply", "domainValidationPassed", "issued"});
  CHECK(engine.Log()[1].actor == "--");
  CHECK(engine.Log()[1].remark.empty());
  CertificateBody body;
  (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    body = *snapshot.FindBody(kAccount, id);
    return absl::OkStatus();
  });
  CHECK(CheckChain({body.leaf_der, body.chain_der[0], body.root_der}).ok());
  const CertificateFacts facts = *Describe(body.leaf_der);
  CHECK(facts.names == Types{"example.com", "www.example.com"});
  CHECK(facts.serial_number == issued.serial_number);
  CHECK(ParseCsrPem(CsrPem(body.csr_der))->public_key_der == facts.public_key_der);
}

TEST_CASE("lab validation is said so in the log", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.test");
  engine.validator.Pass("lab");
  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  CHECK(absl::StrContains(engine.Log()[1].remark, "lab"));
}

TEST_CASE("completing what is not open is refused", "[orders]") {
  Engine engine;
  const CertificateId issued = engine.Issue("a.example.com");
  for (const CertificateId& id : {issued, CertificateId{"nosuchid"}}) {
    CHECK(ErrorOf(engine.orders.Complete(kAccount, id).status()) ==
          ApiError::kFailedOperationCertificateNotFoundOrAudited);
  }
}

TEST_CASE("a check tells what was seen, and is not repeated too soon", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");

  const auto first = *engine.orders.CheckVerification(kAccount, id);
  const auto second = *engine.orders.CheckVerification(kAccount, id);
  engine.clock.Advance(absl::Minutes(5));
  engine.validator.Pass();
  const auto third = *engine.orders.CheckVerification(kAccount, id);

  CHECK(first[0].probe.result == Probe::Result::kCnameAbsent);
  CHECK_FALSE(first[0].is_frequent);
  CHECK(second[0].is_frequent);
  CHECK(third[0].is_issued);
  CHECK(engine.validator.asked.size() == 2);
  CHECK(ErrorOf(engine.orders.CheckVerification(kAccount, id).status()) ==
        ApiError::kFailedOperationCertificateStatusNotAllowVerify);
}

TEST_CASE("N names are N lookups", "[orders]") {
  Engine engine;
  FreeApplication application = engine.Application("example.com");
  application.method = ValidationMethod::kFile;
  const CertificateId id = *engine.orders.Apply(application);
  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  std::set<std::string> asked;
  for (const DomainAuthorization& one : engine.validator.asked) asked.insert(one.name);
  CHECK(asked == std::set<std::string>{"example.com", "www.example.com"});
}

TEST_CASE("an order that is not validated in time is closed", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  engine.clock.Advance(absl::Hours(72));
  CHECK(engine.RunDueJobs() >= 1);
  const Certificate order = engine.Find(id);
  CHECK(order.status == S::kFailed);
  CHECK(absl::StrContains(order.status_message, "not validated in time"));
  CHECK(engine.LogTypes() == Types{"apply", "failed"});
  CHECK(engine.Log().back().actor == "--");
  CHECK(engine.Log().back().remark == order.status_message);
  engine.clock.Advance(absl::Hours(1));
  CHECK(engine.RunDueJobs() == 0);
}

TEST_CASE("a CAA record that names another CA ends the order", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  engine.validator.answer = {.result = Probe::Result::kCaaForbids, .reason = "caa"};
  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  CHECK(engine.Find(id).status == S::kFailed);
  CHECK(engine.LogTypes() == Types{"apply", "failed"});
}

TEST_CASE("a blocked word fails the security review", "[orders]") {
  Engine engine(Settings{.blocked_words = {"bank"}});
  const CertificateId id = engine.Apply("my-bank.example.com");
  CHECK(engine.Find(id).status == S::kFailed);
  CHECK(absl::StrContains(engine.Find(id).status_message, "security review"));
  CHECK(engine.LogTypes() == Types{"apply", "failed"});
  CHECK(engine.Log().back().remark == engine.Find(id).status_message);
  engine.clock.Advance(absl::Hours(1));
  CHECK(engine.RunDueJobs() == 0);
}

TEST_CASE("applications that break a rule are refused and leave nothing", "[orders]") {
  Engine engine;
  FreeApplication application = engine.Application("a.example.com");
  ApiError expected = ApiError::kFailedOperationInvalidParam;
  SECTION("product") { application.package_type = "12"; }
  SECTION("term") { application.validity_period = "12"; }
  SECTION("names") { application.has_dns_names = true; }
  SECTION("automatic DNS without a zone") { application.method = ValidationMethod::kDnsAuto; }
  SECTION("algorithm") { application.key_algorithm = "DSA"; }
  SECTION("curve left out") { application.key_algorithm = "ECC"; }
  SECTION("another curve") { application.key_parameter = "secp384r1"; }
  SECTION("RSA size") {
    application.key_algorithm = "RSA";
    application.key_parameter = "1024";
  }
  SECTION("short password") { application.key_password = "12345"; }
  SECTION("password with a control character") { application.key_password = "123456\n"; }
  SECTION("mail") {
    application.contact_email = "nobody";
    expected = ApiError::kInvalidParameterValueCertificateEmailParseInvalid;
  }
  SECTION("package") {
    application.package_id = "p-1";
    expected = ApiError::kFailedOperationPackageNotFound;
  }
  SECTION("alias") {
    application.alias = std::string(201, 'x');
    expected = ApiError::kInvalidParameter;
  }
  SECTION("unknown old certificate") {
    application.old_certificate_id = "nosuchid";
    expected = ApiError::kFailedOperationCertificateNotFound;
  }
  SECTION("request that is none") { application.csr_pem = "garbage"; }

  CHECK(ErrorOf(engine.orders.Apply(application).status()) == expected);
  CHECK(engine.Log().empty());
}

TEST_CASE("the account's quota returns when an order is cancelled", "[orders]") {
  Engine engine(Settings{.free_quota = 2});
  const CertificateId first = engine.Apply("a.example.com");
  engine.Apply("b.example.org");
  CHECK(ErrorOf(engine.orders.Apply(engine.Application("c.example.net")).status()) ==
        ApiError::kFailedOperationExceedsFreeLimit);
  REQUIRE(engine.orders.CancelOrder(kAccount, first).ok());
  CHECK(engine.orders.Apply(engine.Application("c.example.net")).ok());
  FreeApplication other = engine.Application("d.example.net");
  other.account = kOther;
  CHECK(engine.orders.Apply(other).ok());
}

TEST_CASE("a registrable domain has a quota of its own", "[orders]") {
  Engine engine(Settings{.free_quota_per_domain = 1});
  engine.Apply("a.example.com");
  CHECK(ErrorOf(engine.orders.Apply(engine.Application("b.example.com")).status()) ==
        ApiError::kFailedOperationMainDomainCertificateCountLimit);
  CHECK(engine.orders.Apply(engine.Application("b.example.org")).ok());
}

TEST_CASE("an order is cancelled while it is open, once", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  REQUIRE(engine.orders.CancelAudit(kAccount, id).ok());
  CHECK(engine.Find(id).status == S::kCancelled);
  CHECK(engine.LogTypes() == Types{"apply", "cancel"});
  CHECK(ErrorOf(engine.orders.CancelAudit(kAccount, id)) ==
        ApiError::kFailedOperationCertificateNotFoundOrCantCancel);
  CHECK(ErrorOf(engine.orders.CancelOrder(kAccount, id)) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  engine.validator.Pass();
  engine.clock.Advance(absl::Hours(1));
  CHECK(engine.RunDueJobs() == 0);
  CHECK(engine.Find(id).status == S::kCancelled);
}

TEST_CASE("nobody touches another account's certificate", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  engine.validator.Pass();
  CHECK_FALSE(engine.orders.Complete(kOther, id).ok());
  CHECK_FALSE(engine.orders.CheckVerification(kOther, id).ok());
  CHECK_FALSE(engine.orders.CancelOrder(kOther, id).ok());
  CHECK_FALSE(engine.orders.CancelAudit(kOther, id).ok());
  CHECK(engine.Find(id).status == S::kReviewing);
  CHECK(engine.validator.asked.empty());
}

TEST_CASE("a renewal of what is not there names its member", "[orders]") {
  Engine engine;
  FreeApplication renewal = engine.Application("a.example.com");
  renewal.old_certificate_id = "nosuchid";
  const absl::Status status = engine.orders.Apply(renewal).status();
  CHECK(ErrorOf(status) == ApiError::kFailedOperationCertificateNotFound);
  CHECK(FieldOf(status) == "OldCertificateId");
}

TEST_CASE("a renewal is ordered in the last 30 days and linked both ways", "[orders]") {
  Engine engine;
  const CertificateId old_id = engine.Issue("a.example.com");
  FreeApplication renewal = engine.Application("a.example.com");
  renewal.old_certificate_id = old_id.value;
  CHECK(ErrorOf(engine.orders.Apply(renewal).status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  engine.clock.Advance(absl::Hours(24 * 61));

  const CertificateId new_id = *engine.orders.Apply(renewal);

  CHECK(engine.Find(new_id).renews == old_id);
  CHECK(engine.Find(old_id).renewed_by == new_id);
}

TEST_CASE("an issued certificate expires when its end has passed", "[orders]") {
  Engine engine;
  const CertificateId id = engine.Issue("a.example.com");
  engine.clock.Set(*engine.Find(id).not_after);
  engine.RunDueJobs();
  CHECK(engine.Find(id).status == S::kIssued);
  engine.clock.Advance(absl::Seconds(1));
  CHECK(engine.RunDueJobs() == 1);
  CHECK(engine.Find(id).status == S::kExpired);
  CHECK(engine.LogTypes() == Types{"apply", "domainValidationPassed", "issued", "expired"});
  CHECK(engine.Log().back().time == engine.clock.Now());
  engine.clock.Advance(absl::Hours(1));
  CHECK(engine.RunDueJobs() == 0);
}

TEST_CASE("neither end of an order is stored without its log row", "[orders][crash]") {
  Engine engine;
  const bool dies_after_commit = GENERATE(false, true);
  const bool is_issued = GENERATE(false, true);
  CAPTURE(dies_after_commit, is_issued);
  const CertificateId id =
      is_issued ? engine.Issue("a.example.com") : engine.Apply("a.example.com");
  engine.clock.Advance(absl::Hours(24 * 100));
  const auto has_ended = [&] {
    const S status = engine.Find(id).status;
    return status == S::kFailed || status == S::kExpired;
  };
  const auto is_logged = [&] {
    const std::string type = engine.Log().back().type;
    return type == "failed" || type == "expired";
  };
  DyingStore store(*engine.store);
  store.writes_left = 1;  // the claim of the job
  store.dies_after_commit = dies_after_commit;
  OrderService orders{store,           *engine.ca,   engine.keys,   engine.validator,
                      engine.suffixes, engine.clock, engine.random, engine.settings};
  Worker worker{store, orders, engine.certificates, engine.clock};
  worker.On(JobKind::kNotice, [](const Job&) { return absl::OkStatus(); });
  (void)worker.Step(10);

  CHECK(has_ended() == dies_after_commit);
  CHECK(is_logged() == dies_after_commit);
  engine.clock.Advance(absl::Hours(1));
  engine.RunDueJobs();
  CHECK(has_ended());
  CHECK(is_logged());
}

TEST_CASE("an order with the caller's own request keeps no key", "[orders]") {
  Engine engine;
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  FreeApplication application = engine.Application("a.example.com");
  application.csr_pem = CsrPem(*MakeCsr(key, {"a.example.com"}));
  const CertificateId id = *engine.orders.Apply(application);
  engine.validator.Pass();
  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  CHECK(engine.Find(id).status == S::kIssued);
  CHECK_FALSE(engine.Find(id).has_private_key);
  application.domain = "b.example.com";
  CHECK(ErrorOf(engine.orders.Apply(application).status()) ==
        ApiError::kFailedOperationInvalidParam);
}

TEST_CASE("wherever the process dies, one certificate comes of an order", "[orders][crash]") {
  const int writes = GENERATE(range(0, 6));
  const bool after_commit = GENERATE(false, true);
  CAPTURE(writes, after_commit);
  Engine engine;
  engine.validator.Pass();
  DyingStore dying(*engine.store);
  dying.writes_left = writes;
  dying.dies_after_commit = after_commit;
  OrderService doomed(dying, *engine.ca, engine.keys, engine.validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  Worker doomed_worker(dying, doomed, engine.certificates, engine.clock);
  // Half of the way by the caller, the other half by the job: whichever dies first.
  const auto applied = doomed.Apply(engine.Application("a.example.com"));
  if (applied.ok() && writes % 2 == 0) (void)doomed.Complete(kAccount, *applied);
  engine.clock.Advance(engine.settings.first_recheck);
  if (applied.ok()) (void)doomed_worker.Step(10);

  (void)engine.store->Write([](Transaction& transaction) { return transaction.ReleaseLeases(); });
  engine.clock.Advance(absl::Minutes(10));
  engine.RunDueJobs();

  CertificatePage page;
  (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    page = *snapshot.ListCertificates(kAccount, {.limit = 10});
    return absl::OkStatus();
  });
  const bool was_stored = writes > 0 || after_commit;
  REQUIRE(page.total == (was_stored ? 1 : 0));
  if (!was_stored) return;
  CHECK(page.certificates[0].status == S::kIssued);
  CHECK(engine.LogTypes() == Types{"apply", "domainValidationPassed", "issued"});
}

}  // namespace certwright
