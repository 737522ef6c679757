// Deletions as tasks, and many at a time.
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/error.h"
#include "tests/support/engine.h"
#include "tests/support/made_certificates.h"

namespace certwright {
namespace {

using Ids = std::vector<CertificateId>;
using Status = DeleteTaskStatus;

struct Scene {
  explicit Scene(Settings settings = {}) : engine(std::move(settings)) {}

  CertificateId Upload() {
    static const Made leaf = Make("leaf.example.com", nullptr);
    return engine.certificates
        .Upload({.account = kAccount, .public_pem = leaf.pem(), .private_pem = leaf.key_pem()})
        ->id;
  }
  std::string Begin(const CertificateId& id) {
    return *engine.certificates.BeginDelete(kAccount, id);
  }
  DeleteTask Task(const std::string& task) {
    return (*engine.certificates.FindDeleteTasks(kAccount, {task})).front();
  }
  bool Exists(const CertificateId& id) { return !engine.Find(id).id.value.empty(); }
  long Deletions() {
    const std::vector<std::string> types = engine.LogTypes();
    return std::count(types.begin(), types.end(), "delete");
  }

  Engine engine;
};

}  // namespace

TEST_CASE("a task deletes what nothing is bound to, once", "[task]") {
  Scene scene;
  const CertificateId id = scene.Upload();

  const std::string task = scene.Begin(id);

  CHECK(scene.Begin(id) == task);  // the one that runs
  CHECK(task.find_first_not_of("0123456789") == std::string::npos);
  CHECK(scene.Task(task).status == Status::kRunning);
  CHECK_FALSE(scene.Task(task).checked.has_value());
  CHECK(scene.Exists(id));
  CHECK(scene.Deletions() == 0);
  scene.engine.RunDueJobs();
  CHECK(scene.Task(task).status == Status::kDeleted);
  CHECK(scene.Task(task).certificate == id);
  CHECK(scene.Task(task).checked == scene.engine.clock.Now());
  CHECK(scene.Task(task).error.empty());
  CHECK_FALSE(scene.Exists(id));
  CHECK(scene.Deletions() == 1);
  CHECK(scene.engine.RunDueJobs() == 0);
}

TEST_CASE("a task ends with the code that a plain deletion is refused with", "[task]") {
  Scene scene;
  const CertificateId issued = scene.engine.Issue("a.example.com");
  const std::string young = scene.Begin(issued);
  scene.engine.RunDueJobs();
  CHECK(scene.Task(young).status == Status::kFailed);
  CHECK(scene.Task(young).error == "FailedOperation.CannotBeDeletedWithinHour");
  scene.engine.clock.Advance(absl::Hours(1));
  const std::string second = scene.Begin(issued);
  CHECK(second != young);
  scene.engine.RunDueJobs();
  CHECK(scene.Task(second).error == "FailedOperation.CannotBeDeletedIssued");
  CHECK(scene.Exists(issued));
  CHECK(scene.Deletions() == 0);
}

TEST_CASE("a plain deletion ends the task that was to do it", "[task]") {
  Scene scene;
  const CertificateId id = scene.Upload();
  const std::string task = scene.Begin(id);
  REQUIRE(scene.engine.certificates.Delete(kAccount, id).ok());
  CHECK(scene.Task(task).status == Status::kDeleted);
  CHECK(scene.engine.RunDueJobs() == 0);
  CHECK(scene.Deletions() == 1);
}

TEST_CASE("a task whose process dies is brought to its end by the next", "[task]") {
  Scene scene;
  const CertificateId id = scene.Upload();
  const std::string task = scene.Begin(id);
  DyingStore dying(*scene.engine.store);
  dying.writes_left = GENERATE(0, 1);
  dying.dies_after_commit = GENERATE(false, true);
  CertificateService certificates(dying, scene.engine.suffixes, scene.engine.clock,
                                  scene.engine.random, scene.engine.settings);
  Worker worker(dying, scene.engine.orders, certificates, scene.engine.clock);
  CHECK_FALSE(worker.Step().ok());

  REQUIRE(scene.engine.store
              ->Write([](Transaction& transaction) { return transaction.ReleaseLeases(); })
              .ok());
  scene.engine.RunDueJobs();

  CHECK(scene.Task(task).status == Status::kDeleted);
  CHECK(scene.Deletions() == 1);
}

TEST_CASE("without the service role no resource check is made", "[task]") {
  Settings settings;
  settings.has_service_role = false;
  Scene scene(settings);
  const CertificateId id = scene.Upload();
  CHECK(ErrorOf(scene.engine.certificates.BeginDelete(kAccount, id).status()) ==
        ApiError::kFailedOperationRoleNotFoundAuthorization);
  const BatchDelete batch = *scene.engine.certificates.DeleteMany(kAccount, {id}, true);
  scene.engine.RunDueJobs();
  CHECK(scene.Task(batch.tasks.front().task).status == Status::kRoleMissing);
  CHECK(scene.Task(batch.tasks.front().task).error == "FailedOperation.RoleNotFoundAuthorization");
  CHECK(scene.Exists(id));
}

TEST_CASE("what the look for resources found is the task's end", "[task]") {
  const absl::Time now = absl::FromUnixSeconds(1767229261);
  DeleteTask task;
  REQUIRE(NoteResources(std::vector<BoundResource>(), now, task).ok());
  CHECK(task.status == Status::kRunning);
  CHECK(task.checked == now);
  REQUIRE(NoteResources(std::vector<BoundResource>{{.domain = "a.example.com"}}, now, task).ok());
  CHECK(task.status == Status::kStillBound);
  CHECK(task.error == "FailedOperation.DeleteResourceFailed");
  CHECK(task.domains == std::vector<std::string>{"a.example.com"});
  task = {};
  REQUIRE(NoteResources(absl::DeadlineExceededError("slow"), now, task).ok());
  CHECK(task.status == Status::kScanTimedOut);
  CHECK_FALSE(NoteResources(absl::InternalError("broken"), now, task).ok());
}

TEST_CASE("tasks are their account's own, and need its certificates", "[task]") {
  Scene scene;
  const CertificateId id = scene.Upload();
  const std::string task = scene.Begin(id);
  const auto find = [&](AccountId account, const std::string& which) {
    return ErrorOf(scene.engine.certificates.FindDeleteTasks(account, {task, which}).status());
  };
  CHECK_FALSE(find(kAccount, task).has_value());
  CHECK(find(kOther, task) == ApiError::kFailedOperation);
  CHECK(find(kAccount, "0" + task) == ApiError::kFailedOperation);
  for (const auto& [account, which] :
       {std::pair(kOther, id), std::pair(kAccount, CertificateId{"zzzzzzzz"})}) {
    CHECK(ErrorOf(scene.engine.certificates.BeginDelete(account, which).status()) ==
          ApiError::kFailedOperationCertificateNotFound);
  }
}

TEST_CASE("of many, each is deleted or told why not", "[batch]") {
  Scene scene;
  const CertificateId upload = scene.Upload();
  const CertificateId young = scene.engine.Apply("a.example.com");
  const CertificateId unknown = {"zzzzzzzz"};

  const BatchDelete batch =
      *scene.engine.certificates.DeleteMany(kAccount, {young, upload, unknown, upload}, false);

  CHECK(batch.deleted == Ids{upload});
  REQUIRE(batch.refused.size() == 2);
  CHECK(batch.refused[0].id == young);
  CHECK(ErrorOf(batch.refused[0].why) == ApiError::kFailedOperationCannotBeDeletedWithinHour);
  CHECK(batch.refused[1].id == unknown);
  CHECK(ErrorOf(batch.refused[1].why) == ApiError::kFailedOperationCertificateNotFound);
  CHECK(batch.tasks.empty());
  CHECK(scene.Deletions() == 1);
  CHECK(scene.engine.certificates.DeleteMany(kOther, {young}, false)->refused.size() == 1);
  CHECK(scene.Exists(young));
}

TEST_CASE("of many, each becomes a task", "[batch]") {
  Scene scene;
  const CertificateId upload = scene.Upload();
  const CertificateId young = scene.engine.Apply("a.example.com");

  const BatchDelete batch =
      *scene.engine.certificates.DeleteMany(kAccount, {young, {"zzzzzzzz"}, upload, young}, true);

  CHECK(batch.deleted.empty());
  CHECK(batch.refused.size() == 1);
  REQUIRE(batch.tasks.size() == 2);
  scene.engine.RunDueJobs();
  CHECK(scene.Task(batch.tasks[0].task).status == Status::kFailed);
  CHECK(scene.Task(batch.tasks[1].task).status == Status::kDeleted);
  CHECK(batch.tasks[1].id == upload);
}

TEST_CASE("at most 100 are deleted at a time", "[batch]") {
  Scene scene;
  CHECK(scene.engine.certificates.DeleteMany(kAccount, Ids(100, {"zzzzzzzz"}), false).ok());
  for (const bool as_tasks : {false, true}) {
    CHECK(ErrorOf(scene.engine.certificates.DeleteMany(kAccount, Ids(101, {"zzzzzzzz"}), as_tasks)
                      .status()) ==
          ApiError::kFailedOperationCertificateSyncTaskCertificateIdCountInvalid);
  }
}

}  // namespace certwright
