#include "core/csr_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/crypto/csr.h"
#include "core/crypto/keys.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr std::size_t kMaxDeleted = 100;

struct Draft {
  CsrRecord record = {};
  CsrMaterial material = {};
};

// ModifyCSR's name for what CreateCSR calls FailedOperation.InvalidParam.
absl::Status WithDetailReason(const absl::Status& status) {
  if (ErrorOf(status) != ApiError::kFailedOperationInvalidParam) return status;
  return Refuse(ApiError::kInvalidParameterWithDetailReason, status.message(), FieldOf(status));
}

// The account's draft, with what is given written over it.
absl::StatusOr<Draft> ChangedDraft(Snapshot& snapshot, AccountId account, CsrId id,
                                   const CsrMembers& members) {
  Draft draft;
  ASSIGN_OR_RETURN(draft.record, RequireCsr(snapshot, account, id));
  if (draft.record.status != CsrStatus::kDraft) {
    return Refuse(ApiError::kInvalidParameterWithDetailReason,
                  absl::StrCat("CSRId `", id.value,
                               "` is generated and cannot be changed any more; "
                               "make a new record."),
                  "CSRId");
  }
  ASSIGN_OR_RETURN(draft.material, snapshot.FindCsrMaterial(account, id));
  Apply(members, draft.record, draft.material);
  RETURN_IF_ERROR(WithDetailReason(ParseCsrKey(draft.record).status()));
  return draft;
}

// Whether a key and a request made for one are those of the other.
bool AskForTheSame(const Draft& a, const Draft& b) {
  return a.record.subject == b.record.subject && a.record.encrypt_algo == b.record.encrypt_algo &&
         a.record.key_parameter == b.record.key_parameter &&
         a.material.key_password == b.material.key_password;
}

}  // namespace

absl::StatusOr<CsrRecord> RequireCsr(Snapshot& snapshot, AccountId account, CsrId id) {
  ASSIGN_OR_RETURN(std::optional<CsrRecord> found, snapshot.FindCsr(account, id));
  if (found) return *std::move(found);
  return Refuse(ApiError::kInvalidParameterInvalidCSRId,
                absl::StrCat("CSRId `", id.value, "` names no CSR record of this account."),
                "CSRId");
}

CsrService::CsrService(Store& store, KeySource& keys, const Clock& clock)
    : store_(store), keys_(keys), clock_(clock) {}

absl::StatusOr<CsrId> CsrService::Create(const NewCsr& csr) {
  RETURN_IF_ERROR(CheckCsrMembers(csr.members));
  RETURN_IF_ERROR(CheckTags(csr.tags));
  CsrRecord record = {.account = csr.account, .tags = csr.tags, .created = clock_.Now()};
  CsrMaterial material;
  Apply(csr.members, record, material);
  if (csr.generate && !Generate(record, material).ok()) {
    return Refuse(ApiError::kFailedOperationSystemError,
                  "The key and the request could not be made; try again.");
  }
  RETURN_IF_ERROR(store_.Write(
      [&](Transaction& transaction) { return transaction.InsertCsr(record, material); }));
  return record.id;
}

absl::Status CsrService::Modify(AccountId account, CsrId id, const CsrMembers& members,
                                bool generate) {
  RETURN_IF_ERROR(WithDetailReason(CheckCsrMembers(members)));
  Draft asked;
  Draft made;
  if (generate) {
    RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
      ASSIGN_OR_RETURN(asked, ChangedDraft(snapshot, account, id, members));
      return absl::OkStatus();
    }));
    made = asked;
    if (!Generate(made.record, made.material).ok()) {
      return Refuse(ApiError::kFailedOperation,
                    "The key and the request could not be made; try again.");
    }
  }
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Draft draft, ChangedDraft(transaction, account, id, members));
    if (generate) {
      if (!AskForTheSame(draft, asked)) {
        return Refuse(ApiError::kFailedOperation,
                      absl::StrCat("CSRId `", id.value,
                                   "` was changed by another call meanwhile; "
                                   "look at it, and try again."),
                      "CSRId");
      }
      draft.record.status = made.record.status;
      draft.material = made.material;
    }
    return transaction.UpdateCsr(draft.record, draft.material);
  });
}

absl::StatusOr<std::vector<CsrId>> CsrService::Delete(AccountId account,
                                                      const std::vector<CsrId>& ids) {
  if (ids.size() > kMaxDeleted) {
    return Refuse(
        ApiError::kInvalidParameterWithDetailReason,
        absl::StrCat("CSRIds holds ", ids.size(), " ids; at most ", kMaxDeleted, " are allowed."),
        "CSRIds");
  }
  std::vector<CsrId> deleted;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    deleted.clear();
    for (const CsrId id : ids) {
      ASSIGN_OR_RETURN(const bool was_there, transaction.DeleteCsr(account, id));
      if (was_there) deleted.push_back(id);
    }
    if (!deleted.empty()) return absl::OkStatus();
    return Refuse(ApiError::kInvalidParameterInvalidCSRId,
                  "CSRIds names no CSR record of this account.", "CSRIds");
  }));
  return deleted;
}

absl::Status CsrService::Generate(CsrRecord& record, CsrMaterial& material) {
  ASSIGN_OR_RETURN(const KeyAlgorithm algorithm, ParseCsrKey(record));
  ASSIGN_OR_RETURN(const PrivateKey key, keys_.Take(algorithm));
  ASSIGN_OR_RETURN(material.csr_der, MakeSubjectCsr(key, record.subject));
  ASSIGN_OR_RETURN(material.private_key_pem,
                   material.key_password.empty()
                       ? PrivateKeyPem(key.private_key_der)
                       : EncryptedPrivateKeyPem(key.private_key_der, material.key_password));
  // The caller knows it, and the key is of no use without it: nothing is left to keep it for.
  material.key_password.clear();
  record.status = CsrStatus::kGenerated;
  return absl::OkStatus();
}

}  // namespace certwright
