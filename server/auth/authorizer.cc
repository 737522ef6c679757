#include "server/auth/authorizer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/project.h"
#include "core/resource_name.h"
#include "core/service_names.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxCompiled = 1024;

absl::Status RefuseCall(absl::string_view action, absl::string_view why) {
  return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                absl::StrCat("The action `", action, "` is not allowed: ", why, "."));
}

// What was a policy when the key was made, and says by now what would not hold. The caller's
// parameters are not to blame.
absl::Status RefuseStored(const absl::Status& why) {
  return Refuse(ApiError::kAuthFailureUnauthorizedOperation,
                absl::StrCat("This key's policy holds no more, and wants another: ",
                             std::string(why.message())));
}

// As many as any list of certificates may hold.
constexpr std::size_t kMostNamed = 1000;

constexpr char kRenewed[] = "OldCertificateId";
constexpr char kSearch[] = "Describe";

std::string QualifiedName(const Action& action, absl::string_view name) {
  return absl::StrCat(action.service, ":", name);
}

// What the request names. An empty text names nothing.
struct Named {
  std::vector<std::string> certificates = {};
  bool only_renewed = true;  // no certificate but what a new one is to follow
};

absl::StatusOr<Named> CertificatesOf(const Action& action,
                                     const google::protobuf::Message& request) {
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  Named named;
  const auto add = [&named](const google::protobuf::FieldDescriptor& member, std::string id) {
    if (id.empty()) return;
    named.certificates.push_back(std::move(id));
    if (member.json_name() != kRenewed) named.only_renewed = false;
  };
  for (const auto* member : action.certificate_members) {
    if (member->json_name() == kResourceMember) {
      ASSIGN_OR_RETURN(ResourceName name, ParseResourceName(reflection.GetString(request, member)));
      add(*member, std::move(name.certificate.value));
      continue;
    }
    if (!member->is_repeated()) add(*member, reflection.GetString(request, member));
    for (int i = 0; member->is_repeated() && i < reflection.FieldSize(request, member); ++i) {
      add(*member, reflection.GetRepeatedString(request, member, i));
    }
  }
  return named;
}

// The project in which something is made or searched. What is made without saying where is made in
// the default project; a search without a project is one in all.
std::int64_t ProjectOf(const Action& action, absl::string_view name,
                       const google::protobuf::Message& request, const Named& named) {
  const auto* member = action.project_member;
  if (member == nullptr) return PolicyResource::kAnyProject;
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  if (reflection.HasField(request, member)) {
    // Above what a project can be: refused by the handler, and nobody's here.
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(reflection.GetUInt64(request, member), kMost));
  }
  const bool makes = !absl::StartsWith(name, kSearch) && named.only_renewed;
  return makes ? kDefaultProject : PolicyResource::kAnyProject;
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
    if (!policy->MayCall(QualifiedName(action, principal.action))) {
      return RefuseCall(principal.action, "no policy of this key allows it");
    }
  }
  return absl::OkStatus();
}

absl::Status Authorizer::Check(const Principal& principal, const Action& action,
                               const google::protobuf::Message& request,
                               std::vector<ForbiddenCertificate>& forbidden) {
  ASSIGN_OR_RETURN(const Policies policies, PoliciesOf(principal));
  if (policies.empty()) return absl::OkStatus();
  PolicyResource resource = {.region = principal.region, .account = principal.account.id.value};
  if (action.is_for_operators) {
    // It reaches every account: rights in one are not enough.
    resource.account = 0;
    return CheckOne(policies, principal.action, action, resource);
  }
  // Moving into a project, and renewing into one, ask for it as well as for the certificates.
  ASSIGN_OR_RETURN(const Named named, CertificatesOf(action, request));
  resource.project = ProjectOf(action, principal.action, request, named);
  if (named.certificates.empty() || resource.project != PolicyResource::kAnyProject) {
    RETURN_IF_ERROR(CheckOne(policies, principal.action, action, resource));
  }
  if (named.certificates.size() > kMostNamed) {
    return Refuse(ApiError::kInvalidParameterValue,
                  absl::StrCat("The request names ", named.certificates.size(),
                               " certificates; allowed: at most ", kMostNamed, "."));
  }
  return store_.Read([&](Snapshot& snapshot) -> absl::Status {
    forbidden.clear();
    for (const std::string& id : named.certificates) {
      ASSIGN_OR_RETURN(const std::optional<Certificate> certificate,
                       snapshot.FindCertificate(principal.account.id, CertificateId{id}));
      if (!certificate) continue;  // the handler says so
      resource.project = certificate->project_id;
      resource.certificate = id;
      absl::Status allowed = CheckOne(policies, principal.action, action, resource);
      if (!allowed.ok() && action.answers_each) {
        forbidden.push_back({certificate->id, std::move(allowed)});
        continue;
      }
      RETURN_IF_ERROR(allowed);
    }
    return absl::OkStatus();
  });
}

absl::Status Authorizer::CheckOne(const Policies& policies, absl::string_view name,
                                  const Action& action, const PolicyResource& resource) {
  const std::string qualified = QualifiedName(action, name);
  const auto all_say = [&](auto method) {
    return std::all_of(policies.begin(), policies.end(), [&](const auto& policy) {
      return ((*policy).*method)(qualified, resource);
    });
  };
  if (all_say(&Policy::Allows)) return absl::OkStatus();
  const bool is_whole = resource.certificate == "*";
  if (is_whole && resource.project == PolicyResource::kAnyProject) {
    return RefuseCall(name, "no policy of this key allows it on everything");
  }
  const std::string where = absl::StrCat("in project ", resource.project);
  if (action.has_project_code && all_say(&Policy::AllowsElsewhere)) {
    return Refuse(ApiError::kFailedOperationNoProjectPermission,
                  absl::StrCat("This key may not do `", name, "` ", where, "."));
  }
  // That of certificates is the SSL API's alone; the other one every API has.
  const ApiError error = action.service == kSslService
                             ? ApiError::kFailedOperationAuthError
                             : ApiError::kAuthFailureUnauthorizedOperation;
  return Refuse(error, absl::StrCat("This key may not do `", name, "` ",
                                    is_whole ? where : "on this certificate", "."));
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
  absl::StatusOr<Policy> policy = ParsePolicy(text);
  if (ErrorOf(policy.status())) return RefuseStored(policy.status());
  RETURN_IF_ERROR(policy.status());
  auto compiled = std::make_shared<const Policy>(*std::move(policy));
  absl::MutexLock lock(&mutex_);
  if (compiled_.size() >= kMaxCompiled) compiled_.clear();
  compiled_[text] = compiled;
  return std::shared_ptr<const Policy>(std::move(compiled));
}

}  // namespace certwright
