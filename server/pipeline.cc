#include "server/pipeline.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/region.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "google/protobuf/arena.h"
#include "server/api_services.h"
#include "server/auth/request_parts.h"
#include "server/json_codec.h"
#include "server/language.h"
#include "server/payload.h"
#include "server/refusal.h"

namespace certwright {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr char kDocumentedVersion[] = "2019-12-05";
constexpr char kRetiredAction[] = "HostCertificate";

absl::Status CheckMethod(const Envelope& envelope) {
  if (envelope.method == "GET" || envelope.method == "POST") return absl::OkStatus();
  return Refuse(ApiError::kUnsupportedProtocol,
                absl::StrCat("The method `", Shown(envelope.method),
                             "` is not supported: only GET and POST are."));
}

absl::Status RefuseSize(absl::string_view what, std::size_t limit_bytes) {
  return Refuse(ApiError::kRequestSizeLimitExceeded,
                absl::StrCat("The ", what, " exceeds the limit of ", limit_bytes, " bytes."));
}

absl::Status RefuseShutdown() {
  return Refuse(ApiError::kServiceUnavailable, "The service is shutting down; try again.");
}

absl::StatusOr<const Action*> FindAction(const ActionVersions& actions, absl::string_view version,
                                         absl::string_view name) {
  const auto table = actions.find(std::string_view(version.data(), version.size()));
  if (table == actions.end()) {
    return Refuse(ApiError::kNoSuchVersion,
                  absl::StrCat("The specified api version=`", Shown(version),
                               "` does not exist in service=`", ServiceOf(version), "`."),
                  "Version");
  }
  if (name == kRetiredAction && version == kDocumentedVersion) {
    return Refuse(ApiError::kActionOffline,
                  absl::StrCat("The action `", name, "` has been taken offline."), "Action");
  }
  const Action* action = table->second.Find(name);
  if (action != nullptr) return action;
  return Refuse(ApiError::kInvalidAction,
                absl::StrCat("The action `", Shown(name), "` does not exist in service=`",
                             ServiceOf(version), "`, version=`", version, "`."),
                "Action");
}

absl::StatusOr<std::string> ParseRegion(absl::string_view text) {
  // Some SDKs print what they do not have.
  if (text.empty() || text == "null" || text == "undefined") return std::string();
  if (IsRegion(text)) return std::string(text);
  return Refuse(
      ApiError::kInvalidParameterValue,
      absl::StrCat(
          "The value `", Shown(text),
          "` specified in `X-TC-Region` is not valid; allowed are nothing and regions like "
          "`ap-guangzhou`."),
      "Region");
}

// Reads may be repeated: nothing comes of it.
bool IsRead(absl::string_view action) {
  return absl::StartsWith(action, "Describe") || absl::StartsWith(action, "Check") ||
         absl::StartsWith(action, "Download");
}

// Of the HTTP listener, by the name under which the caller reached us. Who came over TLS stays
// there.
std::string HttpOrigin(const Envelope& envelope, const Pipeline::Options& options) {
  absl::string_view host = HeaderOr(envelope, "host");
  const bool is_name = !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '[' ||
           c == ']';
  });
  if (!is_name) host = "localhost";
  if (envelope.protocol == Protocol::kHttp) {
    return absl::StrCat(envelope.is_secure ? "https://" : "http://", host);
  }
  const int https_port = envelope.is_secure && options.https_port ? options.https_port() : 0;
  if (https_port != 0) return absl::StrCat("https://", WithoutPort(host), ":", https_port);
  return absl::StrCat("http://", WithoutPort(host), ":",
                      options.http_port ? options.http_port() : 80);
}

// What the request says it wants, before it is verified.
std::string ClaimedAction(const Envelope& envelope) {
  if (envelope.protocol == Protocol::kGrpc) return Shown(ParseGrpcMethod(envelope.path).action);
  return Shown(HeaderOr(envelope, "x-tc-action"));
}

// Libraries below us throw where memory ends; every request is answered all the same.
template <typename Function>
auto WithoutExceptions(Function function) -> decltype(function()) {
  try {
    return function();
  } catch (const std::exception& exception) {
    return absl::InternalError(absl::StrCat("exception: ", exception.what()));
  }
}

}  // namespace

struct Pipeline::Request {
  Request(Envelope from, std::function<void(Reply)> to, std::string id)
      : envelope(std::move(from)), done(std::move(to)) {
    record.protocol = envelope.protocol;
    record.request_id = std::move(id);
    record.action = ClaimedAction(envelope);
    record.peer = envelope.peer;
  }

  const SteadyClock::time_point begin = SteadyClock::now();
  Envelope envelope;
  std::function<void(Reply)> done;
  Record record = {};
  Principal principal = {};
  const Action* action = nullptr;
  Call call = {};
  google::protobuf::Arena arena = {};          // of the input
  google::protobuf::Message* input = nullptr;  // once decoded
};

Pipeline::Pipeline(const ActionVersions& actions, Services& services, Verifier& verifier,
                   RateLimiter& rate_limiter, TaskPool& workers, Random& random, Log log,
                   Options options)
    : actions_(actions),
      services_(services),
      verifier_(verifier),
      authorizer_(services.store),
      rate_limiter_(rate_limiter),
      workers_(workers),
      random_(random),
      log_(std::move(log)),
      options_(std::move(options)),
      replay_guard_(options_.replay_entries) {}

void Pipeline::Handle(Envelope envelope, std::function<void(Reply)> done) {
  const auto request =
      std::make_shared<Request>(std::move(envelope), std::move(done), RandomUuid(random_));
  // Who calls and what is read for them come from one view.
  bool is_answered = false;
  services_.store.ReadTogether([&] { is_answered = AnswerAtOnce(*request); });
  if (is_answered) return;

  const bool is_taken = workers_.Run([this, request] {
    if (is_draining_) {
      return Finish(*request, Refused(*request, RefuseShutdown()));
    }
    RunAndFinish(*request);
  });
  if (!is_taken) {
    Finish(*request, Refused(*request, absl::ResourceExhaustedError("the workers' queue is full")));
  }
}

bool Pipeline::AnswerAtOnce(Request& request) {
  const absl::StatusOr<bool> is_quick = WithoutExceptions([&]() -> absl::StatusOr<bool> {
    RETURN_IF_ERROR(Admit(request));
    return IsQuick(request);
  });
  if (!is_quick.ok()) {
    Finish(request, Refused(request, is_quick.status()));
    return true;
  }
  if (*is_quick) RunAndFinish(request);
  return *is_quick;
}

Reply Pipeline::RefuseOversize(const Envelope& headers_only) {
  const absl::Status query = CheckSize(headers_only);
  return RefuseUnread(headers_only,
                      query.ok() ? RefuseSize("body", options_.max_body_bytes) : query);
}

Reply Pipeline::RefuseCrowded(const Envelope& headers_only) {
  return RefuseUnread(headers_only,
                      absl::ResourceExhaustedError("the budget of request bodies is used up"));
}

Reply Pipeline::RefuseUnknown(const Envelope& headers_only) {
  const GrpcMethod method = ParseGrpcMethod(headers_only.path);
  const absl::StatusOr<const Action*> action = FindAction(actions_, method.version, method.action);
  // An action that we have is asked for under a service that we have not.
  return RefuseUnread(headers_only,
                      !action.ok() ? action.status()
                                   : Refuse(ApiError::kNoSuchProduct,
                                            absl::StrCat("The method `", Shown(headers_only.path),
                                                         "` does not exist here.")));
}

Reply Pipeline::RefuseLate(const Envelope& headers_only) {
  return RefuseUnread(headers_only, RefuseShutdown());
}

Reply Pipeline::RefuseUnread(const Envelope& headers_only, absl::Status status) {
  Request request(headers_only, {}, RandomUuid(random_));
  if (absl::Status method = CheckMethod(request.envelope); !method.ok()) status = method;
  Reply reply = Refused(request, status);
  WriteLog(request);
  return reply;
}

absl::Status Pipeline::Admit(Request& request) {
  const Envelope& envelope = request.envelope;
  if (envelope.is_late) return RefuseShutdown();
  RETURN_IF_ERROR(CheckMethod(envelope));
  RETURN_IF_ERROR(CheckSize(envelope));
  ASSIGN_OR_RETURN(request.principal, verifier_.Verify(envelope));
  const Principal& principal = request.principal;
  // Before anything that a verified call may be refused for: its refusals are in it too.
  request.call.language = LanguageOf(principal.language, envelope, options_.default_language);
  request.record.account = principal.account.id.value;
  request.record.secret_id = principal.secret_id.value;
  request.record.action = Shown(principal.action);

  ASSIGN_OR_RETURN(request.action, FindAction(actions_, principal.version, principal.action));
  RETURN_IF_ERROR(authorizer_.Admit(principal, *request.action));
  const absl::Time now = services_.clock.Now();
  RETURN_IF_ERROR(rate_limiter_.Admit(principal.account.id, principal.action, now));
  ASSIGN_OR_RETURN(request.call.region, ParseRegion(principal.region));
  RETURN_IF_ERROR(CheckContentType(envelope));
  RETURN_IF_ERROR(CheckReplay(envelope, principal, now));

  request.call.request_id = request.record.request_id;
  request.call.action = principal.action;
  request.call.account = principal.account;
  request.call.secret_id = principal.secret_id;
  request.call.sub_account = principal.sub_account;
  request.call.policy = principal.policy;
  request.call.is_temporary = principal.is_temporary;
  request.call.must_sign_action = principal.must_sign_action;
  request.call.now = now;
  request.call.http_origin =
      options_.public_url.empty() ? HttpOrigin(envelope, options_) : options_.public_url;
  return absl::OkStatus();
}

absl::Status Pipeline::CheckReplay(const Envelope& envelope, const Principal& principal,
                                   absl::Time now) {
  if (options_.replay_entries == 0 || IsRead(principal.action)) return absl::OkStatus();
  // A signature over HTTP may leave the action out, over an unsigned payload the body, and beside a
  // file the headers that are its parameters: calls that differ there are not the same.
  std::string call = absl::StrCat(principal.secret_id.value, "\n", principal.signature, "\n",
                                  principal.timestamp, "\n", principal.action, "\n", envelope.body);
  for (const auto& [name, value] : envelope.headers) {
    if (absl::StartsWith(name, "x-ssl-")) absl::StrAppend(&call, "\n", name, ":", value);
  }
  // By then its timestamp is too old for the verifier.
  const absl::Time ends = absl::FromUnixSeconds(principal.timestamp + 1) + options_.replay_window;
  return replay_guard_.Admit(call, ends, now);
}

absl::Status Pipeline::CheckSize(const Envelope& envelope) const {
  if (envelope.method == "GET" && envelope.query.size() > options_.max_query_bytes) {
    return RefuseSize("query", options_.max_query_bytes);
  }
  const bool is_form =
      envelope.protocol == Protocol::kHttp &&
      MediaType(HeaderOr(envelope, "content-type")) == "application/x-www-form-urlencoded";
  const std::size_t limit_bytes = is_form ? options_.max_form_bytes : options_.max_body_bytes;
  if (envelope.body.size() > limit_bytes) return RefuseSize("body", limit_bytes);
  return absl::OkStatus();
}

absl::StatusOr<bool> Pipeline::IsQuick(Request& request) {
  constexpr std::size_t kSmallBytes = 4096;
  const Envelope& envelope = request.envelope;
  const bool may_be = request.action->is_quick && envelope.body.size() <= kSmallBytes &&
                      envelope.query.size() <= kSmallBytes;
  if (!may_be) return false;
  RETURN_IF_ERROR(Decode(request));
  return request.action->is_quick(*request.input);
}

absl::Status Pipeline::Decode(Request& request) {
  if (request.input != nullptr) return absl::OkStatus();
  request.input = request.action->request->New(&request.arena);
  RETURN_IF_ERROR(DecodePayload(request.envelope, request.principal, *request.input));
  return authorizer_.Check(request.principal, *request.action, *request.input,
                           request.call.forbidden);
}

void Pipeline::RunAndFinish(Request& request) {
  absl::StatusOr<std::string> body = WithoutExceptions([&] { return Run(request); });
  if (!body.ok()) return Finish(request, Refused(request, body.status()));
  Finish(request, {.request_id = request.record.request_id, .body = *std::move(body)});
}

absl::StatusOr<std::string> Pipeline::Run(Request& request) {
  RETURN_IF_ERROR(Decode(request));
  // Answers of many rows consist of very many small pieces, which go together.
  google::protobuf::Arena arena;
  google::protobuf::Message* const output = request.action->response->New(&arena);
  RETURN_IF_ERROR(request.action->run(services_, request.call, *request.input, *output));

  std::string body = request.envelope.protocol == Protocol::kHttp
                         ? EncodeResponse(*output, request.record.request_id)
                         : output->SerializeAsString();
  if (body.size() > options_.max_response_bytes) {
    return Refuse(ApiError::kResponseSizeLimitExceeded,
                  absl::StrCat("The answer exceeds the limit of ", options_.max_response_bytes,
                               " bytes: ask for less at a time."));
  }
  return body;
}

Reply Pipeline::Refused(Request& request, const absl::Status& status) {
  Record& record = request.record;
  const bool is_verified = !request.principal.secret_id.value.empty();
  const Language language = is_verified
                                ? request.call.language
                                : ClaimedLanguage(request.envelope, options_.default_language);
  Refusal refusal = DescribeRefusal(status, record.request_id, language);
  Reply reply = RefusalReply(record.protocol, refusal, record.request_id, options_.error_domain);
  record.code = std::move(refusal.code);
  record.failure = std::move(refusal.failure);
  return reply;
}

void Pipeline::Finish(Request& request, Reply reply) {
  request.done(std::move(reply));
  WriteLog(request);
}

void Pipeline::WriteLog(Request& request) {
  request.record.took = absl::FromChrono(SteadyClock::now() - request.begin);
  if (log_) log_(request.record);
}

}  // namespace certwright
