// Every way to sign, damaged in every way that we know: 100,000 requests from a fixed seed, none of
// which may pass, each with the documented code.
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/error.h"
#include "server/auth/verifier.h"
#include "server/json_codec.h"
#include "tests/support/fake_store.h"
#include "tests/support/fakes.h"
#include "tests/support/signing.h"

namespace certwright {
namespace {

constexpr int kMutations = 100'000;
constexpr int kMethods = 8;

using Codes = std::set<ApiError>;

const ApiError kMissing = ApiError::kMissingParameter;
const ApiError kInvalid = ApiError::kInvalidParameter;
const ApiError kAuthorization = ApiError::kAuthFailureInvalidAuthorization;
const ApiError kSignature = ApiError::kAuthFailureSignatureFailure;
const ApiError kExpired = ApiError::kAuthFailureSignatureExpire;
const ApiError kUnknownId = ApiError::kAuthFailureSecretIdNotFound;
const ApiError kNoId = ApiError::kAuthFailureInvalidSecretId;
const ApiError kToken = ApiError::kAuthFailureTokenFailure;

// One way to sign.
struct Method {
  std::string name = {};
  Envelope envelope = {};
  std::vector<std::string> covered = {};  // headers that a change of must be seen in
  bool is_v1 = false;
  // Where the signed payload stands.
  std::string Envelope::*payload = &Envelope::body;
};

Method SignedTc3(const std::string& name, Envelope envelope, const Signer& signer = {}) {
  Sign(envelope, signer);
  Method method = {.name = name, .envelope = std::move(envelope), .covered = signer.signed_headers};
  method.covered.push_back("authorization");
  method.covered.push_back("x-tc-timestamp");
  if (method.envelope.method == "GET") method.payload = &Envelope::query;
  if (method.envelope.protocol == Protocol::kGrpc) {
    method.covered = {"host", "authorization", "x-tc-timestamp"};  // its content type is HTTP/2's
  }
  return method;
}

Envelope Of(Envelope envelope, const std::string& type) {
  SetHeader("content-type", type, envelope);
  return envelope;
}

Method SignedV1(const std::string& name, const std::string& verb, V1Method digest) {
  std::vector<std::pair<std::string, std::string>> parameters = {
      {"Action", "UploadCertificate"},
      {"Alias", "a b+中"},
      {"CertificatePublicKey", "P=E/M"},
      {"Nonce", "11886"},
      {"Region", "ap-guangzhou"},
      {"Repeatable", "False"},
      {"SecretId", kTestSecretId},
      {"SignatureMethod", digest == V1Method::kHmacSha1 ? "HmacSHA1" : "HmacSHA256"},
      {"Tags.0.TagKey", "team"},
      {"Tags.0.TagValue", "a&b"},
      {"Timestamp", absl::StrCat(kTestTimestamp)},
      {"Version", "2019-12-05"}};
  parameters.emplace_back("Signature",
                          V1Signature(digest, kTestSecretKey,
                                      V1StringToSign(verb, "ssl.tencentcloudapi.com", parameters)));
  const std::string form =
      absl::StrJoin(parameters, "&", [](std::string* out, const auto& parameter) {
        absl::StrAppend(out, parameter.first, "=",
                        absl::StrReplaceAll(parameter.second, {{"%", "%25"},
                                                               {"&", "%26"},
                                                               {"=", "%3D"},
                                                               {"+", "%2B"},
                                                               {"/", "%2F"},
                                                               {" ", "+"}}));
      });
  Method method = {.name = name, .covered = {"host"}, .is_v1 = true};
  method.envelope = {.method = verb,
                     .path = "/",
                     .headers = {{"host", "ssl.tencentcloudapi.com"},
                                 {"content-type", "application/x-www-form-urlencoded"}}};
  if (verb == "GET") method.payload = &Envelope::query;
  method.envelope.*method.payload = form;
  return method;
}

std::vector<Method> Methods() {
  const std::string json = R"({"CertificateId":"abcd1234","Alias":"中","Limit":20})";
  const Signer with_action = {.signed_headers = {"content-type", "host", "x-tc-action"}};
  return {
      SignedTc3("TC3, JSON", JsonPost("ModifyCertificateAlias", json)),
      SignedTc3("TC3, JSON, its action signed", JsonPost("ModifyCertificateAlias", json),
                with_action),
      SignedTc3("TC3, query", QueryGet("DescribeCertificates", "Limit=20&Offset=0&SearchKey=a+b")),
      SignedTc3("TC3, multipart",
                Of(JsonPost("UploadCertificate",
                            "--b\r\nContent-Disposition: form-data; name=\"Alias\"\r\n\r\nx\r\n"
                            "--b--\r\n"),
                   "multipart/form-data; boundary=b")),
      SignedTc3("TC3, octet-stream",
                Of(JsonPost("UploadConfirmLetter", std::string("\0\1binary", 8)),
                   "application/octet-stream")),
      SignedTc3("TC3, gRPC",
                GrpcCall("ModifyCertificateAlias",
                         "\x0a\x08"
                         "abcd1234"),
                {.signed_headers = {"content-type", "host"}}),
      SignedV1("HmacSHA1, query", "GET", V1Method::kHmacSha1),
      SignedV1("HmacSHA256, form", "POST", V1Method::kHmacSha256),
  };
}

// A changed request, and what it may be refused with.
struct Mutation {
  std::string what = {};
  Envelope envelope = {};
  Codes codes = {};
};

class Mutator {
 public:
  Mutator(const Method& method, std::uint64_t seed) : method_(method), random_(seed) {}

  Mutation Next() {
    static const std::vector<Mutation (Mutator::*)()> kinds = {
        &Mutator::FlipPayload,   &Mutator::FlipPayload,   &Mutator::FlipHeader,
        &Mutator::FlipHeader,    &Mutator::DropHeader,    &Mutator::DoubleHeader,
        &Mutator::ReorderParts,  &Mutator::OtherHost,     &Mutator::OtherMethod,
        &Mutator::ChangePayload, &Mutator::FlipSignature, &Mutator::SwapHeaderValues};
    return (this->*kinds[Below(kinds.size())])();
  }

 private:
  std::size_t Below(std::size_t limit) {
    unsigned char bytes[4];
    random_.Fill(bytes, sizeof bytes);
    const std::size_t value = bytes[0] | bytes[1] << 8 | bytes[2] << 16;
    return value % limit;
  }
  template <typename T>
  const T& One(const std::vector<T>& values) {
    return values[Below(values.size())];
  }

  Mutation Start(const std::string& what, Codes codes) {
    return {.what = what, .envelope = method_.envelope, .codes = std::move(codes)};
  }
  // What a change among the parameters of a v1 request may come to.
  Codes ForPayload() const {
    if (!method_.is_v1) return {kSignature};
    return {kSignature, kMissing, kInvalid, kExpired, kUnknownId, kNoId, kAuthorization, kToken};
  }
  void Flip(std::string& text) {
    if (text.empty()) return;
    char& c = text[Below(text.size())];
    c = static_cast<char>(c ^ (1 << Below(8)));
  }

  Mutation FlipPayload() {
    Mutation mutation = Start("a bit of the payload", ForPayload());
    Flip(mutation.envelope.*method_.payload);
    return mutation;
  }

  Mutation FlipHeader() {
    const std::string& name = One(method_.covered);
    Mutation mutation = Start(absl::StrCat("a bit of ", name), {kSignature});
    if (name == "x-tc-timestamp") mutation.codes = {kSignature, kInvalid, kExpired, kAuthorization};
    if (name == "authorization") mutation.codes = {kSignature, kAuthorization, kUnknownId, kNoId};
    // Without an action or a content type that it knows, a request is another one.
    if (name == "x-tc-action") mutation.codes.insert(kMissing);
    std::string value = GetHeader(name, mutation.envelope);
    Flip(value);
    SetHeader(name, value, mutation.envelope);
    return mutation;
  }

  Mutation FlipSignature() {
    if (method_.is_v1) return FlipPayload();
    Mutation mutation = Start("a bit of the signature", {kSignature, kAuthorization});
    std::string value = GetHeader("authorization", mutation.envelope);
    std::string signature = value.substr(value.size() - 64);
    Flip(signature);
    SetHeader("authorization", value.substr(0, value.size() - 64) + signature, mutation.envelope);
    return mutation;
  }

  Mutation DropHeader() {
    if (method_.is_v1) return DropParameter();
    const std::string& name = One(method_.covered);
    const bool is_common = name == "authorization" || absl::StartsWith(name, "x-tc-");
    Mutation mutation = Start(absl::StrCat("without ", name), {is_common ? kMissing : kSignature});
    RemoveHeader(name, mutation.envelope);
    return mutation;
  }

  Mutation DropParameter() {
    Mutation mutation = Start("a parameter less", {kSignature, kMissing});
    std::string& form = mutation.envelope.*method_.payload;
    std::vector<std::string> parts = absl::StrSplit(form, '&');
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(Below(parts.size())));
    form = absl::StrJoin(parts, "&");
    return mutation;
  }

  Mutation DoubleHeader() {
    const std::string& name = One(method_.covered);
    Mutation mutation =
        Start(absl::StrCat(name, " twice"), {name == "authorization" ? kAuthorization : kInvalid});
    std::string value = GetHeader(name, mutation.envelope);
    if (Below(2) == 0) Flip(value);
    auto& headers = mutation.envelope.headers;
    headers.insert(headers.begin() + static_cast<std::ptrdiff_t>(Below(headers.size() + 1)),
                   {name, value});
    return mutation;
  }

  // Names that are signed, or values of parameters, in another order.
  Mutation ReorderParts() {
    if (method_.is_v1) return SwapValues();
    Mutation mutation = Start("signed headers in another order", {kAuthorization});
    std::string value = GetHeader("authorization", mutation.envelope);
    value = absl::StrReplaceAll(value, {{"content-type;host", "host;content-type"}});
    SetHeader("authorization", value, mutation.envelope);
    return mutation;
  }

  Mutation SwapValues() {
    Mutation mutation = Start("two values exchanged", ForPayload());
    std::string& form = mutation.envelope.*method_.payload;
    std::vector<std::vector<std::string>> parts;
    for (absl::string_view part : absl::StrSplit(form, '&')) {
      parts.push_back(absl::StrSplit(part, absl::MaxSplits('=', 1)));
    }
    std::swap(parts[Below(parts.size())][1], parts[Below(parts.size())][1]);
    form = absl::StrJoin(parts, "&", [](std::string* out, const auto& part) {
      absl::StrAppend(out, part[0], "=", part[1]);
    });
    return mutation;
  }

  Mutation SwapHeaderValues() {
    Mutation mutation = Start("host and content-type exchanged", {kSignature, kMissing});
    const std::string host = GetHeader("host", mutation.envelope);
    SetHeader("host", GetHeader("content-type", mutation.envelope) + "x", mutation.envelope);
    SetHeader("content-type", host, mutation.envelope);
    return mutation;
  }

  Mutation OtherHost() {
    Mutation mutation = Start("another host", {kSignature});
    const std::string label = RandomText(random_, kAlphanumeric, 1 + Below(20));
    const std::vector<std::string> hosts = {label + ".tencentcloudapi.com",
                                            "ssl." + label,
                                            "",
                                            ":443",
                                            GetHeader("host", mutation.envelope) + ".",
                                            GetHeader("host", mutation.envelope) + ":",
                                            "http://" + GetHeader("host", mutation.envelope),
                                            label + ":443"};
    SetHeader("host", One(hosts), mutation.envelope);
    return mutation;
  }

  Mutation OtherMethod() {
    static const std::vector<std::string> verbs = {"GET",    "POST", "PUT",  "HEAD",
                                                   "DELETE", "get",  "Post", ""};
    Mutation mutation = Start("another method", {kSignature, kMissing});
    Envelope& envelope = mutation.envelope;
    do envelope.method = One(verbs);
    while (envelope.method == method_.envelope.method);
    // A form may travel in either place.
    if (method_.is_v1 && Below(2) == 0) std::swap(envelope.query, envelope.body);
    return mutation;
  }

  Mutation ChangePayload() {
    Mutation mutation = Start("another payload", ForPayload());
    std::string& payload = mutation.envelope.*method_.payload;
    const std::size_t at = Below(payload.size() + 1);
    switch (Below(4)) {
      case 0:
        payload.insert(at, RandomBytes(random_, 1 + Below(8)));
        break;
      case 1:
        payload.erase(at / 2, 1 + Below(8));
        break;
      case 2:
        payload.resize(payload.size() / 2);
        break;
      default:
        payload += method_.is_v1 ? "&Alias2=x" : " ";
    }
    return mutation;
  }

  const Method& method_;
  SeededRandom random_;
};

// What the parameters say, whatever their spelling and order; nothing if they say nothing.
std::map<std::string, std::string> Said(const std::string& form) {
  const auto parameters = ParseForm(form);
  if (!parameters.ok()) return {};
  return {parameters->begin(), parameters->end()};
}

// Whether it says the same as before: no mutation at all. Values of headers may be signed in lower
// case, and a form can be spelled in several ways ("%2b" for "%2B", a blank as "+").
bool SaysTheSame(const Method& method, const Envelope& changed) {
  const Envelope& original = method.envelope;
  if (changed.method != original.method || changed.headers.size() != original.headers.size()) {
    return false;
  }
  for (std::size_t i = 0; i < changed.headers.size(); ++i) {
    const auto& [name, value] = changed.headers[i];
    const auto& [old_name, old_value] = original.headers[i];
    const bool is_same = name == "authorization" || name == "x-tc-timestamp" || method.is_v1
                             ? value == old_value
                             : absl::EqualsIgnoreCase(value, old_value);
    if (name != old_name || !is_same) return false;
  }
  const std::string& payload = changed.*method.payload;
  if (payload == original.*method.payload) return true;
  return method.is_v1 && !Said(payload).empty() && Said(payload) == Said(original.*method.payload);
}

TEST_CASE("No damaged request passes, and each is refused as documented", "[verifier][mutation]") {
  const int index = GENERATE(range(0, kMethods));
  const std::vector<Method> methods = Methods();
  REQUIRE(methods.size() == kMethods);
  const Method& method = methods[static_cast<std::size_t>(index)];
  CAPTURE(method.name);
  FakeStore store;
  FakeClock clock;
  store.Add(TestAccount(), TestCredential());
  Verifier verifier(store, clock, {});
  REQUIRE(verifier.Verify(method.envelope).ok());

  Mutator mutator(method, 20261124 + static_cast<std::uint64_t>(index));
  for (int round = 0; round < kMutations / kMethods;) {
    const Mutation mutation = mutator.Next();
    if (SaysTheSame(method, mutation.envelope)) continue;
    ++round;
    const absl::Status status = verifier.Verify(mutation.envelope).status();
    const auto error = ErrorOf(status);
    // CHECK costs more than what is checked.
    if (error && mutation.codes.count(*error) == 1) continue;
    CAPTURE(round, mutation.what, mutation.envelope.method, mutation.envelope.query,
            mutation.envelope.body, status.ToString());
    for (const auto& [name, value] : mutation.envelope.headers)
      UNSCOPED_INFO(name << ": " << value);
    FAIL_CHECK("it passed, or was refused with another code");
  }
}

TEST_CASE("The order in which headers arrive says nothing", "[verifier][mutation]") {
  for (const Method& method : Methods()) {
    CAPTURE(method.name);
    FakeStore store;
    FakeClock clock;
    store.Add(TestAccount(), TestCredential());
    Verifier verifier(store, clock, {});
    Envelope envelope = method.envelope;
    std::reverse(envelope.headers.begin(), envelope.headers.end());
    CHECK(verifier.Verify(envelope).ok());
  }
}

}  // namespace
}  // namespace certwright
