// Companies and managers, as callers of the documented API and of the extension see them.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ssl/v20261201/extension.pb.h"
#include "tests/support/test_server.h"

namespace certwright {
namespace {

constexpr char kCompany[] =
    R"({"CompanyName":"Example Ltd","CompanyCountry":"cn","CompanyProvince":"Guangdong",)"
    R"("CompanyCity":"Shenzhen","CompanyAddress":"1 Example Road","CompanyPhone":"0755 1234"})";

std::string ManagerOf(std::int64_t company, const std::string& more = "") {
  return absl::StrCat(R"({"CompanyId":)", company,
                      R"(,"ManagerFirstName":"Li","ManagerLastName":"Wang",)"
                      R"("ManagerMail":"li@example.com","ManagerPhone":"138 0000")",
                      more, "}");
}

std::string OfId(std::int64_t id, const std::string& more = "") {
  return absl::StrCat(R"({"ManagerId":)", id, more, "}");
}

// The number after `before`.
std::int64_t NumberIn(const absl::StatusOr<std::string>& answer, const std::string& before) {
  INFO(answer.status());
  REQUIRE(answer.ok());
  const std::size_t at = answer->find(before);
  REQUIRE(at != std::string::npos);
  const std::size_t start = at + before.size();
  std::int64_t number = 0;
  REQUIRE(absl::SimpleAtoi(
      answer->substr(start, answer->find_first_not_of("0123456789", start) - start), &number));
  return number;
}

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

struct Profiles : TestServer {
  std::int64_t AddCompany(AccountId account = kAccount) {
    return NumberIn(Ask("CreateCompany", kCompany, Language::kEnglish, account), R"("CompanyId":)");
  }
  std::int64_t AddManager(const std::string& more = "") {
    return NumberIn(Ask("CreateManager", ManagerOf(AddCompany(), more)), R"("ManagerId":)");
  }
  // Operators name no account: whichever asks here.
  std::string Review(std::int64_t id, const std::string& decision) {
    const auto answer =
        Ask("ReviewManager", OfId(id, absl::StrCat(R"(,"Decision":")", decision, "\"")),
            Language::kEnglish, kOther);
    INFO(answer.status());
    REQUIRE(answer.ok());
    return *answer;
  }
  std::int64_t AddApproved() {
    const std::int64_t id = AddManager();
    Review(id, "approve");
    Review(id, "approve");
    return id;
  }
  std::string Detail(std::int64_t id) { return *Ask("DescribeManagerDetail", OfId(id)); }
};

}  // namespace

TEST_CASE("every action of the extension has one handler of its own types", "[profiles]") {
  ActionTable table;
  BindExtension(table);
  const absl::Status fits = table.Check(*ssl::v20261201::SslExtensionService::descriptor());
  INFO(fits);
  CHECK(fits.ok());
}

TEST_CASE("a company is shown to its account", "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddCompany();

  const std::string list = *server.Ask("DescribeCompanies", "{}");

  CHECK(absl::StrContains(
      list, absl::StrCat(
                R"("Companies":[{"CompanyName":"Example Ltd","CompanyId":)", id,
                R"(,"CompanyCountry":"CN","CompanyProvince":"Guangdong","CompanyCity":"Shenzhen",)"
                R"("CompanyAddress":"1 Example Road","CompanyPhone":"0755 1234",)"
                R"("IdType":"OTHERS","IdNumber":""}],"TotalCount":1)")));
  const std::string others = *server.Ask(
      "DescribeCompanies", absl::StrCat(R"({"CompanyId":)", id, "}"), Language::kEnglish, kOther);
  CHECK(absl::StrContains(others, R"("Companies":[],"TotalCount":0)"));
}

TEST_CASE("companies come in pages, of which none and 0 are the default", "[profiles]") {
  Profiles server;
  for (int i = 0; i < 10; ++i) server.AddCompany();
  CHECK(ErrorOf(server.Ask("CreateCompany", kCompany).status()) == ApiError::kLimitExceeded);
  struct Row {
    const char* json;
    int shown;
  };
  const Row row = GENERATE(Row{"{}", 10}, Row{R"({"Limit":0})", 10}, Row{R"({"Limit":3})", 3},
                           Row{R"({"Limit":5000})", 10}, Row{R"({"Offset":8})", 2},
                           Row{R"({"Offset":9223372036854775807})", 0});
  CAPTURE(row.json);

  const std::string list = *server.Ask("DescribeCompanies", row.json);

  CHECK(CountOf(list, "\"CompanyName\"") == row.shown);
  CHECK(absl::StrContains(list, "\"TotalCount\":10"));
}

TEST_CASE("a new manager waits for review, for both levels", "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddManager(R"(,"ContactFirstName":"Ann")");

  const std::string detail = server.Detail(id);

  CHECK(absl::StrContains(detail, R"("Status":"audit","ManagerFirstName":"Li")"));
  CHECK(absl::StrContains(detail, R"("ContactFirstName":"Ann")"));
  CHECK(absl::StrContains(detail, R"("ContactMail":"")"));
  CHECK(absl::StrContains(detail, R"("VerifyTime":null,"CreateTime":"2026-01-01 09:01:01",)"));
  CHECK(absl::StrContains(detail, R"("ExpireTime":null)"));
  CHECK(absl::StrContains(detail, R"("CompanyInfo":{"CompanyName":"Example Ltd")"));
  const std::string level =
      R"("Status":"pending","CreateTime":"2026-01-01 09:01:01","ExpireTime":"",)"
      R"("ManagerPreAuditDomains":[]})";
  CHECK(absl::StrContains(detail, absl::StrCat(R"("StatusInfo":[{"Type":"ov",)", level,
                                               R"(,{"Type":"ev",)", level, "]")));
}

TEST_CASE("a manager may be for one level", "[profiles]") {
  Profiles server;
  const std::string level = GENERATE("ov", "ev");

  const std::string detail =
      server.Detail(server.AddManager(absl::StrCat(R"(,"Level":")", level, "\"")));

  CHECK(absl::StrContains(detail, absl::StrCat(R"("StatusInfo":[{"Type":")", level, "\"")));
  CHECK(CountOf(detail, "\"Type\":") == 1);
}

TEST_CASE("each step of the review is shown", "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddManager();

  CHECK(absl::StrContains(server.Review(id, "approve"), R"("Status":"CAaudit")"));
  CHECK(absl::StrContains(server.Detail(id), R"("Status":"audit")"));
  CHECK(CountOf(server.Detail(id), R"("Status":"submitted")") == 2);
  CHECK(ErrorOf(server.Ask("DeleteManager", OfId(id)).status()) ==
        ApiError::kFailedOperationManagerCanNotDeleteCa);

  CHECK(absl::StrContains(server.Review(id, "approve"), R"("Status":"ok")"));
  const std::string approved = server.Detail(id);
  CHECK(absl::StrContains(approved, R"("Status":"ok")"));
  CHECK(absl::StrContains(approved, R"("VerifyTime":"2026-01-01 09:01:01")"));
  CHECK(absl::StrContains(approved, R"("ExpireTime":"2027-02-01 09:01:01")"));
  CHECK(CountOf(approved, R"("Status":"completed")") == 2);

  REQUIRE(server.Ask("VerifyManager", OfId(id)).ok());
  CHECK(absl::StrContains(server.Detail(id), R"("Status":"audit")"));
  CHECK(absl::StrContains(server.Review(id, "refuse"), R"("Status":"invalid")"));
  CHECK(CountOf(server.Detail(id), R"("Status":"invalid")") == 3);
  CHECK(absl::StrContains(*server.Ask("SubmitAuditManager", OfId(id)),
                          absl::StrCat(R"("ManagerId":)", id)));
  CHECK(absl::StrContains(*server.Ask("DeleteManager", OfId(id)),
                          absl::StrCat(R"("ManagerId":)", id)));
  CHECK(ErrorOf(server.Ask("DescribeManagerDetail", OfId(id)).status()) ==
        ApiError::kResourceNotFoundManager);
}

TEST_CASE("an approval ends soon, and then has ended", "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddApproved();
  server.engine.clock.Advance(absl::Hours(24 * 370));
  CHECK(CountOf(server.Detail(id), R"("Status":"expiring")") == 3);
  server.engine.clock.Advance(absl::Hours(24 * 30));
  CHECK(CountOf(server.Detail(id), R"("Status":"expired")") == 3);
}

TEST_CASE("domains of an approved manager are listed and counted", "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddApproved();

  const std::string added =
      *server.Ask("CreateManagerDomain", OfId(id, R"(,"Domain":"Example.com","Method":"FILE")"));

  CHECK(
      absl::StrContains(added, absl::StrCat(R"("ManagerId":)", id, R"(,"Domain":"example.com")")));
  CHECK(CountOf(server.Detail(id),
                R"("ManagerPreAuditDomains":[{"Domain":"example.com",)"
                R"("CreateTime":"2026-01-01 09:01:01","ExpireTime":"2027-02-01 09:01:01"}])") == 2);
  const std::string list = *server.Ask("DescribeManagers", R"({"CompanyId":1})");
  CHECK(absl::StrContains(list, R"("DomainCount":1,"CertCount":0)"));
  CHECK(absl::StrContains(list, R"("SubmitAuditTime":"2026-01-01 09:01:01")"));
}

TEST_CASE("managers come in pages, by what is asked of them", "[profiles]") {
  Profiles server;
  const std::int64_t company = server.AddCompany();
  for (int i = 0; i < 12; ++i) {
    NumberIn(server.Ask("CreateManager",
                        ManagerOf(company, absl::StrCat(R"(,"ManagerDepartment":"d)", i, "\""))),
             R"("ManagerId":)");
  }
  server.Review(1, "approve");
  server.Review(2, "refuse");
  struct Row {
    const char* members;
    int shown;
    int total;
  };
  const Row row =
      GENERATE(Row{"", 10, 12}, Row{R"(,"Limit":1000000)", 12, 12}, Row{R"(,"Limit":0)", 0, 12},
               Row{R"(,"Limit":5,"Offset":10)", 2, 12}, Row{R"(,"Offset":100)", 0, 12},
               Row{R"(,"Status":"audit")", 10, 10}, Row{R"(,"Status":"CAaudit")", 1, 1},
               Row{R"(,"Status":"invalid")", 1, 1}, Row{R"(,"Status":"none")", 0, 0},
               Row{R"(,"SearchKey":"|||d11")", 1, 1}, Row{R"(,"SearchKey":"d1")", 3, 3},
               Row{R"(,"SearchKey":"Wang|Li||d3")", 1, 1}, Row{R"(,"ManagerName":"wang")", 10, 12},
               Row{R"(,"ManagerMail":"nobody")", 0, 0});
  CAPTURE(row.members);

  const std::string list =
      *server.Ask("DescribeManagers", absl::StrCat(R"({"CompanyId":)", company, row.members, "}"));

  CHECK(CountOf(list, "\"ManagerFirstName\"") == row.shown);
  CHECK(absl::StrContains(list, absl::StrCat("\"TotalCount\":", row.total, ",")));
}

TEST_CASE("a company that is not the account's has no managers", "[profiles]") {
  Profiles server;
  server.AddManager();
  const std::string unknown = *server.Ask("DescribeManagers", R"({"CompanyId":999})");
  const std::string foreign =
      *server.Ask("DescribeManagers", R"({"CompanyId":1})", Language::kEnglish, kOther);
  CHECK(absl::StrContains(unknown, R"("Managers":[],"TotalCount":0)"));
  CHECK(absl::StrContains(foreign, R"("Managers":[],"TotalCount":0)"));
  CHECK(ErrorOf(server.Ask("CreateManager", ManagerOf(1), Language::kEnglish, kOther).status()) ==
        ApiError::kResourceNotFound);
}

TEST_CASE("unknown and foreign managers are not found, whatever is asked", "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddManager();
  const std::string action = GENERATE("DescribeManagerDetail", "SubmitAuditManager",
                                      "VerifyManager", "DeleteManager", "CreateManagerDomain");
  CAPTURE(action);
  const std::string more = action == "CreateManagerDomain" ? R"(,"Domain":"a.example.com")" : "";

  const auto foreign = server.Ask(action, OfId(id, more), Language::kEnglish, kOther);
  const auto unknown = server.Ask(action, OfId(id + 1, more));

  CHECK(ErrorOf(foreign.status()) == ApiError::kResourceNotFoundManager);
  CHECK(ErrorOf(unknown.status()) == ApiError::kResourceNotFoundManager);
  const std::string other_number =
      absl::StrReplaceAll(foreign.status().message(), {{absl::StrCat(id), absl::StrCat(id + 1)}});
  CHECK(other_number == unknown.status().message());
}

TEST_CASE("missing members and wrong values of profiles are refused by name", "[profiles]") {
  Profiles server;
  server.AddApproved();
  struct Row {
    const char* action;
    std::string json;
    ApiError error;
    const char* field;
  };
  const ApiError missing = ApiError::kMissingParameter;
  const ApiError wrong = ApiError::kInvalidParameterValue;
  const std::vector<Row> rows = {
      {"DescribeManagers", "{}", missing, "CompanyId"},
      {"DescribeManagerDetail", "{}", missing, "ManagerId"},
      {"SubmitAuditManager", "{}", missing, "ManagerId"},
      {"VerifyManager", "{}", missing, "ManagerId"},
      {"DeleteManager", "{}", missing, "ManagerId"},
      {"CreateCompany", R"({"CompanyName":"a"})", missing, "CompanyCountry"},
      {"CreateManager", R"({"CompanyId":1})", missing, "ManagerFirstName"},
      {"ReviewManager", R"({"ManagerId":1})", missing, "Decision"},
      {"CreateManagerDomain", R"({"ManagerId":1})", missing, "Domain"},
      {"DescribeCompanies", R"({"Offset":-1})", wrong, "Offset"},
      {"DescribeCompanies", R"({"Limit":-1})", wrong, "Limit"},
      {"DescribeManagers", R"({"CompanyId":1,"Offset":-1})", wrong, "Offset"},
      {"DescribeManagers", R"({"CompanyId":1,"Limit":-1})", wrong, "Limit"},
      {"DescribeManagers", R"({"CompanyId":1,"Status":"caaudit"})", wrong, "Status"},
      {"DescribeManagers", R"({"CompanyId":1,"SearchKey":"a|b|c|d|e"})",
       ApiError::kFailedOperationInvalidParam, "SearchKey"},
      {"CreateManager", ManagerOf(1, R"(,"Level":"dv")"), wrong, "Level"},
      {"CreateManager", ManagerOf(1, R"(,"ContactMail":"x")"), wrong, "ContactMail"},
      {"CreateManager", ManagerOf(9), ApiError::kResourceNotFound, "CompanyId"},
      {"ReviewManager", R"({"ManagerId":1,"Decision":"yes"})", wrong, "Decision"},
      {"ReviewManager", R"({"ManagerId":9,"Decision":"approve"})",
       ApiError::kResourceNotFoundManager, "ManagerId"},
      {"ReviewManager", R"({"ManagerId":1,"Decision":"approve"})",
       ApiError::kFailedOperationIllegalManagerStatus, "ManagerId"},
      {"SubmitAuditManager", R"({"ManagerId":1})", ApiError::kFailedOperationIllegalManagerStatus,
       "ManagerId"},
      {"CreateManagerDomain", R"({"ManagerId":1,"Domain":"a.example.com","Method":"DNS_AUTO"})",
       wrong, "Method"},
      {"CreateManagerDomain", R"({"ManagerId":1,"Domain":"*.example.com"})", wrong, "Domain"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.action, row.json);
    const auto answer = server.Ask(row.action, row.json);
    INFO(answer.status());
    CHECK(ErrorOf(answer.status()) == row.error);
    CHECK(FieldOf(answer.status()) == row.field);
  }
}

TEST_CASE("what waits for review is neither verified nor submitted nor given domains",
          "[profiles]") {
  Profiles server;
  const std::int64_t id = server.AddManager();
  CHECK(ErrorOf(server.Ask("VerifyManager", OfId(id)).status()) ==
        ApiError::kInvalidParameterValue);
  CHECK(ErrorOf(server.Ask("SubmitAuditManager", OfId(id)).status()) ==
        ApiError::kFailedOperationIllegalManagerStatus);
  CHECK(ErrorOf(
            server.Ask("CreateManagerDomain", OfId(id, R"(,"Domain":"a.example.com")")).status()) ==
        ApiError::kFailedOperationIllegalManagerStatus);
}

TEST_CASE("refusals do not repeat what was said of a person", "[profiles]") {
  Profiles server;
  server.AddCompany();
  for (const std::string member : {"ManagerMail", "ManagerPhone"}) {
    const std::string json = absl::StrReplaceAll(
        ManagerOf(1), {{"li@example.com", member == "ManagerMail" ? "secret-thing" : "l@e.com"},
                       {"138 0000", member == "ManagerPhone" ? "secret-thing" : "1"}});
    const absl::Status status = server.Ask("CreateManager", json).status();
    CHECK(FieldOf(status) == member);
    CHECK_FALSE(absl::StrContains(status.ToString(), "secret-thing"));
  }
}

}  // namespace certwright
