// Real calls, in the order in which a customer and an operator make them.
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/crypto/certificate_builder.h"
#include "core/crypto/keys.h"
#include "core/crypto/signing_key.h"
#include "core/crypto/x509.h"
#include "core/status_macros.h"
#include "server/commands/conformance.h"
#include "server/sample_request.h"

namespace certwright {
namespace {

constexpr char kNothing[] = "null";
constexpr char kId[] = "CertificateId";
constexpr char kDvProduct[] = "104";
constexpr char kOvProduct[] = "6";
// Allows all, in a project that nothing lies in.
constexpr char kElsewhere[] =
    R"({"version":"2.0","statement":[{"effect":"allow","action":["ssl:*"],)"
    R"("resource":["qcs:id/987654:ssl:::*"]}]})";

// An upload: certificate and key as PEM, in JSON.
struct Pair {
  std::string certificate = {};
  std::string key = {};
};

absl::StatusOr<Pair> MakePair(const std::string& domain, absl::Time now, Random& random) {
  ASSIGN_OR_RETURN(const PrivateKey key, GenerateKey(KeyAlgorithm::kEccP256));
  ASSIGN_OR_RETURN(const auto signer, SigningKey::Parse(key.private_key_der));
  const std::string name = NameDer("Conformance", domain);
  const CertificateParts parts = {.serial_number = absl::StrCat("\x01", RandomBytes(random, 15)),
                                  .signature_algorithm_der = signer->signature_algorithm_der(),
                                  .issuer_name_der = name,
                                  .issuer_public_key_der = key.public_key_der,
                                  .subject_name_der = name,
                                  .public_key_der = key.public_key_der,
                                  .not_before = now - absl::Hours(1),
                                  .not_after = now + absl::Hours(24 * 60)};
  ASSIGN_OR_RETURN(const std::string der,
                   SignCertificate(ServerCertificateTbs(parts, {domain}, false), *signer));
  ASSIGN_OR_RETURN(const std::string key_pem, PrivateKeyPem(key.private_key_der));
  return Pair{JsonString(CertificatesPem({der})), JsonString(key_pem)};
}

class Script {
 public:
  Script(Prober& prober, const Clock& clock, Random& random)
      : prober_(prober),
        clock_(clock),
        random_(random),
        zone_(absl::StrCat("c", RandomText(random, kLowerHex, 12), ".test")),
        samples_(PlausibleSamples()) {}

  void Run() {
    FreeOrders();
    Uploads();
    Csrs();
    Profiles();
    PaidOrders();
    Revocations();
    Resources();
    Unanswered();
    WithoutRight();
    WrongStates();
  }

 private:
  // What the answer has at `wanted`, as JSON; null if it was refused or has nothing there. Required
  // members that are not given are made.
  std::string Ask(const char* action, JsonMembers members = {}, const char* wanted = "") {
    const auto rpc = FindRpc(action);
    if (!rpc.ok()) return kNothing;
    for (auto& [name, json] : SampleRequest(*(*rpc)->input_type(), samples_)) {
      members.emplace(name, std::move(json));
    }
    const Answer answer = prober_.Call(**rpc, JsonObject(members));
    const auto found = answer.values.find(wanted);
    return found == answer.values.end() ? kNothing : found->second;
  }

  std::string Name(absl::string_view label) const {
    return JsonString(absl::StrCat(label, ".", zone_));
  }
  static std::string ListOf(const std::string& json) { return absl::StrCat("[", json, "]"); }

  std::string Apply(absl::string_view label, const char* method = "\"DNS\"") {
    return Ask("ApplyCertificate",
               {{"DomainName", Name(label)},
                {"DvAuthMethod", method},
                {"CsrEncryptAlgo", "\"ECC\""},
                {"CsrKeyParameter", "\"prime256v1\""},
                {"Alias", "\"conformance\""}},
               kId);
  }

  void FreeOrders() {
    issued_ = Apply("issued");
    // From here on it is what members take that name a certificate.
    for (const char* name :
         {kId, "CertId", "CertificateIds", "CertIds", "CertificateIdList", "OldCertificateId"}) {
      samples_[name] = issued_;
    }
    Ask("DescribeCertificateDetail");
    Ask("DescribeCertificate");
    Ask("CompleteCertificate");
    Ask("DescribeCertificate");
    const std::string pem = Ask("DescribeCertificateDetail", {}, "CertificatePublicKey");
    Ask("CheckCertificateChain", {{"CertificateChain", pem}});
    Ask("CheckCertificateExist", {{"CertificatePublicKey", pem}});
    Ask("DownloadCertificate");
    Ask("DescribeDownloadCertificateUrl", {{"ServiceType", "\"nginx\""}});
    Ask("ModifyCertificateAlias", {{"Alias", "\"renamed\""}});
    Ask("ModifyCertificateProject");
    Ask("ModifyCertificatesExpiringNotificationSwitch");
    Ask("DescribeCertificates");
    Ask("DescribeCertificateOperateLogs");

    const std::string checked = Apply("checked", "\"FILE\"");
    Ask("DescribeCertificateDetail", {{kId, checked}});
    Ask("CheckCertificateDomainVerification", {{kId, checked}});
    Ask("CancelCertificateOrder", {{kId, Apply("cancelled")}});
    Ask("CancelAuditCertificate", {{kId, Apply("withdrawn")}});
  }

  std::string Upload(absl::string_view label, Pair& pair) {
    const absl::StatusOr<Pair> made =
        MakePair(absl::StrCat(label, ".", zone_), clock_.Now(), random_);
    if (!made.ok()) return kNothing;
    pair = *made;
    return Ask("UploadCertificate",
               {{"CertificatePublicKey", pair.certificate},
                {"CertificatePrivateKey", pair.key},
                {"Tags", R"([{"TagKey":"team","TagValue":"conformance"}])"}},
               kId);
  }

  void Uploads() {
    Pair pair;
    uploaded_ = Upload("uploaded", pair);
    Ask("DescribeCertificateDetail", {{kId, uploaded_}});
    Ask("DescribeCertificate", {{kId, uploaded_}});
    Ask("DescribeCertificates", {{"CertIds", ListOf(uploaded_)}});
    Ask("CheckCertificateExist", {{"CertificatePublicKey", pair.certificate}});
    Ask("UploadCertificate", {{"CertificatePublicKey", pair.certificate},
                              {"CertificatePrivateKey", pair.key},
                              {"Repeatable", "false"}});
    Ask("DeleteCertificate", {{kId, Upload("deleted", pair)}});
    Ask("DeleteCertificates",
        {{"CertificateIds", absl::StrCat("[", Upload("many", pair), ",", "\"zzzzzzzz\"]")}});
    Ask("DeleteCertificates",
        {{"CertificateIds", ListOf(Upload("tasks", pair))}, {"IsSync", "true"}});
    const std::string task = Ask(
        "DeleteCertificate", {{kId, Upload("task", pair)}, {"IsCheckResource", "true"}}, "TaskId");
    Ask("DescribeDeleteCertificatesTaskResult", {{"TaskIds", ListOf(task)}});
    samples_["CertificatePublicKey"] = pair.certificate;
    samples_["CertificatePrivateKey"] = pair.key;
  }

  void Csrs() {
    const JsonMembers tags = {{"Generate", "false"},
                              {"Remark", "\"conformance\""},
                              {"Tags", R"([{"TagKey":"team","TagValue":"conformance"}])"}};
    const std::string draft = Ask("CreateCSR", tags, "Id");
    Ask("ModifyCSR", {{"CSRId", draft}, {"Generate", "true"}});
    Ask("DescribeCSR", {{"CSRId", draft}});
    Ask("DescribeCSRSet");
    Ask("BatchDeleteCSR", {{"CSRIds", ListOf(draft)}});
  }

  std::string Manager() {
    return Ask("CreateManager",
               {{"CompanyId", company_}, {"ContactMail", "\"contact@example.com\""}}, "ManagerId");
  }

  void Profiles() {
    // An account has at most ten, and none is ever deleted.
    company_ = Ask("DescribeCompanies", {}, "Companies.CompanyId");
    if (company_ == kNothing) company_ = Ask("CreateCompany", {}, "CompanyId");
    const std::string approved = Manager();
    manager_ = approved;
    Ask("ReviewManager", {{"ManagerId", approved}, {"Decision", "\"approve\""}});
    Ask("ReviewManager", {{"ManagerId", approved}, {"Decision", "\"approve\""}});
    Ask("CreateManagerDomain", {{"ManagerId", approved}, {"Domain", Name("manager")}});
    Ask("DescribeCompanies");
    Ask("DescribeManagers", {{"CompanyId", company_}});
    Ask("DescribeManagerDetail", {{"ManagerId", approved}});
    Ask("CertificateInfoSubmit", Submission(Order(kOvProduct), "manager"));
    const std::string refused = Manager();
    Ask("ReviewManager",
        {{"ManagerId", refused}, {"Decision", "\"refuse\""}, {"Reason", "\"conformance\""}});
    Ask("SubmitAuditManager", {{"ManagerId", refused}});
    const std::string renewed = Manager();
    Ask("ReviewManager", {{"ManagerId", renewed}, {"Decision", "\"approve\""}});
    Ask("ReviewManager", {{"ManagerId", renewed}, {"Decision", "\"approve\""}});
    Ask("VerifyManager", {{"ManagerId", renewed}});
    for (const std::string& manager : {refused, renewed}) {
      Ask("DeleteManager", {{"ManagerId", manager}});
    }
  }

  // Bought where that is built, else opened by an operator.
  std::string Order(const char* product) {
    const std::string bought = Ask("CreateCertificate", {{"ProductId", product}}, "CertificateIds");
    if (bought != kNothing) return bought;
    return Ask("CreateOrder", {{"ProductId", product}}, kId);
  }

  JsonMembers Submission(const std::string& order, absl::string_view label) const {
    return {{"CertId", order},
            {"CertCommonName", Name(label)},
            {"CompanyId", "\"0\""},
            {"ManagerId", manager_ == kNothing ? "\"0\"" : absl::StrCat("\"", manager_, "\"")},
            {"CsrEncryptAlgo", "\"ECC\""},
            {"CsrKeyParameter", "\"prime256v1\""},
            {"ContactEmail", "\"ops@example.com\""}};
  }

  // What orders are paid with, after one that cannot be paid.
  void PayIn() {
    Ask("CreateCertificate", {{"ProductId", kDvProduct}}, "CertificateIds");
    Ask("CreditAccount", {{"Kind", "\"cash\""}, {"Amount", "100000000"}});
  }

  void PaidOrders() {
    PayIn();
    paid_ = Order(kDvProduct);
    Ask("CertificateInfoSubmit", Submission(paid_, "paid"));
    Ask("DescribeCertificateDetail", {{kId, paid_}});
    Ask("DescribeCertificate", {{kId, paid_}});
    Ask("CertificateOrderSubmit", {{"CertId", paid_}});
    Ask("CompleteCertificate", {{kId, paid_}});
    Ask("DescribeCertificateDetail", {{kId, paid_}});

    reviewed_ = Order(kOvProduct);
    JsonMembers organization = Submission(reviewed_, "reviewed");
    organization["ManagerId"] = "\"0\"";
    organization["OrgOrganization"] = "\"Plain Ltd\"";
    Ask("CertificateInfoSubmit", organization);
    Ask("CertificateOrderSubmit", {{"CertId", reviewed_}});
    Ask("UploadConfirmLetter", {{kId, reviewed_}});
    for (int stage = 0; stage < 2; ++stage) {
      Ask("ReviewCertificate", {{kId, reviewed_}, {"Decision", "\"approve\""}});
    }
    Ask("CompleteCertificate", {{kId, reviewed_}});

    const std::string older = Order(kOvProduct);
    Ask("SubmitCertificateInformation", {{kId, older},
                                         {"CsrType", "\"online\""},
                                         {"CertificateDomain", Name("older")},
                                         {"OrganizationName", "\"Plain Ltd\""},
                                         {"ContactEmail", "\"ops@example.com\""}});
    Ask("CommitCertificateInformation", {{kId, older}});
    Ask("UploadConfirmLetter", {{kId, older}});
    Ask("CancelCertificateOrder", {{kId, older}});
    Ask("ModifyCertificateResubmit", {{kId, older}});
    Ask("DescribeCertificates");

    Ask("GrantPackage", {{"Type", "\"ssl_500\""}, {"Points", "500"}});
    const std::string package = Ask("DescribePackages", {}, "Packages.PackageId");
    Ask("CreateCertificateByPackage", {{"PackageIds", ListOf(package)}});
  }

  void Revocations() {
    Ask("ReplaceCertificate", {{kId, paid_}, {"CsrType", "\"original\""}});
    Ask("DescribeCertificateDetail", {{kId, paid_}});
    const std::string revoked = Apply("revoked");
    Ask("CompleteCertificate", {{kId, revoked}});
    for (const std::string& certificate : {revoked, reviewed_}) {
      Ask("RevokeCertificate", {{kId, certificate}, {"Reason", "\"conformance\""}});
      Ask("DescribeCertificateDetail", {{kId, certificate}});
      Ask("DescribeCertificate", {{kId, certificate}});
    }
    Ask("UploadRevokeLetter", {{kId, reviewed_}});
  }

  // Deployments, and the looks for what uses a certificate.
  void Resources() {
    const std::string task = Ask("CreateCertificateBindResourceSyncTask",
                                 {{"CertificateIds", ListOf(uploaded_)}}, "CertTaskIds.TaskId");
    Ask("DescribeCertificateBindResourceTaskResult", {{"TaskIds", ListOf(task)}});
    Ask("DescribeCertificateBindResourceTaskDetail", {{"TaskId", task}});

    Deployment("DeployCertificateInstance",
               {{kId, uploaded_},
                {"ResourceType", "\"cdn\""},
                {"InstanceIdList", R"(["plain.example.com|on"])"}},
               {"DescribeHostDeployRecordDetail", "DeployCertificateRecordRetry",
                "DeployCertificateRecordRollback"});
    Deployment("UpdateCertificateInstance", {{kId, issued_}, {"OldCertificateId", uploaded_}},
               {"DescribeHostUpdateRecordDetail", "UpdateCertificateRecordRetry",
                "UpdateCertificateRecordRollback"});
    Deployment("UploadUpdateCertificateInstance", {{"OldCertificateId", uploaded_}},
               {"DescribeHostUploadUpdateRecordDetail", "UploadUpdateCertificateRecordRetry",
                "UploadUpdateCertificateRecordRollback"});
    Ask("DescribeHostDeployRecord", {{kId, uploaded_}});
  }

  void Deployment(const char* begin, const JsonMembers& members,
                  const std::vector<const char*>& then) {
    const std::string record = Ask(begin, members, "DeployRecordId");
    if (record != kNothing) samples_["DeployRecordId"] = record;
    for (const char* action : then) AskWith(action, "DeployRecordId");
  }

  // With a member that may be optional, of the action's own type.
  void AskWith(const std::string& action, const std::string& name) {
    const auto rpc = FindRpc(action);
    if (!rpc.ok() || !samples_.contains(name)) return;
    const auto& request = *(*rpc)->input_type();
    for (int i = 0; i < request.field_count(); ++i) {
      if (request.field(i)->json_name() != name) continue;
      Ask(action.c_str(), {{name, SampleValue(*request.field(i), samples_)}});
    }
  }

  // Of the rest, with what there is by now.
  void Unanswered() {
    std::vector<std::string> actions;
    for (const auto& [action, record] : prober_.seen()) {
      if (!record.is_answered) actions.push_back(action);
    }
    for (const std::string& action : actions) {
      Ask(action.c_str());
      AskWith(action, kId);
    }
  }

  // Every action that names a certificate, on one in each state that there is by now. Deletions
  // come last: they would take the others' certificates away.
  void WrongStates() {
    const std::string open = Apply("open");
    const std::string cancelled = Apply("ended");
    Ask("CancelCertificateOrder", {{kId, cancelled}});
    const std::string paid = Order(kDvProduct);
    const std::string letter = Order(kOvProduct);
    JsonMembers organization = Submission(letter, "letter");
    organization["ManagerId"] = "\"0\"";
    organization["OrgOrganization"] = "\"Plain Ltd\"";
    Ask("CertificateInfoSubmit", organization);
    Ask("CertificateOrderSubmit", {{"CertId", letter}});
    std::vector<std::string> actions;
    for (const bool deletes : {false, true}) {
      for (const auto& [action, record] : prober_.seen()) {
        if (absl::StartsWith(action, "Delete") == deletes) actions.push_back(action);
      }
    }
    for (const std::string& action : actions) {
      for (const std::string& id : {uploaded_, cancelled, issued_, reviewed_, open, letter, paid}) {
        AskOn(action, id);
      }
    }
  }

  // Every action that names a certificate, by a sub-user who has no right to it.
  void WithoutRight() {
    const auto rpc = FindRpc("CreateAccessKey");
    if (!rpc.ok()) return;
    const Answer made = prober_.Call(**rpc, JsonObject({{"SubAccountUin", "\"100000000777\""},
                                                        {"Policy", JsonString(kElsewhere)}}));
    const auto id = made.values.find("SecretId");
    const auto key = made.values.find("SecretKey");
    if (id == made.values.end() || key == made.values.end()) return;
    const ClientOptions owner = prober_.options();
    prober_.Become(Unquoted(id->second), Unquoted(key->second));
    for (const auto& [action, record] : Conformance(prober_.seen())) AskOn(action, issued_);
    prober_.Become(owner.secret_id, owner.secret_key);
  }
  static std::string Unquoted(const std::string& json) { return json.substr(1, json.size() - 2); }

  void AskOn(const std::string& action, const std::string& id) {
    const auto rpc = FindRpc(action);
    if (!rpc.ok()) return;
    const auto& request = *(*rpc)->input_type();
    JsonMembers members;
    for (int i = 0; i < request.field_count(); ++i) {
      const std::string& name = request.field(i)->json_name();
      if (name == kId || name == "CertId") members[name] = id;
      if (name == "CertificateIds") members[name] = ListOf(id);
    }
    if (!members.empty()) Ask(action.c_str(), members);
  }

  Prober& prober_;
  const Clock& clock_;
  Random& random_;
  const std::string zone_;  // another one each run, since limits are counted by it
  JsonMembers samples_;
  std::string issued_ = kNothing;
  std::string uploaded_ = kNothing;
  std::string paid_ = kNothing;
  std::string reviewed_ = kNothing;  // OV, issued
  std::string company_ = kNothing;
  std::string manager_ = kNothing;
};

}  // namespace

void CallAsMeant(Prober& prober, const Clock& clock, Random& random) {
  Script(prober, clock, random).Run();
}

}  // namespace certwright
