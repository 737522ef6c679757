#include "server/refusal.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/json_codec.h"
#include "server/messages.h"
#include "server/wire_errors.h"

namespace certwright {
namespace {

Refusal DescribeBareError(const absl::Status& status, absl::string_view request_id,
                          Language language) {
  Refusal refusal;
  refusal.failure = status.ToString();
  if (absl::IsResourceExhausted(status) || absl::IsUnavailable(status)) {
    refusal.code = WireCode(ApiError::kServiceUnavailable);
    refusal.grpc_status = status.code();
    refusal.message = ErrorMessage(ApiError::kServiceUnavailable,
                                   "The service is busy. Please try again later.", "", language);
    return refusal;
  }
  refusal.code = WireCode(ApiError::kInternalError);
  refusal.grpc_status = GrpcStatusOf(ApiError::kInternalError);
  refusal.message = ErrorMessage(
      ApiError::kInternalError,
      absl::StrCat("An internal error has occurred. The operator finds its cause in the log under "
                   "the RequestId `",
                   request_id, "`."),
      "", language);
  return refusal;
}

std::string GrpcDetails(const Refusal& refusal, absl::string_view request_id,
                        absl::string_view domain) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(refusal.grpc_status));
  status.set_message(refusal.message);

  google::rpc::ErrorInfo info;
  info.set_reason(refusal.code);
  info.set_domain(std::string(domain));
  (*info.mutable_metadata())["RequestId"] = std::string(request_id);
  status.add_details()->PackFrom(info);

  if (!refusal.field.empty()) {
    google::rpc::BadRequest bad_request;
    auto& violation = *bad_request.add_field_violations();
    violation.set_field(refusal.field);
    violation.set_description(refusal.message);
    status.add_details()->PackFrom(bad_request);
  }
  return status.SerializeAsString();
}

}  // namespace

Refusal DescribeRefusal(const absl::Status& status, absl::string_view request_id,
                        Language language) {
  const std::optional<ApiError> error = ErrorOf(status);
  if (!error) return DescribeBareError(status, request_id, language);
  return {.code = WireCode(*error),
          .grpc_status = GrpcStatusOf(*error),
          .message = ErrorMessage(status, language),
          .field = FieldOf(status)};
}

Reply RefusalReply(Protocol protocol, const Refusal& refusal, absl::string_view request_id,
                   absl::string_view domain) {
  Reply reply;
  reply.request_id = std::string(request_id);
  if (protocol == Protocol::kHttp) {
    reply.body = EncodeError(refusal.code, refusal.message, request_id);
    return reply;
  }
  reply.grpc_status = static_cast<int>(refusal.grpc_status);
  reply.grpc_message = refusal.message;
  reply.grpc_details = GrpcDetails(refusal, request_id, domain);
  return reply;
}

}  // namespace certwright
