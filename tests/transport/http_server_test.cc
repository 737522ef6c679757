#include "server/transport/http_server.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "tests/transport/raw_client.h"

namespace certwright {
namespace {

using Catch::Contains;
using Catch::StartsWith;

std::string Post(absl::string_view body, absl::string_view more_headers = "") {
  return absl::StrCat("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ", body.size(), "\r\n",
                      more_headers, "\r\n", body);
}

// Shows what the handler saw.
std::string Describe(const Envelope& envelope) {
  std::string headers =
      absl::StrJoin(envelope.headers, ",", [](std::string* out, const auto& header) {
        absl::StrAppend(out, header.first, "=", header.second);
      });
  return absl::StrCat(envelope.method, " ", envelope.path, " ?", envelope.query, " [", headers,
                      "] ", envelope.body);
}

void Echo(Envelope envelope, std::function<void(Reply)> done) {
  done({.body = Describe(envelope)});
}

HttpServer::Options Quick() {
  HttpServer::Options options;
  options.sweep_interval = absl::Milliseconds(10);
  options.linger_timeout = absl::Milliseconds(200);
  return options;
}

std::unique_ptr<HttpServer> Serve(HttpServer::Options options, HttpServer::Handler handler = Echo) {
  auto pages = [](const Envelope& envelope,
                  std::function<void(std::optional<HttpServer::Page>)> done) {
    if (envelope.path != "/page") return done(std::nullopt);
    done(HttpServer::Page{
        .content_type = "text/html", .body = "a page", .more_headers = "X-More: 1\r\n"});
  };
  auto unread = [](const Envelope& envelope, HttpServer::Unread why) {
    const bool has_room = why == HttpServer::Unread::kTooLarge;
    return Reply{.body = absl::StrCat(has_room ? "too large, " : "no room, ",
                                      envelope.headers.size(), " headers", envelope.body)};
  };
  auto server = HttpServer::Start(std::move(options), std::move(handler), pages, unread);
  REQUIRE(server.ok());
  return *std::move(server);
}

TEST_CASE("The handler sees the request as it stood on the wire", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  client.Send(
      "POST /?b=1&a=+%20 HTTP/1.1\r\nHost: h\r\nX-Two: A b\r\nother: 1\r\nX-two:  c \r\n"
      "Content-Length: 4\r\n\r\n\x01{}\n");

  const RawAnswer answer = client.Read();
  CHECK_THAT(answer.head, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(answer.head, Contains("Content-Type: application/json\r\n"));
  CHECK(answer.body ==
        "POST / ?b=1&a=+%20 [host=h,x-two=A b,other=1,x-two=c,content-length=4] \x01{}\n");
}

TEST_CASE("The handler learns who asks, and that the listener is a loopback one", "[http]") {
  const auto server = Serve({}, [](Envelope envelope, std::function<void(Reply)> done) {
    done({.body = absl::StrCat(envelope.peer, envelope.is_loopback ? " loopback" : "",
                               envelope.is_secure ? " secure" : "")});
  });
  RawClient client(server->port());

  client.Send(Post(""));

  CHECK(client.Read().body == "127.0.0.1 loopback");
}

TEST_CASE("A connection serves one request after another", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  for (int i = 0; i < 3; ++i) {
    client.Send(Post(absl::StrCat("request ", i)));
    const RawAnswer answer = client.Read();
    CHECK_THAT(answer.body, Contains(absl::StrCat("] request ", i)));
    CHECK_THAT(answer.head, !Contains("Connection:"));
  }
}

TEST_CASE("Pipelined requests are answered in order, however long each one takes", "[http]") {
  std::vector<std::thread> threads;
  const auto server = Serve({}, [&](Envelope envelope, std::function<void(Reply)> done) {
    threads.emplace_back([envelope, done] { done({.body = envelope.body}); });
  });
  RawClient client(server->port());

  std::string all;
  for (int i = 0; i < 20; ++i) absl::StrAppend(&all, Post(absl::StrCat("request ", i)));
  client.Send(all);

  for (int i = 0; i < 20; ++i) CHECK(client.Read().body == absl::StrCat("request ", i));
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("A request may come byte by byte", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  for (const char byte : Post("slow")) client.Send(absl::string_view(&byte, 1));

  CHECK_THAT(client.Read().body, Contains("] slow"));
}

TEST_CASE("A chunked body arrives whole, and its trailers are no headers", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  client.Send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-TC-Token: t\r\n\r\n");

  CHECK(client.Read().body == "POST / ? [host=h,transfer-encoding=chunked] abcde");
}

TEST_CASE("The connection closes after an answer when the client wants it so", "[http]") {
  const std::string request =
      GENERATE("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n");
  CAPTURE(request);
  const auto server = Serve({});
  RawClient client(server->port());

  client.Send(request);

  CHECK_THAT(client.Read().head, Contains("Connection: close\r\n"));
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("HTTP/1.0 clients may keep the connection", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  for (int i = 0; i < 2; ++i) {
    client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK_THAT(client.Read().head, Contains("Connection: keep-alive\r\n"));
  }
}

TEST_CASE("Methods other than GET and POST reach the handler too", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  client.Send("PUT / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.Read().body, StartsWith("PUT /"));
  client.Send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.Read(/*has_body=*/false).head, StartsWith("HTTP/1.1 200"));
  client.Send("BREW / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.Read().body, StartsWith("BREW /"));
}

TEST_CASE("Other paths are pages, for GET alone", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  client.Send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
  const RawAnswer page = client.Read();
  CHECK_THAT(page.head, StartsWith("HTTP/1.1 200") && Contains("Content-Type: text/html\r\n"));
  CHECK(page.body == "a page");
  CHECK_THAT(page.head, Contains("\r\nX-More: 1\r\n"));
  client.Send("POST /page HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.Read().head, StartsWith("HTTP/1.1 404"));
  client.Send("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.Read().head, StartsWith("HTTP/1.1 404"));
}

TEST_CASE("A client that waits to be told to continue is told so", "[http]") {
  const auto server = Serve({});
  RawClient client(server->port());

  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.Read().head == "HTTP/1.1 100 Continue\r\n");
  client.Send("body");

  CHECK_THAT(client.Read().body, Contains("] body"));
}

TEST_CASE("A body over the limit is refused before it is read, and the answer arrives", "[http]") {
  HttpServer::Options options = Quick();
  options.max_body_bytes = 1000;
  const auto server = Serve(options);
  RawClient client(server->port());
  const std::string expect = GENERATE("", "Expect: 100-continue\r\n");
  CAPTURE(expect);

  client.Send(
      absl::StrCat("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n", expect, "\r\n"));
  if (expect.empty()) client.Send(std::string(1'000'000, 'x'));

  const RawAnswer answer = client.Read();
  CHECK_THAT(answer.head, StartsWith("HTTP/1.1 200 OK") && Contains("Connection: close\r\n"));
  CHECK_THAT(answer.body, StartsWith("too large, "));
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A chunked body is refused once it is over the limit", "[http]") {
  HttpServer::Options options = Quick();
  options.max_body_bytes = 1000;
  const auto server = Serve(options);
  RawClient client(server->port());

  client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i) client.Send(absl::StrCat("64\r\n", std::string(100, 'x'), "\r\n"));

  CHECK(client.Read().body == "too large, 2 headers");
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A body of exactly the limit is taken", "[http]") {
  HttpServer::Options options = Quick();
  options.max_body_bytes = 1000;
  const auto server = Serve(options);
  RawClient client(server->port());

  client.Send(Post(std::string(1000, 'x')));

  CHECK_THAT(client.Read().body, Contains(std::string(1000, 'x')));
}

// Takes a call and answers it when told to.
struct Holder {
  void Hold(std::function<void(Reply)> done) {
    finish = std::move(done);
    asked.Notify();
  }

  absl::Notification asked;
  std::function<void(Reply)> finish;
};

// Room for one of LargeBody at a time.
HttpServer::Options Crowded() {
  HttpServer::Options options = Quick();
  options.max_held_body_bytes = 600'000;
  return options;
}

std::string LargeBody() { return std::string(400'000, 'x'); }

TEST_CASE("A body that finds no room beside those of other calls is refused, until they end",
          "[http]") {
  Holder holder;
  const auto server = Serve(Crowded(), [&](Envelope envelope, std::function<void(Reply)> done) {
    if (holder.asked.HasBeenNotified()) return Echo(std::move(envelope), std::move(done));
    holder.Hold(std::move(done));
  });
  RawClient first(server->port());
  first.Send(Post(LargeBody()));
  holder.asked.WaitForNotification();

  RawClient second(server->port());
  second.Send(Post(LargeBody()));
  const RawAnswer refusal = second.Read();
  CHECK_THAT(refusal.head, StartsWith("HTTP/1.1 200 OK") && Contains("Connection: close\r\n"));
  CHECK(refusal.body == "no room, 2 headers");
  CHECK(second.ReadToEnd().empty());
  RawClient elsewhere(server->port());
  elsewhere.Send("POST /page HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n" + LargeBody());
  CHECK_THAT(elsewhere.Read().head, StartsWith("HTTP/1.1 503 "));
  RawClient small(server->port());
  small.Send(Post("small"));
  CHECK_THAT(small.Read().body, Contains("] small"));

  holder.finish({.body = "finished"});
  CHECK(first.Read().body == "finished");
  RawClient third(server->port());
  third.Send(Post(LargeBody()));
  CHECK_THAT(third.Read().body, Contains(LargeBody()));
}

TEST_CASE("A body that is announced and not sent takes no room", "[http]") {
  const auto server = Serve(Crowded());
  std::vector<std::unique_ptr<RawClient>> announcers;
  for (int i = 0; i < 10; ++i) {
    announcers.push_back(std::make_unique<RawClient>(server->port()));
    announcers.back()->Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\nx");
  }
  RawClient client(server->port());

  client.Send(Post(LargeBody()));

  CHECK_THAT(client.Read().body, Contains(LargeBody()));
}

TEST_CASE("A slow body gives its room back when it is cut off", "[http]") {
  HttpServer::Options options = Crowded();
  options.body_window = absl::Milliseconds(50);
  options.min_body_bytes_per_second = 100'000'000;
  const auto server = Serve(options);
  RawClient slow(server->port());
  slow.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 400001\r\n\r\n" + LargeBody());
  CHECK(slow.ReadToEnd().empty());
  RawClient client(server->port());

  client.Send(Post(LargeBody()));

  CHECK_THAT(client.Read().body, Contains(LargeBody()));
}

TEST_CASE("What is not HTTP, or could be read in two ways, is refused and ends the connection",
          "[http]") {
  const std::string request = GENERATE(
      // Not HTTP.
      "hello\r\n\r\n", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "GET / HTTP/1.1\nHost: h\n\n",
      "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      // Two lengths.
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n",
      // Lengths that are none.
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      // No host, or two.
      "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  CAPTURE(request);
  const auto server = Serve(Quick());
  RawClient client(server->port());

  client.Send(request + Post("smuggled"));

  CHECK_THAT(client.Read().head, StartsWith("HTTP/1.1 400 ") && Contains("Connection: close\r\n"));
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("Headers over the limit are refused", "[http]") {
  std::string headers =
      GENERATE(absl::StrCat("A: ", std::string(70'000, 'x'), "\r\n"), std::string("many"));
  if (headers == "many") {
    headers.clear();
    for (int i = 0; i < 300; ++i) absl::StrAppend(&headers, "A: b\r\n");
  }
  const auto server = Serve(Quick());
  RawClient client(server->port());

  client.Send(Post("", headers));

  CHECK_THAT(client.Read().head, StartsWith("HTTP/1.1 431 "));
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A query that the headers' limit cuts has the API's answer", "[http]") {
  const auto server = Serve(Quick());
  RawClient client(server->port());

  client.Send(absl::StrCat("GET /?A=", std::string(70'000, 'x'), " HTTP/1.1\r\nHost: a\r\n\r\n"));

  const auto answer = client.Read();
  CHECK_THAT(answer.head, StartsWith("HTTP/1.1 200 "));
  CHECK_THAT(answer.body, StartsWith("too large"));
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("Endless chunk extensions and trailers are refused", "[http]") {
  const std::string start = GENERATE("1;", "0\r\nTrailer: ");
  CAPTURE(start);
  const auto server = Serve(Quick());
  RawClient client(server->port());

  client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + start);
  client.Send(std::string(100'000, 'x'));

  CHECK_THAT(client.Read().head, StartsWith("HTTP/1.1 4"));
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A connection that is late is closed", "[http]") {
  HttpServer::Options options = Quick();
  const absl::Duration soon = absl::Milliseconds(50);
  std::string bytes;
  SECTION("idle from the start") { options.idle_timeout = soon; }
  SECTION("headers that never end") {
    options.header_timeout = soon;
    bytes = "POST / HTTP/1.1\r\nHo";
  }
  SECTION("a body that never comes") {
    options.body_window = soon;
    bytes = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n1";
  }
  const auto server = Serve(options);
  RawClient client(server->port());

  client.Send(bytes);

  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A body slower than the limit is cut off although it moves", "[http]") {
  HttpServer::Options options = Quick();
  options.body_window = absl::Milliseconds(100);
  const auto server = Serve(options);
  RawClient client(server->port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");

  int sent = 0;
  while (!client.HasBytes(5)) {  // readable also means closed
    client.Send("x");
    ++sent;
  }

  CHECK(sent < 1000000);
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("A client that does not read its answer is let go", "[http]") {
  HttpServer::Options options = Quick();
  options.write_timeout = absl::Milliseconds(100);
  absl::Notification asked;
  const auto server = Serve(options, [&](Envelope, std::function<void(Reply)> done) {
    done({.body = std::string(50'000'000, 'x')});
    asked.Notify();
  });
  RawClient client(server->port());

  client.Send(Post(""));
  asked.WaitForNotification();
  server->Drain(absl::Seconds(20));  // ends only when the connection has

  CHECK(client.ReadToEnd().size() < 50'000'000);
}

TEST_CASE("A reply may come from any thread, also after its connection died", "[http]") {
  absl::Notification asked;
  std::function<void(Reply)> late;
  std::unique_ptr<HttpServer> server =
      Serve(Quick(), [&](Envelope, std::function<void(Reply)> done) {
        late = std::move(done);
        asked.Notify();
      });
  {
    RawClient client(server->port());
    client.Send(Post(""));
    asked.WaitForNotification();
  }

  SECTION("while the server serves") {
    late({});
    late({});
  }
  SECTION("after the server has gone") {
    server.reset();
    late({});
  }
}

TEST_CASE("Draining answers what is under way and closes what is idle", "[http]") {
  absl::Notification asked;
  std::function<void(Reply)> finish;
  const auto server = Serve(Quick(), [&](Envelope, std::function<void(Reply)> done) {
    finish = std::move(done);
    asked.Notify();
  });
  RawClient idle(server->port());
  idle.Send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
  REQUIRE(idle.Read().body == "a page");
  RawClient busy(server->port());
  busy.Send(Post(""));
  asked.WaitForNotification();

  std::thread drain([&] { server->Drain(absl::Seconds(20)); });
  CHECK(idle.ReadToEnd().empty());
  finish({.body = "finished"});

  const RawAnswer answer = busy.Read();
  CHECK(answer.body == "finished");
  CHECK_THAT(answer.head, Contains("Connection: close\r\n"));
  CHECK(busy.ReadToEnd().empty());
  drain.join();
  CHECK_FALSE(RawClient(server->port()).is_connected());
}

TEST_CASE("A drain that lasts answers pages, and tells the handler what came late", "[http]") {
  absl::Notification asked;
  std::function<void(Reply)> finish;
  const auto server = Serve(Quick(), [&](Envelope envelope, std::function<void(Reply)> done) {
    if (envelope.is_late) return done({.body = "late"});
    finish = std::move(done);
    asked.Notify();
  });
  RawClient idle(server->port());
  idle.Send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
  REQUIRE(idle.Read().body == "a page");
  RawClient busy(server->port());
  busy.Send(Post(""));
  asked.WaitForNotification();

  server->BeginDrain(absl::Seconds(20));
  CHECK(idle.ReadToEnd().empty());  // it has begun
  RawClient late(server->port());
  late.Send(Post(""));
  const RawAnswer refused = late.Read();
  CHECK(refused.body == "late");
  CHECK_THAT(refused.head, Contains("Connection: close\r\n"));
  RawClient prober(server->port());
  prober.Send("GET /page HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(prober.Read().body == "a page");

  // Who came late and says nothing does not hold up the drain.
  RawClient silent(server->port());
  std::thread drain([&] { server->EndDrain(); });
  finish({.body = "finished"});
  CHECK(busy.Read().body == "finished");
  busy.FinishSending();
  drain.join();
  CHECK(silent.ReadToEnd().empty());
  CHECK_FALSE(RawClient(server->port()).is_connected());
}

TEST_CASE("Who connected just before a drain still gets an answer", "[http]") {
  const auto server = Serve(Quick(), [](Envelope envelope, std::function<void(Reply)> done) {
    done({.body = envelope.is_late ? "late" : "in time"});
  });
  RawClient other(server->port());
  other.Send(Post(""));
  REQUIRE(other.Read().body == "in time");
  RawClient fresh(server->port());
  server->BeginDrain(absl::Seconds(20));
  CHECK(other.ReadToEnd().empty());  // it has begun
  fresh.Send(Post(""));
  const RawAnswer answer = fresh.Read();
  CHECK(answer.body == "late");
  CHECK_THAT(answer.head, Contains("Connection: close\r\n"));
  server->EndDrain();
}

TEST_CASE("Draining gives up on what takes too long", "[http]") {
  absl::Notification asked;
  const auto server = Serve(Quick(), [&](Envelope, std::function<void(Reply)>) { asked.Notify(); });
  RawClient busy(server->port());
  busy.Send(Post(""));
  asked.WaitForNotification();

  server->Drain(absl::Milliseconds(20));

  CHECK(busy.ReadToEnd().empty());
}

TEST_CASE("Connections over the limit wait until another one ends", "[http]") {
  HttpServer::Options options = Quick();
  options.max_connections = 1;
  std::atomic<int> told = 0;
  options.on_crowd = [&](const std::string&) { ++told; };
  const auto server = Serve(options);
  auto first = std::make_unique<RawClient>(server->port());
  first->Send(Post("first"));
  first->Read();

  RawClient second(server->port());
  second.Send(Post("second"));
  CHECK_FALSE(second.HasBytes(50));
  CHECK(told == 1);
  first.reset();

  CHECK_THAT(second.Read().body, Contains("] second"));
}

TEST_CASE("Several threads share one port", "[http]") {
  HttpServer::Options options;
  options.threads = 3;
  const auto server = Serve(options);

  for (int i = 0; i < 30; ++i) {
    RawClient client(server->port());
    client.Send(Post("x"));
    CHECK_THAT(client.Read().body, Contains("] x"));
  }
}

TEST_CASE("A port that is taken, or a host that is not here, is an error", "[http]") {
  HttpServer::Options options;
  options.threads = GENERATE(1, 2);
  const auto server = Serve(options);

  options.port = server->port();
  CHECK_FALSE(HttpServer::Start(options, Echo, nullptr, nullptr).ok());
  options.host = "192.0.2.1";
  CHECK_FALSE(HttpServer::Start(options, Echo, nullptr, nullptr).ok());
  options.host = "no such host";
  CHECK_FALSE(HttpServer::Start(options, Echo, nullptr, nullptr).ok());
}

}  // namespace
}  // namespace certwright
