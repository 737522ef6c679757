#include "server/action.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "server/api_services.h"
#include "ssl/v20191205/options.pb.h"
#include "ssl/v20261201/extension.pb.h"

namespace certwright {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr char kNoProjectPermission[] = "FailedOperation.NoProjectPermission";

// How the documented requests call the certificates that they are about.
const std::set<std::string, std::less<>> kCertificateMembers = {
    "CertificateId", "CertificateIds",   "CertificateIdList", "CertId",
    "CertIds",       "OldCertificateId", "ResourceIds",       kResourceMember};

const Message* PrototypeOf(const Descriptor& descriptor) {
  return MessageFactory::generated_factory()->GetPrototype(&descriptor);
}

bool IsOfType(const Message* prototype, const Descriptor* type) {
  return prototype != nullptr && prototype->GetDescriptor() == type;
}

}  // namespace

void ActionTable::BindUnbuilt(const google::protobuf::ServiceDescriptor& service,
                              const std::string& name) {
  Action action;
  // Without such an rpc the prototypes stay null, and Check names it.
  if (const auto* method = service.FindMethodByName(name)) {
    action.request = PrototypeOf(*method->input_type());
    action.response = PrototypeOf(*method->output_type());
  }
  action.run = [name](Services&, const Call&, const Message&, Message&) {
    return Refuse(ApiError::kUnsupportedOperation,
                  absl::StrCat("The action `", name, "` is documented but not built yet."));
  };
  Add(name, std::move(action));
}

void ActionTable::Describe(const google::protobuf::ServiceDescriptor& service) {
  for (auto& [name, action] : actions_) {
    const auto* method = service.FindMethodByName(name);
    if (method == nullptr) continue;
    const auto& options = method->options();
    action.service = std::string(ServiceNameOf(service));
    action.is_for_operators = options.GetExtension(ssl::v20261201::operator_only);
    for (int i = 0; i < options.ExtensionSize(ssl::v20191205::codes); ++i) {
      if (options.GetExtension(ssl::v20191205::codes, i) == kNoProjectPermission) {
        action.has_project_code = true;
      }
    }
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const auto& member = *method->input_type()->field(i);
      if (kCertificateMembers.contains(member.json_name()) &&
          member.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        action.certificate_members.push_back(&member);
      }
      if (member.json_name() == "ProjectId" && !member.is_repeated() &&
          member.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64) {
        action.project_member = &member;
      }
    }
  }
}

const Action* ActionTable::Find(absl::string_view name) const {
  // The map compares std::string with any view of std's.
  const auto found = actions_.find(std::string_view(name.data(), name.size()));
  return found == actions_.end() ? nullptr : &found->second;
}

absl::Status ActionTable::Check(const google::protobuf::ServiceDescriptor& service) const {
  std::string faults = bound_twice_;
  for (int i = 0; i < service.method_count(); ++i) {
    const auto& method = *service.method(i);
    const Action* action = Find(method.name());
    if (action == nullptr) {
      absl::StrAppend(&faults, method.name(), " has no handler. ");
    } else if (!IsOfType(action->request, method.input_type()) ||
               !IsOfType(action->response, method.output_type())) {
      absl::StrAppend(&faults, method.name(), " has a handler of other types. ");
    }
  }
  for (const auto& [name, action] : actions_) {
    if (service.FindMethodByName(name) == nullptr) {
      absl::StrAppend(&faults, name, " is no rpc. ");
    }
  }
  if (faults.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("The handlers do not fit ", service.full_name(), ": ", faults));
}

void ActionTable::Add(const std::string& name, Action action) {
  if (!actions_.emplace(name, std::move(action)).second) {
    absl::StrAppend(&bound_twice_, name, " is bound twice. ");
  }
}

}  // namespace certwright
