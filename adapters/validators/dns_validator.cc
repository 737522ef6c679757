#include "adapters/validators/dns_validator.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "adapters/deadline.h"
#include "core/shown.h"

namespace certwright {
namespace {

using Result = Probe::Result;

std::string WithoutDot(absl::string_view name) {
  return absl::AsciiStrToLower(absl::EndsWith(name, ".") ? name.substr(0, name.size() - 1) : name);
}

Probe LookupFailed(const DnsAnswer& answer) {
  return {.result = Result::kDnsLookupFailed, .reason = answer.reason};
}

// The issuer's domain of an issue property, without its parameters.
std::string CaaIssuer(absl::string_view value) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(value.substr(0, value.find(';'))));
}

bool CaaAllows(const std::vector<DnsRecord>& records, const std::string& identity) {
  bool has_issue = false;
  bool is_named = false;
  for (const DnsRecord& record : records) {
    if (record.type != DnsType::kCaa) continue;
    if (record.caa_tag == "issue") {
      has_issue = true;
      is_named = is_named || CaaIssuer(record.data) == identity;
    } else if (record.is_caa_critical && record.caa_tag != "issuewild" &&
               record.caa_tag != "iodef") {
      return false;  // something that must be understood, and is not
    }
  }
  return is_named || !has_issue;
}

bool HasCaa(const std::vector<DnsRecord>& records) {
  for (const DnsRecord& record : records) {
    if (record.type == DnsType::kCaa) return true;
  }
  return false;
}

}  // namespace

std::string Sanitize(absl::string_view text) {
  constexpr std::size_t kMaxBytes = 256;
  constexpr std::size_t kEllipsis = 3;
  constexpr std::size_t kEscape = 6;  // the longest that stands for a byte
  std::string shown = Shown(text, kMaxBytes - kEllipsis);
  return shown.size() <= kMaxBytes ? shown : Shown(text, (kMaxBytes - kEllipsis) / kEscape);
}

Probe CheckCaa(const DnsResolver& resolver, const PublicSuffixList& suffixes,
               const std::string& name, const std::string& identity, absl::Duration timeout) {
  const Deadline deadline(timeout);
  const std::string top = suffixes.RegistrableDomain(name);
  for (std::string at = name; at.size() >= top.size() && !at.empty();) {
    const DnsAnswer answer = resolver.Ask(at, DnsType::kCaa, deadline.Left());
    if (answer.result == DnsAnswer::Result::kServFail ||
        answer.result == DnsAnswer::Result::kNoAnswer) {
      return {.result = Result::kDnsLookupFailed,
              .reason = absl::StrCat("caa records of ", at, ": ", answer.reason)};
    }
    if (HasCaa(answer.records)) {
      if (CaaAllows(answer.records, identity)) return {.result = Result::kPassed};
      return {.result = Result::kCaaForbids,
              .reason = absl::StrCat("caa records of ", at, " do not name ", identity)};
    }
    const std::size_t dot = at.find('.');
    if (at == top || dot == std::string::npos) break;
    at = at.substr(dot + 1);
  }
  return {.result = Result::kPassed};
}

DnsValidator::DnsValidator(const DnsResolver& resolver, const PublicSuffixList& suffixes,
                           std::string caa_identity)
    : resolver_(resolver), suffixes_(suffixes), caa_identity_(std::move(caa_identity)) {}

Probe DnsValidator::Check(const DomainAuthorization& authorization, absl::Duration timeout) {
  const bool wants_txt = authorization.record_type == RecordType::kTxt;
  const DnsType type = wants_txt ? DnsType::kTxt : DnsType::kCname;
  const DnsAnswer answer = resolver_.Ask(authorization.key, type, timeout / 2);
  if (answer.result != DnsAnswer::Result::kAnswered) return LookupFailed(answer);

  Probe probe;
  probe.result = wants_txt ? Result::kTxtAbsent : Result::kCnameAbsent;
  probe.reason = wants_txt ? "txt record not found" : "cname record not found";
  for (const DnsRecord& record : answer.records) {
    if (record.type != type) continue;
    // A CNAME counts at its own name alone; a TXT may stand where a CNAME leads.
    if (!wants_txt && record.owner != WithoutDot(authorization.key)) continue;
    const bool is_equal = wants_txt ? record.data == authorization.value
                                    : record.data == WithoutDot(authorization.value);
    if (is_equal) {
      probe = MayIssue(authorization.name, timeout / 2);
      if (probe.result == Result::kPassed) probe.means = "dns";
      return probe;
    }
    probe.result = wants_txt ? Result::kTxtDiffers : Result::kCnameDiffers;
    probe.reason = wants_txt ? "txt record differs" : "cname record differs";
    if (probe.seen.empty()) probe.seen = Sanitize(record.data);
  }
  return probe;
}

Probe DnsValidator::MayIssue(const std::string& name, absl::Duration timeout) {
  return CheckCaa(resolver_, suffixes_, name, caa_identity_, timeout);
}

}  // namespace certwright
