// CSR records in the store: what comes back, whom it belongs to, and that keys are sealed.
#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/crypto/sealer.h"
#include "core/status_macros.h"
#include "storage/migrate.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"
#include "tests/support/fakes.h"

namespace certwright {
namespace {

constexpr AccountId kMine = {100000000001};
constexpr AccountId kTheirs = {100000000002};
const absl::Time kNow = absl::FromUnixSeconds(1767229261);

// One transaction over a database of its own.
class Stored {
 public:
  Stored() { REQUIRE(Migrate(*connection).ok()); }

  CsrId Insert(const std::string& domain, const std::string& algorithm = "RSA",
               AccountId account = kMine, const CsrMaterial& material = {}) {
    CsrRecord record = {.account = account,
                        .subject = {.domain = domain},
                        .encrypt_algo = algorithm,
                        .created = kNow};
    REQUIRE(transaction.InsertCsr(record, material).ok());
    return record.id;
  }
  std::vector<CsrId> Ids(const CsrQuery& query, std::int64_t total) {
    const CsrPage page = *transaction.ListCsrs(kMine, query);
    CHECK(page.total == total);
    std::vector<CsrId> ids;
    for (const CsrRecord& record : page.records) ids.push_back(record.id);
    return ids;
  }

  SeededRandom random;
  Sealer sealer{std::string(32, 'k'), random};
  std::unique_ptr<Connection> connection = *OpenSqliteConnection(":memory:");
  SqlTransaction transaction{*connection, sealer};
};

using Ids = std::vector<CsrId>;

}  // namespace

TEST_CASE("a CSR record comes back as it went in, and as it was changed", "[csr-store]") {
  Stored stored;
  CsrRecord one = {.account = kMine,
                   .subject = {.domain = "a.example.com",
                               .organization = "o \"1\"",
                               .department = "d",
                               .email = "e@example.com",
                               .province = "p",
                               .city = "城",
                               .country = "CN"},
                   .encrypt_algo = "ECC",
                   .key_parameter = "prime256v1",
                   .remarks = "r\n",
                   .tags = {{.key = "k\n", .value = "\"v\""}, {.key = "l"}},
                   .created = kNow};
  const CsrMaterial draft = {.key_password = "password"};
  REQUIRE(stored.transaction.InsertCsr(one, draft).ok());
  CHECK(stored.transaction.FindCsrMaterial(kMine, one.id)->key_password == "password");

  const std::string der("d\0r", 3);
  one.status = CsrStatus::kGenerated;
  one.subject.city = "other";
  one.key_parameter = "2048";
  one.encrypt_algo = "RSA";
  one.remarks = "";
  REQUIRE(stored.transaction.UpdateCsr(one, {.csr_der = der, .private_key_pem = "pem"}).ok());

  const CsrRecord found = **stored.transaction.FindCsr(kMine, one.id);
  CHECK(found.account == kMine);
  CHECK(found.id == one.id);
  CHECK(found.status == CsrStatus::kGenerated);
  CHECK(found.subject == one.subject);
  CHECK(found.encrypt_algo == "RSA");
  CHECK(found.key_parameter == "2048");
  CHECK(found.remarks.empty());
  CHECK(found.tags.size() == 2);
  CHECK(found.tags[0].value == "\"v\"");
  CHECK(found.created == kNow);
  const CsrMaterial material = *stored.transaction.FindCsrMaterial(kMine, one.id);
  CHECK(material.csr_der == der);
  CHECK(material.private_key_pem == "pem");
  CHECK(material.key_password.empty());
}

TEST_CASE("an account finds its own CSR records alone, under ids of their own", "[csr-store]") {
  Stored stored;
  const CsrId mine = stored.Insert("a.example.com", "RSA", kMine, {.private_key_pem = "pem"});
  const CsrId theirs = stored.Insert("a.example.com", "RSA", kTheirs);
  CHECK(theirs > mine);
  CHECK_FALSE(stored.transaction.FindCsr(kTheirs, mine)->has_value());
  CHECK(stored.transaction.FindCsrMaterial(kTheirs, mine)->private_key_pem.empty());
  CHECK_FALSE(*stored.transaction.DeleteCsr(kTheirs, mine));
  CHECK(stored.transaction.ListCsrs(kTheirs, {})->total == 1);
  CHECK(*stored.transaction.DeleteCsr(kTheirs, theirs));
  CHECK(stored.Insert("b.example.com") > theirs);
}

TEST_CASE("CSR records are filtered, counted, paged, and newest first", "[csr-store]") {
  Stored stored;
  const CsrId a = stored.Insert("a.example.com");
  const CsrId b = stored.Insert("b.example.com", "ECC");
  const CsrId c = stored.Insert("a_b.Example.org");
  const CsrId gone = stored.Insert("gone.example.com");
  CHECK(*stored.transaction.DeleteCsr(kMine, gone));
  CHECK_FALSE(*stored.transaction.DeleteCsr(kMine, gone));

  CHECK(stored.Ids({}, 3) == Ids{c, b, a});
  CHECK(stored.Ids({.offset = 1, .limit = 1}, 3) == Ids{b});
  CHECK(stored.Ids({.offset = 3}, 3).empty());
  CHECK(stored.Ids({.limit = 0}, 3).empty());
  CHECK(stored.Ids({.domain = "example"}, 3) == Ids{c, b, a});
  CHECK(stored.Ids({.domain = "b.ex"}, 2) == Ids{c, b});
  CHECK(stored.Ids({.domain = "a_"}, 1) == Ids{c});
  CHECK(stored.Ids({.domain = "%"}, 0).empty());
  CHECK(stored.Ids({.encrypt_algo = "ECC"}, 1) == Ids{b});
  CHECK(stored.Ids({.encrypt_algo = "ecc"}, 0).empty());
  CHECK(stored.Ids({.domain = "a.", .encrypt_algo = "RSA"}, 1) == Ids{a});
  CHECK(stored.Ids({.domain = "a.", .encrypt_algo = "ECC"}, 0).empty());
}

TEST_CASE("keys of CSR records are sealed for their account, row and column", "[csr-store]") {
  Stored stored;
  const CsrMaterial secret = {.private_key_pem = "hidden-key", .key_password = "hidden-word"};
  const CsrId id = stored.Insert("a.example.com", "RSA", kMine, secret);
  const CsrId other = stored.Insert("b.example.com", "RSA", kMine, secret);
  const CsrId theirs = stored.Insert("b.example.com", "RSA", kTheirs, secret);
  REQUIRE(stored.connection
              ->Run("SELECT private_key, key_password FROM csr_material", {},
                    [](const Row& row) {
                      CHECK_FALSE(absl::StrContains(row.Bytes(0), "hidden"));
                      CHECK_FALSE(absl::StrContains(row.Bytes(1), "hidden"));
                      return absl::OkStatus();
                    })
              .ok());
  AccountId account = kMine;
  std::string sql;
  SECTION("another row") {
    sql =
        "UPDATE csr_material SET private_key = (SELECT private_key FROM csr_material "
        "WHERE csr = $2) WHERE csr = $1";
  }
  SECTION("another column") {
    sql = "UPDATE csr_material SET private_key = key_password WHERE csr = $1 AND csr <> $2";
  }
  SECTION("another account") {
    account = kTheirs;
    sql = "UPDATE csr_material SET account = 100000000002 WHERE csr = $1 AND csr <> $2";
  }
  REQUIRE(
      stored.connection->Run(sql, {Value::Integer(id.value), Value::Integer(other.value)}).ok());
  CHECK(absl::IsDataLoss(stored.transaction.FindCsrMaterial(account, id).status()));
  CHECK(stored.transaction.FindCsrMaterial(kTheirs, theirs).ok());
}

}  // namespace certwright
