// Host names that a free certificate may be for.
#ifndef CERTWRIGHT_CORE_DOMAIN_NAME_H_
#define CERTWRIGHT_CORE_DOMAIN_NAME_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/public_suffix.h"

namespace certwright {

// The name in lower case. Refuses what is no host name of at most 64 characters below a public
// suffix: wildcards, IP addresses, U-labels, labels reserved or falsely encoded (RFC 5890), names
// under .onion, .arpa and .ru. `field` is for the refusal.
absl::StatusOr<std::string> ParseFreeDomain(absl::string_view text, absl::string_view field,
                                            const PublicSuffixList& suffixes);

// The same for paid certificates, which take names under .ru, and, where the product does,
// wildcards: one `*` as the leftmost label.
absl::StatusOr<std::string> ParsePaidDomain(absl::string_view text, absl::string_view field,
                                            const PublicSuffixList& suffixes, bool allows_wildcard);

// `domain` and the name that comes with it: www. of a registrable domain, X of www.X.
std::vector<std::string> BoundNames(const std::string& domain, const PublicSuffixList& suffixes);

// What keeps `text` from being a certificate's name, as the end of a sentence; "" if nothing does.
// Names are host names of at least two labels, wildcards (a first label "*") and IP addresses.
std::string FaultOfSubjectName(absl::string_view text);

// The 4 or 16 bytes of an IP address written as text; "" for any other text.
std::string AddressBytes(absl::string_view text);

// Under .test, .example, .localhost or .invalid (RFC 2606, RFC 6761), which nobody can own.
bool IsReservedName(absl::string_view domain);

// Something of the shape local@host.domain, at most 254 bytes.
bool IsEmail(absl::string_view text);

// At least two labels of letters, digits and hyphens, 253 bytes in all; no IP address, no wildcard.
bool IsHostName(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DOMAIN_NAME_H_
