// The two actions of the Tag API.
#include <catch2/catch.hpp>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/service_names.h"
#include "server/api_services.h"
#include "tag/v20180813/tag.pb.h"
#include "tests/support/asked.h"
#include "tests/support/signed_server.h"

namespace certwright {
namespace {

constexpr char kDescribe[] = "DescribeResourceTagsByResourceIds";
constexpr char kModify[] = "ModifyResourceTags";
constexpr char kUnauthorized[] = "AuthFailure.UnauthorizedOperation";

std::string Selecting(const std::string& ids, const std::string& more = "") {
  return absl::StrCat(R"({"ServiceType":"ssl","ResourcePrefix":"certificate","ResourceIds":)", ids,
                      R"(,"ResourceRegion":"")", more, "}");
}
std::string Changing(const std::string& lists) {
  return absl::StrCat(R"({"Resource":"qcs::ssl:ap-guangzhou:uin/:certificate/$id",)", lists, "}");
}

// A tag a key, 0 to `count` - 1.
void PutTags(Asked& asked, const std::string& id, int count) {
  std::vector<std::string> tags;
  for (int i = 0; i < count; ++i) {
    tags.push_back(absl::StrCat(R"({"TagKey":"k)", i, R"(","TagValue":"v"})"));
  }
  asked.Answer(kModify, absl::StrReplaceAll(Changing(absl::StrCat(R"("ReplaceTags":[)",
                                                                  absl::StrJoin(tags, ","), "]")),
                                            {{"$id", id}}));
}

}  // namespace

TEST_CASE("every service's table fits its descriptor", "[tags]") {
  for (const ApiService& service : ApiServices()) {
    ActionTable table;
    service.bind(table);
    const absl::Status fits = table.Check(*service.descriptor);
    INFO(fits);
    CHECK(fits.ok());
    CHECK(ServiceOf(service.version) == service.name);
    // Clients sign for the service that the package names.
    CHECK(absl::StartsWith(service.descriptor->full_name(),
                           absl::StrCat("certwright.", service.name, ".v")));
    CHECK(ServiceNameOf(*service.descriptor) == service.name);
  }
}

TEST_CASE("the names of services are those of the services", "[tags]") {
  std::set<std::string> names;
  for (const ApiService& service : ApiServices()) names.insert(service.name);
  CHECK(names == std::set<std::string>(std::begin(kServiceNames), std::end(kServiceNames)));
}

TEST_CASE("no two services have an action of the same name", "[tags]") {
  std::set<std::string> names;
  std::size_t count = 0;
  for (const ApiService& service : ApiServices()) {
    for (int i = 0; i < service.descriptor->method_count(); ++i, ++count) {
      names.insert(service.descriptor->method(i)->name());
    }
  }
  CHECK(names.size() == count);
}

TEST_CASE("a tag that is put on is shown, by both services", "[tags]") {
  Asked asked;
  CHECK(asked.Answer(kModify, Changing(R"("ReplaceTags":[{"TagKey":"team","TagValue":"web"}])")) ==
        R"({"Response":{"RequestId":"id"}})");

  CHECK(asked.Answer(kDescribe, Selecting(R"(["$id"])")) ==
        absl::StrCat(R"({"Response":{"TotalCount":1,"Offset":0,"Limit":15,"Tags":[{)",
                     R"("TagKey":"team","TagValue":"web","ResourceId":")", asked.id,
                     R"(","TagKeyMd5":"f894427cc1c571f79da49605ef8b112f",)",
                     R"("TagValueMd5":"2567a5ec9705eb7ac2c984033e06189d",)",
                     R"("ServiceType":"ssl","Category":"Custom"}],"RequestId":"id"}})"));
  CHECK(absl::StrContains(asked.Answer("DescribeCertificate", R"({"CertificateId":"$id"})"),
                          R"("Tags":[{"TagKey":"team","TagValue":"web"}])"));

  asked.Answer(kModify, Changing(R"("DeleteTags":[{"TagKey":"team"}])"));
  CHECK(absl::StrContains(asked.Answer(kDescribe, Selecting(R"(["$id"])")),
                          R"("TotalCount":0,"Offset":0,"Limit":15,"Tags":[])"));
}

TEST_CASE("tags come in pages over all certificates that are asked for", "[tags]") {
  Asked asked;
  PutTags(asked, asked.id, 3);
  PutTags(asked, asked.open, 2);
  const auto keys = [&asked](const std::string& more) {
    const std::string answer =
        asked.Answer(kDescribe, Selecting(R"(["$id","$open","$id","zzzzzzzz"])", more));
    CHECK(absl::StrContains(answer, R"("TotalCount":5,)"));
    std::string all;
    constexpr char kKey[] = R"("TagKey":")";
    for (std::size_t at = 0; (at = answer.find(kKey, at)) != std::string::npos; ++at) {
      absl::StrAppend(&all, answer.substr(at + sizeof kKey - 1, 2));
    }
    return all;
  };

  CHECK(keys("") == "k0k1k2k0k1");
  CHECK(keys(R"(,"Limit":2)") == "k0k1");
  CHECK(keys(R"(,"Limit":2,"Offset":2)") == "k2k0");
  CHECK(keys(R"(,"Limit":2,"Offset":4)") == "k1");
  CHECK(keys(R"(,"Limit":400,"Offset":0)") == "k0k1k2k0k1");
  CHECK(keys(R"(,"Limit":2,"Offset":6)").empty());
}

TEST_CASE("tags are of the account, and there are none of the system", "[tags]") {
  Asked asked;
  PutTags(asked, asked.id, 1);
  const auto has_tag = [&asked](const std::string& category) {
    return absl::StrContains(
        asked.Answer(kDescribe,
                     Selecting(R"(["$id"])", absl::StrCat(R"(,"Category":")", category, "\""))),
        R"("TotalCount":1,)");
  };
  CHECK(has_tag("Custom"));
  CHECK(has_tag("All"));
  CHECK_FALSE(has_tag("System"));
}

TEST_CASE("a stranger sees no tags and changes none", "[tags]") {
  Asked asked;
  PutTags(asked, asked.id, 1);
  const auto seen = asked.Ask(kDescribe, Selecting(R"(["$id"])"), kOther);
  CHECK(*seen == *asked.Ask(kDescribe, Selecting(R"(["zzzzzzzz"])"), kOther));

  const std::string change = Changing(R"("DeleteTags":[{"TagKey":"k0"}])");
  CHECK(ErrorOf(asked.Ask(kModify, change, kOther).status()) == ApiError::kResourceNotFound);
  CHECK(asked.server.engine.Find({asked.id}).tags.size() == 1);
}

TEST_CASE("wrong parameters of the tag service are refused by name", "[tags]") {
  Asked asked;
  using E = ApiError;
  const std::string one = R"(["$id"])";
  const auto selecting = [&one](const std::string& from, const std::string& to) {
    return absl::StrReplaceAll(Selecting(one), {{from, to}});
  };
  const std::string tag = R"("ReplaceTags":[{"TagKey":"a","TagValue":"b"}])";
  for (const Refused& row : std::vector<Refused>{
           {kDescribe, selecting("\"ssl\"", "\"cvm\""), E::kInvalidParameterValueServiceTypeInvalid,
            "ServiceType"},
           {kDescribe, selecting("\"certificate\"", "\"instance\""),
            E::kInvalidParameterValueResourcePrefixInvalid, "ResourcePrefix"},
           {kDescribe, selecting("Region\":\"\"", "Region\":\"?\""),
            E::kInvalidParameterValueRegionInvalid, "ResourceRegion"},
           {kDescribe, Selecting("[]"), E::kMissingParameter, "ResourceIds"},
           {kDescribe, Selecting(ManyIds(51)), E::kInvalidParameterValueResourceIdInvalid,
            "ResourceIds"},
           {kDescribe, Selecting(one, R"(,"Limit":0)"), E::kInvalidParameterValue, "Limit"},
           {kDescribe, Selecting(one, R"(,"Limit":1001)"), E::kInvalidParameterValue, "Limit"},
           {kDescribe, Selecting(one, R"(,"Limit":2,"Offset":3)"), E::kInvalidParameterValue,
            "Offset"},
           {kDescribe, Selecting(one, R"(,"Limit":1,"Offset":18446744073709551615)"),
            E::kInvalidParameterValue, "Offset"},
           {kDescribe, Selecting(one, R"(,"Category":"custom")"), E::kInvalidParameterValue,
            "Category"},
           {kModify, absl::StrCat("{", tag, "}"), E::kMissingParameter, "Resource"},
           {kModify, absl::StrCat(R"({"Resource":"$id",)", tag, "}"),
            E::kInvalidParameterValueResourceDescriptionError, "Resource"},
           {kModify, Changing(R"("ReplaceTags":[],"DeleteTags":[])"), E::kInvalidParameterTag,
            "ReplaceTags"},
           {kModify, Changing(R"("ReplaceTags":[{"TagKey":"a"}])"), E::kMissingParameter,
            "ReplaceTags.0.TagValue"},
           {kModify, Changing(R"("ReplaceTags":[{"TagKey":"a\n","TagValue":"b"}])"),
            E::kInvalidParameterValueTagKeyCharacterIllegal, "ReplaceTags.0.TagKey"},
           {kModify, Changing(R"("ReplaceTags":[{"TagKey":"a","TagValue":"\u0000"}])"),
            E::kInvalidParameterValueTagValueCharacterIllegal, "ReplaceTags.0.TagValue"},
           {kModify,
            Changing(R"("ReplaceTags":[{"TagKey":"a","TagValue":"b","Category":"System"}])"),
            E::kInvalidParameterTag, "ReplaceTags.0.Category"}}) {
    asked.Check(row);
  }
  CHECK(asked.server.engine.Find({asked.id}).tags.empty());
}

TEST_CASE("the operate log tells of changed tags in both languages", "[tags]") {
  Asked asked;
  PutTags(asked, asked.id, 1);
  const auto log = [&asked](Language language) {
    return *asked.server.Ask("DescribeCertificateOperateLogs", "{}", language);
  };
  CHECK(absl::StrContains(log(Language::kChinese), "修改标签"));
  CHECK(
      absl::StrContains(log(Language::kEnglish),
                        absl::StrCat("change the tags of Certificate[id: ", asked.id, "] (+k0)")));
}

// Keys with policies, through the real pipeline.
struct Guarded : SignedServer {
  Key Limited(const std::string& action, const std::string& resource) {
    return NewKey(
        {.account = kAccount,
         .sub_account = 100000000777,
         .policy = absl::StrCat(R"({"version":"2.0","statement":{"effect":"allow",)",
                                R"("action":")", action, R"(","resource":")", resource, R"("}})")});
  }
  std::string Code(const std::string& action, const google::protobuf::Message& request,
                   const Key& key) {
    const auto* service = tag::v20180813::TagService::descriptor();
    return Ask(*service->FindMethodByName(action), request.SerializeAsString(), key).code;
  }
  tag::v20180813::ModifyResourceTagsRequest Tagging(const std::string& resource) {
    tag::v20180813::ModifyResourceTagsRequest request;
    request.set_resource(resource);
    auto& tag = *request.add_replace_tags();
    tag.set_tag_key("a");
    tag.set_tag_value("b");
    return request;
  }
  tag::v20180813::DescribeResourceTagsByResourceIdsRequest Looking(
      const std::vector<std::string>& ids) {
    tag::v20180813::DescribeResourceTagsByResourceIdsRequest request;
    request.set_service_type("ssl");
    request.set_resource_prefix("certificate");
    request.set_resource_region("");
    for (const std::string& id : ids) request.add_resource_ids(id);
    return request;
  }

  const std::string mine = engine.Apply("mine.example.com").value;
  const std::string other = engine.Apply("other.example.com").value;
};

TEST_CASE("rights to certificates are rights to their tags", "[tags]") {
  Guarded world;
  const std::string name = "qcs::ssl:ap-guangzhou:uin/:certificate/";
  const auto key = world.Limited("tag:*", "qcs::ssl:::certificate/" + world.mine);

  CHECK(world.Code(kModify, world.Tagging(name + world.mine), key).empty());
  CHECK(world.Code(kDescribe, world.Looking({world.mine}), key).empty());
  // The code of the SSL API is none of the Tag API's.
  CHECK(world.Code(kModify, world.Tagging(name + world.other), key) == kUnauthorized);
  CHECK(world.Code(kDescribe, world.Looking({world.mine, world.other}), key) == kUnauthorized);
  CHECK(world.Code(kModify, world.Tagging(name + "zzzzzzzz"), key) == "ResourceNotFound");
  CHECK(world.Code(kModify, world.Tagging("qcs::ssl:::*"), key) ==
        "InvalidParameterValue.ResourceDescriptionError");
  CHECK(world.Code(kModify, world.Tagging(""), key) ==
        "InvalidParameterValue.ResourceDescriptionError");
  CHECK(world.engine.Find({world.other}).tags.empty());
  CHECK(world.engine.Log().back().actor == "100000000777");
}

TEST_CASE("all rights of ssl are none to tags, and the other way round", "[tags]") {
  Guarded world;
  const auto of_ssl = world.Limited("ssl:*", "*");
  const auto of_tags = world.Limited("tag:*", "*");
  const auto of_all = world.Limited("*", "*");
  const auto looking = world.Looking({world.mine});
  const auto& list =
      *ssl::v20191205::SslService::descriptor()->FindMethodByName("DescribeCertificates");

  CHECK(world.Code(kDescribe, looking, of_ssl) == kUnauthorized);
  CHECK(world.Code(kDescribe, looking, of_tags).empty());
  CHECK(world.Code(kDescribe, looking, of_all).empty());
  CHECK(world.Ask(list, "", of_ssl).code.empty());
  CHECK(world.Ask(list, "", of_tags).code == kUnauthorized);
}

}  // namespace certwright
