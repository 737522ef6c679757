// The catalogue of paid certificates: which products there are, what they cost, and what benefit
// points buy. It is data that an operator may change; server/catalogue_file.h reads it.
#ifndef CERTWRIGHT_CORE_CATALOGUE_H_
#define CERTWRIGHT_CORE_CATALOGUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/package_products.h"
#include "core/products.h"

namespace certwright {

// A catalogue as it was written, not checked yet.
struct CatalogueData {
  // Amounts as they were written: nothing where nothing was.
  struct WrittenRate {
    std::optional<std::int64_t> base = {};
    std::optional<std::int64_t> each_extra_domain = {};
  };
  struct ProductEntry {
    std::int64_t number = 0;
    std::string brand = {};
    std::optional<Level> level = {};
    std::optional<DomainKind> domains = {};
    bool is_pro = false;
    bool is_sm2 = false;
    bool is_sold = false;
    std::int64_t max_years = 1;
    std::int64_t included_domains = 1;
    WrittenRate price = {};
    WrittenRate points = {};
  };
  struct PackageEntry {
    std::uint64_t pid = 0;
    std::string price_key = {};
    std::int64_t product = 0;
  };
  struct PointsPackage {
    std::string type = {};
    std::int64_t points = 0;
  };

  std::string currency = {};
  std::vector<ProductEntry> products = {};
  std::vector<PackageEntry> packages = {};
  std::vector<PointsPackage> points_packages = {};
};

// Read-only, and so thread-safe.
class Catalogue {
 public:
  // InvalidArgument lists every mistake at once, a line each: entry, member, value and what is
  // allowed. The rules are those of proto/config/catalogue.proto.
  static absl::StatusOr<Catalogue> Make(const CatalogueData& data);

  // Null if it is not listed. Good as long as the catalogue is.
  const Product* FindProduct(int number) const;
  const PackageProduct* FindPackage(std::uint64_t pid) const;
  bool HasPriceKey(absl::string_view text) const;
  // Points in a package of this type ("ssl_100"); nothing for an unknown type.
  std::optional<std::int64_t> FindPackagePoints(absl::string_view type) const;

  const std::string& currency() const { return currency_; }
  const std::vector<Product>& products() const { return products_; }         // by number
  const std::vector<PackageProduct>& packages() const { return packages_; }  // by pid
  const std::vector<CatalogueData::PointsPackage>& points_packages() const {
    return points_packages_;
  }

 private:
  Catalogue() = default;

  std::string currency_ = {};
  std::vector<Product> products_ = {};
  std::vector<PackageProduct> packages_ = {};
  std::vector<CatalogueData::PointsPackage> points_packages_ = {};
};

// Every mistake in it, as Catalogue::Make lists them: core/catalogue_rules.cc.
absl::Status CheckCatalogue(const CatalogueData& data);

// The one that the free functions of products.h, package_products.h and below answer from.
// REQUIRES: one was installed.
const Catalogue& InstalledCatalogue();
// REQUIRES: no other thread runs that asks it, and nobody holds a product of the one before.
void InstallCatalogue(Catalogue catalogue);

// In minor units, for the whole order: all years, all domains. Nothing for a product without a
// price, and for numbers of domains or years that it does not come in. It never overflows: the
// limits of the catalogue see to it.
std::optional<std::int64_t> PriceOf(const Product& product, std::int64_t domains,
                                    std::int64_t years);
// The same in benefit points, of one certificate.
std::optional<std::int64_t> PointsOf(const Product& product, std::int64_t domains,
                                     std::int64_t years);
std::optional<std::int64_t> PackagePointsOf(absl::string_view type);
// The same; refuses InvalidParameterValue, for Type, naming the types that there are.
absl::StatusOr<std::int64_t> RequirePackagePoints(absl::string_view type);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CATALOGUE_H_
