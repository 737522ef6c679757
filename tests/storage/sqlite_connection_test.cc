#include "storage/sqlite_connection.h"

#include <catch2/catch.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

std::vector<std::int64_t> Numbers(Connection& connection, const std::string& sql,
                                  const Values& values = {}) {
  std::vector<std::int64_t> numbers;
  REQUIRE(connection
              .Run(sql, values,
                   [&](const Row& row) {
                     numbers.push_back(row.Integer(0));
                     return absl::OkStatus();
                   })
              .ok());
  return numbers;
}

using Found = std::vector<std::int64_t>;
constexpr char kOneTwoThree[] = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3";

}  // namespace

TEST_CASE("parameters are told by their number, not by their place", "[connection]") {
  auto connection = *OpenSqliteConnection(":memory:");
  const Values values = {Value::Integer(std::int64_t{1}), Value::Integer(std::int64_t{20}),
                         Value::Integer(std::int64_t{300})};
  CHECK(Numbers(*connection, "SELECT $3 - $1 + $3", values) == Found{599});
  CHECK(Numbers(*connection, "SELECT $2", values) == Found{20});
  CHECK(Numbers(*connection, "SELECT 7", values) == Found{7});
}

TEST_CASE("values come back as they went in", "[connection]") {
  auto connection = *OpenSqliteConnection(":memory:");
  const std::string bytes("a\0b\xff", 4);
  REQUIRE(connection
              ->Run("SELECT $1, $2, $3, $4, $5",
                    {Value::Blob(bytes), Value::Text(""), Value::Null(),
                     Value::Time(absl::InfinitePast()), Value::Time(absl::InfiniteFuture())},
                    [&](const Row& row) {
                      CHECK(row.Bytes(0) == bytes);
                      CHECK(row.Bytes(1).empty());
                      CHECK_FALSE(row.IsNull(1));
                      CHECK(row.IsNull(2));
                      CHECK(row.Time(3) == absl::InfinitePast());
                      CHECK(row.Time(4) == absl::InfiniteFuture());
                      return absl::OkStatus();
                    })
              .ok());
}

TEST_CASE("a statement that shows rows stands while hundreds of others are prepared",
          "[connection]") {
  auto connection = *OpenSqliteConnection(":memory:");
  std::int64_t shown = 0;
  REQUIRE(connection
              ->Run(kOneTwoThree, {},
                    [&](const Row& row) {
                      for (int i = 0; i < 300; ++i) {
                        const std::int64_t number = row.Integer(0) * 1000 + i;
                        CHECK(Numbers(*connection, absl::StrCat("SELECT ", number)) ==
                              Found{number});
                      }
                      shown += row.Integer(0);
                      return absl::OkStatus();
                    })
              .ok());
  CHECK(shown == 6);
  CHECK(Numbers(*connection, kOneTwoThree) == Found{1, 2, 3});
}

TEST_CASE("a statement inside itself is an error, and harms neither", "[connection]") {
  auto connection = *OpenSqliteConnection(":memory:");
  int shown = 0;
  REQUIRE(connection
              ->Run(kOneTwoThree, {},
                    [&](const Row&) {
                      ++shown;
                      CHECK(connection->Run(kOneTwoThree).code() == absl::StatusCode::kInternal);
                      return absl::OkStatus();
                    })
              .ok());
  CHECK(shown == 3);
}

TEST_CASE("what a reader of rows returns ends the statement", "[connection]") {
  auto connection = *OpenSqliteConnection(":memory:");
  int shown = 0;
  const absl::Status status = connection->Run(kOneTwoThree, {}, [&](const Row&) {
    ++shown;
    return absl::AbortedError("enough");
  });
  CHECK(status.message() == "enough");
  CHECK(shown == 1);
  CHECK(Numbers(*connection, kOneTwoThree) == Found{1, 2, 3});
}

TEST_CASE("a folder that is not there is told by name", "[connection]") {
  const auto connection = OpenSqliteConnection("/nowhere-at-all/certwright.db");
  CHECK(connection.status().code() == absl::StatusCode::kUnavailable);
  CHECK(std::string(connection.status().message()).find("/nowhere-at-all") != std::string::npos);
}

}  // namespace certwright
