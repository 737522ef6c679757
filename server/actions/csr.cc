// CreateCSR, DescribeCSR, DescribeCSRSet, ModifyCSR, BatchDeleteCSR
#include "core/crypto/csr.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/csr_service.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr std::uint64_t kDefaultLimit = 10;
constexpr std::uint64_t kMaxLimit = 100;
constexpr std::uint64_t kMaxOffset = 1'000'000'000;
constexpr std::size_t kMaxFilterBytes = 256;

// REQUIRES: a request of CreateCSR or ModifyCSR.
template <typename Request>
CsrMembers MembersOf(const Request& request) {
  CsrMembers members;
  if (request.has_domain()) members.domain = request.domain();
  if (request.has_organization()) members.organization = request.organization();
  if (request.has_department()) members.department = request.department();
  if (request.has_email()) members.email = request.email();
  if (request.has_province()) members.province = request.province();
  if (request.has_city()) members.city = request.city();
  if (request.has_country()) members.country = request.country();
  if (request.has_encrypt_algo()) members.encrypt_algo = request.encrypt_algo();
  if (request.has_key_parameter()) members.key_parameter = request.key_parameter();
  if (request.has_remark()) members.remark = request.remark();
  if (request.has_key_password()) members.key_password = request.key_password();
  return members;
}

// What the list and the description both show. The password is in neither.
template <typename Out>
void Show(const CsrRecord& record, Out& out) {
  out.set_id(record.id.value);
  out.set_owner_uin(absl::StrCat(record.account.value));
  out.set_domain(record.subject.domain);
  out.set_organization(record.subject.organization);
  out.set_department(record.subject.department);
  out.set_email(record.subject.email);
  out.set_province(record.subject.province);
  out.set_city(record.subject.city);
  out.set_country(record.subject.country);
  out.set_encrypt_algo(record.encrypt_algo);
  out.set_key_parameter(record.key_parameter);
  out.set_remarks(record.remarks);
  out.set_status(static_cast<std::int64_t>(record.status));
  out.set_create_time(TimeText(record.created));
}

absl::StatusOr<api::CreateCSRResponse> CreateCsr(Services& services, const Call& call,
                                                 const api::CreateCSRRequest& request) {
  ASSIGN_OR_RETURN(const CsrId id, services.csrs.Create({.account = call.account.id,
                                                         .members = MembersOf(request),
                                                         .tags = TagsOf(request.tags()),
                                                         .generate = request.generate()}));
  api::CreateCSRResponse response;
  response.set_id(id.value);
  return response;
}

absl::StatusOr<api::DescribeCSRResponse> DescribeCsr(Services& services, const Call& call,
                                                     const api::DescribeCSRRequest& request) {
  const CsrId id = {request.csr_id()};
  CsrRecord record;
  CsrMaterial material;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(record, RequireCsr(snapshot, call.account.id, id));
    ASSIGN_OR_RETURN(material, snapshot.FindCsrMaterial(call.account.id, id));
    return absl::OkStatus();
  }));
  api::DescribeCSRResponse response;
  Show(record, response);
  if (record.status != CsrStatus::kGenerated) return response;
  response.set_csr(CsrPem(material.csr_der));
  response.set_private_key(material.private_key_pem);
  return response;
}

absl::StatusOr<api::DescribeCSRSetResponse> DescribeCsrSet(
    Services& services, const Call& call, const api::DescribeCSRSetRequest& request) {
  if (request.offset() > kMaxOffset) {
    return WrongParameter("Offset", absl::StrCat(request.offset()),
                          absl::StrCat("0 to ", kMaxOffset));
  }
  if (request.domain().size() > kMaxFilterBytes) {
    return WrongParameter("Domain", request.domain(),
                          absl::StrCat("at most ", kMaxFilterBytes, " bytes"));
  }
  const CsrQuery query = {
      .domain = request.domain(),
      .encrypt_algo = request.encrypt_algo(),
      .offset = static_cast<std::int64_t>(request.offset()),
      .limit = static_cast<std::int64_t>(
          std::min(request.has_limit() ? request.limit() : kDefaultLimit, kMaxLimit)),
  };
  CsrPage page;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(page, snapshot.ListCsrs(call.account.id, query));
    return absl::OkStatus();
  }));
  api::DescribeCSRSetResponse response;
  response.set_total(static_cast<std::uint64_t>(page.total));
  for (const CsrRecord& record : page.records) Show(record, *response.add_set());
  return response;
}

absl::StatusOr<api::ModifyCSRResponse> ModifyCsr(Services& services, const Call& call,
                                                 const api::ModifyCSRRequest& request) {
  RETURN_IF_ERROR(services.csrs.Modify(call.account.id, {request.csr_id()}, MembersOf(request),
                                       request.generate()));
  api::ModifyCSRResponse response;
  response.set_id(request.csr_id());
  return response;
}

absl::StatusOr<api::BatchDeleteCSRResponse> BatchDeleteCsr(
    Services& services, const Call& call, const api::BatchDeleteCSRRequest& request) {
  std::vector<CsrId> ids;
  for (const std::int64_t id : request.csr_ids()) ids.push_back({id});
  ASSIGN_OR_RETURN(const std::vector<CsrId> deleted, services.csrs.Delete(call.account.id, ids));
  api::BatchDeleteCSRResponse response;
  for (const CsrId id : deleted) response.add_success(id.value);
  return response;
}

bool IsQuickOne(const api::DescribeCSRRequest&) { return true; }

}  // namespace

void BindCsrs(ActionTable& table) {
  table.Bind("CreateCSR", CreateCsr);
  table.Bind("DescribeCSR", DescribeCsr);
  table.Bind("DescribeCSRSet", DescribeCsrSet);
  table.Bind("ModifyCSR", ModifyCsr);
  table.Bind("BatchDeleteCSR", BatchDeleteCsr);
  table.SetQuick("DescribeCSR", IsQuickOne);
}

}  // namespace certwright
