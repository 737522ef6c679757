#include "core/crypto/keys.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/evp_keys.h"
#include "core/crypto/foreign_keys.h"
#include "core/crypto/p256.h"
#include "core/crypto/pem.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxKeyPemBytes = 64 * 1024;
constexpr int kSaltBytes = 16;
constexpr int kKeyRounds = 600'000;

using KeyInfoPtr = OpenSslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

// What a "RSA PRIVATE KEY" block holds; "" where the key is no RSA key.
std::string Pkcs1Of(absl::string_view private_key_der) {
  const unsigned char* at = Bytes(private_key_der);
  const KeyInfoPtr info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(private_key_der.size())));
  const ASN1_OBJECT* algorithm = nullptr;
  const unsigned char* bytes = nullptr;
  int length = 0;
  const bool is_rsa = info != nullptr &&
                      PKCS8_pkey_get0(&algorithm, &bytes, &length, nullptr, info.get()) == 1 &&
                      OBJ_obj2nid(algorithm) == NID_rsaEncryption;
  ERR_clear_error();
  if (!is_rsa) return "";
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

int PasswordCallback(char* buffer, int size, int, void* data) {
  const auto& password = *static_cast<const absl::string_view*>(data);
  if (password.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(password.begin(), password.end(), buffer);
  return static_cast<int>(password.size());
}

KeyPtr MakeEvpKey(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::kRsa2048:
      return KeyPtr(EVP_RSA_gen(2048));
    case KeyAlgorithm::kRsa3072:
      return KeyPtr(EVP_RSA_gen(3072));
    case KeyAlgorithm::kRsa4096:
      return KeyPtr(EVP_RSA_gen(4096));
    case KeyAlgorithm::kEccP256:
      return KeyPtr(EVP_EC_gen("P-256"));
    case KeyAlgorithm::kEccP384:
      return KeyPtr(EVP_EC_gen("P-384"));
    case KeyAlgorithm::kOther:
      break;
  }
  return nullptr;
}

}  // namespace

KeyAlgorithm RsaAlgorithm(int bits) {
  switch (bits) {
    case 2048:
      return KeyAlgorithm::kRsa2048;
    case 3072:
      return KeyAlgorithm::kRsa3072;
    case 4096:
      return KeyAlgorithm::kRsa4096;
    default:
      return KeyAlgorithm::kOther;
  }
}

KeyAlgorithm AlgorithmOf(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA")) return RsaAlgorithm(EVP_PKEY_get_bits(key));
  char group[64] = "";
  if (EVP_PKEY_is_a(key, "EC")) {
    // A curve spelt out may be any curve, and no browser takes the certificate.
    char encoding[16] = "";
    (void)EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, encoding,
                                         sizeof encoding, nullptr);
    if (absl::string_view(encoding) == OSSL_PKEY_EC_ENCODING_EXPLICIT) return KeyAlgorithm::kOther;
    (void)EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                         nullptr);
  }
  const absl::string_view name(group);
  if (name == "prime256v1" || name == "P-256") return KeyAlgorithm::kEccP256;
  if (name == "secp384r1" || name == "P-384") return KeyAlgorithm::kEccP384;
  return KeyAlgorithm::kOther;
}

std::string DescribeKey(const EVP_PKEY* key) {
  const KeyAlgorithm algorithm = AlgorithmOf(key);
  if (algorithm != KeyAlgorithm::kOther) return KeyDescription(algorithm);
  const char* kind = EVP_PKEY_is_a(key, "RSA")   ? "RSA"
                     : EVP_PKEY_is_a(key, "EC")  ? "ECC"
                     : EVP_PKEY_is_a(key, "SM2") ? "SM2"
                                                 : EVP_PKEY_get0_type_name(key);
  return absl::StrCat(kind == nullptr ? "unknown" : kind, " ", EVP_PKEY_get_bits(key));
}

std::string PublicKeyDer(EVP_PKEY* key) {
  if (AlgorithmOf(key) == KeyAlgorithm::kEccP256) return p256::PublicKeyDer(key);
  unsigned char* bytes = nullptr;
  const int length = i2d_PUBKEY(key, &bytes);
  std::string encoded;
  if (length > 0) encoded.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return encoded;
}

absl::StatusOr<KeyPtr> KeyFromDer(absl::string_view private_key_der) {
  if (KeyPtr key = p256::Decode(private_key_der); key != nullptr) return key;
  const unsigned char* at = Bytes(private_key_der);
  KeyPtr key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(private_key_der.size())));
  ERR_clear_error();
  if (key == nullptr) return absl::DataLossError("a stored private key does not parse");
  return key;
}

absl::StatusOr<PrivateKey> EncodeKey(EVP_PKEY* key) {
  const KeyAlgorithm algorithm = AlgorithmOf(key);
  if (algorithm == KeyAlgorithm::kEccP256) return p256::Encode(key);
  const KeyInfoPtr info(EVP_PKEY2PKCS8(key));
  unsigned char* bytes = nullptr;
  const int length = info == nullptr ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info.get(), &bytes);
  if (length <= 0) return absl::InternalError("cannot encode a private key");
  PrivateKey encoded;
  encoded.algorithm = algorithm;
  encoded.private_key_der.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(length));
  encoded.public_key_der = PublicKeyDer(key);
  return encoded;
}

absl::StatusOr<PrivateKey> GenerateKey(KeyAlgorithm algorithm) {
  const KeyPtr key = MakeEvpKey(algorithm);
  if (key == nullptr) return absl::InternalError("cannot make a key of this algorithm");
  return EncodeKey(key.get());
}

absl::StatusOr<PrivateKey> ParsePrivateKeyPem(absl::string_view pem, absl::string_view password) {
  if (pem.size() > kMaxKeyPemBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", pem.size(), " bytes; at most ", kMaxKeyPemBytes, " are allowed"));
  }
  pem = absl::StripAsciiWhitespace(pem);
  if (!IsCheapToOpen(pem)) {
    return absl::InvalidArgumentError("its encryption asks for too many rounds of key derivation");
  }
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, PasswordCallback, &password));
  ERR_clear_error();
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        "it is no PEM private key (PKCS#8, PKCS#1 or SEC 1) that opens with the given password");
  }
  if (!IsConsistent(key.get())) {
    return absl::InvalidArgumentError(
        "its private and public halves do not belong together, or it cannot sign");
  }
  return EncodeKey(key.get());
}

absl::StatusOr<std::string> PrivateKeyPem(absl::string_view private_key_der) {
  if (const std::string sec1 = p256::Sec1Of(private_key_der); !sec1.empty()) {
    return Pem("EC PRIVATE KEY", sec1);
  }
  if (const std::string pkcs1 = Pkcs1Of(private_key_der); !pkcs1.empty()) {
    return Pem("RSA PRIVATE KEY", pkcs1);
  }
  ASSIGN_OR_RETURN(const KeyPtr key, KeyFromDer(private_key_der));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  const int is_written = EVP_PKEY_is_a(key.get(), "EC")
                             ? PEM_write_bio_PrivateKey_traditional(bio.get(), key.get(), nullptr,
                                                                    nullptr, 0, nullptr, nullptr)
                             : PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr,
                                                             0, nullptr, nullptr);
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  if (is_written != 1 || length <= 0) return absl::InternalError("cannot write a key as PEM");
  return std::string(text, static_cast<std::size_t>(length));
}

absl::StatusOr<std::string> EncryptedPrivateKeyPem(absl::string_view private_key_der,
                                                   absl::string_view password) {
  const unsigned char* at = Bytes(private_key_der);
  const KeyInfoPtr info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(private_key_der.size())));
  const OpenSslPtr<X509_SIG, X509_SIG_free> encrypted(
      info == nullptr
          ? nullptr
          : PKCS8_encrypt(-1, EVP_aes_256_cbc(), password.data(), static_cast<int>(password.size()),
                          nullptr, kSaltBytes, kKeyRounds, info.get()));
  unsigned char* bytes = nullptr;
  const int length = encrypted == nullptr ? 0 : i2d_X509_SIG(encrypted.get(), &bytes);
  ERR_clear_error();
  if (length <= 0) return absl::InternalError("cannot encrypt a private key");
  std::string pem =
      Pem("ENCRYPTED PRIVATE KEY",
          absl::string_view(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length)));
  OPENSSL_free(bytes);
  return pem;
}

std::string KeyDescription(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::kRsa2048:
      return "RSA 2048";
    case KeyAlgorithm::kRsa3072:
      return "RSA 3072";
    case KeyAlgorithm::kRsa4096:
      return "RSA 4096";
    case KeyAlgorithm::kEccP256:
      return "ECC 256";
    case KeyAlgorithm::kEccP384:
      return "ECC 384";
    case KeyAlgorithm::kOther:
      break;
  }
  return "";
}

}  // namespace certwright
