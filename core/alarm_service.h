// Alarm rules of the extension API, and their work.
#ifndef CERTWRIGHT_CORE_ALARM_SERVICE_H_
#define CERTWRIGHT_CORE_ALARM_SERVICE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/alarm.h"
#include "core/clock.h"
#include "core/job.h"
#include "core/notifier.h"
#include "core/store.h"

namespace certwright {

inline constexpr std::size_t kMaxAlarmRules = 10;  // of an account

// Thread-safe: all state is in the store.
class AlarmService {
 public:
  AlarmService(Store& store, Notifier& notifier, const Clock& clock)
      : store_(store), notifier_(notifier), clock_(clock) {}

  // Its number. Refuses InvalidParameterValue: Days outside of 1 to 398, IntervalDays of 1 to 30, a
  // Webhook that is no http or https URL; LimitExceeded at kMaxAlarmRules.
  absl::StatusOr<std::int64_t> Create(AlarmRule rule);
  // Refuses ResourceNotFound.
  absl::Status Delete(AccountId account, std::int64_t id);

  // For the worker: tells, and is due again after the interval. The job's certificate is the rule's
  // number. Who is told twice after a crash between the two reads the same again.
  absl::Status RunAlarm(const Job& job);

 private:
  Store& store_;
  Notifier& notifier_;
  const Clock& clock_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ALARM_SERVICE_H_
