#include "server/service.h"

#include <atomic>
#include <exception>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "adapters/issuers/built_in_ca.h"
#include "adapters/notifiers/webhook_notifier.h"
#include "adapters/public_suffix/libpsl_suffixes.h"
#include "adapters/trust/system_roots.h"
#include "adapters/validators/validators.h"
#include "core/account_service.h"
#include "core/catalogue.h"
#include "core/certificate_service.h"
#include "core/crypto/key_pool.h"
#include "core/crypto/trust_store.h"
#include "core/csr_service.h"
#include "core/expiry_notices.h"
#include "core/order_service.h"
#include "core/profile_service.h"
#include "core/renewal_service.h"
#include "core/status_macros.h"
#include "core/stored_products.h"
#include "core/worker.h"
#include "server/action.h"
#include "server/api_services.h"
#include "server/auth/verifier.h"
#include "server/commands/open_store.h"
#include "server/log.h"
#include "server/pipeline.h"
#include "server/rate_limiter.h"
#include "server/scheduler.h"
#include "server/service_listeners.h"
#include "server/task_pool.h"

namespace certwright {
namespace {

constexpr absl::Duration kDrainTimeout = absl::Seconds(15);
constexpr std::size_t kMaxQueuedCalls = 1024;

using PageDone = std::function<void(std::optional<HttpServer::Page>)>;

std::optional<HttpServer::Page> OperationsPage(const Envelope& envelope, absl::string_view roots,
                                               bool is_draining) {
  if (envelope.path == "/readyz" && is_draining) {
    return HttpServer::Page{.status = 503, .content_type = "text/plain", .body = "draining\n"};
  }
  if (envelope.path == "/healthz" || envelope.path == "/readyz") {
    return HttpServer::Page{.status = 200, .content_type = "text/plain", .body = "ok\n"};
  }
  if (envelope.path == "/ca/roots.pem") {
    return HttpServer::Page{
        .status = 200, .content_type = "application/x-pem-file", .body = std::string(roots)};
  }
  return std::nullopt;
}

// What a link leads to. Its path holds a secret: it is not logged.
std::optional<HttpServer::Page> DownloadPage(CertificateService& certificates,
                                             absl::string_view token) {
  absl::StatusOr<std::optional<LinkedPackage>> package = certificates.OpenDownloadLink(token);
  if (!package.ok()) {
    LogError("download", package.status().ToString());
    return HttpServer::Page{.status = 500, .body = "The package cannot be made now.\n"};
  }
  if (!package->has_value()) return std::nullopt;
  LogInfo("download", absl::StrCat("certificate ", (*package)->certificate.value));
  return HttpServer::Page{
      .content_type = "application/zip",
      .body = std::move((*package)->zip),
      .more_headers = absl::StrCat("Content-Disposition: attachment; filename=\"",
                                   (*package)->filename, "\"\r\nCache-Control: no-store\r\n")};
}

// Members stand in the order in which they are built; each uses only those above it.
class BuiltService final : public Service {
 public:
  BuiltService(const config::Config& config, Mode mode, const Clock& clock, Random& random)
      : config_(config), settings_(SettingsOf(config, mode)), clock_(clock), random_(random) {}

  ~BuiltService() override { Drain(); }

  absl::Status Start(Mode mode, const DataDir& data) {
    RETURN_IF_ERROR(listeners_.LoadTls());
    RETURN_IF_ERROR(OpenData(data));
    if (mode == Mode::kDemo) {
      ASSIGN_OR_RETURN(demo_, AccountService(*store(), clock_, random_).EnsureDemo());
    }
    BuildEngine();
    RETURN_IF_ERROR(BuildActions());
    return Listen();
  }

  HostPort http() const override { return listeners_.http(); }
  HostPort grpc() const override { return listeners_.grpc(); }
  HostPort https() const override { return listeners_.https(); }
  HostPort grpcs() const override { return listeners_.grpcs(); }
  const Credential& demo() const override { return demo_; }
  std::string RootsPem() const override { return ca_->RootsPem(); }

  void RefreshTls() override { listeners_.RefreshTls(); }

  void Drain() override {
    is_draining_ = true;
    listeners_.Drain(kDrainTimeout);
    // Calls that still wait are told so; those that run may end. Both answer into transports and a
    // pipeline that are still there.
    if (pipeline_) pipeline_->RefuseWaiting();
    workers_.reset();
    std::unique_ptr<Scheduler> scheduler;
    {
      absl::MutexLock lock(&scheduler_mutex_);
      scheduler = std::move(scheduler_);
    }
    // Its jobs may still commit and then ask to wake it: not under the lock.
    scheduler.reset();
  }

 private:
  Store* store() { return opened_.store.get(); }

  absl::Status OpenData(const DataDir& data) {
    ASSIGN_OR_RETURN(opened_, OpenStore(data, random_, config_.readers(), [this] { WakeJobs(); }));
    // The folder's lock is ours alone: whoever held a lease is gone.
    RETURN_IF_ERROR(
        store()->Write([](Transaction& transaction) { return transaction.ReleaseLeases(); }));
    RETURN_IF_ERROR(RequireStoredProducts(*store(), InstalledCatalogue()));
    ASSIGN_OR_RETURN(ca_, BuiltInCa::Open(*store(), clock_, random_));
    return absl::OkStatus();
  }

  void BuildEngine() {
    keys_ = std::make_unique<KeyPool>(KeyPool::Options{.size = config_.key_pool()});
    validator_ = std::make_unique<Validators>(
        suffixes_,
        Validators::Options{.dns_server = config_.resolver(),
                            .has_lab = settings_.lab_validation,
                            .file = {.http_port = config_.file_http_port(),
                                     .https_port = config_.file_https_port(),
                                     .allow_private_addresses = config_.allow_private_addresses(),
                                     .caa_identity = config_.caa_identity()}});
    orders_ = std::make_unique<OrderService>(*store(), *ca_, *keys_, *validator_, suffixes_, clock_,
                                             random_, settings_);
    certificates_ =
        std::make_unique<CertificateService>(*store(), suffixes_, clock_, random_, settings_);
    reviews_ = std::make_unique<ReviewService>(*store(), clock_, [](const Review& review) {
      LogInfo("an order waits for review", absl::StrCat("certificate ", review.certificate.value,
                                                        ", stage ", StageText(review.stage)));
    });
    paid_orders_ = std::make_unique<PaidOrderService>(*store(), *reviews_, suffixes_, clock_,
                                                      random_, settings_);
    purchases_ =
        std::make_unique<PurchaseService>(*store(), *paid_orders_, suffixes_, clock_, random_);
    renewals_ =
        std::make_unique<RenewalService>(*store(), *paid_orders_, *purchases_, clock_, random_);
    refunds_ = std::make_unique<RefundService>(*store(), clock_);
    wallets_ = std::make_unique<WalletService>(*store(), clock_);
    bind_tasks_ = std::make_unique<BindTaskService>(*store(), clock_);
    deployments_ = std::make_unique<DeploymentService>(*store(), *certificates_, clock_);
    accounts_ = std::make_unique<AccountService>(*store(), clock_, random_);
    csrs_ = std::make_unique<CsrService>(*store(), *keys_, clock_);
    profiles_ = std::make_unique<ProfileService>(*store(), suffixes_, clock_);
    zones_ = std::make_unique<ZoneService>(*store(), suffixes_, clock_);
    notifier_ = std::make_unique<WebhookNotifier>(
        config_.allow_private_addresses(),
        [](const std::string& json) { LogInfo("certificates end soon", json); });
    alarms_ = std::make_unique<AlarmService>(*store(), *notifier_, clock_);
    notices_ =
        std::make_unique<ExpiryNotices>(*store(), *notifier_, clock_, settings_.notice_webhook);
    worker_ = std::make_unique<Worker>(
        *store(), *orders_, *certificates_, clock_, Worker::Limits::For(config_.job_threads()),
        [](const Job& job, const absl::Status& status) {
          LogError("job failed, and is tried again",
                   absl::StrCat("kind ", static_cast<int>(job.kind), ", certificate ",
                                job.certificate.value, ": ", status.ToString()));
        });
    worker_->On(JobKind::kAlarm, [this](const Job& job) { return alarms_->RunAlarm(job); });
    worker_->On(JobKind::kNotice, [this](const Job& job) { return notices_->RunNotice(job); });
    worker_->On(JobKind::kRenew, [this](const Job& job) { return renewals_->RunRenewal(job); });
    worker_->On(JobKind::kReview, [this](const Job& job) { return reviews_->RunReview(job); });
    trust_.emplace(absl::StrCat(SystemRootsPem(), "\n", ca_->RootsPem()));
    services_.emplace(Services{.store = *store(),
                               .accounts = *accounts_,
                               .orders = *orders_,
                               .certificates = *certificates_,
                               .paid_orders = *paid_orders_,
                               .reviews = *reviews_,
                               .purchases = *purchases_,
                               .refunds = *refunds_,
                               .wallets = *wallets_,
                               .bind_tasks = *bind_tasks_,
                               .deployments = *deployments_,
                               .csrs = *csrs_,
                               .profiles = *profiles_,
                               .zones = *zones_,
                               .alarms = *alarms_,
                               .clock = clock_,
                               .settings = settings_,
                               .trust = *trust_});
  }

  absl::Status BuildActions() {
    for (const ApiService& service : ApiServices()) {
      ActionTable& table = actions_[service.version];
      service.bind(table);
      table.Describe(*service.descriptor);
      RETURN_IF_ERROR(table.Check(*service.descriptor));
    }
    verifier_ = std::make_unique<Verifier>(*store(), clock_, VerifierOptionsOf(config_));
    rate_limiter_ = std::make_unique<RateLimiter>(config_.calls_per_second());
    workers_ = std::make_unique<TaskPool>(config_.worker_threads(), kMaxQueuedCalls);
    Pipeline::Options options;
    options.http_port = [this] { return listeners_.http().port; };
    options.https_port = [this] { return listeners_.https().port; };
    options.public_url = config_.public_url();
    options.replay_entries = static_cast<std::size_t>(config_.replay_entries());
    options.replay_window = absl::Seconds(config_.signature_window_seconds());
    if (config_.language() == "en-US") options.default_language = Language::kEnglish;
    pipeline_ = std::make_unique<Pipeline>(actions_, *services_, *verifier_, *rate_limiter_,
                                           *workers_, random_, LogCall, options);
    return absl::OkStatus();
  }

  absl::Status Listen() {
    Listeners::Answers answers;
    answers.call = [this](Envelope envelope, std::function<void(Reply)> done) {
      pipeline_->Handle(std::move(envelope), std::move(done));
    };
    answers.pages = [this, roots = ca_->RootsPem()](const Envelope& envelope,
                                                    const PageDone& done) {
      if (absl::StartsWith(envelope.path, kDownloadPath)) {
        return ServeDownload(envelope.path, done);
      }
      done(OperationsPage(envelope, roots, is_draining_));
    };
    answers.unread = [this](const Envelope& envelope, HttpServer::Unread why) {
      return why == HttpServer::Unread::kNoRoom ? pipeline_->RefuseCrowded(envelope)
                                                : pipeline_->RefuseOversize(envelope);
    };
    answers.unserved = [this](const Envelope& envelope, GrpcServer::Unserved why) {
      return RefuseGrpc(envelope, why);
    };
    RETURN_IF_ERROR(listeners_.Start(answers));
    // Only now: the first answer comes before keys that may be wanted later.
    keys_->Fill();
    absl::MutexLock lock(&scheduler_mutex_);
    scheduler_ = std::make_unique<Scheduler>(
        *worker_, clock_, config_.job_threads(),
        [](const absl::Status& status) { LogError("job", status.ToString()); });
    return absl::OkStatus();
  }

  Reply RefuseGrpc(const Envelope& envelope, GrpcServer::Unserved why) {
    switch (why) {
      case GrpcServer::Unserved::kTooLarge:
        return pipeline_->RefuseOversize(envelope);
      case GrpcServer::Unserved::kNoRoom:
        return pipeline_->RefuseCrowded(envelope);
      case GrpcServer::Unserved::kNoMethod:
        return pipeline_->RefuseUnknown(envelope);
      case GrpcServer::Unserved::kStopping:
        break;
    }
    return pipeline_->RefuseLate(envelope);
  }

  // Packing takes long for a transport's thread.
  void ServeDownload(const std::string& path, const PageDone& done) {
    const HttpServer::Page busy = {.status = 503, .body = "Too much is asked at once.\n"};
    const bool is_taken = workers_->Run([this, path, done, busy] {
      const auto token = absl::string_view(path).substr(sizeof kDownloadPath - 1);
      std::optional<HttpServer::Page> page = busy;
      try {
        page = DownloadPage(*certificates_, token);
      } catch (const std::exception& exception) {
        LogError("download", exception.what());
      }
      done(std::move(page));
    });
    if (!is_taken) done(busy);
  }

  // From the writer's thread, also while the rest is not built yet.
  void WakeJobs() {
    absl::MutexLock lock(&scheduler_mutex_);
    if (scheduler_) scheduler_->Wake();
  }

  std::atomic<bool> is_draining_ = false;
  const config::Config config_;
  const Settings settings_;
  const Clock& clock_;
  Random& random_;
  LibpslSuffixes suffixes_;
  absl::Mutex scheduler_mutex_;
  OpenedStore opened_;
  std::unique_ptr<BuiltInCa> ca_;
  Credential demo_;
  std::unique_ptr<KeyPool> keys_;
  std::unique_ptr<DomainValidator> validator_;
  std::unique_ptr<OrderService> orders_;
  std::unique_ptr<CertificateService> certificates_;
  std::unique_ptr<ReviewService> reviews_;
  std::unique_ptr<PaidOrderService> paid_orders_;
  std::unique_ptr<PurchaseService> purchases_;
  std::unique_ptr<RenewalService> renewals_;
  std::unique_ptr<RefundService> refunds_;
  std::unique_ptr<WalletService> wallets_;
  std::unique_ptr<BindTaskService> bind_tasks_;
  std::unique_ptr<DeploymentService> deployments_;
  std::unique_ptr<AccountService> accounts_;
  std::unique_ptr<CsrService> csrs_;
  std::unique_ptr<ProfileService> profiles_;
  std::unique_ptr<ZoneService> zones_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<AlarmService> alarms_;
  std::unique_ptr<ExpiryNotices> notices_;
  std::unique_ptr<Worker> worker_;
  std::optional<TrustStore> trust_;
  std::optional<Services> services_;
  ActionVersions actions_;
  std::unique_ptr<Verifier> verifier_;
  std::unique_ptr<RateLimiter> rate_limiter_;
  std::unique_ptr<TaskPool> workers_;
  std::unique_ptr<Pipeline> pipeline_;
  Listeners listeners_{config_, clock_};
  std::unique_ptr<Scheduler> scheduler_ ABSL_GUARDED_BY(scheduler_mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const config::Config& config, Mode mode,
                                                        const DataDir& data, const Clock& clock,
                                                        Random& random) {
  auto service = std::make_unique<BuiltService>(config, mode, clock, random);
  RETURN_IF_ERROR(service->Start(mode, data));
  return std::unique_ptr<Service>(std::move(service));
}

}  // namespace certwright
