// Records of deployments, while there are none.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/asked.h"

namespace certwright {
namespace {

using E = ApiError;

}  // namespace

TEST_CASE("the lists of records are empty", "[actions][records]") {
  Asked asked;
  const std::string nothing = R"("TotalCount":0,"DeployRecordList":[])";
  for (const std::string type : {"clb", "cdn", "ddos", "waf", "apigateway", "teo", "tke", "cos",
                                 "lighthouse", "vod", "tcb", "tse", "live"}) {
    CAPTURE(type);
    CHECK(absl::StrContains(
        asked.Answer("DescribeHostDeployRecord",
                     absl::StrCat(R"({"CertificateId":"$id","ResourceType":")", type, "\"}")),
        nothing));
  }
  CHECK(absl::StrContains(asked.Answer("DescribeHostUpdateRecord", "{}"), nothing));
  CHECK(absl::StrContains(
      asked.Answer("DescribeHostUpdateRecord",
                   R"({"CertificateId":"$id","OldCertificateId":"$open","Limit":1000})"),
      nothing));
  CHECK(absl::StrContains(asked.Answer("DescribeHostUploadUpdateRecord", "{}"), nothing));
}

TEST_CASE("records that do not exist have the code of their action", "[actions][records]") {
  const auto none = E::kFailedOperationCertificateDeployNotExist;
  const auto invalid = E::kFailedOperationInvalidParam;
  const std::string record = R"({"DeployRecordId":1})";
  const std::string item = R"({"DeployRecordDetailId":2})";
  const std::string text = R"({"DeployRecordId":"1")";
  const Refused row = GENERATE_COPY(
      Refused{"DeployCertificateRecordRetry", record, invalid, "DeployRecordId"},
      Refused{"DeployCertificateRecordRetry", item, invalid, "DeployRecordDetailId"},
      Refused{"DeployCertificateRecordRetry", "{}", invalid, "DeployRecordId"},
      Refused{"UpdateCertificateRecordRetry", record, invalid, "DeployRecordId"},
      Refused{"UpdateCertificateRecordRetry", item, invalid, "DeployRecordDetailId"},
      Refused{"UpdateCertificateRecordRetry", "{}", invalid, "DeployRecordId"},
      Refused{"UploadUpdateCertificateRecordRetry", record, invalid, "DeployRecordId"},
      Refused{"UploadUpdateCertificateRecordRetry", item, invalid, "DeployRecordDetailId"},
      Refused{"UploadUpdateCertificateRecordRetry", "{}", invalid, "DeployRecordId"},
      Refused{"DeployCertificateRecordRollback", record, none, "DeployRecordId"},
      Refused{"DeployCertificateRecordRollback", "{}", invalid, "DeployRecordId"},
      Refused{"UpdateCertificateRecordRollback", record, invalid, "DeployRecordId"},
      Refused{"UploadUpdateCertificateRecordRollback", record, invalid, "DeployRecordId"},
      Refused{"UploadUpdateCertificateRecordRollback", "{}", E::kMissingParameter,
              "DeployRecordId"},
      Refused{"DescribeHostDeployRecordDetail", text + "}", none, "DeployRecordId"},
      Refused{"DescribeHostDeployRecordDetail", text + R"(,"Limit":200})", none, "DeployRecordId"},
      Refused{"DescribeHostDeployRecordDetail", text + R"(,"Limit":201})",
              E::kInvalidParameterValue, "Limit"},
      Refused{"DescribeHostDeployRecordDetail", R"({"DeployRecordId":"one"})", invalid,
              "DeployRecordId"},
      Refused{"DescribeHostUpdateRecordDetail", text + "}", none, "DeployRecordId"},
      Refused{"DescribeHostUpdateRecordDetail", text + R"(,"Limit":"201"})",
              E::kInvalidParameterValue, "Limit"},
      Refused{"DescribeHostUpdateRecordDetail", text + R"(,"Offset":"x"})",
              E::kInvalidParameterValue, "Offset"},
      Refused{"DescribeHostUploadUpdateRecordDetail", record, invalid, "DeployRecordId"},
      Refused{"DescribeHostUploadUpdateRecordDetail", R"({"DeployRecordId":1,"Limit":1000})",
              invalid, "DeployRecordId"},
      Refused{"DescribeHostUploadUpdateRecordDetail", R"({"DeployRecordId":1,"Limit":-1})",
              E::kInvalidParameterValue, "Limit"},
      Refused{"DescribeHostDeployRecord", R"({"CertificateId":"$id","ResourceType":"mqtt"})",
              E::kFailedOperationCertificateHostResourceTypeInvalid, "ResourceType"},
      Refused{"DescribeHostDeployRecord", R"({"CertificateId":"zzzzzzzz"})",
              E::kFailedOperationCertificateNotFound, "CertificateId"},
      Refused{"DescribeHostUpdateRecord", R"({"OldCertificateId":"zzzzzzzz"})",
              E::kFailedOperationCertificateNotFound, "OldCertificateId"},
      Refused{"DescribeHostUploadUpdateRecord", R"({"OldCertificateId":"zzzzzzzz"})",
              E::kFailedOperationCertificateNotFound, "OldCertificateId"});
  Asked().Check(row);
}

}  // namespace certwright
