// CreateZone, DescribeZones, DeleteZone
#include "core/status_macros.h"
#include "core/zone_service.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/zones.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

absl::StatusOr<ext::CreateZoneResponse> CreateZone(Services& services, const Call& call,
                                                   const ext::CreateZoneRequest& request) {
  ASSIGN_OR_RETURN(const AccountId account, AccountOf(call, request.uin()));
  ext::CreateZoneResponse response;
  ASSIGN_OR_RETURN(*response.mutable_domain(), services.zones.Create(account, request.domain()));
  return response;
}

absl::StatusOr<ext::DescribeZonesResponse> DescribeZones(Services& services, const Call& call,
                                                         const ext::DescribeZonesRequest& request) {
  std::vector<Zone> zones;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(zones, snapshot.ListZones(call.account.id));
    return absl::OkStatus();
  }));
  ext::DescribeZonesResponse response;
  response.set_total_count(zones.size());
  const Page page = PageOf(request, zones.size());
  for (std::size_t i = page.begin; i < page.end; ++i) {
    ext::Zone& shown = *response.add_zones();
    shown.set_domain(zones[i].domain);
    shown.set_record_count(static_cast<std::uint64_t>(zones[i].records));
    shown.set_create_time(TimeText(zones[i].created));
  }
  return response;
}

absl::StatusOr<ext::DeleteZoneResponse> DeleteZone(Services& services, const Call&,
                                                   const ext::DeleteZoneRequest& request) {
  RETURN_IF_ERROR(services.zones.Delete(request.domain()));
  ext::DeleteZoneResponse response;
  response.set_domain(request.domain());
  return response;
}

}  // namespace

void BindZones(ActionTable& table) {
  table.Bind("CreateZone", CreateZone);
  table.Bind("DescribeZones", DescribeZones);
  table.Bind("DeleteZone", DeleteZone);
}

}  // namespace certwright
