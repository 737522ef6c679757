// The handlers of the extension API, version 2026-12-01: what the documented service does in its
// console. A file a group, as in server/actions.
#ifndef CERTWRIGHT_SERVER_EXTENSION_EXTENSION_H_
#define CERTWRIGHT_SERVER_EXTENSION_EXTENSION_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "server/action.h"

namespace certwright {

// All of them. REQUIRES: called once for a table.
void BindExtension(ActionTable& table);

void BindAccounts(ActionTable& table);
void BindAccessKeys(ActionTable& table);
void BindManagers(ActionTable& table);
void BindProjects(ActionTable& table);
void BindReview(ActionTable& table);
void BindZones(ActionTable& table);
void BindAlarms(ActionTable& table);
void BindExtensionCertificates(ActionTable& table);

// The account that `uin` names: the caller's own for "", another one only for operators, else
// AuthFailure.UnauthorizedOperation.
absl::StatusOr<AccountId> AccountOf(const Call& call, const std::string& uin);

// Offset and Limit as every list of the extension takes them.
struct Window {
  std::int64_t offset = 0;
  std::int64_t limit = 0;
};
template <typename Request>
Window WindowOf(const Request& request) {
  constexpr std::uint64_t kDefaultLimit = 20;
  constexpr std::uint64_t kMaxLimit = 1000;
  constexpr std::uint64_t kMaxOffset = 1'000'000'000;
  const std::uint64_t limit = request.has_limit() ? request.limit() : kDefaultLimit;
  return {
      .offset = static_cast<std::int64_t>(std::min<std::uint64_t>(request.offset(), kMaxOffset)),
      .limit = static_cast<std::int64_t>(std::min(limit, kMaxLimit))};
}

// One page of `all`.
struct Page {
  std::size_t begin = 0;
  std::size_t end = 0;
};
template <typename Request>
Page PageOf(const Request& request, std::size_t all) {
  const Window window = WindowOf(request);
  const std::size_t begin = std::min(static_cast<std::size_t>(window.offset), all);
  return {.begin = begin,
          .end = begin + std::min(static_cast<std::size_t>(window.limit), all - begin)};
}

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_EXTENSION_EXTENSION_H_
