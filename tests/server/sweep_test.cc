// Wrong requests to every action of all services, made from the descriptors: an action that is
// added stands in here by itself.
#include "tests/support/sweep.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "server/documented_codes.h"
#include "ssl/v20191205/options.pb.h"

namespace certwright {
namespace {

// Stands in every secret member, and in nothing that a caller may read.
constexpr char kSecret[] = "Marked+Secret-7391";
// Stands in whatever the other account has.
constexpr char kForeign[] = "foreign-7391.example.org";

// "Action Code", or "* Code" for all of the extension: refusals that no documentation lists for the
// action, and why they are right.
const std::map<std::string, std::string> kOtherCodes = {
    {"* FailedOperation.CertificateNotFound",
     "the extension's rpcs list no codes: it has this one as the documented actions do"},
    {"* ResourceNotFound.Manager", "the same"},
    {"* FailedOperation.InvalidCertificateSource", "the same: what cannot be renewed by itself"},
    {"* InvalidParameter.PackageIdsInvalid", "the same: packages of benefit points"},
    {"* FailedOperation.UploadConfirmCertificateNotSupportDV", "the same: DV has no letters"},
};

// "Action Member": a member with an enumeration in its comment whose other values are no mistake.
const std::map<std::string, std::string> kOpenEnumerations = {
    {"ReplaceCertificate CertCSREncryptAlgo", "documented for CsrType online alone"},
    {"ReplaceCertificate CertCSRKeyParameter", "documented for CsrType online alone"},
};

// "Action Member": an id that nothing has is answered, not refused.
const std::map<std::string, std::string> kAnsweredUnknownIds = {
    {"DeleteCertificates CertificateIds", "documented: stands in Fail, with the code"},
    {"DescribeCertificates CertIds", "a filter, which nothing fits: an empty list"},
    {"DescribeCompanies CompanyId", "a filter, which nothing fits: an empty list"},
    {"DescribeOrders CertificateIds", "a filter, which nothing fits: an empty list"},
    {"DescribeOrders DealIds", "a filter, which nothing fits: an empty list"},
    {"DescribePackages PackageId", "a filter, which nothing fits: an empty list"},
    {"DescribeResourceTagsByResourceIds ResourceIds", "what is not there has no tags"},
    {"DescribeManagers CompanyId", "no code is documented for it: an empty list"},
    {"ModifyCertificateProject CertificateIdList", "documented: stands in FailCertificates"},
};

// What was wrong, of a whole sweep; a line each.
class Faults {
 public:
  void Add(const Rpc& rpc, const std::string& request, const std::string& fault) {
    lines_.insert(absl::StrCat(rpc.name(), " ", request.substr(0, 300), ": ", fault));
  }
  void Check() const {
    INFO(absl::StrJoin(lines_, "\n"));
    CHECK(lines_.empty());
  }

 private:
  std::set<std::string> lines_;
};

bool IsRequired(const Member& member) {
  return member.options().GetExtension(ssl::v20191205::required);
}

bool IsForOperators(const Rpc& rpc) {
  return rpc.options().GetExtension(ssl::v20261201::operator_only);
}

bool IsSecret(const Member& member) {
  const std::string& name = member.json_name();
  return absl::StrContains(name, "PrivateKey") || absl::StrContains(name, "assword") ||
         absl::EndsWith(name, "KeyPass") || absl::StrContains(name, "SecretKey");
}

bool IsExcepted(const std::map<std::string, std::string>& table, const Rpc& rpc,
                const std::string& what) {
  return table.contains(absl::StrCat(rpc.name(), " ", what)) ||
         (rpc.service() == ssl::v20261201::SslExtensionService::descriptor() &&
          table.contains(absl::StrCat("* ", what)));
}

// One server for the wrong requests to one action.
class Sweep {
 public:
  explicit Sweep(Faults& faults) : faults_(faults) {}

  // Notes an answer that no action may give. Returns it.
  absl::StatusOr<std::string> Ask(const Rpc& rpc, const std::string& request) {
    absl::StatusOr<std::string> answer = server.Ask(rpc.name(), request);
    if (answer.ok()) {
      if (absl::StrContains(*answer, kForeign)) faults_.Add(rpc, request, "shows another's data");
      return answer;
    }
    const absl::Status& status = answer.status();
    const std::optional<ApiError> error = ErrorOf(status);
    if (!error || absl::StartsWith(WireCode(*error), "InternalError")) {
      faults_.Add(rpc, request, status.ToString());
    } else if (!IsDocumentedCode(rpc, WireCode(*error)) &&
               !IsExcepted(kOtherCodes, rpc, WireCode(*error))) {
      faults_.Add(
          rpc, request,
          absl::StrCat("undocumented ", WireCode(*error), ": ", std::string(status.message())));
    }
    if (absl::StrContains(status.message(), kSecret)) faults_.Add(rpc, request, "tells a secret");
    if (absl::StrContains(status.message(), kForeign)) {
      faults_.Add(rpc, request, "tells another's data");
    }
    return answer;
  }

  // Refused with `wanted`, naming `field`.
  void Expect(const Rpc& rpc, const std::string& request, ApiError wanted,
              const std::string& field) {
    const absl::Status status = Ask(rpc, request).status();
    if (ErrorOf(status) != wanted || !absl::StartsWith(FieldOf(status), field) ||
        !absl::StrContains(status.message(), field)) {
      faults_.Add(rpc, request,
                  absl::StrCat("wanted ", WireCode(wanted), " of ", field, ", not ",
                               status.ok() ? "an answer" : status.ToString()));
    }
  }

  TestServer server;

 private:
  Faults& faults_;
};

// With a marked value for each secret that the request takes.
JsonMembers SecretSamples(const Rpc& rpc, const std::string& secret) {
  JsonMembers samples = PlausibleSamples();
  for (int i = 0; i < rpc.input_type()->field_count(); ++i) {
    const Member& member = *rpc.input_type()->field(i);
    if (IsSecret(member)) samples[member.json_name()] = JsonString(secret);
  }
  return samples;
}

// What its owner sees of an account.
std::string Look(TestServer& server, AccountId account, const JsonMembers& ids) {
  std::string all;
  for (const char* action :
       {"DescribeCertificates", "DescribeCSRSet", "DescribeCompanies", "DescribeManagers",
        "DescribeAccessKeys", "DescribeManagerDetail", "DescribeDeleteCertificatesTaskResult"}) {
    const Action* found = server.actions.Find(action);
    if (found == nullptr) found = server.extension.Find(action);
    const std::string request = JsonObject(SampleRequest(*found->request->GetDescriptor(), ids));
    const auto answer = server.Ask(action, request, Language::kEnglish, account);
    absl::StrAppend(&all, action, " ", answer.ok() ? *answer : answer.status().ToString(), "\n");
  }
  return all;
}

// Right requests, with each of the account's certificates: some actions look at a member only where
// the certificate is in the right state.
std::vector<JsonMembers> SamplesOf(const Rpc& rpc, const JsonMembers& own) {
  std::vector<JsonMembers> all;
  for (const char* certificate : {"CertificateId", kOpenOrder, kPendingOrder, kUpload}) {
    JsonMembers samples = SecretSamples(rpc, kSecret);
    for (const auto& [name, id] : own) samples[name] = id;
    NameCertificate(own.at(certificate), samples);
    all.push_back(std::move(samples));
  }
  return all;
}

// With an id that nothing has, and with the other account's: the answers differ in it alone.
void AskForIds(Sweep& sweep, const Rpc& rpc, const Place& place, const JsonMembers& foreign,
               Faults& faults) {
  const std::string& name = place.member->json_name();
  const std::string nobodys = UnknownId(*place.member);
  const std::string request = place.request(SampleValue(*place.member, {{name, nobodys}}));
  const auto unknown = sweep.Ask(rpc, request);
  if (unknown.ok() && !IsExcepted(kAnsweredUnknownIds, rpc, place.path)) {
    faults.Add(rpc, request, absl::StrCat("an unknown ", place.path, " is answered"));
  }
  // Operators may name what is any account's.
  if (!foreign.contains(name) || IsForOperators(rpc)) return;
  const std::string& others = foreign.at(name);
  const std::string asked = place.request(SampleValue(*place.member, {{name, others}}));
  const auto answer = sweep.Ask(rpc, asked);
  const auto bare = [](const std::string& json) { return absl::StrReplaceAll(json, {{"\"", ""}}); };
  const bool is_same =
      unknown.ok()
          ? answer.ok() && absl::StrReplaceAll(*answer, {{bare(others), bare(nobodys)}}) == *unknown
          : ErrorOf(answer.status()) == ErrorOf(unknown.status());
  if (is_same) return;
  faults.Add(
      rpc, asked,
      absl::StrCat("as unknown: ", unknown.ok() ? *unknown : unknown.status().ToString(),
                   "\n  as another's: ", answer.ok() ? *answer : answer.status().ToString()));
}

}  // namespace

TEST_CASE("every action asks for each required member by name", "[sweep]") {
  Faults faults;
  Sweep sweep(faults);
  for (const Rpc* rpc : AllRpcs()) {
    for (const Place& place : PlacesIn(*rpc->input_type(), SecretSamples(*rpc, kSecret))) {
      if (!IsRequired(*place.member)) continue;
      sweep.Expect(*rpc, place.request(std::nullopt), ApiError::kMissingParameter, place.path);
      sweep.Expect(*rpc, place.request("null"), ApiError::kMissingParameter, place.path);
    }
  }
  faults.Check();
}

TEST_CASE("every action refuses each member of a wrong type by name", "[sweep]") {
  Faults faults;
  Sweep sweep(faults);
  for (const Rpc* rpc : AllRpcs()) {
    for (const Place& place : PlacesIn(*rpc->input_type(), SecretSamples(*rpc, kSecret))) {
      for (const std::string& wrong : WrongValues(*place.member)) {
        sweep.Expect(*rpc, place.request(wrong), ApiError::kInvalidParameter, place.path);
      }
    }
  }
  faults.Check();
}

TEST_CASE("every action refuses members that it does not have by name", "[sweep]") {
  Faults faults;
  Sweep sweep(faults);
  for (const Rpc* rpc : AllRpcs()) {
    const JsonMembers samples = SecretSamples(*rpc, kSecret);
    JsonMembers base = SampleRequest(*rpc->input_type(), samples);
    base["NoSuchMember"] = "1";
    sweep.Expect(*rpc, JsonObject(base), ApiError::kUnknownParameter, "NoSuchMember");
    for (const Place& place : PlacesIn(*rpc->input_type(), samples)) {
      if (place.member->message_type() == nullptr) continue;
      const bool is_list = place.member->is_repeated();
      sweep.Expect(*rpc,
                   place.request(is_list ? R"([{"NoSuchMember":1}])" : R"({"NoSuchMember":1})"),
                   ApiError::kUnknownParameter,
                   absl::StrCat(place.path, is_list ? ".0" : "", ".NoSuchMember"));
    }
    for (int i = 0; i < rpc->input_type()->field_count(); ++i) {
      const std::string& name = rpc->input_type()->field(i)->name();  // as in the .proto
      sweep.Expect(*rpc, JsonObject({{name, "1"}}), ApiError::kUnknownParameter, name);
    }
  }
  faults.Check();
}

TEST_CASE("every action refuses values outside of its members' enumerations", "[sweep]") {
  Faults faults;
  int members = 0;
  for (const Rpc* rpc : AllRpcs()) {
    Sweep sweep(faults);
    const JsonMembers own = MakeOneOfEach(sweep.server, kAccount, "own.example.com");
    for (const JsonMembers& samples : SamplesOf(*rpc, own)) {
      for (const Place& place : PlacesIn(*rpc->input_type(), samples)) {
        if (!NamesAnEnumeration(CommentOn(*place.member))) continue;
        ++members;
        const bool is_text = place.member->cpp_type() == Member::CPPTYPE_STRING;
        const std::string request = place.request(SampleValue(
            *place.member, {{place.member->json_name(), is_text ? "\"no-such-7391\"" : "7391"}}));
        if (sweep.Ask(*rpc, request).ok() && !IsExcepted(kOpenEnumerations, *rpc, place.path)) {
          faults.Add(*rpc, request, absl::StrCat(place.path, " is answered"));
        }
      }
    }
  }
  CHECK(members > 200);
  faults.Check();
}

TEST_CASE("no action tells whether an id that is not the account's is another's", "[sweep]") {
  Faults faults;
  int members = 0;
  for (const Rpc* rpc : AllRpcs()) {
    Sweep sweep(faults);
    const JsonMembers own = MakeOneOfEach(sweep.server, kAccount, "own.example.com");
    const JsonMembers foreign = MakeOneOfEach(sweep.server, kOther, kForeign);
    const std::string before = Look(sweep.server, kOther, foreign);
    for (const JsonMembers& samples : SamplesOf(*rpc, own)) {
      for (const Place& place : PlacesIn(*rpc->input_type(), samples)) {
        if (!IsIdMember(*place.member)) continue;
        ++members;
        AskForIds(sweep, *rpc, place, foreign, faults);
      }
    }
    if (!IsForOperators(*rpc) && Look(sweep.server, kOther, foreign) != before) {
      faults.Add(*rpc, "", "changed what another account has");
    }
  }
  CHECK(members > 300);
  faults.Check();
}

TEST_CASE("both accounts of the sweep have one of each thing", "[sweep]") {
  TestServer server;
  const JsonMembers own = MakeOneOfEach(server, kAccount, "own.example.com");
  const JsonMembers foreign = MakeOneOfEach(server, kOther, kForeign);
  for (const auto& [name, id] : own) {
    CAPTURE(name);
    CHECK(id != "null");
    CHECK(foreign.at(name) != "null");
    CHECK(foreign.at(name) != id);
  }
  CHECK(absl::StrContains(Look(server, kOther, foreign), kForeign));
}

TEST_CASE("no refusal tells a secret of the request", "[sweep]") {
  Faults faults;
  int members = 0;
  const std::vector<std::string> secrets = {
      kSecret, absl::StrCat(kSecret, std::string(5000, 'x')), absl::StrCat("\n", kSecret, "\n"),
      absl::StrCat("-----BEGIN PRIVATE KEY-----\n", kSecret, "\n-----END PRIVATE KEY-----\n"),
      absl::StrCat("测试", kSecret)};
  for (const Rpc* rpc : AllRpcs()) {
    for (const Place& place : PlacesIn(*rpc->input_type(), {})) {
      if (!IsSecret(*place.member)) continue;
      ++members;
      Sweep sweep(faults);
      const JsonMembers own = MakeOneOfEach(sweep.server, kAccount, "own.example.com");
      for (JsonMembers& samples : SamplesOf(*rpc, own)) {
        samples["CertificatePublicKey"] = JsonString(Make("up.example.com", nullptr).pem());
        const JsonMembers base = SampleRequest(*rpc->input_type(), samples);
        for (const std::string& secret : secrets) {
          JsonMembers request = base;
          const std::string value = JsonString(secret);
          for (const std::string& json :
               {value, absl::StrCat("[", value, "]"), absl::StrCat("{", value, ":", value, "}"),
                absl::StrCat(value, value), absl::StrCat(value, ",\"", place.path, "\":", value)}) {
            request[place.member->json_name()] = json;
            (void)sweep.Ask(*rpc, JsonObject(request));
          }
        }
      }
    }
  }
  CHECK(members > 8);
  faults.Check();
}

}  // namespace certwright
