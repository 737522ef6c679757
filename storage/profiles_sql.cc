#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "storage/records.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kListCompanies[] =
    "SELECT account, company_id, name, country, province, city, address, phone, id_type, "
    "id_number, created FROM company WHERE account = $1 ORDER BY company_id";
constexpr char kInsertCompany[] =
    "INSERT INTO company (account, company_id, name, country, province, city, address, phone, "
    "id_type, id_number, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
constexpr char kListManagers[] =
    "SELECT account, manager_id, company_id, first_name, last_name, mail, phone, position, "
    "department, contact_first_name, contact_last_name, contact_mail, contact_phone, "
    "contact_position, is_for_ov, is_for_ev, created, review, submitted, approved, refusal, "
    "domains FROM manager WHERE account = $1 AND company_id = $2 ORDER BY manager_id";
constexpr char kFindManager[] =
    "SELECT account, manager_id, company_id, first_name, last_name, mail, phone, position, "
    "department, contact_first_name, contact_last_name, contact_mail, contact_phone, "
    "contact_position, is_for_ov, is_for_ev, created, review, submitted, approved, refusal, "
    "domains FROM manager WHERE account = $1 AND manager_id = $2";
constexpr char kFindManagerOwner[] = "SELECT account FROM manager WHERE manager_id = $1";
constexpr char kInsertManager[] =
    "INSERT INTO manager (account, manager_id, company_id, first_name, last_name, mail, phone, "
    "position, department, contact_first_name, contact_last_name, contact_mail, contact_phone, "
    "contact_position, is_for_ov, is_for_ev, created, review, submitted, approved, refusal, "
    "domains) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
    "$18, $19, $20, $21, $22)";
constexpr char kUpdateManager[] =
    "UPDATE manager SET review = $3, submitted = $4, approved = $5, refusal = $6, domains = $7 "
    "WHERE account = $1 AND manager_id = $2";
constexpr char kDeleteManager[] = "DELETE FROM manager WHERE account = $1 AND manager_id = $2";

// Whose counters number the rows of all accounts.
constexpr AccountId kNobody = {0};

absl::Status BadList() { return absl::DataLossError("a stored list of domains has another shape"); }

std::string WriteDomains(const std::vector<ManagerDomain>& domains) {
  Records records;
  for (const ManagerDomain& one : domains) {
    records.push_back({one.name, absl::StrCat(static_cast<int>(one.method)),
                       absl::StrCat(absl::ToUnixMicros(one.created)),
                       absl::StrCat(absl::ToUnixMicros(one.expires))});
  }
  return WriteRecords(records);
}

absl::Status ReadDomains(const std::string& text, std::vector<ManagerDomain>& domains) {
  constexpr std::size_t kMembers = 4;
  ASSIGN_OR_RETURN(Records records, ReadRecords(text));
  for (auto& record : records) {
    int method = 0;
    std::int64_t created = 0;
    std::int64_t expires = 0;
    if (record.size() != kMembers || !absl::SimpleAtoi(record[1], &method) ||
        !absl::SimpleAtoi(record[2], &created) || !absl::SimpleAtoi(record[3], &expires)) {
      return BadList();
    }
    domains.push_back({.name = std::move(record[0]),
                       .method = static_cast<ValidationMethod>(method),
                       .created = absl::FromUnixMicros(created),
                       .expires = absl::FromUnixMicros(expires)});
  }
  return absl::OkStatus();
}

Company ReadCompany(const Row& row) {
  return {.account = {row.Integer(0)},
          .id = row.Integer(1),
          .name = row.Bytes(2),
          .country = row.Bytes(3),
          .province = row.Bytes(4),
          .city = row.Bytes(5),
          .address = row.Bytes(6),
          .phone = row.Bytes(7),
          .id_type = row.Bytes(8),
          .id_number = row.Bytes(9),
          .created = row.Time(10)};
}

absl::StatusOr<Manager> ReadManager(const Row& row) {
  Manager manager = {.account = {row.Integer(0)},
                     .id = row.Integer(1),
                     .company = row.Integer(2),
                     .person = {.first_name = row.Bytes(3),
                                .last_name = row.Bytes(4),
                                .mail = row.Bytes(5),
                                .phone = row.Bytes(6),
                                .position = row.Bytes(7)},
                     .department = row.Bytes(8),
                     .contact = {.first_name = row.Bytes(9),
                                 .last_name = row.Bytes(10),
                                 .mail = row.Bytes(11),
                                 .phone = row.Bytes(12),
                                 .position = row.Bytes(13)},
                     .is_for_ov = row.Bool(14),
                     .is_for_ev = row.Bool(15),
                     .review = static_cast<ManagerReview>(row.Integer(17)),
                     .created = row.Time(16),
                     .submitted = row.OptionalTime(18),
                     .approved = row.OptionalTime(19),
                     .refusal = row.Bytes(20)};
  RETURN_IF_ERROR(ReadDomains(row.Bytes(21), manager.domains));
  return manager;
}

// Says again what "=" implies, so that the partial index fits. An order that failed, was cancelled
// or refunded needs nobody.
constexpr char kCountManaged[] =
    "SELECT COUNT(*) FROM certificate WHERE account = $1 AND manager_id = $2 AND manager_id <> 0 "
    "AND status NOT IN (2, 7, 14)";

}  // namespace

absl::StatusOr<std::vector<Company>> SqlTransaction::ListCompanies(AccountId account) {
  std::vector<Company> companies;
  RETURN_IF_ERROR(
      connection_.Run(kListCompanies, {Value::Integer(account.value)}, [&](const Row& row) {
        companies.push_back(ReadCompany(row));
        return absl::OkStatus();
      }));
  return companies;
}

absl::StatusOr<std::vector<Manager>> SqlTransaction::ListManagers(AccountId account,
                                                                  std::int64_t company) {
  std::vector<Manager> managers;
  RETURN_IF_ERROR(connection_.Run(kListManagers,
                                  {Value::Integer(account.value), Value::Integer(company)},
                                  [&](const Row& row) -> absl::Status {
                                    ASSIGN_OR_RETURN(Manager one, ReadManager(row));
                                    managers.push_back(std::move(one));
                                    return absl::OkStatus();
                                  }));
  return managers;
}

absl::StatusOr<std::optional<Manager>> SqlTransaction::FindManager(AccountId account,
                                                                   std::int64_t id) {
  std::optional<Manager> found;
  RETURN_IF_ERROR(connection_.Run(kFindManager, {Value::Integer(account.value), Value::Integer(id)},
                                  [&](const Row& row) -> absl::Status {
                                    ASSIGN_OR_RETURN(found, ReadManager(row));
                                    return absl::OkStatus();
                                  }));
  return found;
}

absl::StatusOr<std::optional<AccountId>> SqlTransaction::FindManagerOwner(std::int64_t id) {
  std::optional<AccountId> owner;
  RETURN_IF_ERROR(connection_.Run(kFindManagerOwner, {Value::Integer(id)}, [&](const Row& row) {
    owner = AccountId{row.Integer(0)};
    return absl::OkStatus();
  }));
  return owner;
}

absl::Status SqlTransaction::InsertCompany(Company& company) {
  ASSIGN_OR_RETURN(company.id, Count(kNobody, "companies", 1));
  return connection_.Run(
      kInsertCompany,
      {Value::Integer(company.account.value), Value::Integer(company.id), Value::Text(company.name),
       Value::Text(company.country), Value::Text(company.province), Value::Text(company.city),
       Value::Text(company.address), Value::Text(company.phone), Value::Text(company.id_type),
       Value::Text(company.id_number), Value::Time(company.created)});
}

absl::Status SqlTransaction::InsertManager(Manager& manager) {
  ASSIGN_OR_RETURN(manager.id, Count(kNobody, "managers", 1));
  const Person& person = manager.person;
  const Person& contact = manager.contact;
  return connection_.Run(kInsertManager, {Value::Integer(manager.account.value),
                                          Value::Integer(manager.id),
                                          Value::Integer(manager.company),
                                          Value::Text(person.first_name),
                                          Value::Text(person.last_name),
                                          Value::Text(person.mail),
                                          Value::Text(person.phone),
                                          Value::Text(person.position),
                                          Value::Text(manager.department),
                                          Value::Text(contact.first_name),
                                          Value::Text(contact.last_name),
                                          Value::Text(contact.mail),
                                          Value::Text(contact.phone),
                                          Value::Text(contact.position),
                                          Value::Bool(manager.is_for_ov),
                                          Value::Bool(manager.is_for_ev),
                                          Value::Time(manager.created),
                                          Value::Integer(static_cast<std::int64_t>(manager.review)),
                                          Value::Time(manager.submitted),
                                          Value::Time(manager.approved),
                                          Value::Text(manager.refusal),
                                          Value::Text(WriteDomains(manager.domains))});
}

absl::Status SqlTransaction::UpdateManager(const Manager& manager) {
  return connection_.Run(
      kUpdateManager, {Value::Integer(manager.account.value), Value::Integer(manager.id),
                       Value::Integer(static_cast<std::int64_t>(manager.review)),
                       Value::Time(manager.submitted), Value::Time(manager.approved),
                       Value::Text(manager.refusal), Value::Text(WriteDomains(manager.domains))});
}

absl::Status SqlTransaction::DeleteManager(AccountId account, std::int64_t id) {
  return connection_.Run(kDeleteManager, {Value::Integer(account.value), Value::Integer(id)});
}

absl::StatusOr<std::int64_t> SqlTransaction::CountManaged(AccountId account, std::int64_t manager) {
  return QueryInteger(kCountManaged, {Value::Integer(account.value), Value::Integer(manager)});
}

}  // namespace certwright
