// Whose key signed this request, and is it fresh: the checks of wire order 3 to 8, over the raw
// bytes, before anything is parsed.
#ifndef CERTWRIGHT_SERVER_AUTH_VERIFIER_H_
#define CERTWRIGHT_SERVER_AUTH_VERIFIER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/account.h"
#include "core/clock.h"
#include "core/store.h"
#include "server/call.h"

namespace certwright {

// What the signature vouches for, and the common parameters beside it.
struct Principal {
  Account account = {};
  SecretId secret_id = {};
  std::string action = {};
  std::string version = {};
  std::string region = {};    // as sent; "" if absent
  std::string language = {};  // as sent; "" if absent
  // v1 only: the action's own parameters, decoded, without the common ones.
  std::vector<std::pair<std::string, std::string>> parameters = {};
  bool is_v1 = false;
};

// Thread-safe. `store` and `clock` must outlive it.
class Verifier {
 public:
  struct Options {
    absl::Duration window = absl::Seconds(300);  // inclusive, to both sides
    bool allow_v1 = true;
    // Accept as the scope's service also the endpoint's first label, as several SDKs sign it.
    bool lenient_service_on_loopback = true;
    // UNSIGNED-PAYLOAD is honoured over TLS and on loopback listeners only.
    bool allow_unsigned_payload = true;
  };

  Verifier(Store& store, const Clock& clock, Options options);

  // Refuses AuthFailure.* and MissingParameter as documented. Reads the store once.
  absl::StatusOr<Principal> Verify(const Envelope& envelope);

 private:
  Store& store_;
  const Clock& clock_;
  const Options options_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_VERIFIER_H_
