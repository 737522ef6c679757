#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "core/crypto/bundle.h"
#include "core/crypto/evp_keys.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr int kIterations = 2048;

void FreeStack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }

X509* ParseCertificate(const std::string& der) {
  const unsigned char* at = Bytes(der);
  return d2i_X509(nullptr, &at, static_cast<long>(der.size()));
}

}  // namespace

absl::StatusOr<std::string> MakePfx(const KeyStoreEntry& entry, absl::string_view password) {
  ASSIGN_OR_RETURN(const KeyPtr key, KeyFromDer(entry.private_key_der));
  if (entry.chain_der.empty()) return absl::InvalidArgumentError("a key store needs a certificate");
  const X509Ptr leaf(ParseCertificate(entry.chain_der.front()));
  if (leaf == nullptr)
    return absl::InvalidArgumentError("a key store's certificate does not parse");
  const OpenSslPtr<STACK_OF(X509), FreeStack> chain(sk_X509_new_null());
  for (std::size_t i = 1; i < entry.chain_der.size(); ++i) {
    X509* certificate = ParseCertificate(entry.chain_der[i]);
    if (certificate != nullptr) sk_X509_push(chain.get(), certificate);
  }
  const OpenSslPtr<PKCS12, PKCS12_free> store(
      PKCS12_create(std::string(password).c_str(), entry.alias.c_str(), key.get(), leaf.get(),
                    chain.get(), NID_aes_256_cbc, NID_aes_256_cbc, kIterations, kIterations, 0));
  unsigned char* bytes = nullptr;
  const int length = store == nullptr ? 0 : i2d_PKCS12(store.get(), &bytes);
  ERR_clear_error();
  if (length <= 0) return absl::InternalError("cannot make a PKCS#12 store");
  std::string encoded(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return encoded;
}

}  // namespace certwright
