#include "core/resource_name.h"

#include <catch2/catch.hpp>
#include <string>

#include "absl/strings/match.h"
#include "core/error.h"

namespace certwright {
namespace {

std::string Refusal(const std::string& text) {
  const absl::Status status = ParseResourceName(text).status();
  CAPTURE(text);
  INFO(status);
  CHECK(ErrorOf(status) == ApiError::kInvalidParameterValueResourceDescriptionError);
  CHECK(FieldOf(status) == "Resource");
  CHECK(absl::StartsWith(status.message(), "Resource `"));
  return std::string(status.message());
}

TEST_CASE("a certificate is named by six parts", "[resource_name]") {
  const ResourceName name =
      *ParseResourceName("qcs::ssl:ap-guangzhou:uin/100000000001:certificate/kZ02aBvw");

  CHECK(name.account == AccountId{100000000001});
  CHECK(name.certificate.value == "kZ02aBvw");
}

TEST_CASE("without a number the account is the caller's", "[resource_name]") {
  const std::string account = GENERATE("", "uin/");
  const auto name = ParseResourceName("qcs::ssl::" + account + ":certificate/kZ02aBvw");

  REQUIRE(name.ok());
  CHECK_FALSE(name->account.has_value());
}

TEST_CASE("a name that is wrong is refused by its part", "[resource_name]") {
  const auto [text, part] = GENERATE(table<std::string, std::string>({
      {"", "allowed is qcs::ssl:"},
      {"kZ02aBvw", "allowed is qcs::ssl:"},
      {"qcs::ssl:::certificate/kZ02aBvw:more", "allowed is qcs::ssl:"},
      {"qcs::ssl::certificate/kZ02aBvw", "allowed is qcs::ssl:"},
      {"QCS::ssl:::certificate/kZ02aBvw", "allowed is qcs::ssl:"},
      {"qcs:id/7:ssl:::certificate/kZ02aBvw", "second part"},
      {"qcs::cvm:::certificate/kZ02aBvw", "third part"},
      {"qcs::SSL:::certificate/kZ02aBvw", "third part"},
      {"qcs::ssl:*::certificate/kZ02aBvw", "fourth part"},
      {"qcs::ssl:AP-guangzhou::certificate/kZ02aBvw", "fourth part"},
      {"qcs::ssl::100000000001:certificate/kZ02aBvw", "fifth part"},
      {"qcs::ssl::uid/1:certificate/kZ02aBvw", "fifth part"},
      {"qcs::ssl::uin/-1:certificate/kZ02aBvw", "fifth part"},
      {"qcs::ssl::uin/9223372036854775808:certificate/kZ02aBvw", "fifth part"},
      {"qcs::ssl:::*", "sixth part"},
      {"qcs::ssl:::certificate/", "sixth part"},
      {"qcs::ssl:::certificate/*", "sixth part"},
      {"qcs::ssl:::certificate/a/b", "sixth part"},
      {"qcs::ssl:::instance/kZ02aBvw", "sixth part"},
  }));

  CHECK(absl::StrContains(Refusal(text), part));
}

TEST_CASE("a hostile name is neither read nor shown whole", "[resource_name]") {
  const std::string refusal = Refusal("qcs::ssl:::certificate/" + std::string(1 << 20, 'x'));

  CHECK(absl::StrContains(refusal, "of at most 256"));
  CHECK(refusal.size() < 400);
  CHECK_FALSE(absl::StrContains(Refusal("qcs\n\xff"), "\n"));
}

}  // namespace
}  // namespace certwright
