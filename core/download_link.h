// A link to one package, good for whoever holds its token, for a short time.
#ifndef CERTWRIGHT_CORE_DOWNLOAD_LINK_H_
#define CERTWRIGHT_CORE_DOWNLOAD_LINK_H_

#include <string>

#include "absl/time/time.h"
#include "core/download.h"
#include "core/ids.h"

namespace certwright {

// As stored: without the token, which stands in the link alone.
struct DownloadLink {
  std::string token_hash = {};  // SHA-256
  AccountId account = {};
  CertificateId certificate = {};
  ServerType type = ServerType::kNginx;
  absl::Time expires = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DOWNLOAD_LINK_H_
