#include "core/years.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "core/certificate_facts.h"
#include "core/package_rules.h"
#include "tests/support/funds.h"

namespace certwright {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kSecond = absl::Seconds(1);
constexpr std::uint64_t kWoTrusDvPid = 1004157;

absl::Time Day(int year, int month, int day) {
  return absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone());
}

// Names are proved whenever they are looked for.
class Years : public Funds {
 public:
  explicit Years() { engine.validator.Pass(); }

  CertificateId Issue(int product, std::int64_t years, Submission data = Data("example.com")) {
    const CertificateId id =
        engine.paid_orders.Open({.account = kAccount, .product = product, .years = years})->id;
    return HandIn(id, std::move(data));
  }
  CertificateId HandIn(const CertificateId& id, Submission data = Data("example.com")) {
    REQUIRE(Submit(id, data).ok());
    REQUIRE(Commit(id).ok());
    if (Find(id).status == S::kPendingConfirmationLetter) {
      REQUIRE(engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());
    }
    Settle();
    REQUIRE(Find(id).status == S::kIssued);
    return id;
  }
  // What is due, and the first looks for records that follow from it.
  void Settle() {
    engine.RunDueJobs();
    engine.clock.Advance(absl::Minutes(1));
    engine.RunDueJobs();
  }
  void SettleAt(absl::Time time) {
    engine.clock.Set(time);
    Settle();
  }
  // What renews it, "" if nothing does.
  CertificateId Next(const CertificateId& id) { return Find(id).renewed_by; }
  // Set to when its renewal is ordered, with what follows from that.
  CertificateId Renewed(const CertificateId& id) {
    SettleAt(*Find(id).not_after - 30 * kDay);
    REQUIRE_FALSE(Next(id).value.empty());
    return Next(id);
  }
  int CountLog(const std::string& type) {
    int count = 0;
    for (const std::string& one : engine.LogTypes()) count += one == type ? 1 : 0;
    return count;
  }
  absl::Duration Term(const CertificateId& id) {
    const Certificate issued = Find(id);
    return *issued.not_after + kSecond - *issued.not_before;
  }
};

}  // namespace

TEST_CASE("public policy shortens what is issued, by the day of its issue", "[years]") {
  const std::vector<ValidityStep> schedule = PublicValiditySchedule();
  CHECK(MaxValidity(schedule, Day(2020, 1, 1)) == 398 * kDay);
  CHECK(MaxValidity(schedule, Day(2026, 3, 14)) == 398 * kDay);
  CHECK(MaxValidity(schedule, Day(2026, 3, 15)) == 200 * kDay);
  CHECK(MaxValidity(schedule, Day(2027, 3, 15)) == 100 * kDay);
  CHECK(MaxValidity(schedule, Day(2029, 3, 15)) == 47 * kDay);
}

TEST_CASE("a first step with a date is for the days before it too", "[years]") {
  CHECK(MaxValidity({{.from = Day(2027, 1, 1), .max_days = 30}}, Day(2026, 1, 1)) == 30 * kDay);
}

TEST_CASE("an order of three years is issued until its paid time is over, without gaps",
          "[years]") {
  Years years;
  CertificateId id = years.Issue(kSecureSiteOv, 3);
  const Certificate first = years.Find(id);
  CHECK(years.Term(id) == 365 * kDay);
  CHECK(first.year == 1);
  CHECK(first.total_years == 3);
  REQUIRE(first.paid_until == *first.not_before + 3 * 365 * kDay - kSecond);
  int certificates = 1;
  int year = 1;
  while (HasPaidTimeLeft(years.Find(id))) {
    const Certificate old = years.Find(id);
    const Certificate next = years.Find(years.Renewed(id));
    INFO(certificates);
    REQUIRE(next.status == S::kIssued);
    CHECK(next.renews == id);
    CHECK(next.package_type == kSecureSiteOv);
    CHECK(next.names == old.names);
    CHECK(next.paid_until == first.paid_until);
    CHECK(*next.not_before < *old.not_after);
    CHECK(*next.not_after > *old.not_after);
    CHECK(years.Term(next.id) <=
          MaxValidity(years.engine.settings.validity_schedule, *next.not_before));
    CHECK((next.year == old.year || next.year == old.year + 1));
    id = next.id;
    year = next.year;
    ++certificates;
  }
  CHECK(year == 3);
  CHECK(years.Find(id).not_after == first.paid_until);
  CHECK(years.CountLog("multiYearsRenew") == certificates - 1);
  CHECK(years.Entries() == 0);  // of what was opened without a price
  years.SettleAt(*first.paid_until - kDay);
  CHECK(years.Next(id).value.empty());
  CHECK(years.engine.Jobs().size() == 1);  // its end
}

TEST_CASE("the schedule makes several certificates of one year", "[years]") {
  Years years;
  years.engine.clock.Set(Day(2026, 4, 1));
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  CHECK(years.Term(id) == 200 * kDay);
  years.SettleAt(*years.Find(id).not_after - 30 * kDay - absl::Hours(1));
  CHECK(years.Next(id).value.empty());
  const CertificateId next = years.Renewed(id);
  CHECK(years.Find(next).year == 1);
  CHECK(years.Find(next).not_after == Day(2026, 4, 1) + 365 * kDay - kSecond);
  CHECK_FALSE(HasPaidTimeLeft(years.Find(next)));
}

TEST_CASE("the next certificate is nobody's purchase: no entry, no deal, no refund", "[years]") {
  Years years;
  years.Credit(CreditKind::kCash, 1'000'000);
  const CertificateId id =
      years.HandIn(years.engine.purchases
                       .Buy({.account = kAccount, .product = kSecureSiteOv, .years = 2}, true, {})
                       ->id);
  const std::int64_t entries = years.Entries();
  const std::int64_t cash = years.Left().cash;
  years.engine.validator.answer = {.result = Probe::Result::kTxtAbsent};
  const CertificateId next = years.Renewed(id);
  CHECK(years.Find(next).status == S::kReviewing);
  CHECK(years.Entries() == entries);
  CHECK(years.Left().cash == cash);
  CHECK(years.PurchaseOf(next).deal_id.empty());
  // Its validation times out: nothing is paid back, and it can be opened again.
  years.SettleAt(years.engine.clock.Now() + 4 * kDay);
  REQUIRE(years.Find(next).status == S::kFailed);
  CHECK_FALSE(years.engine.refunds.Refund(kAccount, next, true, "op").ok());
  CHECK(years.Next(id) == next);
  CHECK_FALSE(IsRenewable(years.Find(id), years.engine.clock.Now()));
  REQUIRE(years.engine.paid_orders.Reopen(kAccount, next).ok());
  years.engine.validator.Pass();
  years.HandIn(next);
  CHECK(years.Find(next).year == 2);
  CHECK(years.Find(next).paid_until == years.Find(id).paid_until);
}

TEST_CASE("a cancelled next row is not opened twice, whatever wakes the job", "[years]") {
  Years years;
  years.Credit(CreditKind::kCash, 1'000'000);
  years.engine.clock.Set(Day(2026, 4, 1));
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  years.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  const CertificateId next = years.Renewed(id);
  REQUIRE(years.engine.orders.CancelAudit(kAccount, next).ok());
  REQUIRE(years.engine.certificates.SetAutoRenewed(kAccount, id, true).ok());
  years.Settle();
  CHECK(years.Next(id) == next);
  CHECK(years.CountLog("multiYearsRenew") == 1);
  CHECK(years.CountLog("renewVIP") == 0);
}

TEST_CASE("a bought renewal that is opened again is the renewal again", "[years]") {
  Years years;
  years.Credit(CreditKind::kCash, 1'000'000);
  Submission data = Paid::Data("example.com");
  data.is_auto_renewed = true;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1, data);
  years.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  const CertificateId next = years.Renewed(id);
  REQUIRE(years.engine.orders.CancelAudit(kAccount, next).ok());
  CHECK(years.Next(id).value.empty());
  REQUIRE(years.engine.paid_orders.Reopen(kAccount, next).ok());
  CHECK(years.Next(id) == next);
  years.engine.validator.Pass();
  years.HandIn(next);
  CHECK(years.Find(next).paid_until == *years.Find(id).not_after + 365 * kDay);
}

TEST_CASE("a row whose paid time is over is not opened again", "[years]") {
  Years years;
  years.engine.clock.Set(Day(2026, 4, 1));
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  years.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  const CertificateId next = years.Renewed(id);
  REQUIRE(years.engine.orders.CancelAudit(kAccount, next).ok());
  years.engine.clock.Set(*years.Find(id).paid_until + kSecond);
  CHECK(Error(years.engine.paid_orders.Reopen(kAccount, next)) ==
        ApiError::kFailedOperationCertificateStatusNotAllowResubmit);
}

TEST_CASE("a later year is not withdrawn from review", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kSecureSiteOv, 2);
  years.engine.validator.answer = {.result = Probe::Result::kTxtAbsent};
  const CertificateId next = years.Renewed(id);
  REQUIRE(years.Find(next).year == 2);
  CHECK(Error(years.engine.orders.CancelAudit(kAccount, next)) ==
        ApiError::kFailedOperationCertificateCancelFailedMulti);
  CHECK(years.Find(next).status == S::kReviewing);
  CHECK(Error(years.engine.orders.CancelAudit(kAccount, id)) ==
        ApiError::kFailedOperationCertificateNotFoundOrCantCancel);
}

TEST_CASE("without an approved manager the policy reviews a later year, without a letter",
          "[years]") {
  Years years;
  const CertificateId id = years.Issue(kSecureSiteOv, 2);
  REQUIRE(years.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  const CertificateId next = years.Renewed(id);
  CHECK(years.Find(next).status == S::kReviewing);
  CHECK(years.Find(next).status_message == "PRE-REVIEWING");
}

TEST_CASE("with an approved manager and a hosted zone a later year needs nobody", "[years]") {
  Years years;
  const std::int64_t manager = years.Manager();
  REQUIRE(years.engine.profiles.Review(manager, true, "").ok());
  REQUIRE(years.engine.profiles.Review(manager, true, "").ok());
  REQUIRE(years.engine.zones.Create(kAccount, "example.com").ok());
  REQUIRE(years.engine.reviews.SetPolicy(Level::kOv, {.is_automatic = false}).ok());
  years.engine.validator.answer = {.result = Probe::Result::kTxtAbsent};
  Submission data = Paid::Data("example.com");
  data.method = ValidationMethod::kDnsAuto;
  data.manager_id = absl::StrCat(manager);
  const CertificateId id = years.Issue(kSecureSiteOv, 2, data);
  years.engine.clock.Set(*years.Find(id).not_after - 30 * kDay);
  years.engine.RunDueJobs();
  const Certificate next = years.Find(years.Next(id));
  CHECK(next.status == S::kIssued);
  CHECK(next.manager_id == manager);
  CHECK(next.year == 2);
}

TEST_CASE("without its data, the next row waits for them", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kSecureSiteOv, 2);
  REQUIRE(years.engine.store
              ->Write([&](Transaction& transaction) {
                return transaction.DeleteSubmission(kAccount, id);
              })
              .ok());
  const CertificateId next = years.Renewed(id);
  CHECK(years.Find(next).status == S::kPendingSubmission);
  CHECK(years.Find(next).domain == "example.com");
}

TEST_CASE("a service that was down for long still opens what was paid for", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kSecureSiteOv, 2);
  years.SettleAt(*years.Find(id).not_after + 100 * kDay);
  CHECK(years.Find(id).status == S::kExpired);
  const Certificate next = years.Find(years.Next(id));
  CHECK(next.status == S::kIssued);
  CHECK(next.year == 2);
  CHECK(years.Term(next.id) == 100 * kDay);
  CHECK(HasPaidTimeLeft(next));
}

TEST_CASE("wherever the process dies, the next row is opened exactly once", "[years]") {
  const bool dies_after_commit = GENERATE(false, true);
  Years years;
  years.Credit(CreditKind::kCash, 1'000'000);
  const bool is_bought = GENERATE(false, true);
  Submission data = Paid::Data("example.com");
  data.is_auto_renewed = is_bought;
  const CertificateId id =
      years.Issue(is_bought ? kTrustAsiaDv : kSecureSiteOv, is_bought ? 1 : 2, data);
  years.engine.clock.Set(*years.Find(id).not_after - 30 * kDay);
  DyingStore dying(*years.engine.store);
  dying.writes_left = 0;
  dying.dies_after_commit = dies_after_commit;
  RenewalService renewals(dying, years.engine.paid_orders, years.engine.purchases,
                          years.engine.clock, years.engine.random);
  const Job job = {.kind = JobKind::kRenew, .account = kAccount, .certificate = id};
  CHECK_FALSE(renewals.RunRenewal(job).ok());
  CHECK(years.Next(id).value.empty() == !dies_after_commit);
  years.Settle();
  CHECK_FALSE(years.Next(id).value.empty());
  CHECK(years.engine.renewals.RunRenewal(job).ok());
  CHECK(years.CountLog(is_bought ? "renewVIP" : "multiYearsRenew") == 1);
  CHECK(years.Entries() == (is_bought ? 2 : 1));
}

TEST_CASE("a revoked certificate is not followed by another", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kTrustAsiaDvWildcard, 2, Paid::Data("*.example.com"));
  REQUIRE(years.engine.orders.Revoke(kAccount, id, "").ok());
  years.Settle();
  REQUIRE(years.Find(id).status == S::kRevoked);
  CHECK(years.engine.Jobs().empty());
}

TEST_CASE("a reissue brings no certificates of its own, and is held to its day's schedule",
          "[years]") {
  Years years;
  const CertificateId id = years.Issue(kSecureSiteOv, 2);
  years.engine.clock.Set(Day(2026, 4, 1));
  const CertificateId reissue =
      *years.engine.orders.Replace({.account = kAccount, .original = id, .csr_type = "original"});
  years.Settle();
  REQUIRE(years.Find(reissue).status == S::kIssued);
  CHECK(years.Term(reissue) == 200 * kDay);
  years.SettleAt(*years.Find(reissue).not_after - kDay);
  CHECK(years.Next(reissue).value.empty());
  CHECK(years.Find(years.Renewed(id)).year == 2);
}

TEST_CASE("a renewal for points holds for the rest and a year, within the schedule", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  const absl::Time begin = *years.Find(id).not_after - 10 * kDay + kSecond;
  years.engine.settings.validity_schedule = {{.max_days = GENERATE(398, 370)}};
  years.engine.clock.Set(begin);
  const auto bought = years.engine.purchases.BuyWithPackage({.account = kAccount,
                                                             .pid = kWoTrusDvPid,
                                                             .packages = {years.Package(1000)},
                                                             .domain_count = "1",
                                                             .years = 1,
                                                             .old_certificate = id});
  INFO(bought.status());
  REQUIRE(bought.ok());
  const CertificateId next = bought->front().id;
  REQUIRE(years.Commit(next, SubmissionForm::kOlder).ok());
  years.Settle();
  REQUIRE(years.Find(next).status == S::kIssued);
  CHECK(years.Find(next).paid_until == *years.Find(id).not_after + 365 * kDay);
  const bool is_capped = years.engine.settings.validity_schedule.front().max_days == 370;
  CHECK(years.Term(next) == (is_capped ? 370 : 375) * kDay);
  CHECK(HasPaidTimeLeft(years.Find(next)) == is_capped);
}

TEST_CASE("a renewal goes on with the older request and its key, if that is asked", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  years.engine.clock.Set(*years.Find(id).not_after - 10 * kDay);
  const std::string csr_method = GENERATE("original", "online", "");
  const auto bought = years.engine.purchases.BuyWithPackage({.account = kAccount,
                                                             .pid = kWoTrusDvPid,
                                                             .packages = {years.Package(1000)},
                                                             .domain_count = "1",
                                                             .years = 1,
                                                             .old_certificate = id,
                                                             .csr_method = csr_method,
                                                             .key_algorithm = "RSA",
                                                             .key_parameter = "2048"});
  INFO(bought.status());
  REQUIRE(bought.ok());
  const CertificateId next = bought->front().id;
  REQUIRE(years.Commit(next, SubmissionForm::kOlder).ok());
  years.Settle();
  REQUIRE(years.Find(next).status == S::kIssued);
  CHECK(years.Find(next).has_private_key);  // of a request that is there, only by the older one's
  CHECK((years.Find(next).key_algorithm == years.Find(id).key_algorithm) ==
        (csr_method == "original"));
}

TEST_CASE("a renewal is not issued for the key of what was revoked meanwhile", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  years.engine.clock.Set(*years.Find(id).not_after - 10 * kDay);
  const std::string csr_method = GENERATE("original", "online");
  const CertificateId next = years.engine.purchases
                                 .BuyWithPackage({.account = kAccount,
                                                  .pid = kWoTrusDvPid,
                                                  .packages = {years.Package(1000)},
                                                  .domain_count = "1",
                                                  .years = 1,
                                                  .old_certificate = id,
                                                  .csr_method = csr_method})
                                 ->front()
                                 .id;
  const bool is_handed_in_before = GENERATE(true, false);
  if (is_handed_in_before) REQUIRE(years.Commit(next, SubmissionForm::kOlder).ok());
  Certificate revoked = years.Find(id);
  revoked.status = S::kRevoked;
  REQUIRE(
      years.engine.store
          ->Write([&](Transaction& transaction) { return transaction.UpdateCertificate(revoked); })
          .ok());
  const bool is_same_key = csr_method == "original";
  if (!is_handed_in_before) {
    CHECK(years.Commit(next, SubmissionForm::kOlder).ok() != is_same_key);
  }
  years.Settle();
  const S wanted = !is_same_key          ? S::kIssued
                   : is_handed_in_before ? S::kFailed
                                         : S::kPendingSubmission;
  CHECK(years.Find(next).status == wanted);
}

TEST_CASE("a free renewal holds for the rest and 90 days, within the schedule", "[years]") {
  Years years;
  const CertificateId id = years.engine.Issue("a.example.com");
  years.engine.settings.validity_schedule = {{.max_days = GENERATE(398, 95)}};
  years.engine.clock.Set(*years.Find(id).not_after + kSecond - 20 * kDay);
  FreeApplication renewal = years.engine.Application("a.example.com");
  renewal.old_certificate_id = id.value;
  const CertificateId next = *years.engine.orders.Apply(renewal);
  REQUIRE(years.engine.orders.Complete(kAccount, next).ok());
  const bool is_capped = years.engine.settings.validity_schedule.front().max_days == 95;
  CHECK(years.Term(next) == (is_capped ? 95 : 110) * kDay);
  CHECK_FALSE(years.Find(next).paid_until.has_value());
}

TEST_CASE("AutoRenewFlag buys a renewal 30 days before the end, vouchers first", "[years]") {
  Years years;
  Submission data = Paid::Data("example.com");
  data.is_auto_renewed = true;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1, data);
  years.Credit(CreditKind::kCash, 1'000'000);
  years.Credit(CreditKind::kVoucher, 1'000);
  const std::int64_t price = years.PriceOf(kTrustAsiaDv);
  years.engine.validator.answer = {.result = Probe::Result::kCnameAbsent};
  const absl::Time due = *years.Find(id).not_after - 30 * kDay;
  years.SettleAt(due - absl::Hours(1));
  CHECK(years.Next(id).value.empty());
  years.SettleAt(due);
  const Certificate next = years.Find(years.Next(id));
  CHECK(next.status == S::kReviewing);
  CHECK(next.status_message == "PENDING-DCV");
  CHECK(next.renews == id);
  CHECK(next.is_auto_renewed);
  CHECK(years.PurchaseOf(next.id).voucher == 1'000);
  CHECK(years.PurchaseOf(next.id).cash == price - 1'000);
  CHECK(years.Left().cash == 1'000'000 - price + 1'000);
  CHECK(years.CountLog("renewVIP") == 1);
}

TEST_CASE("an account that cannot pay is not renewed by itself any more, and told why", "[years]") {
  Years years;
  Submission data = Paid::Data("example.com");
  data.is_auto_renewed = true;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1, data);
  years.Credit(CreditKind::kCash, 1);
  years.SettleAt(*years.Find(id).not_after - 30 * kDay);
  CHECK(years.Next(id).value.empty());
  CHECK_FALSE(years.Find(id).is_auto_renewed);
  CHECK(years.Left().cash == 1);
  const OperateLogEntry last = years.engine.Log().back();
  CHECK(last.type == "autoRenew-0");
  CHECK(last.actor == "--");
  CHECK(absl::StrContains(last.remark, "balance"));
}

TEST_CASE("switched on between 30 and 14 days before the end it buys at once", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  years.Credit(CreditKind::kCash, 1'000'000);
  years.SettleAt(*years.Find(id).not_after - 20 * kDay);
  CHECK(years.Next(id).value.empty());
  REQUIRE(years.engine.certificates.SetAutoRenewed(kAccount, id, true).ok());
  const bool is_off_again = GENERATE(false, true);
  if (is_off_again) {
    REQUIRE(years.engine.certificates.SetAutoRenewed(kAccount, id, false).ok());
  }
  years.Settle();
  CHECK(years.Next(id).value.empty() == is_off_again);
}

TEST_CASE("auto renewal is switched on 14 days before the end at the latest", "[years]") {
  Years years;
  const CertificateId id = years.Issue(kTrustAsiaDv, 1);
  years.SettleAt(*years.Find(id).not_after - 13 * kDay);
  CHECK(Error(years.engine.certificates.SetAutoRenewed(kAccount, id, true)) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
}

}  // namespace certwright
