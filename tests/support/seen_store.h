// The store in memory as it is, and the database behind it.
#ifndef CERTWRIGHT_TESTS_SUPPORT_SEEN_STORE_H_
#define CERTWRIGHT_TESTS_SUPPORT_SEEN_STORE_H_

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "core/crypto/sealer.h"
#include "core/store.h"
#include "storage/connection.h"
#include "storage/group_writer.h"
#include "storage/migrate.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"

namespace certwright {

class SeenStore : public Store {
 public:
  explicit SeenStore(const Sealer& sealer)
      : sealer_(sealer), writer_(OpenMigrated(), sealer, {.shared_connection = &mutex_}) {}

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    absl::MutexLock lock(&mutex_);
    SqlTransaction snapshot(writer_.connection(), sealer_);
    return work(snapshot);
  }
  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    return writer_.Write(work);
  }

  // `look` must end each transaction that it begins.
  void Look(const std::function<absl::Status(Connection&)>& look) {
    absl::MutexLock lock(&mutex_);
    const absl::Status status = look(writer_.connection());
    if (!status.ok()) FAIL(status);
  }
  // One number; 0 where there is no row.
  std::int64_t Number(absl::string_view sql, const Values& values = {}) {
    std::int64_t number = 0;
    Look([&](Connection& connection) {
      return connection.Run(sql, values, [&](const Row& row) {
        number = row.Integer(0);
        return absl::OkStatus();
      });
    });
    return number;
  }

 private:
  static std::unique_ptr<Connection> OpenMigrated() {
    std::unique_ptr<Connection> connection = *OpenSqliteConnection(":memory:");
    REQUIRE(Migrate(*connection).ok());
    return connection;
  }

  const Sealer& sealer_;
  absl::Mutex mutex_;
  GroupWriter writer_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_SEEN_STORE_H_
