// Where a paid order stands between its submission and its issue, or a revocation that a review
// decides.
#ifndef CERTWRIGHT_CORE_REVIEW_H_
#define CERTWRIGHT_CORE_REVIEW_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

// The store keeps their numbers.
enum class ReviewStage { kPreReview, kLegalReview, kCaReview, kRevocation };

// A certificate has one while a decision about its order or its revocation is outstanding.
struct Review {
  AccountId account = {};
  CertificateId certificate = {};
  ReviewStage stage = ReviewStage::kPreReview;
  absl::Time submitted = {};
  absl::Time entered = {};                   // this stage
  std::optional<absl::Time> automatic = {};  // when the policy decides; none where a person does
  std::optional<absl::Time> last_remind = {};
  bool has_letter = false;
};

// A revocation that the policy decides is reviewed for so long at least.
inline constexpr absl::Duration kLeastRevocationReview = absl::Minutes(1);

// How orders and revocations of a level pass: each stage by itself after a time, or by a person.
struct ReviewPolicy {
  bool is_automatic = true;
  absl::Duration stage = absl::ZeroDuration();
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_REVIEW_H_
