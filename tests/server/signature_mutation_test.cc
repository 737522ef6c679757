// Every way to sign, damaged in every way that we know: 110,000 requests from a fixed seed, none of
// which may pass, each with the documented code.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "core/error.h"
#include "server/api_services.h"
#include "server/auth/verifier.h"
#include "tests/server/request_mutator.h"
#include "tests/support/fake_store.h"
#include "tests/support/fakes.h"
#include "tests/support/signed_requests.h"

namespace certwright {
namespace {

constexpr int kMutations = 110'000;
constexpr int kWays = 22;

struct Door {
  FakeStore store = {};
  FakeClock clock = {};
  Verifier verifier = {store, clock, {}};

  Door() { AddKeys(store); }

  // Who passes the signature has its action looked up, by its exact name.
  absl::Status Admit(const Envelope& envelope) {
    const auto principal = verifier.Verify(envelope);
    if (!principal.ok()) return principal.status();
    for (const ApiService& service : ApiServices()) {
      if (principal->version == service.version &&
          service.descriptor->FindMethodByName(principal->action) != nullptr) {
        return absl::OkStatus();
      }
    }
    return Refuse(ApiError::kInvalidAction, principal->action);
  }
};

TEST_CASE("No damaged request passes, and each is refused as documented", "[verifier][mutation]") {
  const int index = GENERATE(range(0, kWays));
  const std::vector<SignedRequest> requests = SignedRequests();
  REQUIRE(requests.size() == kWays);
  const SignedRequest& request = requests[static_cast<std::size_t>(index)];
  CAPTURE(request.name);
  Door door;
  REQUIRE(door.Admit(request.envelope).ok());

  const std::uint64_t seed = 20261124 + static_cast<std::uint64_t>(index);
  int count = 0;
  ForEachMutation(request, seed, kMutations / kWays, [&](const Mutation& mutation) {
    ++count;
    const absl::Status status = door.Admit(mutation.envelope);
    // CHECK costs more than what is checked.
    if (ErrorOf(status) == mutation.code) return;
    const std::string wanted = WireCode(mutation.code);
    const Envelope& envelope = mutation.envelope;
    CAPTURE(count, mutation.what, wanted, envelope.method, envelope.query, envelope.body,
            status.ToString());
    for (const auto& [name, value] : envelope.headers) UNSCOPED_INFO(name << ": " << value);
    FAIL_CHECK("it passed, or was refused with another code");
  });
  CHECK(count == kMutations / kWays);
}

TEST_CASE("A body that is not signed may be any, and that of others may not",
          "[verifier][mutation]") {
  SeededRandom random(20261130);
  for (const SignedRequest& request : SignedRequests()) {
    CAPTURE(request.name);
    Door door;
    for (std::size_t size = 0; size < 100; ++size) {
      Envelope envelope = request.envelope;
      envelope.*request.payload = RandomBytes(random, size);
      CHECK(door.Admit(envelope).ok() == request.is_payload_unsigned);
    }
  }
}

// So a name that was signed in lower case means one action.
TEST_CASE("No two actions differ in nothing but case", "[verifier][mutation]") {
  std::set<std::string> names;
  for (const ApiService& service : ApiServices()) {
    for (int i = 0; i < service.descriptor->method_count(); ++i) {
      const auto& method = *service.descriptor->method(i);
      CAPTURE(method.full_name());
      CHECK(names.insert(absl::AsciiStrToLower(method.name())).second);
    }
  }
}

TEST_CASE("The order in which headers arrive says nothing", "[verifier][mutation]") {
  for (const SignedRequest& request : SignedRequests()) {
    CAPTURE(request.name);
    Envelope envelope = request.envelope;
    std::reverse(envelope.headers.begin(), envelope.headers.end());
    CHECK(Door().Admit(envelope).ok());
  }
}

}  // namespace
}  // namespace certwright
