// What a downloaded package holds (DownloadCertificate, DescribeDownloadCertificateUrl).
#ifndef CERTWRIGHT_CORE_DOWNLOAD_H_
#define CERTWRIGHT_CORE_DOWNLOAD_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/certificate.h"

namespace certwright {

// The ZIP, with the layouts whose parts are known: without a private key there is no PFX and no
// JKS, without a CSR no .csr. Protected key stores use the caller's key password, else
// `fresh_password`, which then stands in keystorePass.txt beside them.
absl::StatusOr<std::string> MakeDownload(const Certificate& certificate,
                                         const CertificateBody& body, const KeyMaterial& key,
                                         absl::string_view fresh_password, absl::Time now);

// ServiceType of the API: whose layout a package has.
enum class ServerType { kNginx, kApache, kTomcat, kIis, kJks, kOther, kRoot };

// "nginx" and the like; nothing for any other text.
std::optional<ServerType> ServerTypeOf(absl::string_view text);
const char* ServerTypeText(ServerType type);

// Whether the parts of that layout are known: key stores need the key, CA certificates come as
// PEM alone, and WoTrus offers no JKS.
bool IsPackable(ServerType type, const Certificate& certificate);

// "example.com_nginx", "_.example.com_jks": the package's folder, and its file's name before
// ".zip".
std::string PackageName(ServerType type, const Certificate& certificate);

// The ZIP of one layout, in one folder. Passwords as in MakeDownload. REQUIRES: IsPackable.
absl::StatusOr<std::string> MakePackage(ServerType type, const Certificate& certificate,
                                        const CertificateBody& body, const KeyMaterial& key,
                                        absl::string_view fresh_password, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DOWNLOAD_H_
