#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/x509.h"
#include "core/paid_order_service.h"
#include "tests/support/engine.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

constexpr int kSecureSiteOvPro = 5;
constexpr int kSecureSiteEvPro = 3;

Submission Data() {
  return {.csr_source = "online",
          .domain = "example.com",
          .key_algorithm = "ECC",
          .key_parameter = "prime256v1",
          .organization_name = "Beispiel Gesellschaft für Namen",
          .organization_country = "de",
          .organization_city = "Berlin",
          .organization_region = "Brandenburg",
          .contact_email = "ops@example.com",
          .company_type = "2",
          .organization_id_number = "HRB 1234"};
}

// Handed in, with its letter where one is needed, proved and issued.
CertificateId IssuePaid(Engine& engine, int product, const Submission& data) {
  const CertificateId id = engine.paid_orders.Open({.account = kAccount, .product = product})->id;
  REQUIRE(engine.paid_orders.Submit(kAccount, id, data, SubmissionForm::kCurrent).ok());
  const CommittedOrder committed =
      *engine.paid_orders.Commit(kAccount, id, std::nullopt, false, SubmissionForm::kCurrent);
  if (!committed.is_audited) {
    const std::string letter = "%PDF-1.7" + std::string(2000, 'x');
    REQUIRE(engine.paid_orders.UploadLetter(kAccount, id, letter).ok());
  }
  engine.validator.Pass();
  for (int i = 0; i < 4; ++i) engine.RunDueJobs();
  REQUIRE(engine.orders.Complete(kAccount, id).ok());
  REQUIRE(engine.Find(id).status == CertificateStatus::kIssued);
  return id;
}

CertificateBody BodyOfIssued(Engine& engine, const CertificateId& id) {
  CertificateBody body;
  REQUIRE(engine.store
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                body = *snapshot.FindBody(kAccount, id);
                return absl::OkStatus();
              })
              .ok());
  return body;
}

// As openssl prints it.
std::string TextOf(const CertificateBody& body) {
  const ScratchFolder folder;
  return RunTool("openssl x509 -inform DER -noout -text -nameopt sep_comma_plus_space,utf8 -in " +
                 folder.Write("der", body.leaf_der))
      .output;
}

// In a company, and approved for both levels.
std::int64_t ApprovedManager(Engine& engine) {
  const std::int64_t company = *engine.profiles.CreateCompany({.account = kAccount,
                                                               .name = "Approved Ltd",
                                                               .country = "GB",
                                                               .province = "Greater London",
                                                               .city = "London",
                                                               .address = "1 High Street",
                                                               .phone = "1234567",
                                                               .id_type = "OTHERS",
                                                               .id_number = "0815"});
  const std::int64_t manager = *engine.profiles.CreateManager({.account = kAccount,
                                                               .company = company,
                                                               .person = {.first_name = "Ada",
                                                                          .last_name = "Example",
                                                                          .mail = "ada@example.com",
                                                                          .phone = "1234567"}});
  REQUIRE(engine.profiles.Review(manager, true, "").ok());
  REQUIRE(engine.profiles.Review(manager, true, "").ok());
  return manager;
}

}  // namespace

TEST_CASE("an OV certificate names the organisation that was submitted, its reissue too",
          "[subject]") {
  Engine engine;
  const CertificateId id = IssuePaid(engine, kSecureSiteOvPro, Data());
  const std::string subject =
      "Subject: C=DE, ST=Brandenburg, L=Berlin, O=Beispiel Gesellschaft für Namen, CN=example.com";

  const CertificateBody body = BodyOfIssued(engine, id);
  const std::string text = TextOf(body);
  CAPTURE(text);
  CHECK(absl::StrContains(text, subject));
  CHECK(absl::StrContains(text, "Policy: 2.23.140.1.2.2"));
  CHECK(absl::StrContains(text, "CN=Certwright SecureSite OV ECC CA "));
  CHECK(CheckChain({body.leaf_der, body.chain_der.at(0), body.root_der}).ok());

  const CertificateId reissue =
      *engine.orders.Replace({.account = kAccount, .original = id, .csr_type = "original"});
  for (int i = 0; i < 3; ++i) engine.RunDueJobs();
  REQUIRE(engine.Find(reissue).status == CertificateStatus::kIssued);
  CHECK(absl::StrContains(TextOf(BodyOfIssued(engine, reissue)), subject));
}

TEST_CASE("an EV certificate also names the register that has the organisation", "[subject]") {
  Engine engine;
  Submission data = Data();
  const bool has_number = GENERATE(true, false);
  if (!has_number) data.organization_id_number.clear();
  const CertificateId id = IssuePaid(engine, kSecureSiteEvPro, data);

  const std::string text = TextOf(BodyOfIssued(engine, id));
  CAPTURE(text);
  CHECK(absl::StrContains(
      text, absl::StrCat("Subject: jurisdictionC=DE, businessCategory=Private Organization, "
                         "serialNumber=",
                         has_number ? "HRB 1234" : "not registered",
                         ", C=DE, ST=Brandenburg, L=Berlin, O=Beispiel Gesellschaft für Namen, "
                         "CN=example.com")));
  CHECK(absl::StrContains(text, "Policy: 2.23.140.1.1\n"));
}

TEST_CASE("the company of an approved manager is the one that a certificate names", "[subject]") {
  Engine engine;
  Submission data = Data();
  data.manager_id = absl::StrCat(ApprovedManager(engine));
  // What nobody checked does not count beside what was approved.
  if (GENERATE(true, false)) data.organization_name.clear();
  const CertificateId id = IssuePaid(engine, kSecureSiteOvPro, data);

  const std::string text = TextOf(BodyOfIssued(engine, id));
  CAPTURE(text);
  CHECK(absl::StrContains(
      text, "Subject: C=GB, ST=Greater London, L=London, O=Approved Ltd, CN=example.com"));
}

TEST_CASE("a DV certificate names nobody", "[subject]") {
  Engine engine;
  const CertificateBody body = BodyOfIssued(engine, engine.Issue("a.example.com"));
  CHECK(absl::StrContains(TextOf(body), "Subject: CN=a.example.com\n"));
  CHECK(absl::StartsWith(Describe(body.chain_der.at(0))->common_name, "Certwright RSA DV CA "));
}

}  // namespace certwright
