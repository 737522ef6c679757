// Key stores and archives, read by the programs that will read them.
#include "core/crypto/bundle.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/crypto/digest.h"
#include "core/crypto/keys.h"
#include "tests/support/made_certificates.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

constexpr char kPassword[] = "Correct-horse1";

struct Stored {
  Made root = Make("Root", nullptr, {.is_ca = true});
  Made leaf = Make("a.example.com", &root);
  KeyStoreEntry entry = {.alias = "a.example.com",
                         .private_key_der = leaf.key.private_key_der,
                         .chain_der = {leaf.der, root.der},
                         .created = absl::FromUnixSeconds(1767229261)};
};

// Groups of two upper-case digits, as keytool prints fingerprints.
std::string Colons(const std::string& hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    absl::StrAppend(&text, i == 0 ? "" : ":", hex.substr(i, 2));
  }
  return text;
}

}  // namespace

TEST_CASE("openssl reads a PFX with its key, chain and modern encryption", "[bundle]") {
  const Stored stored;
  const ScratchFolder folder;
  const std::string file = folder.Write("a.pfx", *MakePfx(stored.entry, kPassword));

  const ToolResult info =
      RunTool("openssl pkcs12 -info -in " + file + " -nodes -passin pass:" + kPassword);
  const ToolResult key =
      RunTool("openssl pkcs12 -nocerts -nodes -in " + file + " -passin pass:" + kPassword);

  INFO(info.output);
  CHECK(info.exit_code == 0);
  CHECK(absl::StrContains(info.output, "MAC: sha256"));
  CHECK(absl::StrContains(info.output, "PBES2, PBKDF2, AES-256-CBC"));
  CHECK_FALSE(absl::StrContains(info.output, "RC2"));
  CHECK(absl::StrContains(info.output, "friendlyName: a.example.com"));
  CHECK(absl::StrContains(info.output, stored.leaf.pem()));
  CHECK(absl::StrContains(info.output, stored.root.pem()));
  const std::string block = key.output.substr(key.output.find("-----BEGIN"));
  CHECK(ParsePrivateKeyPem(block, "")->private_key_der == stored.entry.private_key_der);
}

TEST_CASE("openssl refuses a PFX under another password", "[bundle]") {
  const Stored stored;
  const ScratchFolder folder;
  const std::string file = folder.Write("a.pfx", *MakePfx(stored.entry, kPassword));

  CHECK(RunTool("openssl pkcs12 -in " + file + " -nodes -passin pass:wrong").exit_code != 0);
  CHECK(RunTool("openssl pkcs12 -in " + file + " -nodes -passin pass:").exit_code != 0);
}

TEST_CASE("keytool lists a JKS with its whole chain", "[bundle]") {
  const Stored stored;
  const ScratchFolder folder;
  const std::string file = folder.Write("a.jks", *MakeJks(stored.entry, kPassword));

  const ToolResult list = RunTool("keytool -J-Duser.language=en -list -v -keystore " + file +
                                  " -storepass " + kPassword);

  INFO(list.output);
  CHECK(list.exit_code == 0);
  CHECK(absl::StrContains(list.output, "Keystore type: JKS"));
  CHECK(absl::StrContains(list.output, "Alias name: a.example.com"));
  CHECK(absl::StrContains(list.output, "Entry type: PrivateKeyEntry"));
  CHECK(absl::StrContains(list.output, "Certificate chain length: 2"));
  CHECK(absl::StrContains(list.output, Colons(UpperHex(Sha256(stored.leaf.der)))));
  CHECK(absl::StrContains(list.output, Colons(UpperHex(Sha256(stored.root.der)))));
}

TEST_CASE("keytool takes the key out of a JKS", "[bundle]") {
  const Stored stored;
  const std::string password = GENERATE(as<std::string>(), kPassword, "zwölf-Größen-日本");
  const ScratchFolder folder;
  const std::string file = folder.Write("a.jks", *MakeJks(stored.entry, password));
  const std::string secret = folder.Write("password", password);

  const ToolResult moved = RunTool(
      "LC_ALL=C.UTF-8 JAVA_TOOL_OPTIONS=-Dsun.jnu.encoding=UTF-8 keytool -importkeystore"
      " -srckeystore " +
      file + " -srcstorepass:file " + secret +
      " -srcstoretype JKS"
      " -destkeystore " +
      folder.Path("out.p12") + " -deststoretype PKCS12 -deststorepass changeit");
  INFO(moved.output);
  REQUIRE(moved.exit_code == 0);
  const ToolResult key =
      RunTool("openssl pkcs12 -nocerts -nodes -passin pass:changeit -in " + folder.Path("out.p12"));

  const std::string block = key.output.substr(key.output.find("-----BEGIN"));
  CHECK(ParsePrivateKeyPem(block, "")->public_key_der == stored.leaf.key.public_key_der);
}

TEST_CASE("keytool refuses a JKS under another password, and a changed one", "[bundle]") {
  const Stored stored;
  const ScratchFolder folder;
  std::string jks = *MakeJks(stored.entry, kPassword);
  const std::string file = folder.Write("a.jks", jks);
  CHECK(RunTool("keytool -list -keystore " + file + " -storepass wrong-password").exit_code != 0);

  jks[jks.size() / 2] = static_cast<char>(jks[jks.size() / 2] ^ 1);
  folder.Write("a.jks", jks);
  CHECK(RunTool("keytool -list -keystore " + file + " -storepass " + kPassword).exit_code != 0);
}

TEST_CASE("key stores need a certificate that parses and the key of it", "[bundle]") {
  Stored stored;
  stored.entry.chain_der = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"x"});
  CHECK_FALSE(MakePfx(stored.entry, kPassword).ok());

  const Stored other;
  stored.entry.chain_der = other.entry.chain_der;
  CHECK_FALSE(MakePfx(stored.entry, kPassword).ok());
}

TEST_CASE("an archive is the same bytes for the same files, and unzip finds no fault", "[bundle]") {
  const std::vector<ZipEntry> files = {{"Folder/a.txt", std::string(5000, 'a')},
                                       {"b.bin", std::string("\x00\xff\n", 3), true},
                                       {"empty", ""}};
  const absl::Time modified = absl::FromUnixSeconds(1767229261);
  const ScratchFolder folder;

  const std::string zip = *MakeZip(files, modified);

  CHECK(zip == *MakeZip(files, modified));
  const std::string file = folder.Write("a.zip", zip);
  const ToolResult test = RunTool("unzip -t " + file);
  INFO(test.output);
  CHECK(test.exit_code == 0);
  REQUIRE(RunTool("unzip -q " + file + " -d " + folder.path()).exit_code == 0);
  for (const ZipEntry& entry : files) CHECK(folder.Read(entry.path) == entry.bytes);
  using std::filesystem::perms;
  const perms mode = std::filesystem::status(folder.Path("b.bin")).permissions();
  CHECK((mode & (perms::group_all | perms::others_all)) == perms::none);
}

TEST_CASE("an archive that holds one path twice is refused", "[bundle]") {
  CHECK_FALSE(MakeZip({{"a", "1"}, {"a", "2"}}, absl::UnixEpoch()).ok());
}

}  // namespace certwright
