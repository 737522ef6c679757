#include "server/api_services.h"

#include "core/service_names.h"
#include "server/actions/actions.h"
#include "server/extension/extension.h"
#include "ssl/v20191205/ssl.pb.h"
#include "ssl/v20261201/extension.pb.h"
#include "tag/v20180813/tag.pb.h"

namespace certwright {

const std::array<ApiService, 3>& ApiServices() {
  static const std::array<ApiService, 3> services = {{
      {ssl::v20191205::SslService::descriptor(), "2019-12-05", kSslService, &BindActions},
      {ssl::v20261201::SslExtensionService::descriptor(), "2026-12-01", kSslService,
       &BindExtension},
      {tag::v20180813::TagService::descriptor(), "2018-08-13", kTagService, &BindTags},
  }};
  return services;
}

absl::string_view ServiceOf(absl::string_view version) {
  for (const ApiService& service : ApiServices()) {
    if (version == service.version) return service.name;
  }
  return kSslService;
}

absl::string_view ServiceNameOf(const google::protobuf::ServiceDescriptor& descriptor) {
  for (const ApiService& service : ApiServices()) {
    if (&descriptor == service.descriptor) return service.name;
  }
  return kSslService;
}

}  // namespace certwright
