#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "core/certificate_facts.h"
#include "core/certificate_life.h"
#include "core/status_macros.h"
#include "storage/certificate_row.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kFindUpload[] =
    "SELECT id FROM certificate WHERE account = $1 AND fingerprint_sha1 = $2 AND is_upload = 1 "
    "ORDER BY sequence DESC LIMIT 1";
constexpr char kCountUploads[] =
    "SELECT COUNT(*) FROM certificate WHERE account = $1 AND fingerprint_sha1 = $2 AND "
    "is_upload = 1";
// Says again what "=" implies, so that the partial index fits.
constexpr char kFindNewest[] =
    "SELECT id FROM certificate WHERE account = $1 AND fingerprint_sha1 = $2 AND "
    "fingerprint_sha1 <> '' ORDER BY sequence DESC LIMIT 1";
// The numbers stand in the text so that the partial index fits.
constexpr char kCountRevoked[] =
    "SELECT COUNT(*) FROM certificate WHERE account = $1 AND registrable_domain = $2 AND "
    "not_after > $3 AND status = 10 AND package_type = 83 AND replaced_by = ''";
static_assert(static_cast<int>(CertificateStatus::kRevoked) == 10 && kFreePackageType == 83);

constexpr std::int64_t kFew = 1000;

// To read the authorizations of a page takes a third of its time, and no page shows them.
const std::string& PageColumns() {
  static const auto& columns = *new std::string(
      absl::StrReplaceAll(kCertificateColumns, {{" authorizations,", " '[]' AS authorizations,"}}));
  return columns;
}

std::int64_t Number(CertificateStatus status) { return static_cast<std::int64_t>(status); }

// Collects conditions, each from fixed text, and the values of their parameters.
class Conditions {
 public:
  explicit Conditions(AccountId account) { values_.push_back(Value::Integer(account.value)); }

  // The number of the parameter that `value` becomes.
  std::string Parameter(Value value) {
    values_.push_back(std::move(value));
    return absl::StrCat("$", values_.size());
  }
  void Add(std::string condition) { conditions_.push_back(std::move(condition)); }
  // column IN (…), one parameter each.
  void AddIn(absl::string_view column, std::vector<Value> values) {
    std::vector<std::string> parameters;
    parameters.reserve(values.size());
    for (Value& value : values) parameters.push_back(Parameter(std::move(value)));
    Add(absl::StrCat(column, " IN (", absl::StrJoin(parameters, ", "), ")"));
  }

  // The ids asked for are few: find them first, rather than walk the account's rows.
  void SetFewIds() { has_few_ids_ = true; }

  bool empty() const { return conditions_.empty(); }
  std::string Where() const {
    // The plus changes no value, and keeps the planner from the indexes that begin with account.
    std::string where = has_few_ids_ ? " WHERE +account = $1" : " WHERE account = $1";
    for (const std::string& condition : conditions_) absl::StrAppend(&where, " AND ", condition);
    return where;
  }
  const Values& values() const { return values_; }

 private:
  Values values_;
  std::vector<std::string> conditions_;
  bool has_few_ids_ = false;
};

// The one place that knows how text is searched.
void AddSearch(const std::string& text, Conditions& conditions) {
  const std::string like =
      absl::StrCat(" LIKE ", conditions.Parameter(Value::Text(LikePattern(text))), " ESCAPE '\\'");
  // Names stand one a line, so a text of two lines would match the end of one and the next.
  const std::string in_names = absl::StrContains(text, '\n') ? "" : absl::StrCat(" OR names", like);
  conditions.Add(absl::StrCat("(id", like, " OR alias", like, in_names, ")"));
}

std::string IsIssuedSql(Conditions& conditions) {
  return absl::StrCat("status = ",
                      conditions.Parameter(Value::Integer(Number(CertificateStatus::kIssued))));
}

// core/certificate_facts.h, IsDeployable.
std::string IsDeployableSql(const CertificateQuery& query, Conditions& conditions) {
  return absl::StrCat(
      "(", IsIssuedSql(conditions), " AND COALESCE(not_after, 0) > ",
      conditions.Parameter(Value::Time(query.now)), " AND kind = ",
      conditions.Parameter(Value::Integer(static_cast<std::int64_t>(CertificateKind::kServer))),
      " AND has_private_key = 1)");
}

// core/certificate_facts.h, IsExpiring.
std::string IsExpiringSql(const CertificateQuery& query, Conditions& conditions) {
  return absl::StrCat("(", IsIssuedSql(conditions), " AND not_after <= ",
                      conditions.Parameter(Value::Time(query.now + kExpiringWindow)), ")");
}

void AddFlags(const CertificateQuery& query, Conditions& conditions) {
  const auto with_sign = [](bool is_wanted, const std::string& condition) {
    return is_wanted ? condition : absl::StrCat("NOT ", condition);
  };
  if (query.is_upload) {
    // In the text, so that the index of uploads fits.
    conditions.Add(*query.is_upload ? "is_upload = 1" : "is_upload = 0");
  }
  if (query.is_deployable) {
    conditions.Add(with_sign(*query.is_deployable, IsDeployableSql(query, conditions)));
  }
  if (query.is_hostable) {
    conditions.Add(
        with_sign(*query.is_hostable,
                  absl::StrCat("(is_upload = 0 AND ", IsDeployableSql(query, conditions), ")")));
  }
  if (query.only_expiring) conditions.Add(IsExpiringSql(query, conditions));
  if (query.only_renewable) {
    conditions.Add(absl::StrCat("(is_upload = 0 AND renewed_by = '' AND ",
                                "(paid_until IS NULL OR replaced_by <> '' OR "
                                "paid_until <= not_after) AND ",
                                IsExpiringSql(query, conditions), ")"));
  }
  if (query.only_pending_issue) {
    const std::string reviewing =
        conditions.Parameter(Value::Integer(Number(CertificateStatus::kReviewing)));
    const std::string pending = conditions.Parameter(Value::Text(kPendingValidation));
    const std::string waiting = conditions.Parameter(Value::Text(kWaitingForIssue));
    conditions.Add(absl::StrCat("(status = ", reviewing, " AND status_message IN (", pending, ", ",
                                waiting, "))"));
  }
  if (query.only_unmuted) conditions.Add("is_ignored = 0");
  if (query.matches_nothing) conditions.Add("1 = 0");
}

Conditions ConditionsOf(AccountId account, const CertificateQuery& query) {
  Conditions conditions(account);
  if (!query.search.empty()) AddSearch(query.search, conditions);
  if (query.kind) {
    conditions.Add(absl::StrCat(
        "kind = ", conditions.Parameter(Value::Integer(static_cast<std::int64_t>(*query.kind)))));
  }
  if (query.project_id) {
    conditions.Add(
        absl::StrCat("project_id = ", conditions.Parameter(Value::Integer(*query.project_id))));
  }
  if (!query.statuses.empty()) {
    std::vector<Value> statuses;
    for (const CertificateStatus status : query.statuses) {
      statuses.push_back(Value::Integer(Number(status)));
    }
    conditions.AddIn("status", std::move(statuses));
  }
  if (!query.ids.empty()) {
    std::vector<Value> ids;
    for (const std::string& id : query.ids) ids.push_back(Value::Text(id));
    conditions.AddIn("id", std::move(ids));
  }
  for (const Tag& tag : query.tags) {
    const std::string key = conditions.Parameter(Value::Text(tag.key));
    const std::string value = conditions.Parameter(Value::Text(tag.value));
    conditions.Add(absl::StrCat(
        "id IN (SELECT certificate FROM certificate_tag WHERE account = $1 AND tag_key = ", key,
        " AND tag_value = ", value, ")"));
  }
  if (!query.ids.empty() || !query.tags.empty()) conditions.SetFewIds();
  AddFlags(query, conditions);
  return conditions;
}

// Rows without an end go last either way. Few rows are found first and then sorted: the plus keeps
// the planner from walking the whole account in order until it has met them.
std::string OrderSql(CertificateQuery::Order order, bool are_few) {
  const char* plus = are_few ? "+" : "";
  switch (order) {
    case CertificateQuery::Order::kNewestFirst:
      return absl::StrCat(" ORDER BY ", plus, "sequence DESC");
    case CertificateQuery::Order::kExpiryAscending:
      return absl::StrCat(" ORDER BY ", plus, "not_after NULLS LAST, sequence");
    case CertificateQuery::Order::kExpiryDescending:
      return absl::StrCat(" ORDER BY ", plus, "not_after DESC NULLS LAST, sequence DESC");
  }
  return "";
}

}  // namespace

std::string LikePattern(absl::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

absl::StatusOr<CertificatePage> SqlTransaction::ListCertificates(AccountId account,
                                                                 const CertificateQuery& query) {
  Conditions conditions = ConditionsOf(account, query);
  CertificatePage page;
  if (conditions.empty()) {
    ASSIGN_OR_RETURN(page.total, FindCount(account, "certificates"));
  } else {
    ASSIGN_OR_RETURN(page.total, QueryInteger(absl::StrCat("SELECT COUNT(*) FROM certificate",
                                                           conditions.Where()),
                                              conditions.values()));
  }
  if (query.offset >= page.total) return page;
  const bool are_few = !conditions.empty() && page.total <= kFew;
  const std::string where = conditions.Where();
  const std::string limit = conditions.Parameter(Value::Integer(query.limit));
  const std::string offset = conditions.Parameter(Value::Integer(query.offset));
  const std::string sql =
      absl::StrCat("SELECT ", PageColumns(), " FROM certificate", where,
                   OrderSql(query.order, are_few), " LIMIT ", limit, " OFFSET ", offset);
  page.certificates.reserve(static_cast<std::size_t>(
      std::min(query.limit, std::max<std::int64_t>(page.total - query.offset, 0))));
  RETURN_IF_ERROR(connection_.Run(sql, conditions.values(), [&](const Row& row) {
    return ReadCertificate(row, page.certificates.emplace_back());
  }));
  return page;
}

absl::StatusOr<std::optional<CertificateId>> SqlTransaction::FindUpload(
    AccountId account, absl::string_view fingerprint_sha1) {
  return QueryId(kFindUpload, {Value::Integer(account.value), Value::Text(fingerprint_sha1)});
}

absl::StatusOr<std::optional<CertificateId>> SqlTransaction::FindNewest(
    AccountId account, absl::string_view fingerprint_sha1) {
  return QueryId(kFindNewest, {Value::Integer(account.value), Value::Text(fingerprint_sha1)});
}

absl::StatusOr<std::optional<CertificateId>> SqlTransaction::QueryId(absl::string_view sql,
                                                                     const Values& values) {
  std::optional<CertificateId> found;
  RETURN_IF_ERROR(connection_.Run(sql, values, [&](const Row& row) {
    found = CertificateId{row.Bytes(0)};
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::int64_t> SqlTransaction::CountUploads(AccountId account,
                                                          absl::string_view fingerprint_sha1) {
  return QueryInteger(kCountUploads,
                      {Value::Integer(account.value), Value::Text(fingerprint_sha1)});
}

absl::StatusOr<std::int64_t> SqlTransaction::CountFree(AccountId account) {
  return FindCount(account, "free");
}

absl::StatusOr<std::int64_t> SqlTransaction::CountFreeUnder(AccountId account,
                                                            absl::string_view registrable_domain,
                                                            absl::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t counted, FindCount(account, FreeUnder(registrable_domain)));
  ASSIGN_OR_RETURN(
      const std::int64_t revoked,
      QueryInteger(kCountRevoked, {Value::Integer(account.value), Value::Text(registrable_domain),
                                   Value::Time(now)}));
  return counted + revoked;
}

}  // namespace certwright
