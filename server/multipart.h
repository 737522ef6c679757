// Bodies of multipart/form-data (RFC 7578), taken apart.
#ifndef CERTWRIGHT_SERVER_MULTIPART_H_
#define CERTWRIGHT_SERVER_MULTIPART_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace certwright {

// Everything points into the body.
struct Part {
  absl::string_view name = {};
  bool is_file = false;  // has a file name, which is not kept: nothing may come of it
  bool is_json = false;  // its Content-Type is application/json
  absl::string_view bytes = {};
};

inline constexpr std::size_t kMaxParts = 200;

// An empty body has no parts. Strict, so that nobody reads another request out of the same bytes:
// lines end in CRLF, nothing stands before the first boundary or behind the last. Refuses
// InvalidRequest, which says what is wrong: no or an impossible boundary, no end, a part without a
// name, parts in parts, encoded parts, more than kMaxParts of them.
absl::StatusOr<std::vector<Part>> ParseMultipart(absl::string_view content_type,
                                                 absl::string_view body);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_MULTIPART_H_
