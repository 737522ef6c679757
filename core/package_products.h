// What CreateCertificateByPackage sells for benefit points, by its own numbers (ProductPid): that
// of the installed catalogue.
#ifndef CERTWRIGHT_CORE_PACKAGE_PRODUCTS_H_
#define CERTWRIGHT_CORE_PACKAGE_PRODUCTS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/products.h"

namespace certwright {

struct PackageProduct {
  std::uint64_t pid = 0;
  Product product = {};
  std::string price_key = {};
};

// Null for numbers that are not sold. It is good as long as the catalogue is installed.
const PackageProduct* FindPackageProduct(std::uint64_t pid);

bool IsPriceKey(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PACKAGE_PRODUCTS_H_
