// Bodies, keys, issuances and settings.
#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFindBody[] =
    "SELECT leaf_der, chain_der, root_der, csr_der, uploaded_pem FROM certificate_body b "
    "LEFT JOIN chain c ON c.account = b.account AND c.digest = b.chain_digest "
    "WHERE b.account = $1 AND b.certificate = $2";
constexpr char kPutBody[] =
    "INSERT INTO certificate_body (account, certificate, leaf_der, chain_digest, csr_der, "
    "uploaded_pem) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account, certificate) DO "
    "UPDATE SET leaf_der = excluded.leaf_der, chain_digest = excluded.chain_digest, "
    "csr_der = excluded.csr_der, uploaded_pem = excluded.uploaded_pem";
constexpr char kPutChain[] =
    "INSERT INTO chain (account, digest, chain_der, root_der) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account, digest) DO NOTHING";
constexpr char kFindKey[] =
    "SELECT private_key, key_password FROM key_material WHERE account = $1 AND certificate = $2";
constexpr char kPutKey[] =
    "INSERT INTO key_material (account, certificate, private_key, key_password) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (account, certificate) DO UPDATE SET "
    "private_key = excluded.private_key, key_password = excluded.key_password";
constexpr char kFindNewestIssuance[] =
    "SELECT generation, serial_number, issuer, to_be_signed FROM issuance "
    "WHERE account = $1 AND certificate = $2 ORDER BY generation DESC LIMIT 1";
constexpr char kInsertIssuance[] =
    "INSERT INTO issuance (account, certificate, generation, serial_number, issuer, to_be_signed) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
constexpr char kFindSetting[] = "SELECT value FROM setting WHERE name = $1";
constexpr char kPutSetting[] =
    "INSERT INTO setting (name, value) VALUES ($1, $2) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value";

std::string PlaceOf(AccountId account, const CertificateId& id, absl::string_view column) {
  return absl::StrCat("key_material/", account.value, "/", id.value, "/", column);
}

std::string PlaceOf(absl::string_view setting) { return absl::StrCat("setting/", setting); }

// DER says its own length: elements stand one after the other.
std::string JoinDer(const std::vector<std::string>& elements) {
  std::string joined;
  for (const std::string& element : elements) joined += element;
  return joined;
}

absl::StatusOr<std::vector<std::string>> SplitDer(absl::string_view joined) {
  std::vector<std::string> elements;
  while (!joined.empty()) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(joined[at]); };
    std::size_t head = 2;
    std::size_t length = joined.size() < 2 ? 0 : byte(1);
    if (length >= 0x80) {
      const std::size_t count = length & 0x7f;
      head += count;
      length = 0;
      for (std::size_t i = 2; i < head && i < joined.size(); ++i) length = length << 8 | byte(i);
    }
    if (joined.size() < head || length > joined.size() - head) {
      return absl::DataLossError("a stored chain does not parse");
    }
    elements.emplace_back(joined.substr(0, head + length));
    joined.remove_prefix(head + length);
  }
  return elements;
}

}  // namespace

absl::StatusOr<CertificateBody> SqlTransaction::FindBody(AccountId account,
                                                         const CertificateId& id) {
  CertificateBody body;
  RETURN_IF_ERROR(connection_.Run(kFindBody, {Value::Integer(account.value), Value::Text(id.value)},
                                  [&](const Row& row) -> absl::Status {
                                    body.leaf_der = row.Bytes(0);
                                    ASSIGN_OR_RETURN(body.chain_der, SplitDer(row.Bytes(1)));
                                    body.root_der = row.Bytes(2);
                                    body.csr_der = row.Bytes(3);
                                    body.uploaded_pem = row.Bytes(4);
                                    return absl::OkStatus();
                                  }));
  return body;
}

absl::Status SqlTransaction::PutBody(AccountId account, const CertificateId& id,
                                     const CertificateBody& body) {
  ASSIGN_OR_RETURN(const Value chain, PutChain(account, body));
  return connection_.Run(
      kPutBody, {Value::Integer(account.value), Value::Text(id.value), Value::Blob(body.leaf_der),
                 chain, Value::Blob(body.csr_der), Value::Text(body.uploaded_pem)});
}

absl::StatusOr<Value> SqlTransaction::PutChain(AccountId account, const CertificateBody& body) {
  if (body.chain_der.empty() && body.root_der.empty()) return Value::Null();
  const std::string joined = JoinDer(body.chain_der);
  const Value digest = Value::Blob(Sha256(absl::StrCat(joined.size(), ":", joined, body.root_der)));
  RETURN_IF_ERROR(connection_.Run(kPutChain, {Value::Integer(account.value), digest,
                                              Value::Blob(joined), Value::Blob(body.root_der)}));
  return digest;
}

absl::StatusOr<KeyMaterial> SqlTransaction::FindKeyMaterial(AccountId account,
                                                            const CertificateId& id) {
  KeyMaterial key;
  RETURN_IF_ERROR(connection_.Run(
      kFindKey, {Value::Integer(account.value), Value::Text(id.value)},
      [&](const Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(key.private_key_der,
                         sealer_.Open(PlaceOf(account, id, "private_key"), row.Bytes(0)));
        ASSIGN_OR_RETURN(key.key_password,
                         sealer_.Open(PlaceOf(account, id, "key_password"), row.Bytes(1)));
        return absl::OkStatus();
      }));
  return key;
}

absl::Status SqlTransaction::PutKeyMaterial(AccountId account, const CertificateId& id,
                                            const KeyMaterial& key) {
  return connection_.Run(
      kPutKey, {Value::Integer(account.value), Value::Text(id.value),
                Value::Blob(sealer_.Seal(PlaceOf(account, id, "private_key"), key.private_key_der)),
                Value::Blob(sealer_.Seal(PlaceOf(account, id, "key_password"), key.key_password))});
}

absl::StatusOr<std::optional<Issuance>> SqlTransaction::FindNewestIssuance(
    AccountId account, const CertificateId& id) {
  std::optional<Issuance> found;
  RETURN_IF_ERROR(connection_.Run(kFindNewestIssuance,
                                  {Value::Integer(account.value), Value::Text(id.value)},
                                  [&](const Row& row) {
                                    found = Issuance{.certificate = id,
                                                     .account = account,
                                                     .generation = static_cast<int>(row.Integer(0)),
                                                     .serial_number = row.Bytes(1),
                                                     .issuer = row.Bytes(2),
                                                     .to_be_signed = row.Bytes(3)};
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::Status SqlTransaction::InsertIssuance(const Issuance& issuance) {
  return connection_.Run(
      kInsertIssuance,
      {Value::Integer(issuance.account.value), Value::Text(issuance.certificate.value),
       Value::Integer(static_cast<std::int64_t>(issuance.generation)),
       Value::Text(issuance.serial_number), Value::Text(issuance.issuer),
       Value::Blob(issuance.to_be_signed)});
}

absl::StatusOr<std::optional<std::string>> SqlTransaction::FindSetting(absl::string_view name) {
  std::optional<std::string> found;
  RETURN_IF_ERROR(
      connection_.Run(kFindSetting, {Value::Text(name)}, [&](const Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(found, sealer_.Open(PlaceOf(name), row.Bytes(0)));
        return absl::OkStatus();
      }));
  return found;
}

absl::Status SqlTransaction::PutSetting(absl::string_view name, absl::string_view value) {
  return connection_.Run(kPutSetting,
                         {Value::Text(name), Value::Blob(sealer_.Seal(PlaceOf(name), value))});
}

}  // namespace certwright
