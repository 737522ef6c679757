#include "storage/group_writer.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/crypto/sealer.h"
#include "core/status_macros.h"
#include "storage/migrate.h"
#include "storage/sqlite_connection.h"
#include "tests/storage/watched_connection.h"
#include "tests/support/fakes.h"

namespace certwright {
namespace {

// A writer whose connection the test watches, and whose units the test makes wait together.
class Written {
 public:
  explicit Written(WatchedConnection::Watch watch, GroupWriter::Options options = {})
      : writer_(Open(std::move(watch)), sealer_, std::move(options)) {}

  // Writes all `units` while the writer is busy, so that they wait in this order.
  std::vector<absl::Status> WriteTogether(const std::vector<GroupWriter::Work>& units) {
    absl::Notification is_writing;
    absl::Notification may_end;
    std::thread first([&] {
      (void)writer_.Write([&](Transaction&) {
        is_writing.Notify();
        may_end.WaitForNotification();
        return absl::OkStatus();
      });
    });
    is_writing.WaitForNotification();
    std::vector<absl::Status> statuses(units.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < units.size(); ++i) {
      threads.emplace_back([&, i] { statuses[i] = writer_.Write(units[i]); });
      writer_.AwaitQueued(i + 1);
    }
    may_end.Notify();
    first.join();
    for (std::thread& thread : threads) thread.join();
    return statuses;
  }

  bool IsStored(absl::string_view name) {
    bool is_stored = false;
    REQUIRE(writer_
                .Write([&](Transaction& transaction) -> absl::Status {
                  ASSIGN_OR_RETURN(const auto found, transaction.FindSetting(name));
                  is_stored = found.has_value();
                  return absl::OkStatus();
                })
                .ok());
    return is_stored;
  }

 private:
  static std::unique_ptr<Connection> Open(WatchedConnection::Watch watch) {
    auto connection = *OpenSqliteConnection(":memory:");
    REQUIRE(Migrate(*connection).ok());
    return std::make_unique<WatchedConnection>(std::move(connection), std::move(watch));
  }

  SeededRandom random_;
  Sealer sealer_{std::string(32, 'k'), random_};

 public:
  GroupWriter writer_;
};

GroupWriter::Work Put(const std::string& name, absl::Status then = absl::OkStatus()) {
  return [name, then](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.PutSetting(name, "value"));
    return then;
  };
}

const auto kNothing = [](const std::string&, const Values&, Connection&) {
  return absl::OkStatus();
};

}  // namespace

TEST_CASE("what waits together is committed together, each on its own", "[writer]") {
  int commits = 0;
  Written written([&](const std::string& sql, const Values&, Connection&) {
    if (sql == "COMMIT") ++commits;
    return absl::OkStatus();
  });
  std::vector<GroupWriter::Work> units;
  constexpr int kUnits = 20;
  for (int i = 0; i < kUnits; ++i) {
    units.push_back(
        Put(absl::StrCat("s", i), i % 2 == 0 ? absl::OkStatus() : absl::AbortedError("odd")));
  }

  const std::vector<absl::Status> statuses = written.WriteTogether(units);

  CHECK(commits == 2);  // the one they waited for, and theirs
  for (int i = 0; i < kUnits; ++i) {
    const absl::Status& status = statuses[static_cast<std::size_t>(i)];
    CHECK(status.ok() == (i % 2 == 0));
    CHECK(written.IsStored(absl::StrCat("s", i)) == status.ok());
  }
}

TEST_CASE("a group is no larger than it may be", "[writer]") {
  int commits = 0;
  Written written(
      [&](const std::string& sql, const Values&, Connection&) {
        if (sql == "COMMIT") ++commits;
        return absl::OkStatus();
      },
      {.max_group = 2});

  const auto statuses = written.WriteTogether({Put("a"), Put("b"), Put("c"), Put("d"), Put("e")});

  CHECK(commits == 4);
  for (const absl::Status& status : statuses) CHECK(status.ok());
}

TEST_CASE("when the commit fails, nobody is told otherwise", "[writer]") {
  int commits = 0;
  Written written([&](const std::string& sql, const Values&, Connection&) {
    if (sql == "COMMIT" && ++commits == 2) return absl::UnavailableError("no disk");
    return absl::OkStatus();
  });

  const auto statuses =
      written.WriteTogether({Put("a"), Put("b", absl::AbortedError("own reason")), Put("c")});

  CHECK(statuses[0].message() == "no disk");
  CHECK(statuses[1].message() == "own reason");
  CHECK(statuses[2].message() == "no disk");
  CHECK_FALSE(written.IsStored("a"));
  CHECK_FALSE(written.IsStored("c"));
  CHECK(written.writer_.Write(Put("d")).ok());
}

TEST_CASE("when the database drops the transaction, nothing of the group stays", "[writer]") {
  bool is_armed = true;
  Written written([&](const std::string& sql, const Values& values, Connection& real) {
    const bool is_bad =
        is_armed && absl::StrContains(sql, "INSERT INTO setting") && values[0].bytes() == "bad";
    if (!is_bad) return absl::OkStatus();
    is_armed = false;
    REQUIRE(real.Run("ROLLBACK").ok());  // as SQLite does by itself when a write fails
    return absl::UnavailableError("disk full");
  });

  const auto statuses = written.WriteTogether({Put("a"), Put("bad"), Put("c")});

  CHECK(statuses[0].code() == absl::StatusCode::kUnavailable);
  CHECK(statuses[1].message() == "disk full");
  CHECK(statuses[2].code() == absl::StatusCode::kUnavailable);
  CHECK_FALSE(written.IsStored("a"));
  CHECK_FALSE(written.IsStored("c"));
  CHECK(written.writer_.Write(Put("bad")).ok());
}

TEST_CASE("with a full disk, what is told is what is stored", "[writer]") {
  Written written(kNothing);
  REQUIRE(written.writer_.connection().RunScript("PRAGMA max_page_count = 200").ok());
  std::vector<GroupWriter::Work> units;
  constexpr int kUnits = 12;
  for (int i = 0; i < kUnits; ++i) {
    units.push_back([i](Transaction& transaction) {
      return transaction.PutSetting(absl::StrCat("s", i), std::string(100'000, 'x'));
    });
  }

  const auto statuses = written.WriteTogether(units);

  int refused = 0;
  for (int i = 0; i < kUnits; ++i) {
    const absl::Status& status = statuses[static_cast<std::size_t>(i)];
    refused += status.ok() ? 0 : 1;
    CHECK(written.IsStored(absl::StrCat("s", i)) == status.ok());
  }
  CHECK(refused > 0);
}

TEST_CASE("new jobs wake the scheduler once their commit is done, and claims do not", "[writer]") {
  int wakes = 0;
  Written written(kNothing, {.on_jobs = [&wakes] { ++wakes; }});
  const Job job = {.account = {1}, .certificate = {"aaaaaaaa"}, .due = absl::FromUnixSeconds(1)};
  const auto write = [&](const GroupWriter::Work& work) { (void)written.writer_.Write(work); };
  // The wake follows the answer, on the same thread: the next write comes after it.
  const auto wakes_now = [&] {
    write([](Transaction&) { return absl::OkStatus(); });
    return wakes;
  };

  write(Put("a"));
  CHECK(wakes_now() == 0);
  write([&](Transaction& transaction) { return transaction.PutJob(job); });
  CHECK(wakes_now() == 1);
  write([&](Transaction& transaction) -> absl::Status {
    return transaction.ClaimJobs(absl::FromUnixSeconds(2), absl::FromUnixSeconds(3), 5, {})
        .status();
  });
  CHECK(wakes_now() == 1);
  write([&](Transaction& transaction) { return transaction.ReleaseLeases(); });
  CHECK(wakes_now() == 2);
  write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.PutJob(job));
    return absl::AbortedError("undone");
  });
  CHECK(wakes_now() == 2);
}

TEST_CASE("a full queue answers at once", "[writer]") {
  Written written(kNothing, {.max_queued = 0});
  CHECK(written.writer_.Write(Put("a")).code() == absl::StatusCode::kResourceExhausted);
}

}  // namespace certwright
