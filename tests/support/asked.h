// Calls about an issued certificate and one that is not, for actions that mostly refuse.
#ifndef CERTWRIGHT_TESTS_SUPPORT_ASKED_H_
#define CERTWRIGHT_TESTS_SUPPORT_ASKED_H_

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tests/support/test_server.h"

namespace certwright {

struct Refused {
  std::string action;
  std::string json;
  ApiError error;
  std::string field;
};

inline std::string ManyIds(int count) {
  std::vector<std::string> ids(count, R"("zzzzzzzz")");
  return absl::StrCat("[", absl::StrJoin(ids, ","), "]");
}

// An issued certificate stands as $id in what is asked, one that is not issued as $open.
class Asked {
 public:
  Asked()
      : id(server.engine.Issue("app.example.com").value),
        open(server.engine.Apply("open.example.com").value) {
    server.region = "ap-guangzhou";
  }
  absl::StatusOr<std::string> Ask(const std::string& action, const std::string& json,
                                  AccountId account = kAccount) {
    return server.Ask(action, absl::StrReplaceAll(json, {{"$id", id}, {"$open", open}}),
                      Language::kEnglish, account);
  }
  void Check(const Refused& row) {
    CAPTURE(row.action, row.json);
    const absl::Status refused = Ask(row.action, row.json).status();
    INFO(refused);
    CHECK(ErrorOf(refused) == row.error);
    CHECK(FieldOf(refused) == row.field);
  }
  std::string Answer(const std::string& action, const std::string& json) {
    const auto answer = Ask(action, json);
    INFO(answer.status());
    REQUIRE(answer.ok());
    return *answer;
  }

  TestServer server;
  std::string id;
  std::string open;
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_ASKED_H_
