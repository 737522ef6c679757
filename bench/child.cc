#include "bench/child.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/transport/grpc_server.h"
#include "server/transport/http_server.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright::bench {

Child Child::Start(const std::vector<std::string>& arguments) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) std::exit(1);
  const pid_t process = fork();
  if (process == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    alarm(1800);  // whatever becomes of the parent, this ends
    std::vector<char*> pointers;
    for (const std::string& argument : arguments) {
      pointers.push_back(const_cast<char*>(argument.c_str()));
    }
    pointers.push_back(nullptr);
    execv(pointers[0], pointers.data());
    std::perror("bench: cannot run the program");
    _exit(127);
  }
  close(pipe_ends[1]);
  std::string output;
  char buffer[4096];
  constexpr int kPatienceMilliseconds = 60'000;
  pollfd output_end = {.fd = pipe_ends[0], .events = POLLIN, .revents = 0};
  while (!absl::EndsWith(output, "Ready\n")) {
    const bool has_output = poll(&output_end, 1, kPatienceMilliseconds) == 1;
    const ssize_t got = has_output ? read(pipe_ends[0], buffer, sizeof buffer) : 0;
    if (got <= 0) {
      std::fprintf(stderr, "bench: %s did not become ready\n", arguments[0].c_str());
      kill(process, SIGKILL);
      std::exit(1);
    }
    output.append(buffer, static_cast<std::size_t>(got));
  }
  close(pipe_ends[0]);
  return Child(process, std::move(output));
}

Child Child::StartEcho(const std::string& kind, std::size_t answer_bytes) {
  return Start({"/proc/self/exe", "--echo", kind, "--bytes", absl::StrCat(answer_bytes)});
}

Child::Child(Child&& other) noexcept
    : process_(std::exchange(other.process_, -1)), output_(std::move(other.output_)) {}

Child::~Child() {
  if (process_ < 0) return;
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

std::int64_t Child::ResidentKilobytes() const {
  std::ifstream status(absl::StrCat("/proc/", process_, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, "VmRSS:")) return std::strtoll(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

absl::Duration Child::ProcessorTime() const {
  std::ifstream file(absl::StrCat("/proc/", process_, "/stat"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  constexpr int kUserTicks = 11;  // the fields behind the name, from 0
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < kUserTicks; ++i) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  fields >> user >> system;
  return absl::Seconds(static_cast<double>(user + system) /
                       static_cast<double>(sysconf(_SC_CLK_TCK)));
}

int RunEcho(const std::string& kind, std::size_t answer_bytes) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const auto echo = [answer_bytes](Envelope, std::function<void(Reply)> done) {
    done(Reply{.request_id = {}, .body = std::string(answer_bytes, 'x')});
  };
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<GrpcServer> grpc;
  if (kind == "http") {
    auto started = HttpServer::Start({}, echo, nullptr,
                                     [](const Envelope&, HttpServer::Unread) { return Reply{}; });
    if (!started.ok()) return 1;
    http = *std::move(started);
    std::printf("%d\nReady\n", http->port());
  } else {
    auto started = GrpcServer::Start({}, {ssl::v20191205::SslService::descriptor()}, echo,
                                     [](const Envelope&, GrpcServer::Unserved) { return Reply{}; });
    if (!started.ok()) return 1;
    grpc = *std::move(started);
    std::printf("%d\nReady\n", grpc->port());
  }
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace certwright::bench
