#include "tests/server/request_mutator.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/server/documented_refusals.h"
#include "tests/support/fakes.h"

namespace certwright {
namespace {

const ApiError kMissing = ApiError::kMissingParameter;
const ApiError kInvalid = ApiError::kInvalidParameter;
const ApiError kAuthorization = ApiError::kAuthFailureInvalidAuthorization;
const ApiError kSignature = ApiError::kAuthFailureSignatureFailure;
const ApiError kToken = ApiError::kAuthFailureTokenFailure;

class Mutator {
 public:
  Mutator(const SignedRequest& original, std::uint64_t seed) : original_(original), random_(seed) {}

  Mutation Next() {
    static const std::vector<Mutation (Mutator::*)()> kinds = {
        &Mutator::FlipPayload, &Mutator::FlipPayload,   &Mutator::FlipHeader,
        &Mutator::FlipHeader,  &Mutator::DropSomething, &Mutator::DoubleSomething,
        &Mutator::Reorder,     &Mutator::OtherHost,     &Mutator::OtherMethod,
        &Mutator::Rewrite,     &Mutator::FlipSignature, &Mutator::SwapHeaderValues,
        &Mutator::OtherToken,  &Mutator::OtherCase};
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

  Mutation Start(const std::string& what, ApiError code = kSignature) const {
    return {.what = what, .envelope = original_.envelope, .code = code};
  }
  std::string& PayloadOf(Mutation& mutation) const { return mutation.envelope.*original_.payload; }
  // Parameters of v1 are read before they are found not to be those that were signed.
  void ExpectForPayload(Mutation& mutation) const {
    mutation.code = original_.is_v1 ? RefusalOfForm(original_, PayloadOf(mutation)) : kSignature;
  }
  void Flip(std::string& text) {
    if (text.empty()) return;
    char& c = text[Below(text.size())];
    c = static_cast<char>(c ^ (1 << Below(8)));
  }

  Mutation FlipPayload() {
    if (original_.is_payload_unsigned) return SignPayload();
    Mutation mutation = Start("a bit of the payload");
    Flip(PayloadOf(mutation));
    ExpectForPayload(mutation);
    return mutation;
  }

  // What says that the body is not signed, changed. The body itself may be any.
  Mutation SignPayload() {
    Mutation mutation = Start("a payload that is signed after all");
    if (Below(2) == 0) {
      mutation = Start("an unsigned payload over the network", kAuthorization);
      mutation.envelope.is_secure = false;
    } else {
      SetHeader("x-tc-content-sha256", LowerHex(Sha256(mutation.envelope.body)), mutation.envelope);
    }
    return mutation;
  }

  Mutation FlipHeader() {
    const std::string& name = One(original_.covered);
    Mutation mutation = Start(absl::StrCat("a bit of ", name));
    std::string value = GetHeader(name, mutation.envelope);
    Flip(value);
    SetHeader(name, value, mutation.envelope);
    if (name == "x-tc-timestamp") mutation.code = RefusalOfTimestamp(value);
    if (name == "authorization") mutation.code = RefusalOfAuthorization(original_, value);
    if (name == "x-tc-token") mutation.code = kToken;
    if (name == "x-tc-action") mutation.code = RefusalOfAction(value);
    // It is no form any more, and so it has no signature.
    if (name == "content-type" && original_.is_v1) mutation.code = kMissing;
    return mutation;
  }

  // Only who signed it in lower case cannot be known to have meant another spelling; that is the
  // name of no action.
  ApiError RefusalOfAction(absl::string_view value) const {
    const std::string sent = GetHeader("x-tc-action", original_.envelope);
    return original_.is_action_lower && absl::EqualsIgnoreCase(value, sent)
               ? ApiError::kInvalidAction
               : kSignature;
  }

  Mutation OtherCase() {
    const auto& covered = original_.covered;
    if (std::find(covered.begin(), covered.end(), "x-tc-action") == covered.end()) {
      return FlipHeader();
    }
    Mutation mutation = Start("an action in other letters");
    std::string action = GetHeader("x-tc-action", mutation.envelope);
    for (std::size_t i = 1 + Below(3); i > 0; --i) action[Below(action.size())] ^= 0x20;
    SetHeader("x-tc-action", action, mutation.envelope);
    mutation.code = RefusalOfAction(action);
    return mutation;
  }

  Mutation FlipSignature() {
    Mutation mutation = Start("a bit of the signature");
    std::string& text = original_.is_v1 ? PayloadOf(mutation) : Authorization(mutation.envelope);
    const std::size_t begin = text.find("Signature=") + 10;
    std::string signature = text.substr(begin);
    Flip(signature);
    text = text.substr(0, begin) + signature;
    mutation.code =
        original_.is_v1 ? RefusalOfForm(original_, text) : RefusalOfAuthorization(original_, text);
    return mutation;
  }

  static std::string& Authorization(Envelope& envelope) {
    return std::find_if(envelope.headers.begin(), envelope.headers.end(),
                        [](const auto& header) { return header.first == "authorization"; })
        ->second;
  }

  Mutation DropSomething() {
    if (original_.is_v1 && Below(4) > 0) return DropParameter();
    const std::string& name = One(original_.covered);
    Mutation mutation = Start(absl::StrCat("without ", name));
    RemoveHeader(name, mutation.envelope);
    const bool is_common =
        name == "authorization" || name == "x-tc-timestamp" || name == "x-tc-action";
    if (is_common || (original_.is_v1 && name == "content-type")) mutation.code = kMissing;
    if (name == "x-tc-token") mutation.code = kToken;
    return mutation;
  }

  std::vector<std::string> Parameters() const {
    return absl::StrSplit(original_.envelope.*original_.payload, '&');
  }

  Mutation DropParameter() {
    std::vector<std::string> parts = Parameters();
    const auto dropped = parts.begin() + static_cast<std::ptrdiff_t>(Below(parts.size()));
    const std::string name = dropped->substr(0, dropped->find('='));
    Mutation mutation = Start(absl::StrCat("without ", name), RefusalWithoutParameter(name));
    parts.erase(dropped);
    PayloadOf(mutation) = absl::StrJoin(parts, "&");
    return mutation;
  }

  Mutation DoubleSomething() {
    if (original_.is_v1 && Below(4) > 0) return DoubleParameter();
    const std::string& name = One(original_.covered);
    Mutation mutation =
        Start(absl::StrCat(name, " twice"), name == "authorization" ? kAuthorization : kInvalid);
    std::string value = GetHeader(name, mutation.envelope);
    if (Below(2) == 0) Flip(value);
    auto& headers = mutation.envelope.headers;
    headers.insert(headers.begin() + static_cast<std::ptrdiff_t>(Below(headers.size() + 1)),
                   {name, value});
    return mutation;
  }

  Mutation DoubleParameter() {
    std::vector<std::string> parts = Parameters();
    std::string doubled = One(parts);
    const std::string name = doubled.substr(0, doubled.find('='));
    Mutation mutation = Start(absl::StrCat(name, " twice"), kInvalid);
    if (Below(2) == 0) doubled = name + "=other";
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(Below(parts.size() + 1)), doubled);
    PayloadOf(mutation) = absl::StrJoin(parts, "&");
    return mutation;
  }

  // Names that are signed, or values of parameters, in another order.
  Mutation Reorder() {
    if (original_.is_v1) return SwapValues();
    Mutation mutation = Start("signed headers in another order", kAuthorization);
    std::string& value = Authorization(mutation.envelope);
    value = absl::StrReplaceAll(value, {{"content-type;host", "host;content-type"}});
    return mutation;
  }

  Mutation SwapValues() {
    Mutation mutation = Start("two values exchanged");
    std::vector<std::vector<std::string>> parts;
    for (const std::string& part : Parameters()) {
      parts.push_back(absl::StrSplit(part, absl::MaxSplits('=', 1)));
    }
    std::swap(parts[Below(parts.size())][1], parts[Below(parts.size())][1]);
    PayloadOf(mutation) = absl::StrJoin(parts, "&", [](std::string* out, const auto& part) {
      absl::StrAppend(out, part[0], "=", part[1]);
    });
    ExpectForPayload(mutation);
    return mutation;
  }

  Mutation SwapHeaderValues() {
    Mutation mutation = Start("host and content-type exchanged");
    const bool was_form = original_.is_v1 && original_.envelope.method == "POST";
    if (was_form) mutation.code = kMissing;
    const std::string host = GetHeader("host", mutation.envelope);
    SetHeader("host", GetHeader("content-type", mutation.envelope) + "x", mutation.envelope);
    SetHeader("content-type", host, mutation.envelope);
    return mutation;
  }

  Mutation OtherHost() {
    Mutation mutation = Start("another host");
    const std::string label = RandomText(random_, kAlphanumeric, 1 + Below(20));
    const std::string host = GetHeader("host", mutation.envelope);
    const std::vector<std::string> hosts = {label + ".tencentcloudapi.com",
                                            "ssl." + label,
                                            "",
                                            ":443",
                                            host + ".",
                                            host + ":",
                                            "http://" + host,
                                            label + ":443"};
    SetHeader("host", One(hosts), mutation.envelope);
    return mutation;
  }

  Mutation OtherMethod() {
    static const std::vector<std::string> verbs = {"GET",    "POST", "PUT",  "HEAD",
                                                   "DELETE", "get",  "Post", ""};
    Mutation mutation = Start("another method");
    Envelope& envelope = mutation.envelope;
    do envelope.method = One(verbs);
    while (envelope.method == original_.envelope.method);
    if (!original_.is_v1) return mutation;
    // A form may travel in either place, of which the method says which counts.
    if (Below(2) == 0) std::swap(envelope.query, envelope.body);
    const std::string& form = envelope.method == "GET" ? envelope.query : envelope.body;
    if (form.empty()) mutation.code = kMissing;
    return mutation;
  }

  Mutation Rewrite() {
    if (original_.is_payload_unsigned) return SignPayload();
    Mutation mutation = Start("another payload");
    std::string& payload = PayloadOf(mutation);
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
        payload += original_.is_v1 ? "&Alias2=x" : " ";
    }
    ExpectForPayload(mutation);
    return mutation;
  }

  // A token where none belongs, or another one.
  Mutation OtherToken() {
    Mutation mutation = Start("another token", kToken);
    const std::string token = One<std::string>(
        {kOtherToken, "x", absl::StrCat(kTemporaryToken, "x"), LowerHex(Sha256(kTemporaryToken)),
         original_.is_temporary ? "" : kTemporaryToken});
    if (!original_.is_v1) {
      SetHeader("x-tc-token", token, mutation.envelope);
      return mutation;
    }
    std::string& form = PayloadOf(mutation);
    form = absl::StrReplaceAll(form, {{absl::StrCat("&Token=", kTemporaryToken), ""}});
    absl::StrAppend(&form, "&Token=", token);
    return mutation;
  }

  const SignedRequest& original_;
  SeededRandom random_;
};

// Names of hosts and of content types have no case, and may be signed in lower case; others are
// compared exactly.
bool IsSameHeader(const std::string& name, const std::string& value, const std::string& original) {
  const bool has_case = name != "host" && name != "content-type";
  return has_case ? value == original : absl::EqualsIgnoreCase(value, original);
}

// Whether it says the same as before: no mutation at all. A form can be spelled in several ways
// ("%2b" for "%2B", a blank as "+").
bool SaysTheSame(const SignedRequest& request, const Envelope& changed) {
  const Envelope& original = request.envelope;
  if (changed.method != original.method || changed.headers.size() != original.headers.size() ||
      changed.is_secure != original.is_secure) {
    return false;
  }
  for (std::size_t i = 0; i < changed.headers.size(); ++i) {
    const auto& [name, value] = changed.headers[i];
    const auto& [old_name, old_value] = original.headers[i];
    if (name != old_name || !IsSameHeader(name, value, old_value)) return false;
  }
  const std::string& payload = changed.*request.payload;
  if (payload == original.*request.payload) return true;
  return request.is_v1 && !Said(payload).empty() &&
         Said(payload) == Said(original.*request.payload);
}

}  // namespace

void ForEachMutation(const SignedRequest& original, std::uint64_t seed, int count,
                     absl::FunctionRef<void(const Mutation&)> use) {
  Mutator mutator(original, seed);
  for (int made = 0; made < count;) {
    const Mutation mutation = mutator.Next();
    if (SaysTheSame(original, mutation.envelope)) continue;
    ++made;
    use(mutation);
  }
}

}  // namespace certwright
