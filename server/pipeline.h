// The one way in, the same for every transport:
//   authenticate → admit → decode → handler → encode, and one log line.
#ifndef CERTWRIGHT_SERVER_PIPELINE_H_
#define CERTWRIGHT_SERVER_PIPELINE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/random.h"
#include "server/action.h"
#include "server/auth/authorizer.h"
#include "server/auth/replay_guard.h"
#include "server/auth/verifier.h"
#include "server/call.h"
#include "server/rate_limiter.h"
#include "server/task_pool.h"

namespace certwright {

// Refusals come in this order: method, size, signature (see Verifier), version, action, suspended
// account, policy, rate, region, content type, repetition, parameters, rules of the business.
//
// Thread-safe. Everything given must outlive it and every call.
class Pipeline {
 public:
  struct Options {
    std::size_t max_body_bytes = 10 * 1024 * 1024;
    std::size_t max_query_bytes = 32 * 1024;
    std::size_t max_form_bytes = 1024 * 1024;
    std::size_t max_response_bytes = 10 * 1024 * 1024;
    // The documented default is Chinese. Answers to calls that ask for no language use this one,
    // but for those that came to an international name: see language.h.
    Language default_language = Language::kChinese;
    std::string error_domain = "ssl.tencentcloudapi.com";  // google.rpc.ErrorInfo.domain
    // Calls that change something and are remembered to refuse their repetition; 0 is none, and
    // `replay_window` is the verifier's window.
    std::size_t replay_entries = 0;
    absl::Duration replay_window = absl::Seconds(300);
    // Of the HTTP listeners, for links in gRPC answers; 0 is none.
    std::function<int()> http_port = {};
    std::function<int()> https_port = {};
    std::string public_url = {};  // what links begin with; "": under the name that the caller used
  };

  // Called once per request, after it was answered. For the log; must not block.
  struct Record {
    Protocol protocol = Protocol::kHttp;
    std::string request_id = {};
    std::string action = {};   // as called, cut and cleaned if it is none of ours; "" if not said
    std::int64_t account = 0;  // 0 if not authenticated
    std::string secret_id = {};
    std::string code = {};     // "" if OK, else the documented code
    std::string failure = {};  // a bare error's text, for operators only
    std::string peer = {};
    absl::Duration took = {};
  };
  using Log = std::function<void(const Record&)>;

  Pipeline(const ActionVersions& actions, Services& services, Verifier& verifier,
           RateLimiter& rate_limiter, TaskPool& workers, Random& random, Log log, Options options);

  // From now on calls that have not reached a worker are answered ServiceUnavailable.
  void RefuseWaiting() { is_draining_ = true; }

  // Answers `envelope` by calling `done` exactly once: at once on this thread for what is refused
  // before the handler and for what is quick (Action::is_quick), else later on a worker. Busy
  // workers answer ServiceUnavailable (gRPC: RESOURCE_EXHAUSTED), never RequestLimitExceeded, which
  // SDKs repeat at once.
  void Handle(Envelope envelope, std::function<void(Reply)> done);

  // The answers for what the transport will not read: a body or a query over the limit, or a body
  // for which the bodies of other calls leave no memory.
  Reply RefuseOversize(const Envelope& headers_only);
  Reply RefuseCrowded(const Envelope& headers_only);
  // For a gRPC method that is not there, and for calls that a transport takes no more.
  Reply RefuseUnknown(const Envelope& headers_only);
  Reply RefuseLate(const Envelope& headers_only);

 private:
  struct Request;

  // Whether the request was answered; else a worker is to.
  bool AnswerAtOnce(Request& request);
  // Everything before the parameters. Fills the request's principal, action and call.
  absl::Status Admit(Request& request);
  absl::Status CheckSize(const Envelope& envelope) const;
  absl::Status CheckReplay(const Envelope& envelope, const Principal& principal, absl::Time now);
  // Decodes, and checks the rights on what the request names. Does nothing the second time.
  absl::Status Decode(Request& request);
  // Decodes if the action might be quick and the request is small, and says whether it is.
  absl::StatusOr<bool> IsQuick(Request& request);
  // Decodes what is not decoded yet, runs the handler, encodes.
  absl::StatusOr<std::string> Run(Request& request);
  void RunAndFinish(Request& request);

  Reply Refused(Request& request, const absl::Status& status);
  Reply RefuseUnread(const Envelope& headers_only, absl::Status status);
  void Finish(Request& request, Reply reply);
  void WriteLog(Request& request);

  const ActionVersions& actions_;
  Services& services_;
  Verifier& verifier_;
  Authorizer authorizer_;
  RateLimiter& rate_limiter_;
  TaskPool& workers_;
  Random& random_;
  Log log_;
  Options options_;
  ReplayGuard replay_guard_;
  std::atomic<bool> is_draining_ = false;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_PIPELINE_H_
