#include "core/error.h"

#include <charconv>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

// The payload is "<number of the ApiError> <field>".
constexpr char kPayloadUrl[] = "certwright/ApiError";

std::optional<std::string> PayloadOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  return std::string(*payload);
}

}  // namespace

absl::Status Refuse(ApiError error, absl::string_view message, absl::string_view field) {
  absl::Status status(absl::StatusCode::kFailedPrecondition, message);
  status.SetPayload(kPayloadUrl, absl::Cord(absl::StrCat(static_cast<int>(error), " ", field)));
  return status;
}

std::optional<ApiError> ErrorOf(const absl::Status& status) {
  const std::optional<std::string> payload = PayloadOf(status);
  if (!payload) return std::nullopt;
  int number = 0;
  std::from_chars(payload->data(), payload->data() + payload->size(), number);
  return static_cast<ApiError>(number);
}

std::string FieldOf(const absl::Status& status) {
  const std::optional<std::string> payload = PayloadOf(status);
  if (!payload) return "";
  return payload->substr(payload->find(' ') + 1);
}

}  // namespace certwright
