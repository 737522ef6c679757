// The roots that this machine trusts.
#ifndef CERTWRIGHT_ADAPTERS_TRUST_SYSTEM_ROOTS_H_
#define CERTWRIGHT_ADAPTERS_TRUST_SYSTEM_ROOTS_H_

#include <string>

namespace certwright {

// The bundle: the file that SSL_CERT_FILE names, else the distribution's. "" where there is none.
std::string SystemRootsFile();
// Its PEM text.
std::string SystemRootsPem();

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_TRUST_SYSTEM_ROOTS_H_
