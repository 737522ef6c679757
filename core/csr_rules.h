// What the members of a CSR record may hold.
#ifndef CERTWRIGHT_CORE_CSR_RULES_H_
#define CERTWRIGHT_CORE_CSR_RULES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/certificate.h"
#include "core/csr_record.h"

namespace certwright {

// The members that a call gives; the others stay what they are.
struct CsrMembers {
  std::optional<std::string> domain = {};
  std::optional<std::string> organization = {};
  std::optional<std::string> department = {};
  std::optional<std::string> email = {};
  std::optional<std::string> province = {};
  std::optional<std::string> city = {};
  std::optional<std::string> country = {};
  std::optional<std::string> encrypt_algo = {};
  std::optional<std::string> key_parameter = {};
  std::optional<std::string> remark = {};
  std::optional<std::string> key_password = {};  // "" takes a draft's password away
};

// FailedOperation.InvalidParam for the first member given that is not allowed, whatever the rest of
// the record says. The password is not shown.
absl::Status CheckCsrMembers(const CsrMembers& members);

// Writes what is given over what is there.
void Apply(const CsrMembers& members, CsrRecord& record, CsrMaterial& material);

// FailedOperation.InvalidParam unless the two belong together.
absl::StatusOr<KeyAlgorithm> ParseCsrKey(const CsrRecord& record);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CSR_RULES_H_
