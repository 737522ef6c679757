// A client that speaks TLS as it is told, also as no client should. For tests.
#ifndef CERTWRIGHT_TESTS_TRANSPORT_TLS_CLIENT_H_
#define CERTWRIGHT_TESTS_TRANSPORT_TLS_CLIENT_H_

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/time.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/transport/raw_client.h"

namespace certwright {

struct TlsOptions {
  int least_version = TLS1_2_VERSION;
  int most_version = TLS1_3_VERSION;
  std::string suites = "DEFAULT";  // of TLS 1.2 and below
  std::string alpn = {};           // each name after its length
};

// Trusts everybody: what is tested is the other side.
class TlsClient : public RawClient {
 public:
  explicit TlsClient(int port, const TlsOptions& options = {})
      : RawClient(port), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), options.least_version);
    SSL_CTX_set_max_proto_version(context_.get(), options.most_version);
    REQUIRE(SSL_CTX_set_cipher_list(context_.get(), options.suites.c_str()) == 1);
    session_.reset(SSL_new(context_.get()));
    if (!options.alpn.empty()) {
      SSL_set_alpn_protos(session_.get(),
                          reinterpret_cast<const unsigned char*>(options.alpn.data()),
                          static_cast<unsigned>(options.alpn.size()));
    }
    const timeval patience = {.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    SSL_set_fd(session_.get(), socket());
  }

  // Whether the server agreed. A client of TLS 1.3 learns of a refusal only when it reads.
  bool Handshake() {
    const bool is_done = SSL_connect(session_.get()) == 1;
    if (!is_done) {
      const char* reason = ERR_reason_error_string(ERR_get_error());
      refusal_ = reason == nullptr ? "closed" : reason;
      ERR_clear_error();
    }
    return is_done;
  }
  const std::string& refusal() const { return refusal_; }

  std::string version() const { return SSL_get_version(session_.get()); }
  std::string suite() const { return SSL_get_cipher_name(session_.get()); }
  std::string alpn() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(session_.get(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
  }
  // Whom the server shows.
  std::string subject() const {
    const std::unique_ptr<X509, decltype(&X509_free)> shown(
        SSL_get1_peer_certificate(session_.get()), &X509_free);
    char text[256] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, text,
                              sizeof text);
    return text;
  }
  // Whether the server said that no more would come, instead of just going.
  bool was_closed_properly() const {
    return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  void SayGoodbye() { SSL_shutdown(session_.get()); }

 private:
  ssize_t SendSome(absl::string_view bytes) override {
    return SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  ssize_t ReceiveSome(char* into, std::size_t size) override {
    const int count = SSL_read(session_.get(), into, static_cast<int>(size));
    ERR_clear_error();
    return count;
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> session_{nullptr, &SSL_free};
  std::string refusal_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_TRANSPORT_TLS_CLIENT_H_
