// Lists in a TEXT column: JSON arrays of arrays of strings, as we write them ourselves.
#ifndef CERTWRIGHT_STORAGE_RECORDS_H_
#define CERTWRIGHT_STORAGE_RECORDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace certwright {

using Records = std::vector<std::vector<std::string>>;

std::string WriteRecords(const Records& records);

// DataLoss for anything that WriteRecords did not write.
absl::StatusOr<Records> ReadRecords(absl::string_view text);

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_RECORDS_H_
