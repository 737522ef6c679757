// DescribeResourceTagsByResourceIds and ModifyResourceTags of the Tag API, version 2018-08-13
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/region.h"
#include "core/resource_name.h"
#include "core/row_rules.h"
#include "core/service_names.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/paging.h"
#include "server/actions/parameters.h"
#include "tag/v20180813/tag.pb.h"

namespace certwright {
namespace {

namespace api = tag::v20180813;

constexpr char kPrefix[] = "certificate";
constexpr char kCustom[] = "Custom";
constexpr char kSystem[] = "System";
constexpr char kAll[] = "All";
constexpr std::size_t kMaxIds = 50;
constexpr std::uint64_t kDefaultLimit = 15;
constexpr std::int64_t kMaxLimit = 1000;

absl::Status CheckSelection(const api::DescribeResourceTagsByResourceIdsRequest& request) {
  if (request.service_type() != kSslService) {
    return RefuseMember(ApiError::kInvalidParameterValueServiceTypeInvalid, "ServiceType",
                        request.service_type(), kSslService);
  }
  if (request.resource_prefix() != kPrefix) {
    return RefuseMember(ApiError::kInvalidParameterValueResourcePrefixInvalid, "ResourcePrefix",
                        request.resource_prefix(), kPrefix);
  }
  if (!request.resource_region().empty() && !IsRegion(request.resource_region())) {
    return RefuseMember(ApiError::kInvalidParameterValueRegionInvalid, "ResourceRegion",
                        request.resource_region(), "nothing, and regions like ap-guangzhou");
  }
  const std::string& category = request.category();
  if (!request.has_category() || category == kCustom || category == kSystem || category == kAll) {
    return absl::OkStatus();
  }
  return WrongParameter("Category", category, "Custom, System, All");
}

struct Slice {
  std::uint64_t offset = 0;
  std::uint64_t limit = kDefaultLimit;
};

absl::StatusOr<Slice> ReadSlice(const api::DescribeResourceTagsByResourceIdsRequest& request) {
  Slice slice = {.offset = request.offset()};
  if (request.has_limit()) slice.limit = request.limit();
  RETURN_IF_ERROR(CheckNumber("Limit", slice.limit, 1, kMaxLimit));
  RETURN_IF_ERROR(CheckNumber("Offset", slice.offset, 0, kLastOffset));
  if (slice.offset % slice.limit == 0) return slice;
  return WrongParameter("Offset", absl::StrCat(slice.offset),
                        absl::StrCat("multiples of Limit, which is ", slice.limit));
}

// Those that the account does not have are left out.
absl::StatusOr<std::vector<Certificate>> FindEach(Services& services, AccountId account,
                                                  const std::vector<CertificateId>& ids) {
  std::vector<Certificate> found;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    found.clear();
    for (const CertificateId& id : ids) {
      ASSIGN_OR_RETURN(std::optional<Certificate> certificate,
                       snapshot.FindCertificate(account, id));
      if (certificate) found.push_back(*std::move(certificate));
    }
    return absl::OkStatus();
  }));
  return found;
}

void Show(const Certificate& certificate, const Tag& tag, api::TagResource& out) {
  out.set_tag_key(tag.key);
  out.set_tag_value(tag.value);
  out.set_resource_id(certificate.id.value);
  out.set_tag_key_md5(LowerHex(Md5(tag.key)));
  out.set_tag_value_md5(LowerHex(Md5(tag.value)));
  out.set_service_type(kSslService);
  out.set_category(kCustom);
}

absl::StatusOr<api::DescribeResourceTagsByResourceIdsResponse> DescribeResourceTagsByResourceIds(
    Services& services, const Call& call,
    const api::DescribeResourceTagsByResourceIdsRequest& request) {
  RETURN_IF_ERROR(CheckSelection(request));
  ASSIGN_OR_RETURN(const Slice slice, ReadSlice(request));
  const std::vector<CertificateId> ids = IdsOf(request.resource_ids());
  RETURN_IF_ERROR(CheckCount("ResourceIds", ids.size(), kMaxIds,
                             ApiError::kInvalidParameterValueResourceIdInvalid));
  ASSIGN_OR_RETURN(const std::vector<Certificate> certificates,
                   FindEach(services, call.account.id, EachOnce(ids)));
  const bool wants_custom = request.category() != kSystem;
  api::DescribeResourceTagsByResourceIdsResponse response;
  std::uint64_t total = 0;
  for (const Certificate& certificate : certificates) {
    for (const Tag& tag : certificate.tags) {
      if (!wants_custom) continue;
      const bool is_shown = total >= slice.offset && total < slice.offset + slice.limit;
      if (is_shown) Show(certificate, tag, *response.add_tags());
      ++total;
    }
  }
  response.set_total_count(total);
  response.set_offset(slice.offset);
  response.set_limit(slice.limit);
  return response;
}

absl::StatusOr<api::ModifyResourceTagsResponse> ModifyResourceTags(
    Services& services, const Call& call, const api::ModifyResourceTagsRequest& request) {
  ASSIGN_OR_RETURN(const ResourceName resource, ParseResourceName(request.resource()));
  for (int i = 0; i < request.replace_tags_size(); ++i) {
    const api::Tag& tag = request.replace_tags(i);
    if (!tag.has_category() || tag.category() == kCustom || tag.category() == kAll) continue;
    return RefuseMember(ApiError::kInvalidParameterTag,
                        absl::StrCat("ReplaceTags.", i, ".Category"), tag.category(),
                        "Custom, All");
  }
  TagChange change = {.replaced = TagsOf(request.replace_tags())};
  for (const api::TagKeyObject& tag : request.delete_tags()) {
    change.deleted.push_back(tag.tag_key());
  }
  RETURN_IF_ERROR(services.certificates.ChangeTags(call.AsCaller(), resource, change));
  return api::ModifyResourceTagsResponse();
}

}  // namespace

void BindTags(ActionTable& table) {
  table.Bind("DescribeResourceTagsByResourceIds", DescribeResourceTagsByResourceIds);
  table.Bind("ModifyResourceTags", ModifyResourceTags);
}

}  // namespace certwright
