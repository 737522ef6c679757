// A store with two accounts, in memory or on a file.
#ifndef CERTWRIGHT_TESTS_STORAGE_STORED_H_
#define CERTWRIGHT_TESTS_STORAGE_STORED_H_

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/crypto/sealer.h"
#include "core/status_macros.h"
#include "storage/sqlite_store.h"
#include "tests/support/fakes.h"
#include "tests/support/tools.h"

namespace certwright {

inline constexpr AccountId kMine = {100000000001};
inline constexpr AccountId kTheirs = {100000000002};
inline const absl::Time kNow = absl::FromUnixSeconds(1767229261);

// The same contract holds in memory and on a file.
class Stored {
 public:
  explicit Stored(bool on_file)
      : store_(*OpenSqliteStore({.path = on_file ? folder_.Path("certwright.db") : ":memory:"},
                                sealer_)) {
    Write([](Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(transaction.InsertAccount({.id = kMine, .name = "mine", .created = kNow}));
      return transaction.InsertAccount({.id = kTheirs, .name = "theirs", .created = kNow});
    });
  }

  absl::Status TryWrite(const std::function<absl::Status(Transaction&)>& work) {
    return store_->Write(work);
  }
  void Write(const std::function<absl::Status(Transaction&)>& work) {
    const absl::Status status = store_->Write(work);
    INFO(status);
    REQUIRE(status.ok());
  }
  void Read(const std::function<void(Snapshot&)>& work) {
    REQUIRE(store_
                ->Read([&](Snapshot& snapshot) {
                  work(snapshot);
                  return absl::OkStatus();
                })
                .ok());
  }
  CertificatePage List(CertificateQuery query, AccountId account = kMine) {
    CertificatePage page;
    query.now = kNow;
    Read([&](Snapshot& snapshot) { page = *snapshot.ListCertificates(account, query); });
    return page;
  }
  std::vector<std::string> Ids(const CertificateQuery& query) {
    std::vector<std::string> ids;
    for (const Certificate& one : List(query).certificates) ids.push_back(one.id.value);
    return ids;
  }
  void Insert(Certificate certificate, const std::string& registrable = "example.com") {
    certificate.account = certificate.account.value == 0 ? kMine : certificate.account;
    certificate.inserted = kNow;
    Write([&](Transaction& transaction) {
      return transaction.InsertCertificate(certificate, registrable);
    });
  }

  ScratchFolder folder_;
  SeededRandom random_;
  Sealer sealer_{std::string(32, 'k'), random_};
  std::unique_ptr<Store> store_;
};

inline Certificate Issued(const std::string& id, int days_left) {
  Certificate one;
  one.id = {id};
  one.status = CertificateStatus::kIssued;
  one.package_type = 83;
  one.domain = id + ".example.com";
  one.names = {one.domain, "www." + one.domain};
  one.has_private_key = true;
  one.not_before = kNow - absl::Hours(24);
  one.not_after = kNow + absl::Hours(24 * days_left);
  return one;
}

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_STORAGE_STORED_H_
