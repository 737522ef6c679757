// What the model expects of time: deadlines, ends, and the renewals that nobody asks for.
#include "tests/core/billing_model/model.h"

namespace certwright {

void BillingModel::PassTime() {
  const int kind = Pick(10);
  const absl::Duration passed = kind < 3   ? absl::Minutes(1 + Pick(60))
                                : kind < 7 ? absl::Hours(1 + Pick(30))
                                           : absl::Hours(24 + Pick(24 * 8));
  funds_.engine.clock.Advance(passed);
  funds_.engine.validator.asked.clear();
  SeeRecords(Chance(30));
  funds_.engine.RunDueJobs();
  SeeRecords(false);
  CheckNothingIsDue();
}

bool BillingModel::IsOver(const ModelOrder& order) const {
  if (order.status == S::kIssued) return Now() > *order.not_after;
  const bool is_proved = order.status == S::kReviewing && order.is_proved;
  return order.IsUnderWay() && !is_proved && Now() >= *order.deadline;
}

// Each job tells in its turn: what ends may be renewed by what ends too.
absl::Status BillingModel::OnValidation(const Job& job) {
  ModelOrder* const order = orders_.Find(job.certificate);
  REQUIRE(order != nullptr);
  REQUIRE(funds_.engine.orders.RunValidation(job).ok());
  if (IsOver(*order)) {
    Close(*order, S::kFailed);
    ++tally_["time out"].done;
  } else if (order->status == S::kReviewing) {
    order->is_proved = order->is_proved || are_records_there_;
    IssueIfDone(*order);
  }
  CheckOrder(*order);
  return absl::OkStatus();
}

absl::Status BillingModel::OnExpiry(const Job& job) {
  ModelOrder* const order = orders_.Find(job.certificate);
  REQUIRE(order != nullptr);
  REQUIRE(funds_.engine.orders.RunExpiry(job).ok());
  if (IsOver(*order)) {
    orders_.Move(*order, S::kExpired);
    ++tally_["end"].done;
  }
  CheckOrder(*order);
  return absl::OkStatus();
}

void BillingModel::CheckNothingIsDue() {
  for (const S status : {S::kReviewing, S::kPendingConfirmationLetter, S::kIssued}) {
    for (const ModelOrder* const order : orders_.In(status)) {
      if (!IsOver(*order) && (!order->renewal_due || *order->renewal_due > Now())) continue;
      FAIL(order->id.value << " was due, and no job came");
    }
  }
}

absl::Status BillingModel::OnRenewal(const Job& job) {
  ModelOrder* const found = orders_.Find(job.certificate);
  REQUIRE(found != nullptr);
  ModelOrder& older = *found;
  const absl::Time now = Now();
  INFO(older.id.value);
  REQUIRE(older.renewal_due.value_or(absl::InfiniteFuture()) <= now);
  older.renewal_due.reset();
  const bool is_followed = older.renewed_by != nullptr;
  const bool has_time_left = older.HasPaidTimeLeft();
  const bool is_next = !is_followed && has_time_left && *older.paid_until > now;
  const bool is_bought =
      !is_followed && !has_time_left && older.is_auto_renewed && *older.not_after > now;
  ModelBooks& books = BooksOf(older.account);
  const std::int64_t price = *certwright::PriceOf(*FindProduct(older.product), 1, older.years);
  const std::optional<ModelPayment> plan = is_bought ? books.Plan(price, true, now) : std::nullopt;
  REQUIRE(funds_.engine.renewals.RunRenewal(job).ok());
  if (is_next) ExpectNext(older);
  if (is_bought) ExpectBought(older, plan);
  CheckEntries(older.account);
  return absl::OkStatus();
}

// The row that the job opened, handed in with the older one's data.
ModelOrder& BillingModel::AddRenewal(ModelOrder& older) {
  const CertificateId id = funds_.engine.Find(older.id, older.account).renewed_by;
  REQUIRE_FALSE(id.value.empty());
  ModelOrder& next = orders_.Add({.account = older.account,
                                  .id = id,
                                  .product = older.product,
                                  .years = older.years,
                                  .is_ov = older.is_ov,
                                  .status = S::kReviewing,
                                  .is_auto_renewed = older.is_auto_renewed,
                                  .older = &older});
  next.WaitForProof(Now());
  older.renewed_by = &next;
  return next;
}

// Nobody pays for it.
void BillingModel::ExpectNext(ModelOrder& older) {
  ModelOrder& next = AddRenewal(older);
  next.paid_until = older.paid_until;
  next.year = next.YearAt(*older.not_after + absl::Seconds(1));
  ++tally_["follow"].done;
  CheckOrder(next);
}

void BillingModel::ExpectBought(ModelOrder& older, const std::optional<ModelPayment>& plan) {
  if (!plan) {
    ++tally_["renew by itself"].refused;
    older.is_auto_renewed = false;
    REQUIRE_FALSE(funds_.engine.Find(older.id, older.account).is_auto_renewed);
    return;
  }
  ++tally_["renew by itself"].done;
  BooksOf(older.account).Pay(*plan);
  ModelOrder& next = AddRenewal(older);
  next.is_bought = true;
  next.paid = *plan;
  CheckOrder(next);
}

}  // namespace certwright
