#include "adapters/issuers/built_in_ca.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
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

// Ready to sign.
struct Signer {
  std::string name = {};  // "rsa", "ecc"
  Hierarchy hierarchy = {};
  std::string subject_name_der = {};
  std::unique_ptr<SigningKey> key = {};
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

absl::StatusOr<Signer> Load(absl::string_view name, absl::string_view label, absl::string_view tag,
                            const std::vector<std::string>& lines, std::size_t at) {
  std::string parts[kPartsOfHierarchy];
  for (std::size_t i = 0; i < kPartsOfHierarchy; ++i) {
    std::optional<std::string> bytes = FromBase64(lines[at + i]);
    if (!bytes) return absl::DataLossError("the stored CA does not parse");
    parts[i] = *std::move(bytes);
  }
  Signer signer = {.name = std::string(name),
                   .hierarchy = {.root_der = parts[0],
                                 .root_key_der = parts[1],
                                 .intermediate_der = parts[2],
                                 .intermediate_key_der = parts[3]},
                   .subject_name_der = NameDer(kOrganization, IntermediateName(label, tag))};
  ASSIGN_OR_RETURN(signer.key, SigningKey::Parse(signer.hierarchy.intermediate_key_der));
  return signer;
}

class StoredCa : public BuiltInCa {
 public:
  StoredCa(Signer rsa, Signer ecc, Random& random)
      : rsa_(std::move(rsa)), ecc_(std::move(ecc)), random_(random) {}

  absl::StatusOr<Prepared> Prepare(const IssueRequest& request) override {
    const bool is_rsa = request.key_algorithm == KeyAlgorithm::kRsa2048 ||
                        request.key_algorithm == KeyAlgorithm::kRsa3072 ||
                        request.key_algorithm == KeyAlgorithm::kRsa4096;
    if (request.names.empty()) return absl::InvalidArgumentError("a certificate needs a name");
    const Signer& signer = is_rsa ? rsa_ : ecc_;
    const std::string serial = SerialNumber(random_);
    const CertificateParts parts = {
        .serial_number = serial,
        .signature_algorithm_der = signer.key->signature_algorithm_der(),
        .issuer_name_der = signer.subject_name_der,
        .issuer_public_key_der = signer.key->public_key_der(),
        .subject_name_der = NameDer("", request.names.front()),
        .public_key_der = request.public_key_der,
        .not_before = request.not_before,
        .not_after = request.not_after};
    return Prepared{.issuer = signer.name,
                    .serial_number = LowerHex(serial),
                    .to_be_signed = ServerCertificateTbs(parts, request.names, is_rsa)};
  }

  absl::StatusOr<IssuedCertificate> Sign(absl::string_view issuer,
                                         absl::string_view to_be_signed) override {
    const Signer& signer = issuer == rsa_.name ? rsa_ : ecc_;
    // Bytes that name another CA, or another key, were not made by Prepare of this one.
    const std::string algorithm_and_issuer =
        absl::StrCat(signer.key->signature_algorithm_der(), signer.subject_name_der);
    const bool is_ours =
        issuer == signer.name && absl::StrContains(to_be_signed, algorithm_and_issuer) &&
        absl::StrContains(to_be_signed, KeyIdentifier(signer.key->public_key_der()));
    if (!is_ours) return absl::FailedPreconditionError("these bytes are not for this CA to sign");
    IssuedCertificate issued = {.chain_der = {signer.hierarchy.intermediate_der},
                                .root_der = signer.hierarchy.root_der};
    ASSIGN_OR_RETURN(issued.leaf_der, SignCertificate(to_be_signed, *signer.key));
    return issued;
  }

  std::string RootsPem() const override {
    return CertificatesPem({rsa_.hierarchy.root_der, ecc_.hierarchy.root_der});
  }

 private:
  const Signer rsa_;
  const Signer ecc_;
  Random& random_;
};

absl::StatusOr<std::string> MakeCa(absl::Time now, Random& random) {
  const std::string tag = absl::AsciiStrToUpper(LowerHex(RandomBytes(random, 4)));
  ASSIGN_OR_RETURN(const Hierarchy rsa, MakeHierarchy("RSA", tag, KeyAlgorithm::kRsa3072,
                                                      KeyAlgorithm::kRsa2048, now, random));
  ASSIGN_OR_RETURN(const Hierarchy ecc, MakeHierarchy("ECC", tag, KeyAlgorithm::kEccP384,
                                                      KeyAlgorithm::kEccP256, now, random));
  return Encode(tag, rsa, ecc);
}

absl::StatusOr<std::optional<std::string>> FindCa(Store& store) {
  std::optional<std::string> found;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(found, snapshot.FindSetting(kSetting));
    return absl::OkStatus();
  }));
  return found;
}

// Whoever commits first has made the CA; the others take that one.
absl::StatusOr<std::string> MakeOnce(Store& store, absl::Time now, Random& random) {
  ASSIGN_OR_RETURN(const std::string made, MakeCa(now, random));
  std::string winner;
  RETURN_IF_ERROR(store.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<std::string> found, transaction.FindSetting(kSetting));
    winner = found.value_or(made);
    return found ? absl::OkStatus() : transaction.PutSetting(kSetting, made);
  }));
  return winner;
}

}  // namespace

absl::StatusOr<bool> BuiltInCa::IsMade(Store& store) {
  ASSIGN_OR_RETURN(const std::optional<std::string> found, FindCa(store));
  return found.has_value();
}

absl::StatusOr<std::unique_ptr<BuiltInCa>> BuiltInCa::Open(Store& store, const Clock& clock,
                                                           Random& random) {
  ASSIGN_OR_RETURN(const std::optional<std::string> found, FindCa(store));
  std::string text = found.value_or("");
  if (!found) {
    ASSIGN_OR_RETURN(text, MakeOnce(store, clock.Now(), random));
  }
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 1 + 2 * kPartsOfHierarchy) {
    return absl::DataLossError("the stored CA does not parse");
  }
  ASSIGN_OR_RETURN(Signer rsa, Load("rsa", "RSA", lines[0], lines, 1));
  ASSIGN_OR_RETURN(Signer ecc, Load("ecc", "ECC", lines[0], lines, 1 + kPartsOfHierarchy));
  return std::unique_ptr<BuiltInCa>(
      std::make_unique<StoredCa>(std::move(rsa), std::move(ecc), random));
}

}  // namespace certwright
