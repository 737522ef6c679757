// Deployments and updates, while there are no resources.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/asked.h"
#include "tests/support/made_certificates.h"

namespace certwright {
namespace {

using E = ApiError;

constexpr char kClb[] = R"({"CertificateId":"$id","InstanceIdList":["lb-1|lbl-1"])";

std::string Deploy(const std::string& type, const std::string& instance,
                   const std::string& id = "$id") {
  return absl::StrCat(R"({"CertificateId":")", id, R"(","ResourceType":")", type,
                      R"(","InstanceIdList":[")", instance, R"("]})");
}

std::string Update(const std::string& types, const std::string& more) {
  return absl::StrCat(R"({"OldCertificateId":"$id","ResourceTypes":[)", types, "]", more, "}");
}

std::string Quoted(const std::string& pem) { return absl::StrReplaceAll(pem, {{"\n", "\\n"}}); }

std::string PemsOf(const Made& made) {
  return absl::StrCat(R"(,"CertificatePublicKey":")", Quoted(made.pem()),
                      R"(","CertificatePrivateKey":")", Quoted(made.key_pem()), "\"");
}

constexpr char kRegions[] =
    R"(,"ResourceTypesRegions":[{"ResourceType":"clb","Regions":["ap-guangzhou"]}])";

}  // namespace

TEST_CASE("deployed resources are counted for each certificate", "[actions][deployment]") {
  Asked asked;
  for (const std::string type : {"clb", "cdn", "live", "vod", "waf", "antiddos", "teo"}) {
    CAPTURE(type);
    CHECK(absl::StrContains(
        asked.Answer("DescribeDeployedResources",
                     absl::StrCat(R"({"CertificateIds":["$open"],"ResourceType":")", type, "\"}")),
        absl::StrCat(R"({"CertificateId":")", asked.open, R"(","Count":0,"Type":")", type,
                     R"(","ResourceIds":null,"Resources":[]})")));
  }
  asked.Check({"DescribeDeployedResources", R"({"CertificateIds":["$id"],"ResourceType":"ddos"})",
               E::kInvalidParameter, "ResourceType"});
  asked.Check({"DescribeDeployedResources",
               R"({"CertificateIds":["$id","zzzzzzzz"],"ResourceType":"clb"})",
               E::kInvalidParameterContainsInvalidCertificateId, "CertificateIds.1"});
  asked.Check({"DescribeDeployedResources",
               absl::StrCat(R"({"CertificateIds":)", ManyIds(51), R"(,"ResourceType":"clb"})"),
               E::kInvalidParameterCertificateIdNumberLimit, "CertificateIds"});
}

TEST_CASE("a deployment is checked before its instances are looked for", "[actions][deployment]") {
  const std::string clb = kClb;
  const std::string action = "DeployCertificateInstance";
  const Refused row = GENERATE_COPY(
      Refused{action, clb + "}", E::kFailedOperationCertificateNotDeployInstance,
              "InstanceIdList.0"},
      Refused{action, clb + R"(,"Status":-1,"IsCache":1})",
              E::kFailedOperationCertificateNotDeployInstance, "InstanceIdList.0"},
      Refused{action, clb + R"(,"Status":2})", E::kInvalidParameterValue, "Status"},
      Refused{action, clb + R"(,"Status":-2})", E::kInvalidParameterValue, "Status"},
      Refused{action, clb + R"(,"IsCache":2})", E::kInvalidParameterValue, "IsCache"},
      Refused{action, Deploy("gaap", "g-1|l-1"),
              E::kFailedOperationCertificateHostResourceTypeInvalid, "ResourceType"},
      Refused{action, Deploy("cdn", "a.example.com"),
              E::kFailedOperationCertificateDeployInstanceFormatError, "InstanceIdList.0"},
      Refused{action, Deploy("cdn", "a.example.com|on", "zzzzzzzz"),
              E::kFailedOperationCertificateNotFound, "CertificateId"},
      Refused{action, Deploy("cdn", "a.example.com|on", "$open"),
              E::kFailedOperationCertificateNotAvailable, "CertificateId"},
      Refused{action, R"({"CertificateId":"$id","InstanceIdList":[]})", E::kMissingParameter,
              "InstanceIdList"});
  Asked().Check(row);
}

TEST_CASE("regional types need a region", "[actions][deployment]") {
  Asked asked;
  asked.server.region = "";
  for (const std::string type :
       {"clb", "waf", "apigateway", "cos", "lighthouse", "tke", "tse", "tcb", "mqtt"}) {
    asked.Check({"DeployCertificateInstance", Deploy(type, "any", "zzzzzzzz"),
                 E::kInvalidParameterRegionNotEmpty, "Region"});
  }
  asked.Check({"DeployCertificateInstance", Deploy("live", "a.example.com"),
               E::kFailedOperationCertificateNotDeployInstance, "InstanceIdList.0"});
}

TEST_CASE("an expired certificate is not deployed", "[actions][deployment]") {
  Asked asked;
  asked.server.engine.clock.Advance(absl::Hours(24 * 100));
  asked.Check({"DeployCertificateInstance", Deploy("live", "a.example.com"),
               E::kFailedOperationCertificateNotAvailable, "CertificateId"});
}

TEST_CASE("an update is checked before its resources are looked for", "[actions][deployment]") {
  const std::string action = "UpdateCertificateInstance";
  const std::string to_open = R"(,"CertificateId":"$open")";
  const std::string regions = kRegions;
  const auto type_invalid = E::kFailedOperationCertificateHostResourceTypeInvalid;
  const Refused row = GENERATE_COPY(
      Refused{action, Update(R"("lighthouse")", to_open), type_invalid, "ResourceTypes.0"},
      Refused{action, Update(R"("cdn","CDN")", to_open), type_invalid, "ResourceTypes.1"},
      Refused{action, Update(R"("clb")", to_open), E::kFailedOperationInvalidParam,
              "ResourceTypesRegions"},
      Refused{action, Update(R"("clb","waf")", to_open + regions), E::kFailedOperationInvalidParam,
              "ResourceTypesRegions"},
      Refused{action, Update(R"("cdn")", ""), E::kFailedOperationInvalidParam, "CertificateId"},
      Refused{action, Update(R"("cdn")", R"(,"CertificatePublicKey":"x")"),
              E::kFailedOperationInvalidParam, "CertificatePrivateKey"},
      Refused{action, Update(R"("cdn")", to_open + R"(,"CertificatePrivateKey":"x")"),
              E::kFailedOperationInvalidParam, "CertificatePublicKey"},
      Refused{action, Update(R"("cdn")", to_open + R"(,"ExpiringNotificationSwitch":2)"),
              E::kInvalidParameterValue, "ExpiringNotificationSwitch"},
      Refused{action, Update(R"("cdn")", to_open + R"(,"Tags":[{"TagKey":"","TagValue":""}])"),
              E::kFailedOperationInvalidParam, "Tags.0.TagKey"},
      Refused{action, Update(R"("cdn")", to_open), E::kFailedOperationCertificateNotAvailable,
              "CertificateId"},
      Refused{action, Update(R"("cdn")", R"(,"CertificateId":"zzzzzzzz")"),
              E::kFailedOperationCertificateNotFound, "CertificateId"},
      Refused{action, Update(R"("cdn")", R"(,"CertificateId":"$id")"),
              E::kFailedOperationCertificateHostDeployCanNotAllow, "CertificateId"},
      Refused{action,
              R"({"OldCertificateId":"zzzzzzzz","ResourceTypes":["cdn"],"CertificateId":"$id"})",
              E::kFailedOperationCertificateNotFound, "OldCertificateId"},
      Refused{action,
              R"({"OldCertificateId":"$open","ResourceTypes":["cdn"],"CertificateId":"$id"})",
              E::kFailedOperationCertificateDeployInstanceEmpty, "OldCertificateId"});
  Asked().Check(row);
}

TEST_CASE("every documented type can be updated", "[actions][deployment]") {
  Asked asked;
  asked.Check({"UpdateCertificateInstance",
               R"({"OldCertificateId":"$open","CertificateId":"$id","ResourceTypes":["cdn","live",)"
               R"("ddos","teo","vod","gaap","clb"],"ResourceTypesRegions":[{"ResourceType":"clb",)"
               R"("Regions":["ap-guangzhou","na-ashburn"]}]})",
               E::kFailedOperationCertificateDeployInstanceEmpty, "OldCertificateId"});
}

TEST_CASE("an update with a new certificate stores nothing while nothing is bound",
          "[actions][deployment]") {
  Asked asked;
  const Made made = Make("app.example.com", nullptr);
  const std::string before = asked.Answer("DescribeCertificates", "{}");

  asked.Check({"UpdateCertificateInstance", Update(R"("cdn")", PemsOf(made)),
               E::kFailedOperationCertificateDeployInstanceEmpty, "OldCertificateId"});
  asked.Check({"UpdateCertificateInstance", Update(R"("cdn")", PemsOf(made) + R"(,"ProjectId":7)"),
               E::kFailedOperationNoProjectPermission, "ProjectId"});
  asked.Check({"UpdateCertificateInstance",
               Update(R"("cdn")", R"(,"CertificatePublicKey":"x","CertificatePrivateKey":"y")"),
               E::kFailedOperationCertificateParseError, "CertificatePublicKey"});
  const Made other = Make("other.example.com", nullptr);
  Made mixed = made;
  mixed.key = other.key;
  asked.Check({"UpdateCertificateInstance", Update(R"("cdn")", PemsOf(mixed)),
               E::kFailedOperationCertificateMatchError, "CertificatePrivateKey"});
  Made expired = Make("app.example.com", nullptr, {.not_after = absl::FromUnixSeconds(1760000001)});
  asked.Check({"UpdateCertificateInstance", Update(R"("cdn")", PemsOf(expired)),
               E::kFailedOperationCertificateInvalid, "CertificatePublicKey"});

  CHECK(asked.Answer("DescribeCertificates", "{}") == before);
}

TEST_CASE("an update repeats no upload that must not be repeated", "[actions][deployment]") {
  Asked asked;
  const Made made = Make("app.example.com", nullptr);
  const std::string pems = PemsOf(made);
  (void)asked.Answer("UploadCertificate", absl::StrCat("{", pems.substr(1), "}"));
  asked.Check({"UpdateCertificateInstance", Update(R"("cdn")", pems + R"(,"Repeatable":false)"),
               E::kFailedOperationCertificateExists, "CertificatePublicKey"});
  asked.Check({"UpdateCertificateInstance", Update(R"("cdn")", pems),
               E::kFailedOperationCertificateDeployInstanceEmpty, "OldCertificateId"});
}

TEST_CASE("new content under an old id is of its kind", "[actions][deployment]") {
  Asked asked;
  const std::string action = "UploadUpdateCertificateInstance";
  const std::string regions = kRegions;
  const std::string same = PemsOf(Make("app.example.com", nullptr));
  const std::string before =
      asked.Answer("DescribeCertificateDetail", R"({"CertificateId":"$id"})");
  asked.Check({action, Update(R"("clb")", same + regions),
               E::kFailedOperationCertificateDeployInstanceEmpty, "OldCertificateId"});
  asked.Check(
      {action, Update(R"("clb")", same), E::kFailedOperationInvalidParam, "ResourceTypesRegions"});
  asked.Check({action, Update(R"("clb","cdn")", same + regions),
               E::kFailedOperationCertificateHostResourceTypeInvalid, "ResourceTypes.1"});
  asked.Check({action, Update(R"("clb")", PemsOf(Make("b.example.com", nullptr)) + regions),
               E::kInvalidParameterWithDetailReason, "CertificatePublicKey"});
  asked.Check({action, Update(R"("clb")", same + regions + R"(,"CertificateId":"zzzzzzzz")"),
               E::kFailedOperationCertificateNotFound, "CertificateId"});
  asked.Check({action, Update(R"("clb")", regions), E::kMissingParameter, "CertificatePublicKey"});
  asked.Check({action,
               absl::StrCat(R"({"OldCertificateId":"zzzzzzzz","ResourceTypes":["clb"])", same,
                            regions, "}"),
               E::kFailedOperationCertificateNotFound, "OldCertificateId"});
  CHECK(asked.Answer("DescribeCertificateDetail", R"({"CertificateId":"$id"})") == before);
}

}  // namespace certwright
