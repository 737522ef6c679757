// The port through which the engine keeps its state. storage/ implements it over SQLite (and, to
// come, PostgreSQL).
#ifndef CERTWRIGHT_CORE_STORE_H_
#define CERTWRIGHT_CORE_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/account.h"
#include "core/alarm.h"
#include "core/billing/grant.h"
#include "core/billing/ledger.h"
#include "core/billing/purchase.h"
#include "core/bind_task.h"
#include "core/certificate.h"
#include "core/certificate_query.h"
#include "core/csr_record.h"
#include "core/delete_task.h"
#include "core/download_link.h"
#include "core/ids.h"
#include "core/job.h"
#include "core/operate_log.h"
#include "core/profile.h"
#include "core/review.h"
#include "core/submission.h"
#include "core/zone.h"

namespace certwright {

// A call that its caller may send again: what it asked, as a digest, and what was answered.
struct Repetition {
  std::string token = {};
  std::string asked = {};
  std::string answer = {};
  absl::Time created = {};
};

struct ReviewPage {
  std::int64_t total = 0;
  std::vector<Review> reviews = {};
};

// One consistent view of the data. Valid only inside the closure that received it. A row of
// another account is not found: every call names the account. Errors are bare (the store failed).
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  virtual absl::StatusOr<std::optional<Account>> FindAccount(AccountId id) = 0;
  virtual absl::StatusOr<std::vector<Account>> ListAccounts() = 0;
  virtual absl::StatusOr<std::optional<Credential>> FindCredential(const SecretId& id) = 0;
  virtual absl::StatusOr<std::vector<Credential>> ListCredentials(AccountId account) = 0;
  // Without project 0, by number.
  virtual absl::StatusOr<std::vector<Project>> ListProjects(AccountId account) = 0;
  // By id.
  virtual absl::StatusOr<std::vector<Company>> ListCompanies(AccountId account) = 0;
  virtual absl::StatusOr<std::vector<Manager>> ListManagers(AccountId account,
                                                            std::int64_t company) = 0;
  virtual absl::StatusOr<std::optional<Manager>> FindManager(AccountId account,
                                                             std::int64_t id) = 0;
  // Certificates and orders that name the manager; not orders that failed, were cancelled or
  // refunded.
  virtual absl::StatusOr<std::int64_t> CountManaged(AccountId account, std::int64_t manager) = 0;
  // Whose it is, for operators, who name no account.
  virtual absl::StatusOr<std::optional<AccountId>> FindManagerOwner(std::int64_t id) = 0;

  virtual absl::StatusOr<std::optional<Certificate>> FindCertificate(AccountId account,
                                                                     const CertificateId& id) = 0;
  // Empty members where nothing is stored yet.
  virtual absl::StatusOr<CertificateBody> FindBody(AccountId account, const CertificateId& id) = 0;
  virtual absl::StatusOr<KeyMaterial> FindKeyMaterial(AccountId account,
                                                      const CertificateId& id) = 0;
  // Of the highest generation.
  virtual absl::StatusOr<std::optional<Issuance>> FindNewestIssuance(AccountId account,
                                                                     const CertificateId& id) = 0;
  // Nothing if revocation was never asked for.
  virtual absl::StatusOr<std::optional<Revocation>> FindRevocation(AccountId account,
                                                                   const CertificateId& id) = 0;
  // What was reissued from this certificate, oldest first.
  virtual absl::StatusOr<std::vector<Certificate>> ListReissues(AccountId account,
                                                                const CertificateId& original) = 0;
  // A reissue that is not issued yet: status 0, 4, 11.
  virtual absl::StatusOr<std::optional<CertificateId>> FindOpenReissueUnder(
      AccountId account, absl::string_view registrable_domain) = 0;

  virtual absl::StatusOr<std::optional<CsrRecord>> FindCsr(AccountId account, CsrId id) = 0;
  // Empty members where nothing is stored.
  virtual absl::StatusOr<CsrMaterial> FindCsrMaterial(AccountId account, CsrId id) = 0;
  virtual absl::StatusOr<CsrPage> ListCsrs(AccountId account, const CsrQuery& query) = 0;

  virtual absl::StatusOr<CertificatePage> ListCertificates(AccountId account,
                                                           const CertificateQuery& query) = 0;
  // The newest upload of the account with this leaf, by SHA-1 fingerprint in upper-case hex.
  virtual absl::StatusOr<std::optional<CertificateId>> FindUpload(
      AccountId account, absl::string_view fingerprint_sha1) = 0;
  // How many there are of it.
  virtual absl::StatusOr<std::int64_t> CountUploads(AccountId account,
                                                    absl::string_view fingerprint_sha1) = 0;
  virtual absl::StatusOr<std::optional<BindTask>> FindBindTask(AccountId account,
                                                               std::int64_t id) = 0;
  // The last one that was made for the certificate.
  virtual absl::StatusOr<std::optional<BindTask>> FindNewestBindTask(AccountId account,
                                                                     const CertificateId& id) = 0;

  // Free certificates that count against the account's quota: status 0, 1, 4, 9, 11, 12, 13.
  // Reissues do not count: their originals do.
  virtual absl::StatusOr<std::int64_t> CountFree(AccountId account) = 0;
  // The same plus revoked ones that have not expired at `now`, under one registrable domain.
  virtual absl::StatusOr<std::int64_t> CountFreeUnder(AccountId account,
                                                      absl::string_view registrable_domain,
                                                      absl::Time now) = 0;

  virtual absl::StatusOr<OperateLogPage> ListOperateLog(AccountId account,
                                                        const OperateLogQuery& query) = 0;

  // When the next claimable job is due; nothing if there is none. Jobs that are due at `now` do not
  // count if `filter` skips them.
  virtual absl::StatusOr<std::optional<absl::Time>> NextJobDue(absl::Time now,
                                                               const JobFilter& filter) = 0;

  // The zone of exactly this name, whoever's it is.
  virtual absl::StatusOr<std::optional<Zone>> FindZone(absl::string_view domain) = 0;
  virtual absl::StatusOr<std::vector<Zone>> ListZones(AccountId account) = 0;
  virtual absl::StatusOr<std::vector<ZoneRecord>> FindZoneRecords(absl::string_view zone,
                                                                  absl::string_view name) = 0;
  virtual absl::StatusOr<std::vector<AlarmRule>> ListAlarmRules(AccountId account) = 0;

  // The product numbers that rows of all accounts have, each once. Reads every row: not for calls.
  virtual absl::StatusOr<std::vector<int>> ListProductNumbers() = 0;
  // Whose certificate it is, whoever asks: for operators.
  virtual absl::StatusOr<std::optional<AccountId>> FindOwner(const CertificateId& id) = 0;
  virtual absl::StatusOr<std::optional<Submission>> FindSubmission(AccountId account,
                                                                   const CertificateId& id) = 0;
  // The order that last took this request (DER) from its applicant, if it is still there.
  virtual absl::StatusOr<std::optional<CertificateId>> FindOrderOfCsr(
      AccountId account, absl::string_view csr_der) = 0;
  virtual absl::StatusOr<std::optional<Review>> FindReview(AccountId account,
                                                           const CertificateId& id) = 0;
  // Of all accounts, the longest submitted first.
  virtual absl::StatusOr<ReviewPage> ListReviews(std::int64_t offset, std::int64_t limit) = 0;
  // A letter that was uploaded, by its kind ("confirmation", "revocation").
  virtual absl::StatusOr<std::optional<std::string>> FindLetter(AccountId account,
                                                                const CertificateId& id,
                                                                absl::string_view kind) = 0;

  // The newest certificate of the account with this leaf, uploaded or not, by SHA-1 fingerprint in
  // upper-case hex.
  virtual absl::StatusOr<std::optional<CertificateId>> FindNewest(
      AccountId account, absl::string_view fingerprint_sha1) = 0;

  virtual absl::StatusOr<std::optional<DeleteTask>> FindDeleteTask(AccountId account,
                                                                   absl::string_view id) = 0;
  virtual absl::StatusOr<std::optional<DeleteTask>> FindRunningDeleteTask(
      AccountId account, const CertificateId& certificate) = 0;

  // Found by whoever holds the token, whatever account it is of; also when it expired.
  virtual absl::StatusOr<std::optional<DownloadLink>> FindDownloadLink(
      absl::string_view token_hash) = 0;

  // What the book holds of a grant (0: of none); 0 if nothing was ever posted.
  virtual absl::StatusOr<std::int64_t> FindBalance(AccountId account, Book book,
                                                   std::int64_t grant) = 0;
  // Of the account's books; "" before their first entry.
  virtual absl::StatusOr<std::string> FindCurrency(AccountId account) = 0;
  virtual absl::StatusOr<std::optional<LedgerEntry>> FindLedgerEntry(AccountId account,
                                                                     std::int64_t sequence) = 0;
  virtual absl::StatusOr<LedgerPage> ListLedger(AccountId account, const LedgerQuery& query) = 0;
  // With their balances, oldest first; with `only_left`, those that are not spent.
  virtual absl::StatusOr<std::vector<Grant>> ListGrants(AccountId account, GrantKind kind,
                                                        bool only_left) = 0;
  // The newest one that has not ended.
  virtual absl::StatusOr<std::optional<Grant>> FindDiscount(AccountId account, absl::Time now) = 0;
  virtual absl::StatusOr<std::optional<Grant>> FindGrant(AccountId account, std::int64_t id) = 0;
  virtual absl::StatusOr<std::optional<Purchase>> FindPurchase(AccountId account,
                                                               const CertificateId& id) = 0;
  virtual absl::StatusOr<PurchasePage> ListPurchases(AccountId account,
                                                     const PurchaseQuery& query) = 0;
  virtual absl::StatusOr<std::optional<Repetition>> FindRepetition(AccountId account,
                                                                   absl::string_view token) = 0;

  // A small value by name ("ca", "server-id"); sealed at rest.
  virtual absl::StatusOr<std::optional<std::string>> FindSetting(absl::string_view name) = 0;
};

// A Snapshot that can change. Nothing of it is seen by others before the commit.
class Transaction : public Snapshot {
 public:
  // absl::AlreadyExistsError if the id is taken.
  virtual absl::Status InsertAccount(const Account& account) = 0;
  virtual absl::Status InsertCredential(const Credential& credential) = 0;
  // Every member but the id, the secret and the time of creation. REQUIRES: the row exists.
  virtual absl::Status UpdateAccount(const Account& account) = 0;
  virtual absl::Status UpdateCredential(const Credential& credential) = 0;
  virtual absl::Status DeleteCredential(const SecretId& id) = 0;
  // Sets `project.id`. absl::AlreadyExistsError if the name is taken.
  virtual absl::Status InsertProject(AccountId account, Project& project) = 0;
  virtual absl::Status RenameProject(AccountId account, const Project& project) = 0;
  // Set the id.
  virtual absl::Status InsertCompany(Company& company) = 0;
  virtual absl::Status InsertManager(Manager& manager) = 0;
  // The review's members, and the domains. REQUIRES: the row exists.
  virtual absl::Status UpdateManager(const Manager& manager) = 0;
  virtual absl::Status DeleteManager(AccountId account, std::int64_t id) = 0;

  // Sets `certificate.sequence`. `registrable_domain` is stored beside it for CountFreeUnder.
  // absl::AlreadyExistsError if the id is taken, by whichever account.
  virtual absl::Status InsertCertificate(Certificate& certificate,
                                         absl::string_view registrable_domain) = 0;
  // Every member but account, id, sequence and inserted. REQUIRES: the row exists.
  virtual absl::Status UpdateCertificate(const Certificate& certificate) = 0;
  // Sets `task.id`, which is never used again in the account.
  virtual absl::Status InsertBindTask(BindTask& task) = 0;
  // Those of the certificate that were made before `until`.
  virtual absl::Status DeleteBindTasks(AccountId account, const CertificateId& id,
                                       absl::Time until) = 0;
  // The row with all that hangs on it, and its jobs. Its issuances stay: serials are never
  // reused.
  virtual absl::Status DeleteCertificate(AccountId account, const CertificateId& id) = 0;

  virtual absl::Status PutBody(AccountId account, const CertificateId& id,
                               const CertificateBody& body) = 0;
  virtual absl::Status PutKeyMaterial(AccountId account, const CertificateId& id,
                                      const KeyMaterial& key) = 0;
  // absl::AlreadyExistsError if the generation or the serial number is taken.
  virtual absl::Status InsertIssuance(const Issuance& issuance) = 0;
  // Inserts, or takes the place of the one before it.
  virtual absl::Status PutRevocation(const Revocation& revocation) = 0;

  // Sets `record.id`: a number that no other record of any account has or had.
  virtual absl::Status InsertCsr(CsrRecord& record, const CsrMaterial& material) = 0;
  // Every member but account, id and created. REQUIRES: the row exists.
  virtual absl::Status UpdateCsr(const CsrRecord& record, const CsrMaterial& material) = 0;
  // The record with its material. False if there was none.
  virtual absl::StatusOr<bool> DeleteCsr(AccountId account, CsrId id) = 0;

  virtual absl::Status AppendOperateLog(const OperateLogEntry& entry) = 0;

  // Queues, or moves the job that already stands for (account, kind, certificate) to this due
  // time and lease. Wakes the scheduler when the transaction commits.
  virtual absl::Status PutJob(const Job& job) = 0;
  // Puts `job` in the place of `held`, as its holder last saw it; nothing if that row is gone, or
  // its lease is no longer the holder's. Wakes the scheduler as PutJob does.
  virtual absl::Status ReturnJob(const Job& held, const Job& job) = 0;
  virtual absl::Status DeleteJob(AccountId account, JobKind kind, const CertificateId& id) = 0;
  // Leases up to `limit` jobs that are due at `now` until `lease_until`, earliest first; none that
  // `filter` skips.
  virtual absl::StatusOr<std::vector<Job>> ClaimJobs(absl::Time now, absl::Time lease_until,
                                                     int limit, const JobFilter& filter) = 0;
  // Forgets all leases. Only for a store that has one process: it just started, so nobody runs.
  virtual absl::Status ReleaseLeases() = 0;

  // absl::AlreadyExistsError if the zone is hosted, for whichever account.
  virtual absl::Status InsertZone(const Zone& zone) = 0;
  // With its records.
  virtual absl::Status DeleteZone(absl::string_view domain) = 0;
  virtual absl::Status InsertZoneRecord(const ZoneRecord& record) = 0;
  // What the certificate's order wrote, in every zone.
  virtual absl::Status DeleteZoneRecords(AccountId account, const CertificateId& id) = 0;
  // Sets `rule.id`.
  virtual absl::Status InsertAlarmRule(AlarmRule& rule) = 0;
  virtual absl::Status DeleteAlarmRule(AccountId account, std::int64_t id) = 0;

  virtual absl::Status PutSubmission(AccountId account, const CertificateId& id,
                                     const Submission& submission) = 0;
  virtual absl::Status DeleteSubmission(AccountId account, const CertificateId& id) = 0;
  virtual absl::Status PutOrderOfCsr(AccountId account, absl::string_view csr_der,
                                     const CertificateId& id) = 0;
  // Inserts, or replaces the one that the certificate has.
  virtual absl::Status PutReview(const Review& review) = 0;
  virtual absl::Status DeleteReview(AccountId account, const CertificateId& id) = 0;
  virtual absl::Status PutLetter(AccountId account, const CertificateId& id, absl::string_view kind,
                                 absl::string_view bytes) = 0;

  // Inserts, or changes the task of this number. It stays when its certificate is deleted.
  virtual absl::Status PutDeleteTask(const DeleteTask& task) = 0;

  virtual absl::Status InsertDownloadLink(const DownloadLink& link) = 0;
  // Those that have expired at `now`.
  virtual absl::Status DeleteDownloadLinks(absl::Time now) = 0;

  // Sets the sequence, and each posting's balance. An InternalError if it is not balanced, lets
  // what is held fall below zero, or has another currency than the account's books.
  virtual absl::Status AppendLedger(LedgerEntry& entry) = 0;
  // Sets `grant.id`.
  virtual absl::Status InsertGrant(Grant& grant) = 0;
  virtual absl::Status MarkGrantRefunded(AccountId account, std::int64_t id, absl::Time now) = 0;
  virtual absl::Status InsertPurchase(const Purchase& purchase) = 0;
  // `refund_entry` and `refunded`; an InternalError if it was refunded before.
  virtual absl::Status MarkPurchaseRefunded(const Purchase& purchase) = 0;
  virtual absl::Status MarkRefundDue(const Purchase& purchase) = 0;
  // Forgets those of the account that are older than `oldest`.
  virtual absl::Status InsertRepetition(AccountId account, const Repetition& repetition,
                                        absl::Time oldest) = 0;

  virtual absl::Status PutSetting(absl::string_view name, absl::string_view value) = 0;
};

// Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // Runs `work` on a consistent view, on the calling thread. Must not be called from inside work.
  virtual absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) = 0;

  // Runs `work` once, on this thread; all that it reads by Read may come from one view, which costs
  // less. `work` must be short, and see nothing of what it writes.
  virtual void ReadTogether(const std::function<void()>& work) { work(); }

  // Runs `work` as one transaction and returns when it is durable: committed if `work` returned
  // OK, undone whole on any error, which is returned as it is. Many callers' transactions are
  // committed together. `work` runs on another thread while the caller waits, and may run again
  // after a conflict: it touches only its transaction and locals that it sets anew. It must not
  // block: no network, no key generation, no signing inside.
  // Answers ResourceExhausted when too many transactions wait.
  virtual absl::Status Write(const std::function<absl::Status(Transaction&)>& work) = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_STORE_H_
