#include "server/log.h"

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace certwright {
namespace {

std::atomic<bool> is_quiet_log = false;

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("certwright");
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})",
                      spdlog::pattern_time_type::utc);
    return made;
  }();
  return *logger;
}

void AppendText(std::string& line, absl::string_view name, absl::string_view value) {
  absl::StrAppend(&line, line.empty() ? "" : ",", "\"", name, "\":\"");
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
      absl::StrAppendFormat(&line, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      line += c;
    }
  }
  line += '"';
}

std::string EventLine(absl::string_view event, absl::string_view detail) {
  std::string line;
  AppendText(line, "event", event);
  AppendText(line, "detail", detail);
  return line;
}

}  // namespace

void SetQuietLog(bool is_quiet) { is_quiet_log = is_quiet; }

void LogCall(const Pipeline::Record& record) {
  if (is_quiet_log && record.failure.empty()) return;
  std::string line;
  AppendText(line, "event", "call");
  AppendText(line, "transport", record.protocol == Protocol::kHttp ? "http" : "grpc");
  AppendText(line, "action", record.action);
  absl::StrAppend(&line, ",\"account\":", record.account);
  AppendText(line, "secret_id", record.secret_id);
  AppendText(line, "request_id", record.request_id);
  AppendText(line, "peer", record.peer);
  AppendText(line, "code", record.code);
  absl::StrAppend(&line, ",\"microseconds\":", absl::ToInt64Microseconds(record.took));
  if (record.failure.empty()) {
    Logger().info(line);
  } else {
    AppendText(line, "failure", record.failure);
    Logger().error(line);
  }
}

void LogInfo(absl::string_view event, absl::string_view detail) {
  if (!is_quiet_log) Logger().info(EventLine(event, detail));
}

void LogError(absl::string_view event, absl::string_view detail) {
  Logger().error(EventLine(event, detail));
}

}  // namespace certwright
