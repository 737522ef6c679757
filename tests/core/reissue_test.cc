#include "core/reissue.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/certificate_facts.h"
#include "core/crypto/csr.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using Types = std::vector<std::string>;
using S = CertificateStatus;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr int kTrustAsiaOv = 14;
constexpr int kTrustAsiaDv = 104;
constexpr int kWoTrusOv = 28;

struct Scene {
  explicit Scene(Settings with = {}) : engine(std::move(with)) {}

  ReissueRequest Request(const CertificateId& original, const std::string& csr_type = "") const {
    return {.account = kAccount, .original = original, .csr_type = csr_type};
  }
  CertificateId Replace(const ReissueRequest& request) {
    const auto id = engine.orders.Replace(request);
    INFO(id.status());
    REQUIRE(id.ok());
    return *id;
  }
  std::optional<ApiError> Refusal(const ReissueRequest& request) {
    return ErrorOf(engine.orders.Replace(request).status());
  }
  CertificateBody Body(const CertificateId& id) {
    CertificateBody body;
    (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
      body = *snapshot.FindBody(kAccount, id);
      return absl::OkStatus();
    });
    return body;
  }
  KeyMaterial Key(const CertificateId& id) {
    KeyMaterial key;
    (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
      key = *snapshot.FindKeyMaterial(kAccount, id);
      return absl::OkStatus();
    });
    return key;
  }
  std::int64_t FreeCount() {
    std::int64_t count = 0;
    (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
      count = *snapshot.CountFree(kAccount);
      CHECK(*snapshot.CountFreeUnder(kAccount, "example.com", engine.clock.Now()) == count);
      return absl::OkStatus();
    });
    return count;
  }
  void Change(const CertificateId& id, const std::function<void(Certificate&)>& change) {
    Certificate row = engine.Find(id);
    change(row);
    REQUIRE(
        engine.store
            ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(row); })
            .ok());
  }
  // A paid one, as far as reissues see it.
  CertificateId IssuePaid(const std::string& domain, int product = kTrustAsiaOv) {
    const CertificateId id = engine.Issue(domain);
    Change(id, [&](Certificate& row) { row.package_type = product; });
    PutOrganization(engine, id);
    return id;
  }

  Engine engine;
};

const PrivateKey& RsaKey() {
  static const PrivateKey key = *GenerateKey(KeyAlgorithm::kRsa2048);
  return key;
}

}  // namespace

TEST_CASE("a reissue of the same request needs no proof: the issue job signs it", "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("example.com");
  scene.engine.clock.Advance(10 * kDay);
  const std::string csr_type = GENERATE("", "original", "Original", "ORIGINAL");

  const CertificateId new_id = scene.Replace(scene.Request(old_id, csr_type));

  const Certificate open = scene.engine.Find(new_id);
  CHECK(new_id != old_id);
  CHECK(open.status == S::kReissuing);
  CHECK(open.status_message == "WAIT-ISSUE");
  CHECK_FALSE(open.not_after.has_value());
  CHECK(scene.engine.Find(old_id).status == S::kIssued);
  CHECK(scene.engine.RunDueJobs() == 1);
  const Certificate issued = scene.engine.Find(new_id);
  const Certificate original = scene.engine.Find(old_id);
  CHECK(issued.status == S::kIssued);
  CHECK(original.status == S::kIssued);
  CHECK(issued.replaced_by == old_id);
  CHECK(original.replaced_for == new_id);
  CHECK(issued.not_after == original.not_after);
  CHECK(issued.not_before > original.not_before);
  CHECK(issued.issued == scene.engine.clock.Now());
  CHECK(issued.names == original.names);
  CHECK(issued.order_id != original.order_id);
  CHECK(issued.serial_number != original.serial_number);
  CHECK(issued.has_private_key);
  CHECK(scene.Body(new_id).csr_der == scene.Body(old_id).csr_der);
  CHECK(scene.Key(new_id).private_key_der == scene.Key(old_id).private_key_der);
  CHECK(Describe(scene.Body(new_id).leaf_der)->not_after == *original.not_after);
  const std::vector<OperateLogEntry> log = scene.engine.Log();
  CHECK(scene.engine.LogTypes() ==
        Types{"apply", "domainValidationPassed", "issued", "replace", "issued"});
  CHECK(log[3].certificate_id == old_id.value);
  CHECK(log[3].remark == "reissued as " + new_id.value);
  CHECK(log[4].certificate_id == new_id.value);
}

TEST_CASE("who does not wait for the job completes a reissue", "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("example.com");
  scene.engine.validator.asked.clear();
  const CertificateId id = scene.Replace(scene.Request(old_id));

  SECTION("by CompleteCertificate") { REQUIRE(scene.engine.orders.Complete(kAccount, id).ok()); }
  SECTION("by CheckCertificateDomainVerification") {
    const auto results = *scene.engine.orders.CheckVerification(kAccount, id);
    REQUIRE(results.size() == 1);
    CHECK(results[0].probe.result == Probe::Result::kPassed);
    CHECK(results[0].is_issued);
  }

  CHECK(scene.engine.Find(id).status == S::kIssued);
  CHECK(scene.engine.validator.asked.empty());
  CHECK(ErrorOf(scene.engine.orders.Complete(kAccount, id).status()) ==
        ApiError::kFailedOperationCertificateNotFoundOrAudited);
}

TEST_CASE("in the three days after the issue a new key needs no proof", "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("example.com");
  ReissueRequest request = scene.Request(old_id, "Online");
  request.key_password = "secret1";
  scene.engine.clock.Advance(3 * kDay - absl::Seconds(1));

  const CertificateId id = scene.Replace(request);

  CHECK(scene.engine.Find(id).status == S::kReissuing);
  CHECK(scene.engine.RunDueJobs() == 1);
  CHECK(scene.engine.Find(id).status == S::kIssued);
  CHECK(scene.engine.Find(id).key_algorithm == KeyAlgorithm::kRsa2048);
  CHECK(scene.engine.Find(id).has_key_password);
  CHECK(scene.Key(id).key_password == "secret1");
  CHECK(scene.Body(id).csr_der != scene.Body(old_id).csr_der);
}

TEST_CASE("later a new key needs a proof, by the method of the original", "[reissue]") {
  Scene scene;
  FreeApplication application = scene.engine.Application("example.com");
  application.method = ValidationMethod::kFile;
  const CertificateId old_id = *scene.engine.orders.Apply(application);
  scene.engine.validator.Pass();
  REQUIRE(scene.engine.orders.Complete(kAccount, old_id).ok());
  const Certificate original = scene.engine.Find(old_id);
  scene.engine.clock.Advance(3 * kDay);
  scene.engine.validator.answer = {.result = Probe::Result::kHttpFileAbsent};
  ReissueRequest request = scene.Request(old_id, "online");
  request.method = ValidationMethod::kDnsAuto;

  const CertificateId id = scene.Replace(request);

  const Certificate open = scene.engine.Find(id);
  CHECK(open.status == S::kReviewing);
  CHECK(open.status_message == "PENDING-DCV");
  CHECK(open.validation_method == ValidationMethod::kFile);
  REQUIRE(open.authorizations.size() == 2);
  CHECK(open.authorizations[0].value != original.authorizations[0].value);
  CHECK_FALSE(open.authorizations[0].validated.has_value());
  CHECK(open.validation_deadline == scene.engine.clock.Now() + absl::Hours(72));
  scene.engine.clock.Advance(scene.engine.settings.first_recheck);
  CHECK(scene.engine.RunDueJobs() == 1);
  CHECK(scene.engine.Find(id).status == S::kReviewing);
  scene.engine.validator.Pass();
  REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  CHECK(scene.engine.Find(id).status == S::kIssued);
  CHECK(scene.engine.Find(id).not_after == original.not_after);
  CHECK(scene.engine.Find(id).has_private_key);
}

TEST_CASE("with an uploaded request the caller keeps the key", "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("example.com");
  ReissueRequest request = scene.Request(old_id, "UPLOAD");
  request.csr_pem = CsrPem(*MakeCsr(RsaKey(), {"example.com"}));

  const CertificateId id = scene.Replace(request);
  scene.engine.RunDueJobs();

  CHECK(scene.engine.Find(id).status == S::kIssued);
  CHECK(scene.engine.Find(id).key_description == "RSA 2048");
  CHECK_FALSE(scene.engine.Find(id).has_private_key);
  CHECK(scene.Key(id).private_key_der.empty());
  CHECK(Describe(scene.Body(id).leaf_der)->public_key_der == RsaKey().public_key_der);
}

TEST_CASE("a free certificate is reissued once, and uses no quota for it", "[reissue]") {
  Scene scene(Settings{.free_quota = 1, .free_quota_per_domain = 1});
  const CertificateId old_id = scene.engine.Issue("example.com");

  const CertificateId id = scene.Replace(scene.Request(old_id));

  CHECK(scene.FreeCount() == 1);
  CHECK(scene.Refusal(scene.Request(old_id)) == ApiError::kFailedOperationOrderAlreadyReplaced);
  scene.engine.RunDueJobs();
  CHECK(scene.FreeCount() == 1);
  CHECK(scene.Refusal(scene.Request(old_id)) == ApiError::kFailedOperationOrderAlreadyReplaced);
  CHECK(scene.Refusal(scene.Request(id)) == ApiError::kFailedOperationOrderAlreadyReplaced);
}

TEST_CASE("a reissue that comes to nothing may be tried again", "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("example.com");
  scene.engine.clock.Advance(4 * kDay);
  scene.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  const CertificateId id = scene.Replace(scene.Request(old_id, "online"));

  SECTION("cancelled") { REQUIRE(scene.engine.orders.CancelOrder(kAccount, id).ok()); }
  SECTION("out of time") {
    scene.engine.clock.Advance(absl::Hours(72));
    CHECK(scene.engine.RunDueJobs() == 1);
    CHECK(scene.engine.Find(id).status == S::kFailed);
  }

  CHECK(scene.engine.Find(old_id).replaced_for.value.empty());
  CHECK(scene.engine.Find(id).replaced_by == old_id);
  CHECK(scene.FreeCount() == 1);
  CHECK(scene.engine.orders.Replace(scene.Request(old_id)).ok());
}

TEST_CASE("one reissue under a registrable domain is open at a time", "[reissue]") {
  Scene scene;
  const CertificateId first = scene.engine.Issue("a.example.com");
  const CertificateId second = scene.engine.Issue("b.example.com");
  const CertificateId elsewhere = scene.engine.Issue("a.example.org");
  scene.Replace(scene.Request(first));
  CHECK(scene.Refusal(scene.Request(second)) == ApiError::kFailedOperationOrderReplaceFailed);
  CHECK(scene.engine.orders.Replace(scene.Request(elsewhere)).ok());
  scene.engine.RunDueJobs();
  CHECK(scene.engine.orders.Replace(scene.Request(second)).ok());
}

TEST_CASE("a paid certificate is reissued as often as its owner likes, one at a time",
          "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.IssuePaid("example.com", kWoTrusOv);
  scene.engine.clock.Advance(20 * kDay);  // its organisation's validation still holds
  ReissueRequest request = scene.Request(old_id, "online");
  request.key_algorithm = "ECC";
  request.key_parameter = "secp384r1";

  const CertificateId first = scene.Replace(request);
  CHECK(scene.engine.Find(first).status == S::kReissuing);
  CHECK(scene.Refusal(request) == ApiError::kFailedOperationOrderAlreadyReplaced);
  scene.engine.RunDueJobs();
  const CertificateId second = scene.Replace(request);
  scene.engine.RunDueJobs();
  const CertificateId third = scene.Replace(scene.Request(second));

  CHECK(scene.engine.Find(old_id).replaced_for == second);
  CHECK(scene.engine.Find(third).replaced_by == second);
  CHECK(scene.engine.Find(second).key_algorithm == KeyAlgorithm::kEccP384);
  const Certificate original = scene.engine.Find(old_id);
  std::vector<CertificateId> ids;
  (void)scene.engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    const std::vector<Certificate> all = *AllReissuesOf(snapshot, original);
    for (const Certificate& one : all) ids.push_back(one.id);
    return absl::OkStatus();
  });
  CHECK(ids == std::vector<CertificateId>{first, second, third});
}

TEST_CASE("reissues that break a rule are refused and leave nothing", "[reissue]") {
  Scene scene;
  const CertificateId id = scene.engine.Issue("example.com");
  const std::size_t log_size = scene.engine.Log().size();
  ReissueRequest request = scene.Request(id);
  ApiError expected = ApiError::kFailedOperationInvalidParam;
  SECTION("unknown") {
    request.original = {"nosuchid"};
    expected = ApiError::kFailedOperationCertificateNotFound;
  }
  SECTION("another account's") {
    request.account = kOther;
    expected = ApiError::kFailedOperationCertificateNotFound;
  }
  SECTION("uploaded, whatever its status") {
    scene.Change(id, [](Certificate& row) {
      row.is_upload = true;
      row.status = S::kExpired;
    });
    expected = ApiError::kFailedOperationInvalidCertificateSource;
  }
  SECTION("not issued") {
    scene.Change(id, [](Certificate& row) { row.status = S::kReviewing; });
    expected = ApiError::kFailedOperationInvalidCertificateStatusCode;
  }
  SECTION("30 days left") {
    scene.engine.clock.Set(*scene.engine.Find(id).not_after - 30 * kDay);
    expected = ApiError::kFailedOperationInvalidCertificateStatusCode;
  }
  SECTION("ECC for a free one") {
    request.csr_type = "online";
    request.key_algorithm = "ECC";
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("RSA 4096 for a free one") {
    request.csr_type = "online";
    request.key_parameter = "4096";
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("SM2") {
    request.csr_type = "online";
    request.key_algorithm = "SM2";
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("ECC request for a free one") {
    request.csr_type = "upload";
    request.csr_pem = CsrPem(*MakeCsr(*GenerateKey(KeyAlgorithm::kEccP256), {"example.com"}));
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("the request of a free ECC one") {
    scene.Change(id, [](Certificate& row) { row.key_algorithm = KeyAlgorithm::kEccP256; });
    request.csr_type = "original";
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("RSA 4096 for TrustAsia DV") {
    scene.Change(id, [](Certificate& row) { row.package_type = kTrustAsiaDv; });
    request.csr_type = "online";
    request.key_parameter = "4096";
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("P-384 for others than WoTrus") {
    scene.Change(id, [](Certificate& row) { row.package_type = kTrustAsiaOv; });
    request.csr_type = "online";
    request.key_algorithm = "ECC";
    request.key_parameter = "secp384r1";
    expected = ApiError::kInvalidParameterRenewAlgorithmInvalid;
  }
  SECTION("DNS_AUTO for a paid one whose zone is not hosted") {
    scene.Change(id, [](Certificate& row) { row.package_type = kTrustAsiaOv; });
    request.method = ValidationMethod::kDnsAuto;
  }
  SECTION("CsrType") { request.csr_type = "none"; }
  SECTION("no request") { request.csr_type = "upload"; }
  SECTION("a request that is none") {
    request.csr_type = "upload";
    request.csr_pem = "garbage";
  }
  SECTION("another name's request") {
    request.csr_type = "upload";
    request.csr_pem = CsrPem(*MakeCsr(RsaKey(), {"www.example.com"}));
  }
  SECTION("short password") { request.key_password = "12345"; }
  SECTION("long reason") { request.reason = std::string(501, 'x'); }
  SECTION("a file for a wildcard") {
    scene.Change(id, [](Certificate& row) {
      row.package_type = kTrustAsiaOv;
      row.domain = "*.example.com";
      row.names = {"*.example.com"};
    });
    request.method = ValidationMethod::kFile;
  }

  CHECK(scene.Refusal(request) == expected);
  CHECK(scene.engine.Log().size() == log_size);
  CHECK(scene.engine.Find(id).replaced_for.value.empty());
}

TEST_CASE("a reissue knows that its original was deleted", "[reissue]") {
  Scene scene;
  const CertificateId old_id = scene.engine.Issue("example.com");
  const CertificateId id = scene.Replace(scene.Request(old_id));
  scene.engine.RunDueJobs();
  scene.engine.clock.Advance(91 * kDay);
  scene.engine.RunDueJobs();
  CHECK_FALSE(scene.engine.Find(id).is_original_deleted);
  REQUIRE(scene.engine.certificates.Delete(kAccount, old_id).ok());
  CHECK(scene.engine.Find(id).is_original_deleted);
  CHECK(scene.engine.Find(id).status == S::kExpired);
}

TEST_CASE("wherever the process dies, one certificate comes of a reissue", "[reissue][crash]") {
  const int writes = GENERATE(range(0, 4));
  const bool after_commit = GENERATE(false, true);
  const bool needs_proof = GENERATE(false, true);
  CAPTURE(writes, after_commit, needs_proof);
  Scene scene;
  Engine& engine = scene.engine;
  const CertificateId old_id = engine.Issue("example.com");
  engine.clock.Advance(4 * kDay);
  DyingStore dying(*engine.store);
  dying.writes_left = writes;
  dying.dies_after_commit = after_commit;
  OrderService doomed(dying, *engine.ca, engine.keys, engine.validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  Worker doomed_worker(dying, doomed, engine.certificates, engine.clock);
  const auto replaced = doomed.Replace(scene.Request(old_id, needs_proof ? "online" : ""));
  engine.clock.Advance(engine.settings.first_recheck);
  if (replaced.ok()) (void)doomed_worker.Step(10);

  (void)engine.store->Write([](Transaction& transaction) { return transaction.ReleaseLeases(); });
  engine.clock.Advance(absl::Minutes(10));
  engine.RunDueJobs();

  const CertificateId id = engine.Find(old_id).replaced_for;
  const bool was_stored = writes > 0 || after_commit;
  REQUIRE(id.value.empty() == !was_stored);
  if (!was_stored) {
    CHECK(scene.engine.LogTypes() == Types{"apply", "domainValidationPassed", "issued"});
    return;
  }
  CHECK(engine.Find(id).status == S::kIssued);
  Types expected = {"apply", "domainValidationPassed", "issued", "replace"};
  if (needs_proof) expected.push_back("domainValidationPassed");
  expected.push_back("issued");
  CHECK(engine.LogTypes() == expected);
}

}  // namespace certwright
