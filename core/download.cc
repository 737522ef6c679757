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
#include "core/products.h"
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

// A key with its chain, and what protects them where they are packed.
struct KeyStore {
  KeyStoreEntry entry = {};
  std::string password = {};
  bool has_own_password = false;  // the caller's, who knows it
};

KeyStore KeyStoreOf(const CertificateBody& body, const KeyMaterial& key,
                    absl::string_view fresh_password, const std::string& stem, absl::Time now) {
  const bool has_own_password = !key.key_password.empty();
  return {.entry = {.alias = stem,
                    .private_key_der = key.private_key_der,
                    .chain_der = Chain(body),
                    .created = now},
          .password = has_own_password ? key.key_password : std::string(fresh_password),
          .has_own_password = has_own_password};
}

void AddPassword(const KeyStore& store, const std::string& folder, std::vector<ZipEntry>& files) {
  if (store.has_own_password) return;
  files.push_back({absl::StrCat(folder, "/keystorePass.txt"), store.password, true});
}

absl::Status AddPfx(const KeyStore& store, const std::string& folder,
                    std::vector<ZipEntry>& files) {
  ASSIGN_OR_RETURN(std::string pfx, MakePfx(store.entry, store.password));
  files.push_back({absl::StrCat(folder, "/", store.entry.alias, ".pfx"), std::move(pfx), true});
  AddPassword(store, folder, files);
  return absl::OkStatus();
}

absl::Status AddJks(const KeyStore& store, const std::string& folder,
                    std::vector<ZipEntry>& files) {
  ASSIGN_OR_RETURN(std::string jks, MakeJks(store.entry, store.password));
  files.push_back({absl::StrCat(folder, "/", store.entry.alias, ".jks"), std::move(jks), true});
  AddPassword(store, folder, files);
  return absl::OkStatus();
}

bool HasKey(const Certificate& certificate, const KeyMaterial& key) {
  return certificate.kind == CertificateKind::kServer && !key.private_key_der.empty();
}

absl::StatusOr<std::string> KeyPem(const Certificate& certificate, const KeyMaterial& key) {
  return HasKey(certificate, key) ? PrivateKeyPem(key.private_key_der) : std::string();
}

struct NamedType {
  ServerType type;
  const char* text;
};

constexpr NamedType kTypes[] = {
    {ServerType::kNginx, "nginx"}, {ServerType::kApache, "apache"}, {ServerType::kTomcat, "tomcat"},
    {ServerType::kIis, "iis"},     {ServerType::kJks, "jks"},       {ServerType::kOther, "other"},
    {ServerType::kRoot, "root"},
};

// What stands above the leaf: roots, and what is none. A CA upload has no leaf of a server's.
struct Above {
  std::vector<std::string> issuers = {};
  std::vector<std::string> roots = {};
};

Above AboveLeaf(const Certificate& certificate, const CertificateBody& body) {
  const std::vector<std::string> chain = Chain(body);
  Above above;
  Append(body.root_der, above.roots);
  for (std::size_t i = certificate.kind == CertificateKind::kCa ? 0 : 1; i < chain.size(); ++i) {
    const bool is_root = CheckChain({chain[i], chain[i]}).ok();
    Append(chain[i], is_root ? above.roots : above.issuers);
  }
  return above;
}

// The files of one layout, in their order within the folder.
class PackageFiles {
 public:
  PackageFiles(const Certificate& certificate, const CertificateBody& body, std::string key_pem,
               std::string folder)
      : stem_(FileStem(certificate)),
        folder_(std::move(folder)),
        key_pem_(std::move(key_pem)),
        csr_der_(body.csr_der),
        leaf_({body.leaf_der}),
        chain_(Chain(body)),
        above_(AboveLeaf(certificate, body)) {}

  void AddNginx() {
    AddPem(absl::StrCat(stem_, "_bundle.crt"), chain_);
    AddPem(absl::StrCat(stem_, "_bundle.pem"), chain_);
    AddKeyAndCsr();
  }
  void AddApache() {
    std::vector<std::string> bundle = above_.issuers;
    for (const std::string& root : above_.roots) Append(root, bundle);
    AddPem("root_bundle.crt", bundle);
    AddPem(absl::StrCat(stem_, ".crt"), leaf_);
    AddKeyAndCsr();
  }
  void AddOther() {
    AddPem(absl::StrCat(stem_, ".pem"), leaf_);
    AddPem(absl::StrCat(stem_, "_chain.pem"), std::vector(chain_.begin() + 1, chain_.end()));
    AddKeyAndCsr();
  }
  void AddRoot() {
    AddPem("root.crt", above_.roots);
    AddPem("intermediate.crt", above_.issuers);
  }

  const std::string& folder() const { return folder_; }
  std::vector<ZipEntry>& files() { return files_; }

 private:
  // Servers do not start with an empty one.
  void AddPem(const std::string& name, const std::vector<std::string>& certificates) {
    if (certificates.empty()) return;
    files_.push_back({absl::StrCat(folder_, "/", name), CertificatesPem(certificates)});
  }
  void AddKeyAndCsr() {
    const std::string base = absl::StrCat(folder_, "/", stem_);
    if (!key_pem_.empty()) files_.push_back({absl::StrCat(base, ".key"), key_pem_, true});
    if (!csr_der_.empty()) files_.push_back({absl::StrCat(base, ".csr"), CsrPem(csr_der_)});
  }

  const std::string stem_;
  const std::string folder_;
  const std::string key_pem_;
  const std::string& csr_der_;
  const std::vector<std::string> leaf_;
  const std::vector<std::string> chain_;
  const Above above_;
  std::vector<ZipEntry> files_;
};

}  // namespace

absl::StatusOr<std::string> MakeDownload(const Certificate& certificate,
                                         const CertificateBody& body, const KeyMaterial& key,
                                         absl::string_view fresh_password, absl::Time now) {
  const std::string stem = FileStem(certificate);
  ASSIGN_OR_RETURN(const std::string key_pem, KeyPem(certificate, key));
  std::vector<ZipEntry> files;
  AddPem(certificate, body, key_pem, stem, files);
  if (HasKey(certificate, key)) {
    const KeyStore store = KeyStoreOf(body, key, fresh_password, stem, now);
    RETURN_IF_ERROR(AddPfx(store, "IIS", files));
    if (!IsWoTrus(certificate)) RETURN_IF_ERROR(AddJks(store, "Tomcat", files));
  }
  if (!body.csr_der.empty()) files.push_back({absl::StrCat(stem, ".csr"), CsrPem(body.csr_der)});
  return MakeZip(files, now);
}

std::optional<ServerType> ServerTypeOf(absl::string_view text) {
  for (const NamedType& named : kTypes) {
    if (text == named.text) return named.type;
  }
  return std::nullopt;
}

const char* ServerTypeText(ServerType type) {
  for (const NamedType& named : kTypes) {
    if (type == named.type) return named.text;
  }
  return "";
}

bool IsPackable(ServerType type, const Certificate& certificate) {
  const bool is_server = certificate.kind == CertificateKind::kServer;
  switch (type) {
    case ServerType::kNginx:
    case ServerType::kApache:
      return is_server;
    case ServerType::kTomcat:
    case ServerType::kIis:
      return is_server && certificate.has_private_key;
    case ServerType::kJks:
      return is_server && certificate.has_private_key && !IsWoTrus(certificate);
    case ServerType::kOther:
      return true;
    case ServerType::kRoot:
      return !is_server || certificate.has_issuers;
  }
  return false;
}

std::string PackageName(ServerType type, const Certificate& certificate) {
  return absl::StrCat(FileStem(certificate), "_", ServerTypeText(type));
}

absl::StatusOr<std::string> MakePackage(ServerType type, const Certificate& certificate,
                                        const CertificateBody& body, const KeyMaterial& key,
                                        absl::string_view fresh_password, absl::Time now) {
  ASSIGN_OR_RETURN(std::string key_pem, KeyPem(certificate, key));
  PackageFiles package(certificate, body, std::move(key_pem), PackageName(type, certificate));
  const auto store = [&] {
    return KeyStoreOf(body, key, fresh_password, FileStem(certificate), now);
  };
  switch (type) {
    case ServerType::kNginx:
      package.AddNginx();
      break;
    case ServerType::kApache:
      package.AddApache();
      break;
    case ServerType::kTomcat:
    case ServerType::kIis:
      RETURN_IF_ERROR(AddPfx(store(), package.folder(), package.files()));
      break;
    case ServerType::kJks:
      RETURN_IF_ERROR(AddJks(store(), package.folder(), package.files()));
      break;
    case ServerType::kOther:
      package.AddOther();
      break;
    case ServerType::kRoot:
      package.AddRoot();
      break;
  }
  return MakeZip(package.files(), now);
}

}  // namespace certwright
