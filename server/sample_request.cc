#include "server/sample_request.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "server/action.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// They end as ids do, and name nothing of an account's: products of the catalogue, an order's text,
// documents of persons, and the project, which an account may give a number of its own.
const std::set<std::string, std::less<>> kNoIds = {"ProductId",   "ProjectId",  "ServiceId",
                                                   "OrgIdNumber", "InstanceId", "InstanceIdList"};

struct Plausible {
  const char* name = "";
  const char* json = "";
};
constexpr Plausible kPlausible[] = {
    {"DvAuthMethod", R"("DNS")"},
    {"DomainName", R"("plain.example.com")"},
    {"Domain", R"("plain.example.com")"},
    {"CertCommonName", R"("plain.example.com")"},
    {"CertificateDomain", R"("plain.example.com")"},
    {"DomainNames", R"("plain.example.com")"},
    {"Organization", R"("Example Ltd")"},
    {"Department", R"("Certificates")"},
    {"Province", R"("Guangdong")"},
    {"City", R"("Shenzhen")"},
    {"Country", R"("CN")"},
    {"Email", R"("ops@example.com")"},
    {"EncryptAlgo", R"("ECC")"},
    {"KeyParameter", R"("prime256v1")"},
    {"ValidType", R"("DNS")"},
    {"VerifyType", R"("DNS")"},
    {"CsrType", R"("online")"},
    {"GenCsrType", R"("online")"},
    {"SwitchStatus", "1"},
    {"IsCache", "0"},
    {"ResourceType", R"("clb")"},
    {"ResourceTypes", R"("clb")"},
    {"InstanceIdList", R"("lb-plain|lbl-plain")"},
    {"CompanyType", "2"},
    {"ProductId", "25"},
    {"ProductPid", "1013949"},
    {"DomainNum", "1"},
    {"DomainCount", "1"},
    {"TimeSpan", "1"},
    {"Period", "1"},
    {"ProjectId", "0"},
    {"ProjectName", R"("Plain")"},
    {"Name", R"("Plain Ltd")"},
    {"Decision", R"("approve")"},
    {"Level", R"("DV")"},
    {"Mode", R"("automatic")"},
    {"Days", "30"},
    {"CompanyName", R"("Plain Ltd")"},
    {"CompanyCountry", R"("CN")"},
    {"CompanyProvince", R"("Guangdong")"},
    {"CompanyCity", R"("Shenzhen")"},
    {"CompanyAddress", R"("1 Plain Road")"},
    {"CompanyPhone", R"("0755 1234")"},
    {"ManagerFirstName", R"("Pat")"},
    {"ManagerLastName", R"("Plain")"},
    {"ManagerMail", R"("pat@example.com")"},
    {"ManagerPhone", R"("0755 1234")"},
    {"ServiceType", R"("nginx")"},
    {"certwright.tag.v20180813.DescribeResourceTagsByResourceIdsRequest.service_type", R"("ssl")"},
    {"ResourcePrefix", R"("certificate")"},
    {"ResourceRegion", R"("ap-guangzhou")"},
    {"Resource", R"("qcs::ssl:::certificate/zzzzzzzz")"},
    {"Category", R"("Custom")"},
};

bool IsNumber(const FieldDescriptor& member) {
  return member.cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
         member.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
}

// The same id is a number in one action and text in another.
std::string AsTypeOf(const FieldDescriptor& member, const std::string& json) {
  const bool is_text = absl::StartsWith(json, "\"");
  if (IsNumber(member) && is_text) return json.substr(1, json.size() - 2);
  const bool wants_text = member.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return wants_text && !is_text ? JsonString(json) : json;
}

std::string SingleSample(const FieldDescriptor& member, const JsonMembers& samples) {
  auto sample = samples.find(member.full_name());
  if (sample == samples.end()) sample = samples.find(member.json_name());
  if (sample != samples.end()) return AsTypeOf(member, sample->second);
  switch (member.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "1";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return JsonObject(SampleRequest(*member.message_type(), samples));
    default:
      return "\"x\"";
  }
}

std::vector<std::string> WrongNumbers(const FieldDescriptor& member) {
  std::vector<std::string> wrong = {"\"x\"", "\"\"",  "\"1.5\"", "\" 1\"", "1.5",
                                    "true",  "1e400", "[1]",     "[]",     "{}"};
  if (member.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    wrong.insert(wrong.end(), {"-1", "\"-1\"", "18446744073709551616"});
  } else {
    wrong.insert(wrong.end(), {"9223372036854775808", "-9223372036854775809"});
  }
  return wrong;
}

std::vector<std::string> WrongSingles(const FieldDescriptor& member) {
  switch (member.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return WrongNumbers(member);
    case FieldDescriptor::CPPTYPE_BOOL:
      return {"1", "0", "\"x\"", "\"\"", "1.5", "[true]", "[]", "{}"};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return {"\"x\"", "\"\"", "1", "true", "[{}]", "[]"};
    default:
      return {"1", "-1.5", "true", "[\"x\"]", "[]", "{}"};
  }
}

}  // namespace

std::string JsonString(absl::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20) {
      absl::StrAppend(&json, "\\u", absl::Hex(byte, absl::kZeroPad4));
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string JsonObject(const JsonMembers& members) {
  std::string json = "{";
  for (const auto& [name, value] : members) {
    absl::StrAppend(&json, json.size() == 1 ? "" : ",", JsonString(name), ":", value);
  }
  return json + '}';
}

JsonMembers PlausibleSamples() {
  JsonMembers samples;
  for (const auto& [name, value] : kPlausible) samples[name] = value;
  // A file of an allowed size that begins as a PDF does.
  std::string letter("%PDF-1.7\n");
  letter.resize(3000, 'x');
  const std::string base64 = JsonString(Base64(letter));
  samples["ConfirmLetter"] = base64;
  samples["RevokeLetter"] = base64;
  return samples;
}

std::string SampleValue(const FieldDescriptor& member, const JsonMembers& samples) {
  const std::string single = SingleSample(member, samples);
  return member.is_repeated() ? absl::StrCat("[", single, "]") : single;
}

JsonMembers SampleRequest(const Descriptor& request, const JsonMembers& samples) {
  JsonMembers members;
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor& member = *request.field(i);
    if (!member.options().GetExtension(ssl::v20191205::required)) continue;
    members[member.json_name()] = SampleValue(member, samples);
  }
  return members;
}

std::vector<std::string> WrongValues(const FieldDescriptor& member) {
  std::vector<std::string> singles = WrongSingles(member);
  if (!member.is_repeated()) return singles;
  std::vector<std::string> wrong = {"\"x\"", "\"\"", "1", "true", "{}", "[null]"};
  for (const std::string& single : singles) wrong.push_back(absl::StrCat("[", single, "]"));
  return wrong;
}

bool IsIdMember(const FieldDescriptor& member) {
  const std::string& name = member.json_name();
  if (name == kResourceMember) return true;
  if (kNoIds.contains(name) || member.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return false;
  return absl::EndsWith(name, "Id") || absl::EndsWith(name, "Ids") ||
         absl::EndsWith(name, "IdList");
}

std::string UnknownId(const FieldDescriptor& member) {
  const bool is_numeric_text = absl::StrContains(member.json_name(), "Task") ||
                               absl::StrContains(member.json_name(), "Record");
  if (IsNumber(member)) return "987654321";
  if (member.json_name() == kResourceMember) return R"("qcs::ssl:::certificate/zzzzzzzz")";
  return is_numeric_text ? "\"987654321\"" : "\"zzzzzzzz\"";
}

}  // namespace certwright
