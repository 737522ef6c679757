#include "server/transport/tls_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <ctime>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxFileBytes = 1024 * 1024;
// What the library's security level 2 comes to.
constexpr char kStrength[] =
    "an RSA key of at least 2048 bits, an EC key of at least 224 or an Ed25519 or Ed448 one, and a "
    "signature over SHA-224 or better";
constexpr unsigned char kAlpn[] = "\x08http/1.1";

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// What the library remembers of a failure would be taken for the next one's.
struct ForgetErrors {
  ~ForgetErrors() { ERR_clear_error(); }
};

Bio BioOf(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

// Else the library would ask for it on the terminal.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* /*data*/) { return -1; }

int SelectAlpn(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* length,
               const unsigned char* offered, unsigned int offered_length, void* /*data*/) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kAlpn, sizeof kAlpn - 1, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

absl::StatusOr<std::string> ReadFile(const std::string& path, absl::string_view what) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  const bool is_read = file.is_open() && file.eof();
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (is_read && !text.empty()) return text;
  return absl::InvalidArgumentError(
      absl::StrCat("cannot read ", what, " ", path, "; it must be a file, not empty, of at most ",
                   kMaxFileBytes / 1024, " KB, that this user may read"));
}

absl::Time NotAfter(const X509& certificate) {
  std::tm time = {};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &time) != 1) return absl::InfinitePast();
  return absl::FromTM(time, absl::UTCTimeZone());
}

std::shared_ptr<SSL_CTX> NewContext() {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return nullptr;
  SSL_CTX* const raw = context.get();
  const bool is_set = SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
                      SSL_CTX_set_cipher_list(raw, kTlsSuites) == 1;
  if (!is_set) return nullptr;
  SSL_CTX_set_security_level(raw, 2);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Clients that come again bring a ticket; nothing is kept for those that do not.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(raw, SelectAlpn, nullptr);
  return context;
}

// The leaf's end, once the context has all of `pem`.
absl::StatusOr<absl::Time> UseChain(SSL_CTX& context, const std::string& pem,
                                    const std::string& path) {
  const Bio bio = BioOf(pem);
  const Certificate leaf(PEM_read_bio_X509_AUX(bio.get(), nullptr, NoPassphrase, nullptr),
                         &X509_free);
  if (leaf == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(path, " holds no certificate in PEM"));
  }
  if (SSL_CTX_use_certificate(&context, leaf.get()) != 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the first certificate in ", path, " cannot be used for TLS; it must have ", kStrength));
  }
  while (X509* const issuer = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    if (SSL_CTX_add0_chain_cert(&context, issuer) == 1) continue;
    X509_free(issuer);
    return absl::InvalidArgumentError(
        absl::StrCat("a certificate in ", path,
                     " after the first is too weak for TLS; each must have ", kStrength));
  }
  // The end of the text is an error too, that no other certificate begins; others are real.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is damaged after its first certificate"));
  }
  ERR_clear_error();
  return NotAfter(*leaf);
}

absl::Status UseKey(SSL_CTX& context, const std::string& pem, const TlsIdentity::Files& files) {
  const Bio bio = BioOf(pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr), &EVP_PKEY_free);
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(files.key, " holds no private key in PEM that opens without a passphrase"));
  }
  if (SSL_CTX_use_PrivateKey(&context, key.get()) == 1 &&
      SSL_CTX_check_private_key(&context) == 1) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the key in ", files.key, " is not that of the first certificate in ", files.certificate));
}

std::string StampOf(const std::string& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) != 0) return "none";
  return absl::StrCat(found.st_dev, " ", found.st_ino, " ", found.st_size, " ",
                      found.st_mtim.tv_sec, ".", found.st_mtim.tv_nsec, " ", found.st_ctim.tv_sec,
                      ".", found.st_ctim.tv_nsec);
}

bool IsReadableByOthers(const std::string& path) {
  struct stat found = {};
  return ::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsIdentity>> TlsIdentity::Load(Files files) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(std::move(files)));
  absl::MutexLock lock(&identity->reading_);
  identity->stamp_ = identity->StampOfFiles();
  RETURN_IF_ERROR(identity->Read());
  return identity;
}

std::shared_ptr<const TlsPair> TlsIdentity::current() const {
  absl::MutexLock lock(&mutex_);
  return current_;
}

absl::StatusOr<bool> TlsIdentity::Refresh() {
  absl::MutexLock lock(&reading_);
  // Before they are read: what is written meanwhile shows next time.
  Stamp stamp = StampOfFiles();
  if (stamp == stamp_) return false;
  stamp_ = std::move(stamp);
  RETURN_IF_ERROR(Read());
  return true;
}

TlsIdentity::Stamp TlsIdentity::StampOfFiles() const {
  return absl::StrCat(StampOf(files_.certificate), ", ", StampOf(files_.key));
}

absl::Status TlsIdentity::Read() {
  const ForgetErrors forget;
  auto pair = std::make_shared<TlsPair>();
  ASSIGN_OR_RETURN(pair->chain_pem, ReadFile(files_.certificate, "the TLS certificate"));
  ASSIGN_OR_RETURN(pair->key_pem, ReadFile(files_.key, "the TLS key"));
  pair->http = NewContext();
  if (pair->http == nullptr) return absl::InternalError("OpenSSL gives no TLS context");
  ASSIGN_OR_RETURN(pair->not_after, UseChain(*pair->http, pair->chain_pem, files_.certificate));
  RETURN_IF_ERROR(UseKey(*pair->http, pair->key_pem, files_));
  pair->is_key_readable_by_others = IsReadableByOthers(files_.key);
  pair->number = ++last_number_;
  absl::MutexLock lock(&mutex_);
  current_ = std::move(pair);
  return absl::OkStatus();
}

}  // namespace certwright
