#include "bench/tls_files.h"

#include <sys/stat.h>

#include <fstream>

#include "absl/time/clock.h"
#include "core/crypto/certificate_builder.h"
#include "core/crypto/keys.h"
#include "core/crypto/signing_key.h"
#include "core/crypto/x509.h"

namespace certwright::bench {

std::vector<std::string> TlsFlags(const std::string& folder) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
  const auto signer = *SigningKey::Parse(key.private_key_der);
  const std::string name = NameDer("Benchmarks", "localhost");
  const CertificateParts parts = {.serial_number = "\x01\x01",
                                  .signature_algorithm_der = signer->signature_algorithm_der(),
                                  .issuer_name_der = name,
                                  .issuer_public_key_der = key.public_key_der,
                                  .subject_name_der = name,
                                  .public_key_der = key.public_key_der,
                                  .not_before = absl::Now() - absl::Hours(1),
                                  .not_after = absl::Now() + absl::Hours(24)};
  const std::string certificate =
      *SignCertificate(ServerCertificateTbs(parts, {"localhost"}, false), *signer);
  const std::string certificate_file = folder + "/tls.pem";
  const std::string key_file = folder + "/tls.key";
  std::ofstream(certificate_file) << CertificatesPem({certificate});
  std::ofstream(key_file) << *PrivateKeyPem(key.private_key_der);
  chmod(key_file.c_str(), S_IRUSR | S_IWUSR);
  return {"--tls-cert", certificate_file, "--tls-key", key_file,
          "--https",    "127.0.0.1:0",    "--grpcs",   "127.0.0.1:0"};
}

}  // namespace certwright::bench
