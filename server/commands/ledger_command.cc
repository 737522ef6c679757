// certwright ledger verify|export
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/crypto/digest.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/commands/commands.h"
#include "server/commands/open_store.h"
#include "storage/ledger_check.h"
#include "storage/sqlite_connection.h"

namespace certwright {
namespace {

struct Options {
  std::string data = "certwright-data";
  std::int64_t account = 0;
};

absl::StatusOr<std::vector<Account>> ChosenAccounts(Store& store, const Options& options) {
  std::vector<Account> accounts;
  RETURN_IF_ERROR(store.Read([&](Snapshot& snapshot) -> absl::Status {
    if (options.account == 0) {
      ASSIGN_OR_RETURN(accounts, snapshot.ListAccounts());
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::optional<Account> one,
                     snapshot.FindAccount(AccountId{options.account}));
    if (one) accounts.push_back(*one);
    return absl::OkStatus();
  }));
  if (!accounts.empty() || options.account == 0) return accounts;
  return absl::NotFoundError(absl::StrCat("there is no account ", options.account,
                                          "; list accounts with: certwright account list --data ",
                                          options.data));
}

// Books whose account is gone are nobody's; they are looked for where all accounts are.
absl::StatusOr<bool> AreAllKnown(Connection& connection, const std::vector<Account>& accounts,
                                 const Options& options) {
  bool are_known = true;
  if (options.account != 0) return are_known;
  ASSIGN_OR_RETURN(const std::vector<AccountId> with_books, AccountsWithBooks(connection));
  for (const AccountId& id : with_books) {
    const bool is_known = std::any_of(accounts.begin(), accounts.end(),
                                      [id](const Account& one) { return one.id == id; });
    if (is_known) continue;
    are_known = false;
    std::printf("%lld  BROKEN  there is no such account, and it has books\n",
                static_cast<long long>(id.value));
  }
  return are_known;
}

absl::Status Verify(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, ChosenAccounts(*opened.store, options));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                   OpenSqliteConnection(options.data + "/certwright.db"));
  RETURN_IF_ERROR(connection->Run("BEGIN"));
  ASSIGN_OR_RETURN(bool is_whole, AreAllKnown(*connection, accounts, options));
  for (const Account& account : accounts) {
    LedgerSummary summary;
    const absl::Status checked = CheckLedger(*connection, account.id, summary);
    if (absl::IsDataLoss(checked)) {
      is_whole = false;
      std::printf("%lld  BROKEN  %s\n", static_cast<long long>(account.id.value),
                  std::string(checked.message()).c_str());
      continue;
    }
    RETURN_IF_ERROR(checked);
    std::printf("%lld  whole  %lld entries, %lld orders, %lld refunds, head %s\n",
                static_cast<long long>(account.id.value), static_cast<long long>(summary.entries),
                static_cast<long long>(summary.purchases), static_cast<long long>(summary.refunds),
                summary.entries == 0 ? "-" : LowerHex(summary.head_hash).c_str());
  }
  if (is_whole) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the books were changed from outside; keep a copy of the data folder, and restore the last "
      "one whose ledger is whole");
}

// RFC 4180: quoted where it must be.
std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

void PrintEntry(const LedgerEntry& entry) {
  const std::string begin =
      absl::StrCat(entry.account.value, ",", entry.sequence, ",", TimeText(entry.time), ",",
                   EntryKindText(entry.kind), ",", entry.certificate.value, ",", entry.deal_id, ",",
                   CsvField(entry.actor), ",", CsvField(entry.reference), ",", entry.currency);
  if (entry.postings.empty()) std::printf("%s,,,,\n", begin.c_str());
  for (const Posting& posting : entry.postings) {
    std::printf("%s,%s,%lld,%lld,%lld\n", begin.c_str(), BookText(posting.book),
                static_cast<long long>(posting.grant), static_cast<long long>(posting.amount),
                static_cast<long long>(posting.balance));
  }
}

absl::Status Export(const Options& options, CommandContext& context) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenExistingStore(options.data, context.random));
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, ChosenAccounts(*opened.store, options));
  std::printf(
      "Uin,LedgerEntryId,Time,Kind,CertificateId,DealId,OperatorUin,Reference,Currency,Book,"
      "GrantId,Amount,Balance\n");
  return opened.store->Read([&](Snapshot& snapshot) -> absl::Status {
    for (const Account& account : accounts) {
      ASSIGN_OR_RETURN(const LedgerPage page, snapshot.ListLedger(account.id, {.limit = 0}));
      for (std::int64_t sequence = 1; sequence <= page.total; ++sequence) {
        ASSIGN_OR_RETURN(const std::optional<LedgerEntry> entry,
                         snapshot.FindLedgerEntry(account.id, sequence));
        if (!entry) {
          return absl::FailedPreconditionError(
              absl::StrCat("entry ", sequence, " of ", account.id.value,
                           " is missing; certwright ledger verify says what is left"));
        }
        PrintEntry(*entry);
      }
    }
    return absl::OkStatus();
  });
}

using Command = absl::Status (*)(const Options&, CommandContext&);

void AddCommand(CLI::App& parent, CommandContext& context, const std::string& name,
                const std::string& help, const std::shared_ptr<Options>& options, Command command) {
  CLI::App* added = parent.add_subcommand(name, help);
  added->add_option("--data", options->data, "Data folder of the service")->capture_default_str();
  added->add_option("--account", options->account, "Only this account's (Uin)");
  added->callback([&context, options, command] {
    context.chosen = [&context, options, command] { return ExitWith(command(*options, context)); };
  });
}

}  // namespace

void AddLedger(CLI::App& app, CommandContext& context) {
  CLI::App* ledger = app.add_subcommand("ledger", "Prove and export the books of the accounts");
  RequireSubcommand(*ledger);
  const auto options = std::make_shared<Options>();
  AddCommand(*ledger, context, "verify",
             "Add up every entry from the first; exit code 1 if a book was changed", options,
             Verify);
  AddCommand(*ledger, context, "export",
             "Every entry as CSV, oldest first, a line a posting; amounts in minor units", options,
             Export);
}

}  // namespace certwright
