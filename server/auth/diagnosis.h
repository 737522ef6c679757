// Why a request is not taken for what its client meant: for people, not for the door. The door is
// Verifier; what stands here repeats its checks one by one, goes on after the first that fails, and
// tries what clients are known to do wrong.
#ifndef CERTWRIGHT_SERVER_AUTH_DIAGNOSIS_H_
#define CERTWRIGHT_SERVER_AUTH_DIAGNOSIS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/account.h"
#include "core/store.h"
#include "server/auth/known_mistakes.h"
#include "server/auth/verifier.h"
#include "server/call.h"

namespace certwright {

struct Finding {
  bool fits = true;
  std::string part = {};  // "host", "date", "key", …
  std::string text = {};
};

struct Diagnosis {
  std::vector<Finding> findings = {};
  // What the server computes from the request as it arrived; "" where it cannot.
  std::string canonical_request = {};  // TC3
  std::string string_to_sign = {};
  std::string signature_start = {};  // never the whole: with it, anybody could make the call

  bool fits() const;
};

// What is known beside the request.
struct Circumstances {
  // The key that the server has under the request's SecretId; without one, signatures are not
  // checked. `is_key_known` says that there is a server to ask: then no key is one not found.
  std::optional<Credential> credential = {};
  std::optional<Credential> maker = {};  // the key that made it, if that is still there
  bool is_key_known = false;
  absl::Time now = {};
  Verifier::Options options = {};
  std::vector<Listener> listeners = {};  // of that server
};

// Says no secret: neither keys nor tokens, nor values of members that hold either.
Diagnosis Diagnose(const Envelope& envelope, const Circumstances& circumstances);

// Fills what `known` has of the request's key from a server's store.
absl::Status LookUpKey(const Envelope& envelope, Snapshot& snapshot, Circumstances& known);

// The SecretId that the request gives; "" if it gives none that can be read.
std::string ClaimedSecretId(const Envelope& envelope);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_DIAGNOSIS_H_
