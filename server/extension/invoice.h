// An order on one page, for a person.
#ifndef CERTWRIGHT_SERVER_EXTENSION_INVOICE_H_
#define CERTWRIGHT_SERVER_EXTENSION_INVOICE_H_

#include <string>

#include "core/billing/purchase.h"
#include "server/call.h"

namespace certwright {

// Plain text: what was ordered, its price, what paid for it, and what was paid back.
std::string InvoiceText(const Purchase& purchase, const Account& account, Language language);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_EXTENSION_INVOICE_H_
