// A certificate as the API shows it.
#ifndef CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_
#define CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_

#include <optional>
#include <string>

#include "core/certificate.h"
#include "server/call.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {

namespace api = ssl::v20191205;

// "Issued" or its Chinese counterpart.
std::string StatusName(CertificateStatus status, Language language);

// "TrustAsia C1 DV Free"; "" for uploads.
std::string ProductName(const Certificate& certificate);

// One row of DescribeCertificates.
void ShowInList(const Certificate& certificate, const Call& call, api::Certificates& row);

// DescribeCertificate: without PEM. `revocation` is the one under way, if any.
void Show(const Certificate& certificate, const std::optional<Revocation>& revocation,
          const Call& call, api::DescribeCertificateResponse& response);

// DescribeCertificateDetail's members that come from the row alone.
void ShowDetail(const Certificate& certificate, const std::optional<Revocation>& revocation,
                const Call& call, api::DescribeCertificateDetailResponse& response);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_
