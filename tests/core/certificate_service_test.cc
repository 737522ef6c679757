#include "core/certificate_service.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/error.h"
#include "tests/support/engine.h"
#include "tests/support/made_certificates.h"

namespace certwright {
namespace {

using Ids = std::vector<CertificateId>;

struct Chain {
  Made root = Make("Root", nullptr, {.is_ca = true});
  Made middle = Make("Middle", &root, {.is_ca = true});
  Made leaf = Make("leaf.example.com", &middle);
};

Upload UploadOf(const std::string& public_pem, const std::string& private_pem) {
  return {.account = kAccount, .public_pem = public_pem, .private_pem = private_pem};
}

}  // namespace

TEST_CASE("an upload is stored with what its leaf says", "[upload]") {
  Engine engine;
  const Chain chain;
  const std::string text = "\n\t" + chain.leaf.pem() + "\n\n" + chain.middle.pem();

  const auto outcome = engine.certificates.Upload(UploadOf(text, chain.leaf.key_pem()));

  REQUIRE(outcome.ok());
  CHECK(outcome->repeated.value.empty());
  const Certificate row = engine.Find(outcome->id);
  CHECK(row.status == CertificateStatus::kIssued);
  CHECK(row.is_upload);
  CHECK(row.domain == "leaf.example.com");
  CHECK(row.issuer_name == "Middle");
  CHECK_FALSE(row.package_type.has_value());
  CHECK(row.order_id.empty());
  CHECK(engine.Log()[0].type == "uploadFromYunAPI");
}

TEST_CASE("uploads are refused in the documented order of checks", "[upload]") {
  Engine engine;
  const Chain chain;
  const Made stranger = Make("stranger.example.com", nullptr);
  const Made expired =
      Make("old.example.com", &chain.middle, {.not_after = absl::FromUnixSeconds(1767000000)});
  const std::string glued = "-----BEGIN CERTIFICATE-----" + chain.leaf.pem().substr(28);
  const auto [public_pem, private_pem, expected] =
      GENERATE_COPY(table<std::string, std::string, ApiError>({
          {"", "", ApiError::kFailedOperationCertificateParseError},
          {"garbage", "", ApiError::kFailedOperationCertificateParseError},
          {glued, chain.leaf.key_pem(), ApiError::kFailedOperationCertificateParseError},
          {chain.leaf.pem() + "between" + chain.middle.pem(), chain.leaf.key_pem(),
           ApiError::kFailedOperationCertificateParseError},
          {chain.leaf.pem(), "", ApiError::kInvalidParameterMissMatchPrivateKey},
          {chain.leaf.pem(), "garbage", ApiError::kFailedOperationInvalidParam},
          {chain.leaf.pem(), stranger.key_pem(), ApiError::kFailedOperationCertificateMatchError},
          {chain.middle.pem() + chain.leaf.pem(), chain.leaf.key_pem(),
           ApiError::kFailedOperationCertificateMatchError},
          {chain.leaf.pem() + chain.root.pem() + chain.middle.pem(), chain.leaf.key_pem(),
           ApiError::kFailedOperationCertificateChainError},
          {chain.leaf.pem() + stranger.pem(), chain.leaf.key_pem(),
           ApiError::kFailedOperationCertificateChainError},
          {expired.pem(), expired.key_pem(), ApiError::kFailedOperationCertificateInvalid},
      }));
  CAPTURE(public_pem);

  const absl::Status status =
      engine.certificates.Upload(UploadOf(public_pem, private_pem)).status();

  INFO(status);
  CHECK(ErrorOf(status) == expected);
  CHECK_FALSE(absl::StrContains(status.message(), "PRIVATE"));
  CHECK(engine.Log().empty());
}

TEST_CASE("a repeated upload answers with the one that is there", "[upload]") {
  Engine engine;
  const Chain chain;
  Upload upload = UploadOf(chain.leaf.pem(), chain.leaf.key_pem());
  const CertificateId first = engine.certificates.Upload(upload)->id;
  CHECK(engine.certificates.Upload(upload)->id != first);
  upload.is_repeatable = false;
  const UploadOutcome again = *engine.certificates.Upload(upload);
  CHECK(again.id == again.repeated);
  upload.account = kOther;
  CHECK(engine.certificates.Upload(upload)->repeated.value.empty());
}

TEST_CASE("beyond the limit of equal uploads, each repeats the newest", "[upload]") {
  Engine engine({.max_equal_uploads = 2});
  const Chain chain;
  Upload upload = UploadOf(chain.leaf.pem(), chain.leaf.key_pem());
  REQUIRE(engine.certificates.Upload(upload)->repeated.value.empty());
  const UploadOutcome second = *engine.certificates.Upload(upload);
  CHECK(second.repeated.value.empty());

  const UploadOutcome third = *engine.certificates.Upload(upload);

  CHECK(third.id == second.id);
  CHECK(third.repeated == second.id);
  CHECK(engine.LogTypes().size() == 2);
  const Made other = Make("other.example.com", &chain.middle);
  CHECK(engine.certificates.Upload(UploadOf(other.pem(), other.key_pem()))->repeated.value.empty());
  REQUIRE(engine.certificates.Delete(kAccount, second.id).ok());
  CHECK(engine.certificates.Upload(upload)->repeated.value.empty());
  upload.account = kOther;
  CHECK(engine.certificates.Upload(upload)->repeated.value.empty());
}

TEST_CASE("the documented limit of equal uploads is 5,000", "[upload]") {
  CHECK(Settings().max_equal_uploads == 5000);
}

TEST_CASE("CA uploads need CA certificates and no key", "[upload]") {
  Engine engine;
  const Chain chain;
  Upload upload = UploadOf(chain.middle.pem() + chain.root.pem(), "");
  upload.kind = CertificateKind::kCa;
  const Certificate row = engine.Find(engine.certificates.Upload(upload)->id);
  CHECK(row.ca_common_names == std::vector<std::string>{"Middle", "Root"});
  CHECK(row.ca_end_times.size() == 2);
  upload.public_pem = chain.leaf.pem();
  CHECK(ErrorOf(engine.certificates.Upload(upload).status()) ==
        ApiError::kFailedOperationCertificateCaError);
}

TEST_CASE("tags and aliases have limits", "[upload]") {
  Engine engine;
  const Chain chain;
  Upload upload = UploadOf(chain.leaf.pem(), chain.leaf.key_pem());
  SECTION("empty key") { upload.tags = {{.key = ""}}; }
  SECTION("long key") { upload.tags = {{.key = std::string(128, 'k')}}; }
  SECTION("long value") { upload.tags = {{.key = "k", .value = std::string(256, 'v')}}; }
  SECTION("a key twice") { upload.tags = {{.key = "k"}, {.key = "k"}}; }
  SECTION("too many") {
    for (int i = 0; i < 51; ++i) upload.tags.push_back({.key = std::to_string(i)});
  }
  CHECK(ErrorOf(engine.certificates.Upload(upload).status()) ==
        ApiError::kFailedOperationInvalidParam);
}

TEST_CASE("aliases count characters, not bytes", "[alias]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  std::string alias;
  for (int i = 0; i < 200; ++i) alias += "证";
  CHECK(engine.certificates.Rename(kAccount, id, alias).ok());
  CHECK(engine.Find(id).alias == alias);
  CHECK(ErrorOf(engine.certificates.Rename(kAccount, id, alias + "x")) ==
        ApiError::kInvalidParameter);
  CHECK(ErrorOf(engine.certificates.Rename(kOther, id, "x")) ==
        ApiError::kFailedOperationCertificateNotFound);
}

TEST_CASE("an alias is one line of text, and stays where none is given", "[alias]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  REQUIRE(engine.certificates.Rename(kAccount, id, "kept").ok());
  const std::string bad =
      GENERATE(std::string("a\0b", 3), std::string("a\nb"), std::string("\x7f"));
  CHECK(ErrorOf(engine.certificates.Rename(kAccount, id, bad)) == ApiError::kInvalidParameter);
  CHECK(engine.certificates.Rename(kAccount, id, std::nullopt).ok());
  CHECK(engine.Find(id).alias == "kept");
  CHECK_FALSE(engine.certificates.Rename(kOther, id, std::nullopt).ok());
  CHECK(engine.certificates.Rename(kAccount, id, "").ok());
  CHECK(engine.Find(id).alias.empty());
}

TEST_CASE("certificates move to a project that exists, and unknown ones are told", "[project]") {
  Engine engine;
  const CertificateId mine = engine.Apply("a.example.com");
  const CertificateId unknown = {"zzzzzzzz"};
  Certificate row = engine.Find(mine);
  row.project_id = 7;
  (void)engine.store->Write(
      [&](Transaction& transaction) { return transaction.UpdateCertificate(row); });

  const auto refused = engine.certificates.MoveToProject(kAccount, {mine, unknown}, 8);
  CHECK(ErrorOf(refused.status()) == ApiError::kFailedOperationNoProjectPermission);
  CHECK(engine.certificates.MoveToProject(kOther, {mine}, 0)->unknown == Ids{mine});
  CHECK(engine.Find(mine).project_id == 7);

  const auto outcome = engine.certificates.MoveToProject(kAccount, {mine, unknown, mine}, 0);
  CHECK(outcome->moved == Ids{mine});
  CHECK(outcome->unknown == Ids{unknown});
  CHECK(engine.Find(mine).project_id == 0);
  CHECK(engine.LogTypes() == std::vector<std::string>{"apply", "changeProject"});
}

TEST_CASE("at most 100 certificates move at a time", "[project]") {
  Engine engine;
  const Ids many(100, {"zzzzzzzz"});
  CHECK(engine.certificates.MoveToProject(kAccount, many, 0)->unknown.size() == 1);
  const Ids too_many(101, {"zzzzzzzz"});
  CHECK(ErrorOf(engine.certificates.MoveToProject(kAccount, too_many, 8).status()) ==
        ApiError::kFailedOperationInvalidParam);
}

TEST_CASE("notices are switched for all certificates named, or for none", "[notices]") {
  Engine engine;
  const CertificateId first = engine.Apply("a.example.com");
  const CertificateId second = engine.Apply("b.example.com");

  CHECK(ErrorOf(engine.certificates.SetIgnored(kAccount, {first, {"zzzzzzzz"}}, true)) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(ErrorOf(engine.certificates.SetIgnored(kOther, {first}, true)) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK_FALSE(engine.Find(first).is_ignored);

  REQUIRE(engine.certificates.SetIgnored(kAccount, {first, second}, true).ok());
  CHECK(engine.Find(first).is_ignored);
  REQUIRE(engine.certificates.SetIgnored(kAccount, {second}, false).ok());
  CHECK_FALSE(engine.Find(second).is_ignored);
  CHECK(engine.LogTypes() == std::vector<std::string>{"apply", "apply", "ignoreExpiringNotice-1",
                                                      "ignoreExpiringNotice-1",
                                                      "ignoreExpiringNotice-0"});
  CHECK(ErrorOf(engine.certificates.SetIgnored(kAccount, Ids(51, first), true)) ==
        ApiError::kInvalidParameterCertificatesNumberExceeded);
  CHECK(engine.certificates.SetIgnored(kAccount, Ids(50, first), true).ok());
}

TEST_CASE("deletion looks at age and status", "[delete]") {
  Engine engine;
  const CertificateId open = engine.Apply("a.example.com");
  const CertificateId cancelled = engine.Apply("b.example.com");
  REQUIRE(engine.orders.CancelOrder(kAccount, cancelled).ok());
  CHECK(ErrorOf(engine.certificates.Delete(kAccount, cancelled)) ==
        ApiError::kFailedOperationCannotBeDeletedWithinHour);
  const CertificateId issued = engine.Issue("c.example.com");
  engine.clock.Advance(absl::Hours(1));

  CHECK(ErrorOf(engine.certificates.Delete(kAccount, open)) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  CHECK(ErrorOf(engine.certificates.Delete(kAccount, issued)) ==
        ApiError::kFailedOperationCannotBeDeletedIssued);
  CHECK(ErrorOf(engine.certificates.Delete(kOther, cancelled)) ==
        ApiError::kFailedOperationCertificateNotFound);
  REQUIRE(engine.certificates.Delete(kAccount, cancelled).ok());
  CHECK(ErrorOf(engine.certificates.Delete(kAccount, cancelled)) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(engine.Log().back().type == "delete");
}

TEST_CASE("an old certificate waits for its renewal", "[delete]") {
  Engine engine;
  const CertificateId old_id = engine.Issue("a.example.com");
  engine.clock.Advance(absl::Hours(24 * 80));
  FreeApplication renewal = engine.Application("a.example.com");
  renewal.old_certificate_id = old_id.value;
  const CertificateId new_id = *engine.orders.Apply(renewal);
  CHECK(ErrorOf(engine.certificates.Delete(kAccount, old_id)) ==
        ApiError::kFailedOperationRenewNotIssued);
  REQUIRE(engine.orders.CancelOrder(kAccount, new_id).ok());
  engine.clock.Advance(absl::Hours(24 * 20));
  engine.RunDueJobs();
  CHECK(engine.certificates.Delete(kAccount, old_id).ok());
}

TEST_CASE("only what is issued, and may be, is downloaded", "[download]") {
  Engine engine;
  const CertificateId open = engine.Apply("a.example.com");
  CHECK(ErrorOf(engine.certificates.Download(kAccount, open).status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  const CertificateId issued = engine.Issue("b.example.com");
  CHECK(absl::StartsWith(*engine.certificates.Download(kAccount, issued), "PK"));
  CHECK(ErrorOf(engine.certificates.Download(kOther, issued).status()) ==
        ApiError::kFailedOperationCertificateNotFound);
  Certificate row = engine.Find(issued);
  row.allow_download = false;
  (void)engine.store->Write(
      [&](Transaction& transaction) { return transaction.UpdateCertificate(row); });
  CHECK(ErrorOf(engine.certificates.Download(kAccount, issued).status()) ==
        ApiError::kFailedOperationAuthError);
}

TEST_CASE("a link opens its package for five minutes", "[link]") {
  Engine engine;
  const CertificateId id = engine.Issue("a.example.com");
  const MadeLink link = *engine.certificates.MakeDownloadLink(kAccount, id, ServerType::kNginx);
  CHECK(link.filename == "a.example.com_nginx.zip");
  CHECK(link.token.size() == 43);
  CHECK(engine.Log().back().type == "download");

  engine.clock.Advance(absl::Minutes(5) - absl::Seconds(1));
  const auto package = engine.certificates.OpenDownloadLink(link.token);
  REQUIRE(package->has_value());
  CHECK((*package)->certificate == id);
  CHECK((*package)->filename == link.filename);
  CHECK(absl::StartsWith((*package)->zip, "PK"));
  std::string wrong = link.token;
  wrong[7] = wrong[7] == 'a' ? 'b' : 'a';
  CHECK_FALSE(engine.certificates.OpenDownloadLink(wrong)->has_value());
  CHECK_FALSE(engine.certificates.OpenDownloadLink("")->has_value());

  engine.clock.Advance(absl::Seconds(1));
  CHECK_FALSE(engine.certificates.OpenDownloadLink(link.token)->has_value());
}

TEST_CASE("what forbids a link also ends those that were given out", "[link]") {
  Engine engine;
  const CertificateId id = engine.Issue("a.example.com");
  const MadeLink link = *engine.certificates.MakeDownloadLink(kAccount, id, ServerType::kJks);
  const auto refusal = [&](ServerType type = ServerType::kNginx) {
    return ErrorOf(engine.certificates.MakeDownloadLink(kAccount, id, type).status());
  };
  Certificate row = engine.Find(id);
  const Certificate before = row;
  ApiError expected = ApiError::kFailedOperationCertificateNotAllowDownload;
  SECTION("switched off") { row.allow_download = false; }
  SECTION("not issued any more, which is told first") {
    row.allow_download = false;
    row.status = CertificateStatus::kRevoked;
    expected = ApiError::kFailedOperationCertificateStatusNotAllowDownload;
  }
  SECTION("of no product") {
    row.package_type.reset();
    expected = ApiError::kFailedOperationCertificateTypeInfoNotFound;
  }
  REQUIRE(engine.store
              ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(row); })
              .ok());
  CHECK(refusal() == expected);
  CHECK_FALSE(engine.certificates.OpenDownloadLink(link.token)->has_value());
}

TEST_CASE("a deleted certificate takes its links along", "[link]") {
  Engine engine;
  const Chain chain;
  const CertificateId id =
      engine.certificates.Upload(UploadOf(chain.leaf.pem(), chain.leaf.key_pem()))->id;
  const MadeLink link = *engine.certificates.MakeDownloadLink(kAccount, id, ServerType::kIis);
  REQUIRE(engine.certificates.OpenDownloadLink(link.token)->has_value());
  REQUIRE(engine.certificates.Delete(kAccount, id).ok());
  CHECK_FALSE(engine.certificates.OpenDownloadLink(link.token)->has_value());
}

TEST_CASE("links need the account's own certificate, and its parts", "[link]") {
  Engine engine;
  const CertificateId issued = engine.Issue("a.example.com");
  const auto refusal = [&](AccountId account, const CertificateId& id, ServerType type) {
    return ErrorOf(engine.certificates.MakeDownloadLink(account, id, type).status());
  };
  CHECK(refusal(kOther, issued, ServerType::kNginx) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(refusal(kAccount, {"zzzzzzzz"}, ServerType::kNginx) ==
        ApiError::kFailedOperationCertificateNotFound);
  const Chain chain;
  const CertificateId ca =
      engine.certificates
          .Upload(
              {.account = kAccount, .public_pem = chain.root.pem(), .kind = CertificateKind::kCa})
          ->id;
  CHECK(refusal(kAccount, ca, ServerType::kNginx) ==
        ApiError::kFailedOperationCertificateDownloadServiceTypeNotSupport);
  CHECK(engine.certificates.MakeDownloadLink(kAccount, ca, ServerType::kRoot).ok());
}

}  // namespace certwright
