// Paid orders as tests make them: opened, submitted, handed in, in review.
#ifndef CERTWRIGHT_TESTS_SUPPORT_PAID_H_
#define CERTWRIGHT_TESTS_SUPPORT_PAID_H_

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/paid_order_service.h"
#include "tests/support/engine.h"

namespace certwright {

using S = CertificateStatus;
using Names = std::vector<std::string>;

inline constexpr int kTrustAsiaDvMulti = 11;
inline constexpr int kTrustAsiaDvWildcard = 12;
inline constexpr int kSecureSiteOv = 6;
inline constexpr int kSecureSiteEv = 4;
inline constexpr int kTrustAsiaDv = 104;
inline constexpr int kWoTrusDv = 25;
inline constexpr int kWoTrusOv = 28;
inline constexpr int kDnspodDv = 48;
inline constexpr int kRapidDv = 102;
inline constexpr int kSm2 = 51;
inline constexpr int kCfcaOv = 98;

inline std::string Letter(const std::string& begin = "%PDF-1.7") {
  std::string letter = begin;
  letter.resize(2000, 'x');
  return letter;
}

class Paid {
 public:
  explicit Paid(Settings settings = {}, const OpenStore& open = OpenInMemory)
      : engine(std::move(settings), open) {}

  CertificateId Open(int product, std::int64_t domains = 1) {
    return engine.paid_orders.Open({.account = kAccount, .product = product, .domains = domains})
        ->id;
  }
  static Submission Data(const std::string& domain, Names names = {}) {
    return {.names = std::move(names),
            .csr_source = "online",
            .domain = domain,
            .key_algorithm = "ECC",
            .key_parameter = "prime256v1",
            .organization_name = "Example Ltd",
            .contact_email = "ops@example.com",
            .company_type = "2"};
  }
  absl::Status Submit(const CertificateId& id, const Submission& data,
                      SubmissionForm form = SubmissionForm::kCurrent) {
    return engine.paid_orders.Submit(kAccount, id, data, form);
  }
  absl::StatusOr<CommittedOrder> Commit(const CertificateId& id,
                                        SubmissionForm form = SubmissionForm::kCurrent) {
    return engine.paid_orders.Commit(kAccount, id, std::nullopt, false, form);
  }
  // Handed in, up to the letter.
  CertificateId Committed(int product, const std::string& domain) {
    const CertificateId id = Open(product);
    REQUIRE(Submit(id, Data(domain)).ok());
    REQUIRE(Commit(id).ok());
    return id;
  }
  // And its letter is there.
  CertificateId InReview(int product, const std::string& domain) {
    const CertificateId id = Committed(product, domain);
    REQUIRE(engine.paid_orders.UploadLetter(kAccount, id, Letter()).ok());
    return id;
  }
  std::int64_t Company(const std::string& name) {
    return *engine.profiles.CreateCompany({.account = kAccount,
                                           .name = name,
                                           .country = "GB",
                                           .province = "London",
                                           .city = "London",
                                           .address = "1 High Street",
                                           .phone = "1234567",
                                           .id_type = "OTHERS"});
  }
  // In review: with the agent, then with the CA.
  std::int64_t Manager(std::int64_t company) {
    const Person person = {
        .first_name = "Ada", .last_name = "Example", .mail = "ada@example.com", .phone = "1234567"};
    return *engine.profiles.CreateManager(
        {.account = kAccount, .company = company, .person = person});
  }
  // Of a company of its own.
  std::int64_t Manager() { return Manager(Company("Example Ltd")); }
  Certificate Find(const CertificateId& id) { return engine.Find(id); }

  Engine engine;
};

inline std::optional<ApiError> Error(const absl::Status& status) { return ErrorOf(status); }

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_PAID_H_
