#include "core/csr_service.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "core/crypto/csr.h"
#include "core/error.h"
#include "tests/support/engine.h"
#include "tests/support/tools.h"

namespace certwright {
namespace {

CsrMembers Members() {
  return {.domain = "www.example.com",
          .organization = "测试 & Co",
          .department = "R=D, \"+\"",
          .email = "ops@example.com",
          .province = "Guangdong",
          .city = "Shenzhen",
          .country = "CN",
          .encrypt_algo = "ECC",
          .key_parameter = "prime256v1"};
}

NewCsr Draft(AccountId account = kAccount) { return {.account = account, .members = Members()}; }

NewCsr Generated(AccountId account = kAccount) {
  NewCsr csr = Draft(account);
  csr.generate = true;
  return csr;
}

CsrRecord Record(Engine& engine, CsrId id, AccountId account = kAccount) {
  CsrRecord record;
  (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    record = (*snapshot.FindCsr(account, id)).value_or(CsrRecord());
    return absl::OkStatus();
  });
  return record;
}

CsrMaterial Material(Engine& engine, CsrId id, AccountId account = kAccount) {
  CsrMaterial material;
  (void)engine.store->Read([&](Snapshot& snapshot) -> absl::Status {
    material = *snapshot.FindCsrMaterial(account, id);
    return absl::OkStatus();
  });
  return material;
}

}  // namespace

TEST_CASE("a draft holds what was given, and no key", "[csr-record]") {
  Engine engine;
  NewCsr csr = Draft();
  csr.members.remark = "for the shop";
  csr.members.key_password = "secret-6";
  csr.tags = {{.key = "env", .value = "dev"}};

  const CsrId id = *engine.csrs.Create(csr);

  const CsrRecord record = Record(engine, id);
  CHECK(record.status == CsrStatus::kDraft);
  CHECK(record.subject.organization == "测试 & Co");
  CHECK(record.remarks == "for the shop");
  CHECK(record.tags.size() == 1);
  CHECK(record.created == engine.clock.Now());
  const CsrMaterial material = Material(engine, id);
  CHECK(material.csr_der.empty());
  CHECK(material.private_key_pem.empty());
  CHECK(material.key_password == "secret-6");
}

TEST_CASE("openssl verifies a generated request and reads its subject", "[csr-record]") {
  Engine engine;
  NewCsr csr = Generated();
  std::string name = "DNS:www.example.com";
  SECTION("P-256") {}
  SECTION("RSA 2048") {
    csr.members.encrypt_algo = "RSA";
    csr.members.key_parameter = "2048";
  }
  SECTION("RSA 4096, a wildcard") {
    csr.members.encrypt_algo = "RSA";
    csr.members.key_parameter = "4096";
    csr.members.domain = "*.example.com";
    name = "DNS:*.example.com";
  }
  SECTION("an IPv4 address") {
    csr.members.domain = "192.0.2.7";
    name = "IP Address:192.0.2.7";
  }
  SECTION("an IPv6 address, a country in lower case") {
    csr.members.domain = "2001:db8::1";
    csr.members.country = "cn";
    name = "IP Address:2001:DB8:0:0:0:0:0:1";
  }

  const CsrId id = *engine.csrs.Create(csr);

  CHECK(Record(engine, id).status == CsrStatus::kGenerated);
  const CsrMaterial material = Material(engine, id);
  const ScratchFolder folder;
  const std::string request = folder.Write("csr", CsrPem(material.csr_der));
  const std::string key = folder.Write("key", material.private_key_pem);
  const ToolResult text =
      RunTool("openssl req -verify -noout -text -nameopt sep_multiline,utf8,sname -in " + request);
  INFO(text.output);
  CHECK(text.exit_code == 0);
  for (const char* part : {"verify OK", "C=CN\n", "ST=Guangdong\n", "L=Shenzhen\n", "O=测试 & Co\n",
                           "OU=R=D, \"+\"\n", "emailAddress=ops@example.com\n"}) {
    CAPTURE(part);
    CHECK(absl::StrContains(text.output, part));
  }
  CHECK(absl::StrContains(text.output, "CN=" + *csr.members.domain + "\n"));
  CHECK(absl::StrContains(text.output, name));
  CHECK(RunTool("openssl pkey -pubout -in " + key).output ==
        RunTool("openssl req -pubkey -noout -in " + request).output);
  CHECK(ParseCsrPem(CsrPem(material.csr_der)).ok());
}

TEST_CASE("a password encrypts the key that is made, and is then forgotten", "[csr-record]") {
  Engine engine;
  CsrId id;
  SECTION("given with the key") {
    NewCsr csr = Generated();
    csr.members.key_password = "pass-word 1";
    id = *engine.csrs.Create(csr);
  }
  SECTION("given with the draft") {
    NewCsr csr = Draft();
    csr.members.key_password = "pass-word 1";
    id = *engine.csrs.Create(csr);
    REQUIRE(engine.csrs.Modify(kAccount, id, {}, true).ok());
  }
  SECTION("given in the end") {
    id = *engine.csrs.Create(Draft());
    REQUIRE(engine.csrs.Modify(kAccount, id, {.key_password = "pass-word 1"}, true).ok());
  }

  const CsrMaterial material = Material(engine, id);

  CHECK(material.key_password.empty());
  CHECK(absl::StartsWith(material.private_key_pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  CHECK_FALSE(ParsePrivateKeyPem(material.private_key_pem, "pass-word 2").ok());
  const auto key = ParsePrivateKeyPem(material.private_key_pem, "pass-word 1");
  REQUIRE(key.ok());
  CHECK(key->public_key_der == *CsrPublicKey(material.csr_der));
  const ScratchFolder folder;
  CHECK(RunTool("openssl pkey -noout -passin 'pass:pass-word 1' -in " +
                folder.Write("key", material.private_key_pem))
            .exit_code == 0);
}

TEST_CASE("a draft's password can be taken away", "[csr-record]") {
  Engine engine;
  NewCsr csr = Draft();
  csr.members.key_password = "pass-word 1";
  const CsrId id = *engine.csrs.Create(csr);
  REQUIRE(engine.csrs.Modify(kAccount, id, {.key_password = ""}, true).ok());
  CHECK(absl::StartsWith(Material(engine, id).private_key_pem, "-----BEGIN EC PRIVATE KEY-----"));
}

TEST_CASE("members that are not allowed are refused by name", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Draft());
  struct Row {
    const char* field;
    std::optional<std::string> CsrMembers::*member;
    std::vector<std::string> values;
  };
  const Row rows[] = {
      {"Domain",
       &CsrMembers::domain,
       {"",
        " ",
        "example",
        "*",
        "*.",
        "*.com.",
        "a..com",
        "-a.com",
        "a_b.com",
        "a.*.com",
        "**.a.com",
        "a.com.",
        "a b.com",
        "例子.com",
        "1.2.3",
        "1.2.3.4.5",
        "*.1.2.3",
        "1.2.3.4/8",
        "http://a.com",
        "a.com:443",
        "a.com\n",
        std::string("a.com\0", 6),
        std::string("1.2.3.4\0", 8),
        std::string(61, 'a') + ".com"}},
      {"Organization", &CsrMembers::organization, {"", std::string(65, 'o')}},
      {"Department", &CsrMembers::department, {"\t", std::string(65, 'd')}},
      {"Province", &CsrMembers::province, {"", std::string(129, 'p')}},
      {"City", &CsrMembers::city, {"", "a\nb", std::string(129, 'c')}},
      {"Email", &CsrMembers::email, {"", "ops.example.com", "ö@example.com", "a@b@example.com"}},
      {"Country", &CsrMembers::country, {"", "C", "CHN", "C1", "é", "C "}},
      {"EncryptAlgo", &CsrMembers::encrypt_algo, {"", "SM2", "ecc", "ECC "}},
      {"KeyParameter", &CsrMembers::key_parameter, {"", "1024", "secp384r1", "2048", "4096"}},
      {"Remark", &CsrMembers::remark, {std::string(1025, 'r')}},
      {"KeyPassword", &CsrMembers::key_password, {"short", std::string(65, 'x'), "pässword"}},
  };
  for (const Row& row : rows) {
    for (const std::string& value : row.values) {
      CAPTURE(row.field, value);
      NewCsr wrong = Draft();
      wrong.members.*row.member = value;
      CsrMembers change;
      change.*row.member = value;

      const absl::Status created = engine.csrs.Create(wrong).status();
      const absl::Status changed = engine.csrs.Modify(kAccount, id, change, true);

      INFO(created);
      CHECK(ErrorOf(created) == ApiError::kFailedOperationInvalidParam);
      CHECK(FieldOf(created) == row.field);
      CHECK(ErrorOf(changed) == ApiError::kInvalidParameterWithDetailReason);
      CHECK(FieldOf(changed) == row.field);
      CHECK_FALSE(absl::StrContains(created.message(), "pässword"));
    }
  }
  CHECK(Record(engine, id).status == CsrStatus::kDraft);
}

TEST_CASE("members may be as long as their attributes", "[csr-record]") {
  Engine engine;
  std::string organization;
  for (int i = 0; i < 64; ++i) organization += "测";
  NewCsr csr = Generated();
  csr.members.organization = organization;
  csr.members.province = std::string(128, 'p');
  csr.members.domain = std::string(60, 'a') + ".com";
  csr.members.remark = std::string(1024, 'r');
  const CsrId id = *engine.csrs.Create(csr);
  CHECK(Record(engine, id).subject.organization == organization);
  CHECK(ParseCsrPem(CsrPem(Material(engine, id).csr_der)).ok());
}

TEST_CASE("tags of a record have the limits of all tags", "[csr-record]") {
  Engine engine;
  NewCsr csr = Draft();
  for (int i = 0; i < 50; ++i) csr.tags.push_back({.key = std::to_string(i)});
  CHECK(engine.csrs.Create(csr).ok());
  csr.tags.push_back({.key = "51"});
  CHECK(ErrorOf(engine.csrs.Create(csr).status()) == ApiError::kFailedOperationInvalidParam);
}

TEST_CASE("a draft changes by what is given, and nothing else", "[csr-record]") {
  Engine engine;
  NewCsr csr = Draft();
  csr.members.remark = "old";
  csr.tags = {{.key = "env", .value = "dev"}};
  const CsrId id = *engine.csrs.Create(csr);

  REQUIRE(engine.csrs.Modify(kAccount, id, {.city = "Beijing"}, false).ok());
  REQUIRE(engine.csrs
              .Modify(kAccount, id, {.encrypt_algo = "RSA", .key_parameter = "2048", .remark = ""},
                      false)
              .ok());

  const CsrRecord record = Record(engine, id);
  CHECK(record.status == CsrStatus::kDraft);
  CHECK(record.subject.city == "Beijing");
  CHECK(record.subject.domain == "www.example.com");
  CHECK(record.encrypt_algo == "RSA");
  CHECK(record.remarks.empty());
  CHECK(record.tags.size() == 1);
}

TEST_CASE("an algorithm without its parameter does not go with the draft's", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Draft());
  const bool generate = GENERATE(false, true);
  const absl::Status status = engine.csrs.Modify(kAccount, id, {.encrypt_algo = "RSA"}, generate);
  CHECK(ErrorOf(status) == ApiError::kInvalidParameterWithDetailReason);
  CHECK(FieldOf(status) == "KeyParameter");
  CHECK(Record(engine, id).encrypt_algo == "ECC");
}

TEST_CASE("a generated record never changes again", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Generated());
  const CsrMaterial before = Material(engine, id);
  for (const bool generate : {false, true}) {
    const absl::Status status = engine.csrs.Modify(kAccount, id, {.remark = "x"}, generate);
    CHECK(ErrorOf(status) == ApiError::kInvalidParameterWithDetailReason);
    CHECK(FieldOf(status) == "CSRId");
  }
  CHECK(Record(engine, id).remarks.empty());
  CHECK(Material(engine, id).csr_der == before.csr_der);
  CHECK(Material(engine, id).private_key_pem == before.private_key_pem);
}

TEST_CASE("parameters are checked before the id, the id before the status", "[csr-record]") {
  Engine engine;
  const CsrId generated = *engine.csrs.Create(Generated());
  const CsrId unknown = {generated.value + 1000};
  const bool generate = GENERATE(false, true);
  const auto code = [&](CsrId id, const CsrMembers& members, AccountId account = kAccount) {
    return ErrorOf(engine.csrs.Modify(account, id, members, generate));
  };
  CHECK(code(unknown, {.country = "X"}) == ApiError::kInvalidParameterWithDetailReason);
  CHECK(code(unknown, {}) == ApiError::kInvalidParameterInvalidCSRId);
  CHECK(code({-1}, {}) == ApiError::kInvalidParameterInvalidCSRId);
  CHECK(code(generated, {}, kOther) == ApiError::kInvalidParameterInvalidCSRId);
  CHECK(code(generated, {.encrypt_algo = "RSA"}) == ApiError::kInvalidParameterWithDetailReason);
}

TEST_CASE("what happens while a key is made is not lost", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Draft());
  bool is_first = true;
  CsrMembers meanwhile;
  bool is_generated = false;
  std::optional<ApiError> expected;
  SECTION("another request") {
    meanwhile.city = "Beijing";
    expected = ApiError::kFailedOperation;
  }
  SECTION("another password") {
    meanwhile.key_password = "pass-word 1";
    expected = ApiError::kFailedOperation;
  }
  SECTION("a remark") { meanwhile.remark = "kept"; }
  SECTION("another key") {
    is_generated = true;
    expected = ApiError::kInvalidParameterWithDetailReason;
  }
  engine.fresh_keys.before = [&] {
    if (!std::exchange(is_first, false)) return;
    REQUIRE(engine.csrs.Modify(kAccount, id, meanwhile, is_generated).ok());
  };

  const absl::Status status = engine.csrs.Modify(kAccount, id, {}, true);

  CHECK(ErrorOf(status) == expected);
  const CsrRecord record = Record(engine, id);
  CHECK(record.remarks == meanwhile.remark.value_or(""));
  CHECK(record.subject.city == meanwhile.city.value_or("Shenzhen"));
  CHECK((record.status == CsrStatus::kGenerated) == (is_generated || !expected));
}

TEST_CASE("a record deleted while its key is made stays deleted", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Draft());
  engine.fresh_keys.before = [&] { REQUIRE(engine.csrs.Delete(kAccount, {id}).ok()); };
  CHECK(ErrorOf(engine.csrs.Modify(kAccount, id, {}, true)) ==
        ApiError::kInvalidParameterInvalidCSRId);
  CHECK(Material(engine, id).private_key_pem.empty());
}

TEST_CASE("a key that cannot be made leaves everything as it was", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Draft());
  engine.fresh_keys.is_broken = true;
  CHECK(ErrorOf(engine.csrs.Create(Generated()).status()) == ApiError::kFailedOperationSystemError);
  CHECK(ErrorOf(engine.csrs.Modify(kAccount, id, {.city = "Beijing"}, true)) ==
        ApiError::kFailedOperation);
  CHECK(Record(engine, id).subject.city == "Shenzhen");
  CHECK(Record(engine, {id.value + 1}).id.value == 0);
}

TEST_CASE("deletion takes what is there and tells it", "[csr-record]") {
  Engine engine;
  const CsrId draft = *engine.csrs.Create(Draft());
  const CsrId generated = *engine.csrs.Create(Generated());
  const CsrId theirs = *engine.csrs.Create(Draft(kOther));
  const CsrId unknown = {theirs.value + 1000};

  CHECK(ErrorOf(engine.csrs.Delete(kAccount, {theirs, unknown}).status()) ==
        ApiError::kInvalidParameterInvalidCSRId);
  CHECK(*engine.csrs.Delete(kAccount, {generated, theirs, draft, draft, unknown}) ==
        std::vector<CsrId>{generated, draft});

  CHECK(Record(engine, generated).id.value == 0);
  CHECK(Material(engine, generated).private_key_pem.empty());
  CHECK(Record(engine, theirs, kOther).id == theirs);
  CHECK(engine.csrs.Create(Draft())->value > theirs.value);
}

TEST_CASE("at most 100 records are deleted at a time", "[csr-record]") {
  Engine engine;
  const CsrId id = *engine.csrs.Create(Draft());
  std::vector<CsrId> ids(101, id);
  CHECK(ErrorOf(engine.csrs.Delete(kAccount, ids).status()) ==
        ApiError::kInvalidParameterWithDetailReason);
  CHECK(Record(engine, id).id == id);
  ids.pop_back();
  CHECK(engine.csrs.Delete(kAccount, ids)->size() == 1);
}

}  // namespace certwright
