#include "server/actions/parameters.h"

#include <chrono>

#include "absl/strings/str_cat.h"

namespace certwright {
namespace {

constexpr char kTimeFormat[] = "%Y-%m-%d %H:%M:%S";

constexpr int kZoneSeconds = 8 * 60 * 60;  // east of Greenwich

const absl::TimeZone& DocumentedZone() {
  static const absl::TimeZone zone = absl::FixedTimeZone(kZoneSeconds);
  return zone;
}

}  // namespace

absl::StatusOr<ValidationMethod> ParseMethod(absl::string_view field, absl::string_view text) {
  if (text == "DNS") return ValidationMethod::kDns;
  if (text == "DNS_AUTO") return ValidationMethod::kDnsAuto;
  if (text == "FILE") return ValidationMethod::kFile;
  return WrongParameter(field, text, "DNS_AUTO, DNS, FILE");
}

absl::StatusOr<CertificateKind> ParseKind(absl::string_view field, absl::string_view text) {
  if (text == "SVR") return CertificateKind::kServer;
  if (text == "CA") return CertificateKind::kCa;
  return WrongParameter(field, text, "SVR, CA");
}

absl::StatusOr<std::int64_t> ParseProject(std::uint64_t value) {
  constexpr std::uint64_t kMaxProject = (std::uint64_t{1} << 53) - 1;
  if (value <= kMaxProject) return static_cast<std::int64_t>(value);
  return WrongParameter("ProjectId", absl::StrCat(value), absl::StrCat("0 to ", kMaxProject));
}

absl::StatusOr<bool> ParseFlag(absl::string_view field, std::int64_t value) {
  if (value == 0 || value == 1) return value == 1;
  return WrongParameter(field, absl::StrCat(value), "0, 1");
}

const char* MethodText(ValidationMethod method) {
  switch (method) {
    case ValidationMethod::kDns:
      return "DNS";
    case ValidationMethod::kDnsAuto:
      return "DNS_AUTO";
    case ValidationMethod::kFile:
      return "FILE";
  }
  return "";
}

const char* RecordTypeText(RecordType type) {
  switch (type) {
    case RecordType::kTxt:
      return "TXT";
    case RecordType::kCname:
      return "CNAME";
    case RecordType::kFile:
      return "FILE";
  }
  return "";
}

std::string TimeText(absl::Time time) {
  // What FormatTime writes, in a tenth of its time: a list holds several a row.
  namespace chrono = std::chrono;
  const chrono::sys_seconds utc{chrono::seconds(absl::ToUnixSeconds(time))};
  constexpr chrono::sys_days kFirst = chrono::year(0) / 1 / 1;
  constexpr chrono::sys_days kEnd = chrono::year(9999) / 12 / 31;
  if (utc < kFirst || utc >= kEnd) return absl::FormatTime(kTimeFormat, time, DocumentedZone());
  const chrono::sys_seconds local = utc + chrono::seconds(kZoneSeconds);
  const auto day = chrono::floor<chrono::days>(local);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(local - day);
  std::string text = "0000-00-00 00:00:00";
  const auto put = [&text](std::size_t end, int value) {
    for (; value > 0; value /= 10) text[--end] = static_cast<char>('0' + value % 10);
  };
  put(4, static_cast<int>(date.year()));
  put(7, static_cast<int>(static_cast<unsigned>(date.month())));
  put(10, static_cast<int>(static_cast<unsigned>(date.day())));
  put(13, static_cast<int>(clock.hours().count()));
  put(16, static_cast<int>(clock.minutes().count()));
  put(19, static_cast<int>(clock.seconds().count()));
  return text;
}

std::optional<absl::Time> ParseTime(absl::string_view text) {
  absl::Time time;
  std::string error;
  constexpr std::size_t kLength = 19;
  if (text.size() != kLength ||
      !absl::ParseTime(kTimeFormat, text, DocumentedZone(), &time, &error)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace certwright
