#include "server/auth/verifier.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/status_macros.h"
#include "server/api_services.h"
#include "server/auth/request_parts.h"
#include "server/auth/tolerance.h"
#include "server/auth/v1_request.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxSigningKeys = 4096;

absl::Status RefuseAuthorization(absl::string_view message) {
  return Refuse(ApiError::kAuthFailureInvalidAuthorization, message);
}

absl::Status RefuseSignature() {
  return Refuse(ApiError::kAuthFailureSignatureFailure,
                "The provided credentials could not be validated. Please check your signature is "
                "correct.");
}

// The common parameters of TC3 over HTTP.
absl::Status ReadHttpHeaders(const Envelope& envelope, Principal& principal) {
  principal.action = std::string(HeaderOr(envelope, "x-tc-action"));
  if (principal.action.empty()) return RefuseMissing("Action");
  principal.version = std::string(HeaderOr(envelope, "x-tc-version"));
  if (principal.version.empty()) return RefuseMissing("Version");
  return absl::OkStatus();
}

absl::Status RefuseToken(absl::string_view message) {
  return Refuse(ApiError::kAuthFailureTokenFailure, message, "Token");
}

absl::Status CheckActionIsSigned(const Tc3Authorization& authorization) {
  const auto& names = authorization.signed_headers;
  if (std::find(names.begin(), names.end(), "x-tc-action") != names.end()) return absl::OkStatus();
  return RefuseAuthorization(
      "This key signs its actions: `SignedHeaders` should name `x-tc-action`. A client that cannot "
      "sign it can use gRPC or a v1 signature (HmacSHA256), which always do.");
}

// The same work for every key: what was sent is compared even where nothing is wanted.
absl::Status CheckToken(const Credential& credential, absl::string_view token, absl::Time now) {
  const bool is_its_own =
      !token.empty() && EqualInConstantTime(LowerHex(Sha256(token)), credential.token_hash);
  if (!credential.expires) {
    if (token.empty()) return absl::OkStatus();
    return RefuseToken("A permanent key is used without a token: leave `Token` out.");
  }
  if (token.empty()) return RefuseToken("A temporary key is used with its token, in `Token`.");
  if (!is_its_own) return RefuseToken("The token is not that of this key.");
  if (*credential.expires <= now) {
    return RefuseToken("The temporary key has ended: make a new one.");
  }
  return absl::OkStatus();
}

// Stands in for the SecretKey of a SecretId that is not found; as long as a real one.
constexpr char kNobodysKey[] = "no-key-of-anybody-is-the-same-as";

}  // namespace

Verifier::Verifier(Store& store, const Clock& clock, Options options)
    : store_(store), clock_(clock), options_(std::move(options)), signing_keys_(kMaxSigningKeys) {}

absl::StatusOr<Principal> Verifier::Verify(const Envelope& envelope) {
  RETURN_IF_ERROR(CheckRepeatedHeaders(envelope, {}));
  if (const auto authorization = FindHeader(envelope, "authorization")) {
    return VerifyTc3(envelope, *authorization);
  }
  if (LooksLikeV1(envelope)) return VerifyV1(envelope, V1FormOf(envelope));
  return RefuseMissing("SecretId");
}

absl::StatusOr<Principal> Verifier::VerifyTc3(const Envelope& envelope, absl::string_view header) {
  Principal principal;
  principal.region = std::string(HeaderOr(envelope, "x-tc-region"));
  principal.language = std::string(HeaderOr(envelope, "x-tc-language"));
  if (envelope.protocol == Protocol::kHttp) {
    RETURN_IF_ERROR(ReadHttpHeaders(envelope, principal));
  } else {
    GrpcMethod method = ParseGrpcMethod(envelope.path);
    principal.action = std::move(method.action);
    principal.version = std::move(method.version);
  }
  const absl::string_view timestamp_text = HeaderOr(envelope, "x-tc-timestamp");
  if (timestamp_text.empty()) return RefuseMissing("Timestamp");
  ASSIGN_OR_RETURN(const std::int64_t timestamp, ParseTimestamp(timestamp_text));

  ASSIGN_OR_RETURN(const Tc3Authorization authorization, ParseTc3Authorization(header));
  RETURN_IF_ERROR(CheckRepeatedHeaders(envelope, authorization.signed_headers));
  RETURN_IF_ERROR(CheckScope(envelope, principal.version, authorization, timestamp));
  RETURN_IF_ERROR(CheckFresh(timestamp));
  RETURN_IF_ERROR(CheckPayload(envelope));
  const std::string payload_hash = PayloadHash(envelope);
  ASSIGN_OR_RETURN(const Key key,
                   FindKey(authorization.secret_id, HeaderOr(envelope, "x-tc-token"), principal));
  RETURN_IF_ERROR(CheckTc3Signature(envelope, authorization, timestamp_text, key, payload_hash));
  RETURN_IF_ERROR(CheckMaker(key.maker));
  if (envelope.protocol == Protocol::kGrpc) {
    RETURN_IF_ERROR(CheckGrpcMetadata(envelope, {principal.action, principal.version}));
  } else if (principal.must_sign_action) {
    RETURN_IF_ERROR(CheckActionIsSigned(authorization));
  }
  principal.signature = authorization.signature;
  principal.timestamp = timestamp;
  return principal;
}

absl::StatusOr<Principal> Verifier::VerifyV1(const Envelope& envelope, absl::string_view form) {
  ASSIGN_OR_RETURN(V1Request request, ParseV1(form));
  if (!options_.allow_v1) {
    return RefuseAuthorization("Only TC3-HMAC-SHA256 signatures are switched on here.");
  }
  RETURN_IF_ERROR(CheckFresh(request.timestamp));
  Principal principal;
  ASSIGN_OR_RETURN(const Key key, FindKey(request.secret_id, request.token, principal));
  const auto matches = [&](absl::string_view text) {
    const std::string computed = V1Signature(request.method, key.secret_key, text);
    return EqualInConstantTime(computed, request.signature) && key.refusal.ok();
  };
  const std::vector<std::string> hosts = SignableHosts(envelope, options_.public_names);
  const bool is_signed = AnyV1Reading(envelope, request, hosts, matches);
  RETURN_IF_ERROR(key.refusal);
  if (!is_signed) return RefuseSignature();
  RETURN_IF_ERROR(CheckMaker(key.maker));
  principal.is_v1 = true;
  principal.signature = std::move(request.signature);
  principal.timestamp = request.timestamp;
  principal.action = std::move(request.action);
  principal.version = std::move(request.version);
  principal.region = std::move(request.region);
  principal.language = std::move(request.language);
  principal.parameters = std::move(request.members);
  return principal;
}

absl::Status Verifier::CheckScope(const Envelope& envelope, absl::string_view version,
                                  const Tc3Authorization& authorization,
                                  std::int64_t timestamp) const {
  const std::string date = Tc3Date(timestamp);
  if (authorization.date != date) {
    return RefuseAuthorization(absl::StrCat("`Date` in Credential should be ", date,
                                            ", the UTC day of the parameter `Timestamp`."));
  }
  const bool is_lenient = options_.lenient_service_on_loopback && envelope.is_loopback;
  const absl::string_view service = ServiceOf(version);
  if (MayNameService(authorization.service, service, is_lenient, HeaderOr(envelope, "host"))) {
    return absl::OkStatus();
  }
  return RefuseAuthorization(
      absl::StrCat("`Service` in Credential not valid. It should be `", service, "`."));
}

absl::Status Verifier::CheckFresh(std::int64_t timestamp) const {
  // Both in whole seconds: a client cuts its clock down to them too.
  const std::int64_t now = absl::ToUnixSeconds(clock_.Now());
  const std::int64_t window = absl::ToInt64Seconds(options_.window);
  if (std::abs(now - timestamp) <= window) return absl::OkStatus();
  return Refuse(
      ApiError::kAuthFailureSignatureExpire,
      absl::StrCat("The signature has expired: the parameter `Timestamp` is ", timestamp,
                   ", the server's clock ", now, ", and they may differ by ", window, " seconds."),
      "Timestamp");
}

absl::StatusOr<Verifier::Key> Verifier::FindKey(const std::string& secret_id,
                                                absl::string_view token, Principal& principal) {
  if (!IsSecretId(secret_id)) {
    return Refuse(ApiError::kAuthFailureInvalidSecretId,
                  "The SecretId is not an API key: those begin with AKID.", "SecretId");
  }
  std::optional<Credential> credential;
  std::optional<Account> account;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(credential, snapshot.FindCredential(SecretId{secret_id}));
    const std::int64_t owner = credential ? credential->account.value : some_account_.load();
    ASSIGN_OR_RETURN(account, snapshot.FindAccount(AccountId{owner}));
    return absl::OkStatus();
  }));
  const bool is_found = credential && credential->is_enabled;
  if (!credential) credential = Credential{.secret_key = kNobodysKey};
  Key key = {.refusal = CheckToken(*credential, token, clock_.Now()),
             .secret_key = std::move(credential->secret_key),
             .maker = credential->maker};
  if (!is_found) {
    key.refusal = Refuse(ApiError::kAuthFailureSecretIdNotFound,
                         "The SecretId is not found, please ensure that your SecretId is correct.",
                         "SecretId");
    return key;
  }
  if (!account) return absl::InternalError("a credential without its account");
  some_account_ = account->id.value;
  principal.account = *std::move(account);
  principal.secret_id = credential->id;
  principal.sub_account = credential->sub_account;
  principal.is_temporary = credential->expires.has_value();
  principal.must_sign_action = credential->must_sign_action;
  principal.policy = std::move(credential->policy);
  principal.boundary = std::move(credential->boundary);
  return key;
}

// Not before the signature was found good: it would take strangers longer than other keys.
absl::Status Verifier::CheckMaker(const SecretId& maker) {
  if (maker.value.empty()) return absl::OkStatus();
  bool counts = false;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Credential> found, snapshot.FindCredential(maker));
    counts = found && found->is_enabled;
    return absl::OkStatus();
  }));
  if (counts) return absl::OkStatus();
  return RefuseToken("The key that made this temporary key is switched off or deleted.");
}

absl::Status Verifier::CheckPayload(const Envelope& envelope) const {
  const bool may_be_unsigned =
      options_.allow_unsigned_payload && (envelope.is_secure || envelope.is_loopback);
  if (may_be_unsigned || !IsPayloadUnsigned(envelope)) return absl::OkStatus();
  return RefuseAuthorization("UNSIGNED-PAYLOAD is not accepted here: sign the body.");
}

absl::Status Verifier::CheckTc3Signature(const Envelope& envelope,
                                         const Tc3Authorization& authorization,
                                         absl::string_view timestamp, const Key& key,
                                         const std::string& payload_hash) {
  const SigningScope scope = {.secret_id = authorization.secret_id,
                              .secret_key = key.secret_key,
                              .date = authorization.date,
                              .service = authorization.service};
  const auto derive = [&] { return Tc3SigningKey(scope.secret_key, scope.date, scope.service); };
  const std::optional<std::string> known_key = signing_keys_.Find(scope);
  const std::string signing_key = known_key ? *known_key : derive();
  const auto matches = [&](const Tc3Request& candidate) {
    const std::string text =
        Tc3StringToSign(timestamp, scope.date, scope.service, CanonicalRequest(candidate));
    return EqualInConstantTime(Tc3Signature(signing_key, text), authorization.signature) &&
           key.refusal.ok();
  };
  const std::vector<std::string> hosts = SignableHosts(envelope, options_.public_names);
  const bool is_signed = AnyReading(envelope, authorization, hosts, payload_hash, matches);
  if (!is_signed && known_key) derive();  // what fails costs the same, whatever is cached
  RETURN_IF_ERROR(key.refusal);
  if (!is_signed) return RefuseSignature();
  if (!known_key) signing_keys_.Put(scope, signing_key);
  return absl::OkStatus();
}

}  // namespace certwright
