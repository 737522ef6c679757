// Every change of a paid order's status that the documents allow, and a watch over the table that
// sees each change whoever makes it: nothing of core/certificate_life.cc is asked.
#ifndef CERTWRIGHT_TESTS_CORE_BILLING_MODEL_LAWFUL_H_
#define CERTWRIGHT_TESTS_CORE_BILLING_MODEL_LAWFUL_H_

#include "tests/support/seen_store.h"

namespace certwright {

// From now on.
void WatchStatuses(SeenStore& store);
// Fails for what is not in the table.
void CheckStatuses(SeenStore& store);
// And for what is in it and was hardly seen.
void CheckAllStatusesSeen(SeenStore& store);

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_CORE_BILLING_MODEL_LAWFUL_H_
