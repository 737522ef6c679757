// The engine over a real store in memory and a real CA, with a scripted outside.
#ifndef CERTWRIGHT_TESTS_SUPPORT_ENGINE_H_
#define CERTWRIGHT_TESTS_SUPPORT_ENGINE_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/issuers/built_in_ca.h"
#include "adapters/public_suffix/libpsl_suffixes.h"
#include "core/account_service.h"
#include "core/alarm_service.h"
#include "core/billing/refund_service.h"
#include "core/billing/wallet_service.h"
#include "core/bind_task_service.h"
#include "core/certificate_service.h"
#include "core/crypto/keys.h"
#include "core/crypto/sealer.h"
#include "core/csr_service.h"
#include "core/deployment_service.h"
#include "core/order_service.h"
#include "core/paid_order_service.h"
#include "core/profile_service.h"
#include "core/purchase_service.h"
#include "core/renewal_service.h"
#include "core/worker.h"
#include "core/zone_service.h"
#include "storage/sqlite_store.h"
#include "tests/support/fakes.h"

namespace certwright {

// Answers as the test says; remembers whom it was asked about.
class FakeValidator : public DomainValidator {
 public:
  Probe answer = {.result = Probe::Result::kCnameAbsent, .reason = "cname record not found"};
  std::vector<DomainAuthorization> asked = {};

  void Pass(const std::string& means = "dns") {
    answer = {.result = Probe::Result::kPassed, .means = means};
  }
  Probe Check(const DomainAuthorization& authorization, absl::Duration) override {
    asked.push_back(authorization);
    return answer;
  }
};

// Remembers what it was told, or fails as the test says.
class FakeNotifier : public Notifier {
 public:
  absl::Status answer = {};
  std::vector<std::pair<std::string, std::string>> told = {};

  absl::Status Notify(const std::string& url, const std::string& json) override {
    if (answer.ok()) told.emplace_back(url, json);
    return answer;
  }
};

// One key for everybody: the tests are not about keys.
class FakeKeySource : public KeySource {
 public:
  absl::StatusOr<PrivateKey> Take(KeyAlgorithm) override {
    static const PrivateKey key = *GenerateKey(KeyAlgorithm::kEccP256);
    return key;
  }
};

// A new key of the wanted kind each time; or none. `before` runs first, as if meanwhile.
class FreshKeySource : public KeySource {
 public:
  bool is_broken = false;
  std::function<void()> before = {};

  absl::StatusOr<PrivateKey> Take(KeyAlgorithm algorithm) override {
    if (before) before();
    if (is_broken) return absl::InternalError("no key");
    return GenerateKey(algorithm);
  }
};

// A store whose process dies at a chosen write: before the commit, or after it and before the
// caller hears. From then on nothing answers.
class DyingStore : public Store {
 public:
  explicit DyingStore(Store& store) : store_(store) {}

  int writes_left = 1'000'000;
  bool dies_after_commit = false;
  bool is_dead = false;

  absl::Status Read(const std::function<absl::Status(Snapshot&)>& work) override {
    return is_dead ? Gone() : store_.Read(work);
  }
  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    if (is_dead) return Gone();
    if (--writes_left >= 0) return store_.Write(work);
    is_dead = true;
    if (dies_after_commit) (void)store_.Write(work);
    return Gone();
  }

 private:
  static absl::Status Gone() { return absl::UnavailableError("the process is gone"); }

  Store& store_;
};

inline constexpr AccountId kAccount = {100000000001};
inline constexpr AccountId kOther = {100000000002};

using OpenStore = std::function<std::unique_ptr<Store>(const Sealer&)>;

inline std::unique_ptr<Store> OpenInMemory(const Sealer& sealer) {
  return *OpenSqliteStore({.path = ":memory:"}, sealer);
}

class Engine {
 public:
  explicit Engine(Settings with = {}, const OpenStore& open = OpenInMemory)
      : settings(std::move(with)), store(open(sealer)) {
    // Nobody hears of what ends: most tests are about something else.
    worker.On(JobKind::kNotice, [this](const Job& job) {
      ++passed_notices_;
      return store->Write([&](Transaction& transaction) {
        return transaction.DeleteJob(job.account, job.kind, job.certificate);
      });
    });
    worker.On(JobKind::kAlarm, [this](const Job& job) { return alarms.RunAlarm(job); });
    worker.On(JobKind::kRenew, [this](const Job& job) { return renewals.RunRenewal(job); });
    worker.On(JobKind::kReview, [this](const Job& job) { return reviews.RunReview(job); });
    for (const AccountId account : {kAccount, kOther}) {
      (void)store->Write([&](Transaction& transaction) {
        return transaction.InsertAccount({.id = account, .app_id = 1, .created = clock.Now()});
      });
    }
  }

  FreeApplication Application(const std::string& domain) const {
    return {.account = kAccount, .domain = domain};
  }
  CertificateId Apply(const std::string& domain) { return *orders.Apply(Application(domain)); }
  CertificateId Issue(const std::string& domain) {
    CertificateId id = Apply(domain);
    validator.Pass();
    (void)orders.Complete(kAccount, id);
    return id;
  }
  Certificate Find(const CertificateId& id, AccountId account = kAccount) {
    Certificate found;
    (void)store->Read([&](Snapshot& snapshot) -> absl::Status {
      found = (*snapshot.FindCertificate(account, id)).value_or(Certificate());
      return absl::OkStatus();
    });
    return found;
  }
  // Oldest first.
  std::vector<OperateLogEntry> Log(AccountId account = kAccount) {
    OperateLogPage page;
    (void)store->Read([&](Snapshot& snapshot) -> absl::Status {
      page = *snapshot.ListOperateLog(account, {.limit = 1000});
      return absl::OkStatus();
    });
    return {page.entries.rbegin(), page.entries.rend()};
  }
  std::vector<std::string> LogTypes() {
    std::vector<std::string> types;
    for (const OperateLogEntry& entry : Log()) types.push_back(entry.type);
    return types;
  }
  // All that stand but notices, earliest first; left as they are.
  std::vector<Job> Jobs() {
    std::vector<Job> jobs;
    (void)store->Write([&](Transaction& transaction) -> absl::Status {
      const absl::Time end = clock.Now() + absl::Hours(24 * 365);
      jobs = *transaction.ClaimJobs(end, end, 1000, {});
      return absl::AbortedError("only looked");
    });
    jobs.erase(std::remove_if(jobs.begin(), jobs.end(),
                              [](const Job& job) { return job.kind == JobKind::kNotice; }),
               jobs.end());
    return jobs;
  }
  // Does everything that is due; returns how many jobs that was, without notices.
  int RunDueJobs() {
    int all = 0;
    passed_notices_ = 0;
    for (int done = 1; done > 0;) {
      done = *worker.Step(10);
      all += done;
    }
    return all - passed_notices_;
  }

  FakeClock clock;
  SeededRandom random;
  Settings settings;
  LibpslSuffixes suffixes;
  FakeValidator validator;
  FakeKeySource keys;
  FreshKeySource fresh_keys;
  Sealer sealer{std::string(32, 'k'), random};
  std::unique_ptr<Store> store;
  std::unique_ptr<BuiltInCa> ca = OpenCa();
  OrderService orders{*store, *ca, keys, validator, suffixes, clock, random, settings};
  CertificateService certificates{*store, suffixes, clock, random, settings};
  AccountService accounts{*store, clock, random};
  std::vector<Review> reminded;  // of whom a reviewer was
  ReviewService reviews{*store, clock,
                        [this](const Review& review) { reminded.push_back(review); }};
  PaidOrderService paid_orders{*store, reviews, suffixes, clock, random, settings};
  PurchaseService purchases{*store, paid_orders, suffixes, clock, random};
  RenewalService renewals{*store, paid_orders, purchases, clock, random};
  RefundService refunds{*store, clock};
  WalletService wallets{*store, clock};
  BindTaskService bind_tasks{*store, clock};
  DeploymentService deployments{*store, certificates, clock};
  CsrService csrs{*store, fresh_keys, clock};
  ProfileService profiles{*store, suffixes, clock};
  ZoneService zones{*store, suffixes, clock};
  FakeNotifier notifier;
  AlarmService alarms{*store, notifier, clock};
  Worker worker{*store, orders, certificates, clock};

 private:
  int passed_notices_ = 0;

  // Making a CA takes a second: it is made once, and each engine starts with it.
  std::unique_ptr<BuiltInCa> OpenCa() {
    static std::string stored;
    if (!stored.empty()) {
      (void)store->Write(
          [](Transaction& transaction) { return transaction.PutSetting("ca", stored); });
    }
    std::unique_ptr<BuiltInCa> opened = *BuiltInCa::Open(*store, clock, random);
    (void)store->Read([](Snapshot& snapshot) -> absl::Status {
      stored = **snapshot.FindSetting("ca");
      return absl::OkStatus();
    });
    return opened;
  }
};

// What an OV or EV certificate must have, for a row that was made into one.
inline void PutOrganization(Engine& engine, const CertificateId& id) {
  (void)engine.store->Write([&](Transaction& transaction) {
    return transaction.PutSubmission(kAccount, id, {.organization_name = "Example Ltd"});
  });
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_ENGINE_H_
