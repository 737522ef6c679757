// Checks of Limit and Offset, which some actions take as numbers and some as texts.
#ifndef CERTWRIGHT_SERVER_ACTIONS_PAGING_H_
#define CERTWRIGHT_SERVER_ACTIONS_PAGING_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"

namespace certwright {

inline constexpr std::int64_t kLastOffset = 1'000'000'000;

// InvalidParameterValue outside of `least` to `most`.
template <std::integral Number>
absl::Status CheckNumber(absl::string_view field, Number number, std::int64_t least,
                         std::int64_t most) {
  if (std::cmp_greater_equal(number, least) && std::cmp_less_equal(number, most)) {
    return absl::OkStatus();
  }
  return WrongParameter(field, absl::StrCat(number), absl::StrCat(least, " to ", most));
}

// The same for a number written as a text; "" is none.
inline absl::Status CheckNumber(absl::string_view field, const std::string& text,
                                std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  if (text.empty()) return absl::OkStatus();
  if (absl::SimpleAtoi(text, &number) && absl::StrCat(number) == text && number >= least &&
      number <= most) {
    return absl::OkStatus();
  }
  return WrongParameter(field, text, absl::StrCat(least, " to ", most));
}

// Limit up to `most`, and Offset.
template <typename Request>
absl::Status CheckPage(const Request& request, std::int64_t most) {
  RETURN_IF_ERROR(CheckNumber("Limit", request.limit(), 0, most));
  return CheckNumber("Offset", request.offset(), 0, kLastOffset);
}

// The same where a larger Limit is taken for the largest.
template <typename Request>
absl::Status CheckClampedPage(const Request& request) {
  return CheckPage(request, INT64_MAX);
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_PAGING_H_
