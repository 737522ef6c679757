// One thread that writes: what many callers ask for at the same time becomes one commit.
#ifndef CERTWRIGHT_STORAGE_GROUP_WRITER_H_
#define CERTWRIGHT_STORAGE_GROUP_WRITER_H_

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/crypto/sealer.h"
#include "core/store.h"
#include "storage/connection.h"

namespace certwright {

// Thread-safe. While the writer commits, later units queue; the next commit takes them all, each in
// a savepoint of its own, so that one that fails undoes itself alone.
class GroupWriter {
 public:
  using Work = std::function<absl::Status(Transaction&)>;

  struct Options {
    std::size_t max_queued = 1024;
    std::size_t max_group = 128;
    std::function<void()> on_jobs = {};
    // Held while a group runs, where readers share the connection; null where they do not.
    absl::Mutex* shared_connection = nullptr;
  };

  GroupWriter(std::unique_ptr<Connection> connection, const Sealer& sealer, Options options);
  // Commits what is queued.
  ~GroupWriter();
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Returns when `work` is durable or undone. ResourceExhausted if too many wait.
  absl::Status Write(const Work& work);

  // Returns when at least `count` units wait behind the group that is being written. For tests.
  void AwaitQueued(std::size_t count);

  Connection& connection() { return *connection_; }

 private:
  struct Unit {
    const Work* work = nullptr;
    absl::Status status = absl::OkStatus();
    absl::Notification done = {};
  };

  void Loop();
  std::vector<Unit*> TakeGroup();
  // Sets each unit's status; true if jobs are new.
  bool RunGroup(const std::vector<Unit*>& group);
  // Sets the unit's status. An error means that the transaction around all units is lost.
  absl::Status RunUnit(Unit& unit, bool& has_new_jobs);

  const std::unique_ptr<Connection> connection_;
  const Sealer& sealer_;
  const Options options_;
  absl::Mutex mutex_;
  std::deque<Unit*> queue_ ABSL_GUARDED_BY(mutex_);
  bool is_stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_GROUP_WRITER_H_
