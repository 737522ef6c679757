#include "core/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cassert>
#include <memory>

#include "absl/strings/escaping.h"

namespace certwright {
namespace {

const unsigned char* Bytes(absl::string_view text) {
  // An empty view may hold no pointer, which OpenSSL reads as "keep the last key".
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}

// Fetching an algorithm and making a context cost more than a short digest, so a thread does both
// once. An OpenSSL that cannot do SHA-1 or SHA-256 is no OpenSSL that this program runs with.
class Digest {
 public:
  explicit Digest(const char* name)
      : algorithm_(EVP_MD_fetch(nullptr, name, nullptr), EVP_MD_free),
        context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    assert(algorithm_ != nullptr && context_ != nullptr);
  }

  std::string Of(absl::string_view bytes) {
    std::array<char, EVP_MAX_MD_SIZE> digest;
    unsigned int size = 0;
    const bool done =
        EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1 &&
        EVP_DigestUpdate(context_.get(), Bytes(bytes), bytes.size()) == 1 &&
        EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()),
                           &size) == 1;
    assert(done);
    static_cast<void>(done);
    return std::string(digest.data(), size);
  }

 private:
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

class Hmac {
 public:
  explicit Hmac(std::string digest)
      : algorithm_(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr), EVP_MAC_free),
        context_(EVP_MAC_CTX_new(algorithm_.get()), EVP_MAC_CTX_free) {
    const std::array<OSSL_PARAM, 2> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_end()};
    const bool done = EVP_MAC_CTX_set_params(context_.get(), parameters.data()) == 1;
    assert(done);
    static_cast<void>(done);
  }

  std::string Of(absl::string_view key, absl::string_view bytes) {
    std::array<char, EVP_MAX_MD_SIZE> mac;
    std::size_t size = 0;
    const bool done = EVP_MAC_init(context_.get(), Bytes(key), key.size(), nullptr) == 1 &&
                      EVP_MAC_update(context_.get(), Bytes(bytes), bytes.size()) == 1 &&
                      EVP_MAC_final(context_.get(), reinterpret_cast<unsigned char*>(mac.data()),
                                    &size, mac.size()) == 1;
    assert(done);
    static_cast<void>(done);
    return std::string(mac.data(), size);
  }

 private:
  std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm_;
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context_;
};

std::string Hex(absl::string_view bytes, const char* digits) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

}  // namespace

std::string Md5(absl::string_view bytes) {
  thread_local Digest digest("MD5");
  return digest.Of(bytes);
}

std::string Sha1(absl::string_view bytes) {
  thread_local Digest digest("SHA1");
  return digest.Of(bytes);
}

std::string Sha256(absl::string_view bytes) {
  thread_local Digest digest("SHA256");
  return digest.Of(bytes);
}

std::string HmacSha1(absl::string_view key, absl::string_view bytes) {
  thread_local Hmac hmac("SHA1");
  return hmac.Of(key, bytes);
}

std::string HmacSha256(absl::string_view key, absl::string_view bytes) {
  thread_local Hmac hmac("SHA256");
  return hmac.Of(key, bytes);
}

std::string LowerHex(absl::string_view bytes) { return Hex(bytes, "0123456789abcdef"); }

std::string UpperHex(absl::string_view bytes) { return Hex(bytes, "0123456789ABCDEF"); }

std::string Base64(absl::string_view bytes) { return absl::Base64Escape(bytes); }

std::optional<std::string> FromBase64(absl::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes)) return std::nullopt;
  // Abseil also takes blanks, missing padding and stray bits: only the canonical form comes back.
  if (absl::Base64Escape(bytes) != text) return std::nullopt;
  return bytes;
}

bool EqualInConstantTime(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(Bytes(a), Bytes(b), a.size()) == 0;
}

}  // namespace certwright
