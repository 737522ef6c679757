// A search for the resources that use a certificate (CreateCertificateBindResourceSyncTask).
#ifndef CERTWRIGHT_CORE_BIND_TASK_H_
#define CERTWRIGHT_CORE_BIND_TASK_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

struct BindTask {
  AccountId account = {};
  std::int64_t id = 0;  // from 1 in each account
  CertificateId certificate = {};
  absl::Time created = {};
  std::optional<absl::Time> finished = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_BIND_TASK_H_
