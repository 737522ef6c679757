#include "server/auth/replay_guard.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "core/error.h"

namespace certwright {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1767229261);
const absl::Time kEnd = kNow + absl::Seconds(301);

TEST_CASE("A call counts once, until it would be stale", "[replay]") {
  ReplayGuard guard(10);
  CHECK(guard.Admit("a", kEnd, kNow).ok());
  CHECK(guard.Admit("b", kEnd, kNow).ok());
  CHECK(ErrorOf(guard.Admit("a", kEnd, kEnd)) == ApiError::kAuthFailureSignatureFailure);

  const absl::Time after = kEnd + absl::Microseconds(1);
  CHECK(guard.Admit("a", after + absl::Hours(1), after).ok());
  CHECK(guard.size() == 1);
}

TEST_CASE("The guard is bounded, and forgets first what ends first", "[replay]") {
  ReplayGuard guard(3);
  for (int i = 0; i < 100; ++i) {
    CHECK(guard.Admit(absl::StrCat(i), kEnd + absl::Seconds(i), kNow).ok());
    CHECK(guard.size() <= 3);
  }
  CHECK_FALSE(guard.Admit("99", kEnd, kNow).ok());
  CHECK_FALSE(guard.Admit("97", kEnd, kNow).ok());
  CHECK(guard.Admit("96", kEnd, kNow).ok());
}

TEST_CASE("A guard of nothing refuses nothing", "[replay]") {
  ReplayGuard guard(0);
  CHECK(guard.Admit("a", kEnd, kNow).ok());
  CHECK(guard.Admit("a", kEnd, kNow).ok());
  CHECK(guard.size() == 0);
}

}  // namespace
}  // namespace certwright
