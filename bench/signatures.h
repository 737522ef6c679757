// One signed request of each kind, as the signature check sees it.
#ifndef CERTWRIGHT_BENCH_SIGNATURES_H_
#define CERTWRIGHT_BENCH_SIGNATURES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/account.h"
#include "server/call.h"

namespace certwright::bench {

struct SignedRequest {
  std::string way = {};  // "TC3, JSON"
  Envelope envelope = {};
};

std::vector<SignedRequest> SignedEachWay(const Credential& credential, absl::Time now);

}  // namespace certwright::bench

#endif  // CERTWRIGHT_BENCH_SIGNATURES_H_
