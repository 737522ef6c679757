#include "server/multipart.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/auth/request_parts.h"

namespace certwright {
namespace {

constexpr char kLineEnd[] = "\r\n";
constexpr std::size_t kMaxHeadBytes = 4096;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046

absl::Status Malformed(absl::string_view why) {
  return Refuse(ApiError::kInvalidRequest,
                absl::StrCat("The multipart/form-data body is not valid: ", why));
}

// One name=value of a header, its quotes taken off.
struct Parameter {
  std::string name = {};  // lower case
  absl::string_view value = {};
};

bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-.^_`|~/:=?()@,", c);
  });
}

// Takes one parameter off the front of `rest`, which begins behind a semicolon. Nothing if none can
// be read. A backslash in quotes is refused: browsers and libraries differ in what it says.
std::optional<Parameter> TakeParameter(absl::string_view& rest) {
  const std::size_t equals = rest.find('=');
  if (equals == absl::string_view::npos) return std::nullopt;
  Parameter parameter = {
      .name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(rest.substr(0, equals)))};
  rest = absl::StripLeadingAsciiWhitespace(rest.substr(equals + 1));
  if (absl::ConsumePrefix(&rest, "\"")) {
    const std::size_t end = rest.find('"');
    if (end == absl::string_view::npos) return std::nullopt;
    parameter.value = rest.substr(0, end);
    if (absl::StrContains(parameter.value, "\\") && parameter.name != "filename") {
      return std::nullopt;
    }
    rest = absl::StripLeadingAsciiWhitespace(rest.substr(end + 1));
    if (!rest.empty() && rest[0] != ';') return std::nullopt;
  } else {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    parameter.value = absl::StripAsciiWhitespace(rest.substr(0, end));
    rest = rest.substr(end);
    if (!IsToken(parameter.value)) return std::nullopt;
  }
  absl::ConsumePrefix(&rest, ";");
  return parameter;
}

// The parameters behind the first semicolon of a header's value; nothing if they do not read, or if
// one stands twice.
std::optional<std::vector<Parameter>> ParametersOf(absl::string_view value) {
  std::vector<Parameter> parameters;
  const std::size_t start = value.find(';');
  if (start == absl::string_view::npos) return parameters;
  absl::string_view rest = value.substr(start + 1);
  while (!absl::StripAsciiWhitespace(rest).empty()) {
    std::optional<Parameter> one = TakeParameter(rest);
    if (!one) return std::nullopt;
    for (const Parameter& other : parameters) {
      if (other.name == one->name) return std::nullopt;
    }
    parameters.push_back(*std::move(one));
  }
  return parameters;
}

absl::StatusOr<std::string> BoundaryOf(absl::string_view content_type) {
  const auto parameters = ParametersOf(content_type);
  if (!parameters) return Malformed("the parameters of its Content-Type do not read.");
  for (const auto& [name, value] : *parameters) {
    if (name != "boundary") continue;
    const bool is_good = IsToken(value) && value.size() <= kMaxBoundary;
    if (is_good) return std::string(value);
    return Malformed("its boundary should be 1 to 70 letters, digits and signs.");
  }
  return Malformed("its Content-Type names no boundary.");
}

absl::Status ReadDisposition(absl::string_view value, Part& part) {
  const auto parameters = ParametersOf(value);
  if (MediaType(value) != "form-data" || !parameters) {
    return Malformed("a part's Content-Disposition is not form-data; name=\"…\".");
  }
  for (const Parameter& parameter : *parameters) {
    if (parameter.name == "name") part.name = parameter.value;
    if (parameter.name == "filename" || parameter.name == "filename*") part.is_file = true;
  }
  return part.name.empty() ? Malformed("a part has no name.") : absl::OkStatus();
}

absl::Status ReadPartHeader(absl::string_view line, std::vector<std::string>& seen, Part& part) {
  const std::size_t colon = line.find(':');
  if (colon == absl::string_view::npos || colon == 0) {
    return Malformed("a part has a header line without a name.");
  }
  const std::string name = absl::AsciiStrToLower(line.substr(0, colon));
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
    return Malformed("a part has a header twice.");
  }
  seen.push_back(name);
  if (name == "content-disposition") return ReadDisposition(value, part);
  if (name == "content-type") {
    const std::string type = MediaType(value);
    if (absl::StartsWith(type, "multipart/")) return Malformed("parts may not hold parts.");
    part.is_json = type == "application/json";
  }
  if (name == "content-transfer-encoding" && !absl::EqualsIgnoreCase(value, "binary") &&
      !absl::EqualsIgnoreCase(value, "8bit") && !absl::EqualsIgnoreCase(value, "7bit")) {
    return Malformed("parts may not be encoded.");
  }
  return absl::OkStatus();
}

// `text` is what stands between two boundaries: header lines, an empty line, the bytes.
absl::StatusOr<Part> ReadPart(absl::string_view text) {
  const std::size_t head = absl::StartsWith(text, kLineEnd) ? 0 : text.find("\r\n\r\n");
  if (head == absl::string_view::npos || head > kMaxHeadBytes) {
    return Malformed("a part's headers have no end.");
  }
  if (head == 0) return Malformed("a part has no name.");
  Part part = {.bytes = text.substr(head + 4)};
  std::vector<std::string> seen;
  for (const absl::string_view line : absl::StrSplit(text.substr(0, head), kLineEnd)) {
    RETURN_IF_ERROR(ReadPartHeader(line, seen, part));
  }
  if (part.name.empty()) return Malformed("a part has no name.");
  return part;
}

}  // namespace

absl::StatusOr<std::vector<Part>> ParseMultipart(absl::string_view content_type,
                                                 absl::string_view body) {
  ASSIGN_OR_RETURN(const std::string boundary, BoundaryOf(content_type));
  const std::string delimiter = absl::StrCat(kLineEnd, "--", boundary);
  std::vector<Part> parts;
  if (body.empty()) return parts;  // the Python SDK writes no parameters like that
  // The first delimiter has no line before it.
  if (!absl::ConsumePrefix(&body, absl::string_view(delimiter).substr(2))) {
    return Malformed("it does not begin with its boundary.");
  }
  while (!absl::ConsumePrefix(&body, "--")) {
    if (!absl::ConsumePrefix(&body, kLineEnd)) {
      return Malformed("a boundary is not followed by the end of its line.");
    }
    const std::size_t end = body.find(delimiter);
    if (end == absl::string_view::npos) return Malformed("it has no end.");
    if (parts.size() == kMaxParts) {
      return Malformed(absl::StrCat("it has more than ", kMaxParts, " parts."));
    }
    ASSIGN_OR_RETURN(parts.emplace_back(), ReadPart(body.substr(0, end)));
    body.remove_prefix(end + delimiter.size());
  }
  if (!body.empty() && body != kLineEnd) return Malformed("something follows its end.");
  return parts;
}

}  // namespace certwright
