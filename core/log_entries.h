// Operate-log rows as the engine writes them.
#ifndef CERTWRIGHT_CORE_LOG_ENTRIES_H_
#define CERTWRIGHT_CORE_LOG_ENTRIES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/caller.h"
#include "core/certificate.h"
#include "core/operate_log.h"

namespace certwright {

// What the account did: its owner, or a sub-user.
inline OperateLogEntry ByCaller(absl::string_view type, const Caller& caller,
                                const CertificateId& id, absl::Time now,
                                absl::string_view remark = "") {
  return {.account = caller,
          .type = std::string(type),
          .certificate_id = id.value,
          .actor = caller.Uin(),
          .remark = std::string(remark),
          .time = now};
}

// Who did what happened without a caller.
inline constexpr absl::string_view kNobody = "--";

// What a reviewer decided, by the number that the log knows them by.
inline OperateLogEntry ByReviewer(absl::string_view type, AccountId account,
                                  const CertificateId& id, absl::Time now,
                                  absl::string_view reviewer, absl::string_view remark) {
  return {.account = account,
          .type = std::string(type),
          .certificate_id = id.value,
          .actor = std::string(reviewer),
          .remark = std::string(remark),
          .time = now};
}

// What happened without a caller.
inline OperateLogEntry BySystem(absl::string_view type, AccountId account, const CertificateId& id,
                                absl::Time now, absl::string_view remark = "") {
  return ByReviewer(type, account, id, now, kNobody, remark);
}

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_LOG_ENTRIES_H_
