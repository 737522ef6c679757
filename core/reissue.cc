#include "core/reissue.h"

#include <optional>
#include <utility>

#include "core/status_macros.h"

namespace certwright {

absl::StatusOr<std::vector<Certificate>> AllReissuesOf(Snapshot& snapshot,
                                                       const Certificate& original) {
  std::vector<Certificate> all;
  std::vector<CertificateId> from = {original.id};
  for (std::size_t i = 0; i < from.size(); ++i) {
    ASSIGN_OR_RETURN(std::vector<Certificate> reissues,
                     snapshot.ListReissues(original.account, from[i]));
    for (Certificate& one : reissues) {
      from.push_back(one.id);
      all.push_back(std::move(one));
    }
  }
  return all;
}

absl::Status ReleaseOriginal(Transaction& transaction, const Certificate& reissue) {
  if (reissue.replaced_by.value.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<Certificate> original,
                   transaction.FindCertificate(reissue.account, reissue.replaced_by));
  if (!original || original->replaced_for != reissue.id) return absl::OkStatus();
  original->replaced_for = {};
  return transaction.UpdateCertificate(*original);
}

absl::Status TellReissues(Transaction& transaction, const Certificate& original) {
  ASSIGN_OR_RETURN(std::vector<Certificate> reissues,
                   transaction.ListReissues(original.account, original.id));
  for (Certificate& reissue : reissues) {
    reissue.is_original_deleted = true;
    RETURN_IF_ERROR(transaction.UpdateCertificate(reissue));
  }
  return absl::OkStatus();
}

}  // namespace certwright
