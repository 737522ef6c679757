// What a downloaded package holds (DownloadCertificate).
#ifndef CERTWRIGHT_CORE_DOWNLOAD_H_
#define CERTWRIGHT_CORE_DOWNLOAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/certificate.h"

namespace certwright {

// The ZIP, with the layouts whose parts are known: without a private key there is no PFX and no
// JKS, without a CSR no .csr. Protected key stores use the caller's key password, else
// `fresh_password`, which then stands in keystorePass.txt beside them.
absl::StatusOr<std::string> MakeDownload(const Certificate& certificate,
                                         const CertificateBody& body, const KeyMaterial& key,
                                         absl::string_view fresh_password, absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_DOWNLOAD_H_
