#include "core/revocation.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/letter.h"
#include "core/row_rules.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using Types = std::vector<std::string>;
using S = CertificateStatus;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr int kTrustAsiaDvMulti = 11;
constexpr int kTrustAsiaOv = 14;
constexpr int kWoTrusOv = 28;
constexpr int kDnspodSm2Dv = 54;

const Probe kAbsent = {.result = Probe::Result::kCnameAbsent, .reason = "cname record not found"};

struct Scene {
  // Issued, and since then nothing is found any more.
  CertificateId Issue(const std::string& domain, std::optional<int> package_type = {}) {
    const CertificateId id = engine.Issue(domain);
    engine.validator.answer = kAbsent;
    if (package_type) Change(id, [&](Certificate& row) { row.package_type = package_type; });
    if (package_type) PutOrganization(engine, id);
    return id;
  }
  void Change(const CertificateId& id, const std::function<void(Certificate&)>& change) {
    Certificate row = engine.Find(id);
    change(row);
    REQUIRE(
        engine.store
            ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(row); })
            .ok());
  }
  Revocation Revoke(const CertificateId& id, const std::string& reason = "") {
    const auto revocation = engine.orders.Revoke(kAccount, id, reason);
    INFO(revocation.status());
    REQUIRE(revocation.ok());
    return *revocation;
  }
  CertificateId Reissue(const CertificateId& id, const std::string& csr_type = "") {
    return *engine.orders.Replace({.account = kAccount, .original = id, .csr_type = csr_type});
  }
  S Status(const CertificateId& id) { return engine.Find(id).status; }
  // What the log says after the first `skipped` rows.
  Types LogAfter(std::size_t skipped) {
    const Types all = engine.LogTypes();
    return {all.begin() + static_cast<std::ptrdiff_t>(skipped), all.end()};
  }
  std::pair<std::int64_t, std::int64_t> Quota() {
    std::pair<std::int64_t, std::int64_t> counts;
    (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
      counts = {*snapshot.CountFree(kAccount),
                *snapshot.CountFreeUnder(kAccount, "example.com", engine.clock.Now())};
      return absl::OkStatus();
    });
    return counts;
  }

  Engine engine;
};

std::string Letter(const std::string& head, std::size_t size = 2000) {
  std::string letter = head;
  letter.resize(size, 'x');
  return letter;
}

}  // namespace

TEST_CASE("a revocation asks for the record as at issuance, or a file on each host", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");
  const Certificate issued = scene.engine.Find(id);

  const Revocation revocation = scene.Revoke(id, "key lost");

  CHECK(scene.Status(id) == S::kRevoking);
  CHECK(revocation.deadline == scene.engine.clock.Now() + 3 * kDay);
  REQUIRE(revocation.records.size() == 1);
  CHECK(revocation.records[0].record_type == RecordType::kCname);
  CHECK(revocation.records[0].value != issued.authorizations[0].value);
  REQUIRE(revocation.files.size() == 2);
  CHECK(revocation.files[0].key == "fileauth.txt");
  CHECK(revocation.files[0].path == "/.well-known/pki-validation/");
  CHECK(revocation.files[0].name == "example.com");
  CHECK(revocation.files[1].name == "www.example.com");
  CHECK(scene.LogAfter(3) == Types{"revoke"});
  CHECK(scene.engine.Log().back().remark == "key lost");
  CHECK(scene.Quota() == std::pair<std::int64_t, std::int64_t>(1, 1));
}

TEST_CASE("a file validation is revoked by a file alone", "[revoke]") {
  Scene scene;
  FreeApplication application = scene.engine.Application("a.example.com");
  application.method = ValidationMethod::kFile;
  const CertificateId id = *scene.engine.orders.Apply(application);
  scene.engine.validator.Pass();
  REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());

  const Revocation revocation = scene.Revoke(id);

  REQUIRE(revocation.records.size() == 1);
  CHECK(revocation.records[0].key == "fileauth.txt");
  CHECK(revocation.files.empty());
}

TEST_CASE("a proof ends the certificate, whoever sees it first", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");
  scene.Revoke(id);
  REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  CHECK(scene.Status(id) == S::kRevoking);
  CHECK(ErrorOf(scene.engine.certificates.Download(kAccount, id).status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);

  SECTION("CompleteCertificate") {
    scene.engine.validator.Pass();
    REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  }
  SECTION("CheckCertificateDomainVerification") {
    const auto first = *scene.engine.orders.CheckVerification(kAccount, id);
    CHECK(first[0].probe.result == Probe::Result::kCnameAbsent);
    CHECK(first[0].authorization.name == "example.com");
    scene.engine.validator.Pass();
    CHECK(scene.engine.orders.CheckVerification(kAccount, id)->at(0).is_frequent);
    scene.engine.clock.Advance(absl::Minutes(5));
    const auto third = *scene.engine.orders.CheckVerification(kAccount, id);
    REQUIRE(third.size() == 1);
    CHECK(third[0].probe.result == Probe::Result::kPassed);
    CHECK_FALSE(third[0].is_issued);
  }
  SECTION("the job") {
    scene.engine.clock.Advance(scene.engine.settings.first_recheck);
    CHECK(scene.engine.RunDueJobs() == 1);
    CHECK(scene.Status(id) == S::kRevoking);
    scene.engine.validator.Pass();
    scene.engine.clock.Advance(absl::Minutes(1));
    CHECK(scene.engine.RunDueJobs() == 1);
  }
  SECTION("a record that is there, whatever CAA says") {
    scene.engine.validator.answer = {.result = Probe::Result::kCaaForbids};
    REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  }

  CHECK(scene.Status(id) == S::kRevoked);
  CHECK(scene.engine.Find(id).revoked == scene.engine.clock.Now());
  CHECK(scene.LogAfter(3) == Types{"revoke", "revoked"});
  CHECK(scene.engine.Log().back().actor == "--");
  CHECK(scene.engine.Jobs().empty());
  CHECK(scene.Quota() == std::pair<std::int64_t, std::int64_t>(0, 1));
  CHECK_FALSE(scene.engine.orders.Complete(kAccount, id).ok());
  scene.engine.clock.Advance(91 * kDay);
  CHECK(scene.Quota() == std::pair<std::int64_t, std::int64_t>(0, 0));
  CHECK(scene.engine.certificates.Delete(kAccount, id).ok());
}

TEST_CASE("the file proves it too, when every host shows it", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");
  scene.Revoke(id);
  class FilesOnly : public DomainValidator {
   public:
    Types hosts = {};
    Probe Check(const DomainAuthorization& record, absl::Duration) override {
      const bool shown = record.method == ValidationMethod::kFile &&
                         std::find(hosts.begin(), hosts.end(), record.name) != hosts.end();
      return shown ? Probe{.result = Probe::Result::kPassed, .means = "file"} : kAbsent;
    }
  } validator;
  Engine& engine = scene.engine;
  OrderService orders(*engine.store, *engine.ca, engine.keys, validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);

  validator.hosts = {"example.com"};
  REQUIRE(orders.Complete(kAccount, id).ok());
  CHECK(scene.Status(id) == S::kRevoking);
  validator.hosts.push_back("www.example.com");
  REQUIRE(orders.Complete(kAccount, id).ok());
  CHECK(scene.Status(id) == S::kRevoked);
}

TEST_CASE(
    "name servers that keep silent do not outlast a job's lease, and leave time for the files",
    "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");
  constexpr int kNames = 20;
  scene.Change(id, [](Certificate& row) {
    row.package_type = kTrustAsiaDvMulti;
    row.names.clear();
    for (int i = 0; i < kNames; ++i) row.names.push_back(absl::StrCat("n", i, ".example.com"));
  });
  scene.Revoke(id);
  class Silent : public DomainValidator {
   public:
    explicit Silent(FakeClock& of) : clock(of) {}
    FakeClock& clock;
    bool shows_files = false;
    int looked_for_files = 0;
    Probe Check(const DomainAuthorization& record, absl::Duration timeout) override {
      const bool is_file = record.method == ValidationMethod::kFile;
      if (is_file) ++looked_for_files;
      if (is_file && shows_files) return {.result = Probe::Result::kPassed, .means = "file"};
      clock.Advance(timeout);
      return {.reason = "no answer"};
    }
  } validator(scene.engine.clock);
  Engine& engine = scene.engine;
  OrderService orders(*engine.store, *engine.ca, engine.keys, validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  Worker worker(*engine.store, orders, engine.certificates, engine.clock);
  engine.clock.Advance(engine.settings.first_recheck);
  const absl::Time started = engine.clock.Now();

  REQUIRE(*worker.Step() == 1);

  constexpr absl::Duration kLease = absl::Seconds(90);
  CHECK(engine.clock.Now() - started < kLease);
  CHECK(validator.looked_for_files > 0);
  CHECK(scene.Status(id) == S::kRevoking);
  validator.shows_files = true;
  REQUIRE(orders.Complete(kAccount, id).ok());
  CHECK(validator.looked_for_files >= kNames);
  CHECK(scene.Status(id) == S::kRevoked);
}

TEST_CASE("after three days without proof the certificate is as it was", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");
  const Revocation first = scene.Revoke(id);
  scene.engine.clock.Set(*first.deadline);
  scene.engine.validator.Pass();
  REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  CHECK(scene.Status(id) == S::kRevoking);  // too late: the job decides

  CHECK(scene.engine.RunDueJobs() == 1);

  CHECK(scene.Status(id) == S::kIssued);
  CHECK_FALSE(scene.engine.Find(id).revoked.has_value());
  CHECK(scene.LogAfter(3) == Types{"revoke", "revokeFailed"});
  CHECK(scene.engine.certificates.Download(kAccount, id).ok());
  REQUIRE(scene.engine.Jobs().size() == 1);
  CHECK(scene.engine.Jobs()[0].kind == JobKind::kExpire);
  const Revocation second = scene.Revoke(id);
  CHECK(second.records[0].value != first.records[0].value);
  REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  CHECK(scene.Status(id) == S::kRevoked);
}

TEST_CASE("revocations that break a rule are refused and leave nothing", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");
  CertificateId asked = id;
  AccountId account = kAccount;
  std::string reason;
  ApiError expected = ApiError::kFailedOperationInvalidCertificateStatusCode;
  SECTION("unknown") {
    asked = {"nosuchid"};
    expected = ApiError::kFailedOperationCertificateNotFound;
  }
  SECTION("another account's") {
    account = kOther;
    expected = ApiError::kFailedOperationCertificateNotFound;
  }
  SECTION("uploaded") {
    scene.Change(id, [](Certificate& row) { row.is_upload = true; });
    expected = ApiError::kFailedOperationInvalidCertificateSource;
  }
  SECTION("not issued") { asked = scene.engine.Apply("a.example.com"); }
  SECTION("revoking already") { scene.Revoke(id); }
  SECTION("the last 30 days") {
    scene.engine.clock.Set(*scene.engine.Find(id).not_after - 30 * kDay);
  }
  SECTION("a reissue alone") {
    asked = scene.Reissue(id);
    scene.engine.RunDueJobs();
    expected = ApiError::kFailedOperationRevokeFailed;
  }
  SECTION("long reason") {
    reason = std::string(501, 'x');
    expected = ApiError::kFailedOperationInvalidParam;
  }
  const Types log = scene.engine.LogTypes();
  const S status = scene.Status(asked);

  CHECK(ErrorOf(scene.engine.orders.Revoke(account, asked, reason).status()) == expected);
  CHECK(scene.engine.LogTypes() == log);
  CHECK(scene.Status(asked) == status);
}

TEST_CASE("a reissue goes with its original", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com");

  SECTION("issued: it waits and ends with it") {
    const CertificateId reissue = scene.Reissue(id);
    scene.engine.RunDueJobs();
    scene.Revoke(id);
    CHECK(scene.Status(reissue) == S::kRevoking);
    scene.engine.validator.Pass();
    REQUIRE(scene.engine.orders.Complete(kAccount, reissue).ok());
    CHECK(scene.Status(id) == S::kRevoked);
    CHECK(scene.Status(reissue) == S::kRevoked);
    CHECK(scene.engine.Find(reissue).revoked == scene.engine.clock.Now());
    CHECK(scene.LogAfter(5) == Types{"revoke", "revoke", "revoked", "revoked"});
  }
  SECTION("issued: it comes back with it") {
    const CertificateId reissue = scene.Reissue(id);
    scene.engine.RunDueJobs();
    scene.Revoke(id);
    scene.engine.clock.Advance(3 * kDay);
    scene.engine.RunDueJobs();
    CHECK(scene.Status(id) == S::kIssued);
    CHECK(scene.Status(reissue) == S::kIssued);
  }
  SECTION("issued meanwhile: it ends with it") {
    const CertificateId reissue = scene.Reissue(id);
    scene.Revoke(id);
    CHECK(scene.engine.RunDueJobs() == 1);
    CHECK(scene.Status(reissue) == S::kIssued);
    scene.engine.validator.Pass();
    REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
    CHECK(scene.Status(reissue) == S::kRevoked);
  }
  SECTION("open: it is cancelled") {
    scene.engine.clock.Advance(4 * kDay);
    const CertificateId reissue = scene.Reissue(id, "online");
    const Revocation revocation = scene.Revoke(id);
    class ThisOne : public DomainValidator {
     public:
      std::string value = {};
      Probe Check(const DomainAuthorization& record, absl::Duration) override {
        return record.value == value ? Probe{.result = Probe::Result::kPassed} : kAbsent;
      }
    } validator;
    validator.value = revocation.records[0].value;
    Engine& engine = scene.engine;
    OrderService orders(*engine.store, *engine.ca, engine.keys, validator, engine.suffixes,
                        engine.clock, engine.random, engine.settings);
    REQUIRE(orders.Complete(kAccount, id).ok());
    CHECK(scene.Status(id) == S::kRevoked);
    CHECK(scene.Status(reissue) == S::kCancelled);
    CHECK(scene.engine.Jobs().empty());
  }
}

TEST_CASE("the level of a product decides what its revocation takes", "[revoke]") {
  const auto [package_type, needs_letter, is_reviewed] =
      GENERATE(table<int, bool, bool>({{83, false, false},
                                       {2, false, false},
                                       {11, false, false},
                                       {105, false, false},
                                       {3, true, false},
                                       {14, true, false},
                                       {101, true, false},
                                       {51, true, false},
                                       {54, false, true},
                                       {48, false, false},
                                       {25, false, true},
                                       {28, false, true},
                                       {41, false, true}}));
  CAPTURE(package_type);
  Certificate row;
  row.package_type = package_type;
  CHECK(NeedsRevokeLetter(row) == needs_letter);
  CHECK(IsRevokedOnReview(row) == is_reviewed);
  row.is_upload = true;
  CHECK_FALSE(NeedsRevokeLetter(row));
  CHECK_FALSE(IsRevokedOnReview(row));
  CHECK_FALSE(IsDomainValidated(row));
}

TEST_CASE("an organisation's certificate is revoked by a letter and a review", "[revoke]") {
  Scene scene;
  const CertificateId id = scene.Issue("example.com", kTrustAsiaOv);
  const Revocation revocation = scene.Revoke(id);
  CHECK(scene.Status(id) == S::kPendingRevocationLetter);
  CHECK(revocation.records.empty());
  CHECK(revocation.files.empty());
  CHECK_FALSE(scene.engine.orders.Complete(kAccount, id).ok());
  scene.engine.clock.Advance(kDay);
  CHECK(scene.engine.RunDueJobs() == 0);
  const std::string letter =
      GENERATE(Letter("%PDF-1.7"), Letter("\xff\xd8\xff\xe0"), Letter("\x89PNG\r\n\x1a\n"),
               Letter("%PDF-", 1025), Letter("%PDF-", kLetterTooLargeBytes - 1));

  REQUIRE(scene.engine.orders.UploadRevokeLetter(kAccount, id, letter).ok());

  CHECK(scene.Status(id) == S::kRevoking);
  std::string stored;
  (void)scene.engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    stored = **snapshot.FindLetter(kAccount, id, "revocation");
    return absl::OkStatus();
  });
  CHECK(stored == letter);
  REQUIRE(scene.engine.orders.Complete(kAccount, id).ok());
  CHECK(scene.engine.orders.CheckVerification(kAccount, id)->empty());
  CHECK(scene.Status(id) == S::kRevoking);
  scene.engine.clock.Advance(kLeastRevocationReview);
  CHECK(scene.engine.RunDueJobs() == 1);
  CHECK(scene.Status(id) == S::kRevoked);
  CHECK(scene.LogAfter(3) == Types{"revoke", "editRevokeLetter", "revoked"});
}

TEST_CASE("a letter that is not wanted, or is none, is refused", "[revoke]") {
  Scene scene;
  std::optional<int> package_type = kTrustAsiaOv;
  bool is_asked_for = true;
  AccountId account = kAccount;
  std::string letter = Letter("%PDF-1.7");
  ApiError expected = ApiError::kFailedOperationInvalidFileType;
  SECTION("another account's") {
    account = kOther;
    expected = ApiError::kFailedOperationCertificateNotFound;
  }
  SECTION("DV") {
    package_type.reset();
    expected = ApiError::kFailedOperationUploadConfirmCertificateNotSupportDV;
  }
  SECTION("reviewed without one") {
    package_type = kWoTrusOv;
    expected = ApiError::kFailedOperationUploadConfirmCertificateNotSupport;
  }
  SECTION("status") {
    is_asked_for = false;
    expected = ApiError::kFailedOperationInvalidCertificateStatusCode;
  }
  SECTION("too small") {
    letter = Letter("%PDF-1.7", 1024);
    expected = ApiError::kFailedOperationFileTooSmall;
  }
  SECTION("too large") {
    letter = Letter("%PDF-1.7", kLetterTooLargeBytes);
    expected = ApiError::kFailedOperationFileTooLarge;
  }
  SECTION("a GIF") { letter = Letter("GIF89a"); }
  SECTION("zeros") { letter = std::string(2000, '\0'); }
  const CertificateId id = scene.Issue("example.com", package_type);
  if (is_asked_for) scene.Revoke(id);
  const Types log = scene.engine.LogTypes();

  CHECK(ErrorOf(scene.engine.orders.UploadRevokeLetter(account, id, letter)) == expected);
  CHECK(scene.engine.LogTypes() == log);
}

TEST_CASE("WoTrus and DNSPod's SM2 DV are revoked by a review alone, to the last day", "[revoke]") {
  Scene scene;
  const int package_type = GENERATE(kWoTrusOv, kDnspodSm2Dv);
  const CertificateId id = scene.Issue("example.com", package_type);
  scene.engine.clock.Advance(80 * kDay);

  CHECK(scene.Revoke(id).records.empty());
  CHECK(scene.Status(id) == S::kRevoking);
  scene.engine.clock.Advance(kLeastRevocationReview);
  CHECK(scene.engine.RunDueJobs() == 1);
  CHECK(scene.Status(id) == S::kRevoked);
}

TEST_CASE("a person decides on a revocation where the level's policy says so", "[revoke]") {
  Scene scene;
  Engine& engine = scene.engine;
  REQUIRE(engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const int package_type = GENERATE(kTrustAsiaOv, kWoTrusOv);
  const CertificateId id = scene.Issue("example.com", package_type);
  const CertificateId reissue = scene.Reissue(id);
  engine.RunDueJobs();
  scene.Revoke(id);
  if (package_type == kTrustAsiaOv) {
    CHECK(ErrorOf(engine.reviews.Decide(id, ReviewDecision::kApprove, "").status()) ==
          ApiError::kFailedOperationInvalidCertificateStatusCode);
    REQUIRE(engine.orders.UploadRevokeLetter(kAccount, id, Letter("%PDF-1.7")).ok());
  }
  engine.clock.Advance(7 * kDay);
  engine.RunDueJobs();
  REQUIRE(scene.Status(id) == S::kRevoking);
  CHECK(ErrorOf(engine.reviews.Decide(id, ReviewDecision::kRequestLetter, "").status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  CHECK(ErrorOf(engine.reviews.Decide(reissue, ReviewDecision::kApprove, "").status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);

  SECTION("approved, once or again") {
    CHECK(
        engine.reviews.Decide(id, ReviewDecision::kApprove, "", ReviewStage::kRevocation)->status ==
        S::kRevoked);
    CHECK(scene.Status(reissue) == S::kRevoked);
    CHECK(engine.reviews.Decide(id, ReviewDecision::kApprove, "")->status == S::kRevoked);
    CHECK(engine.Jobs().empty());
  }
  SECTION("refused, and asked for again") {
    CHECK(engine.reviews.Decide(id, ReviewDecision::kRefuse, "unsigned")->status == S::kIssued);
    CHECK(scene.Status(reissue) == S::kIssued);
    const OperateLogEntry last = engine.Log().back();
    CHECK(last.type == "revokeFailed");
    CHECK(last.remark == "unsigned");
    CHECK(ErrorOf(engine.reviews.Decide(id, ReviewDecision::kRefuse, "again").status()) ==
          ApiError::kFailedOperationInvalidCertificateStatusCode);
    scene.Revoke(id);
    CHECK(scene.Status(id) != S::kIssued);
  }
}

TEST_CASE("an automatic review of a revocation takes the level's time, and its minute at least",
          "[revoke]") {
  Scene scene;
  Engine& engine = scene.engine;
  REQUIRE(engine.reviews.SetPolicy(Level::kOv, {.stage = absl::Hours(1)}).ok());
  const CertificateId id = scene.Issue("example.com", kWoTrusOv);
  scene.Revoke(id);
  engine.clock.Advance(absl::Minutes(59));
  engine.RunDueJobs();
  CHECK(scene.Status(id) == S::kRevoking);
  engine.clock.Advance(absl::Minutes(1));
  engine.RunDueJobs();
  CHECK(scene.Status(id) == S::kRevoked);
}

TEST_CASE("wherever the process dies, a revocation ends once", "[revoke][crash]") {
  const int writes = GENERATE(range(0, 3));
  const bool after_commit = GENERATE(false, true);
  const bool is_proved = GENERATE(false, true);
  CAPTURE(writes, after_commit, is_proved);
  Scene scene;
  Engine& engine = scene.engine;
  const CertificateId id = scene.Issue("example.com");
  const CertificateId reissue = scene.Reissue(id);
  engine.RunDueJobs();
  if (is_proved) engine.validator.Pass();
  DyingStore dying(*engine.store);
  dying.writes_left = writes;
  dying.dies_after_commit = after_commit;
  OrderService doomed(dying, *engine.ca, engine.keys, engine.validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  Worker doomed_worker(dying, doomed, engine.certificates, engine.clock);
  const auto revoked = doomed.Revoke(kAccount, id, "");
  engine.clock.Advance(is_proved ? engine.settings.first_recheck
                                 : engine.settings.revocation_deadline);
  if (revoked.ok()) (void)doomed_worker.Step(10);
  // Whatever was committed is whole.
  CHECK(scene.Status(reissue) == scene.Status(id));

  (void)engine.store->Write([](Transaction& transaction) { return transaction.ReleaseLeases(); });
  engine.clock.Advance(absl::Minutes(10));
  engine.RunDueJobs();

  const bool was_stored = writes > 0 || after_commit;
  CHECK(scene.Status(id) == (was_stored && is_proved ? S::kRevoked : S::kIssued));
  CHECK(scene.Status(reissue) == scene.Status(id));
  const std::string end = is_proved ? "revoked" : "revokeFailed";
  CHECK(scene.LogAfter(5) == (was_stored ? Types{"revoke", "revoke", end, end} : Types{}));
}

}  // namespace certwright
