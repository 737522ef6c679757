#include "adapters/trust/system_roots.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace certwright {
namespace {

// Debian and its kin; Fedora and its kin; SUSE; Alpine and BSD.
constexpr const char* kBundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  const std::ifstream file(path, std::ios::binary);
  if (file) text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string SystemRootsFile() {
  if (const char* const named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0') {
    return named;
  }
  for (const char* const path : kBundles) {
    if (!ReadFile(path).empty()) return path;
  }
  return "";
}

std::string SystemRootsPem() { return ReadFile(SystemRootsFile()); }

}  // namespace certwright
