#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFindZone[] =
    "SELECT domain, account, created, (SELECT COUNT(*) FROM zone_record WHERE zone = domain) "
    "FROM zone WHERE domain = $1";
constexpr char kListZones[] =
    "SELECT domain, account, created, (SELECT COUNT(*) FROM zone_record WHERE zone = domain) "
    "FROM zone WHERE account = $1 ORDER BY domain";
constexpr char kInsertZone[] = "INSERT INTO zone (domain, account, created) VALUES ($1, $2, $3)";
constexpr char kDeleteZone[] = "DELETE FROM zone WHERE domain = $1";
constexpr char kDeleteRecordsOfZone[] = "DELETE FROM zone_record WHERE zone = $1";
constexpr char kFindZoneRecords[] =
    "SELECT zone, name, type, value, account, certificate_id FROM zone_record "
    "WHERE zone = $1 AND name = $2";
constexpr char kInsertZoneRecord[] =
    "INSERT INTO zone_record (zone, name, type, value, account, certificate_id) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
constexpr char kDeleteZoneRecords[] =
    "DELETE FROM zone_record WHERE account = $1 AND certificate_id = $2";
constexpr char kListAlarmRules[] =
    "SELECT account, id, days, interval_days, webhook, created FROM alarm_rule "
    "WHERE account = $1 ORDER BY id";
constexpr char kInsertAlarmRule[] =
    "INSERT INTO alarm_rule (account, id, days, interval_days, webhook, created) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
constexpr char kDeleteAlarmRule[] = "DELETE FROM alarm_rule WHERE account = $1 AND id = $2";

Zone ReadZone(const Row& row) {
  return {.account = {row.Integer(1)},
          .domain = row.Bytes(0),
          .records = row.Integer(3),
          .created = row.Time(2)};
}

}  // namespace

absl::StatusOr<std::optional<Zone>> SqlTransaction::FindZone(absl::string_view domain) {
  std::optional<Zone> found;
  RETURN_IF_ERROR(connection_.Run(kFindZone, {Value::Text(domain)}, [&](const Row& row) {
    found = ReadZone(row);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<Zone>> SqlTransaction::ListZones(AccountId account) {
  std::vector<Zone> zones;
  RETURN_IF_ERROR(connection_.Run(kListZones, {Value::Integer(account.value)}, [&](const Row& row) {
    zones.push_back(ReadZone(row));
    return absl::OkStatus();
  }));
  return zones;
}

absl::StatusOr<std::vector<ZoneRecord>> SqlTransaction::FindZoneRecords(absl::string_view zone,
                                                                        absl::string_view name) {
  std::vector<ZoneRecord> records;
  RETURN_IF_ERROR(connection_.Run(
      kFindZoneRecords, {Value::Text(zone), Value::Text(name)}, [&](const Row& row) {
        records.push_back({.zone = row.Bytes(0),
                           .account = {row.Integer(4)},
                           .certificate = {row.Bytes(5)},
                           .name = row.Bytes(1),
                           .type = static_cast<RecordType>(row.Integer(2)),
                           .value = row.Bytes(3)});
        return absl::OkStatus();
      }));
  return records;
}

absl::Status SqlTransaction::InsertZone(const Zone& zone) {
  return connection_.Run(kInsertZone, {Value::Text(zone.domain), Value::Integer(zone.account.value),
                                       Value::Time(zone.created)});
}

absl::Status SqlTransaction::DeleteZone(absl::string_view domain) {
  RETURN_IF_ERROR(connection_.Run(kDeleteRecordsOfZone, {Value::Text(domain)}));
  return connection_.Run(kDeleteZone, {Value::Text(domain)});
}

absl::Status SqlTransaction::InsertZoneRecord(const ZoneRecord& record) {
  return connection_.Run(
      kInsertZoneRecord,
      {Value::Text(record.zone), Value::Text(record.name),
       Value::Integer(static_cast<std::int64_t>(record.type)), Value::Text(record.value),
       Value::Integer(record.account.value), Value::Text(record.certificate.value)});
}

absl::Status SqlTransaction::DeleteZoneRecords(AccountId account, const CertificateId& id) {
  return connection_.Run(kDeleteZoneRecords,
                         {Value::Integer(account.value), Value::Text(id.value)});
}

absl::StatusOr<std::vector<AlarmRule>> SqlTransaction::ListAlarmRules(AccountId account) {
  std::vector<AlarmRule> rules;
  RETURN_IF_ERROR(
      connection_.Run(kListAlarmRules, {Value::Integer(account.value)}, [&](const Row& row) {
        rules.push_back({.account = {row.Integer(0)},
                         .id = row.Integer(1),
                         .days = static_cast<int>(row.Integer(2)),
                         .interval_days = static_cast<int>(row.Integer(3)),
                         .webhook = row.Bytes(4),
                         .created = row.Time(5)});
        return absl::OkStatus();
      }));
  return rules;
}

absl::Status SqlTransaction::InsertAlarmRule(AlarmRule& rule) {
  ASSIGN_OR_RETURN(rule.id, Count(rule.account, "alarm_rules", 1));
  return connection_.Run(kInsertAlarmRule,
                         {Value::Integer(rule.account.value), Value::Integer(rule.id),
                          Value::Integer(static_cast<std::int64_t>(rule.days)),
                          Value::Integer(static_cast<std::int64_t>(rule.interval_days)),
                          Value::Text(rule.webhook), Value::Time(rule.created)});
}

absl::Status SqlTransaction::DeleteAlarmRule(AccountId account, std::int64_t id) {
  return connection_.Run(kDeleteAlarmRule, {Value::Integer(account.value), Value::Integer(id)});
}

}  // namespace certwright
