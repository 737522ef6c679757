#include "core/renewed_request.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/status_macros.h"

namespace certwright {

absl::StatusOr<std::optional<Certificate>> OlderOfRequest(Snapshot& snapshot,
                                                          const Certificate& order,
                                                          const CertificateBody& body) {
  if (order.renews.value.empty() || body.csr_der.empty()) return std::optional<Certificate>();
  ASSIGN_OR_RETURN(const CertificateBody old, snapshot.FindBody(order.account, order.renews));
  if (old.csr_der != body.csr_der) return std::optional<Certificate>();
  return snapshot.FindCertificate(order.account, order.renews);
}

absl::Status CheckGoesOn(const Certificate& older, const Certificate& order,
                         absl::string_view field) {
  const auto refuse = [&](absl::string_view why) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat(field, " is the request of ", older.id.value, ", ", why, "."),
                  field);
  };
  if (older.renewed_by != order.id) return refuse("which another order renews");
  const bool holds =
      older.status == CertificateStatus::kIssued || older.status == CertificateStatus::kExpired;
  if (!holds) return refuse("which is revoked or being revoked; it needs another key");
  if (!older.has_private_key || older.project_id == order.project_id) return absl::OkStatus();
  return refuse(absl::StrCat("whose key stays in its project, ", older.project_id));
}

absl::Status TakeKeyAlong(Snapshot& snapshot, const Certificate& older, Certificate& order,
                          KeyMaterial& key) {
  ASSIGN_OR_RETURN(KeyMaterial kept, snapshot.FindKeyMaterial(older.account, older.id));
  if (kept.private_key_der.empty()) return absl::OkStatus();
  key.private_key_der = std::move(kept.private_key_der);
  if (key.key_password.empty()) key.key_password = std::move(kept.key_password);
  order.allow_download = order.allow_download && older.allow_download;
  return absl::OkStatus();
}

absl::StatusOr<bool> IsOfRevoked(Store& store, const Certificate& order) {
  if (order.renews.value.empty()) return false;
  std::optional<Certificate> older;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const CertificateBody body, snapshot.FindBody(order.account, order.id));
    ASSIGN_OR_RETURN(older, OlderOfRequest(snapshot, order, body));
    return absl::OkStatus();
  }));
  return older && older->status == CertificateStatus::kRevoked;
}

}  // namespace certwright
