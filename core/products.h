// The paid products, by their number (PackageType, ProductId): those of the installed catalogue.
#ifndef CERTWRIGHT_CORE_PRODUCTS_H_
#define CERTWRIGHT_CORE_PRODUCTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/certificate.h"

namespace certwright {

// How much of the applicant is checked: the domain, the organisation, more of it.
enum class Level { kDv, kOv, kEv };

enum class DomainKind { kSingle, kMulti, kWildcard, kMultiWildcard };

// What a year costs: so much for the included domains, and so much for each further one.
struct Rate {
  std::int64_t base = 0;
  std::int64_t each_extra_domain = 0;
};

struct Product {
  int number = 0;
  std::string brand = {};  // "" for the one that the documentation names no brand of
  Level level = Level::kDv;
  DomainKind domains = DomainKind::kSingle;
  bool is_pro = false;
  bool is_sm2 = false;
  bool is_sold = false;  // CreateCertificate takes it
  std::int64_t max_years = 1;
  std::int64_t included_domains = 1;
  std::optional<Rate> price = {};   // in minor units of the catalogue's currency
  std::optional<Rate> points = {};  // in benefit points
};

// Null for a number that no paid product has. It is good as long as the catalogue is installed.
const Product* FindProduct(int number);

struct Range {
  std::int64_t least = 1;
  std::int64_t most = 1;

  bool Holds(std::int64_t number) const { return number >= least && number <= most; }
};

inline constexpr std::int64_t kMaxDomainsOfOrder = 50;

// How many domains one order of the product may be for, and how many years.
Range DomainsOf(const Product& product);
Range YearsOf(const Product& product);

// Whether paid orders of the product are issued for such a key: RSA 2048 and P-256; but for
// TrustAsia DV, RSA 4096 too; and for WoTrus, P-384.
bool TakesKey(const Product& product, KeyAlgorithm algorithm);
// The same in words, for refusals.
const char* KeysOf(const Product& product);

// Of a paid row; null for free ones and uploads.
const Product* ProductOf(const Certificate& certificate);
// Whether a paid row's product is the brand's. No free one and no upload is.
bool IsOfBrand(const Certificate& certificate, absl::string_view brand);
bool IsWoTrus(const Certificate& certificate);
bool IsDnspodSm2(const Certificate& certificate);

// "SecureSite OV Pro Multi-Domain"
std::string ProductTitle(const Product& product);
// "DV", "OV", "EV"
const char* LevelText(Level level);

// Whether rows of its product may be renewed by themselves: DV of DNSPod, TrustAsia, WoTrus.
bool CanBeAutoRenewed(const Certificate& certificate);

// Of the row's product; DV for free ones and uploads.
Level LevelOf(const Certificate& certificate);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PRODUCTS_H_
