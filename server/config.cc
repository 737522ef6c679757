#include "server/config.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/domain_name.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/mistakes.h"

namespace certwright {
namespace {

config::Config Defaults(Mode mode) {
  const bool is_demo = mode == Mode::kDemo;
  config::Config config;
  config.set_http("127.0.0.1:8780");
  config.set_grpc("127.0.0.1:8781");
  config.set_allow_plain_network(false);
  config.set_calls_per_second(is_demo ? 0 : 10);
  config.set_signature_window_seconds(300);
  config.set_allow_v1_signatures(true);
  config.set_allow_unsigned_payload(true);
  config.set_lenient_service_on_loopback(true);
  config.set_replay_entries(0);
  config.set_free_quota(is_demo ? 1000 : 20);
  config.set_free_quota_per_domain(is_demo ? 1000 : 20);
  config.set_free_validity_days(90);
  config.set_validation_deadline_hours(72);
  config.set_has_service_role(true);
  config.set_token_domain("trust-provider.invalid");
  config.set_force_txt_validation(false);
  config.set_file_http_port(80);
  config.set_file_https_port(443);
  config.set_allow_private_addresses(mode != Mode::kPlain);
  config.set_caa_identity("certwright.invalid");
  config.set_http_threads(2);
  config.set_worker_threads(64);
  config.set_job_threads(4);
  config.set_key_pool(16);
  config.set_readers(2);
  config.set_language("zh-CN");
  return config;
}

void CheckRange(const char* name, int value, int least, int most, Mistakes& mistakes) {
  if (value >= least && value <= most) return;
  mistakes.Add(absl::StrCat(name, " is ", value, "; allowed are ", least, " to ", most));
}

void CheckListener(const char* name, const std::string& text, bool allow_network,
                   Mistakes& mistakes) {
  const absl::StatusOr<HostPort> address = ParseHostPort(text);
  if (!address.ok()) {
    mistakes.Add(absl::StrCat(name, ": ", address.status().message()));
  } else if (!IsLoopback(*address) && !allow_network) {
    mistakes.Add(absl::StrCat(
        name, " is ", text, ", which others can reach, and nothing encrypts what they send; set ",
        "allow_plain_network (--allow-plain-network) if that is wanted, or give "
        "TLS files and listen there with https and grpcs"));
  }
}

void CheckTls(const config::Config& config, Mistakes& mistakes) {
  const bool has_certificate = !config.tls_certificate_file().empty();
  const bool has_key = !config.tls_key_file().empty();
  if (has_certificate != has_key) {
    mistakes.Add(
        absl::StrCat(has_key ? "tls_key_file" : "tls_certificate_file", " is set, and ",
                     has_key ? "tls_certificate_file (--tls-cert)" : "tls_key_file (--tls-key)",
                     " is not; TLS needs both"));
  }
  for (const auto& [name, text] :
       {std::pair("https", &config.https()), std::pair("grpcs", &config.grpcs())}) {
    if (text->empty()) continue;
    const absl::StatusOr<HostPort> address = ParseHostPort(*text);
    if (!address.ok()) mistakes.Add(absl::StrCat(name, ": ", address.status().message()));
    if (!has_certificate && !has_key) {
      mistakes.Add(absl::StrCat(name, " is ", *text,
                                ", and no certificate is there to show; set tls_certificate_file "
                                "and tls_key_file (--tls-cert, --tls-key)"));
    }
  }
}

bool IsHostHeader(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains(".-_:[]", c);
  });
}

// It stands in for a Host header, so it has that header's form.
void CheckPublicName(const std::string& name, Mistakes& mistakes) {
  if (IsHostHeader(name)) return;
  mistakes.Add(absl::StrCat("public_names has \"", Shown(name),
                            "\"; allowed is HOST or HOST:PORT, without a scheme or a path"));
}

void CheckPublicUrl(absl::string_view url, Mistakes& mistakes) {
  absl::string_view host = url;
  const bool has_scheme =
      absl::ConsumePrefix(&host, "https://") || absl::ConsumePrefix(&host, "http://");
  if (has_scheme && IsHostHeader(host)) return;
  mistakes.Add(absl::StrCat("public_url is \"", Shown(url),
                            "\"; allowed is http:// or https:// with HOST or HOST:PORT, without a "
                            "path or a slash at its end"));
}

constexpr int kLeastValidityDays = 7;  // renewals need some room
constexpr int kMostValidityDays = 398;

std::optional<absl::Time> ParseDay(const std::string& text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) return std::nullopt;
  return absl::FromCivil(day, absl::UTCTimeZone());
}

std::vector<ValidityStep> ValidityStepsOf(const config::Config& config, Mistakes& mistakes) {
  std::vector<ValidityStep> steps;
  for (const config::ValidityStep& given : config.validity_schedule()) {
    ValidityStep step = {.max_days = given.max_days()};
    CheckRange("validity_schedule: max_days", step.max_days, kLeastValidityDays, kMostValidityDays,
               mistakes);
    const bool is_first = steps.empty();
    const std::optional<absl::Time> day =
        is_first && given.from().empty() ? absl::InfinitePast() : ParseDay(given.from());
    if (!day || (!is_first && *day <= steps.back().from)) {
      mistakes.Add(
          absl::StrCat("validity_schedule: from is \"", Shown(given.from()),
                       "\"; allowed is a day like 2027-03-15, later than the step before"));
    }
    step.from = day.value_or(step.from);
    steps.push_back(step);
  }
  return steps;
}

}  // namespace

absl::StatusOr<config::Config> ParseConfig(absl::string_view text, Mode mode) {
  config::Config given;
  RETURN_IF_ERROR(ParseText(text, given));
  config::Config config = Defaults(mode);
  config.MergeFrom(given);
  return config;
}

void NameTlsListeners(config::Config& config) {
  if (config.tls_certificate_file().empty() || config.tls_key_file().empty()) return;
  if (config.https().empty()) config.set_https("127.0.0.1:8782");
  if (config.grpcs().empty()) config.set_grpcs("127.0.0.1:8783");
}

absl::Status CheckConfig(const config::Config& config) {
  Mistakes mistakes;
  CheckListener("http", config.http(), config.allow_plain_network(), mistakes);
  CheckListener("grpc", config.grpc(), config.allow_plain_network(), mistakes);
  CheckTls(config, mistakes);
  if (config.has_resolver()) {
    if (const auto resolver = ParseHostPort(config.resolver()); !resolver.ok()) {
      mistakes.Add(absl::StrCat("resolver: ", resolver.status().message()));
    }
  }
  if (!IsHostName(config.token_domain())) {
    mistakes.Add(absl::StrCat("token_domain is \"", Shown(config.token_domain()),
                              "\"; allowed is a host name of two labels or more"));
  }
  CheckRange("calls_per_second", config.calls_per_second(), 0, 1'000'000, mistakes);
  CheckRange("signature_window_seconds", config.signature_window_seconds(), 1, 3600, mistakes);
  for (const std::string& name : config.public_names()) CheckPublicName(name, mistakes);
  const std::string& webhook = config.notice_webhook();
  if (!webhook.empty() && !absl::StartsWith(webhook, "https://") &&
      !absl::StartsWith(webhook, "http://")) {
    mistakes.Add("notice_webhook should be an http or https URL");
  }
  if (config.has_public_url()) CheckPublicUrl(config.public_url(), mistakes);
  CheckRange("replay_entries", config.replay_entries(), 0, 1'000'000, mistakes);
  CheckRange("free_quota", config.free_quota(), 0, 10'000'000, mistakes);
  CheckRange("free_quota_per_domain", config.free_quota_per_domain(), 0, 10'000'000, mistakes);
  CheckRange("free_validity_days", config.free_validity_days(), 1, 398, mistakes);
  (void)ValidityStepsOf(config, mistakes);
  CheckRange("validation_deadline_hours", config.validation_deadline_hours(), 1, 720, mistakes);
  CheckRange("file_http_port", config.file_http_port(), 1, 65535, mistakes);
  CheckRange("file_https_port", config.file_https_port(), 1, 65535, mistakes);
  CheckRange("http_threads", config.http_threads(), 1, 64, mistakes);
  CheckRange("worker_threads", config.worker_threads(), 1, 1024, mistakes);
  CheckRange("job_threads", config.job_threads(), 1, 64, mistakes);
  CheckRange("key_pool", config.key_pool(), 0, 1024, mistakes);
  CheckRange("readers", config.readers(), 1, 64, mistakes);
  if (config.language() != "zh-CN" && config.language() != "en-US") {
    mistakes.Add("language is neither \"zh-CN\" nor \"en-US\"");
  }
  return mistakes.status();
}

Settings SettingsOf(const config::Config& config, Mode mode) {
  Settings settings;
  settings.free_quota = config.free_quota();
  settings.free_quota_per_domain = config.free_quota_per_domain();
  settings.free_validity_days = config.free_validity_days();
  if (config.validity_schedule_size() > 0) {
    Mistakes checked;
    settings.validity_schedule = ValidityStepsOf(config, checked);
  }
  settings.validation_deadline = absl::Hours(config.validation_deadline_hours());
  settings.token_domain = config.token_domain();
  settings.force_txt_validation = config.force_txt_validation();
  settings.blocked_words.assign(config.blocked_words().begin(), config.blocked_words().end());
  settings.has_service_role = config.has_service_role();
  settings.notice_webhook = config.notice_webhook();
  settings.lab_validation = mode != Mode::kPlain;
  // However few threads there are, most of them answer calls that wait for nobody's name server.
  settings.max_caller_probes = std::clamp(config.worker_threads() / 4, 1, 16);
  settings.max_waiting_callers = config.worker_threads() / 2;
  settings.max_waiting_callers_per_account = config.worker_threads() * 7 / 16;
  settings.caller_patience = absl::Seconds(2);
  return settings;
}

Verifier::Options VerifierOptionsOf(const config::Config& config) {
  Verifier::Options options;
  options.window = absl::Seconds(config.signature_window_seconds());
  options.allow_v1 = config.allow_v1_signatures();
  options.lenient_service_on_loopback = config.lenient_service_on_loopback();
  options.allow_unsigned_payload = config.allow_unsigned_payload();
  options.public_names.assign(config.public_names().begin(), config.public_names().end());
  return options;
}

absl::StatusOr<HostPort> ParseHostPort(absl::string_view text) {
  const std::string whole(text);
  const std::size_t colon = whole.rfind(':');
  HostPort address;
  const bool has_port = colon != std::string::npos &&
                        absl::SimpleAtoi(whole.substr(colon + 1), &address.port) &&
                        address.port >= 0 && address.port <= 65535;
  if (has_port) address.host = whole.substr(0, colon);
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (!has_port || address.host.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not HOST:PORT, like 127.0.0.1:8780 (port 0 to 65535)"));
  }
  return address;
}

std::string HostPortText(const HostPort& address) {
  const bool is_v6 = absl::StrContains(address.host, ":");
  return is_v6 ? absl::StrCat("[", address.host, "]:", address.port)
               : absl::StrCat(address.host, ":", address.port);
}

bool IsLoopback(const HostPort& address) {
  return address.host == "localhost" || address.host == "::1" ||
         absl::StartsWith(address.host, "127.");
}

HostPort AddressToDial(const HostPort& listener) {
  in_addr v4 = {};
  in6_addr v6 = {};
  const char* const host = listener.host.c_str();
  if (inet_pton(AF_INET, host, &v4) == 1 && v4.s_addr == INADDR_ANY) {
    return {"127.0.0.1", listener.port};
  }
  if (inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6)) {
    return {"::1", listener.port};
  }
  return listener;
}

}  // namespace certwright
