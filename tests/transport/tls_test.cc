// TLS on the HTTP listener. What is said over it is tested in http_server_test.cc.
#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "server/transport/http_client.h"
#include "server/transport/http_server.h"
#include "tests/transport/tls_client.h"
#include "tests/transport/tls_files.h"

namespace certwright {
namespace {

using Catch::Contains;
using Catch::StartsWith;

constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

std::string Post(absl::string_view body) {
  return absl::StrCat("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ", body.size(), "\r\n\r\n",
                      body);
}

void Echo(Envelope envelope, std::function<void(Reply)> done) {
  done({.body = absl::StrCat(envelope.is_secure ? "secure " : "plain ", envelope.peer, " ",
                             envelope.body)});
}

// A server with an identity of its own. Times are short.
struct Secured {
  explicit Secured(HttpServer::Handler handler = Echo, HttpServer::Options options = {})
      : identity(files.Load()) {
    options.tls = identity.get();
    options.sweep_interval = absl::Milliseconds(10);
    options.linger_timeout = absl::Milliseconds(200);
    auto started = HttpServer::Start(options, std::move(handler), nullptr, nullptr);
    REQUIRE(started.ok());
    server = *std::move(started);
  }
  int port() const { return server->port(); }

  TlsFiles files;
  std::unique_ptr<TlsIdentity> identity;
  std::unique_ptr<HttpServer> server;
};

TEST_CASE("Both versions of TLS serve request after request, marked as secure", "[tls]") {
  const Secured secured;
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsClient client(secured.port(), {.least_version = version, .most_version = version});
  REQUIRE(client.Handshake());
  CHECK(client.version() == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"));
  CHECK(client.subject() == "localhost");

  for (const char* body : {"one", "two"}) {
    REQUIRE(client.Send(Post(body)));
    CHECK(client.Read().body == absl::StrCat("secure 127.0.0.1 ", body));
  }
  client.Send(absl::StrCat(Post("three"), Post("four")));
  CHECK_THAT(client.Read().body, Contains("three"));
  CHECK_THAT(client.Read().body, Contains("four"));
}

TEST_CASE("Large bodies pass whole, both ways", "[tls]") {
  const Secured secured;
  TlsClient client(secured.port());
  REQUIRE(client.Handshake());
  std::string body(3'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1009) body[i] = static_cast<char>('a' + i % 26);

  REQUIRE(client.Send(Post(body)));

  CHECK(client.Read().body == "secure 127.0.0.1 " + body);
}

TEST_CASE("Old versions of TLS are refused", "[tls]") {
  const Secured secured;
  const int version = GENERATE(TLS1_VERSION, TLS1_1_VERSION);
  TlsClient client(secured.port(), {.least_version = version, .most_version = version});

  CHECK_FALSE(client.Handshake());
  CHECK_THAT(client.refusal(), Contains("protocol version"));
}

TEST_CASE("TLS 1.2 has suites with forward secrecy and authenticated encryption alone", "[tls]") {
  const Secured secured;
  for (const char* suites :
       {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA256",
        "AES128-GCM-SHA256", "AES256-SHA256", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM",
        "ECDHE-ECDSA-CAMELLIA128-SHA256", "ECDHE-ECDSA-NULL-SHA", "ADH-AES128-GCM-SHA256"}) {
    CAPTURE(suites);
    TlsClient client(secured.port(), {.most_version = TLS1_2_VERSION, .suites = suites});
    CHECK_FALSE(client.Handshake());
    CHECK_THAT(client.refusal(), Contains("handshake failure"));
  }
  for (const char* suite : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                            "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    CAPTURE(suite);
    TlsClient client(secured.port(), {.most_version = TLS1_2_VERSION, .suites = suite});
    CHECK(client.Handshake());
    CHECK(client.suite() == suite);
  }
}

TEST_CASE("HTTP/1.1 is what is agreed on; who wants something else alone is refused", "[tls]") {
  const Secured secured;
  TlsClient both(secured.port(), {.alpn = "\x02h2\x08http/1.1"});
  REQUIRE(both.Handshake());
  CHECK(both.alpn() == "http/1.1");

  TlsClient other(secured.port(), {.most_version = TLS1_2_VERSION, .alpn = "\x02h2"});
  CHECK_FALSE(other.Handshake());
  CHECK_THAT(other.refusal(), Contains("no application protocol"));
}

TEST_CASE("A handshake that does not end is cut off, wherever it stopped", "[tls]") {
  HttpServer::Options options;
  options.header_timeout = absl::Milliseconds(100);
  const Secured secured(Echo, options);
  // Nothing; a part of a record; a record that begins a hello of 512 bytes.
  const std::string begun = GENERATE(std::string(), std::string("\x16\x03\x01\x02", 4),
                                     std::string("\x16\x03\x01\x00\x05\x01\x00\x02\x00\x03", 10));
  RawClient client(secured.port());

  client.Send(begun);

  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A handshake under way counts as a connection", "[tls]") {
  HttpServer::Options options;
  options.header_timeout = absl::Milliseconds(300);
  options.max_connections = 1;
  const Secured secured(Echo, options);
  const RawClient silent(secured.port());
  TlsClient client(secured.port());

  CHECK_FALSE(client.HasBytes(0));
  REQUIRE(client.Handshake());  // once the silent one was cut off
  client.Send(Post("served"));
  CHECK_THAT(client.Read().body, Contains("served"));
}

TEST_CASE("What is no TLS is answered by an alert, and never served", "[tls]") {
  bool is_asked = false;
  const Secured secured([&](Envelope, std::function<void(Reply)> done) {
    is_asked = true;
    done({});
  });
  RawClient client(secured.port());

  client.Send(kGet);

  CHECK_THAT(client.ReadToEnd(), !Contains("HTTP"));
  CHECK_FALSE(is_asked);
}

TEST_CASE("A request that is cut off without a goodbye is not served", "[tls]") {
  bool is_asked = false;
  const Secured secured([&](Envelope, std::function<void(Reply)> done) {
    is_asked = true;
    done({});
  });
  TlsClient client(secured.port());
  REQUIRE(client.Handshake());

  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  if (GENERATE(true, false)) client.SayGoodbye();
  client.FinishSending();

  CHECK(client.ReadToEnd().empty());
  CHECK_FALSE(is_asked);
}

TEST_CASE("The server says goodbye, so that nobody takes a cut for an end", "[tls]") {
  const Secured secured;
  TlsClient client(secured.port());
  REQUIRE(client.Handshake());

  client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  CHECK_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK(client.was_closed_properly());
}

TEST_CASE("A renewed certificate serves new connections; a broken one changes nothing", "[tls]") {
  Secured secured;
  TlsClient old(secured.port());
  REQUIRE(old.Handshake());

  secured.files.Show("renewed.test");
  REQUIRE(*secured.identity->Refresh());
  TlsClient renewed(secured.port());
  REQUIRE(renewed.Handshake());
  CHECK(renewed.subject() == "renewed.test");

  secured.files.Write("cert.pem", "broken");
  CHECK_FALSE(secured.identity->Refresh().ok());
  TlsClient after(secured.port());
  REQUIRE(after.Handshake());
  CHECK(after.subject() == "renewed.test");

  old.Send(Post("still there"));
  CHECK_THAT(old.Read().body, Contains("still there"));
}

TEST_CASE("Draining ends idle connections with a goodbye, and answers the rest", "[tls]") {
  absl::Notification is_asked;
  absl::Notification may_answer;
  Secured secured([&](Envelope envelope, std::function<void(Reply)> done) {
    if (envelope.body == "slow") {
      std::thread([&, done] {
        is_asked.Notify();
        may_answer.WaitForNotification();
        done({.body = "late answer"});
      }).detach();
    } else {
      Echo(std::move(envelope), std::move(done));
    }
  });
  TlsClient idle(secured.port());
  REQUIRE(idle.Handshake());
  idle.Send(Post("x"));
  idle.Read();
  TlsClient busy(secured.port());
  REQUIRE(busy.Handshake());
  busy.Send(Post("slow"));
  is_asked.WaitForNotification();
  TlsClient shaking(secured.port());

  secured.server->BeginDrain(absl::Seconds(20));
  CHECK(idle.ReadToEnd().empty());
  REQUIRE(shaking.Handshake());
  shaking.Send(Post("just before"));
  const RawAnswer answer = shaking.Read();
  CHECK_THAT(answer.head, Contains("Connection: close"));
  CHECK_THAT(answer.body, Contains("just before"));
  may_answer.Notify();
  CHECK(busy.Read().body == "late answer");
  secured.server->EndDrain();
}

TEST_CASE("Our own client trusts whom it is told to trust, under the name it asked for", "[tls]") {
  const Secured secured;
  const absl::Duration timeout = absl::Seconds(20);
  const auto good =
      HttpClient::ConnectTls("localhost", secured.port(), secured.files.root_pem(), timeout);
  REQUIRE(good.ok());
  const auto answer = (*good)->Post("localhost", "hello", {});
  REQUIRE(answer.ok());
  CHECK(answer->body == "secure 127.0.0.1 hello");

  const auto other_name =
      HttpClient::ConnectTls("127.0.0.1", secured.port(), secured.files.root_pem(), timeout);
  CHECK_THAT(std::string(other_name.status().message()), Contains("not trusted"));
  const auto nobody = HttpClient::ConnectTls("localhost", secured.port(), "", timeout);
  CHECK_THAT(std::string(nobody.status().message()), Contains("not trusted"));
}

}  // namespace
}  // namespace certwright
