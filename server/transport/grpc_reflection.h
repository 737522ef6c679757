// What server reflection answers, without the stream that it travels in.
#ifndef CERTWRIGHT_SERVER_TRANSPORT_GRPC_REFLECTION_H_
#define CERTWRIGHT_SERVER_TRANSPORT_GRPC_REFLECTION_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/call_once.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"

namespace certwright {

// Thread-safe.
class GrpcReflection {
 public:
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;

  // Looks names up among the generated messages, and takes the text of files from
  // `descriptor_set`, which keeps comments and must outlive this.
  GrpcReflection(absl::string_view descriptor_set, std::vector<std::string> services);

  // `sent` are the files this client has already: imports among them are not sent again.
  Response Answer(const Request& request, std::set<std::string>& sent) const;

 private:
  void AnswerFile(const google::protobuf::FileDescriptor* file, std::set<std::string>& sent,
                  Response& response) const;
  void AnswerExtensions(const std::string& type, Response& response) const;
  void AddImports(const google::protobuf::FileDescriptor& file, std::set<std::string>& sent,
                  Response& response) const;
  std::string Serialize(const google::protobuf::FileDescriptor& file) const;

  const absl::string_view descriptor_set_;
  const std::vector<std::string> services_;
  // Made when first asked: most servers never are.
  mutable absl::once_flag indexed_;
  mutable std::map<std::string, absl::string_view> files_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_TRANSPORT_GRPC_REFLECTION_H_
