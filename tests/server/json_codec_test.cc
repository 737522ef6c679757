#include "server/json_codec.h"

#include <catch2/catch.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/message_differencer.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One value in every member, down to a depth.
void FillAll(Message& message, int depth) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (depth == 0) continue;
      FillAll(field->is_repeated() ? *reflection->AddMessage(&message, field)
                                   : *reflection->MutableMessage(&message, field),
              depth - 1);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string text = "ä\"\\\n/\x01 <b>";
      field->is_repeated() ? reflection->AddString(&message, field, text)
                           : reflection->SetString(&message, field, text);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
      field->is_repeated() ? reflection->AddInt64(&message, field, INT64_MIN)
                           : reflection->SetInt64(&message, field, INT64_MIN);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      field->is_repeated() ? reflection->AddUInt64(&message, field, UINT64_MAX)
                           : reflection->SetUInt64(&message, field, UINT64_MAX);
    } else {
      field->is_repeated() ? reflection->AddBool(&message, field, true)
                           : reflection->SetBool(&message, field, true);
    }
  }
}

// The members of an answer as a document of their own.
std::string WithoutEnvelope(const Message& message) {
  std::string text = EncodeResponse(message, "id");
  const std::string head = R"({"Response":)";
  const std::string tail = R"("RequestId":"id"}})";
  text = text.substr(head.size(), text.size() - head.size() - tail.size());
  if (text.back() == ',') text.pop_back();
  return text + "}";
}

ApiError ErrorIn(absl::string_view json, Message& message) {
  const absl::Status status = DecodeJson(json, message);
  REQUIRE_FALSE(status.ok());
  INFO(status.message());
  REQUIRE(ErrorOf(status));
  return *ErrorOf(status);
}

}  // namespace

TEST_CASE("every message of the API survives the way to JSON and back", "[json]") {
  const auto* service = api::SslService::descriptor();
  for (int i = 0; i < service->method_count(); ++i) {
    for (const auto* type : {service->method(i)->input_type(), service->method(i)->output_type()}) {
      CAPTURE(type->full_name());
      const Message* prototype =
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
      const std::unique_ptr<Message> before(prototype->New());
      const std::unique_ptr<Message> after(prototype->New());
      FillAll(*before, 5);

      const absl::Status decoded = DecodeJson(WithoutEnvelope(*before), *after);

      INFO(decoded);
      REQUIRE(decoded.ok());
      CHECK(google::protobuf::util::MessageDifferencer::Equals(*before, *after));
    }
  }
}

TEST_CASE("an empty body is an empty object", "[json]") {
  api::DescribeCertificatesRequest request;
  CHECK(DecodeJson("", request).ok());
  CHECK(DecodeJson(" {} ", request).ok());
  CHECK(request.ByteSizeLong() == 0);
}

TEST_CASE("documented spellings of values are read", "[json]") {
  api::DescribeCertificatesRequest request;
  REQUIRE(DecodeJson(R"({"Limit":"20","Offset":3,"CertificateStatus":[0,"1"],"SearchKey":null,)"
                     R"("Tags":[{"TagKey":"a","TagValue":"\u6d4b"}]})",
                     request)
              .ok());
  CHECK(request.limit() == 20);
  CHECK(request.offset() == 3);
  CHECK(request.certificate_status_size() == 2);
  CHECK_FALSE(request.has_search_key());
  CHECK(request.tags(0).tag_value() == "测");

  api::UploadCertificateRequest upload;
  REQUIRE(DecodeJson(R"({"Repeatable":"False"})", upload).ok());
  CHECK(upload.has_repeatable());
  CHECK_FALSE(upload.repeatable());
}

TEST_CASE("wrong types and values are refused by name", "[json]") {
  const std::string json =
      GENERATE(R"({"Limit":-1})", R"({"Limit":1.0})", R"({"Limit":1e2})",
               R"({"Limit":18446744073709551616})", R"({"Limit":"x"})", R"({"Limit":""})",
               R"({"Limit":true})", R"({"Limit":[1]})", R"({"Limit":{}})", R"({"Limit":01})",
               R"({"Limit":" 1"})", R"({"Limit":+1})");
  CAPTURE(json);
  api::DescribeCertificatesRequest request;

  const absl::Status status = DecodeJson(json, request);

  CHECK(ErrorOf(status) == ApiError::kInvalidParameter);
  CHECK(FieldOf(status) == "Limit");
}

TEST_CASE("a number where text belongs ends in the documented words", "[json]") {
  api::DescribeCertificatesRequest request;
  const absl::Status status = DecodeJson(R"({"Tags":[{"TagKey":7}]})", request);
  CHECK(ErrorOf(status) == ApiError::kInvalidParameter);
  CHECK(FieldOf(status) == "Tags.0.TagKey");
  CHECK(absl::EndsWith(status.message(), "input type should be `string`"));
}

TEST_CASE("a list must be a list, and a bool is not 0 or 1", "[json]") {
  api::DescribeCertificatesRequest list;
  CHECK(ErrorIn(R"({"CertificateStatus":1})", list) == ApiError::kInvalidParameter);
  CHECK(ErrorIn(R"({"CertificateStatus":[null]})", list) == ApiError::kInvalidParameter);
  api::UploadCertificateRequest upload;
  CHECK(ErrorIn(R"({"Repeatable":0})", upload) == ApiError::kInvalidParameter);
  CHECK(ErrorIn(R"({"Repeatable":"1"})", upload) == ApiError::kInvalidParameter);
}

TEST_CASE("unknown members are refused, also nested and in another case", "[json]") {
  api::DescribeCertificatesRequest request;
  CHECK(ErrorIn(R"({"limit":1})", request) == ApiError::kUnknownParameter);
  const absl::Status nested = DecodeJson(R"({"Tags":[{"TagKey":"a","Nope":1}]})", request);
  CHECK(ErrorOf(nested) == ApiError::kUnknownParameter);
  CHECK(nested.message() == "The parameter `Tags.0.Nope` is not recognized.");
}

TEST_CASE("a member may stand once, however it is written", "[json]") {
  api::DescribeCertificatesRequest request;
  CHECK(ErrorIn(R"({"Limit":1,"Limit":1})", request) == ApiError::kInvalidParameter);
  CHECK(ErrorIn(R"({"Limit":1,"\u004cimit":2})", request) == ApiError::kInvalidParameter);
}

TEST_CASE("what is not a JSON object of UTF-8 is refused", "[json]") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string json = GENERATE_COPY(
      as<std::string>(), "{", "}", "[]", "1", "null", "\"x\"", "{\"Limit\":1}x", "{\"Limit\":1,}",
      "{\"Limit\" 1}", "{Limit:1}", "{'Limit':1}", "{\"Limit\":tru}", "{\"SearchKey\":\"\xff\"}",
      "{\"SearchKey\":\"\x01\"}", "{\"SearchKey\":\"\\ud800\"}", "{\"SearchKey\":\"a",
      "\xef\xbb\xbf{}x", "{\"Tags\":" + deep + "}", deep, std::string("{\"Limit\":1}\0", 12),
      "{\"SearchKey\":nul}", "{\"\":1}");
  CAPTURE(json.substr(0, 40));
  api::DescribeCertificatesRequest request;

  const absl::Status status = DecodeJson(json, request);

  CHECK_FALSE(status.ok());
  CHECK(ErrorOf(status));
}

TEST_CASE("every truncation of a request is refused", "[json]") {
  const std::string whole =
      R"({"Limit":10,"SearchKey":"a\"b","CertificateStatus":[0,1],"Tags":[{"TagKey":"k"}]})";
  for (std::size_t length = 1; length < whole.size(); ++length) {
    CAPTURE(length);
    api::DescribeCertificatesRequest request;
    CHECK_FALSE(DecodeJson(whole.substr(0, length), request).ok());
  }
}

TEST_CASE("no refusal shows a secret", "[json]") {
  api::UploadCertificateRequest request;
  const absl::Status status = DecodeJson(R"({"KeyPassword":{"hunter2":1}})", request);
  CHECK_FALSE(absl::StrContains(status.message(), "hunter2"));
}

TEST_CASE("flattened parameters fill lists and objects in the order of their indices", "[form]") {
  const auto parameters = ParseForm(
      "Limit=20&SearchKey=a+b%2B%E4%B8%AD&CertificateStatus.7=1&CertificateStatus.2=0&"
      "Tags.0.TagKey=k&Tags.0.TagValue=");
  REQUIRE(parameters.ok());
  api::DescribeCertificatesRequest request;

  REQUIRE(DecodeFlattened(*parameters, request).ok());

  CHECK(request.limit() == 20);
  CHECK(request.search_key() == "a b+中");
  CHECK(request.certificate_status(0) == 0);
  CHECK(request.certificate_status(1) == 1);
  CHECK(request.tags(0).tag_key() == "k");
  CHECK(request.tags(0).has_tag_value());
}

TEST_CASE("malformed forms are refused", "[form]") {
  const std::string text = GENERATE("A", "A=%", "A=%4", "A=%zz", "A=1&A=2", "A=%ff", "%ff=1");
  CAPTURE(text);
  CHECK(ErrorOf(ParseForm(text).status()) == ApiError::kInvalidParameter);
}

TEST_CASE("A form has at most 10,000 parameters", "[form]") {
  std::string form = "P0=";
  for (int i = 1; i < 10'000; ++i) absl::StrAppend(&form, "&P", i, "=");
  const auto most = ParseForm(form);
  REQUIRE(most.ok());
  CHECK(most->size() == 10'000);
  const absl::Status refused = ParseForm(form + "&Q=").status();
  CHECK(ErrorOf(refused) == ApiError::kInvalidParameter);
  CHECK(absl::StrContains(refused.message(), "10000"));
}

TEST_CASE("flattened names that do not fit are refused", "[form]") {
  using Parameter = std::pair<std::string, std::string>;
  const Parameter parameter = GENERATE(
      Parameter{"Nope", "1"}, Parameter{"Limit.0", "1"}, Parameter{"Tags", "x"},
      Parameter{"Tags.x.TagKey", "1"}, Parameter{"Tags.0", "1"}, Parameter{"Tags.-1.TagKey", "1"},
      Parameter{"CertificateStatus.01", "1"}, Parameter{"CertificateStatus.999999999999", "1"},
      Parameter{"Limit", "-1"}, Parameter{"Tags.0.TagKey.x.y", "1"}, Parameter{"", "1"});
  CAPTURE(parameter.first);
  api::DescribeCertificatesRequest request;
  CHECK(ErrorOf(DecodeFlattened({parameter}, request)));
}

TEST_CASE("an absent required member is named", "[required]") {
  api::ApplyCertificateRequest request;
  request.set_domain_name("a.test");
  const absl::Status status = CheckRequired(request);
  CHECK(ErrorOf(status) == ApiError::kMissingParameter);
  CHECK(status.message() == "The request is missing a required parameter `DvAuthMethod`.");
}

TEST_CASE("answers hold every documented member, null where nothing stands", "[json]") {
  const std::string text = EncodeResponse(api::DescribeCertificateResponse(), "the-id");
  CHECK(absl::StrContains(text, "\"StatusMsg\":null"));
  CHECK(absl::StrContains(text, "\"SubjectAltName\":[]"));
  CHECK(absl::EndsWith(text, ",\"RequestId\":\"the-id\"}}"));
  CHECK(EncodeError("A.B", "say \"x\"", "i") ==
        R"({"Response":{"Error":{"Code":"A.B","Message":"say \"x\""},"RequestId":"i"}})");
}

}  // namespace certwright
