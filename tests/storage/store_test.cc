#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/sealer.h"
#include "core/status_macros.h"
#include "storage/migrate.h"
#include "storage/records.h"
#include "storage/sql_transaction.h"
#include "storage/sqlite_connection.h"
#include "storage/sqlite_store.h"
#include "tests/support/fakes.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

constexpr AccountId kMine = {100000000001};
constexpr AccountId kTheirs = {100000000002};
const absl::Time kNow = absl::FromUnixSeconds(1767229261);

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

Certificate Issued(const std::string& id, int days_left) {
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

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a certificate comes back as it went in", "[store]") {
  Stored stored(GENERATE(false, true));
  Certificate one = Issued("aaaaaaaa", 90);
  one.status_message = "text";
  one.alias = "an \"alias\"\\ with 证书";
  one.tags = {{.key = "k\n", .value = "\"v\""}, {.key = "l", .value = ""}};
  one.authorizations = {{.name = "n",
                         .method = ValidationMethod::kFile,
                         .record_type = RecordType::kFile,
                         .key = "k",
                         .value = "v",
                         .zone = "z",
                         .sub_domain = "s",
                         .path = "/p/",
                         .validated = kNow,
                         .validated_by = "lab"}};
  one.validation_method = ValidationMethod::kFile;
  one.validation_deadline = kNow + absl::Microseconds(1);
  one.ca_common_names = {"c"};
  one.ca_key_descriptions = {"RSA 2048"};
  one.ca_end_times = {kNow};
  one.replaced_by = {"older001"};
  one.replaced_for = {"newer001"};
  one.is_original_deleted = true;
  one.wanted_end = kNow + absl::Microseconds(2);
  one.issued = kNow + absl::Microseconds(3);
  stored.Insert(one);

  stored.Read([&](Snapshot& snapshot) {
    const Certificate found = **snapshot.FindCertificate(kMine, one.id);
    CHECK(found.alias == one.alias);
    CHECK(found.names == one.names);
    CHECK(found.tags.size() == 2);
    CHECK(found.tags[0].key == "k\n");
    CHECK(found.authorizations[0].path == "/p/");
    CHECK(found.authorizations[0].validated == kNow);
    CHECK(found.authorizations[0].method == ValidationMethod::kFile);
    CHECK(found.validation_deadline == one.validation_deadline);
    CHECK(found.not_after == one.not_after);
    CHECK(found.package_type == 83);
    CHECK(found.ca_end_times == one.ca_end_times);
    CHECK(found.replaced_by == one.replaced_by);
    CHECK(found.replaced_for == one.replaced_for);
    CHECK(found.is_original_deleted);
    CHECK(found.wanted_end == one.wanted_end);
    CHECK(found.issued == one.issued);
    CHECK_FALSE(found.revoked.has_value());
    CHECK_FALSE(snapshot.FindCertificate(kTheirs, one.id)->has_value());
  });
}

TEST_CASE("an id is nobody else's, in no account", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 1));
  Certificate again = Issued("aaaaaaaa", 1);
  again.account = kTheirs;
  const absl::Status status = stored.TryWrite(
      [&](Transaction& transaction) { return transaction.InsertCertificate(again, ""); });
  CHECK(status.code() == absl::StatusCode::kAlreadyExists);
  CHECK(stored.List({}, kTheirs).total == 0);
}

TEST_CASE("lists filter, sort, page and count", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("soon0001", 10));
  Certificate upload = Issued("upload01", 300);
  upload.is_upload = true;
  upload.package_type.reset();
  upload.alias = "100%_sure\\";
  upload.tags = {{.key = "env", .value = "dev"}, {.key = "team", .value = "a"}};
  upload.project_id = 7;
  stored.Insert(upload);
  Certificate open = Issued("open0001", 0);
  open.status = CertificateStatus::kReviewing;
  open.status_message = "PENDING-DCV";
  open.has_private_key = false;
  open.not_after.reset();
  stored.Insert(open);
  Certificate ca = Issued("ca000001", 100);
  ca.kind = CertificateKind::kCa;
  ca.has_private_key = false;
  stored.Insert(ca);
  Certificate renewed = Issued("renewed1", 5);
  renewed.renewed_by = {"other001"};
  stored.Insert(renewed);
  Certificate foreign = Issued("foreign1", 5);
  foreign.account = kTheirs;
  stored.Insert(foreign);

  using Q = CertificateQuery;
  CHECK(stored.Ids({}) == Ids{"renewed1", "ca000001", "open0001", "upload01", "soon0001"});
  CHECK(stored.List({.limit = 2}).total == 5);
  CHECK(stored.Ids({.offset = 1, .limit = 2}) == Ids{"ca000001", "open0001"});
  CHECK(stored.Ids({.offset = 9}).empty());
  CHECK(stored.Ids({.order = Q::Order::kExpiryAscending}) ==
        Ids{"renewed1", "soon0001", "ca000001", "upload01", "open0001"});
  CHECK(stored.Ids({.order = Q::Order::kExpiryDescending}) ==
        Ids{"upload01", "ca000001", "soon0001", "renewed1", "open0001"});
  CHECK(stored.Ids({.search = "%_sure\\"}) == Ids{"upload01"});
  CHECK(stored.Ids({.search = "%"}) == Ids{"upload01"});
  CHECK(stored.Ids({.search = "_"}) == Ids{"upload01"});
  CHECK(stored.Ids({.search = "WWW.SOON"}) == Ids{"soon0001"});
  CHECK(stored.Ids({.search = "oon00"}) == Ids{"soon0001"});
  CHECK(stored.List({.search = "example.com"}).total == 5);
  CHECK(stored.Ids({.search = "nothing"}).empty());
  CHECK(stored.Ids({.kind = CertificateKind::kCa}) == Ids{"ca000001"});
  CHECK(stored.Ids({.project_id = 7}) == Ids{"upload01"});
  CHECK(stored.Ids({.statuses = {CertificateStatus::kReviewing}}) == Ids{"open0001"});
  CHECK(stored.List({.statuses = {CertificateStatus::kReviewing, CertificateStatus::kIssued}})
            .total == 5);
  CHECK(stored.Ids({.is_upload = true}) == Ids{"upload01"});
  CHECK(stored.Ids({.is_deployable = true}) == Ids{"renewed1", "upload01", "soon0001"});
  CHECK(stored.Ids({.is_deployable = false}) == Ids{"ca000001", "open0001"});
  CHECK(stored.Ids({.is_hostable = true}) == Ids{"renewed1", "soon0001"});
  CHECK(stored.Ids({.only_renewable = true}) == Ids{"soon0001"});
  CHECK(stored.Ids({.only_expiring = true}) == Ids{"renewed1", "soon0001"});
  CHECK(stored.Ids({.only_pending_issue = true}) == Ids{"open0001"});
  CHECK(stored.Ids({.tags = {{"env", "dev"}, {"team", "a"}}}) == Ids{"upload01"});
  CHECK(stored.Ids({.tags = {{"env", "dev"}, {"team", "b"}}}).empty());
  CHECK(stored.Ids({.ids = {"soon0001", "foreign1", "nosuchid"}}) == Ids{"soon0001"});
  CHECK(stored.Ids({.matches_nothing = true}).empty());
}

TEST_CASE("free certificates are counted by account and by domain", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 9), "a.com");
  Certificate cancelled = Issued("bbbbbbbb", 9);
  cancelled.status = CertificateStatus::kCancelled;
  stored.Insert(cancelled, "a.com");
  Certificate revoked = Issued("cccccccc", 9);
  revoked.status = CertificateStatus::kRevoked;
  stored.Insert(revoked, "a.com");
  Certificate over = Issued("dddddddd", -9);
  over.status = CertificateStatus::kRevoked;
  stored.Insert(over, "a.com");
  stored.Insert(Issued("eeeeeeee", 9), "b.com");
  stored.Read([](Snapshot& snapshot) {
    CHECK(*snapshot.CountFree(kMine) == 2);
    CHECK(*snapshot.CountFreeUnder(kMine, "a.com", kNow) == 2);
    CHECK(*snapshot.CountFree(kTheirs) == 0);
  });
}

TEST_CASE("a reissue fills no quota, whatever becomes of it", "[store]") {
  Stored stored(GENERATE(false, true));
  Certificate reissue = Issued("aaaaaaaa", 9);
  reissue.account = kMine;
  reissue.replaced_by = {"original"};
  stored.Insert(reissue, "a.com");
  const auto check_none = [&] {
    stored.Read([](Snapshot& snapshot) {
      CHECK(*snapshot.CountFree(kMine) == 0);
      CHECK(*snapshot.CountFreeUnder(kMine, "a.com", kNow) == 0);
    });
  };
  check_none();
  reissue.status = CertificateStatus::kRevoked;
  stored.Write([&](Transaction& t) { return t.UpdateCertificate(reissue); });
  check_none();
  stored.Write([&](Transaction& t) { return t.DeleteCertificate(kMine, reissue.id); });
  check_none();
}

TEST_CASE("reissues are found by their original, and open ones by their domain", "[store]") {
  Stored stored(GENERATE(false, true));
  const auto insert = [&](const std::string& id, CertificateStatus status,
                          const std::string& original, AccountId account = kMine) {
    Certificate one = Issued(id, 9);
    one.account = account;
    one.status = status;
    one.replaced_by = {original};
    stored.Insert(one, "a.com");
  };
  insert("original", CertificateStatus::kReviewing, "");
  insert("issued01", CertificateStatus::kIssued, "original");
  insert("theirs01", CertificateStatus::kReissuing, "original", kTheirs);
  const auto find_open = [&](const char* domain) {
    std::string id;
    stored.Read([&](Snapshot& snapshot) {
      id = snapshot.FindOpenReissueUnder(kMine, domain)->value_or(CertificateId{"none"}).value;
    });
    return id;
  };
  CHECK(find_open("a.com") == "none");
  insert("second01",
         GENERATE(CertificateStatus::kReviewing, CertificateStatus::kDnsRecordAdded,
                  CertificateStatus::kReissuing),
         "original");
  CHECK(find_open("a.com") == "second01");
  CHECK(find_open("b.com") == "none");
  stored.Read([&](Snapshot& snapshot) {
    const std::vector<Certificate> all = *snapshot.ListReissues(kMine, {"original"});
    REQUIRE(all.size() == 2);
    CHECK(all[0].id.value == "issued01");
    CHECK(all[1].id.value == "second01");
    CHECK(snapshot.ListReissues(kMine, {""})->empty());
  });
}

TEST_CASE("a revocation comes back as it went in, and goes with its certificate", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 9));
  const CertificateId id = {"aaaaaaaa"};
  Revocation one = {.certificate = id,
                    .account = kMine,
                    .reason = "why",
                    .requested = kNow,
                    .deadline = kNow + absl::Hours(72),
                    .records = {{.name = "n", .key = "k", .value = "v"}},
                    .files = {{.name = "f"}, {.name = "g"}}};
  stored.Write([&](Transaction& t) { return t.PutRevocation(one); });
  stored.Read([&](Snapshot& snapshot) {
    const Revocation found = **snapshot.FindRevocation(kMine, id);
    CHECK(found.certificate == id);
    CHECK(found.account == kMine);
    CHECK(found.reason == "why");
    CHECK(found.requested == kNow);
    CHECK(found.deadline == one.deadline);
    REQUIRE(found.records.size() == 1);
    CHECK(found.records[0].value == "v");
    CHECK(found.files.size() == 2);
    CHECK_FALSE(snapshot.FindRevocation(kTheirs, id)->has_value());
  });
  one.deadline.reset();
  stored.Write([&](Transaction& t) { return t.PutRevocation(one); });
  stored.Read([&](Snapshot& snapshot) {
    CHECK_FALSE((*snapshot.FindRevocation(kMine, id))->deadline.has_value());
  });
  stored.Write([&](Transaction& t) { return t.PutLetter(kMine, id, "revocation", "letter"); });
  stored.Write([&](Transaction& t) { return t.DeleteCertificate(kMine, id); });
  stored.Read([&](Snapshot& s) {
    CHECK_FALSE(s.FindRevocation(kMine, id)->has_value());
    CHECK_FALSE(s.FindLetter(kMine, id, "revocation")->has_value());
  });
}

TEST_CASE("quota counters say what counting says, whatever happened", "[store]") {
  Stored stored(false);
  std::vector<std::string> ids;
  const auto draw = [&](std::uint64_t below) {
    return static_cast<std::uint64_t>(
               static_cast<unsigned char>(RandomBytes(stored.random_, 1)[0])) %
           below;
  };
  std::map<std::string, std::pair<std::string, int>> rows;  // id: domain, status
  for (int step = 0; step < 300; ++step) {
    const std::string domain = draw(2) == 0 ? "a.com" : "b.com";
    const int status = static_cast<int>(draw(16));
    Certificate one = Issued(absl::StrCat("id", 100000 + step), 9);
    one.status = static_cast<CertificateStatus>(status);
    if (draw(5) == 0) one.package_type.reset();
    if (rows.size() < 5 || draw(2) == 0) {
      stored.Insert(one, domain);
      if (one.package_type) rows[one.id.value] = {domain, status};
      continue;
    }
    auto row = std::next(rows.begin(), static_cast<long>(draw(rows.size())));
    one.account = kMine;
    one.id = {row->first};
    one.package_type = 83;
    if (draw(3) == 0) {
      stored.Write([&](Transaction& t) { return t.DeleteCertificate(kMine, one.id); });
      rows.erase(row);
    } else {
      stored.Write([&](Transaction& t) { return t.UpdateCertificate(one); });
      row->second.second = status;
    }
  }
  std::map<std::string, std::int64_t> filling;
  std::map<std::string, std::int64_t> revoked;
  const std::set<int> quota = {0, 1, 4, 9, 11, 12, 13};
  for (const auto& [id, row] : rows) {
    if (quota.count(row.second) > 0) ++filling[row.first];
    if (row.second == 10) ++revoked[row.first];
  }
  stored.Read([&](Snapshot& snapshot) {
    CHECK(*snapshot.CountFree(kMine) == filling["a.com"] + filling["b.com"]);
    for (const std::string domain : {"a.com", "b.com"}) {
      CHECK(*snapshot.CountFreeUnder(kMine, domain, kNow) == filling[domain] + revoked[domain]);
      CHECK(*snapshot.CountFreeUnder(kMine, domain, kNow + absl::Hours(24 * 9)) == filling[domain]);
    }
  });
}

TEST_CASE("an update keeps the place in the list, and needs its row", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 9));
  stored.Insert(Issued("bbbbbbbb", 9));
  Certificate changed = Issued("aaaaaaaa", 8);
  changed.account = kMine;
  changed.sequence = 77;
  changed.inserted = kNow + absl::Hours(1);
  changed.tags = {{.key = "k", .value = "v"}};
  stored.Write([&](Transaction& transaction) { return transaction.UpdateCertificate(changed); });
  CHECK(stored.Ids({}) == Ids{"bbbbbbbb", "aaaaaaaa"});
  CHECK(stored.Ids({.tags = {{"k", "v"}}}) == Ids{"aaaaaaaa"});
  CHECK(stored.List({.ids = {"aaaaaaaa"}}).certificates[0].inserted == kNow);
  changed.tags.clear();
  stored.Write([&](Transaction& transaction) { return transaction.UpdateCertificate(changed); });
  CHECK(stored.Ids({.tags = {{"k", "v"}}}).empty());
  changed.account = kTheirs;
  CHECK(stored.TryWrite([&](Transaction& t) { return t.UpdateCertificate(changed); }).code() ==
        absl::StatusCode::kNotFound);
}

TEST_CASE("the uploads of a leaf are counted and the newest is found, in its account", "[store]") {
  Stored stored(GENERATE(false, true));
  for (const char* id : {"older001", "newer001", "bought01"}) {
    Certificate one = Issued(id, 9);
    one.is_upload = one.id.value != "bought01";
    one.fingerprint_sha1 = "AB";
    stored.Insert(one);
  }
  stored.Read([](Snapshot& snapshot) {
    CHECK((*snapshot.FindUpload(kMine, "AB"))->value == "newer001");
    CHECK((*snapshot.FindNewest(kMine, "AB"))->value == "bought01");
    CHECK_FALSE(snapshot.FindNewest(kMine, "CD")->has_value());
    CHECK_FALSE(snapshot.FindNewest(kTheirs, "AB")->has_value());
    CHECK_FALSE(snapshot.FindUpload(kMine, "CD")->has_value());
    CHECK_FALSE(snapshot.FindUpload(kTheirs, "AB")->has_value());
    CHECK(*snapshot.CountUploads(kMine, "AB") == 2);
    CHECK(*snapshot.CountUploads(kMine, "CD") == 0);
    CHECK(*snapshot.CountUploads(kTheirs, "AB") == 0);
  });
}

TEST_CASE("a failing transaction undoes itself whole", "[store]") {
  Stored stored(GENERATE(false, true));
  Certificate one = Issued("aaaaaaaa", 9);
  one.account = kMine;
  const absl::Status status = stored.TryWrite([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertCertificate(one, ""));
    RETURN_IF_ERROR(transaction.AppendOperateLog({.account = kMine, .type = "apply"}));
    return absl::FailedPreconditionError("no");
  });
  CHECK(status.message() == "no");
  CHECK(stored.List({}).total == 0);
  stored.Read([](Snapshot& snapshot) { CHECK(snapshot.ListOperateLog(kMine, {})->total == 0); });
}

TEST_CASE("deleting takes body, key and jobs along, and leaves the serial number", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 9));
  const CertificateId id = {"aaaaaaaa"};
  const Issuance issuance = {.certificate = id, .account = kMine, .serial_number = "01"};
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.PutBody(kMine, id, {.leaf_der = "der"}));
    RETURN_IF_ERROR(transaction.PutKeyMaterial(kMine, id, {.private_key_der = "key"}));
    RETURN_IF_ERROR(transaction.InsertIssuance(issuance));
    RETURN_IF_ERROR(transaction.PutJob({.account = kMine, .certificate = id, .due = kNow}));
    return transaction.DeleteCertificate(kMine, id);
  });
  CHECK(stored.List({}).total == 0);
  stored.Read([&](Snapshot& snapshot) {
    CHECK(snapshot.FindBody(kMine, id)->leaf_der.empty());
    CHECK(snapshot.FindKeyMaterial(kMine, id)->private_key_der.empty());
    CHECK_FALSE(snapshot.NextJobDue(kNow, {})->has_value());
    CHECK(snapshot.FindNewestIssuance(kMine, id)->has_value());
  });
  Issuance again = issuance;
  again.certificate = {"bbbbbbbb"};
  CHECK(stored.TryWrite([&](Transaction& transaction) { return transaction.InsertIssuance(again); })
            .code() == absl::StatusCode::kAlreadyExists);
}

TEST_CASE("a chain of certificates comes apart as it was put together", "[store]") {
  Stored stored(GENERATE(false, true));
  const std::string small("\x30\x01x", 3);
  const std::string large = std::string("\x30\x82\x01\x00", 4) + std::string(256, 'y');
  const CertificateBody body = {.leaf_der = small,
                                .chain_der = {large, small, large},
                                .root_der = std::string("a\0b", 3),
                                .uploaded_pem = "pem"};
  stored.Write(
      [&](Transaction& transaction) { return transaction.PutBody(kMine, {"aaaaaaaa"}, body); });
  stored.Read([&](Snapshot& snapshot) {
    const CertificateBody found = *snapshot.FindBody(kMine, {"aaaaaaaa"});
    CHECK(found.chain_der == body.chain_der);
    CHECK(found.root_der == body.root_der);
    CHECK(found.uploaded_pem == "pem");
    CHECK(snapshot.FindBody(kTheirs, {"aaaaaaaa"})->leaf_der.empty());
  });
  stored.Write([&](Transaction& transaction) {
    return transaction.PutBody(kMine, {"aaaaaaaa"}, {.leaf_der = small, .csr_der = "csr"});
  });
  stored.Read([&](Snapshot& snapshot) {
    const CertificateBody found = *snapshot.FindBody(kMine, {"aaaaaaaa"});
    CHECK(found.chain_der.empty());
    CHECK(found.root_der.empty());
    CHECK(found.csr_der == "csr");
  });
}

TEST_CASE("a job is claimed by one, until its lease runs out", "[store]") {
  Stored stored(GENERATE(false, true));
  const CertificateId id = {"aaaaaaaa"};
  stored.Write([&](Transaction& transaction) {
    return transaction.PutJob({.account = kMine, .certificate = id, .due = kNow});
  });
  const auto claim = [&](absl::Time now) {
    std::vector<Job> jobs;
    stored.Write([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(jobs, transaction.ClaimJobs(now, now + absl::Seconds(60), 5, {}));
      return absl::OkStatus();
    });
    return jobs;
  };
  CHECK(claim(kNow - absl::Seconds(1)).empty());
  CHECK(claim(kNow).size() == 1);
  CHECK(claim(kNow + absl::Seconds(59)).empty());
  stored.Read([](Snapshot& snapshot) {
    CHECK(*snapshot.NextJobDue(kNow, {}) == kNow + absl::Seconds(60));
  });
  const std::vector<Job> again = claim(kNow + absl::Seconds(60));
  REQUIRE(again.size() == 1);
  CHECK(again[0].attempts == 2);
  stored.Write([](Transaction& transaction) { return transaction.ReleaseLeases(); });
  CHECK(claim(kNow + absl::Seconds(61)).size() == 1);
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(
        transaction.PutJob({.account = kMine, .certificate = id, .due = kNow + absl::Hours(1)}));
    return transaction.PutJob(
        {.kind = JobKind::kIssue, .account = kMine, .certificate = id, .due = kNow});
  });
  CHECK(claim(kNow + absl::Seconds(200)).size() == 1);
}

TEST_CASE("validations of skipped accounts are left, other jobs are not", "[store]") {
  Stored stored(GENERATE(false, true));
  const AccountId longer = {kMine.value * 10};  // a list of numbers must not match a part of one
  stored.Write([&](Transaction& transaction) -> absl::Status {
    for (const AccountId account : {kMine, longer}) {
      RETURN_IF_ERROR(
          transaction.PutJob({.account = account, .certificate = {"aaaaaaaa"}, .due = kNow}));
    }
    return transaction.PutJob({.kind = JobKind::kIssue,
                               .account = kMine,
                               .certificate = {"bbbbbbbb"},
                               .due = kNow - absl::Seconds(1)});
  });
  const auto claim = [&](const JobFilter& filter) {
    std::vector<std::pair<JobKind, AccountId>> claimed;
    stored.Write([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<Job> jobs,
                       transaction.ClaimJobs(kNow, kNow + absl::Seconds(60), 5, filter));
      claimed.clear();
      for (const Job& job : jobs) claimed.emplace_back(job.kind, job.account);
      return absl::OkStatus();
    });
    return claimed;
  };
  using Claimed = std::vector<std::pair<JobKind, AccountId>>;
  CHECK(claim({.skips_validations = true}) == Claimed{{JobKind::kIssue, kMine}});
  CHECK(claim({.skipped_accounts = {AccountId{7}, kMine}}) ==
        Claimed{{JobKind::kValidate, longer}});
  stored.Read([](Snapshot& snapshot) {
    const JobFilter mine = {.skipped_accounts = {kMine}};
    CHECK(*snapshot.NextJobDue(kNow, {}) == kNow);
    CHECK(*snapshot.NextJobDue(kNow, mine) == kNow + absl::Seconds(60));
    CHECK(*snapshot.NextJobDue(kNow - absl::Seconds(1), mine) == kNow);
  });
}

TEST_CASE("a job is returned by who holds it, while it stands", "[store]") {
  Stored stored(GENERATE(false, true));
  Job held = {.account = kMine,
              .certificate = {"aaaaaaaa"},
              .due = kNow,
              .lease_until = kNow + absl::Seconds(60)};
  Job again = held;
  again.due = kNow + absl::Seconds(5);
  again.lease_until = absl::InfinitePast();
  again.attempts = 3;
  const auto next_after_return = [&] {
    std::optional<absl::Time> due;
    stored.Write([&](Transaction& transaction) { return transaction.ReturnJob(held, again); });
    stored.Read([&](Snapshot& snapshot) { due = *snapshot.NextJobDue(kNow, {}); });
    return due;
  };
  CHECK(next_after_return() == std::nullopt);

  stored.Write([&](Transaction& transaction) { return transaction.PutJob(held); });
  held.lease_until += absl::Seconds(1);
  CHECK(next_after_return() == kNow + absl::Seconds(60));
  held.lease_until -= absl::Seconds(1);
  CHECK(next_after_return() == again.due);
}

TEST_CASE("a deletion task comes back as it went in, and outlives its certificate", "[store]") {
  Stored stored(GENERATE(false, true));
  stored.Insert(Issued("aaaaaaaa", 9));
  DeleteTask task = {.account = kMine, .id = "17", .certificate = {"aaaaaaaa"}, .created = kNow};
  stored.Write([&](Transaction& transaction) { return transaction.PutDeleteTask(task); });
  const auto find = [&](AccountId account, const std::string& id) {
    std::optional<DeleteTask> found;
    stored.Read([&](Snapshot& snapshot) { found = *snapshot.FindDeleteTask(account, id); });
    return found;
  };
  const auto running = [&](AccountId account) {
    std::optional<DeleteTask> found;
    stored.Read([&](Snapshot& s) { found = *s.FindRunningDeleteTask(account, {"aaaaaaaa"}); });
    return found;
  };
  CHECK(find(kMine, "17")->created == kNow);
  CHECK_FALSE(find(kMine, "17")->checked.has_value());
  CHECK_FALSE(find(kTheirs, "17").has_value());
  CHECK_FALSE(find(kMine, "017").has_value());
  CHECK(running(kMine)->id == "17");
  CHECK_FALSE(running(kTheirs).has_value());
  task.status = DeleteTaskStatus::kStillBound;
  task.error = "FailedOperation.DeleteResourceFailed";
  task.domains = {"a.example.com", "\"b\""};
  task.checked = kNow;
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.PutDeleteTask(task));
    return transaction.DeleteCertificate(kMine, task.certificate);
  });
  CHECK(find(kMine, "17")->status == DeleteTaskStatus::kStillBound);
  CHECK(find(kMine, "17")->error == task.error);
  CHECK(find(kMine, "17")->domains == task.domains);
  CHECK(find(kMine, "17")->checked == kNow);
  CHECK_FALSE(running(kMine).has_value());
}

TEST_CASE("a download link comes back by its hash, until it is swept out", "[store]") {
  Stored stored(GENERATE(false, true));
  const DownloadLink link = {.token_hash = std::string("h\0sh", 4),
                             .account = kMine,
                             .certificate = {"aaaaaaaa"},
                             .type = ServerType::kJks,
                             .expires = kNow};
  stored.Write([&](Transaction& transaction) { return transaction.InsertDownloadLink(link); });
  const auto find = [&](const std::string& hash) {
    std::optional<DownloadLink> found;
    stored.Read([&](Snapshot& snapshot) { found = *snapshot.FindDownloadLink(hash); });
    return found;
  };
  CHECK(find(link.token_hash)->account == kMine);
  CHECK(find(link.token_hash)->certificate.value == "aaaaaaaa");
  CHECK(find(link.token_hash)->type == ServerType::kJks);
  CHECK(find(link.token_hash)->expires == kNow);
  CHECK_FALSE(find("other").has_value());
  stored.Write([](Transaction& transaction) {
    return transaction.DeleteDownloadLinks(kNow - absl::Seconds(1));
  });
  CHECK(find(link.token_hash).has_value());
  stored.Write([](Transaction& transaction) { return transaction.DeleteDownloadLinks(kNow); });
  CHECK_FALSE(find(link.token_hash).has_value());
}

TEST_CASE("the operate log pages newest first, and its chain shows tampering", "[store]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  auto connection = *OpenSqliteConnection(folder.Path("certwright.db"));
  REQUIRE(Migrate(*connection).ok());
  SqlTransaction transaction(*connection, sealer);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(transaction
                .AppendOperateLog({.account = kMine,
                                   .type = absl::StrCat("type", i),
                                   .actor = "--",
                                   .time = kNow + absl::Seconds(i)})
                .ok());
  }
  const OperateLogPage page = *transaction.ListOperateLog(
      kMine, {.from = kNow + absl::Seconds(1), .until = kNow + absl::Seconds(3), .offset = 1});
  CHECK(page.total == 3);
  CHECK(page.entries[0].type == "type2");
  CHECK(VerifyOperateLog(*connection, kMine).ok());
  SECTION("a changed row") {
    REQUIRE(connection->Run("UPDATE operate_log SET actor = 'x' WHERE sequence = 2").ok());
  }
  SECTION("a missing row") {
    REQUIRE(connection->Run("DELETE FROM operate_log WHERE sequence = 3").ok());
  }
  SECTION("the newest rows missing") {
    REQUIRE(connection->Run("DELETE FROM operate_log WHERE sequence >= 4").ok());
  }
  CHECK(VerifyOperateLog(*connection, kMine).code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("the operate log counts a span, also when the clock was set back", "[store]") {
  Stored stored(GENERATE(false, true));
  std::vector<int> seconds = {1, 2, 2, 2, 3, 5, 5};
  if (GENERATE(false, true)) seconds.insert(seconds.begin() + 4, 0);
  for (const int second : seconds) {
    stored.Write([&](Transaction& transaction) {
      return transaction.AppendOperateLog({.account = kMine, .time = kNow + absl::Seconds(second)});
    });
  }
  stored.Read([&](Snapshot& snapshot) {
    CHECK(snapshot.ListOperateLog(kMine, {})->total == static_cast<std::int64_t>(seconds.size()));
    CHECK(snapshot.ListOperateLog(kTheirs, {})->total == 0);
    for (int from = -1; from <= 6; ++from) {
      for (int until = from - 1; until <= 6; ++until) {
        const auto within = std::count_if(seconds.begin(), seconds.end(),
                                          [&](int s) { return s >= from && s <= until; });
        const OperateLogPage page = *snapshot.ListOperateLog(
            kMine, {.from = kNow + absl::Seconds(from), .until = kNow + absl::Seconds(until)});
        CHECK(page.total == within);
        CHECK(page.entries.size() == static_cast<std::size_t>(within));
      }
    }
  });
}

TEST_CASE("secrets never stand in the files", "[store]") {
  Stored stored(true);
  stored.Write([](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertCredential(
        {.id = {"AKIDx"}, .account = kMine, .secret_key = "hidden-secret-key", .created = kNow}));
    RETURN_IF_ERROR(transaction.PutKeyMaterial(
        kMine, {"aaaaaaaa"},
        {.private_key_der = "hidden-private-key", .key_password = "hidden-password"}));
    return transaction.PutSetting("ca", "hidden-setting");
  });
  stored.Read([](Snapshot& snapshot) {
    CHECK((*snapshot.FindCredential({"AKIDx"}))->secret_key == "hidden-secret-key");
    CHECK(**snapshot.FindSetting("ca") == "hidden-setting");
  });
  for (const auto& entry : std::filesystem::directory_iterator(stored.folder_.path())) {
    std::stringstream bytes;
    bytes << std::ifstream(entry.path()).rdbuf();
    CAPTURE(entry.path());
    CHECK_FALSE(absl::StrContains(bytes.str(), "hidden"));
  }
}

TEST_CASE("the files are readable by their owner alone", "[store]") {
  Stored stored(true);
  stored.Insert(Issued("aaaaaaaa", 9));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(stored.folder_.path())) {
    CAPTURE(entry.path());
    CHECK((entry.status().permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    ++files;
  }
  CHECK(files == 3);  // the database, its log and the log's index
}

TEST_CASE("a view does not change while others write", "[store]") {
  Stored stored(true);
  stored.Insert(Issued("aaaaaaaa", 9));
  REQUIRE(stored.store_
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                CHECK(snapshot.ListCertificates(kMine, {})->total == 1);
                stored.Insert(Issued("bbbbbbbb", 9));
                CHECK(snapshot.ListCertificates(kMine, {})->total == 1);
                return absl::OkStatus();
              })
              .ok());
  CHECK(stored.List({}).total == 2);
}

TEST_CASE("another master key opens nothing", "[store]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer right(std::string(32, 'k'), random);
  const Sealer wrong(std::string(32, 'w'), random);
  {
    auto store = *OpenSqliteStore({.path = folder.Path("certwright.db")}, right);
    REQUIRE(store->Write([](Transaction& transaction) { return transaction.PutSetting("ca", "x"); })
                .ok());
  }
  auto store = *OpenSqliteStore({.path = folder.Path("certwright.db")}, wrong);
  CHECK(
      store->Read([](Snapshot& snapshot) { return snapshot.FindSetting("ca").status(); }).code() ==
      absl::StatusCode::kDataLoss);
}

TEST_CASE("tasks count from 1 in each account, and are found by number or certificate", "[store]") {
  const bool on_file = GENERATE(false, true);
  Stored stored(on_file);
  const CertificateId id = {"aaaaaaaa"};
  BindTask first = {.account = kMine, .certificate = id, .created = kNow, .finished = kNow};
  BindTask second = {.account = kMine, .certificate = id, .created = kNow + absl::Seconds(1)};
  BindTask theirs = {.account = kTheirs, .certificate = {"bbbbbbbb"}, .created = kNow};
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertBindTask(first));
    RETURN_IF_ERROR(transaction.InsertBindTask(second));
    return transaction.InsertBindTask(theirs);
  });
  CHECK(first.id == 1);
  CHECK(second.id == 2);
  CHECK(theirs.id == 1);
  stored.Read([&](Snapshot& snapshot) {
    CHECK((*snapshot.FindBindTask(kMine, 1))->finished == kNow);
    CHECK((*snapshot.FindBindTask(kMine, 1))->certificate == id);
    CHECK((*snapshot.FindNewestBindTask(kMine, id))->id == 2);
    CHECK_FALSE((*snapshot.FindNewestBindTask(kMine, id))->finished.has_value());
    CHECK_FALSE(snapshot.FindBindTask(kTheirs, 2)->has_value());
    CHECK_FALSE(snapshot.FindNewestBindTask(kTheirs, id)->has_value());
  });
  stored.Write([&](Transaction& transaction) {
    return transaction.DeleteBindTasks(kMine, id, second.created);
  });
  stored.Read([&](Snapshot& snapshot) {
    CHECK_FALSE(snapshot.FindBindTask(kMine, 1)->has_value());
    CHECK(snapshot.FindBindTask(kMine, 2)->has_value());
    CHECK(snapshot.FindBindTask(kTheirs, 1)->has_value());
  });
}

TEST_CASE("a newer database is left alone", "[store]") {
  ScratchFolder folder;
  SeededRandom random;
  const Sealer sealer(std::string(32, 'k'), random);
  {
    auto connection = *OpenSqliteConnection(folder.Path("certwright.db"));
    REQUIRE(Migrate(*connection).ok());
    REQUIRE(connection->Run("INSERT INTO schema_version (version) VALUES (99)").ok());
  }
  CHECK(OpenSqliteStore({.path = folder.Path("certwright.db")}, sealer).status().code() ==
        absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("two stores on one file see each other's commits", "[store]") {
  Stored first(true);
  const auto second =
      *OpenSqliteStore({.path = first.folder_.Path("certwright.db")}, first.sealer_);
  first.Insert(Issued("aaaaaaaa", 9));
  bool is_seen = false;
  REQUIRE(second
              ->Read([&](Snapshot& snapshot) -> absl::Status {
                is_seen = snapshot.FindCertificate(kMine, {"aaaaaaaa"})->has_value();
                return absl::OkStatus();
              })
              .ok());
  CHECK(is_seen);
  REQUIRE(second
              ->Write([](Transaction& transaction) {
                return transaction.DeleteCertificate(kMine, {"aaaaaaaa"});
              })
              .ok());
  CHECK(first.List({}).total == 0);
}

TEST_CASE("lists in a column are read back or refused", "[records]") {
  const Records records = {{}, {""}, {"a\"b\\c\n\x01", "证书"}, {"1", "2", "3"}};
  CHECK(*ReadRecords(WriteRecords(records)) == records);
  CHECK(ReadRecords("[]")->empty());
  const std::string whole = WriteRecords(records);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE(ReadRecords(whole.substr(0, length)).ok());
  }
  CHECK_FALSE(ReadRecords(whole + " ").ok());
  CHECK_FALSE(ReadRecords("[[1]]").ok());
}

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
