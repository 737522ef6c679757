// A certificate as the API shows it.
#ifndef CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_
#define CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_

#include <optional>
#include <string>

#include "core/certificate.h"
#include "core/submission.h"
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

// DescribeCertificate: without PEM. `submission` is a paid order's; none for others.
void Show(const Certificate& certificate, const std::optional<Submission>& submission,
          const Call& call, api::DescribeCertificateResponse& response);

// DescribeCertificateDetail's members that come from the row and the submission alone.
void ShowDetail(const Certificate& certificate, const std::optional<Submission>& submission,
                const Call& call, api::DescribeCertificateDetailResponse& response);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_
