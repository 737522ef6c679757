#include "core/caller_probes.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "tests/support/blocking_validator.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using S = CertificateStatus;

const CertificateId kId = {"aaaaaaaa"};
const std::vector<Probe> kPassed = {{.result = Probe::Result::kPassed, .means = "dns"}};

// Threads that wait for another's probe are seen from here alone.
void AwaitSharers(const CallerProbes& probes, int count) {
  while (probes.sharers() < count) std::this_thread::yield();
}

struct Scene {
  Engine engine;
  BlockingValidator validator;
  OrderService orders{*engine.store,   *engine.ca,   engine.keys,   validator,
                      engine.suffixes, engine.clock, engine.random, engine.settings};
};

}  // namespace

TEST_CASE("an account has its seats, and the process has no more than all", "[probes]") {
  CallerProbes probes({.in_all = 3, .per_account = 2});
  auto first = probes.TakeSeat(kAccount);
  auto second = probes.TakeSeat(kAccount);
  REQUIRE(first);
  REQUIRE(second);
  CHECK_FALSE(probes.TakeSeat(kAccount));

  auto other = probes.TakeSeat(kOther);
  REQUIRE(other);
  CHECK_FALSE(probes.TakeSeat(kOther));

  first.reset();
  CHECK_FALSE(probes.TakeSeat(AccountId{7}) == std::nullopt);
  CHECK(probes.TakeSeat(kAccount));
}

TEST_CASE("a seat that was moved is given back once", "[probes]") {
  CallerProbes probes({.in_all = 1, .per_account = 1});
  {
    CallerProbes::Seat seat = *probes.TakeSeat(kAccount);
    const CallerProbes::Seat moved = std::move(seat);
    CHECK_FALSE(probes.TakeSeat(kAccount));
  }
  const auto again = probes.TakeSeat(kAccount);
  CHECK(again);
  CHECK_FALSE(probes.TakeSeat(kOther));
}

TEST_CASE("who asks for a certificate that is being probed gets that probe's answer", "[probes]") {
  CallerProbes probes({});
  CallerProbes::Result expected = kPassed;
  SECTION("passed") {}
  SECTION("failed") { expected = absl::UnavailableError("down"); }
  int runs = 0;
  absl::Notification release;
  const auto ask = [&] {
    return probes.Share(kAccount, kId, [&] {
      ++runs;
      release.WaitForNotification();
      return expected;
    });
  };
  std::vector<CallerProbes::Result> results(3, absl::UnknownError("none"));
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = ask(); });
  AwaitSharers(probes, 2);

  const auto of_another = probes.Share(kOther, kId, [] { return kPassed; });
  CHECK(of_another.ok());
  release.Notify();
  for (std::thread& thread : threads) thread.join();

  CHECK(runs == 1);
  for (const auto& result : results) CHECK(result.status() == expected.status());
  (void)ask();
  CHECK(runs == 2);
}

TEST_CASE("one account's silent domains leave room for others, and for its own other calls",
          "[orders][probes]") {
  Scene scene;
  std::vector<CertificateId> hanging;
  for (int i = 0; i < 5; ++i) {
    hanging.push_back(scene.engine.Apply(absl::StrCat("n", i, ".example.com")));
  }
  FreeApplication application = scene.engine.Application("a.example.org");
  application.account = kOther;
  const CertificateId others = *scene.engine.orders.Apply(application);
  std::atomic<int> completed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { completed += scene.orders.Complete(kAccount, hanging[i]).ok(); });
  }
  scene.validator.AwaitBegun(4);

  // Answered, and not probed: neither this one, nor a share of what hangs.
  CHECK(scene.orders.Complete(kAccount, hanging[4]).ok());
  CHECK(scene.orders.Complete(kAccount, hanging[0]).ok());
  const auto checked = *scene.orders.CheckVerification(kAccount, hanging[4]);
  REQUIRE(checked.size() == 1);
  CHECK(checked[0].is_frequent);
  CHECK_FALSE(checked[0].is_issued);
  CHECK(checked[0].probe.reason == "too many probes are under way, try again soon");
  CHECK(ErrorOf(scene.orders.CheckVerification(kAccount, {"nosuchid"}).status()) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(scene.engine.Find(hanging[4]).status == S::kReviewing);
  CHECK(scene.validator.begun() == 4);

  threads.emplace_back([&] { completed += scene.orders.Complete(kOther, others).ok(); });
  scene.validator.AwaitBegun(5);
  scene.validator.Release({.result = Probe::Result::kPassed, .means = "dns"});
  for (std::thread& thread : threads) thread.join();
  CHECK(completed == 5);
  CHECK(scene.engine.Find(hanging[0]).status == S::kIssued);

  // What was not probed was not noted as such either.
  CHECK_FALSE((*scene.orders.CheckVerification(kAccount, hanging[4]))[0].is_frequent);
  CHECK(scene.engine.Find(hanging[4]).status == S::kIssued);
}

}  // namespace certwright
