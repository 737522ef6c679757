// The whole service, built in order and let go in reverse: the one place besides main.cc that
// knows every concrete class.
#ifndef CERTWRIGHT_SERVER_SERVICE_H_
#define CERTWRIGHT_SERVER_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "config/config.pb.h"
#include "core/account.h"
#include "core/clock.h"
#include "core/random.h"
#include "server/config.h"
#include "server/data_dir.h"

namespace certwright {

class Service {
 public:
  // Opens the data, makes what is missing, listens and answers. `clock`, `random` and `data` must
  // outlive it. In kDemo there is a demo account.
  static absl::StatusOr<std::unique_ptr<Service>> Start(const config::Config& config, Mode mode,
                                                        const DataDir& data, const Clock& clock,
                                                        Random& random);
  virtual ~Service() = default;

  // Where it listens, with the ports that were picked.
  virtual HostPort http() const = 0;
  virtual HostPort grpc() const = 0;
  // The same over TLS; the ports are 0 without TLS files.
  virtual HostPort https() const = 0;
  virtual HostPort grpcs() const = 0;
  // The demo account's key; its members are empty in other modes.
  virtual const Credential& demo() const = 0;
  // Both roots of the built-in CA.
  virtual std::string RootsPem() const = 0;

  // Reads the TLS files again if they are others; new connections see the new certificate. One that
  // cannot be used is logged once, and the old one stays.
  virtual void RefreshTls() = 0;

  // Answers what is under way, refuses what is new, ends running jobs. All listeners drain at the
  // same time; until they are done `/readyz` answers 503, and `/healthz` 200.
  virtual void Drain() = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_SERVICE_H_
