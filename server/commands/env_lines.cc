#include "server/commands/env_lines.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace certwright {
namespace {

constexpr char kShell[] = R"(export CERTWRIGHT_HTTP=@http@
export CERTWRIGHT_GRPC=@grpc@
export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
)";

constexpr char kPython[] = R"(from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client

client = ssl_client.SslClient(
    credential.Credential(@id@, @key@), "",
    ClientProfile(httpProfile=HttpProfile(protocol=@scheme@, endpoint=@http@@python_trust@)))
)";

constexpr char kNode[] = R"(@node_trust@const {ssl} = require("tencentcloud-sdk-nodejs");

const client = new ssl.v20191205.Client({
  credential: {secretId: @id@, secretKey: @key@},
  region: "",
  profile: {httpProfile: {protocol: @scheme_url@, endpoint: @http@}},
});
)";

constexpr char kGo[] = R"(@go_trust@package main

import (
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	ssl "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssl/v20191205"
)

func newClient() (*ssl.Client, error) {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Scheme = @scheme@
	settings.HttpProfile.Endpoint = @http@
	return ssl.NewClient(common.NewCredential(@id@, @key@), "", settings)
}
)";

constexpr char kJava[] = R"(@java_trust@import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssl.v20191205.SslClient;

class CertwrightClient {
  static SslClient create() {
    HttpProfile http = new HttpProfile();
    http.setProtocol(@scheme_url@);
    http.setEndpoint(@http@);
    return new SslClient(new Credential(@id@, @key@), "", new ClientProfile(ClientProfile.SIGN_TC3_256, http));
  }
}
)";

// A profile of its own, so that the user's stays as it is.
constexpr char kTccli[] = R"(@tccli_trust@export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
export TENCENTCLOUD_REGION=ap-guangzhou
tccli configure set --profile certwright ssl.endpoint @url@
export TCCLI_PROFILE=certwright
)";

constexpr char kTerraform[] = R"(@hosts_line@@go_trust_line@export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
export TENCENTCLOUD_REGION=ap-guangzhou
export TENCENTCLOUD_DOMAIN=@domain@
export TENCENTCLOUD_PROTOCOL=@SCHEME@
)";

constexpr char kGrpcurl[] = R"(export CERTWRIGHT_GRPC=@grpc@
export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
# ssl_grpcurl ACTION [JSON]: signs with certwright (or $CERTWRIGHT) and calls with grpcurl.
ssl_grpcurl() {
  CERTWRIGHT_ACTION=$1 CERTWRIGHT_DATA=${2:-'{}'}
  CERTWRIGHT_HEADERS=$("${CERTWRIGHT:-certwright}" sign "$1" "$CERTWRIGHT_DATA") || return
  set --
  while IFS= read -r CERTWRIGHT_HEADER; do set -- "$@" -H "$CERTWRIGHT_HEADER"; done <<END
$CERTWRIGHT_HEADERS
END
  grpcurl @grpcurl_trust@ "$@" -d "$CERTWRIGHT_DATA" "$CERTWRIGHT_GRPC" \
    "certwright.ssl.v20191205.SslService/$CERTWRIGHT_ACTION"
}
)";

// A word of sh.
std::string ShellWord(absl::string_view text) {
  const auto is_plain = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("_-./:[]").find(c) != absl::string_view::npos;
  };
  bool all_plain = !text.empty();
  for (const char c : text) all_plain = all_plain && is_plain(c);
  if (all_plain && !absl::StrContains(text, "[")) return std::string(text);
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", R"('\'')"}}), "'");
}

// A string of Python, JavaScript, Go and Java alike.
std::string Literal(absl::string_view text) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}}), "\"");
}

struct HostAndPort {
  std::string host = {};
  std::string port = {};  // with its colon; empty if there is none
};

HostAndPort Split(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const std::size_t bracket = address.rfind(']');
  if (colon == std::string::npos || (bracket != std::string::npos && colon < bracket)) {
    return {.host = address};
  }
  return {.host = address.substr(0, colon), .port = address.substr(colon)};
}

bool IsIpLiteral(absl::string_view host) {
  return absl::StrContains(host, ":") ||
         host.find_first_not_of("0123456789.") == absl::string_view::npos;
}

struct Domain {
  std::string name = {};        // what stands behind "ssl.", with the port
  std::string hosts_line = {};  // a comment on what its names need to lead here
};

// Terraform asks ssl.<domain>, so an address cannot be a domain.
Domain DomainOf(const std::string& http) {
  const HostAndPort at = Split(http);
  if (!IsIpLiteral(at.host)) {
    const std::string name(absl::StripPrefix(at.host, "ssl."));
    return {.name = name + at.port,
            .hosts_line = absl::StrCat("# In DNS or /etc/hosts, ssl.", name, " must lead here.\n")};
  }
  const std::string address(absl::StripSuffix(absl::StripPrefix(at.host, "["), "]"));
  return {
      .name = "localhost" + at.port,
      .hosts_line = absl::StrCat("# Names below localhost do not resolve everywhere; /etc/hosts "
                                 "then needs this line:\n# ",
                                 address, " ssl.localhost\n")};
}

std::string JavaTrust(const std::string& roots) {
  return absl::StrCat("// keytool -importcert -noprompt -alias certwright -storepass changeit \\\n",
                      "//   -keystore certwright.p12 -file ", ShellWord(roots),
                      "\n// java -Djavax.net.ssl.trustStore=certwright.p12 "
                      "-Djavax.net.ssl.trustStorePassword=changeit ...\n");
}

using Replacements = std::vector<std::pair<std::string, std::string>>;

Replacements TrustIn(const ClientTarget& target) {
  const bool is_tls = target.is_tls;
  const std::string roots = ShellWord(target.roots);
  const auto over_tls = [is_tls](std::string text) { return is_tls ? std::move(text) : ""; };
  return {{"@python_trust@", over_tls(absl::StrCat(", certification=", Literal(target.roots)))},
          {"@node_trust@", over_tls(absl::StrCat("// NODE_EXTRA_CA_CERTS=", roots, " node ...\n"))},
          {"@go_trust@", over_tls(absl::StrCat("// SSL_CERT_FILE=", roots, " go run .\n\n"))},
          {"@java_trust@", over_tls(JavaTrust(target.roots))},
          {"@tccli_trust@",
           over_tls("# tccli trusts what its certifi package holds; add to that: " + roots + "\n")},
          {"@go_trust_line@", over_tls(absl::StrCat("export SSL_CERT_FILE=", roots, "\n"))},
          {"@grpcurl_trust@", is_tls ? absl::StrCat("-cacert ", roots) : "-plaintext"}};
}

std::string Filled(const char* text, const ClientTarget& target,
                   std::string (*quoted)(absl::string_view)) {
  const std::string scheme = target.is_tls ? "https" : "http";
  const Domain domain = DomainOf(target.http);
  Replacements values = TrustIn(target);
  for (const auto& [name, value] : Replacements{{"@http@", target.http},
                                                {"@grpc@", target.grpc},
                                                {"@id@", target.secret_id},
                                                {"@key@", target.secret_key},
                                                {"@scheme@", scheme},
                                                {"@scheme_url@", scheme + "://"},
                                                {"@url@", absl::StrCat(scheme, "://", target.http)},
                                                {"@domain@", domain.name}}) {
    values.emplace_back(name, quoted(value));
  }
  values.emplace_back("@SCHEME@", absl::AsciiStrToUpper(scheme));
  values.emplace_back("@hosts_line@", domain.hosts_line);
  return absl::StrReplaceAll(text, values);
}

struct Client {
  const char* name;
  const char* text;
  std::string (*quoted)(absl::string_view);
};

constexpr Client kClients[] = {
    {"python", kPython, &Literal},
    {"node", kNode, &Literal},
    {"go", kGo, &Literal},
    {"java", kJava, &Literal},
    {"tccli", kTccli, &ShellWord},
    {"terraform", kTerraform, &ShellWord},
    {"grpcurl", kGrpcurl, &ShellWord},
};

}  // namespace

const std::vector<std::string>& KnownClients() {
  static const auto* const names = [] {
    auto* all = new std::vector<std::string>;
    for (const Client& client : kClients) all->emplace_back(client.name);
    return all;
  }();
  return *names;
}

std::string LinesFor(absl::string_view client, const ClientTarget& target) {
  for (const Client& each : kClients) {
    if (each.name == client) return Filled(each.text, target, each.quoted);
  }
  return Filled(kShell, target, &ShellWord);
}

}  // namespace certwright
