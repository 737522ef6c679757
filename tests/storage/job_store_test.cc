// Jobs, tasks and links: what is queued, and what is forgotten.
#include <catch2/catch.hpp>

#include "core/status_macros.h"
#include "tests/storage/stored.h"

namespace certwright {

TEST_CASE("a job is claimed by one, until its lease runs out", "[store]") {
  Stored stored(GENERATE(false, true));
  const CertificateId id = {"aaaaaaaa"};
  stored.Write([&](Transaction& transaction) {
    return transaction.PutJob({.account = kMine, .certificate = id, .due = kNow});
  });
  const auto claim = [&](absl::Time now) {
    std::vector<Job> jobs;
    stored.Write([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(jobs, transaction.ClaimJobs(now, now + absl::Seconds(60), 5, {}));
      return absl::OkStatus();
    });
    return jobs;
  };
  CHECK(claim(kNow - absl::Seconds(1)).empty());
  CHECK(claim(kNow).size() == 1);
  CHECK(claim(kNow + absl::Seconds(59)).empty());
  stored.Read([](Snapshot& snapshot) {
    CHECK(*snapshot.NextJobDue(kNow, {}) == kNow + absl::Seconds(60));
  });
  const std::vector<Job> again = claim(kNow + absl::Seconds(60));
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 2);
  stored.Write([](Transaction& transaction) { return transaction.ReleaseLeases(); });
  CHECK(claim(kNow + absl::Seconds(61)).size() == 1);
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(
        transaction.PutJob({.account = kMine, .certificate = id, .due = kNow + absl::Hours(1)}));
    return transaction.PutJob(
        {.kind = JobKind::kIssue, .account = kMine, .certificate = id, .due = kNow});
  });
  CHECK(claim(kNow + absl::Seconds(200)).size() == 1);
}

TEST_CASE("validations of skipped accounts are left, other jobs are not", "[store]") {
  Stored stored(GENERATE(false, true));
  const AccountId longer = {kMine.value * 10};  // a list of numbers must not match a part of one
  stored.Write([&](Transaction& transaction) -> absl::Status {
    for (const AccountId account : {kMine, longer}) {
      RETURN_IF_ERROR(
          transaction.PutJob({.account = account, .certificate = {"aaaaaaaa"}, .due = kNow}));
    }
    return transaction.PutJob({.kind = JobKind::kIssue,
                               .account = kMine,
                               .certificate = {"bbbbbbbb"},
                               .due = kNow - absl::Seconds(1)});
  });
  const auto claim = [&](const JobFilter& filter) {
    std::vector<std::pair<JobKind, AccountId>> claimed;
    stored.Write([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<Job> jobs,
                       transaction.ClaimJobs(kNow, kNow + absl::Seconds(60), 5, filter));
      claimed.clear();
      for (const Job& job : jobs) claimed.emplace_back(job.kind, job.account);
      return absl::OkStatus();
    });
    return claimed;
  };
  using Claimed = std::vector<std::pair<JobKind, AccountId>>;
  CHECK(claim({.skips_validations = true}) == Claimed{{JobKind::kIssue, kMine}});
  CHECK(claim({.skipped_accounts = {AccountId{7}, kMine}}) ==
        Claimed{{JobKind::kValidate, longer}});
  stored.Read([](Snapshot& snapshot) {
    const JobFilter mine = {.skipped_accounts = {kMine}};
    CHECK(*snapshot.NextJobDue(kNow, {}) == kNow);
    CHECK(*snapshot.NextJobDue(kNow, mine) == kNow + absl::Seconds(60));
    CHECK(*snapshot.NextJobDue(kNow - absl::Seconds(1), mine) == kNow);
  });
}

TEST_CASE("a job is returned by who holds it, while it stands", "[store]") {
  Stored stored(GENERATE(false, true));
  Job held = {.account = kMine,
              .certificate = {"aaaaaaaa"},
              .due = kNow,
              .lease_until = kNow + absl::Seconds(60)};
  Job again = held;
  again.due = kNow + absl::Seconds(5);
  again.lease_until = absl::InfinitePast();
  again.attempts = 3;
  const auto next_after_return = [&] {
    std::optional<absl::Time> due;
    stored.Write([&](Transaction& transaction) { return transaction.ReturnJob(held, again); });
    stored.Read([&](Snapshot& snapshot) { due = *snapshot.NextJobDue(kNow, {}); });
    return due;
  };
  CHECK(next_after_return() == std::nullopt);

  stored.Write([&](Transaction& transaction) { return transaction.PutJob(held); });
  held.lease_until += absl::Seconds(1);
  CHECK(next_after_return() == kNow + absl::Seconds(60));
  held.lease_until -= absl::Seconds(1);
  CHECK(next_after_return() == again.due);
}

TEST_CASE("a deletion task comes back as it went in, and outlives its certificate", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 9));
  DeleteTask task = {.account = kMine, .id = "17", .certificate = {"aaaaaaaa"}, .created = kNow};
  stored.Write([&](Transaction& transaction) { return transaction.PutDeleteTask(task); });
  const auto find = [&](AccountId account, const std::string& id) {
    std::optional<DeleteTask> found;
    stored.Read([&](Snapshot& snapshot) { found = *snapshot.FindDeleteTask(account, id); });
    return found;
  };
  const auto running = [&](AccountId account) {
    std::optional<DeleteTask> found;
    stored.Read([&](Snapshot& s) { found = *s.FindRunningDeleteTask(account, {"aaaaaaaa"}); });
    return found;
  };
  CHECK(find(kMine, "17")->created == kNow);
  CHECK_FALSE(find(kMine, "17")->checked.has_value());
  CHECK_FALSE(find(kTheirs, "17").has_value());
  CHECK_FALSE(find(kMine, "017").has_value());
  CHECK(running(kMine)->id == "17");
  CHECK_FALSE(running(kTheirs).has_value());
  task.status = DeleteTaskStatus::kStillBound;
  task.error = "FailedOperation.DeleteResourceFailed";
  task.domains = {"a.example.com", "\"b\""};
  task.checked = kNow;
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.PutDeleteTask(task));
    return transaction.DeleteCertificate(kMine, task.certificate);
  });
  CHECK(find(kMine, "17")->status == DeleteTaskStatus::kStillBound);
  CHECK(find(kMine, "17")->error == task.error);
  CHECK(find(kMine, "17")->domains == task.domains);
  CHECK(find(kMine, "17")->checked == kNow);
  CHECK_FALSE(running(kMine).has_value());
}

TEST_CASE("a download link comes back by its hash, until it is swept out", "[store]") {
  Stored stored(GENERATE(false, true));
  const DownloadLink link = {.token_hash = std::string("h\0sh", 4),
                             .account = kMine,
                             .certificate = {"aaaaaaaa"},
                             .type = ServerType::kJks,
                             .expires = kNow};
  stored.Write([&](Transaction& transaction) { return transaction.InsertDownloadLink(link); });
  const auto find = [&](const std::string& hash) {
    std::optional<DownloadLink> found;
    stored.Read([&](Snapshot& snapshot) { found = *snapshot.FindDownloadLink(hash); });
    return found;
  };
  CHECK(find(link.token_hash)->account == kMine);
  CHECK(find(link.token_hash)->certificate.value == "aaaaaaaa");
  CHECK(find(link.token_hash)->type == ServerType::kJks);
  CHECK(find(link.token_hash)->expires == kNow);
  CHECK_FALSE(find("other").has_value());
  stored.Write([](Transaction& transaction) {
    return transaction.DeleteDownloadLinks(kNow - absl::Seconds(1));
  });
  CHECK(find(link.token_hash).has_value());
  stored.Write([](Transaction& transaction) { return transaction.DeleteDownloadLinks(kNow); });
  CHECK_FALSE(find(link.token_hash).has_value());
}

TEST_CASE("tasks count from 1 in each account, and are found by number or certificate", "[store]") {
  const bool on_file = GENERATE(false, true);
  Stored stored(on_file);
  const CertificateId id = {"aaaaaaaa"};
  BindTask first = {.account = kMine, .certificate = id, .created = kNow, .finished = kNow};
  BindTask second = {.account = kMine, .certificate = id, .created = kNow + absl::Seconds(1)};
  BindTask theirs = {.account = kTheirs, .certificate = {"bbbbbbbb"}, .created = kNow};
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertBindTask(first));
    RETURN_IF_ERROR(transaction.InsertBindTask(second));
    return transaction.InsertBindTask(theirs);
  });
  CHECK(first.id == 1);
  CHECK(second.id == 2);
  CHECK(theirs.id == 1);
  stored.Read([&](Snapshot& snapshot) {
    CHECK((*snapshot.FindBindTask(kMine, 1))->finished == kNow);
    CHECK((*snapshot.FindBindTask(kMine, 1))->certificate == id);
    CHECK((*snapshot.FindNewestBindTask(kMine, id))->id == 2);
    CHECK_FALSE((*snapshot.FindNewestBindTask(kMine, id))->finished.has_value());
    CHECK_FALSE(snapshot.FindBindTask(kTheirs, 2)->has_value());
    CHECK_FALSE(snapshot.FindNewestBindTask(kTheirs, id)->has_value());
  });
  stored.Write([&](Transaction& transaction) {
    return transaction.DeleteBindTasks(kMine, id, second.created);
  });
  stored.Read([&](Snapshot& snapshot) {
    CHECK_FALSE(snapshot.FindBindTask(kMine, 1)->has_value());
    CHECK(snapshot.FindBindTask(kMine, 2)->has_value());
    CHECK(snapshot.FindBindTask(kTheirs, 1)->has_value());
  });
}

}  // namespace certwright
