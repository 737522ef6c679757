#include "storage/sqlite_connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kWalAttempts = 100;
constexpr std::size_t kMaxStatements = 200;
constexpr int kMaxParameters = 32766;  // SQLite's own limit

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

class SqliteRow : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t Integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string Bytes(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr
               ? std::string()
               : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }

 private:
  sqlite3_stmt* statement_;
};

class SqliteConnection : public Connection {
 public:
  explicit SqliteConnection(Database database) : database_(std::move(database)) {}

  absl::Status Run(absl::string_view sql, const Values& values,
                   const std::function<absl::Status(const Row&)>& see) override {
    ASSIGN_OR_RETURN(const Prepared* const prepared, Prepare({sql.data(), sql.size()}));
    sqlite3_stmt* const statement = prepared->statement.get();
    absl::Status status = BindAll(*prepared, values);
    if (status.ok()) status = StepAll(statement, see);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
  }

  absl::Status RunScript(const std::string& sql) override {
    const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? absl::OkStatus() : Failure(code);
  }

  bool IsInTransaction() const override { return sqlite3_get_autocommit(database_.get()) == 0; }

 private:
  struct Prepared {
    Statement statement = {};
    // The parameter that $n is, at n - 1: SQLite numbers them by their first use. 0 if there is
    // none.
    std::vector<int> parameters = {};
    std::uint64_t last_use = 0;
  };
  struct HashText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  absl::StatusOr<const Prepared*> Prepare(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
      ASSIGN_OR_RETURN(Prepared prepared, PrepareNew(sql));
      if (statements_.size() >= kMaxStatements) ForgetOldest();
      found = statements_.emplace(std::string(sql), std::move(prepared)).first;
    }
    if (sqlite3_stmt_busy(found->second.statement.get()) != 0) {
      return absl::InternalError("a statement runs inside itself");
    }
    found->second.last_use = ++uses_;
    return &found->second;
  }

  absl::StatusOr<Prepared> PrepareNew(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return Failure(code);
    Prepared prepared = {.statement = Statement(statement)};
    const int count = sqlite3_bind_parameter_count(statement);
    for (int unseen = count, n = 1; unseen > 0 && n <= kMaxParameters; ++n) {
      const std::string name = absl::StrCat("$", n);
      const int index = sqlite3_bind_parameter_index(statement, name.c_str());
      prepared.parameters.push_back(index);
      if (index != 0) --unseen;
    }
    return prepared;
  }

  // One that runs stays: whoever runs it holds it.
  void ForgetOldest() {
    auto oldest = statements_.end();
    for (auto each = statements_.begin(); each != statements_.end(); ++each) {
      if (sqlite3_stmt_busy(each->second.statement.get()) != 0) continue;
      if (oldest == statements_.end() || each->second.last_use < oldest->second.last_use) {
        oldest = each;
      }
    }
    if (oldest != statements_.end()) statements_.erase(oldest);
  }

  absl::Status BindAll(const Prepared& prepared, const Values& values) {
    const std::size_t count = std::min(values.size(), prepared.parameters.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (prepared.parameters[i] == 0) continue;
      const int code = Bind(prepared.statement.get(), prepared.parameters[i], values[i]);
      if (code != SQLITE_OK) return Failure(code);
    }
    return absl::OkStatus();
  }

  // The values outlive the statement's run.
  static int Bind(sqlite3_stmt* statement, int index, const Value& value) {
    const std::string& bytes = value.bytes();
    switch (value.kind()) {
      case Value::Kind::kNull:
        return sqlite3_bind_null(statement, index);
      case Value::Kind::kInteger:
        return sqlite3_bind_int64(statement, index, value.number());
      case Value::Kind::kText:
        return sqlite3_bind_text64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
      case Value::Kind::kBlob:
        return sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
  }

  absl::Status StepAll(sqlite3_stmt* statement,
                       const std::function<absl::Status(const Row&)>& see) {
    const SqliteRow row(statement);
    while (true) {
      const int code = sqlite3_step(statement);
      if (code == SQLITE_DONE) return absl::OkStatus();
      if (code != SQLITE_ROW) return Failure(code);
      if (see) RETURN_IF_ERROR(see(row));
    }
  }

  absl::Status Failure(int code) const {
    const std::string text =
        absl::StrCat("SQLite: ", sqlite3_errmsg(database_.get()), " (", code, ")");
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
      return absl::AlreadyExistsError(text);
    }
    const int primary = code & 0xff;
    const bool may_pass = primary == SQLITE_BUSY || primary == SQLITE_LOCKED ||
                          primary == SQLITE_FULL || primary == SQLITE_IOERR;
    return may_pass ? absl::UnavailableError(text) : absl::InternalError(text);
  }

  // Statements go before the database that they belong to.
  Database database_;
  std::unordered_map<std::string, Prepared, HashText, std::equal_to<>> statements_;
  std::uint64_t uses_ = 0;
};

// SQLite would make the file with the process's mask; its journals take after the file. A file that
// is there is not opened: closing it would drop every lock that this process holds on it, and
// another process would then take the database for abandoned and fold away its log.
absl::Status MakeFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return absl::OkStatus();
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", std::strerror(errno)));
  }
  close(file);
  return absl::OkStatus();
}

// On a new file, SQLite does not wait when another process switches at the same moment: it answers
// busy at once. Waiting for the write lock is what it does wait for.
absl::Status UseWriteAheadLog(Connection& connection) {
  absl::Status status;
  for (int attempt = 0; attempt < kWalAttempts; ++attempt) {
    status = connection.RunScript("PRAGMA journal_mode=WAL");
    if (!absl::IsUnavailable(status)) return status;
    RETURN_IF_ERROR(connection.RunScript("BEGIN IMMEDIATE"));
    RETURN_IF_ERROR(connection.RunScript("COMMIT"));
  }
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> OpenSqliteConnection(const std::string& path) {
  if (path != ":memory:") RETURN_IF_ERROR(MakeFile(path));
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened);
  if (code != SQLITE_OK) {
    return absl::UnavailableError(absl::StrCat("cannot open ", path, ": ", sqlite3_errstr(code)));
  }
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  auto connection = std::make_unique<SqliteConnection>(std::move(database));
  RETURN_IF_ERROR(UseWriteAheadLog(*connection));
  RETURN_IF_ERROR(connection->RunScript(
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
      "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=2000; PRAGMA cache_size=-4000;"));
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace certwright
