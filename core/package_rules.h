// What CreateCertificateByPackage takes: the checks of its members, by themselves.
#ifndef CERTWRIGHT_CORE_PACKAGE_RULES_H_
#define CERTWRIGHT_CORE_PACKAGE_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/billing/repetition.h"
#include "core/caller.h"
#include "core/certificate.h"
#include "core/package_products.h"
#include "core/public_suffix.h"

namespace certwright {

struct PackagePurchase {
  Caller account = {};
  std::uint64_t pid = 0;
  std::vector<std::string> packages = {};  // one at least
  std::string domain_count = {};           // a number
  std::uint64_t years = 0;
  std::uint64_t certificates = 1;
  std::string domains = {};    // with commas between; "" if not sent
  std::string price_key = {};  // "" if not sent
  CertificateId old_certificate = {};
  std::string csr_method = {};  // of a renewal, as is what follows
  std::string csr_pem = {};
  std::string key_algorithm = {};
  std::string key_parameter = {};
  std::string key_password = {};
  std::optional<ValidationMethod> method = {};
  std::string company_id = {};  // "" if not sent
  std::string manager_id = {};
  std::optional<std::int64_t> project_id = {};  // default: a renewal stays where it is
  std::vector<Tag> tags = {};
  ClientToken token = {};
};

// What is bought, and for how many domains. Refuses each member with its documented code.
struct CheckedPackagePurchase {
  const PackageProduct* sold = nullptr;
  std::int64_t domains = 0;
};
absl::StatusOr<CheckedPackagePurchase> CheckPackagePurchase(const PackagePurchase& purchase,
                                                            const PublicSuffixList& suffixes);

// DomainNames in lower case, in order; empty if none were sent. REQUIRES: CheckPackagePurchase.
std::vector<std::string> DomainsOf(const PackagePurchase& purchase);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PACKAGE_RULES_H_
