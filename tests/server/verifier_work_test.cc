// Known and unknown SecretIds cost the same work. Time on a shared machine proves nothing, so what
// is counted is what is done: every digest, MAC and opening that reaches libcrypto, with its bytes.
#include <dlfcn.h>
#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "core/account_service.h"
#include "core/crypto/sealer.h"
#include "core/error.h"
#include "server/auth/verifier.h"
#include "storage/sqlite_store.h"
#include "tests/support/fakes.h"
#include "tests/support/signing.h"

namespace {

struct Work {
  int digests = 0, macs = 0, openings = 0;
  std::uint64_t bytes = 0;

  bool operator==(const Work& other) const {
    return digests == other.digests && macs == other.macs && openings == other.openings &&
           bytes == other.bytes;
  }
};

std::ostream& operator<<(std::ostream& out, const Work& work) {
  return out << work.digests << " digests, " << work.macs << " MACs, " << work.openings
             << " openings, " << work.bytes << " bytes";
}

thread_local Work work;

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// The program's own symbols come before those of the library, which these then call.
extern "C" {

int EVP_DigestUpdate(EVP_MD_CTX* context, const void* bytes, std::size_t size) {
  static auto* const real = Real<decltype(EVP_DigestUpdate)>("EVP_DigestUpdate");
  ++work.digests;
  work.bytes += size;
  return real(context, bytes, size);
}

int EVP_MAC_update(EVP_MAC_CTX* context, const unsigned char* bytes, std::size_t size) {
  static auto* const real = Real<decltype(EVP_MAC_update)>("EVP_MAC_update");
  ++work.macs;
  work.bytes += size;
  return real(context, bytes, size);
}

int EVP_DecryptFinal_ex(EVP_CIPHER_CTX* context, unsigned char* out, int* size) {
  static auto* const real = Real<decltype(EVP_DecryptFinal_ex)>("EVP_DecryptFinal_ex");
  ++work.openings;
  return real(context, out, size);
}

}  // extern "C"

namespace certwright {
namespace {

struct Door {
  Door() {
    const AccountId account = accounts.CreateAccount("test")->id;
    known = *accounts.CreateCredential(account);
    disabled = *accounts.CreateCredential(account);
    temporary =
        accounts.OrderCredential({.account = account, .lifetime = absl::Hours(1)})->credential;
    static_cast<void>(accounts.DisableCredential(disabled.id));
  }

  // A SecretId that nobody has, before one that somebody has.
  std::string Unknown() const {
    std::string id = known.id.value;
    id.back() = static_cast<char>(id.back() == '0' ? 'A' : id.back() - 1);
    return id;
  }

  Work Refused(const Envelope& envelope, ApiError error) {
    work = {};
    const absl::Status status = verifier.Verify(envelope).status();
    const Work done = work;
    CHECK(ErrorOf(status) == error);
    return done;
  }

  SeededRandom random;
  FakeClock clock;
  Sealer sealer{std::string(32, 'k'), random};
  std::unique_ptr<Store> store = *OpenSqliteStore({.path = ":memory:"}, sealer);
  AccountService accounts{*store, clock, random};
  Verifier verifier{*store, clock, {}};
  Credential known, disabled, temporary;
};

Envelope Tc3(const std::string& id, const std::string& key, const std::string& token) {
  Envelope envelope = JsonPost("DescribeCertificates", R"({"Limit":20})");
  SetHeader("host", "ssl.example:8443", envelope);
  if (!token.empty()) SetHeader("x-tc-token", token, envelope);
  Sign(envelope, {.secret_id = id, .secret_key = key});
  return envelope;
}

Envelope V1(const std::string& id, const std::string& key, const std::string& token) {
  Envelope envelope = QueryGet("", "Action=DescribeCertificates&Nonce=1&Version=2019-12-05");
  envelope.headers = {{"host", "ssl.example:8443"}};
  absl::StrAppend(&envelope.query, "&Timestamp=", kTestTimestamp, "&SecretId=", id,
                  "&Signature=", key);
  if (!token.empty()) absl::StrAppend(&envelope.query, "&Token=", token);
  return envelope;
}

TEST_CASE("A refused key costs the same work, known or not", "[verifier][time]") {
  Door door;
  const auto sign = GENERATE(Tc3, V1);
  const std::string wrong = "wrong-key";
  const Work expected =
      door.Refused(sign(door.known.id.value, wrong, ""), ApiError::kAuthFailureSignatureFailure);
  REQUIRE(expected.macs >= 2);
  CHECK(expected.openings == 1);

  CHECK(door.Refused(sign(door.Unknown(), wrong, ""), ApiError::kAuthFailureSecretIdNotFound) ==
        expected);
  CHECK(door.Refused(sign(door.disabled.id.value, wrong, ""),
                     ApiError::kAuthFailureSecretIdNotFound) == expected);
  CHECK(door.Refused(sign(door.temporary.id.value, wrong, ""),
                     ApiError::kAuthFailureTokenFailure) == expected);
}

TEST_CASE("So does a key with a token", "[verifier][time]") {
  Door door;
  const auto sign = GENERATE(Tc3, V1);
  const std::string wrong = "wrong-key";
  const Work expected =
      door.Refused(sign(door.known.id.value, wrong, "a-token"), ApiError::kAuthFailureTokenFailure);

  CHECK(door.Refused(sign(door.Unknown(), wrong, "a-token"),
                     ApiError::kAuthFailureSecretIdNotFound) == expected);
  CHECK(door.Refused(sign(door.temporary.id.value, wrong, "a-token"),
                     ApiError::kAuthFailureTokenFailure) == expected);
}

TEST_CASE("It makes no difference that a key was just used", "[verifier][time]") {
  Door door;
  const std::string id = door.known.id.value;
  const Work before =
      door.Refused(Tc3(id, "wrong-key", ""), ApiError::kAuthFailureSignatureFailure);
  REQUIRE(door.verifier.Verify(Tc3(id, door.known.secret_key, "")).ok());

  const Work after = door.Refused(Tc3(id, "wrong-key", ""), ApiError::kAuthFailureSignatureFailure);
  CHECK(after == before);
  CHECK(door.Refused(Tc3(door.Unknown(), "wrong-key", ""),
                     ApiError::kAuthFailureSecretIdNotFound) == before);
}

TEST_CASE("Nobody's key signs for nobody", "[verifier][time]") {
  Door door;
  door.Refused(Tc3(door.Unknown(), "no-key-of-anybody-is-the-same-as", ""),
               ApiError::kAuthFailureSecretIdNotFound);
  door.Refused(Tc3(door.disabled.id.value, door.disabled.secret_key, ""),
               ApiError::kAuthFailureSecretIdNotFound);
}

}  // namespace
}  // namespace certwright
