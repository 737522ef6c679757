// Tells people something: a webhook, the log.
#ifndef CERTWRIGHT_CORE_NOTIFIER_H_
#define CERTWRIGHT_CORE_NOTIFIER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright {

// Thread-safe. Blocks on the network, three seconds at most.
class Notifier {
 public:
  virtual ~Notifier() = default;
  // Posts `json` to `url`, or writes it to the service's log where `url` is "". Unavailable if
  // nobody took it: try again.
  virtual absl::Status Notify(const std::string& url, const std::string& json) = 0;
};

// An upload's name is whatever its certificate says: what JSON would escape is left out.
std::string PlainText(absl::string_view text);

// "2026-01-31T08:00:00Z"
std::string UtcText(absl::Time time);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_NOTIFIER_H_
