// The eleven lists of instances, while there are none.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/asked.h"

namespace certwright {
namespace {

using E = ApiError;

const std::vector<std::string>& HostLists() {
  static const std::vector<std::string> names = {
      "DescribeHostApiGatewayInstanceList", "DescribeHostCdnInstanceList",
      "DescribeHostClbInstanceList",        "DescribeHostCosInstanceList",
      "DescribeHostDdosInstanceList",       "DescribeHostLighthouseInstanceList",
      "DescribeHostLiveInstanceList",       "DescribeHostTeoInstanceList",
      "DescribeHostTkeInstanceList",        "DescribeHostVodInstanceList",
      "DescribeHostWafInstanceList"};
  return names;
}

}  // namespace

TEST_CASE("the instance lists are empty", "[actions][host_lists]") {
  Asked asked;
  for (const std::string& action : HostLists()) {
    CAPTURE(action);
    const std::string answer = asked.Answer(
        action, R"({"CertificateId":"$id","IsCache":1,"Filters":[{"FilterKey":"DomainMatch",)"
                R"("FilterValue":"0"},{"FilterKey":"domainMatch","FilterValue":"1"}]})");
    CHECK(absl::StrContains(answer, R"("InstanceList":[])"));
  }
  CHECK(absl::StrContains(
      asked.Answer("DescribeHostCdnInstanceList",
                   R"({"OldCertificateId":"$open","AsyncCache":1,"Limit":200,"Offset":5})"),
      R"("TotalCount":0,"AsyncTotalNum":0,"AsyncOffset":0,)"
      R"("AsyncCacheTime":"2026-01-01 09:01:01")"));
}

TEST_CASE("the instance lists check their members alike", "[actions][host_lists]") {
  Asked asked;
  for (const std::string& action : HostLists()) {
    asked.Check({action, "{}", E::kFailedOperationInvalidParam, "CertificateId"});
    asked.Check(
        {action, R"({"CertificateId":"$id","IsCache":2})", E::kInvalidParameterValue, "IsCache"});
    asked.Check({action, R"({"CertificateId":"zzzzzzzz"})", E::kFailedOperationCertificateNotFound,
                 "CertificateId"});
    asked.Check({action, R"({"CertificateId":"$open"})", E::kFailedOperationCertificateNotAvailable,
                 "CertificateId"});
    asked.Check({action,
                 R"({"CertificateId":"$id","Filters":[{"FilterKey":"name","FilterValue":"1"}]})",
                 E::kInvalidParameterValue, "Filters.0.FilterKey"});
    asked.Check({action,
                 R"({"CertificateId":"$id","Filters":[{"FilterKey":"domainMatch",)"
                 R"("FilterValue":"yes"}]})",
                 E::kInvalidParameterValue, "Filters.0.FilterValue"});
    CHECK(ErrorOf(asked.Ask(action, R"({"CertificateId":"$id"})", kOther).status()) ==
          E::kFailedOperationCertificateNotFound);
    if (action == "DescribeHostLighthouseInstanceList") continue;
    asked.Check({action, R"({"OldCertificateId":"zzzzzzzz"})",
                 E::kFailedOperationCertificateNotFound, "OldCertificateId"});
  }
}

TEST_CASE("the pages of instance lists are bounded", "[actions][host_lists]") {
  Asked asked;
  for (const std::string kind : {"ApiGateway", "Cdn", "Clb", "Cos", "Ddos", "Teo", "Tke"}) {
    const std::string action = absl::StrCat("DescribeHost", kind, "InstanceList");
    asked.Check(
        {action, R"({"CertificateId":"$id","Limit":201})", E::kInvalidParameterValue, "Limit"});
  }
  asked.Check({"DescribeHostApiGatewayInstanceList", R"({"CertificateId":"$id","Offset":"ten"})",
               E::kInvalidParameterValue, "Offset"});
  asked.Check({"DescribeHostCosInstanceList", R"({"CertificateId":"$id","Offset":-1})",
               E::kInvalidParameterValue, "Offset"});
  for (const std::string kind : {"Cdn", "Clb", "Cos", "Teo", "Tke"}) {
    asked.Check({absl::StrCat("DescribeHost", kind, "InstanceList"),
                 R"({"CertificateId":"$id","AsyncCache":2})", E::kInvalidParameterValue,
                 "AsyncCache"});
  }
}

}  // namespace certwright
