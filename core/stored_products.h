// Whether a catalogue fits to what is stored.
#ifndef CERTWRIGHT_CORE_STORED_PRODUCTS_H_
#define CERTWRIGHT_CORE_STORED_PRODUCTS_H_

#include "absl/status/status.h"
#include "core/catalogue.h"
#include "core/store.h"

namespace certwright {

// At start: InvalidArgument names the products that stored certificates have and the catalogue does
// not list. Rows are read only when the numbers that it lists are others than those that were last
// found good; the store remembers them.
absl::Status RequireStoredProducts(Store& store, const Catalogue& catalogue);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_STORED_PRODUCTS_H_
