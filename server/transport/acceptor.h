// Accepts connections for a library whose own listener gives up for good when the process runs out
// of descriptors, as gRPC's does (its version 1.51).
#ifndef CERTWRIGHT_SERVER_TRANSPORT_ACCEPTOR_H_
#define CERTWRIGHT_SERVER_TRANSPORT_ACCEPTOR_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace certwright {

// Accepts on a thread of its own until it is destroyed.
class Acceptor {
 public:
  struct Options {
    std::string host = {};                    // a name stands for its first address
    int port = 0;                             // 0 picks a free one
    absl::Duration pause = absl::Seconds(1);  // after the machine refused a connection
    // Told, once a minute at most, why clients wait to be accepted. Must not block.
    std::function<void(const std::string&)> on_crowd = {};
  };

  // Owns `connection` from then on, a descriptor that does not block.
  using Take = std::function<void(int listener, int connection)>;

  // Listens; clients wait until Start. Fails if the address is taken or not on this machine.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Listen(Options options, Take take);
  virtual ~Acceptor() = default;

  virtual int port() const = 0;
  virtual void Start() = 0;
  // Refuses connections from now on. Takes none once this has returned.
  virtual void Stop() = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_ACCEPTOR_H_
