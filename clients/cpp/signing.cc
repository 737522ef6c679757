#include "signing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <ctime>
#include <utility>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/interceptor.h"

namespace certwright_client {
namespace {

using Hook = grpc::experimental::InterceptionHookPoints;

std::string Mac(const std::string& key, const std::string& text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return digest;
}

std::string Hex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Digest(const std::string& data) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  digest.resize(size);
  return Hex(digest);
}

std::string DateOf(std::int64_t timestamp) {
  const std::time_t time = timestamp;
  std::tm fields = {};
  gmtime_r(&time, &fields);
  std::array<char, 16> text = {};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &fields);
  return text.data();
}

// Of "/certwright.SERVICE.VERSION…".
std::string ServiceOf(const std::string& method) {
  const std::size_t begin = method.find('.') + 1;
  return method.substr(begin, method.find('.', begin) - begin);
}

// The headers go out together with the message of a unary call, so both are at hand in one hook.
class Interceptor : public grpc::experimental::Interceptor {
 public:
  Interceptor(const Key& key, const std::string& authority, std::string method)
      : key_(key), authority_(authority), method_(std::move(method)) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    if (batch->QueryInterceptionHookPoint(Hook::PRE_SEND_INITIAL_METADATA) &&
        batch->QueryInterceptionHookPoint(Hook::PRE_SEND_MESSAGE)) {
      Sign(*batch);
    }
    batch->Proceed();
  }

 private:
  void Sign(grpc::experimental::InterceptorBatchMethods& batch) const {
    std::vector<grpc::Slice> slices;
    if (!batch.GetSerializedSendMessage()->Dump(&slices).ok()) return;
    std::string message;
    for (const grpc::Slice& slice : slices) {
      message.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    const std::int64_t now = std::time(nullptr);
    auto& metadata = *batch.GetSendInitialMetadata();
    metadata.emplace("authorization", Authorization(key_, authority_, method_, message, now));
    metadata.emplace("x-tc-timestamp", std::to_string(now));
    if (!key_.token.empty()) metadata.emplace("x-tc-token", key_.token);
  }

  const Key& key_;
  const std::string& authority_;
  const std::string method_;
};

class Factory : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  Factory(Key key, std::string authority)
      : key_(std::move(key)), authority_(std::move(authority)) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo* call) override {
    return new Interceptor(key_, authority_, call->method());
  }

 private:
  const Key key_;
  const std::string authority_;
};

}  // namespace

std::string Authorization(const Key& key, const std::string& authority, const std::string& method,
                          const std::string& message, std::int64_t timestamp) {
  const std::string canonical = "POST\n" + method +
                                "\n\ncontent-type:application/grpc\nhost:" + authority +
                                "\n\ncontent-type;host\n" + Digest(message);
  const std::string date = DateOf(timestamp);
  const std::string service = ServiceOf(method);
  const std::string scope = date + "/" + service + "/tc3_request";
  const std::string signing = Mac(Mac(Mac("TC3" + key.secret_key, date), service), "tc3_request");
  const std::string to_sign =
      "TC3-HMAC-SHA256\n" + std::to_string(timestamp) + "\n" + scope + "\n" + Digest(canonical);
  return "TC3-HMAC-SHA256 Credential=" + key.secret_id + "/" + scope +
         ", SignedHeaders=content-type;host, Signature=" + Hex(Mac(signing, to_sign));
}

InterceptorFactories SignAs(const Key& key, const std::string& authority) {
  InterceptorFactories factories;
  factories.push_back(std::make_unique<Factory>(key, authority));
  return factories;
}

}  // namespace certwright_client
