// Free orders: applied for, validated, issued, cancelled, reissued, revoked. The rules of
// ApplyCertificate, CompleteCertificate, CheckCertificateDomainVerification,
// CancelCertificateOrder, CancelAuditCertificate, ReplaceCertificate, RevokeCertificate and
// UploadRevokeLetter.
#ifndef CERTWRIGHT_CORE_ORDER_SERVICE_H_
#define CERTWRIGHT_CORE_ORDER_SERVICE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/caller.h"
#include "core/caller_probes.h"
#include "core/certificate.h"
#include "core/certificate_life.h"
#include "core/clock.h"
#include "core/crypto/x509.h"
#include "core/domain_validator.h"
#include "core/issuer.h"
#include "core/key_source.h"
#include "core/public_suffix.h"
#include "core/random.h"
#include "core/settings.h"
#include "core/store.h"

namespace certwright {

// What a caller asks for, and who asks. Members mirror ApplyCertificate's; "" is absent.
struct FreeApplication {
  Caller account = {};
  std::string domain = {};
  ValidationMethod method = ValidationMethod::kDns;
  std::int64_t project_id = 0;
  std::string package_type = {};
  std::string contact_email = {};
  std::string contact_phone = {};
  std::string validity_period = {};
  std::string key_algorithm = {};  // "RSA" or "ECC"; "" is RSA
  std::string key_parameter = {};  // "2048" or "prime256v1"; required with ECC
  std::string key_password = {};
  std::string alias = {};
  std::string old_certificate_id = {};
  std::string package_id = {};
  bool delete_dns_auto_record = false;
  bool has_dns_names = false;  // the reserved member DnsNames was sent
  // PEM; then the caller keeps the key. Not a member of the documented ApplyCertificate: the
  // engine's own entrance for orders with a CSR.
  std::string csr_pem = {};
};

// A reissue that a caller asks for. Members mirror ReplaceCertificate's; "" is absent.
struct ReissueRequest {
  Caller account = {};
  CertificateId original = {};
  ValidationMethod method = ValidationMethod::kDns;  // ignored for free certificates
  std::string csr_type = {};       // "original" (the default), "upload", "online"; in any case
  std::string csr_pem = {};        // with "upload"; then the caller keeps the key
  std::string key_algorithm = {};  // with "online": "RSA" (the default), "ECC"
  std::string key_parameter = {};  // with "online": "2048", "4096"; "prime256v1", "secp384r1"
  std::string key_password = {};   // with "online"
  std::string reason = {};
};

// One name's answer in CheckCertificateDomainVerification.
struct VerificationResult {
  DomainAuthorization authorization = {};
  Probe probe = {};
  bool is_frequent = false;  // not probed: the last probe is too recent, or too many run
  bool is_issued = false;    // the certificate was issued before answering
};

// Thread-safe: all state is in the store. Everything given must outlive it. Methods block on the
// store, and on the network where they probe; none of them holds a transaction meanwhile.
class OrderService {
 public:
  OrderService(Store& store, Issuer& issuer, KeySource& keys, DomainValidator& validator,
               const PublicSuffixList& suffixes, const Clock& clock, Random& random,
               const Settings& settings);

  // Opens a free order. Its validation records are in the certificate at once; a job re-checks
  // them. Refusals as documented for ApplyCertificate.
  absl::StatusOr<CertificateId> Apply(const FreeApplication& application);

  // Probes now; when every name passes, the certificate is issued before this returns. A record
  // that is missing is no error: the status stays. It also stays, unprobed, while as many callers
  // probe as may: the job looks without them.
  absl::StatusOr<CertificateId> Complete(AccountId account, const CertificateId& id);

  // Probes now, at most once per Settings::caller_probe_interval and while not too many others do,
  // and tells what was found; when every name passes, issues before returning.
  absl::StatusOr<std::vector<VerificationResult>> CheckVerification(AccountId account,
                                                                    const CertificateId& id);

  // Stops an order that is not issued yet (CancelCertificateOrder).
  absl::Status CancelOrder(const Caller& caller, const CertificateId& id);
  // Withdraws an order from review (CancelAuditCertificate). Refuses the later years of an
  // order with FailedOperation.CertificateCancelFailedMulti.
  absl::Status CancelAudit(const Caller& caller, const CertificateId& id);

  // Opens a reissue: a row of its own, with its original's end. A job signs it when nothing is to
  // be proved and CAA allows it, or else re-checks its records. Refusals as documented for
  // ReplaceCertificate.
  absl::StatusOr<CertificateId> Replace(const ReissueRequest& request);

  // Asks for a revocation. Its records, if the answer has any, must be shown until its deadline;
  // Complete and CheckVerification look for them, as does a job. Reissues follow.
  absl::StatusOr<Revocation> Revoke(const Caller& account, const CertificateId& id,
                                    const std::string& reason);
  // Hands in the letter that a revocation waits for: the bytes of a JPEG, PNG or PDF.
  absl::Status UploadRevokeLetter(const Caller& account, const CertificateId& id,
                                  const std::string& letter);

  // For the worker. Probes the names of a claimed validation job and moves the order on: validated,
  // failed at the deadline, or to be probed again later; or a revocation: revoked, given up; or a
  // reissue that proves nothing again: signed, failed, or asked for again.
  absl::Status RunValidation(const Job& job);
  // For the worker. Signs what is prepared and stores the certificate. Doing it again does nothing.
  absl::Status RunIssue(const Job& job);
  // For the worker. Issued → expired.
  absl::Status RunExpiry(const Job& job);

 private:
  // Well below a job's lease, however many names there are and however slowly they are answered.
  static constexpr absl::Duration kMaxProbing = absl::Seconds(45);

  // What is decided, and made, before the first durable word of an issuance.
  struct Preparation {
    CertificateBody body = {};
    KeyMaterial key = {};
    Issuance issuance = {};
  };

  std::vector<Probe> ProbeAll(const Certificate& order);
  // Of the account's records, those that can be looked for until `end`.
  std::vector<Probe> ProbeRecords(AccountId account,
                                  const std::vector<DomainAuthorization>& records, absl::Time end);
  Probe ProbeOne(AccountId account, const DomainAuthorization& authorization);
  bool IsInOwnZone(const Certificate& order, const std::string& name);
  // Whether CAA lets this CA issue for all names of the order but those that `is_asked` tells were
  // asked already: passed, or the first that is not. `end` is when to stop looking.
  Probe AskCaa(const Certificate& order, absl::Time end,
               const std::function<bool(const std::string&)>& is_asked);
  // Signs a reissue that proves nothing again, if CAA still lets it; or fails it, or leaves it.
  // What was found.
  absl::StatusOr<Probe> IssueUnproved(const Certificate& order);
  absl::Status RunUnproved(const Certificate& order, const Job& job);
  // Fails an order whose letter did not come in time.
  absl::Status RunLetter(const Certificate& order, const Job& job);
  // Acts on what probes of a still open order found: fails it, issues it, or leaves it.
  absl::Status Advance(const Certificate& order, const std::vector<Probe>& probes);
  // Keeps the proofs of an order whose review is outstanding; whether it is.
  absl::StatusOr<bool> RecordProofsInReview(const Certificate& probed,
                                            const std::vector<Probe>& probes);
  absl::Status Fail(const Certificate& probed, Event event, absl::string_view why);
  absl::Status Cancel(Transaction& transaction, const Caller& caller, Certificate& order,
                      Event event);
  absl::StatusOr<Certificate> BeginCallerProbe(AccountId account, const CertificateId& id,
                                               bool& may_probe);
  // A caller's probe, and what follows from it; shared with whoever asks for the same meanwhile.
  CallerProbes::Result ProbeForCaller(const Certificate& order,
                                      std::optional<CallerProbes::Seat>& seat);
  // What is stored of the order, made ready to be signed; or `body` and `key` of one that is not
  // stored yet.
  absl::StatusOr<Preparation> Prepare(const Certificate& order);
  absl::StatusOr<Preparation> Prepare(const Certificate& order, CertificateBody body,
                                      KeyMaterial key);
  // A reissue: to be signed from `made`, or to be proved first.
  absl::Status StoreReissue(const Caller& caller, Certificate& row, const Preparation& made,
                            const std::string& registrable, const std::string& remark);
  // The job that leads on, leased for who signs now; nothing if the order needs none of ours.
  absl::StatusOr<std::optional<Job>> RecordValidated(const Certificate& probed,
                                                     const std::vector<Probe>& probes);
  absl::Status Issue(AccountId account, const CertificateId& id);
  // Takes the issue job away, unless there is something to sign after all.
  absl::Status DropIssue(AccountId account, const CertificateId& id);
  absl::Status StoreIssued(AccountId account, const CertificateId& id, const CertificateBody& body,
                           const CertificateFacts& facts);

  std::vector<DomainAuthorization> MakeRecords(const Certificate& certificate,
                                               ValidationMethod method);
  absl::StatusOr<Revocation> MakeRevocation(Transaction& transaction,
                                            const Certificate& certificate,
                                            const std::string& reason);
  CallerProbes::Result ProbeRevocation(const Revocation& revocation);
  CallerProbes::Result ProbeRevocationOf(const Certificate& certificate);
  absl::Status FinishRevocation(const Revocation& decided);
  absl::Status TimeOutRevocation(const Revocation& unproved);
  absl::Status RunRevocation(const Job& job);

  Store& store_;
  Issuer& issuer_;
  KeySource& keys_;
  DomainValidator& validator_;
  const PublicSuffixList& suffixes_;
  const Clock& clock_;
  Random& random_;
  const Settings& settings_;
  CallerProbes caller_probes_;
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_ORDER_SERVICE_H_
