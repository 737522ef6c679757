#include "server/commands/client.h"

#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "adapters/trust/system_roots.h"
#include "core/crypto/digest.h"
#include "core/crypto/trust_store.h"
#include "core/status_macros.h"
#include "server/api_services.h"
#include "server/auth/request_parts.h"
#include "server/auth/signature.h"
#include "server/json_codec.h"

namespace certwright {
namespace {

constexpr char kUnsigned[] = "UNSIGNED-PAYLOAD";
constexpr char kChinese[] = "zh-CN";
constexpr char kEnglish[] = "en-US";

// Its name in endpoint.env and among the variables, and what it sets.
struct Setting {
  const char* name;
  std::string ClientOptions::*member;
};

constexpr Setting kAddresses[] = {{"CERTWRIGHT_HTTP", &ClientOptions::http},
                                  {"CERTWRIGHT_GRPC", &ClientOptions::grpc},
                                  {"CERTWRIGHT_HTTPS", &ClientOptions::https},
                                  {"CERTWRIGHT_GRPCS", &ClientOptions::grpcs},
                                  {"CERTWRIGHT_CA", &ClientOptions::ca}};
constexpr Setting kSecretId = {"TENCENTCLOUD_SECRET_ID", &ClientOptions::secret_id};
constexpr Setting kSecretKey = {"TENCENTCLOUD_SECRET_KEY", &ClientOptions::secret_key};
constexpr Setting kToken = {"TENCENTCLOUD_TOKEN", &ClientOptions::token};

void TakeVariable(const Setting& setting, ClientOptions& options) {
  std::string& member = options.*setting.member;
  const char* const value = std::getenv(setting.name);
  if (member.empty() && value != nullptr) member = value;
}

void TakeLine(absl::string_view line, const Setting& setting, ClientOptions& options) {
  std::string& member = options.*setting.member;
  if (!member.empty() || !absl::ConsumePrefix(&line, setting.name)) return;
  if (absl::ConsumePrefix(&line, "=")) member = std::string(line);
}

// As programs find the language of their messages.
const char* LanguageOfUser() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const locale = std::getenv(name);
    if (locale == nullptr || *locale == '\0') continue;
    return absl::StartsWith(locale, "zh") ? kChinese : kEnglish;
  }
  return kEnglish;
}

}  // namespace

void AddClientOptions(CLI::App& command, ClientOptions& options) {
  command.add_option("--http", options.http,
                     "HOST:PORT of the service's HTTP [CERTWRIGHT_HTTP, as the next four]");
  command.add_option("--grpc", options.grpc, "HOST:PORT of the service's gRPC");
  command.add_option("--https", options.https, "HOST:PORT of the service's HTTP over TLS");
  command.add_option("--grpcs", options.grpcs, "HOST:PORT of the service's gRPC over TLS");
  command.add_option("--ca", options.ca,
                     "PEM file of whom to trust over TLS; without it, whom this machine trusts");
  command.add_option(
      "--endpoint-env", options.endpoint_env,
      "File with CERTWRIGHT_HTTP, _GRPC, _HTTPS, _GRPCS and _CA, TENCENTCLOUD_SECRET_ID, "
      "TENCENTCLOUD_SECRET_KEY and, for a temporary key, TENCENTCLOUD_TOKEN, as "
      "`serve` writes it; else these variables");
}

void AddLanguageOption(CLI::App& command, ClientOptions& options) {
  options.language = LanguageOfUser();
  command.add_option("--language", options.language, "Of names and messages: zh-CN or en-US")
      ->check(CLI::IsMember({kChinese, kEnglish}))
      ->capture_default_str();
}

absl::Status ReadEndpointFile(ClientOptions& options) {
  std::ifstream file(options.endpoint_env);
  if (!file) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read --endpoint-env ", options.endpoint_env,
                     "; `certwright serve` writes it as endpoint.env into its --data folder"));
  }
  for (std::string line; std::getline(file, line);) {
    for (const Setting& setting : kAddresses) TakeLine(line, setting, options);
    for (const Setting& setting : {kSecretId, kSecretKey, kToken}) TakeLine(line, setting, options);
  }
  return absl::OkStatus();
}

bool HasAddressVariable() {
  ClientOptions options;
  for (const Setting& setting : kAddresses) TakeVariable(setting, options);
  return !(options.http.empty() && options.grpc.empty() && options.https.empty() &&
           options.grpcs.empty());
}

absl::Status CompleteClientOptions(ClientOptions& options) {
  if (options.endpoint_env.empty()) {
    for (const Setting& setting : kAddresses) TakeVariable(setting, options);
  } else {
    RETURN_IF_ERROR(ReadEndpointFile(options));
  }
  if (options.secret_id.empty()) {
    TakeVariable(kSecretId, options);
    if (!options.secret_id.empty()) TakeVariable(kToken, options);
  }
  TakeVariable(kSecretKey, options);
  if (options.secret_id.empty() || options.secret_key.empty()) {
    return absl::InvalidArgumentError(
        "no key to sign with: give --endpoint-env DATA/endpoint.env, or set TENCENTCLOUD_SECRET_ID "
        "and TENCENTCLOUD_SECRET_KEY");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TrustedPem(const ClientOptions& options) {
  std::string pem;
  if (options.ca.empty()) {
    pem = SystemRootsPem();
  } else {
    std::stringstream text;
    text << std::ifstream(options.ca).rdbuf();
    pem = text.str();
  }
  if (TrustStore(pem).size() > 0) return pem;
  return absl::InvalidArgumentError(
      options.ca.empty()
          ? "this machine trusts nobody over TLS; give --ca FILE, like DATA/ca-roots.pem"
          : absl::StrCat("--ca ", options.ca, " holds no certificate in PEM"));
}

absl::Status RequireAddress(const std::string& address, absl::string_view flag,
                            absl::string_view over_tls) {
  if (!address.empty()) return absl::OkStatus();
  if (!over_tls.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no plain address of the service, but one over TLS: give ", over_tls,
                     ", or --", flag, " HOST:PORT"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no address of the service: give --endpoint-env DATA/endpoint.env or --", flag,
                   " HOST:PORT, or set CERTWRIGHT_", absl::AsciiStrToUpper(flag)));
}

namespace {

// The action that has this name but for its case; "" if none has.
std::string NameLike(absl::string_view name) {
  for (const ApiService& each : ApiServices()) {
    for (int i = 0; i < each.descriptor->method_count(); ++i) {
      const std::string& known = each.descriptor->method(i)->name();
      if (absl::EqualsIgnoreCase(known, name)) return known;
    }
  }
  return "";
}

// "certwright.ssl.v20191205.SslService (proto/ssl/v20191205/ssl.proto)"
void AppendPlace(std::string* out, const ApiService& service) {
  absl::StrAppend(out, service.descriptor->full_name(), " (proto/",
                  service.descriptor->file()->name(), ")");
}

}  // namespace

absl::StatusOr<const google::protobuf::MethodDescriptor*> FindRpc(absl::string_view action) {
  absl::string_view name = action;
  if (const std::size_t slash = name.rfind('/'); slash != absl::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  for (const ApiService& each : ApiServices()) {
    const auto* rpc = each.descriptor->FindMethodByName(std::string(name));
    if (rpc != nullptr) return rpc;
  }
  const std::string meant = NameLike(name);
  if (!meant.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the API has no action ", name, "; its name is ", meant));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the API has no action ", name, "; all of them stand in ",
                   absl::StrJoin(ApiServices(), ", ", AppendPlace),
                   ", and grpcurl lists those of a service: "
                   "grpcurl -plaintext $CERTWRIGHT_GRPC list SERVICE"));
}

std::string FullMethod(const google::protobuf::MethodDescriptor& rpc) {
  return absl::StrCat("/", rpc.service()->full_name(), "/", rpc.name());
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(
    const google::protobuf::MethodDescriptor& rpc, absl::string_view json) {
  std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(rpc.input_type())->New());
  if (const absl::Status decoded = DecodeJson(json, *request); !decoded.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the request is not one of ", rpc.name(), ": ", decoded.message(),
        " Its members are those of the message ", rpc.input_type()->name(), " below proto/"));
  }
  return request;
}

namespace {

// Who has the action; the documented service for one that nobody has.
const ApiService& ServiceWith(absl::string_view action) {
  for (const ApiService& service : ApiServices()) {
    if (service.descriptor->FindMethodByName(std::string(action)) != nullptr) return service;
  }
  return ApiServices().front();
}

}  // namespace

HeaderList SignedHttpHeaders(const ClientOptions& options, absl::string_view action,
                             absl::string_view body, absl::Time now) {
  const Tc3Request request = {
      .method = "POST",
      // The action too: a key may ask for it, and nobody can then exchange it.
      .headers = {{"content-type", "application/json"},
                  {"host", options.http},
                  {"x-tc-action", std::string(action)}},
      .payload_hash = LowerHex(Sha256(body))};
  const std::int64_t timestamp = absl::ToUnixSeconds(now);
  const ApiService& service = ServiceWith(action);
  HeaderList headers = {
      {"Content-Type", "application/json"},
      {"X-TC-Action", std::string(action)},
      {"X-TC-Version", service.version},
      {"X-TC-Timestamp", absl::StrCat(timestamp)},
      {"Authorization", Tc3AuthorizationHeader(options.secret_id, options.secret_key, service.name,
                                               timestamp, request)}};
  if (!options.token.empty()) headers.emplace_back("X-TC-Token", options.token);
  if (!options.language.empty()) headers.emplace_back("X-TC-Language", options.language);
  return headers;
}

HeaderList SignedGrpcMetadata(const ClientOptions& options, const std::string& full_method,
                              const std::string* bytes, absl::Time now) {
  const Tc3Request request = {
      .method = "POST",
      .path = full_method,
      .headers = {{"content-type", "application/grpc"}, {"host", options.grpc}},
      .payload_hash = LowerHex(Sha256(bytes != nullptr ? *bytes : kUnsigned))};
  const std::int64_t timestamp = absl::ToUnixSeconds(now);
  HeaderList metadata = {
      {"x-tc-timestamp", absl::StrCat(timestamp)},
      {"authorization", Tc3AuthorizationHeader(options.secret_id, options.secret_key,
                                               ServiceOf(ParseGrpcMethod(full_method).version),
                                               timestamp, request)}};
  if (bytes == nullptr) metadata.emplace_back("x-tc-content-sha256", kUnsigned);
  if (!options.token.empty()) metadata.emplace_back("x-tc-token", options.token);
  if (!options.language.empty()) metadata.emplace_back("x-tc-language", options.language);
  return metadata;
}

}  // namespace certwright
