#include "storage/records.h"

#include <cstdio>

#include "absl/strings/numbers.h"
#include "core/status_macros.h"

namespace certwright {
namespace {

void WriteString(absl::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

class Reader {
 public:
  explicit Reader(absl::string_view text) : rest_(text) {}

  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool TakeString(std::string& text) {
    if (!Take('"')) return false;
    while (true) {
      std::size_t end = 0;
      while (end < rest_.size() && rest_[end] != '"' && rest_[end] != '\\') ++end;
      if (end == rest_.size()) return false;
      text.append(rest_.data(), end);
      rest_.remove_prefix(end);
      if (Take('"')) return true;
      if (!TakeEscape(text)) return false;
    }
  }

  bool is_at_end() const { return rest_.empty(); }

 private:
  bool TakeEscape(std::string& text) {
    constexpr std::size_t kUnicodeEscape = 6;
    if (rest_.size() < 2) return false;
    if (rest_[1] != 'u') {
      text += rest_[1];
      rest_.remove_prefix(2);
      return true;
    }
    if (rest_.size() < kUnicodeEscape) return false;
    unsigned value = 0;
    if (!absl::SimpleHexAtoi(rest_.substr(2, 4), &value) || value >= 0x20) return false;
    text += static_cast<char>(value);
    rest_.remove_prefix(kUnicodeEscape);
    return true;
  }

  absl::string_view rest_;
};

bool ReadRecord(Reader& reader, std::vector<std::string>& record) {
  if (!reader.Take('[')) return false;
  if (reader.Take(']')) return true;
  do {
    if (!reader.TakeString(record.emplace_back())) return false;
  } while (reader.Take(','));
  return reader.Take(']');
}

bool ReadAll(Reader& reader, Records& records) {
  if (!reader.Take('[')) return false;
  if (reader.Take(']')) return reader.is_at_end();
  do {
    if (!ReadRecord(reader, records.emplace_back())) return false;
  } while (reader.Take(','));
  return reader.Take(']') && reader.is_at_end();
}

}  // namespace

std::string WriteRecords(const Records& records) {
  std::string out = "[";
  for (const std::vector<std::string>& record : records) {
    if (out.size() > 1) out += ',';
    out += '[';
    for (std::size_t i = 0; i < record.size(); ++i) {
      if (i > 0) out += ',';
      WriteString(record[i], out);
    }
    out += ']';
  }
  out += ']';
  return out;
}

absl::StatusOr<Records> ReadRecords(absl::string_view text) {
  Reader reader(text);
  Records records;
  if (ReadAll(reader, records)) return records;
  return absl::DataLossError("a stored list does not parse");
}

}  // namespace certwright
