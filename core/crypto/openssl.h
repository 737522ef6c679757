// OpenSSL's objects as owned values. Only sources of core/crypto include this.
#ifndef CERTWRIGHT_CORE_CRYPTO_OPENSSL_H_
#define CERTWRIGHT_CORE_CRYPTO_OPENSSL_H_

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace certwright {

template <auto free_function>
struct OpenSslFree {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};

template <typename T, auto free_function>
using OpenSslPtr = std::unique_ptr<T, OpenSslFree<free_function>>;

using BioPtr = OpenSslPtr<BIO, BIO_free_all>;
using CipherContextPtr = OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using DigestContextPtr = OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using KeyContextPtr = OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using GeneralNamesPtr = OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using X509Ptr = OpenSslPtr<X509, X509_free>;
using X509RequestPtr = OpenSslPtr<X509_REQ, X509_REQ_free>;

inline const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// Overwrites `secret` in a way that the optimizer keeps.
inline void Wipe(std::string& secret) { OPENSSL_cleanse(secret.data(), secret.size()); }

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CRYPTO_OPENSSL_H_
