// TLS on the gRPC listener. What is said over it is tested in grpc_server_test.cc.
#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include "server/transport/grpc_client.h"
#include "server/transport/grpc_server.h"
#include "tests/transport/tls_client.h"
#include "tests/transport/tls_files.h"

namespace certwright {
namespace {

using Catch::Contains;

constexpr absl::Duration kLong = absl::Seconds(20);
constexpr char kHealth[] = "/grpc.health.v1.Health/Check";
const std::string kHttp2 = "\x02h2";

struct Secured {
  explicit Secured(GrpcServer::Options options = {}) : identity(files.Load()) {
    options.tls = identity.get();
    auto started = GrpcServer::Start(
        options, {}, [](Envelope, std::function<void(Reply)> done) { done({}); },
        [this](const Envelope& envelope, GrpcServer::Unserved) {
          seen = envelope;
          return Reply{.grpc_status = 12};
        });
    REQUIRE(started.ok());
    server = *std::move(started);
  }
  int port() const { return server->port(); }
  int CallStatus(const std::string& host, const std::string& trusted_pem,
                 const std::string& method = kHealth) const {
    return GrpcClient(absl::StrCat(host, ":", port()), trusted_pem)
        .Call(method, "", {}, kLong)
        .status;
  }

  TlsFiles files;
  std::unique_ptr<TlsIdentity> identity;
  Envelope seen;
  std::unique_ptr<GrpcServer> server;
};

TEST_CASE("gRPC over TLS serves who trusts the certificate, and marks calls as secure", "[grpc]") {
  const Secured secured;

  CHECK(secured.CallStatus("localhost", secured.files.root_pem()) == 0);
  CHECK(secured.CallStatus("localhost", secured.files.root_pem(), "/no.Such/Method") == 12);
  CHECK(secured.seen.is_secure);
  CHECK(secured.seen.is_loopback);

  const std::string other_root = TlsFiles().root_pem();
  CHECK(secured.CallStatus("localhost", other_root) == 14);
  CHECK(secured.CallStatus("127.0.0.1", secured.files.root_pem()) == 14);  // not its name
  CHECK(secured.CallStatus("localhost", "") == 14);                        // plain
}

TEST_CASE("gRPC over TLS refuses old versions and weak suites", "[grpc]") {
  const Secured secured;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsClient client(secured.port(),
                     {.least_version = version, .most_version = version, .alpn = kHttp2});
    CHECK_FALSE(client.Handshake());
  }
  for (const char* suites : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256",
                             "AES128-GCM-SHA256", "ECDHE-ECDSA-NULL-SHA"}) {
    CAPTURE(suites);
    TlsClient client(secured.port(),
                     {.most_version = TLS1_2_VERSION, .suites = suites, .alpn = kHttp2});
    CHECK_FALSE(client.Handshake());
  }
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(secured.port(),
                     {.least_version = version, .most_version = version, .alpn = kHttp2});
    CHECK(client.Handshake());
    CHECK(client.alpn() == "h2");
  }
}

TEST_CASE("gRPC cuts off a handshake that does not end, wherever it stopped", "[grpc]") {
  GrpcServer::Options options;
  options.handshake_timeout = absl::Milliseconds(200);
  const Secured secured(options);
  // Nothing; a part of a record; a record that begins a hello of 512 bytes.
  for (const std::string& begun : {std::string(), std::string("\x16\x03\x01\x02", 4),
                                   std::string("\x16\x03\x01\x00\x05\x01\x00\x02\x00\x03", 10)}) {
    CAPTURE(begun.size());
    RawClient client(secured.port());
    client.Send(begun);
    CHECK(client.ReadToEnd().empty());
  }
  // Before the client's first word of HTTP/2.
  TlsClient client(secured.port(), {.alpn = kHttp2});
  REQUIRE(client.Handshake());
  client.ReadToEnd();

  CHECK(secured.CallStatus("localhost", secured.files.root_pem()) == 0);
}

TEST_CASE("gRPC answers what is no TLS with nothing of its own", "[grpc]") {
  const Secured secured;
  RawClient client(secured.port());

  client.Send(std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33));

  const std::string said = client.ReadToEnd();
  CHECK((said.empty() || said.front() == '\x15'));  // a record of TLS that holds an alert
}

TEST_CASE("gRPC shows a renewed certificate to new connections, and never a broken one", "[grpc]") {
  Secured secured;
  const auto shown = [&] {
    TlsClient client(secured.port(), {.alpn = kHttp2});
    return client.Handshake() ? client.subject() : client.refusal();
  };
  GrpcClient old(absl::StrCat("localhost:", secured.port()), secured.files.root_pem());
  CHECK(old.Call(kHealth, "", {}, kLong).status == 0);
  CHECK(shown() == "localhost");

  secured.files.Show("renewed.test");
  REQUIRE(*secured.identity->Refresh());
  CHECK(shown() == "renewed.test");

  secured.files.Write("key.pem", "broken");
  CHECK_FALSE(secured.identity->Refresh().ok());
  CHECK(shown() == "renewed.test");
  CHECK(old.Call(kHealth, "", {}, kLong).status == 0);
}

TEST_CASE("Draining ends gRPC over TLS too", "[grpc]") {
  const Secured secured;
  CHECK(secured.CallStatus("localhost", secured.files.root_pem()) == 0);

  secured.server->Drain(absl::Seconds(1));

  CHECK(secured.CallStatus("localhost", secured.files.root_pem()) == 14);
}

}  // namespace
}  // namespace certwright
