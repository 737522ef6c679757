// Who may do what: every action of all services, in the hands of everybody who may hold a key.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "ssl/v20191205/options.pb.h"
#include "tests/support/signed_server.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;
namespace ext = ssl::v20261201;

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using Answer = SignedServer::Answer;
using Key = SignedServer::Key;

constexpr std::int64_t kSubUser = 100000000777;
constexpr char kUnauthorized[] = "AuthFailure.UnauthorizedOperation";
constexpr char kAuthError[] = "FailedOperation.AuthError";
constexpr char kNoProject[] = "FailedOperation.NoProjectPermission";

// Of keys, which a sub-user never makes or changes, whatever its policy says.
const std::set<std::string> kForOwnersAlone = {"CreateAccessKey", "DeleteAccessKey",
                                               "ModifyAccessKey"};

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> all;
  for (const ApiService& service : ApiServices()) {
    for (int i = 0; i < service.descriptor->method_count(); ++i) {
      all.push_back(service.descriptor->method(i));
    }
  }
  return all;
}

bool IsAboutRights(const std::string& code) {
  return absl::StartsWith(code, "AuthFailure") || code == "UnauthorizedOperation" ||
         code == kAuthError || code == kNoProject;
}

// What is answered to who has no right to a project or certificate.
std::string WrongRight(const Action& action) {
  if (action.has_project_code) return kNoProject;
  return action.service == kSslService ? kAuthError : kUnauthorized;
}

// Of the action in whichever service has it.
std::string Statement(const std::string& effect, const std::string& action,
                      const std::string& resource) {
  return absl::StrCat(R"({"effect":")", effect, R"(","action":["ssl:)", action, R"(","tag:)",
                      action, R"("],"resource":")", resource, R"("})");
}
std::string PolicyOf(const std::string& statements) {
  return absl::StrCat(R"({"version":"2.0","statement":[)", statements, "]}");
}
std::string InProject(std::int64_t project) { return absl::StrCat("qcs:id/", project, ":ssl:::*"); }

// What requests name.
struct Ids {
  std::string certificate = {};
  std::string project = {};
  std::string company = {};
  std::string manager = {};
  std::string csr = {};
  std::string task = {};
  std::string key = {};
  std::string uin = {};
};

// Of the same forms and lengths as `ids`, and nowhere in use.
Ids Unused(const Ids& ids) {
  const auto nines = [](const std::string& id) { return std::string(id.size(), '9'); };
  return {.certificate = "Zz9Zz9Zz",
          .project = nines(ids.project),
          .company = nines(ids.company),
          .manager = nines(ids.manager),
          .csr = nines(ids.csr),
          .task = nines(ids.task),
          .key = absl::StrCat("AKID", std::string(ids.key.size() - 4, '9')),
          .uin = nines(ids.uin)};
}

// What other members hold, so that handlers come as far as to look for what is named.
const std::map<std::string, std::string> kTexts = {
    {"Alias", "alias"},
    {"AutoRenewFlag", "0"},
    {"CompanyCountry", "CN"},
    {"Decision", "approve"},
    {"Domain", "new.example.com"},
    {"DomainName", "new.example.com"},
    {"DvAuthMethod", "DNS"},
    {"Level", "OV"},
    {"Method", "DNS"},
    {"Mode", "manual"},
    {"ResourcePrefix", "certificate"},
    {"ResourceRegion", "ap-guangzhou"},
    {"ServiceType", "nginx"},
    {"Status", "Active"},
    {"SwitchStatus", "1"},
    {"VerifyType", "DNS"},
};

// Told by the name alone, so that a member which the service does not know as one is found.
bool NamesCertificates(const FieldDescriptor& member) {
  const std::string& name = member.json_name();
  if (name == "ResourceIds" || name == "Resource") return true;
  return absl::StrContains(name, "Cert") &&
         (absl::EndsWith(name, "Id") || absl::EndsWith(name, "Ids") ||
          absl::EndsWith(name, "IdList"));
}

std::string TextFor(const FieldDescriptor& member, const Ids& ids) {
  const std::string& name = member.json_name();
  if (name == "Resource") return absl::StrCat("qcs::ssl:::certificate/", ids.certificate);
  if (NamesCertificates(member)) return ids.certificate;
  const bool is_of_tags = member.file()->package() == "certwright.tag.v20180813";
  if (is_of_tags && name == "ServiceType") return "ssl";
  if (is_of_tags && name == "ReplaceTags") return "x";
  const std::map<std::string, std::string> named = {
      {"ProjectId", ids.project}, {"CompanyId", ids.company}, {"ManagerId", ids.manager},
      {"CSRId", ids.csr},         {"CSRIds", ids.csr},        {"TaskId", ids.task},
      {"TaskIds", ids.task},      {"SecretId", ids.key},      {"Uin", ids.uin}};
  if (const auto found = named.find(name); found != named.end()) return found->second;
  if (!member.options().GetExtension(api::required)) return "";
  if (const auto found = kTexts.find(name); found != kTexts.end()) return found->second;
  return member.cpp_type() == FieldDescriptor::CPPTYPE_STRING ? "x" : "7";
}

void Fill(Message& message, const Ids& ids) {
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& member = *message.GetDescriptor()->field(i);
    const std::string text = TextFor(member, ids);
    if (text.empty()) continue;
    std::int64_t number = 0;
    (void)absl::SimpleAtoi(text, &number);
    const bool is_list = member.is_repeated();
    switch (member.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        is_list ? reflection.AddString(&message, &member, text)
                : reflection.SetString(&message, &member, text);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        is_list ? reflection.AddInt64(&message, &member, number)
                : reflection.SetInt64(&message, &member, number);
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        is_list ? reflection.AddUInt64(&message, &member, static_cast<std::uint64_t>(number))
                : reflection.SetUInt64(&message, &member, static_cast<std::uint64_t>(number));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        if (!is_list) reflection.SetBool(&message, &member, true);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(is_list ? *reflection.AddMessage(&message, &member)
                     : *reflection.MutableMessage(&message, &member),
             ids);
        break;
      default:
        FAIL("a member of a type that no request had so far: " << member.full_name());
    }
  }
}

// An account with one of everything, in a project of its own, asked to do one action.
struct World : SignedServer {
  explicit World(const MethodDescriptor& asked) : method(asked) {
    for (const ApiService& service : ApiServices()) {
      if (service.descriptor == method.service()) {
        action = versions[service.version].Find(method.name());
      }
    }
    REQUIRE(action != nullptr);
    (void)engine.accounts.ModifyAccount(kAccount, {.is_operator = action->is_for_operators});
    project = *engine.accounts.CreateProject(kAccount, "Blue");
    other_project = *engine.accounts.CreateProject(kAccount, "Red");
    const CertificateId certificate = engine.Issue("old.example.com");
    const CertificateId order = engine.Apply("order.example.com");
    (void)engine.certificates.MoveToProject(kAccount, {certificate, order}, project);
    const std::int64_t company = *engine.profiles.CreateCompany({.account = kAccount,
                                                                 .name = "Example",
                                                                 .country = "CN",
                                                                 .province = "Guangdong",
                                                                 .city = "Shenzhen",
                                                                 .address = "1 Example Road",
                                                                 .phone = "0755-1234 5678",
                                                                 .id_type = "OTHERS"});
    const std::int64_t manager =
        *engine.profiles.CreateManager({.account = kAccount,
                                        .company = company,
                                        .person = {.first_name = "Li",
                                                   .last_name = "Wang",
                                                   .mail = "li.wang@example.com",
                                                   .phone = "+86 13800000000"},
                                        .department = "Legal"});
    const CsrId csr = *engine.csrs.Create({.account = kAccount,
                                           .members = {.domain = "www.example.com",
                                                       .organization = "Org",
                                                       .department = "Dep",
                                                       .email = "ops@example.com",
                                                       .province = "Guangdong",
                                                       .city = "Shenzhen",
                                                       .country = "CN",
                                                       .encrypt_algo = "ECC",
                                                       .key_parameter = "prime256v1"}});
    own = {.certificate = certificate.value,
           .project = absl::StrCat(project),
           .company = absl::StrCat(company),
           .manager = absl::StrCat(manager),
           .csr = absl::StrCat(csr.value),
           .task = *engine.certificates.BeginDelete(kAccount, certificate),
           .key = NewKey({.account = kAccount}).signer.secret_id,
           .uin = absl::StrCat(kAccount.value)};
    unused = Unused(own);
    open = own;
    open.certificate = order.value;
    engine.RunDueJobs();
  }

  Key Owner(AccountId account = kAccount) { return NewKey({.account = account}); }
  Key SubUser(const std::string& statements) {
    return NewKey({.account = kAccount, .sub_account = kSubUser, .policy = PolicyOf(statements)});
  }
  std::string Request(const Ids& ids) const {
    const std::unique_ptr<Message> message(action->request->New());
    Fill(*message, ids);
    return message->SerializeAsString();
  }
  Answer Ask(const Key& key, const Ids& ids) {
    return SignedServer::Ask(method, Request(ids), key);
  }
  Answer AskBytes(const Key& key, const std::string& bytes) {
    return SignedServer::Ask(method, bytes, key);
  }
  // Who did what was logged since the last time.
  std::set<std::string> NewActors() {
    engine.RunDueJobs();
    const std::vector<OperateLogEntry> log = engine.Log();
    std::set<std::string> actors;
    for (; logged < log.size(); ++logged) actors.insert(log[logged].actor);
    actors.erase("--");
    return actors;
  }

  const MethodDescriptor& method;
  const Action* action = nullptr;
  std::int64_t project = 0;
  std::int64_t other_project = 0;
  Ids own;     // its certificate is issued
  Ids open;    // the same, but for a certificate that is not issued yet
  Ids unused;  // like own, and of nobody
  std::size_t logged = 0;
};

// What the answer says, the names taken out that the request itself gave.
std::string Masked(const std::string& text, const Ids& ids) {
  std::string masked = text;
  for (const std::string* id : {&ids.certificate, &ids.task, &ids.key, &ids.uin}) {
    masked = absl::StrReplaceAll(masked, {{*id, std::string(id->size(), '?')}});
  }
  for (const std::string* id : {&ids.project, &ids.company, &ids.manager, &ids.csr}) {
    masked = absl::StrReplaceAll(masked, {{absl::StrCat("`", *id, "`"), "`?`"},
                                          {absl::StrCat(" ", *id, " "), " ? "},
                                          {absl::StrCat(" ", *id, "."), " ?."}});
  }
  return masked;
}

TEST_CASE("Without a right to an action, nothing of the request is looked at", "[authorization]") {
  for (const MethodDescriptor* method : AllMethods()) {
    World world(*method);
    INFO(method->full_name());
    const std::string allows_all = Statement("allow", "*", "*");
    const Key keys[] = {
        world.SubUser(Statement("allow", "NoSuchAction", "*")),
        world.SubUser(Statement("deny", method->name(), "*")),
        world.SubUser(absl::StrCat(allows_all, ",", Statement("deny", method->name(), "*"))),
        world.SubUser(absl::StrCat(allows_all, ",", Statement("deny", "*", "*")))};
    const std::size_t before = world.engine.Log().size();
    for (const Key& key : keys) {
      const Answer answer = world.Ask(key, world.own);

      CHECK(answer.code == kUnauthorized);
      CHECK(world.Ask(key, world.unused).text == answer.text);
      CHECK(world.AskBytes(key, "").text == answer.text);
      CHECK(world.AskBytes(key, "\xff\xff\xff").text == answer.text);
    }
    CHECK(world.engine.Log().size() == before);
  }
}

TEST_CASE("Who may do an action is never refused for want of rights, and the log has their name",
          "[authorization]") {
  int logging = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    INFO(method->full_name());
    const bool is_for_owners = kForOwnersAlone.count(method->name()) > 0;
    {
      World world(*method);
      (void)world.NewActors();
      CHECK_FALSE(IsAboutRights(world.Ask(world.Owner(), world.own).code));
      CHECK_FALSE(IsAboutRights(world.Ask(world.Owner(), world.open).code));
      for (const std::string& actor : world.NewActors()) {
        CHECK(actor == absl::StrCat(kAccount.value));
        ++logging;
      }
    }
    {
      World world(*method);
      (void)world.NewActors();
      const Key key = world.SubUser(Statement("allow", method->name(), "*"));
      CHECK(IsAboutRights(world.Ask(key, world.own).code) == is_for_owners);
      CHECK(IsAboutRights(world.Ask(key, world.open).code) == is_for_owners);
      for (const std::string& actor : world.NewActors()) CHECK(actor == absl::StrCat(kSubUser));
    }
    World world(*method);
    const Key key = world.SubUser(Statement("allow", method->name(), "*"));
    Ids unused = world.unused;
    unused.project = world.own.project;
    unused.uin = world.own.uin;
    CHECK(IsAboutRights(world.Ask(key, unused).code) == is_for_owners);
  }
  CHECK(logging >= 8);
}

TEST_CASE("A sub-user of a project does there what the policy says, and nothing elsewhere",
          "[authorization]") {
  int making = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    World world(*method);
    INFO(method->full_name());
    const auto& request = *method->input_type();
    std::set<std::string> names;
    for (int i = 0; i < request.field_count(); ++i) {
      if (NamesCertificates(*request.field(i))) names.insert(request.field(i)->json_name());
    }
    const bool names_certificate = !names.empty();
    const FieldDescriptor* const project_member = request.FindFieldByName("project_id");
    const bool names_project = project_member != nullptr;
    const std::size_t before = world.engine.Log().size();
    Ids elsewhere = world.own;
    elsewhere.project = absl::StrCat(world.other_project);
    const Key here = world.SubUser(Statement("allow", "*", InProject(world.project)));
    const Key there = world.SubUser(Statement("allow", "*", InProject(world.other_project)));

    const Answer refusal = world.Ask(there, elsewhere);

    const bool is_in_particular =
        (names_certificate || names_project) && !world.action->is_for_operators;
    if (names_certificate && world.action->answers_each) {
      CHECK(refusal.code.empty());  // authorizer_test.cc says what becomes of each
    } else if (names_certificate && is_in_particular) {
      CHECK(refusal.code == WrongRight(*world.action));
    } else if (!is_in_particular) {
      CHECK(refusal.code == kUnauthorized);
    }
    if (names_project && is_in_particular) {
      // The other way round: the certificate is right, and the project is not.
      CHECK(world.Ask(here, elsewhere).code == WrongRight(*world.action));
    }
    if (refusal.code != "") CHECK(world.engine.Log().size() == before);
    if (!is_in_particular) continue;
    CHECK_FALSE(IsAboutRights(world.Ask(here, world.own).code));

    names.erase("OldCertificateId");
    const bool makes = names_project && names.empty() &&
                       !project_member->options().GetExtension(api::required) &&
                       !absl::StartsWith(method->name(), "Describe");
    Ids nowhere = world.own;
    nowhere.project = "";  // the default one
    if (makes) {
      CHECK(world.Ask(here, nowhere).code == WrongRight(*world.action));
      ++making;
    }
  }
  CHECK(making >= 3);
}

TEST_CASE("What is another account's is like what never was", "[authorization]") {
  int telling = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    World world(*method);
    INFO(method->full_name());
    const Key stranger = world.Owner(kOther);

    if (world.Request(world.own) == world.Request(world.unused)) continue;  // it names nothing

    for (const Ids& ids : {world.own, world.open}) {
      const Answer existing = world.Ask(stranger, ids);
      const Answer unknown = world.Ask(stranger, world.unused);

      CHECK(existing.code == unknown.code);
      if (world.action->is_for_operators) CHECK(existing.code == kUnauthorized);
      if (existing.text == unknown.text) continue;
      CHECK(Masked(existing.text, ids) == Masked(unknown.text, world.unused));
    }
    // So that the comparison says something: to the owner they are not alike.
    const Key owner = world.Owner();
    const std::string unknown = Masked(world.Ask(owner, world.unused).text, world.unused);
    if (Masked(world.Ask(owner, world.own).text, world.own) != unknown) ++telling;
  }
  CHECK(telling >= 25);
}

TEST_CASE("Operators' actions need an operator, and rights in every account", "[authorization]") {
  int count = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    World world(*method);
    INFO(method->full_name());
    if (!world.action->is_for_operators) continue;
    ++count;
    const std::string own_account =
        absl::StrCat("qcs::ssl::uin/", kAccount.value, ":certificate/*");
    const Key limited = world.SubUser(Statement("allow", "*", own_account));
    CHECK(world.Ask(limited, world.own).code == kUnauthorized);

    (void)world.engine.accounts.ModifyAccount(kAccount, {.is_operator = false});
    const Answer refusal = world.Ask(world.Owner(), world.own);
    CHECK(refusal.code == kUnauthorized);
    CHECK(world.AskBytes(world.Owner(), "\xff").text == refusal.text);
    CHECK(world.Ask(world.SubUser(Statement("allow", "*", "*")), world.own).text == refusal.text);
  }
  CHECK(count >= 8);
}

TEST_CASE("A suspended account may do nothing", "[authorization]") {
  for (const MethodDescriptor* method : AllMethods()) {
    World world(*method);
    INFO(method->full_name());
    const Key owner = world.Owner();
    const Key sub_user = world.SubUser(Statement("allow", "*", "*"));
    (void)world.engine.accounts.ModifyAccount(kAccount, {.is_suspended = true});

    CHECK(world.Ask(owner, world.own).code == kUnauthorized);
    CHECK(world.Ask(sub_user, world.own).code == kUnauthorized);
  }
}

TEST_CASE("Every member that names certificates is known to be one", "[authorization]") {
  for (const MethodDescriptor* method : AllMethods()) {
    World world(*method);
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const FieldDescriptor& member = *method->input_type()->field(i);
      const auto& known = world.action->certificate_members;
      INFO(member.full_name() << ": see kCertificateMembers in action.cc");
      CHECK(NamesCertificates(member) ==
            (std::find(known.begin(), known.end(), &member) != known.end()));
      if (member.json_name() == "ProjectId") CHECK(world.action->project_member == &member);
    }
  }
}

TEST_CASE("A temporary key does what its maker may, narrowed, until its end", "[authorization]") {
  const auto* extension = ext::SslExtensionService::descriptor();
  World world(*extension->FindMethodByName("CreateTemporaryAccessKey"));
  const MethodDescriptor& list =
      *api::SslService::descriptor()->FindMethodByName("DescribeCertificates");
  const MethodDescriptor& rename =
      *api::SslService::descriptor()->FindMethodByName("ModifyCertificateAlias");
  const MethodDescriptor& csrs = *api::SslService::descriptor()->FindMethodByName("DescribeCSRSet");
  const Key maker = world.SubUser(Statement("allow", "Describe*", "*") + "," +
                                  Statement("allow", "CreateTemporaryAccessKey", "*"));
  ext::CreateTemporaryAccessKeyRequest request;
  request.set_duration_seconds(60);
  request.set_policy(PolicyOf(Statement("allow", "*Certificate*", "*")));
  ext::CreateTemporaryAccessKeyResponse made;
  REQUIRE(made.ParseFromString(world.AskBytes(maker, request.SerializeAsString()).body));
  const Key key = {.signer = {.secret_id = made.secret_id(), .secret_key = made.secret_key()},
                   .token = made.token()};
  api::ModifyCertificateAliasRequest alias;
  alias.set_certificate_id(world.own.certificate);
  alias.set_alias("new");
  const auto code = [&](const MethodDescriptor& method, const std::string& bytes = "") {
    return static_cast<SignedServer&>(world).Ask(method, bytes, key).code;
  };

  world.engine.clock.Advance(absl::Seconds(60) - absl::Microseconds(1));
  CHECK(code(list) == "");
  CHECK(code(rename, alias.SerializeAsString()) == kUnauthorized);  // not its maker's
  CHECK(code(csrs) == kUnauthorized);                               // not its own
  CHECK(world.Ask(key, world.own).code == kUnauthorized);           // it makes no other key
  const SecretId maker_id = {maker.signer.secret_id};
  REQUIRE(world.engine.accounts.DisableCredential(maker_id).ok());
  CHECK(code(list) == "AuthFailure.TokenFailure");
  REQUIRE(world.engine.accounts.ModifyCredential({.id = kAccount}, maker_id, {.is_enabled = true})
              .ok());
  CHECK(code(list) == "");
  world.engine.clock.Advance(absl::Microseconds(1));
  CHECK(code(list) == "AuthFailure.TokenFailure");
  CHECK(world.Ask(maker, world.own).code == "");
}

TEST_CASE("A deletion's log names who asked for it, also when a job does it", "[authorization]") {
  World world(*api::SslService::descriptor()->FindMethodByName("DeleteCertificates"));
  const CertificateId order = world.engine.Apply("job.example.com");
  (void)world.engine.orders.CancelOrder(kAccount, order);
  world.engine.clock.Advance(absl::Hours(2));
  world.engine.RunDueJobs();
  (void)world.NewActors();
  api::DeleteCertificatesRequest request;
  request.add_certificate_ids(order.value);
  request.set_is_sync(true);

  const Key key = world.SubUser(Statement("allow", "DeleteCertificates", "*"));
  REQUIRE(world.AskBytes(key, request.SerializeAsString()).code == "");

  CHECK(world.NewActors() == std::set<std::string>{absl::StrCat(kSubUser)});
  CHECK(world.engine.Log().back().type == "delete");
}

TEST_CASE("SubAccountUin is who acted, and Uin is the account", "[authorization]") {
  World world(*api::SslService::descriptor()->FindMethodByName("DescribeCertificateOperateLogs"));
  (void)world.engine.certificates.Rename({kAccount, kSubUser}, {world.own.certificate}, "mine");

  const Answer answer = world.Ask(world.Owner(), world.own);

  api::DescribeCertificateOperateLogsResponse logs;
  REQUIRE(logs.ParseFromString(answer.body));
  REQUIRE(logs.operate_logs_size() >= 2);
  CHECK(logs.operate_logs(0).type() == "updateAlias");
  CHECK(logs.operate_logs(0).sub_account_uin() == absl::StrCat(kSubUser));
  CHECK(absl::StrContains(logs.operate_logs(0).action(), absl::StrCat("uin: ", kSubUser)));
  std::set<std::string> actors;
  for (const api::OperationLog& row : logs.operate_logs()) {
    CHECK(row.uin() == absl::StrCat(kAccount.value));
    actors.insert(row.sub_account_uin());
  }
  CHECK(actors ==
        std::set<std::string>{"--", absl::StrCat(kAccount.value), absl::StrCat(kSubUser)});
}

}  // namespace
}  // namespace certwright
