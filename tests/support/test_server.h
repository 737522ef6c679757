// All of the server but sockets and signatures: JSON in, the real handlers over the real engine and
// store, JSON out.
#ifndef CERTWRIGHT_TESTS_SUPPORT_TEST_SERVER_H_
#define CERTWRIGHT_TESTS_SUPPORT_TEST_SERVER_H_

#include <memory>
#include <string>

#include "core/error.h"
#include "core/status_macros.h"
#include "server/action.h"
#include "server/actions/actions.h"
#include "server/extension/extension.h"
#include "server/json_codec.h"
#include "tests/support/engine.h"

namespace certwright {

class TestServer {
 public:
  TestServer() {
    BindActions(actions);
    BindExtension(extension);
    BindTags(tags);
  }

  // The answer's document, or the refusal.
  absl::StatusOr<std::string> Ask(const std::string& action, const std::string& json,
                                  Language language = Language::kEnglish,
                                  AccountId account = kAccount) {
    return Ask(services, action, json, language, account);
  }
  // The same, of an engine that the test made.
  absl::StatusOr<std::string> Ask(Services& engines, const std::string& action,
                                  const std::string& json, Language language = Language::kEnglish,
                                  AccountId account = kAccount) {
    const Action* found = actions.Find(action);
    if (found == nullptr) found = extension.Find(action);
    if (found == nullptr) found = tags.Find(action);
    if (found == nullptr) return absl::NotFoundError(action);
    const std::unique_ptr<google::protobuf::Message> request(found->request->New());
    const std::unique_ptr<google::protobuf::Message> response(found->response->New());
    RETURN_IF_ERROR(DecodeJson(json, *request));
    RETURN_IF_ERROR(CheckRequired(*request));
    const Call call = {.action = action,
                       .account = {.id = account},
                       .language = language,
                       .region = region,
                       .http_origin = "http://certwright.test:8780",
                       .now = engine.clock.Now()};
    RETURN_IF_ERROR(found->run(engines, call, *request, *response));
    return EncodeResponse(*response, "id");
  }

  ActionTable actions;
  ActionTable extension;
  ActionTable tags;  // of the Tag API
  Engine engine;
  std::string region;  // of the calls
  TrustStore trust{engine.ca->RootsPem()};
  Services services{.store = *engine.store,
                    .accounts = engine.accounts,
                    .orders = engine.orders,
                    .certificates = engine.certificates,
                    .paid_orders = engine.paid_orders,
                    .reviews = engine.reviews,
                    .purchases = engine.purchases,
                    .refunds = engine.refunds,
                    .wallets = engine.wallets,
                    .bind_tasks = engine.bind_tasks,
                    .deployments = engine.deployments,
                    .csrs = engine.csrs,
                    .profiles = engine.profiles,
                    .zones = engine.zones,
                    .alarms = engine.alarms,
                    .clock = engine.clock,
                    .settings = engine.settings,
                    .trust = trust};
};

}  // namespace certwright

#endif  // CERTWRIGHT_TESTS_SUPPORT_TEST_SERVER_H_
