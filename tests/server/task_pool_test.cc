#include "server/task_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"

namespace certwright {
namespace {

TEST_CASE("What is queued runs before the pool goes", "[task_pool]") {
  std::atomic<int> done = 0;
  {
    TaskPool pool(2, 1000);
    for (int i = 0; i < 1000; ++i) REQUIRE(pool.Run([&done] { ++done; }));
  }
  CHECK(done == 1000);
}

TEST_CASE("Tasks run side by side, up to the limit of threads", "[task_pool]") {
  absl::BlockingCounter all_run(3);
  absl::Notification release;
  std::atomic<bool> has_run_beyond = false;
  TaskPool pool(3, 10);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pool.Run([&] {
      all_run.DecrementCount();
      release.WaitForNotification();
    }));
  }

  all_run.Wait();  // would never end with fewer threads

  REQUIRE(pool.Run([&] { has_run_beyond = true; }));
  CHECK_FALSE(has_run_beyond);
  release.Notify();
}

TEST_CASE("A full queue takes nothing", "[task_pool]") {
  absl::Notification started;
  absl::Notification release;
  std::atomic<int> done = 0;
  auto held = std::make_shared<int>(0);
  {
    TaskPool pool(1, 2);
    REQUIRE(pool.Run([&] {
      started.Notify();
      release.WaitForNotification();
    }));
    started.WaitForNotification();
    REQUIRE(pool.Run([&] { ++done; }));
    REQUIRE(pool.Run([&] { ++done; }));

    CHECK_FALSE(pool.Run([&done, held] { ++done; }));
    CHECK(held.use_count() == 1);
    release.Notify();
  }
  CHECK(done == 2);
}

}  // namespace
}  // namespace certwright
