// A file that the program before the books and the years wrote (schema 15), opened by this one.
#include <catch2/catch.hpp>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "schema_files.h"
#include "storage/ledger_check.h"
#include "storage/sqlite_connection.h"
#include "tests/support/funds.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

constexpr int kOldSchema = 15;
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kSecond = absl::Seconds(1);
// Before the engine's clock, 2026-01-01.
const absl::Time kBegin = absl::FromCivil(absl::CivilDay(2025, 7, 1), absl::UTCTimeZone());
const absl::Time kEnd = kBegin + 365 * kDay - kSecond;

// What counts of a row of then.
struct OldRow {
  std::string id = {};
  int status = 0;
  std::optional<int> product = {};
  int months = 12;
  bool is_issued = false;
  bool is_upload = false;
  bool is_auto_renewed = false;
  std::string renewed_by = {};
  std::string replaced_by = {};
};

const OldRow kRows[] = {
    {.id = "waiting1", .status = 5, .product = kSecureSiteOv, .months = 36},
    {.id = "letter01", .status = 8, .product = kSecureSiteOv, .months = 24},
    {.id = "review01", .status = 0, .product = kTrustAsiaDv},
    {.id = "failed01", .status = 2, .product = kTrustAsiaDv},
    {.id = "cancel01", .status = 7, .product = kSecureSiteOv, .months = 24},
    {.id = "refund01", .status = 14, .product = kSecureSiteOv},
    {.id = "oneyear1", .status = 1, .product = kTrustAsiaDv, .is_issued = true},
    {.id = "threeyrs", .status = 1, .product = kSecureSiteOv, .months = 36, .is_issued = true},
    {.id = "byitself",
     .status = 1,
     .product = kTrustAsiaDv,
     .is_issued = true,
     .is_auto_renewed = true},
    {.id = "revoking", .status = 9, .product = kSecureSiteOv, .months = 24, .is_issued = true},
    {.id = "revokltr", .status = 12, .product = kSecureSiteOv, .months = 24, .is_issued = true},
    {.id = "renewed1",
     .status = 1,
     .product = kSecureSiteOv,
     .months = 24,
     .is_issued = true,
     .renewed_by = "waiting1"},
    {.id = "reissue1",
     .status = 1,
     .product = kSecureSiteOv,
     .months = 24,
     .is_issued = true,
     .replaced_by = "threeyrs"},
    {.id = "expired1", .status = 3, .product = kSecureSiteOv, .months = 36, .is_issued = true},
    {.id = "expired2",
     .status = 3,
     .product = kTrustAsiaDv,
     .is_issued = true,
     .is_auto_renewed = true},
    {.id = "revoked1", .status = 10, .product = kSecureSiteOv, .months = 24, .is_issued = true},
    {.id = "freeone1", .status = 1, .product = 83, .months = 3, .is_issued = true},
    {.id = "freeyear", .status = 1, .product = 2, .months = 12, .is_issued = true},
    {.id = "freeopen", .status = 0, .product = 83, .months = 3},
    {.id = "uploaded", .status = 1, .months = 36, .is_issued = true, .is_upload = true},
};

void Must(const absl::Status& status) {
  INFO(status);
  REQUIRE(status.ok());
}

std::string MicrosOf(absl::Time time) { return absl::StrCat(absl::ToUnixMicros(time)); }

void Insert(Connection& connection, const OldRow& row, int sequence) {
  const std::string sql = absl::StrCat(
      "INSERT INTO certificate (account, sequence, id, status, status_message, is_upload, kind, "
      "package_type, order_id, domain, registrable_domain, names, alias, project_id, "
      "contact_email, contact_phone, tags, validity_months, key_algorithm, has_private_key, "
      "has_key_password, allow_download, is_ignored, validation_method, delete_dns_auto_record, "
      "authorizations, renews, renewed_by, inserted, not_before, not_after, issued, "
      "fingerprint_sha1, serial_number, key_description, issuer_name, signature_algorithm, "
      "ca_facts, replaced_by, is_auto_renewed) VALUES (100000000001, ",
      sequence, ", '", row.id, "', ", row.status, ", '', ", row.is_upload, ", 0, ",
      row.product ? absl::StrCat(*row.product) : "NULL",
      ", '', 'example.com', 'example.com', 'example.com', '', 0, '', '', '[]', ", row.months,
      ", 0, 0, 0, 1, 0, ", row.is_upload ? "NULL" : "0", ", 0, '[]', '', '", row.renewed_by, "', ",
      MicrosOf(kBegin), ", ", row.is_issued ? MicrosOf(kBegin) : "NULL", ", ",
      row.is_issued ? MicrosOf(kEnd) : "NULL", ", ",
      row.is_issued && !row.is_upload ? MicrosOf(kBegin) : "NULL", ", '', '', '', '', '', '[]', '",
      row.replaced_by, "', ", row.is_auto_renewed, ")");
  Must(connection.RunScript(sql));
}

// The file as the program of then left it.
void WriteOldFile(const std::string& path) {
  const auto connection = *OpenSqliteConnection(path);
  REQUIRE(std::size(kSchemaFiles) > kOldSchema);
  Must(connection->RunScript("CREATE TABLE schema_version (version BIGINT NOT NULL)"));
  for (int version = 1; version <= kOldSchema; ++version) {
    Must(connection->RunScript(kSchemaFiles[version - 1]));
    Must(connection->RunScript(absl::StrCat("INSERT INTO schema_version VALUES (", version, ")")));
  }
  Must(connection->RunScript(
      "INSERT INTO account (account, app_id, name, email, is_suspended, created) "
      "VALUES (100000000001, 1, '', '', 0, 1)"));
  int sequence = 0;
  for (const OldRow& row : kRows) Insert(*connection, row, ++sequence);
  Must(connection->RunScript(
      absl::StrCat("INSERT INTO counter (account, name, value) VALUES "
                   "(100000000001, 'certificates', ",
                   sequence, "), (100000000001, 'certificate_sequence', ", sequence,
                   "), (100000000001, 'free', 2), (100000000001, 'free/example.com', 2)")));
}

class Migrated {
 public:
  Certificate Find(const std::string& id) { return funds.engine.Find({id}); }
  // By certificate: when its renewal is due.
  std::map<std::string, absl::Time> Renewals() {
    std::map<std::string, absl::Time> due;
    for (const Job& job : funds.engine.Jobs()) {
      if (job.kind == JobKind::kRenew) due[job.certificate.value] = job.due;
    }
    return due;
  }
  LedgerSummary CheckBooks() {
    LedgerSummary summary;
    const auto connection = *OpenSqliteConnection(path);
    Must(connection->Run("BEGIN"));
    Must(CheckLedger(*connection, kAccount, summary));
    Must(connection->Run("COMMIT"));
    return summary;
  }

  ScratchFolder folder;
  const std::string path = folder.Path("certwright.db");
  Funds funds = Funds({}, [this](const Sealer& sealer) {
    WriteOldFile(path);
    return *OpenSqliteStore({.path = path}, sealer);
  });
};

}  // namespace

TEST_CASE("orders of before the years keep what they are, and have their years", "[migration]") {
  Migrated old;
  for (const OldRow& row : kRows) {
    INFO(row.id);
    const Certificate found = old.Find(row.id);
    CHECK(static_cast<int>(found.status) == row.status);
    CHECK(found.package_type == row.product);
    CHECK(found.validity_months == row.months);
    CHECK(found.not_after == (row.is_issued ? std::make_optional(kEnd) : std::nullopt));
    CHECK(found.renewed_by.value == row.renewed_by);
    CHECK(found.replaced_by.value == row.replaced_by);
    CHECK(found.is_auto_renewed == row.is_auto_renewed);
    const bool is_paid = !row.is_upload && row.product != 83 && row.product != 2;
    CHECK(found.total_years == (is_paid ? row.months / 12 : 0));
    CHECK(found.year == 1);
    CHECK(found.paid_until.has_value() == (is_paid && row.is_issued));
    if (found.paid_until) {
      CHECK(*found.paid_until == kBegin + row.months / 12 * 365 * kDay - kSecond);
    }
  }
}

TEST_CASE("what was issued before the years is followed as far as it is paid for", "[migration]") {
  Migrated old;
  const std::map<std::string, absl::Time> renewals = old.Renewals();
  const absl::Time due = kEnd - 30 * kDay;
  const std::map<std::string, absl::Time> expected = {{"threeyrs", due},
                                                      {"byitself", due},
                                                      {"revoking", due},
                                                      {"revokltr", due},
                                                      {"expired1", due}};
  CHECK(renewals == expected);

  Engine& engine = old.funds.engine;
  old.funds.Credit(CreditKind::kCash, 1'000'000);
  engine.clock.Set(due);
  engine.RunDueJobs();
  const Certificate next = engine.Find(old.Find("threeyrs").renewed_by);
  CHECK(next.renews.value == "threeyrs");
  CHECK(next.year == 2);
  CHECK(next.total_years == 3);
  CHECK(next.paid_until == old.Find("threeyrs").paid_until);
  CHECK(old.funds.PurchaseOf(next.id).deal_id.empty());
  const CertificateId bought = old.Find("byitself").renewed_by;
  CHECK(old.funds.PurchaseOf(bought).cash == old.funds.PriceOf(kTrustAsiaDv));
  // These wait: their revocation may be refused.
  CHECK(old.Renewals().count("revoking") == 1);
  CHECK(old.Renewals().count("revokltr") == 1);
  CHECK(old.CheckBooks().purchases == 1);
}

TEST_CASE("orders of before the books cost nothing here, and nothing is paid back for them",
          "[migration]") {
  Migrated old;
  Engine& engine = old.funds.engine;
  CHECK(old.funds.Entries() == 0);
  CHECK(old.CheckBooks().entries == 0);
  CHECK(old.funds.Left().cash == 0);
  for (const OldRow& row : kRows) {
    INFO(row.id);
    CHECK(old.funds.PurchaseOf({row.id}).deal_id.empty());
    const auto quote = engine.refunds.Quote(kAccount, {row.id});
    REQUIRE(quote.ok());
    CHECK(quote->bar != RefundBar::kNone);
    CHECK_FALSE(quote->reason.empty());
    CHECK(Error(engine.refunds.Refund(kAccount, {row.id}, true, "op").status()) ==
          ApiError::kFailedOperationInvalidCertificateStatusCode);
  }
  CHECK(engine.refunds.Quote(kAccount, {"cancel01"})->bar == RefundBar::kNothingPaid);
  Must(engine.store->Read([](Snapshot& snapshot) -> absl::Status {
    CHECK(snapshot.ListPurchases(kAccount, {})->total == 0);
    CHECK(snapshot.ListCertificates(kAccount, {})->total == std::ssize(kRows));
    return absl::OkStatus();
  }));
  CHECK(old.CheckBooks().entries == 0);
}

TEST_CASE("orders of before the books are cancelled, opened again and handed in", "[migration]") {
  Migrated old;
  Engine& engine = old.funds.engine;
  for (const char* const id : {"waiting1", "letter01", "review01", "freeopen"}) {
    INFO(id);
    CHECK(engine.orders.CancelOrder(kAccount, {id}).ok());
    CHECK(old.Find(id).status == S::kCancelled);
  }
  for (const char* const id : {"waiting1", "review01", "failed01", "cancel01"}) {
    INFO(id);
    CHECK(engine.paid_orders.Reopen(kAccount, {id}).ok());
    CHECK(old.Find(id).status == S::kPendingSubmission);
  }
  engine.validator.Pass();
  Must(old.funds.Submit({"cancel01"}, Paid::Data("example.com")));
  Must(old.funds.Commit({"cancel01"}).status());
  Must(engine.paid_orders.UploadLetter(kAccount, {"cancel01"}, Letter()));
  engine.RunDueJobs();
  engine.clock.Advance(absl::Minutes(1));
  engine.RunDueJobs();
  const Certificate issued = old.Find("cancel01");
  REQUIRE(issued.status == S::kIssued);
  CHECK(issued.total_years == 2);
  CHECK(issued.paid_until == *issued.not_before + 2 * 365 * kDay - kSecond);
  CHECK(old.Renewals().count("cancel01") == 1);
  CHECK(old.CheckBooks().entries == 0);
}

TEST_CASE("a file of before the books takes purchases and refunds", "[migration]") {
  Migrated old;
  old.funds.Credit(CreditKind::kCash, old.funds.PriceOf(kSecureSiteOv));
  const CertificateId id = old.funds.Buy(kSecureSiteOv).id;
  REQUIRE(old.funds.engine.orders.CancelOrder(kAccount, id).ok());
  REQUIRE(old.funds.engine.refunds.Refund(kAccount, id, true, "op").ok());
  const LedgerSummary summary = old.CheckBooks();
  CHECK(summary.entries == 3);
  CHECK(summary.purchases == 1);
  CHECK(summary.refunds == 1);
}

}  // namespace certwright
