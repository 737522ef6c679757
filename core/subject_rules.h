// Which organisation stands in the certificates of an order.
#ifndef CERTWRIGHT_CORE_SUBJECT_RULES_H_
#define CERTWRIGHT_CORE_SUBJECT_RULES_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/store.h"
#include "core/subject.h"

namespace certwright {

// DV: the main domain alone. OV and EV: the company of the order's approved manager, or else what
// was submitted, or else the company that the submission names; of a reissue, its original's.
// Bare error if an OV or EV order names no organisation at all.
absl::StatusOr<Subject> SubjectOf(Snapshot& snapshot, const Certificate& order, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SUBJECT_RULES_H_
