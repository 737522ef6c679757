#include "server/transport/grpc_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>

namespace certwright {
namespace {

std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

struct GrpcClient::Channel {
  std::shared_ptr<grpc::Channel> channel = {};
};

GrpcClient::GrpcClient(const std::string& target, const std::string& trusted_pem)
    : channel_(std::make_unique<Channel>(Channel{grpc::CreateChannel(
          target, trusted_pem.empty() ? grpc::InsecureChannelCredentials()
                                      : grpc::SslCredentials({.pem_root_certs = trusted_pem,
                                                              .pem_private_key = {},
                                                              .pem_cert_chain = {}}))})) {}

GrpcClient::~GrpcClient() = default;

GrpcAnswer GrpcClient::Call(const std::string& full_method, const std::string& bytes,
                            const std::vector<std::pair<std::string, std::string>>& metadata,
                            absl::Duration timeout) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout));
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  const grpc::internal::RpcMethod method(full_method.c_str(),
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer,
                                                                grpc::ByteBuffer, grpc::ByteBuffer>(
      channel_->channel.get(), method, &context, request, &response);
  GrpcAnswer answer = {.status = static_cast<int>(status.error_code()),
                       .message = status.error_message(),
                       .details = status.error_details()};
  if (status.ok()) answer.bytes = Flatten(response);
  const auto& trailers = context.GetServerTrailingMetadata();
  if (const auto id = trailers.find("x-tc-requestid"); id != trailers.end()) {
    answer.request_id.assign(id->second.data(), id->second.size());
  }
  return answer;
}

}  // namespace certwright
