// certwright account create|operator|list, certwright key create|disable|sign-action|list
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/account_service.h"
#include "core/status_macros.h"
#include "server/commands/commands.h"
#include "server/commands/open_store.h"
#include "server/next_step.h"

namespace certwright {
namespace {

struct Options {
  std::string data = "certwright-data";
  std::string name = {};
  std::int64_t account = 0;
  std::string secret_id = {};
  bool must_sign_action = false;
  bool is_operator = false;
  std::string on_or_off = "on";
};

std::string Day(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", time, absl::UTCTimeZone());
}

absl::Status PointToAccounts(const absl::Status& status, const Options& options) {
  return WithNextStep(
      status, absl::StatusCode::kNotFound,
      absl::StrCat("list accounts with: certwright account list --data ", options.data));
}

absl::Status PointToKeys(const absl::Status& status, const Options& options) {
  return WithNextStep(status, absl::StatusCode::kNotFound,
                      absl::StrCat("list keys with: certwright key list --data ", options.data));
}

absl::Status CreateAccount(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  AccountService accounts(*opened.store, context.clock, context.random);
  ASSIGN_OR_RETURN(const Account account, accounts.CreateAccount(options.name));
  if (options.is_operator) {
    RETURN_IF_ERROR(accounts.ModifyAccount(account.id, {.is_operator = true}));
  }
  std::printf("Uin    %lld\nAppId  %lld\n", static_cast<long long>(account.id.value),
              static_cast<long long>(account.app_id));
  std::printf("Next: certwright key create --data %s --account %lld\n", options.data.c_str(),
              static_cast<long long>(account.id.value));
  return absl::OkStatus();
}

absl::Status SetOperator(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  AccountService accounts(*opened.store, context.clock, context.random);
  const bool is_operator = options.on_or_off == "on";
  const absl::Status changed =
      accounts.ModifyAccount({options.account}, {.is_operator = is_operator});
  if (!changed.ok()) {
    return PointToAccounts(absl::NotFoundError(changed.message()), options);
  }
  std::printf("%lld is %s operator from the next call on.\n",
              static_cast<long long>(options.account), is_operator ? "an" : "no");
  return absl::OkStatus();
}

absl::Status ListAccounts(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  return opened.store->Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Account> accounts, snapshot.ListAccounts());
    if (accounts.empty()) {
      std::fprintf(stderr,
                   "No accounts yet; make one with: certwright account create --data %s --name "
                   "NAME\n",
                   options.data.c_str());
    }
    for (const Account& account : accounts) {
      std::printf("%lld  %lld  %s  %s%s%s\n", static_cast<long long>(account.id.value),
                  static_cast<long long>(account.app_id), Day(account.created).c_str(),
                  account.name.c_str(), account.is_operator ? "  (operator)" : "",
                  account.is_suspended ? "  (suspended)" : "");
    }
    return absl::OkStatus();
  });
}

absl::Status CreateKey(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  AccountService accounts(*opened.store, context.clock, context.random);
  const absl::StatusOr<Credential> credential =
      accounts.CreateCredential(AccountId{options.account});
  if (!credential.ok()) return PointToAccounts(credential.status(), options);
  if (options.must_sign_action) {
    RETURN_IF_ERROR(accounts.RequireSignedAction(credential->id, true));
  }
  std::printf("TENCENTCLOUD_SECRET_ID=%s\nTENCENTCLOUD_SECRET_KEY=%s\n",
              credential->id.value.c_str(), credential->secret_key.c_str());
  std::fprintf(stderr, "The secret key is shown this once.\n");
  return absl::OkStatus();
}

absl::Status DisableKey(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  AccountService accounts(*opened.store, context.clock, context.random);
  RETURN_IF_ERROR(PointToKeys(accounts.DisableCredential(SecretId{options.secret_id}), options));
  std::printf("%s is disabled from the next call on.\n", options.secret_id.c_str());
  return absl::OkStatus();
}

absl::Status RequireSignedAction(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  AccountService accounts(*opened.store, context.clock, context.random);
  const bool is_required = options.on_or_off == "on";
  RETURN_IF_ERROR(
      PointToKeys(accounts.RequireSignedAction(SecretId{options.secret_id}, is_required), options));
  std::printf("%s %s its action from the next call on.\n", options.secret_id.c_str(),
              is_required ? "must sign" : "need not sign");
  return absl::OkStatus();
}

// The accounts whose keys are asked for.
absl::StatusOr<std::vector<Account>> ChosenAccounts(Snapshot& snapshot, const Options& options) {
  if (options.account == 0) return snapshot.ListAccounts();
  ASSIGN_OR_RETURN(const std::optional<Account> one,
                   snapshot.FindAccount(AccountId{options.account}));
  if (one) return std::vector<Account>{*one};
  return PointToAccounts(absl::NotFoundError(absl::StrCat("there is no account ", options.account)),
                         options);
}

void PrintKey(const Credential& credential) {
  std::printf("%s  %lld  %s  %s%s\n", credential.id.value.c_str(),
              static_cast<long long>(credential.account.value), Day(credential.created).c_str(),
              credential.is_enabled ? "enabled" : "disabled",
              credential.must_sign_action ? "  (signs its action)" : "");
}

absl::Status ListKeys(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  return opened.store->Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Account> accounts, ChosenAccounts(snapshot, options));
    bool has_keys = false;
    for (const Account& account : accounts) {
      ASSIGN_OR_RETURN(const std::vector<Credential> keys, snapshot.ListCredentials(account.id));
      has_keys = has_keys || !keys.empty();
      for (const Credential& key : keys) PrintKey(key);
    }
    if (!has_keys) {
      std::fprintf(stderr,
                   "No keys yet; make one with: certwright key create --data %s --account UIN\n",
                   options.data.c_str());
    }
    return absl::OkStatus();
  });
}

using Command = absl::Status (*)(const Options&, CommandContext&);

CLI::App* AddCommand(CLI::App& parent, CommandContext& context, const std::string& name,
                     const std::string& help, const std::shared_ptr<Options>& options,
                     Command command) {
  CLI::App* added = parent.add_subcommand(name, help);
  added->add_option("--data", options->data, "Data folder of the service")->capture_default_str();
  added->callback([&context, options, command] {
    context.chosen = [&context, options, command] { return ExitWith(command(*options, context)); };
  });
  return added;
}

}  // namespace

void AddAccount(CLI::App& app, CommandContext& context) {
  CLI::App* account = app.add_subcommand("account", "Make, change and list accounts");
  RequireSubcommand(*account);
  const auto options = std::make_shared<Options>();
  CLI::App* create =
      AddCommand(*account, context, "create", "Make an account", options, CreateAccount);
  create->add_option("--name", options->name, "What people call it")->required();
  create->add_flag("--operator", options->is_operator,
                   "It may do what operators do: credit, review, refund for others");
  CLI::App* operators = AddCommand(*account, context, "operator",
                                   "Whether an account is an operator's, from the next call on",
                                   options, SetOperator);
  operators->add_option("UIN", options->account, "The account")->required();
  operators->add_option("SWITCH", options->on_or_off, "on or off")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  AddCommand(*account, context, "list", "Uin, AppId, creation time and name of each", options,
             ListAccounts);
}

void AddKey(CLI::App& app, CommandContext& context) {
  CLI::App* key = app.add_subcommand("key", "Make, change, disable and list API keys");
  RequireSubcommand(*key);
  const auto options = std::make_shared<Options>();
  CLI::App* create =
      AddCommand(*key, context, "create", "Make a key pair; its secret is shown this once", options,
                 CreateKey);
  create->add_option("--account", options->account, "Uin of the account")->required();
  create->add_flag("--sign-action", options->must_sign_action,
                   "Refuse calls over HTTP that do not sign x-tc-action");
  CLI::App* sign_action =
      AddCommand(*key, context, "sign-action",
                 "Whether calls of a key over HTTP must sign x-tc-action, from the next on",
                 options, RequireSignedAction);
  sign_action->add_option("ID", options->secret_id, "SecretId of the key")->required();
  sign_action->add_option("SWITCH", options->on_or_off, "on or off")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  AddCommand(*key, context, "disable", "Refuse the key from the next call on", options, DisableKey)
      ->add_option("ID", options->secret_id, "SecretId of the key")
      ->required();
  AddCommand(*key, context, "list", "SecretId, Uin, creation time and state of each", options,
             ListKeys)
      ->add_option("--account", options->account, "Only this account's (Uin)");
}

}  // namespace certwright
