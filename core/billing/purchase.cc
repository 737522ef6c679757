#include "core/billing/purchase.h"

#include "absl/strings/str_cat.h"

namespace certwright {

std::string PurchaseDetail(const Purchase& purchase) {
  return absl::StrCat("product ", purchase.product, ", domains ", purchase.domains, ", years ",
                      purchase.years, ", price ", purchase.price, ", discount ", purchase.discount,
                      ", package ", purchase.package);
}

}  // namespace certwright
