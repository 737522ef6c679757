// An error that also says what to do about it.
#ifndef CERTWRIGHT_SERVER_NEXT_STEP_H_
#define CERTWRIGHT_SERVER_NEXT_STEP_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace certwright {

// `status` with the next step behind its message, if it has this code; else `status` as it is.
inline absl::Status WithNextStep(const absl::Status& status, absl::StatusCode code,
                                 absl::string_view next_step) {
  if (status.code() != code) return status;
  return absl::Status(code, absl::StrCat(status.message(), "; ", next_step));
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_NEXT_STEP_H_
