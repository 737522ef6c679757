#include "core/crypto/outline.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>

#include <utility>

namespace certwright {
namespace {

// RSAPublicKey (RFC 8017, A.1.1).
struct RsaOutline {
  ASN1_INTEGER* modulus;
  ASN1_INTEGER* exponent;
};

// CertificationRequestInfo and CertificationRequest (RFC 2986, 4).
struct RequestInfoOutline {
  ASN1_INTEGER* version;
  X509_NAME* subject;
  KeyOutline* key;
  ASN1_TYPE* attributes;
};

struct RequestOutline {
  RequestInfoOutline* info;
  X509_ALGOR* signature_algorithm;
  ASN1_BIT_STRING* signature;
};

// OpenSSL's language for ASN.1, made for C.
// clang-format off
ASN1_SEQUENCE(RsaOutline) = {
    ASN1_SIMPLE(RsaOutline, modulus, ASN1_INTEGER),
    ASN1_SIMPLE(RsaOutline, exponent, ASN1_INTEGER)} static_ASN1_SEQUENCE_END(RsaOutline)

ASN1_SEQUENCE(KeyOutline) = {
    ASN1_SIMPLE(KeyOutline, algorithm, X509_ALGOR),
    ASN1_SIMPLE(KeyOutline, key, ASN1_BIT_STRING)} static_ASN1_SEQUENCE_END(KeyOutline)

ASN1_SEQUENCE(RequestInfoOutline) = {
    ASN1_SIMPLE(RequestInfoOutline, version, ASN1_INTEGER),
    ASN1_SIMPLE(RequestInfoOutline, subject, X509_NAME),
    ASN1_SIMPLE(RequestInfoOutline, key, KeyOutline),
    ASN1_OPT(RequestInfoOutline, attributes, ASN1_ANY)} static_ASN1_SEQUENCE_END(RequestInfoOutline)

ASN1_SEQUENCE(RequestOutline) = {
    ASN1_SIMPLE(RequestOutline, info, RequestInfoOutline),
    ASN1_SIMPLE(RequestOutline, signature_algorithm, X509_ALGOR),
    ASN1_SIMPLE(RequestOutline, signature, ASN1_BIT_STRING)} static_ASN1_SEQUENCE_END(RequestOutline)

ASN1_SEQUENCE(TbsOutline) = {
    ASN1_EXP_OPT(TbsOutline, version, ASN1_INTEGER, 0),
    ASN1_SIMPLE(TbsOutline, serial_number, ASN1_INTEGER),
    ASN1_SIMPLE(TbsOutline, signature, X509_ALGOR),
    ASN1_SIMPLE(TbsOutline, issuer, X509_NAME),
    ASN1_SIMPLE(TbsOutline, validity, X509_VAL),
    ASN1_SIMPLE(TbsOutline, subject, X509_NAME),
    ASN1_SIMPLE(TbsOutline, key, KeyOutline),
    ASN1_IMP_OPT(TbsOutline, issuer_id, ASN1_BIT_STRING, 1),
    ASN1_IMP_OPT(TbsOutline, subject_id, ASN1_BIT_STRING, 2),
    ASN1_EXP_SEQUENCE_OF_OPT(TbsOutline, extensions, X509_EXTENSION, 3)} static_ASN1_SEQUENCE_END(TbsOutline)

ASN1_SEQUENCE(CertificateOutline) = {
    ASN1_SIMPLE(CertificateOutline, tbs, TbsOutline),
    ASN1_SIMPLE(CertificateOutline, signature_algorithm, X509_ALGOR),
    ASN1_SIMPLE(CertificateOutline, signature, ASN1_BIT_STRING)} static_ASN1_SEQUENCE_END(CertificateOutline)
    // clang-format on

    void FreeRsa(RsaOutline * key) {
  ASN1_item_free(reinterpret_cast<ASN1_VALUE*>(key), ASN1_ITEM_rptr(RsaOutline));
}

void FreeRequest(RequestOutline* request) {
  ASN1_item_free(reinterpret_cast<ASN1_VALUE*>(request), ASN1_ITEM_rptr(RequestOutline));
}

std::string KeyDer(const KeyOutline* key) {
  unsigned char* bytes = nullptr;
  const int length =
      ASN1_item_i2d(reinterpret_cast<const ASN1_VALUE*>(key), &bytes, ASN1_ITEM_rptr(KeyOutline));
  std::string der;
  if (length > 0) der.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return der;
}

int BitsOf(const ASN1_INTEGER* number) {
  const int length = ASN1_STRING_length(number);
  if (length == 0 || ASN1_STRING_type(number) != V_ASN1_INTEGER) return 0;
  int bits = 8 * (length - 1);
  for (unsigned first = ASN1_STRING_get0_data(number)[0]; first != 0; first >>= 1) ++bits;
  return bits;
}

}  // namespace

void FreeOutline(CertificateOutline* outline) {
  ASN1_item_free(reinterpret_cast<ASN1_VALUE*>(outline), ASN1_ITEM_rptr(CertificateOutline));
}

OutlinePtr ReadOutline(absl::string_view certificate_der) {
  const unsigned char* at = Bytes(certificate_der);
  OutlinePtr outline(reinterpret_cast<CertificateOutline*>(
      ASN1_item_d2i(nullptr, &at, static_cast<long>(certificate_der.size()),
                    ASN1_ITEM_rptr(CertificateOutline))));
  ERR_clear_error();
  const bool is_whole = at == Bytes(certificate_der) + certificate_der.size();
  return is_whole ? std::move(outline) : nullptr;
}

int RsaBitsOf(const CertificateOutline& outline) {
  const KeyOutline& info = *outline.tbs->key;
  if (OBJ_obj2nid(info.algorithm->algorithm) != NID_rsaEncryption) return 0;
  const unsigned char* at = ASN1_STRING_get0_data(info.key);
  const OpenSslPtr<RsaOutline, FreeRsa> key(reinterpret_cast<RsaOutline*>(
      ASN1_item_d2i(nullptr, &at, ASN1_STRING_length(info.key), ASN1_ITEM_rptr(RsaOutline))));
  ERR_clear_error();
  return key == nullptr ? 0 : BitsOf(key->modulus);
}

std::string KeyDerOf(const CertificateOutline& outline) { return KeyDer(outline.tbs->key); }

std::string KeyDerOfRequest(absl::string_view csr_der) {
  const unsigned char* at = Bytes(csr_der);
  const OpenSslPtr<RequestOutline, FreeRequest> request(
      reinterpret_cast<RequestOutline*>(ASN1_item_d2i(
          nullptr, &at, static_cast<long>(csr_der.size()), ASN1_ITEM_rptr(RequestOutline))));
  ERR_clear_error();
  return request == nullptr ? "" : KeyDer(request->info->key);
}

}  // namespace certwright
