// The services that are served over both transports, each in its one version. Nothing else lists
// them, but core/service_names.h what they are called.
#ifndef CERTWRIGHT_SERVER_API_SERVICES_H_
#define CERTWRIGHT_SERVER_API_SERVICES_H_

#include <array>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "server/action.h"

namespace certwright {

struct ApiService {
  const google::protobuf::ServiceDescriptor* descriptor = nullptr;
  const char* version = "";  // "2019-12-05"; no two have the same
  const char* name = "";     // one of kServiceNames: "ssl"
  void (*bind)(ActionTable& table) = nullptr;
};

// The documented SSL Certificates API, our extension of it, and the Tag API. An action's name is in
// one of them alone.
const std::array<ApiService, 3>& ApiServices();

// Who has this version; "ssl" for one that nobody has.
absl::string_view ServiceOf(absl::string_view version);
// Its name.
absl::string_view ServiceNameOf(const google::protobuf::ServiceDescriptor& descriptor);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_API_SERVICES_H_
