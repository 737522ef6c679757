// File validation against a web server that behaves, and one that does not.
#include "adapters/validators/file_validator.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "adapters/deadline.h"
#include "adapters/public_suffix/libpsl_suffixes.h"
#include "tests/support/loopback_servers.h"

namespace certwright {
namespace {

using Result = Probe::Result;

constexpr char kPath[] = "/.well-known/pki-validation/A.txt";

// Both ports are the same server's: what it says over HTTPS is no TLS, so only HTTP can pass.
struct Scene {
  Scene() { Point("shop.example.com"); }

  void Point(const std::string& host) {
    server.Answer(host, DnsType::kA, {.records = {std::string("\x7f\x00\x00\x01", 4)}});
  }
  Probe Check() {
    FileValidator validator(server_resolver, suffixes,
                            {.http_port = web.port(),
                             .https_port = web.port(),
                             .allow_private_addresses = allow_private,
                             .caa_identity = "ours.invalid"});
    return validator.Check({.name = "shop.example.com",
                            .method = ValidationMethod::kFile,
                            .record_type = RecordType::kFile,
                            .key = "A.txt",
                            .value = "wanted",
                            .zone = "shop.example.com",
                            .path = "/.well-known/pki-validation/"},
                           timeout);
  }
  std::string Url(const std::string& host, const std::string& path) const {
    return absl::StrCat("http://", host, ":", web.port(), path);
  }

  ScriptedNameServer server;
  ScriptedWebServer web;
  LibpslSuffixes suffixes;
  DnsResolver server_resolver{server.address()};
  bool allow_private = true;
  absl::Duration timeout = absl::Seconds(8);
};

}  // namespace

TEST_CASE("the file's content is compared without the blanks around it", "[file]") {
  Scene scene;
  scene.web.AnswerFile(kPath, GENERATE(as<std::string>(), "wanted", " \twanted\r\n\n"));
  const Probe probe = scene.Check();
  CHECK(probe.result == Result::kPassed);
  CHECK(probe.means == "file");
}

TEST_CASE("another content differs, and is shown in part and printable", "[file]") {
  Scene scene;
  scene.web.AnswerFile(kPath, "<secret>\x01\xff" + std::string(1000, 'x'));
  const Probe probe = scene.Check();
  CHECK(probe.result == Result::kHttpFileDiffers);
  CHECK(probe.seen.size() <= 256);
  CHECK(absl::StrContains(probe.seen, "\\u0001"));
}

TEST_CASE("a body over 4 KB is not read to its end", "[file]") {
  Scene scene;
  scene.web.AnswerFile(kPath, "wanted" + std::string(1'000'000, ' '));
  CHECK(scene.Check().result == Result::kHttpFileDiffers);
}

TEST_CASE("only status 200 counts", "[file]") {
  Scene scene;
  const std::string status = GENERATE(as<std::string>(), "404 Not Found", "500 Oops", "206 Part",
                                      "403 Forbidden", "304 Not Modified");
  scene.web.Answer(kPath, absl::StrCat("HTTP/1.1 ", status, "\r\nContent-Length: 6\r\n\r\nwanted"));
  CHECK(scene.Check().result == Result::kHttpFileAbsent);
}

TEST_CASE("two redirects within the registrable domain are followed, not three", "[file]") {
  Scene scene;
  scene.Point("example.com");
  scene.web.AnswerRedirect(kPath, scene.Url("example.com", "/1"));
  scene.web.AnswerRedirect("/1", "/2");
  SECTION("two") {
    scene.web.AnswerFile("/2", "wanted");
    CHECK(scene.Check().result == Result::kPassed);
  }
  SECTION("three") {
    scene.web.AnswerRedirect("/2", "/3");
    scene.web.AnswerFile("/3", "wanted");
    CHECK(scene.Check().result == Result::kHttpFileAbsent);
  }
}

TEST_CASE("a redirect elsewhere is not followed", "[file]") {
  Scene scene;
  scene.Point("example.org");
  scene.web.AnswerFile("/x", "wanted");
  const std::vector<std::string> targets = {
      scene.Url("example.org", "/x"),
      scene.Url("127.0.0.1", "/x"),
      scene.Url("[::1]", "/x"),
      scene.Url("com", "/x"),
      scene.Url("shop.example.com.evil.org", "/x"),
      absl::StrCat("http://shop.example.com:", scene.web.port() + 1, "/x"),
      "file:///etc/hostname",
      "ftp://shop.example.com/x",
      "http://",
  };
  const std::string to = targets[GENERATE(range(0U, 9U))];
  scene.web.AnswerRedirect(kPath, to);
  CAPTURE(to);
  CHECK(scene.Check().result == Result::kHttpFileAbsent);
}

TEST_CASE("a private address is not connected to unless that is allowed", "[file]") {
  Scene scene;
  scene.allow_private = false;
  scene.web.AnswerFile(kPath, "wanted");
  const Probe probe = scene.Check();
  CHECK(probe.result == Result::kFileLookupFailed);
  CHECK(absl::StrContains(probe.reason, "private"));
  CHECK(scene.web.requests() == 0);
}

TEST_CASE("a host without an address is told apart", "[file]") {
  Scene scene;
  const int code = GENERATE(0, 2, 3);
  scene.server.Answer("shop.example.com", DnsType::kA, {.code = code});
  scene.server.Answer("shop.example.com", DnsType::kAaaa, {.code = code});
  CHECK(scene.Check().result == Result::kFileLookupFailed);
}

TEST_CASE("what is no HTTP is no file", "[file]") {
  Scene scene;
  const std::string reply = GENERATE(as<std::string>(), "wanted", "HTTP/1.1", "\r\n\r\nwanted");
  scene.web.Answer(kPath, reply);
  CHECK(scene.Check().result == Result::kHttpFileAbsent);
}

TEST_CASE("a web server that never answers costs the time that was given, and no more", "[file]") {
  Scene scene;
  scene.timeout = absl::Milliseconds(800);
  scene.web.Answer(kPath, "");
  const Deadline generous(absl::Seconds(5));
  CHECK(scene.Check().result == Result::kHttpFileAbsent);
  CHECK_FALSE(generous.HasPassed());
}

TEST_CASE("CAA forbids also where the file is there", "[file][caa]") {
  Scene scene;
  scene.web.AnswerFile(kPath, "wanted");
  scene.server.Answer("example.com", DnsType::kCaa,
                      {.records = {CaaData(0, "issue", "other.org")}});
  CHECK(scene.Check().result == Result::kCaaForbids);
}

}  // namespace certwright
