#include "bench/limits.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace certwright::bench {
namespace {

double Repeat(absl::Duration time, const std::function<void()>& once) {
  const absl::Time start = absl::Now();
  std::int64_t count = 0;
  absl::Time now = start;
  for (; now - start < time; now = absl::Now()) {
    once();
    ++count;
  }
  return static_cast<double>(count) / absl::ToDoubleSeconds(now - start);
}

}  // namespace

double DurableWritesPerSecond(const std::string& folder, absl::Duration time) {
  const std::string path = absl::StrCat(folder, "/durable");
  const int file = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  const std::string page(4096, 'x');
  const double rate = Repeat(time, [&] {
    if (write(file, page.data(), page.size()) < 0 || fdatasync(file) != 0) std::exit(1);
  });
  close(file);
  unlink(path.c_str());
  return rate;
}

double SignaturesPerSecond(absl::Duration time) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
  EVP_PKEY_sign_init(context);
  unsigned char digest[32] = {1, 2, 3};
  unsigned char signature[80];
  const double rate = Repeat(time, [&] {
    std::size_t length = sizeof signature;
    if (EVP_PKEY_sign(context, signature, &length, digest, sizeof digest) != 1) std::exit(1);
  });
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return rate;
}

}  // namespace certwright::bench
