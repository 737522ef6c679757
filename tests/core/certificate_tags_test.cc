#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/certificate_service.h"
#include "core/error.h"
#include "core/row_rules.h"
#include "tests/support/engine.h"

namespace certwright {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs TagsIn(Engine& engine, const CertificateId& id) {
  Pairs pairs;
  for (const Tag& tag : engine.Find(id).tags) pairs.emplace_back(tag.key, tag.value);
  return pairs;
}

std::vector<Tag> ManyTags(int count, const std::string& prefix = "k") {
  std::vector<Tag> tags;
  for (int i = 0; i < count; ++i) tags.push_back({absl::StrCat(prefix, i), "v"});
  return tags;
}

// One certificate.
struct Tagged : Engine {
  absl::Status Change(const TagChange& change) {
    return certificates.ChangeTags(kAccount, {.certificate = id}, change);
  }

  const CertificateId id = Apply("tags.example.com");
};

TEST_CASE("tags are put on, changed in their place and taken away", "[tags]") {
  Tagged world;
  REQUIRE(world.Change({.replaced = {{"team", "web"}, {"env", "test"}, {"x", ""}}}).ok());
  CHECK(TagsIn(world, world.id) == Pairs{{"team", "web"}, {"env", "test"}, {"x", ""}});

  const absl::Status changed =
      world.Change({.replaced = {{"new", "1"}, {"team", "mail"}}, .deleted = {"env", "not there"}});

  REQUIRE(changed.ok());
  CHECK(TagsIn(world, world.id) == Pairs{{"team", "mail"}, {"x", ""}, {"new", "1"}});
}

TEST_CASE("a change of tags can be asked for again", "[tags]") {
  Tagged world;
  const TagChange change = {.replaced = {{"a", "1"}}, .deleted = {"b"}};
  REQUIRE(world.Change(change).ok());

  REQUIRE(world.Change(change).ok());

  CHECK(TagsIn(world, world.id) == Pairs{{"a", "1"}});
}

TEST_CASE("where nothing changes nothing is written, and the call succeeds", "[tags]") {
  Tagged world;
  REQUIRE(world.Change({.replaced = {{"a", "1"}}}).ok());
  const std::size_t logged = world.Log().size();

  CHECK(world.Change({.replaced = {{"a", "1"}}, .deleted = {"not there"}}).ok());

  CHECK(world.Log().size() == logged);
}

TEST_CASE("the operate log says which tags changed", "[tags]") {
  Tagged world;
  const auto remark = [&world](const TagChange& change) {
    REQUIRE(world.Change(change).ok());
    return world.Log().back().remark;
  };
  CHECK(remark({.replaced = {{"team", "web"}, {"env", "test"}}}) == "+team +env");
  CHECK(remark({.replaced = {{"team", "mail"}, {"env", "test"}}, .deleted = {"no"}}) == "+team");
  CHECK(remark({.replaced = {{"new", ""}}, .deleted = {"env"}}) == "+new -env");

  const std::string lengthy = remark({.replaced = ManyTags(10, std::string(kMaxTagKey - 1, 'k'))});
  CHECK(lengthy.size() <= 503);
  CHECK(absl::EndsWith(lengthy, "…"));
}

TEST_CASE("a tag with a control character from before can be taken away", "[tags]") {
  Tagged world;
  Certificate certificate = world.Find(world.id);
  certificate.tags = {{"a\nb", "1"}};
  REQUIRE(world.store
              ->Write([&certificate](Transaction& transaction) {
                return transaction.UpdateCertificate(certificate);
              })
              .ok());

  CHECK(world.Change({.deleted = {"a\nb"}}).ok());

  CHECK(TagsIn(world, world.id).empty());
  CHECK(world.Log().back().remark == "-a\\u000ab");
}

TEST_CASE("the operate log says who changed tags", "[tags]") {
  Tagged world;
  const Caller sub_user(kAccount, 100000000777);

  REQUIRE(
      world.certificates.ChangeTags(sub_user, {.certificate = world.id}, {.replaced = {{"a", "1"}}})
          .ok());

  const OperateLogEntry entry = world.Log().back();
  CHECK(entry.type == "modifyTags");
  CHECK(entry.certificate_id == world.id.value);
  CHECK(entry.actor == "100000000777");
}

TEST_CASE("what is found by its tags is found by the new ones", "[tags]") {
  Tagged world;
  REQUIRE(world.Change({.replaced = {{"team", "web"}}}).ok());
  REQUIRE(world.Change({.replaced = {{"team", "mail"}}}).ok());
  const auto count = [&world](const std::string& value) {
    std::int64_t total = 0;
    (void)world.store->Read([&](Snapshot& snapshot) -> absl::Status {
      total = snapshot.ListCertificates(kAccount, {.tags = {{"team", value}}})->total;
      return absl::OkStatus();
    });
    return total;
  };

  CHECK(count("mail") == 1);
  CHECK(count("web") == 0);
}

TEST_CASE("a certificate that is not the account's is like one that never was", "[tags]") {
  Tagged world;
  const TagChange change = {.replaced = {{"a", "1"}}};
  const auto refusal = [&](AccountId caller, const ResourceName& resource) {
    const absl::Status status = world.certificates.ChangeTags(caller, resource, change);
    CHECK(ErrorOf(status) == ApiError::kResourceNotFound);
    CHECK(FieldOf(status) == "Resource");
    return status;
  };

  CHECK(refusal(kOther, {.certificate = world.id}) ==
        refusal(kAccount, {.account = kOther, .certificate = world.id}));
  CHECK(refusal(kOther, {.account = kAccount, .certificate = world.id}) ==
        refusal(kOther, {.certificate = world.id}));
  CHECK_FALSE(refusal(kAccount, {.certificate = {"zzzzzzzz"}}).ok());
  CHECK(TagsIn(world, world.id).empty());
  CHECK(world.Log().size() == 1);  // its application
  CHECK(world.certificates
            .ChangeTags(kAccount, {.account = kAccount, .certificate = world.id}, change)
            .ok());
}

TEST_CASE("a change of tags that breaks a rule changes nothing", "[tags]") {
  Tagged world;
  REQUIRE(world.Change({.replaced = {{"kept", "1"}}}).ok());
  const std::size_t logged = world.Log().size();
  struct Case {
    TagChange change = {};
    ApiError error = {};
    std::string field = {};
  };
  const std::string long_key(kMaxTagKey + 1, 'k');
  const Case c = GENERATE_COPY(
      Case{{}, ApiError::kInvalidParameterTag, "ReplaceTags"},
      Case{{.replaced = ManyTags(11)}, ApiError::kInvalidParameterTag, "ReplaceTags"},
      Case{{.deleted = std::vector<std::string>(11, "k")},
           ApiError::kInvalidParameterTag,
           "DeleteTags"},
      Case{{.replaced = {{"", "v"}}},
           ApiError::kInvalidParameterValueTagKeyEmpty,
           "ReplaceTags.0.TagKey"},
      Case{{.replaced = {{"a", "v"}, {long_key, "v"}}},
           ApiError::kInvalidParameterValueTagKeyLengthExceeded,
           "ReplaceTags.1.TagKey"},
      Case{{.replaced = {{"a", std::string(kMaxTagValue + 1, 'v')}}},
           ApiError::kInvalidParameterValueTagValueLengthExceeded,
           "ReplaceTags.0.TagValue"},
      Case{{.replaced = {{"a", "v"}, {"b\n", "v"}}},
           ApiError::kInvalidParameterValueTagKeyCharacterIllegal,
           "ReplaceTags.1.TagKey"},
      Case{{.replaced = {{"a", "v\x7f"}}},
           ApiError::kInvalidParameterValueTagValueCharacterIllegal,
           "ReplaceTags.0.TagValue"},
      Case{{.replaced = {{"a", "1"}, {"a", "2"}}},
           ApiError::kInvalidParameterTag,
           "ReplaceTags.1.TagKey"},
      Case{{.deleted = {"kept", ""}},
           ApiError::kInvalidParameterValueTagKeyEmpty,
           "DeleteTags.1.TagKey"},
      Case{{.deleted = {long_key}},
           ApiError::kInvalidParameterValueTagKeyLengthExceeded,
           "DeleteTags.0.TagKey"},
      Case{{.deleted = {"kept", "kept"}}, ApiError::kInvalidParameterTag, "DeleteTags.1.TagKey"},
      Case{{.replaced = {{"a", "1"}}, .deleted = {"kept", "a"}},
           ApiError::kInvalidParameterValueDeleteTagsParamError,
           "DeleteTags.1.TagKey"});

  const absl::Status refused = world.Change(c.change);

  INFO(refused);
  CHECK(ErrorOf(refused) == c.error);
  CHECK(FieldOf(refused) == c.field);
  CHECK(absl::StrContains(refused.message(), c.field));
  CHECK(refused.message().size() < 300);
  CHECK(TagsIn(world, world.id) == Pairs{{"kept", "1"}});
  CHECK(world.Log().size() == logged);
}

TEST_CASE("keys and values may be as long as those of an upload", "[tags]") {
  Tagged world;
  std::string key;
  for (std::size_t i = 0; i < kMaxTagKey; ++i) key += "键";  // characters, not bytes

  CHECK(world.Change({.replaced = {{key, std::string(kMaxTagValue, 'v')}}}).ok());
  CHECK(world.Change({.deleted = {key}}).ok());
}

TEST_CASE("a certificate holds 50 tags, and what is taken away makes room", "[tags]") {
  Tagged world;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(world.Change({.replaced = ManyTags(10, absl::StrCat("k", i, "-"))}).ok());
  }
  const absl::Status refused = world.Change({.replaced = {{"one more", ""}}});
  CHECK(ErrorOf(refused) == ApiError::kLimitExceededResourceAttachedTags);
  CHECK(FieldOf(refused) == "ReplaceTags");
  CHECK(TagsIn(world, world.id).size() == kMaxTags);

  CHECK(world.Change({.replaced = {{"one more", ""}}, .deleted = {"k0-0"}}).ok());
  CHECK(world.Change({.replaced = {{"k0-1", "changed"}}}).ok());
  CHECK(TagsIn(world, world.id).size() == kMaxTags);
}

}  // namespace
}  // namespace certwright
