// Checks of Limit and Offset, which some actions take as numbers and some as texts.
#ifndef CERTWRIGHT_SERVER_ACTIONS_PAGING_H_
#define CERTWRIGHT_SERVER_ACTIONS_PAGING_H_

#include <algorithm>
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

// Offset and Limit as lists with a default of 20 and at most 1000 take them.
struct Window {
  std::int64_t offset = 0;
  std::int64_t limit = 0;
};
template <typename Request>
Window WindowOf(const Request& request) {
  constexpr std::uint64_t kDefaultLimit = 20;
  constexpr std::uint64_t kMaxLimit = 1000;
  constexpr std::uint64_t kMaxOffset = 1'000'000'000;
  const std::uint64_t limit = request.has_limit() ? request.limit() : kDefaultLimit;
  return {
      .offset = static_cast<std::int64_t>(std::min<std::uint64_t>(request.offset(), kMaxOffset)),
      .limit = static_cast<std::int64_t>(std::min(limit, kMaxLimit))};
}

// One page of `all`.
struct Page {
  std::size_t begin = 0;
  std::size_t end = 0;
};
template <typename Request>
Page PageOf(const Request& request, std::size_t all) {
  const Window window = WindowOf(request);
  const std::size_t begin = std::min(static_cast<std::size_t>(window.offset), all);
  return {.begin = begin,
          .end = begin + std::min(static_cast<std::size_t>(window.limit), all - begin)};
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_PAGING_H_
