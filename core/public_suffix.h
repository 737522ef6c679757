// Which part of a host name is open to registration (publicsuffix.org).
#ifndef CERTWRIGHT_CORE_PUBLIC_SUFFIX_H_
#define CERTWRIGHT_CORE_PUBLIC_SUFFIX_H_

#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

// Thread-safe. Names are in lower case with A-labels.
class PublicSuffixList {
 public:
  virtual ~PublicSuffixList() = default;

  // "example.co.uk" for "a.b.example.co.uk"; "" if `name` itself is a public suffix.
  virtual std::string RegistrableDomain(absl::string_view name) const = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PUBLIC_SUFFIX_H_
