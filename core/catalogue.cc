#include "core/catalogue.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

std::optional<Rate> RateOf(const CatalogueData::WrittenRate& written) {
  if (!written.base) return std::nullopt;
  return Rate{.base = *written.base, .each_extra_domain = written.each_extra_domain.value_or(0)};
}

Product ProductOf(const CatalogueData::ProductEntry& entry) {
  return {.number = static_cast<int>(entry.number),
          .brand = entry.brand,
          .level = *entry.level,
          .domains = *entry.domains,
          .is_pro = entry.is_pro,
          .is_sm2 = entry.is_sm2,
          .is_sold = entry.is_sold,
          .max_years = entry.max_years,
          .included_domains = entry.included_domains,
          .price = RateOf(entry.price),
          .points = RateOf(entry.points)};
}

std::optional<std::int64_t> Total(const std::optional<Rate>& rate, const Product& product,
                                  std::int64_t domains, std::int64_t years) {
  if (!rate || !DomainsOf(product).Holds(domains) || !YearsOf(product).Holds(years)) {
    return std::nullopt;
  }
  const std::int64_t extra = std::max<std::int64_t>(0, domains - product.included_domains);
  return years * (rate->base + extra * rate->each_extra_domain);
}

std::optional<Catalogue>& Installed() {
  static std::optional<Catalogue> installed;
  return installed;
}

}  // namespace

absl::StatusOr<Catalogue> Catalogue::Make(const CatalogueData& data) {
  RETURN_IF_ERROR(CheckCatalogue(data));
  Catalogue made;
  made.currency_ = data.currency;
  for (const auto& entry : data.products) made.products_.push_back(ProductOf(entry));
  std::sort(made.products_.begin(), made.products_.end(),
            [](const Product& a, const Product& b) { return a.number < b.number; });
  for (const auto& entry : data.packages) {
    made.packages_.push_back({.pid = entry.pid,
                              .product = *made.FindProduct(static_cast<int>(entry.product)),
                              .price_key = entry.price_key});
  }
  std::sort(made.packages_.begin(), made.packages_.end(),
            [](const PackageProduct& a, const PackageProduct& b) { return a.pid < b.pid; });
  made.points_packages_ = data.points_packages;
  return made;
}

const Product* Catalogue::FindProduct(int number) const {
  const auto found =
      std::lower_bound(products_.begin(), products_.end(), number,
                       [](const Product& product, int wanted) { return product.number < wanted; });
  return found == products_.end() || found->number != number ? nullptr : &*found;
}

const PackageProduct* Catalogue::FindPackage(std::uint64_t pid) const {
  const auto found = std::lower_bound(
      packages_.begin(), packages_.end(), pid,
      [](const PackageProduct& package, std::uint64_t wanted) { return package.pid < wanted; });
  return found == packages_.end() || found->pid != pid ? nullptr : &*found;
}

bool Catalogue::HasPriceKey(absl::string_view text) const {
  return std::any_of(packages_.begin(), packages_.end(),
                     [text](const PackageProduct& package) { return text == package.price_key; });
}

std::optional<std::int64_t> Catalogue::FindPackagePoints(absl::string_view type) const {
  for (const CatalogueData::PointsPackage& package : points_packages_) {
    if (type == package.type) return package.points;
  }
  return std::nullopt;
}

const Catalogue& InstalledCatalogue() {
  const std::optional<Catalogue>& installed = Installed();
  assert(installed);
  return *installed;
}

void InstallCatalogue(Catalogue catalogue) { Installed() = std::move(catalogue); }

std::optional<std::int64_t> PriceOf(const Product& product, std::int64_t domains,
                                    std::int64_t years) {
  return Total(product.price, product, domains, years);
}

std::optional<std::int64_t> PointsOf(const Product& product, std::int64_t domains,
                                     std::int64_t years) {
  return Total(product.points, product, domains, years);
}

std::optional<std::int64_t> PackagePointsOf(absl::string_view type) {
  return InstalledCatalogue().FindPackagePoints(type);
}

absl::StatusOr<std::int64_t> RequirePackagePoints(absl::string_view type) {
  if (const std::optional<std::int64_t> points = PackagePointsOf(type)) return *points;
  return WrongParameter("Type", type,
                        absl::StrJoin(InstalledCatalogue().points_packages(), ", ",
                                      [](std::string* out, const auto& package) {
                                        absl::StrAppend(out, package.type);
                                      }));
}

}  // namespace certwright
