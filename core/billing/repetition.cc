#include "core/billing/repetition.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {

absl::Status CheckClientToken(const ClientToken& token) {
  constexpr std::size_t kMaxToken = 64;
  const bool is_printable = std::all_of(token.token.begin(), token.token.end(),
                                        [](char c) { return c > ' ' && c <= '~'; });
  if (is_printable && token.token.size() <= kMaxToken) return absl::OkStatus();
  return RefuseMember(ApiError::kInvalidParameterValue, "ClientToken", token.token,
                      "1 to 64 printable ASCII characters without blanks");
}

absl::StatusOr<std::string> Once(Transaction& transaction, AccountId account,
                                 const ClientToken& token, absl::Time now,
                                 const std::function<absl::StatusOr<std::string>()>& work) {
  if (token.token.empty()) return work();
  const std::string key = absl::StrCat(token.caller, ":", token.token);
  ASSIGN_OR_RETURN(const std::optional<Repetition> before,
                   transaction.FindRepetition(account, key));
  if (before && before->created > now - kTokenLife) {
    if (before->asked == token.asked) return before->answer;
    return Refuse(ApiError::kInvalidParameterValue,
                  "This ClientToken was sent with another call before; a new call needs a new one.",
                  "ClientToken");
  }
  ASSIGN_OR_RETURN(const std::string answer, work());
  RETURN_IF_ERROR(transaction.InsertRepetition(
      account, {.token = key, .asked = token.asked, .answer = answer, .created = now},
      now - kTokenLife));
  return answer;
}

}  // namespace certwright
