#include "core/catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

constexpr std::int64_t kMaxCents = 1'000'000'000;
constexpr std::int64_t kMaxPoints = 1'000'000;

// One product for one domain, one for several of which two are included, and a pid of each.
CatalogueData Small() {
  return {.currency = "EUR",
          .products = {{.number = 25,
                        .brand = "WoTrus",
                        .level = Level::kDv,
                        .domains = DomainKind::kSingle,
                        .is_sold = true,
                        .max_years = 3,
                        .price = {.base = 6900},
                        .points = {.base = 7}},
                       {.number = 11,
                        .brand = "TrustAsia",
                        .level = Level::kOv,
                        .domains = DomainKind::kMulti,
                        .is_sold = true,
                        .included_domains = 2,
                        .price = {.base = 79400, .each_extra_domain = 15400},
                        .points = {.base = 80, .each_extra_domain = 16}}},
          .packages = {{.pid = 2002, .price_key = "multi", .product = 11},
                       {.pid = 2001, .price_key = "single", .product = 25}},
          .points_packages = {{.type = "ssl_100", .points = 100}}};
}

std::string MistakesIn(const CatalogueData& data) {
  const auto made = Catalogue::Make(data);
  return made.ok() ? "" : std::string(made.status().message());
}

struct Row {
  std::function<void(CatalogueData&)> change;
  std::string mistake;
};

void CheckMistake(const Row& row) {
  CatalogueData data = Small();
  row.change(data);
  CAPTURE(row.mistake);

  CHECK(MistakesIn(data) == row.mistake);
}

}  // namespace

TEST_CASE("a catalogue answers by number, pid and type", "[catalogue]") {
  const auto catalogue = Catalogue::Make(Small());

  REQUIRE(catalogue.ok());
  CHECK(catalogue->currency() == "EUR");
  REQUIRE(catalogue->FindProduct(11) != nullptr);
  CHECK(ProductTitle(*catalogue->FindProduct(11)) == "TrustAsia OV Multi-Domain");
  CHECK(YearsOf(*catalogue->FindProduct(25)).most == 3);
  CHECK(catalogue->FindProduct(24) == nullptr);
  CHECK(catalogue->FindProduct(26) == nullptr);
  REQUIRE(catalogue->FindPackage(2002) != nullptr);
  CHECK(catalogue->FindPackage(2002)->product.number == 11);
  CHECK(catalogue->FindPackage(2002)->price_key == "multi");
  CHECK(catalogue->FindPackage(11) == nullptr);
  CHECK(catalogue->HasPriceKey("single"));
  CHECK_FALSE(catalogue->HasPriceKey(""));
  CHECK(catalogue->FindPackagePoints("ssl_100") == 100);
  CHECK_FALSE(catalogue->FindPackagePoints("ssl_101"));
}

TEST_CASE("what was found stays good when the catalogue moves", "[catalogue]") {
  auto made = Catalogue::Make(Small());
  REQUIRE(made.ok());
  const Product* const found = made->FindProduct(25);

  const Catalogue moved = *std::move(made);

  CHECK(moved.FindProduct(25) == found);
}

TEST_CASE("an order costs each year the base and each domain beyond the included", "[catalogue]") {
  const auto catalogue = Catalogue::Make(Small());
  REQUIRE(catalogue.ok());
  const Product& single = *catalogue->FindProduct(25);
  const Product& multi = *catalogue->FindProduct(11);

  CHECK(PriceOf(single, 1, 1) == 6900);
  CHECK(PriceOf(single, 1, 3) == 20700);
  CHECK(PointsOf(single, 1, 3) == 21);
  CHECK(PriceOf(multi, 2, 1) == 79400);
  CHECK(PriceOf(multi, 3, 1) == 94800);
  CHECK(PriceOf(multi, 50, 1) == 79400 + 48 * 15400);
  CHECK(PointsOf(multi, 50, 1) == 80 + 48 * 16);
}

TEST_CASE("what a product does not come in has no price", "[catalogue]") {
  CatalogueData data = Small();
  data.products[0].is_sold = false;
  data.products[0].price = {};
  const auto catalogue = Catalogue::Make(data);
  REQUIRE(catalogue.ok());
  const Product& multi = *catalogue->FindProduct(11);

  CHECK_FALSE(PriceOf(*catalogue->FindProduct(25), 1, 1));
  CHECK(PointsOf(*catalogue->FindProduct(25), 1, 1) == 7);
  for (const std::int64_t domains : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                                     std::int64_t{51}, std::numeric_limits<std::int64_t>::max()}) {
    CHECK_FALSE(PriceOf(multi, domains, 1));
    CHECK_FALSE(PointsOf(multi, domains, 1));
  }
  for (const std::int64_t years : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{2},
                                   std::numeric_limits<std::int64_t>::max()}) {
    CHECK_FALSE(PriceOf(multi, 2, years));
  }
}

TEST_CASE("the dearest order that a catalogue can have is added up exactly", "[catalogue]") {
  CatalogueData data = Small();
  auto& multi = data.products[1];
  multi.max_years = 5;
  multi.included_domains = 1;
  multi.price = {.base = kMaxCents, .each_extra_domain = kMaxCents};
  multi.points = {.base = kMaxPoints, .each_extra_domain = kMaxPoints};
  const auto catalogue = Catalogue::Make(data);

  REQUIRE(catalogue.ok());
  CHECK(PriceOf(*catalogue->FindProduct(11), 50, 5) == 250'000'000'000);
  CHECK(PointsOf(*catalogue->FindProduct(11), 50, 5) == 250'000'000);
}

TEST_CASE("an empty catalogue says what is missing", "[catalogue]") {
  CHECK(MistakesIn({}) ==
        "product: there are 0 entries; allowed are 1 to 10000\n"
        "currency is \"\"; allowed are three capital letters, like \"USD\"");
}

TEST_CASE("a catalogue without packages is good", "[catalogue]") {
  CatalogueData data = Small();
  data.packages.clear();
  data.points_packages.clear();

  CHECK(Catalogue::Make(data).ok());
}

TEST_CASE("a catalogue of too many products is refused at once", "[catalogue]") {
  CatalogueData data = Small();
  data.products.resize(10'001);

  CHECK(MistakesIn(data) == "product: there are 10001 entries; allowed are 1 to 10000");
}

TEST_CASE("a currency is three capital letters", "[catalogue]") {
  for (const std::string text : {"", "usd", "US", "USDT", "U$D", "US\n", "\xff\xff\xff"}) {
    CatalogueData data = Small();
    data.currency = text;
    CAPTURE(text);
    CHECK(absl::StartsWith(MistakesIn(data), "currency is \""));
  }
}

TEST_CASE("each member of a product has its range", "[catalogue]") {
  CheckMistake(GENERATE(
      Row{[](CatalogueData& d) { d.products[0].number = 1'000'001, d.packages.clear(); },
          "product 1000001: number is 1000001; allowed are 1 to 1000000"},
      Row{[](CatalogueData& d) { d.products[0].number = -1, d.packages.clear(); },
          "product -1: number is -1; allowed are 1 to 1000000"},
      Row{[](CatalogueData& d) { d.products[0].number = 0, d.packages.clear(); },
          "product without a number (entry 1): number is 0; allowed are 1 to 1000000"},
      Row{[](CatalogueData& d) { d.products[0].number = 83, d.packages.clear(); },
          "product 83: number is 83, a free certificate's; choose another"},
      Row{[](CatalogueData& d) { d.products[0].number = 2, d.packages.clear(); },
          "product 2: number is 2, a free certificate's; choose another"},
      Row{[](CatalogueData& d) { d.products[0].number = 11, d.packages.pop_back(); },
          "product 11: number is 11, as that of entry 1 and entry 2; allowed is each once"},
      Row{[](CatalogueData& d) { d.products[0].brand = "Wo/Trus"; },
          "product 25: brand is \"Wo/Trus\"; allowed are up to 32 letters, digits, hyphens, and "
          "spaces between them"},
      Row{[](CatalogueData& d) { d.products[0].brand = " "; },
          "product 25: brand is \" \"; allowed are up to 32 letters, digits, hyphens, and spaces "
          "between them"},
      Row{[](CatalogueData& d) { d.products[0].level = {}; },
          "product 25: level is not set; allowed are DV, OV, EV"},
      Row{[](CatalogueData& d) { d.products[0].domains = {}; },
          "product 25: domains is not set; allowed are SINGLE, MULTI, WILDCARD, MULTI_WILDCARD"},
      Row{[](CatalogueData& d) { d.products[0].max_years = 0; },
          "product 25: max_years is 0; allowed are 1 to 5"},
      Row{[](CatalogueData& d) { d.products[0].max_years = 6; },
          "product 25: max_years is 6; allowed are 1 to 5"},
      Row{[](CatalogueData& d) { d.products[0].included_domains = 2; },
          "product 25: included_domains is 2; allowed are 1 to 1"},
      Row{[](CatalogueData& d) { d.products[1].included_domains = 51; },
          "product 11: included_domains is 51; allowed are 1 to 50"}));
}

TEST_CASE("a brand may be left out, and has up to 32 characters", "[catalogue]") {
  CatalogueData data = Small();
  data.products[0].brand = "";
  data.products[1].brand = "Our own CA-2 " + std::string(19, 'x');
  CHECK(MistakesIn(data) == "");
  data.products[1].brand += "x";
  CHECK(absl::StartsWith(MistakesIn(data), "product 11: brand is "));
}

TEST_CASE("prices and points are whole or not there", "[catalogue]") {
  CheckMistake(GENERATE(
      Row{[](CatalogueData& d) { d.products[0].price.base = {}; },
          "product 25: price_cents is not set; a product with `sold: true` needs it, 1 to "
          "1000000000"},
      Row{[](CatalogueData& d) { d.products[0].price.base = 0; },
          "product 25: price_cents is 0; allowed are 1 to 1000000000"},
      Row{[](CatalogueData& d) { d.products[0].price.base = -5; },
          "product 25: price_cents is -5; allowed are 1 to 1000000000"},
      Row{[](CatalogueData& d) { d.products[0].price.base = kMaxCents + 1; },
          "product 25: price_cents is 1000000001; allowed are 1 to 1000000000"},
      Row{[](CatalogueData& d) {
            d.products[0].price.base = std::numeric_limits<std::int64_t>::max();
          },
          "product 25: price_cents is 9223372036854775807; allowed are 1 to 1000000000"},
      Row{[](CatalogueData& d) { d.products[0].price.each_extra_domain = 0; },
          "product 25: extra_domain_cents is 0; a product for one domain has none: leave it out"},
      Row{[](CatalogueData& d) { d.products[1].price.each_extra_domain = {}; },
          "product 11: extra_domain_cents is not set; with price_cents, a product for several "
          "domains needs it, 0 to 1000000000"},
      Row{[](CatalogueData& d) { d.products[1].price.each_extra_domain = -1; },
          "product 11: extra_domain_cents is -1; allowed are 0 to 1000000000"},
      Row{[](CatalogueData& d) { d.products[1].price.base = {}, d.products[1].is_sold = false; },
          "product 11: price_cents is not set, and extra_domain_cents is; set both or none"},
      Row{[](CatalogueData& d) { d.products[0].points.base = kMaxPoints + 1; },
          "product 25: points is 1000001; allowed are 1 to 1000000"},
      Row{[](CatalogueData& d) { d.products[1].points.each_extra_domain = {}; },
          "product 11: extra_domain_points is not set; with points, a product for several domains "
          "needs it, 0 to 1000000"}));
}

TEST_CASE("each member of a package has its range", "[catalogue]") {
  CheckMistake(GENERATE(
      Row{[](CatalogueData& d) { d.packages[0].pid = 0; },
          "package without a pid (entry 1): pid is 0; allowed are 1 to 9000000000000000000"},
      Row{[](CatalogueData& d) { d.packages[0].pid = std::numeric_limits<std::uint64_t>::max(); },
          "package 18446744073709551615: pid is 18446744073709551615; allowed are 1 to "
          "9000000000000000000"},
      Row{[](CatalogueData& d) { d.packages[0].pid = 2001; },
          "package 2001: pid is 2001, as that of entry 1 and entry 2; allowed is each once"},
      Row{[](CatalogueData& d) { d.packages[0].price_key = "single"; },
          "package 2001: price_key is \"single\", as that of entry 1 and entry 2; allowed is each "
          "once"},
      Row{[](CatalogueData& d) { d.packages[0].price_key = ""; },
          "package 2002: price_key is \"\"; allowed are 1 to 64 of a-z, 0-9 and _"},
      Row{[](CatalogueData& d) { d.packages[0].price_key = "Multi"; },
          "package 2002: price_key is \"Multi\"; allowed are 1 to 64 of a-z, 0-9 and _"},
      Row{[](CatalogueData& d) { d.packages[0].product = 12; },
          "package 2002: product is 12, which is not listed; allowed is the number of a product of "
          "this catalogue"},
      Row{[](CatalogueData& d) { d.products[1].points = {}; },
          "package 2002: product is 11, which costs no points; set `points` of product 11, 1 to "
          "1000000"},
      Row{[](CatalogueData& d) { d.points_packages[0].type = ""; },
          "points_package \"\": type is \"\"; allowed are 1 to 64 of a-z, 0-9 and _"},
      Row{[](CatalogueData& d) { d.points_packages[0].points = 0; },
          "points_package \"ssl_100\": points is 0; allowed are 1 to 1000000000"},
      Row{[](CatalogueData& d) { d.points_packages.push_back(d.points_packages[0]); },
          "points_package \"ssl_100\": type is \"ssl_100\", as that of entry 1 and entry 2; "
          "allowed "
          "is each once"}));
}

TEST_CASE("all mistakes are told at once, up to 50", "[catalogue]") {
  CatalogueData data = Small();
  data.products[0].level = {};
  data.products[1].max_years = 9;
  data.currency = "";
  CHECK(MistakesIn(data) ==
        "currency is \"\"; allowed are three capital letters, like \"USD\"\n"
        "product 25: level is not set; allowed are DV, OV, EV\n"
        "product 11: max_years is 9; allowed are 1 to 5");

  data.points_packages.assign(60, {.type = "t", .points = 0});
  const std::string many = MistakesIn(data);
  CHECK(std::count(many.begin(), many.end(), '\n') == 50);
  CHECK(absl::EndsWith(many, "\n... and 72 more"));
}

TEST_CASE("what a person wrote is shown on one line", "[catalogue]") {
  CatalogueData data = Small();
  data.products[0].brand = "a\nb\x1b";

  const std::string mistakes = MistakesIn(data);

  CHECK(absl::StrContains(mistakes, "brand is \"a\\u000ab\\u001b\""));
  CHECK_FALSE(absl::StrContains(mistakes, "\n"));
}

TEST_CASE("the free functions answer from what is installed", "[catalogue]") {
  const Catalogue& installed = InstalledCatalogue();

  CHECK(FindProduct(25) == installed.FindProduct(25));
  CHECK(FindPackageProduct(1004157) == installed.FindPackage(1004157));
  CHECK(PackagePointsOf("ssl_2000") == 2000);
  CHECK_FALSE(PackagePointsOf(""));
}

}  // namespace certwright
