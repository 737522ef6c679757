// Where a paid order stands between its submission and its issue.
#ifndef CERTWRIGHT_CORE_REVIEW_H_
#define CERTWRIGHT_CORE_REVIEW_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

enum class ReviewStage { kPreReview, kLegalReview, kCaReview };

// An order has one while a decision about it is outstanding.
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

// How a level passes: each stage by itself after a time, or by a person.
struct ReviewPolicy {
  bool is_automatic = true;
  absl::Duration stage = absl::ZeroDuration();
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_REVIEW_H_
