#include "core/stored_products.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "tests/support/paid.h"

namespace certwright {
namespace {

// A catalogue of one-domain products with these numbers.
Catalogue Of(const std::vector<int>& numbers) {
  CatalogueData data = {.currency = "USD"};
  for (const int number : numbers) {
    data.products.push_back(
        {.number = number, .level = Level::kDv, .domains = DomainKind::kSingle});
  }
  return *Catalogue::Make(data);
}

std::optional<std::string> Remembered(Store& store) {
  std::optional<std::string> found;
  (void)store.Read([&](Snapshot& snapshot) -> absl::Status {
    found = *snapshot.FindSetting("catalogue-products");
    return absl::OkStatus();
  });
  return found;
}

}  // namespace

TEST_CASE("a catalogue must list what stored certificates have", "[catalogue]") {
  Paid paid;
  paid.Open(kRapidDv);
  paid.Open(kWoTrusDv);
  paid.Open(kWoTrusDv);
  Store& store = *paid.engine.store;

  CHECK(RequireStoredProducts(store, Of({kWoTrusDv, kRapidDv})).ok());
  CHECK(RequireStoredProducts(store, InstalledCatalogue()).ok());
  const absl::Status one = RequireStoredProducts(store, Of({kWoTrusDv}));
  CHECK(one.code() == absl::StatusCode::kInvalidArgument);
  CHECK(one.message() ==
        "the catalogue does not list product 102, which stored certificates have; list it again, "
        "with `sold: false` and without a `package` if it shall not be bought any more");
  CHECK(absl::StartsWith(RequireStoredProducts(store, Of({1})).message(),
                         "the catalogue does not list product 25, 102,"));
}

TEST_CASE("free certificates and uploads need no product", "[catalogue]") {
  Engine engine;
  engine.Issue("a.example.com");

  CHECK(RequireStoredProducts(*engine.store, Of({1})).ok());
}

TEST_CASE("rows are read again only after a change of the numbers", "[catalogue]") {
  Paid paid;
  Store& real = *paid.engine.store;
  REQUIRE(RequireStoredProducts(real, Of({kWoTrusDv})).ok());
  CHECK(Remembered(real) == "25");
  DyingStore store(real);
  store.writes_left = 0;

  CHECK(RequireStoredProducts(store, Of({kWoTrusDv})).ok());
  CHECK_FALSE(RequireStoredProducts(store, Of({kWoTrusDv, kRapidDv})).ok());
}

TEST_CASE("a refused catalogue is not remembered", "[catalogue]") {
  Paid paid;
  paid.Open(kWoTrusDv);
  Store& store = *paid.engine.store;

  CHECK_FALSE(RequireStoredProducts(store, Of({kRapidDv})).ok());
  CHECK_FALSE(RequireStoredProducts(store, Of({kRapidDv})).ok());
  CHECK_FALSE(Remembered(store));
}

}  // namespace certwright
