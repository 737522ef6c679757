#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/test_server.h"

namespace certwright {
namespace {

constexpr char kDraft[] =
    R"({"Domain":"www.example.com","Organization":"Org","Department":"Dep",)"
    R"("Email":"ops@example.com","Province":"Guangdong","City":"Shenzhen","Country":"CN",)"
    R"("EncryptAlgo":"ECC","KeyParameter":"prime256v1","Generate":false})";

std::string With(const std::string& member, const std::string& value) {
  const std::string text = kDraft;
  const std::size_t at = text.find(absl::StrCat("\"", member, "\":"));
  if (at == std::string::npos) {
    return absl::StrCat(text.substr(0, text.size() - 1), ",\"", member, "\":", value, "}");
  }
  const std::size_t start = at + member.size() + 3;
  return text.substr(0, start) + value + text.substr(text.find_first_of(",}", start));
}

CsrId Create(TestServer& server, const std::string& json, AccountId account = kAccount) {
  const auto answer = server.Ask("CreateCSR", json, Language::kEnglish, account);
  INFO(answer.status());
  REQUIRE(answer.ok());
  CsrId id;
  const std::size_t at = answer->find("\"Id\":") + 5;
  REQUIRE(absl::SimpleAtoi(answer->substr(at, answer->find(',', at) - at), &id.value));
  return id;
}

std::string OfId(CsrId id) { return absl::StrCat(R"({"CSRId":)", id.value, "}"); }

std::string Modify(CsrId id, const std::string& more) {
  return absl::StrCat(R"({"CSRId":)", id.value, ",", more, "}");
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

}  // namespace

TEST_CASE("a draft is shown without key, request and password", "[csr-actions]") {
  TestServer server;  // stands at 2026-01-01T01:01:01Z
  const CsrId id = Create(server, With("KeyPassword", R"("secret-word","Remark":"note")"));

  const std::string shown = *server.Ask("DescribeCSR", OfId(id));

  CHECK(absl::StrContains(
      shown, absl::StrCat(R"({"Id":)", id.value, R"(,"OwnerUin":")", kAccount.value,
                          R"(","Domain":"www.example.com","Organization":"Org","Department":"Dep",)"
                          R"("Email":"ops@example.com","Province":"Guangdong","City":"Shenzhen",)"
                          R"("Country":"CN","EncryptAlgo":"ECC","KeyParameter":"prime256v1",)"
                          R"("Remarks":"note","Status":0,"KeyPassword":null,)"
                          R"("CreateTime":"2026-01-01 09:01:01","CSR":null,"PrivateKey":null,)")));
  CHECK_FALSE(absl::StrContains(shown, "secret-word"));
}

TEST_CASE("a generated record shows its request and key, and no password", "[csr-actions]") {
  TestServer server;
  const CsrId plain = Create(server, With("Generate", "true"));
  const CsrId sealed = Create(server, With("KeyPassword", R"("secret-word")"));
  CHECK(absl::StrContains(*server.Ask("ModifyCSR", Modify(sealed, R"("Generate":true)")),
                          absl::StrCat("\"Id\":", sealed.value)));
  const std::string of_plain = *server.Ask("DescribeCSR", OfId(plain));
  const std::string of_sealed = *server.Ask("DescribeCSR", OfId(sealed));

  CHECK(absl::StrContains(of_plain, R"("PrivateKey":"-----BEGIN EC PRIVATE KEY-----\n)"));
  CHECK(absl::StrContains(of_sealed, R"("PrivateKey":"-----BEGIN ENCRYPTED PRIVATE KEY-----\n)"));
  for (const std::string& shown : {of_plain, of_sealed}) {
    CHECK(absl::StrContains(shown, R"("CSR":"-----BEGIN CERTIFICATE REQUEST-----\n)"));
    CHECK(absl::StrContains(shown, R"("Status":1,"KeyPassword":null)"));
    CHECK_FALSE(absl::StrContains(shown, "secret-word"));
  }
  CHECK(of_sealed == *server.Ask("DescribeCSR", OfId(sealed)));
}

TEST_CASE("the list of CSR records pages by ten, a hundred at most", "[csr-actions]") {
  TestServer server;
  for (int i = 0; i < 101; ++i) Create(server, kDraft);
  const CsrId newest = Create(server, With("Domain", R"("new.example.org")"));
  Create(server, kDraft, kOther);
  const auto rows = [&](const std::string& json, int total) {
    const std::string text = *server.Ask("DescribeCSRSet", json);
    CHECK(absl::StrContains(text, absl::StrCat("\"Total\":", total, ",")));
    return Count(text, "\"OwnerUin\":\"");
  };

  CHECK(rows("{}", 102) == 10);
  CHECK(rows(R"({"Limit":0})", 102) == 0);
  CHECK(rows(R"({"Limit":1000})", 102) == 100);
  CHECK(rows(R"({"Limit":100,"Offset":100})", 102) == 2);
  CHECK(rows(R"({"Offset":102})", 102) == 0);
  CHECK(rows(R"({"Domain":"example.org"})", 1) == 1);
  CHECK(rows(R"({"Domain":"","EncryptAlgo":""})", 102) == 10);
  CHECK(rows(R"({"EncryptAlgo":"ECC","Domain":"www"})", 101) == 10);
  CHECK(rows(R"({"EncryptAlgo":"RSA"})", 0) == 0);
  const std::string list = *server.Ask("DescribeCSRSet", R"({"Limit":1})");
  CHECK(absl::StrContains(list, absl::StrCat(R"("Set":[{"Id":)", newest.value, ",")));
  CHECK(absl::StrContains(list, R"("Status":0,"CreateTime":"2026-01-01 09:01:01")"));
  for (const char* member : {"PrivateKey", "KeyPassword", "CSR\""}) {
    CHECK_FALSE(absl::StrContains(list, member));
  }
  CHECK(absl::StrContains(
      *server.Ask("DescribeCSRSet", "{}", Language::kEnglish, AccountId{100000000003}),
      R"("Total":0,"Set":[])"));
}

TEST_CASE("every required member of the CSR actions is missed by name", "[csr-actions]") {
  TestServer server;
  const std::string member = GENERATE("Domain", "Organization", "Department", "Email", "Province",
                                      "City", "Country", "EncryptAlgo", "KeyParameter", "Generate");
  const absl::Status status = server.Ask("CreateCSR", With(member, "null")).status();
  CAPTURE(member, status);
  CHECK(ErrorOf(status) == ApiError::kMissingParameter);
  CHECK(FieldOf(status) == member);
}

TEST_CASE("CSR actions refuse with their documented codes", "[csr-actions]") {
  TestServer server;
  const CsrId draft = Create(server, kDraft);
  const CsrId generated = Create(server, With("Generate", "true"));
  const CsrId theirs = Create(server, kDraft, kOther);
  const CsrId unknown = {theirs.value + 1};
  std::string many = "0";
  for (int i = 0; i < 100; ++i) many += ",1";
  struct Row {
    std::string action;
    std::string json;
    ApiError error;
    std::string field;
  };
  const auto bad = ApiError::kFailedOperationInvalidParam;
  const auto detail = ApiError::kInvalidParameterWithDetailReason;
  const auto no_id = ApiError::kInvalidParameterInvalidCSRId;
  const auto missing = ApiError::kMissingParameter;
  for (const Row& row : std::vector<Row>{
           {"CreateCSR", With("EncryptAlgo", R"("SM2")"), bad, "EncryptAlgo"},
           {"CreateCSR", With("KeyParameter", R"("4096")"), bad, "KeyParameter"},
           {"CreateCSR", With("Country", R"("CHN")"), bad, "Country"},
           {"CreateCSR", With("Domain", R"("")"), bad, "Domain"},
           {"CreateCSR", With("KeyPassword", R"("short")"), bad, "KeyPassword"},
           {"CreateCSR", With("Tags", R"([{"TagKey":"","TagValue":""}])"), bad, "Tags.0.TagKey"},
           {"CreateCSR", With("Tags", R"([{"TagKey":"a\t","TagValue":""}])"), bad, "Tags.0.TagKey"},
           {"CreateCSR", With("Tags", R"([{"TagKey":"a","TagValue":"\u007f"}])"), bad,
            "Tags.0.TagValue"},
           {"CreateCSR", With("Tags", R"([{"TagKey":"a"}])"), missing, "Tags.0.TagValue"},
           {"CreateCSR", With("Generate", "1"), ApiError::kInvalidParameter, "Generate"},
           {"DescribeCSR", "{}", missing, "CSRId"},
           {"DescribeCSR", OfId(unknown), no_id, "CSRId"},
           {"DescribeCSR", OfId(theirs), no_id, "CSRId"},
           {"DescribeCSR", R"({"CSRId":-9223372036854775808})", no_id, "CSRId"},
           {"DescribeCSRSet", R"({"Offset":18446744073709551615})",
            ApiError::kInvalidParameterValue, "Offset"},
           {"ModifyCSR", R"({"Generate":true})", missing, "CSRId"},
           {"ModifyCSR", OfId(draft), missing, "Generate"},
           {"ModifyCSR", Modify(unknown, R"("Generate":false)"), no_id, "CSRId"},
           {"ModifyCSR", Modify(theirs, R"("Generate":true)"), no_id, "CSRId"},
           {"ModifyCSR", Modify(generated, R"("Generate":true)"), detail, "CSRId"},
           {"ModifyCSR", Modify(generated, R"("Generate":false)"), detail, "CSRId"},
           {"ModifyCSR", Modify(draft, R"("Generate":false,"EncryptAlgo":"x")"), detail,
            "EncryptAlgo"},
           {"ModifyCSR", Modify(draft, R"("Generate":false,"KeyParameter":"2048")"), detail,
            "KeyParameter"},
           {"ModifyCSR", Modify(draft, R"("Generate":false,"KeyPassword":"short")"), detail,
            "KeyPassword"},
           {"BatchDeleteCSR", "{}", missing, "CSRIds"},
           {"BatchDeleteCSR", R"({"CSRIds":[]})", missing, "CSRIds"},
           {"BatchDeleteCSR", absl::StrCat(R"({"CSRIds":[)", many, "]}"), detail, "CSRIds"},
           {"BatchDeleteCSR",
            absl::StrCat(R"({"CSRIds":[)", theirs.value, ",", unknown.value, "]}"), no_id,
            "CSRIds"},
       }) {
    CAPTURE(row.action, row.json);
    const absl::Status status = server.Ask(row.action, row.json).status();
    INFO(status);
    CHECK(ErrorOf(status) == row.error);
    CHECK(FieldOf(status) == row.field);
  }
  CHECK(absl::StrContains(*server.Ask("DescribeCSRSet", "{}"), "\"Total\":2,"));
}

TEST_CASE("a draft is changed, generated and deleted", "[csr-actions]") {
  TestServer server;
  const CsrId id = Create(server, kDraft);
  const std::string change =
      R"("Generate":false,"Domain":"*.example.net","EncryptAlgo":"RSA","KeyParameter":"2048")";
  REQUIRE(server.Ask("ModifyCSR", Modify(id, change)).ok());
  const std::string shown = *server.Ask("DescribeCSR", OfId(id));
  CHECK(absl::StrContains(shown, R"("Domain":"*.example.net")"));
  CHECK(absl::StrContains(shown, R"("EncryptAlgo":"RSA","KeyParameter":"2048")"));
  CHECK(absl::StrContains(shown, R"("Status":0)"));
  REQUIRE(server.Ask("ModifyCSR", Modify(id, R"("Generate":true)")).ok());
  CHECK(absl::StrContains(*server.Ask("DescribeCSR", OfId(id)),
                          R"("PrivateKey":"-----BEGIN RSA PRIVATE KEY-----\n)"));

  const std::string ids = absl::StrCat(R"({"CSRIds":[)", id.value, ",", id.value + 7, "]}");
  CHECK(absl::StrContains(*server.Ask("BatchDeleteCSR", ids),
                          absl::StrCat(R"("Success":[)", id.value, "]")));
  CHECK(ErrorOf(server.Ask("BatchDeleteCSR", ids).status()) ==
        ApiError::kInvalidParameterInvalidCSRId);
  CHECK(ErrorOf(server.Ask("DescribeCSR", OfId(id)).status()) ==
        ApiError::kInvalidParameterInvalidCSRId);
}

}  // namespace certwright
