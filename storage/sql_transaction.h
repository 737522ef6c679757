// A Transaction over any Connection. One file of sources a collection: its SQL and its rows.
#ifndef CERTWRIGHT_STORAGE_SQL_TRANSACTION_H_
#define CERTWRIGHT_STORAGE_SQL_TRANSACTION_H_

#include <optional>
#include <string>
#include <vector>

#include "core/crypto/sealer.h"
#include "core/store.h"
#include "storage/connection.h"

namespace certwright {

// How a certificate counts against the free quota.
struct QuotaUse {
  bool is_counted = false;
  std::string registrable_domain = {};
};

// The counter of the free certificates under a registrable domain that fill its quota.
std::string FreeUnder(absl::string_view registrable_domain);

// What texts that hold `text` are LIKE, with ESCAPE '\'.
std::string LikePattern(absl::string_view text);

// Lives within one BEGIN … COMMIT of `connection`. Both must outlive it.
class SqlTransaction : public Transaction {
 public:
  SqlTransaction(Connection& connection, const Sealer& sealer)
      : connection_(connection), sealer_(sealer) {}

  // accounts_sql.cc
  absl::StatusOr<std::optional<Account>> FindAccount(AccountId id) override;
  absl::StatusOr<std::vector<Account>> ListAccounts() override;
  absl::StatusOr<std::optional<Credential>> FindCredential(const SecretId& id) override;
  absl::StatusOr<std::vector<Credential>> ListCredentials(AccountId account) override;
  absl::StatusOr<std::vector<Project>> ListProjects(AccountId account) override;
  absl::Status InsertAccount(const Account& account) override;
  absl::Status InsertCredential(const Credential& credential) override;
  absl::Status UpdateAccount(const Account& account) override;
  absl::Status UpdateCredential(const Credential& credential) override;
  absl::Status DeleteCredential(const SecretId& id) override;
  absl::Status InsertProject(AccountId account, Project& project) override;
  absl::Status RenameProject(AccountId account, const Project& project) override;

  // profiles_sql.cc
  absl::StatusOr<std::vector<Company>> ListCompanies(AccountId account) override;
  absl::StatusOr<std::vector<Manager>> ListManagers(AccountId account,
                                                    std::int64_t company) override;
  absl::StatusOr<std::optional<Manager>> FindManager(AccountId account, std::int64_t id) override;
  absl::StatusOr<std::int64_t> CountManaged(AccountId account, std::int64_t manager) override;
  absl::StatusOr<std::optional<AccountId>> FindManagerOwner(std::int64_t id) override;
  absl::Status InsertCompany(Company& company) override;
  absl::Status InsertManager(Manager& manager) override;
  absl::Status UpdateManager(const Manager& manager) override;
  absl::Status DeleteManager(AccountId account, std::int64_t id) override;

  // certificates_sql.cc
  absl::StatusOr<std::optional<Certificate>> FindCertificate(AccountId account,
                                                             const CertificateId& id) override;
  absl::Status InsertCertificate(Certificate& certificate,
                                 absl::string_view registrable_domain) override;
  absl::Status UpdateCertificate(const Certificate& certificate) override;
  absl::Status DeleteCertificate(AccountId account, const CertificateId& id) override;

  // certificate_query_sql.cc
  absl::StatusOr<CertificatePage> ListCertificates(AccountId account,
                                                   const CertificateQuery& query) override;
  absl::StatusOr<std::optional<CertificateId>> FindUpload(
      AccountId account, absl::string_view fingerprint_sha1) override;
  absl::StatusOr<std::int64_t> CountUploads(AccountId account,
                                            absl::string_view fingerprint_sha1) override;
  absl::StatusOr<std::optional<CertificateId>> FindNewest(
      AccountId account, absl::string_view fingerprint_sha1) override;
  absl::StatusOr<std::int64_t> CountFree(AccountId account) override;
  absl::StatusOr<std::int64_t> CountFreeUnder(AccountId account,
                                              absl::string_view registrable_domain,
                                              absl::Time now) override;

  // material_sql.cc
  absl::StatusOr<CertificateBody> FindBody(AccountId account, const CertificateId& id) override;
  absl::StatusOr<KeyMaterial> FindKeyMaterial(AccountId account, const CertificateId& id) override;
  absl::StatusOr<std::optional<Issuance>> FindNewestIssuance(AccountId account,
                                                             const CertificateId& id) override;
  absl::Status PutBody(AccountId account, const CertificateId& id,
                       const CertificateBody& body) override;
  absl::Status PutKeyMaterial(AccountId account, const CertificateId& id,
                              const KeyMaterial& key) override;
  absl::Status InsertIssuance(const Issuance& issuance) override;
  absl::StatusOr<std::optional<std::string>> FindSetting(absl::string_view name) override;
  absl::Status PutSetting(absl::string_view name, absl::string_view value) override;

  // zones_sql.cc
  absl::StatusOr<std::optional<Zone>> FindZone(absl::string_view domain) override;
  absl::StatusOr<std::vector<Zone>> ListZones(AccountId account) override;
  absl::StatusOr<std::vector<ZoneRecord>> FindZoneRecords(absl::string_view zone,
                                                          absl::string_view name) override;
  absl::StatusOr<std::vector<AlarmRule>> ListAlarmRules(AccountId account) override;
  absl::Status InsertZone(const Zone& zone) override;
  absl::Status DeleteZone(absl::string_view domain) override;
  absl::Status InsertZoneRecord(const ZoneRecord& record) override;
  absl::Status DeleteZoneRecords(AccountId account, const CertificateId& id) override;
  absl::Status InsertAlarmRule(AlarmRule& rule) override;
  absl::Status DeleteAlarmRule(AccountId account, std::int64_t id) override;

  // revocations_sql.cc
  absl::StatusOr<std::optional<Revocation>> FindRevocation(AccountId account,
                                                           const CertificateId& id) override;
  absl::StatusOr<std::vector<Certificate>> ListReissues(AccountId account,
                                                        const CertificateId& original) override;
  absl::StatusOr<std::optional<CertificateId>> FindOpenReissueUnder(
      AccountId account, absl::string_view registrable_domain) override;
  absl::Status PutRevocation(const Revocation& revocation) override;

  // reviews_sql.cc
  absl::StatusOr<std::vector<int>> ListProductNumbers() override;
  absl::StatusOr<std::optional<AccountId>> FindOwner(const CertificateId& id) override;
  absl::StatusOr<std::optional<Submission>> FindSubmission(AccountId account,
                                                           const CertificateId& id) override;
  absl::StatusOr<std::optional<Review>> FindReview(AccountId account,
                                                   const CertificateId& id) override;
  absl::StatusOr<ReviewPage> ListReviews(std::int64_t offset, std::int64_t limit) override;
  absl::StatusOr<std::optional<std::string>> FindLetter(AccountId account, const CertificateId& id,
                                                        absl::string_view kind) override;
  absl::Status PutSubmission(AccountId account, const CertificateId& id,
                             const Submission& submission) override;
  absl::Status DeleteSubmission(AccountId account, const CertificateId& id) override;
  absl::StatusOr<std::optional<CertificateId>> FindOrderOfCsr(AccountId account,
                                                              absl::string_view csr_der) override;
  absl::Status PutOrderOfCsr(AccountId account, absl::string_view csr_der,
                             const CertificateId& id) override;
  absl::Status PutReview(const Review& review) override;
  absl::Status DeleteReview(AccountId account, const CertificateId& id) override;
  absl::Status PutLetter(AccountId account, const CertificateId& id, absl::string_view kind,
                         absl::string_view bytes) override;

  // bind_tasks_sql.cc
  absl::StatusOr<std::optional<BindTask>> FindBindTask(AccountId account, std::int64_t id) override;
  absl::StatusOr<std::optional<BindTask>> FindNewestBindTask(AccountId account,
                                                             const CertificateId& id) override;
  absl::Status InsertBindTask(BindTask& task) override;
  absl::Status DeleteBindTasks(AccountId account, const CertificateId& id,
                               absl::Time until) override;

  // csr_sql.cc
  absl::StatusOr<std::optional<CsrRecord>> FindCsr(AccountId account, CsrId id) override;
  absl::StatusOr<CsrMaterial> FindCsrMaterial(AccountId account, CsrId id) override;
  absl::StatusOr<CsrPage> ListCsrs(AccountId account, const CsrQuery& query) override;
  absl::Status InsertCsr(CsrRecord& record, const CsrMaterial& material) override;
  absl::Status UpdateCsr(const CsrRecord& record, const CsrMaterial& material) override;
  absl::StatusOr<bool> DeleteCsr(AccountId account, CsrId id) override;

  // jobs_sql.cc
  absl::StatusOr<std::optional<absl::Time>> NextJobDue(absl::Time now,
                                                       const JobFilter& filter) override;
  absl::Status PutJob(const Job& job) override;
  absl::Status ReturnJob(const Job& held, const Job& job) override;
  absl::Status DeleteJob(AccountId account, JobKind kind, const CertificateId& id) override;
  absl::StatusOr<std::vector<Job>> ClaimJobs(absl::Time now, absl::Time lease_until, int limit,
                                             const JobFilter& filter) override;
  absl::Status ReleaseLeases() override;

  // delete_tasks_sql.cc
  absl::StatusOr<std::optional<DeleteTask>> FindDeleteTask(AccountId account,
                                                           absl::string_view id) override;
  absl::StatusOr<std::optional<DeleteTask>> FindRunningDeleteTask(
      AccountId account, const CertificateId& certificate) override;
  absl::Status PutDeleteTask(const DeleteTask& task) override;

  // download_links_sql.cc
  absl::StatusOr<std::optional<DownloadLink>> FindDownloadLink(
      absl::string_view token_hash) override;
  absl::Status InsertDownloadLink(const DownloadLink& link) override;
  absl::Status DeleteDownloadLinks(absl::Time now) override;

  // ledger_sql.cc
  absl::StatusOr<std::int64_t> FindBalance(AccountId account, Book book,
                                           std::int64_t grant) override;
  absl::StatusOr<std::optional<LedgerEntry>> FindLedgerEntry(AccountId account,
                                                             std::int64_t sequence) override;
  absl::StatusOr<std::string> FindCurrency(AccountId account) override;
  absl::StatusOr<LedgerPage> ListLedger(AccountId account, const LedgerQuery& query) override;
  absl::Status AppendLedger(LedgerEntry& entry) override;

  // billing_sql.cc
  absl::StatusOr<std::vector<Grant>> ListGrants(AccountId account, GrantKind kind,
                                                bool only_left) override;
  absl::StatusOr<std::optional<Grant>> FindDiscount(AccountId account, absl::Time now) override;
  absl::StatusOr<std::optional<Grant>> FindGrant(AccountId account, std::int64_t id) override;
  absl::StatusOr<std::optional<Purchase>> FindPurchase(AccountId account,
                                                       const CertificateId& id) override;
  absl::StatusOr<PurchasePage> ListPurchases(AccountId account,
                                             const PurchaseQuery& query) override;
  absl::StatusOr<std::optional<Repetition>> FindRepetition(AccountId account,
                                                           absl::string_view token) override;
  absl::Status InsertGrant(Grant& grant) override;
  absl::Status MarkGrantRefunded(AccountId account, std::int64_t id, absl::Time now) override;
  absl::Status InsertPurchase(const Purchase& purchase) override;
  absl::Status MarkPurchaseRefunded(const Purchase& purchase) override;
  absl::Status MarkRefundDue(const Purchase& purchase) override;
  absl::Status InsertRepetition(AccountId account, const Repetition& repetition,
                                absl::Time oldest) override;

  // operate_log_sql.cc
  absl::StatusOr<OperateLogPage> ListOperateLog(AccountId account,
                                                const OperateLogQuery& query) override;
  absl::Status AppendOperateLog(const OperateLogEntry& entry) override;

  // Whether jobs were queued, moved or released.
  bool has_new_jobs() const { return has_new_jobs_; }

 private:
  // Adds to a counter of the account and returns what it then is.
  absl::StatusOr<std::int64_t> Count(AccountId account, absl::string_view name, std::int64_t by);
  // What it is, 0 if nothing was ever counted.
  absl::StatusOr<std::int64_t> FindCount(AccountId account, absl::string_view name);
  // The first column of the first row, 0 without one.
  absl::StatusOr<std::int64_t> QueryInteger(absl::string_view sql, const Values& values);
  // The task in the first row, if there is a row.
  absl::StatusOr<std::optional<DeleteTask>> QueryTask(absl::string_view sql, const Values& values);
  // The id in the first row, if there is a row.
  absl::StatusOr<std::optional<CertificateId>> QueryId(absl::string_view sql, const Values& values);
  absl::Status PutTags(const Certificate& certificate);
  absl::Status PutCsrMaterial(const CsrRecord& record, const CsrMaterial& material);
  // What the row said of the free quota before it changes; nothing if there is no such row.
  absl::StatusOr<std::optional<QuotaUse>> FindQuotaUse(AccountId account, const CertificateId& id);
  absl::Status CountQuotaUse(AccountId account, const QuotaUse& use, std::int64_t by);
  // How many entries lie within `span`: the account and two times, as kList takes them.
  absl::StatusOr<std::int64_t> CountOperateLog(AccountId account, const Values& span);
  // Submission, review and letters of a certificate.
  absl::Status DeletePaper(AccountId account, const CertificateId& id);
  // The row above the leaf that PutBody refers to; null where nothing stands above it.
  absl::StatusOr<Value> PutChain(AccountId account, const CertificateBody& body);

  Connection& connection_;
  const Sealer& sealer_;
  bool has_new_jobs_ = false;
};

// An entry from the columns sequence, kind, currency, certificate, deal_id, actor, reference, time,
// detail; and its postings.
LedgerEntry ReadLedgerEntry(const Row& row, AccountId account);
absl::Status ReadPostings(Connection& connection, LedgerEntry& entry);

// Every member of an order but its account, for ReadPurchase; a WHERE may follow.
#define CERTWRIGHT_PURCHASE_COLUMNS                                                               \
  "SELECT deal_id, certificate, product, domains, years, currency, price, discount, voucher, "    \
  "gift_card, cash, points, package, entry, created, refund_entry, refunded, is_refund_due FROM " \
  "purchase "
Purchase ReadPurchase(const Row& row, AccountId account);

// Counts the entries of an account's ledger, so that the newest cannot go unseen.
inline constexpr char kLedgerCounter[] = "ledger";

// What the next entry of the chain holds: over the hash before it and every member.
std::string LedgerHash(absl::string_view previous, const LedgerEntry& entry);

// Recomputes the hash chain of an account's operate log. DataLoss names the first row that does not
// follow from the one before it, or tells that the newest ones are gone.
absl::Status VerifyOperateLog(Connection& connection, AccountId account);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_SQL_TRANSACTION_H_
