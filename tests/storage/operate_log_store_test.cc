// The operate log and its chain.
#include <algorithm>
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "storage/migrate.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"
#include "tests/storage/stored.h"

namespace certwright {

TEST_CASE("the operate log pages newest first, and its chain shows tampering", "[store]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  auto connection = *OpenSqliteConnection(folder.Path("certwright.db"));
  REQUIRE(Migrate(*connection).ok());
  SqlTransaction transaction(*connection, sealer);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(transaction
                .AppendOperateLog({.account = kMine,
                                   .type = absl::StrCat("type", i),
                                   .actor = "--",
                                   .time = kNow + absl::Seconds(i)})
                .ok());
  }
  const OperateLogPage page = *transaction.ListOperateLog(
      kMine, {.from = kNow + absl::Seconds(1), .until = kNow + absl::Seconds(3), .offset = 1});
  CHECK(page.total == 3);
  CHECK(page.entries[0].type == "type2");
  CHECK(VerifyOperateLog(*connection, kMine).ok());
  SECTION("a changed row") {
    REQUIRE(connection->Run("UPDATE operate_log SET actor = 'x' WHERE sequence = 2").ok());
  }
  SECTION("a missing row") {
    REQUIRE(connection->Run("DELETE FROM operate_log WHERE sequence = 3").ok());
  }
  SECTION("the newest rows missing") {
    REQUIRE(connection->Run("DELETE FROM operate_log WHERE sequence >= 4").ok());
  }
  CHECK(VerifyOperateLog(*connection, kMine).code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("the operate log counts a span, also when the clock was set back", "[store]") {
  Stored stored(GENERATE(false, true));
  std::vector<int> seconds = {1, 2, 2, 2, 3, 5, 5};
  if (GENERATE(false, true)) seconds.insert(seconds.begin() + 4, 0);
  for (const int second : seconds) {
    stored.Write([&](Transaction& transaction) {
      return transaction.AppendOperateLog({.account = kMine, .time = kNow + absl::Seconds(second)});
    });
  }
  stored.Read([&](Snapshot& snapshot) {
    CHECK(snapshot.ListOperateLog(kMine, {})->total == static_cast<std::int64_t>(seconds.size()));
    CHECK(snapshot.ListOperateLog(kTheirs, {})->total == 0);
    for (int from = -1; from <= 6; ++from) {
      for (int until = from - 1; until <= 6; ++until) {
        const auto within = std::count_if(seconds.begin(), seconds.end(),
                                          [&](int s) { return s >= from && s <= until; });
        const OperateLogPage page = *snapshot.ListOperateLog(
            kMine, {.from = kNow + absl::Seconds(from), .until = kNow + absl::Seconds(until)});
        CHECK(page.total == within);
        CHECK(page.entries.size() == static_cast<std::size_t>(within));
      }
    }
  });
}

}  // namespace certwright
