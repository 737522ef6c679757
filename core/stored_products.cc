#include "core/stored_products.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/certificate_facts.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kSetting[] = "catalogue-products";

std::string NumbersOf(const Catalogue& catalogue) {
  return absl::StrJoin(catalogue.products(), ",", [](std::string* out, const Product& product) {
    absl::StrAppend(out, product.number);
  });
}

absl::Status RequireListed(std::vector<int> stored, const Catalogue& catalogue) {
  const auto is_known = [&catalogue](int number) {
    return number == kFreePackageType || number == kLegacyFreePackageType ||
           catalogue.FindProduct(number) != nullptr;
  };
  stored.erase(std::remove_if(stored.begin(), stored.end(), is_known), stored.end());
  if (stored.empty()) return absl::OkStatus();
  std::sort(stored.begin(), stored.end());
  return absl::InvalidArgumentError(absl::StrCat(
      "the catalogue does not list product ", absl::StrJoin(stored, ", "),
      ", which stored certificates have; list it again, with `sold: false` and without a `package` "
      "if it shall not be bought any more"));
}

}  // namespace

absl::Status RequireStoredProducts(Store& store, const Catalogue& catalogue) {
  const std::string listed = NumbersOf(catalogue);
  std::optional<std::string> found_good;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(found_good, snapshot.FindSetting(kSetting));
    return absl::OkStatus();
  }));
  if (found_good == listed) return absl::OkStatus();
  return store.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<int> stored, transaction.ListProductNumbers());
    RETURN_IF_ERROR(RequireListed(stored, catalogue));
    return transaction.PutSetting(kSetting, listed);
  });
}

}  // namespace certwright
