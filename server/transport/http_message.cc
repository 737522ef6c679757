#include "server/transport/http_message.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

absl::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
  }
  return "Other";
}

absl::string_view ConnectionField(AfterAnswer after) {
  switch (after) {
    case AfterAnswer::kUnsaid:
      return "";
    case AfterAnswer::kKeepAlive:
      return "Connection: keep-alive\r\n";
    case AfterAnswer::kClose:
      return "Connection: close\r\n";
  }
  return "";
}

}  // namespace

HttpTarget SplitTarget(absl::string_view target) {
  if (absl::StartsWithIgnoreCase(target, "http://") ||
      absl::StartsWithIgnoreCase(target, "https://")) {
    target.remove_prefix(target.find("//") + 2);
    const std::size_t end = target.find_first_of("/?");
    target.remove_prefix(end == absl::string_view::npos ? target.size() : end);
  }
  const std::size_t mark = target.find('?');
  HttpTarget split = {.path = std::string(target.substr(0, mark))};
  if (mark != absl::string_view::npos) split.query = std::string(target.substr(mark + 1));
  if (split.path.empty()) split.path = "/";
  return split;
}

std::string ResponseHead(int status, absl::string_view content_type, std::size_t length,
                         AfterAnswer after, absl::string_view more_headers) {
  return absl::StrCat("HTTP/1.1 ", status, " ", Reason(status), "\r\nContent-Type: ", content_type,
                      "\r\nContent-Length: ", length, "\r\n", more_headers, ConnectionField(after),
                      "\r\n");
}

}  // namespace certwright
