#include "server/commands/captured_request.h"

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

absl::Status ReadRequestLine(absl::string_view line, Envelope& envelope) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() < 2 || words.size() > 3 || words[0].empty() || words[1].empty()) {
    return absl::InvalidArgumentError(
        "the first line is not METHOD TARGET HTTP/1.1, as in: POST / HTTP/1.1");
  }
  envelope.method = std::string(words[0]);
  HttpTarget target = SplitTarget(words[1]);
  envelope.path = std::move(target.path);
  envelope.query = std::move(target.query);
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

}  // namespace

absl::Status AddHeaderLine(absl::string_view line, Envelope& envelope) {
  const std::size_t colon = line.find(':');
  if (colon == absl::string_view::npos || colon == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("a header line is not NAME: VALUE; it begins \"", line.substr(0, 20), "\""));
  }
  envelope.headers.emplace_back(absl::AsciiStrToLower(line.substr(0, colon)),
                                absl::StripAsciiWhitespace(line.substr(colon + 1)));
  return absl::OkStatus();
}

absl::StatusOr<Envelope> ParseCapturedRequest(absl::string_view text) {
  const std::string sent =
      absl::StartsWith(text, "> ") || absl::StrContains(text, "\n> ") ? OnlySent(text) : "";
  absl::string_view rest = sent.empty() ? text : absl::string_view(sent);
  Envelope envelope;
  RETURN_IF_ERROR(ReadRequestLine(TakeLine(rest), envelope));
  while (!rest.empty()) {
    const absl::string_view line = TakeLine(rest);
    if (line.empty()) break;
    RETURN_IF_ERROR(AddHeaderLine(line, envelope));
  }
  std::size_t length = 0;
  const absl::string_view announced = HeaderOr(envelope, "content-length");
  if (!announced.empty() && absl::SimpleAtoi(announced, &length) && length <= rest.size()) {
    rest = rest.substr(0, length);
  } else if (absl::ConsumeSuffix(&rest, "\n")) {
    absl::ConsumeSuffix(&rest, "\r");
  }
  envelope.body = std::string(rest);
  return envelope;
}

}  // namespace certwright
