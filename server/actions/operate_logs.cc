// DescribeCertificateOperateLogs
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/error.h"
#include "core/shown.h"
#include "core/status_macros.h"
#include "server/actions/actions.h"
#include "server/actions/parameters.h"
#include "server/messages.h"
#include "ssl/v20191205/ssl.pb.h"

namespace certwright {
namespace {

namespace api = ssl::v20191205;

constexpr std::uint64_t kDefaultLimit = 20;
constexpr std::uint64_t kMaxLimit = 1000;
constexpr std::uint64_t kMaxOffset = 1'000'000'000;
constexpr absl::Duration kDefaultPeriod = absl::Hours(24 * 15);

struct Verb {
  const char* type;
  const char* chinese;
  const char* english;
};

constexpr Verb kVerbs[] = {
    {"Resubmit", "重新提交", "resubmit"},
    {"apply", "申请", "apply for"},
    {"applyVIP", "购买", "order"},
    {"autoRenew-0", "关闭自动续费", "turn off auto renewal of"},
    {"autoRenew-1", "开启自动续费", "turn on auto renewal of"},
    {"cancel", "取消", "cancel"},
    {"changeProject", "修改项目", "change the project of"},
    {"delete", "删除", "delete"},
    {"domainValidationPassed", "域名验证通过", "pass domain validation of"},
    {"download", "下载", "download"},
    {"editRevokeLetter", "上传吊销函", "upload the revocation letter of"},
    {"expired", "过期", "expire"},
    {"failed", "审核失败", "fail"},
    {"ignoreExpiringNotice-0", "恢复到期提醒", "turn on expiry notices of"},
    {"ignoreExpiringNotice-1", "忽略到期提醒", "turn off expiry notices of"},
    {"issued", "颁发", "issue"},
    {"letterRequested", "要求上传确认函", "ask for the confirmation letter of"},
    {"modifyDownloadLimit", "修改下载限制", "change the download limit of"},
    {"modifyTags", "修改标签", "change the tags of"},
    {"multiYearsRenew", "多年期续期", "order the next"},
    {"refund", "退款", "refund"},
    {"renewVIP", "续费", "order as a renewal"},
    {"replace", "重颁发", "reissue"},
    {"reviewPassed", "审核通过", "pass a review of"},
    {"revoke", "申请吊销", "ask to revoke"},
    {"revokeFailed", "吊销失败", "give up revoking"},
    {"revoked", "吊销", "revoke"},
    {"submitInfo", "提交资料", "submit data of"},
    {"updateAlias", "修改备注", "change the alias of"},
    {"upload", "上传", "upload"},
    {"uploadConfirmLetter", "上传确认函", "upload the confirmation letter of"},
    {"uploadFromYunAPI", "上传", "upload"},
};

std::string Sentence(const OperateLogEntry& entry, Language language) {
  const bool is_english = language == Language::kEnglish;
  std::string verb = entry.type;
  for (const Verb& known : kVerbs) {
    if (entry.type == known.type) verb = is_english ? known.english : known.chinese;
  }
  const std::string remark =
      entry.remark.empty() ? "" : absl::StrCat(" (", FailureText(entry.remark, language), ")");
  return is_english ? absl::StrFormat("User[uin: %s] %s Certificate[id: %s]%s", entry.actor, verb,
                                      entry.certificate_id, remark)
                    : absl::StrFormat("用户[uin: %s] %s 证书[id: %s]%s", entry.actor, verb,
                                      entry.certificate_id, remark);
}

absl::StatusOr<absl::Time> ReadTime(absl::string_view field, const std::string& text,
                                    absl::Time otherwise) {
  if (text.empty()) return otherwise;
  const std::optional<absl::Time> time = ParseTime(text);
  if (time) return *time;
  return Refuse(
      ApiError::kFailedOperationInvalidParam,
      absl::StrCat(field, " `", Shown(text), "` is not a time like `2026-01-31 23:59:59` (GMT+8)."),
      field);
}

absl::StatusOr<api::DescribeCertificateOperateLogsResponse> DescribeCertificateOperateLogs(
    Services& services, const Call& call,
    const api::DescribeCertificateOperateLogsRequest& request) {
  if (request.offset() > kMaxOffset) {
    return WrongParameter("Offset", absl::StrCat(request.offset()),
                          absl::StrCat("0 to ", kMaxOffset));
  }
  OperateLogQuery query = {
      .offset = static_cast<std::int64_t>(request.offset()),
      .limit = static_cast<std::int64_t>(
          std::min(request.has_limit() ? request.limit() : kDefaultLimit, kMaxLimit)),
  };
  ASSIGN_OR_RETURN(query.until, ReadTime("EndTime", request.end_time(), call.now));
  // Times are shown in whole seconds, and the last one named is meant whole.
  query.until += absl::Seconds(1) - absl::Microseconds(1);
  ASSIGN_OR_RETURN(query.from,
                   ReadTime("StartTime", request.start_time(), query.until - kDefaultPeriod));
  if (query.until < query.from) {
    return Refuse(ApiError::kFailedOperationInvalidParam,
                  absl::StrCat("EndTime ", TimeText(query.until), " lies before StartTime ",
                               TimeText(query.from), "."),
                  "EndTime");
  }
  OperateLogPage page;
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(page, snapshot.ListOperateLog(call.account.id, query));
    return absl::OkStatus();
  }));
  api::DescribeCertificateOperateLogsResponse response;
  response.set_all_total(static_cast<std::uint64_t>(page.total));
  response.set_total_count(page.entries.size());
  for (const OperateLogEntry& entry : page.entries) {
    api::OperationLog& row = *response.add_operate_logs();
    row.set_action(Sentence(entry, call.language));
    row.set_created_on(TimeText(entry.time));
    row.set_uin(absl::StrCat(call.account.id.value));
    row.set_sub_account_uin(entry.actor);
    row.set_cert_id(entry.certificate_id);
    row.set_type(entry.type);
  }
  return response;
}

}  // namespace

void BindOperateLogs(ActionTable& table) {
  table.Bind("DescribeCertificateOperateLogs", DescribeCertificateOperateLogs);
}

}  // namespace certwright
