#include "server/config.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"

namespace certwright {

TEST_CASE("an empty configuration is the documented default", "[config]") {
  const auto config = ParseConfig("", Mode::kPlain);

  REQUIRE(config.ok());
  CHECK(CheckConfig(*config).ok());
  CHECK(config->calls_per_second() == 10);
  CHECK(config->free_quota() == 20);
  CHECK_FALSE(config->allow_private_addresses());
  CHECK_FALSE(SettingsOf(*config, Mode::kPlain).lab_validation);
}

TEST_CASE("the demo has no rate limit, a quota of 1,000 and lab validation", "[config]") {
  const auto config = ParseConfig("", Mode::kDemo);

  REQUIRE(config.ok());
  CHECK(config->calls_per_second() == 0);
  CHECK(config->free_quota() == 1000);
  CHECK(SettingsOf(*config, Mode::kDemo).lab_validation);
}

TEST_CASE("what the file says wins over the mode's default", "[config]") {
  const auto config = ParseConfig("free_quota: 3 blocked_words: ['bank', 'pay']", Mode::kDemo);

  REQUIRE(config.ok());
  const Settings settings = SettingsOf(*config, Mode::kDemo);
  CHECK(settings.free_quota == 3);
  CHECK(settings.blocked_words == std::vector<std::string>{"bank", "pay"});
}

TEST_CASE("the verifier's defaults are the settings' defaults, in every mode", "[config]") {
  const Mode mode = GENERATE(Mode::kPlain, Mode::kDev, Mode::kDemo);
  const auto config = ParseConfig("", mode);
  REQUIRE(config.ok());

  const Verifier::Options options = VerifierOptionsOf(*config);

  const Verifier::Options built_in;
  CHECK(options.window == built_in.window);
  CHECK(options.allow_v1 == built_in.allow_v1);
  CHECK(options.allow_unsigned_payload == built_in.allow_unsigned_payload);
  CHECK(options.lenient_service_on_loopback == built_in.lenient_service_on_loopback);
  CHECK(options.public_names == built_in.public_names);
  CHECK(config->replay_entries() == 0);
}

TEST_CASE("each of the verifier's switches can be set", "[config]") {
  const auto config = ParseConfig(
      "signature_window_seconds: 60 allow_v1_signatures: false allow_unsigned_payload: false "
      "lenient_service_on_loopback: false public_names: ['ssl.example.com:8443', '[::1]']",
      Mode::kPlain);
  REQUIRE(config.ok());
  REQUIRE(CheckConfig(*config).ok());

  const Verifier::Options options = VerifierOptionsOf(*config);

  CHECK(options.window == absl::Seconds(60));
  CHECK_FALSE(options.allow_v1);
  CHECK_FALSE(options.allow_unsigned_payload);
  CHECK_FALSE(options.lenient_service_on_loopback);
  CHECK(options.public_names == std::vector<std::string>{"ssl.example.com:8443", "[::1]"});
}

TEST_CASE("a public name is a host, and the window has an end", "[config]") {
  const std::string bad = GENERATE("public_names: ''", "public_names: 'https://ssl.example.com'",
                                   "public_names: 'ssl.example.com/'", "public_names: 'a b'",
                                   "signature_window_seconds: 0", "signature_window_seconds: 3601");
  CAPTURE(bad);
  const auto config = ParseConfig(bad, Mode::kPlain);
  REQUIRE(config.ok());
  CHECK_FALSE(CheckConfig(*config).ok());
}

TEST_CASE("the domain of tokens is a host name", "[config]") {
  const std::string bad = GENERATE("", "bad domain", "*.example.com", "com", "example.com.");
  CAPTURE(bad);
  const auto config = ParseConfig("token_domain: '" + bad + "'", Mode::kPlain);
  REQUIRE(config.ok());
  CHECK(absl::StrContains(CheckConfig(*config).message(), "token_domain"));
}

TEST_CASE("links begin with the public URL, which is an origin and no more", "[config]") {
  const std::string good = GENERATE("https://ssl.example.com", "http://[::1]:8443");
  const auto config = ParseConfig("public_url: '" + good + "'", Mode::kPlain);
  REQUIRE(config.ok());
  CHECK(CheckConfig(*config).ok());
  CHECK(config->public_url() == good);

  const std::string bad =
      GENERATE("", "ssl.example.com", "https://", "ftp://ssl.example.com",
               "https://ssl.example.com/", "https://a b", "https://u@ssl.example.com");
  CAPTURE(bad);
  const auto wrong = ParseConfig("public_url: '" + bad + "'", Mode::kPlain);
  REQUIRE(wrong.ok());
  CHECK(absl::StrContains(CheckConfig(*wrong).message(), "public_url"));
}

TEST_CASE("the service role is there unless it is taken away", "[config]") {
  CHECK(SettingsOf(*ParseConfig("", Mode::kPlain), Mode::kPlain).has_service_role);
  CHECK_FALSE(SettingsOf(*ParseConfig("has_service_role: false", Mode::kPlain), Mode::kPlain)
                  .has_service_role);
}

TEST_CASE("an unknown member is refused with its line", "[config]") {
  const auto config = ParseConfig("free_quota: 3\nfree_qouta: 4\n", Mode::kPlain);

  REQUIRE_FALSE(config.ok());
  CHECK(absl::StrContains(config.status().message(), "line 2"));
  CHECK(absl::StrContains(config.status().message(), "free_qouta"));
}

TEST_CASE("every value out of range is reported at once", "[config]") {
  auto config = ParseConfig("free_validity_days: 0 readers: 65 http: 'nowhere'", Mode::kPlain);
  REQUIRE(config.ok());

  const std::string message(CheckConfig(*config).message());

  CHECK(absl::StrContains(message, "free_validity_days is 0"));
  CHECK(absl::StrContains(message, "readers is 65"));
  CHECK(absl::StrContains(message, "\"nowhere\" is not HOST:PORT"));
}

TEST_CASE("the validity schedule is public policy's, or the operator's own whole", "[config]") {
  const Settings usual = SettingsOf(*ParseConfig("", Mode::kPlain), Mode::kPlain);
  CHECK(usual.validity_schedule.size() == 4);
  const auto config = ParseConfig(
      "validity_schedule { max_days: 90 } validity_schedule { from: '2027-01-01' max_days: 30 }",
      Mode::kPlain);
  REQUIRE(config.ok());
  CHECK(CheckConfig(*config).ok());
  const std::vector<ValidityStep> own = SettingsOf(*config, Mode::kPlain).validity_schedule;
  REQUIRE(own.size() == 2);
  const absl::Time begin = absl::FromCivil(absl::CivilDay(2027, 1, 1), absl::UTCTimeZone());
  CHECK(MaxValidity(own, begin - absl::Seconds(1)) == absl::Hours(24) * 90);
  CHECK(MaxValidity(own, begin) == absl::Hours(24) * 30);
}

TEST_CASE("a validity schedule that cannot be read or goes back is refused", "[config]") {
  const std::string bad =
      GENERATE("validity_schedule { max_days: 6 }", "validity_schedule { max_days: 399 }",
               "validity_schedule { from: '2027-02-30' max_days: 90 }",
               "validity_schedule { max_days: 90 } validity_schedule { max_days: 30 }",
               "validity_schedule { from: '2027-01-01' max_days: 90 } "
               "validity_schedule { from: '2027-01-01' max_days: 30 }");
  CAPTURE(bad);
  const auto config = ParseConfig(bad, Mode::kPlain);
  REQUIRE(config.ok());
  CHECK(absl::StrContains(CheckConfig(*config).message(), "validity_schedule"));
}

TEST_CASE("listening beyond loopback needs a word of consent", "[config]") {
  const std::string text = GENERATE("http: '0.0.0.0:80'", "grpc: '192.0.2.1:80'");
  CAPTURE(text);
  auto config = ParseConfig(text, Mode::kPlain);
  REQUIRE(config.ok());

  CHECK_FALSE(CheckConfig(*config).ok());
  config->set_allow_plain_network(true);
  CHECK(CheckConfig(*config).ok());
}

TEST_CASE("HOST:PORT reads names, IPv4 and bracketed IPv6", "[config]") {
  CHECK(ParseHostPort("localhost:0")->host == "localhost");
  CHECK(ParseHostPort("[::1]:8080")->host == "::1");
  CHECK(HostPortText(*ParseHostPort("[::1]:8080")) == "[::1]:8080");
  CHECK(IsLoopback(*ParseHostPort("127.3.2.1:1")));
  const std::string bad = GENERATE("", "127.0.0.1", ":80", "a:65536", "a:-1", "a:b");
  CAPTURE(bad);
  CHECK_FALSE(ParseHostPort(bad).ok());
}

TEST_CASE("A listener on every address is reached on this machine's own", "[config]") {
  const auto dialled = [](absl::string_view listener) {
    return HostPortText(AddressToDial(*ParseHostPort(listener)));
  };
  CHECK(dialled("0.0.0.0:80") == "127.0.0.1:80");
  CHECK(dialled("[::]:80") == "[::1]:80");
  CHECK(dialled("[0:0::0]:80") == "[::1]:80");
  for (const char* other : {"127.0.0.1:80", "192.0.2.1:80", "[2001:db8::1]:80", "localhost:80"}) {
    CHECK(dialled(other) == other);
  }
}

}  // namespace certwright
