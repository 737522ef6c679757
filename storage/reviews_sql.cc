#include <utility>

#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/status_macros.h"
#include "storage/records.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kListProductNumbers[] =
    "SELECT DISTINCT package_type FROM certificate WHERE package_type IS NOT NULL AND is_upload = "
    "0";
constexpr char kFindOwner[] = "SELECT account FROM certificate WHERE id = $1";
constexpr char kFindSubmission[] =
    "SELECT data FROM submission WHERE account = $1 AND certificate_id = $2";
constexpr char kPutSubmission[] =
    "INSERT INTO submission (account, certificate_id, data) VALUES ($1, $2, $3) "
    "ON CONFLICT (account, certificate_id) DO UPDATE SET data = excluded.data";
constexpr char kDeleteSubmission[] =
    "DELETE FROM submission WHERE account = $1 AND certificate_id = $2";
constexpr char kFindReview[] =
    "SELECT account, certificate_id, stage, submitted, entered, automatic, last_remind, has_letter "
    "FROM review WHERE account = $1 AND certificate_id = $2";
constexpr char kListReviews[] =
    "SELECT account, certificate_id, stage, submitted, entered, automatic, last_remind, has_letter "
    "FROM review ORDER BY submitted, account, certificate_id LIMIT $1 OFFSET $2";
constexpr char kCountReviews[] = "SELECT COUNT(*) FROM review";
constexpr char kPutReview[] =
    "INSERT INTO review (account, certificate_id, stage, submitted, entered, automatic, "
    "last_remind, has_letter) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (account, certificate_id) DO UPDATE SET stage = excluded.stage, "
    "submitted = excluded.submitted, entered = excluded.entered, automatic = excluded.automatic, "
    "last_remind = excluded.last_remind, has_letter = excluded.has_letter";
constexpr char kFindOrderOfCsr[] =
    "SELECT certificate_id FROM order_csr WHERE account = $1 AND digest = $2";
constexpr char kPutOrderOfCsr[] =
    "INSERT INTO order_csr (account, digest, certificate_id) VALUES ($1, $2, $3) "
    "ON CONFLICT (account, digest) DO UPDATE SET certificate_id = excluded.certificate_id";
constexpr char kDeleteOrderOfCsr[] =
    "DELETE FROM order_csr WHERE account = $1 AND certificate_id = $2";
constexpr char kDeleteReview[] = "DELETE FROM review WHERE account = $1 AND certificate_id = $2";
constexpr char kPutLetter[] =
    "INSERT INTO letter (account, certificate_id, kind, bytes) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account, certificate_id, kind) DO UPDATE SET bytes = excluded.bytes";
constexpr char kFindLetter[] =
    "SELECT bytes FROM letter WHERE account = $1 AND certificate_id = $2 AND kind = $3";
constexpr char kDeleteLetters[] = "DELETE FROM letter WHERE account = $1 AND certificate_id = $2";

constexpr char kNames[] = "names";
constexpr char kMethod[] = "method";
constexpr char kIsAutoRenewed[] = "is_auto_renewed";

std::string SubmissionPlace(AccountId account, const CertificateId& id) {
  return absl::StrCat("submission/", account.value, "/", id.value, "/data");
}

std::string LetterPlace(AccountId account, const CertificateId& id, absl::string_view kind) {
  return absl::StrCat("letter/", account.value, "/", id.value, "/", kind);
}

// Each member by its name, so that members may come and go.
std::string WriteSubmission(const Submission& submission) {
  Records records;
  for (const auto& [name, member] : kSubmissionTexts) {
    const std::string& text = submission.*member;
    if (!text.empty()) records.push_back({name, text});
  }
  for (const std::string& name : submission.names) records.push_back({kNames, name});
  if (submission.method) {
    records.push_back({kMethod, absl::StrCat(static_cast<int>(*submission.method))});
  }
  if (submission.is_auto_renewed) records.push_back({kIsAutoRenewed, "1"});
  return WriteRecords(records);
}

absl::StatusOr<Submission> ReadSubmission(const std::string& text) {
  ASSIGN_OR_RETURN(const Records records, ReadRecords(text));
  Submission submission;
  for (const auto& record : records) {
    if (record.size() != 2) return absl::DataLossError("a stored submission has another shape");
    const std::string& value = record[1];
    if (record[0] == kNames) submission.names.push_back(value);
    if (record[0] == kMethod) submission.method = static_cast<ValidationMethod>(value[0] - '0');
    if (record[0] == kIsAutoRenewed) submission.is_auto_renewed = true;
    for (const auto& [name, member] : kSubmissionTexts) {
      if (record[0] == name) submission.*member = value;
    }
  }
  return submission;
}

Review ReadReview(const Row& row) {
  return {.account = {row.Integer(0)},
          .certificate = {row.Bytes(1)},
          .stage = static_cast<ReviewStage>(row.Integer(2)),
          .submitted = row.Time(3),
          .entered = row.Time(4),
          .automatic = row.OptionalTime(5),
          .last_remind = row.OptionalTime(6),
          .has_letter = row.Bool(7)};
}

Values Key(AccountId account, const CertificateId& id) {
  return {Value::Integer(account.value), Value::Text(id.value)};
}

}  // namespace

absl::StatusOr<std::vector<int>> SqlTransaction::ListProductNumbers() {
  std::vector<int> numbers;
  RETURN_IF_ERROR(connection_.Run(kListProductNumbers, {}, [&](const Row& row) {
    numbers.push_back(static_cast<int>(row.Integer(0)));
    return absl::OkStatus();
  }));
  return numbers;
}

absl::StatusOr<std::optional<AccountId>> SqlTransaction::FindOwner(const CertificateId& id) {
  std::optional<AccountId> owner;
  RETURN_IF_ERROR(connection_.Run(kFindOwner, {Value::Text(id.value)}, [&](const Row& row) {
    owner = AccountId{row.Integer(0)};
    return absl::OkStatus();
  }));
  return owner;
}

absl::StatusOr<std::optional<Submission>> SqlTransaction::FindSubmission(AccountId account,
                                                                         const CertificateId& id) {
  std::optional<Submission> found;
  RETURN_IF_ERROR(
      connection_.Run(kFindSubmission, Key(account, id), [&](const Row& row) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string text,
                         sealer_.Open(SubmissionPlace(account, id), row.Bytes(0)));
        ASSIGN_OR_RETURN(found, ReadSubmission(text));
        return absl::OkStatus();
      }));
  return found;
}

absl::Status SqlTransaction::PutSubmission(AccountId account, const CertificateId& id,
                                           const Submission& submission) {
  Values values = Key(account, id);
  values.push_back(
      Value::Blob(sealer_.Seal(SubmissionPlace(account, id), WriteSubmission(submission))));
  return connection_.Run(kPutSubmission, values);
}

absl::Status SqlTransaction::DeleteSubmission(AccountId account, const CertificateId& id) {
  return connection_.Run(kDeleteSubmission, Key(account, id));
}

absl::StatusOr<std::optional<CertificateId>> SqlTransaction::FindOrderOfCsr(
    AccountId account, absl::string_view csr_der) {
  std::optional<CertificateId> found;
  RETURN_IF_ERROR(connection_.Run(kFindOrderOfCsr,
                                  {Value::Integer(account.value), Value::Blob(Sha256(csr_der))},
                                  [&](const Row& row) {
                                    found = CertificateId{row.Bytes(0)};
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::Status SqlTransaction::PutOrderOfCsr(AccountId account, absl::string_view csr_der,
                                           const CertificateId& id) {
  return connection_.Run(kPutOrderOfCsr, {Value::Integer(account.value),
                                          Value::Blob(Sha256(csr_der)), Value::Text(id.value)});
}

absl::StatusOr<std::optional<Review>> SqlTransaction::FindReview(AccountId account,
                                                                 const CertificateId& id) {
  std::optional<Review> found;
  RETURN_IF_ERROR(connection_.Run(kFindReview, Key(account, id), [&](const Row& row) {
    found = ReadReview(row);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<ReviewPage> SqlTransaction::ListReviews(std::int64_t offset, std::int64_t limit) {
  ReviewPage page;
  ASSIGN_OR_RETURN(page.total, QueryInteger(kCountReviews, {}));
  RETURN_IF_ERROR(connection_.Run(kListReviews, {Value::Integer(limit), Value::Integer(offset)},
                                  [&](const Row& row) {
                                    page.reviews.push_back(ReadReview(row));
                                    return absl::OkStatus();
                                  }));
  return page;
}

absl::Status SqlTransaction::PutReview(const Review& review) {
  return connection_.Run(
      kPutReview,
      {Value::Integer(review.account.value), Value::Text(review.certificate.value),
       Value::Integer(static_cast<std::int64_t>(review.stage)), Value::Time(review.submitted),
       Value::Time(review.entered), Value::Time(review.automatic), Value::Time(review.last_remind),
       Value::Bool(review.has_letter)});
}

absl::Status SqlTransaction::DeleteReview(AccountId account, const CertificateId& id) {
  return connection_.Run(kDeleteReview, Key(account, id));
}

absl::Status SqlTransaction::PutLetter(AccountId account, const CertificateId& id,
                                       absl::string_view kind, absl::string_view bytes) {
  Values values = Key(account, id);
  values.push_back(Value::Text(kind));
  values.push_back(Value::Blob(sealer_.Seal(LetterPlace(account, id, kind), bytes)));
  return connection_.Run(kPutLetter, values);
}

absl::StatusOr<std::optional<std::string>> SqlTransaction::FindLetter(AccountId account,
                                                                      const CertificateId& id,
                                                                      absl::string_view kind) {
  std::optional<std::string> found;
  Values values = Key(account, id);
  values.push_back(Value::Text(kind));
  RETURN_IF_ERROR(connection_.Run(kFindLetter, values, [&](const Row& row) -> absl::Status {
    ASSIGN_OR_RETURN(found, sealer_.Open(LetterPlace(account, id, kind), row.Bytes(0)));
    return absl::OkStatus();
  }));
  return found;
}

absl::Status SqlTransaction::DeletePaper(AccountId account, const CertificateId& id) {
  RETURN_IF_ERROR(DeleteSubmission(account, id));
  RETURN_IF_ERROR(connection_.Run(kDeleteOrderOfCsr, Key(account, id)));
  RETURN_IF_ERROR(DeleteReview(account, id));
  return connection_.Run(kDeleteLetters, Key(account, id));
}

}  // namespace certwright
