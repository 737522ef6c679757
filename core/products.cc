#include "core/products.h"

#include "absl/strings/str_cat.h"
#include "core/catalogue.h"

namespace certwright {

Range DomainsOf(const Product& product) {
  const bool is_multi =
      product.domains == DomainKind::kMulti || product.domains == DomainKind::kMultiWildcard;
  return is_multi ? Range{.least = 2, .most = kMaxDomainsOfOrder} : Range();
}

Range YearsOf(const Product& product) { return {.most = product.max_years}; }

const Product* FindProduct(int number) { return InstalledCatalogue().FindProduct(number); }

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
      absl::StrCat(product.brand, product.brand.empty() ? "" : " ", LevelText(product.level),
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
