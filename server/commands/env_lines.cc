#include "server/commands/env_lines.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace certwright {
namespace {

constexpr char kShell[] = R"(export CERTWRIGHT_HTTP@s@=@http@
export CERTWRIGHT_GRPC@s@=@grpc@
@ca_line@export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
@token_line@)";

constexpr char kPython[] = R"(from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client

client = ssl_client.SslClient(
    credential.Credential(@id@, @key@@token_argument@), "",
    ClientProfile(httpProfile=HttpProfile(protocol=@scheme@, endpoint=@http@@python_trust@)))
)";

constexpr char kNode[] = R"(@node_trust@const {ssl} = require("tencentcloud-sdk-nodejs");

const client = new ssl.v20191205.Client({
  credential: {secretId: @id@, secretKey: @key@@token_member@},
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
	return ssl.NewClient(common.@new_credential@(@id@, @key@@token_argument@), "", settings)
}
)";

constexpr char kJava[] = R"(import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssl.v20191205.SslClient;
@java_imports@
class CertwrightClient {
  static SslClient create()@java_throws@ {
    HttpProfile http = new HttpProfile();
    http.setProtocol(@scheme_url@);
    http.setEndpoint(@http@);
@java_trust@    return new SslClient(new Credential(@id@, @key@@token_argument@), "", new ClientProfile(ClientProfile.SIGN_TC3_256, http));
  }
}
)";

constexpr char kJavaImports[] = R"(import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
)";

// In code: keytool takes only the first certificate of a file.
constexpr char kJavaTrust[] =
    R"(    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = new FileInputStream(@roots@)) {
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("root" + trusted.size(), root);
      }
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    http.setX509TrustManager((X509TrustManager) trust.getTrustManagers()[0]);
    http.setSslSocketFactory(tls.getSocketFactory());
)";

// A profile of its own, so that the user's stays as it is.
constexpr char kTccli[] = R"(@tccli_trust@export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
@token_line@export TENCENTCLOUD_REGION=ap-guangzhou
tccli configure set --profile certwright ssl.endpoint @url@
export TCCLI_PROFILE=certwright
)";

constexpr char kTerraform[] = R"(@hosts_line@@go_trust_line@export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
@terraform_token_line@export TENCENTCLOUD_REGION=ap-guangzhou
export TENCENTCLOUD_DOMAIN=@domain@
export TENCENTCLOUD_PROTOCOL=@SCHEME@
)";

constexpr char kGrpcurl[] = R"(export CERTWRIGHT_GRPC=@grpc@
export TENCENTCLOUD_SECRET_ID=@id@
export TENCENTCLOUD_SECRET_KEY=@key@
@token_line@# ssl_grpcurl ACTION [JSON]: signs with certwright (or $CERTWRIGHT) and calls with grpcurl.
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
  std::string name = {};        // what stands behind "ssl." and "tag.", with the port
  std::string hosts_line = {};  // a comment on what its names need to lead here
};

// Terraform asks ssl.<domain> and tag.<domain>, so an address cannot be a domain.
Domain DomainOf(const std::string& http) {
  const HostAndPort at = Split(http);
  if (!IsIpLiteral(at.host)) {
    const std::string name(absl::StripPrefix(at.host, "ssl."));
    return {.name = name + at.port,
            .hosts_line = absl::StrCat("# In DNS or /etc/hosts, ssl.", name, " and tag.", name,
                                       " must lead here.\n")};
  }
  const std::string address(absl::StripSuffix(absl::StripPrefix(at.host, "["), "]"));
  return {
      .name = "localhost" + at.port,
      .hosts_line = absl::StrCat("# Names below localhost do not resolve everywhere; /etc/hosts "
                                 "then needs this line:\n# ",
                                 address, " ssl.localhost tag.localhost\n")};
}

using Replacements = std::vector<std::pair<std::string, std::string>>;

// What stands in the lines over TLS alone.
Replacements TrustIn(const ClientTarget& target) {
  const bool is_tls = target.is_tls;
  const std::string roots = ShellWord(target.roots);
  const std::string java_trust =
      absl::StrReplaceAll(kJavaTrust, {{"@roots@", Literal(target.roots)}});
  const auto over_tls = [is_tls](std::string text) { return is_tls ? std::move(text) : ""; };
  return {{"@s@", over_tls("S")},
          {"@ca_line@", over_tls(absl::StrCat("export CERTWRIGHT_CA=", roots, "\n"))},
          {"@python_trust@", over_tls(absl::StrCat(", certification=", Literal(target.roots)))},
          {"@node_trust@", over_tls(absl::StrCat("// NODE_EXTRA_CA_CERTS=", roots, " node ...\n"))},
          {"@go_trust@", over_tls(absl::StrCat("// SSL_CERT_FILE=", roots, " go run .\n\n"))},
          {"@java_imports@", over_tls(kJavaImports)},
          {"@java_throws@", over_tls(" throws Exception")},
          {"@java_trust@", over_tls(java_trust)},
          {"@tccli_trust@",
           over_tls(absl::StrCat("# tccli trusts what its certifi package holds. Once, in its "
                                 "Python environment:\n# cat ",
                                 roots, " >> \"$(python3 -m certifi)\"\n"))},
          {"@go_trust_line@", over_tls(absl::StrCat("export SSL_CERT_FILE=", roots, "\n"))},
          {"@grpcurl_trust@", is_tls ? absl::StrCat("-cacert ", roots) : "-plaintext"}};
}

// A variable that is left from another service's temporary key would spoil a lasting one.
std::string ExportOrUnset(absl::string_view name, absl::string_view value) {
  if (value.empty()) return absl::StrCat("unset ", name, "\n");
  return absl::StrCat("export ", name, "=", ShellWord(value), "\n");
}

Replacements TokenIn(const ClientTarget& target) {
  const bool has_token = !target.token.empty();
  const std::string token = Literal(target.token);
  return {{"@token_line@", ExportOrUnset("TENCENTCLOUD_TOKEN", target.token)},
          {"@terraform_token_line@", ExportOrUnset("TENCENTCLOUD_SECURITY_TOKEN", target.token)},
          {"@token_argument@", has_token ? absl::StrCat(", ", token) : ""},
          {"@token_member@", has_token ? absl::StrCat(", token: ", token) : ""},
          {"@new_credential@", has_token ? "NewTokenCredential" : "NewCredential"}};
}

std::string Filled(const char* text, const ClientTarget& target,
                   std::string (*quoted)(absl::string_view)) {
  const std::string scheme = target.is_tls ? "https" : "http";
  const Domain domain = DomainOf(target.http);
  Replacements values = TrustIn(target);
  for (auto& value : TokenIn(target)) values.push_back(std::move(value));
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
