#include "core/expiry_notices.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// An engine whose notices go to `told`.
struct Scene {
  Engine engine = Engine();
  ExpiryNotices notices{*engine.store, engine.notifier, engine.clock, "https://hooks.example.com"};

  Scene() {
    engine.worker.On(JobKind::kNotice, [this](const Job& job) { return notices.RunNotice(job); });
  }
  std::size_t ToldAt(absl::Time time) {
    engine.clock.Advance(time - engine.clock.Now());
    engine.RunDueJobs();
    return engine.notifier.told.size();
  }
};

}  // namespace

TEST_CASE("a certificate is told of at 30, 15, 7 and no days, once each", "[notices]") {
  Scene scene;
  const CertificateId id = scene.engine.Issue("a.example.com");
  const absl::Time end = *scene.engine.Find(id).not_after;
  const absl::Duration before[] = {29 * kDay, 15 * kDay, 7 * kDay, absl::ZeroDuration()};
  const int days[] = {30, 15, 7, 0};

  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(scene.ToldAt(end - before[i] - absl::Seconds(1)) == i);
    REQUIRE(scene.ToldAt(end - before[i]) == i + 1);
    CHECK(absl::StrContains(scene.engine.notifier.told[i].second,
                            absl::StrCat("\"Days\":", days[i], ",")));
    CHECK(absl::StrContains(scene.engine.notifier.told[i].second, id.value));
  }
  CHECK(scene.ToldAt(end + 40 * kDay) == 4);
}

TEST_CASE("a muted certificate is not told of, and is again when it is not muted", "[notices]") {
  Scene scene;
  const CertificateId id = scene.engine.Issue("a.example.com");
  const absl::Time end = *scene.engine.Find(id).not_after;
  REQUIRE(scene.engine.certificates.SetIgnored(kAccount, {id}, true).ok());
  CHECK(scene.ToldAt(end - 20 * kDay) == 0);
  REQUIRE(scene.engine.certificates.SetIgnored(kAccount, {id}, false).ok());
  CHECK(scene.ToldAt(end - 16 * kDay) == 0);
  CHECK(scene.ToldAt(end - 15 * kDay) == 1);
}

TEST_CASE("of notices that passed while nobody ran, the last is told", "[notices]") {
  Scene scene;
  const CertificateId id = scene.engine.Issue("a.example.com");
  const absl::Time end = *scene.engine.Find(id).not_after;
  REQUIRE(scene.ToldAt(end - 6 * kDay) == 1);
  CHECK(absl::StrContains(scene.engine.notifier.told[0].second, "\"Days\":7,"));
}

TEST_CASE("a webhook that is down hears later, once", "[notices]") {
  Scene scene;
  const CertificateId id = scene.engine.Issue("a.example.com");
  const absl::Time end = *scene.engine.Find(id).not_after;
  scene.engine.notifier.answer = absl::UnavailableError("down");
  CHECK(scene.ToldAt(end - 15 * kDay) == 0);
  scene.engine.notifier.answer = absl::OkStatus();
  CHECK(scene.ToldAt(end - 15 * kDay + absl::Hours(1)) == 1);
  CHECK(scene.ToldAt(end - 14 * kDay) == 1);
}

TEST_CASE("what is revoked or deleted is not told of", "[notices]") {
  Scene scene;
  const CertificateId id = scene.engine.Issue("a.example.com");
  Certificate row = scene.engine.Find(id);
  const absl::Time end = *row.not_after;
  row.status = CertificateStatus::kRevoked;
  REQUIRE(scene.engine.store
              ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(row); })
              .ok());
  CHECK(scene.ToldAt(end + kDay) == 0);
}

}  // namespace certwright
