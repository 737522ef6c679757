#include "server/pipeline.h"

#include <catch2/catch.hpp>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "ssl/v20191205/ssl.pb.h"
#include "tests/support/fake_store.h"
#include "tests/support/fakes.h"
#include "tests/support/signing.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

// Answers what it was told about the caller; an Alias orders what goes wrong.
absl::StatusOr<api::UploadCertificateResponse> Echo(Services&, const Call& call,
                                                    const api::UploadCertificateRequest& request) {
  if (request.alias() == "data loss") return absl::DataLossError("page 7 of /var/lib is damaged");
  if (request.alias() == "busy") return absl::ResourceExhaustedError("1024 transactions wait");
  if (request.alias() == "throw") throw std::runtime_error("no memory at 0x1234");
  if (request.alias() == "refuse") {
    return Refuse(ApiError::kFailedOperationCertificateNotFound, "No `abcd1234` here.",
                  "CertificateId");
  }
  api::UploadCertificateResponse response;
  response.set_certificate_id(request.certificate_public_key());
  response.set_repeat_cert_id(absl::StrCat(
      call.account.id.value, " ", call.secret_id.value, " ", call.action, " ", call.region, " ",
      call.language == Language::kEnglish ? "en" : "zh", " ", absl::ToUnixSeconds(call.now)));
  return response;
}

absl::StatusOr<api::DescribeCertificatesResponse> Count(
    Services&, const Call&, const api::DescribeCertificatesRequest& request) {
  api::DescribeCertificatesResponse response;
  response.set_total_count(request.limit());
  return response;
}

// Room for services that these handlers never touch.
template <typename T>
union Unbuilt {
  Unbuilt() : none{} {}
  ~Unbuilt() {}
  char none;
  T value;
};

struct TestPipeline {
  explicit TestPipeline(Pipeline::Options options = {}, int calls_per_second = 0)
      : rate_limiter(calls_per_second),
        pipeline(
            versions, services, verifier, rate_limiter, workers, random,
            [this](const Pipeline::Record& record) { Logged(record); }, options) {
    store.Add(TestAccount(), TestCredential());
    actions.Bind("UploadCertificate", Echo);
    actions.Bind("DescribeCertificates", Count);
    actions.BindUnbuilt(*Service(), "RevokeCertificate");
  }

  static const google::protobuf::ServiceDescriptor* Service() {
    return api::SslService::descriptor();
  }

  // Answers and waits for the log line, which comes last.
  Reply Ask(Envelope envelope) {
    absl::Notification logged;
    logged_ = &logged;
    Reply reply;
    int answers = 0;
    pipeline.Handle(std::move(envelope), [&](Reply answer) {
      reply = std::move(answer);
      ++answers;
    });
    logged.WaitForNotification();
    CHECK(answers == 1);
    CHECK(records.back().request_id == reply.request_id);
    return reply;
  }

  // The documented code that the answer carries, "" for success; and what the log says is the same.
  std::string Code(Envelope envelope) {
    const Protocol protocol = envelope.protocol;
    const Reply reply = Ask(std::move(envelope));
    std::string code;
    if (protocol == Protocol::kGrpc) {
      google::rpc::Status status;
      google::rpc::ErrorInfo info;
      REQUIRE(status.ParseFromString(reply.grpc_details));
      if (status.details_size() > 0) REQUIRE(status.details(0).UnpackTo(&info));
      code = info.reason();
    } else {
      std::smatch match;
      const std::regex error(R"re(^\{"Response":\{"Error":\{"Code":"([A-Za-z.]+)","Message":")re");
      if (std::regex_search(reply.body, match, error)) code = match[1];
    }
    CHECK(records.back().code == code);
    return code;
  }

  FakeStore store;
  FakeClock clock;
  SeededRandom random;
  Settings settings;
  Unbuilt<AccountService> accounts;
  Unbuilt<OrderService> orders;
  Unbuilt<CertificateService> certificates;
  TrustStore trust{""};
  Unbuilt<CsrService> csrs;
  Unbuilt<PaidOrderService> paid_orders;
  Unbuilt<ReviewService> reviews;
  Unbuilt<PurchaseService> purchases;
  Unbuilt<RefundService> refunds;
  Unbuilt<WalletService> wallets;
  Unbuilt<BindTaskService> bind_tasks;
  Unbuilt<DeploymentService> deployments;
  Unbuilt<ProfileService> profiles;
  Unbuilt<ZoneService> zones;
  Unbuilt<AlarmService> alarms;
  Services services = {.store = store,
                       .accounts = accounts.value,
                       .orders = orders.value,
                       .certificates = certificates.value,
                       .paid_orders = paid_orders.value,
                       .reviews = reviews.value,
                       .purchases = purchases.value,
                       .refunds = refunds.value,
                       .wallets = wallets.value,
                       .bind_tasks = bind_tasks.value,
                       .deployments = deployments.value,
                       .csrs = csrs.value,
                       .profiles = profiles.value,
                       .zones = zones.value,
                       .alarms = alarms.value,
                       .clock = clock,
                       .settings = settings,
                       .trust = trust};
  ActionVersions versions;
  ActionTable& actions = versions["2019-12-05"];
  Verifier verifier{store, clock, {}};
  RateLimiter rate_limiter;
  std::vector<Pipeline::Record> records;
  Pipeline pipeline;
  TaskPool workers{1, 1};  // ends first

 private:
  void Logged(const Pipeline::Record& record) {
    records.push_back(record);
    if (logged_ != nullptr) logged_->Notify();
  }

  absl::Notification* logged_ = nullptr;
};

constexpr char kUpload[] = R"({"CertificatePublicKey":"PEM"})";

Envelope Post(absl::string_view action, absl::string_view body) {
  Envelope envelope = JsonPost(action, body);
  Sign(envelope);
  return envelope;
}

// Headers of API 3.0 are not signed unless the client says so.
Envelope InLanguage(absl::string_view language, Envelope envelope) {
  SetHeader("x-tc-language", language, envelope);
  return envelope;
}

Envelope Upload(absl::string_view alias) {
  return Post("UploadCertificate",
              absl::StrCat(R"({"CertificatePublicKey":"PEM","Alias":")", alias, R"("})"));
}

Envelope GrpcUpload(absl::string_view alias) {
  api::UploadCertificateRequest request;
  request.set_certificate_public_key("PEM");
  request.set_alias(std::string(alias));
  Envelope envelope = GrpcCall("UploadCertificate", request.SerializeAsString());
  Sign(envelope);
  return envelope;
}

TEST_CASE("A signed JSON call reaches its handler and is answered", "[pipeline]") {
  TestPipeline server;
  Envelope envelope = JsonPost("UploadCertificate", kUpload);
  envelope.headers.emplace_back("x-tc-region", "ap-guangzhou");
  envelope.headers.emplace_back("x-tc-language", "en-US");
  Sign(envelope);

  const Reply reply = server.Ask(envelope);

  CHECK(reply.body ==
        absl::StrCat(R"({"Response":{"CertificateId":"PEM","RepeatCertId":"100000000001 )",
                     kTestSecretId, R"( UploadCertificate ap-guangzhou en 1767229261",)",
                     R"("RequestId":")", reply.request_id, R"("}})"));
  CHECK(reply.grpc_status == 0);
}

TEST_CASE("Each call has a fresh version-4 UUID, and one log line without secrets", "[pipeline]") {
  TestPipeline server;
  const Reply first = server.Ask(Post("UploadCertificate", kUpload));
  const Reply second = server.Ask(Post("UploadCertificate", kUpload));

  const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  CHECK(std::regex_match(first.request_id, uuid));
  CHECK(first.request_id != second.request_id);
  REQUIRE(server.records.size() == 2);
  const Pipeline::Record& record = server.records[0];
  CHECK(record.protocol == Protocol::kHttp);
  CHECK(record.action == "UploadCertificate");
  CHECK(record.account == 100000000001);
  CHECK(record.secret_id == kTestSecretId);
  CHECK(record.code == "");
  CHECK(record.failure == "");
  CHECK(record.peer == "192.0.2.1");
  CHECK(record.took >= absl::ZeroDuration());
}

TEST_CASE("Form bodies and queries are read like JSON", "[pipeline]") {
  TestPipeline server;
  Envelope form = JsonPost("UploadCertificate", "CertificatePublicKey=P+M%2B");
  SetHeader("content-type", "application/x-www-form-urlencoded", form);
  Sign(form);
  CHECK(absl::StrContains(server.Ask(form).body, R"("CertificateId":"P M+")"));

  Envelope get = QueryGet("DescribeCertificates", "Limit=7&CertificateStatus.0=1");
  Sign(get);
  CHECK(absl::StrContains(server.Ask(get).body, R"("TotalCount":7)"));
}

TEST_CASE("A v1 call is read from what was signed", "[pipeline]") {
  TestPipeline server;
  const Envelope envelope = {
      .method = "GET",
      .path = "/",
      .query =
          "Limit=20&Offset=0&SearchKey=a+b%2B%E4%B8%AD&CertificateStatus.0=0&"
          "CertificateStatus.1=1&Action=DescribeCertificates&RequestClient=SDK_TEST&"
          "Nonce=11886&Timestamp=1767229261&Version=2019-12-05&"
          "SecretId=AKIDEXAMPLExxxxxxxxxxxxxxxxxxxxxxxxx&SignatureMethod=HmacSHA1&"
          "Language=en-US&Signature=PQdHqZ0IdyeAe6MH5Ydj%2BAMpGBU%3D",
      .headers = {{"host", "ssl.tencentcloudapi.com"}}};

  CHECK(absl::StrContains(server.Ask(envelope).body, R"("TotalCount":20)"));
}

TEST_CASE("Methods other than GET and POST are refused before all else", "[pipeline]") {
  TestPipeline server;
  Envelope envelope = Post("UploadCertificate", std::string(11 << 20, ' '));
  envelope.method = GENERATE("HEAD", "PUT", "DELETE", "OPTIONS", "get", "");

  CHECK(server.Code(envelope) == "UnsupportedProtocol");
}

TEST_CASE("Bodies and queries over their limits are refused unread", "[pipeline]") {
  TestPipeline server({.max_body_bytes = 300, .max_query_bytes = 100, .max_form_bytes = 200});
  Envelope get = QueryGet("DescribeCertificates", "SearchKey=" + std::string(90, 'a'));
  Sign(get);
  CHECK(server.Code(get) == "");
  get.query += "a";
  CHECK(server.Code(get) == "RequestSizeLimitExceeded");

  const auto json = [](std::size_t size) {
    const std::string body = R"({"CertificatePublicKey":"PEM"})";
    return body + std::string(size - body.size(), ' ');
  };
  CHECK(server.Code(Post("UploadCertificate", json(300))) == "");
  CHECK(server.Code(Post("UploadCertificate", json(301))) == "RequestSizeLimitExceeded");
  Envelope form = JsonPost("UploadCertificate", "CertificatePublicKey=" + std::string(180, 'a'));
  SetHeader("content-type", "application/x-www-form-urlencoded; charset=utf-8", form);
  CHECK(server.Code(form) == "RequestSizeLimitExceeded");
}

TEST_CASE("The documented limits stand by default", "[pipeline]") {
  TestPipeline server;
  Envelope get = QueryGet("DescribeCertificates", "SearchKey=" + std::string(32 * 1024 - 9, 'a'));
  Sign(get);
  REQUIRE(get.query.size() == 32 * 1024 + 1);

  CHECK(server.Code(get) == "RequestSizeLimitExceeded");
}

TEST_CASE("The transport can ask for the answer to a body it does not read", "[pipeline]") {
  TestPipeline server;
  const Reply reply = server.pipeline.RefuseOversize(JsonPost("UploadCertificate", ""));

  CHECK(absl::StrContains(reply.body, R"("Code":"RequestSizeLimitExceeded")"));
  CHECK(absl::StrContains(reply.body, reply.request_id));
  REQUIRE(server.records.size() == 1);
  CHECK(server.records[0].code == "RequestSizeLimitExceeded");
  CHECK(server.records[0].action == "UploadCertificate");

  CHECK(absl::StrContains(server.pipeline.RefuseCrowded(JsonPost("UploadCertificate", "")).body,
                          R"("Code":"ServiceUnavailable")"));
}

TEST_CASE("A query that is not read whole is too large too", "[pipeline]") {
  TestPipeline server;
  const Envelope envelope = {
      .method = "GET", .path = "/", .query = std::string(40'000, 'x'), .peer = "127.0.0.1"};

  const Reply reply = server.pipeline.RefuseOversize(envelope);

  CHECK(absl::StrContains(reply.body, R"("Code":"RequestSizeLimitExceeded")"));
  CHECK(absl::StrContains(reply.body, "query"));
}

TEST_CASE("gRPC calls that reach no action have the form of all refusals", "[pipeline][grpc]") {
  TestPipeline server;
  const auto reason = [](const Reply& reply) {
    google::rpc::Status status;
    google::rpc::ErrorInfo info;
    REQUIRE(status.ParseFromString(reply.grpc_details));
    REQUIRE(status.details(0).UnpackTo(&info));
    CHECK(info.metadata().at("RequestId") == reply.request_id);
    CHECK_FALSE(reply.grpc_message.empty());
    return info.reason();
  };
  Envelope call = GrpcCall("NoSuchAction", "");

  Reply reply = server.pipeline.RefuseUnknown(call);
  CHECK(reason(reply) == "InvalidAction");
  CHECK(reply.grpc_status == 12);
  call.path = "/no.such.Service/UploadCertificate";
  CHECK(reason(server.pipeline.RefuseUnknown(call)) == "NoSuchVersion");
  call.path = "/certwright.tag.v20180813.TagService/NoSuchAction";
  CHECK(reason(server.pipeline.RefuseUnknown(call)) == "NoSuchVersion");  // of this table
  CHECK(absl::StrContains(server.pipeline.RefuseUnknown(call).grpc_message, "service=`tag`"));
  call.path = "/other.v20191205.Service/UploadCertificate";
  CHECK(reason(server.pipeline.RefuseUnknown(call)) == "NoSuchProduct");
  CHECK(reason(server.pipeline.RefuseOversize(call)) == "RequestSizeLimitExceeded");
  CHECK(server.pipeline.RefuseOversize(call).grpc_status == 3);
  CHECK(reason(server.pipeline.RefuseLate(call)) == "ServiceUnavailable");
  CHECK(server.pipeline.RefuseLate(call).grpc_status == 14);
}

TEST_CASE("What is wrong first is refused first", "[pipeline]") {
  // Each change breaks one more check than the one before, and earlier in the order.
  TestPipeline server;
  Credential sub_user = TestCredential();
  sub_user.policy = R"({"version":"2.0","statement":[{"effect":"allow","action":"ssl:Upload*",)"
                    R"("resource":"*"}]})";
  server.store.Add(TestAccount(), sub_user);
  Envelope envelope = JsonPost("UploadCertificate", R"({"Nonsense":1})");
  const auto code = [&] {
    Envelope copy = envelope;
    Sign(copy);
    return server.Code(copy);
  };

  CHECK(code() == "UnknownParameter");
  SetHeader("content-type", "text/plain", envelope);
  CHECK(code() == "InvalidRequest");
  SetHeader("x-tc-region", "Guangzhou", envelope);
  CHECK(code() == "InvalidParameterValue");
  SetHeader("x-tc-action", "RevokeCertificate", envelope);
  CHECK(code() == "AuthFailure.UnauthorizedOperation");
  SetHeader("x-tc-action", "InventCertificate", envelope);
  CHECK(code() == "InvalidAction");
  SetHeader("x-tc-version", "2019-12-06", envelope);
  CHECK(code() == "NoSuchVersion");
  SetHeader("x-tc-token", "token", envelope);
  CHECK(code() == "AuthFailure.TokenFailure");
}

TEST_CASE("A refused signature is answered and logged without an account", "[pipeline]") {
  TestPipeline server;
  Envelope envelope = Post("UploadCertificate", kUpload);
  envelope.body += " ";

  CHECK(server.Code(envelope) == "AuthFailure.SignatureFailure");
  CHECK(server.records[0].account == 0);
  CHECK(server.records[0].secret_id == "");
  CHECK(server.records[0].action == "UploadCertificate");
}

TEST_CASE("Negative cases of the documents", "[pipeline]") {
  TestPipeline server;
  const auto [action, body, code] = GENERATE(table<std::string, std::string, std::string>({
      {"UploadCertificate", R"({"CertificatePublicKey":"P","Tags":[{"Nonsense":"x"}]})",
       "UnknownParameter"},
      {"DescribeCertificates", R"({"Offset":-1})", "InvalidParameter"},
      {"UploadCertificate", R"({"CertificatePublicKey":5})", "InvalidParameter"},
      {"UploadCertificate", R"({"Alias":"x"})", "MissingParameter"},
      {"UploadCertificate", R"([])", "InvalidParameter"},
      {"UploadCertificate", R"({"CertificatePublicKey":"a","CertificatePublicKey":"b"})",
       "InvalidParameter"},
      {"UploadCertificate", "", "MissingParameter"},
      {"HostCertificate", "{}", "ActionOffline"},
      {"uploadCertificate", "{}", "InvalidAction"},
      {"RevokeCertificate", R"({"CertificateId":"abcd1234"})", "UnsupportedOperation"},
      {"RevokeCertificate", R"({"Nonsense":1})", "UnknownParameter"},
  }));
  CAPTURE(action, body);

  CHECK(server.Code(Post(action, body)) == code);
}

TEST_CASE("Another version does not exist", "[pipeline]") {
  TestPipeline server;
  Envelope envelope = JsonPost("UploadCertificate", kUpload);
  SetHeader("x-tc-version", "2017-03-12", envelope);
  Sign(envelope);

  CHECK(
      absl::StrContains(server.Ask(envelope).body,
                        "The specified api version=`2017-03-12` does not exist in service=`ssl`."));
}

TEST_CASE("Regions are absent, well-formed or refused", "[pipeline]") {
  TestPipeline server;
  const auto [region, code] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"null", ""},
      {"undefined", ""},
      {"ap-guangzhou", ""},
      {"na-siliconvalley-1", ""},
      {"a-b", "InvalidParameterValue"},
      {"ap-", "InvalidParameterValue"},
      {"-ap", "InvalidParameterValue"},
      {"ap", "InvalidParameterValue"},
      {"AP-guangzhou", "InvalidParameterValue"},
      {"ap-guangzhou;drop", "InvalidParameterValue"},
      {"a1-guangzhou", "InvalidParameterValue"},
      {"ap-" + std::string(100, 'a'), "InvalidParameterValue"},
  }));
  CAPTURE(region);
  Envelope envelope = JsonPost("UploadCertificate", kUpload);
  SetHeader("x-tc-region", region, envelope);
  Sign(envelope);

  CHECK(server.Code(envelope) == code);
}

TEST_CASE("Content types that no action takes are refused", "[pipeline]") {
  TestPipeline server;
  const auto [type, code] = GENERATE(table<std::string, std::string>({
      {"application/json; charset=utf-8", ""},
      {"Application/JSON", ""},
      {"multipart/form-data; boundary=x", "InvalidRequest"},  // JSON is none
      {"application/octet-stream", "InvalidParameter"},       // the action takes no file
      {"text/plain", "InvalidRequest"},
      {"application/jsonp", "InvalidRequest"},
  }));
  CAPTURE(type);
  Envelope envelope = JsonPost("UploadCertificate", kUpload);
  SetHeader("content-type", type, envelope);
  Sign(envelope);

  CHECK(server.Code(envelope) == code);
}

TEST_CASE("An exact repetition of a change is refused where that is switched on", "[pipeline]") {
  TestPipeline server({.replay_entries = 10});
  const Envelope change = Post("UploadCertificate", kUpload);
  const Envelope read = Post("DescribeCertificates", R"({"Limit":20})");
  CHECK(server.Code(change).empty());
  CHECK(server.Code(change) == "AuthFailure.SignatureFailure");
  CHECK(server.Code(read).empty());
  CHECK(server.Code(read).empty());

  // Another second, another signature.
  Envelope later = change;
  Sign(later, {.timestamp = kTestTimestamp + 1});
  CHECK(server.Code(later).empty());
  // What is refused before it counts for nothing does not use the signature up.
  Envelope no_region = change;
  SetHeader("x-tc-region", "?", no_region);
  Sign(no_region, {.timestamp = kTestTimestamp + 2});
  CHECK(server.Code(no_region) == "InvalidParameterValue");
  RemoveHeader("x-tc-region", no_region);
  CHECK(server.Code(no_region).empty());
}

TEST_CASE("Repetitions pass by default: equal calls within a second are legal", "[pipeline]") {
  TestPipeline server;
  const Envelope change = Post("UploadCertificate", kUpload);
  CHECK(server.Code(change).empty());
  CHECK(server.Code(change).empty());
}

TEST_CASE("A suspended account is refused at the door", "[pipeline]") {
  TestPipeline server;
  server.store.accounts[TestAccount().id].is_suspended = true;

  CHECK(server.Code(Post("UploadCertificate", kUpload)) == "AuthFailure.UnauthorizedOperation");
  CHECK(server.records[0].account == 100000000001);
}

TEST_CASE("Calls beyond the rate are refused until the next second", "[pipeline]") {
  TestPipeline server({}, 2);
  const Envelope envelope = Post("UploadCertificate", kUpload);
  CHECK(server.Code(envelope) == "");
  CHECK(server.Code(envelope) == "");
  CHECK(server.Code(envelope) == "RequestLimitExceeded");

  server.clock.Advance(absl::Seconds(1));

  CHECK(server.Code(envelope) == "");
}

TEST_CASE("Answers without a requested language use the configured one", "[pipeline]") {
  TestPipeline chinese;
  TestPipeline english({.default_language = Language::kEnglish});

  CHECK(absl::StrContains(chinese.Ask(Post("UploadCertificate", kUpload)).body, " zh "));
  CHECK(absl::StrContains(english.Ask(Post("UploadCertificate", kUpload)).body, " en "));
}

TEST_CASE("A handler's refusal goes to the caller in its words", "[pipeline]") {
  TestPipeline server;
  const Reply reply = server.Ask(InLanguage("en-US", Upload("refuse")));

  CHECK(reply.body == absl::StrCat(R"({"Response":{"Error":{"Code":"FailedOperation.)",
                                   R"(CertificateNotFound","Message":"No `abcd1234` here."},)",
                                   R"("RequestId":")", reply.request_id, R"("}})"));
  CHECK(server.records[0].failure == "");
}

TEST_CASE("Refusals are in the language asked for, else in the configured one", "[pipeline]") {
  constexpr char kChinese[] = R"("Message":"证书不存在或不属于该账号（参数 CertificateId）：No )";
  constexpr char kEnglish[] = R"("Message":"No )";
  TestPipeline chinese;
  TestPipeline english({.default_language = Language::kEnglish});

  CHECK(absl::StrContains(chinese.Ask(Upload("refuse")).body, kChinese));
  CHECK(absl::StrContains(english.Ask(Upload("refuse")).body, kEnglish));
  CHECK(absl::StrContains(chinese.Ask(InLanguage("en-US", Upload("refuse"))).body, kEnglish));
  CHECK(absl::StrContains(english.Ask(InLanguage("zh-CN", Upload("refuse"))).body, kChinese));
}

TEST_CASE("What is refused before it is verified follows the language that it claims",
          "[pipeline]") {
  TestPipeline server;
  const auto answer = [&](Envelope envelope, absl::string_view language) {
    return server.Ask(InLanguage(language, std::move(envelope))).body;
  };
  Envelope put = JsonPost("UploadCertificate", "{}");
  put.method = "PUT";
  Envelope unsigned_post = JsonPost("UploadCertificate", "{}");
  Envelope forged = Post("UploadCertificate", kUpload);
  forged.body += " ";
  Envelope late = Post("UploadCertificate", kUpload);
  late.is_late = true;
  for (const auto& [envelope, sentence] :
       {std::pair<Envelope, absl::string_view>{put, "不支持该请求方法，仅支持 GET 和 POST："},
        {unsigned_post, "缺少必填参数（参数 SecretId）："},
        {forged, "签名校验失败："},
        {late, "服务暂不可用，请稍后重试："},
        {Upload("busy"), "服务暂不可用，请稍后重试：The service is busy."},
        {Upload("throw"), "服务内部错误：An internal error has occurred."}}) {
    CAPTURE(sentence);
    CHECK(absl::StrContains(answer(envelope, "zh-CN"), absl::StrCat(R"("Message":")", sentence)));
    CHECK_FALSE(absl::StrContains(answer(envelope, "en-US"), "："));
  }
  Envelope large = JsonPost("UploadCertificate", "");
  SetHeader("x-tc-language", "en-US", large);
  TestPipeline unasked;
  CHECK(absl::StrContains(unasked.pipeline.RefuseOversize(large).body, R"("Message":"The body )"));
}

TEST_CASE("What is our fault is told to the log, and only its RequestId to the caller",
          "[pipeline]") {
  TestPipeline server;
  const auto [alias, text] = GENERATE(table<std::string, std::string>({
      {"data loss", "page 7"},
      {"throw", "0x1234"},
  }));
  const bool is_grpc = GENERATE(true, false);
  CAPTURE(alias, is_grpc);

  const Reply reply = server.Ask(is_grpc ? GrpcUpload(alias) : Upload(alias));

  const std::string shown = reply.body + reply.grpc_message + reply.grpc_details;
  CHECK(absl::StrContains(shown, "InternalError"));
  CHECK(absl::StrContains(shown, "RequestId `" + reply.request_id + "`"));
  CHECK_FALSE(absl::StrContains(shown, text));
  CHECK(server.records[0].code == "InternalError");
  CHECK(absl::StrContains(server.records[0].failure, text));
  CHECK(reply.grpc_status == (is_grpc ? 13 : 0));
}

TEST_CASE("A full store is busy, not a rate", "[pipeline]") {
  TestPipeline server;

  CHECK(server.Code(Upload("busy")) == "ServiceUnavailable");
  CHECK(server.Code(GrpcUpload("busy")) == "ServiceUnavailable");
  CHECK(server.Ask(GrpcUpload("busy")).grpc_status == 8);
  CHECK(absl::StrContains(server.records[0].failure, "1024 transactions wait"));
}

TEST_CASE("Full workers are busy, and refusals need none", "[pipeline]") {
  TestPipeline server;
  absl::Notification running;
  absl::Notification release;
  REQUIRE(server.workers.Run([&] {
    running.Notify();
    release.WaitForNotification();
  }));
  running.WaitForNotification();
  REQUIRE(server.workers.Run([] {}));

  CHECK(server.Code(Post("UploadCertificate", kUpload)) == "ServiceUnavailable");
  CHECK(server.Ask(GrpcUpload("")).grpc_status == 8);
  CHECK(server.Code(Post("InventCertificate", "{}")) == "InvalidAction");
  release.Notify();
}

TEST_CASE("An answer over the limit is refused", "[pipeline]") {
  TestPipeline server({.max_response_bytes = 100});

  CHECK(server.Code(Post("UploadCertificate", kUpload)) == "ResponseSizeLimitExceeded");
  CHECK(server.Code(GrpcUpload("")) == "");
}

TEST_CASE("Hostile text in headers is neither logged nor answered as it is", "[pipeline]") {
  TestPipeline server;
  const std::string hostile = "A\xff\"\x01" + std::string(1000, 'a');
  Envelope envelope = JsonPost(hostile, "{}");
  Sign(envelope);

  const Reply reply = server.Ask(envelope);

  CHECK(absl::StrContains(reply.body, R"("Code":"InvalidAction")"));
  CHECK_FALSE(absl::StrContains(reply.body, "\xff"));
  CHECK(reply.body.size() < 400);
  CHECK(server.records[0].action.size() < 100);
}

// gRPC

TEST_CASE("A gRPC refusal in Chinese says the same in all three places", "[pipeline][grpc]") {
  TestPipeline server;
  const Reply reply = server.Ask(InLanguage("zh-CN", GrpcUpload("refuse")));

  CHECK(reply.grpc_message ==
        "证书不存在或不属于该账号（参数 CertificateId）：No `abcd1234` here.");
  google::rpc::Status status;
  google::rpc::BadRequest bad_request;
  REQUIRE(status.ParseFromString(reply.grpc_details));
  REQUIRE(status.details(1).UnpackTo(&bad_request));
  CHECK(status.message() == reply.grpc_message);
  CHECK(bad_request.field_violations(0).description() == reply.grpc_message);
}

TEST_CASE("A signed gRPC call is answered with its message", "[pipeline][grpc]") {
  TestPipeline server;
  const Reply reply = server.Ask(GrpcUpload("x"));

  api::UploadCertificateResponse response;
  REQUIRE(response.ParseFromString(reply.body));
  CHECK(response.certificate_id() == "PEM");
  CHECK(reply.grpc_status == 0);
  CHECK(server.records[0].protocol == Protocol::kGrpc);
}

TEST_CASE("A gRPC refusal carries code, RequestId and the field at fault", "[pipeline][grpc]") {
  TestPipeline server({.error_domain = "ssl.example"});
  const Reply reply = server.Ask(InLanguage("en-US", GrpcUpload("refuse")));

  CHECK(reply.grpc_status == 5);
  CHECK(reply.grpc_message == "No `abcd1234` here.");
  CHECK(reply.body == "");
  google::rpc::Status status;
  REQUIRE(status.ParseFromString(reply.grpc_details));
  CHECK(status.code() == 5);
  CHECK(status.message() == reply.grpc_message);
  REQUIRE(status.details_size() == 2);
  google::rpc::ErrorInfo info;
  REQUIRE(status.details(0).UnpackTo(&info));
  CHECK(info.reason() == "FailedOperation.CertificateNotFound");
  CHECK(info.domain() == "ssl.example");
  CHECK(info.metadata().at("RequestId") == reply.request_id);
  google::rpc::BadRequest bad_request;
  REQUIRE(status.details(1).UnpackTo(&bad_request));
  REQUIRE(bad_request.field_violations_size() == 1);
  CHECK(bad_request.field_violations(0).field() == "CertificateId");
}

TEST_CASE("gRPC messages that do not fit the schema are refused", "[pipeline][grpc]") {
  TestPipeline server;
  api::UploadCertificateRequest known;
  known.set_certificate_public_key("PEM");
  api::UploadCertificateRequest nested = known;
  auto* tag = nested.add_tags();
  tag->GetReflection()->MutableUnknownFields(tag)->AddVarint(1999, 1);
  const auto [bytes, code] = GENERATE_COPY(table<std::string, std::string>({
      {known.SerializeAsString(), ""},
      {"\xff\xff\xff", "InvalidParameter"},
      {std::string("\x0a\x01\xff", 3), "InvalidParameter"},
      {known.SerializeAsString() + "\xf8\x7c\x01", "UnknownParameter"},
      {nested.SerializeAsString(), "UnknownParameter"},
      {std::string("\x08\x01", 2), "InvalidParameter"},  // a number in a text's place
      {"", "MissingParameter"},
  }));
  Envelope envelope = GrpcCall("UploadCertificate", bytes);
  Sign(envelope);

  CHECK(server.Code(envelope) == code);
}

TEST_CASE("gRPC calls pass the same checks", "[pipeline][grpc]") {
  TestPipeline server;
  CHECK(server.Code(GrpcCall("UploadCertificate", "")) == "MissingParameter");

  Envelope changed = GrpcUpload("x");
  changed.body += std::string("\x0a\x01y", 3);
  CHECK(server.Code(changed) == "AuthFailure.SignatureFailure");
  CHECK(server.Ask(changed).grpc_status == 16);

  Envelope other = GrpcCall("UploadCertificate", "");
  other.path = "/certwright.ssl.v20200101.SslService/UploadCertificate";
  Sign(other);
  CHECK(server.Code(other) == "NoSuchVersion");
}

// The table

TEST_CASE("The table of actions is compared with the service both ways", "[actions]") {
  TestPipeline server;
  server.actions.Bind("UploadCertificate", Echo);
  server.actions.Bind("InventCertificate", Echo);
  server.actions.Bind("DeleteCertificate", Echo);
  server.actions.BindUnbuilt(*TestPipeline::Service(), "ImagineCertificate");

  const std::string faults(server.actions.Check(*TestPipeline::Service()).message());

  CHECK(absl::StrContains(faults, "ApplyCertificate has no handler."));
  CHECK(absl::StrContains(faults, "UploadCertificate is bound twice."));
  CHECK(absl::StrContains(faults, "InventCertificate is no rpc."));
  CHECK(absl::StrContains(faults, "ImagineCertificate is no rpc."));
  CHECK(absl::StrContains(faults, "DeleteCertificate has a handler of other types."));
  CHECK_FALSE(absl::StrContains(faults, "RevokeCertificate"));
}

TEST_CASE("A table with a handler for each rpc passes", "[actions]") {
  ActionTable actions;
  const auto& service = *TestPipeline::Service();
  for (int i = 0; i < service.method_count(); ++i) {
    actions.BindUnbuilt(service, service.method(i)->name());
  }

  CHECK(actions.Check(service).ok());
}

}  // namespace
}  // namespace certwright
