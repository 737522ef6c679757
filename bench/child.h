// Processes that the benchmarks start and end: the program under test and the bare echoes.
#ifndef CERTWRIGHT_BENCH_CHILD_H_
#define CERTWRIGHT_BENCH_CHILD_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace certwright::bench {

// Ends with SIGTERM when destroyed, and is waited for.
class Child {
 public:
  // Runs `arguments` and waits, at most a minute, for the line "Ready" on its standard output.
  static Child Start(const std::vector<std::string>& arguments);
  // Runs this program again as a bare echo ("http" or "grpc") that answers `answer_bytes` bytes.
  static Child StartEcho(const std::string& kind, std::size_t answer_bytes);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  // What it printed before "Ready".
  const std::string& output() const { return output_; }
  std::int64_t ResidentKilobytes() const;
  // What it used of the processors so far.
  absl::Duration ProcessorTime() const;

 private:
  Child(pid_t process, std::string output) : process_(process), output_(std::move(output)) {}

  pid_t process_ = -1;
  std::string output_;
};

// What the echo's process does: prints its port and "Ready", and answers until SIGTERM.
int RunEcho(const std::string& kind, std::size_t answer_bytes);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_CHILD_H_
