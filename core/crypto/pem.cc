#include "core/crypto/pem.h"

#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"

namespace certwright {

std::string Pem(absl::string_view label, absl::string_view der) {
  constexpr std::size_t kLine = 64;
  const std::string text = Base64(der);
  std::string pem = absl::StrCat("-----BEGIN ", label, "-----\n");
  for (std::size_t at = 0; at < text.size(); at += kLine) {
    absl::StrAppend(&pem, text.substr(at, kLine), "\n");
  }
  absl::StrAppend(&pem, "-----END ", label, "-----\n");
  return pem;
}

}  // namespace certwright
