#include "storage/group_writer.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {

GroupWriter::GroupWriter(std::unique_ptr<Connection> connection, const Sealer& sealer,
                         Options options)
    : connection_(std::move(connection)),
      sealer_(sealer),
      options_(std::move(options)),
      thread_([this] { Loop(); }) {}

GroupWriter::~GroupWriter() {
  {
    absl::MutexLock lock(&mutex_);
    is_stopping_ = true;
  }
  thread_.join();
}

absl::Status GroupWriter::Write(const Work& work) {
  Unit unit = {.work = &work};
  {
    absl::MutexLock lock(&mutex_);
    if (queue_.size() >= options_.max_queued) {
      return absl::ResourceExhaustedError("too many writes wait for the disk");
    }
    queue_.push_back(&unit);
  }
  unit.done.WaitForNotification();
  return unit.status;
}

void GroupWriter::AwaitQueued(std::size_t count) {
  const auto has_enough = [this, count]()
                              ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return queue_.size() >= count; };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_enough));
}

void GroupWriter::Loop() {
  while (true) {
    const std::vector<Unit*> group = TakeGroup();
    if (group.empty()) return;
    bool has_new_jobs = false;
    {
      std::optional<absl::MutexLock> shared;
      if (options_.shared_connection != nullptr) shared.emplace(options_.shared_connection);
      has_new_jobs = RunGroup(group);
    }
    for (Unit* unit : group) unit->done.Notify();
    if (has_new_jobs && options_.on_jobs) options_.on_jobs();
  }
}

// Waits for work; nothing when it is time to end.
std::vector<GroupWriter::Unit*> GroupWriter::TakeGroup() {
  const auto has_news = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return is_stopping_ || !queue_.empty();
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_news));
  const auto count = static_cast<long>(std::min(queue_.size(), options_.max_group));
  std::vector<Unit*> group(queue_.begin(), queue_.begin() + count);
  queue_.erase(queue_.begin(), queue_.begin() + count);
  return group;
}

bool GroupWriter::RunGroup(const std::vector<Unit*>& group) {
  bool has_new_jobs = false;
  absl::Status status = connection_->Run("BEGIN IMMEDIATE");
  for (Unit* unit : group) {
    if (status.ok()) status = RunUnit(*unit, has_new_jobs);
  }
  if (status.ok()) status = connection_->Run("COMMIT");
  if (status.ok()) return has_new_jobs;
  // No unit may pass for committed; one that had failed before keeps its own reason.
  if (connection_->IsInTransaction()) (void)connection_->Run("ROLLBACK");
  for (Unit* unit : group) {
    if (unit->status.ok()) unit->status = status;
  }
  return false;
}

absl::Status GroupWriter::RunUnit(Unit& unit, bool& has_new_jobs) {
  RETURN_IF_ERROR(connection_->Run("SAVEPOINT unit"));
  SqlTransaction transaction(*connection_, sealer_);
  try {
    unit.status = (*unit.work)(transaction);
  } catch (const std::exception& error) {
    // Memory that ran out, say: this unit alone fails, and the process lives.
    unit.status = absl::InternalError(error.what());
  }
  // Without this, the next unit's savepoint would be a transaction of its own, and its release a
  // commit that nobody is told of.
  if (!connection_->IsInTransaction()) {
    return absl::UnavailableError(
        "the database gave up the transaction: the disk is full or fails");
  }
  if (!unit.status.ok()) {
    RETURN_IF_ERROR(connection_->Run("ROLLBACK TO unit"));
  } else {
    has_new_jobs = has_new_jobs || transaction.has_new_jobs();
  }
  return connection_->Run("RELEASE unit");
}

}  // namespace certwright
