// Notices before a certificate ends: at 30, 15 and 7 days, and at the end.
#ifndef CERTWRIGHT_CORE_EXPIRY_NOTICES_H_
#define CERTWRIGHT_CORE_EXPIRY_NOTICES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/clock.h"
#include "core/job.h"
#include "core/notifier.h"
#include "core/store.h"

namespace certwright {

// Inside the transaction that stores an issued or uploaded certificate: queues its first notice.
absl::Status QueueNotice(Transaction& transaction, const Certificate& certificate, absl::Time now);

// Thread-safe: all state is in the store. Everything given must outlive it.
class ExpiryNotices {
 public:
  // `url` hears of them; "" is the service's log.
  ExpiryNotices(Store& store, Notifier& notifier, const Clock& clock, std::string url)
      : store_(store), notifier_(notifier), clock_(clock), url_(std::move(url)) {}

  // For the worker. Each threshold is told once: of several that passed unseen, the last; a
  // certificate that is muted, or not usable any more, none. A webhook that does not answer is
  // asked again until the next threshold; who answers and dies before that is on record hears it
  // twice, with the same Days.
  absl::Status RunNotice(const Job& job);

 private:
  Store& store_;
  Notifier& notifier_;
  const Clock& clock_;
  const std::string url_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_EXPIRY_NOTICES_H_
