#include "adapters/notifiers/webhook_notifier.h"

#include "absl/strings/str_cat.h"
#include "adapters/checked_socket.h"
#include "adapters/curl_library.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr long kTimeoutMilliseconds = 3'000;

// What the server says is of no interest, however long it is.
std::size_t DropBody(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

absl::Status WebhookNotifier::Notify(const std::string& url, const std::string& json) {
  if (url.empty()) {
    log_(json);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const CurlLibrary* const curl, LoadCurl());
  const CurlPtr request(curl->easy_init(), curl->easy_cleanup);
  const CurlListPtr headers(curl->slist_append(nullptr, "Content-Type: application/json"),
                            curl->slist_free_all);
  if (request == nullptr || headers == nullptr) return absl::ResourceExhaustedError("no curl");
  bool allow_private = allow_private_addresses_;
  curl->easy_setopt(request.get(), CURLOPT_URL, url.c_str());
  curl->easy_setopt(request.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl->easy_setopt(request.get(), CURLOPT_PROXY, "");
  curl->easy_setopt(request.get(), CURLOPT_NOSIGNAL, 1L);
  curl->easy_setopt(request.get(), CURLOPT_TIMEOUT_MS, kTimeoutMilliseconds);
  curl->easy_setopt(request.get(), CURLOPT_OPENSOCKETFUNCTION, OpenCheckedSocket);
  curl->easy_setopt(request.get(), CURLOPT_OPENSOCKETDATA, &allow_private);
  curl->easy_setopt(request.get(), CURLOPT_HTTPHEADER, headers.get());
  curl->easy_setopt(request.get(), CURLOPT_POSTFIELDS, json.c_str());
  curl->easy_setopt(request.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                    static_cast<curl_off_t>(json.size()));
  curl->easy_setopt(request.get(), CURLOPT_WRITEFUNCTION, DropBody);
  curl->easy_setopt(request.get(), CURLOPT_USERAGENT, "certwright notices");
  const CURLcode code = curl->easy_perform(request.get());
  // The URL may hold a secret: it is not repeated.
  if (code != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat("the webhook: ", curl->easy_strerror(code)));
  }
  long status = 0;
  curl->easy_getinfo(request.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("the webhook answered ", status));
}

}  // namespace certwright
