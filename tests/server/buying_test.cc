// Buying, while accounts have no money and no packages.
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

TEST_CASE("a purchase is checked before the balance", "[actions][buying]") {
  const std::string numbers = R"({"ProductId":14,"DomainNum":1,"TimeSpan":1)";
  const Refused row = GENERATE_COPY(
      Refused{"CreateCertificate", numbers + "}", E::kFailedOperationCannotGetOrder, ""},
      Refused{"CreateCertificate", R"({"ProductId":12,"DomainNum":1,"TimeSpan":3})",
              E::kFailedOperationCannotGetOrder, ""},
      Refused{"CreateCertificate", R"({"ProductId":11,"DomainNum":50,"TimeSpan":1})",
              E::kFailedOperationCannotGetOrder, ""},
      Refused{"CreateCertificate", R"({"ProductId":83,"DomainNum":1,"TimeSpan":1})",
              E::kInvalidParameterValue, "ProductId"},
      Refused{"CreateCertificate", R"({"ProductId":4294967310,"DomainNum":1,"TimeSpan":1})",
              E::kInvalidParameterValue, "ProductId"},
      Refused{"CreateCertificate", R"({"ProductId":-1,"DomainNum":1,"TimeSpan":1})",
              E::kInvalidParameterValue, "ProductId"},
      Refused{"CreateCertificate", R"({"ProductId":14,"DomainNum":2,"TimeSpan":1})",
              E::kInvalidParameter, "DomainNum"},
      Refused{"CreateCertificate", R"({"ProductId":11,"DomainNum":1,"TimeSpan":1})",
              E::kInvalidParameter, "DomainNum"},
      Refused{"CreateCertificate", R"({"ProductId":11,"DomainNum":51,"TimeSpan":1})",
              E::kInvalidParameter, "DomainNum"},
      Refused{"CreateCertificate", R"({"ProductId":14,"DomainNum":1,"TimeSpan":2})",
              E::kInvalidParameter, "TimeSpan"},
      Refused{"CreateCertificate", R"({"ProductId":12,"DomainNum":1,"TimeSpan":4})",
              E::kInvalidParameter, "TimeSpan"},
      Refused{"CreateCertificate", numbers + R"(,"AutoVoucher":2})", E::kInvalidParameterValue,
              "AutoVoucher"},
      Refused{"CreateCertificate", numbers + R"(,"Tags":[{"TagKey":"","TagValue":""}]})",
              E::kFailedOperationInvalidParam, "Tags.0.TagKey"},
      Refused{"CreateCertificateByPackage",
              R"({"ProductPid":1013890,"PackageIds":["p"],"DomainCount":"1","Period":1})",
              E::kInvalidParameterPackageIdsInvalid, "PackageIds.0"},
      Refused{"CreateCertificateByPackage",
              R"({"ProductPid":1,"PackageIds":["p"],"DomainCount":"1","Period":1})",
              E::kInvalidParameterProductPidInvalid, "ProductPid"},
      Refused{"CreateCertificateByPackage",
              R"({"ProductPid":1013890,"PackageIds":["p"],"DomainCount":"1","Period":1,)"
              R"("VerifyType":"MAIL"})",
              E::kInvalidParameterValue, "VerifyType"},
      Refused{"CreateCertificateByPackage",
              R"({"ProductPid":1013890,"PackageIds":["p"],"DomainCount":"1","Period":1,)"
              R"("OldCertificateId":"zzzzzzzz"})",
              E::kFailedOperation, "OldCertificateId"},
      Refused{"DescribePackages", R"({"Status":"new"})", E::kInvalidParameterValue, "Status"},
      Refused{"DescribePackages", R"({"ExpireTime":"DESC"})", E::kInvalidParameterValue,
              "ExpireTime"},
      Refused{"DescribePackages", R"({"Type":"ssl_1"})", E::kInvalidParameterValue, "Type"},
      Refused{"DescribePackages", R"({"Offset":1000000001})", E::kInvalidParameterValue, "Offset"});
  Asked().Check(row);
}

TEST_CASE("an account has no packages", "[actions][buying]") {
  Asked asked;
  CHECK(
      absl::StrContains(asked.Answer("DescribePackages",
                                     R"({"Status":"usable","ExpireTime":"asc","Type":"ssl_100"})"),
                        R"("Packages":[],"TotalCount":0,"TotalBalance":0)"));
}

}  // namespace certwright
