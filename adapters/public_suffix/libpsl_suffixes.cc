#include "adapters/public_suffix/libpsl_suffixes.h"

#include <libpsl.h>

namespace certwright {

std::string LibpslSuffixes::RegistrableDomain(absl::string_view name) const {
  const std::string text(name);
  const char* found = psl_registrable_domain(psl_builtin(), text.c_str());
  return found == nullptr ? "" : found;
}

}  // namespace certwright
