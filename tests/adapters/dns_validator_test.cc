// DNS validation against a name server that says what real ones say, and worse.
#include "adapters/validators/dns_validator.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "adapters/deadline.h"
#include "adapters/public_suffix/libpsl_suffixes.h"
#include "adapters/validators/validators.h"
#include "tests/support/loopback_servers.h"

namespace certwright {
namespace {

using Result = Probe::Result;
using Lines = std::vector<std::string>;

constexpr char kName[] = "a.example.com";
constexpr char kTxtKey[] = "_dnsauth.a.example.com";
constexpr char kCnameKey[] = "_abc.a.example.com";

struct Scene {
  ScriptedNameServer server;
  LibpslSuffixes suffixes;
  Validators validators{suffixes,
                        {.dns_server = server.address(), .file = {.caa_identity = "ours.invalid"}}};
  absl::Duration timeout = absl::Seconds(8);

  Probe Txt() {
    return validators.Check(
        {.name = kName, .record_type = RecordType::kTxt, .key = kTxtKey, .value = "wanted"},
        timeout);
  }
  Probe Cname(const std::string& value = "x.y.ca.invalid") {
    return validators.Check(
        {.name = kName, .record_type = RecordType::kCname, .key = kCnameKey, .value = value},
        timeout);
  }
};

}  // namespace

TEST_CASE("among several TXT records any one may match, twice too", "[dns]") {
  Scene scene;
  scene.server.Answer(
      kTxtKey, DnsType::kTxt,
      {.records = {TxtData({"other"}), TxtData({"want", "ed"}), TxtData({"wanted"})}});
  const Probe probe = scene.Txt();
  CHECK(probe.result == Result::kPassed);
  CHECK(probe.means == "dns");
}

TEST_CASE("what is almost the TXT record is not it", "[dns]") {
  Scene scene;
  const std::string data = GENERATE(as<std::string>(), TxtData({"Wanted"}), TxtData({"wanted "}),
                                    TxtData({"wante"}), TxtData({"wanted", "x"}), TxtData({""}));
  scene.server.Answer(kTxtKey, DnsType::kTxt, {.records = {data}});
  CHECK(scene.Txt().result == Result::kTxtDiffers);
}

TEST_CASE("what was seen is told printable and short", "[dns]") {
  Scene scene;
  scene.server.Answer(kTxtKey, DnsType::kTxt,
                      {.records = {TxtData({"\x01\n\"" + std::string(200, '\xff')})}});
  const Probe probe = scene.Txt();
  CHECK(probe.seen.size() <= 256);
  for (const char c : probe.seen) CHECK(static_cast<unsigned char>(c) >= ' ');
}

TEST_CASE("a TXT record may stand where a CNAME leads", "[dns]") {
  Scene scene;
  scene.server.Answer(kTxtKey, DnsType::kTxt,
                      {.records = {TxtData({"wanted"})}, .alias = "elsewhere.example.net"});
  CHECK(scene.Txt().result == Result::kPassed);
}

TEST_CASE("an answer that is cut is asked for over TCP", "[dns]") {
  Scene scene;
  std::vector<std::string> many(90, TxtData({std::string(60, 'x')}));
  many.push_back(TxtData({"wanted"}));
  scene.server.Answer(kTxtKey, DnsType::kTxt, {.records = many, .only_tcp = true});
  CHECK(scene.Txt().result == Result::kPassed);
}

TEST_CASE("a CNAME is compared whole, in any case", "[dns]") {
  Scene scene;
  scene.server.Answer(kCnameKey, DnsType::kCname, {.records = {DnsName("X.y.CA.invalid")}});
  CHECK(scene.Cname().result == Result::kPassed);
  CHECK(scene.Cname("x.y.ca.invalid.").result == Result::kPassed);
  const Probe longer = scene.Cname("w.x.y.ca.invalid");
  CHECK(longer.result == Result::kCnameDiffers);
  CHECK(longer.seen == "x.y.ca.invalid");
  CHECK(scene.Cname("y.ca.invalid").result == Result::kCnameDiffers);
}

TEST_CASE("nothing at the name is told as absent", "[dns]") {
  Scene scene;
  const int code = GENERATE(0, 3);
  scene.server.Answer(kTxtKey, DnsType::kTxt, {.code = code});
  scene.server.Answer(kCnameKey, DnsType::kCname, {.code = code});
  CHECK(scene.Txt().result == Result::kTxtAbsent);
  CHECK(scene.Cname().result == Result::kCnameAbsent);
}

TEST_CASE("a name server that fails is no consent, whatever records come along", "[dns]") {
  Scene scene;
  scene.timeout = absl::Seconds(2);
  const int code = GENERATE(2, 4, 5, 9);
  scene.server.Answer(kTxtKey, DnsType::kTxt, {.records = {TxtData({"wanted"})}, .code = code});
  const Probe probe = scene.Txt();
  CHECK(probe.result == Result::kDnsLookupFailed);
  CHECK_FALSE(probe.reason.empty());
}

TEST_CASE("silence ends within the time that was given", "[dns]") {
  Scene scene;
  scene.timeout = absl::Milliseconds(600);
  scene.server.Answer(kTxtKey, DnsType::kTxt, {.is_silent = true});
  const Deadline generous(absl::Seconds(5));
  CHECK(scene.Txt().result == Result::kDnsLookupFailed);
  CHECK_FALSE(generous.HasPassed());
}

TEST_CASE("CAA decides at the closest name that has a record set", "[dns][caa]") {
  Scene scene;
  scene.server.Answer(kTxtKey, DnsType::kTxt, {.records = {TxtData({"wanted"})}});
  Result expected = Result::kPassed;
  SECTION("none at all") {}
  SECTION("ours") {
    scene.server.Answer(kName, DnsType::kCaa,
                        {.records = {CaaData(0, "issue", "other.org"),
                                     CaaData(0, "Issue", " OURS.invalid; account=1")}});
  }
  SECTION("ours below another's") {
    scene.server.Answer(kName, DnsType::kCaa, {.records = {CaaData(0, "issue", "ours.invalid")}});
    scene.server.Answer("example.com", DnsType::kCaa,
                        {.records = {CaaData(0, "issue", "other.org")}});
  }
  SECTION("another's") {
    scene.server.Answer(kName, DnsType::kCaa, {.records = {CaaData(0, "issue", "other.org")}});
    expected = Result::kCaaForbids;
  }
  SECTION("another's at the parent") {
    scene.server.Answer("example.com", DnsType::kCaa,
                        {.records = {CaaData(0, "issue", "other.org")}});
    expected = Result::kCaaForbids;
  }
  SECTION("nobody") {
    scene.server.Answer(kName, DnsType::kCaa, {.records = {CaaData(0, "issue", ";")}});
    expected = Result::kCaaForbids;
  }
  SECTION("wildcards alone") {
    scene.server.Answer(kName, DnsType::kCaa, {.records = {CaaData(0, "issuewild", "other.org")}});
  }
  SECTION("something critical that we do not know") {
    scene.server.Answer(
        kName, DnsType::kCaa,
        {.records = {CaaData(0, "issue", "ours.invalid"), CaaData(128, "future", "x")}});
    expected = Result::kCaaForbids;
  }
  SECTION("a failing server") {
    scene.server.Answer(kName, DnsType::kCaa, {.code = 2});
    expected = Result::kDnsLookupFailed;
  }
  SECTION("silence") {
    scene.timeout = absl::Seconds(2);
    scene.server.Answer("example.com", DnsType::kCaa, {.is_silent = true});
    expected = Result::kDnsLookupFailed;
  }
  SECTION("a server that takes no such question") {
    scene.server.Answer(kName, DnsType::kCaa, {.code = 4});
    scene.server.Answer("example.com", DnsType::kCaa, {.code = 5});
  }

  CHECK(scene.Txt().result == expected);
}

TEST_CASE("CAA is asked up to the registrable domain, and no further", "[dns][caa]") {
  Scene scene;
  CHECK(scene.validators.MayIssue("www.a.example.co.uk", scene.timeout).result == Result::kPassed);
  CHECK(scene.server.asked() ==
        Lines{"www.a.example.co.uk 257", "a.example.co.uk 257", "example.co.uk 257"});
}

TEST_CASE("one name is one lookup of its record", "[dns]") {
  Scene scene;
  scene.Txt();
  CHECK(scene.server.asked() == Lines{"_dnsauth.a.example.com 16"});
}

}  // namespace certwright
