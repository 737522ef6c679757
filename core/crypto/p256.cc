#include "core/crypto/p256.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/crypto/der.h"

namespace certwright::p256 {
namespace {

constexpr char kEcPublicKey[] = "\x2a\x86\x48\xce\x3d\x02\x01";
constexpr char kPrime256v1[] = "\x2a\x86\x48\xce\x3d\x03\x01\x07";
constexpr std::size_t kNumberBytes = 32;
constexpr std::size_t kPointBytes = 65;

void FreeNumber(BIGNUM* number) { BN_clear_free(number); }

using BignumPtr = OpenSslPtr<BIGNUM, FreeNumber>;
using ParametersPtr = OpenSslPtr<OSSL_PARAM, OSSL_PARAM_free>;
using ParametersBuilderPtr = OpenSslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;

struct Parts {
  std::string scalar = {};
  std::string point = {};  // uncompressed
};

// 32 bytes, "" if the key lacks it.
std::string Number(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &raw) != 1) return "";
  const BignumPtr number(raw);
  std::string bytes(kNumberBytes, '\0');
  const int size = static_cast<int>(kNumberBytes);
  return BN_bn2binpad(number.get(), Bytes(bytes), size) == size ? bytes : "";
}

// OpenSSL gives the point in the form that it was read in: a compressed one is put together again
// from its coordinates, which take longer to ask for.
std::string Point(const EVP_PKEY* key) {
  std::string point(kPointBytes, '\0');
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, Bytes(point), point.size(),
                                      &size) == 1 &&
      size == kPointBytes) {
    return point;
  }
  const std::string x = Number(key, OSSL_PKEY_PARAM_EC_PUB_X);
  const std::string y = Number(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  return x.empty() || y.empty() ? "" : absl::StrCat("\x04", x, y);
}

std::string AlgorithmDer() {
  return der::Sequence({der::ObjectId(kEcPublicKey), der::ObjectId(kPrime256v1)});
}

std::string PublicKeyInfo(absl::string_view point) {
  return der::Sequence({AlgorithmDer(), der::BitString(point)});
}

std::string PrivateKeyInfo(const Parts& parts) {
  const std::string inner = der::Sequence({der::Integer("\x01"), der::OctetString(parts.scalar),
                                           der::Explicit(1, der::BitString(parts.point))});
  return der::Sequence(
      {der::Integer(absl::string_view("\0", 1)), AlgorithmDer(), der::OctetString(inner)});
}

std::optional<Parts> Read(absl::string_view private_key_der) {
  constexpr std::size_t kScalarAt = 36;
  constexpr std::size_t kPointAt = 73;
  if (private_key_der.size() != kPointAt + kPointBytes) return std::nullopt;
  Parts parts = {.scalar = std::string(private_key_der.substr(kScalarAt, kNumberBytes)),
                 .point = std::string(private_key_der.substr(kPointAt))};
  if (private_key_der != PrivateKeyInfo(parts)) return std::nullopt;
  return parts;
}

}  // namespace

absl::StatusOr<PrivateKey> Encode(const EVP_PKEY* key) {
  Parts parts = {.scalar = Number(key, OSSL_PKEY_PARAM_PRIV_KEY), .point = Point(key)};
  if (parts.scalar.empty() || parts.point.empty()) {
    return absl::InternalError("cannot read the numbers of a P-256 key");
  }
  PrivateKey encoded;
  encoded.algorithm = KeyAlgorithm::kEccP256;
  encoded.private_key_der = PrivateKeyInfo(parts);
  encoded.public_key_der = PublicKeyInfo(parts.point);
  Wipe(parts.scalar);
  return encoded;
}

std::string PublicKeyDer(const EVP_PKEY* key) {
  const std::string point = Point(key);
  return point.empty() ? "" : PublicKeyInfo(point);
}

bool IsPublicKeyDer(absl::string_view der) {
  return der.size() > kPointBytes && der[der.size() - kPointBytes] == '\x04' &&
         der == PublicKeyInfo(der.substr(der.size() - kPointBytes));
}

KeyPtr Decode(absl::string_view private_key_der) {
  std::optional<Parts> parts = Read(private_key_der);
  if (!parts) return nullptr;
  const BignumPtr number(
      BN_bin2bn(Bytes(parts->scalar), static_cast<int>(parts->scalar.size()), nullptr));
  Wipe(parts->scalar);
  const ParametersBuilderPtr builder(OSSL_PARAM_BLD_new());
  const bool is_described =
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
          1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, parts->point.data(),
                                       parts->point.size()) == 1 &&
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) == 1;
  const ParametersPtr parameters(is_described ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1) {
    return nullptr;
  }
  return KeyPtr(key);
}

std::string Sec1Of(absl::string_view private_key_der) {
  std::optional<Parts> parts = Read(private_key_der);
  if (!parts) return "";
  std::string sec1 = der::Sequence({der::Integer("\x01"), der::OctetString(parts->scalar),
                                    der::Explicit(0, der::ObjectId(kPrime256v1)),
                                    der::Explicit(1, der::BitString(parts->point))});
  Wipe(parts->scalar);
  return sec1;
}

}  // namespace certwright::p256
