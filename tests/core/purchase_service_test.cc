#include "core/purchase_service.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "core/package_products.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

constexpr std::uint64_t kDvMulti = 1018584;        // TrustAsia DV Multi-Domain
constexpr std::uint64_t kDvWildcard = 1018586;     // TrustAsia DV Wildcard, multi-year
constexpr std::uint64_t kOvSingle = 1013890;       // TrustAsia OV, one year
constexpr std::uint64_t kMultiWildcard = 1005919;  // TrustAsia DV Multi-Domain Wildcard

PackagePurchase Of(std::uint64_t pid, const std::string& domain_count) {
  return {.account = kAccount,
          .pid = pid,
          .packages = {"p-1"},
          .domain_count = domain_count,
          .years = 1};
}

std::optional<ApiError> Refusal(const PackagePurchase& purchase) {
  Engine engine;
  return ErrorOf(engine.purchases.BuyWithPackage(purchase).status());
}

}  // namespace

TEST_CASE("every product of the packages has the numbers of its kind", "[purchases]") {
  const PackageProduct* const multi = FindPackageProduct(kDvMulti);
  REQUIRE(multi != nullptr);
  CHECK(ProductTitle(multi->product) == "TrustAsia DV Multi-Domain");
  CHECK(DomainsOf(multi->product).least == 2);
  CHECK(DomainsOf(multi->product).most == 50);
  CHECK(YearsOf(multi->product).most == 1);
  CHECK(YearsOf(FindPackageProduct(kDvWildcard)->product).most == 3);
  CHECK(DomainsOf(FindPackageProduct(kDvWildcard)->product).most == 1);
  CHECK(FindPackageProduct(0) == nullptr);
  CHECK(FindPackageProduct(11) == nullptr);
  CHECK(IsPriceKey("sv_ssl_cost_trustasia_dvmultidomain"));
  CHECK_FALSE(IsPriceKey(""));
}

TEST_CASE("a good purchase with a package fails for the package alone", "[purchases]") {
  PackagePurchase full = Of(kDvMulti, "2");
  full.domains = "a.example.com,b.example.com";
  full.price_key = "sv_ssl_cost_trustasia_dvmultidomain";
  full.certificates = 50;
  full.csr_method = "online";
  full.key_algorithm = "ECC";
  full.key_parameter = "prime256v1";
  full.key_password = "secret-1";
  PackagePurchase wildcard = Of(kDvWildcard, "1");
  wildcard.domains = "*.example.com";
  wildcard.years = 3;
  PackagePurchase mixed = Of(kMultiWildcard, "2");
  mixed.domains = "*.example.com,example.com";
  for (const PackagePurchase& purchase : {full, wildcard, mixed, Of(kOvSingle, "1")}) {
    CHECK(Refusal(purchase) == ApiError::kInvalidParameterPackageIdsInvalid);
  }
}

TEST_CASE("each member of a purchase with a package has its code", "[purchases]") {
  using Change = void (*)(PackagePurchase&);
  struct Row {
    Change change;
    ApiError error;
  };
  const Row row = GENERATE(
      Row{[](PackagePurchase& p) { p.pid = 11; }, ApiError::kInvalidParameterProductPidInvalid},
      Row{[](PackagePurchase& p) { p.price_key = "sv_ssl_cost_wotrus_dv"; },
          ApiError::kInvalidParameterProductPidInvalid},
      Row{[](PackagePurchase& p) { p.price_key = "free"; }, ApiError::kInvalidParameterValue},
      Row{[](PackagePurchase& p) { p.domain_count = ""; },
          ApiError::kInvalidParameterDomainCountInvalid},
      Row{[](PackagePurchase& p) { p.domain_count = "1"; },
          ApiError::kInvalidParameterDomainCountInvalid},
      Row{[](PackagePurchase& p) { p.domain_count = "51"; },
          ApiError::kInvalidParameterDomainCountInvalid},
      Row{[](PackagePurchase& p) { p.domain_count = "+2"; },
          ApiError::kInvalidParameterDomainCountInvalid},
      Row{[](PackagePurchase& p) { p.domain_count = "two"; },
          ApiError::kInvalidParameterDomainCountInvalid},
      Row{[](PackagePurchase& p) { p.years = 0; }, ApiError::kInvalidParameterPeriodInvalid},
      Row{[](PackagePurchase& p) { p.years = 2; }, ApiError::kInvalidParameterPeriodInvalid},
      Row{[](PackagePurchase& p) { p.certificates = 0; }, ApiError::kInvalidParameterValue},
      Row{[](PackagePurchase& p) { p.certificates = 51; }, ApiError::kInvalidParameterValue},
      Row{[](PackagePurchase& p) { p.domains = "a.example.com,"; },
          ApiError::kInvalidParameterDomainInvalid},
      Row{[](PackagePurchase& p) { p.domains = "*.example.com"; },
          ApiError::kInvalidParameterDomainInvalid},
      Row{[](PackagePurchase& p) { p.domains = "a.example.com,b.example.com,c.example.com"; },
          ApiError::kInvalidParameterDomainInvalid},
      Row{[](PackagePurchase& p) { p.domains = std::string(65, 'a') + ".com"; },
          ApiError::kInvalidParameterDomainInvalid},
      Row{[](PackagePurchase& p) { p.csr_method = "Online"; },
          ApiError::kInvalidParameterRenewGenCsrMethodInvalid},
      Row{[](PackagePurchase& p) { p.csr_method = "upload"; },
          ApiError::kInvalidParameterRenewCsrInvalid},
      Row{[](PackagePurchase& p) { p.key_algorithm = "SM2"; },
          ApiError::kInvalidParameterRenewAlgorithmInvalid},
      Row{[](PackagePurchase& p) { p.key_parameter = "prime256v1"; },
          ApiError::kInvalidParameterRenewAlgorithmInvalid},
      Row{[](PackagePurchase& p) { p.key_password = "short"; }, ApiError::kInvalidParameterValue},
      Row{[](PackagePurchase& p) { p.tags = {{.key = "", .value = "v"}}; },
          ApiError::kInvalidParameterValue},
      Row{[](PackagePurchase& p) { p.project_id = 7; }, ApiError::kFailedOperation},
      Row{[](PackagePurchase& p) { p.old_certificate = {"zzzzzzzz"}; },
          ApiError::kFailedOperation});
  PackagePurchase purchase = Of(kDvMulti, "2");
  row.change(purchase);
  CHECK(Refusal(purchase) == row.error);
}

TEST_CASE("a wildcard product is for a wildcard", "[purchases]") {
  PackagePurchase purchase = Of(kDvWildcard, "1");
  purchase.domains = "example.com";
  CHECK(Refusal(purchase) == ApiError::kInvalidParameterDomainInvalid);
}

}  // namespace certwright
