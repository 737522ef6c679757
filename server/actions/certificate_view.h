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

// What hangs on a certificate and is shown with it, each only while it matters.
struct Beside {
  std::optional<Submission> submission = {};  // of a paid order that is not issued
  std::optional<Revocation> revocation = {};  // one under way
};

// A paid order's submission, without its passwords.
void ShowPaid(const Submission& submission, api::SubmittedData& data);

// DescribeCertificate: without PEM.
void Show(const Certificate& certificate, const Beside& beside, const Call& call,
          api::DescribeCertificateResponse& response);

// DescribeCertificateDetail's members that come from the row and what hangs on it.
void ShowDetail(const Certificate& certificate, const Beside& beside, const Call& call,
                api::DescribeCertificateDetailResponse& response);

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTIONS_CERTIFICATE_VIEW_H_
