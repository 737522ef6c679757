// The doctor says what the door says: every way to sign, good and with one thing changed, goes
// through both.
#include "server/auth/diagnosis.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/error.h"
#include "server/auth/verifier.h"
#include "tests/support/fake_store.h"
#include "tests/support/fakes.h"
#include "tests/support/signed_requests.h"

namespace certwright {
namespace {

// A request, and all that its fate depends on.
struct Scene {
  SignedRequest request = {};
  Envelope envelope = {};
  FakeStore store = {};
  FakeClock clock = {};
  Verifier::Options options = {};

  explicit Scene(const SignedRequest& of) : request(of), envelope(of.envelope) { AddKeys(store); }

  Credential& key() {
    return store.credentials[{request.is_temporary ? kTemporaryId : kTestSecretId}];
  }
  // Of the parameters of a v1 request, in which `from` stands once.
  void Replace(absl::string_view from, absl::string_view to) {
    std::string& form = envelope.*request.payload;
    form = absl::StrReplaceAll(form, {{from, to}});
  }

  absl::Status FromTheDoor() { return Verifier(store, clock, options).Verify(envelope).status(); }
  Diagnosis FromTheDoctor() {
    Circumstances known = {.now = clock.Now(), .options = options};
    REQUIRE(
        store.Read([&](Snapshot& snapshot) { return LookUpKey(envelope, snapshot, known); }).ok());
    return Diagnose(envelope, known);
  }
};

// Which of its findings may be at fault where the door answers with this code.
const std::set<std::string>& PartsFor(ApiError code) {
  static const std::map<ApiError, std::set<std::string>> parts = {
      {ApiError::kMissingParameter,
       {"X-TC-Action", "X-TC-Version", "X-TC-Timestamp", "signature", "parameters"}},
      {ApiError::kInvalidParameter, {"headers", "X-TC-Timestamp", "parameters"}},
      {ApiError::kInvalidParameterValue, {"metadata"}},
      {ApiError::kAuthFailureInvalidAuthorization,
       {"Authorization", "headers", "date", "scope", "body", "signature"}},
      {ApiError::kAuthFailureSignatureExpire, {"clock"}},
      {ApiError::kAuthFailureInvalidSecretId, {"key"}},
      {ApiError::kAuthFailureSecretIdNotFound, {"key"}},
      {ApiError::kAuthFailureTokenFailure, {"token", "key", "maker"}},
      {ApiError::kAuthFailureSignatureFailure,
       {"signature", "headers", "host", "body", "path", "content-type", "method", "query", "key"}}};
  return parts.at(code);
}

std::string WrongOnes(const Diagnosis& diagnosis) {
  std::string text;
  for (const Finding& finding : diagnosis.findings) {
    if (!finding.fits) absl::StrAppend(&text, finding.part, ": ", finding.text, "\n");
  }
  return text;
}

// The door's answer, which the doctor's findings were found to agree with.
std::optional<ApiError> Agreed(Scene& scene) {
  const absl::Status answer = scene.FromTheDoor();
  const Diagnosis diagnosis = scene.FromTheDoctor();
  const std::string wrong = WrongOnes(diagnosis);
  CAPTURE(answer.ToString(), wrong);
  CHECK(diagnosis.fits() == answer.ok());
  const std::optional<ApiError> code = ErrorOf(answer);
  if (code) {
    CHECK(std::any_of(diagnosis.findings.begin(), diagnosis.findings.end(), [&](const auto& one) {
      return !one.fits && PartsFor(*code).count(one.part) == 1;
    }));
  }
  for (const Finding& finding : diagnosis.findings) {
    for (const char* secret : {kTestSecretKey, kTemporaryKey, kTemporaryToken, kOtherToken}) {
      CHECK_FALSE(absl::StrContains(finding.text, secret));
      CHECK_FALSE(absl::StrContains(diagnosis.canonical_request, secret));
      CHECK_FALSE(absl::StrContains(diagnosis.string_to_sign, secret));
    }
  }
  return code;
}

SignedRequest Named(const std::string& name) {
  for (SignedRequest& request : SignedRequests()) {
    if (request.name == name) return std::move(request);
  }
  FAIL("there is no " << name);
  return {};
}

using Change = std::function<void(Scene&)>;

struct NamedChange {
  std::string name = {};
  Change change = {};
};

std::vector<NamedChange> Changes() {
  std::vector<NamedChange> changes = {
      {"nothing", [](Scene&) {}},
      {"long ago", [](Scene& scene) { scene.clock.Advance(absl::Hours(1)); }},
      {"the key's end", [](Scene& scene) { scene.clock.Advance(absl::Seconds(60)); }},
      {"before its end", [](Scene& scene) { scene.clock.Advance(absl::Seconds(59)); }},
      {"key deleted", [](Scene& scene) { scene.store.credentials.erase(scene.key().id); }},
      {"key switched off", [](Scene& scene) { scene.key().is_enabled = false; }},
      {"other SecretKey", [](Scene& scene) { scene.key().secret_key = "x"; }},
      {"maker deleted", [](Scene& scene) { scene.key().maker = {"AKIDnobodynobody"}; }},
      {"maker switched off",
       [](Scene& scene) { scene.store.credentials[{kTestSecretId}].is_enabled = false; }},
      {"must sign its action", [](Scene& scene) { scene.key().must_sign_action = true; }},
      {"no v1", [](Scene& scene) { scene.options.allow_v1 = false; }},
      {"no unsigned payload", [](Scene& scene) { scene.options.allow_unsigned_payload = false; }},
      {"not over TLS", [](Scene& scene) { scene.envelope.is_secure = false; }},
      {"other host", [](Scene& scene) { SetHeader("host", "other.example", scene.envelope); }},
      {"with a port", [](Scene& scene) { SetHeader("host", "127.0.0.1:1", scene.envelope); }},
      {"other path", [](Scene& scene) { scene.envelope.path = "/other"; }},
      {"SKIP", [](Scene& scene) { SetHeader("authorization", "SKIP", scene.envelope); }},
      {"no timestamp", [](Scene& scene) { SetHeader("x-tc-timestamp", "soon", scene.envelope); }},
      {"other content", [](Scene& scene) { scene.envelope.body += "x"; }}};
  for (const std::string name : {"host", "content-type", "authorization", "x-tc-timestamp",
                                 "x-tc-action", "x-tc-version", "x-tc-token"}) {
    changes.push_back({absl::StrCat("without ", name),
                       [name](Scene& scene) { RemoveHeader(name, scene.envelope); }});
    changes.push_back({absl::StrCat(name, " twice"), [name](Scene& scene) {
                         const std::string value = GetHeader(name, scene.envelope);
                         scene.envelope.headers.emplace_back(name, value);
                       }});
  }
  for (const std::string token : {kTemporaryToken, kOtherToken, ""}) {
    changes.push_back({absl::StrCat("token ", token),
                       [token](Scene& scene) { SetHeader("x-tc-token", token, scene.envelope); }});
  }
  return changes;
}

TEST_CASE("The doctor finds right what the door takes, and nothing else", "[diagnosis]") {
  for (const SignedRequest& request : SignedRequests()) {
    for (const NamedChange& changed : Changes()) {
      CAPTURE(request.name, changed.name);
      Scene scene(request);
      // A path that is no method of gRPC does not come to the door.
      if (changed.name == "other path" && scene.envelope.protocol == Protocol::kGrpc) continue;
      changed.change(scene);
      const std::optional<ApiError> code = Agreed(scene);
      if (changed.name == "nothing") CHECK(code == std::nullopt);
    }
  }
}

struct Row {
  std::string way = {};
  std::string name = {};
  Change change = {};
  std::optional<ApiError> code = {};
  std::string words = {};  // of the finding
};

void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.way, row.name);
    Scene scene(Named(row.way));
    row.change(scene);
    CHECK(Agreed(scene) == row.code);
    CHECK_THAT(WrongOnes(scene.FromTheDoctor()), Catch::Contains(row.words));
  }
}

const auto kNothing = [](Scene&) {};

Change Replaced(const std::string& from, const std::string& to) {
  return [from, to](Scene& scene) { scene.Replace(from, to); };
}

Change WithHeader(const std::string& name, const std::string& value) {
  return [name, value](Scene& scene) { SetHeader(name, value, scene.envelope); };
}

TEST_CASE("The doctor knows v1, in queries and forms", "[diagnosis][v1]") {
  const auto get = "HmacSHA1, GET";
  const auto post = "HmacSHA256, POST";
  CheckRows({
      {get, "good", kNothing, {}, ""},
      {post, "good", kNothing, {}, ""},
      {get, "value", Replaced("=team", "=gang"), ApiError::kAuthFailureSignatureFailure, "usual"},
      {post, "value", Replaced("=team", "=gang"), ApiError::kAuthFailureSignatureFailure, "usual"},
      {get, "digest", Replaced("HmacSHA1", "HmacSHA256"), ApiError::kAuthFailureSignatureFailure,
       "signature"},
      {post, "no nonce", Replaced("Nonce=", "Once="), ApiError::kMissingParameter, "Nonce"},
      {get, "zero nonce", Replaced("=11886", "=0"), ApiError::kInvalidParameter, "Nonce"},
      {post, "no signature", Replaced("&Signature=", "&Sign="), ApiError::kMissingParameter,
       "neither"},
      {get, "twice", Replaced("Region", "Nonce=1&Region"), ApiError::kInvalidParameter, "twice"},
      {post, "not a form", WithHeader("content-type", "application/json"),
       ApiError::kMissingParameter, "neither"},
      {get, "host", WithHeader("host", "ssl.example"), ApiError::kAuthFailureSignatureFailure,
       "ssl.tencentcloudapi.com"},
      {post, "id", Replaced("SecretId=AKID", "SecretId=KEYS"),
       ApiError::kAuthFailureInvalidSecretId, "AKID"},
      {get, "unknown", Replaced("SecretId=AKID", "SecretId=AKIDx"),
       ApiError::kAuthFailureSecretIdNotFound, "there is no key"},
      {post, "token", Replaced("Version", "Token=t&Version"), ApiError::kAuthFailureTokenFailure,
       "permanent"},
  });
}

// Signed over what `change` leaves.
Change SignedAfter(const Change& change, const Signer& signer = {}) {
  return [change, signer](Scene& scene) {
    RemoveHeader("authorization", scene.envelope);
    change(scene);
    Sign(scene.envelope, signer);
  };
}

TEST_CASE("The doctor knows gRPC, whose method names action and version", "[diagnosis][grpc]") {
  const auto grpc = "TC3, gRPC";
  const auto set_path = [](const std::string& path) {
    return [path](Scene& scene) { scene.envelope.path = path; };
  };
  const auto as_root = [](Scene& scene) {
    const std::string path = std::exchange(scene.envelope.path, "/");
    Sign(scene.envelope);
    scene.envelope.path = path;
  };
  const auto framed = [](Scene& scene) {
    const std::string message = scene.envelope.body;
    scene.envelope.body = std::string("\0\0\0\0\x0a", 5) + message;
    Sign(scene.envelope);
    scene.envelope.body = message;
  };
  CheckRows({
      {grpc, "good", kNothing, {}, ""},
      {grpc,
       "good in either type",
       SignedAfter(WithHeader("content-type", "application/grpc")),
       {},
       ""},
      {grpc,
       "repeats them",
       [](Scene& scene) {
         SetHeader("x-tc-action", "ModifyCertificateAlias", scene.envelope);
         SetHeader("x-tc-version", "2019-12-05", scene.envelope);
       },
       {},
       ""},
      {grpc, "names another action", WithHeader("x-tc-action", "DeleteCertificate"),
       ApiError::kInvalidParameterValue, "x-tc-action"},
      {grpc, "names another version", WithHeader("x-tc-version", "2020-01-01"),
       ApiError::kInvalidParameterValue, "x-tc-version"},
      {grpc, "another method", set_path("/certwright.ssl.v20191205.SslService/DeleteCertificate"),
       ApiError::kAuthFailureSignatureFailure, "usual"},
      {grpc, "signed as /", as_root, ApiError::kAuthFailureSignatureFailure, "full method"},
      {grpc, "signed with its frame", framed, ApiError::kAuthFailureSignatureFailure, "frame"},
      {grpc,
       "other type",
       SignedAfter([](Scene& scene) {
         SetHeader("content-type", "application/json", scene.envelope);
         Sign(scene.envelope);
       }),
       {},
       ""},
      {grpc, "no signature", [](Scene& scene) { RemoveHeader("authorization", scene.envelope); },
       ApiError::kMissingParameter, "authorization"},
      {grpc, "no authority", [](Scene& scene) { RemoveHeader("host", scene.envelope); },
       ApiError::kAuthFailureSignatureFailure, ":authority"},
  });
}

TEST_CASE("The doctor knows which service has the version", "[diagnosis]") {
  const auto json = "TC3, JSON";
  const auto grpc = "TC3, gRPC";
  const Change tag_version = WithHeader("x-tc-version", "2018-08-13");
  const Change tag_method = [](Scene& scene) {
    scene.envelope.path = "/certwright.tag.v20180813.TagService/ModifyResourceTags";
  };
  // On loopback, where a name of the endpoint would do if no service had it.
  const Change at_tag = [](Scene& scene) {
    scene.envelope.is_loopback = true;
    SetHeader("host", "tag.localhost:8780", scene.envelope);
  };
  const ApiError refused = ApiError::kAuthFailureInvalidAuthorization;
  CheckRows({
      {json, "tag", SignedAfter(tag_version, {.service = "tag"}), {}, ""},
      {grpc, "tag", SignedAfter(tag_method, {.service = "tag"}), {}, ""},
      {json, "ssl for tag", SignedAfter(tag_version), refused, "it should be `tag`"},
      {grpc, "ssl for tag", SignedAfter(tag_method), refused, "it should be `tag`"},
      {json, "tag for ssl", SignedAfter(at_tag, {.service = "tag"}), refused, "it should be `ssl`"},
      {grpc, "tag for ssl", SignedAfter(at_tag, {.service = "tag"}), refused, "it should be `ssl`"},
  });
}

TEST_CASE("The doctor knows a service's listeners, whichever was signed", "[diagnosis]") {
  for (const char* way : {"TC3, JSON", "TC3, query", "TC3, gRPC", "HmacSHA1, GET"}) {
    CAPTURE(way);
    const Scene scene(Named(way));
    Envelope envelope = scene.envelope;
    const std::string signed_as = GetHeader("host", envelope);
    SetHeader("host", "other.test:1", envelope);
    Circumstances known = {.credential = TestCredential(), .now = scene.clock.Now()};
    known.listeners = {{"HTTP", "127.0.0.1:1"}, {"gRPC over TLS", signed_as}};
    const std::string wrong = WrongOnes(Diagnose(envelope, known));
    CHECK_THAT(wrong, Catch::Contains(signed_as) && Catch::Contains("other.test:1"));
    CHECK_THAT(wrong, Catch::StartsWith("host: "));
  }
}

TEST_CASE("The doctor compares no signature with a body that is not whole", "[diagnosis]") {
  const auto wrong_with = [](const char* way, std::size_t announced) {
    Envelope envelope = Named(way).envelope;
    SetHeader("content-length", absl::StrCat(announced), envelope);
    const Circumstances known = {.credential = TestCredential(),
                                 .now = absl::FromUnixSeconds(kTestTimestamp)};
    return WrongOnes(Diagnose(envelope, known));
  };
  for (const char* way : {"TC3, JSON", "TC3, gRPC"}) {
    CAPTURE(way);
    const std::size_t length = Named(way).envelope.body.size();
    CHECK(wrong_with(way, length).empty());
    CHECK_THAT(wrong_with(way, length + 1),
               Catch::StartsWith("body: ") && !Catch::Contains("signature"));
  }
  CHECK(wrong_with("TC3, gRPC", Named("TC3, gRPC").envelope.body.size() + 5).empty());
}

TEST_CASE("The doctor says of a path that names no method that it does not", "[diagnosis][grpc]") {
  Scene scene(Named("TC3, gRPC"));
  scene.envelope.path = "/";
  Sign(scene.envelope);
  CHECK_THAT(WrongOnes(scene.FromTheDoctor()), Catch::Contains("is no method"));
  scene.envelope.path = Named("TC3, gRPC").envelope.path;
  scene.envelope.method = "GET";
  CHECK_THAT(WrongOnes(scene.FromTheDoctor()), Catch::Contains("not POST"));
}

TEST_CASE("The doctor knows temporary keys, and the keys that made them", "[diagnosis][token]") {
  const ApiError failure = ApiError::kAuthFailureTokenFailure;
  const auto header = [](const std::string& token) { return WithHeader("x-tc-token", token); };
  const auto parameter = [](const std::string& token) {
    return Replaced(absl::StrCat("Token=", kTemporaryToken), token);
  };
  const Change ended = [](Scene& scene) { scene.clock.Advance(absl::Seconds(60)); };
  const Change maker_off = [](Scene& scene) {
    scene.store.credentials[{kTestSecretId}].is_enabled = false;
  };
  const Change maker_gone = [](Scene& scene) { scene.store.credentials.erase({kTestSecretId}); };
  std::vector<Row> rows;
  for (const char* way :
       {"TC3, JSON, temporary key", "TC3, query, temporary key", "TC3, gRPC, temporary key",
        "HmacSHA1, GET, temporary key", "HmacSHA256, POST, temporary key"}) {
    const bool is_v1 = absl::StartsWith(way, "Hmac");
    rows.push_back({way, "good", kNothing, {}, ""});
    rows.push_back({way, "ended", ended, failure, "ended at 2026-01-01 01:02:01 UTC"});
    rows.push_back({way, "other key's token",
                    is_v1 ? parameter(absl::StrCat("Token=", kOtherToken)) : header(kOtherToken),
                    failure, "not that of this key"});
    rows.push_back({way, "no token", is_v1 ? parameter("Token=") : header(""), failure, "missing"});
    rows.push_back({way, "maker off", maker_off, failure, "is switched off"});
    rows.push_back({way, "maker gone", maker_gone, failure, "is deleted"});
  }
  CheckRows(rows);
}

TEST_CASE("Without a store the doctor says nothing of keys but their form", "[diagnosis]") {
  const SignedRequest request = Named("TC3, JSON, temporary key");
  Circumstances known = {.now = absl::FromUnixSeconds(kTestTimestamp)};
  CHECK(Diagnose(request.envelope, known).fits());
  known.credential = Credential{.id = {kTemporaryId}, .secret_key = kTemporaryKey};
  CHECK(Diagnose(request.envelope, known).fits());
  known.credential->secret_key = "other";
  CHECK_FALSE(Diagnose(request.envelope, known).fits());

  Envelope envelope = JsonPost("DescribeCertificates", "{}");
  Sign(envelope, {.secret_id = kTestSecretKey, .secret_key = kTestSecretKey});
  known.credential->secret_key = kTestSecretKey;
  const std::string wrong = WrongOnes(Diagnose(envelope, known));
  CHECK_THAT(wrong, Catch::Contains("AKID") && !Catch::Contains(kTestSecretKey));
}

}  // namespace
}  // namespace certwright
