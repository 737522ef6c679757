#include "core/crypto/signing_key.h"

#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "core/crypto/der.h"
#include "core/crypto/evp_keys.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kEcdsaSha256[] = "\x2a\x86\x48\xce\x3d\x04\x03\x02";
constexpr char kEcdsaSha384[] = "\x2a\x86\x48\xce\x3d\x04\x03\x03";
constexpr char kSha256Rsa[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
constexpr char kSha384Rsa[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";

class EvpSigningKey : public SigningKey {
 public:
  EvpSigningKey(KeyPtr key, KeyAlgorithm algorithm, RsaDigest rsa_digest)
      : key_(std::move(key)),
        is_rsa_(algorithm != KeyAlgorithm::kEccP256 && algorithm != KeyAlgorithm::kEccP384),
        is_sha256_(is_rsa_ ? rsa_digest == RsaDigest::kSha256
                           : algorithm == KeyAlgorithm::kEccP256),
        public_key_der_(PublicKeyDer(key_.get())) {
    if (is_rsa_) {
      algorithm_der_ =
          der::Sequence({der::ObjectId(is_sha256_ ? kSha256Rsa : kSha384Rsa), der::Element(5, "")});
    } else {
      algorithm_der_ = der::Sequence({der::ObjectId(is_sha256_ ? kEcdsaSha256 : kEcdsaSha384)});
    }
  }

  const std::string& public_key_der() const override { return public_key_der_; }
  const std::string& signature_algorithm_der() const override { return algorithm_der_; }

  absl::StatusOr<std::string> Sign(absl::string_view bytes) const override {
    unsigned char digest[SHA384_DIGEST_LENGTH];
    const std::size_t digest_size = is_sha256_ ? SHA256_DIGEST_LENGTH : SHA384_DIGEST_LENGTH;
    is_sha256_ ? SHA256(Bytes(bytes), bytes.size(), digest)
               : SHA384(Bytes(bytes), bytes.size(), digest);
    const KeyContextPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    const bool is_signed =
        context != nullptr && EVP_PKEY_sign_init(context.get()) == 1 &&
        (!is_rsa_ || (EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                      EVP_PKEY_CTX_set_signature_md(
                          context.get(), is_sha256_ ? EVP_sha256() : EVP_sha384()) == 1)) &&
        EVP_PKEY_sign(context.get(), Bytes(signature), &size, digest, digest_size) == 1;
    if (!is_signed) return absl::UnavailableError("a key did not sign");
    signature.resize(size);
    return signature;
  }

 private:
  const KeyPtr key_;
  const bool is_rsa_;
  const bool is_sha256_;
  const std::string public_key_der_;
  std::string algorithm_der_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SigningKey>> SigningKey::Parse(absl::string_view private_key_der,
                                                              RsaDigest rsa_digest) {
  ASSIGN_OR_RETURN(KeyPtr key, KeyFromDer(private_key_der));
  const KeyAlgorithm algorithm = AlgorithmOf(key.get());
  if (algorithm == KeyAlgorithm::kOther) {
    return absl::InvalidArgumentError("this kind of key does not sign certificates here");
  }
  return std::unique_ptr<SigningKey>(
      std::make_unique<EvpSigningKey>(std::move(key), algorithm, rsa_digest));
}

}  // namespace certwright
