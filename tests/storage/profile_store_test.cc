// Companies and managers.
#include <catch2/catch.hpp>

#include "core/status_macros.h"
#include "tests/storage/stored.h"

namespace certwright {

TEST_CASE("companies and managers come back as they went in, to their account", "[store]") {
  Stored stored(GENERATE(false, true));
  Company company = {.account = kMine,
                     .name = "公司 \"A\"",
                     .country = "CN",
                     .province = "p",
                     .city = "c",
                     .address = "a",
                     .phone = "1",
                     .id_type = "TYDMZ",
                     .id_number = "n",
                     .created = kNow};
  Manager manager = {.account = kMine,
                     .person = {.first_name = "f",
                                .last_name = "l",
                                .mail = "m@example.com",
                                .phone = "2",
                                .position = "p"},
                     .department = "d",
                     .contact = {.first_name = "cf",
                                 .last_name = "cl",
                                 .mail = "cm@example.com",
                                 .phone = "3",
                                 .position = "cp"},
                     .is_for_ov = false,
                     .review = ManagerReview::kWithAgent,
                     .created = kNow};
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertCompany(company));
    manager.company = company.id;
    RETURN_IF_ERROR(transaction.InsertManager(manager));
    manager.review = ManagerReview::kApproved;
    manager.submitted = kNow + absl::Microseconds(1);
    manager.approved = kNow + absl::Microseconds(2);
    manager.refusal = "why";
    manager.domains = {{.name = "a.example.com", .created = kNow, .expires = kNow},
                       {.name = "b.example.com",
                        .method = ValidationMethod::kFile,
                        .created = kNow,
                        .expires = kNow + absl::Hours(1)}};
    return transaction.UpdateManager(manager);
  });
  stored.Read([&](Snapshot& snapshot) {
    const std::vector<Company> companies = *snapshot.ListCompanies(kMine);
    REQUIRE(companies.size() == 1);
    CHECK(companies[0].id == company.id);
    CHECK(companies[0].name == company.name);
    CHECK(companies[0].country + companies[0].province + companies[0].city == "CNpc");
    CHECK(companies[0].address + companies[0].phone == "a1");
    CHECK(companies[0].id_type + companies[0].id_number == "TYDMZn");
    CHECK(companies[0].created == kNow);
    const Manager found = **snapshot.FindManager(kMine, manager.id);
    CHECK(found.company == company.id);
    CHECK(found.person.first_name + found.person.last_name + found.person.mail ==
          "flm@example.com");
    CHECK(found.person.phone + found.person.position + found.department == "2pd");
    CHECK(found.contact.first_name + found.contact.last_name == "cfcl");
    CHECK(found.contact.mail + found.contact.phone + found.contact.position == "cm@example.com3cp");
    CHECK((!found.is_for_ov && found.is_for_ev));
    CHECK(found.review == ManagerReview::kApproved);
    CHECK(found.created == kNow);
    CHECK(found.submitted == manager.submitted);
    CHECK(found.approved == manager.approved);
    CHECK(found.refusal == "why");
    REQUIRE(found.domains.size() == 2);
    CHECK(found.domains[1].name == "b.example.com");
    CHECK(found.domains[1].method == ValidationMethod::kFile);
    CHECK(found.domains[1].expires == kNow + absl::Hours(1));
    CHECK(snapshot.ListManagers(kMine, company.id)->size() == 1);
    CHECK(*snapshot.FindManagerOwner(manager.id) == kMine);
    CHECK(snapshot.ListCompanies(kTheirs)->empty());
    CHECK(snapshot.ListManagers(kTheirs, company.id)->empty());
    CHECK_FALSE(snapshot.FindManager(kTheirs, manager.id)->has_value());
  });
}

TEST_CASE("managers are numbered across accounts, and numbers are not used again", "[store]") {
  Stored stored(GENERATE(false, true));
  const auto add = [&](AccountId account) {
    Company company = {.account = account};
    Manager manager = {.account = account};
    stored.Write([&](Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(transaction.InsertCompany(company));
      manager.company = company.id;
      return transaction.InsertManager(manager);
    });
    return manager.id;
  };
  const std::int64_t mine = add(kMine);
  const std::int64_t theirs = add(kTheirs);

  stored.Write([&](Transaction& t) { return t.DeleteManager(kMine, theirs); });
  stored.Read([&](Snapshot& s) { CHECK(*s.FindManagerOwner(theirs) == kTheirs); });
  stored.Write([&](Transaction& t) { return t.DeleteManager(kTheirs, theirs); });
  stored.Read([&](Snapshot& s) { CHECK_FALSE(s.FindManagerOwner(theirs)->has_value()); });

  CHECK(mine != theirs);
  CHECK(add(kMine) > theirs);
}

}  // namespace certwright
