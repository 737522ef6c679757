// What a domain's owner publishes to show control of it.
#ifndef CERTWRIGHT_CORE_VALIDATION_RECORDS_H_
#define CERTWRIGHT_CORE_VALIDATION_RECORDS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/certificate.h"
#include "core/public_suffix.h"
#include "core/random.h"
#include "core/settings.h"

namespace certwright {

// Fresh records that prove all names of an order: of the kind that its brand asks for. Over DNS, a
// name below another one is proved with it, and a wildcard at its parent; over HTTP, each host
// shows the file. The values are random and new for each order, so that a proof is of this account,
// name and method alone. REQUIRES: no wildcards with kFile.
std::vector<DomainAuthorization> MakeAuthorizations(const Certificate& order,
                                                    ValidationMethod method,
                                                    const PublicSuffixList& suffixes,
                                                    const Settings& settings, absl::Time now,
                                                    Random& random);

// Fresh records of `file` for each of `names`, all with one value.
std::vector<DomainAuthorization> MakeFileAuthorizations(const std::vector<std::string>& names,
                                                        const std::string& file, Random& random);

// How names that `method` proved are proved again: automatic records become the owner's own unless
// `are_hosted` says that the zones of all names are here.
ValidationMethod MethodToProveAgain(ValidationMethod method, bool are_hosted);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_VALIDATION_RECORDS_H_
