#include "core/paid_order.h"

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/products.h"
#include "core/row_rules.h"

namespace certwright {
namespace {

constexpr std::size_t kDealIdRandomDigits = 15;  // after the day: 23 in all
constexpr int kMonthsAYear = 12;

}  // namespace

absl::Status CheckPaidOrder(const PaidOrder& order) {
  const Product* const product = FindProduct(order.product);
  if (product == nullptr || !product->is_sold) {
    return Refuse(
        ApiError::kInvalidParameterValue,
        absl::StrCat(
            "ProductId `", order.product,
            "` is no product that is sold; allowed are the numbers of the documented list, "
            "like 25 (WoTrus DV)."),
        "ProductId");
  }
  const Range domains = DomainsOf(*product);
  if (!domains.Holds(order.domains)) {
    return Refuse(
        ApiError::kInvalidParameter,
        absl::StrCat("DomainNum `", order.domains, "` is not allowed for ", ProductTitle(*product),
                     "; allowed: ", domains.least, " to ", domains.most, "."),
        "DomainNum");
  }
  const Range years = YearsOf(*product);
  if (years.Holds(order.years)) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameter,
                absl::StrCat("TimeSpan `", order.years, "` is not allowed for ",
                             ProductTitle(*product), "; allowed: 1 to ", years.most, " years."),
                "TimeSpan");
}

Certificate OpenedRow(const PaidOrder& order, Random& random, absl::Time now) {
  return {.account = order.account,
          .id = NewCertificateId(random),
          .status = CertificateStatus::kPendingSubmission,
          .package_type = order.product,
          .alias = order.alias,
          .project_id = order.project_id,
          .tags = order.tags,
          .validity_months = static_cast<int>(order.years) * kMonthsAYear,
          .domain_count = static_cast<int>(order.domains),
          .inserted = now};
}

std::string NewDealId(Random& random, absl::Time now) {
  return absl::StrCat(absl::FormatTime("%Y%m%d", now, absl::FixedTimeZone(8 * 60 * 60)),
                      RandomText(random, kDigits, kDealIdRandomDigits));
}

}  // namespace certwright
