// Renewals that go on with the request, and so with the key, of the certificate that they renew.
#ifndef CERTWRIGHT_CORE_RENEWED_REQUEST_H_
#define CERTWRIGHT_CORE_RENEWED_REQUEST_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/store.h"

namespace certwright {

// What the order renews, if that was made from the very request in `body`.
absl::StatusOr<std::optional<Certificate>> OlderOfRequest(Snapshot& snapshot,
                                                          const Certificate& order,
                                                          const CertificateBody& body);

// Whether the order may go on with the request of `older`: it is the one that renews it, no
// revocation was asked for, and a key that is held here stays in its project. Refuses
// FailedOperation.InvalidParam for `field`.
absl::Status CheckGoesOn(const Certificate& older, const Certificate& order,
                         absl::string_view field);

// A key that is held here is taken along, and with it whether it may be downloaded.
absl::Status TakeKeyAlong(Snapshot& snapshot, const Certificate& older, Certificate& order,
                          KeyMaterial& key);

// Whether issuing the order would certify a key whose certificate was revoked.
absl::StatusOr<bool> IsOfRevoked(Store& store, const Certificate& order);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_RENEWED_REQUEST_H_
