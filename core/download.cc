#include "core/download.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/crypto/bundle.h"
#include "core/crypto/csr.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

// Names that Windows keeps for devices, whatever follows their first dot.
bool IsWindowsDevice(absl::string_view stem) {
  const absl::string_view name = stem.substr(0, stem.find('.'));
  if (name == "con" || name == "prn" || name == "aux" || name == "nul") return true;
  return name.size() == 4 && absl::ascii_isdigit(static_cast<unsigned char>(name[3])) &&
         (absl::StartsWith(name, "com") || absl::StartsWith(name, "lpt"));
}

// Part of a file name on every system, and never of a path: main domains hold nothing else.
std::string FileStem(const Certificate& certificate) {
  std::string stem;
  for (const char c : absl::StrReplaceAll(certificate.domain, {{"*", "_"}})) {
    const bool is_safe = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                         (c == '.' && !stem.empty() && stem.back() != '.');
    if (is_safe) stem += c;
  }
  if (stem.empty()) return "certificate";
  return IsWindowsDevice(stem) ? absl::StrCat("_", stem) : stem;
}

// Each once: Java refuses a chain that repeats a certificate.
void Append(const std::string& der, std::vector<std::string>& chain) {
  if (!der.empty() && !absl::c_linear_search(chain, der)) chain.push_back(der);
}

// Leaf first.
std::vector<std::string> Chain(const CertificateBody& body) {
  std::vector<std::string> chain = {body.leaf_der};
  for (const std::string& der : body.chain_der) Append(der, chain);
  return chain;
}

void AddPem(const Certificate& certificate, const CertificateBody& body, const std::string& key_pem,
            const std::string& stem, std::vector<ZipEntry>& files) {
  const std::vector<std::string> chain = Chain(body);
  std::vector<std::string> issuers(chain.begin() + 1, chain.end());
  if (certificate.kind == CertificateKind::kServer) {
    files.push_back({absl::StrCat("Nginx/1_", stem, "_bundle.crt"), CertificatesPem(chain)});
    if (!key_pem.empty()) files.push_back({absl::StrCat("Nginx/2_", stem, ".key"), key_pem, true});
    std::vector<std::string> with_root = issuers;
    Append(body.root_der, with_root);
    // Apache does not start with an empty one: an upload may come without its issuers.
    if (!with_root.empty()) {
      files.push_back({"Apache/1_root_bundle.crt", CertificatesPem(with_root)});
    }
    files.push_back({absl::StrCat("Apache/2_", stem, ".crt"), CertificatesPem({body.leaf_der})});
    if (!key_pem.empty()) files.push_back({absl::StrCat("Apache/3_", stem, ".key"), key_pem, true});
  } else {
    files.push_back({absl::StrCat("Other/", stem, ".pem"), CertificatesPem(chain)});
  }
  if (!body.root_der.empty()) files.push_back({"Root/root.crt", CertificatesPem({body.root_der})});
  if (!issuers.empty()) files.push_back({"Root/intermediate.crt", CertificatesPem(issuers)});
}

absl::Status AddKeyStores(const CertificateBody& body, const KeyMaterial& key,
                          absl::string_view fresh_password, const std::string& stem, absl::Time now,
                          std::vector<ZipEntry>& files) {
  const bool has_own_password = !key.key_password.empty();
  const std::string password = has_own_password ? key.key_password : std::string(fresh_password);
  const KeyStoreEntry entry = {.alias = stem,
                               .private_key_der = key.private_key_der,
                               .chain_der = Chain(body),
                               .created = now};
  ASSIGN_OR_RETURN(std::string pfx, MakePfx(entry, password));
  ASSIGN_OR_RETURN(std::string jks, MakeJks(entry, password));
  files.push_back({absl::StrCat("IIS/", stem, ".pfx"), std::move(pfx), true});
  if (!has_own_password) files.push_back({"IIS/keystorePass.txt", password, true});
  files.push_back({absl::StrCat("Tomcat/", stem, ".jks"), std::move(jks), true});
  if (!has_own_password) files.push_back({"Tomcat/keystorePass.txt", password, true});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> MakeDownload(const Certificate& certificate,
                                         const CertificateBody& body, const KeyMaterial& key,
                                         absl::string_view fresh_password, absl::Time now) {
  const std::string stem = FileStem(certificate);
  const bool has_key = certificate.kind == CertificateKind::kServer && !key.private_key_der.empty();
  std::string key_pem;
  if (has_key) {
    ASSIGN_OR_RETURN(key_pem, PrivateKeyPem(key.private_key_der));
  }
  std::vector<ZipEntry> files;
  AddPem(certificate, body, key_pem, stem, files);
  if (has_key) {
    RETURN_IF_ERROR(AddKeyStores(body, key, fresh_password, stem, now, files));
  }
  if (!body.csr_der.empty()) files.push_back({absl::StrCat(stem, ".csr"), CsrPem(body.csr_der)});
  return MakeZip(files, now);
}

}  // namespace certwright
