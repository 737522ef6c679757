#include "server/extension/invoice.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/billing/grant.h"
#include "core/products.h"
#include "server/actions/parameters.h"

namespace certwright {
namespace {

class Page {
 public:
  explicit Page(Language language) : is_chinese_(language == Language::kChinese) {}

  void Line(absl::string_view chinese, absl::string_view english, absl::string_view value) {
    absl::StrAppend(&text_, is_chinese_ ? chinese : english, is_chinese_ ? "：" : ": ", value,
                    "\n");
  }
  void Break() { text_ += "\n"; }
  std::string Take() { return std::move(text_); }

 private:
  const bool is_chinese_;
  std::string text_;
};

// Minor units of these are whole ones (ISO 4217).
bool HasCents(const std::string& currency) {
  return currency != "JPY" && currency != "KRW" && currency != "VND";
}

std::string Money(std::int64_t minor, const std::string& currency) {
  if (!HasCents(currency)) return absl::StrCat(minor, " ", currency);
  constexpr std::int64_t kMinorUnits = 100;
  return absl::StrFormat("%s%d.%02d %s", minor < 0 ? "-" : "", std::abs(minor / kMinorUnits),
                         std::abs(minor % kMinorUnits), currency);
}

void ShowPayment(const Purchase& purchase, Page& page) {
  const auto money = [&](std::int64_t minor) { return Money(minor, purchase.currency); };
  if (purchase.points > 0) {
    page.Line("权益点", "Benefit points", absl::StrCat(purchase.points));
    page.Line("权益包", "First from package", PackageIdOf(purchase.package));
    return;
  }
  page.Line("价格", "Price", money(purchase.price));
  page.Line("折扣", "Discount", money(-purchase.discount));
  page.Line("代金券", "Voucher", money(-purchase.voucher));
  page.Line("赠送卡", "Gift card", money(purchase.gift_card));
  page.Line("现金", "Cash", money(purchase.cash));
}

void ShowRefund(const Purchase& purchase, Page& page) {
  if (!purchase.refunded) return;
  const auto money = [&](std::int64_t minor) { return Money(minor, purchase.currency); };
  page.Break();
  page.Line("退款时间", "Refunded", TimeText(*purchase.refunded) + " GMT+8");
  if (purchase.points > 0) {
    page.Line("退还权益点", "Points given back", absl::StrCat(purchase.points));
    return;
  }
  page.Line("退还现金", "Cash paid back", money(purchase.cash));
  page.Line("退还赠送卡", "Gift card paid back", money(purchase.gift_card));
}

}  // namespace

std::string InvoiceText(const Purchase& purchase, const Account& account, Language language) {
  Page page(language);
  const Product* const product = FindProduct(purchase.product);
  page.Line("订单", "Order", purchase.deal_id);
  page.Line("日期", "Date", TimeText(purchase.created) + " GMT+8");
  page.Line("账号", "Account",
            account.name.empty() ? absl::StrCat(account.id.value)
                                 : absl::StrCat(account.name, " (", account.id.value, ")"));
  page.Line("证书", "Certificate", purchase.certificate.value);
  page.Line("产品", "Product",
            absl::StrCat(product == nullptr ? "" : ProductTitle(*product) + " ", "(",
                         purchase.product, ")"));
  page.Line("域名数", "Domains", absl::StrCat(purchase.domains));
  page.Line("年限", "Years", absl::StrCat(purchase.years));
  page.Break();
  ShowPayment(purchase, page);
  ShowRefund(purchase, page);
  return page.Take();
}

}  // namespace certwright
