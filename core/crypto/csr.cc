#include "core/crypto/csr.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/certificate_builder.h"
#include "core/crypto/der.h"
#include "core/crypto/evp_keys.h"
#include "core/crypto/names.h"
#include "core/crypto/outline.h"
#include "core/crypto/pem.h"
#include "core/crypto/signing_key.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxCsrPemBytes = 64 * 1024;
constexpr char kEmailAddress[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01";
constexpr char kExtensionRequest[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e";
constexpr unsigned char kPrintableString = 0x13;
constexpr unsigned char kIa5String = 0x16;

// A request is never encrypted; without this OpenSSL would ask at the terminal.
int NoPassword(char*, int, int, void*) { return -1; }

bool IsOddAndNot(const EVP_PKEY* key, const char* parameter, BN_ULONG word) {
  BIGNUM* number = nullptr;
  const bool is_sound = EVP_PKEY_get_bn_param(key, parameter, &number) == 1 &&
                        BN_is_odd(number) == 1 && !BN_is_word(number, word);
  BN_free(number);
  return is_sound;
}

// Exponent 1 and even moduli sign whatever one likes. OpenSSL's own check of RSA keys takes 3 ms
// to find as much. Curve points are checked while they are parsed.
bool IsSoundPublicKey(const EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "RSA") != 1 ||
         (IsOddAndNot(key, OSSL_PKEY_PARAM_RSA_E, 1) && IsOddAndNot(key, OSSL_PKEY_PARAM_RSA_N, 1));
}

absl::StatusOr<std::vector<std::string>> NamesOf(X509_REQ* request) {
  const OpenSslPtr<STACK_OF(X509_EXTENSION), FreeExtensions> extensions(
      X509_REQ_get_extensions(request));
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
  return NamesIn(names.get());
}

std::string Attribute(absl::string_view id, absl::string_view text) {
  return der::Set(der::Sequence({der::ObjectId(id), text}));
}

// The order is the usual one, from the country to the name.
std::string SubjectDer(const CsrSubject& subject) {
  return der::Sequence({
      Attribute("\x55\x04\x06",
                der::Element(kPrintableString, absl::AsciiStrToUpper(subject.country))),
      Attribute("\x55\x04\x08", der::Utf8String(subject.province)),
      Attribute("\x55\x04\x07", der::Utf8String(subject.city)),
      Attribute("\x55\x04\x0a", der::Utf8String(subject.organization)),
      Attribute("\x55\x04\x0b", der::Utf8String(subject.department)),
      Attribute("\x55\x04\x03", der::Utf8String(subject.domain)),
      Attribute(kEmailAddress, der::Element(kIa5String, subject.email)),
  });
}

absl::StatusOr<std::string> SignRequest(const PrivateKey& key, absl::string_view name_der,
                                        const std::vector<std::string>& names) {
  ASSIGN_OR_RETURN(const std::unique_ptr<SigningKey> signer,
                   SigningKey::Parse(key.private_key_der));
  const std::string extensions = der::Sequence({SubjectAltNameExtension(names)});
  const std::string attribute =
      der::Sequence({der::ObjectId(kExtensionRequest), der::Set(extensions)});
  const std::string info = der::Sequence({der::Integer(absl::string_view("\0", 1)), name_der,
                                          key.public_key_der, der::Explicit(0, attribute)});
  ASSIGN_OR_RETURN(const std::string signature, signer->Sign(info));
  return der::Sequence({info, signer->signature_algorithm_der(), der::BitString(signature)});
}

}  // namespace

absl::StatusOr<Csr> ParseCsrPem(absl::string_view pem) {
  if (pem.size() > kMaxCsrPemBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", pem.size(), " bytes; at most ", kMaxCsrPemBytes, " are allowed"));
  }
  pem = absl::StripAsciiWhitespace(pem);
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509RequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, NoPassword, nullptr));
  const KeyPtr key(request == nullptr ? nullptr : X509_REQ_get_pubkey(request.get()));
  const bool is_signed = key != nullptr && X509_REQ_verify(request.get(), key.get()) == 1;
  ERR_clear_error();
  if (request == nullptr) return absl::InvalidArgumentError("it is no PEM certificate request");
  if (!is_signed) {
    return absl::InvalidArgumentError("it is not signed by the key that it holds");
  }
  if (!IsSoundPublicKey(key.get())) {
    return absl::InvalidArgumentError("its public key is weak: take a fresh one");
  }
  unsigned char* bytes = nullptr;
  const int length = i2d_X509_REQ(request.get(), &bytes);
  if (length <= 0) return absl::InternalError("cannot encode a certificate request");
  Csr csr;
  csr.der.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  ASSIGN_OR_RETURN(csr.common_name, CommonNameOf(X509_REQ_get_subject_name(request.get())));
  absl::AsciiStrToLower(&csr.common_name);
  ASSIGN_OR_RETURN(csr.names, NamesOf(request.get()));
  csr.public_key_der = PublicKeyInfoDer(X509_REQ_get_X509_PUBKEY(request.get()));
  csr.key_algorithm = AlgorithmOf(key.get());
  return csr;
}

absl::StatusOr<std::string> CsrPublicKey(absl::string_view csr_der) {
  std::string key = KeyDerOfRequest(csr_der);
  if (key.empty()) return absl::DataLossError("a stored certificate request does not parse");
  return key;
}

absl::StatusOr<std::string> MakeCsr(const PrivateKey& key, const std::vector<std::string>& names) {
  return SignRequest(key, NameDer("", names.empty() ? "" : names.front()), names);
}

absl::StatusOr<std::string> MakeSubjectCsr(const PrivateKey& key, const CsrSubject& subject) {
  return SignRequest(key, SubjectDer(subject), {subject.domain});
}

std::string CsrPem(absl::string_view csr_der) { return Pem("CERTIFICATE REQUEST", csr_der); }

}  // namespace certwright
