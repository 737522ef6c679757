#include "core/package_rules.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/crypto/csr.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::uint64_t kMaxCertificates = 50;  // of one order

absl::Status CheckPrice(const PackagePurchase& purchase, const PackageProduct& sold) {
  if (purchase.price_key.empty() || purchase.price_key == sold.price_key) return absl::OkStatus();
  return Refuse(
      IsPriceKey(purchase.price_key) ? ApiError::kInvalidParameterProductPidInvalid
                                     : ApiError::kInvalidParameterValue,
      absl::StrCat("PriceKey `", Shown(purchase.price_key), "` is not that of ProductPid ",
                   purchase.pid, ", which is ", sold.price_key, "."),
      "PriceKey");
}

absl::Status CheckNumbers(const PackagePurchase& purchase, const Product& product,
                          std::int64_t& domains) {
  const Range allowed = DomainsOf(product);
  if (!absl::SimpleAtoi(purchase.domain_count, &domains) ||
      absl::StrCat(domains) != purchase.domain_count || !allowed.Holds(domains)) {
    return Refuse(ApiError::kInvalidParameterDomainCountInvalid,
                  absl::StrCat("DomainCount `", Shown(purchase.domain_count),
                               "` is not allowed for ", ProductTitle(product),
                               "; allowed: ", allowed.least, " to ", allowed.most, "."),
                  "DomainCount");
  }
  const auto most = static_cast<std::uint64_t>(YearsOf(product).most);
  if (purchase.years < 1 || purchase.years > most) {
    return Refuse(ApiError::kInvalidParameterPeriodInvalid,
                  absl::StrCat("Period `", purchase.years, "` is not allowed for ",
                               ProductTitle(product), "; allowed: 1 to ", most, " years."),
                  "Period");
  }
  if (purchase.certificates >= 1 && purchase.certificates <= kMaxCertificates) {
    return absl::OkStatus();
  }
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("CertificateCount `", purchase.certificates,
                             "` is not allowed; allowed: 1 to ", kMaxCertificates, "."),
                "CertificateCount");
}

absl::Status BadDomains(absl::string_view message) {
  return Refuse(ApiError::kInvalidParameterDomainInvalid, message, "DomainNames");
}

absl::Status CheckDomain(const std::string& domain, const Product& product,
                         const PublicSuffixList& suffixes) {
  const bool allows_wildcard =
      product.domains == DomainKind::kWildcard || product.domains == DomainKind::kMultiWildcard;
  const auto parsed = ParsePaidDomain(domain, "DomainNames", suffixes, allows_wildcard);
  if (ErrorOf(parsed.status())) return BadDomains(parsed.status().message());
  RETURN_IF_ERROR(parsed.status());
  if (product.domains != DomainKind::kWildcard || absl::StartsWith(domain, "*.")) {
    return absl::OkStatus();
  }
  return BadDomains(absl::StrCat("DomainNames `", Shown(domain), "` is no wildcard; ",
                                 ProductTitle(product), " is for one."));
}

absl::Status CheckDomains(const PackagePurchase& purchase, const Product& product,
                          std::int64_t most, const PublicSuffixList& suffixes) {
  if (purchase.domains.empty()) return absl::OkStatus();
  const std::vector<std::string> domains = absl::StrSplit(purchase.domains, ',');
  if (domains.size() > static_cast<std::size_t>(most)) {
    return BadDomains(
        absl::StrCat("DomainNames has ", domains.size(), " names, and DomainCount is ", most, "."));
  }
  for (const std::string& domain : domains) {
    RETURN_IF_ERROR(CheckDomain(domain, product, suffixes));
  }
  return absl::OkStatus();
}

bool IsAllowedKey(const std::string& algorithm, const std::string& parameter) {
  if (algorithm.empty() || algorithm == "RSA") {
    return parameter.empty() || parameter == "2048" || parameter == "4096";
  }
  return algorithm == "ECC" && (parameter.empty() || parameter == "prime256v1");
}

// FailedOperation.InvalidParam is not documented for packages.
absl::Status AsWrongValue(const absl::Status& checked) {
  if (!ErrorOf(checked)) return checked;
  return Refuse(ApiError::kInvalidParameterValue, checked.message(), FieldOf(checked));
}

absl::Status CheckRenewal(const PackagePurchase& purchase) {
  if (!purchase.old_certificate.value.empty() && purchase.certificates != 1) {
    return Refuse(ApiError::kInvalidParameterValue,
                  "OldCertificateId names one certificate to renew: CertificateCount must be 1.",
                  "CertificateCount");
  }
  const std::string& method = purchase.csr_method;
  if (!method.empty() && method != "original" && method != "upload" && method != "online") {
    return Refuse(ApiError::kInvalidParameterRenewGenCsrMethodInvalid,
                  absl::StrCat("RenewGenCsrMethod `", Shown(method),
                               "` is not allowed; allowed: original, upload, online."),
                  "RenewGenCsrMethod");
  }
  if (method == "upload" && purchase.csr_pem.empty()) {
    return Refuse(ApiError::kInvalidParameterRenewCsrInvalid,
                  "RenewCsr is missing, and RenewGenCsrMethod is upload.", "RenewCsr");
  }
  if (method == "upload") {
    const absl::StatusOr<Csr> csr = ParseCsrPem(purchase.csr_pem);
    if (!csr.ok()) {
      return Refuse(ApiError::kInvalidParameterRenewCsrInvalid,
                    absl::StrCat("RenewCsr is not usable: ", csr.status().message(), "."),
                    "RenewCsr");
    }
  }
  if (!IsAllowedKey(purchase.key_algorithm, purchase.key_parameter)) {
    return Refuse(
        ApiError::kInvalidParameterRenewAlgorithmInvalid,
        absl::StrCat("RenewAlgorithmType `", Shown(purchase.key_algorithm),
                     "` with RenewAlgorithmParam `", Shown(purchase.key_parameter),
                     "` is not allowed; allowed: RSA with 2048 or 4096, ECC with prime256v1; SM2 "
                     "needs an SM library, which is not built in."),
        "RenewAlgorithmType");
  }
  return AsWrongValue(CheckKeyPassword(purchase.key_password, "RenewKeyPass"));
}

}  // namespace

absl::StatusOr<CheckedPackagePurchase> CheckPackagePurchase(const PackagePurchase& purchase,
                                                            const PublicSuffixList& suffixes) {
  CheckedPackagePurchase checked = {.sold = FindPackageProduct(purchase.pid)};
  if (checked.sold == nullptr) {
    return Refuse(ApiError::kInvalidParameterProductPidInvalid,
                  absl::StrCat("ProductPid `", purchase.pid, "` is no product that is sold."),
                  "ProductPid");
  }
  const Product& product = checked.sold->product;
  RETURN_IF_ERROR(CheckPrice(purchase, *checked.sold));
  RETURN_IF_ERROR(CheckNumbers(purchase, product, checked.domains));
  RETURN_IF_ERROR(CheckDomains(purchase, product, checked.domains, suffixes));
  RETURN_IF_ERROR(CheckRenewal(purchase));
  RETURN_IF_ERROR(AsWrongValue(CheckTags(purchase.tags)));
  return checked;
}

std::vector<std::string> DomainsOf(const PackagePurchase& purchase) {
  if (purchase.domains.empty()) return {};
  return absl::StrSplit(absl::AsciiStrToLower(purchase.domains), ',');
}

}  // namespace certwright
