// The audit trail of an account (DescribeCertificateOperateLogs).
#ifndef CERTWRIGHT_CORE_OPERATE_LOG_H_
#define CERTWRIGHT_CORE_OPERATE_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/ids.h"

namespace certwright {

struct OperateLogEntry {
  AccountId account = {};
  std::string type = {};  // "apply", "issued", "download", …: docs/lifecycle.md has them all
  std::string certificate_id = {};
  std::string actor = {};  // who did it, or "--" for the system (SubAccountUin)
  // Why an order failed, or was reissued or revoked, or what a switched-on simulation touched
  // ("validated by lab"); else "".
  std::string remark = {};
  absl::Time time = {};
};

struct OperateLogQuery {
  absl::Time from = absl::InfinitePast();     // inclusive
  absl::Time until = absl::InfiniteFuture();  // inclusive
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};

struct OperateLogPage {
  std::int64_t total = 0;                     // all matches
  std::vector<OperateLogEntry> entries = {};  // newest first
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_OPERATE_LOG_H_
