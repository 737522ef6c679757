// CreateCompany, CreateManager, ReviewManager, CreateManagerDomain
#include "absl/strings/ascii.h"
#include "core/profile_service.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/profiles.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

constexpr char kAnyOtherDocument[] = "OTHERS";

absl::StatusOr<ext::CreateCompanyResponse> CreateCompany(Services& services, const Call& call,
                                                         const ext::CreateCompanyRequest& request) {
  ASSIGN_OR_RETURN(
      const std::int64_t id,
      services.profiles.CreateCompany(
          {.account = call.account.id,
           .name = request.company_name(),
           .country = absl::AsciiStrToUpper(request.company_country()),
           .province = request.company_province(),
           .city = request.company_city(),
           .address = request.company_address(),
           .phone = request.company_phone(),
           .id_type = request.id_type().empty() ? kAnyOtherDocument : request.id_type(),
           .id_number = request.id_number()}));
  ext::CreateCompanyResponse response;
  response.set_company_id(id);
  return response;
}

absl::StatusOr<ext::CreateManagerResponse> CreateManager(Services& services, const Call& call,
                                                         const ext::CreateManagerRequest& request) {
  const std::string& level = request.level();
  if (!level.empty() && level != "ov" && level != "ev") {
    return WrongParameter("Level", level, "ov, ev");
  }
  ASSIGN_OR_RETURN(
      const std::int64_t id,
      services.profiles.CreateManager({.account = call.account.id,
                                       .company = request.company_id(),
                                       .person = {.first_name = request.manager_first_name(),
                                                  .last_name = request.manager_last_name(),
                                                  .mail = request.manager_mail(),
                                                  .phone = request.manager_phone(),
                                                  .position = request.manager_position()},
                                       .department = request.manager_department(),
                                       .contact = {.first_name = request.contact_first_name(),
                                                   .last_name = request.contact_last_name(),
                                                   .mail = request.contact_mail(),
                                                   .phone = request.contact_phone(),
                                                   .position = request.contact_position()},
                                       .is_for_ov = level != "ev",
                                       .is_for_ev = level != "ov"}));
  ext::CreateManagerResponse response;
  response.set_manager_id(id);
  return response;
}

absl::StatusOr<ext::ReviewManagerResponse> ReviewManager(Services& services, const Call&,
                                                         const ext::ReviewManagerRequest& request) {
  const bool is_approved = request.decision() == "approve";
  if (!is_approved && request.decision() != "refuse") {
    return WrongParameter("Decision", request.decision(), "approve, refuse");
  }
  ASSIGN_OR_RETURN(const ManagerStatus status,
                   services.profiles.Review(request.manager_id(), is_approved, request.reason()));
  ext::ReviewManagerResponse response;
  response.set_manager_id(request.manager_id());
  response.set_status(NameOf(status));
  return response;
}

absl::StatusOr<ext::CreateManagerDomainResponse> CreateManagerDomain(
    Services& services, const Call& call, const ext::CreateManagerDomainRequest& request) {
  const std::string& method = request.method();
  if (!method.empty() && method != "DNS" && method != "FILE") {
    return WrongParameter("Method", method, "DNS, FILE");
  }
  ASSIGN_OR_RETURN(const std::string domain,
                   services.profiles.AddDomain(
                       call.account.id, request.manager_id(), request.domain(),
                       method == "FILE" ? ValidationMethod::kFile : ValidationMethod::kDns));
  ext::CreateManagerDomainResponse response;
  response.set_manager_id(request.manager_id());
  response.set_domain(domain);
  return response;
}

}  // namespace

void BindManagers(ActionTable& table) {
  table.Bind("CreateCompany", CreateCompany);
  table.Bind("CreateManager", CreateManager);
  table.Bind("ReviewManager", ReviewManager);
  table.Bind("CreateManagerDomain", CreateManagerDomain);
}

}  // namespace certwright
