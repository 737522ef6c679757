#include "core/package_products.h"

#include "core/catalogue.h"

namespace certwright {

const PackageProduct* FindPackageProduct(std::uint64_t pid) {
  return InstalledCatalogue().FindPackage(pid);
}

bool IsPriceKey(absl::string_view text) { return InstalledCatalogue().HasPriceKey(text); }

}  // namespace certwright
