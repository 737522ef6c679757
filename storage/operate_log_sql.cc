#include "absl/strings/str_cat.h"
#include "core/crypto/digest.h"
#include "core/status_macros.h"
#include "storage/sql_transaction.h"

namespace certwright {
namespace {

constexpr char kLast[] =
    "SELECT hash, time FROM operate_log WHERE account = $1 ORDER BY sequence DESC LIMIT 1";
constexpr char kAppend[] =
    "INSERT INTO operate_log (account, sequence, type, certificate, actor, remark, time, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
constexpr char kCountEntries[] =
    "SELECT COUNT(*) FROM operate_log WHERE account = $1 AND time >= $2 AND time <= $3";
constexpr char kFirstWithin[] =
    "SELECT sequence FROM operate_log WHERE account = $1 AND time >= $2 AND time <= $3 "
    "ORDER BY time, sequence LIMIT 1";
constexpr char kLastWithin[] =
    "SELECT sequence FROM operate_log WHERE account = $1 AND time >= $2 AND time <= $3 "
    "ORDER BY time DESC, sequence DESC LIMIT 1";
constexpr char kList[] =
    "SELECT type, certificate, actor, remark, time FROM operate_log "
    "WHERE account = $1 AND time >= $2 AND time <= $3 ORDER BY time DESC, sequence DESC "
    "LIMIT $4 OFFSET $5";
constexpr char kAll[] =
    "SELECT type, certificate, actor, remark, time, hash, sequence FROM operate_log "
    "WHERE account = $1 ORDER BY sequence";
constexpr char kWritten[] = "SELECT value FROM counter WHERE account = $1 AND name = 'operate_log'";

// Counts entries whose time lies before that of the entry before them: clocks can be set back.
constexpr char kDisorder[] = "operate_log_disorder";

OperateLogEntry ReadEntry(const Row& row, AccountId account) {
  return {.account = account,
          .type = row.Bytes(0),
          .certificate_id = row.Bytes(1),
          .actor = row.Bytes(2),
          .remark = row.Bytes(3),
          .time = row.Time(4)};
}

// Over the previous hash and every member, each with its length so that none runs into the next.
std::string HashOf(absl::string_view previous, const OperateLogEntry& entry) {
  std::string text(previous);
  for (const std::string& member :
       {absl::StrCat(entry.account.value), entry.type, entry.certificate_id, entry.actor,
        entry.remark, absl::StrCat(absl::ToUnixMicros(entry.time))}) {
    absl::StrAppend(&text, member.size(), ":", member);
  }
  return Sha256(text);
}

}  // namespace

absl::Status SqlTransaction::AppendOperateLog(const OperateLogEntry& entry) {
  std::string previous;
  bool is_in_order = true;
  RETURN_IF_ERROR(
      connection_.Run(kLast, {Value::Integer(entry.account.value)}, [&](const Row& row) {
        previous = row.Bytes(0);
        is_in_order = row.Integer(1) <= absl::ToUnixMicros(entry.time);
        return absl::OkStatus();
      }));
  if (!is_in_order) RETURN_IF_ERROR(Count(entry.account, kDisorder, 1).status());
  ASSIGN_OR_RETURN(const std::int64_t sequence, Count(entry.account, "operate_log", 1));
  return connection_.Run(kAppend, {Value::Integer(entry.account.value), Value::Integer(sequence),
                                   Value::Text(entry.type), Value::Text(entry.certificate_id),
                                   Value::Text(entry.actor), Value::Text(entry.remark),
                                   Value::Time(entry.time), Value::Blob(HashOf(previous, entry))});
}

// Rows are numbered without gaps: while their times never went back, the first and the last of a
// span tell how many it holds.
absl::StatusOr<std::int64_t> SqlTransaction::CountOperateLog(AccountId account,
                                                             const Values& span) {
  ASSIGN_OR_RETURN(const std::int64_t disorder, FindCount(account, kDisorder));
  if (disorder > 0) return QueryInteger(kCountEntries, span);
  ASSIGN_OR_RETURN(const std::int64_t first, QueryInteger(kFirstWithin, span));
  if (first == 0) return 0;
  ASSIGN_OR_RETURN(const std::int64_t last, QueryInteger(kLastWithin, span));
  return last - first + 1;
}

absl::StatusOr<OperateLogPage> SqlTransaction::ListOperateLog(AccountId account,
                                                              const OperateLogQuery& query) {
  const Values values = {Value::Integer(account.value), Value::Time(query.from),
                         Value::Time(query.until), Value::Integer(query.limit),
                         Value::Integer(query.offset)};
  OperateLogPage page;
  ASSIGN_OR_RETURN(page.total, CountOperateLog(account, values));
  RETURN_IF_ERROR(connection_.Run(kList, values, [&](const Row& row) {
    page.entries.push_back(ReadEntry(row, account));
    return absl::OkStatus();
  }));
  return page;
}

absl::Status VerifyOperateLog(Connection& connection, AccountId account) {
  const auto broken = [&](std::int64_t sequence) {
    return absl::DataLossError(absl::StrCat("operate log of ", account.value, ": row ", sequence,
                                            " was changed, or rows before it are missing"));
  };
  std::string previous;
  std::int64_t count = 0;
  RETURN_IF_ERROR(
      connection.Run(kAll, {Value::Integer(account.value)}, [&](const Row& row) -> absl::Status {
        const std::string stored = row.Bytes(5);
        const bool follows = stored == HashOf(previous, ReadEntry(row, account));
        if (!follows || row.Integer(6) != ++count) return broken(row.Integer(6));
        previous = stored;
        return absl::OkStatus();
      }));
  std::int64_t written = 0;
  RETURN_IF_ERROR(connection.Run(kWritten, {Value::Integer(account.value)}, [&](const Row& row) {
    written = row.Integer(0);
    return absl::OkStatus();
  }));
  if (count == written) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("operate log of ", account.value, ": ", written,
                                          " rows were written and ", count, " are there"));
}

}  // namespace certwright
