#include "core/deployment_rules.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/region.h"

namespace certwright {
namespace {

struct Written {
  std::string type;
  std::string instance;
};

}  // namespace

TEST_CASE("each action has its documented resource types", "[deployment]") {
  CHECK(ResourceTypeNames(ResourceUse::kDeploy) ==
        "clb, cdn, ddos, live, vod, waf, apigateway, teo, tke, cos, lighthouse, tse, tcb, mqtt");
  CHECK(ResourceTypeNames(ResourceUse::kUpdate) ==
        "clb, cdn, ddos, live, vod, waf, apigateway, teo, tke, cos, tse, tcb, mqtt, scf, tdmq, "
        "gaap");
  CHECK(ResourceTypeNames(ResourceUse::kSameIdUpdate) == "clb");
  CHECK(ResourceTypeNames(ResourceUse::kSearchDetail) ==
        "clb, cdn, ddos, live, vod, waf, apigateway, teo, tke, cos, tse, tcb");
  CHECK(ResourceTypeNames(ResourceUse::kDeployed) == "clb, cdn, live, vod, waf, antiddos, teo");
  CHECK(ResourceTypeNames(ResourceUse::kDeployRecord) ==
        "clb, cdn, ddos, live, vod, waf, apigateway, teo, tke, cos, lighthouse, tse, tcb");
  CHECK(ErrorOf(CheckResourceType(ResourceUse::kDeploy, "CLB", "ResourceType")) ==
        ApiError::kFailedOperationCertificateHostResourceTypeInvalid);
}

TEST_CASE("the documented types are deployed to in a region", "[deployment]") {
  std::string regional;
  for (const std::string& type : ResourceTypes(ResourceUse::kDeploy)) {
    if (NeedsRegion(type)) regional += type + " ";
  }
  CHECK(regional == "clb waf apigateway tke cos lighthouse tse tcb mqtt ");
  CHECK_FALSE(NeedsRegion("unheard-of"));
}

TEST_CASE("instances are taken as they are documented", "[deployment]") {
  const Written written = GENERATE(
      Written{"clb", "lb-1|lbl-2"}, Written{"clb", "lb-1|lbl-2|a.example.com"},
      Written{"clb", "lb-1|lbl-2|~^a[.]example"}, Written{"cdn", "a.example.com|on"},
      Written{"cdn", "*.example.com|off"}, Written{"ddos", "net-1|a.example.com|443"},
      Written{"ddos", "net-1|a.example.com|65535"}, Written{"live", "a.example.com"},
      Written{"vod", "a.example.com"}, Written{"waf", "a.example.com"},
      Written{"teo", "xn--fiqs8s.example.com"}, Written{"apigateway", "s-1|a.example.com"},
      Written{"tke", "cls-1|default|tls"}, Written{"cos", "ap-guangzhou|b-125|a.example.com"},
      Written{"lighthouse", "ap-guangzhou|lhins-1|a.example.com"},
      Written{"tse", "gateway-1|cert-1"}, Written{"tcb", "web|ap-shanghai|env-1|a.example.com"},
      Written{"mqtt", "mqtt-1|cert-1"});
  CAPTURE(written.type, written.instance);
  const absl::Status fits = CheckInstance(written.type, written.instance, "InstanceIdList.0");
  INFO(fits);
  CHECK(fits.ok());
}

TEST_CASE("instances of another form are refused", "[deployment]") {
  const Written written = GENERATE(
      Written{"clb", ""}, Written{"clb", "lb-1"}, Written{"clb", "lb-1|"},
      Written{"clb", "lb-1|lbl-2|a.example.com|more"}, Written{"clb", "lb 1|lbl-2"},
      Written{"cdn", "a.example.com"}, Written{"cdn", "a.example.com|yes"},
      Written{"cdn", "a.example.com|ON"}, Written{"ddos", "net-1|a.example.com"},
      Written{"ddos", "net-1|a.example.com|0"}, Written{"ddos", "net-1|a.example.com|65536"},
      Written{"ddos", "net-1|a.example.com|0443"}, Written{"ddos", "net-1|a.example.com|https"},
      Written{"live", "example"}, Written{"vod", "a..example.com"},
      Written{"waf", "-a.example.com"}, Written{"teo", "a.*.example.com"},
      Written{"teo", "例子.example.com"}, Written{"apigateway", "a.example.com"},
      Written{"tke", "cls-1|default"}, Written{"cos", "guangzhou|b-125|a.example.com"},
      Written{"lighthouse", "1|ap-guangzhou|a.example.com"}, Written{"tse", "gateway-1"},
      Written{"tcb", "web|ap-shanghai|env-1"}, Written{"mqtt", "mqtt-1|cert-1|more"},
      Written{"waf", std::string(64, 'a') + ".example.com"});
  CAPTURE(written.type, written.instance);
  const absl::Status refused = CheckInstance(written.type, written.instance, "InstanceIdList.0");
  CHECK(ErrorOf(refused) == ApiError::kFailedOperationCertificateDeployInstanceFormatError);
  CHECK(FieldOf(refused) == "InstanceIdList.0");
}

TEST_CASE("regional types of an update need their regions", "[deployment]") {
  for (const std::string type :
       {"clb", "tke", "apigateway", "waf", "tcb", "tse", "cos", "mqtt", "scf", "tdmq"}) {
    CAPTURE(type);
    CHECK(ErrorOf(CheckTypeRegions({type}, {})) == ApiError::kFailedOperationInvalidParam);
    CHECK(ErrorOf(CheckTypeRegions({type}, {{.type = type}})) ==
          ApiError::kFailedOperationInvalidParam);
    CHECK(ErrorOf(CheckTypeRegions({type}, {{.type = type, .regions = {"guangzhou"}}})) ==
          ApiError::kFailedOperationInvalidParam);
    CHECK(CheckTypeRegions({type}, {{.type = type, .regions = {"ap-guangzhou"}}}).ok());
  }
  CHECK(CheckTypeRegions({"cdn", "live", "ddos", "teo", "vod", "gaap"}, {}).ok());
  for (const std::string type : {"cdn", "lighthouse", "unheard-of", ""}) {
    CAPTURE(type);
    const absl::Status refused =
        CheckTypeRegions({"cdn"}, {{.type = type, .regions = {"ap-guangzhou"}}});
    CHECK(ErrorOf(refused) == ApiError::kFailedOperationCertificateHostResourceTypeInvalid);
    CHECK(FieldOf(refused) == "ResourceTypesRegions.0.ResourceType");
  }
}

TEST_CASE("a name covers itself, and a wildcard one label", "[deployment]") {
  const std::vector<std::string> names = {"example.com", "*.w.example.com"};
  CHECK(Covers(names, "example.com"));
  CHECK(Covers(names, "a.w.example.com"));
  CHECK(Covers(names, "*.w.example.com"));
  CHECK_FALSE(Covers(names, "w.example.com"));
  CHECK_FALSE(Covers(names, "a.b.w.example.com"));
  CHECK_FALSE(Covers(names, "a.example.com"));
  CHECK_FALSE(Covers({}, "com"));
}

TEST_CASE("regions look like ap-guangzhou", "[deployment]") {
  for (const std::string name : {"ap-guangzhou", "na-ashburn-2", "ap-g"}) CHECK(IsRegion(name));
  for (const std::string name : {"", "ap", "ap-", "a-b", "AP-guangzhou", "ap-Guangzhou", "ap_g"}) {
    CAPTURE(name);
    CHECK_FALSE(IsRegion(name));
  }
}

}  // namespace certwright
