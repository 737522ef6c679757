// What DescribeCertificates may ask for. Every member that is set narrows the result (AND).
#ifndef CERTWRIGHT_CORE_CERTIFICATE_QUERY_H_
#define CERTWRIGHT_CORE_CERTIFICATE_QUERY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/certificate.h"

namespace certwright {

struct CertificateQuery {
  enum class Order { kNewestFirst, kExpiryAscending, kExpiryDescending };

  std::string search = {};  // substring of id, alias or any name; "" for all
  std::optional<CertificateKind> kind = {};
  std::optional<std::int64_t> project_id = {};
  std::vector<CertificateStatus> statuses = {};  // OR within; empty for all
  std::optional<bool> is_upload = {};
  std::optional<bool> is_deployable = {};  // issued, unexpired, SVR with key
  std::optional<bool> is_hostable = {};    // as deployable, and not uploaded
  bool only_renewable = false;             // issued, bought, at most 30 days left, no renewal open
  bool only_expiring = false;              // issued, at most 30 days left
  bool only_pending_issue = false;         // reviewing with PENDING-DCV or WAIT-ISSUE
  std::vector<Tag> tags = {};              // all of them
  std::vector<std::string> ids = {};       // OR within; empty for all
  bool only_unmuted = false;               // whose expiry notices are on
  bool matches_nothing = false;            // asked for what is not stored here, as SM2

  absl::Time now = {};  // what "unexpired" and "30 days left" are measured from
  Order order = Order::kNewestFirst;
  std::int64_t offset = 0;
  std::int64_t limit = 10;
};

struct CertificatePage {
  std::int64_t total = 0;                      // matches before paging
  std::vector<Certificate> certificates = {};  // to show: without their authorizations
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_CERTIFICATE_QUERY_H_
