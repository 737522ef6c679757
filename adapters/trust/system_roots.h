// The roots that this machine trusts.
#ifndef CERTWRIGHT_ADAPTERS_TRUST_SYSTEM_ROOTS_H_
#define CERTWRIGHT_ADAPTERS_TRUST_SYSTEM_ROOTS_H_

#include <string>

namespace certwright {

// The bundle's PEM text: the file that SSL_CERT_FILE names, else the distribution's. "" where there
// is none.
std::string SystemRootsPem();

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_TRUST_SYSTEM_ROOTS_H_
