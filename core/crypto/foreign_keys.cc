#include "core/crypto/foreign_keys.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdint>
#include <string>

namespace certwright {
namespace {

constexpr std::uint64_t kMaxRounds = 2'000'000;
// Cost times block size times lanes, as scrypt counts: 2^17 is its usual setting.
constexpr std::uint64_t kMaxScryptWork = 1 << 20;
constexpr std::uint64_t kTooMany = UINT64_MAX;

void FreeText(char* text) { OPENSSL_free(text); }
void FreeBytes(unsigned char* bytes) { OPENSSL_free(bytes); }

std::uint64_t ValueOf(const ASN1_INTEGER* number) {
  std::uint64_t value = kTooMany;
  if (number == nullptr || ASN1_INTEGER_get_uint64(&value, number) != 1) return kTooMany;
  return value;
}

bool IsCheap(const PBKDF2PARAM* parameters) {
  return parameters != nullptr && ValueOf(parameters->iter) <= kMaxRounds;
}

bool IsCheap(const PBEPARAM* parameters) {
  return parameters != nullptr && ValueOf(parameters->iter) <= kMaxRounds;
}

bool IsCheap(const SCRYPT_PARAMS* parameters) {
  if (parameters == nullptr) return false;
  std::uint64_t work = 1;
  for (const ASN1_INTEGER* factor :
       {parameters->costParameter, parameters->blockSize, parameters->parallelizationParameter}) {
    const std::uint64_t value = ValueOf(factor);
    if (value == 0 || value > kMaxScryptWork / work) return false;
    work *= value;
  }
  return true;
}

template <typename T, auto free_function>
bool IsCheapAs(const ASN1_ITEM* kind, const ASN1_TYPE* parameters) {
  const OpenSslPtr<T, free_function> unpacked(
      static_cast<T*>(ASN1_TYPE_unpack_sequence(kind, parameters)));
  return IsCheap(unpacked.get());
}

bool IsCheap(const X509_ALGOR* derivation) {
  switch (OBJ_obj2nid(derivation->algorithm)) {
    case NID_id_pbkdf2:
      return IsCheapAs<PBKDF2PARAM, PBKDF2PARAM_free>(ASN1_ITEM_rptr(PBKDF2PARAM),
                                                      derivation->parameter);
    case NID_id_scrypt:
      return IsCheapAs<SCRYPT_PARAMS, SCRYPT_PARAMS_free>(ASN1_ITEM_rptr(SCRYPT_PARAMS),
                                                          derivation->parameter);
    case NID_pbes2: {
      const OpenSslPtr<PBE2PARAM, PBE2PARAM_free> both(static_cast<PBE2PARAM*>(
          ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), derivation->parameter)));
      return both != nullptr && OBJ_obj2nid(both->keyfunc->algorithm) != NID_pbes2 &&
             IsCheap(both->keyfunc);
    }
    default:
      return IsCheapAs<PBEPARAM, PBEPARAM_free>(ASN1_ITEM_rptr(PBEPARAM), derivation->parameter);
  }
}

bool IsBlockCheap(absl::string_view label, const unsigned char* der, long length) {
  if (label != PEM_STRING_PKCS8) return true;
  const OpenSslPtr<X509_SIG, X509_SIG_free> encrypted(d2i_X509_SIG(nullptr, &der, length));
  if (encrypted == nullptr) return true;
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(encrypted.get(), &algorithm, nullptr);
  return IsCheap(algorithm);
}

// Of the numbers that a signature computes with: OpenSSL takes any, and any time for them.
bool HasUsualSize(const EVP_PKEY* key) {
  constexpr int kMaxBits = 8192;
  if (EVP_PKEY_is_a(key, "RSA") != 1) return true;
  const int modulus_bits = EVP_PKEY_get_bits(key);
  if (modulus_bits > kMaxBits) return false;
  for (const char* name :
       {OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
        OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    BIGNUM* number = nullptr;
    const bool is_usual =
        EVP_PKEY_get_bn_param(key, name, &number) != 1 || BN_num_bits(number) <= modulus_bits;
    BN_clear_free(number);
    if (!is_usual) return false;
  }
  return true;
}

}  // namespace

bool IsCheapToOpen(absl::string_view pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  bool is_cheap = true;
  while (is_cheap) {
    char* label = nullptr;
    char* header = nullptr;
    unsigned char* der = nullptr;
    long length = 0;
    if (PEM_read_bio(bio.get(), &label, &header, &der, &length) != 1) break;
    const OpenSslPtr<char, FreeText> label_owner(label);
    const OpenSslPtr<char, FreeText> header_owner(header);
    const OpenSslPtr<unsigned char, FreeBytes> der_owner(der);
    is_cheap = IsBlockCheap(label, der, length);
  }
  ERR_clear_error();
  return is_cheap;
}

bool IsConsistent(EVP_PKEY* key) {
  constexpr absl::string_view kMessage = "certwright";
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  std::string signature(size, '\0');
  const DigestContextPtr signer(EVP_MD_CTX_new());
  const DigestContextPtr verifier(EVP_MD_CTX_new());
  const bool is_consistent =
      HasUsualSize(key) &&
      EVP_DigestSignInit_ex(signer.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) == 1 &&
      EVP_DigestSign(signer.get(), Bytes(signature), &size, Bytes(kMessage), kMessage.size()) ==
          1 &&
      EVP_DigestVerifyInit_ex(verifier.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) ==
          1 &&
      EVP_DigestVerify(verifier.get(), Bytes(signature), size, Bytes(kMessage), kMessage.size()) ==
          1;
  ERR_clear_error();
  return is_consistent;
}

}  // namespace certwright
