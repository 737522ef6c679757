// What applicants hand in for paid orders.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_life.h"
#include "core/crypto/csr.h"
#include "core/crypto/keys.h"
#include "core/crypto/x509.h"
#include "core/error.h"
#include "core/paid_order_service.h"
#include "tests/support/paid.h"

namespace certwright {

TEST_CASE("a wildcard brings its parent, and is proved there", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Open(kTrustAsiaDvWildcard);
  REQUIRE(paid.Submit(id, Paid::Data("*.example.com")).ok());
  REQUIRE(paid.Commit(id).ok());

  const Certificate order = paid.Find(id);

  CHECK(order.names == Names{"*.example.com", "example.com"});
  REQUIRE(order.authorizations.size() == 1);
  CHECK(order.authorizations[0].name == "example.com");
}

TEST_CASE("TrustAsia and WoTrus ask for a CNAME, the other brands for a TXT", "[paid]") {
  Paid paid;
  const int product = GENERATE(kTrustAsiaDv, kWoTrusDv, kRapidDv, kDnspodDv);
  const bool is_txt = product == kRapidDv || product == kDnspodDv;
  const CertificateId dns = paid.Committed(product, "a.example.com");
  const CertificateId file = paid.Open(product);
  Submission data = Paid::Data("a.example.com");
  data.method = ValidationMethod::kFile;
  REQUIRE(paid.Submit(file, data).ok());
  REQUIRE(paid.Commit(file).ok());

  const DomainAuthorization record = paid.Find(dns).authorizations.at(0);
  CHECK(record.record_type == (is_txt ? RecordType::kTxt : RecordType::kCname));
  CHECK((record.key == "_dnsauth.a.example.com") == is_txt);
  CHECK((paid.Find(file).authorizations.at(0).key == "fileauth.txt") == is_txt);
}

TEST_CASE("products come in their numbers of domains and years only", "[paid]") {
  Paid paid;
  const auto open = [&](PaidOrder order) {
    order.account = kAccount;
    return Error(paid.engine.paid_orders.Open(order).status());
  };

  CHECK(open({.product = 83}) == ApiError::kInvalidParameterValue);
  CHECK(open({.product = 9999}) == ApiError::kInvalidParameterValue);
  CHECK(open({.product = kRapidDv, .domains = 2}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kTrustAsiaDvMulti, .domains = 1}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kTrustAsiaDvMulti, .domains = 51}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kRapidDv, .years = 2}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kSecureSiteOv, .years = 4}) == ApiError::kInvalidParameter);
  CHECK(open({.product = kSecureSiteOv, .years = 3}) == std::nullopt);
}

TEST_CASE("each fault of a submission has its code, in either form", "[paid]") {
  Paid paid;
  const CertificateId dv = paid.Open(kRapidDv);
  const CertificateId ov = paid.Open(kSecureSiteOv);
  const CertificateId sm2 = paid.Open(kSm2);
  const auto submit = [&](const CertificateId& id, void (*spoil)(Submission&),
                          SubmissionForm form = SubmissionForm::kCurrent) {
    Submission data = Paid::Data("example.com");
    spoil(data);
    return Error(paid.Submit(id, data, form));
  };
  using E = ApiError;
  constexpr auto kOlder = SubmissionForm::kOlder;

  CHECK(submit(dv, [](Submission& data) { data.domain = "co.uk"; }) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(
            dv, [](Submission& data) { data.domain = "co.uk"; }, kOlder) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) { data.domain = "*.example.com"; }) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(dv, [](Submission& data) { data.names = {"b.example.com"}; }) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(dv, [](Submission& data) { data.csr_source = "made"; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) { data.key_parameter = "secp384r1"; }) ==
        E::kInvalidParameterRenewAlgorithmInvalid);
  CHECK(submit(dv, [](Submission& data) {
          data.csr_source = "parse";
          data.csr_pem = "nonsense";
        }) == E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) { data.key_password = "short"; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(dv, [](Submission& data) {
          data.company_type = "1";
          data.contact_email.clear();
        }) == E::kFailedOperationCertificateInfoSubmitContactEmailEmpty);
  CHECK(submit(ov, [](Submission& data) { data.company_type = "1"; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(ov, [](Submission& data) { data.organization_name.clear(); }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(sm2, [](Submission&) {}) == E::kFailedOperationInvalidParam);
  CHECK(submit({"nosuchid"}, [](Submission&) {}) == E::kFailedOperationCertificateNotFound);
  CHECK(Error(paid.Commit(dv).status()) == E::kFailedOperationCertificateInfoSubmitStatusInvalid);
  CHECK(Error(paid.Commit(dv, kOlder).status()) == E::kFailedOperationInvalidCertificateStatusCode);
}

TEST_CASE("a submission fits its product", "[paid]") {
  Paid paid;
  using E = ApiError;
  const auto submit = [&](int product, void (*spoil)(Submission&),
                          SubmissionForm form = SubmissionForm::kCurrent) {
    const std::int64_t domains = product == kTrustAsiaDvMulti ? 2 : 1;
    Submission data = Paid::Data("example.com");
    spoil(data);
    return Error(paid.Submit(paid.Open(product, domains), data, form));
  };
  const auto ask_rsa4096 = [](Submission& data) {
    data.key_algorithm = "RSA";
    data.key_parameter = "4096";
  };
  const auto ask_p384 = [](Submission& data) { data.key_parameter = "secp384r1"; };
  const auto name_nobody = [](Submission&) {};

  CHECK(submit(kTrustAsiaDv, ask_rsa4096) == E::kInvalidParameterRenewAlgorithmInvalid);
  CHECK(submit(kSecureSiteOv, ask_rsa4096) == std::nullopt);
  CHECK(submit(kSecureSiteOv, ask_p384) == E::kInvalidParameterRenewAlgorithmInvalid);
  CHECK(submit(kWoTrusOv, ask_p384) == std::nullopt);
  CHECK(submit(kRapidDv, [](Submission& data) { data.key_parameter.clear(); }) ==
        E::kInvalidParameterRenewAlgorithmInvalid);
  CHECK(submit(
            kRapidDv, [](Submission& data) { data.key_parameter.clear(); },
            SubmissionForm::kOlder) == std::nullopt);
  CHECK(submit(kTrustAsiaDv, [](Submission& data) {
          data.csr_source = "parse";
          data.csr_pem = CsrPem(*MakeCsr(*GenerateKey(KeyAlgorithm::kEccP384), {"example.com"}));
        }) == E::kInvalidParameterRenewAlgorithmInvalid);
  CHECK(submit(kTrustAsiaDvMulti, name_nobody) ==
        E::kFailedOperationCertificateInfoSubmitDomainInvalid);
  CHECK(submit(kSecureSiteOv, [](Submission& data) { data.method = ValidationMethod::kDnsAuto; }) ==
        E::kFailedOperationInvalidParam);
  CHECK(submit(kCfcaOv, name_nobody) == E::kFailedOperationInvalidParam);
  CHECK(submit(kCfcaOv, [](Submission& data) {
          data.organization_id_type = "TYDMZ";
          data.admin_id_type = data.contact_id_type = "SFZ";
          data.organization_id_number = data.admin_id_number = data.contact_id_number = "1";
        }) == std::nullopt);
  CHECK(submit(kRapidDv, [](Submission& data) { data.ca_type = "sectigo"; }) ==
        E::kFailedOperationCertificateOrderSubmitRootCAInvalid);
  CHECK(submit(kDnspodDv, [](Submission& data) { data.ca_type = "sectigo"; }) == std::nullopt);
  CHECK(submit(kDnspodDv, [](Submission& data) { data.ca_type = "other"; }) ==
        E::kFailedOperationCertificateOrderSubmitRootCAInvalid);
}

TEST_CASE("a mail address that is none is refused under its own name", "[paid]") {
  Paid paid;
  Submission data = Paid::Data("example.com");
  data.technical_email = "nobody";

  const absl::Status refused = paid.Submit(paid.Open(kRapidDv), data);

  CHECK(Error(refused) == ApiError::kFailedOperationInvalidParam);
  CHECK(absl::StrContains(refused.message(), "TechEmail"));
}

TEST_CASE("one request serves one order", "[paid]") {
  Paid paid;
  Submission data = Paid::Data("example.com");
  data.csr_source = "parse";
  data.csr_pem = CsrPem(*MakeCsr(*GenerateKey(KeyAlgorithm::kEccP256), {"example.com"}));
  const CertificateId first = paid.Open(kRapidDv);
  const CertificateId second = paid.Open(kRapidDv);
  REQUIRE(paid.Submit(first, data).ok());
  REQUIRE(paid.Submit(second, data).ok());
  REQUIRE(paid.Commit(first).ok());

  CHECK(Error(paid.Commit(second).status()) == ApiError::kFailedOperationInvalidParam);
  CHECK(Error(paid.Submit(second, data)) == ApiError::kFailedOperationInvalidParam);
  SECTION("nor another's reissue") {
    const CertificateId issued = paid.Committed(kRapidDv, "example.com");
    paid.engine.validator.Pass();
    REQUIRE(paid.engine.orders.Complete(kAccount, issued).ok());
    CHECK(Error(paid.engine.orders
                    .Replace({.account = kAccount,
                              .original = issued,
                              .csr_type = "upload",
                              .csr_pem = data.csr_pem})
                    .status()) == ApiError::kFailedOperationInvalidParam);
  }
  SECTION("until that is over") {
    REQUIRE(paid.engine.orders.CancelAudit(kAccount, first).ok());
    CHECK(paid.Commit(second).ok());
  }
}

TEST_CASE("an order that is handed in twice at once is told so", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Committed(GENERATE(kRapidDv, kSecureSiteOv), "example.com");

  CHECK(Error(paid.Commit(id).status()) ==
        ApiError::kFailedOperationCertificateOrderSubmitProcessing);
  CHECK(Error(paid.Commit(id, SubmissionForm::kOlder).status()) ==
        ApiError::kFailedOperationInvalidCertificateStatusCode);
  paid.engine.clock.Advance(absl::Seconds(1));
  CHECK(Error(paid.Commit(id).status()) ==
        ApiError::kFailedOperationCertificateInfoSubmitStatusInvalid);
}

TEST_CASE("a person's order needs a mail address in the end", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Open(kRapidDv);
  Submission data = {.csr_source = "online", .domain = "example.com"};
  REQUIRE(paid.Submit(id, data, SubmissionForm::kOlder).ok());

  CHECK(Error(paid.Commit(id).status()) ==
        ApiError::kFailedOperationCertificatePreVerifyEmailInvalid);
  data.contact_email = "ada@example.com";
  REQUIRE(paid.Submit(id, data, SubmissionForm::kOlder).ok());
  CHECK(paid.Commit(id).ok());
}

TEST_CASE("an order that is handed in takes no data, and free orders take none", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Committed(kRapidDv, "example.com");
  const CertificateId free = paid.engine.Apply("free.example.com");

  for (const CertificateId& one : {id, free}) {
    CHECK(Error(paid.Submit(one, Paid::Data("example.org"))) ==
          ApiError::kFailedOperationCertificateInfoSubmitStatusInvalid);
    CHECK(Error(paid.engine.paid_orders.Reopen(kAccount, one)) ==
          ApiError::kFailedOperationCertificateStatusNotAllowResubmit);
  }
}

TEST_CASE("an order names a company of its own account, or none", "[paid]") {
  Paid paid;
  Company company = {.account = kAccount,
                     .name = "Example Ltd",
                     .country = "GB",
                     .province = "London",
                     .city = "London",
                     .address = "1 High Street",
                     .phone = "1234567",
                     .id_type = "OTHERS"};
  const std::int64_t own = *paid.engine.profiles.CreateCompany(company);
  company.account = kOther;
  const std::int64_t others = *paid.engine.profiles.CreateCompany(company);
  const CertificateId id = paid.Open(kSecureSiteOv);
  const auto submit = [&](const std::string& company_id) {
    Submission data = Paid::Data("example.com");
    data.company_id = company_id;
    return Error(paid.Submit(id, data));
  };

  CHECK(submit(absl::StrCat(others)) == ApiError::kFailedOperationInvalidParam);
  CHECK(submit("x") == ApiError::kFailedOperationInvalidParam);
  CHECK(submit("0") == std::nullopt);
  CHECK(submit(absl::StrCat(own)) == std::nullopt);
  std::optional<Submission> kept;
  REQUIRE(paid.engine.store
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                kept = *snapshot.FindSubmission(kAccount, id);
                return absl::OkStatus();
              })
              .ok());
  CHECK(kept->organization_name == "Example Ltd");
  CHECK(kept->organization_address == "1 High Street");
  CHECK(kept->organization_region == "London");
}

TEST_CASE("documents have their documented kinds", "[paid]") {
  Paid paid;
  const CertificateId id = paid.Open(kSecureSiteOv);
  for (std::string Submission::*const kind :
       {&Submission::organization_id_type, &Submission::admin_id_type,
        &Submission::contact_id_type}) {
    Submission data = Paid::Data("example.com");
    data.*kind = "CARD";
    CHECK(Error(paid.Submit(id, data)) == ApiError::kFailedOperationInvalidParam);
    data.*kind = kind == &Submission::organization_id_type ? "TYDMZ" : "HZ";
    CHECK(paid.Submit(id, data).ok());
  }
}

TEST_CASE("a manager is counted by the orders that need it now", "[paid]") {
  Paid paid;
  Engine& engine = paid.engine;
  const std::int64_t manager = paid.Manager();
  const auto count = [&] { return engine.profiles.FindManager(kAccount, manager)->certificates; };
  Submission data = Paid::Data("example.com");
  data.manager_id = absl::StrCat(manager);
  const CertificateId id = paid.Open(kSecureSiteOv);

  REQUIRE(paid.Submit(id, data).ok());
  CHECK(count() == 1);
  CHECK(Error(engine.profiles.Delete(kAccount, manager)) ==
        ApiError::kFailedOperationManagerCanNotDeleteCert);
  REQUIRE(paid.Submit(id, Paid::Data("example.com")).ok());
  CHECK(count() == 0);
  REQUIRE(paid.Submit(id, data).ok());
  REQUIRE(paid.Commit(id).ok());
  CHECK(count() == 1);
  REQUIRE(engine.orders.CancelAudit(kAccount, id).ok());
  CHECK(count() == 0);
  REQUIRE(engine.paid_orders.Reopen(kAccount, id).ok());
  CHECK(count() == 0);
  CHECK(engine.profiles.Delete(kAccount, manager).ok());
}

}  // namespace certwright
