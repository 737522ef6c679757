// The eleven DescribeHost…InstanceList actions. Their requests differ in which members they have.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/deployment_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/paging.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr std::int64_t kMaxLimit = 200;

template <typename Filters>
absl::Status CheckFilters(const Filters& filters) {
  for (int i = 0; i < filters.size(); ++i) {
    const std::string at = absl::StrCat("Filters.", i);
    // Documented examples write it with either initial.
    if (absl::AsciiStrToLower(filters[i].filter_key()) != "domainmatch") {
      return WrongParameter(at + ".FilterKey", filters[i].filter_key(), "domainMatch");
    }
    if (filters[i].filter_value() != "0" && filters[i].filter_value() != "1") {
      return WrongParameter(at + ".FilterValue", filters[i].filter_value(), "0, 1");
    }
  }
  return absl::OkStatus();
}

template <typename Request>
bool WantsCache(const Request& request) {
  if constexpr (requires { request.async_cache(); }) {
    return request.async_cache() == 1;
  } else {
    return false;
  }
}

template <typename Request>
absl::Status CheckMembers(const Request& request) {
  RETURN_IF_ERROR(CheckNumber("IsCache", request.is_cache(), 0, 1));
  RETURN_IF_ERROR(CheckFilters(request.filters()));
  if constexpr (requires { request.async_cache(); }) {
    RETURN_IF_ERROR(CheckNumber("AsyncCache", request.async_cache(), 0, 1));
  }
  if constexpr (requires { request.limit(); }) {
    RETURN_IF_ERROR(CheckPage(request, kMaxLimit));
  }
  return absl::OkStatus();
}

// There are no instances yet. What is cached of them is as new as the call.
template <typename Response>
Response NoInstances(bool wants_cache, absl::Time now) {
  Response response;
  if constexpr (requires { response.set_total_count(0); }) response.set_total_count(0);
  if constexpr (requires { response.set_async_cache_time(""); }) {
    response.set_async_total_num(0);
    response.set_async_offset(0);
    response.set_async_cache_time(wants_cache ? TimeText(now) : "");
  }
  return response;
}

template <typename Response, typename Request>
absl::StatusOr<Response> List(Services& services, const Call& call, const Request& request) {
  RETURN_IF_ERROR(CheckMembers(request));
  CertificateId old_certificate;
  if constexpr (requires { request.old_certificate_id(); }) {
    old_certificate.value = request.old_certificate_id();
  }
  RETURN_IF_ERROR(services.deployments.CheckListed(call.account.id, {request.certificate_id()},
                                                   old_certificate));
  return NoInstances<Response>(WantsCache(request), call.now);
}

}  // namespace

void BindHostLists(ActionTable& table) {
  table.Bind("DescribeHostApiGatewayInstanceList",
             List<api::DescribeHostApiGatewayInstanceListResponse,
                  api::DescribeHostApiGatewayInstanceListRequest>);
  table.Bind(
      "DescribeHostCdnInstanceList",
      List<api::DescribeHostCdnInstanceListResponse, api::DescribeHostCdnInstanceListRequest>);
  table.Bind(
      "DescribeHostClbInstanceList",
      List<api::DescribeHostClbInstanceListResponse, api::DescribeHostClbInstanceListRequest>);
  table.Bind(
      "DescribeHostCosInstanceList",
      List<api::DescribeHostCosInstanceListResponse, api::DescribeHostCosInstanceListRequest>);
  table.Bind(
      "DescribeHostDdosInstanceList",
      List<api::DescribeHostDdosInstanceListResponse, api::DescribeHostDdosInstanceListRequest>);
  table.Bind("DescribeHostLighthouseInstanceList",
             List<api::DescribeHostLighthouseInstanceListResponse,
                  api::DescribeHostLighthouseInstanceListRequest>);
  table.Bind(
      "DescribeHostLiveInstanceList",
      List<api::DescribeHostLiveInstanceListResponse, api::DescribeHostLiveInstanceListRequest>);
  table.Bind(
      "DescribeHostTeoInstanceList",
      List<api::DescribeHostTeoInstanceListResponse, api::DescribeHostTeoInstanceListRequest>);
  table.Bind(
      "DescribeHostTkeInstanceList",
      List<api::DescribeHostTkeInstanceListResponse, api::DescribeHostTkeInstanceListRequest>);
  table.Bind(
      "DescribeHostVodInstanceList",
      List<api::DescribeHostVodInstanceListResponse, api::DescribeHostVodInstanceListRequest>);
  table.Bind(
      "DescribeHostWafInstanceList",
      List<api::DescribeHostWafInstanceListResponse, api::DescribeHostWafInstanceListRequest>);
}

}  // namespace certwright
