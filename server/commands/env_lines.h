// What each client reads or is told to reach a service: shell lines or a piece of its language.
#ifndef CERTWRIGHT_SERVER_COMMANDS_ENV_LINES_H_
#define CERTWRIGHT_SERVER_COMMANDS_ENV_LINES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace certwright {

struct ClientTarget {
  bool is_tls = false;
  std::string http = {};  // HOST:PORT
  std::string grpc = {};  // HOST:PORT
  std::string secret_id = {};
  std::string secret_key = {};
  std::string token = {};  // of a temporary key
  std::string roots = {};  // path of a PEM file; used over TLS alone
};

// The clients that LinesFor knows.
const std::vector<std::string>& KnownClients();

// The lines that point `client` at `target`, newline at the end; those of every shell for "".
// Names, keys and paths in them are quoted as the language wants. REQUIRES: client is "" or one of
// KnownClients().
std::string LinesFor(absl::string_view client, const ClientTarget& target);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_COMMANDS_ENV_LINES_H_
