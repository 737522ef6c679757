#include "server/transport/http_message.h"

#include <catch2/catch.hpp>

namespace certwright {
namespace {

TEST_CASE("A target splits into path and raw query, also in its absolute form", "[http]") {
  struct Case {
    const char* target;
    const char* path;
    const char* query;
  };
  const Case c =
      GENERATE(Case{"/", "/", ""}, Case{"/?", "/", ""}, Case{"/?a=b+c%20&d", "/", "a=b+c%20&d"},
               Case{"/healthz", "/healthz", ""}, Case{"/a?b?c", "/a", "b?c"}, Case{"*", "*", ""},
               Case{"http://host:80/a?b=c", "/a", "b=c"}, Case{"HTTPS://host?b", "/", "b"},
               Case{"http://host", "/", ""}, Case{"//host/a", "//host/a", ""});
  CAPTURE(c.target);

  const HttpTarget split = SplitTarget(c.target);

  CHECK(split.path == c.path);
  CHECK(split.query == c.query);
}

TEST_CASE("A response head says the length, and what becomes of the connection", "[http]") {
  CHECK(ResponseHead(200, "application/json", 2, AfterAnswer::kUnsaid) ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n");
  CHECK(ResponseHead(404, "text/plain", 0, AfterAnswer::kClose) ==
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n");
}

}  // namespace
}  // namespace certwright
