// What a submission must be for the order that it is handed in for, and what it makes of the order.
#ifndef CERTWRIGHT_CORE_SUBMISSION_RULES_H_
#define CERTWRIGHT_CORE_SUBMISSION_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/certificate.h"
#include "core/paid_order_service.h"
#include "core/public_suffix.h"
#include "core/store.h"
#include "core/submission.h"

namespace certwright {

// Checks names, key or CSR, applicant and contacts (not the organisation); writes names in lower
// case. Refuses with the codes of the form.
absl::Status CheckSubmission(const Certificate& order, SubmissionForm form,
                             const PublicSuffixList& suffixes, Submission& submission);

// Every SAN, the main domain first: what was submitted and what the brand adds.
std::vector<std::string> NamesOf(const Certificate& order, const Submission& submission,
                                 const PublicSuffixList& suffixes);

// Wildcards are not proved by a file, and automatic records need the zones of all names here.
absl::Status CheckMethod(Snapshot& snapshot, const Certificate& order, ValidationMethod method);

// One request serves one order: refuses one that another order of the account took and has not
// failed, been cancelled or refunded.
absl::Status CheckCsrIsFree(Snapshot& snapshot, AccountId account, const CertificateId& order,
                            absl::string_view csr_der, absl::string_view field);

// The key that the order will be issued for.
absl::Status ApplySubmission(Certificate& order, const Submission& submission);
// With the applicant's CSR, if there is one.
absl::StatusOr<CertificateBody> BodyOf(const Submission& submission);

// A company that is named takes the place of what was said of the organisation. Refuses one that
// the account does not have.
absl::Status TakeCompany(Snapshot& snapshot, AccountId account, Submission& submission);

// Whom to write to about the order; "" if nobody was named.
std::string ContactMail(const Submission& submission);
// Refuses a person's order without a mail address, which the other form takes.
absl::Status CheckContactMail(const Certificate& order, const Submission& submission);

// The manager that the submission names, 0 for none. Refuses one that the account does not have.
absl::StatusOr<std::int64_t> ManagerOf(Snapshot& snapshot, AccountId account,
                                       const Submission& submission);
// An OV or EV submission names its organisation, or an approved manager of the account (the order's
// manager_id, which is set already), and of the
// company if it names one. Refuses FailedOperation.InvalidParam.
absl::Status CheckOrganization(Snapshot& snapshot, const Certificate& order, SubmissionForm form,
                               const Submission& submission, absl::Time now);
// Whether the order's manager is approved for its level.
absl::StatusOr<bool> HasApprovedManager(Snapshot& snapshot, const Certificate& order,
                                        absl::Time now);

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SUBMISSION_RULES_H_
