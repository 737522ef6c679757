#include "server/auth/authorizer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxCompiled = 1024;

absl::Status RefuseCall(absl::string_view action, absl::string_view why) {
  return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                absl::StrCat("The action `", action, "` is not allowed: ", why, "."));
}

// The ids that the request names.
std::vector<std::string> CertificatesOf(const Action& action,
                                        const google::protobuf::Message& request) {
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  std::vector<std::string> ids;
  for (const auto* member : action.certificate_members) {
    if (!member->is_repeated()) {
      if (reflection.HasField(request, member))
        ids.push_back(reflection.GetString(request, member));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(request, member); ++i) {
      ids.push_back(reflection.GetRepeatedString(request, member, i));
    }
  }
  return ids;
}

// The project in which something is made or searched; nothing for all of them.
std::int64_t ProjectOf(const Action& action, const google::protobuf::Message& request) {
  const auto* member = action.project_member;
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  const bool is_there = member != nullptr &&
                        member->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64 &&
                        reflection.HasField(request, member);
  return is_there ? static_cast<std::int64_t>(reflection.GetUInt64(request, member))
                  : PolicyResource::kAnyProject;
}

}  // namespace

absl::Status Authorizer::Admit(const Principal& principal, const Action& action) {
  if (principal.account.is_suspended) {
    return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                  absl::StrCat("The account ", principal.account.id.value, " is suspended."));
  }
  if (action.is_for_operators && !principal.account.is_operator) {
    return RefuseCall(principal.action, "it is for operators");
  }
  ASSIGN_OR_RETURN(const Policies policies, PoliciesOf(principal));
  for (const auto& policy : policies) {
    if (!policy->MayCall(principal.action)) {
      return RefuseCall(principal.action, "no policy of this key allows it");
    }
  }
  return absl::OkStatus();
}

absl::Status Authorizer::Check(const Principal& principal, const Action& action,
                               const google::protobuf::Message& request) {
  ASSIGN_OR_RETURN(const Policies policies, PoliciesOf(principal));
  if (policies.empty()) return absl::OkStatus();
  PolicyResource resource = {.project = ProjectOf(action, request),
                             .region = principal.region,
                             .account = principal.account.id.value};
  const auto allows = [&](const PolicyResource& one) {
    return std::all_of(policies.begin(), policies.end(),
                       [&](const auto& policy) { return policy->Allows(principal.action, one); });
  };
  const auto refuse = [&](const PolicyResource& one) {
    const bool is_project = std::all_of(policies.begin(), policies.end(), [&](const auto& policy) {
      return policy->AllowsElsewhere(principal.action, one);
    });
    if (is_project && action.has_project_code) {
      return Refuse(ApiError::kFailedOperationNoProjectPermission,
                    absl::StrCat("This key may not do `", principal.action, "` in project ",
                                 one.project, "."));
    }
    return Refuse(
        ApiError::kFailedOperationAuthError,
        absl::StrCat("This key may not do `", principal.action, "` on this certificate."));
  };
  // Moving into a project asks for it as well as for the certificates.
  const std::vector<std::string> ids = CertificatesOf(action, request);
  if (ids.empty() || resource.project != PolicyResource::kAnyProject) {
    if (!allows(resource)) {
      if (resource.project != PolicyResource::kAnyProject) return refuse(resource);
      return RefuseCall(principal.action, "no policy of this key allows it on everything");
    }
  }
  return store_.Read([&](Snapshot& snapshot) -> absl::Status {
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(const std::optional<Certificate> certificate,
                       snapshot.FindCertificate(principal.account.id, CertificateId{id}));
      if (!certificate) continue;  // the handler says so
      resource.project = certificate->project_id;
      resource.certificate = id;
      if (!allows(resource)) return refuse(resource);
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<Authorizer::Policies> Authorizer::PoliciesOf(const Principal& principal) {
  Policies policies;
  for (const std::string* text : {&principal.policy, &principal.boundary}) {
    if (text->empty()) continue;
    ASSIGN_OR_RETURN(std::shared_ptr<const Policy> policy, Compile(*text));
    policies.push_back(std::move(policy));
  }
  return policies;
}

absl::StatusOr<std::shared_ptr<const Policy>> Authorizer::Compile(const std::string& text) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = compiled_.find(text);
    if (found != compiled_.end()) return found->second;
  }
  ASSIGN_OR_RETURN(Policy policy, ParsePolicy(text));
  auto compiled = std::make_shared<const Policy>(std::move(policy));
  absl::MutexLock lock(&mutex_);
  if (compiled_.size() >= kMaxCompiled) compiled_.clear();
  compiled_[text] = compiled;
  return std::shared_ptr<const Policy>(std::move(compiled));
}

}  // namespace certwright
