#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "tests/support/test_server.h"

namespace certwright {
namespace {

constexpr int kTrustAsiaOv = 14;

std::string OfId(const CertificateId& id, const std::string& more = "") {
  return absl::StrCat(R"({"CertificateId":")", id.value, "\"", more, "}");
}

std::string After(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return "(absent)";
  const std::size_t start = at + before.size();
  return text.substr(start, text.find('"', start) - start);
}

// One issued certificate of which nothing is found any more.
struct Scene {
  Scene() { server.engine.validator.answer = {.result = Probe::Result::kCnameAbsent}; }

  std::string Ask(const std::string& action, const std::string& json) {
    const auto answer = server.Ask(action, json);
    INFO(answer.status());
    REQUIRE(answer.ok());
    return *answer;
  }
  // What each of the three describing actions says of `one`.
  std::vector<std::string> Described(const CertificateId& one) {
    const std::string filter = absl::StrCat(R"({"CertIds":[")", one.value, "\"]}");
    return {Ask("DescribeCertificate", OfId(one)), Ask("DescribeCertificateDetail", OfId(one)),
            Ask("DescribeCertificates", filter)};
  }

  TestServer server;
  CertificateId id = server.engine.Issue("example.com");
};

}  // namespace

TEST_CASE("a reissue and its original name each other in every description", "[actions]") {
  Scene scene;
  const std::string answer =
      scene.Ask("ReplaceCertificate", OfId(scene.id, R"(,"ValidType":"DNS","CsrType":"Original")"));
  const CertificateId reissue = {After(answer, R"("CertificateId":")")};
  CHECK(reissue.value.size() == 8);
  for (const std::string& shown : scene.Described(reissue)) {
    CHECK(absl::StrContains(shown, R"("Status":11,)"));
    CHECK(absl::StrContains(shown, R"("StatusMsg":"WAIT-ISSUE")"));
  }
  scene.server.engine.RunDueJobs();

  for (const std::string& shown : scene.Described(reissue)) {
    CHECK(absl::StrContains(shown, R"("Status":1,)"));
    CHECK(After(shown, R"("ReplacedBy":")") == scene.id.value);
    CHECK(absl::StrContains(shown, R"("ReplacedFor":null)"));
    CHECK(After(shown, R"("CertEndTime":")") == "2026-04-01 07:59:59");
  }
  for (const std::string& shown : scene.Described(scene.id)) {
    CHECK(absl::StrContains(shown, R"("Status":1,)"));
    CHECK(absl::StrContains(shown, R"("ReplacedBy":null)"));
    CHECK(After(shown, R"("ReplacedFor":")") == reissue.value);
  }
  CHECK(absl::StrContains(scene.Described(reissue)[2], R"("ReplaceOriCertIsDelete":false)"));
  scene.server.engine.clock.Advance(absl::Hours(24 * 91));
  scene.server.engine.RunDueJobs();
  scene.Ask("DeleteCertificate", OfId(scene.id));
  CHECK(absl::StrContains(scene.Described(reissue)[2], R"("ReplaceOriCertIsDelete":true)"));
}

TEST_CASE("a revocation is answered with the file, and described with the record", "[actions]") {
  Scene scene;

  const std::string answer = scene.Ask("RevokeCertificate", OfId(scene.id, R"(,"Reason":"lost")"));

  CHECK(absl::StrContains(answer,
                          R"({"DomainValidateAuthPath":"/.well-known/pki-validation/",)"
                          R"("DomainValidateAuthKey":"fileauth.txt","DomainValidateAuthValue":")"));
  CHECK(absl::StrContains(answer, R"("DomainValidateAuthDomain":"example.com"})"));
  CHECK(absl::StrContains(answer, R"("DomainValidateAuthDomain":"www.example.com"})"));
  const std::vector<std::string> open = scene.Described(scene.id);
  for (const std::string& shown : open) CHECK(absl::StrContains(shown, R"("Status":9,)"));
  for (const std::string& shown : {open[0], open[1]}) {
    CHECK(absl::StrContains(shown, R"("DvRevokeAuthDetail":[{"DvAuthKey":"_)"));
    CHECK(absl::StrContains(shown, R"("DvAuthVerifyType":"CNAME"}])"));
  }
  scene.server.engine.validator.Pass();
  scene.Ask("CompleteCertificate", OfId(scene.id));
  const std::vector<std::string> done = scene.Described(scene.id);
  for (const std::string& shown : done) {
    CHECK(absl::StrContains(shown, R"("Status":10,)"));
    CHECK_FALSE(absl::StrContains(shown, "_dnsauth"));
  }
  CHECK_FALSE(absl::StrContains(done[0], R"("DvRevokeAuthDetail":[{)"));
  CHECK(After(done[2], R"("CertRevokedTime":")") == "2026-01-01 09:01:01");
  const std::string log = scene.Ask("DescribeCertificateOperateLogs", "{}");
  CHECK(absl::StrContains(
      log, absl::StrCat("ask to revoke Certificate[id: ", scene.id.value, "] (lost)")));
  CHECK(absl::StrContains(
      log, absl::StrCat("User[uin: --] revoke Certificate[id: ", scene.id.value, "]")));
}

TEST_CASE("a letter moves an organisation's revocation on", "[actions]") {
  Scene scene;
  Certificate row = scene.server.engine.Find(scene.id);
  row.package_type = kTrustAsiaOv;
  REQUIRE(scene.server.engine.store
              ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(row); })
              .ok());
  CHECK(absl::StrContains(scene.Ask("RevokeCertificate", OfId(scene.id)),
                          R"("RevokeDomainValidateAuths":[])"));
  CHECK(absl::StrContains(scene.Described(scene.id)[0], R"("Status":12,)"));

  const std::string answer =
      scene.Ask("UploadRevokeLetter",
                OfId(scene.id, absl::StrCat(R"(,"RevokeLetter":")",
                                            Base64("%PDF-1.7" + std::string(2000, 'x')), "\"")));

  CHECK(absl::StrContains(
      answer, absl::StrCat(R"("CertificateId":")", scene.id.value, R"(","IsSuccess":true)")));
  CHECK(absl::StrContains(scene.Described(scene.id)[0], R"("Status":9,)"));
}

TEST_CASE("nobody reissues or revokes what is not theirs", "[actions]") {
  Scene scene;
  const std::string letter =
      absl::StrCat(R"(,"RevokeLetter":")", Base64("%PDF-1.7" + std::string(2000, 'x')), "\"");
  const auto [action, more] = GENERATE_COPY(
      table<std::string, std::string>({{"ReplaceCertificate", R"(,"ValidType":"DNS")"},
                                       {"RevokeCertificate", ""},
                                       {"UploadRevokeLetter", letter}}));
  CAPTURE(action);
  const auto foreign = scene.server.Ask(action, OfId(scene.id, more), Language::kEnglish, kOther);
  const auto unknown = scene.server.Ask(action, OfId({"zzzzzzzz"}, more));
  CHECK(ErrorOf(foreign.status()) == ApiError::kFailedOperationCertificateNotFound);
  CHECK(ErrorOf(unknown.status()) == ApiError::kFailedOperationCertificateNotFound);
  CHECK(absl::StrContains(scene.Described(scene.id)[0], R"("Status":1,)"));
}

}  // namespace certwright
