// The actions of the API and their handlers, with the types erased. The table is filled once at
// start and checked against the service descriptor; nothing else lists actions.
#ifndef CERTWRIGHT_SERVER_ACTION_H_
#define CERTWRIGHT_SERVER_ACTION_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/account_service.h"
#include "core/alarm_service.h"
#include "core/billing/refund_service.h"
#include "core/billing/wallet_service.h"
#include "core/bind_task_service.h"
#include "core/certificate_service.h"
#include "core/clock.h"
#include "core/crypto/trust_store.h"
#include "core/csr_service.h"
#include "core/deployment_service.h"
#include "core/order_service.h"
#include "core/paid_order_service.h"
#include "core/profile_service.h"
#include "core/purchase_service.h"
#include "core/review_service.h"
#include "core/service_names.h"
#include "core/settings.h"
#include "core/store.h"
#include "core/zone_service.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/call.h"

namespace certwright {

// Where the HTTP listener serves packages; a token follows.
inline constexpr char kDownloadPath[] = "/download/";

// The member of a request that is a ResourceName.
inline constexpr char kResourceMember[] = "Resource";

// What handlers use. All of it outlives every call.
struct Services {
  Store& store;
  AccountService& accounts;
  OrderService& orders;
  CertificateService& certificates;
  PaidOrderService& paid_orders;
  ReviewService& reviews;
  PurchaseService& purchases;
  RefundService& refunds;
  WalletService& wallets;
  BindTaskService& bind_tasks;
  DeploymentService& deployments;
  CsrService& csrs;
  ProfileService& profiles;
  ZoneService& zones;
  AlarmService& alarms;
  const Clock& clock;
  const Settings& settings;
  const TrustStore& trust;  // the system's roots and our own
};

struct Action {
  const google::protobuf::Message* request = nullptr;  // prototypes
  const google::protobuf::Message* response = nullptr;
  // Fills `response`, which is empty and of this action's type.
  std::function<absl::Status(Services&, const Call&, const google::protobuf::Message& request,
                             google::protobuf::Message& response)>
      run = {};
  // Whether this request costs so little (a few rows by key, nothing that waits) that the
  // transport's thread may run it, which saves the hop to a worker. Null: no request does.
  std::function<bool(const google::protobuf::Message& request)> is_quick = {};

  // It answers for each certificate by itself: those that the caller has no right to do not refuse
  // the call, but stand in Call::forbidden.
  bool answers_each = false;

  // What its rpc says, see ActionTable::Describe.
  std::string service = kSslService;  // as policies call it
  bool is_for_operators = false;
  bool has_project_code = false;  // FailedOperation.NoProjectPermission is documented for it
  // The members of the request that name certificates (by an id, or "Resource" by its whole name),
  // and the project; null if there is none.
  std::vector<const google::protobuf::FieldDescriptor*> certificate_members = {};
  const google::protobuf::FieldDescriptor* project_member = nullptr;
};

// Filled before serving, then only read, from any thread.
class ActionTable {
 public:
  // `handler` is absl::StatusOr<Response>(Services&, const Call&, const Request&).
  template <typename Request, typename Response>
  void Bind(const std::string& name,
            absl::StatusOr<Response> (*handler)(Services&, const Call&, const Request&)) {
    Action action;
    action.request = &Request::default_instance();
    action.response = &Response::default_instance();
    action.run = [handler](Services& services, const Call& call,
                           const google::protobuf::Message& request,
                           google::protobuf::Message& response) {
      absl::StatusOr<Response> result =
          handler(services, call, static_cast<const Request&>(request));
      if (!result.ok()) return std::move(result).status();
      static_cast<Response&>(response) = *std::move(result);
      return absl::OkStatus();
    };
    Add(name, std::move(action));
  }

  // Sets Action::is_quick of an action that is bound.
  template <typename Request>
  void SetQuick(const std::string& name, bool (*is_quick)(const Request&)) {
    actions_.at(name).is_quick = [is_quick](const google::protobuf::Message& request) {
      return is_quick(static_cast<const Request&>(request));
    };
  }

  // Sets Action::answers_each of an action that is bound.
  void SetAnswersEach(const std::string& name) { actions_.at(name).answers_each = true; }

  // The same for a handler that fills the answer in place, for answers of many rows.
  template <typename Request, typename Response>
  void Bind(const std::string& name,
            absl::Status (*handler)(Services&, const Call&, const Request&, Response&)) {
    Add(name, {.request = &Request::default_instance(),
               .response = &Response::default_instance(),
               .run = [handler](Services& services, const Call& call,
                                const google::protobuf::Message& request,
                                google::protobuf::Message& response) {
                 return handler(services, call, static_cast<const Request&>(request),
                                static_cast<Response&>(response));
               }});
  }

  // A documented action that is not built yet: decodes its input, answers UnsupportedOperation.
  void BindUnbuilt(const google::protobuf::ServiceDescriptor& service, const std::string& name);

  // Null if the API has no such action.
  const Action* Find(absl::string_view name) const;

  // Takes over what the rpcs' options and requests say of the actions.
  void Describe(const google::protobuf::ServiceDescriptor& service);

  // FailedPrecondition names every rpc of `service` without a handler, every handler without an
  // rpc, every name bound twice, and every handler of other types than its rpc.
  absl::Status Check(const google::protobuf::ServiceDescriptor& service) const;

 private:
  void Add(const std::string& name, Action action);

  std::map<std::string, Action, std::less<>> actions_;
  std::string bound_twice_;
};

// By version: "2019-12-05".
using ActionVersions = std::map<std::string, ActionTable, std::less<>>;

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_ACTION_H_
