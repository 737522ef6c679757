#include "server/transport/grpc_reflection.h"

#include <utility>

#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace certwright {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kInvalidArgument = 3;
constexpr int kNotFound = 5;

// The values of field 1, where it is text or bytes, of a serialized message.
std::vector<absl::string_view> FirstField(absl::string_view message) {
  std::vector<absl::string_view> values;
  CodedInputStream input(reinterpret_cast<const std::uint8_t*>(message.data()),
                         static_cast<int>(message.size()));
  while (const std::uint32_t tag = input.ReadTag()) {
    if (tag != WireFormatLite::MakeTag(1, WireFormatLite::WIRETYPE_LENGTH_DELIMITED)) {
      if (!WireFormatLite::SkipField(&input, tag)) break;
      continue;
    }
    std::uint32_t length = 0;
    if (!input.ReadVarint32(&length)) break;
    const auto start = static_cast<std::size_t>(input.CurrentPosition());
    if (!input.Skip(static_cast<int>(length))) break;
    values.push_back(message.substr(start, length));
  }
  return values;
}

// File name → serialized FileDescriptorProto. Parsing them all would take megabytes.
std::map<std::string, absl::string_view> IndexFiles(absl::string_view descriptor_set) {
  std::map<std::string, absl::string_view> files;
  for (const absl::string_view file : FirstField(descriptor_set)) {
    const std::vector<absl::string_view> name = FirstField(file);
    if (!name.empty()) files.emplace(name.front(), file);
  }
  return files;
}

void AnswerError(int code, const std::string& message, GrpcReflection::Response& response) {
  response.mutable_error_response()->set_error_code(code);
  response.mutable_error_response()->set_error_message(message);
}

const FileDescriptor* FileOfExtension(const DescriptorPool& pool, const std::string& type,
                                      int number) {
  const Descriptor* const message = pool.FindMessageTypeByName(type);
  if (message == nullptr) return nullptr;
  const FieldDescriptor* const extension = pool.FindExtensionByNumber(message, number);
  return extension == nullptr ? nullptr : extension->file();
}

}  // namespace

GrpcReflection::GrpcReflection(absl::string_view descriptor_set, std::vector<std::string> services)
    : descriptor_set_(descriptor_set), services_(std::move(services)) {}

GrpcReflection::Response GrpcReflection::Answer(const Request& request,
                                                std::set<std::string>& sent) const {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kListServices:
      for (const std::string& service : services_) {
        response.mutable_list_services_response()->add_service()->set_name(service);
      }
      break;
    case Request::kFileByFilename:
      AnswerFile(pool.FindFileByName(request.file_by_filename()), sent, response);
      break;
    case Request::kFileContainingSymbol:
      AnswerFile(pool.FindFileContainingSymbol(request.file_containing_symbol()), sent, response);
      break;
    case Request::kFileContainingExtension:
      AnswerFile(FileOfExtension(pool, request.file_containing_extension().containing_type(),
                                 request.file_containing_extension().extension_number()),
                 sent, response);
      break;
    case Request::kAllExtensionNumbersOfType:
      AnswerExtensions(request.all_extension_numbers_of_type(), response);
      break;
    case Request::MESSAGE_REQUEST_NOT_SET:
      AnswerError(kInvalidArgument, "the request asks for nothing", response);
      break;
  }
  return response;
}

void GrpcReflection::AnswerFile(const FileDescriptor* file, std::set<std::string>& sent,
                                Response& response) const {
  if (file == nullptr) return AnswerError(kNotFound, "not known here", response);
  response.mutable_file_descriptor_response()->add_file_descriptor_proto(Serialize(*file));
  sent.insert(file->name());
  AddImports(*file, sent, response);
}

void GrpcReflection::AddImports(const FileDescriptor& file, std::set<std::string>& sent,
                                Response& response) const {
  for (int i = 0; i < file.dependency_count(); ++i) {
    const FileDescriptor& import = *file.dependency(i);
    if (!sent.insert(import.name()).second) continue;
    response.mutable_file_descriptor_response()->add_file_descriptor_proto(Serialize(import));
    AddImports(import, sent, response);
  }
}

void GrpcReflection::AnswerExtensions(const std::string& type, Response& response) const {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  const Descriptor* const message = pool.FindMessageTypeByName(type);
  if (message == nullptr) return AnswerError(kNotFound, "no such message", response);
  std::vector<const FieldDescriptor*> extensions;
  pool.FindAllExtensions(message, &extensions);
  auto& numbers = *response.mutable_all_extension_numbers_response();
  numbers.set_base_type_name(type);
  for (const FieldDescriptor* extension : extensions) {
    numbers.add_extension_number(extension->number());
  }
}

std::string GrpcReflection::Serialize(const FileDescriptor& file) const {
  absl::call_once(indexed_, [this] { files_ = IndexFiles(descriptor_set_); });
  const auto found = files_.find(file.name());
  if (found != files_.end()) return std::string(found->second);
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  return proto.SerializeAsString();
}

}  // namespace certwright
