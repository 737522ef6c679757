#include <cstdlib>
#include <iostream>

#include "grpcpp/grpcpp.h"
#include "signing.h"
#include "ssl/v20191205/ssl.grpc.pb.h"

namespace ssl = certwright::ssl::v20191205;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

int main() {
  const std::string at = Variable("CERTWRIGHT_GRPC");
  const certwright_client::Key key = {Variable("TENCENTCLOUD_SECRET_ID"),
                                      Variable("TENCENTCLOUD_SECRET_KEY")};
  const auto service =
      ssl::rpc::SslService::NewStub(grpc::experimental::CreateCustomChannelWithInterceptors(
          at, grpc::InsecureChannelCredentials(), {}, certwright_client::SignAs(key, at)));
  grpc::ClientContext call;
  ssl::DescribeCertificatesRequest request;
  request.set_limit(3);
  ssl::DescribeCertificatesResponse answer;
  const grpc::Status status = service->DescribeCertificates(&call, request, &answer);
  (status.ok() ? std::cout << answer.DebugString() : std::cerr << status.error_message()) << '\n';
  return status.ok() ? 0 : 1;
}
