// Tells the operator of a state that lasts, once in a while.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_WARNING_H_
#define CERTWRIGHT_SERVER_TRANSPORT_WARNING_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace certwright {

// For one thread.
class Warning {
 public:
  using Sink = std::function<void(const std::string&)>;

  explicit Warning(Sink sink) : sink_(std::move(sink)) {}

  // At most once a minute; the others are dropped.
  void Say(const std::string& text) {
    const auto now = std::chrono::steady_clock::now();
    if (!sink_ || (said_ && now - *said_ < std::chrono::minutes(1))) return;
    said_ = now;
    sink_(text);
  }

 private:
  const Sink sink_;
  std::optional<std::chrono::steady_clock::time_point> said_ = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_WARNING_H_
