// What a sweep over every action of all services needs: where each member of a request stands,
// what the comments say of it, and two accounts that have one of everything.
#ifndef CERTWRIGHT_TESTS_SUPPORT_SWEEP_H_
#define CERTWRIGHT_TESTS_SUPPORT_SWEEP_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "server/answer_members.h"
#include "server/api_services.h"
#include "server/sample_request.h"
#include "ssl/v20191205/ssl.pb.h"
#include "ssl/v20261201/extension.pb.h"
#include "ssl_descriptor_set.h"
#include "tests/support/made_certificates.h"
#include "tests/support/test_server.h"

namespace certwright {

using Rpc = google::protobuf::MethodDescriptor;
using Member = google::protobuf::FieldDescriptor;

// Of all services.
inline std::vector<const Rpc*> AllRpcs() {
  std::vector<const Rpc*> rpcs;
  for (const ApiService& service : ApiServices()) {
    const auto& descriptor = *service.descriptor;
    for (int i = 0; i < descriptor.method_count(); ++i) rpcs.push_back(descriptor.method(i));
  }
  return rpcs;
}

// A member of a request, or of an object in it.
struct Place {
  const Member* member = nullptr;
  std::string path = {};  // "Tags.0.TagKey"
  // The whole request with this value there, or without the member.
  std::function<std::string(const std::optional<std::string>& json)> request = {};
};

inline std::vector<Place> PlacesIn(const google::protobuf::Descriptor& type,
                                   const JsonMembers& samples) {
  const JsonMembers base = SampleRequest(type, samples);
  std::vector<Place> places;
  for (int i = 0; i < type.field_count(); ++i) {
    const Member* const member = type.field(i);
    const std::string name = member->json_name();
    const auto with = [base, name](const std::optional<std::string>& json) {
      JsonMembers members = base;
      members.erase(name);
      if (json) members[name] = *json;
      return JsonObject(members);
    };
    places.push_back({member, name, with});
    if (member->message_type() == nullptr) continue;
    const bool is_list = member->is_repeated();
    for (const Place& inner : PlacesIn(*member->message_type(), samples)) {
      places.push_back({inner.member, absl::StrCat(name, is_list ? ".0." : ".", inner.path),
                        [with, is_list, inner](const std::optional<std::string>& json) {
                          const std::string object = inner.request(json);
                          return with(is_list ? absl::StrCat("[", object, "]") : object);
                        }});
    }
  }
  return places;
}

// The comment above the member in its .proto.
inline std::string CommentOn(const Member& member) {
  static const auto& pool = *[] {
    auto* made = new google::protobuf::DescriptorPool();
    google::protobuf::FileDescriptorSet files;
    const absl::string_view bytes = SslDescriptorSet();
    files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    for (const auto& file : files.file()) made->BuildFile(file);
    return made;
  }();
  google::protobuf::SourceLocation location;
  const Member* const found =
      pool.FindMessageTypeByName(member.containing_type()->full_name())->field(member.index());
  return found->GetSourceLocation(&location) ? location.leading_comments : "";
}

// "One of A (…); B (…)." of the documented service, "A, B, C." of the extension.
inline bool NamesAnEnumeration(const std::string& comment) {
  if (absl::StrContains(comment, "One of ")) return true;
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  };
  std::size_t commas = 0;
  for (std::size_t i = 1; i + 2 < comment.size(); ++i) {  // " A, B.\n"
    if (comment[i] == ',') ++commas;
    if (!is_word(comment[i]) && comment[i] != ',' && comment[i] != ' ') return false;
    if (comment[i] == ' ' && comment[i - 1] != ',') return false;
  }
  return commas > 0;
}

// Lets every member that names a certificate of the caller's name this one.
inline void NameCertificate(const std::string& id, JsonMembers& samples) {
  for (const char* name : {"CertificateId", "CertId", "CertificateIds", "CertIds",
                           "CertificateIdList", "OldCertificateId", "ResourceIds"}) {
    samples[name] = id;
  }
  samples["Resource"] =
      JsonString(absl::StrCat("qcs::ssl:::certificate/", absl::StrReplaceAll(id, {{"\"", ""}})));
}

// Not members: what MakeOneOfEach gives beside the certificate that is issued.
inline constexpr char kOpenOrder[] = "(an order in status 5)";
inline constexpr char kPendingOrder[] = "(an order in status 0)";
inline constexpr char kUpload[] = "(an upload)";

// The ids of one of each thing that an account can have, by the names of the members that take
// them.
inline JsonMembers MakeOneOfEach(TestServer& server, AccountId account, const std::string& domain) {
  const JsonMembers plausible = PlausibleSamples();
  // Null where it was not made: the actions' own tests say why.
  const auto make = [&](const std::string& action, JsonMembers members, const std::string& id) {
    const Action* found = server.actions.Find(action);
    if (found == nullptr) found = server.extension.Find(action);
    JsonMembers samples = plausible;
    samples["Domain"] = samples["DomainName"] = JsonString(domain);
    for (const auto& [name, value] : SampleRequest(*found->request->GetDescriptor(), samples)) {
      members.emplace(name, value);
    }
    const auto body = server.Ask(action, JsonObject(members), Language::kEnglish, account);
    if (!body.ok()) return std::string("null");
    const auto answer = ReadAnswer(*body, *found->response->GetDescriptor());
    return answer->values.contains(id) ? answer->values.at(id) : std::string("null");
  };

  JsonMembers ids;
  const std::string certificate =
      make("ApplyCertificate",
           {{"CsrEncryptAlgo", "\"ECC\""}, {"CsrKeyParameter", "\"prime256v1\""}}, "CertificateId");
  server.engine.validator.Pass();
  make("CompleteCertificate", {{"CertificateId", certificate}}, "CertificateId");
  NameCertificate(certificate, ids);
  ids["CSRId"] = ids["CSRIds"] = make("CreateCSR", {{"Generate", "true"}}, "Id");
  ids["CompanyId"] = make("CreateCompany", {{"CompanyName", JsonString(domain)}}, "CompanyId");
  ids["ManagerId"] = make(
      "CreateManager",
      {{"CompanyId", ids["CompanyId"]}, {"ManagerMail", JsonString(absl::StrCat("x@", domain))}},
      "ManagerId");
  ids["SecretId"] = make("CreateAccessKey", {}, "SecretId");
  ids[kOpenOrder] = make("CreateOrder", {{"Alias", JsonString(domain)}}, "CertificateId");
  ids[kPendingOrder] = make("ApplyCertificate", {}, "CertificateId");

  const Made leaf = Make(domain, nullptr);
  const auto upload = [&] {
    return make("UploadCertificate",
                {{"CertificatePublicKey", JsonString(leaf.pem())},
                 {"CertificatePrivateKey", JsonString(leaf.key_pem())}},
                "CertificateId");
  };
  ids[kUpload] = upload();
  ids["TaskId"] = ids["TaskIds"] = make(
      "DeleteCertificate", {{"CertificateId", upload()}, {"IsCheckResource", "true"}}, "TaskId");
  return ids;
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_SWEEP_H_
