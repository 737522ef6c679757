// A Connection that a test stands behind.
#ifndef CERTWRIGHT_TESTS_STORAGE_WATCHED_CONNECTION_H_
#define CERTWRIGHT_TESTS_STORAGE_WATCHED_CONNECTION_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "storage/connection.h"

namespace certwright {

// Shows each statement to `before`, and runs it only if that returns OK.
class WatchedConnection : public Connection {
 public:
  using Watch =
      std::function<absl::Status(const std::string& sql, const Values& values, Connection& real)>;

  WatchedConnection(std::unique_ptr<Connection> real, Watch before)
      : real_(std::move(real)), before_(std::move(before)) {}

  using Connection::Run;
  absl::Status Run(absl::string_view sql, const Values& values,
                   const std::function<absl::Status(const Row&)>& see) override {
    const absl::Status status = before_(std::string(sql), values, *real_);
    return status.ok() ? real_->Run(sql, values, see) : status;
  }
  absl::Status RunScript(const std::string& sql) override { return real_->RunScript(sql); }
  bool IsInTransaction() const override { return real_->IsInTransaction(); }

 private:
  std::unique_ptr<Connection> real_;
  Watch before_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_STORAGE_WATCHED_CONNECTION_H_
