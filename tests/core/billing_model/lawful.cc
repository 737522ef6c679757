#include "tests/core/billing_model/lawful.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>

namespace certwright {
namespace {

// In place of a status: the row was not there.
constexpr std::int64_t kNone = -1;
constexpr int kHardly = 50;

struct Lawful {
  std::int64_t from = kNone;
  std::int64_t to = 0;
  const char* when = "";
};

// docs/lifecycle.md, Numbers, Paid orders and Years; docs/billing.md, Refunds. 6 lasts no longer
// than a transaction, so what is cancelled is seen in 7. Nobody here asks for DNS_AUTO (4), a
// revocation (9, 10, 12) or a reissue (11).
constexpr Lawful kLawful[] = {
    {kNone, 5, "bought, opened by an operator, or the next one of an order"},
    {5, 0, "handed in: DV, or a later year whose applicant was reviewed with the first"},
    {5, 8, "handed in: OV, whose letter is missing"},
    {8, 0, "its letter is there"},
    {0, 8, "the reviewer asks for a letter"},
    {0, 1, "proved and reviewed"},
    {0, 2, "refused, or not proved in 72 hours"},
    {8, 2, "refused, or without its letter after 30 days"},
    {5, 7, "cancelled"},
    {0, 7, "cancelled, or withdrawn from review"},
    {8, 7, "cancelled, or withdrawn from review"},
    {2, 5, "opened again"},
    {7, 5, "opened again"},
    {2, 14, "refunded"},
    {7, 14, "refunded"},
    {1, 3, "ended"},
};

const Lawful* FindLawful(std::int64_t from, std::int64_t to) {
  for (const Lawful& row : kLawful) {
    if (row.from == from && row.to == to) return &row;
  }
  return nullptr;
}

using Times = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;

Times SeenTimes(SeenStore& store) {
  Times seen;
  store.Look([&](Connection& connection) {
    return connection.Run("SELECT origin, destination, times FROM seen_status", {},
                          [&](const Row& row) {
                            seen[{row.Integer(0), row.Integer(1)}] = row.Integer(2);
                            return absl::OkStatus();
                          });
  });
  return seen;
}

}  // namespace

void WatchStatuses(SeenStore& store) {
  store.Look([](Connection& connection) {
    return connection.RunScript(R"sql(
      CREATE TABLE seen_status (
        origin BIGINT, destination BIGINT, times BIGINT, PRIMARY KEY (origin, destination));
      CREATE TRIGGER status_begins AFTER INSERT ON certificate
      BEGIN
        INSERT INTO seen_status VALUES (-1, NEW.status, 1)
        ON CONFLICT (origin, destination) DO UPDATE SET times = times + 1;
      END;
      CREATE TRIGGER status_changes AFTER UPDATE ON certificate WHEN OLD.status <> NEW.status
      BEGIN
        INSERT INTO seen_status VALUES (OLD.status, NEW.status, 1)
        ON CONFLICT (origin, destination) DO UPDATE SET times = times + 1;
      END;
      CREATE TRIGGER issued_is_paid BEFORE UPDATE ON certificate
      WHEN NEW.status = 14 AND (OLD.issued IS NOT NULL OR OLD.not_after IS NOT NULL)
      BEGIN SELECT RAISE(ABORT, 'what was issued is never refunded'); END;
      CREATE TRIGGER refund_is_one BEFORE UPDATE ON purchase WHEN OLD.refund_entry IS NOT NULL
      BEGIN SELECT RAISE(ABORT, 'an order is refunded once'); END;
    )sql");
  });
}

void CheckStatuses(SeenStore& store) {
  for (const auto& [change, times] : SeenTimes(store)) {
    INFO(change.first << " to " << change.second << ", " << times << " times");
    REQUIRE(FindLawful(change.first, change.second) != nullptr);
  }
}

void CheckAllStatusesSeen(SeenStore& store) {
  Times seen = SeenTimes(store);
  for (const Lawful& row : kLawful) {
    INFO(row.from << " to " << row.to << ": " << row.when);
    CHECK(seen[{row.from, row.to}] >= kHardly);
  }
}

}  // namespace certwright
