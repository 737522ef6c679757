#include "server/commands/captured_request.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/status_macros.h"
#include "server/auth/request_parts.h"
#include "server/transport/http_message.h"

namespace certwright {
namespace {

// Takes one line off `text`, without its end.
absl::string_view TakeLine(absl::string_view& text) {
  const std::size_t end = text.find('\n');
  absl::string_view line = text.substr(0, end);
  text = end == absl::string_view::npos ? absl::string_view() : text.substr(end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

void SetTarget(absl::string_view text, Envelope& envelope) {
  HttpTarget target = SplitTarget(text);
  envelope.path = std::move(target.path);
  envelope.query = std::move(target.query);
}

absl::Status ReadRequestLine(absl::string_view line, Envelope& envelope) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() < 2 || words.size() > 3 || words[0].empty() || words[1].empty()) {
    return absl::InvalidArgumentError(
        "the first line is not METHOD TARGET HTTP/1.1, as in: POST / HTTP/1.1");
  }
  envelope.method = std::string(words[0]);
  SetTarget(words[1], envelope);
  return absl::OkStatus();
}

// Of what `curl -v` wrote, what was sent: the lines behind "> ".
std::string OnlySent(absl::string_view text) {
  std::string sent;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::ConsumeSuffix(&line, "\r");
    if (line == ">" || absl::ConsumePrefix(&line, "> ")) {
      absl::StrAppend(&sent, line == ">" ? "" : line, "\n");
    }
  }
  return sent;
}

bool IsGrpc(const Envelope& envelope) {
  const std::string type = MediaType(HeaderOr(envelope, "content-type"));
  return type == "application/grpc" || absl::StartsWith(type, "application/grpc+");
}

void RemoveHeaders(absl::string_view name, Envelope& envelope) {
  auto& headers = envelope.headers;
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [name](const auto& header) { return header.first == name; }),
                headers.end());
}

absl::Status TakePseudoHeader(absl::string_view name, absl::string_view value, Envelope& envelope) {
  if (name == ":method") {
    envelope.method = std::string(value);
  } else if (name == ":path") {
    SetTarget(value, envelope);
  } else if (name == ":scheme") {
    envelope.is_secure = value == "https";
  } else if (name == ":authority") {
    envelope.headers.emplace(envelope.headers.begin(), "host", value);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("`", name.substr(0, 20),
                     "` stands in no request; of this kind :method, :path, :scheme and "
                     ":authority do"));
  }
  return absl::OkStatus();
}

// The first message in `bytes`, without the five bytes before it, if it is framed.
absl::StatusOr<absl::string_view> WithoutFrame(absl::string_view bytes) {
  constexpr std::size_t kFrame = 5;
  // No message begins so: there is no field 0.
  const bool is_framed = bytes.size() >= kFrame && (bytes[0] == 0 || bytes[0] == 1);
  if (!is_framed) return bytes;
  if (bytes[0] == 1) {
    return absl::InvalidArgumentError(
        "the gRPC message is compressed: give it with --body-file, uncompressed");
  }
  std::size_t length = 0;
  for (std::size_t i = 1; i < kFrame; ++i) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  bytes.remove_prefix(kFrame);
  if (length <= bytes.size()) return bytes.substr(0, length);
  return absl::InvalidArgumentError(absl::StrCat("the gRPC message should have ", length,
                                                 " bytes, and ", bytes.size(), " are there"));
}

absl::string_view BodyIn(absl::string_view rest, const Envelope& envelope) {
  std::size_t length = 0;
  const absl::string_view announced = HeaderOr(envelope, "content-length");
  if (!announced.empty() && absl::SimpleAtoi(announced, &length) && length <= rest.size()) {
    return rest.substr(0, length);
  }
  // A message may end in these bytes, but is not made of them alone.
  if (IsGrpc(envelope) && rest != "\n" && rest != "\r\n") return rest;
  if (absl::ConsumeSuffix(&rest, "\n")) absl::ConsumeSuffix(&rest, "\r");
  return rest;
}

}  // namespace

absl::Status AddHeaderLine(absl::string_view line, Envelope& envelope) {
  const std::size_t colon = line.find(':', absl::StartsWith(line, ":") ? 1 : 0);
  if (colon == absl::string_view::npos || colon == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("a header line is not NAME: VALUE; it begins \"", line.substr(0, 20), "\""));
  }
  const std::string name = absl::AsciiStrToLower(line.substr(0, colon));
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (absl::StartsWith(name, ":")) return TakePseudoHeader(name, value, envelope);
  envelope.headers.emplace_back(name, value);
  return absl::OkStatus();
}

absl::Status CompleteCapturedRequest(Envelope& envelope) {
  if (!IsGrpc(envelope)) return absl::OkStatus();
  envelope.protocol = Protocol::kGrpc;
  const std::string host(HeaderOr(envelope, "host"));
  for (const char* name : {"host", "content-type", "te"}) RemoveHeaders(name, envelope);
  if (!host.empty()) envelope.headers.emplace(envelope.headers.begin(), "host", host);
  ASSIGN_OR_RETURN(const absl::string_view message, WithoutFrame(envelope.body));
  envelope.body = std::string(message);
  return absl::OkStatus();
}

absl::StatusOr<Envelope> ParseCapturedRequest(absl::string_view text) {
  const std::string sent =
      absl::StartsWith(text, "> ") || absl::StrContains(text, "\n> ") ? OnlySent(text) : "";
  absl::string_view rest = sent.empty() ? text : absl::string_view(sent);
  Envelope envelope;
  if (!absl::StartsWith(rest, ":")) {
    RETURN_IF_ERROR(ReadRequestLine(TakeLine(rest), envelope));
  }
  while (!rest.empty()) {
    const absl::string_view line = TakeLine(rest);
    if (line.empty()) break;
    RETURN_IF_ERROR(AddHeaderLine(line, envelope));
  }
  envelope.body = std::string(BodyIn(rest, envelope));
  return envelope;
}

}  // namespace certwright
