#include "adapters/issuers/built_in_ca.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "core/crypto/certificate_builder.h"
#include "core/crypto/digest.h"
#include "core/crypto/keys.h"
#include "core/crypto/signing_key.h"
#include "core/crypto/x509.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

constexpr char kSetting[] = "ca";
constexpr char kOrganization[] = "Certwright private CA";
constexpr char kRsaLabel[] = "RSA";
constexpr char kEccLabel[] = "ECC";
constexpr int kRootYears = 20;
constexpr int kIntermediateYears = 10;
constexpr std::size_t kSerialBytes = 16;
constexpr std::size_t kPartsOfHierarchy = 4;

// One root with its intermediate, as it is stored.
struct Hierarchy {
  std::string root_der = {};
  std::string root_key_der = {};
  std::string intermediate_der = {};
  std::string intermediate_key_der = {};
};

// Ready to sign: an intermediate.
struct Signer {
  std::string name = {};  // "rsa", "ecc", "rsa/SecureSite/OV"
  std::string root_der = {};
  std::string certificate_der = {};
  std::string subject_name_der = {};
  std::unique_ptr<SigningKey> key = {};
};

// One of the two roots, and the intermediate that was made with it.
struct Loaded {
  Hierarchy hierarchy = {};
  Signer signer = {};
};

// 127 random bits: the top one is cleared, not drawn again, so that all are equally likely.
std::string SerialNumber(Random& random) {
  std::string serial = RandomBytes(random, kSerialBytes);
  serial[0] = static_cast<char>(serial[0] & 0x7f);
  if (serial == std::string(kSerialBytes, '\0')) serial.back() = 1;
  return serial;
}

absl::Time Years(absl::Time from, int years) { return from + absl::Hours(24 * 365) * years; }

std::string RootName(absl::string_view label, absl::string_view tag) {
  return absl::StrCat("Certwright ", label, " Root ", tag);
}

std::string IntermediateName(absl::string_view label, absl::string_view tag) {
  return absl::StrCat("Certwright ", label, " DV CA ", tag);
}

// `tag` makes the names this installation's own: two of them are never taken for each other.
absl::StatusOr<Hierarchy> MakeHierarchy(absl::string_view label, absl::string_view tag,
                                        KeyAlgorithm root_algorithm,
                                        KeyAlgorithm intermediate_algorithm, absl::Time now,
                                        Random& random) {
  ASSIGN_OR_RETURN(const PrivateKey root_key, GenerateKey(root_algorithm));
  ASSIGN_OR_RETURN(const PrivateKey key, GenerateKey(intermediate_algorithm));
  ASSIGN_OR_RETURN(const auto root_signer, SigningKey::Parse(root_key.private_key_der));
  const absl::Time start = now - absl::Hours(1);
  CertificateParts parts = {.serial_number = SerialNumber(random),
                            .signature_algorithm_der = root_signer->signature_algorithm_der(),
                            .issuer_name_der = NameDer(kOrganization, RootName(label, tag)),
                            .issuer_public_key_der = root_key.public_key_der,
                            .subject_name_der = NameDer(kOrganization, RootName(label, tag)),
                            .public_key_der = root_key.public_key_der,
                            .not_before = start,
                            .not_after = Years(start, kRootYears)};
  Hierarchy made = {.root_key_der = root_key.private_key_der,
                    .intermediate_key_der = key.private_key_der};
  ASSIGN_OR_RETURN(made.root_der, SignCertificate(CaCertificateTbs(parts, true), *root_signer));
  parts.serial_number = SerialNumber(random);
  parts.subject_name_der = NameDer(kOrganization, IntermediateName(label, tag));
  parts.public_key_der = key.public_key_der;
  parts.not_after = Years(start, kIntermediateYears);
  ASSIGN_OR_RETURN(made.intermediate_der,
                   SignCertificate(CaCertificateTbs(parts, false), *root_signer));
  return made;
}

// Eight base64 lines, after one with the names' tag.
std::string Encode(absl::string_view tag, const Hierarchy& rsa, const Hierarchy& ecc) {
  std::string text(tag);
  for (const Hierarchy* one : {&rsa, &ecc}) {
    for (const std::string* part :
         {&one->root_der, &one->root_key_der, &one->intermediate_der, &one->intermediate_key_der}) {
      absl::StrAppend(&text, "\n", Base64(*part));
    }
  }
  return text;
}

absl::StatusOr<Loaded> Load(absl::string_view name, absl::string_view label, absl::string_view tag,
                            const std::vector<std::string>& lines, std::size_t at) {
  std::string parts[kPartsOfHierarchy];
  for (std::size_t i = 0; i < kPartsOfHierarchy; ++i) {
    std::optional<std::string> bytes = FromBase64(lines[at + i]);
    if (!bytes) return absl::DataLossError("the stored CA does not parse");
    parts[i] = *std::move(bytes);
  }
  Loaded loaded = {.hierarchy = {.root_der = parts[0],
                                 .root_key_der = parts[1],
                                 .intermediate_der = parts[2],
                                 .intermediate_key_der = parts[3]}};
  loaded.signer = {.name = std::string(name),
                   .root_der = parts[0],
                   .certificate_der = parts[2],
                   .subject_name_der = NameDer(kOrganization, IntermediateName(label, tag))};
  ASSIGN_OR_RETURN(loaded.signer.key, SigningKey::Parse(loaded.hierarchy.intermediate_key_der));
  return loaded;
}

absl::StatusOr<std::string> MakeCa(absl::Time now, Random& random) {
  const std::string tag = absl::AsciiStrToUpper(LowerHex(RandomBytes(random, 4)));
  ASSIGN_OR_RETURN(const Hierarchy rsa, MakeHierarchy(kRsaLabel, tag, KeyAlgorithm::kRsa3072,
                                                      KeyAlgorithm::kRsa2048, now, random));
  ASSIGN_OR_RETURN(const Hierarchy ecc, MakeHierarchy(kEccLabel, tag, KeyAlgorithm::kEccP384,
                                                      KeyAlgorithm::kEccP256, now, random));
  return Encode(tag, rsa, ecc);
}

absl::StatusOr<std::optional<std::string>> Find(Store& store, const std::string& setting) {
  std::optional<std::string> found;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(found, snapshot.FindSetting(setting));
    return absl::OkStatus();
  }));
  return found;
}

// Whoever commits first has made it; the others take that one.
absl::StatusOr<std::string> PutOnce(Store& store, const std::string& setting,
                                    const std::string& made) {
  std::string winner;
  RETURN_IF_ERROR(store.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<std::string> found, transaction.FindSetting(setting));
    winner = found.value_or(made);
    return found ? absl::OkStatus() : transaction.PutSetting(setting, made);
  }));
  return winner;
}

bool IsRsa(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::kRsa2048 || algorithm == KeyAlgorithm::kRsa3072 ||
         algorithm == KeyAlgorithm::kRsa4096;
}

// The documented digest of each brand's RSA signatures.
RsaDigest DigestOf(absl::string_view brand) {
  const bool is_sha256 = brand == "SecureSite" || brand == "GeoTrust" || brand == "GlobalSign";
  return is_sha256 ? RsaDigest::kSha256 : RsaDigest::kSha384;
}

bool IsMadeWithRoots(absl::string_view brand, Level level) {
  return level == Level::kDv && (brand.empty() || brand == "TrustAsia");
}

class StoredCa : public BuiltInCa {
 public:
  StoredCa(std::string tag, Loaded rsa, Loaded ecc, Store& store, const Clock& clock,
           Random& random)
      : tag_(std::move(tag)),
        rsa_(std::move(rsa)),
        ecc_(std::move(ecc)),
        store_(store),
        clock_(clock),
        random_(random) {}

  absl::StatusOr<Prepared> Prepare(const IssueRequest& request) override {
    const bool is_rsa = IsRsa(request.key_algorithm);
    if (request.names.empty()) return absl::InvalidArgumentError("a certificate needs a name");
    ASSIGN_OR_RETURN(const Signer* const signer, SignerFor(is_rsa, request.brand, request.level));
    const std::string serial = SerialNumber(random_);
    const CertificateParts parts = {
        .serial_number = serial,
        .signature_algorithm_der = signer->key->signature_algorithm_der(),
        .issuer_name_der = signer->subject_name_der,
        .issuer_public_key_der = signer->key->public_key_der(),
        .subject_name_der = NameDer(request.subject),
        .public_key_der = request.public_key_der,
        .not_before = request.not_before,
        .not_after = request.not_after,
        .level = request.level};
    return Prepared{.issuer = signer->name,
                    .serial_number = LowerHex(serial),
                    .to_be_signed = ServerCertificateTbs(parts, request.names, is_rsa)};
  }

  absl::StatusOr<IssuedCertificate> Sign(absl::string_view issuer,
                                         absl::string_view to_be_signed) override {
    ASSIGN_OR_RETURN(const Signer* const signer, FindSigner(issuer));
    // Bytes that name another CA, or another key, were not made by Prepare of this one.
    const bool is_ours =
        signer != nullptr &&
        absl::StrContains(to_be_signed, absl::StrCat(signer->key->signature_algorithm_der(),
                                                     signer->subject_name_der)) &&
        absl::StrContains(to_be_signed, KeyIdentifier(signer->key->public_key_der()));
    if (!is_ours) return absl::FailedPreconditionError("these bytes are not for this CA to sign");
    IssuedCertificate issued = {.chain_der = {signer->certificate_der},
                                .root_der = signer->root_der};
    ASSIGN_OR_RETURN(issued.leaf_der, SignCertificate(to_be_signed, *signer->key));
    return issued;
  }

  std::string RootsPem() const override {
    return CertificatesPem({rsa_.hierarchy.root_der, ecc_.hierarchy.root_der});
  }

 private:
  const Loaded& HierarchyOf(bool is_rsa) const { return is_rsa ? rsa_ : ecc_; }

  // "Certwright SecureSite OV RSA CA 1A2B3C4D"
  std::string NameOf(bool is_rsa, absl::string_view brand, Level level) const {
    return absl::StrCat("Certwright ", brand, brand.empty() ? "" : " ", LevelText(level),
                        is_rsa ? " RSA CA " : " ECC CA ", tag_);
  }

  absl::StatusOr<const Signer*> SignerFor(bool is_rsa, const std::string& brand, Level level) {
    if (IsMadeWithRoots(brand, level)) return &HierarchyOf(is_rsa).signer;
    const std::string name = absl::StrCat(is_rsa ? rsa_.signer.name : ecc_.signer.name, "/", brand,
                                          "/", LevelText(level));
    absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const Signer* const found, FindLoaded(name));
    if (found != nullptr) return found;
    ASSIGN_OR_RETURN(const std::string made, MakeIntermediate(is_rsa, brand, level));
    ASSIGN_OR_RETURN(const std::string stored, PutOnce(store_, SettingOf(name), made));
    return Keep(name, stored);
  }

  // Null if there is none of this name.
  absl::StatusOr<const Signer*> FindSigner(absl::string_view name) {
    for (const Loaded* one : {&rsa_, &ecc_}) {
      if (one->signer.name == name) return &one->signer;
    }
    absl::MutexLock lock(&mutex_);
    return FindLoaded(std::string(name));
  }

  absl::StatusOr<const Signer*> FindLoaded(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = signers_.find(name);
    if (found != signers_.end()) return found->second.get();
    ASSIGN_OR_RETURN(const std::optional<std::string> stored, Find(store_, SettingOf(name)));
    return stored ? Keep(name, *stored) : absl::StatusOr<const Signer*>(nullptr);
  }

  // Four lines: the brand, the level's number, the certificate, its key.
  absl::StatusOr<std::string> MakeIntermediate(bool is_rsa, const std::string& brand, Level level) {
    const Hierarchy& hierarchy = HierarchyOf(is_rsa).hierarchy;
    ASSIGN_OR_RETURN(const auto root, SigningKey::Parse(hierarchy.root_key_der));
    ASSIGN_OR_RETURN(const PrivateKey key,
                     GenerateKey(is_rsa ? KeyAlgorithm::kRsa2048 : KeyAlgorithm::kEccP256));
    const absl::Time start = clock_.Now() - absl::Hours(1);
    const CertificateParts parts = {
        .serial_number = SerialNumber(random_),
        .signature_algorithm_der = root->signature_algorithm_der(),
        .issuer_name_der = NameDer(kOrganization, RootName(is_rsa ? kRsaLabel : kEccLabel, tag_)),
        .issuer_public_key_der = root->public_key_der(),
        .subject_name_der = NameDer(kOrganization, NameOf(is_rsa, brand, level)),
        .public_key_der = key.public_key_der,
        .not_before = start,
        .not_after = Years(start, kIntermediateYears),
        .level = level};
    ASSIGN_OR_RETURN(const std::string der, SignCertificate(CaCertificateTbs(parts, false), *root));
    return absl::StrCat(brand, "\n", static_cast<int>(level), "\n", Base64(der), "\n",
                        Base64(key.private_key_der));
  }

  absl::StatusOr<const Signer*> Keep(const std::string& name, const std::string& stored)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const std::vector<std::string> lines = absl::StrSplit(stored, '\n');
    std::optional<std::string> certificate;
    std::optional<std::string> key;
    int level = -1;
    if (lines.size() == 4 && absl::SimpleAtoi(lines[1], &level)) {
      certificate = FromBase64(lines[2]);
      key = FromBase64(lines[3]);
    }
    if (!certificate || !key || level < 0 || level > static_cast<int>(Level::kEv)) {
      return absl::DataLossError("a stored intermediate does not parse");
    }
    const bool is_rsa = absl::StartsWith(name, absl::StrCat(rsa_.signer.name, "/"));
    auto signer = std::make_unique<Signer>();
    signer->name = name;
    signer->root_der = HierarchyOf(is_rsa).hierarchy.root_der;
    signer->certificate_der = *certificate;
    signer->subject_name_der =
        NameDer(kOrganization, NameOf(is_rsa, lines[0], static_cast<Level>(level)));
    ASSIGN_OR_RETURN(signer->key, SigningKey::Parse(*key, DigestOf(lines[0])));
    return (signers_[name] = std::move(signer)).get();
  }

  static std::string SettingOf(const std::string& name) { return absl::StrCat("ca/", name); }

  const std::string tag_;
  const Loaded rsa_;
  const Loaded ecc_;
  Store& store_;
  const Clock& clock_;
  Random& random_;
  absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<Signer>> signers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<bool> BuiltInCa::IsMade(Store& store) {
  ASSIGN_OR_RETURN(const std::optional<std::string> found, Find(store, kSetting));
  return found.has_value();
}

absl::StatusOr<std::unique_ptr<BuiltInCa>> BuiltInCa::Open(Store& store, const Clock& clock,
                                                           Random& random) {
  ASSIGN_OR_RETURN(const std::optional<std::string> found, Find(store, kSetting));
  std::string text = found.value_or("");
  if (!found) {
    ASSIGN_OR_RETURN(const std::string made, MakeCa(clock.Now(), random));
    ASSIGN_OR_RETURN(text, PutOnce(store, kSetting, made));
  }
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 1 + 2 * kPartsOfHierarchy) {
    return absl::DataLossError("the stored CA does not parse");
  }
  ASSIGN_OR_RETURN(Loaded rsa, Load("rsa", kRsaLabel, lines[0], lines, 1));
  ASSIGN_OR_RETURN(Loaded ecc, Load("ecc", kEccLabel, lines[0], lines, 1 + kPartsOfHierarchy));
  return std::unique_ptr<BuiltInCa>(
      std::make_unique<StoredCa>(lines[0], std::move(rsa), std::move(ecc), store, clock, random));
}

}  // namespace certwright
