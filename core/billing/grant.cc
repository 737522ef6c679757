#include "core/billing/grant.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace certwright {
namespace {

constexpr char kPackagePrefix[] = "package-";

}  // namespace

std::string GrantDetail(const Grant& grant) {
  return absl::StrCat("grant ", grant.id, ", kind ", static_cast<int>(grant.kind), " ", grant.type,
                      ", ", grant.amount, ", until ",
                      grant.expires ? absl::StrCat(absl::ToUnixMicros(*grant.expires)) : "ever");
}

Book BookOf(GrantKind kind) { return static_cast<Book>(kind); }

bool IsExpired(const Grant& grant, absl::Time now) {
  return grant.expires && *grant.expires <= now;
}

const char* PackageState(const Grant& package, absl::Time now) {
  if (package.refunded) return "refund";
  if (IsExpired(package, now)) return "expired";
  return package.balance > 0 ? "usable" : "used";
}

std::string PackageIdOf(std::int64_t grant) { return absl::StrCat(kPackagePrefix, grant); }

std::optional<std::int64_t> ParsePackageId(absl::string_view text) {
  std::int64_t id = 0;
  if (!absl::SimpleAtoi(absl::StripPrefix(text, kPackagePrefix), &id)) return std::nullopt;
  return PackageIdOf(id) == text ? std::make_optional(id) : std::nullopt;
}

}  // namespace certwright
