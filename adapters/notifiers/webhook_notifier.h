// Notices as HTTP POSTs.
#ifndef CERTWRIGHT_ADAPTERS_NOTIFIERS_WEBHOOK_NOTIFIER_H_
#define CERTWRIGHT_ADAPTERS_NOTIFIERS_WEBHOOK_NOTIFIER_H_

#include <functional>
#include <string>
#include <utility>

#include "core/notifier.h"

namespace certwright {

// Posts JSON; any 2xx answer is taken as heard. Certificates of servers are checked against the
// system's roots, redirects are not followed, private addresses are refused unless allowed. What
// has no URL goes to `log`. Thread-safe.
class WebhookNotifier : public Notifier {
 public:
  using Log = std::function<void(const std::string& json)>;

  WebhookNotifier(bool allow_private_addresses, Log log)
      : allow_private_addresses_(allow_private_addresses), log_(std::move(log)) {}

  absl::Status Notify(const std::string& url, const std::string& json) override;

 private:
  const bool allow_private_addresses_;
  const Log log_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_NOTIFIERS_WEBHOOK_NOTIFIER_H_
