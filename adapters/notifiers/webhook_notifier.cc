#include "adapters/notifiers/webhook_notifier.h"

#include <curl/curl.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "adapters/checked_socket.h"

namespace certwright {
namespace {

constexpr long kTimeoutMilliseconds = 3'000;

struct CleanupCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What the server says is of no interest, however long it is.
std::size_t DropBody(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

absl::Status WebhookNotifier::Notify(const std::string& url, const std::string& json) {
  if (url.empty()) {
    log_(json);
    return absl::OkStatus();
  }
  const std::unique_ptr<CURL, CleanupCurl> curl(curl_easy_init());
  const std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  if (curl == nullptr || headers == nullptr) return absl::ResourceExhaustedError("no curl");
  bool allow_private = allow_private_addresses_;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, kTimeoutMilliseconds);
  curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETFUNCTION, OpenCheckedSocket);
  curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETDATA, &allow_private);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, DropBody);
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "certwright notices");
  const CURLcode code = curl_easy_perform(curl.get());
  // The URL may hold a secret: it is not repeated.
  if (code != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat("the webhook: ", curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("the webhook answered ", status));
}

}  // namespace certwright
