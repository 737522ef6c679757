// The store as a whole: transactions, files, secrets, versions.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "core/status_macros.h"
#include "storage/migrate.h"
#include "storage/records.h"
#include "storage/sqlite_connection.h"
#include "storage/sqlite_store.h"
#include "tests/storage/stored.h"

namespace certwright {

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

TEST_CASE("a key is found by its whole name, whatever its neighbours are", "[store]") {
  Stored stored(false);
  const auto key = [](const char* id, bool must_sign) {
    return Credential{.id = {id},
                      .account = kMine,
                      .secret_key = std::string("secret of ") + id,
                      .created = kNow,
                      .must_sign_action = must_sign};
  };
  stored.Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.InsertCredential(key("AKIDb", true)));
    return transaction.InsertCredential(key("AKIDd", false));
  });
  stored.Read([](Snapshot& snapshot) {
    for (const char* unknown : {"AKIDa", "AKIDc", "AKIDe", "AKID", "AKIDb ", "akidb", ""}) {
      CAPTURE(unknown);
      CHECK_FALSE(snapshot.FindCredential({unknown})->has_value());
    }
    CHECK((*snapshot.FindCredential({"AKIDb"}))->secret_key == "secret of AKIDb");
    CHECK((*snapshot.FindCredential({"AKIDb"}))->must_sign_action);
    CHECK_FALSE((*snapshot.FindCredential({"AKIDd"}))->must_sign_action);
  });

  stored.Write(
      [&](Transaction& transaction) { return transaction.UpdateCredential(key("AKIDd", true)); });
  stored.Read([](Snapshot& snapshot) {
    CHECK((*snapshot.FindCredential({"AKIDd"}))->must_sign_action);
    CHECK((*snapshot.ListCredentials(kMine)).size() == 2);
  });
}

}  // namespace certwright
