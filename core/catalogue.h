// STUB until h/cata is merged.
#ifndef CERTWRIGHT_CORE_CATALOGUE_H_
#define CERTWRIGHT_CORE_CATALOGUE_H_
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/products.h"
namespace certwright {
class Catalogue {
 public:
  const std::string& currency() const { return currency_; }

 private:
  std::string currency_ = "USD";
};
inline const Catalogue& InstalledCatalogue() {
  static const Catalogue one;
  return one;
}
inline std::optional<std::int64_t> PriceOf(const Product& product, std::int64_t domains,
                                           std::int64_t years) {
  return (10000 + product.number * 1000) * domains * years;
}
inline std::optional<std::int64_t> PointsOf(const Product&, std::int64_t domains,
                                            std::int64_t years) {
  return 10 * domains * years;
}
inline std::optional<std::int64_t> PackagePointsOf(absl::string_view type) {
  if (type == "ssl_100") return 100;
  if (type == "ssl_500") return 500;
  if (type == "ssl_2000") return 2000;
  return std::nullopt;
}
}  // namespace certwright
#endif
