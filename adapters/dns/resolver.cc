#include "adapters/dns/resolver.h"

#include <ares.h>
#include <poll.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/deadline.h"

namespace certwright {
namespace {

constexpr int kTries = 2;

struct DestroyChannel {
  void operator()(ares_channel channel) const { ares_destroy(channel); }
};
using Channel = std::unique_ptr<std::remove_pointer_t<ares_channel>, DestroyChannel>;

void InitializeLibrary() {
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
}

Channel OpenChannel(const std::string& server, absl::Duration timeout) {
  InitializeLibrary();
  ares_options options = {};
  options.timeout = static_cast<int>(
      std::max<std::int64_t>(200, absl::ToInt64Milliseconds(timeout) / kTries / 2));
  options.tries = kTries;
  // Answers with an error code are ours to read; no search domains.
  options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH;
  options.ndots = 0;
  ares_channel opened = nullptr;
  const int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS | ARES_OPT_NDOTS;
  if (ares_init_options(&opened, &options, mask) != ARES_SUCCESS) return nullptr;
  Channel channel(opened);
  if (!server.empty() && ares_set_servers_ports_csv(opened, server.c_str()) != ARES_SUCCESS) {
    return nullptr;
  }
  return channel;
}

struct Reply {
  bool is_done = false;
  int status = ARES_ETIMEOUT;
  std::string message = {};
};

void Receive(void* into, int status, int, unsigned char* bytes, int length) {
  auto& reply = *static_cast<Reply*>(into);
  reply.is_done = true;
  reply.status = status;
  if (bytes != nullptr && length > 0) {
    reply.message.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  }
}

// Lets the channel read and write until the reply is there. c-ares counts its own time for each
// server and each try; `deadline` bounds their sum.
void RunChannel(ares_channel channel, const Deadline& deadline, const Reply& reply) {
  while (!reply.is_done) {
    if (deadline.HasPassed()) {
      ares_cancel(channel);
      return;
    }
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    const int ready = ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
    pollfd polled[ARES_GETSOCK_MAXNUM] = {};
    nfds_t count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
      const bool wants_read = ARES_GETSOCK_READABLE(ready, i) != 0;
      const bool wants_write = ARES_GETSOCK_WRITABLE(ready, i) != 0;
      if (!wants_read && !wants_write) break;
      polled[count].fd = sockets[i];
      polled[count].events =
          static_cast<short>((wants_read ? POLLIN : 0) | (wants_write ? POLLOUT : 0));
      ++count;
    }
    timeval longest = absl::ToTimeval(std::min(deadline.Left(), absl::Seconds(1)));
    timeval remaining = {};
    const timeval* wait = ares_timeout(channel, &longest, &remaining);
    poll(polled, count, static_cast<int>(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
    if (count == 0) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    for (nfds_t i = 0; i < count; ++i) {
      const bool can_read = (polled[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
      const bool can_write = (polled[i].revents & POLLOUT) != 0;
      ares_process_fd(channel, can_read ? polled[i].fd : ARES_SOCKET_BAD,
                      can_write ? polled[i].fd : ARES_SOCKET_BAD);
    }
  }
}

}  // namespace

DnsResolver::DnsResolver(std::string server) : server_(std::move(server)) {}

DnsAnswer DnsResolver::Ask(absl::string_view name, DnsType type, absl::Duration timeout) const {
  const Deadline deadline(timeout);
  const Channel channel = OpenChannel(server_, timeout);
  if (channel == nullptr) return {.reason = "no name server is configured"};
  constexpr int kInternet = 1;
  Reply reply;
  ares_query(channel.get(), std::string(name).c_str(), kInternet, static_cast<int>(type), Receive,
             &reply);
  RunChannel(channel.get(), deadline, reply);
  if (reply.message.empty()) {
    return {.reason =
                absl::StrCat("no answer from the name server: ", ares_strerror(reply.status))};
  }
  return ParseDnsMessage(reply.message);
}

}  // namespace certwright
