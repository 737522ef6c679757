#include "server/auth/authorizer.h"

#include <catch2/catch.hpp>
#include <limits>
#include <optional>

#include "core/error.h"
#include "ssl/v20191205/ssl.pb.h"
#include "ssl/v20261201/extension.pb.h"
#include "tests/support/test_server.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;
namespace ext = ssl::v20261201;

constexpr ApiError kUnauthorized = ApiError::kAuthFailureUnauthorizedOperation;
constexpr ApiError kAuthError = ApiError::kFailedOperationAuthError;
constexpr ApiError kNoProject = ApiError::kFailedOperationNoProjectPermission;

std::string Allowing(const std::string& action, const std::string& resource) {
  return absl::StrCat(R"({"version":"2.0","statement":{"effect":"allow","action":")", action,
                      R"(","resource":")", resource, R"("}})");
}
std::string InProject(std::int64_t project) { return absl::StrCat("qcs:id/", project, ":ssl:::*"); }

// Certificates of one account: one in Blue, two in Red.
struct Projects : TestServer {
  Projects() {
    actions.Describe(*api::SslService::descriptor());
    extension.Describe(*ext::SslExtensionService::descriptor());
    blue = *engine.accounts.CreateProject(kAccount, "Blue");
    red = *engine.accounts.CreateProject(kAccount, "Red");
    in_blue = Add("blue.example.com", blue);
    in_red = Add("one.example.com", red);
    also_in_red = Add("two.example.com", red);
  }

  std::string Add(const std::string& domain, std::int64_t project) {
    FreeApplication application = engine.Application(domain);
    application.project_id = project;
    return engine.orders.Apply(application)->value;
  }

  // What a key with these policies hears; nothing if it may.
  std::optional<ApiError> Check(const std::string& name, const google::protobuf::Message& request,
                                const std::string& policy, const std::string& boundary = "") {
    const Principal principal = {.account = {.id = kAccount, .is_operator = true},
                                 .policy = policy,
                                 .boundary = boundary,
                                 .action = name};
    const Action* action = actions.Find(name);
    if (action == nullptr) action = extension.Find(name);
    const absl::Status admitted = authorizer.Admit(principal, *action);
    if (!admitted.ok()) return ErrorOf(admitted);
    return ErrorOf(authorizer.Check(principal, *action, request, forbidden));
  }

  Authorizer authorizer{*engine.store};
  std::vector<ForbiddenCertificate> forbidden;  // by the last Check
  std::int64_t blue = 0;
  std::int64_t red = 0;
  std::string in_blue, in_red, also_in_red;
};

api::DescribeCertificatesRequest Listed(const std::vector<std::string>& ids) {
  api::DescribeCertificatesRequest request;
  for (const std::string& id : ids) request.add_cert_ids(id);
  return request;
}

TEST_CASE("Each certificate of a list must be allowed", "[authorizer]") {
  Projects world;
  const std::string policy = Allowing("ssl:*", InProject(world.red));
  const auto check = [&](const std::vector<std::string>& ids) {
    return world.Check("DescribeCertificates", Listed(ids), policy);
  };

  CHECK(check({world.in_red}) == std::nullopt);
  CHECK(check({world.in_red, world.also_in_red, world.in_red}) == std::nullopt);
  CHECK(check({world.in_blue}) == kNoProject);
  CHECK(check({world.in_red, world.in_blue}) == kNoProject);
  CHECK(check({world.in_red, "unknown1"}) == std::nullopt);
  CHECK(check({world.in_blue, "unknown1"}) == kNoProject);
  CHECK(check({"unknown1"}) == std::nullopt);
}

TEST_CASE("A list that no action takes is refused before anything is looked up", "[authorizer]") {
  Projects world;
  const std::string policy = Allowing("ssl:*", InProject(world.red));
  std::vector<std::string> ids(1000, world.in_red);
  CHECK(world.Check("DescribeCertificates", Listed(ids), policy) == std::nullopt);

  ids.push_back(world.in_blue);

  CHECK(world.Check("DescribeCertificates", Listed(ids), policy) ==
        ApiError::kInvalidParameterValue);
}

TEST_CASE("A deletion of many leaves out those of a forbidden project, and is done",
          "[authorizer]") {
  Projects world;
  api::DeleteCertificatesRequest request;
  request.add_certificate_ids(world.in_red);
  request.add_certificate_ids(world.in_blue);
  // Where the code is not documented, a wrong project is a wrong right.
  CHECK(world.Check("DeleteCertificates", request, Allowing("ssl:*", InProject(world.red))) ==
        std::nullopt);

  REQUIRE(world.forbidden.size() == 1);
  CHECK(world.forbidden[0].id.value == world.in_blue);
  CHECK(ErrorOf(world.forbidden[0].why) == kAuthError);
  const BatchDelete batch = *world.engine.certificates.DeleteMany(
      kAccount, {{world.in_red}, {world.in_blue}}, true, world.forbidden);
  REQUIRE(batch.tasks.size() == 1);
  CHECK(batch.tasks[0].id.value == world.in_red);
  REQUIRE(batch.refused.size() == 1);
  CHECK(batch.refused[0].id.value == world.in_blue);
  CHECK(ErrorOf(batch.refused[0].why) == kAuthError);
}

TEST_CASE("A certificate alone may be allowed", "[authorizer]") {
  Projects world;
  const std::string policy =
      Allowing("ssl:*", absl::StrCat("qcs::ssl:::certificate/", world.in_red));

  CHECK(world.Check("DescribeCertificates", Listed({world.in_red}), policy) == std::nullopt);
  CHECK(world.Check("DescribeCertificates", Listed({world.also_in_red}), policy) == kAuthError);
  CHECK(world.Check("DescribeCertificates", Listed({}), policy) == kUnauthorized);
}

TEST_CASE("An empty id names nothing, and opens nothing", "[authorizer]") {
  Projects world;
  const std::string policy = Allowing("ssl:*", InProject(world.red));
  api::ApplyCertificateRequest request;
  request.set_old_certificate_id("");

  CHECK(world.Check("DescribeCertificates", Listed({}), policy) == kUnauthorized);
  CHECK(world.Check("DescribeCertificates", Listed({""}), policy) == kUnauthorized);
  CHECK(world.Check("ApplyCertificate", request, policy) == kNoProject);
}

TEST_CASE("What is made needs a right to where it is made", "[authorizer]") {
  Projects world;
  const std::string red = Allowing("ssl:*", InProject(world.red));
  const std::string standard = Allowing("ssl:*", InProject(0));
  api::UploadCertificateRequest request;
  CHECK(world.Check("UploadCertificate", request, red) == kNoProject);
  CHECK(world.Check("UploadCertificate", request, standard) == std::nullopt);

  request.set_project_id(static_cast<std::uint64_t>(world.red));
  CHECK(world.Check("UploadCertificate", request, red) == std::nullopt);
  CHECK(world.Check("UploadCertificate", request, standard) == kNoProject);
  CHECK(world.Check("UploadCertificate", request, Allowing("ssl:Upload*", "*")) == std::nullopt);
}

TEST_CASE("A renewal needs the old certificate and the new one's project", "[authorizer]") {
  Projects world;
  const std::string red = Allowing("ssl:*", InProject(world.red));
  api::ApplyCertificateRequest request;
  request.set_old_certificate_id(world.in_red);
  CHECK(world.Check("ApplyCertificate", request, red) == kNoProject);
  request.set_project_id(static_cast<std::uint64_t>(world.red));
  CHECK(world.Check("ApplyCertificate", request, red) == std::nullopt);
  request.set_old_certificate_id(world.in_blue);
  CHECK(world.Check("ApplyCertificate", request, red) == kNoProject);
}

TEST_CASE("A move needs the certificates and the project", "[authorizer]") {
  Projects world;
  const std::string red = Allowing("ssl:*", InProject(world.red));
  api::ModifyCertificateProjectRequest request;
  request.add_certificate_id_list(world.in_red);
  request.set_project_id(static_cast<std::uint64_t>(world.blue));
  CHECK(world.Check("ModifyCertificateProject", request, red) == kNoProject);
  request.set_project_id(static_cast<std::uint64_t>(world.red));
  CHECK(world.Check("ModifyCertificateProject", request, red) == std::nullopt);
  request.add_certificate_id_list(world.in_blue);
  CHECK(world.Check("ModifyCertificateProject", request, red) == kNoProject);
}

TEST_CASE("No number of a project stands for all of them", "[authorizer]") {
  Projects world;
  const std::string red = Allowing("ssl:*", InProject(world.red));
  api::ModifyCertificateProjectRequest request;
  request.add_certificate_id_list(world.in_red);
  request.set_project_id(GENERATE(std::numeric_limits<std::uint64_t>::max(),
                                  std::uint64_t{1} << 63U, (std::uint64_t{1} << 63U) - 1));

  CHECK(world.Check("ModifyCertificateProject", request, red) == kNoProject);
}

TEST_CASE("A search stays within what is allowed", "[authorizer]") {
  Projects world;
  const std::string red = Allowing("ssl:*", InProject(world.red));
  api::DescribeCertificatesRequest request;
  CHECK(world.Check("DescribeCertificates", request, red) == kUnauthorized);
  request.set_project_id(static_cast<std::uint64_t>(world.red));
  CHECK(world.Check("DescribeCertificates", request, red) == std::nullopt);
  request.set_project_id(static_cast<std::uint64_t>(world.blue));
  CHECK(world.Check("DescribeCertificates", request, red) == kNoProject);
  CHECK(world.Check("DescribeCertificateOperateLogs", api::DescribeCertificateOperateLogsRequest(),
                    red) == kUnauthorized);
}

TEST_CASE("A policy and its boundary must both allow", "[authorizer]") {
  Projects world;
  const std::string all = Allowing("*", "*");
  const std::string red = Allowing("ssl:*", InProject(world.red));
  const std::string blue = Allowing("ssl:*", InProject(world.blue));
  const std::string describe = Allowing("ssl:Describe*", "*");
  api::ModifyCertificateAliasRequest alias;
  alias.set_certificate_id(world.in_red);
  const auto check = [&](const std::string& policy, const std::string& boundary) {
    return world.Check("ModifyCertificateAlias", alias, policy, boundary);
  };

  CHECK(check("", "") == std::nullopt);
  CHECK(check(all, red) == std::nullopt);
  CHECK(check(red, all) == std::nullopt);
  CHECK(check("", red) == std::nullopt);
  CHECK(check("", blue) == kNoProject);
  CHECK(check(all, blue) == kNoProject);
  CHECK(check(blue, all) == kNoProject);
  CHECK(check(red, blue) == kNoProject);
  CHECK(check(red, describe) == kUnauthorized);
  CHECK(check(describe, red) == kUnauthorized);
  CHECK(check(red, Allowing("ssl:*", "qcs::ssl:::certificate/other*")) == kAuthError);
}

TEST_CASE("A statement of another service's resources allows nothing", "[authorizer]") {
  Projects world;

  CHECK(world.Check("DescribeCertificates", Listed({"unknown1"}),
                    Allowing("ssl:*", "qcs::cvm:::*")) == kUnauthorized);
}

TEST_CASE("A key whose stored policy would be refused by now may do nothing", "[authorizer]") {
  Projects world;
  const std::string allowing = R"({"effect":"allow","action":"*","resource":"*"})";
  const std::string denying = R"({"effect":"deny","action":"tag:*","resource":"qcs::tag:::*"})";
  const std::string policy =
      absl::StrCat(R"({"version":"2.0","statement":[)", allowing, ",", denying, "]}");

  CHECK(world.Check("DescribeCertificates", Listed({world.in_red}), policy) == kUnauthorized);
  CHECK(world.Check("DescribeCertificates", Listed({world.in_red}), Allowing("*", "*"), policy) ==
        kUnauthorized);
}

TEST_CASE("An operator's action reaches every account, and so must its resource", "[authorizer]") {
  Projects world;
  ext::ReviewCertificateRequest request;
  request.set_certificate_id("of-another-account");
  const std::string own =
      Allowing("ssl:*", absl::StrCat("qcs::ssl::uin/", kAccount.value, ":certificate/*"));

  CHECK(world.Check("ReviewCertificate", request, own) == kUnauthorized);
  CHECK(world.Check("ReviewCertificate", request, Allowing("ssl:*", InProject(world.red))) ==
        kUnauthorized);
  CHECK(world.Check("ReviewCertificate", request, Allowing("ssl:Review*", "*")) == std::nullopt);
}

}  // namespace
}  // namespace certwright
