// CSR records: the rules of CreateCSR, ModifyCSR and BatchDeleteCSR.
#ifndef CERTWRIGHT_CORE_CSR_SERVICE_H_
#define CERTWRIGHT_CORE_CSR_SERVICE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/clock.h"
#include "core/csr_record.h"
#include "core/csr_rules.h"
#include "core/key_source.h"
#include "core/store.h"

namespace certwright {

struct NewCsr {
  AccountId account = {};
  CsrMembers members = {};  // all but Remark and KeyPassword are given
  std::vector<Tag> tags = {};
  bool generate = false;
};

// Thread-safe: all state is in the store. Everything given must outlive it. Making an RSA 4096 key
// takes seconds, on the calling thread and outside of transactions.
class CsrService {
 public:
  CsrService(Store& store, KeySource& keys, const Clock& clock);

  // A draft or, with `generate`, a record with key and request, which never changes again.
  absl::StatusOr<CsrId> Create(const NewCsr& csr);

  // Edits a draft and, with `generate`, makes its key and request. Wrong members, and any change of
  // a generated record, are InvalidParameter.WithDetailReason: the only documented code for them.
  absl::Status Modify(AccountId account, CsrId id, const CsrMembers& members, bool generate);

  // Drafts and generated ones alike. Answers which of `ids` were there, in their order.
  absl::StatusOr<std::vector<CsrId>> Delete(AccountId account, const std::vector<CsrId>& ids);

 private:
  // Makes the key and the request of a record.
  absl::Status Generate(CsrRecord& record, CsrMaterial& material);

  Store& store_;
  KeySource& keys_;
  const Clock& clock_;
};

// The row, or the refusal for an id that the account does not have. For use inside transactions.
absl::StatusOr<CsrRecord> RequireCsr(Snapshot& snapshot, AccountId account, CsrId id);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CSR_SERVICE_H_
