#include "core/worker.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/blocking_validator.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

struct Scene {
  explicit Scene(Worker::Limits limits)
      : worker(*engine.store, orders, engine.certificates, engine.clock, limits, {}) {}

  void Apply(AccountId account, const std::string& domain) {
    FreeApplication application = engine.Application(domain);
    application.account = account;
    REQUIRE(orders.Apply(application).ok());
  }
  // A job that waits for nobody: there is nothing left to do.
  void PutQuickJob(JobKind kind) {
    REQUIRE(engine.store
                ->Write([&](Transaction& transaction) {
                  return transaction.PutJob({.kind = kind,
                                             .account = kAccount,
                                             .certificate = {"gone"},
                                             .due = engine.clock.Now()});
                })
                .ok());
  }

  Engine engine;
  BlockingValidator validator;
  OrderService orders{*engine.store,   *engine.ca,   engine.keys,   validator,
                      engine.suffixes, engine.clock, engine.random, engine.settings};
  Worker worker;
};

}  // namespace

TEST_CASE("domains that do not answer hold neither all threads nor other accounts' jobs",
          "[worker]") {
  Worker::Limits limits;
  int running = 0;
  SECTION("one of an account, however much room there is") {
    limits = {.validations = 10, .validations_per_account = 1};
    running = 2;
  }
  SECTION("as many in all as there is room for") {
    limits = {.validations = 1, .validations_per_account = 10};
    running = 1;
  }
  Scene scene(limits);
  for (const char* domain : {"a.example.com", "b.example.com"}) scene.Apply(kAccount, domain);
  scene.Apply(kOther, "c.example.com");
  scene.engine.clock.Advance(scene.engine.settings.first_recheck);
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < running; ++i) {
    threads.emplace_back([&] { done += *scene.worker.Step(); });
  }
  scene.validator.AwaitBegun(running);

  CHECK(*scene.worker.Step() == 0);
  // Not what is due and skipped: the leases of those that run.
  CHECK(**scene.worker.NextDue() > scene.engine.clock.Now());
  for (const JobKind kind : {JobKind::kIssue, JobKind::kExpire}) {
    scene.PutQuickJob(kind);
    CHECK(*scene.worker.NextDue() == scene.engine.clock.Now());
    CHECK(*scene.worker.Step() == 1);
  }

  scene.validator.Release();
  for (std::thread& thread : threads) thread.join();
  CHECK(done == running);
  CHECK(*scene.worker.NextDue() == scene.engine.clock.Now());
  for (int left = 3 - running; left > 0; --left) CHECK(*scene.worker.Step() == 1);
  CHECK(*scene.worker.Step() == 0);
}

TEST_CASE("a cancelled order gives back its place only when its probe has ended", "[worker]") {
  Scene scene({.validations = 1, .validations_per_account = 1});
  scene.Apply(kAccount, "a.example.com");
  scene.engine.clock.Advance(scene.engine.settings.first_recheck);
  std::thread thread([&] { (void)scene.worker.Step(); });
  scene.validator.AwaitBegun(1);
  const CertificateId id = scene.engine.Jobs().at(0).certificate;
  REQUIRE(scene.orders.CancelOrder(kAccount, id).ok());
  scene.Apply(kAccount, "b.example.com");
  scene.engine.clock.Advance(scene.engine.settings.first_recheck);

  CHECK(*scene.worker.Step() == 0);
  scene.validator.Release();
  thread.join();
  CHECK(*scene.worker.Step() == 1);
}

TEST_CASE("limits leave a thread to jobs that wait for nobody, where there are two", "[worker]") {
  const auto limits_for = [](int threads) {
    const Worker::Limits limits = Worker::Limits::For(threads);
    return std::pair(limits.validations, limits.validations_per_account);
  };
  CHECK(limits_for(1) == std::pair(1, 1));
  CHECK(limits_for(2) == std::pair(1, 1));
  CHECK(limits_for(4) == std::pair(3, 2));
  CHECK(limits_for(64) == std::pair(63, 62));
}

}  // namespace certwright
