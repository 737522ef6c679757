// Companies and the people who answer for them ("managers"), whom reviewers approve before orders
// that name an organisation are.
#ifndef CERTWRIGHT_CORE_PROFILE_H_
#define CERTWRIGHT_CORE_PROFILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/ids.h"

namespace certwright {

struct Company {
  AccountId account = {};
  std::int64_t id = 0;  // one series for all accounts
  std::string name = {};
  std::string country = {};  // two upper-case letters
  std::string province = {};
  std::string city = {};
  std::string address = {};
  std::string phone = {};
  std::string id_type = {};    // "TYDMZ", "OTHERS"
  std::string id_number = {};  // "" if none was given
  absl::Time created = {};
};

// Personal data: never in a log, nor in a refusal.
struct Person {
  std::string first_name = {};
  std::string last_name = {};
  std::string mail = {};
  std::string phone = {};
  std::string position = {};
};

// How the last review of a manager stands. The numbers are stored.
enum class ManagerReview {
  kNone = 0,       // never submitted
  kWithAgent = 1,  // the agent reviews
  kWithCa = 2,     // the agent approved, the CA reviews
  kApproved = 3,
  kRefused = 4,
};

// What callers see: the review, and the clock.
enum class ManagerStatus { kNone, kAudit, kCaAudit, kOk, kInvalid, kExpiring, kExpired };

// A domain that orders of a manager are to be for. Only named: whoever issues for it asks for its
// proof, by `method`.
struct ManagerDomain {
  std::string name = {};  // lower case
  ValidationMethod method = ValidationMethod::kDns;
  absl::Time created = {};
  absl::Time expires = {};
};

struct Manager {
  AccountId account = {};
  std::int64_t id = 0;  // one series for all accounts
  std::int64_t company = 0;
  Person person = {};
  std::string department = {};
  Person contact = {};  // members may be ""
  // The levels that it is reviewed for. A decision is on both.
  bool is_for_ov = true;
  bool is_for_ev = true;
  ManagerReview review = ManagerReview::kNone;
  absl::Time created = {};
  std::optional<absl::Time> submitted = {};  // the last time
  std::optional<absl::Time> approved = {};   // while `review` is kApproved
  std::string refusal = {};                  // the reviewer's reason, or ""
  std::vector<ManagerDomain> domains = {};   // oldest first
};

// The end of an approval given at `approved`: 13 months later.
absl::Time ApprovalEnd(absl::Time approved);

// Nothing needs to run for a manager to expire.
ManagerStatus StatusOf(const Manager& manager, absl::Time now);

// Approved, and the approval has not ended.
bool IsApproved(const Manager& manager, absl::Time now);

// Those of its domains that have not ended.
std::vector<ManagerDomain> StandingDomains(const Manager& manager, absl::Time now);

// "none", "audit", "CAaudit", "ok", "invalid", "expiring", "expired"
const char* NameOf(ManagerStatus status);
// Nothing for any other text.
std::optional<ManagerStatus> ParseManagerStatus(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_PROFILE_H_
