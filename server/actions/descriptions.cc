// DescribeCertificate, DescribeCertificateDetail, DescribeCertificates
#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/revocation.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/certificate_view.h"
#include "server/actions/parameters.h"

namespace certwright {
namespace {

constexpr std::uint64_t kDefaultLimit = 10;
constexpr std::uint64_t kMaxLimit = 1000;
constexpr std::uint64_t kMaxOffset = 1'000'000'000;
constexpr std::uint64_t kLastStatus = 15;
constexpr std::size_t kMaxSearchBytes = 256;
constexpr int kMaxFilterIds = 1000;

// Only orders that are not issued show their submission, and only revocations under way are shown.
absl::StatusOr<Beside> FindBeside(Snapshot& snapshot, const Certificate& certificate) {
  Beside beside;
  if (OriginOf(certificate) == Origin::kPaid && !certificate.not_before) {
    ASSIGN_OR_RETURN(beside.submission,
                     snapshot.FindSubmission(certificate.account, certificate.id));
  }
  if (IsRevoking(certificate)) {
    ASSIGN_OR_RETURN(beside.revocation, RevocationOf(snapshot, certificate));
  }
  return beside;
}

absl::StatusOr<api::DescribeCertificateResponse> DescribeCertificate(
    Services& services, const Call& call, const api::DescribeCertificateRequest& request) {
  api::DescribeCertificateResponse response;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    const CertificateId id = {request.certificate_id()};
    ASSIGN_OR_RETURN(const Certificate certificate,
                     RequireCertificate(snapshot, call.account.id, id));
    ASSIGN_OR_RETURN(const Beside beside, FindBeside(snapshot, certificate));
    Show(certificate, beside, call, response);
    return absl::OkStatus();
  }));
  return response;
}

// Everything that one view of the data says of a certificate.
struct Whole {
  Certificate certificate = {};
  CertificateBody body = {};
  KeyMaterial key = {};
  Beside beside = {};
};

absl::StatusOr<Whole> ReadWhole(Services& services, AccountId account, const CertificateId& id) {
  Whole whole;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(whole.certificate, RequireCertificate(snapshot, account, id));
    ASSIGN_OR_RETURN(whole.body, snapshot.FindBody(account, id));
    ASSIGN_OR_RETURN(whole.key, snapshot.FindKeyMaterial(account, id));
    ASSIGN_OR_RETURN(whole.beside, FindBeside(snapshot, whole.certificate));
    return absl::OkStatus();
  }));
  return whole;
}

std::vector<std::string> LeafAndChain(const CertificateBody& body) {
  std::vector<std::string> all = {body.leaf_der};
  all.insert(all.end(), body.chain_der.begin(), body.chain_der.end());
  return all;
}

absl::Status ShowChain(const CertificateBody& body, api::DescribeCertificateDetailResponse& out) {
  for (const std::string& der : LeafAndChain(body)) {
    ASSIGN_OR_RETURN(const CertificateFacts facts, Describe(der));
    api::CertBasicInfo& info = *out.add_cert_chain_info();
    info.set_issuer(facts.issuer_name);
    info.set_subject(facts.common_name);
    info.set_fingerprint(absl::AsciiStrToLower(facts.fingerprint_sha1));
    info.set_valid_from(TimeText(facts.not_before));
    info.set_valid_to(TimeText(facts.not_after));
  }
  return absl::OkStatus();
}

// The key is the secret part of a download: where there is none, it is not shown either.
bool MayHaveKey(const Certificate& certificate) {
  return certificate.allow_download && !IsRevoking(certificate) &&
         certificate.status != CertificateStatus::kRevoked &&
         certificate.status != CertificateStatus::kPendingRevocationLetter;
}

absl::StatusOr<api::DescribeCertificateDetailResponse> DescribeCertificateDetail(
    Services& services, const Call& call, const api::DescribeCertificateDetailRequest& request) {
  ASSIGN_OR_RETURN(const Whole whole,
                   ReadWhole(services, call.account.id, CertificateId{request.certificate_id()}));
  api::DescribeCertificateDetailResponse response;
  ShowDetail(whole.certificate, whole.beside, call, response);
  if (whole.body.leaf_der.empty()) return response;
  response.set_certificate_public_key(whole.body.uploaded_pem.empty()
                                          ? CertificatesPem(LeafAndChain(whole.body))
                                          : whole.body.uploaded_pem);
  if (MayHaveKey(whole.certificate) && !whole.key.private_key_der.empty()) {
    ASSIGN_OR_RETURN(*response.mutable_certificate_private_key(),
                     PrivateKeyPem(whole.key.private_key_der));
  }
  if (!whole.body.root_der.empty()) {
    response.mutable_root_cert()->set_standard(CertificatesPem({whole.body.root_der}));
  }
  RETURN_IF_ERROR(ShowChain(whole.body, response));
  return response;
}

absl::Status ReadSearch(const api::DescribeCertificatesRequest& request, CertificateQuery& query) {
  if (request.search_key().size() > kMaxSearchBytes) {
    return WrongParameter("SearchKey", request.search_key(),
                          absl::StrCat("at most ", kMaxSearchBytes, " bytes"));
  }
  if (HasControlCharacter(request.search_key())) {
    return WrongParameter("SearchKey", request.search_key(), "text without control characters");
  }
  if (request.cert_ids_size() > kMaxFilterIds) {
    return WrongParameter("CertIds", absl::StrCat(request.cert_ids_size(), " ids"),
                          absl::StrCat("at most ", kMaxFilterIds, " ids"));
  }
  query.search = request.search_key();
  query.ids.assign(request.cert_ids().begin(), request.cert_ids().end());
  if (static_cast<std::size_t>(request.tags_size()) > kMaxTags) {
    return WrongParameter("Tags", absl::StrCat(request.tags_size(), " tags"),
                          absl::StrCat("at most ", kMaxTags, " tags"));
  }
  query.tags = TagsOf(request.tags());
  if (request.has_project_id()) {
    ASSIGN_OR_RETURN(query.project_id, ParseProject(request.project_id()));
  }
  if (!request.certificate_type().empty()) {
    ASSIGN_OR_RETURN(query.kind, ParseKind("CertificateType", request.certificate_type()));
  }
  std::set<CertificateStatus> statuses;
  for (const std::uint64_t status : request.certificate_status()) {
    if (status > kLastStatus) {
      return WrongParameter("CertificateStatus", absl::StrCat(status), "0 to 15");
    }
    statuses.insert(static_cast<CertificateStatus>(status));
  }
  query.statuses.assign(statuses.begin(), statuses.end());
  return absl::OkStatus();
}

absl::Status ReadFlags(const api::DescribeCertificatesRequest& request, CertificateQuery& query) {
  if (request.has_deployable()) {
    ASSIGN_OR_RETURN(query.is_deployable,
                     ParseFlag("Deployable", static_cast<std::int64_t>(request.deployable())));
  }
  if (request.has_hostable()) {
    ASSIGN_OR_RETURN(query.is_hostable,
                     ParseFlag("Hostable", static_cast<std::int64_t>(request.hostable())));
  }
  ASSIGN_OR_RETURN(const bool only_uploads, ParseFlag("Upload", request.upload()));
  if (only_uploads) query.is_upload = true;
  ASSIGN_OR_RETURN(query.only_renewable, ParseFlag("Renew", request.renew()));
  ASSIGN_OR_RETURN(const bool only_sm2, ParseFlag("IsSM", request.is_sm()));
  ASSIGN_OR_RETURN(
      query.only_expiring,
      ParseFlag("FilterExpiring", static_cast<std::int64_t>(request.filter_expiring())));
  ASSIGN_OR_RETURN(query.only_pending_issue,
                   ParseFlag("IsPendingIssue", request.is_pending_issue()));
  // No SM2 certificate is ever stored, nor one that belongs to a subscription.
  query.matches_nothing = only_sm2 || !request.service_id().empty();
  return absl::OkStatus();
}

absl::Status ReadSource(const api::DescribeCertificatesRequest& request, CertificateQuery& query) {
  const std::string& source = request.filter_source();
  if (source.empty()) return absl::OkStatus();
  if (source != "upload" && source != "buy") {
    return WrongParameter("FilterSource", source, "upload, buy");
  }
  const bool wants_upload = source == "upload";
  if (query.is_upload && *query.is_upload != wants_upload) query.matches_nothing = true;
  query.is_upload = wants_upload;
  return absl::OkStatus();
}

absl::Status ReadPaging(const api::DescribeCertificatesRequest& request, CertificateQuery& query) {
  const std::string& sort = request.expiration_sort();
  if (sort == "DESC") {
    query.order = CertificateQuery::Order::kExpiryDescending;
  } else if (sort == "ASC") {
    query.order = CertificateQuery::Order::kExpiryAscending;
  } else if (!sort.empty()) {
    return WrongParameter("ExpirationSort", sort, "DESC, ASC");
  }
  if (request.offset() > kMaxOffset) {
    return WrongParameter("Offset", absl::StrCat(request.offset()),
                          absl::StrCat("0 to ", kMaxOffset));
  }
  query.offset = static_cast<std::int64_t>(request.offset());
  query.limit = static_cast<std::int64_t>(
      std::min(request.has_limit() ? request.limit() : kDefaultLimit, kMaxLimit));
  return absl::OkStatus();
}

absl::Status DescribeCertificates(Services& services, const Call& call,
                                  const api::DescribeCertificatesRequest& request,
                                  api::DescribeCertificatesResponse& response) {
  CertificateQuery query;
  query.now = call.now;
  RETURN_IF_ERROR(ReadSearch(request, query));
  RETURN_IF_ERROR(ReadFlags(request, query));
  RETURN_IF_ERROR(ReadSource(request, query));
  RETURN_IF_ERROR(ReadPaging(request, query));
  CertificatePage page;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(page, snapshot.ListCertificates(call.account.id, query));
    return absl::OkStatus();
  }));
  response.set_total_count(static_cast<std::uint64_t>(page.total));
  for (const Certificate& certificate : page.certificates) {
    ShowInList(certificate, call, *response.add_certificates());
  }
  return absl::OkStatus();
}

bool IsQuickOne(const api::DescribeCertificateRequest&) { return true; }

// A page near the newest, without a filter, is read along the index.
bool IsQuickPage(const api::DescribeCertificatesRequest& request) {
  constexpr std::uint64_t kFewRows = 20;
  constexpr std::uint64_t kNearRows = 100;
  api::DescribeCertificatesRequest filter = request;
  filter.clear_offset();
  filter.clear_limit();
  const std::uint64_t limit = request.has_limit() ? request.limit() : kDefaultLimit;
  return filter.ByteSizeLong() == 0 && limit <= kFewRows && request.offset() <= kNearRows;
}

}  // namespace

void BindDescriptions(ActionTable& table) {
  table.Bind("DescribeCertificate", DescribeCertificate);
  table.Bind("DescribeCertificateDetail", DescribeCertificateDetail);
  table.Bind("DescribeCertificates", DescribeCertificates);
  table.SetQuick("DescribeCertificate", IsQuickOne);
  table.SetQuick("DescribeCertificates", IsQuickPage);
}

}  // namespace certwright
