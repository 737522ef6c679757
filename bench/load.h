// Closed loops: a fixed number of connections, each with one request under way at a time.
#ifndef CERTWRIGHT_BENCH_LOAD_H_
#define CERTWRIGHT_BENCH_LOAD_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright::bench {

struct Result {
  double per_second = 0;  // finished units
  absl::Duration p50 = {};
  absl::Duration p99 = {};
  std::int64_t failures = 0;
  std::int64_t units = 0;
  absl::Duration processor = {};  // of the server, a unit; 0 if nobody asked
};

// The next HTTP request of a connection, whole; `last_body` is the answer to its previous one, ""
// at first. Sets `is_unit_start` where a unit of work begins: a unit ends where the next begins.
using NextRequest =
    std::function<std::string(int connection, absl::string_view last_body, bool& is_unit_start)>;

// One thread, epoll, keep-alive; over TLS to whomever it may be.
Result RunHttp(int port, int connections, absl::Duration time, const NextRequest& next,
               bool is_tls = false);

// One unit of work on thread `index`; false if it failed.
using Unit = std::function<bool(int index)>;

// `threads` threads that repeat `unit`.
Result RunThreads(int threads, absl::Duration time, const Unit& unit);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_LOAD_H_
