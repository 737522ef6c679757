// What an operator's catalogue must be like: proto/config/catalogue.proto in code.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/catalogue.h"
#include "core/certificate_facts.h"
#include "core/shown.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxEntries = 10'000;  // of each list
constexpr std::int64_t kMaxNumber = 1'000'000;
constexpr std::int64_t kMaxYears = 5;
constexpr std::int64_t kMaxCents = 1'000'000'000;
constexpr std::int64_t kMaxPoints = 1'000'000;
constexpr std::int64_t kMaxPackagePoints = 1'000'000'000;
constexpr std::uint64_t kMaxPid = 9'000'000'000'000'000'000U;
constexpr std::size_t kMaxBrandBytes = 32;
constexpr std::size_t kMaxKeyBytes = 64;
constexpr std::size_t kMaxMistakes = 50;  // that are told

// PriceOf, times the certificates of one call, stays far within 64 bits.
static_assert(kMaxCents * kMaxDomainsOfOrder * kMaxYears < (std::int64_t{1} << 62) / 1'000'000);

class Checker {
 public:
  explicit Checker(const CatalogueData& data) : data_(data) {}

  absl::Status Check() {
    CheckSize("product", data_.products.size(), 1);
    CheckSize("package", data_.packages.size(), 0);
    CheckSize("points_package", data_.points_packages.size(), 0);
    const bool is_countable = mistakes_.empty();
    CheckCurrency();
    if (is_countable) CheckEntries();
    return Result();
  }

 private:
  using Entry = CatalogueData::ProductEntry;

  // Which members of an entry make up one rate, and how much each may be.
  struct RateNames {
    const char* base = "";
    const char* extra = "";
    std::int64_t most = 0;
  };
  static constexpr RateNames kPrice = {"price_cents", "extra_domain_cents", kMaxCents};
  static constexpr RateNames kPoints = {"points", "extra_domain_points", kMaxPoints};

  void Add(std::string mistake) { mistakes_.push_back(std::move(mistake)); }
  void Add(absl::string_view entry, absl::string_view member, absl::string_view what) {
    Add(absl::StrCat(entry, ": ", member, " ", what));
  }

  void CheckRange(absl::string_view entry, absl::string_view member, std::int64_t value,
                  std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return;
    Add(entry, member, absl::StrCat("is ", value, "; allowed are ", least, " to ", most));
  }

  // Of a key that each entry of a list has once.
  template <typename Key>
  void CheckOnce(std::map<Key, std::size_t>& seen, const Key& key, absl::string_view shown,
                 std::size_t place, absl::string_view entry, absl::string_view member) {
    const auto [first, is_new] = seen.emplace(key, place);
    if (is_new) return;
    Add(entry, member,
        absl::StrCat("is ", shown, ", as that of entry ", first->second + 1, " and entry ",
                     place + 1, "; allowed is each once"));
  }

  void CheckSize(absl::string_view list, std::size_t size, std::size_t least) {
    if (size >= least && size <= kMaxEntries) return;
    Add(absl::StrCat(list, ": there are ", size, " entries; allowed are ", least, " to ",
                     kMaxEntries));
  }

  void CheckCurrency() {
    const std::string& text = data_.currency;
    const bool is_code = text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) {
                           return absl::ascii_isupper(static_cast<unsigned char>(c));
                         });
    if (is_code) return;
    Add(absl::StrCat("currency is \"", Shown(text),
                     "\"; allowed are three capital letters, like \"USD\""));
  }

  void CheckEntries() {
    for (std::size_t i = 0; i < data_.products.size(); ++i) CheckProduct(data_.products[i], i);
    for (std::size_t i = 0; i < data_.packages.size(); ++i) CheckPackage(data_.packages[i], i);
    for (std::size_t i = 0; i < data_.points_packages.size(); ++i) {
      CheckPointsPackage(data_.points_packages[i], i);
    }
  }

  void CheckProduct(const Entry& product, std::size_t place) {
    const std::string name = product.number == 0
                                 ? absl::StrCat("product without a number (entry ", place + 1, ")")
                                 : absl::StrCat("product ", product.number);
    CheckRange(name, "number", product.number, 1, kMaxNumber);
    if (product.number == kFreePackageType || product.number == kLegacyFreePackageType) {
      Add(name, "number",
          absl::StrCat("is ", product.number, ", a free certificate's; choose another"));
    }
    CheckOnce(numbers_, product.number, absl::StrCat(product.number), place, name, "number");
    CheckBrand(name, product.brand);
    if (!product.level) Add(name, "level", "is not set; allowed are DV, OV, EV");
    if (!product.domains) {
      Add(name, "domains", "is not set; allowed are SINGLE, MULTI, WILDCARD, MULTI_WILDCARD");
    }
    CheckRange(name, "max_years", product.max_years, 1, kMaxYears);
    CheckRange(name, "included_domains", product.included_domains, 1,
               IsOfMany(product) ? kMaxDomainsOfOrder : 1);
    CheckRate(name, product, product.price, kPrice);
    CheckRate(name, product, product.points, kPoints);
    if (product.is_sold && !product.price.base) {
      Add(name, "price_cents",
          absl::StrCat("is not set; a product with `sold: true` needs it, 1 to ", kMaxCents));
    }
  }

  // Which numbers of domains are allowed is no question where the kind of them is not known.
  static bool IsOfMany(const Entry& product) {
    return product.domains != DomainKind::kSingle && product.domains != DomainKind::kWildcard;
  }

  // The built-in CA puts it into names.
  void CheckBrand(absl::string_view entry, const std::string& brand) {
    const bool is_plain = std::all_of(brand.begin(), brand.end(), [](char c) {
      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == ' ' || c == '-';
    });
    const bool is_trimmed = brand == absl::StripAsciiWhitespace(brand);
    if (is_plain && is_trimmed && brand.size() <= kMaxBrandBytes) return;
    Add(entry, "brand",
        absl::StrCat("is \"", Shown(brand), "\"; allowed are up to ", kMaxBrandBytes,
                     " letters, digits, hyphens, and spaces between them"));
  }

  void CheckRate(absl::string_view entry, const Entry& product,
                 const CatalogueData::WrittenRate& rate, const RateNames& names) {
    if (rate.base) CheckRange(entry, names.base, *rate.base, 1, names.most);
    if (!rate.each_extra_domain) {
      if (rate.base && product.domains && IsOfMany(product)) {
        Add(entry, names.extra,
            absl::StrCat("is not set; with ", names.base,
                         ", a product for several domains needs it, 0 to ", names.most));
      }
      return;
    }
    CheckRange(entry, names.extra, *rate.each_extra_domain, 0, names.most);
    if (!rate.base) {
      Add(entry, names.base,
          absl::StrCat("is not set, and ", names.extra, " is; set both or none"));
    }
    if (!IsOfMany(product)) {
      Add(entry, names.extra,
          absl::StrCat("is ", *rate.each_extra_domain,
                       "; a product for one domain has none: leave it out"));
    }
  }

  void CheckKey(absl::string_view entry, absl::string_view member, const std::string& key) {
    const bool is_plain = std::all_of(key.begin(), key.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
    });
    if (is_plain && !key.empty() && key.size() <= kMaxKeyBytes) return;
    Add(entry, member,
        absl::StrCat("is \"", Shown(key), "\"; allowed are 1 to ", kMaxKeyBytes,
                     " of a-z, 0-9 and _"));
  }

  void CheckPackage(const CatalogueData::PackageEntry& package, std::size_t place) {
    const std::string name = package.pid == 0
                                 ? absl::StrCat("package without a pid (entry ", place + 1, ")")
                                 : absl::StrCat("package ", package.pid);
    if (package.pid < 1 || package.pid > kMaxPid) {
      Add(name, "pid", absl::StrCat("is ", package.pid, "; allowed are 1 to ", kMaxPid));
    }
    CheckOnce(pids_, package.pid, absl::StrCat(package.pid), place, name, "pid");
    CheckKey(name, "price_key", package.price_key);
    CheckOnce(price_keys_, package.price_key, absl::StrCat("\"", Shown(package.price_key), "\""),
              place, name, "price_key");
    const auto product = numbers_.find(package.product);
    if (product == numbers_.end()) {
      Add(name, "product",
          absl::StrCat("is ", package.product,
                       ", which is not listed; allowed is the number of a "
                       "product of this catalogue"));
    } else if (!data_.products[product->second].points.base) {
      Add(name, "product",
          absl::StrCat("is ", package.product, ", which costs no points; set `points` of product ",
                       package.product, ", 1 to ", kMaxPoints));
    }
  }

  void CheckPointsPackage(const CatalogueData::PointsPackage& package, std::size_t place) {
    const std::string name = absl::StrCat("points_package \"", Shown(package.type), "\"");
    CheckKey(name, "type", package.type);
    CheckOnce(types_, package.type, absl::StrCat("\"", Shown(package.type), "\""), place, name,
              "type");
    CheckRange(name, "points", package.points, 1, kMaxPackagePoints);
  }

  absl::Status Result() {
    if (mistakes_.empty()) return absl::OkStatus();
    const std::size_t more = mistakes_.size() - std::min(mistakes_.size(), kMaxMistakes);
    mistakes_.resize(mistakes_.size() - more);
    if (more > 0) Add(absl::StrCat("... and ", more, " more"));
    return absl::InvalidArgumentError(absl::StrJoin(mistakes_, "\n"));
  }

  const CatalogueData& data_;
  std::vector<std::string> mistakes_;
  std::map<std::int64_t, std::size_t> numbers_;  // to the place in the list
  std::map<std::uint64_t, std::size_t> pids_;
  std::map<std::string, std::size_t> price_keys_;
  std::map<std::string, std::size_t> types_;
};

}  // namespace

absl::Status CheckCatalogue(const CatalogueData& data) { return Checker(data).Check(); }

}  // namespace certwright
