#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/status_macros.h"
#include "server/commands/conformance.h"
#include "server/documented_codes.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

using Names = std::set<std::string>;

constexpr char kTitle[] = "# Conformance";
constexpr char kActions[] = "## Actions";
constexpr char kUnseen[] = "## Members that no answer showed";
constexpr char kFaults[] = "## Answers that differ from the documentation";
constexpr char kNone[] = "–";
constexpr char kAnswered[] = "answered";
constexpr char kUnbuilt[] = "unbuilt";
constexpr char kRefused[] = "refused";

const google::protobuf::MethodDescriptor& RpcOf(const std::string& action) {
  return *ssl::v20191205::SslService::descriptor()->FindMethodByName(action);
}

// The page's row of an action.
struct Row {
  std::string state = {};
  std::size_t documented = 0;  // members
  Names unseen = {};
  Names codes = {};
  Names other_codes = {};  // undocumented ones
  Names faults = {};       // "Path is missing"
};
using Rows = std::map<std::string, Row>;

Row RowOf(const std::string& action, const ActionRecord& record) {
  const auto& rpc = RpcOf(action);
  Row row = {.state = record.is_answered ? kAnswered : record.is_unbuilt ? kUnbuilt : kRefused};
  const Names documented = DocumentedMembers(*rpc.output_type());
  row.documented = documented.size();
  std::set_difference(documented.begin(), documented.end(), record.members.begin(),
                      record.members.end(), std::inserter(row.unseen, row.unseen.end()));
  for (const std::string& code : record.codes) {
    (IsDocumentedCode(rpc, code) ? row.codes : row.other_codes).insert(code);
  }
  for (const auto& [path, fault] : record.faults) {
    row.faults.insert(absl::StrCat("`", path, "` ", fault));
  }
  return row;
}

Rows RowsOf(const Conformance& seen) {
  Rows rows;
  for (const auto& [action, record] : seen) rows[action] = RowOf(action, record);
  return rows;
}

std::string Listed(const Names& names) {
  if (names.empty()) return kNone;
  return absl::StrCat("`", absl::StrJoin(names, "`, `"), "`");
}

Names Unlisted(absl::string_view text) {
  Names names;
  for (absl::string_view name : absl::StrSplit(text, ", ")) {
    if (name == kNone) continue;
    absl::ConsumePrefix(&name, "`");
    absl::ConsumeSuffix(&name, "`");
    names.insert(std::string(name));
  }
  return names;
}

std::size_t CountOf(const Rows& rows, absl::string_view state) {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [&](const auto& row) { return row.second.state == state; }));
}

std::string Totals(const Rows& rows) {
  std::size_t documented = 0;
  std::size_t unseen = 0;
  std::size_t other_codes = 0;
  std::size_t faults = 0;
  for (const auto& [action, row] : rows) {
    other_codes += row.other_codes.size();
    faults += row.faults.size();
    if (row.state != kAnswered) continue;
    documented += row.documented;
    unseen += row.unseen.size();
  }
  return absl::StrCat(
      "| what | how many |\n|---|---|\n| documented actions | ", rows.size(), " |\n| answered | ",
      CountOf(rows, kAnswered), " |\n| built, and refused each call of this run | ",
      CountOf(rows, kRefused), " |\n| not built | ", CountOf(rows, kUnbuilt),
      " |\n| members of the answered actions that an answer showed | ", documented - unseen, " of ",
      documented, " |\n| codes that are not documented for their action | ", other_codes,
      " |\n| members that are missing, undocumented or of another type | ", faults, " |\n");
}

std::string Table(const Rows& rows) {
  std::string table =
      "| action | result | members seen | documented codes seen | other codes |\n"
      "|---|---|---|---|---|\n";
  for (const auto& [action, row] : rows) {
    absl::StrAppend(&table, "| ", action, " | ", row.state, " | ");
    if (row.state == kAnswered) {
      absl::StrAppend(&table, row.documented - row.unseen.size(), " of ", row.documented);
    } else {
      absl::StrAppend(&table, kNone);
    }
    absl::StrAppend(&table, " | ", Listed(row.codes), " | ", Listed(row.other_codes), " |\n");
  }
  return table;
}

// "- Action: `A`, `B`" for each that has any.
std::string Lists(const Rows& rows, Names Row::*names) {
  std::string lists;
  for (const auto& [action, row] : rows) {
    if (row.state != kAnswered || (row.*names).empty()) continue;
    absl::StrAppend(&lists, "- ", action, ": ", Listed(row.*names), "\n");
  }
  return lists.empty() ? "None.\n" : lists;
}

std::string FaultList(const Rows& rows) {
  std::string lists;
  for (const auto& [action, row] : rows) {
    for (const std::string& fault : row.faults) {
      absl::StrAppend(&lists, "- ", action, ": ", fault, "\n");
    }
  }
  return lists.empty() ? "None.\n" : lists;
}

// One line of the page; `section` is the heading that it stands below.
void ReadLine(absl::string_view section, absl::string_view line, Rows& rows) {
  if (section == kActions) {
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (cells.size() != 5 || !absl::StartsWith(line, "| ") || cells[0] == "| action") return;
    Row& row = rows[cells[0].substr(2)];
    row.state = cells[1];
    row.codes = Unlisted(cells[3]);
    row.other_codes = Unlisted(absl::StripSuffix(cells[4], " |"));
    return;
  }
  const std::size_t colon = line.find(": ");
  if (!absl::ConsumePrefix(&line, "- ") || colon == absl::string_view::npos) return;
  Row& row = rows[std::string(line.substr(0, colon - 2))];
  const absl::string_view rest = line.substr(colon);
  if (section == kUnseen) row.unseen = Unlisted(rest);
  if (section == kFaults) row.faults.insert(std::string(rest));
}

absl::StatusOr<Rows> ReadPage(absl::string_view page) {
  Rows rows;
  absl::string_view section;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (absl::StartsWith(line, "#")) section = line;
    if (section == kActions || section == kUnseen || section == kFaults) {
      ReadLine(section, line, rows);
    }
  }
  if (absl::StartsWith(page, kTitle) && !rows.empty()) return rows;
  return absl::InvalidArgumentError("is no page that `certwright conformance --write` made");
}

void AddNew(const std::string& action, absl::string_view what, const Names& now,
            const Names& before, std::vector<std::string>& drops) {
  for (const std::string& name : now) {
    if (!before.contains(name)) drops.push_back(absl::StrCat(action, what, name, "."));
  }
}

void AddDrops(const std::string& action, const Row& now, const Row& before,
              std::vector<std::string>& drops) {
  const bool was_better = (before.state == kAnswered && now.state != kAnswered) ||
                          (before.state == kRefused && now.state == kUnbuilt);
  if (was_better) {
    drops.push_back(absl::StrCat(action, " was ", before.state, ", and is now ", now.state,
                                 " (codes: ", absl::StrJoin(now.codes, ", "),
                                 absl::StrJoin(now.other_codes, ", "), ")."));
  }
  AddNew(action, " refuses with a code that is not documented for it: ", now.other_codes,
         before.other_codes, drops);
  AddNew(action, " answers otherwise than documented: ", now.faults, before.faults, drops);
  if (before.state != kAnswered || now.state != kAnswered) return;
  AddNew(action, " does not show a member any more: ", now.unseen, before.unseen, drops);
}

}  // namespace

std::string ConformancePage(const Conformance& seen, absl::string_view limits) {
  const Rows rows = RowsOf(seen);
  return absl::StrCat(
      kTitle,
      "\n\nMade by `certwright conformance --write docs/conformance.md` against a fresh "
      "`certwright serve --demo`; the\nlast section is "
      "[conformance-limits.md](conformance-limits.md), kept by hand. CI fails when `--check` finds "
      "less\nthan this page says.\n\nEach documented action is called as it is meant, without "
      "members, with one that it does not have, with each of\nits members of a wrong type "
      "and out of its range, with ids that nothing has, on certificates in each state that a "
      "run\nreaches, and by a sub-user without a right to the certificate. Answered: at least one "
      "call was. Members are counted\nwhere an answer had them, null ones too; what stands below a "
      "null or an empty list is not seen.\n\n"
      "## Totals\n\n",
      Totals(rows), "\n", kActions, "\n\n", Table(rows), "\n", kUnseen, "\n\n",
      Lists(rows, &Row::unseen), "\n", kFaults, "\n\n", FaultList(rows), "\n", limits);
}

absl::StatusOr<std::vector<std::string>> FindDrops(const Conformance& seen,
                                                   absl::string_view page) {
  ASSIGN_OR_RETURN(const Rows before, ReadPage(page));
  const Rows now = RowsOf(seen);
  std::vector<std::string> drops;
  for (const auto& [action, row] : before) {
    const auto found = now.find(action);
    if (found == now.end()) {
      drops.push_back(absl::StrCat(action, " is no action of the API any more."));
    } else {
      AddDrops(action, found->second, row, drops);
    }
  }
  for (const auto& [action, row] : now) {
    if (!before.contains(action)) {
      drops.push_back(absl::StrCat(action, " does not stand in the page: write it again."));
    }
  }
  return drops;
}

}  // namespace certwright
