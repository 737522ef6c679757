// No query that a caller or the scheduler repeats reads more than it answers.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/sealer.h"
#include "storage/migrate.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"
#include "tests/storage/watched_connection.h"
#include "tests/support/fakes.h"

namespace certwright {
namespace {

constexpr AccountId kAccount = {100000000001};
const absl::Time kNow = absl::FromUnixSeconds(1767229261);

using Work = std::function<absl::Status(Transaction&)>;

// The steps of each statement that `work` ran, as SQLite plans them.
std::vector<std::string> PlansOf(const Work& work, const Work& given = nullptr) {
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  auto real = *OpenSqliteConnection(":memory:");
  REQUIRE(Migrate(*real).ok());
  if (given) {
    SqlTransaction before(*real, sealer);
    REQUIRE(given(before).ok());
  }
  std::vector<std::string> plans;
  WatchedConnection connection(
      std::move(real), [&](const std::string& sql, const Values& values, Connection& database) {
        return database.Run("EXPLAIN QUERY PLAN " + sql, values, [&](const Row& row) {
          plans.push_back(absl::StrCat(row.Bytes(3), "   in   ", sql));
          return absl::OkStatus();
        });
      });
  SqlTransaction transaction(connection, sealer);
  REQUIRE(work(transaction).ok());
  return plans;
}

void CheckAllFound(const Work& work, const Work& given = nullptr) {
  for (const std::string& plan : PlansOf(work, given)) {
    CAPTURE(plan);
    CHECK_FALSE(absl::StartsWith(plan, "SCAN"));
    CHECK_FALSE(absl::StrContains(plan, "TEMP B-TREE"));
  }
}

// One issued certificate; or so many that they are not few.
absl::Status InsertOne(Transaction& transaction, const std::string& id = "aaaaaaaa") {
  Certificate one = {.account = kAccount,
                     .id = {id},
                     .status = CertificateStatus::kIssued,
                     .is_upload = true,
                     .domain = "a.example",
                     .names = {"a.example"},
                     .tags = {{.key = "env", .value = "dev"}},
                     .has_private_key = true,
                     .not_after = kNow + absl::Hours(1)};
  return transaction.InsertCertificate(one, "a.example");
}
absl::Status InsertMany(Transaction& transaction) {
  for (int i = 0; i < 1001; ++i) {
    absl::Status status = InsertOne(transaction, absl::StrCat("id", 100000 + i));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status List(Transaction& transaction, CertificateQuery query) {
  query.now = kNow;
  return transaction.ListCertificates(kAccount, query).status();
}

}  // namespace

TEST_CASE("lists walk an index in their order", "[plan]") {
  CertificateQuery query;
  SECTION("all, newest first") {}
  SECTION("by end, ascending") { query.order = CertificateQuery::Order::kExpiryAscending; }
  SECTION("by end, descending") { query.order = CertificateQuery::Order::kExpiryDescending; }
  SECTION("of one status") { query.statuses = {CertificateStatus::kIssued}; }
  SECTION("uploads") { query.is_upload = true; }
  SECTION("a search") { query.search = "example"; }
  SECTION("those that can be deployed") { query.is_deployable = true; }
  CheckAllFound([&](Transaction& transaction) { return List(transaction, query); }, InsertMany);
}

TEST_CASE("a few rows are found by what tells them, not met on a walk", "[plan]") {
  CertificateQuery query;
  std::string index;
  SECTION("statuses") {
    query.statuses = {CertificateStatus::kIssued, CertificateStatus::kReviewing};
    index = "certificate_status";
  }
  SECTION("uploads") {
    query.is_upload = true;
    index = "certificate_upload";
  }
  const auto plans = PlansOf([&](Transaction& transaction) { return List(transaction, query); },
                             [](Transaction& transaction) { return InsertOne(transaction); });
  for (const std::string& plan : plans) {
    CAPTURE(plan);
    if (absl::StartsWith(plan, "USE TEMP B-TREE")) continue;  // sorts the few
    CHECK(absl::StrContains(plan, index));
  }
}

TEST_CASE("a list by ids or tags finds its rows and sorts only them", "[plan]") {
  CertificateQuery query;
  SECTION("ids") { query.ids = {"aaaaaaaa", "bbbbbbbb"}; }
  SECTION("a tag") { query.tags = {{"env", "dev"}}; }
  for (const std::string& plan :
       PlansOf([&](Transaction& transaction) { return List(transaction, query); },
               [](Transaction& transaction) { return InsertOne(transaction); })) {
    CAPTURE(plan);
    CHECK_FALSE(absl::StartsWith(plan, "SCAN"));
    if (absl::StartsWith(plan, "SEARCH certificate ")) {
      CHECK(absl::StrContains(plan, "certificate_id"));
    }
  }
}

TEST_CASE("counts, uploads, jobs and logs are found by index", "[plan]") {
  const CertificateId id = {"aaaaaaaa"};
  CheckAllFound([&](Transaction& t) { return t.CountFree(kAccount).status(); });
  CheckAllFound([&](Transaction& t) { return t.CountFreeUnder(kAccount, "a.com", kNow).status(); });
  CheckAllFound([&](Transaction& t) { return t.FindUpload(kAccount, "AB").status(); });
  CheckAllFound([&](Transaction& t) { return t.CountUploads(kAccount, "AB").status(); });
  CheckAllFound([&](Transaction& t) { return t.FindBindTask(kAccount, 1).status(); });
  CheckAllFound([&](Transaction& t) { return t.FindNewestBindTask(kAccount, id).status(); });
  CheckAllFound([&](Transaction& t) { return t.DeleteBindTasks(kAccount, id, kNow); });
  CheckAllFound([&](Transaction& t) { return t.FindNewest(kAccount, "AB").status(); });
  CheckAllFound([&](Transaction& t) { return t.ListOperateLog(kAccount, {}).status(); });
  CheckAllFound([&](Transaction& t) { return t.AppendOperateLog({.account = kAccount}); });
  CheckAllFound([&](Transaction& t) { return t.ClaimJobs(kNow, kNow, 5, {}).status(); });
  CheckAllFound([&](Transaction& t) { return t.ReleaseLeases(); });
  CheckAllFound([&](Transaction& t) { return t.ReturnJob({.certificate = id}, {}); });
  CheckAllFound([&](Transaction& t) { return t.FindDownloadLink("hash").status(); });
  CheckAllFound([&](Transaction& t) { return t.FindDeleteTask(kAccount, "1").status(); });
  CheckAllFound([&](Transaction& t) { return t.FindRunningDeleteTask(kAccount, id).status(); });
  CheckAllFound([&](Transaction& t) { return t.DeleteDownloadLinks(kNow); });
  CheckAllFound([&](Transaction& t) { return t.FindCertificate(kAccount, id).status(); });
  CheckAllFound([&](Transaction& t) { return t.FindBody(kAccount, id).status(); });
  CheckAllFound([&](Transaction& t) {
    Certificate one = {.account = kAccount, .id = id};
    const absl::Status inserted = t.InsertCertificate(one, "a.com");
    return inserted.ok() ? t.UpdateCertificate(one) : inserted;
  });
  CheckAllFound([&](Transaction& t) {
    Certificate one = {.account = kAccount, .id = id};
    const absl::Status inserted = t.InsertCertificate(one, "a.com");
    return inserted.ok() ? t.DeleteCertificate(kAccount, id) : inserted;
  });
}

TEST_CASE("CSR records are found by index", "[plan]") {
  const auto insert = [](Transaction& t) {
    CsrRecord one = {.account = kAccount, .subject = {.domain = "a.example"}};
    return t.InsertCsr(one, {});
  };
  const CsrRecord first = {.account = kAccount, .id = {1}};
  CheckAllFound(insert);
  CheckAllFound([&](Transaction& t) { return t.FindCsr(kAccount, {1}).status(); }, insert);
  CheckAllFound([&](Transaction& t) { return t.FindCsrMaterial(kAccount, {1}).status(); }, insert);
  CheckAllFound([&](Transaction& t) { return t.ListCsrs(kAccount, {}).status(); }, insert);
  CheckAllFound([&](Transaction& t) { return t.ListCsrs(kAccount, {.domain = "exam"}).status(); },
                insert);
  CheckAllFound([&](Transaction& t) { return t.UpdateCsr(first, {}); }, insert);
  CheckAllFound([&](Transaction& t) { return t.DeleteCsr(kAccount, {1}).status(); }, insert);
}

TEST_CASE("companies and managers are found by index", "[plan]") {
  CheckAllFound([](Transaction& t) { return t.ListCompanies(kAccount).status(); });
  CheckAllFound([](Transaction& t) { return t.ListManagers(kAccount, 1).status(); });
  CheckAllFound([](Transaction& t) { return t.FindManager(kAccount, 1).status(); });
  CheckAllFound([](Transaction& t) { return t.FindManagerOwner(1).status(); });
  CheckAllFound([](Transaction& t) { return t.CountManaged(kAccount, 1).status(); });
  CheckAllFound([](Transaction& t) { return t.UpdateManager({.account = kAccount, .id = 1}); });
  CheckAllFound([](Transaction& t) { return t.DeleteManager(kAccount, 1); });
}

TEST_CASE("the next due job is the first of its index", "[plan]") {
  // SQLite calls this a scan; it ends at its first row.
  const auto plans = PlansOf([](Transaction& t) { return t.NextJobDue(kNow, {}).status(); });
  REQUIRE(plans.size() == 1);
  CHECK(absl::StartsWith(plans[0], "SCAN job USING INDEX job_claimable"));
}

}  // namespace certwright
