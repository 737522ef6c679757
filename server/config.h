// How the service is set up: the configuration file, then the flags over it.
#ifndef CERTWRIGHT_SERVER_CONFIG_H_
#define CERTWRIGHT_SERVER_CONFIG_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "config/config.pb.h"
#include "core/settings.h"
#include "server/auth/verifier.h"

namespace certwright {

// Starts from the defaults, which --demo and --dev change as proto/config/config.proto says.
enum class Mode { kPlain, kDev, kDemo };

// What `text` sets, with every other member at its default. InvalidArgument lists every mistake in
// it at once, each with its line or member.
absl::StatusOr<config::Config> ParseConfig(absl::string_view text, Mode mode);

// Names the TLS listeners that a configuration with TLS files leaves out.
void NameTlsListeners(config::Config& config);

// Lists every member out of its range.
absl::Status CheckConfig(const config::Config& config);

// The part of it that is rules of the business.
Settings SettingsOf(const config::Config& config, Mode mode);
// The part of it that says which signatures count.
Verifier::Options VerifierOptionsOf(const config::Config& config);

struct HostPort {
  std::string host = {};
  int port = 0;
};

// "127.0.0.1:8080", "[::1]:8080", "localhost:0".
absl::StatusOr<HostPort> ParseHostPort(absl::string_view text);
std::string HostPortText(const HostPort& address);
bool IsLoopback(const HostPort& address);
// Where clients on this machine reach a listener: itself, or loopback for one on every address,
// which is no name for a certificate, and none to dial.
HostPort AddressToDial(const HostPort& listener);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_CONFIG_H_
