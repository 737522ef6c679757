#include "server/rate_limiter.h"

#include <catch2/catch.hpp>

#include "core/error.h"

namespace certwright {
namespace {

constexpr AccountId kAccount = {100000000001};
const absl::Time kNow = absl::FromUnixSeconds(1767229261);

TEST_CASE("Calls beyond the limit of a second are refused in the words SDKs parse", "[rate]") {
  RateLimiter limiter(20);
  for (int call = 0; call < 20; ++call) REQUIRE(limiter.Admit(kAccount, "A", kNow).ok());

  const absl::Status status = limiter.Admit(kAccount, "A", kNow + absl::Milliseconds(999));

  CHECK(ErrorOf(status) == ApiError::kRequestLimitExceeded);
  CHECK(status.message() ==
        "Your current request times equals to `21` in a second, which exceeds the frequency limit "
        "`20` for a second. Please reduce the frequency of calls.");
}

TEST_CASE("Each account and action is counted on its own", "[rate]") {
  RateLimiter limiter(1);
  REQUIRE(limiter.Admit(kAccount, "A", kNow).ok());

  CHECK(limiter.Admit(kAccount, "B", kNow).ok());
  CHECK(limiter.Admit({100000000002}, "A", kNow).ok());
  CHECK_FALSE(limiter.Admit(kAccount, "A", kNow).ok());
}

TEST_CASE("Another second counts anew, also one before", "[rate]") {
  RateLimiter limiter(1);
  REQUIRE(limiter.Admit(kAccount, "A", kNow).ok());
  REQUIRE_FALSE(limiter.Admit(kAccount, "A", kNow).ok());

  const auto step = absl::Seconds(GENERATE(1, -1, -86400));

  CHECK(limiter.Admit(kAccount, "A", kNow + step).ok());
}

TEST_CASE("A limit of 0 is none", "[rate]") {
  RateLimiter limiter(0);
  bool all_pass = true;
  for (int call = 0; call < 1000; ++call) all_pass &= limiter.Admit(kAccount, "A", kNow).ok();

  CHECK(all_pass);
}

}  // namespace
}  // namespace certwright
