#include "core/zone_service.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using S = CertificateStatus;

FreeApplication Automatic(const Engine& engine, const std::string& domain) {
  FreeApplication application = engine.Application(domain);
  application.method = ValidationMethod::kDnsAuto;
  return application;
}

std::int64_t RecordsIn(Engine& engine, const std::string& domain) {
  std::int64_t records = -1;
  (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    const std::optional<Zone> zone = *snapshot.FindZone(domain);
    if (zone) records = zone->records;
    return absl::OkStatus();
  });
  return records;
}

TEST_CASE("an order in a hosted zone needs nobody to publish anything", "[zones]") {
  Engine engine;
  REQUIRE(*engine.zones.Create(kAccount, "Example.com") == "example.com");
  FreeApplication application = Automatic(engine, "example.com");
  application.delete_dns_auto_record = GENERATE(true, false);
  const CertificateId id = *engine.orders.Apply(application);
  CHECK(engine.Find(id).status == S::kDnsRecordAdded);
  CHECK(engine.Find(id).status_message == "PENDING-DCV");
  CHECK(RecordsIn(engine, "example.com") == 1);

  engine.RunDueJobs();

  CHECK(engine.Find(id).status == S::kIssued);
  CHECK(engine.validator.asked.empty());
  CHECK(engine.Log().at(1).remark == "validated by zone: it is hosted here");
  CHECK(RecordsIn(engine, "example.com") == (application.delete_dns_auto_record ? 0 : 1));
}

TEST_CASE("a zone serves its account alone, and names in it alone", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kOther, "example.com").ok());
  REQUIRE(engine.zones.Create(kAccount, "example.org").ok());
  for (const std::string domain : {"example.com", "shop.example.com", "example.net"}) {
    CHECK(ErrorOf(engine.orders.Apply(Automatic(engine, domain)).status()) ==
          ApiError::kFailedOperationInvalidParam);
  }
  CHECK(engine.Log().empty());
  CHECK(engine.orders.Apply(Automatic(engine, "shop.example.org")).ok());
}

TEST_CASE("another account's zone within ours is theirs", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  REQUIRE(engine.zones.Create(kOther, "team.example.com").ok());

  CHECK(ErrorOf(engine.orders.Apply(Automatic(engine, "a.team.example.com")).status()) ==
        ApiError::kFailedOperationInvalidParam);
  CHECK(engine.orders.Apply(Automatic(engine, "a.example.com")).ok());
}

TEST_CASE("an order whose zone is gone is looked for in DNS", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  const CertificateId id = *engine.orders.Apply(Automatic(engine, "example.com"));
  REQUIRE(engine.zones.Delete("EXAMPLE.com").ok());

  engine.RunDueJobs();
  CHECK(engine.Find(id).status == S::kDnsRecordAdded);
  CHECK(engine.validator.asked.size() == 1);
  engine.validator.Pass();
  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  CHECK(engine.Find(id).status == S::kIssued);
}

TEST_CASE("a cancelled order leaves nothing in the zone", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  const CertificateId id = *engine.orders.Apply(Automatic(engine, "example.com"));

  REQUIRE(engine.orders.CancelOrder(kAccount, id).ok());

  CHECK(RecordsIn(engine, "example.com") == 0);
  CHECK(engine.RunDueJobs() == 0);
}

TEST_CASE("a paid order in hosted zones proves each of its names", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  REQUIRE(engine.zones.Create(kAccount, "example.org").ok());
  const CertificateId id =
      engine.paid_orders.Open({.account = kAccount, .product = 11, .domains = 2})->id;
  Submission data = {.names = {"example.org"},
                     .method = ValidationMethod::kDnsAuto,
                     .csr_source = "online",
                     .domain = "example.com",
                     .key_algorithm = "ECC",
                     .key_parameter = "prime256v1",
                     .company_type = "2"};
  REQUIRE(engine.paid_orders.Submit(kAccount, id, data, SubmissionForm::kCurrent).ok());
  REQUIRE(engine.paid_orders.Commit(kAccount, id, std::nullopt, false, SubmissionForm::kCurrent)
              ->certificate.status == S::kDnsRecordAdded);

  engine.RunDueJobs();

  CHECK(engine.Find(id).status == S::kIssued);
}

TEST_CASE("what a hosted zone proved is revoked through it, and leaves nothing there", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  const CertificateId id = *engine.orders.Apply(Automatic(engine, "example.com"));
  engine.RunDueJobs();
  REQUIRE(engine.Find(id).status == S::kIssued);

  SECTION("while it is hosted") {
    const Revocation revocation = *engine.orders.Revoke(kAccount, id, "");
    REQUIRE(revocation.records.size() == 1);
    CHECK(revocation.records[0].method == ValidationMethod::kDnsAuto);
    engine.RunDueJobs();
    CHECK(engine.Find(id).status == S::kRevoked);
    CHECK(engine.validator.asked.empty());
    CHECK(RecordsIn(engine, "example.com") == 0);
  }
  SECTION("by the owner's own record, once the zone is gone") {
    REQUIRE(engine.zones.Delete("example.com").ok());
    const Revocation revocation = *engine.orders.Revoke(kAccount, id, "");
    CHECK(revocation.records.at(0).method == ValidationMethod::kDns);
    engine.RunDueJobs();
    CHECK(engine.Find(id).status == S::kRevoking);
    engine.validator.Pass();
    REQUIRE(engine.orders.Complete(kAccount, id).ok());
    CHECK(engine.Find(id).status == S::kRevoked);
  }
}

TEST_CASE("what a hosted zone proved is reissued through it", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  const CertificateId old_id = *engine.orders.Apply(Automatic(engine, "example.com"));
  engine.RunDueJobs();
  engine.clock.Advance(absl::Hours(24 * 4));
  const ReissueRequest request = {.account = kAccount, .original = old_id, .csr_type = "online"};

  SECTION("while it is hosted") {
    const CertificateId id = *engine.orders.Replace(request);
    CHECK(engine.Find(id).status == S::kDnsRecordAdded);
    engine.RunDueJobs();
    CHECK(engine.Find(id).status == S::kIssued);
    CHECK(engine.validator.asked.empty());
  }
  SECTION("by the owner's own record, once the zone is gone") {
    REQUIRE(engine.zones.Delete("example.com").ok());
    const CertificateId id = *engine.orders.Replace(request);
    CHECK(engine.Find(id).status == S::kReviewing);
    CHECK(engine.Find(id).validation_method == ValidationMethod::kDns);
  }
}

TEST_CASE("a paid reissue may ask for DNS_AUTO where the zone is hosted", "[zones]") {
  constexpr int kTrustAsiaDv = 104;
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());
  const CertificateId old_id = engine.Issue("example.com");
  Certificate paid = engine.Find(old_id);
  paid.package_type = kTrustAsiaDv;
  REQUIRE(engine.store
              ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(paid); })
              .ok());
  engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  engine.clock.Advance(absl::Hours(24 * 4));

  const CertificateId id = *engine.orders.Replace({.account = kAccount,
                                                   .original = old_id,
                                                   .method = ValidationMethod::kDnsAuto,
                                                   .csr_type = "online"});

  CHECK(engine.Find(id).status == S::kDnsRecordAdded);
  engine.RunDueJobs();
  CHECK(engine.Find(id).status == S::kIssued);
}

TEST_CASE("a zone is hosted once, for a domain, for an account that is there", "[zones]") {
  Engine engine;
  REQUIRE(engine.zones.Create(kAccount, "example.com").ok());

  CHECK(ErrorOf(engine.zones.Create(kOther, "example.com").status()) == ApiError::kResourceInUse);
  CHECK(ErrorOf(engine.zones.Create(kAccount, "co.uk").status()) ==
        ApiError::kInvalidParameterValue);
  CHECK(ErrorOf(engine.zones.Create(AccountId{1}, "example.net").status()) ==
        ApiError::kResourceNotFound);
  CHECK(ErrorOf(engine.zones.Delete("example.net")) == ApiError::kResourceNotFound);
}

}  // namespace
}  // namespace certwright
