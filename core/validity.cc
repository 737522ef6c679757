#include "core/validity.h"

namespace certwright {

std::vector<ValidityStep> PublicValiditySchedule() {
  const auto day = [](int year, int month, int of_month) {
    return absl::FromCivil(absl::CivilDay(year, month, of_month), absl::UTCTimeZone());
  };
  return {{.max_days = 398},
          {.from = day(2026, 3, 15), .max_days = 200},
          {.from = day(2027, 3, 15), .max_days = 100},
          {.from = day(2029, 3, 15), .max_days = 47}};
}

absl::Duration MaxValidity(const std::vector<ValidityStep>& schedule, absl::Time issued) {
  int days = schedule.front().max_days;
  for (const ValidityStep& step : schedule) {
    if (step.from <= issued) days = step.max_days;
  }
  return absl::Hours(24) * days;
}

}  // namespace certwright
