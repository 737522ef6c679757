#include "core/billing/repetition.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

absl::Status CheckClientToken(const ClientToken& token) {
  constexpr std::size_t kMaxToken = 64;
  const bool is_printable = std::all_of(token.token.begin(), token.token.end(),
                                        [](char c) { return c > ' ' && c <= '~'; });
  if (is_printable && token.token.size() <= kMaxToken) return absl::OkStatus();
  return RefuseMember(ApiError::kInvalidParameterValue, "ClientToken", token.token,
                      "1 to 64 printable ASCII characters without blanks");
}

std::string KeyOf(const ClientToken& token) { return absl::StrCat(token.caller, ":", token.token); }

absl::StatusOr<std::optional<std::string>> AnswerBefore(Snapshot& snapshot, AccountId account,
                                                        const ClientToken& token, absl::Time now) {
  ASSIGN_OR_RETURN(std::optional<Repetition> before,
                   snapshot.FindRepetition(account, KeyOf(token)));
  if (!before || before->created <= now - kTokenLife) return std::optional<std::string>();
  if (before->asked == token.asked) return std::move(before->answer);
  return Refuse(ApiError::kInvalidParameterValue,
                "This ClientToken was sent with another call before; a new call needs a new one.",
                "ClientToken");
}

absl::StatusOr<std::optional<std::string>> AnswerBefore(Store& store, AccountId account,
                                                        const ClientToken& token, absl::Time now) {
  std::optional<std::string> answer;
  if (token.token.empty()) return answer;
  RETURN_IF_ERROR(CheckClientToken(token));
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(answer, AnswerBefore(snapshot, account, token, now));
    return absl::OkStatus();
  }));
  return answer;
}

absl::Status Note(Transaction& transaction, AccountId account, const ClientToken& token,
                  const std::string& answer, absl::Time now) {
  return transaction.InsertRepetition(
      account, {.token = KeyOf(token), .asked = token.asked, .answer = answer, .created = now},
      now - kTokenLife);
}

}  // namespace

absl::StatusOr<std::string> Once(
    Store& store, AccountId account, const ClientToken& token, absl::Time now,
    const std::function<absl::Status()>& check,
    const std::function<absl::StatusOr<std::string>(Transaction&)>& work) {
  ASSIGN_OR_RETURN(std::optional<std::string> answer, AnswerBefore(store, account, token, now));
  if (answer) return *std::move(answer);
  RETURN_IF_ERROR(check());
  RETURN_IF_ERROR(store.Write([&](Transaction& transaction) -> absl::Status {
    const bool is_named = !token.token.empty();
    // The same call may be under way twice.
    if (is_named) {
      ASSIGN_OR_RETURN(answer, AnswerBefore(transaction, account, token, now));
      if (answer) return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(answer, work(transaction));
    return is_named ? Note(transaction, account, token, *answer, now) : absl::OkStatus();
  }));
  return *std::move(answer);
}

}  // namespace certwright
