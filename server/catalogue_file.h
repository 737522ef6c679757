// The catalogue of paid certificates as a file, which proto/config/catalogue.proto explains, and
// the one that is built in: data/catalogue.txtpb.
#ifndef CERTWRIGHT_SERVER_CATALOGUE_FILE_H_
#define CERTWRIGHT_SERVER_CATALOGUE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalogue.h"

namespace certwright {

// InvalidArgument lists every mistake: of the text with its line, or of what it says with entry,
// member, value and what is allowed.
absl::StatusOr<Catalogue> ParseCatalogue(absl::string_view text);

// The same of a file, which the message names; InvalidArgument too if it cannot be read.
absl::StatusOr<Catalogue> ReadCatalogueFile(const std::string& path);

// With its comments.
absl::string_view BuiltInCatalogueText();

// What every program does first.
absl::Status InstallBuiltInCatalogue();

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_CATALOGUE_FILE_H_
