#include "core/crypto/sealer.h"

#include <cassert>
#include <limits>

#include "absl/status/status.h"
#include "core/crypto/openssl.h"

namespace certwright {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kOverhead = 1 + kNonceSize + kTagSize;

const EVP_CIPHER* Aes256Gcm() {
  // Fetching costs more than sealing a short secret does.
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  assert(cipher != nullptr);
  return cipher;
}

int Length(absl::string_view text) {
  assert(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(text.size());
}

absl::Status Unreadable() {
  return absl::DataLossError("a sealed secret does not open: wrong master key, or changed bytes");
}

}  // namespace

Sealer::Sealer(absl::string_view master_key, Random& random)
    : master_key_(master_key), random_(random) {
  assert(master_key_.size() == kKeySize);
}

Sealer::~Sealer() { Wipe(master_key_); }

// One key with random 96-bit nonces is good for 2^32 secrets (NIST SP 800-38D, 8.3).
std::string Sealer::Seal(absl::string_view place, absl::string_view secret) const {
  std::string sealed(kOverhead + secret.size(), '\0');
  sealed[0] = kVersion;
  unsigned char* const nonce = Bytes(sealed) + 1;
  unsigned char* const text = nonce + kNonceSize;
  random_.Fill(nonce, kNonceSize);

  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  int written = 0;
  [[maybe_unused]] const bool is_sealed =
      context != nullptr &&
      EVP_EncryptInit_ex2(context.get(), Aes256Gcm(), Bytes(master_key_), nonce, nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &written, Bytes(place), Length(place)) == 1 &&
      EVP_EncryptUpdate(context.get(), text, &written, Bytes(secret), Length(secret)) == 1 &&
      EVP_EncryptFinal_ex(context.get(), text + secret.size(), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, text + secret.size()) == 1;
  assert(is_sealed);
  return sealed;
}

absl::StatusOr<std::string> Sealer::Open(absl::string_view place, absl::string_view sealed) const {
  if (sealed.size() < kOverhead || sealed[0] != kVersion) return Unreadable();
  const unsigned char* const nonce = Bytes(sealed) + 1;
  const absl::string_view text = sealed.substr(1 + kNonceSize, sealed.size() - kOverhead);
  std::string tag(sealed.substr(sealed.size() - kTagSize));

  std::string secret(text.size(), '\0');
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool is_opened =
      context != nullptr &&
      EVP_DecryptInit_ex2(context.get(), Aes256Gcm(), Bytes(master_key_), nonce, nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &written, Bytes(place), Length(place)) == 1 &&
      EVP_DecryptUpdate(context.get(), Bytes(secret), &written, Bytes(text), Length(text)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), Bytes(secret) + secret.size(), &written) == 1;
  if (is_opened) return secret;
  Wipe(secret);
  return Unreadable();
}

}  // namespace certwright
