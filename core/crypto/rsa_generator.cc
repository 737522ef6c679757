#include "core/crypto/rsa_generator.h"

#include <nettle/rsa.h>
#include <openssl/rand.h>

#include <cstdlib>

#include "core/crypto/der.h"
#include "core/crypto/openssl.h"

namespace certwright {
namespace {

constexpr char kRsaEncryption[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";

void FillRandom(void*, std::size_t length, std::uint8_t* bytes) {
  // No key is better than a guessable one.
  if (RAND_priv_bytes(bytes, static_cast<int>(length)) != 1) std::abort();
}

std::string Number(const mpz_t number) {
  std::string bytes((mpz_sizeinbase(number, 2) + 7) / 8, '\0');
  mpz_export(bytes.data(), nullptr, 1, 1, 1, 0, number);
  std::string element = der::Integer(bytes);
  Wipe(bytes);
  return element;
}

class NettleKey {
 public:
  NettleKey() {
    rsa_public_key_init(&public_half);
    rsa_private_key_init(&private_half);
    mpz_set_ui(public_half.e, 65537);
  }
  ~NettleKey() {
    rsa_public_key_clear(&public_half);
    rsa_private_key_clear(&private_half);
  }
  NettleKey(const NettleKey&) = delete;
  NettleKey& operator=(const NettleKey&) = delete;

  rsa_public_key public_half;
  rsa_private_key private_half;
};

absl::StatusOr<PrivateKey> Generate(unsigned bits, KeyAlgorithm algorithm_of_bits) {
  NettleKey key;
  // A size of 0 keeps the exponent that was set.
  if (rsa_generate_keypair(&key.public_half, &key.private_half, nullptr, FillRandom, nullptr,
                           nullptr, bits, 0) != 1) {
    return absl::InternalError("cannot make an RSA key");
  }
  const std::string zero = der::Integer(absl::string_view("\0", 1));
  const std::string algorithm = der::Sequence({der::ObjectId(kRsaEncryption), der::Element(5, "")});
  const std::string modulus = Number(key.public_half.n);
  const std::string exponent = Number(key.public_half.e);
  std::string inner = der::Sequence({zero, modulus, exponent, Number(key.private_half.d),
                                     Number(key.private_half.p), Number(key.private_half.q),
                                     Number(key.private_half.a), Number(key.private_half.b),
                                     Number(key.private_half.c)});
  PrivateKey encoded;
  encoded.algorithm = algorithm_of_bits;
  encoded.private_key_der = der::Sequence({zero, algorithm, der::OctetString(inner)});
  encoded.public_key_der =
      der::Sequence({algorithm, der::BitString(der::Sequence({modulus, exponent}))});
  Wipe(inner);
  return encoded;
}

}  // namespace

absl::StatusOr<PrivateKey> GenerateRsa2048() { return Generate(2048, KeyAlgorithm::kRsa2048); }

absl::StatusOr<PrivateKey> GenerateRsa4096() { return Generate(4096, KeyAlgorithm::kRsa4096); }

}  // namespace certwright
