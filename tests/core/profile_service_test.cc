#include "core/profile_service.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

Company ACompany(AccountId account = kAccount) {
  return {.account = account,
          .name = "示例公司 Ltd",
          .country = "CN",
          .province = "Guangdong",
          .city = "Shenzhen",
          .address = "1 Example Road",
          .phone = "0755-1234 5678",
          .id_type = "OTHERS"};
}

Manager AManager(std::int64_t company, AccountId account = kAccount) {
  return {.account = account,
          .company = company,
          .person = {.first_name = "Li",
                     .last_name = "Wang",
                     .mail = "li.wang@example.com",
                     .phone = "+86 13800000000"},
          .department = "Legal"};
}

struct Profiles : Engine {
  std::int64_t AddCompany(AccountId account = kAccount) {
    return *profiles.CreateCompany(ACompany(account));
  }
  std::int64_t AddManager(AccountId account = kAccount) {
    return *profiles.CreateManager(AManager(AddCompany(account), account));
  }
  std::int64_t AddApproved() {
    const std::int64_t id = AddManager();
    Approve(id);
    return id;
  }
  void Approve(std::int64_t id) {
    REQUIRE(profiles.Review(id, true, "").ok());
    REQUIRE(profiles.Review(id, true, "").ok());
  }
  ManagerView See(std::int64_t id) { return *profiles.FindManager(kAccount, id); }
  // Brings a new manager to this status.
  std::int64_t AddIn(ManagerStatus status) {
    const std::int64_t id = AddManager();
    if (status == ManagerStatus::kNone) {
      Manager manager = See(id).manager;
      manager.review = ManagerReview::kNone;
      REQUIRE(store->Write([&](Transaction& t) { return t.UpdateManager(manager); }).ok());
    }
    if (status == ManagerStatus::kCaAudit) REQUIRE(profiles.Review(id, true, "").ok());
    if (status == ManagerStatus::kInvalid) REQUIRE(profiles.Review(id, false, "no").ok());
    if (status >= ManagerStatus::kOk && status != ManagerStatus::kInvalid) Approve(id);
    const absl::Duration approval = ApprovalEnd(clock.Now()) - clock.Now();
    if (status == ManagerStatus::kExpiring) clock.Advance(approval - 30 * kDay);
    if (status == ManagerStatus::kExpired) clock.Advance(approval);
    REQUIRE(See(id).status == status);
    return id;
  }
  std::vector<std::int64_t> Search(std::int64_t company, const ManagerFilter& filter) {
    std::vector<std::int64_t> ids;
    const std::vector<ManagerView> views = *profiles.ListManagers(kAccount, company, filter);
    for (const ManagerView& view : views) ids.push_back(view.manager.id);
    return ids;
  }
};

constexpr ManagerStatus kAll[] = {
    ManagerStatus::kNone,    ManagerStatus::kAudit,    ManagerStatus::kCaAudit, ManagerStatus::kOk,
    ManagerStatus::kInvalid, ManagerStatus::kExpiring, ManagerStatus::kExpired,
};

}  // namespace

TEST_CASE("an account has at most ten companies, whatever others have", "[profiles]") {
  Profiles engine;
  for (int i = 0; i < 10; ++i) engine.AddCompany();

  CHECK(ErrorOf(engine.profiles.CreateCompany(ACompany()).status()) == ApiError::kLimitExceeded);

  CHECK(engine.profiles.CreateCompany(ACompany(kOther)).ok());
  CHECK(engine.profiles.ListCompanies(kAccount, std::nullopt)->size() == 10);
  CHECK(engine.profiles.ListCompanies(kOther, std::nullopt)->size() == 1);
}

TEST_CASE("one company is listed by its id, and only to its owner", "[profiles]") {
  Profiles engine;
  engine.AddCompany();
  const std::int64_t id = engine.AddCompany();

  const std::vector<Company> found = *engine.profiles.ListCompanies(kAccount, id);

  REQUIRE(found.size() == 1);
  CHECK(found[0].id == id);
  CHECK(found[0].name == "示例公司 Ltd");
  CHECK(found[0].created == engine.clock.Now());
  CHECK(engine.profiles.ListCompanies(kOther, id)->empty());
}

TEST_CASE("a company has a country of two letters, a telephone and a kind of document",
          "[profiles]") {
  Profiles engine;
  Company company = ACompany();
  std::string field;
  SECTION("no name") { company.name = "  ", field = "CompanyName"; }
  SECTION("a long name") { company.name = std::string(256, 'n'), field = "CompanyName"; }
  SECTION("a line break") { company.city = "a\nb", field = "CompanyCity"; }
  SECTION("three letters") { company.country = "CHN", field = "CompanyCountry"; }
  SECTION("no letters") { company.country = "12", field = "CompanyCountry"; }
  SECTION("a telephone of letters") { company.phone = "call me", field = "CompanyPhone"; }
  SECTION("a telephone without digits") { company.phone = "+()", field = "CompanyPhone"; }
  SECTION("another document") { company.id_type = "TYD", field = "IdType"; }
  SECTION("a document without number") { company.id_type = "TYDMZ", field = "IdNumber"; }

  const absl::Status status = engine.profiles.CreateCompany(company).status();

  CHECK(ErrorOf(status) == ApiError::kInvalidParameterValue);
  CHECK(FieldOf(status) == field);
}

TEST_CASE("a refusal shows nothing of a person", "[profiles]") {
  Profiles engine;
  Manager manager = AManager(engine.AddCompany());
  std::string secret = "secret-value";
  std::string field;
  SECTION("mail") { manager.person.mail = secret, field = "ManagerMail"; }
  SECTION("phone") { manager.person.phone = secret, field = "ManagerPhone"; }
  SECTION("name") { manager.person.last_name = secret + "\n", field = "ManagerLastName"; }
  SECTION("contact's mail") { manager.contact.mail = secret, field = "ContactMail"; }
  SECTION("contact's phone") { manager.contact.phone = secret, field = "ContactPhone"; }

  const absl::Status status = engine.profiles.CreateManager(manager).status();

  CHECK(ErrorOf(status) == ApiError::kInvalidParameterValue);
  CHECK(FieldOf(status) == field);
  CHECK_FALSE(absl::StrContains(status.ToString(), secret));
}

TEST_CASE("a manager is made in review, of a company of its account", "[profiles]") {
  Profiles engine;
  const std::int64_t company = engine.AddCompany();

  const std::int64_t id = *engine.profiles.CreateManager(AManager(company));

  const ManagerView view = engine.See(id);
  CHECK(view.status == ManagerStatus::kAudit);
  CHECK(view.manager.submitted == engine.clock.Now());
  CHECK_FALSE(view.manager.approved);
  CHECK(view.company.id == company);
  CHECK(view.certificates == 0);
  CHECK(ErrorOf(engine.profiles.CreateManager(AManager(company, kOther)).status()) ==
        ApiError::kResourceNotFound);
  CHECK(ErrorOf(engine.profiles.CreateManager(AManager(company + 1)).status()) ==
        ApiError::kResourceNotFound);
}

TEST_CASE("a company has at most a hundred managers", "[profiles]") {
  Profiles engine;
  const std::int64_t company = engine.AddCompany();
  for (std::size_t i = 0; i < kMaxManagers; ++i) {
    REQUIRE(engine.profiles.CreateManager(AManager(company)).ok());
  }
  CHECK(ErrorOf(engine.profiles.CreateManager(AManager(company)).status()) ==
        ApiError::kLimitExceeded);
}

TEST_CASE("the agent approves first, then the CA", "[profiles]") {
  Profiles engine;
  const std::int64_t id = engine.AddManager();

  CHECK(*engine.profiles.Review(id, true, "") == ManagerStatus::kCaAudit);
  engine.clock.Advance(kDay);
  CHECK(*engine.profiles.Review(id, true, "") == ManagerStatus::kOk);

  CHECK(engine.See(id).manager.approved == engine.clock.Now());
}

TEST_CASE("whoever reviews may refuse, and says why", "[profiles]") {
  Profiles engine;
  const std::int64_t id = engine.AddIn(GENERATE(ManagerStatus::kAudit, ManagerStatus::kCaAudit));

  CHECK(*engine.profiles.Review(id, false, "not reachable") == ManagerStatus::kInvalid);

  CHECK(engine.See(id).status == ManagerStatus::kInvalid);
  CHECK(engine.See(id).manager.refusal == "not reachable");
  REQUIRE(engine.profiles.Submit(kAccount, id).ok());
  CHECK(engine.See(id).manager.refusal.empty());
}

TEST_CASE("an approval holds for thirteen months, and ends soon in its last thirty days",
          "[profiles]") {
  Profiles engine;
  absl::Time approved;
  REQUIRE(absl::ParseTime(absl::RFC3339_full, "2026-01-20T08:00:00Z", &approved, nullptr));
  engine.clock.Set(approved);
  const std::int64_t id = engine.AddApproved();
  absl::Time end;
  REQUIRE(absl::ParseTime(absl::RFC3339_full, "2027-02-20T08:00:00Z", &end, nullptr));
  const absl::Duration instant = absl::Microseconds(1);
  const auto status_at = [&](absl::Time time) {
    engine.clock.Set(time);
    return engine.See(id).status;
  };

  CHECK(ApprovalEnd(approved) == end);
  CHECK(status_at(approved) == ManagerStatus::kOk);
  CHECK(status_at(end - 30 * kDay - instant) == ManagerStatus::kOk);
  CHECK(status_at(end - 30 * kDay) == ManagerStatus::kExpiring);
  CHECK(status_at(end - instant) == ManagerStatus::kExpiring);
  CHECK(status_at(end) == ManagerStatus::kExpired);
}

TEST_CASE("only what was never sent, was refused or has ended is submitted", "[profiles]") {
  Profiles engine;
  for (const ManagerStatus status : kAll) {
    CAPTURE(NameOf(status));
    const std::int64_t id = engine.AddIn(status);
    const bool is_allowed = status == ManagerStatus::kNone || status == ManagerStatus::kInvalid ||
                            status == ManagerStatus::kExpired;

    const absl::Status answer = engine.profiles.Submit(kAccount, id);

    CHECK(answer.ok() == is_allowed);
    if (!is_allowed) CHECK(ErrorOf(answer) == ApiError::kFailedOperationIllegalManagerStatus);
    CHECK(engine.See(id).status == (is_allowed ? ManagerStatus::kAudit : status));
  }
}

TEST_CASE("what was approved is verified again, and keeps the time of its making", "[profiles]") {
  Profiles engine;
  for (const ManagerStatus status : kAll) {
    CAPTURE(NameOf(status));
    const std::int64_t id = engine.AddIn(status);
    const Manager before = engine.See(id).manager;
    const bool is_allowed = status == ManagerStatus::kOk || status == ManagerStatus::kExpiring ||
                            status == ManagerStatus::kExpired;
    engine.clock.Advance(absl::Seconds(1));

    const absl::Status answer = engine.profiles.Verify(kAccount, id);

    CHECK(answer.ok() == is_allowed);
    if (!is_allowed) CHECK(ErrorOf(answer) == ApiError::kInvalidParameterValue);
    const ManagerView after = engine.See(id);
    CHECK(after.status == (is_allowed ? ManagerStatus::kAudit : status));
    CHECK(after.manager.created == before.created);
    CHECK((after.manager.submitted == engine.clock.Now()) == is_allowed);
  }
}

TEST_CASE("a manager is reviewed only while it waits for that", "[profiles]") {
  Profiles engine;
  for (const ManagerStatus status : kAll) {
    CAPTURE(NameOf(status));
    const std::int64_t id = engine.AddIn(status);
    const bool is_allowed = status == ManagerStatus::kAudit || status == ManagerStatus::kCaAudit;

    const absl::Status answer = engine.profiles.Review(id, true, "").status();

    CHECK(answer.ok() == is_allowed);
    if (!is_allowed) CHECK(ErrorOf(answer) == ApiError::kFailedOperationIllegalManagerStatus);
  }
}

TEST_CASE("a manager is deleted unless the CA has it", "[profiles]") {
  Profiles engine;
  for (const ManagerStatus status : kAll) {
    CAPTURE(NameOf(status));
    const std::int64_t id = engine.AddIn(status);

    const absl::Status answer = engine.profiles.Delete(kAccount, id);

    if (status == ManagerStatus::kCaAudit) {
      CHECK(ErrorOf(answer) == ApiError::kFailedOperationManagerCanNotDeleteCa);
      CHECK(engine.See(id).status == status);
    } else {
      CHECK(answer.ok());
      CHECK(ErrorOf(engine.profiles.FindManager(kAccount, id).status()) ==
            ApiError::kResourceNotFoundManager);
    }
  }
}

TEST_CASE("another account's manager is an unknown one", "[profiles]") {
  Profiles engine;
  const std::int64_t id = GENERATE(0, 1) == 0 ? engine.AddManager() : 999999;
  ProfileService& profiles = engine.profiles;
  const std::vector<absl::Status> answers = {
      profiles.FindManager(kOther, id).status(), profiles.Submit(kOther, id),
      profiles.Verify(kOther, id), profiles.Delete(kOther, id),
      profiles.AddDomain(kOther, id, "example.com", ValidationMethod::kDns).status()};
  for (const absl::Status& answer : answers) {
    CHECK(ErrorOf(answer) == ApiError::kResourceNotFoundManager);
  }
  CHECK(ErrorOf(profiles.Review(999999, true, "").status()) == ApiError::kResourceNotFoundManager);
}

TEST_CASE("an approved manager has domains, each for thirteen months", "[profiles]") {
  Profiles engine;
  const std::int64_t id = engine.AddApproved();
  ProfileService& profiles = engine.profiles;

  CHECK(*profiles.AddDomain(kAccount, id, "Shop.Example.com", ValidationMethod::kFile) ==
        "shop.example.com");

  const std::vector<ManagerDomain> domains = engine.See(id).manager.domains;
  REQUIRE(domains.size() == 1);
  CHECK(domains[0].method == ValidationMethod::kFile);
  CHECK(domains[0].expires == ApprovalEnd(engine.clock.Now()));
  CHECK(ErrorOf(profiles.AddDomain(kAccount, id, "shop.example.com", ValidationMethod::kDns)
                    .status()) == ApiError::kInvalidParameterValue);
  engine.clock.Set(domains[0].expires);
  CHECK(engine.See(id).manager.domains.empty());
  REQUIRE(profiles.Verify(kAccount, id).ok());
  engine.Approve(id);
  CHECK(profiles.AddDomain(kAccount, id, "shop.example.com", ValidationMethod::kDns).ok());
  CHECK(engine.See(id).manager.domains.size() == 1);
}

TEST_CASE("domains are added while the approval stands", "[profiles]") {
  Profiles engine;
  for (const ManagerStatus status : kAll) {
    CAPTURE(NameOf(status));
    const std::int64_t id = engine.AddIn(status);
    const bool is_allowed = status == ManagerStatus::kOk || status == ManagerStatus::kExpiring;

    const absl::Status answer =
        engine.profiles.AddDomain(kAccount, id, "example.com", ValidationMethod::kDns).status();

    CHECK(answer.ok() == is_allowed);
    if (!is_allowed) CHECK(ErrorOf(answer) == ApiError::kFailedOperationIllegalManagerStatus);
  }
}

TEST_CASE("a manager's domain is a host name below a public suffix", "[profiles]") {
  Profiles engine;
  const std::int64_t id = engine.AddApproved();
  const std::string name =
      GENERATE("", "com", "co.uk", "*.example.com", "1.2.3.4", "a..com", "-a.example.com",
               "a b.example.com", "例子.com", "example.com.", std::string(64, 'a') + ".com");
  CAPTURE(name);

  const absl::Status answer =
      engine.profiles.AddDomain(kAccount, id, name, ValidationMethod::kDns).status();

  CHECK(ErrorOf(answer) == ApiError::kInvalidParameterValue);
  CHECK(FieldOf(answer) == "Domain");
}

TEST_CASE("a manager has at most a hundred domains", "[profiles]") {
  Profiles engine;
  const std::int64_t id = engine.AddApproved();
  const auto add = [&](std::size_t i) {
    return engine.profiles
        .AddDomain(kAccount, id, absl::StrCat("n", i, ".example.com"), ValidationMethod::kDns)
        .status();
  };
  for (std::size_t i = 0; i < kMaxManagerDomains; ++i) REQUIRE(add(i).ok());
  CHECK(ErrorOf(add(kMaxManagerDomains)) == ApiError::kLimitExceeded);
}

TEST_CASE("managers are searched by whole parts, or by a part of any", "[profiles]") {
  Profiles engine;
  const std::int64_t company = engine.AddCompany();
  const std::int64_t wang = *engine.profiles.CreateManager(AManager(company));
  Manager other = AManager(company);
  other.person = {.first_name = "Ann", .last_name = "Lee", .mail = "ann@lee.example", .phone = "1"};
  other.department = "IT";
  const std::int64_t lee = *engine.profiles.CreateManager(other);
  using Ids = std::vector<std::int64_t>;
  struct Row {
    const char* search;
    Ids found;
  };
  const std::vector<Row> rows = {
      {"", {wang, lee}},     {"Wang|||", {wang}},
      {"Wang|Li||", {wang}}, {"Wan|||", {}},
      {"wang|||", {}},       {"|Ann||", {lee}},
      {"|||Legal", {wang}},  {"||ann@lee.example|", {lee}},
      {"Wang|Ann||", {}},    {"|||", {wang, lee}},
      {"Lee|", {lee}},       {"example", {wang, lee}},
      {"LEGAL", {wang}},     {"wangli", {wang}},
      {"li wang", {wang}},   {"13800000000", {}},
      {"nobody", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.search);
    CHECK(engine.Search(company, {.search = row.search}) == row.found);
  }
  CHECK(engine.Search(company, {.name = "lee"}) == Ids{lee});
  CHECK(engine.Search(company, {.mail = "WANG@"}) == Ids{wang});
  CHECK(engine.Search(company + 1, {}).empty());
  CHECK(engine.profiles.ListManagers(kOther, company, {})->empty());
}

TEST_CASE("a search of five parts, or of too many bytes, is refused", "[profiles]") {
  Profiles engine;
  const std::string search = GENERATE(std::string("||||"), std::string(256, 'a'));

  const absl::Status answer =
      engine.profiles.ListManagers(kAccount, 1, {.search = search}).status();

  CHECK(ErrorOf(answer) == ApiError::kFailedOperationInvalidParam);
  CHECK(FieldOf(answer) == "SearchKey");
}

TEST_CASE("managers are listed by their status of this moment", "[profiles]") {
  Profiles engine;
  const std::int64_t id = engine.AddIn(ManagerStatus::kExpiring);
  const std::int64_t company = engine.See(id).manager.company;
  CHECK(engine.Search(company, {.status = ManagerStatus::kExpiring}).size() == 1);
  CHECK(engine.Search(company, {.status = ManagerStatus::kOk}).empty());
  engine.clock.Advance(30 * kDay);
  CHECK(engine.Search(company, {.status = ManagerStatus::kExpiring}).empty());
  CHECK(engine.Search(company, {.status = ManagerStatus::kExpired}).size() == 1);
}

}  // namespace certwright
