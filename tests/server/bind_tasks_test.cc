// Searches for bound resources, while there are none.
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

TEST_CASE("a search for bound resources finds none", "[actions][bind_tasks]") {
  Asked asked;
  CHECK(absl::StrContains(
      asked.Answer("CreateCertificateBindResourceSyncTask",
                   R"({"CertificateIds":["$id","$open"],"IsCache":1})"),
      absl::StrCat(R"("CertTaskIds":[{"CertId":")", asked.id, R"(","TaskId":"1"},{"CertId":")",
                   asked.open, R"(","TaskId":"2"}])")));
  const std::string result =
      asked.Answer("DescribeCertificateBindResourceTaskResult", R"({"TaskIds":["2","1"]})");
  CHECK(absl::StrContains(result, R"("SyncTaskBindResourceResult":[{"TaskId":"2",)"));
  CHECK(absl::StrContains(result, R"({"ResourceType":"clb","BindResourceRegionResult":)"
                                  R"([{"Region":"","TotalCount":0,"Error":""}]})"));
  CHECK(absl::StrContains(result, R"("Status":1,"Error":null,"CacheTime":"2026-01-01 09:01:01")"));
  const std::string detail =
      asked.Answer("DescribeCertificateBindResourceTaskDetail",
                   R"({"TaskId":"1","Limit":"100","Offset":"0","ResourceTypes":["clb","tcb"],)"
                   R"("Regions":["ap-guangzhou"]})");
  CHECK(absl::StrContains(detail, R"("Status":1,"CacheTime":"2026-01-01 09:01:01")"));
  CHECK_FALSE(absl::StrContains(detail, "InstanceList"));
}

TEST_CASE("searches for bound resources refuse what is not documented", "[actions][bind_tasks]") {
  const std::string detail = "DescribeCertificateBindResourceTaskDetail";
  const Refused row = GENERATE_COPY(
      Refused{"CreateCertificateBindResourceSyncTask", R"({"CertificateIds":["$id"]})",
              E::kMissingParameter, "IsCache"},
      Refused{"CreateCertificateBindResourceSyncTask", R"({"CertificateIds":["$id"],"IsCache":2})",
              E::kInvalidParameterValue, "IsCache"},
      Refused{"CreateCertificateBindResourceSyncTask", R"({"CertificateIds":[],"IsCache":1})",
              E::kMissingParameter, "CertificateIds"},
      Refused{"CreateCertificateBindResourceSyncTask",
              absl::StrCat(R"({"CertificateIds":)", ManyIds(101), R"(,"IsCache":1})"),
              E::kFailedOperationCertificateSyncTaskCertificateIdCountInvalid, "CertificateIds"},
      Refused{"CreateCertificateBindResourceSyncTask",
              absl::StrCat(R"({"CertificateIds":)", ManyIds(100), R"(,"IsCache":1})"),
              E::kFailedOperationCertificateNotFound, "CertificateId"},
      Refused{"DescribeCertificateBindResourceTaskResult", R"({"TaskIds":["9"]})",
              E::kFailedOperationCertificateSyncTaskIdInvalid, "TaskIds"},
      Refused{"DescribeCertificateBindResourceTaskResult",
              absl::StrCat(R"({"TaskIds":)", ManyIds(101), "}"),
              E::kFailedOperationCertificateSyncTaskIdInvalid, "TaskIds"},
      Refused{detail, R"({"TaskId":"9"})", E::kFailedOperationCertificateSyncTaskIdInvalid,
              "TaskId"},
      Refused{detail, R"({"TaskId":"9","Limit":"101"})", E::kInvalidParameterValue, "Limit"},
      Refused{detail, R"({"TaskId":"9","Limit":"ten"})", E::kInvalidParameterValue, "Limit"},
      Refused{detail, R"({"TaskId":"9","Offset":"-1"})", E::kInvalidParameterValue, "Offset"},
      Refused{detail, R"({"TaskId":"9","ResourceTypes":["clb","lighthouse"]})",
              E::kInvalidParameterValue, "ResourceTypes.1"},
      Refused{detail, R"({"TaskId":"9","Regions":["guangzhou"]})", E::kInvalidParameterValue,
              "Regions.0"});
  Asked().Check(row);
}

TEST_CASE("a task is its account's alone", "[actions][bind_tasks]") {
  Asked asked;
  (void)asked.Answer("CreateCertificateBindResourceSyncTask",
                     R"({"CertificateIds":["$id"],"IsCache":0})");
  CHECK(ErrorOf(asked.Ask("DescribeCertificateBindResourceTaskDetail", R"({"TaskId":"1"})", kOther)
                    .status()) == E::kFailedOperationCertificateSyncTaskIdInvalid);
  CHECK(ErrorOf(asked
                    .Ask("CreateCertificateBindResourceSyncTask",
                         R"({"CertificateIds":["$id"],"IsCache":0})", kOther)
                    .status()) == E::kFailedOperationCertificateNotFound);
}

}  // namespace certwright
