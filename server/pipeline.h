// The one way in, the same for every transport:
//   authenticate → admit → decode → handler → encode, and one log line.
#ifndef CERTWRIGHT_SERVER_PIPELINE_H_
#define CERTWRIGHT_SERVER_PIPELINE_H_

#include <functional>

#include "core/random.h"
#include "server/action.h"
#include "server/auth/verifier.h"
#include "server/call.h"
#include "server/rate_limiter.h"
#include "server/task_pool.h"

namespace certwright {

// Thread-safe. Everything given must outlive it and every call.
class Pipeline {
 public:
  struct Options {
    std::size_t max_body_bytes = 10 * 1024 * 1024;
    std::size_t max_query_bytes = 32 * 1024;
    std::size_t max_form_bytes = 1024 * 1024;
    std::size_t max_response_bytes = 10 * 1024 * 1024;
    // The documented default is Chinese. Answers without a requested language use this one.
    Language default_language = Language::kChinese;
    std::string error_domain = "ssl.tencentcloudapi.com";  // google.rpc.ErrorInfo.domain
  };

  // Called once per request, after it was answered. For the log; must not block.
  struct Record {
    Protocol protocol = Protocol::kHttp;
    std::string request_id = {};
    std::string action = {};
    std::int64_t account = 0;  // 0 if not authenticated
    std::string secret_id = {};
    std::string code = {};     // "" if OK, else the documented code
    std::string failure = {};  // a bare error's text, for operators only
    std::string peer = {};
    absl::Duration took = {};
  };
  using Log = std::function<void(const Record&)>;

  Pipeline(const ActionTable& actions, Services& services, Verifier& verifier,
           RateLimiter& rate_limiter, TaskPool& workers, Random& random, Log log, Options options);

  // Answers `envelope` by calling `done` exactly once: at once on this thread for what is refused
  // before the handler, else later on a worker.
  void Handle(Envelope envelope, std::function<void(Reply)> done);

 private:
  struct Admitted;

  const ActionTable& actions_;
  Services& services_;
  Verifier& verifier_;
  RateLimiter& rate_limiter_;
  TaskPool& workers_;
  Random& random_;
  Log log_;
  Options options_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_PIPELINE_H_
