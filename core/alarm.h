// Warnings before certificates end.
#ifndef CERTWRIGHT_CORE_ALARM_H_
#define CERTWRIGHT_CORE_ALARM_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

// Once an interval, it tells of the account's issued certificates that end within `days` and whose
// notices are not switched off.
struct AlarmRule {
  AccountId account = {};
  std::int64_t id = 0;
  int days = 30;
  int interval_days = 1;
  std::string webhook = {};  // http or https; "" for the log alone
  absl::Time created = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ALARM_H_
