#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ssl/v20191205/ssl.pb.h"
#include "tests/support/made_certificates.h"
#include "tests/support/test_server.h"

namespace certwright {
namespace {

std::string OfId(const CertificateId& id) {
  return absl::StrCat(R"({"CertificateId":")", id.value, R"("})");
}

std::string Quoted(const std::string& pem) { return absl::StrReplaceAll(pem, {{"\n", "\\n"}}); }

std::string UploadOf(const Made& leaf, const std::string& more = "") {
  return absl::StrCat(R"({"CertificatePublicKey":")", Quoted(leaf.pem()),
                      R"(","CertificatePrivateKey":")", Quoted(leaf.key_pem()), "\"", more, "}");
}

// The text between `before` and the next quotation mark.
std::string After(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return "(absent)";
  const std::size_t start = at + before.size();
  return text.substr(start, text.find('"', start) - start);
}

CertificateId IdIn(const absl::StatusOr<std::string>& answer) {
  INFO(answer.status());
  REQUIRE(answer.ok());
  return {After(*answer, R"("CertificateId":")")};
}

constexpr char kApplication[] =
    R"({"DvAuthMethod":"DNS","DomainName":"app.example.com","CsrEncryptAlgo":"ECC",)"
    R"("CsrKeyParameter":"prime256v1")";

}  // namespace

TEST_CASE("every documented action has one handler of its own types", "[actions]") {
  ActionTable table;
  BindActions(table);
  const absl::Status fits = table.Check(*ssl::v20191205::SslService::descriptor());
  INFO(fits);
  CHECK(fits.ok());
}

TEST_CASE("an order shows its records at once, and nothing of a certificate", "[actions]") {
  TestServer server;
  const CertificateId id = IdIn(server.Ask("ApplyCertificate", absl::StrCat(kApplication, "}")));

  const std::string detail = *server.Ask("DescribeCertificateDetail", OfId(id));

  CHECK(absl::StrContains(detail, R"("Status":0,"StatusMsg":"PENDING-DCV")"));
  CHECK(absl::StrContains(detail, R"("DvAuthVerifyType":"CNAME")"));
  CHECK(absl::StrContains(detail, R"("DvAuthDomain":"example.com")"));
  for (const std::string member :
       {"CertificatePrivateKey", "CertificatePublicKey", "CertBeginTime", "CertEndTime",
        "CertFingerprint", "EncryptAlgorithm", "RootCert", "VulnerabilityReport"}) {
    CAPTURE(member);
    CHECK(absl::StrContains(detail, absl::StrCat("\"", member, "\":null")));
  }
  CHECK(absl::StrContains(detail, R"("KeyPassword":null)"));
}

TEST_CASE("an issued certificate shows its PEM, and its records no more", "[actions]") {
  TestServer server;
  const CertificateId id = server.engine.Issue("app.example.com");

  const std::string detail = *server.Ask("DescribeCertificateDetail", OfId(id));

  CHECK(absl::StrContains(detail, R"("Status":1,"StatusMsg":null)"));
  CHECK(absl::StrContains(detail, R"("StatusName":"Issued")"));
  CHECK(absl::StrContains(detail, R"("DvAuthKeySubDomain":"","DvAuths":null)"));
  CHECK(absl::StartsWith(After(detail, R"("CertificatePublicKey":")"),
                         "-----BEGIN CERTIFICATE-----\\n"));
  CHECK(absl::StartsWith(After(detail, R"("CertificatePrivateKey":")"),
                         "-----BEGIN EC PRIVATE KEY-----\\n"));
  CHECK(absl::StrContains(detail, R"("SubmittedData":null)"));
  CHECK(absl::StrContains(detail, R"("EncryptAlgorithm":"ECC 256")"));
  CHECK(absl::StrContains(detail, R"("ValidityPeriod":"3")"));
  CHECK(absl::StrContains(detail, R"("SubjectAltName":[])"));
  CHECK(absl::StrContains(*server.Ask("DescribeCertificates", "{}"),
                          R"("SubjectAltName":["app.example.com"])"));
}

TEST_CASE("documented times are eight hours ahead of UTC", "[actions]") {
  TestServer server;  // stands at 2026-01-01T01:01:01Z
  const CertificateId id = server.engine.Issue("app.example.com");
  const std::string shown = *server.Ask("DescribeCertificate", OfId(id));
  CHECK(After(shown, R"("InsertTime":")") == "2026-01-01 09:01:01");
  CHECK(After(shown, R"("CertBeginTime":")") == "2026-01-01 08:00:00");
  CHECK(After(shown, R"("CertEndTime":")") == "2026-04-01 07:59:59");
}

TEST_CASE("another account's certificate behaves as unknown in every action", "[actions]") {
  TestServer server;
  const CertificateId id = server.engine.Issue("app.example.com");
  const std::map<std::string, ApiError> refusals = {
      {"DescribeCertificate", ApiError::kFailedOperationCertificateNotFound},
      {"DescribeCertificateDetail", ApiError::kFailedOperationCertificateNotFound},
      {"DownloadCertificate", ApiError::kFailedOperationCertificateNotFound},
      {"DescribeDownloadCertificateUrl", ApiError::kFailedOperationCertificateNotFound},
      {"ModifyCertificateAlias", ApiError::kFailedOperationCertificateNotFound},
      {"DeleteCertificate", ApiError::kFailedOperationCertificateNotFound},
      {"CancelCertificateOrder", ApiError::kFailedOperationCertificateNotFound},
      {"CommitCertificateInformation", ApiError::kFailedOperationCertificateNotFound},
      {"CheckCertificateDomainVerification", ApiError::kFailedOperationCertificateNotFound},
      {"CompleteCertificate", ApiError::kFailedOperationCertificateNotFoundOrAudited},
      {"CancelAuditCertificate", ApiError::kFailedOperationCertificateNotFoundOrCantCancel},
  };
  for (const auto& [action, error] : refusals) {
    CAPTURE(action);
    const auto foreign = server.Ask(action, OfId(id), Language::kEnglish, kOther);
    const auto unknown = server.Ask(action, R"({"CertificateId":"zzzzzzzz"})");
    CHECK(ErrorOf(foreign.status()) == error);
    CHECK(ErrorOf(unknown.status()) == error);
  }
  CHECK(absl::StrContains(*server.Ask("DescribeCertificates", "{}", Language::kEnglish, kOther),
                          R"("TotalCount":0,"Certificates":[])"));
}

TEST_CASE("an upload is shown as it was sent, and a repeated one by the old id", "[actions]") {
  TestServer server;
  const Made leaf = Make("up.example.com", nullptr);
  const CertificateId id = IdIn(server.Ask("UploadCertificate", UploadOf(leaf)));

  const std::string detail = *server.Ask("DescribeCertificateDetail", OfId(id));
  const std::string again =
      *server.Ask("UploadCertificate", UploadOf(leaf, R"(,"Repeatable":false)"));

  CHECK(After(detail, R"("CertificatePublicKey":")") == Quoted(leaf.pem()));
  CHECK(absl::StrContains(detail, R"("From":"upload","CertificateType":"SVR","PackageType":null)"));
  CHECK(absl::StrContains(detail, R"("OrderId":null)"));
  CHECK(absl::StrContains(detail, R"("VerifyType":null)"));
  CHECK(absl::StrContains(detail, R"("Alias":"")"));
  CHECK(absl::StrContains(detail, R"("Status":1)"));
  CHECK(After(again, R"("CertificateId":")") == id.value);
  CHECK(After(again, R"("RepeatCertId":")") == id.value);
}

TEST_CASE("texts come back byte for byte", "[actions]") {
  TestServer server;
  const CertificateId id = server.engine.Issue("app.example.com");
  const std::string alias = GENERATE("测试 / \\u00e4", "\\\"\\\\", "%' OR 1=1 --", "");
  const std::string json =
      absl::StrCat(R"({"CertificateId":")", id.value, R"(","Alias":")", alias, R"("})");
  REQUIRE(server.Ask("ModifyCertificateAlias", json).ok());
  const std::string shown = *server.Ask("DescribeCertificate", OfId(id));
  const std::string expected = absl::StrReplaceAll(alias, {{"\\u00e4", "ä"}});
  CHECK(absl::StrContains(shown, absl::StrCat("\"Alias\":\"", expected, "\",")));
}

TEST_CASE("a list filter is bounded by what there can be", "[actions]") {
  TestServer server;
  const auto tags = [](int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) {
      all.push_back(absl::StrCat(R"({"TagKey":"k)", i, R"(","TagValue":"v"})"));
    }
    return absl::StrCat(R"({"Tags":[)", absl::StrJoin(all, ","), "]}");
  };
  CHECK(server.Ask("DescribeCertificates", tags(50)).ok());
  const absl::Status refused = server.Ask("DescribeCertificates", tags(51)).status();
  CHECK(ErrorOf(refused) == ApiError::kInvalidParameterValue);
  const std::string states = absl::StrJoin(std::vector<int>(20'000, 1), ",");
  CHECK(server.Ask("DescribeCertificates", absl::StrCat(R"({"CertificateStatus":[)", states, "]}"))
            .ok());
}

TEST_CASE("values outside of what is documented are refused by name", "[actions]") {
  TestServer server;
  struct Row {
    const char* action;
    const char* json;
    ApiError error;
    const char* field;
  };
  const Row row = GENERATE(
      Row{"DescribeCertificates", R"({"CertificateStatus":[16]})", ApiError::kInvalidParameterValue,
          "CertificateStatus"},
      Row{"DescribeCertificates", R"({"ExpirationSort":"up"})", ApiError::kInvalidParameterValue,
          "ExpirationSort"},
      Row{"DescribeCertificates", R"({"FilterSource":"x"})", ApiError::kInvalidParameterValue,
          "FilterSource"},
      Row{"DescribeCertificates", R"({"CertificateType":"X"})", ApiError::kInvalidParameterValue,
          "CertificateType"},
      Row{"DescribeCertificates", R"({"Deployable":2})", ApiError::kInvalidParameterValue,
          "Deployable"},
      Row{"DescribeCertificates", R"({"Upload":-1})", ApiError::kInvalidParameterValue, "Upload"},
      Row{"DescribeCertificates", R"({"Offset":18446744073709551615})",
          ApiError::kInvalidParameterValue, "Offset"},
      Row{"DescribeCertificates", R"({"ProjectId":18446744073709551615})",
          ApiError::kInvalidParameterValue, "ProjectId"},
      Row{"ApplyCertificate",
          R"({"DvAuthMethod":"DNS","DomainName":"a.example.com","ProjectId":18446744073709551615})",
          ApiError::kInvalidParameterValue, "ProjectId"},
      Row{"ApplyCertificate", R"({"DvAuthMethod":"dns","DomainName":"a.example.com"})",
          ApiError::kInvalidParameterValue, "DvAuthMethod"},
      Row{"DescribeCertificateOperateLogs", R"({"StartTime":"2026-01-01"})",
          ApiError::kFailedOperationInvalidParam, "StartTime"},
      Row{"DescribeCertificateOperateLogs",
          R"({"StartTime":"2026-01-02 00:00:00","EndTime":"2026-01-01 00:00:00"})",
          ApiError::kFailedOperationInvalidParam, "EndTime"},
      Row{"DeleteCertificate", R"({"CertificateId":"a","IsCheckResource":true})",
          ApiError::kFailedOperationCertificateNotFound, "CertificateId"},
      Row{"DescribeDeleteCertificatesTaskResult", R"({"TaskIds":["1"]})",
          ApiError::kFailedOperation, "TaskIds"},
      Row{"ReplaceCertificate", R"({"CertificateId":"a"})", ApiError::kMissingParameter,
          "ValidType"},
      Row{"ReplaceCertificate", R"({"ValidType":"DNS"})", ApiError::kMissingParameter,
          "CertificateId"},
      Row{"ReplaceCertificate", R"({"CertificateId":"a","ValidType":"MAIL"})",
          ApiError::kInvalidParameterValue, "ValidType"},
      Row{"ReplaceCertificate", R"({"CertificateId":"a","ValidType":"DNS","CsrType":"x"})",
          ApiError::kFailedOperationInvalidParam, "CsrType"},
      Row{"RevokeCertificate", "{}", ApiError::kMissingParameter, "CertificateId"},
      Row{"UploadRevokeLetter", R"({"CertificateId":"a"})", ApiError::kMissingParameter,
          "RevokeLetter"},
      Row{"UploadRevokeLetter", R"({"RevokeLetter":"eA=="})", ApiError::kMissingParameter,
          "CertificateId"},
      Row{"UploadRevokeLetter", R"({"CertificateId":"a","RevokeLetter":"x"})",
          ApiError::kFailedOperationInvalidParam, "RevokeLetter"},
      Row{"ModifyCertificateProject",
          R"({"CertificateIdList":["a"],"ProjectId":18446744073709551615})",
          ApiError::kInvalidParameterValue, "ProjectId"},
      Row{"ModifyCertificateProject", R"({"CertificateIdList":[],"ProjectId":0})",
          ApiError::kMissingParameter, "CertificateIdList"},
      Row{"ModifyCertificatesExpiringNotificationSwitch",
          R"({"CertificateIds":["a"],"SwitchStatus":2})", ApiError::kInvalidParameterValue,
          "SwitchStatus"},
      Row{"ModifyCertificatesExpiringNotificationSwitch",
          R"({"CertificateIds":["a"],"SwitchStatus":1})",
          ApiError::kFailedOperationCertificateNotFound, "CertificateIds"},
      Row{"DescribeDownloadCertificateUrl", R"({"CertificateId":"a","ServiceType":"lighttpd"})",
          ApiError::kFailedOperationCertificateDownloadServiceTypeNotSupport, "ServiceType"},
      Row{"DownloadCertificate", "{}", ApiError::kMissingParameter, "CertificateId"});
  CAPTURE(row.action, row.json);

  const auto answer = server.Ask(row.action, row.json);

  INFO(answer.status());
  CHECK(ErrorOf(answer.status()) == row.error);
  CHECK(FieldOf(answer.status()) == row.field);
}

TEST_CASE("pages are cut after counting, and too large ones are clamped", "[actions]") {
  TestServer server;
  for (int i = 0; i < 12; ++i) server.engine.Apply(absl::StrCat("n", i, ".example.com"));
  const auto rows = [&](const std::string& json) {
    const std::string text = *server.Ask("DescribeCertificates", json);
    CHECK(absl::StrContains(text, "\"TotalCount\":12,"));
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find("\"OwnerUin\":\"", at)) != std::string::npos; ++at) {
      ++count;
    }
    return count;
  };
  CHECK(rows("{}") == 10);
  CHECK(rows(R"({"Limit":1000000})") == 12);
  CHECK(rows(R"({"Limit":5,"Offset":10})") == 2);
  CHECK(rows(R"({"Offset":100})") == 0);
}

TEST_CASE("filters of the list mean what is documented", "[actions]") {
  TestServer server;
  server.engine.Apply("open.example.com");
  server.engine.Issue("done.example.com");
  IdIn(server.Ask("UploadCertificate", UploadOf(Make("up.example.com", nullptr))));
  struct Row {
    const char* json;
    int total;
  };
  const Row row = GENERATE(
      Row{"{}", 3}, Row{R"({"Upload":1})", 1}, Row{R"({"Upload":0})", 3},
      Row{R"({"FilterSource":"buy"})", 2}, Row{R"({"FilterSource":"upload"})", 1},
      Row{R"({"FilterSource":"buy","Upload":1})", 0}, Row{R"({"CertificateStatus":[0]})", 1},
      Row{R"({"CertificateStatus":[0,1]})", 3}, Row{R"({"CertificateStatus":[1,0,1,1,0]})", 3},
      Row{R"({"Deployable":1})", 2}, Row{R"({"Deployable":0})", 1}, Row{R"({"Hostable":1})", 1},
      Row{R"({"IsSM":1})", 0}, Row{R"({"IsSM":0})", 3}, Row{R"({"IsPendingIssue":1})", 1},
      Row{R"({"SearchKey":"done"})", 1}, Row{R"({"SearchKey":"%"})", 0},
      Row{R"({"ServiceId":"s"})", 0}, Row{R"({"CertificateType":"CA"})", 0},
      Row{R"({"ProjectId":0})", 3}, Row{R"({"ProjectId":7})", 0},
      Row{R"({"CertIds":["nope"]})", 0});
  CAPTURE(row.json);

  const std::string list = *server.Ask("DescribeCertificates", row.json);

  CHECK(absl::StrContains(list, absl::StrCat("\"TotalCount\":", row.total, ",")));
}

TEST_CASE("a free certificate is a person's, an upload whoever's", "[actions]") {
  TestServer server;
  const CertificateId bought = server.engine.Apply("app.example.com");
  const CertificateId uploaded{
      IdIn(server.Ask("UploadCertificate", UploadOf(Make("up.example.com", nullptr))))};
  for (const char* action : {"DescribeCertificate", "DescribeCertificateDetail"}) {
    CHECK(absl::StrContains(*server.Ask(action, OfId(bought)), "\"CompanyType\":1}"));
    CHECK(absl::StrContains(*server.Ask(action, OfId(uploaded)), "\"CompanyType\":2}"));
  }
}

TEST_CASE("a probe tells what was found, and is not repeated at once", "[actions]") {
  TestServer server;
  const CertificateId id = server.engine.Apply("app.example.com");

  const std::string first = *server.Ask("CheckCertificateDomainVerification", OfId(id));
  const std::string second = *server.Ask("CheckCertificateDomainVerification", OfId(id));
  server.engine.validator.Pass();
  server.engine.clock.Advance(absl::Minutes(6));
  const std::string third = *server.Ask("CheckCertificateDomainVerification", OfId(id));

  CHECK(absl::StrContains(first, R"("LocalCheck":-6,"CaCheck":-1)"));
  CHECK(absl::StrContains(first, R"("Frequently":false,"Issued":false)"));
  CHECK(absl::StrContains(second, R"("LocalCheck":-1,"CaCheck":-1)"));
  CHECK(absl::StrContains(second, R"("Frequently":true,"Issued":false)"));
  CHECK(absl::StrContains(third, R"("LocalCheck":1,"CaCheck":2)"));
  CHECK(absl::StrContains(third, R"("Frequently":false,"Issued":true)"));
  CHECK(ErrorOf(server.Ask("CheckCertificateDomainVerification", OfId(id)).status()) ==
        ApiError::kFailedOperationCertificateStatusNotAllowVerify);
}

TEST_CASE("names and log sentences follow the language", "[actions]") {
  TestServer server;
  const CertificateId id = server.engine.Apply("app.example.com");
  REQUIRE(server.Ask("CancelCertificateOrder", OfId(id)).ok());

  const std::string chinese = *server.Ask("DescribeCertificate", OfId(id), Language::kChinese);
  const std::string english = *server.Ask("DescribeCertificateOperateLogs", "{}");

  CHECK(absl::StrContains(chinese, R"("StatusName":"已取消")"));
  CHECK(absl::StrContains(
      english, absl::StrCat("User[uin: ", kAccount.value, "] cancel Certificate[id: ", id.value)));
  CHECK(
      absl::StrContains(*server.Ask("DescribeCertificateOperateLogs", "{}", Language::kChinese),
                        absl::StrCat("用户[uin: ", kAccount.value, "] 取消 证书[id: ", id.value)));
  CHECK(absl::StrContains(english, R"("AllTotal":2,"TotalCount":2)"));
}

TEST_CASE("messages within answers follow the language", "[actions]") {
  TestServer server;
  const CertificateId late = server.engine.Apply("slow.example.com");
  server.engine.validator.answer = {.result = Probe::Result::kCnameAbsent,
                                    .reason = "cname record not found"};
  const auto ask = [&](const std::string& action, const std::string& json, Language language) {
    return *server.Ask(action, json, language);
  };

  const std::string probed =
      ask("CheckCertificateDomainVerification", OfId(late), Language::kChinese);
  CHECK(absl::StrContains(probed,
                          R"("LocalCheckFailReason":"未找到 CNAME 记录：cname record not found")"));

  server.engine.clock.Advance(absl::Hours(72));
  server.engine.RunDueJobs();
  constexpr char kWhy[] = "The domain was not validated in time, and the order was closed";
  constexpr char kWhyInChinese[] = "域名未在期限内通过验证，订单已关闭：";
  const auto status_message = [&](absl::string_view chinese) {
    return absl::StrCat(R"("StatusMsg":")", chinese, kWhy, "\"");
  };
  for (const char* action : {"DescribeCertificate", "DescribeCertificateDetail"}) {
    CHECK(absl::StrContains(ask(action, OfId(late), Language::kEnglish), status_message("")));
    CHECK(absl::StrContains(ask(action, OfId(late), Language::kChinese),
                            status_message(kWhyInChinese)));
  }
  CHECK(absl::StrContains(ask("DescribeCertificateOperateLogs", "{}", Language::kChinese),
                          absl::StrCat(" (", kWhyInChinese, kWhy, ")")));

  const std::string two = R"({"CertificateIds":["nosuchid"],"IsSync":true})";
  CHECK(absl::StrContains(ask("DeleteCertificates", two, Language::kEnglish),
                          R"("Msg":"FailedOperation.CertificateNotFound: )"));
  CHECK(absl::StrContains(
      ask("DeleteCertificates", two, Language::kChinese),
      R"("Msg":"FailedOperation.CertificateNotFound: 证书不存在或不属于该账号（参数 )"));
}

TEST_CASE("the operate log tells how an order and a certificate end, and whose doing it was",
          "[actions]") {
  TestServer server;
  const CertificateId failed = server.engine.Apply("slow.example.com");
  const CertificateId issued = server.engine.Issue("app.example.com");
  server.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  server.engine.clock.Advance(absl::Hours(72));
  server.engine.RunDueJobs();
  const std::string early = *server.Ask("DescribeCertificateOperateLogs", "{}");
  server.engine.clock.Advance(absl::Hours(24 * 90));
  server.engine.RunDueJobs();
  const std::string late = *server.Ask("DescribeCertificateOperateLogs", "{}");

  CHECK(absl::StrContains(early, absl::StrCat("User[uin: --] fail Certificate[id: ", failed.value,
                                              "] (The domain was not validated in time")));
  CHECK(absl::StrContains(early, R"("Type":"failed")"));
  CHECK(absl::StrContains(
      late, absl::StrCat("User[uin: --] expire Certificate[id: ", issued.value, "]\"")));
  CHECK(absl::StrContains(late, R"("Type":"expired")"));
}

TEST_CASE("what is done to a paid order stands in the log as a sentence", "[actions]") {
  TestServer server;
  const CertificateId id = IdIn(server.Ask("CreateOrder", R"({"ProductId":104})"));
  REQUIRE(server
              .Ask("CertificateInfoSubmit",
                   absl::StrCat(R"({"CertId":")", id.value,
                                R"(","GenCsrType":"online","CertCommonName":"a.example.com",)"
                                R"("CompanyType":2,"CompanyId":"0","CsrKeyParameter":"2048",)"
                                R"("AutoRenewFlag":1})"))
              .ok());

  const std::string log = *server.Ask("DescribeCertificateOperateLogs", "{}");

  CHECK(absl::StrContains(log, absl::StrCat("] order Certificate[id: ", id.value)));
  CHECK(absl::StrContains(log, absl::StrCat("] submit data of Certificate[id: ", id.value)));
  const std::string shown = *server.Ask("DescribeCertificates", "{}");
  CHECK(absl::StrContains(shown, R"("AutoRenewFlag":1)"));
  CHECK(absl::StrContains(shown,
                          R"("PreAuditInfo":{"TotalPeriod":1,"NowPeriod":1,"ManagerId":"0"})"));
}

TEST_CASE("a deleted certificate is gone from every answer", "[actions]") {
  TestServer server;
  const CertificateId id =
      IdIn(server.Ask("UploadCertificate", UploadOf(Make("up.example.com", nullptr))));

  CHECK(absl::StrContains(*server.Ask("DeleteCertificate", OfId(id)),
                          R"("DeleteResult":true,"TaskId":null)"));

  CHECK(ErrorOf(server.Ask("DescribeCertificate", OfId(id)).status()) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(absl::StrContains(*server.Ask("DescribeCertificates", "{}"), R"("TotalCount":0)"));
}

}  // namespace certwright
