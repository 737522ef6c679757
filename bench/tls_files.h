// A certificate for the service under test.
#ifndef CERTWRIGHT_BENCH_TLS_FILES_H_
#define CERTWRIGHT_BENCH_TLS_FILES_H_

#include <string>
#include <vector>

namespace certwright::bench {

// Writes a self-signed one of a P-256 key and that key into `folder`; the flags of `serve` that
// make it listen for TLS with them, on ports that it picks.
std::vector<std::string> TlsFlags(const std::string& folder);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_TLS_FILES_H_
