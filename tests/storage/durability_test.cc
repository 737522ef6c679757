// What was answered survives the process, and nothing is there by half.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/crypto/sealer.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"
#include "storage/sqlite_store.h"
#include "tests/support/fakes.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

constexpr AccountId kAccount = {100000000001};
constexpr std::size_t kIdLength = 8;
const absl::Time kNow = absl::FromUnixSeconds(1767229261);

// Everything that one order leaves behind.
absl::Status WriteOne(Store& store, const std::string& id) {
  return store.Write([&](Transaction& transaction) -> absl::Status {
    Certificate one = {.account = kAccount, .id = {id}, .package_type = 83, .inserted = kNow};
    RETURN_IF_ERROR(transaction.InsertCertificate(one, "example.com"));
    RETURN_IF_ERROR(transaction.PutBody(kAccount, one.id, {.csr_der = id}));
    RETURN_IF_ERROR(transaction.PutKeyMaterial(kAccount, one.id, {.private_key_der = id}));
    RETURN_IF_ERROR(transaction.PutJob({.account = kAccount, .certificate = one.id, .due = kNow}));
    return transaction.AppendOperateLog(
        {.account = kAccount, .type = "apply", .certificate_id = id, .time = kNow});
  });
}

// Writes until it is killed, and tells each answered id over the pipe.
[[noreturn]] void WriteStorm(const std::string& path, const Sealer& sealer, int pipe) {
  auto store = OpenSqliteStore({.path = path}, sealer);
  if (!store.ok()) _exit(1);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0;; ++i) {
        const std::string id = absl::StrCat("t", thread, "x", 10000 + i);
        if (!WriteOne(**store, id).ok()) _exit(2);
        if (write(pipe, id.data(), kIdLength) != static_cast<ssize_t>(kIdLength)) _exit(3);
      }
    });
  }
  for (std::thread& each : threads) each.join();
  _exit(0);
}

// Kills the storm after `count` answers and returns all that it gave.
std::set<std::string> KillAmidStorm(const std::string& path, const Sealer& sealer,
                                    std::size_t count) {
  int ends[2] = {};
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) WriteStorm(path, sealer, ends[1]);
  close(ends[1]);
  std::set<std::string> answered;
  char id[kIdLength];
  while (read(ends[0], id, kIdLength) == static_cast<ssize_t>(kIdLength)) {
    answered.emplace(id, kIdLength);
    if (answered.size() == count) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return answered;
}

}  // namespace

TEST_CASE("a killed process leaves every answered write whole, and no half of another",
          "[durability]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);

  const std::set<std::string> answered = KillAmidStorm(folder.Path("certwright.db"), sealer, 300);

  const auto store = *OpenSqliteStore({.path = folder.Path("certwright.db")}, sealer);
  std::set<std::string> stored;
  const absl::Status status = store->Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const CertificatePage page,
                     snapshot.ListCertificates(kAccount, {.limit = 1'000'000}));
    ASSIGN_OR_RETURN(const OperateLogPage log, snapshot.ListOperateLog(kAccount, {}));
    ASSIGN_OR_RETURN(const std::int64_t free, snapshot.CountFree(kAccount));
    CHECK(page.total == static_cast<std::int64_t>(page.certificates.size()));
    CHECK(log.total == page.total);
    CHECK(free == page.total);
    for (const Certificate& one : page.certificates) {
      stored.insert(one.id.value);
      ASSIGN_OR_RETURN(const CertificateBody body, snapshot.FindBody(kAccount, one.id));
      ASSIGN_OR_RETURN(const KeyMaterial key, snapshot.FindKeyMaterial(kAccount, one.id));
      CHECK(body.csr_der == one.id.value);
      CHECK(key.private_key_der == one.id.value);
    }
    return absl::OkStatus();
  });
  REQUIRE(status.ok());
  for (const std::string& id : answered) CHECK(stored.count(id) == 1);
  std::size_t jobs = 0;
  REQUIRE(store
              ->Write([&](Transaction& transaction) -> absl::Status {
                ASSIGN_OR_RETURN(const auto claimed,
                                 transaction.ClaimJobs(kNow, kNow + absl::Hours(1), 1'000'000, {}));
                jobs = claimed.size();
                return absl::OkStatus();
              })
              .ok());
  CHECK(jobs == stored.size());
  const auto connection = *OpenSqliteConnection(folder.Path("certwright.db"));
  CHECK(VerifyOperateLog(*connection, kAccount).ok());
  std::string integrity;
  REQUIRE(connection
              ->Run("PRAGMA integrity_check", {},
                    [&](const Row& row) {
                      integrity = row.Bytes(0);
                      return absl::OkStatus();
                    })
              .ok());
  CHECK(integrity == "ok");
}

TEST_CASE("two stores on one file write at the same time", "[durability]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  const auto first = *OpenSqliteStore({.path = folder.Path("certwright.db")}, sealer);
  const auto second = *OpenSqliteStore({.path = folder.Path("certwright.db")}, sealer);
  constexpr int kEach = 40;
  int failures[2] = {};
  const auto write_all = [&](Store& store, int number) {
    for (int i = 0; i < kEach; ++i) {
      if (!WriteOne(store, absl::StrCat("s", number, "x", 10000 + i)).ok()) ++failures[number];
    }
  };

  std::thread other([&] { write_all(*second, 1); });
  write_all(*first, 0);
  other.join();

  CHECK(failures[0] == 0);
  CHECK(failures[1] == 0);
  REQUIRE(first
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                CHECK(snapshot.ListCertificates(kAccount, {})->total == 2 * kEach);
                return absl::OkStatus();
              })
              .ok());
  CHECK(VerifyOperateLog(**OpenSqliteConnection(folder.Path("certwright.db")), kAccount).ok());
}

TEST_CASE("a store that is let go leaves one whole file", "[durability]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  {
    const auto store = *OpenSqliteStore({.path = folder.Path("certwright.db")}, sealer);
    REQUIRE(WriteOne(*store, "aaaaaaaa").ok());
  }
  // The log is folded into the database: one file is the whole store.
  CHECK_FALSE(std::filesystem::exists(folder.Path("certwright.db") + "-wal"));
  const auto store = *OpenSqliteStore({.path = folder.Path("certwright.db")}, sealer);
  REQUIRE(store
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                CHECK(snapshot.FindCertificate(kAccount, {"aaaaaaaa"})->has_value());
                return absl::OkStatus();
              })
              .ok());
}

}  // namespace certwright
