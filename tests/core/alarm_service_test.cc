#include "core/alarm_service.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

TEST_CASE("a rule tells once an interval of what ends within its days", "[alarms]") {
  Engine engine;
  const CertificateId id = engine.Issue("a.example.com");
  const std::string url = "https://hooks.example.com/x";
  REQUIRE(
      engine.alarms.Create({.account = kAccount, .days = 10, .interval_days = 2, .webhook = url})
          .ok());
  engine.RunDueJobs();
  CHECK(engine.notifier.told.empty());

  engine.clock.Advance(absl::Hours(24 * 80));
  engine.RunDueJobs();
  REQUIRE(engine.notifier.told.size() == 1);
  CHECK(engine.notifier.told[0].first == url);
  CHECK(absl::StrContains(engine.notifier.told[0].second, id.value));
  engine.clock.Advance(absl::Hours(47));
  engine.RunDueJobs();
  CHECK(engine.notifier.told.size() == 1);
  engine.clock.Advance(absl::Hours(1));
  engine.RunDueJobs();
  CHECK(engine.notifier.told.size() == 2);
}

TEST_CASE("a webhook that is down is tried again, and muted certificates are not told of",
          "[alarms]") {
  Engine engine;
  const CertificateId told = engine.Issue("a.example.com");
  const CertificateId muted = engine.Issue("b.example.com");
  REQUIRE(engine.certificates.SetIgnored(kAccount, {muted}, true).ok());
  REQUIRE(engine.alarms.Create({.account = kAccount, .days = 398}).ok());
  engine.notifier.answer = absl::UnavailableError("down");
  engine.RunDueJobs();
  CHECK(engine.notifier.told.empty());

  engine.notifier.answer = absl::OkStatus();
  engine.clock.Advance(absl::Hours(1));
  engine.RunDueJobs();

  REQUIRE(engine.notifier.told.size() == 1);
  CHECK(absl::StrContains(engine.notifier.told[0].second, told.value));
  CHECK_FALSE(absl::StrContains(engine.notifier.told[0].second, muted.value));
}

TEST_CASE("however many are muted, the others are told of", "[alarms]") {
  Engine engine;
  const CertificateId told = engine.Issue("a.example.com");
  const Certificate like = engine.Find(told);
  constexpr int kMuted = 1000;  // as many as one message tells of
  REQUIRE(engine.store
              ->Write([&](Transaction& transaction) -> absl::Status {
                for (int i = 0; i < kMuted; ++i) {
                  Certificate muted = like;
                  muted.id = {absl::StrCat("muted", i)};
                  muted.is_ignored = true;
                  muted.not_after = *like.not_after - absl::Hours(1);
                  const absl::Status inserted = transaction.InsertCertificate(muted, "example.com");
                  if (!inserted.ok()) return inserted;
                }
                return absl::OkStatus();
              })
              .ok());
  REQUIRE(engine.alarms.Create({.account = kAccount, .days = 398}).ok());

  engine.RunDueJobs();

  REQUIRE(engine.notifier.told.size() == 1);
  CHECK(absl::StrContains(engine.notifier.told[0].second, told.value));
}

TEST_CASE("a rule that is deleted tells no more, and another account cannot delete it",
          "[alarms]") {
  Engine engine;
  engine.Issue("a.example.com");
  const std::int64_t id = *engine.alarms.Create({.account = kAccount, .days = 398});

  CHECK(ErrorOf(engine.alarms.Delete(kOther, id)) == ApiError::kResourceNotFound);
  REQUIRE(engine.alarms.Delete(kAccount, id).ok());

  engine.RunDueJobs();
  CHECK(engine.notifier.told.empty());
}

TEST_CASE("a rule that makes no sense is refused", "[alarms]") {
  Engine engine;
  const auto create = [&](AlarmRule rule) {
    rule.account = kAccount;
    return ErrorOf(engine.alarms.Create(rule).status());
  };

  CHECK(create({.days = 0}) == ApiError::kInvalidParameterValue);
  CHECK(create({.days = 399}) == ApiError::kInvalidParameterValue);
  CHECK(create({.interval_days = 0}) == ApiError::kInvalidParameterValue);
  CHECK(create({.interval_days = 31}) == ApiError::kInvalidParameterValue);
  CHECK(create({.webhook = "ftp://example.com"}) == ApiError::kInvalidParameterValue);
  CHECK(create({.webhook = "http://example.com/a b"}) == ApiError::kInvalidParameterValue);
}

}  // namespace
}  // namespace certwright
