#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "server/commands/conformance.h"
#include "server/config.h"
#include "server/sample_request.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr char kNotBuilt[] = "not built yet";

// Of the right type, and nothing that any enumeration or range has.
std::string OutOfRange(const FieldDescriptor& member) {
  const bool is_text = member.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  const bool is_message = member.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const std::string single = is_text ? "\"no-such-value\"" : is_message ? "{}" : "987654321";
  return member.is_repeated() ? absl::StrCat("[", single, "]") : single;
}

const ServiceDescriptor& Documented() { return *ssl::v20191205::SslService::descriptor(); }

}  // namespace

Prober::Prober(const ClientOptions& options, const Clock& clock)
    : options_(options), clock_(clock) {
  for (int i = 0; i < Documented().method_count(); ++i) seen_[Documented().method(i)->name()] = {};
}

Answer Prober::Call(const MethodDescriptor& rpc, const std::string& body) {
  if (!status_.ok()) return {};
  const absl::StatusOr<HttpAnswer> posted = Post(rpc.name(), body);
  if (!posted.ok()) {
    status_ = posted.status();
    return {};
  }
  absl::StatusOr<Answer> answer = ReadAnswer(posted->body, *rpc.output_type());
  if (!answer.ok() || posted->status != 200) {
    status_ = absl::FailedPreconditionError(
        absl::StrCat(rpc.name(), " was answered with HTTP status ", posted->status, ", and ",
                     answer.ok() ? "only 200 is documented" : answer.status().message()));
    return {};
  }
  if (absl::StartsWith(answer->code, "RequestLimitExceeded")) {
    status_ = absl::FailedPreconditionError(
        "the service limits how often it is called; run this against certwright serve --demo");
  } else if (!is_key_taken_ && absl::StartsWith(answer->code, "AuthFailure")) {
    status_ = absl::FailedPreconditionError(
        absl::StrCat("the service does not take the key: ", answer->code, ": ", answer->message));
  }
  is_key_taken_ = status_.ok();
  if (rpc.service() == &Documented()) Note(rpc, *answer);
  return *std::move(answer);
}

void Prober::Become(const std::string& secret_id, const std::string& secret_key) {
  options_.secret_id = secret_id;
  options_.secret_key = secret_key;
}

absl::StatusOr<HttpAnswer> Prober::Post(const std::string& action, const std::string& body) {
  if (client_ == nullptr) {
    ASSIGN_OR_RETURN(const HostPort address, ParseHostPort(options_.http));
    ASSIGN_OR_RETURN(client_, HttpClient::Connect(address.host, address.port, kTimeout));
  }
  return client_->Post(options_.http, body,
                       SignedHttpHeaders(options_, action, body, clock_.Now()));
}

void Prober::Note(const MethodDescriptor& rpc, const Answer& answer) {
  ActionRecord& record = seen_.at(rpc.name());
  record.faults.insert(answer.faults.begin(), answer.faults.end());
  if (answer.code.empty()) {
    record.is_answered = true;
    record.members.insert(answer.members.begin(), answer.members.end());
    return;
  }
  record.codes.insert(answer.code);
  if (absl::StrContains(answer.message, kNotBuilt)) record.is_unbuilt = true;
}

void CallWrongly(Prober& prober) {
  const JsonMembers samples = PlausibleSamples();
  for (int i = 0; i < Documented().method_count(); ++i) {
    const MethodDescriptor& rpc = *Documented().method(i);
    const JsonMembers base = SampleRequest(*rpc.input_type(), samples);
    const auto call_with = [&](const std::string& name, const std::string& json) {
      JsonMembers members = base;
      members[name] = json;
      prober.Call(rpc, JsonObject(members));
    };
    prober.Call(rpc, "{}");
    call_with("NoSuchMember", "1");
    for (int j = 0; j < rpc.input_type()->field_count(); ++j) {
      const FieldDescriptor& member = *rpc.input_type()->field(j);
      for (const std::string& wrong : WrongValues(member)) call_with(member.json_name(), wrong);
      call_with(member.json_name(), OutOfRange(member));
      if (!IsIdMember(member)) continue;
      call_with(member.json_name(), SampleValue(member, {{member.json_name(), UnknownId(member)}}));
    }
  }
}

}  // namespace certwright
