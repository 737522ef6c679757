#include "server/auth/diagnosis.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "core/crypto/digest.h"
#include "core/service_names.h"
#include "core/status_macros.h"
#include "server/api_services.h"
#include "server/auth/request_parts.h"
#include "server/auth/tolerance.h"
#include "server/auth/v1_request.h"

namespace certwright {
namespace {

constexpr std::size_t kShownOfSignature = 8;
constexpr std::size_t kFrameBytes = 5;

bool IsSecret(absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(name);
  return absl::StrContains(lower, "privatekey") || absl::StrContains(lower, "password") ||
         absl::StrContains(lower, "token");
}

// "k=v&k=v" without the values that nobody may read over a shoulder.
std::string WithoutSecrets(absl::string_view form) {
  std::vector<std::string> shown;
  for (const absl::string_view part : absl::StrSplit(form, '&')) {
    const absl::string_view name = part.substr(0, part.find('='));
    shown.push_back(name.size() < part.size() && IsSecret(name) ? absl::StrCat(name, "=(not shown)")
                                                                : std::string(part));
  }
  return absl::StrJoin(shown, "&");
}

std::string VersionOf(const Envelope& envelope) {
  if (envelope.protocol == Protocol::kGrpc) return ParseGrpcMethod(envelope.path).version;
  return std::string(HeaderOr(envelope, "x-tc-version"));
}

class Examination {
 public:
  Examination(const Envelope& envelope, const Circumstances& known)
      : envelope_(envelope), known_(known) {}

  Diagnosis Run() {
    ExamineMethod();
    ExamineLength();
    Take("headers", CheckRepeatedHeaders(envelope_, {}), "none stands twice that may be signed");
    if (const auto header = FindHeader(envelope_, "authorization")) {
      ExamineTc3(*header);
    } else if (LooksLikeV1(envelope_)) {
      ExamineV1(V1FormOf(envelope_));
    } else {
      Wrong("signature",
            envelope_.protocol == Protocol::kGrpc
                ? "the metadata have no `authorization`"
                : "there is neither an Authorization header nor, in a query or a form body, a "
                  "parameter `Signature`");
    }
    return std::move(diagnosis_);
  }

 private:
  void Right(absl::string_view part, absl::string_view text) {
    diagnosis_.findings.push_back({true, std::string(part), std::string(text)});
  }
  void Wrong(absl::string_view part, absl::string_view text) {
    diagnosis_.findings.push_back({false, std::string(part), std::string(text)});
  }
  // A refusal is told in its own words.
  bool Take(absl::string_view part, const absl::Status& status, absl::string_view good) {
    status.ok() ? Right(part, good) : Wrong(part, status.message());
    return status.ok();
  }

  void ExamineMethod() {
    const bool is_grpc = envelope_.protocol == Protocol::kGrpc;
    const bool is_known = (envelope_.method == "GET" && !is_grpc) || envelope_.method == "POST";
    is_known ? Right("method", envelope_.method)
             : Wrong("method", absl::StrCat("`", envelope_.method, "` is ",
                                            is_grpc ? "not POST, as every gRPC call is"
                                                    : "neither GET nor POST"));
    if (!FindHeader(envelope_, "host")) {
      Wrong("host", is_grpc ? "there is no :authority" : "there is no Host header");
    }
  }

  // Of gRPC the frame may have been taken off.
  void ExamineLength() {
    std::size_t announced = 0;
    if (!absl::SimpleAtoi(HeaderOr(envelope_, "content-length"), &announced)) return;
    const std::size_t there = envelope_.body.size();
    has_whole_body_ = announced == there ||
                      (envelope_.protocol == Protocol::kGrpc && announced == there + kFrameBytes);
    if (has_whole_body_) return;
    Wrong("body", absl::StrCat("Content-Length announces ", announced, " bytes, and ", there,
                               " are there", there == 0 ? ": give the body with --body-file" : ""));
  }

  void ExamineAction() {
    if (envelope_.protocol == Protocol::kGrpc) return ExamineGrpcMethod();
    for (const char* name : {"X-TC-Action", "X-TC-Version"}) {
      const absl::string_view value = HeaderOr(envelope_, absl::AsciiStrToLower(name));
      value.empty() ? Wrong(name, "the header is missing or empty") : Right(name, value);
    }
  }

  void ExamineGrpcMethod() {
    const GrpcMethod method = ParseGrpcMethod(envelope_.path);
    if (method.action.empty() || method.version.empty()) {
      return Wrong("path", absl::StrCat("`", envelope_.path,
                                        "` is no method: it should be like "
                                        "/certwright.ssl.v20191205.SslService/ApplyCertificate"));
    }
    Right("path", absl::StrCat("it names ", method.action, " of version ", method.version));
    Take("metadata", CheckGrpcMetadata(envelope_, method), "it contradicts nothing of that");
  }

  void ExaminePayload() {
    if (IsPayloadUnsigned(envelope_)) {
      const bool is_taken =
          known_.options.allow_unsigned_payload && (envelope_.is_secure || envelope_.is_loopback);
      is_taken ? Right("body", "it is not signed, which is taken over TLS and on loopback")
               : Wrong("body",
                       "UNSIGNED-PAYLOAD is taken over TLS and on loopback only, and where "
                       "allow_unsigned_payload is not false");
    }
  }

  void ExamineClock(std::int64_t timestamp) {
    const std::int64_t now = absl::ToUnixSeconds(known_.now);
    const std::int64_t window = absl::ToInt64Seconds(known_.options.window);
    const std::int64_t off = timestamp - now;
    const std::string text = absl::StrCat("Timestamp ", timestamp, " is ", std::abs(off),
                                          " seconds ", off > 0 ? "ahead of" : "behind",
                                          " the clock (", now, "), and ", window, " are allowed");
    std::abs(off) <= window ? Right("clock", text) : Wrong("clock", text);
  }

  void ExamineScope(const Tc3Authorization& authorization, std::int64_t timestamp) {
    const std::string day = Tc3Date(timestamp);
    const std::string& date = authorization.date;
    date == day
        ? Right("date", date)
        : Wrong("date", absl::StrCat("the scope says `", date, "`, and the UTC day of ", timestamp,
                                     " is ", day, ": use UTC, not the local time zone"));
    const std::string& service = authorization.service;
    const bool is_label =
        !IsServiceName(service) && IsEndpointLabel(service, HeaderOr(envelope_, "host"));
    const bool is_lenient = known_.options.lenient_service_on_loopback && envelope_.is_loopback;
    const absl::string_view wanted = ServiceOf(VersionOf(envelope_));
    if (MayNameService(service, wanted, is_lenient, HeaderOr(envelope_, "host"))) {
      Right("scope", absl::StrCat("service `", service, "`"));
    } else {
      Wrong("scope",
            absl::StrCat("the scope's service is `", service, "`; it should be `", wanted, "`",
                         is_label ? " (the endpoint's first label is taken on loopback "
                                    "listeners only: give the client the service's name)"
                                  : ""));
    }
  }

  // Whether there is a key to check a signature with.
  bool ExamineKey(const std::string& secret_id, absl::string_view token) {
    const auto& credential = known_.credential;
    if (!IsSecretId(secret_id)) {
      // Not shown: it may be the SecretKey.
      Wrong("key", "what stands for the SecretId has not the form of one, which begins with AKID");
    } else if (!credential && known_.is_key_known) {
      Wrong("key",
            absl::StrCat("there is no key ", secret_id,
                         ": it was deleted, belongs to another data folder, or is misspelt"));
    }
    if (!credential) return false;
    if (!known_.is_key_known) return true;
    credential->is_enabled ? Right("key", absl::StrCat(secret_id, " is known and switched on"))
                           : Wrong("key", absl::StrCat(secret_id, " is switched off"));
    ExamineToken(*credential, token);
    ExamineMaker(credential->maker.value);
    return true;
  }

  void ExamineToken(const Credential& credential, absl::string_view token) {
    if (!credential.expires) {
      if (!token.empty()) Wrong("token", "the key is a permanent one, which goes without a token");
      return;
    }
    if (token.empty()) {
      Wrong("token", "the key is a temporary one, and its token is missing");
    } else if (LowerHex(Sha256(token)) != credential.token_hash) {
      Wrong("token", "it is not that of this key");
    } else {
      Right("token", "it is that of this temporary key");
    }
    const std::string end =
        absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", *credential.expires, absl::UTCTimeZone());
    *credential.expires <= known_.now
        ? Wrong("key", absl::StrCat("the temporary key ended at ", end, ": make a new one"))
        : Right("key", absl::StrCat("it is a temporary one, good until ", end));
  }

  // A temporary key counts while the one does that made it.
  void ExamineMaker(const std::string& maker) {
    if (maker.empty()) return;
    if (!known_.maker) {
      Wrong("maker", absl::StrCat("the key that made this temporary one, ", maker, ", is deleted"));
    } else if (!known_.maker->is_enabled) {
      Wrong("maker",
            absl::StrCat("the key that made this temporary one, ", maker, ", is switched off"));
    } else {
      Right("maker", absl::StrCat(maker, ", which made it, is switched on"));
    }
  }

  void ExamineTc3(absl::string_view header) {
    ExamineAction();
    ExaminePayload();
    const absl::string_view timestamp_text = HeaderOr(envelope_, "x-tc-timestamp");
    if (timestamp_text.empty()) Wrong("X-TC-Timestamp", "the header is missing or empty");
    const auto timestamp = ParseTimestamp(timestamp_text);
    const auto authorization = ParseTc3Authorization(header);
    if (!Take("Authorization", authorization.status(), "its parts are in order")) return;
    Take("headers", CheckRepeatedHeaders(envelope_, authorization->signed_headers),
         absl::StrCat("signed are ", absl::StrJoin(authorization->signed_headers, ", ")));
    if (!timestamp_text.empty() && !Take("X-TC-Timestamp", timestamp.status(), timestamp_text)) {
      return;
    }
    if (timestamp.ok()) {
      ExamineScope(*authorization, *timestamp);
      ExamineClock(*timestamp);
    }
    bool are_there = true;
    for (const std::string& name : authorization->signed_headers) {
      const bool is_implied = name == "content-type" && envelope_.protocol == Protocol::kGrpc;
      if (FindHeader(envelope_, name) || is_implied) continue;
      are_there = false;
      Wrong("headers", absl::StrCat("`", name,
                                    "` is signed and did not arrive: something on the "
                                    "way may have taken it out"));
    }
    const bool has_key = ExamineKey(authorization->secret_id, HeaderOr(envelope_, "x-tc-token"));
    // Without them it would be compared with what nobody signed.
    are_there = are_there && has_whole_body_ && !timestamp_text.empty();
    if (are_there) CompareTc3(*authorization, timestamp_text, has_key);
    ExamineActionSwitch(*authorization);
  }

  void ExamineActionSwitch(const Tc3Authorization& authorization) {
    const auto& names = authorization.signed_headers;
    const bool is_signed = std::find(names.begin(), names.end(), "x-tc-action") != names.end();
    if (known_.credential && known_.credential->must_sign_action && !is_signed &&
        envelope_.protocol == Protocol::kHttp) {
      Wrong("headers",
            "this key must sign its actions: name `x-tc-action` in SignedHeaders; gRPC and v1 "
            "signatures always sign it");
    }
  }

  void CompareTc3(const Tc3Authorization& authorization, absl::string_view timestamp,
                  bool has_key) {
    std::optional<Tc3Request> first;
    std::string first_signature;
    const std::string secret = has_key ? known_.credential->secret_key : "";
    const std::string key = Tc3SigningKey(secret, authorization.date, authorization.service);
    const auto matches = [&](const Tc3Request& reading) {
      const std::string computed =
          Tc3Signature(key, Tc3StringToSign(timestamp, authorization.date, authorization.service,
                                            CanonicalRequest(reading)));
      if (!first) {
        first = reading;
        first_signature = computed;
      }
      return has_key && computed == authorization.signature;
    };
    const bool is_signed =
        AnyReading(envelope_, authorization, SignableHosts(envelope_, known_.options.public_names),
                   PayloadHash(envelope_), matches);
    if (first) Show(*first, authorization, timestamp, has_key ? first_signature : "");
    if (!has_key) return;
    if (is_signed) return Right("signature", "it is what the server computes");
    Explain(ExplainTc3(envelope_, authorization, timestamp, secret, known_.listeners),
            authorization.signature);
  }

  void Show(Tc3Request reading, const Tc3Authorization& authorization, absl::string_view timestamp,
            const std::string& signature) {
    // Made before secrets are taken out: its digest is what is signed.
    diagnosis_.string_to_sign = Tc3StringToSign(timestamp, authorization.date,
                                                authorization.service, CanonicalRequest(reading));
    reading.query = WithoutSecrets(reading.query);
    for (auto& [name, value] : reading.headers) {
      if (IsSecret(name)) value = "(not shown)";
    }
    diagnosis_.canonical_request = CanonicalRequest(reading);
    diagnosis_.signature_start = signature.substr(0, kShownOfSignature);
  }

  void ExamineV1(absl::string_view form) {
    const auto request = ParseV1(form);
    if (!Take("parameters", request.status(), "the common ones are there")) return;
    if (!known_.options.allow_v1) {
      Wrong("signature", "only TC3-HMAC-SHA256 is switched on (allow_v1_signatures)");
    }
    ExamineClock(request->timestamp);
    const bool has_key = ExamineKey(request->secret_id, request->token);
    V1Request shown = *request;
    for (auto& [name, value] : shown.all) {
      if (IsSecret(name)) value = "(not shown)";
    }
    const absl::string_view host = HeaderOr(envelope_, "host");
    diagnosis_.string_to_sign = V1StringToSign(envelope_.method, host, shown.all);
    if (!has_key) return;
    const std::string& secret = known_.credential->secret_key;
    const auto sign = [&](absl::string_view text) {
      return V1Signature(request->method, secret, text);
    };
    diagnosis_.signature_start =
        sign(V1StringToSign(envelope_.method, host, request->all)).substr(0, kShownOfSignature);
    if (AnyV1Reading(envelope_, *request, SignableHosts(envelope_, known_.options.public_names),
                     [&](absl::string_view text) { return sign(text) == request->signature; })) {
      return Right("signature", "it is what the server computes");
    }
    Explain(ExplainV1(envelope_, *request, secret, known_.listeners), request->signature);
  }

  void Explain(const std::vector<Mistake>& mistakes, absl::string_view signature) {
    for (const Mistake& mistake : mistakes) Wrong(mistake.part, mistake.text);
    if (!mistakes.empty()) return;
    Wrong("signature",
          absl::StrCat("the request's begins ", signature.substr(0, kShownOfSignature),
                       ", the server computes one that begins ", diagnosis_.signature_start,
                       ". None of the usual mistakes explains it: compare what is below with what "
                       "the client signed. Host, path, query or body may have been changed on the "
                       "way, or the client has another SecretKey"));
  }

  const Envelope& envelope_;
  const Circumstances& known_;
  Diagnosis diagnosis_;
  bool has_whole_body_ = true;
};

}  // namespace

bool Diagnosis::fits() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.fits; });
}

Diagnosis Diagnose(const Envelope& envelope, const Circumstances& circumstances) {
  return Examination(envelope, circumstances).Run();
}

absl::Status LookUpKey(const Envelope& envelope, Snapshot& snapshot, Circumstances& known) {
  const SecretId id = {ClaimedSecretId(envelope)};
  known.is_key_known = !id.value.empty();
  ASSIGN_OR_RETURN(known.credential, snapshot.FindCredential(id));
  if (!known.credential || known.credential->maker.value.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(known.maker, snapshot.FindCredential(known.credential->maker));
  return absl::OkStatus();
}

std::string ClaimedSecretId(const Envelope& envelope) {
  if (const auto header = FindHeader(envelope, "authorization")) {
    const auto authorization = ParseTc3Authorization(*header);
    if (authorization.ok()) return authorization->secret_id;
    // Read what can be read of it.
    const std::size_t at = header->find("Credential=");
    if (at == absl::string_view::npos) return "";
    const absl::string_view rest = header->substr(at + 11);
    return std::string(rest.substr(0, rest.find('/')));
  }
  const auto request = ParseV1(V1FormOf(envelope));
  return request.ok() ? request->secret_id : "";
}

}  // namespace certwright
