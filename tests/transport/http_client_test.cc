#include "server/transport/http_client.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "server/transport/http_server.h"

namespace certwright {
namespace {

std::unique_ptr<HttpServer> Serve(HttpServer::Handler handler) {
  auto server = HttpServer::Start({}, std::move(handler), nullptr, nullptr);
  REQUIRE(server.ok());
  return *std::move(server);
}

TEST_CASE("The client posts what it was given, again and again on one connection", "[http]") {
  const auto server = Serve([](Envelope envelope, std::function<void(Reply)> done) {
    std::string seen = absl::StrCat(envelope.method, envelope.path, envelope.body);
    for (const auto& [name, value] : envelope.headers) {
      if (name == "host" || name == "x-tc-action") absl::StrAppend(&seen, " ", value);
    }
    done({.body = seen});
  });
  const auto client = HttpClient::Connect("127.0.0.1", server->port(), absl::Seconds(20));
  REQUIRE(client.ok());

  for (const char* body : {"", "{}", "more"}) {
    const auto answer = (*client)->Post("name:1", body, {{"X-TC-Action", "Do"}});
    REQUIRE(answer.ok());
    CHECK(answer->status == 200);
    CHECK(answer->content_type == "application/json");
    CHECK(answer->body == absl::StrCat("POST/", body, " name:1 Do"));
  }
}

TEST_CASE("A large answer arrives whole", "[http]") {
  const auto server = Serve([](Envelope envelope, std::function<void(Reply)> done) {
    done({.body = envelope.body + envelope.body});
  });
  const auto client = HttpClient::Connect("localhost", server->port(), absl::Seconds(20));
  REQUIRE(client.ok());
  const std::string body(5'000'000, 'x');

  const auto answer = (*client)->Post("h", body, {});

  REQUIRE(answer.ok());
  CHECK(answer->body == body + body);
}

TEST_CASE("The client gives up when nobody listens, and when no answer comes", "[http]") {
  int port = 0;
  {
    absl::Notification asked;
    const auto server = Serve([&](Envelope, std::function<void(Reply)>) { asked.Notify(); });
    port = server->port();
    const auto client = HttpClient::Connect("127.0.0.1", port, absl::Milliseconds(50));
    REQUIRE(client.ok());

    CHECK(absl::IsUnavailable((*client)->Post("h", "", {}).status()));
    asked.WaitForNotification();
  }
  CHECK(
      absl::IsUnavailable(HttpClient::Connect("127.0.0.1", port, absl::Milliseconds(50)).status()));
}

}  // namespace
}  // namespace certwright
