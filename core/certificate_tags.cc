// CertificateService's change of a certificate's tags: ModifyResourceTags.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/row_rules.h"
#include "core/shown.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxChanged = 10;  // of each list, as documented
constexpr std::size_t kMaxRemarkBytes = 500;

absl::Status CheckListSize(absl::string_view field, std::size_t size) {
  if (size <= kMaxChanged) return absl::OkStatus();
  return Refuse(
      ApiError::kInvalidParameterTag,
      absl::StrCat(field, " holds ", size, " tags; at most ", kMaxChanged, " are allowed."), field);
}

absl::Status CheckKey(const std::string& field, absl::string_view key) {
  if (key.empty()) {
    return Refuse(ApiError::kInvalidParameterValueTagKeyEmpty,
                  absl::StrCat(field, " is empty; allowed are 1 to ", kMaxTagKey, " characters."),
                  field);
  }
  if (Characters(key) <= kMaxTagKey) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameterValueTagKeyLengthExceeded,
                absl::StrCat(field, " `", Shown(key), "` has ", Characters(key),
                             " characters; allowed are 1 to ", kMaxTagKey, "."),
                field);
}

absl::Status CheckValue(const std::string& field, absl::string_view value) {
  if (Characters(value) <= kMaxTagValue) return absl::OkStatus();
  return Refuse(ApiError::kInvalidParameterValueTagValueLengthExceeded,
                absl::StrCat(field, " `", Shown(value), "` has ", Characters(value),
                             " characters; at most ", kMaxTagValue, " are allowed."),
                field);
}

absl::Status RefuseTwice(const std::string& field, absl::string_view key) {
  return Refuse(ApiError::kInvalidParameterTag,
                absl::StrCat(field, " `", Shown(key), "` stands there twice; keys are unique."),
                field);
}

// Of what is put on. What stands there from before this was a rule can be taken away.
absl::Status CheckCharacters(ApiError error, const std::string& field, absl::string_view text) {
  if (!HasControlCharacter(text)) return absl::OkStatus();
  return Refuse(
      error,
      absl::StrCat(field, " `", Shown(text), "` holds a control character; none is allowed."),
      field);
}

absl::Status CheckTag(const std::string& place, const Tag& tag) {
  const std::string key = absl::StrCat(place, "TagKey");
  const std::string value = absl::StrCat(place, "TagValue");
  RETURN_IF_ERROR(CheckKey(key, tag.key));
  RETURN_IF_ERROR(
      CheckCharacters(ApiError::kInvalidParameterValueTagKeyCharacterIllegal, key, tag.key));
  RETURN_IF_ERROR(CheckValue(value, tag.value));
  return CheckCharacters(ApiError::kInvalidParameterValueTagValueCharacterIllegal, value,
                         tag.value);
}

absl::Status CheckReplaced(const std::vector<Tag>& tags) {
  std::set<absl::string_view> keys;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string place = absl::StrCat("ReplaceTags.", i, ".");
    RETURN_IF_ERROR(CheckTag(place, tags[i]));
    if (!keys.insert(tags[i].key).second) {
      return RefuseTwice(absl::StrCat(place, "TagKey"), tags[i].key);
    }
  }
  return absl::OkStatus();
}

bool HasKey(const std::vector<Tag>& tags, absl::string_view key) {
  return std::any_of(tags.begin(), tags.end(), [key](const Tag& tag) { return tag.key == key; });
}

absl::Status CheckDeleted(const TagChange& change) {
  std::set<absl::string_view> keys;
  for (std::size_t i = 0; i < change.deleted.size(); ++i) {
    const std::string& key = change.deleted[i];
    const std::string field = absl::StrCat("DeleteTags.", i, ".TagKey");
    RETURN_IF_ERROR(CheckKey(field, key));
    if (!keys.insert(key).second) return RefuseTwice(field, key);
    if (HasKey(change.replaced, key)) {
      return Refuse(ApiError::kInvalidParameterValueDeleteTagsParamError,
                    absl::StrCat(field, " `", Shown(key),
                                 "` stands in ReplaceTags too; a key may stand in "
                                 "one of the two lists."),
                    field);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckChange(const TagChange& change) {
  if (change.replaced.empty() && change.deleted.empty()) {
    return Refuse(ApiError::kInvalidParameterTag,
                  absl::StrCat("ReplaceTags and DeleteTags hold nothing; at least one of them "
                               "should hold 1 to ",
                               kMaxChanged, " tags."),
                  "ReplaceTags");
  }
  RETURN_IF_ERROR(CheckListSize("ReplaceTags", change.replaced.size()));
  RETURN_IF_ERROR(CheckListSize("DeleteTags", change.deleted.size()));
  RETURN_IF_ERROR(CheckReplaced(change.replaced));
  return CheckDeleted(change);
}

// A key that was there keeps its place. Returns the keys that changed, as the log has them:
// "+team -env".
std::string Apply(const TagChange& change, std::vector<Tag>& tags) {
  std::vector<std::string> changed;
  for (const Tag& tag : change.replaced) {
    const auto same = std::find_if(tags.begin(), tags.end(),
                                   [&tag](const Tag& one) { return one.key == tag.key; });
    if (same != tags.end() && same->value == tag.value) continue;
    changed.push_back(absl::StrCat("+", Shown(tag.key)));
    if (same == tags.end()) {
      tags.push_back(tag);
    } else {
      same->value = tag.value;
    }
  }
  for (const std::string& key : change.deleted) {
    const auto is_it = [&key](const Tag& tag) { return tag.key == key; };
    if (std::erase_if(tags, is_it) > 0) changed.push_back(absl::StrCat("-", Shown(key)));
  }
  return Shown(absl::StrJoin(changed, " "), kMaxRemarkBytes);
}

// What is another account's is like what never was.
absl::StatusOr<Certificate> RequireNamed(Snapshot& snapshot, AccountId caller,
                                         const ResourceName& resource) {
  std::optional<Certificate> certificate;
  if (resource.account.value_or(caller) == caller) {
    ASSIGN_OR_RETURN(certificate, snapshot.FindCertificate(caller, resource.certificate));
  }
  if (certificate) return *std::move(certificate);
  return Refuse(ApiError::kResourceNotFound,
                absl::StrCat("Resource names the certificate `", Shown(resource.certificate.value),
                             "`, which this account does not have."),
                "Resource");
}

}  // namespace

absl::Status CertificateService::ChangeTags(const Caller& caller, const ResourceName& resource,
                                            const TagChange& change) {
  RETURN_IF_ERROR(CheckChange(change));
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Certificate certificate, RequireNamed(transaction, caller, resource));
    const std::string remark = Apply(change, certificate.tags);
    if (remark.empty()) return absl::OkStatus();
    if (certificate.tags.size() > kMaxTags) {
      return Refuse(ApiError::kLimitExceededResourceAttachedTags,
                    absl::StrCat("ReplaceTags leads to ", certificate.tags.size(),
                                 " tags on the certificate; at most ", kMaxTags, " are allowed."),
                    "ReplaceTags");
    }
    RETURN_IF_ERROR(transaction.UpdateCertificate(certificate));
    return transaction.AppendOperateLog(
        ByCaller("modifyTags", caller, certificate.id, now, remark));
  });
}

}  // namespace certwright
