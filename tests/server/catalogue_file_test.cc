#include "server/catalogue_file.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

std::string Refusal(absl::string_view text) {
  const auto parsed = ParseCatalogue(text);
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

std::string PriceText(int number, std::int64_t domains, std::int64_t years) {
  const Product* const product = FindProduct(number);
  if (product == nullptr) return "no product";
  return absl::StrCat(ProductTitle(*product), " ", PriceOf(*product, domains, years).value_or(-1));
}

// The number that a pid buys, after the title of its product.
std::string PackageText(std::uint64_t pid) {
  const PackageProduct* const package = FindPackageProduct(pid);
  if (package == nullptr) return "no package";
  return absl::StrCat(ProductTitle(package->product), " ", package->product.number, " ",
                      package->price_key);
}

}  // namespace

TEST_CASE("the built-in catalogue has the documented numbers", "[catalogue]") {
  std::map<std::string, int> of_brand;
  std::set<int> unsold;
  std::set<int> multi_year;
  for (const Product& product : InstalledCatalogue().products()) {
    ++of_brand[absl::StrCat(product.brand, " ", LevelText(product.level))];
    if (!product.is_sold) unsold.insert(product.number);
    if (YearsOf(product).most == 3) multi_year.insert(product.number);
  }

  CHECK(InstalledCatalogue().products().size() == 85);
  CHECK(of_brand == std::map<std::string, int>{{" DV", 1},
                                               {"CFCA EV", 1},
                                               {"CFCA OV", 3},
                                               {"DNSPod DV", 6},
                                               {"DNSPod EV", 2},
                                               {"DNSPod OV", 6},
                                               {"GeoTrust EV", 4},
                                               {"GeoTrust OV", 4},
                                               {"GlobalSign EV", 4},
                                               {"GlobalSign OV", 8},
                                               {"Rapid DV", 2},
                                               {"SecureSite EV", 8},
                                               {"SecureSite OV", 10},
                                               {"TrustAsia DV", 4},
                                               {"TrustAsia EV", 2},
                                               {"TrustAsia OV", 4},
                                               {"WoTrus DV", 6},
                                               {"WoTrus EV", 4},
                                               {"WoTrus OV", 6}});
  CHECK(unsold == std::set<int>{78, 79, 80, 91});
  CHECK(multi_year == std::set<int>{3,  4,  5,  6,  7,  8,  9,  10, 12, 57, 58, 59, 60, 61,
                                    75, 76, 77, 78, 79, 80, 91, 92, 93, 94, 95, 96, 97});
  for (const int number : {1, 2, 36, 62, 74, 83, 84, 86, 87, 106}) {
    CHECK(FindProduct(number) == nullptr);
  }
}

TEST_CASE("the built-in catalogue has the documented prices", "[catalogue]") {
  CHECK(InstalledCatalogue().currency() == "USD");
  CHECK(PriceText(6, 1, 1) == "SecureSite OV 80900");
  CHECK(PriceText(6, 1, 3) == "SecureSite OV 242700");
  CHECK(PriceText(96, 1, 1) == "SecureSite EV Pro 207100");
  CHECK(PriceText(58, 3, 1) == "SecureSite OV Multi-Domain 242700");
  CHECK(PriceText(76, 1, 2) == "SecureSite OV Wildcard 1294200");
  CHECK(PriceText(61, 7, 1) == "GeoTrust EV Multi-Domain 203100");
  CHECK(PriceText(11, 5, 1) == "TrustAsia DV Multi-Domain 79400");
  CHECK(PriceText(11, 6, 1) == "TrustAsia DV Multi-Domain 94800");
  CHECK(PriceText(12, 1, 3) == "TrustAsia DV Wildcard 96900");
  CHECK(PriceText(21, 3, 1) == "TrustAsia OV Multi-Domain Wildcard 655200");
  CHECK(PriceText(24, 2, 1) == "GlobalSign EV Multi-Domain 208000");
  CHECK(PriceText(88, 50, 1) == "GlobalSign OV Multi-Domain Wildcard 10554900");
  CHECK(PriceText(80, 1, 1) == "GeoTrust EV -1");
}

TEST_CASE("whatever the built-in catalogue sells has a price and points", "[catalogue]") {
  for (const Product& product : InstalledCatalogue().products()) {
    CAPTURE(product.number);
    const std::int64_t domains = DomainsOf(product).most;
    const std::int64_t years = YearsOf(product).most;
    CHECK(PriceOf(product, domains, years).has_value() == product.is_sold);
    CHECK(PointsOf(product, domains, years).has_value() == product.is_sold);
  }
}

TEST_CASE("each built-in pid buys the numbered product of its kind", "[catalogue]") {
  const auto& packages = InstalledCatalogue().packages();

  CHECK(packages.size() == 61);
  for (const PackageProduct& package : packages) {
    CAPTURE(package.pid);
    CHECK(package.product.is_sold);
    CHECK(absl::StartsWith(package.price_key, "sv_ssl_cost_"));
  }
  CHECK(PackageText(1022451) == "CFCA EV 101 sv_ssl_cost_cfca_ca_ev");
  CHECK(PackageText(1014028) == "DNSPod OV SM2 Wildcard 52 sv_ssl_cost_dnspod_ca_sm2_ovwildcard");
  CHECK(PackageText(1004370) == "DNSPod OV SM2 Wildcard 52 sv_ssl_cost_dnspod_ovwildcard");
  CHECK(PackageText(1013953) == "DNSPod DV Multi-Domain 50 sv_ssl_cost_dnspod_ca_dvmultidomain");
  CHECK(PackageText(1004460) == "WoTrus EV SM2 Multi-Domain 41 sv_ssl_cost_dnspod_evmultidomain");
  CHECK(PackageText(1004458) == "WoTrus EV SM2 40 sv_ssl_cost_dnspod_ev");
  CHECK(PackageText(1005919) ==
        "TrustAsia DV Multi-Domain Wildcard 42 sv_ssl_cost_trustasia_dvwildcardmulti");
  CHECK(PackageText(1013882) ==
        "SecureSite EV Pro Multi-Domain 59 sv_ssl_cost_securesiteevpromul_sh");
  CHECK(PackageText(1018529) == "GeoTrust EV 8 sv_ssl_cost_geotrust_ev");
  CHECK(PackageText(1004157) == "WoTrus DV 25 sv_ssl_cost_wotrus_dv");
}

TEST_CASE("the built-in packages of points hold what they are named for", "[catalogue]") {
  CHECK(InstalledCatalogue().points_packages().size() == 3);
  CHECK(PackagePointsOf("ssl_100") == 100);
  CHECK(PackagePointsOf("ssl_500") == 500);
  CHECK(PackagePointsOf("ssl_2000") == 2000);
}

TEST_CASE("a file says each member of a product", "[catalogue]") {
  const auto catalogue = ParseCatalogue(
      "currency: 'EUR' product { number: 7 brand: 'Ours' level: EV domains: MULTI_WILDCARD "
      "pro: true sm2: true max_years: 2 sold: true price_cents: 100 included_domains: 3 "
      "extra_domain_cents: 10 points: 5 extra_domain_points: 1 } "
      "package { pid: 70 price_key: 'ours' product: 7 } points_package { type: 'p' points: 9 }");

  REQUIRE(catalogue.ok());
  const Product* const product = catalogue->FindProduct(7);
  REQUIRE(product != nullptr);
  CHECK(ProductTitle(*product) == "Ours EV Pro SM2 Multi-Domain Wildcard");
  CHECK(product->is_sold);
  CHECK(PriceOf(*product, 4, 2) == 220);
  CHECK(PointsOf(*product, 4, 2) == 12);
  CHECK(catalogue->FindPackage(70)->product.number == 7);
  CHECK(catalogue->FindPackagePoints("p") == 9);
}

TEST_CASE("members that are left out have their defaults", "[catalogue]") {
  const auto catalogue =
      ParseCatalogue("currency: 'EUR' product { number: 7 level: DV domains: SINGLE }");

  REQUIRE(catalogue.ok());
  const Product& product = *catalogue->FindProduct(7);
  CHECK(YearsOf(product).most == 1);
  CHECK_FALSE(product.is_sold);
  CHECK_FALSE(PriceOf(product, 1, 1));
}

TEST_CASE("a text that is no catalogue is refused with its line", "[catalogue]") {
  CHECK(absl::StrContains(Refusal(""), "currency is \"\""));
  CHECK(absl::StartsWith(Refusal("product {"), "line 1, column 10: "));
  CHECK(Refusal("product {\n  number: 7 prise: 5 }") ==
        "line 2, column 18: Message type \"certwright.config.Product\" has no field named "
        "\"prise\".");
  CHECK(absl::StartsWith(Refusal("product { number: x }"), "line 1, column 19: "));
  CHECK(absl::StartsWith(Refusal("product { number: 99999999999 }"),
                         "line 1, column 19: Integer out of range"));
  CHECK(absl::StrContains(Refusal("product { price_cents: 1 price_cents: 2 }"), "multiple times"));
  CHECK(absl::StartsWith(Refusal(std::string("\0\xff", 2)), "line 1, column "));
}

TEST_CASE("an unknown name is refused with the allowed ones", "[catalogue]") {
  CHECK(
      Refusal("product { number: 7\nlevel: XV }") ==
      "line 2, column 11: Unknown enumeration value of \"XV\" for field \"level\". Allowed are DV, "
      "OV, EV.");
  CHECK(absl::EndsWith(Refusal("product { domains: ANY }"),
                       " Allowed are SINGLE, MULTI, WILDCARD, MULTI_WILDCARD."));
  // The name of a member that is not set is none.
  CHECK(absl::StrContains(
      Refusal("currency: 'EUR' product { number: 7 level: LEVEL_NOT_SET domains: SINGLE }"),
      "product 7: level is not set; allowed are DV, OV, EV"));
  CHECK(absl::StrContains(Refusal("currency: 'EUR' product { number: 7 level: 9 domains: SINGLE }"),
                          "product 7: level is not set; allowed are DV, OV, EV"));
}

TEST_CASE("a catalogue that cannot be read is named", "[catalogue]") {
  for (const std::string path : {"/nowhere/catalogue.txtpb", "/"}) {
    const auto read = ReadCatalogueFile(path);
    CHECK(read.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(absl::StartsWith(read.status().message(),
                           absl::StrCat("cannot read the catalogue ", path, ";")));
  }
}

}  // namespace certwright
