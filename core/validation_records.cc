#include "core/validation_records.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/products.h"

namespace certwright {
namespace {

constexpr std::size_t kTokenLength = 32;

// 32 hexadecimal digits are 128 bits, over the 112 that the field asks for.
std::string Token(Random& random) { return RandomText(random, kLowerHex, kTokenLength); }

DomainAuthorization CnameRecord(const std::string& name, const Settings& settings, Random& random) {
  DomainAuthorization record = {.name = name, .record_type = RecordType::kCname};
  record.key = absl::StrCat("_", Token(random), ".", name);
  record.value = absl::StrCat(Token(random), ".", Token(random), ".",
                              RandomText(random, kLowerHex, 10), ".", settings.token_domain);
  return record;
}

DomainAuthorization TxtRecord(const std::string& name, absl::Time now, Random& random) {
  DomainAuthorization record = {.name = name, .record_type = RecordType::kTxt};
  record.key = absl::StrCat("_dnsauth.", name);
  record.value =
      absl::StrCat(absl::FormatTime("%Y%m%d%H%M", now, absl::UTCTimeZone()), Token(random));
  return record;
}

// TrustAsia, whose the free product is, and WoTrus ask for a CNAME; all others for a TXT.
bool AsksForTxt(const Certificate& order, const Settings& settings) {
  const bool takes_cname =
      ProductOf(order) == nullptr || IsOfBrand(order, "TrustAsia") || IsWoTrus(order);
  return settings.force_txt_validation || !takes_cname;
}

// The hosts of one site usually share their files: one file serves all of them.
std::string FileName(bool asks_for_txt, Random& random) {
  return asks_for_txt ? "fileauth.txt" : absl::StrCat(absl::AsciiStrToUpper(Token(random)), ".txt");
}

}  // namespace

std::vector<DomainAuthorization> MakeAuthorizations(const Certificate& order,
                                                    ValidationMethod method,
                                                    const PublicSuffixList& suffixes,
                                                    const Settings& settings, absl::Time now,
                                                    Random& random) {
  const bool asks_for_txt = AsksForTxt(order, settings);
  if (method == ValidationMethod::kFile) {
    return MakeFileAuthorizations(order.names, FileName(asks_for_txt, random), random);
  }
  std::set<std::string> hosts;
  for (const std::string& name : order.names) {
    hosts.insert(std::string(absl::StripPrefix(name, "*.")));
  }
  std::vector<DomainAuthorization> records;
  for (const std::string& host : hosts) {
    const bool is_covered = std::any_of(hosts.begin(), hosts.end(), [&](const std::string& other) {
      return absl::EndsWith(host, absl::StrCat(".", other));
    });
    if (is_covered) continue;
    DomainAuthorization record =
        asks_for_txt ? TxtRecord(host, now, random) : CnameRecord(host, settings, random);
    record.method = method;
    record.zone = suffixes.RegistrableDomain(host);
    record.sub_domain = record.key.substr(0, record.key.size() - record.zone.size() - 1);
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<DomainAuthorization> MakeFileAuthorizations(const std::vector<std::string>& names,
                                                        const std::string& file, Random& random) {
  const std::string value = Token(random);
  std::vector<DomainAuthorization> records;
  records.reserve(names.size());
  for (const std::string& name : names) {
    records.push_back({.name = name,
                       .method = ValidationMethod::kFile,
                       .record_type = RecordType::kFile,
                       .key = file,
                       .value = value,
                       .zone = name,
                       .path = "/.well-known/pki-validation/"});
  }
  return records;
}

ValidationMethod MethodToProveAgain(ValidationMethod method, bool are_hosted) {
  const bool needs_zone = method == ValidationMethod::kDnsAuto;
  return needs_zone && !are_hosted ? ValidationMethod::kDns : method;
}

}  // namespace certwright
