#include "adapters/curl_library.h"

#include <dlfcn.h>

#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

// Of the ABI whose header this was built with; its number has not changed since 2006.
constexpr char kLibrary[] = "libcurl.so.4";

absl::StatusOr<CurlLibrary> Load() {
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot load ", kLibrary, ": ", dlerror()));
  }
  absl::Status status;
  const auto find = [library, &status](const char* name, auto& function) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    if (function == nullptr) {
      status = absl::UnavailableError(absl::StrCat(kLibrary, " has no ", name));
    }
  };
  CurlLibrary curl;
  find("curl_global_init", curl.global_init);
  find("curl_easy_init", curl.easy_init);
  find("curl_easy_setopt", curl.easy_setopt);
  find("curl_easy_perform", curl.easy_perform);
  find("curl_easy_getinfo", curl.easy_getinfo);
  find("curl_easy_strerror", curl.easy_strerror);
  find("curl_easy_cleanup", curl.easy_cleanup);
  find("curl_slist_append", curl.slist_append);
  find("curl_slist_free_all", curl.slist_free_all);
  find("curl_url", curl.url);
  find("curl_url_set", curl.url_set);
  find("curl_url_get", curl.url_get);
  find("curl_url_cleanup", curl.url_cleanup);
  find("curl_free", curl.free);
  if (!status.ok()) return status;
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return absl::UnavailableError("libcurl does not initialize");
  }
  return curl;
}

}  // namespace

absl::StatusOr<const CurlLibrary*> LoadCurl() {
  static const auto& loaded = *new absl::StatusOr<CurlLibrary>(Load());
  if (!loaded.ok()) return loaded.status();
  return &*loaded;
}

}  // namespace certwright
