#include <catch2/catch.hpp>

#include "adapters/dns/resolver.h"
#include "adapters/public_suffix/libpsl_suffixes.h"
#include "adapters/validators/file_validator.h"
#include "adapters/validators/validators.h"

namespace certwright {
namespace {

// An answer to "a.b TXT": one TXT of two strings, the name compressed.
std::string Message() {
  std::string bytes("\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00", 12);
  bytes += std::string(
      "\x01"
      "a\x01"
      "b\x00\x00\x10\x00\x01",
      9);
  bytes += std::string(
      "\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x05\x00\x08\x03"
      "abc\x03"
      "def",
      20);
  return bytes;
}

std::string Bytes(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

}  // namespace

TEST_CASE("the strings of a TXT record are joined", "[dns]") {
  const DnsAnswer answer = ParseDnsMessage(Message());
  REQUIRE(answer.result == DnsAnswer::Result::kAnswered);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.records[0].owner == "a.b");
  CHECK(answer.records[0].data == "abcdef");
}

TEST_CASE("cut and bent messages are no answers, and no harm", "[dns]") {
  const std::string whole = Message();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(ParseDnsMessage(whole.substr(0, length)).result != DnsAnswer::Result::kAnswered);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string bent = whole;
      bent[at] = static_cast<char>(value);
      (void)ParseDnsMessage(bent);
    }
  }
}

TEST_CASE("a name that points at itself ends", "[dns]") {
  std::string loop = Message();
  loop[21] = '\xc0';
  loop[22] = 21;
  CHECK(ParseDnsMessage(loop).result != DnsAnswer::Result::kAnswered);
}

TEST_CASE("SERVFAIL is told apart", "[dns]") {
  std::string message = Message().substr(0, 12);
  message[3] = '\x82';
  message[5] = 0;
  message[7] = 0;
  CHECK(ParseDnsMessage(message).result == DnsAnswer::Result::kServFail);
}

TEST_CASE("nobody at the name server is no consent", "[dns]") {
  const LibpslSuffixes suffixes;
  Validators validators(suffixes, {.dns_server = "127.0.0.1:1"});
  const Probe probe = validators.Check({.name = "a.example.com",
                                        .record_type = RecordType::kTxt,
                                        .key = "_dnsauth.a.example.com",
                                        .value = "v"},
                                       absl::Milliseconds(400));
  CHECK(probe.result == Probe::Result::kDnsLookupFailed);
  CHECK_FALSE(probe.reason.empty());
}

TEST_CASE("the lab validates reserved names only, and only where it is on", "[lab]") {
  const LibpslSuffixes suffixes;
  const DomainAuthorization reserved = {.name = "a.test", .key = "_x.a.test", .value = "v"};
  const DomainAuthorization real = {.name = "a.com", .key = "_x.a.com", .value = "v"};
  Validators on(suffixes, {.dns_server = "127.0.0.1:1", .has_lab = true});
  Validators off(suffixes, {.dns_server = "127.0.0.1:1", .has_lab = false});
  CHECK(on.Check(reserved, absl::Milliseconds(400)).means == "lab");
  CHECK(on.Check(real, absl::Milliseconds(400)).result == Probe::Result::kDnsLookupFailed);
  CHECK(off.Check(reserved, absl::Milliseconds(400)).result == Probe::Result::kDnsLookupFailed);
}

TEST_CASE("private and reserved addresses are not public", "[file]") {
  CHECK(IsPublicAddress(Bytes({8, 8, 8, 8})));
  CHECK(IsPublicAddress(Bytes({172, 32, 0, 1})));
  CHECK(IsPublicAddress(Bytes({0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})));
  const std::string address = GENERATE(
      Bytes({127, 0, 0, 1}), Bytes({10, 1, 2, 3}), Bytes({172, 16, 0, 1}), Bytes({172, 31, 9, 9}),
      Bytes({192, 168, 1, 1}), Bytes({169, 254, 169, 254}), Bytes({100, 64, 0, 1}),
      Bytes({0, 0, 0, 0}), Bytes({224, 0, 0, 1}), Bytes({255, 255, 255, 255}),
      Bytes({198, 18, 0, 1}), Bytes({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
      Bytes({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}),
      Bytes({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
      Bytes({0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
      Bytes({0x20, 0x02, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), Bytes({1, 2, 3}));
  CHECK_FALSE(IsPublicAddress(address));
}

TEST_CASE("the list knows what is open to registration", "[psl]") {
  const LibpslSuffixes suffixes;
  CHECK(suffixes.RegistrableDomain("a.b.example.co.uk") == "example.co.uk");
  CHECK(suffixes.RegistrableDomain("example.test") == "example.test");
  CHECK(suffixes.RegistrableDomain("co.uk").empty());
  CHECK(suffixes.RegistrableDomain("com").empty());
}

}  // namespace certwright
