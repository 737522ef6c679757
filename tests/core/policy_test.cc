#include "core/policy.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/service_names.h"

namespace certwright {
namespace {

std::string Statement(const std::string& effect, const std::string& action,
                      const std::string& resource) {
  return absl::StrCat(R"({"effect":")", effect, R"(","action":[")", action, R"("],"resource":[")",
                      resource, R"("]})");
}

std::string Of(const std::string& statements) {
  return absl::StrCat(R"({"version":"2.0","statement":[)", statements, "]}");
}

Policy Compiled(const std::string& statements) { return *ParsePolicy(Of(statements)); }

TEST_CASE("what no statement allows is denied, and what one denies is denied too", "[policy]") {
  const Policy policy = Compiled(Statement("allow", "ssl:Describe*", "*") + "," +
                                 Statement("deny", "ssl:DescribeCertificates", "*"));

  CHECK(policy.Allows("ssl:DescribeCertificate", {}));
  CHECK(policy.Allows("ssl:describecertificate", {}));
  CHECK_FALSE(policy.Allows("ssl:DescribeCertificates", {}));
  CHECK_FALSE(policy.MayCall("ssl:DescribeCertificates"));
  CHECK_FALSE(policy.Allows("ssl:DeleteCertificate", {}));
  CHECK_FALSE(policy.MayCall("ssl:DeleteCertificate"));
}

TEST_CASE("actions have their service, with or without name/, or are all", "[policy]") {
  CHECK(Compiled(Statement("allow", "name/ssl:ApplyCertificate", "*"))
            .MayCall("ssl:ApplyCertificate"));
  CHECK(Compiled(Statement("allow", "*", "*")).MayCall("ssl:ApplyCertificate"));
  CHECK(Compiled(Statement("allow", "ssl:*", "*")).MayCall("ssl:ApplyCertificate"));
  CHECK_FALSE(Compiled(Statement("allow", "cvm:*", "*")).MayCall("ssl:ApplyCertificate"));
  CHECK_FALSE(Compiled(Statement("allow", "ssl:Apply", "*")).MayCall("ssl:ApplyCertificate"));
}

TEST_CASE("an action of tags is asked for with its service", "[policy]") {
  const Policy of_tags = Compiled(Statement("allow", "tag:Modify*", "*"));
  CHECK(of_tags.MayCall("tag:ModifyResourceTags"));
  CHECK(of_tags.Allows("tag:modifyresourcetags", {}));
  CHECK_FALSE(of_tags.MayCall("ssl:ModifyResourceTags"));
  CHECK_FALSE(of_tags.MayCall("tag:DescribeResourceTagsByResourceIds"));

  const Policy of_ssl = Compiled(Statement("allow", "ssl:*", "*"));
  CHECK(of_ssl.MayCall("ssl:ApplyCertificate"));
  CHECK_FALSE(of_ssl.MayCall("tag:ModifyResourceTags"));
  CHECK(Compiled(Statement("allow", "*", "*")).MayCall("tag:ModifyResourceTags"));
  CHECK(Compiled(Statement("allow", "name/tag:*", "*")).MayCall("tag:ModifyResourceTags"));

  const Policy denied = Compiled(Statement("allow", "*", "*") + "," +
                                 Statement("deny", "tag:*", "qcs::ssl:::certificate/abcd1234"));
  CHECK_FALSE(denied.Allows("tag:ModifyResourceTags", {.certificate = "abcd1234"}));
  CHECK(denied.Allows("tag:ModifyResourceTags", {.certificate = "efgh5678"}));
  CHECK(denied.Allows("ssl:DeleteCertificate", {.certificate = "abcd1234"}));
}

TEST_CASE("what is asked for without a service is nobody's", "[policy]") {
  const Policy all = Compiled(Statement("allow", "*", "*"));
  CHECK_FALSE(all.MayCall("ApplyCertificate"));
  CHECK_FALSE(all.Allows("ApplyCertificate", {}));
  CHECK_FALSE(all.AllowsElsewhere("ApplyCertificate", {}));
}

TEST_CASE("every service's actions can be allowed and denied", "[policy]") {
  for (const std::string name : kServiceNames) {
    const std::string action = name + ":AnyName";
    CAPTURE(action);
    CHECK(Compiled(Statement("allow", name + ":*", "*")).Allows(action, {}));
    CHECK_FALSE(Compiled(Statement("allow", "*", "*") + "," + Statement("deny", name + ":*", "*"))
                    .Allows(action, {}));
  }
}

TEST_CASE("a resource of another service that is here is refused, not void", "[policy]") {
  const std::string effect = GENERATE("allow", "deny");
  const std::string service = GENERATE("tag", "t*", "*ag");
  const auto refused =
      ParsePolicy(Of(Statement(effect, "tag:*", "qcs::" + service + ":::certificate/abcd1234")));
  CAPTURE(service);
  CHECK(ErrorOf(refused.status()) == ApiError::kInvalidParameterValue);
  CHECK(absl::StrContains(refused.status().message(), "the service of a `resource` is ssl"));
  CHECK(ParsePolicy(Of(Statement(effect, "tag:*", "qcs::s*:::certificate/abcd1234"))).ok());
}

TEST_CASE("each of a resource's parts narrows it, and empty ones do not", "[policy]") {
  const PolicyResource one = {
      .project = 7, .region = "ap-guangzhou", .account = 100000000001, .certificate = "abcd1234"};
  const auto allows = [&one](const std::string& resource) {
    return Compiled(Statement("allow", "ssl:*", resource)).Allows("ssl:DeleteCertificate", one);
  };

  CHECK(allows("*"));
  CHECK(allows("qcs::ssl:::*"));
  CHECK(allows("qcs::ssl:::certificate/*"));
  CHECK(allows("qcs::ssl:ap-guangzhou:uin/100000000001:certificate/abcd1234"));
  CHECK(allows("qcs:id/7:ssl:::certificate/abcd*"));
  CHECK_FALSE(allows("qcs:id/8:ssl:::certificate/abcd1234"));
  CHECK_FALSE(allows("qcs::cvm:::*"));
  CHECK_FALSE(allows("qcs::ssl:ap-beijing::certificate/abcd1234"));
  CHECK_FALSE(allows("qcs::ssl::uin/100000000002:certificate/abcd1234"));
  CHECK_FALSE(allows("qcs::ssl:::certificate/abcd1235"));
  CHECK_FALSE(allows("qcs::ssl:::certificate/abcd123"));
}

TEST_CASE("a part of a resource that could fit nothing is refused", "[policy]") {
  const std::string bad =
      GENERATE("qcs:ID/1:ssl:::*", "qcs:1001:ssl:::*", "qcs:id/:ssl:::*", "qcs::SSL:::*",
               "qcs:1001:SSL:::*", "qcs::ssl::100:*", "qcs::ssl::UIN/100:*", "qcs::ssl:AP-x::*",
               "qcs::ssl:::cert/x", "qcs::ssl:::certificate", "qcs::ssl:::x*");
  const std::string effect = GENERATE("allow", "deny");
  CAPTURE(bad);
  const auto refused = ParsePolicy(Of(Statement(effect, "ssl:*", bad)));
  CHECK(ErrorOf(refused.status()) == ApiError::kInvalidParameterValue);
  CHECK(absl::StrContains(refused.status().message(), "resource"));

  const std::string good = GENERATE("qcs:*:ssl:*:*:*", "qcs:id/1*:ssl:ap-*:uin/1*:cert*",
                                    "qcs::cvm:::instance/x", "qcs::*:::certificate/abc");
  CHECK(ParsePolicy(Of(Statement(effect, "ssl:*", good))).ok());
}

TEST_CASE("what is denied in a region is denied to whoever names none", "[policy]") {
  const Policy policy = Compiled(Statement("allow", "ssl:*", "*") + "," +
                                 Statement("deny", "ssl:*", "qcs::ssl:ap-beijing::*"));
  CHECK(policy.Allows("ssl:DeleteCertificate", {.region = "ap-guangzhou"}));
  CHECK_FALSE(policy.Allows("ssl:DeleteCertificate", {.region = "ap-beijing"}));
  CHECK_FALSE(policy.Allows("ssl:DeleteCertificate", {}));
  // A right in one region is none without it.
  CHECK_FALSE(Compiled(Statement("allow", "ssl:*", "qcs::ssl:ap-beijing::*"))
                  .Allows("ssl:DeleteCertificate", {}));
}

TEST_CASE("an action on nothing in particular needs all certificates", "[policy]") {
  CHECK(Compiled(Statement("allow", "ssl:*", "qcs::ssl:::certificate/*")).Allows("ssl:A", {}));
  CHECK_FALSE(
      Compiled(Statement("allow", "ssl:*", "qcs::ssl:::certificate/ab*")).Allows("ssl:A", {}));
  CHECK_FALSE(
      Compiled(Statement("allow", "ssl:*", "qcs:id/7:ssl:::certificate/*")).Allows("ssl:A", {}));
}

TEST_CASE("a wrong project is told from a wrong action", "[policy]") {
  const Policy policy = Compiled(Statement("allow", "ssl:Download*", "qcs:id/7:ssl:::*"));
  const PolicyResource elsewhere = {.project = 8, .certificate = "abcd1234"};

  CHECK_FALSE(policy.Allows("ssl:DownloadCertificate", elsewhere));
  CHECK(policy.AllowsElsewhere("ssl:DownloadCertificate", elsewhere));
  CHECK_FALSE(policy.AllowsElsewhere("ssl:DeleteCertificate", elsewhere));
}

TEST_CASE("a deny of one certificate leaves the others", "[policy]") {
  const Policy policy = Compiled(Statement("allow", "*", "*") + "," +
                                 Statement("deny", "*", "qcs::ssl:::certificate/abcd1234"));

  CHECK(policy.MayCall("ssl:DeleteCertificate"));
  CHECK(policy.Allows("ssl:DeleteCertificate", {.certificate = "other123"}));
  CHECK_FALSE(policy.Allows("ssl:DeleteCertificate", {.certificate = "abcd1234"}));
}

TEST_CASE("what would not hold is refused, with the reason", "[policy]") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "no JSON object"},
      {"[]", "no JSON object"},
      {R"({"version":"2.0","statement":[]})", "1 to 100 statements"},
      {R"({"version":"1.0","statement":[{}]})", "version"},
      {R"({"version":"2.0","statement":[{"effect":"allow"}]})", "needs"},
      {R"({"version":"2.0","statement":[{"effect":"maybe","action":"*","resource":"*"}]})",
       "allow or deny"},
      {R"({"version":"2.0","statement":[{"effect":"allow","action":[1],"resource":"*"}]})",
       "strings only"},
      {R"({"version":"2.0","statement":[{"effect":"allow","action":"Describe","resource":"*"}]})",
       "action"},
      {R"({"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"abcd1234"}]})",
       "resource"},
      {R"({"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*","condition":{}}]})",
       "condition"},
      {R"({"version":"2.0","other":1,"statement":[]})", "only"},
      {std::string(7000, ' '), "bytes"},
  }));
  const absl::Status status = ParsePolicy(text).status();

  INFO(status);
  CHECK(ErrorOf(status) == ApiError::kInvalidParameterValue);
  CHECK(absl::StrContains(status.message(), reason));
}

}  // namespace
}  // namespace certwright
