#include "core/policy.h"

#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/error.h"
#include "core/service_names.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMaxDepth = 6;

absl::Status RefusePolicy(absl::string_view what) {
  return Refuse(ApiError::kInvalidParameterValue,
                absl::StrCat("The parameter `Policy` is no policy of version 2.0: ", what, "."),
                "Policy");
}

// `*` stands for any text. Linear in practice: on a mismatch only the last `*` takes more.
bool Fits(absl::string_view pattern, absl::string_view text) {
  std::size_t at = 0;
  std::size_t in_text = 0;
  std::size_t star = absl::string_view::npos;
  std::size_t after_star = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      after_star = in_text;
    } else if (at < pattern.size() && pattern[at] == text[in_text]) {
      ++at;
      ++in_text;
    } else if (star != absl::string_view::npos) {
      at = star + 1;
      in_text = ++after_star;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool FitsPart(absl::string_view part, absl::string_view text) {
  return part.empty() || Fits(part, text);
}

bool IsNumberPattern(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '*';
  });
}

// "", "*", or `kind` with a number, in which `*` may stand.
bool IsPlace(absl::string_view part, absl::string_view kind) {
  return part.empty() || part == "*" || (absl::ConsumePrefix(&part, kind) && IsNumberPattern(part));
}

bool IsLowerName(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '*';
  });
}

// Whether any certificate could fit.
bool IsCertificatePattern(absl::string_view text) {
  constexpr absl::string_view kCertificate = "certificate/";
  const std::size_t star = text.find('*');
  const absl::string_view begin = text.substr(0, star);
  if (star == absl::string_view::npos) return absl::StartsWith(begin, kCertificate);
  return absl::StartsWith(begin, kCertificate) || absl::StartsWith(kCertificate, begin);
}

// A string, or a list of strings.
absl::StatusOr<std::vector<std::string>> Strings(const element& value, absl::string_view member) {
  std::vector<std::string> texts;
  std::string_view text;
  array list;
  if (value.get(text) == simdjson::SUCCESS) return std::vector<std::string>{std::string(text)};
  if (value.get(list) != simdjson::SUCCESS) {
    return RefusePolicy(absl::StrCat("`", member, "` should be a string or a list of strings"));
  }
  for (const element one : list) {
    if (one.get(text) != simdjson::SUCCESS) {
      return RefusePolicy(absl::StrCat("`", member, "` should hold strings only"));
    }
    texts.emplace_back(text);
  }
  if (texts.empty()) return RefusePolicy(absl::StrCat("`", member, "` is empty"));
  return texts;
}

bool HasService(absl::string_view action) { return absl::StrContains(action, ':'); }

// Whether a resource of this service may be one of ours, which are all of ssl. Refuses what would
// fit another of our services alone.
absl::StatusOr<bool> MayBeOurs(absl::string_view service) {
  if (!IsLowerName(service)) {
    return RefusePolicy("the service of a `resource` is in lower case, like ssl");
  }
  if (FitsPart(service, kSslService)) return true;
  const bool fits_none = std::none_of(std::begin(kServiceNames), std::end(kServiceNames),
                                      [&](const char* name) { return FitsPart(service, name); });
  if (fits_none) return false;
  return RefusePolicy(
      absl::StrCat("the service of a `resource` is ssl, of which certificates are, also for the "
                   "actions of ",
                   service));
}

// The action's pattern; nothing if it is for a service that is not here.
absl::StatusOr<std::string> ReadAction(absl::string_view text) {
  if (text == "*") return std::string("*");
  absl::string_view rest = text;
  absl::ConsumePrefix(&rest, "name/");
  const std::vector<absl::string_view> parts = absl::StrSplit(rest, absl::MaxSplits(':', 1));
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
    return RefusePolicy("an `action` should read like ssl:DescribeCertificates, ssl:* or *");
  }
  // A deny that silently fits nothing would be a hole.
  const bool is_service = std::all_of(parts[0].begin(), parts[0].end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
  });
  if (!is_service) return RefusePolicy("the service of an `action` is in lower case, like ssl");
  if (!IsServiceName(parts[0])) return std::string();
  return absl::AsciiStrToLower(rest);
}

}  // namespace

bool Policy::Covers(const Statement& statement, absl::string_view action) {
  const std::string lower = absl::AsciiStrToLower(action);
  return std::any_of(statement.actions.begin(), statement.actions.end(),
                     [&lower](const std::string& pattern) { return Fits(pattern, lower); });
}

bool Policy::Covers(const Statement& statement, const PolicyResource& resource,
                    bool ignores_project) {
  const std::string project =
      resource.project == PolicyResource::kAnyProject ? "" : absl::StrCat("id/", resource.project);
  const std::string account = absl::StrCat("uin/", resource.account);
  const std::string certificate = absl::StrCat("certificate/", resource.certificate);
  // Who leaves the region out does not escape what is denied in one.
  const bool is_unknown_region = !statement.is_allow && resource.region.empty();
  return std::any_of(
      statement.resources.begin(), statement.resources.end(), [&](const Pattern& pattern) {
        return (ignores_project || FitsPart(pattern.project, project)) &&
               (FitsPart(pattern.region, resource.region) || is_unknown_region) &&
               FitsPart(pattern.account, account) && Fits(pattern.resource, certificate);
      });
}

bool Policy::MayCall(absl::string_view action) const {
  if (!HasService(action)) return false;
  bool is_allowed = false;
  for (const Statement& statement : statements_) {
    if (!Covers(statement, action)) continue;
    const auto is_all = [](const Pattern& pattern) {
      return FitsPart(pattern.project, "") && FitsPart(pattern.region, "") &&
             FitsPart(pattern.account, "") && pattern.resource == "*";
    };
    if (statement.is_allow) {
      is_allowed = is_allowed || !statement.resources.empty();
    } else if (std::any_of(statement.resources.begin(), statement.resources.end(), is_all)) {
      return false;
    }
  }
  return is_allowed;
}

bool Policy::Decide(absl::string_view action, const PolicyResource& resource,
                    bool ignores_project) const {
  if (!HasService(action)) return false;
  bool is_allowed = false;
  for (const Statement& statement : statements_) {
    if (!Covers(statement, action)) continue;
    // What another project would allow is asked of allowing statements alone.
    if (!Covers(statement, resource, ignores_project && statement.is_allow)) continue;
    if (!statement.is_allow) return false;
    is_allowed = true;
  }
  return is_allowed;
}

bool Policy::Allows(absl::string_view action, const PolicyResource& resource) const {
  return Decide(action, resource, false);
}

bool Policy::AllowsElsewhere(absl::string_view action, const PolicyResource& resource) const {
  return Decide(action, resource, true);
}

class PolicyReader {
 public:
  static absl::StatusOr<Policy> Read(const object& root) {
    int members = 0;
    for (const auto& [key, value] : root) {
      if (key != "version" && key != "statement") {
        return RefusePolicy("it may have `version` and `statement` only");
      }
      ++members;
    }
    constexpr int kBoth = 2;
    if (members > kBoth) return RefusePolicy("a member stands twice");
    std::string_view version;
    if (root["version"].get(version) != simdjson::SUCCESS || version != "2.0") {
      return RefusePolicy("`version` should be \"2.0\"");
    }
    ASSIGN_OR_RETURN(const std::vector<object> statements, Statements(root));
    Policy policy;
    for (const object& statement : statements) {
      RETURN_IF_ERROR(ReadStatement(statement, policy.statements_.emplace_back()));
    }
    return policy;
  }

 private:
  using Statement = Policy::Statement;

  // One statement may stand without its list.
  static absl::StatusOr<std::vector<object>> Statements(const object& root) {
    std::vector<object> statements;
    array list;
    object single;
    if (root["statement"].get(list) == simdjson::SUCCESS) {
      for (const element one : list) {
        if (one.get(single) != simdjson::SUCCESS) return RefusePolicy("a statement is no object");
        statements.push_back(single);
      }
    } else if (root["statement"].get(single) == simdjson::SUCCESS) {
      statements.push_back(single);
    }
    if (!statements.empty() && statements.size() <= kMaxPolicyStatements) return statements;
    return RefusePolicy(absl::StrCat("it should have 1 to ", kMaxPolicyStatements, " statements"));
  }

  static absl::Status ReadStatement(const object& from, Statement& statement) {
    int members = 0;
    for (const auto& [key, value] : from) {
      ++members;
      if (key == "effect") {
        RETURN_IF_ERROR(ReadEffect(value, statement));
      } else if (key == "action") {
        RETURN_IF_ERROR(ReadActions(value, statement));
      } else if (key == "resource") {
        RETURN_IF_ERROR(ReadResources(value, statement));
      } else {
        return RefusePolicy(absl::StrCat("`", std::string(key), "` in a statement is not known"));
      }
    }
    const bool is_whole = members == 3 && from["effect"].error() == simdjson::SUCCESS &&
                          from["action"].error() == simdjson::SUCCESS &&
                          from["resource"].error() == simdjson::SUCCESS;
    if (is_whole) return absl::OkStatus();
    return RefusePolicy("a statement needs `effect`, `action` and `resource`, once each");
  }

  static absl::Status ReadEffect(const element& value, Statement& statement) {
    std::string_view effect;
    const bool is_known =
        value.get(effect) == simdjson::SUCCESS && (effect == "allow" || effect == "deny");
    if (!is_known) return RefusePolicy("`effect` should be allow or deny");
    statement.is_allow = effect == "allow";
    return absl::OkStatus();
  }

  static absl::Status ReadActions(const element& value, Statement& statement) {
    ASSIGN_OR_RETURN(const std::vector<std::string> actions, Strings(value, "action"));
    for (const std::string& action : actions) {
      ASSIGN_OR_RETURN(std::string pattern, ReadAction(action));
      if (!pattern.empty()) statement.actions.push_back(std::move(pattern));
    }
    return absl::OkStatus();
  }

  // What fits nothing would make a deny a hole.
  static absl::Status CheckParts(const std::vector<std::string>& parts) {
    if (!IsPlace(parts[1], "id/")) {
      return RefusePolicy("the project of a `resource` is empty, * or id/NUMBER");
    }
    if (!IsLowerName(parts[3])) {
      return RefusePolicy("the region of a `resource` is in lower case, like ap-guangzhou");
    }
    if (!IsPlace(parts[4], "uin/")) {
      return RefusePolicy("the account of a `resource` is empty, * or uin/NUMBER");
    }
    if (IsCertificatePattern(parts[5])) return absl::OkStatus();
    return RefusePolicy("the last part of a `resource` is * or certificate/ID");
  }

  static absl::Status ReadResources(const element& value, Statement& statement) {
    ASSIGN_OR_RETURN(const std::vector<std::string> resources, Strings(value, "resource"));
    for (const std::string& resource : resources) {
      if (resource == "*") {
        statement.resources.push_back({.resource = "*"});
        continue;
      }
      const std::vector<std::string> parts = absl::StrSplit(resource, absl::MaxSplits(':', 5));
      if (parts.size() != 6 || parts[0] != "qcs" || parts[5].empty()) {
        return RefusePolicy("a `resource` is * or qcs:PROJECT:ssl:REGION:uin/N:certificate/ID");
      }
      ASSIGN_OR_RETURN(const bool may_be_ours, MayBeOurs(parts[2]));
      if (!may_be_ours) continue;
      RETURN_IF_ERROR(CheckParts(parts));
      statement.resources.push_back(
          {.project = parts[1], .region = parts[3], .account = parts[4], .resource = parts[5]});
    }
    return absl::OkStatus();
  }
};

absl::StatusOr<Policy> ParsePolicy(absl::string_view json) {
  if (json.size() > kMaxPolicyBytes) {
    return RefusePolicy(
        absl::StrCat("it has ", json.size(), " bytes of at most ", kMaxPolicyBytes));
  }
  simdjson::dom::parser parser(kMaxPolicyBytes);
  if (parser.allocate(kMaxPolicyBytes, kMaxDepth) != simdjson::SUCCESS) {
    return absl::ResourceExhaustedError("no memory for a policy");
  }
  object root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
    return RefusePolicy("it is no JSON object");
  }
  return PolicyReader::Read(root);
}

}  // namespace certwright
