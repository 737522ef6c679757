#include "storage/sqlite_connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr std::size_t kMaxStatements = 500;

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
    ASSIGN_OR_RETURN(sqlite3_stmt* const statement, Prepare(sql));
    absl::Status status = BindAll(statement, values);
    if (status.ok()) status = StepAll(statement, see);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
  }

  absl::Status RunScript(const std::string& sql) override {
    const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? absl::OkStatus() : Failure(code);
  }

 private:
  absl::StatusOr<sqlite3_stmt*> Prepare(absl::string_view sql) {
    const std::string text(sql);
    if (const auto found = statements_.find(text); found != statements_.end()) {
      return found->second.get();
    }
    if (statements_.size() >= kMaxStatements) statements_.clear();
    sqlite3_stmt* prepared = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), text.c_str(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    if (code != SQLITE_OK) return Failure(code);
    statements_.emplace(text, Statement(prepared));
    return prepared;
  }

  // By name: SQLite numbers parameters by their first use.
  absl::Status BindAll(sqlite3_stmt* statement, const Values& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string name = absl::StrCat("$", i + 1);
      const int index = sqlite3_bind_parameter_index(statement, name.c_str());
      if (index == 0) continue;
      const int code = Bind(statement, index, values[i]);
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
  std::unordered_map<std::string, Statement> statements_;
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
  RETURN_IF_ERROR(connection->RunScript(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
      "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=2000; PRAGMA cache_size=-4000;"));
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace certwright
