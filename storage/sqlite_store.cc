#include "storage/sqlite_store.h"

#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/status_macros.h"
#include "storage/group_writer.h"
#include "storage/migrate.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"

namespace certwright {
namespace {

constexpr char kMemory[] = ":memory:";

absl::Status RunRead(Connection& connection, const Sealer& sealer,
                     const std::function<absl::Status(Snapshot&)>& work) {
  RETURN_IF_ERROR(connection.Run("BEGIN"));
  SqlTransaction snapshot(connection, sealer);
  const absl::Status status = work(snapshot);
  const absl::Status ended = connection.Run("COMMIT");
  if (connection.IsInTransaction()) (void)connection.Run("ROLLBACK");
  return status.ok() ? ended : status;
}

// A file: one connection writes, the others read beside it.
class FileStore : public Store {
 public:
  FileStore(std::unique_ptr<Connection> writer, std::vector<std::unique_ptr<Connection>> readers,
            const Sealer& sealer, const SqliteOptions& options)
      : sealer_(sealer),
        readers_(std::move(readers)),
        writer_(std::move(writer), sealer,
                {.max_queued = options.max_queued_writes,
                 .max_group = static_cast<std::size_t>(options.max_group),
                 .on_jobs = options.on_jobs}) {}

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    if (shared_view.store == this) return ReadShared(work);
    std::unique_ptr<Connection> reader = Borrow();
    absl::Status status = RunRead(*reader, sealer_, work);
    Return(std::move(reader));
    return status;
  }

  void ReadTogether(const std::function<void()>& work) override {
    if (shared_view.store != nullptr) return work();
    shared_view.store = this;
    work();
    std::unique_ptr<Connection> used = std::move(shared_view.reader);
    shared_view = {};
    if (used == nullptr) return;
    (void)used->Run("COMMIT");
    if (used->IsInTransaction()) (void)used->Run("ROLLBACK");
    Return(std::move(used));
  }

  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    return writer_.Write(work);
  }

 private:
  std::unique_ptr<Connection> Borrow() {
    const auto has_reader = [this]()
                                ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !readers_.empty(); };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&has_reader));
    std::unique_ptr<Connection> reader = std::move(readers_.back());
    readers_.pop_back();
    return reader;
  }

  void Return(std::unique_ptr<Connection> reader) {
    absl::MutexLock lock(&mutex_);
    readers_.push_back(std::move(reader));
  }

  absl::Status ReadShared(const std::function<absl::Status(Snapshot&)>& work) {
    if (shared_view.reader == nullptr) {
      std::unique_ptr<Connection> reader = Borrow();
      if (const absl::Status status = reader->Run("BEGIN"); !status.ok()) {
        Return(std::move(reader));
        return status;
      }
      shared_view.reader = std::move(reader);
    }
    SqlTransaction snapshot(*shared_view.reader, sealer_);
    return work(snapshot);
  }

  // What ReadTogether holds on this thread.
  struct SharedView {
    const FileStore* store = nullptr;
    std::unique_ptr<Connection> reader = {};  // inside a transaction, once something was read
  };
  static thread_local SharedView shared_view;

  const Sealer& sealer_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> readers_ ABSL_GUARDED_BY(mutex_);
  GroupWriter writer_;
};

thread_local FileStore::SharedView FileStore::shared_view;

// In memory: one connection, which readers and the writer take turns on.
class MemoryStore : public Store {
 public:
  MemoryStore(std::unique_ptr<Connection> connection, const Sealer& sealer,
              const SqliteOptions& options)
      : sealer_(sealer),
        writer_(std::move(connection), sealer,
                {.max_queued = options.max_queued_writes,
                 .max_group = static_cast<std::size_t>(options.max_group),
                 .on_jobs = options.on_jobs,
                 .shared_connection = &mutex_}) {}

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    absl::MutexLock lock(&mutex_);
    return RunRead(writer_.connection(), sealer_, work);
  }

  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    return writer_.Write(work);
  }

 private:
  const Sealer& sealer_;
  absl::Mutex mutex_;
  GroupWriter writer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(const SqliteOptions& options,
                                                       const Sealer& sealer) {
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer, OpenSqliteConnection(options.path));
  RETURN_IF_ERROR(Migrate(*writer));
  if (options.path == kMemory) {
    return std::unique_ptr<Store>(
        std::make_unique<MemoryStore>(std::move(writer), sealer, options));
  }
  std::vector<std::unique_ptr<Connection>> readers;
  for (int i = 0; i < options.readers; ++i) {
    ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader, OpenSqliteConnection(options.path));
    readers.push_back(std::move(reader));
  }
  return std::unique_ptr<Store>(
      std::make_unique<FileStore>(std::move(writer), std::move(readers), sealer, options));
}

}  // namespace certwright
