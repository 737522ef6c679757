// CreditAccount, DescribeAccountBalance, GrantPackage, RefundPackage, DescribeStatement
#include "absl/strings/str_cat.h"
#include "core/billing/wallet_service.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/billing.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

absl::StatusOr<CreditKind> ParseCreditKind(const std::string& text) {
  if (text == "cash") return CreditKind::kCash;
  if (text == "gift_card") return CreditKind::kGiftCard;
  if (text == "voucher") return CreditKind::kVoucher;
  if (text == "discount") return CreditKind::kDiscount;
  return WrongParameter("Kind", text, "cash, gift_card, voucher, discount");
}

absl::StatusOr<std::optional<absl::Time>> ParseEnd(const std::string& text,
                                                   absl::string_view field) {
  if (text.empty()) return std::optional<absl::Time>();
  if (const std::optional<absl::Time> time = ParseTime(text)) return time;
  absl::Time time;
  std::string error;
  const bool has_year = text.size() > 4 && text[4] == '-';
  if (has_year && absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return std::optional(absl::FromUnixSeconds(absl::ToUnixSeconds(time)));
  }
  return WrongParameter(field, text,
                        "a time like `2026-01-31 23:59:59` (GMT+8) or `2026-01-31T23:59:59+08:00`");
}

absl::StatusOr<ext::CreditAccountResponse> CreditAccount(Services& services, const Call& call,
                                                         const ext::CreditAccountRequest& request) {
  Credit credit = {
      .amount = request.amount(), .reference = request.reference(), .actor = call.AsCaller().Uin()};
  ASSIGN_OR_RETURN(credit.token, TokenOf(call, request));
  ASSIGN_OR_RETURN(credit.account, AccountOf(call, request.uin()));
  ASSIGN_OR_RETURN(credit.kind, ParseCreditKind(request.kind()));
  ASSIGN_OR_RETURN(credit.expires, ParseEnd(request.expire_time(), "ExpireTime"));
  ASSIGN_OR_RETURN(const std::int64_t entry, services.wallets.AddCredit(credit));
  ext::CreditAccountResponse response;
  response.set_ledger_entry_id(absl::StrCat(entry));
  return response;
}

absl::StatusOr<ext::DescribeAccountBalanceResponse> DescribeAccountBalance(
    Services& services, const Call& call, const ext::DescribeAccountBalanceRequest& request) {
  ASSIGN_OR_RETURN(const AccountId account, ReadableAccountOf(services, call, request.uin()));
  ASSIGN_OR_RETURN(const Balance balance, services.wallets.BalanceOf(account));
  ext::DescribeAccountBalanceResponse response;
  response.set_currency(balance.currency);
  response.set_cash(balance.cash);
  response.set_gift_card(balance.gift_card);
  response.set_voucher(balance.voucher);
  response.set_points(balance.points);
  response.set_discount(balance.discount_percent);
  return response;
}

absl::StatusOr<ext::GrantPackageResponse> GrantPackage(Services& services, const Call& call,
                                                       const ext::GrantPackageRequest& request) {
  PackageGrant grant = {
      .type = request.type(), .reference = request.reference(), .actor = call.AsCaller().Uin()};
  ASSIGN_OR_RETURN(grant.token, TokenOf(call, request));
  if (request.has_points()) grant.points = request.points();
  ASSIGN_OR_RETURN(grant.account, AccountOf(call, request.uin()));
  ASSIGN_OR_RETURN(grant.expires, ParseEnd(request.expire_time(), "ExpireTime"));
  ext::GrantPackageResponse response;
  ASSIGN_OR_RETURN(*response.mutable_package_id(), services.wallets.GrantPackage(grant));
  return response;
}

absl::StatusOr<ext::RefundPackageResponse> RefundPackage(Services& services, const Call& call,
                                                         const ext::RefundPackageRequest& request) {
  ASSIGN_OR_RETURN(const AccountId account, AccountOf(call, request.uin()));
  RETURN_IF_ERROR(
      services.wallets.RefundPackage(account, request.package_id(), call.AsCaller().Uin()));
  ext::RefundPackageResponse response;
  response.set_package_id(request.package_id());
  return response;
}

void ShowEntry(const LedgerEntry& entry, ext::LedgerEntry& shown) {
  shown.set_ledger_entry_id(absl::StrCat(entry.sequence));
  shown.set_kind(EntryKindText(entry.kind));
  shown.set_time(TimeText(entry.time));
  if (!entry.certificate.value.empty()) shown.set_certificate_id(entry.certificate.value);
  if (!entry.deal_id.empty()) shown.set_deal_id(entry.deal_id);
  shown.set_operator_uin(entry.actor);
  shown.set_reference(entry.reference);
  for (const Posting& posting : entry.postings) {
    ext::LedgerPosting& line = *shown.add_postings();
    line.set_book(BookText(posting.book));
    line.set_grant_id(posting.grant);
    line.set_amount(posting.amount);
    line.set_balance(posting.balance);
  }
}

absl::StatusOr<ext::DescribeStatementResponse> DescribeStatement(
    Services& services, const Call& call, const ext::DescribeStatementRequest& request) {
  ASSIGN_OR_RETURN(const AccountId account, ReadableAccountOf(services, call, request.uin()));
  ASSIGN_OR_RETURN(const std::optional<absl::Time> from,
                   ParseEnd(request.start_time(), "StartTime"));
  ASSIGN_OR_RETURN(const std::optional<absl::Time> until, ParseEnd(request.end_time(), "EndTime"));
  const Window window = WindowOf(request);
  const LedgerQuery query = {
      .from = from.value_or(absl::InfinitePast()),
      // The whole second.
      .until = until ? *until + absl::Seconds(1) - absl::Microseconds(1) : absl::InfiniteFuture(),
      .offset = window.offset,
      .limit = window.limit};
  if (query.from > query.until) {
    return WrongParameter("EndTime", request.end_time(), "a time after StartTime");
  }
  ext::DescribeStatementResponse response;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const LedgerPage page, snapshot.ListLedger(account, query));
    response.set_total_count(static_cast<std::uint64_t>(page.total));
    ASSIGN_OR_RETURN(*response.mutable_currency(), CurrencyOf(snapshot, account));
    for (const LedgerEntry& entry : page.entries) ShowEntry(entry, *response.add_entries());
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace

void BindBilling(ActionTable& table) {
  table.Bind("CreditAccount", CreditAccount);
  table.Bind("DescribeAccountBalance", DescribeAccountBalance);
  table.Bind("GrantPackage", GrantPackage);
  table.Bind("RefundPackage", RefundPackage);
  table.Bind("DescribeStatement", DescribeStatement);
}

}  // namespace certwright
