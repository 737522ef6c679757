#include "server/transport/grpc_server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/sync_stream.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "server/transport/grpc_client.h"
#include "server/transport/grpc_reflection.h"

namespace certwright {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

constexpr absl::Duration kLong = absl::Seconds(20);

const google::protobuf::ServiceDescriptor* TestService() {
  static google::protobuf::DescriptorPool pool;
  if (pool.FindServiceByName("test.Echo") == nullptr) {
    google::protobuf::FileDescriptorProto file;
    file.set_name("test/echo.proto");
    file.set_package("test");
    file.add_message_type()->set_name("Text");
    google::protobuf::ServiceDescriptorProto& service = *file.add_service();
    service.set_name("Echo");
    for (const char* name : {"First", "Second"}) {
      google::protobuf::MethodDescriptorProto& method = *service.add_method();
      method.set_name(name);
      method.set_input_type(".test.Text");
      method.set_output_type(".test.Text");
    }
    REQUIRE(pool.BuildFile(file) != nullptr);
  }
  return pool.FindServiceByName("test.Echo");
}

void Echo(Envelope envelope, std::function<void(Reply)> done) {
  done({.request_id = "id", .body = envelope.body});
}

Reply Unserved(const Envelope& envelope, GrpcServer::Unserved why) {
  using Why = GrpcServer::Unserved;
  Reply reply = {.request_id = "unserved", .grpc_details = envelope.path};
  reply.grpc_status = why == Why::kTooLarge ? 3 : why == Why::kNoRoom ? 8 : 14;
  if (why == Why::kNoMethod) reply.grpc_status = 12;
  return reply;
}

std::unique_ptr<GrpcServer> Serve(GrpcServer::Handler handler, GrpcServer::Options options = {}) {
  auto server = GrpcServer::Start(options, {TestService()}, std::move(handler), Unserved);
  REQUIRE(server.ok());
  return *std::move(server);
}

std::string Target(const GrpcServer& server) { return absl::StrCat("127.0.0.1:", server.port()); }

// OK and the state, or the error.
std::pair<int, int> Health(const GrpcServer& server, const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  const GrpcAnswer answer =
      GrpcClient(Target(server))
          .Call("/grpc.health.v1.Health/Check", request.SerializeAsString(), {}, kLong);
  HealthCheckResponse response;
  response.ParseFromString(answer.bytes);
  return {answer.status, response.status()};
}

TEST_CASE("The handler sees the exact bytes of each method's call", "[grpc]") {
  const auto server = Serve([](Envelope envelope, std::function<void(Reply)> done) {
    done({.request_id = absl::StrCat("id of ", envelope.path), .body = envelope.body});
  });
  GrpcClient client(Target(*server));
  // Not even a message: nothing parses it on the way. The last one fills several slices.
  const std::string bytes = GENERATE(std::string("\xff\x00\x01", 3), std::string(),
                                     std::string("\x08\x00\x08\x00", 4), std::string(1 << 20, 'x'));

  for (const char* method : {"/test.Echo/First", "/test.Echo/Second"}) {
    const GrpcAnswer answer = client.Call(method, bytes, {}, kLong);
    CHECK(answer.status == 0);
    CHECK(answer.bytes == bytes);
    CHECK(answer.request_id == absl::StrCat("id of ", method));
  }
}

TEST_CASE("The handler sees metadata, authority and peer", "[grpc]") {
  Envelope seen;
  const auto server = Serve([&](Envelope envelope, std::function<void(Reply)> done) {
    seen = std::move(envelope);
    done({});
  });

  GrpcClient(Target(*server))
      .Call("/test.Echo/First", "", {{"x-tc-timestamp", "1"}, {"x-tc-timestamp", "2"}}, kLong);

  CHECK(seen.protocol == Protocol::kGrpc);
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/test.Echo/First");
  CHECK(seen.peer == "127.0.0.1");
  CHECK(seen.is_loopback);
  CHECK_FALSE(seen.is_secure);
  std::vector<std::string> times;
  std::string host;
  for (const auto& [name, value] : seen.headers) {
    if (name == "x-tc-timestamp") times.push_back(value);
    if (name == "host") host = value;
  }
  CHECK(times == std::vector<std::string>{"1", "2"});
  CHECK(host == Target(*server));
}

TEST_CASE("An error carries message, details and request id", "[grpc]") {
  const auto server = Serve([](Envelope, std::function<void(Reply)> done) {
    done({.request_id = "id",
          .body = "not sent",
          .grpc_status = 9,
          .grpc_message = "证书 cannot",
          .grpc_details = std::string("\x08\x09\x00", 3)});
  });

  const GrpcAnswer answer = GrpcClient(Target(*server)).Call("/test.Echo/First", "", {}, kLong);

  CHECK(answer.status == 9);
  CHECK(answer.message == "证书 cannot");
  CHECK(answer.details == std::string("\x08\x09\x00", 3));
  CHECK(answer.bytes.empty());
  CHECK(answer.request_id == "id");
}

TEST_CASE("A reply may come from another thread, also after the client gave up", "[grpc]") {
  absl::Notification asked;
  std::function<void(Reply)> finish;
  const auto server = Serve([&](Envelope, std::function<void(Reply)> done) {
    finish = std::move(done);
    asked.Notify();
  });
  GrpcClient client(Target(*server));

  SECTION("in time") {
    std::thread finishing([&] {
      asked.WaitForNotification();
      finish({.body = "late"});
    });
    CHECK(client.Call("/test.Echo/First", "", {}, kLong).bytes == "late");
    finishing.join();
  }
  SECTION("too late") {
    CHECK(client.Call("/test.Echo/First", "", {}, absl::Milliseconds(50)).status == 4);
    asked.WaitForNotification();
    finish({});
  }
}

TEST_CASE("Methods that are not there, and messages over the limit, are refused", "[grpc]") {
  const auto server = Serve(Echo, {.max_message_bytes = 1000});
  GrpcClient client(Target(*server));

  for (const char* path : {"/test.Echo/Third", "/no.Service/First"}) {
    const GrpcAnswer answer = client.Call(path, "any bytes", {}, kLong);
    CHECK(answer.status == 12);
    CHECK(answer.details == path);
    CHECK(answer.request_id == "unserved");
  }
  for (const std::size_t size : {1001, 4000}) {
    const GrpcAnswer answer = client.Call("/test.Echo/First", std::string(size, 'x'), {}, kLong);
    CHECK(answer.status == 3);
    CHECK(answer.request_id == "unserved");
  }
  // The library's own answer.
  CHECK(client.Call("/test.Echo/First", std::string(4001, 'x'), {}, kLong).status == 8);
  CHECK(client.Call("/test.Echo/First", std::string(1000, 'x'), {}, kLong).status == 0);
}

TEST_CASE("A message that finds no room beside those of other calls is refused, until they end",
          "[grpc]") {
  absl::Notification asked;
  std::function<void(Reply)> finish;
  const auto server = Serve(
      [&](Envelope envelope, std::function<void(Reply)> done) {
        if (absl::EndsWith(envelope.path, "Second")) return Echo(std::move(envelope), done);
        finish = std::move(done);
        asked.Notify();
      },
      {.max_held_bytes = 300'000});
  const std::string large(200'000, 'x');
  GrpcClient client(Target(*server));
  GrpcAnswer answer;
  std::thread calling([&] { answer = client.Call("/test.Echo/First", large, {}, kLong); });
  asked.WaitForNotification();

  CHECK(client.Call("/test.Echo/Second", large, {}, kLong).status == 8);
  CHECK(client.Call("/test.Echo/Second", "small", {}, kLong).status == 0);
  finish({.body = "finished"});
  calling.join();

  CHECK(answer.bytes == "finished");
  // Its room is given back a moment after its answer.
  do {
    answer = client.Call("/test.Echo/Second", large, {}, kLong);
  } while (answer.status == 8);
  CHECK(answer.status == 0);
  CHECK((answer.bytes == large));  // in brackets: not printed
}

TEST_CASE("Health knows the server and its services", "[grpc]") {
  const auto server = Serve(Echo);

  CHECK(Health(*server, "") == std::pair<int, int>(0, HealthCheckResponse::SERVING));
  CHECK(Health(*server, "test.Echo") == std::pair<int, int>(0, HealthCheckResponse::SERVING));
  CHECK(Health(*server, "no.Service").first == 5);
}

TEST_CASE("Draining turns health, refuses new calls and ends the ones under way", "[grpc]") {
  absl::Notification asked;
  std::function<void(Reply)> finish;
  const auto server = Serve([&](Envelope envelope, std::function<void(Reply)> done) {
    if (absl::EndsWith(envelope.path, "Second")) return done({});
    finish = std::move(done);
    asked.Notify();
  });
  GrpcClient client(Target(*server));
  GrpcAnswer answer;
  std::thread calling([&] { answer = client.Call("/test.Echo/First", "", {}, kLong); });
  asked.WaitForNotification();
  std::thread draining([&] { server->Drain(kLong); });

  while (client.Call("/test.Echo/Second", "", {}, kLong).status != 14) {
  }
  CHECK(Health(*server, "") == std::pair<int, int>(0, HealthCheckResponse::NOT_SERVING));
  finish({.body = "finished"});

  calling.join();
  draining.join();
  CHECK(answer.status == 0);
  CHECK(answer.bytes == "finished");
  CHECK(client.Call("/test.Echo/First", "", {}, kLong).status == 14);
}

TEST_CASE("Draining does not wait for streams that never end", "[grpc]") {
  const auto server = Serve(Echo);
  const auto channel = grpc::CreateChannel(Target(*server), grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  const grpc::internal::RpcMethod watch("/grpc.health.v1.Health/Watch",
                                        grpc::internal::RpcMethod::SERVER_STREAMING);
  const std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> stream(
      grpc::internal::ClientReaderFactory<HealthCheckResponse>::Create(
          channel.get(), watch, &context, HealthCheckRequest()));
  HealthCheckResponse state;
  REQUIRE(stream->Read(&state));
  CHECK(state.status() == HealthCheckResponse::SERVING);

  server->Drain(absl::InfiniteDuration());

  while (stream->Read(&state)) {
  }
  CHECK(state.status() == HealthCheckResponse::NOT_SERVING);
}

TEST_CASE("Reflection answers over its stream, under both of its names", "[grpc]") {
  const char* const path =
      GENERATE("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
               "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
  const auto server = Serve(Echo);
  const auto channel = grpc::CreateChannel(Target(*server), grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  const grpc::internal::RpcMethod method(path, grpc::internal::RpcMethod::BIDI_STREAMING);
  using Stream = grpc::ClientReaderWriter<GrpcReflection::Request, GrpcReflection::Response>;
  const std::unique_ptr<Stream> stream(
      grpc::internal::ClientReaderWriterFactory<GrpcReflection::Request,
                                                GrpcReflection::Response>::Create(channel.get(),
                                                                                  method,
                                                                                  &context));
  GrpcReflection::Request request;
  request.set_list_services("");
  GrpcReflection::Response response;

  REQUIRE(stream->Write(request));
  REQUIRE(stream->Read(&response));
  CHECK(response.list_services_response().service_size() == 3);
  CHECK(response.list_services_response().service(0).name() == "test.Echo");
  request.set_file_containing_symbol("grpc.health.v1.Health");
  REQUIRE(stream->Write(request));
  REQUIRE(stream->Read(&response));
  CHECK(response.file_descriptor_response().file_descriptor_proto_size() == 1);

  stream->WritesDone();
  CHECK(stream->Finish().ok());
}

TEST_CASE("A gRPC port that is taken, or a host that is not here, is an error", "[grpc]") {
  const auto server = Serve(Echo);

  CHECK_FALSE(GrpcServer::Start({.port = server->port()}, {TestService()}, Echo, Unserved).ok());
  CHECK_FALSE(GrpcServer::Start({.host = "192.0.2.1"}, {TestService()}, Echo, Unserved).ok());
}

}  // namespace
}  // namespace certwright
