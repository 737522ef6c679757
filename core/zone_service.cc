#include "core/zone_service.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/account_rules.h"
#include "core/domain_name.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

// The account's zone that is nearest above `name`, or nothing.
absl::StatusOr<std::optional<Zone>> ZoneOf(Snapshot& snapshot, AccountId account,
                                           absl::string_view name) {
  while (!name.empty()) {
    ASSIGN_OR_RETURN(std::optional<Zone> zone, snapshot.FindZone(name));
    // Another account's zone may lie within ours, and what is in it is theirs.
    if (zone) return zone->account == account ? zone : std::optional<Zone>();
    const std::size_t dot = name.find('.');
    if (dot == absl::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  return std::optional<Zone>();
}

absl::Status RefuseUnhosted(absl::string_view field, absl::string_view name) {
  return Refuse(ApiError::kFailedOperationInvalidParam,
                absl::StrCat(field, " `DNS_AUTO` needs the zone of `", name,
                             "` to be hosted here (CreateZone of the extension API), and it is "
                             "not; allowed: DNS, FILE."),
                field);
}

}  // namespace

absl::StatusOr<std::string> ZoneService::Create(AccountId account, absl::string_view domain) {
  const absl::StatusOr<std::string> name = ParsePaidDomain(domain, "Domain", suffixes_, false);
  if (!name.ok()) {
    return Refuse(ApiError::kInvalidParameterValue, name.status().message(), "Domain");
  }
  const Zone zone = {.account = account, .domain = *name, .created = clock_.Now()};
  const absl::Status status = store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(RequireAccount(transaction, account).status());
    ASSIGN_OR_RETURN(const std::vector<Zone> all, transaction.ListZones(account));
    if (all.size() >= kMaxZones) {
      return Refuse(ApiError::kLimitExceeded, absl::StrCat("The account has ", all.size(),
                                                           " zones; allowed: ", kMaxZones, "."));
    }
    return transaction.InsertZone(zone);
  });
  if (absl::IsAlreadyExists(status)) {
    return Refuse(ApiError::kResourceInUse,
                  absl::StrCat("The zone `", *name, "` is hosted already."), "Domain");
  }
  RETURN_IF_ERROR(status);
  return *name;
}

absl::Status ZoneService::Delete(absl::string_view domain) {
  const std::string name = absl::AsciiStrToLower(domain);
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Zone> zone, transaction.FindZone(name));
    if (!zone) {
      return Refuse(ApiError::kResourceNotFound,
                    absl::StrCat("The zone `", Shown(name), "` is not hosted here."), "Domain");
    }
    return transaction.DeleteZone(name);
  });
}

absl::StatusOr<bool> IsHosted(Snapshot& snapshot, AccountId account, absl::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<Zone> zone, ZoneOf(snapshot, account, name));
  return zone.has_value();
}

absl::StatusOr<bool> AreHosted(Snapshot& snapshot, const Certificate& certificate) {
  for (const std::string& name : certificate.names) {
    ASSIGN_OR_RETURN(const bool is_hosted, IsHosted(snapshot, certificate.account, name));
    if (!is_hosted) return false;
  }
  return true;
}

absl::Status RequireHosted(Snapshot& snapshot, const Certificate& certificate,
                           absl::string_view field) {
  for (const std::string& name : certificate.names) {
    ASSIGN_OR_RETURN(const bool is_hosted, IsHosted(snapshot, certificate.account, name));
    if (!is_hosted) return RefuseUnhosted(field, name);
  }
  return absl::OkStatus();
}

absl::Status WriteZoneRecords(Transaction& transaction, const Certificate& certificate,
                              const std::vector<DomainAuthorization>& records,
                              absl::string_view field) {
  for (const DomainAuthorization& one : records) {
    ASSIGN_OR_RETURN(const std::optional<Zone> zone,
                     ZoneOf(transaction, certificate.account, one.name));
    if (!zone) return RefuseUnhosted(field, one.name);
    RETURN_IF_ERROR(transaction.InsertZoneRecord({.zone = zone->domain,
                                                  .account = certificate.account,
                                                  .certificate = certificate.id,
                                                  .name = one.key,
                                                  .type = one.record_type,
                                                  .value = one.value}));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> IsProvedByZone(Snapshot& snapshot, AccountId account,
                                    const DomainAuthorization& authorization) {
  ASSIGN_OR_RETURN(const std::optional<Zone> zone, ZoneOf(snapshot, account, authorization.name));
  if (!zone) return false;
  ASSIGN_OR_RETURN(const std::vector<ZoneRecord> records,
                   snapshot.FindZoneRecords(zone->domain, authorization.key));
  return std::any_of(records.begin(), records.end(), [&](const ZoneRecord& record) {
    return record.account == account && record.type == authorization.record_type &&
           record.value == authorization.value;
  });
}

}  // namespace certwright
