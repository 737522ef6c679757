#include "core/bind_task_service.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

std::int64_t TaskOf(Engine& engine, const CertificateId& id, bool uses_cache) {
  return engine.bind_tasks.Create(kAccount, {id}, uses_cache)->front().id;
}

// The one that a test made by hand, not finished.
BindTask InsertRunning(Engine& engine, const CertificateId& id) {
  BindTask task;
  (void)engine.store->Write([&](Transaction& transaction) {
    task = {.account = kAccount, .certificate = id, .created = engine.clock.Now()};
    return transaction.InsertBindTask(task);
  });
  return task;
}

}  // namespace

TEST_CASE("a search is finished at once", "[bind_tasks]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");

  const std::vector<BindTask> tasks = *engine.bind_tasks.Create(kAccount, {id, id}, false);

  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].certificate == id);
  CHECK(tasks[0].finished == engine.clock.Now());
  const auto found = engine.bind_tasks.Find(kAccount, {absl::StrCat(tasks[0].id)}, "TaskIds");
  REQUIRE(found.ok());
  CHECK(found->front().certificate == id);
}

TEST_CASE("a search is taken from the cache up to 30 minutes old, if the caller says so",
          "[bind_tasks]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  const CertificateId other = engine.Apply("b.example.com");
  const std::int64_t first = TaskOf(engine, id, true);

  CHECK(TaskOf(engine, other, true) != first);
  engine.clock.Advance(absl::Minutes(30));
  CHECK(TaskOf(engine, id, true) == first);
  const std::int64_t second = TaskOf(engine, id, false);
  CHECK(second != first);
  CHECK(TaskOf(engine, id, true) == second);
  engine.clock.Advance(absl::Minutes(30) + absl::Seconds(1));
  CHECK(TaskOf(engine, id, true) != second);
}

TEST_CASE("a search that runs is always taken again", "[bind_tasks]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  const BindTask running = InsertRunning(engine, id);
  engine.clock.Advance(absl::Hours(5));
  CHECK(TaskOf(engine, id, false) == running.id);
  CHECK(TaskOf(engine, id, true) == running.id);
}

TEST_CASE("an unknown certificate among others makes no task", "[bind_tasks]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  CHECK(ErrorOf(engine.bind_tasks.Create(kAccount, {id, {"zzzzzzzz"}}, false).status()) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(ErrorOf(engine.bind_tasks.Create(kOther, {id}, false).status()) ==
        ApiError::kFailedOperationCertificateNotFound);
  CHECK(TaskOf(engine, id, false) == 1);
}

TEST_CASE("a search is forgotten after a day, and with its certificate", "[bind_tasks]") {
  Engine engine;
  const CertificateId id = engine.Apply("a.example.com");
  const std::string first = absl::StrCat(TaskOf(engine, id, false));
  engine.clock.Advance(absl::Hours(24));
  const std::string second = absl::StrCat(TaskOf(engine, id, false));
  CHECK(engine.bind_tasks.Find(kAccount, {first}, "TaskIds").ok());
  engine.clock.Advance(absl::Seconds(1));
  const std::string third = absl::StrCat(TaskOf(engine, id, false));
  CHECK_FALSE(engine.bind_tasks.Find(kAccount, {first}, "TaskIds").ok());
  CHECK(engine.bind_tasks.Find(kAccount, {second, third}, "TaskIds").ok());
  REQUIRE(engine.store
              ->Write([&](Transaction& transaction) {
                return transaction.DeleteCertificate(kAccount, id);
              })
              .ok());
  CHECK_FALSE(engine.bind_tasks.Find(kAccount, {third}, "TaskIds").ok());
}

TEST_CASE("only the ids that were given name tasks, to their account alone", "[bind_tasks]") {
  Engine engine;
  const std::int64_t task = TaskOf(engine, engine.Apply("a.example.com"), false);
  const std::string own = absl::StrCat(task);
  for (const std::string text : {"", "0", "-1", "2", "a", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(ErrorOf(engine.bind_tasks.Find(kAccount, {own, text}, "TaskIds").status()) ==
          ApiError::kFailedOperationCertificateSyncTaskIdInvalid);
  }
  CHECK_FALSE(engine.bind_tasks.Find(kAccount, {"0" + own}, "TaskIds").ok());
  CHECK_FALSE(engine.bind_tasks.Find(kAccount, {" " + own}, "TaskIds").ok());
  CHECK(ErrorOf(engine.bind_tasks.Find(kOther, {own}, "TaskIds").status()) ==
        ApiError::kFailedOperationCertificateSyncTaskIdInvalid);
}

}  // namespace certwright
