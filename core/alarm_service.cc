#include "core/alarm_service.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_query.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr int kMaxDays = 398;
constexpr int kMaxIntervalDays = 30;
constexpr std::size_t kMaxWebhookBytes = 2048;
constexpr std::int64_t kMaxTold = 1000;
constexpr absl::Duration kDay = absl::Hours(24);

bool IsUrl(absl::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  return is_plain && text.size() <= kMaxWebhookBytes &&
         (absl::StartsWith(text, "https://") || absl::StartsWith(text, "http://"));
}

Job JobOf(const AlarmRule& rule, absl::Time due) {
  return {.kind = JobKind::kAlarm,
          .account = rule.account,
          .certificate = {absl::StrCat(rule.id)},
          .due = due};
}

std::optional<AlarmRule> Find(const std::vector<AlarmRule>& rules, std::int64_t id) {
  for (const AlarmRule& rule : rules) {
    if (rule.id == id) return rule;
  }
  return std::nullopt;
}

std::string Message(const AlarmRule& rule, const std::vector<Certificate>& ending) {
  std::string list;
  for (const Certificate& one : ending) {
    absl::StrAppend(&list, list.empty() ? "" : ",", R"({"CertificateId":")", one.id.value,
                    R"(","Domain":")", PlainText(one.domain), R"(","CertEndTime":")",
                    UtcText(*one.not_after), R"("})");
  }
  return absl::StrCat(R"({"Event":"certificates-end-soon","Uin":")", rule.account.value,
                      R"(","AlarmRuleId":)", rule.id, R"(,"Days":)", rule.days,
                      R"(,"Certificates":[)", list, "]}");
}

// What ends within the rule's days and is not muted, the first to end first.
absl::StatusOr<std::vector<Certificate>> EndingOf(Snapshot& snapshot, const AlarmRule& rule,
                                                  absl::Time now) {
  CertificateQuery query;
  query.now = now;
  query.statuses = {CertificateStatus::kIssued};
  query.order = CertificateQuery::Order::kExpiryAscending;
  query.only_unmuted = true;
  query.limit = kMaxTold;
  ASSIGN_OR_RETURN(CertificatePage page, snapshot.ListCertificates(rule.account, query));
  std::vector<Certificate> ending;
  for (Certificate& one : page.certificates) {
    const bool ends = one.not_after && *one.not_after <= now + kDay * rule.days;
    if (ends) ending.push_back(std::move(one));
  }
  return ending;
}

}  // namespace

absl::StatusOr<std::int64_t> AlarmService::Create(AlarmRule rule) {
  if (rule.days < 1 || rule.days > kMaxDays) {
    return WrongParameter("Days", absl::StrCat(rule.days), "1 to 398");
  }
  if (rule.interval_days < 1 || rule.interval_days > kMaxIntervalDays) {
    return WrongParameter("IntervalDays", absl::StrCat(rule.interval_days), "1 to 30");
  }
  if (!rule.webhook.empty() && !IsUrl(rule.webhook)) {
    return WrongParameter("Webhook", rule.webhook, "an http or https URL of at most 2048 bytes");
  }
  rule.created = clock_.Now();
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<AlarmRule> all, transaction.ListAlarmRules(rule.account));
    if (all.size() >= kMaxAlarmRules) {
      return Refuse(ApiError::kLimitExceeded,
                    absl::StrCat("The account has ", all.size(),
                                 " alarm rules; allowed: ", kMaxAlarmRules, "."));
    }
    RETURN_IF_ERROR(transaction.InsertAlarmRule(rule));
    return transaction.PutJob(JobOf(rule, rule.created));
  }));
  return rule.id;
}

absl::Status AlarmService::Delete(AccountId account, std::int64_t id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<AlarmRule> all, transaction.ListAlarmRules(account));
    const std::optional<AlarmRule> rule = Find(all, id);
    if (!rule) {
      return Refuse(ApiError::kResourceNotFound, absl::StrCat("There is no alarm rule ", id, "."),
                    "AlarmRuleId");
    }
    RETURN_IF_ERROR(transaction.DeleteJob(account, JobKind::kAlarm, JobOf(*rule, {}).certificate));
    return transaction.DeleteAlarmRule(account, id);
  });
}

absl::Status AlarmService::RunAlarm(const Job& job) {
  const absl::Time now = clock_.Now();
  std::int64_t id = 0;
  (void)absl::SimpleAtoi(job.certificate.value, &id);
  std::optional<AlarmRule> rule;
  std::vector<Certificate> ending;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<AlarmRule> all, snapshot.ListAlarmRules(job.account));
    rule = Find(all, id);
    if (!rule) return absl::OkStatus();
    ASSIGN_OR_RETURN(ending, EndingOf(snapshot, *rule, now));
    return absl::OkStatus();
  }));
  absl::Status told;
  if (rule && !ending.empty()) told = notifier_.Notify(rule->webhook, Message(*rule, ending));
  return store_.Write([&](Transaction& transaction) {
    if (!rule) return transaction.DeleteJob(job.account, JobKind::kAlarm, job.certificate);
    // A webhook that is down holds nobody up: it is asked again in an hour.
    const absl::Time due = now + (told.ok() ? kDay * rule->interval_days : absl::Hours(1));
    return transaction.ReturnJob(job, Again(job, due, told.message()));
  });
}

}  // namespace certwright
