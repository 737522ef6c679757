// What DownloadCertificate packs, unpacked and used as its receivers do.
#include "core/download.h"

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "core/crypto/csr.h"
#include "core/crypto/rsa_generator.h"
#include "tests/support/made_certificates.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

using Paths = std::set<std::string>;

struct Package {
  Made root = Make("Root", nullptr, {.is_ca = true});
  Made intermediate = Make("Intermediate", &root, {.is_ca = true});
  Made leaf = Make("a.example.com", &intermediate);
  Certificate certificate = {};
  CertificateBody body = {.leaf_der = leaf.der,
                          .chain_der = {intermediate.der},
                          .root_der = root.der,
                          .csr_der = *MakeCsr(leaf.key, {"a.example.com"})};
  KeyMaterial key = {.private_key_der = leaf.key.private_key_der};

  Package() {
    certificate.domain = "a.example.com";
    certificate.has_private_key = true;
    certificate.has_issuers = true;
  }
  std::string ZipOf(ServerType type) const {
    REQUIRE(IsPackable(type, certificate));
    return *MakePackage(type, certificate, body, key, "fresh-password",
                        absl::FromUnixSeconds(1767229261));
  }
  std::string Zip() const {
    return *MakeDownload(certificate, body, key, "fresh-password",
                         absl::FromUnixSeconds(1767229261));
  }
};

// Unpacks into `folder`; every path in the archive.
Paths Unpack(const std::string& zip, const ScratchFolder& folder) {
  const std::string file = folder.Write("package.zip", zip);
  CHECK(RunTool("unzip -t " + file).exit_code == 0);
  CHECK(RunTool("unzip -q " + file + " -d " + folder.path()).exit_code == 0);
  Paths paths;
  for (const absl::string_view line : absl::StrSplit(RunTool("unzip -Z1 " + file).output, '\n')) {
    if (!line.empty()) paths.emplace(line);
  }
  return paths;
}

}  // namespace

TEST_CASE("a package has the layout of every server", "[download]") {
  const Package package;
  const ScratchFolder folder;

  const Paths paths = Unpack(package.Zip(), folder);

  CHECK(paths == Paths{"Nginx/1_a.example.com_bundle.crt", "Nginx/2_a.example.com.key",
                       "Apache/1_root_bundle.crt", "Apache/2_a.example.com.crt",
                       "Apache/3_a.example.com.key", "IIS/a.example.com.pfx",
                       "IIS/keystorePass.txt", "Tomcat/a.example.com.jks",
                       "Tomcat/keystorePass.txt", "Root/root.crt", "Root/intermediate.crt",
                       "a.example.com.csr"});
  CHECK(folder.Read("Nginx/1_a.example.com_bundle.crt") ==
        package.leaf.pem() + package.intermediate.pem());
  CHECK(folder.Read("Apache/1_root_bundle.crt") == package.intermediate.pem() + package.root.pem());
  CHECK(folder.Read("Apache/2_a.example.com.crt") == package.leaf.pem());
  CHECK(folder.Read("Root/root.crt") == package.root.pem());
  CHECK(folder.Read("Root/intermediate.crt") == package.intermediate.pem());
  CHECK(folder.Read("a.example.com.csr") == CsrPem(package.body.csr_der));
  for (const char* key : {"Nginx/2_a.example.com.key", "Apache/3_a.example.com.key"}) {
    CHECK(folder.Read(key) == package.leaf.key_pem());
  }
}

TEST_CASE("the password beside a key store opens it", "[download]") {
  const ScratchFolder folder;
  Unpack(Package().Zip(), folder);

  CHECK(folder.Read("IIS/keystorePass.txt") == "fresh-password");
  CHECK(RunTool("openssl pkcs12 -nodes -in " + folder.Path("IIS/a.example.com.pfx") +
                " -passin file:" + folder.Path("IIS/keystorePass.txt"))
            .exit_code == 0);
  CHECK(RunTool("keytool -list -keystore " + folder.Path("Tomcat/a.example.com.jks") +
                " -storepass:file " + folder.Path("Tomcat/keystorePass.txt"))
            .exit_code == 0);
}

TEST_CASE("a password of the caller's own protects the key stores and stands nowhere",
          "[download]") {
  Package package;
  package.key.key_password = "callers-own";
  const ScratchFolder folder;

  const Paths paths = Unpack(package.Zip(), folder);

  CHECK(paths.count("IIS/keystorePass.txt") + paths.count("Tomcat/keystorePass.txt") == 0);
  const std::string pfx = folder.Path("IIS/a.example.com.pfx");
  CHECK(RunTool("openssl pkcs12 -nodes -passin pass:callers-own -in " + pfx).exit_code == 0);
  CHECK(RunTool("openssl pkcs12 -nodes -passin pass:fresh-password -in " + pfx).exit_code != 0);
  CHECK(folder.Read("Nginx/2_a.example.com.key") == package.leaf.key_pem());
}

TEST_CASE("nginx starts with the bundle and its key", "[download]") {
  Package package;
  const ScratchFolder folder;
  Unpack(package.Zip(), folder);
  const std::string config = folder.Write(
      "nginx.conf",
      absl::StrCat(
          "pid ", folder.Path("pid"), "; error_log stderr; events {} http { access_log off;",
          " client_body_temp_path ", folder.Path("1"), "; proxy_temp_path ", folder.Path("2"),
          "; fastcgi_temp_path ", folder.Path("3"), "; uwsgi_temp_path ", folder.Path("4"),
          "; scgi_temp_path ", folder.Path("5"), "; server { listen unix:", folder.Path("s"),
          " ssl; ssl_certificate ", folder.Path("Nginx/1_a.example.com_bundle.crt"),
          "; ssl_certificate_key ", folder.Path("Nginx/2_a.example.com.key"), "; } }"));

  const ToolResult test = RunTool("/usr/sbin/nginx -t -c " + config);

  INFO(test.output);
  CHECK(test.exit_code == 0);
}

TEST_CASE("openssl verifies the leaf by what lies beside it", "[download]") {
  const ScratchFolder folder;
  Unpack(Package().Zip(), folder);

  // 2026-01-01: these certificates have fixed dates.
  const ToolResult verified = RunTool(
      "openssl verify -attime 1767229261 -x509_strict -purpose sslserver"
      " -verify_hostname a.example.com -CAfile " +
      folder.Path("Root/root.crt") + " -untrusted " + folder.Path("Root/intermediate.crt") + " " +
      folder.Path("Apache/2_a.example.com.crt"));

  INFO(verified.output);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("RSA keys are packed in the form that old servers read", "[download]") {
  Package package;
  const PrivateKey key = *GenerateRsa2048();
  const auto signer = *SigningKey::Parse(package.root.key.private_key_der);
  const CertificateParts parts = {.serial_number = "\x07",
                                  .signature_algorithm_der = signer->signature_algorithm_der(),
                                  .issuer_name_der = package.root.name_der,
                                  .issuer_public_key_der = package.root.key.public_key_der,
                                  .subject_name_der = NameDer("", "a.example.com"),
                                  .public_key_der = key.public_key_der,
                                  .not_before = absl::FromUnixSeconds(1760000000),
                                  .not_after = absl::FromUnixSeconds(1790000000)};
  package.body.leaf_der =
      *SignCertificate(ServerCertificateTbs(parts, {"a.example.com"}, true), *signer);
  package.body.chain_der = {package.root.der};
  package.key.private_key_der = key.private_key_der;
  const ScratchFolder folder;
  Unpack(package.Zip(), folder);

  const std::string file = folder.Path("Nginx/2_a.example.com.key");
  CHECK(absl::StartsWith(folder.Read("Nginx/2_a.example.com.key"),
                         "-----BEGIN RSA PRIVATE KEY-----\n"));
  CHECK(RunTool("openssl rsa -check -noout -in " + file).exit_code == 0);
  CHECK(RunTool("keytool -list -keystore " + folder.Path("Tomcat/a.example.com.jks") +
                " -storepass fresh-password")
            .exit_code == 0);
}

TEST_CASE("a chain that repeats certificates is packed without the repetition", "[download]") {
  Package package;
  package.body.chain_der = {package.leaf.der, package.intermediate.der, package.intermediate.der,
                            package.root.der};
  const ScratchFolder folder;
  Unpack(package.Zip(), folder);

  CHECK(folder.Read("Nginx/1_a.example.com_bundle.crt") ==
        package.leaf.pem() + package.intermediate.pem() + package.root.pem());
  CHECK(folder.Read("Apache/1_root_bundle.crt") == package.intermediate.pem() + package.root.pem());
  CHECK(absl::StrContains(
      RunTool("keytool -J-Duser.language=en -list -v -storepass fresh-password -keystore " +
              folder.Path("Tomcat/a.example.com.jks"))
          .output,
      "Certificate chain length: 3"));
}

TEST_CASE("without a key only the public parts are packed", "[download]") {
  Package package;
  package.key = {};
  const ScratchFolder folder;

  CHECK(Unpack(package.Zip(), folder) == Paths{"Nginx/1_a.example.com_bundle.crt",
                                               "Apache/1_root_bundle.crt",
                                               "Apache/2_a.example.com.crt", "Root/root.crt",
                                               "Root/intermediate.crt", "a.example.com.csr"});
}

TEST_CASE("an upload of a leaf alone has no request and no empty file", "[download]") {
  Package package;
  package.body = {.leaf_der = package.leaf.der};
  const ScratchFolder folder;

  CHECK(Unpack(package.Zip(), folder) ==
        Paths{"Nginx/1_a.example.com_bundle.crt", "Nginx/2_a.example.com.key",
              "Apache/2_a.example.com.crt", "Apache/3_a.example.com.key", "IIS/a.example.com.pfx",
              "IIS/keystorePass.txt", "Tomcat/a.example.com.jks", "Tomcat/keystorePass.txt"});
}

TEST_CASE("a CA upload is packed as PEM only", "[download]") {
  Package package;
  package.certificate.kind = CertificateKind::kCa;
  package.body = {.leaf_der = package.intermediate.der, .root_der = package.root.der};
  const ScratchFolder folder;

  CHECK(Unpack(package.Zip(), folder) == Paths{"Other/a.example.com.pem", "Root/root.crt"});
}

TEST_CASE("no main domain names a file outside, or one that a system keeps for itself",
          "[download]") {
  const auto [domain, stem] =
      GENERATE(table<std::string, std::string>({{"*.example.com", "_.example.com"},
                                                {"../../etc/passwd", "etcpasswd"},
                                                {"C:\\x", "x"},
                                                {"", "certificate"},
                                                {"..", "certificate"},
                                                {"a/../b", "a.b"},
                                                {std::string("a\0b", 3), "ab"},
                                                {"con.example.com", "_con.example.com"},
                                                {"com1.example.com", "_com1.example.com"},
                                                {"common.example.com", "common.example.com"}}));
  Package package;
  package.certificate.domain = domain;
  package.key = {};
  const ScratchFolder folder;

  CHECK(Unpack(package.Zip(), folder).count(stem + ".csr") == 1);
}

TEST_CASE("each kind of server has its own package, in one folder", "[package]") {
  const auto [type, expected] = GENERATE(table<ServerType, Paths>({
      {ServerType::kNginx,
       {"a.example.com_nginx/a.example.com_bundle.crt",
        "a.example.com_nginx/a.example.com_bundle.pem", "a.example.com_nginx/a.example.com.key",
        "a.example.com_nginx/a.example.com.csr"}},
      {ServerType::kApache,
       {"a.example.com_apache/root_bundle.crt", "a.example.com_apache/a.example.com.crt",
        "a.example.com_apache/a.example.com.key", "a.example.com_apache/a.example.com.csr"}},
      {ServerType::kTomcat,
       {"a.example.com_tomcat/a.example.com.pfx", "a.example.com_tomcat/keystorePass.txt"}},
      {ServerType::kIis,
       {"a.example.com_iis/a.example.com.pfx", "a.example.com_iis/keystorePass.txt"}},
      {ServerType::kJks,
       {"a.example.com_jks/a.example.com.jks", "a.example.com_jks/keystorePass.txt"}},
      {ServerType::kOther,
       {"a.example.com_other/a.example.com.pem", "a.example.com_other/a.example.com_chain.pem",
        "a.example.com_other/a.example.com.key", "a.example.com_other/a.example.com.csr"}},
      {ServerType::kRoot, {"a.example.com_root/root.crt", "a.example.com_root/intermediate.crt"}},
  }));
  CAPTURE(ServerTypeText(type));
  const ScratchFolder folder;
  CHECK(Unpack(Package().ZipOf(type), folder) == expected);
  CHECK(ServerTypeOf(ServerTypeText(type)) == type);
}

TEST_CASE("packages hold what their servers load", "[package]") {
  const Package package;
  const ScratchFolder folder;
  for (const ServerType type : {ServerType::kNginx, ServerType::kApache, ServerType::kIis,
                                ServerType::kJks, ServerType::kOther, ServerType::kRoot}) {
    const ScratchFolder zip;
    const std::string file = zip.Write("package.zip", package.ZipOf(type));
    CHECK(RunTool("unzip -q " + file + " -d " + folder.path()).exit_code == 0);
  }
  const auto read = [&](const std::string& kind, const std::string& name) {
    return folder.Read("a.example.com_" + kind + "/" + name);
  };
  const std::string bundle = package.leaf.pem() + package.intermediate.pem();
  CHECK(read("nginx", "a.example.com_bundle.crt") == bundle);
  CHECK(read("nginx", "a.example.com_bundle.pem") == bundle);
  CHECK(read("nginx", "a.example.com.key") == package.leaf.key_pem());
  CHECK(read("apache", "root_bundle.crt") == package.intermediate.pem() + package.root.pem());
  CHECK(read("other", "a.example.com.pem") == package.leaf.pem());
  CHECK(read("other", "a.example.com_chain.pem") == package.intermediate.pem());
  CHECK(read("root", "root.crt") == package.root.pem());
  CHECK(read("root", "intermediate.crt") == package.intermediate.pem());
  const ToolResult pfx =
      RunTool("openssl pkcs12 -nokeys -in " + folder.Path("a.example.com_iis/a.example.com.pfx") +
              " -passin file:" + folder.Path("a.example.com_iis/keystorePass.txt"));
  CHECK(absl::StrContains(pfx.output, "Intermediate"));
  CHECK(absl::StrContains(
      RunTool("keytool -J-Duser.language=en -list -v -keystore " +
              folder.Path("a.example.com_jks/a.example.com.jks") + " -storepass:file " +
              folder.Path("a.example.com_jks/keystorePass.txt"))
          .output,
      "Certificate chain length: 2"));
}

TEST_CASE("what is not known is not promised", "[package]") {
  Package package;
  const auto packable = [&](ServerType type) { return IsPackable(type, package.certificate); };
  package.certificate.has_private_key = false;
  package.key = {};
  CHECK(packable(ServerType::kNginx));
  CHECK_FALSE(packable(ServerType::kTomcat));
  CHECK_FALSE(packable(ServerType::kIis));
  CHECK_FALSE(packable(ServerType::kJks));
  package.body = {.leaf_der = package.leaf.der};
  package.certificate.has_issuers = false;
  CHECK_FALSE(packable(ServerType::kRoot));
  const ScratchFolder leaf_alone;
  CHECK(Unpack(package.ZipOf(ServerType::kApache), leaf_alone) ==
        Paths{"a.example.com_apache/a.example.com.crt"});
  CHECK_FALSE(ServerTypeOf("Nginx").has_value());
}

TEST_CASE("WoTrus offers no JKS", "[package]") {
  constexpr int kWoTrusOv = 28;
  Package package;
  package.certificate.package_type = kWoTrusOv;
  const ScratchFolder folder;

  CHECK_FALSE(IsPackable(ServerType::kJks, package.certificate));
  CHECK(IsPackable(ServerType::kTomcat, package.certificate));
  const Paths paths = Unpack(package.Zip(), folder);
  CHECK(paths.count("IIS/a.example.com.pfx") == 1);
  CHECK(paths.count("Tomcat/a.example.com.jks") == 0);
}

TEST_CASE("a CA upload has the packages of PEM only", "[package]") {
  Package package;
  package.certificate.kind = CertificateKind::kCa;
  package.body = {.leaf_der = package.intermediate.der, .chain_der = {package.root.der}};
  for (const ServerType type : {ServerType::kNginx, ServerType::kApache, ServerType::kTomcat,
                                ServerType::kIis, ServerType::kJks}) {
    CHECK_FALSE(IsPackable(type, package.certificate));
  }
  const ScratchFolder other;
  CHECK(Unpack(package.ZipOf(ServerType::kOther), other) ==
        Paths{"a.example.com_other/a.example.com.pem",
              "a.example.com_other/a.example.com_chain.pem"});
  const ScratchFolder root;
  CHECK(Unpack(package.ZipOf(ServerType::kRoot), root) ==
        Paths{"a.example.com_root/root.crt", "a.example.com_root/intermediate.crt"});
  CHECK(root.Read("a.example.com_root/root.crt") == package.root.pem());
}

}  // namespace certwright
