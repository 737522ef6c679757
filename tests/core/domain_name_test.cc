#include "core/domain_name.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "adapters/public_suffix/libpsl_suffixes.h"
#include "core/error.h"

namespace certwright {
namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("host names are taken, in lower case", "[domain]") {
  const LibpslSuffixes suffixes;
  const auto [text, domain] = GENERATE(table<std::string, std::string>(
      {{"example.com", "example.com"},
       {"WWW.Example.COM", "www.example.com"},
       {"a.b-c.d1.co.uk", "a.b-c.d1.co.uk"},
       {"xn--fiqs8s.test", "xn--fiqs8s.test"},
       {"1.2.3.4.com", "1.2.3.4.com"},
       {std::string(59, 'a') + ".test", std::string(59, 'a') + ".test"}}));
  CAPTURE(text);

  const auto parsed = ParseFreeDomain(text, "DomainName", suffixes);

  REQUIRE(parsed.ok());
  CHECK(*parsed == domain);
}

TEST_CASE("what is no host name for a free certificate is refused by name", "[domain]") {
  const LibpslSuffixes suffixes;
  const std::string text = GENERATE(
      as<std::string>(), "", ".", "com", "co.uk", "test", "localhost", "example.com.",
      ".example.com", "a..example.com", "-a.example.com", "a-.example.com", "a_b.example.com",
      "*.example.com", "a.*.example.com", "127.0.0.1", "1.2.3.4", "1.2.3.0x4", "::1", "[::1]",
      "2001:db8::1", "a.123", "example.com:443", "http://example.com", "user@example.com",
      "a b.com", "a\tb.com", "例子.com", "b\xffr.com", "example.ru", "EXAMPLE.RU", "a.b.ru",
      "exa\\mple.com", "ex'ample.com", "xn--zzzzzz.test", "xn--a.test", "xn--.test", "XN--A.test",
      "xn--abc-.test", "ab--cd.test", "a.xn--99999999.test", "a.onion", "1.0.0.127.in-addr.arpa",
      "home.arpa", "A.ARPA");
  CAPTURE(text);

  const absl::Status status = ParseFreeDomain(text, "DomainName", suffixes).status();

  CHECK(ErrorOf(status) == ApiError::kFailedOperationInvalidParam);
  CHECK(FieldOf(status) == "DomainName");
  for (const unsigned char c : std::string(status.message())) CHECK((c >= 0x20 && c != 0x7f));
}

TEST_CASE("an embedded NUL does not end a name", "[domain]") {
  const LibpslSuffixes suffixes;
  const std::string text("good.com\0.evil.com", 18);
  CHECK_FALSE(ParseFreeDomain(text, "DomainName", suffixes).ok());
}

TEST_CASE("a name over 64 characters has a code of its own", "[domain]") {
  const LibpslSuffixes suffixes;
  const std::string text = std::string(60, 'a') + ".test";
  CHECK(ErrorOf(ParseFreeDomain(text, "DomainName", suffixes).status()) ==
        ApiError::kInvalidParameterValueCertificateDomainMaxLengthInvalid);
}

TEST_CASE("names that only a private network knows are taken", "[domain]") {
  const LibpslSuffixes suffixes;
  const std::string text = GENERATE("a.local", "db.internal", "xn--bcher-kva.corp");
  CAPTURE(text);
  CHECK(ParseFreeDomain(text, "DomainName", suffixes).ok());
}

TEST_CASE("a refusal says what the name is instead", "[domain]") {
  const LibpslSuffixes suffixes;
  const auto [text, why] =
      GENERATE(table<std::string, std::string>({{"http://a.test", "is a URL"},
                                                {"a.test:443", "holds a port"},
                                                {"xn--.test", "xn--"},
                                                {"xn--a.test", "no A-label"},
                                                {"ab--cd.test", "third and fourth"},
                                                {"a.onion", ".onion"},
                                                {"4.in-addr.arpa", ".arpa"}}));
  CAPTURE(text);
  const absl::Status status = ParseFreeDomain(text, "DomainName", suffixes).status();
  CHECK(absl::StrContains(status.message(), why));
}

TEST_CASE("an internationalised name is asked for in A-labels", "[domain]") {
  const LibpslSuffixes suffixes;
  const absl::Status status = ParseFreeDomain("bücher.example", "DomainName", suffixes).status();
  CHECK(absl::StrContains(status.message(), "A-labels"));
}

TEST_CASE("a registrable domain brings www, and www brings the bare name", "[domain]") {
  const LibpslSuffixes suffixes;
  CHECK(BoundNames("example.com", suffixes) == Names{"example.com", "www.example.com"});
  CHECK(BoundNames("www.example.com", suffixes) == Names{"www.example.com", "example.com"});
  CHECK(BoundNames("www.a.example.com", suffixes) == Names{"www.a.example.com", "a.example.com"});
  CHECK(BoundNames("a.example.com", suffixes) == Names{"a.example.com"});
  // www.co.uk is itself registrable: the bare name would be everybody's.
  CHECK(BoundNames("www.co.uk", suffixes) == Names{"www.co.uk", "www.www.co.uk"});
}

TEST_CASE("only names that nobody can own are reserved", "[domain]") {
  CHECK(IsReservedName("a.test"));
  CHECK(IsReservedName("a.b.invalid"));
  CHECK_FALSE(IsReservedName("test"));
  CHECK_FALSE(IsReservedName("atest"));
  CHECK_FALSE(IsReservedName("example.com"));
  CHECK_FALSE(IsReservedName("test.com"));
}

TEST_CASE("mail addresses have a shape", "[domain]") {
  CHECK(IsEmail("a.b+c@example.com"));
  const std::string bad =
      GENERATE("", "a", "a@", "@b.com", "a@b", "a@@b.com", "a b@c.com", "a@-b.com", "a@b..com");
  CAPTURE(bad);
  CHECK_FALSE(IsEmail(bad));
  CHECK_FALSE(IsEmail(std::string(300, 'a') + "@example.com"));
}

TEST_CASE("a host name has two labels and is no address", "[domain]") {
  const std::string label(63, 'a');
  CHECK(IsHostName("example.com"));
  CHECK(IsHostName("XN--fiqs8s.1-2.co"));
  CHECK(IsHostName(label + "." + label + "." + label + "." + std::string(61, 'a')));
  const std::string bad = GENERATE_COPY(
      std::string(), std::string("com"), std::string("a..com"), std::string("a.com."),
      std::string("*.a.com"), std::string("a_b.com"), std::string("-a.com"), std::string("1.2.3.4"),
      label + "a.com", label + "." + label + "." + label + "." + std::string(62, 'a'));
  CAPTURE(bad);
  CHECK_FALSE(IsHostName(bad));
}

}  // namespace certwright
