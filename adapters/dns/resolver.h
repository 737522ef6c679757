// DNS lookups over c-ares: one question, one answer, no state between them.
#ifndef CERTWRIGHT_ADAPTERS_DNS_RESOLVER_H_
#define CERTWRIGHT_ADAPTERS_DNS_RESOLVER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright {

enum class DnsType { kA = 1, kCname = 5, kTxt = 16, kAaaa = 28, kCaa = 257 };

struct DnsRecord {
  std::string owner = {};  // lower case, no trailing dot
  DnsType type = DnsType::kA;
  // TXT: the strings joined. CNAME: the target in lower case, no trailing dot. A, AAAA: the
  // address's bytes. CAA: see caa_*.
  std::string data = {};
  std::string caa_tag = {};  // lower case
  bool is_caa_critical = false;
};

struct DnsAnswer {
  enum class Result {
    kAnswered,  // records hold what there is, perhaps nothing
    kServFail,
    kRefused,   // the server answers, and not this question: REFUSED, NOTIMP and the like
    kNoAnswer,  // timeout, unreachable, malformed
  };
  Result result = Result::kNoAnswer;
  std::string reason = {};              // short text unless kAnswered
  std::vector<DnsRecord> records = {};  // of the answer section, at most 100
};

// Thread-safe. `server` is HOST:PORT with an IP address, "" for the system's resolvers.
class DnsResolver {
 public:
  explicit DnsResolver(std::string server);

  // Blocks at most `timeout`. Falls back to TCP when an answer is cut.
  DnsAnswer Ask(absl::string_view name, DnsType type, absl::Duration timeout) const;

 private:
  const std::string server_;
};

// A DNS message's answer section. Malformed messages give what was readable as kNoAnswer.
DnsAnswer ParseDnsMessage(absl::string_view message);

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_DNS_RESOLVER_H_
