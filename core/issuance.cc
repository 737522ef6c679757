// OrderService: from the last proof to the certificate. Three facts make it safe to stop anywhere:
// the to-be-signed bytes stand in the store before a key signs them, one per certificate; the
// certificate is stored once, by whoever is first; and the job that leads from the one to the other
// is part of the same transactions.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/crypto/csr.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/expiry_notices.h"
#include "core/log_entries.h"
#include "core/order_service.h"
#include "core/products.h"
#include "core/status_macros.h"
#include "core/subject_rules.h"

namespace certwright {
namespace {

// While this runs, nobody else takes the job of who is signing.
constexpr absl::Duration kSigningLease = absl::Seconds(60);

absl::Time StartOfDay(absl::Time now) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  return absl::FromCivil(absl::ToCivilDay(now, utc), utc);
}

// A signer that is down is the documented NetworkError; the job signs later.
absl::Status SignerFault(const absl::Status& fault) {
  if (!absl::IsUnavailable(fault)) return fault;
  return Refuse(ApiError::kFailedOperationNetworkError,
                "The signer is not reachable. Nothing is lost: try again, or wait.");
}

// "validated by lab" when a simulation had a part in it.
std::string Remark(const Certificate& certificate) {
  for (const DomainAuthorization& authorization : certificate.authorizations) {
    if (authorization.validated_by == "lab") {
      return "validated by lab: reserved name, nobody was asked";
    }
    if (authorization.validated_by == "zone") return "validated by zone: it is hosted here";
  }
  return "";
}

// How long the certificate of an order holds. An order of several years is issued year by year.
absl::Duration Term(const Certificate& order, const Settings& settings) {
  constexpr absl::Duration kDay = absl::Hours(24);
  if (OriginOf(order) != Origin::kPaid) return kDay * settings.free_validity_days;
  return kDay * std::min(settings.paid_validity_days, settings.max_validity_days);
}

// A DV certificate is for a name alone: nothing is looked for.
absl::StatusOr<Subject> FindSubject(Store& store, const Certificate& order, absl::Time now) {
  Subject subject = {.common_name = order.names.empty() ? order.domain : order.names.front()};
  if (LevelOf(order) == Level::kDv) return subject;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(subject, SubjectOf(snapshot, order, now));
    return absl::OkStatus();
  }));
  return subject;
}

// Hexadecimal, with or without leading zeros.
bool IsSameSerial(absl::string_view a, absl::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return absl::EqualsIgnoreCase(a, b);
}

bool IsToBeSigned(const Certificate& order) {
  return IsWaitingForIssue(order) && Next(order, Event::kIssued).has_value();
}

// Whether a proof is new; an older one keeps its time.
bool NoteProofs(Certificate& order, const std::vector<Probe>& probes, absl::Time now) {
  bool is_new = false;
  for (std::size_t i = 0; i < order.authorizations.size(); ++i) {
    DomainAuthorization& authorization = order.authorizations[i];
    if (authorization.validated) continue;
    authorization.validated = now;
    authorization.validated_by = probes[i].means;
    is_new = true;
  }
  return is_new;
}

}  // namespace

absl::StatusOr<bool> OrderService::RecordProofsInReview(const Certificate& probed,
                                                        const std::vector<Probe>& probes) {
  if (OriginOf(probed) != Origin::kPaid) return false;
  const absl::Time now = clock_.Now();
  bool waits = false;
  // Most orders have none: a look costs no commit. None begins without a new order or new records.
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Review> review,
                     snapshot.FindReview(probed.account, probed.id));
    waits = review.has_value();
    return absl::OkStatus();
  }));
  if (!waits) return false;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Review> review,
                     transaction.FindReview(probed.account, probed.id));
    ASSIGN_OR_RETURN(std::optional<Certificate> order,
                     transaction.FindCertificate(probed.account, probed.id));
    // What was proved of an order that is no more proves nothing of the one that took its place.
    if (!order || !IsSameOrder(probed, *order)) {
      waits = true;
      return absl::OkStatus();
    }
    waits = review.has_value() && IsOpenForValidation(*order);
    if (!waits || !NoteProofs(*order, probes, now)) return absl::OkStatus();
    RETURN_IF_ERROR(transaction.UpdateCertificate(*order));
    RETURN_IF_ERROR(transaction.DeleteJob(order->account, JobKind::kValidate, order->id));
    return transaction.AppendOperateLog(
        BySystem("domainValidationPassed", order->account, order->id, now, Remark(*order)));
  }));
  return waits;
}

absl::StatusOr<OrderService::Preparation> OrderService::Prepare(const Certificate& order) {
  CertificateBody body;
  KeyMaterial key;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(body, snapshot.FindBody(order.account, order.id));
    ASSIGN_OR_RETURN(key, snapshot.FindKeyMaterial(order.account, order.id));
    return absl::OkStatus();
  }));
  return Prepare(order, std::move(body), std::move(key));
}

absl::StatusOr<OrderService::Preparation> OrderService::Prepare(const Certificate& order,
                                                                CertificateBody body,
                                                                KeyMaterial key) {
  Preparation made = {.body = std::move(body), .key = std::move(key)};
  const Product* const product = ProductOf(order);
  IssueRequest request = {.names = order.names,
                          .brand = product == nullptr ? std::string() : product->brand,
                          .level = LevelOf(order),
                          .key_algorithm = order.key_algorithm,
                          .not_before = StartOfDay(clock_.Now())};
  ASSIGN_OR_RETURN(request.subject, FindSubject(store_, order, clock_.Now()));
  request.not_after =
      order.wanted_end.value_or(request.not_before + Term(order, settings_) - absl::Seconds(1));
  if (made.body.csr_der.empty()) {
    ASSIGN_OR_RETURN(const PrivateKey fresh, keys_.Take(order.key_algorithm));
    ASSIGN_OR_RETURN(made.body.csr_der, MakeCsr(fresh, order.names));
    made.key.private_key_der = fresh.private_key_der;
    request.public_key_der = fresh.public_key_der;
  } else {
    ASSIGN_OR_RETURN(request.public_key_der, CsrPublicKey(made.body.csr_der));
  }
  absl::StatusOr<Prepared> fixed = issuer_.Prepare(request);
  if (!fixed.ok()) return SignerFault(fixed.status());
  const Prepared& prepared = *fixed;
  made.issuance = {.certificate = order.id,
                   .account = order.account,
                   .serial_number = prepared.serial_number,
                   .issuer = prepared.issuer,
                   .to_be_signed = prepared.to_be_signed};
  return made;
}

absl::StatusOr<std::optional<Job>> OrderService::RecordValidated(const Certificate& probed,
                                                                 const std::vector<Probe>& probes) {
  ASSIGN_OR_RETURN(const Preparation made, Prepare(probed));
  const absl::Time now = clock_.Now();
  const Job job = {.kind = JobKind::kIssue,
                   .account = probed.account,
                   .certificate = probed.id,
                   .due = now,
                   .lease_until = now + kSigningLease,
                   .attempts = 1};
  bool is_ours = false;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    is_ours = false;
    ASSIGN_OR_RETURN(std::optional<Certificate> order,
                     transaction.FindCertificate(probed.account, probed.id));
    // Cancelled meanwhile, or somebody else was first: theirs stands.
    if (!order || !IsOpenForValidation(*order) || IsWaitingForIssue(*order) ||
        !IsSameOrder(probed, *order)) {
      return absl::OkStatus();
    }
    // Too late: the validation job closes the order.
    if (IsTooLate(*order, now)) return absl::OkStatus();
    const bool is_new = NoteProofs(*order, probes, now);
    order->status = *Next(*order, Event::kValidated);
    order->status_message = std::string(kWaitingForIssue);
    order->has_private_key = !made.key.private_key_der.empty();
    RETURN_IF_ERROR(transaction.UpdateCertificate(*order));
    RETURN_IF_ERROR(transaction.PutBody(order->account, order->id, made.body));
    RETURN_IF_ERROR(transaction.PutKeyMaterial(order->account, order->id, made.key));
    ASSIGN_OR_RETURN(const std::optional<Issuance> older,
                     transaction.FindNewestIssuance(order->account, order->id));
    Issuance issuance = made.issuance;
    if (older) issuance.generation = older->generation + 1;
    RETURN_IF_ERROR(transaction.InsertIssuance(issuance));
    RETURN_IF_ERROR(transaction.DeleteJob(order->account, JobKind::kValidate, order->id));
    RETURN_IF_ERROR(transaction.PutJob(job));
    is_ours = true;
    if (!is_new) return absl::OkStatus();
    return transaction.AppendOperateLog(
        BySystem("domainValidationPassed", order->account, order->id, now, Remark(*order)));
  }));
  return is_ours ? std::optional<Job>(job) : std::nullopt;
}

absl::Status OrderService::Issue(AccountId account, const CertificateId& id) {
  std::optional<Certificate> order;
  std::optional<Issuance> issuance;
  CertificateBody body;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(order, snapshot.FindCertificate(account, id));
    ASSIGN_OR_RETURN(issuance, snapshot.FindNewestIssuance(account, id));
    ASSIGN_OR_RETURN(body, snapshot.FindBody(account, id));
    return absl::OkStatus();
  }));
  if (!order || !issuance || !IsToBeSigned(*order)) return DropIssue(account, id);
  absl::StatusOr<IssuedCertificate> issued = issuer_.Sign(issuance->issuer, issuance->to_be_signed);
  if (!issued.ok()) return SignerFault(issued.status());
  ASSIGN_OR_RETURN(const CertificateFacts facts, Describe(issued->leaf_der));
  body.leaf_der = std::move(issued->leaf_der);
  body.chain_der = std::move(issued->chain_der);
  body.root_der = std::move(issued->root_der);
  return StoreIssued(account, id, body, facts);
}

absl::Status OrderService::DropIssue(AccountId account, const CertificateId& id) {
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Certificate> order,
                     transaction.FindCertificate(account, id));
    // Opened again and proved meanwhile: the job is that order's.
    if (order && IsToBeSigned(*order)) return absl::OkStatus();
    return transaction.DeleteJob(account, JobKind::kIssue, id);
  });
}

absl::Status OrderService::StoreIssued(AccountId account, const CertificateId& id,
                                       const CertificateBody& body, const CertificateFacts& facts) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Certificate> order, transaction.FindCertificate(account, id));
    ASSIGN_OR_RETURN(const std::optional<Issuance> newest,
                     transaction.FindNewestIssuance(account, id));
    // What was signed for an order that was cancelled and opened again is nobody's.
    if (newest && !IsSameSerial(newest->serial_number, facts.serial_number)) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(transaction.DeleteJob(account, JobKind::kIssue, id));
    RETURN_IF_ERROR(transaction.DeleteJob(account, JobKind::kValidate, id));
    // Another process signed the same bytes and was first.
    if (!order || !IsToBeSigned(*order)) return absl::OkStatus();
    order->status = *Next(*order, Event::kIssued);
    order->status_message.clear();
    order->issued = now;
    order->has_issuers = !body.chain_der.empty() || !body.root_der.empty();
    order->not_before = facts.not_before;
    order->not_after = facts.not_after;
    order->fingerprint_sha1 = facts.fingerprint_sha1;
    order->serial_number = facts.serial_number;
    order->key_description = facts.key_description;
    order->issuer_name = facts.issuer_name;
    order->signature_algorithm = facts.signature_algorithm;
    RETURN_IF_ERROR(transaction.UpdateCertificate(*order));
    if (order->delete_dns_auto_record) {
      RETURN_IF_ERROR(transaction.DeleteZoneRecords(account, id));
    }
    RETURN_IF_ERROR(transaction.PutBody(account, id, body));
    RETURN_IF_ERROR(transaction.PutJob({.kind = JobKind::kExpire,
                                        .account = account,
                                        .certificate = id,
                                        .due = facts.not_after + absl::Seconds(1)}));
    RETURN_IF_ERROR(QueueNotice(transaction, *order, now));
    return transaction.AppendOperateLog(BySystem("issued", account, id, now));
  });
}

absl::Status OrderService::RunIssue(const Job& job) { return Issue(job.account, job.certificate); }

absl::Status OrderService::RunExpiry(const Job& job) {
  const absl::Time now = clock_.Now();
  return store_.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.DeleteJob(job.account, JobKind::kExpire, job.certificate));
    ASSIGN_OR_RETURN(std::optional<Certificate> certificate,
                     transaction.FindCertificate(job.account, job.certificate));
    if (!certificate || !certificate->not_after) return absl::OkStatus();
    if (!Next(*certificate, Event::kExpired)) {
      // A revocation may be given up, and then the certificate ends after all.
      const bool may_come_back = Next(*certificate, Event::kRevocationTimedOut) ||
                                 Next(*certificate, Event::kRevocationLetterUploaded);
      if (!may_come_back) return absl::OkStatus();
      return transaction.PutJob({.kind = JobKind::kExpire,
                                 .account = job.account,
                                 .certificate = job.certificate,
                                 .due = now + absl::Hours(24)});
    }
    if (*certificate->not_after >= now) {
      return transaction.PutJob({.kind = JobKind::kExpire,
                                 .account = job.account,
                                 .certificate = job.certificate,
                                 .due = *certificate->not_after + absl::Seconds(1)});
    }
    certificate->status = *Next(*certificate, Event::kExpired);
    RETURN_IF_ERROR(transaction.UpdateCertificate(*certificate));
    return transaction.AppendOperateLog(BySystem("expired", job.account, job.certificate, now));
  });
}

}  // namespace certwright
