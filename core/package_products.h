// What CreateCertificateByPackage sells for benefit points, by its own numbers (ProductPid).
#ifndef CERTWRIGHT_CORE_PACKAGE_PRODUCTS_H_
#define CERTWRIGHT_CORE_PACKAGE_PRODUCTS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/products.h"

namespace certwright {

struct PackageProduct {
  std::uint64_t pid = 0;
  Product product = {};  // without a number of its own
  const char* price_key = "";
};

// Null for numbers that are not documented.
const PackageProduct* FindPackageProduct(std::uint64_t pid);

bool IsPriceKey(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PACKAGE_PRODUCTS_H_
