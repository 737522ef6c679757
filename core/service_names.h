// What the services are called: in policies, in the scopes of signatures and in names of hosts.
#ifndef CERTWRIGHT_CORE_SERVICE_NAMES_H_
#define CERTWRIGHT_CORE_SERVICE_NAMES_H_

#include <algorithm>
#include <iterator>

#include "absl/strings/string_view.h"

namespace certwright {

inline constexpr char kSslService[] = "ssl";
inline constexpr char kTagService[] = "tag";

// All of them. server/api_services.h has the services themselves, each under one of these.
inline constexpr const char* kServiceNames[] = {kSslService, kTagService};

// Whether a service is called so.
inline bool IsServiceName(absl::string_view name) {
  return std::find(std::begin(kServiceNames), std::end(kServiceNames), name) !=
         std::end(kServiceNames);
}

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SERVICE_NAMES_H_
