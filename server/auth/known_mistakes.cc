#include "server/auth/known_mistakes.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/crypto/digest.h"
#include "server/api_services.h"
#include "server/auth/request_parts.h"

namespace certwright {
namespace {

// One value that may have been signed, and what is wrong with it; nothing is if it is as received.
struct Guess {
  std::string value = {};
  std::string mistake = {};
};
using Guesses = std::vector<Guess>;

void Add(std::string value, std::string mistake, Guesses& guesses) {
  for (const Guess& guess : guesses) {
    if (guess.value == value) return;
  }
  guesses.push_back({std::move(value), std::move(mistake)});
}

// ":PORT", or nothing.
std::string PortOf(absl::string_view host) {
  return std::string(host.substr(WithoutPort(host).size()));
}

// What was signed and what arrived, and what to do about it.
std::string OtherHost(absl::string_view signed_host, const Envelope& envelope,
                      absl::string_view advice) {
  return absl::StrCat("it was signed as `", signed_host, "`, and `", HeaderOr(envelope, "host"),
                      "` arrived: ", advice);
}

// The address of one listener, by any name of the machine, in place of another's.
void AddListeners(const Envelope& envelope, const std::vector<Listener>& listeners,
                  Guesses& guesses) {
  const std::string own_name(WithoutPort(HeaderOr(envelope, "host")));
  for (const Listener& listener : listeners) {
    const std::string port = PortOf(listener.address);
    for (const std::string& name :
         {listener.address, own_name + port, "localhost" + port, "127.0.0.1" + port}) {
      const std::string advice =
          absl::StrCat("that is the service's listener for ", listener.name,
                       ": sign the address that is called, or call the one that is signed");
      Add(name, OtherHost(name, envelope, advice), guesses);
    }
  }
}

Guesses HostGuesses(const Envelope& envelope, const std::vector<Listener>& listeners) {
  const std::string host(HeaderOr(envelope, "host"));
  const absl::string_view header =
      envelope.protocol == Protocol::kGrpc ? ":authority" : "Host header";
  const std::string advice = absl::StrCat("sign the ", header,
                                          " as it is sent, or have the operator list that name in "
                                          "public_names");
  Guesses guesses = {{host, ""}};
  Add(std::string(WithoutPort(host)), "", guesses);
  const auto add = [&](const std::string& name) {
    Add(name, OtherHost(name, envelope, advice), guesses);
  };
  // With the port that arrived these are its own listener.
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) add(name + PortOf(host));
  for (const char* name :
       {"ssl.tencentcloudapi.com", "ssl.intl.tencentcloudapi.com",
        "ssl.ap-guangzhou.tencentcloudapi.com", "localhost", "127.0.0.1", "[::1]", ""}) {
    add(name);
  }
  for (const char* port : {":80", ":443"}) add(absl::StrCat(WithoutPort(host), port));
  for (const char* scheme : {"http://", "https://"}) {
    add(absl::StrCat(scheme, host));
    add(absl::StrCat(scheme, host, "/"));
  }
  AddListeners(envelope, listeners, guesses);
  return guesses;
}

Guesses ContentTypeGuesses(const Envelope& envelope) {
  const std::string type(HeaderOr(envelope, "content-type"));
  Guesses guesses = {{type, ""}};
  Add(absl::AsciiStrToLower(type), "", guesses);
  if (envelope.protocol == Protocol::kGrpc) {
    for (const char* known : {"application/grpc", "application/grpc+proto"})
      Add(known, "", guesses);
  }
  const auto add = [&](const std::string& other) {
    Add(other,
        envelope.protocol == Protocol::kGrpc
            ? absl::StrCat("it was signed as `", other,
                           "`: over gRPC it is signed as `application/grpc`")
            : absl::StrCat("it was signed as `", other, "`, and `", type,
                           "` arrived: a library may have set it after signing"),
        guesses);
  };
  for (const char* other :
       {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8",
        "application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream",
        "text/plain", "application/grpc", ""}) {
    add(other);
  }
  add(MediaType(type));
  return guesses;
}

// As gRPC sends it: whether it is compressed, its length, itself.
std::string Framed(absl::string_view message) {
  std::string frame(1, '\0');
  for (const int shift : {24, 16, 8, 0}) frame += static_cast<char>(message.size() >> shift);
  return absl::StrCat(frame, message);
}

// The guesses are digests.
Guesses PayloadGuesses(const Envelope& envelope) {
  const std::string& body = envelope.body;
  const bool has_payload = envelope.method != "GET";
  Guesses guesses;
  const auto add = [&](absl::string_view bytes, const std::string& mistake) {
    Add(LowerHex(Sha256(bytes)), mistake, guesses);
  };
  const bool is_unsigned = IsPayloadUnsigned(envelope);
  if (is_unsigned) add(kUnsignedPayload, "");
  add(has_payload ? absl::string_view(body) : "",
      is_unsigned ? "the body was signed, although X-TC-Content-SHA256 says UNSIGNED-PAYLOAD" : "");
  add(kUnsignedPayload,
      "UNSIGNED-PAYLOAD was signed: then the header X-TC-Content-SHA256 has to say it too");
  add("", "an empty body was signed");
  add(body, "the body of a GET was signed: a GET signs the digest of nothing");
  add(absl::StripTrailingAsciiWhitespace(body), "it was signed without the blanks at its end");
  add(absl::StrCat(absl::StripTrailingAsciiWhitespace(body), "\n"),
      "it was signed with a line end behind it, which did not arrive");
  add(absl::StrReplaceAll(body, {{"\r\n", "\n"}}),
      "its line ends were signed as LF and sent as CRLF");
  add(absl::StrReplaceAll(body, {{": ", ":"}, {", ", ","}}),
      "it was signed without the blanks behind `:` and `,`: sign the very bytes that are sent");
  add(absl::StrReplaceAll(body, {{":", ": "}, {",", ", "}}),
      "it was signed with blanks behind `:` and `,`: sign the very bytes that are sent");
  add("{}", "`{}` was signed");
  add(envelope.query, "the query was signed as if it were a body");
  if (envelope.protocol == Protocol::kGrpc) {
    add(Framed(body), "the message was signed with its frame of five bytes: sign it without");
  }
  return guesses;
}

Guesses PathGuesses(const Envelope& envelope) {
  Guesses guesses;
  const bool is_grpc = envelope.protocol == Protocol::kGrpc;
  Add(envelope.path, "", guesses);
  Add("/", is_grpc ? "it was signed as `/`: over gRPC the full method is signed" : "", guesses);
  return guesses;
}

Guesses QueryGuesses(const Envelope& envelope) {
  const bool is_get = envelope.method == "GET";
  Guesses guesses = {{is_get ? envelope.query : "", ""}};
  Add("", "the query was left out", guesses);
  Add(envelope.query, "the query was signed: a POST leaves that line empty", guesses);
  std::vector<std::string> parts = absl::StrSplit(envelope.query, '&');
  std::sort(parts.begin(), parts.end());
  Add(absl::StrJoin(parts, "&"), "the query was sorted: it is signed as it is sent", guesses);
  Add(absl::StrReplaceAll(envelope.query, {{"+", "%20"}}),
      "blanks were signed as %20 and sent as `+`", guesses);
  Add(absl::StrReplaceAll(envelope.query, {{"%20", "+"}}),
      "blanks were signed as `+` and sent as %20", guesses);
  return guesses;
}

Guesses MethodGuesses(const Envelope& envelope) {
  Guesses guesses = {{envelope.method, ""}};
  for (const char* method : {"POST", "GET"}) {
    Add(method, absl::StrCat("it was signed as ", method, ", and a ", envelope.method, " arrived"),
        guesses);
  }
  return guesses;
}

// The guesses are signing keys.
Guesses KeyGuesses(const Tc3Authorization& authorization, absl::string_view timestamp,
                   absl::string_view secret) {
  const std::string& date = authorization.date;
  const std::string& service = authorization.service;
  Guesses guesses = {{Tc3SigningKey(secret, date, service), ""}};
  const auto without_prefix = [&] {
    return HmacSha256(HmacSha256(HmacSha256(secret, date), service), "tc3_request");
  };
  Add(without_prefix(), "the SecretKey was used without `TC3` before it", guesses);
  for (const char* more : {"\n", "\r\n", " "}) {
    Add(Tc3SigningKey(absl::StrCat(secret, more), date, service),
        "the SecretKey was used with a blank or a line end behind it", guesses);
  }
  for (const ApiService& each : ApiServices()) {
    Add(Tc3SigningKey(secret, date, each.name),
        absl::StrCat("the key was derived for `", each.name, "`, and the scope says another"),
        guesses);
  }
  std::int64_t seconds = 0;
  if (absl::SimpleAtoi(timestamp, &seconds)) {
    for (const int day : {-1, 0, 1}) {
      Add(Tc3SigningKey(secret, Tc3Date(seconds + day * 86400), service),
          "the key was derived for another day than the scope's", guesses);
    }
  }
  Add(std::string(secret), "the SecretKey itself signed, no key derived from it", guesses);
  return guesses;
}

// Which guess of each part is tried.
using Choice = std::vector<std::size_t>;

using Parts = std::vector<std::pair<std::string, Guesses>>;

std::vector<Mistake> MistakesOf(const Choice& choice, const Parts& parts) {
  std::vector<Mistake> mistakes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Guess& guess = parts[i].second[choice[i]];
    if (!guess.mistake.empty()) mistakes.push_back({parts[i].first, guess.mistake});
  }
  return mistakes;
}

// Tries every choice of one guess of each part, and tells the one that matches with the fewest
// mistakes. The number of choices is bounded by the lists above, and most have too many mistakes to
// be tried.
std::vector<Mistake> Fewest(const Parts& parts, const std::function<bool(const Choice&)>& matches) {
  constexpr std::size_t kMostMistakes = 3;
  Choice choice(parts.size(), 0);
  std::size_t fewest = kMostMistakes + 1;
  std::vector<Mistake> found;
  while (true) {
    std::size_t mistakes = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!parts[i].second[choice[i]].mistake.empty()) ++mistakes;
    }
    if (mistakes < fewest && matches(choice)) {
      fewest = mistakes;
      found = MistakesOf(choice, parts);
    }
    std::size_t i = 0;
    while (i < parts.size() && ++choice[i] == parts[i].second.size()) choice[i++] = 0;
    if (i == parts.size()) break;
  }
  return found;
}

}  // namespace

std::vector<Mistake> ExplainTc3(const Envelope& envelope, const Tc3Authorization& authorization,
                                absl::string_view timestamp, absl::string_view secret_key,
                                const std::vector<Listener>& listeners) {
  const Parts parts = {{"method", MethodGuesses(envelope)},
                       {"path", PathGuesses(envelope)},
                       {"query", QueryGuesses(envelope)},
                       {"host", HostGuesses(envelope, listeners)},
                       {"content-type", ContentTypeGuesses(envelope)},
                       {"body", PayloadGuesses(envelope)},
                       {"key", KeyGuesses(authorization, timestamp, secret_key)}};
  const auto matches = [&](const Choice& choice) {
    const auto chosen = [&](std::size_t part) { return parts[part].second[choice[part]].value; };
    Tc3Request request = {.method = chosen(0), .path = chosen(1), .query = chosen(2)};
    for (const std::string& name : authorization.signed_headers) {
      std::string value(HeaderOr(envelope, name));
      if (name == "host") value = chosen(3);
      if (name == "content-type") value = chosen(4);
      request.headers.emplace_back(name, std::move(value));
    }
    request.payload_hash = chosen(5);
    const std::string text = Tc3StringToSign(timestamp, authorization.date, authorization.service,
                                             CanonicalRequest(request));
    return Tc3Signature(chosen(6), text) == authorization.signature;
  };
  return Fewest(parts, matches);
}

std::vector<Mistake> ExplainV1(const Envelope& envelope, const V1Request& request,
                               absl::string_view secret_key,
                               const std::vector<Listener>& listeners) {
  Guesses paths = PathGuesses(envelope);
  Add("", "the path was left out: `/` stands between host and `?`", paths);
  const bool is_sha1 = request.method == V1Method::kHmacSha1;
  const Guesses digests = {
      {"", ""},
      {"other", absl::StrCat("it was signed with ", is_sha1 ? "HmacSHA256" : "HmacSHA1",
                             ": `SignatureMethod` has to say so")}};
  const Guesses spellings = {
      {"", ""}, {"encoded", "the values were signed URL-encoded: they are signed decoded"}};
  const Parts parts = {{"method", MethodGuesses(envelope)},
                       {"host", HostGuesses(envelope, listeners)},
                       {"path", paths},
                       {"digest", digests},
                       {"values", spellings}};
  V1Request::Parameters encoded;
  for (absl::string_view part : absl::StrSplit(V1FormOf(envelope), '&')) {
    encoded.emplace_back(absl::StrSplit(part, absl::MaxSplits('=', 1)));
  }
  const auto matches = [&](const Choice& choice) {
    const auto chosen = [&](std::size_t part) { return parts[part].second[choice[part]].value; };
    const V1Method other = is_sha1 ? V1Method::kHmacSha256 : V1Method::kHmacSha1;
    const std::string text =
        V1StringToSign(chosen(0), chosen(1), chosen(4).empty() ? request.all : encoded, chosen(2));
    return V1Signature(chosen(3).empty() ? request.method : other, secret_key, text) ==
           request.signature;
  };
  return Fewest(parts, matches);
}

}  // namespace certwright
