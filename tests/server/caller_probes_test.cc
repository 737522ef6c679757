// Callers whose domains do not answer, and everybody else, in the server's pool of threads.
#include <atomic>
#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "server/task_pool.h"
#include "tests/support/blocking_validator.h"
#include "tests/support/test_server.h"

namespace certwright {
namespace {

constexpr int kThreads = 64;
constexpr int kOrders = 20;
constexpr int kSeats = 4;  // of one account

class Tally {
 public:
  void Add() {
    absl::MutexLock lock(&mutex_);
    ++count_;
  }
  void Await(int least) {
    const auto is_enough = [this, least]()
                               ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return count_ >= least; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&is_enough));
  }

 private:
  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_CASE("calls run while a caller's domains hang in as many calls as there are threads",
          "[actions][probes]") {
  TestServer server;
  BlockingValidator validator;
  Engine& engine = server.engine;
  OrderService orders(*engine.store, *engine.ca, engine.keys, validator, engine.suffixes,
                      engine.clock, engine.random, engine.settings);
  Services services = {.store = *engine.store,
                       .accounts = engine.accounts,
                       .orders = orders,
                       .certificates = engine.certificates,
                       .paid_orders = engine.paid_orders,
                       .reviews = engine.reviews,
                       .purchases = engine.purchases,
                       .refunds = engine.refunds,
                       .wallets = engine.wallets,
                       .bind_tasks = engine.bind_tasks,
                       .deployments = engine.deployments,
                       .csrs = engine.csrs,
                       .profiles = engine.profiles,
                       .zones = engine.zones,
                       .alarms = engine.alarms,
                       .clock = engine.clock,
                       .settings = engine.settings,
                       .trust = server.trust};
  std::vector<std::string> ids;
  for (int i = 0; i < kOrders; ++i) {
    ids.push_back(engine.Apply(absl::StrCat("n", i, ".example.com")).value);
  }
  const std::string action = GENERATE("CompleteCertificate", "CheckCertificateDomainVerification");
  std::atomic<int> failed = 0;
  Tally answered;
  absl::Notification is_listed;
  {
    TaskPool pool(kThreads, 1024);
    for (int i = 0; i < 3 * kThreads; ++i) {
      REQUIRE(pool.Run([&, id = ids[i % kOrders]] {
        const std::string input = absl::StrCat(R"({"CertificateId":")", id, R"("})");
        const auto answer = server.Ask(services, action, input);
        if (!answer.ok()) ++failed;
        answered.Add();
      }));
    }
    // All but those that hold a seat, although there are more calls than threads.
    answered.Await(3 * kThreads - kSeats);
    REQUIRE(pool.Run([&] {
      if (!server.Ask(services, "DescribeCertificates", "{}").ok()) ++failed;
      is_listed.Notify();
    }));
    is_listed.WaitForNotification();
    CHECK(validator.begun() <= kSeats);
    CHECK(validator.begun() >= 1);
    validator.Release();
  }
  CHECK(failed == 0);
}

}  // namespace
}  // namespace certwright
