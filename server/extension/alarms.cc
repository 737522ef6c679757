// CreateAlarmRule, DescribeAlarmRules, DeleteAlarmRule
#include <algorithm>

#include "core/alarm_service.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/alarms.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

constexpr std::uint64_t kMostDays = 1'000'000;  // far above what a rule may have

absl::StatusOr<ext::CreateAlarmRuleResponse> CreateAlarmRule(
    Services& services, const Call& call, const ext::CreateAlarmRuleRequest& request) {
  AlarmRule rule = {.account = call.account.id,
                    .days = static_cast<int>(std::min(request.days(), kMostDays)),
                    .webhook = request.webhook()};
  if (request.has_interval_days()) {
    rule.interval_days = static_cast<int>(std::min(request.interval_days(), kMostDays));
  }
  ASSIGN_OR_RETURN(const std::int64_t id, services.alarms.Create(rule));
  ext::CreateAlarmRuleResponse response;
  response.set_alarm_rule_id(static_cast<std::uint64_t>(id));
  return response;
}

absl::StatusOr<ext::DescribeAlarmRulesResponse> DescribeAlarmRules(
    Services& services, const Call& call, const ext::DescribeAlarmRulesRequest&) {
  std::vector<AlarmRule> rules;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(rules, snapshot.ListAlarmRules(call.account.id));
    return absl::OkStatus();
  }));
  ext::DescribeAlarmRulesResponse response;
  response.set_total_count(rules.size());
  for (const AlarmRule& rule : rules) {
    ext::AlarmRule& shown = *response.add_alarm_rules();
    shown.set_alarm_rule_id(static_cast<std::uint64_t>(rule.id));
    shown.set_days(static_cast<std::uint64_t>(rule.days));
    shown.set_interval_days(static_cast<std::uint64_t>(rule.interval_days));
    if (!rule.webhook.empty()) shown.set_webhook(rule.webhook);
    shown.set_create_time(TimeText(rule.created));
  }
  return response;
}

absl::StatusOr<ext::DeleteAlarmRuleResponse> DeleteAlarmRule(
    Services& services, const Call& call, const ext::DeleteAlarmRuleRequest& request) {
  const auto id = static_cast<std::int64_t>(
      std::min<std::uint64_t>(request.alarm_rule_id(), std::uint64_t{1} << 53));
  RETURN_IF_ERROR(services.alarms.Delete(call.account.id, id));
  ext::DeleteAlarmRuleResponse response;
  response.set_alarm_rule_id(request.alarm_rule_id());
  return response;
}

}  // namespace

void BindAlarms(ActionTable& table) {
  table.Bind("CreateAlarmRule", CreateAlarmRule);
  table.Bind("DescribeAlarmRules", DescribeAlarmRules);
  table.Bind("DeleteAlarmRule", DeleteAlarmRule);
}

}  // namespace certwright
