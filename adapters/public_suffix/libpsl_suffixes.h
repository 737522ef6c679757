// The public suffix list as libpsl carries it.
#ifndef CERTWRIGHT_ADAPTERS_PUBLIC_SUFFIX_LIBPSL_SUFFIXES_H_
#define CERTWRIGHT_ADAPTERS_PUBLIC_SUFFIX_LIBPSL_SUFFIXES_H_

#include "core/public_suffix.h"

namespace certwright {

class LibpslSuffixes : public PublicSuffixList {
 public:
  std::string RegistrableDomain(absl::string_view name) const override;
};

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_PUBLIC_SUFFIX_LIBPSL_SUFFIXES_H_
