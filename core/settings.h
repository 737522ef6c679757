// The rules of the business that an operator may set. Defaults are the documented ones.
#ifndef CERTWRIGHT_CORE_SETTINGS_H_
#define CERTWRIGHT_CORE_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/validity.h"

namespace certwright {

struct Settings {
  int free_quota = 20;             // free certificates of an account at a time
  int free_quota_per_domain = 20;  // and under one registrable domain
  int free_validity_days = 90;
  // How long any one certificate may hold, by the day of its issue. Not empty.
  std::vector<ValidityStep> validity_schedule = PublicValiditySchedule();
  absl::Duration validation_deadline = absl::Hours(72);
  // Ends the value of CNAME validation records. A reserved name: nobody else's CA is meant.
  std::string token_domain = "trust-provider.invalid";
  bool force_txt_validation = false;            // TXT records for all, instead of the brand's CNAME
  std::vector<std::string> blocked_words = {};  // a name that holds one fails the security review
  // So many uploads of one certificate an account may have; beyond, Repeatable is false.
  std::int64_t max_equal_uploads = 5000;
  bool has_service_role = true;     // without it, deletions with a resource check fail
  std::string notice_webhook = {};  // hears of what ends; "" is the service's log
  bool lab_validation = false;  // reserved names (.test, …) validate themselves; --demo and --dev
  // Re-checks of the validation records: first after this, then every minute for an hour, then
  // every ten minutes until the deadline.
  absl::Duration first_recheck = absl::Seconds(10);
  absl::Duration probe_timeout = absl::Seconds(10);
  // A revocation whose proof is not seen for so long is given up.
  absl::Duration revocation_deadline = absl::Hours(72);
  absl::Duration caller_probe_interval = absl::Minutes(5);  // below it: `Frequently`
  // Calls that may wait for a probe at once: in the whole process, and of one account.
  int max_caller_probes = 16;
  int max_caller_probes_per_account = 4;
  // And that may wait, so long, for one of these places.
  int max_waiting_callers = 0;
  int max_waiting_callers_per_account = 0;
  absl::Duration caller_patience = absl::ZeroDuration();
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SETTINGS_H_
