// Damage of every kind to a signed request.
#ifndef CERTWRIGHT_TESTS_SERVER_REQUEST_MUTATOR_H_
#define CERTWRIGHT_TESTS_SERVER_REQUEST_MUTATOR_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "core/error.h"
#include "server/call.h"
#include "tests/support/signed_requests.h"

namespace certwright {

// A changed request, and what it is to be refused with.
struct Mutation {
  std::string what = {};
  Envelope envelope = {};
  ApiError code = ApiError::kAuthFailureSignatureFailure;
};

// Gives `use` as many requests that say something else than the original, the same ones for the
// same seed.
void ForEachMutation(const SignedRequest& original, std::uint64_t seed, int count,
                     absl::FunctionRef<void(const Mutation&)> use);

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SERVER_REQUEST_MUTATOR_H_
