#include "core/domain_name.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/error.h"
#include "core/punycode.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxDomainBytes = 64;
constexpr std::size_t kMaxLabelBytes = 63;
constexpr std::size_t kMaxEmailBytes = 254;
constexpr std::size_t kMaxEchoBytes = 100;

absl::Status BadDomain(absl::string_view text, absl::string_view field, absl::string_view why) {
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " `", Shown(text, kMaxEchoBytes), "` ", why, "."), field);
}

bool IsLetterOrDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// What is wrong with one label, or "".
std::string FaultOf(absl::string_view label) {
  if (label.empty()) return "has an empty label (two dots, or one at an end)";
  if (label.size() > kMaxLabelBytes) {
    return absl::StrCat("has a label of ", label.size(), " characters; at most ", kMaxLabelBytes,
                        " are allowed");
  }
  if (label.front() == '-' || label.back() == '-') {
    return "has a label that starts or ends with a hyphen";
  }
  for (const char c : label) {
    if (!IsLetterOrDigit(c) && c != '-') {
      return "has a character that host names do not hold; allowed are letters, digits, hyphens "
             "and dots";
    }
  }
  return "";
}

bool IsControl(absl::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    // U+0080 to U+009F.
    const bool has_next = i + 1 < text.size();
    if (byte == 0xc2 && has_next && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

// The same for a label of a certificate's name, where hyphens in the third and fourth place are
// reserved (RFC 5890) for `xn--` and the Punycode of a text.
std::string FaultOfCertifiedLabel(absl::string_view label) {
  constexpr absl::string_view kPrefix = "xn--";
  const bool is_reserved =
      label.size() >= 4 && label.size() <= kMaxLabelBytes && label.substr(2, 2) == "--";
  if (is_reserved && !absl::StartsWithIgnoreCase(label, kPrefix)) {
    return "has a label with hyphens in its third and fourth place, which only xn-- may have";
  }
  if (is_reserved) {
    const auto text = DecodePunycode(label.substr(kPrefix.size()));
    if (!text || text->empty() || IsControl(*text)) {
      return "has a label that starts with xn-- and is no A-label: Punycode (RFC 3492) of a text "
             "has to follow";
    }
  }
  return FaultOf(label);
}

// Names that no CA may certify on a proof like ours: hidden services prove keys, not records, and
// .arpa is infrastructure.
std::string FaultOfTopDomain(absl::string_view top) {
  if (top == "onion") return "is under .onion, which no DNS record or file of ours can prove";
  if (top == "arpa") return "is under .arpa, which is for infrastructure and not certified";
  // "4" and "0x4" end addresses, as inet_aton reads them; top-level domains start with a letter.
  if (absl::ascii_isdigit(static_cast<unsigned char>(top.front()))) {
    return "is an IP address; a host name is wanted";
  }
  return "";
}

absl::Status CheckCharacters(absl::string_view text, absl::string_view field) {
  if (absl::StartsWith(text, "*.")) {
    return BadDomain(text, field, "is a wildcard; this product takes host names");
  }
  if (absl::StrContains(text, "://")) {
    return BadDomain(text, field, "is a URL; the host name alone is wanted");
  }
  if (absl::StrContains(text, ":")) {
    return BadDomain(text, field, "is an IP address or holds a port; a host name is wanted");
  }
  const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isascii(static_cast<unsigned char>(c));
  });
  if (!is_ascii) {
    return BadDomain(text, field,
                     "is not ASCII; write internationalised names as A-labels, like xn--fiqs8s");
  }
  for (const absl::string_view label : absl::StrSplit(text, '.')) {
    if (const std::string fault = FaultOfCertifiedLabel(label); !fault.empty()) {
      return BadDomain(text, field, fault);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ParseHostName(absl::string_view text, absl::string_view field,
                                          const PublicSuffixList& suffixes) {
  if (text.empty()) return BadDomain(text, field, "is empty; a host name is wanted");
  if (text.size() > kMaxDomainBytes) {
    return Refuse(ApiError::kInvalidParameterValueCertificateDomainMaxLengthInvalid,
                  absl::StrCat(field, " `", Shown(text, kMaxEchoBytes), "` has ", text.size(),
                               " characters; at most ", kMaxDomainBytes, " are allowed."),
                  field);
  }
  RETURN_IF_ERROR(CheckCharacters(text, field));
  const std::string domain = absl::AsciiStrToLower(text);
  const std::string top = domain.substr(domain.rfind('.') + 1);
  if (const std::string fault = FaultOfTopDomain(top); !fault.empty()) {
    return BadDomain(text, field, fault);
  }
  if (suffixes.RegistrableDomain(domain).empty()) {
    return BadDomain(text, field, "is a public suffix; a name below it is wanted");
  }
  return domain;
}

}  // namespace

absl::StatusOr<std::string> ParseFreeDomain(absl::string_view text, absl::string_view field,
                                            const PublicSuffixList& suffixes) {
  ASSIGN_OR_RETURN(const std::string domain, ParseHostName(text, field, suffixes));
  if (!absl::EndsWith(domain, ".ru")) return domain;
  return BadDomain(text, field, "is under .ru, which the free product refuses");
}

absl::StatusOr<std::string> ParsePaidDomain(absl::string_view text, absl::string_view field,
                                            const PublicSuffixList& suffixes,
                                            bool allows_wildcard) {
  constexpr absl::string_view kStar = "*.";
  if (!allows_wildcard || !absl::StartsWith(text, kStar)) {
    return ParseHostName(text, field, suffixes);
  }
  ASSIGN_OR_RETURN(const std::string parent,
                   ParseHostName(text.substr(kStar.size()), field, suffixes));
  return absl::StrCat(kStar, parent);
}

std::vector<std::string> BoundNames(const std::string& domain, const PublicSuffixList& suffixes) {
  constexpr absl::string_view kWww = "www.";
  if (suffixes.RegistrableDomain(domain) == domain) return {domain, absl::StrCat(kWww, domain)};
  if (absl::StartsWith(domain, kWww)) return {domain, domain.substr(kWww.size())};
  return {domain};
}

std::string FaultOfSubjectName(absl::string_view text) {
  if (!AddressBytes(text).empty()) return "";
  absl::ConsumePrefix(&text, "*.");
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  for (const absl::string_view label : labels) {
    if (std::string fault = FaultOfCertifiedLabel(label); !fault.empty()) return fault;
  }
  if (labels.size() < 2) return "has no dot; a whole host name is wanted, like www.example.com";
  if (absl::ascii_isdigit(static_cast<unsigned char>(labels.back().front()))) {
    return "ends like an IP address, and is none";
  }
  return "";
}

std::string AddressBytes(absl::string_view text) {
  const std::string ended(text);
  unsigned char bytes[16];
  const std::size_t size = inet_pton(AF_INET, ended.c_str(), bytes) == 1    ? 4
                           : inet_pton(AF_INET6, ended.c_str(), bytes) == 1 ? 16
                                                                            : 0;
  // A NUL would hide what stands behind it.
  if (ended.find('\0') != std::string::npos) return "";
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

bool IsReservedName(absl::string_view domain) {
  for (const absl::string_view top : {".test", ".example", ".localhost", ".invalid"}) {
    if (absl::EndsWith(domain, top)) return true;
  }
  return false;
}

bool IsEmail(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '@');
  if (text.size() > kMaxEmailBytes || parts.size() != 2 || parts[0].empty()) return false;
  for (const char c : parts[0]) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) return false;
  }
  const std::vector<absl::string_view> labels = absl::StrSplit(parts[1], '.');
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(),
                                           [](absl::string_view l) { return FaultOf(l).empty(); });
}

bool IsHostName(absl::string_view text) {
  constexpr std::size_t kMaxHostNameBytes = 253;
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  const bool has_labels = labels.size() >= 2 && text.size() <= kMaxHostNameBytes &&
                          std::all_of(labels.begin(), labels.end(),
                                      [](absl::string_view l) { return FaultOf(l).empty(); });
  return has_labels && !absl::ascii_isdigit(static_cast<unsigned char>(labels.back().front()));
}

}  // namespace certwright
