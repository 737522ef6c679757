#include "server/transport/grpc_reflection.h"

#include <catch2/catch.hpp>

#include "google/protobuf/descriptor.pb.h"
#include "grpc/health/v1/health.pb.h"

namespace certwright {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

const char kHealth[] = "grpc/health/v1/health.proto";

// The health protocol's file, told apart by a comment.
std::string CommentedSet() {
  FileDescriptorSet set;
  set.add_file()->set_name("other.proto");
  FileDescriptorProto& file = *set.add_file();
  grpc::health::v1::HealthCheckRequest::descriptor()->file()->CopyTo(&file);
  file.mutable_source_code_info()->add_location()->set_leading_comments("a comment");
  return set.SerializeAsString();
}

FileDescriptorProto FileIn(const GrpcReflection::Response& response) {
  FileDescriptorProto file;
  REQUIRE(response.file_descriptor_response().file_descriptor_proto_size() > 0);
  REQUIRE(file.ParseFromString(response.file_descriptor_response().file_descriptor_proto(0)));
  return file;
}

TEST_CASE("Reflection lists the services it was given", "[grpc]") {
  const GrpcReflection reflection("", {"a.A", "b.B"});
  GrpcReflection::Request request;
  request.set_host("h");
  request.set_list_services("*");
  std::set<std::string> sent;

  const GrpcReflection::Response response = reflection.Answer(request, sent);

  REQUIRE(response.list_services_response().service_size() == 2);
  CHECK(response.list_services_response().service(1).name() == "b.B");
  CHECK(response.valid_host() == "h");
  CHECK(response.original_request().list_services() == "*");
}

TEST_CASE("Reflection answers a file or a symbol with the file, and its comments", "[grpc]") {
  const std::string set = CommentedSet();
  const GrpcReflection reflection(set, {});
  GrpcReflection::Request request;
  SECTION("by file name") { request.set_file_by_filename(kHealth); }
  SECTION("by service") { request.set_file_containing_symbol("grpc.health.v1.Health"); }
  SECTION("by method") { request.set_file_containing_symbol("grpc.health.v1.Health.Check"); }
  SECTION("by message") { request.set_file_containing_symbol("grpc.health.v1.HealthCheckRequest"); }
  std::set<std::string> sent;

  const FileDescriptorProto file = FileIn(reflection.Answer(request, sent));

  CHECK(file.name() == kHealth);
  CHECK(file.source_code_info().location(0).leading_comments() == "a comment");
}

TEST_CASE("Files that the set lacks are answered without comments", "[grpc]") {
  const std::string set = GENERATE("", "not a set", "\x0a\xff\xff\xff\xff\x0f");
  const GrpcReflection reflection(set, {});
  GrpcReflection::Request request;
  request.set_file_by_filename(kHealth);
  std::set<std::string> sent;

  CHECK(FileIn(reflection.Answer(request, sent)).service(0).name() == "Health");
}

TEST_CASE("What is not known is an error within the answer", "[grpc]") {
  const GrpcReflection reflection("", {});
  GrpcReflection::Request request;
  int code = 5;
  SECTION("a file") { request.set_file_by_filename("no.proto"); }
  SECTION("a symbol") { request.set_file_containing_symbol("no.Symbol"); }
  SECTION("a message") { request.set_all_extension_numbers_of_type("no.Message"); }
  SECTION("an extension") {
    request.mutable_file_containing_extension()->set_containing_type(
        "grpc.health.v1.HealthCheckRequest");
    request.mutable_file_containing_extension()->set_extension_number(100);
  }
  SECTION("nothing") { code = 3; }
  std::set<std::string> sent;

  CHECK(reflection.Answer(request, sent).error_response().error_code() == code);
}

}  // namespace
}  // namespace certwright
