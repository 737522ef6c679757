// Certificates, what hangs on them, and the counters of quotas.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/status_macros.h"
#include "tests/storage/stored.h"

namespace certwright {
namespace {

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
  one.has_issuers = true;
  one.is_auto_renewed = true;
  one.total_years = 3;
  one.year = 2;
  one.paid_until = kNow + absl::Microseconds(4);
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
    CHECK(found.has_issuers);
    CHECK(found.is_auto_renewed);
    CHECK(found.total_years == 3);
    CHECK(found.year == 2);
    CHECK(found.paid_until == one.paid_until);
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

TEST_CASE("what the next certificate follows by itself is not renewable", "[store]") {
  Stored stored(GENERATE(false, true));
  Certificate last = Issued("last0001", 5);
  last.paid_until = last.not_after;
  stored.Insert(last);
  Certificate followed = Issued("follow01", 5);
  followed.paid_until = *followed.not_after + absl::Microseconds(1);
  stored.Insert(followed);
  Certificate reissue = followed;
  reissue.id = {"reissue1"};
  reissue.replaced_by = followed.id;
  stored.Insert(reissue);
  CHECK(stored.Ids({.only_renewable = true}) == std::vector<std::string>{"reissue1", "last0001"});
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

}  // namespace certwright
