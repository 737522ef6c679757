// Rules that orders and uploads share: what their members may hold, and finding a row.
#ifndef CERTWRIGHT_CORE_ROW_RULES_H_
#define CERTWRIGHT_CORE_ROW_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/certificate.h"
#include "core/error.h"
#include "core/random.h"

namespace certwright {

// InvalidParameter over 200 characters, and for control characters.
absl::Status CheckAlias(absl::string_view alias);

inline constexpr std::size_t kMaxTagKey = 127;  // characters
inline constexpr std::size_t kMaxTagValue = 255;

// At most 50 tags with keys of 1 to 127 characters, each once, values of up to 255; no control
// characters.
absl::Status CheckTags(const std::vector<Tag>& tags);

// Absent, or 6 to 64 printable ASCII characters. The refusal does not show it.
absl::Status CheckKeyPassword(absl::string_view password, absl::string_view field);

// Why something is done, in the caller's words: at most 500 characters.
absl::Status CheckOrderReason(absl::string_view reason);

// Validation level DV: free, or a paid product that names no organisation. False for uploads.
bool IsDomainValidated(const Certificate& certificate);

// Revoking it takes a signed letter: paid OV and EV, but for those that a review alone decides.
bool NeedsRevokeLetter(const Certificate& certificate);

// Revoking it takes a reason and a review, and no proof: WoTrus, and DNSPod's SM2 DV.
bool IsRevokedOnReview(const Certificate& certificate);

// CompleteCertificate is not for it: DNSPod and WoTrus.
bool TakesNoCompletion(const Certificate& certificate);

// Refuses with `error`, for OldCertificateId, what cannot be renewed.
absl::Status CheckRenewable(const Certificate& old, absl::Time now, ApiError error);

// It may be revoked in its last 30 days too: WoTrus and DNSPod's SM2.
bool IsRevocableToTheEnd(const Certificate& certificate);

// "Member `value` is not allowed; allowed: ….", with what of the value may be shown.
absl::Status RefuseMember(ApiError error, absl::string_view field, absl::string_view value,
                          absl::string_view allowed);

// The same of a value that says something of a person: its length alone is told.
absl::Status RefuseUnshown(ApiError error, absl::string_view field, absl::string_view value,
                           absl::string_view allowed);

// InvalidParameterValue in the documented shape, with what is allowed.
absl::Status WrongParameter(absl::string_view field, absl::string_view value,
                            absl::string_view allowed);

bool HasControlCharacter(absl::string_view text);

// Code points of valid UTF-8, which the decoder has seen to.
std::size_t Characters(absl::string_view text);

// Refuses a list `field` of more than `most` ids with `error`.
absl::Status CheckCount(absl::string_view field, std::size_t count, std::size_t most,
                        ApiError error);

// Without repetitions, in the order of first mention.
std::vector<CertificateId> EachOnce(const std::vector<CertificateId>& ids);

CertificateId NewCertificateId(Random& random);
// The CA-side number of an order, new each time that it is handed in.
std::string NewOrderId(Random& random);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ROW_RULES_H_
