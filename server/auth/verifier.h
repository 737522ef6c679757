// Whose key signed this request, and is it fresh: the checks of wire order 3 to 8, over the raw
// bytes, before anything is parsed.
#ifndef CERTWRIGHT_SERVER_AUTH_VERIFIER_H_
#define CERTWRIGHT_SERVER_AUTH_VERIFIER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/account.h"
#include "core/clock.h"
#include "core/store.h"
#include "server/auth/signature.h"
#include "server/auth/signing_key_cache.h"
#include "server/call.h"

namespace certwright {

// What the signature vouches for, and the common parameters beside it.
struct Principal {
  Account account = {};
  SecretId secret_id = {};
  std::int64_t sub_account = 0;  // 0 for the account's owner
  // JSON; the key may do what both allow, "" allows all.
  std::string policy = {};
  std::string boundary = {};
  bool is_temporary = false;
  bool must_sign_action = false;
  std::string signature = {};  // as sent
  std::int64_t timestamp = 0;  // Unix seconds
  std::string action = {};
  std::string version = {};
  std::string region = {};    // as sent; "" if absent
  std::string language = {};  // as sent; "" if absent
  // v1 only: the action's own parameters, decoded, without the common ones.
  std::vector<std::pair<std::string, std::string>> parameters = {};
  bool is_v1 = false;
};

// Clients sign what they were configured with, which is not always what the wire shows. Tolerated:
// header values raw or in lower case, the host with or without its port (or a public name of
// Options), the path "/" or the real one, and on loopback the scope's service as SDKs make it of
// the endpoint. Nothing else is, and no call passes unsigned.
//
// Choices where the documents are silent:
// - Two Authorization headers are AuthFailure.InvalidAuthorization; two of another header that the
//   signature may cover (host, content-type, x-tc-*, or any that is signed) are InvalidParameter:
//   two readers must never see two requests.
// - v1 and UNSIGNED-PAYLOAD where they are not allowed are AuthFailure.InvalidAuthorization.
// - gRPC: the action is the method called. x-tc-action and x-tc-version may be left out; if sent
//   they must equal the method and its package's version, else InvalidParameterValue.
//
// - A key that must sign its action and does not is AuthFailure.InvalidAuthorization, after its
//   signature was found good. Only TC3 over HTTP can leave the action out: `x-tc-action` among the
//   signed headers puts it in.
//
// Thread-safe. `store` and `clock` must outlive it.
class Verifier {
 public:
  struct Options {
    absl::Duration window = absl::Seconds(300);  // inclusive, to both sides
    bool allow_v1 = true;
    // Accept as the scope's service also the endpoint's first label, as several SDKs sign it; but
    // not where that is the name of another service.
    bool lenient_service_on_loopback = true;
    // UNSIGNED-PAYLOAD is honoured over TLS and on loopback listeners only.
    bool allow_unsigned_payload = true;
    // What clients may sign as the host when something before us rewrites it.
    std::vector<std::string> public_names = {};
  };

  Verifier(Store& store, const Clock& clock, Options options);

  // Refuses AuthFailure.* and MissingParameter as documented, InvalidParameter for common
  // parameters that cannot be read. Reads the store once (for a temporary key twice), and only for
  // a fresh request whose SecretId has the right form. What is refused for its key, its token or
  // its signature costs the same work, whatever the store has of that SecretId. REQUIRES: the sizes
  // of body and query were checked.
  absl::StatusOr<Principal> Verify(const Envelope& envelope);

 private:
  absl::StatusOr<Principal> VerifyTc3(const Envelope& envelope, absl::string_view authorization);
  absl::StatusOr<Principal> VerifyV1(const Envelope& envelope, absl::string_view form);

  absl::Status CheckScope(const Envelope& envelope, absl::string_view version,
                          const Tc3Authorization& authorization, std::int64_t timestamp) const;
  absl::Status CheckFresh(std::int64_t timestamp) const;
  // What to check a signature with. A SecretId that is not found has a key too, nobody's, and a
  // refusal that waits until the signature was computed: strangers learn nothing from the time.
  struct Key {
    absl::Status refusal = {};  // SecretIdNotFound, TokenFailure
    std::string secret_key = {};
    SecretId maker = {};  // of a temporary key
  };
  absl::Status CheckMaker(const SecretId& maker);
  // Fills what the principal has of its key.
  absl::StatusOr<Key> FindKey(const std::string& secret_id, absl::string_view token,
                              Principal& principal);
  // Refuses key.refusal first.
  absl::Status CheckTc3Signature(const Envelope& envelope, const Tc3Authorization& authorization,
                                 absl::string_view timestamp, const Key& key,
                                 const std::string& payload_hash);
  absl::Status CheckPayload(const Envelope& envelope) const;

  Store& store_;
  const Clock& clock_;
  const Options options_;
  SigningKeyCache signing_keys_;
  std::atomic<std::int64_t> some_account_ = 0;  // read in place of that of an unknown key
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_AUTH_VERIFIER_H_
