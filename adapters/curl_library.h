// libcurl, loaded when the first request needs it: with all that it links to, it would be a tenth
// of an idle service's memory and a part of its start, and most services never ask for a file.
#ifndef CERTWRIGHT_ADAPTERS_CURL_LIBRARY_H_
#define CERTWRIGHT_ADAPTERS_CURL_LIBRARY_H_

#include <curl/curl.h>

#include <memory>

#include "absl/status/statusor.h"

namespace certwright {

// The functions that we call, under their documented names without "curl_".
struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_perform) easy_perform = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  decltype(&::curl_url) url = nullptr;
  decltype(&::curl_url_set) url_set = nullptr;
  decltype(&::curl_url_get) url_get = nullptr;
  decltype(&::curl_url_cleanup) url_cleanup = nullptr;
  decltype(&::curl_free) free = nullptr;
};

using CurlPtr = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;
using CurlListPtr = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;
using CurlUrlPtr = std::unique_ptr<CURLU, decltype(&::curl_url_cleanup)>;

// Initialized; stays loaded. Unavailable where the library or one of the functions is missing.
// Thread-safe.
absl::StatusOr<const CurlLibrary*> LoadCurl();

}  // namespace certwright

#endif  // CERTWRIGHT_ADAPTERS_CURL_LIBRARY_H_
