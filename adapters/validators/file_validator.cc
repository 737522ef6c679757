#include "adapters/validators/file_validator.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "adapters/checked_socket.h"
#include "adapters/curl_library.h"
#include "adapters/deadline.h"
#include "adapters/validators/dns_validator.h"

namespace certwright {
namespace {

using Result = Probe::Result;

constexpr std::size_t kMaxBodyBytes = 4096;
constexpr int kMaxRedirects = 2;

std::size_t AppendBody(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > kMaxBodyBytes) return 0;  // ends the transfer
  body.append(bytes, size * count);
  return size * count;
}

std::string AddressText(const std::string& bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return bytes.size() == 4 ? text : absl::StrCat("[", text, "]");
}

struct Fetched {
  bool has_answer = false;
  long status = 0;
  std::string body = {};
  std::string redirect = {};
  Result failure = Result::kHttpFileAbsent;
  std::string reason = {};
};

// One request to addresses that were resolved and checked here; curl resolves nothing itself.
class Fetcher {
 public:
  Fetcher(const CurlLibrary& curl, const DnsResolver& resolver, const PublicSuffixList& suffixes,
          const FileValidator::Options& options, absl::Duration allowed)
      : curl_(curl),
        resolver_(resolver),
        suffixes_(suffixes),
        options_(options),
        deadline_(allowed) {}

  Fetched Fetch(std::string url, const std::string& host) {
    Fetched fetched;
    for (int hop = 0; hop <= kMaxRedirects; ++hop) {
      fetched = FetchOnce(url, host);
      if (fetched.redirect.empty()) return fetched;
      url = fetched.redirect;
    }
    fetched.has_answer = false;
    fetched.reason = "more than two redirects";
    return fetched;
  }

 private:
  Fetched FetchOnce(const std::string& url, const std::string& first_host) {
    Fetched fetched;
    const CurlUrlPtr parsed(curl_.url(), curl_.url_cleanup);
    if (curl_.url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
      fetched.reason = "redirect to no URL";
      return fetched;
    }
    const std::string host = absl::AsciiStrToLower(UrlPart(parsed.get(), CURLUPART_HOST));
    const std::string port = UrlPart(parsed.get(), CURLUPART_PORT);
    if (const std::string fault = FaultOf(parsed.get(), host, port, first_host); !fault.empty()) {
      fetched.reason = fault;
      return fetched;
    }
    const std::optional<std::string> addresses = Addresses(host, fetched);
    if (!addresses) return fetched;
    Perform(url, absl::StrCat(host, ":", port, ":", *addresses), fetched);
    return fetched;
  }

  std::string UrlPart(CURLU* url, CURLUPart part) const {
    char* text = nullptr;
    if (curl_.url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
    std::string copy = text;
    curl_.free(text);
    return copy;
  }

  std::string FaultOf(CURLU* url, const std::string& host, const std::string& port,
                      const std::string& first_host) const {
    const std::string scheme = UrlPart(url, CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https") return "redirect to another scheme";
    if (port != absl::StrCat(options_.http_port) && port != absl::StrCat(options_.https_port)) {
      return "redirect to another port";
    }
    const std::string own = suffixes_.RegistrableDomain(first_host);
    if (own.empty() || suffixes_.RegistrableDomain(host) != own) {
      return "redirect to another domain";
    }
    return "";
  }

  std::optional<std::string> Addresses(const std::string& host, Fetched& fetched) const {
    std::string list;
    bool is_private = false;
    for (const DnsType type : {DnsType::kA, DnsType::kAaaa}) {
      const DnsAnswer answer = resolver_.Ask(host, type, deadline_.Left() / 2);
      for (const DnsRecord& record : answer.records) {
        if (record.type != type || record.data.size() != (type == DnsType::kA ? 4U : 16U)) continue;
        const bool is_allowed = options_.allow_private_addresses || IsPublicAddress(record.data);
        is_private = is_private || !is_allowed;
        if (is_allowed) absl::StrAppend(&list, list.empty() ? "" : ",", AddressText(record.data));
      }
      if (!list.empty()) return list;
    }
    fetched.failure = Result::kFileLookupFailed;
    fetched.reason = is_private ? "the host has a private address only" : "the host has no address";
    return std::nullopt;
  }

  void Perform(const std::string& url, const std::string& resolve, Fetched& fetched) const {
    if (deadline_.HasPassed()) {
      fetched.reason = "no time left";
      return;
    }
    const CurlPtr request(curl_.easy_init(), curl_.easy_cleanup);
    const CurlListPtr addresses(curl_.slist_append(nullptr, resolve.c_str()), curl_.slist_free_all);
    const long milliseconds = static_cast<long>(1 + absl::ToInt64Milliseconds(deadline_.Left()));
    curl_.easy_setopt(request.get(), CURLOPT_URL, url.c_str());
    curl_.easy_setopt(request.get(), CURLOPT_RESOLVE, addresses.get());
    curl_.easy_setopt(request.get(), CURLOPT_OPENSOCKETFUNCTION, OpenCheckedSocket);
    curl_.easy_setopt(request.get(), CURLOPT_OPENSOCKETDATA, &options_.allow_private_addresses);
    curl_.easy_setopt(request.get(), CURLOPT_PROXY, "");
    curl_.easy_setopt(request.get(), CURLOPT_NOSIGNAL, 1L);
    curl_.easy_setopt(request.get(), CURLOPT_TIMEOUT_MS, milliseconds);
    curl_.easy_setopt(request.get(), CURLOPT_CONNECTTIMEOUT_MS, milliseconds / 2);
    curl_.easy_setopt(request.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_.easy_setopt(request.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    curl_.easy_setopt(request.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    curl_.easy_setopt(request.get(), CURLOPT_WRITEFUNCTION, AppendBody);
    curl_.easy_setopt(request.get(), CURLOPT_WRITEDATA, &fetched.body);
    curl_.easy_setopt(request.get(), CURLOPT_USERAGENT, "certwright domain validation");
    const CURLcode code = curl_.easy_perform(request.get());
    if (code != CURLE_OK && code != CURLE_WRITE_ERROR) {
      fetched.reason = curl_.easy_strerror(code);
      return;
    }
    fetched.has_answer = true;
    curl_.easy_getinfo(request.get(), CURLINFO_RESPONSE_CODE, &fetched.status);
    const bool is_redirect = fetched.status == 301 || fetched.status == 302 ||
                             fetched.status == 307 || fetched.status == 308;
    char* next = nullptr;
    curl_.easy_getinfo(request.get(), CURLINFO_REDIRECT_URL, &next);
    if (is_redirect && next != nullptr) fetched.redirect = next;
  }

  const CurlLibrary& curl_;
  const DnsResolver& resolver_;
  const PublicSuffixList& suffixes_;
  const FileValidator::Options& options_;
  const Deadline deadline_;
};

Probe Judge(const Fetched& fetched, const std::string& value) {
  Probe probe = {.result = fetched.failure, .reason = fetched.reason};
  if (!fetched.has_answer) {
    if (probe.result == Result::kHttpFileAbsent) {
      probe.reason = absl::StrCat("file not found: ", fetched.reason);
    }
    return probe;
  }
  if (fetched.status != 200) {
    probe.reason = absl::StrCat("file not found: status ", fetched.status);
    return probe;
  }
  if (absl::StripAsciiWhitespace(fetched.body) == value) {
    return {.result = Result::kPassed, .means = "file"};
  }
  return {.result = Result::kHttpFileDiffers,
          .reason = "file content differs",
          .seen = Sanitize(fetched.body.substr(0, 64))};
}

bool IsInV4(const unsigned char* a) {
  return a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 ||
         (a[0] == 100 && (a[1] & 0xc0) == 64) || (a[0] == 169 && a[1] == 254) ||
         (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
         (a[0] == 192 && a[1] == 0 && (a[2] == 0 || a[2] == 2)) ||
         (a[0] == 198 && (a[1] & 0xfe) == 18) || (a[0] == 198 && a[1] == 51 && a[2] == 100) ||
         (a[0] == 203 && a[1] == 0 && a[2] == 113);
}

}  // namespace

bool IsPublicAddress(absl::string_view bytes) {
  const auto* a = reinterpret_cast<const unsigned char*>(bytes.data());
  if (bytes.size() == 4) return !IsInV4(a);
  if (bytes.size() != 16) return false;
  // Global unicast is 2000::/3; of it, 2001:db8::/32 is for documents, and 2002::/16 and 2001::/32
  // wrap IPv4 addresses.
  const bool is_global = (a[0] & 0xe0) == 0x20;
  const bool is_document = a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8;
  const bool is_wrapped =
      a[0] == 0x20 && (a[1] == 0x02 || (a[1] == 0x01 && a[2] == 0 && a[3] == 0));
  return is_global && !is_document && !is_wrapped;
}

FileValidator::FileValidator(const DnsResolver& resolver, const PublicSuffixList& suffixes,
                             Options options)
    : resolver_(resolver), suffixes_(suffixes), options_(std::move(options)) {}

Probe FileValidator::Check(const DomainAuthorization& authorization, absl::Duration timeout) {
  const std::string& host = authorization.name;
  const std::string path = absl::StrCat(authorization.path, authorization.key);
  const absl::StatusOr<const CurlLibrary*> curl = LoadCurl();
  if (!curl.ok()) {
    return {.result = Result::kFileLookupFailed, .reason = std::string(curl.status().message())};
  }
  // Plain HTTP may not use up what HTTPS needs.
  Probe probe =
      Judge(Fetcher(**curl, resolver_, suffixes_, options_, timeout * 3 / 8)
                .Fetch(absl::StrCat("http://", host, ":", options_.http_port, path), host),
            authorization.value);
  if (probe.result != Result::kPassed && probe.result != Result::kFileLookupFailed) {
    const Probe secure =
        Judge(Fetcher(**curl, resolver_, suffixes_, options_, timeout * 3 / 8)
                  .Fetch(absl::StrCat("https://", host, ":", options_.https_port, path), host),
              authorization.value);
    if (secure.result == Result::kPassed || secure.result == Result::kHttpFileDiffers) {
      probe = secure;
    }
  }
  if (probe.result != Result::kPassed) return probe;
  const Probe caa = CheckCaa(resolver_, suffixes_, host, options_.caa_identity, timeout / 4);
  return caa.result == Result::kPassed ? probe : caa;
}

}  // namespace certwright
