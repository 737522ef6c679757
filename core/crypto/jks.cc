// The Java key store format, version 2, as every JDK since 1.2 reads it.
#include <openssl/err.h>
#include <openssl/rand.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/crypto/bundle.h"
#include "core/crypto/der.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl.h"

namespace certwright {
namespace {

constexpr std::size_t kSaltBytes = 20;
// 1.3.6.1.4.1.42.2.17.1.1: Sun's key protector.
constexpr char kKeyProtector[] = "\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01";

std::string BigEndian(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>((value >> shift) & 0xff);
  }
  return text;
}

// A string as java.io.DataOutput.writeUTF writes it; ours are ASCII.
std::string Utf(absl::string_view text) { return absl::StrCat(BigEndian(text.size(), 2), text); }

std::string Sized(absl::string_view bytes) {
  return absl::StrCat(BigEndian(bytes.size(), 4), bytes);
}

// UTF-16BE, as Java holds its characters. Nothing for what is not UTF-8.
std::optional<std::string> Utf16(absl::string_view text) {
  unsigned char* wide = nullptr;
  int length = 0;
  if (OPENSSL_utf82uni(text.data(), static_cast<int>(text.size()), &wide, &length) == nullptr) {
    return std::nullopt;
  }
  // OpenSSL ends it with a NUL of two bytes.
  std::string password(reinterpret_cast<const char*>(wide), static_cast<std::size_t>(length) - 2);
  OPENSSL_clear_free(wide, static_cast<std::size_t>(length));
  return password;
}

// XOR with a keystream of SHA-1 blocks chained from a salt, then SHA-1 over password and key.
std::string Protect(absl::string_view key, absl::string_view wide_password,
                    const std::string& salt) {
  std::string hidden(key);
  std::string block = salt;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (i % kSaltBytes == 0) block = Sha1(absl::StrCat(wide_password, block));
    hidden[i] = static_cast<char>(hidden[i] ^ block[i % kSaltBytes]);
  }
  return absl::StrCat(salt, hidden, Sha1(absl::StrCat(wide_password, key)));
}

}  // namespace

absl::StatusOr<std::string> MakeJks(const KeyStoreEntry& entry, absl::string_view password) {
  std::string salt(kSaltBytes, '\0');
  if (RAND_bytes(Bytes(salt), static_cast<int>(salt.size())) != 1) {
    return absl::InternalError("no random bytes for a key store");
  }
  const std::optional<std::string> wide_password = Utf16(password);
  if (!wide_password) return absl::InvalidArgumentError("a key store's password must be UTF-8");
  const std::string protected_key =
      der::Sequence({der::Sequence({der::ObjectId(kKeyProtector), der::Element(5, "")}),
                     der::OctetString(Protect(entry.private_key_der, *wide_password, salt))});
  std::string store = absl::StrCat(
      BigEndian(0xfeedfeed, 4), BigEndian(2, 4), BigEndian(1, 4), BigEndian(1, 4), Utf(entry.alias),
      BigEndian(static_cast<std::uint64_t>(absl::ToUnixMillis(entry.created)), 8),
      Sized(protected_key), BigEndian(entry.chain_der.size(), 4));
  for (const std::string& certificate : entry.chain_der) {
    absl::StrAppend(&store, Utf("X.509"), Sized(certificate));
  }
  absl::StrAppend(&store, Sha1(absl::StrCat(*wide_password, "Mighty Aphrodite", store)));
  return store;
}

}  // namespace certwright
