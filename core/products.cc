#include "core/products.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

constexpr std::int64_t kMaxDomains = 50;
constexpr std::int64_t kMaxYears = 3;

// number (ascending), brand, level, domains, pro, SM2, multi-year, sold
constexpr Product kProducts[] = {
    {3, "SecureSite", Level::kEv, DomainKind::kSingle, true, false, true, true},
    {4, "SecureSite", Level::kEv, DomainKind::kSingle, false, false, true, true},
    {5, "SecureSite", Level::kOv, DomainKind::kSingle, true, false, true, true},
    {6, "SecureSite", Level::kOv, DomainKind::kSingle, false, false, true, true},
    {7, "SecureSite", Level::kOv, DomainKind::kWildcard, false, false, true, true},
    {8, "GeoTrust", Level::kEv, DomainKind::kSingle, false, false, true, true},
    {9, "GeoTrust", Level::kOv, DomainKind::kSingle, false, false, true, true},
    {10, "GeoTrust", Level::kOv, DomainKind::kWildcard, false, false, true, true},
    {11, "TrustAsia", Level::kDv, DomainKind::kMulti, false, false, false, true},
    {12, "TrustAsia", Level::kDv, DomainKind::kWildcard, false, false, true, true},
    {13, "TrustAsia", Level::kOv, DomainKind::kWildcard, false, false, false, true},
    {14, "TrustAsia", Level::kOv, DomainKind::kSingle, false, false, false, true},
    {15, "TrustAsia", Level::kOv, DomainKind::kMulti, false, false, false, true},
    {16, "TrustAsia", Level::kEv, DomainKind::kSingle, false, false, false, true},
    {17, "TrustAsia", Level::kEv, DomainKind::kMulti, false, false, false, true},
    {18, "GlobalSign", Level::kOv, DomainKind::kSingle, false, false, false, true},
    {19, "GlobalSign", Level::kOv, DomainKind::kWildcard, false, false, false, true},
    {20, "GlobalSign", Level::kEv, DomainKind::kSingle, false, false, false, true},
    {21, "TrustAsia", Level::kOv, DomainKind::kMultiWildcard, false, false, false, true},
    {22, "GlobalSign", Level::kOv, DomainKind::kMulti, false, false, false, true},
    {23, "GlobalSign", Level::kOv, DomainKind::kMultiWildcard, false, false, false, true},
    {24, "GlobalSign", Level::kEv, DomainKind::kMulti, false, false, false, true},
    {25, "WoTrus", Level::kDv, DomainKind::kSingle, false, false, false, true},
    {26, "WoTrus", Level::kDv, DomainKind::kMulti, false, false, false, true},
    {27, "WoTrus", Level::kDv, DomainKind::kWildcard, false, false, false, true},
    {28, "WoTrus", Level::kOv, DomainKind::kSingle, false, false, false, true},
    {29, "WoTrus", Level::kOv, DomainKind::kMulti, false, false, false, true},
    {30, "WoTrus", Level::kOv, DomainKind::kWildcard, false, false, false, true},
    {31, "WoTrus", Level::kEv, DomainKind::kSingle, false, false, false, true},
    {32, "WoTrus", Level::kEv, DomainKind::kMulti, false, false, false, true},
    {33, "WoTrus", Level::kDv, DomainKind::kSingle, false, true, false, true},
    {34, "WoTrus", Level::kDv, DomainKind::kMulti, false, true, false, true},
    {35, "WoTrus", Level::kDv, DomainKind::kWildcard, false, true, false, true},
    {37, "WoTrus", Level::kOv, DomainKind::kSingle, false, true, false, true},
    {38, "WoTrus", Level::kOv, DomainKind::kMulti, false, true, false, true},
    {39, "WoTrus", Level::kOv, DomainKind::kWildcard, false, true, false, true},
    {40, "WoTrus", Level::kEv, DomainKind::kSingle, false, true, false, true},
    {41, "WoTrus", Level::kEv, DomainKind::kMulti, false, true, false, true},
    {42, "TrustAsia", Level::kDv, DomainKind::kMultiWildcard, false, false, false, true},
    {43, "DNSPod", Level::kOv, DomainKind::kSingle, false, false, false, true},
    {44, "DNSPod", Level::kOv, DomainKind::kWildcard, false, false, false, true},
    {45, "DNSPod", Level::kOv, DomainKind::kMulti, false, false, false, true},
    {46, "DNSPod", Level::kEv, DomainKind::kSingle, false, false, false, true},
    {47, "DNSPod", Level::kEv, DomainKind::kMulti, false, false, false, true},
    {48, "DNSPod", Level::kDv, DomainKind::kSingle, false, false, false, true},
    {49, "DNSPod", Level::kDv, DomainKind::kWildcard, false, false, false, true},
    {50, "DNSPod", Level::kDv, DomainKind::kMulti, false, false, false, true},
    {51, "DNSPod", Level::kOv, DomainKind::kSingle, false, true, false, true},
    {52, "DNSPod", Level::kOv, DomainKind::kWildcard, false, true, false, true},
    {53, "DNSPod", Level::kOv, DomainKind::kMulti, false, true, false, true},
    {54, "DNSPod", Level::kDv, DomainKind::kSingle, false, true, false, true},
    {55, "DNSPod", Level::kDv, DomainKind::kWildcard, false, true, false, true},
    {56, "DNSPod", Level::kDv, DomainKind::kMulti, false, true, false, true},
    {57, "SecureSite", Level::kOv, DomainKind::kMulti, true, false, true, true},
    {58, "SecureSite", Level::kOv, DomainKind::kMulti, false, false, true, true},
    {59, "SecureSite", Level::kEv, DomainKind::kMulti, true, false, true, true},
    {60, "SecureSite", Level::kEv, DomainKind::kMulti, false, false, true, true},
    {61, "GeoTrust", Level::kEv, DomainKind::kMulti, false, false, true, true},
    {75, "SecureSite", Level::kOv, DomainKind::kSingle, false, false, true, true},
    {76, "SecureSite", Level::kOv, DomainKind::kWildcard, false, false, true, true},
    {77, "SecureSite", Level::kEv, DomainKind::kSingle, false, false, true, true},
    {78, "GeoTrust", Level::kOv, DomainKind::kSingle, false, false, true, false},
    {79, "GeoTrust", Level::kOv, DomainKind::kWildcard, false, false, true, false},
    {80, "GeoTrust", Level::kEv, DomainKind::kSingle, false, false, true, false},
    {81, "GlobalSign", Level::kOv, DomainKind::kSingle, false, false, false, true},
    {82, "GlobalSign", Level::kOv, DomainKind::kWildcard, false, false, false, true},
    {85, "GlobalSign", Level::kEv, DomainKind::kSingle, false, false, false, true},
    {88, "GlobalSign", Level::kOv, DomainKind::kMultiWildcard, false, false, false, true},
    {89, "GlobalSign", Level::kOv, DomainKind::kMulti, false, false, false, true},
    {90, "GlobalSign", Level::kEv, DomainKind::kMulti, false, false, false, true},
    {91, "GeoTrust", Level::kEv, DomainKind::kMulti, false, false, true, false},
    {92, "SecureSite", Level::kOv, DomainKind::kMulti, true, false, true, true},
    {93, "SecureSite", Level::kOv, DomainKind::kMulti, false, false, true, true},
    {94, "SecureSite", Level::kEv, DomainKind::kMulti, true, false, true, true},
    {95, "SecureSite", Level::kEv, DomainKind::kMulti, false, false, true, true},
    {96, "SecureSite", Level::kEv, DomainKind::kSingle, true, false, true, true},
    {97, "SecureSite", Level::kOv, DomainKind::kSingle, true, false, true, true},
    {98, "CFCA", Level::kOv, DomainKind::kSingle, false, false, false, true},
    {99, "CFCA", Level::kOv, DomainKind::kMulti, false, false, false, true},
    {100, "CFCA", Level::kOv, DomainKind::kWildcard, false, false, false, true},
    {101, "CFCA", Level::kEv, DomainKind::kSingle, false, false, false, true},
    {102, "Rapid", Level::kDv, DomainKind::kSingle, false, false, false, true},
    {103, "Rapid", Level::kDv, DomainKind::kWildcard, false, false, false, true},
    {104, "TrustAsia", Level::kDv, DomainKind::kSingle, false, false, false, true},
    {105, "", Level::kDv, DomainKind::kSingle, false, false, false, true},
};

}  // namespace

Range DomainsOf(const Product& product) {
  const bool is_multi =
      product.domains == DomainKind::kMulti || product.domains == DomainKind::kMultiWildcard;
  return is_multi ? Range{.least = 2, .most = kMaxDomains} : Range();
}

Range YearsOf(const Product& product) { return {.most = product.is_multi_year ? kMaxYears : 1}; }

const Product* FindProduct(int number) {
  const auto* const found =
      std::lower_bound(std::begin(kProducts), std::end(kProducts), number,
                       [](const Product& product, int wanted) { return product.number < wanted; });
  return found == std::end(kProducts) || found->number != number ? nullptr : found;
}

bool TakesKey(const Product& product, KeyAlgorithm algorithm) {
  const absl::string_view brand = product.brand;
  switch (algorithm) {
    case KeyAlgorithm::kRsa2048:
    case KeyAlgorithm::kEccP256:
      return true;
    case KeyAlgorithm::kRsa4096:
      return brand != "TrustAsia" || product.level != Level::kDv;
    case KeyAlgorithm::kEccP384:
      return brand == "WoTrus";
    case KeyAlgorithm::kRsa3072:
    case KeyAlgorithm::kOther:
      break;
  }
  return false;
}

const char* KeysOf(const Product& product) {
  if (TakesKey(product, KeyAlgorithm::kEccP384)) {
    return "RSA with 2048 or 4096, ECC with prime256v1 or secp384r1";
  }
  return TakesKey(product, KeyAlgorithm::kRsa4096) ? "RSA with 2048 or 4096, ECC with prime256v1"
                                                   : "RSA with 2048, ECC with prime256v1";
}

const Product* ProductOf(const Certificate& certificate) {
  const bool is_bought = certificate.package_type && !certificate.is_upload;
  return is_bought ? FindProduct(*certificate.package_type) : nullptr;
}

bool IsOfBrand(const Certificate& certificate, absl::string_view brand) {
  const Product* const product = ProductOf(certificate);
  return product != nullptr && brand == product->brand;
}

bool IsWoTrus(const Certificate& certificate) { return IsOfBrand(certificate, "WoTrus"); }

bool IsDnspodSm2(const Certificate& certificate) {
  return IsOfBrand(certificate, "DNSPod") && ProductOf(certificate)->is_sm2;
}

const char* LevelText(Level level) {
  switch (level) {
    case Level::kDv:
      return "DV";
    case Level::kOv:
      return "OV";
    case Level::kEv:
      return "EV";
  }
  return "";
}

std::string ProductTitle(const Product& product) {
  std::string title =
      absl::StrCat(product.brand, product.brand[0] == 0 ? "" : " ", LevelText(product.level),
                   product.is_pro ? " Pro" : "", product.is_sm2 ? " SM2" : "");
  switch (product.domains) {
    case DomainKind::kSingle:
      return title;
    case DomainKind::kMulti:
      return title + " Multi-Domain";
    case DomainKind::kWildcard:
      return title + " Wildcard";
    case DomainKind::kMultiWildcard:
      return title + " Multi-Domain Wildcard";
  }
  return title;
}

bool CanBeAutoRenewed(const Certificate& certificate) {
  const bool has_brand = IsOfBrand(certificate, "DNSPod") || IsOfBrand(certificate, "TrustAsia") ||
                         IsWoTrus(certificate);
  return has_brand && LevelOf(certificate) == Level::kDv;
}

Level LevelOf(const Certificate& certificate) {
  const Product* const product = ProductOf(certificate);
  return product == nullptr ? Level::kDv : product->level;
}

}  // namespace certwright
