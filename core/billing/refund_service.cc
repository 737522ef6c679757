#include "core/billing/refund_service.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/log_entries.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

RefundBar BarOf(const Certificate& order, const std::optional<Purchase>& purchase) {
  if (OriginOf(order) != Origin::kPaid) return RefundBar::kNotPaid;
  if (purchase && purchase->refund_entry) return RefundBar::kRefunded;
  if (order.issued || order.not_after) return RefundBar::kIssued;
  if (!Next(order, Event::kRefunded)) return RefundBar::kStatus;
  return purchase ? RefundBar::kNone : RefundBar::kNothingPaid;
}

std::string Words(RefundBar bar, const Certificate& order) {
  switch (bar) {
    case RefundBar::kNone:
      return "";
    case RefundBar::kNotPaid:
      return "only paid orders are refunded";
    case RefundBar::kNothingPaid:
      return "nothing was paid for it";
    case RefundBar::kIssued:
      return "it was issued";
    case RefundBar::kRefunded:
      return "it was refunded before";
    case RefundBar::kStatus:
      break;
  }
  return absl::StrCat(
      "it has status ", StatusNumber(order),
      "; an order is refunded after it failed (2) or was cancelled (7): cancel it first, by "
      "CancelCertificateOrder or CancelAuditCertificate");
}

void ShowPayment(const Purchase& purchase, RefundQuote& quote) {
  quote.cash = purchase.cash;
  quote.gift_card = purchase.gift_card;
  quote.points = purchase.points;
  quote.package = purchase.package;
}

// An order, its purchase, and what the two come to.
struct Case {
  std::optional<Certificate> order = {};  // nothing if its row was deleted
  std::optional<Purchase> purchase = {};
  RefundQuote quote = {};
};

absl::StatusOr<Case> FindCase(Snapshot& snapshot, AccountId account, const CertificateId& id,
                              bool sees_deleted) {
  Case found;
  ASSIGN_OR_RETURN(found.purchase, snapshot.FindPurchase(account, id));
  ASSIGN_OR_RETURN(found.order, snapshot.FindCertificate(account, id));
  if (found.order) {
    found.quote.bar = BarOf(*found.order, found.purchase);
    found.quote.reason = Words(found.quote.bar, *found.order);
  } else if (sees_deleted && found.purchase && found.purchase->is_refund_due) {
    const bool is_refunded = found.purchase->refund_entry.has_value();
    found.quote.bar = is_refunded ? RefundBar::kRefunded : RefundBar::kNone;
    found.quote.reason = Words(found.quote.bar, {});
  } else {
    return RequireCertificate(snapshot, account, id).status();
  }
  if (found.quote.bar == RefundBar::kNone) ShowPayment(*found.purchase, found.quote);
  return found;
}

// What the purchase took, given back; the vouchers' part stays with the sales.
std::vector<Posting> Reversed(const std::vector<Posting>& paid) {
  std::vector<Posting> postings;
  std::int64_t money = 0;
  std::int64_t points = 0;
  for (const Posting& posting : paid) {
    if (!IsHeld(posting.book) || posting.book == Book::kVoucher) continue;
    (IsOfPoints(posting.book) ? points : money) += posting.amount;
    postings.push_back({.book = posting.book, .grant = posting.grant, .amount = -posting.amount});
  }
  if (money != 0) postings.push_back({.book = Book::kSales, .amount = money});
  if (points != 0) postings.push_back({.book = Book::kPointsSpent, .amount = points});
  return postings;
}

absl::Status PayBack(Transaction& transaction, Purchase& purchase, absl::string_view actor,
                     absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<LedgerEntry> paid,
                   transaction.FindLedgerEntry(purchase.account, purchase.entry));
  if (!paid) return absl::InternalError(absl::StrCat("no entry of order ", purchase.deal_id));
  LedgerEntry entry = {.account = purchase.account,
                       .kind = EntryKind::kRefund,
                       .currency = purchase.currency,
                       .certificate = purchase.certificate,
                       .deal_id = purchase.deal_id,
                       .actor = std::string(actor),
                       .time = now,
                       .postings = Reversed(paid->postings)};
  RETURN_IF_ERROR(transaction.AppendLedger(entry));
  purchase.refund_entry = entry.sequence;
  purchase.refunded = now;
  return transaction.MarkPurchaseRefunded(purchase);
}

}  // namespace

absl::Status KeepRefund(Transaction& transaction, const Certificate& order) {
  if (OriginOf(order) != Origin::kPaid) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Purchase> purchase,
                   transaction.FindPurchase(order.account, order.id));
  const bool is_due = BarOf(order, purchase) == RefundBar::kNone;
  return is_due ? transaction.MarkRefundDue(*purchase) : absl::OkStatus();
}

absl::StatusOr<RefundQuote> RefundService::Quote(AccountId account, const CertificateId& id,
                                                 bool sees_deleted) {
  Case found;
  RETURN_IF_ERROR(store_.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(found, FindCase(snapshot, account, id, sees_deleted));
    return absl::OkStatus();
  }));
  return found.quote;
}

absl::StatusOr<RefundQuote> RefundService::Refund(AccountId account, const CertificateId& id,
                                                  bool agrees, absl::string_view actor,
                                                  bool sees_deleted) {
  if (!agrees) {
    return Refuse(ApiError::kInvalidParameterValue,
                  "A refund is final: AgreePolicy must be true, for the refund policy.",
                  "AgreePolicy");
  }
  Case found;
  RETURN_IF_ERROR(store_.Write([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(found, FindCase(transaction, account, id, sees_deleted));
    const RefundQuote& quote = found.quote;
    if (quote.bar != RefundBar::kNone) {
      return Refuse(
          ApiError::kFailedOperationInvalidCertificateStatusCode,
          absl::StrCat("The certificate `", id.value, "` is not refunded: ", quote.reason, "."),
          "CertificateId");
    }
    const absl::Time now = clock_.Now();
    RETURN_IF_ERROR(PayBack(transaction, *found.purchase, actor, now));
    if (found.order) {
      found.order->status = *Next(*found.order, Event::kRefunded);
      found.order->status_message.clear();
      RETURN_IF_ERROR(transaction.UpdateCertificate(*found.order));
    }
    return transaction.AppendOperateLog(
        ByReviewer("refund", account, id, now, actor,
                   absl::StrCat("cash ", quote.cash, ", gift card ", quote.gift_card, ", points ",
                                quote.points)));
  }));
  return found.quote;
}

}  // namespace certwright
