#include "bench/steps.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/account_service.h"
#include "core/crypto/sealer.h"
#include "google/protobuf/arena.h"
#include "server/actions/actions.h"
#include "server/auth/authorizer.h"
#include "server/payload.h"
#include "server/rate_limiter.h"
#include "server/system.h"
#include "ssl/v20191205/ssl.pb.h"
#include "storage/sqlite_store.h"

namespace certwright::bench {
namespace {

constexpr char kPolicy[] = R"({"version":"2.0","statement":[
  {"effect":"allow","action":["ssl:DescribeOperateLogs"],"resource":"*"},
  {"effect":"deny","action":["ssl:Delete*"],"resource":"*"},
  {"effect":"allow","action":["ssl:Apply*","ssl:Upload*"],"resource":"*"},
  {"effect":"deny","action":["ssl:RevokeCertificate"],"resource":["qcs::ssl:::certificate/*"]},
  {"effect":"allow","action":["ssl:Describe*"],"resource":["qcs::ssl:::*"]}]})";

void OrExit(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench: admit and decode: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

// A call as the verifier leaves it.
struct Case {
  explicit Case(const Account& account)
      : envelope{.method = "POST", .path = "/", .body = R"({"CertificateId":"abcd1234"})"} {
    envelope.headers.emplace_back("content-type", "application/json");
    principal.account = account;
    principal.action = "DescribeCertificate";
    principal.version = "2019-12-05";
    principal.sub_account = 1;
    principal.policy = kPolicy;
  }
  Envelope envelope;
  Principal principal = {};
};

}  // namespace

absl::Duration AdmitAndDecode(absl::Duration time) {
  SystemClock clock;
  SystemRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  const auto store = *OpenSqliteStore({.path = ":memory:"}, sealer);
  const Case given(*AccountService(*store, clock, random).CreateAccount("bench"));
  ActionTable table;
  BindActions(table);
  table.Describe(*ssl::v20191205::SslService::descriptor());
  const Action& action = *table.Find(given.principal.action);
  Authorizer authorizer(*store);
  RateLimiter limiter(0);
  const auto once = [&] {
    OrExit(authorizer.Admit(given.principal, action));
    OrExit(limiter.Admit(given.principal.account.id, given.principal.action, clock.Now()));
    google::protobuf::Arena arena;
    google::protobuf::Message* const input = action.request->New(&arena);
    OrExit(DecodePayload(given.envelope, given.principal, *input));
    std::vector<ForbiddenCertificate> forbidden;
    OrExit(authorizer.Check(given.principal, action, *input, forbidden));
  };
  std::int64_t count = 0;
  const absl::Time start = absl::Now();
  while (absl::Now() - start < time) {
    constexpr int kRound = 1000;
    for (int i = 0; i < kRound; ++i) once();
    count += kRound;
  }
  return (absl::Now() - start) / count;
}

}  // namespace certwright::bench
