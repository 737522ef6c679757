// The shape of a region's name ("ap-guangzhou").
#ifndef CERTWRIGHT_CORE_REGION_H_
#define CERTWRIGHT_CORE_REGION_H_

#include "absl/strings/string_view.h"

namespace certwright {

// [a-z]{2,}-[a-z0-9-]+, at most 64 characters.
bool IsRegion(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_REGION_H_
