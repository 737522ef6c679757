#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/transport/grpc_client.h"
#include "server/transport/grpc_server.h"
#include "server/transport/http_server.h"
#include "tests/transport/raw_client.h"

namespace certwright {
namespace {

double CpuSeconds() {
  rusage used = {};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Takes every descriptor that this process may have, but `spared` of them.
class NoDescriptors {
 public:
  explicit NoDescriptors(std::size_t spared) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit low = before_;
    low.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &low);
    for (int fd = 0; (fd = ::open("/dev/null", O_RDONLY)) >= 0;) taken_.push_back(fd);
    for (; spared > 0 && !taken_.empty(); --spared) GiveOne();
  }
  ~NoDescriptors() {
    while (!taken_.empty()) GiveOne();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

  void GiveOne() {
    ::close(taken_.back());
    taken_.pop_back();
  }

 private:
  rlimit before_ = {};
  std::vector<int> taken_;
};

constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_CASE("Without descriptors the HTTP listener waits, idle, and then accepts again", "[http]") {
  HttpServer::Options options;
  options.sweep_interval = absl::Milliseconds(20);
  std::atomic<int> told = 0;
  options.on_crowd = [&](const std::string&) { ++told; };
  const auto started = HttpServer::Start(
      options, [](Envelope, std::function<void(Reply)> done) { done({.body = "served"}); }, nullptr,
      nullptr);
  REQUIRE(started.ok());
  RawClient before((*started)->port());
  before.Send(kGet);
  CHECK(before.Read().body == "served");

  NoDescriptors full(1);
  RawClient waiting((*started)->port());  // takes the last one; the server has none for its end
  REQUIRE(waiting.is_connected());
  waiting.Send(kGet);
  const double cpu = CpuSeconds();
  CHECK_FALSE(waiting.HasBytes(300));
  CHECK(CpuSeconds() - cpu < 0.15);  // a spinning thread would have used all 0.3 s
  before.Send(kGet);
  CHECK(before.Read().body == "served");

  CHECK(told == 1);
  full.GiveOne();

  CHECK(waiting.Read().body == "served");
}

// The start of HTTP/2 with empty settings, which the server answers with its own.
const std::string kHttp2("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);

TEST_CASE("Without descriptors the gRPC listener waits, idle, and then accepts again", "[grpc]") {
  std::atomic<int> told = 0;
  GrpcServer::Options options;
  options.on_crowd = [&](const std::string&) { ++told; };
  const auto started = GrpcServer::Start(
      options, {}, [](Envelope, std::function<void(Reply)> done) { done({}); },
      [](const Envelope&, GrpcServer::Unserved) { return Reply{}; });
  REQUIRE(started.ok());
  RawClient before((*started)->port());
  before.Send(kHttp2);
  CHECK(before.HasBytes(20'000));
  auto full = std::make_unique<NoDescriptors>(1);

  RawClient waiting((*started)->port());
  REQUIRE(waiting.is_connected());
  waiting.Send(kHttp2);
  const double cpu = CpuSeconds();
  CHECK_FALSE(waiting.HasBytes(300));
  CHECK(CpuSeconds() - cpu < 0.15);
  CHECK(told == 1);
  full.reset();

  CHECK(waiting.HasBytes(20'000));
  CHECK(GrpcClient(absl::StrCat("127.0.0.1:", (*started)->port()))
            .Call("/grpc.health.v1.Health/Check", "", {}, absl::Seconds(20))
            .status == 0);
}

}  // namespace
}  // namespace certwright
