// A certificate and its key in files of a folder that goes with the test.
#ifndef CERTWRIGHT_TESTS_TRANSPORT_TLS_FILES_H_
#define CERTWRIGHT_TESTS_TRANSPORT_TLS_FILES_H_

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "server/transport/tls_identity.h"
#include "tests/support/made_certificates.h"

namespace certwright {

class TlsFiles {
 public:
  TlsFiles() {
    folder_ = std::filesystem::temp_directory_path() / "certwright-tls-XXXXXX";
    std::string pattern = folder_.string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    Show("localhost");
  }
  ~TlsFiles() { std::filesystem::remove_all(folder_); }
  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;

  static MadeOptions Lasting(bool is_ca = false) {
    return {.is_ca = is_ca,
            .not_before = absl::FromUnixSeconds(1'700'000'000),
            .not_after = absl::FromUnixSeconds(4'000'000'000)};
  }

  TlsIdentity::Files files() const {
    return {.certificate = (folder_ / "cert.pem").string(), .key = (folder_ / "key.pem").string()};
  }
  // Replaces the files by those of a new certificate for `name`.
  void Show(const std::string& name) {
    const Made made = Make(name, &root_, Lasting());
    Write("cert.pem", made.pem());
    Write("key.pem", made.key_pem());
  }
  // As tools do it: another file under the same name.
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / "new", std::ios::binary) << text;
    ::chmod((folder_ / "new").c_str(), S_IRUSR | S_IWUSR);
    std::filesystem::rename(folder_ / "new", folder_ / name);
  }
  std::string root_pem() const { return root_.pem(); }

  std::unique_ptr<TlsIdentity> Load() const {
    auto identity = TlsIdentity::Load(files());
    INFO(identity.status());
    REQUIRE(identity.ok());
    return *std::move(identity);
  }

 private:
  std::filesystem::path folder_;
  const Made root_ = Make("Root", nullptr, Lasting(true));
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_TRANSPORT_TLS_FILES_H_
