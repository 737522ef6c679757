// A Store of accounts and credentials only, in memory: for tests of what stands before handlers.
#ifndef CERTWRIGHT_TESTS_SUPPORT_FAKE_STORE_H_
#define CERTWRIGHT_TESTS_SUPPORT_FAKE_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store.h"

namespace certwright {

// Reads answer from the members, which tests fill; writes fail. Not for several threads at once
// while a test changes them.
class FakeStore : public Store {
 public:
  std::map<AccountId, Account> accounts = {};
  std::map<SecretId, Credential> credentials = {};
  absl::Status failure = {};  // what Read answers instead, when it is not OK
  int reads = 0;

  void Add(const Account& account, const Credential& credential) {
    accounts[account.id] = account;
    credentials[credential.id] = credential;
  }

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    ++reads;
    if (!failure.ok()) return failure;
    View view(*this);
    return work(view);
  }
  absl::Status Write(const std::function<absl::Status(Transaction&)>&) override {
    return Missing();
  }

 private:
  static absl::Status Missing() { return absl::UnimplementedError("not in the fake store"); }

  class View : public Snapshot {
   public:
    explicit View(const FakeStore& store) : store_(store) {}

    absl::StatusOr<std::optional<Account>> FindAccount(AccountId id) override {
      return Find(store_.accounts, id);
    }
    absl::StatusOr<std::optional<Credential>> FindCredential(const SecretId& id) override {
      return Find(store_.credentials, id);
    }
    absl::StatusOr<std::vector<Account>> ListAccounts() override { return Missing(); }
    absl::StatusOr<std::vector<Credential>> ListCredentials(AccountId) override {
      return Missing();
    }
    absl::StatusOr<std::vector<Project>> ListProjects(AccountId) override { return Missing(); }
    absl::StatusOr<std::vector<Company>> ListCompanies(AccountId) override { return Missing(); }
    absl::StatusOr<std::vector<Manager>> ListManagers(AccountId, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Manager>> FindManager(AccountId, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::int64_t> CountManaged(AccountId, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<AccountId>> FindManagerOwner(std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Certificate>> FindCertificate(AccountId,
                                                               const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<CertificateBody> FindBody(AccountId, const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<KeyMaterial> FindKeyMaterial(AccountId, const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Issuance>> FindNewestIssuance(AccountId,
                                                               const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Revocation>> FindRevocation(AccountId,
                                                             const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::vector<Certificate>> ListReissues(AccountId,
                                                          const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<CertificateId>> FindOpenReissueUnder(AccountId,
                                                                      absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<CsrRecord>> FindCsr(AccountId, CsrId) override {
      return Missing();
    }
    absl::StatusOr<CsrMaterial> FindCsrMaterial(AccountId, CsrId) override { return Missing(); }
    absl::StatusOr<CsrPage> ListCsrs(AccountId, const CsrQuery&) override { return Missing(); }
    absl::StatusOr<CertificatePage> ListCertificates(AccountId, const CertificateQuery&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<CertificateId>> FindUpload(AccountId, absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::int64_t> CountUploads(AccountId, absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<BindTask>> FindBindTask(AccountId, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<BindTask>> FindNewestBindTask(AccountId,
                                                               const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::int64_t> CountFree(AccountId) override { return Missing(); }
    absl::StatusOr<std::int64_t> CountFreeUnder(AccountId, absl::string_view, absl::Time) override {
      return Missing();
    }
    absl::StatusOr<OperateLogPage> ListOperateLog(AccountId, const OperateLogQuery&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<CertificateId>> FindNewest(AccountId, absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<DeleteTask>> FindDeleteTask(AccountId,
                                                             absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<DeleteTask>> FindRunningDeleteTask(AccountId,
                                                                    const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<DownloadLink>> FindDownloadLink(absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<absl::Time>> NextJobDue(absl::Time, const JobFilter&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Zone>> FindZone(absl::string_view) override { return Missing(); }
    absl::StatusOr<std::vector<Zone>> ListZones(AccountId) override { return Missing(); }
    absl::StatusOr<std::vector<ZoneRecord>> FindZoneRecords(absl::string_view,
                                                            absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::vector<AlarmRule>> ListAlarmRules(AccountId) override { return Missing(); }
    absl::StatusOr<std::vector<int>> ListProductNumbers() override { return Missing(); }
    absl::StatusOr<std::optional<AccountId>> FindOwner(const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<CertificateId>> FindOrderOfCsr(AccountId,
                                                                absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Submission>> FindSubmission(AccountId,
                                                             const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Review>> FindReview(AccountId, const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<ReviewPage> ListReviews(std::int64_t, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<std::string>> FindLetter(AccountId, const CertificateId&,
                                                          absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::int64_t> FindBalance(AccountId, Book, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<LedgerEntry>> FindLedgerEntry(AccountId, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<LedgerPage> ListLedger(AccountId, const LedgerQuery&) override {
      return Missing();
    }
    absl::StatusOr<std::string> FindCurrency(AccountId) override { return Missing(); }
    absl::StatusOr<std::optional<Grant>> FindDiscount(AccountId, absl::Time) override {
      return Missing();
    }
    absl::StatusOr<std::vector<Grant>> ListGrants(AccountId, GrantKind, bool) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Grant>> FindGrant(AccountId, std::int64_t) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Purchase>> FindPurchase(AccountId, const CertificateId&) override {
      return Missing();
    }
    absl::StatusOr<PurchasePage> ListPurchases(AccountId, const PurchaseQuery&) override {
      return Missing();
    }
    absl::StatusOr<std::optional<Repetition>> FindRepetition(AccountId,
                                                             absl::string_view) override {
      return Missing();
    }
    absl::StatusOr<std::optional<std::string>> FindSetting(absl::string_view) override {
      return Missing();
    }

   private:
    template <typename Map, typename Key>
    static std::optional<typename Map::mapped_type> Find(const Map& map, const Key& key) {
      const auto found = map.find(key);
      if (found == map.end()) return std::nullopt;
      return found->second;
    }

    const FakeStore& store_;
  };
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_FAKE_STORE_H_
