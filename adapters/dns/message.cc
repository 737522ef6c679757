#include <ares.h>

#include "absl/strings/ascii.h"
#include "adapters/dns/resolver.h"

namespace certwright {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr int kMaxRecords = 100;
constexpr std::size_t kMaxDataBytes = 4096;
constexpr unsigned kServFail = 2;
constexpr unsigned kNoSuchName = 3;
constexpr unsigned char kCritical = 0x80;

class MessageReader {
 public:
  explicit MessageReader(absl::string_view message) : message_(message) {}

  bool Skip(std::size_t count) {
    if (message_.size() - at_ < count) return false;
    at_ += count;
    return true;
  }

  bool Number(unsigned& value) {
    if (message_.size() - at_ < 2) return false;
    value = Byte(at_) << 8 | Byte(at_ + 1);
    at_ += 2;
    return true;
  }

  // c-ares follows and bounds compression pointers.
  bool Name(std::string& name) {
    const auto* start = reinterpret_cast<const unsigned char*>(message_.data());
    char* text = nullptr;
    long length = 0;
    if (at_ >= message_.size() ||
        ares_expand_name(start + at_, start, static_cast<int>(message_.size()), &text, &length) !=
            ARES_SUCCESS) {
      return false;
    }
    name = absl::AsciiStrToLower(text);
    ares_free_string(text);
    return Skip(static_cast<std::size_t>(length));
  }

  bool Take(std::size_t count, absl::string_view& bytes) {
    const std::size_t from = at_;
    if (!Skip(count)) return false;
    bytes = message_.substr(from, count);
    return true;
  }

  std::size_t at() const { return at_; }

 private:
  unsigned Byte(std::size_t at) const { return static_cast<unsigned char>(message_[at]); }

  absl::string_view message_;
  std::size_t at_ = 0;
};

bool JoinStrings(absl::string_view data, std::string& text) {
  while (!data.empty()) {
    const std::size_t length = static_cast<unsigned char>(data[0]);
    if (data.size() < 1 + length || text.size() > kMaxDataBytes) return false;
    text.append(data.data() + 1, length);
    data.remove_prefix(1 + length);
  }
  return true;
}

bool ReadCaa(absl::string_view data, DnsRecord& record) {
  if (data.size() < 2) return false;
  const std::size_t tag_length = static_cast<unsigned char>(data[1]);
  if (data.size() < 2 + tag_length) return false;
  record.is_caa_critical = (static_cast<unsigned char>(data[0]) & kCritical) != 0;
  record.caa_tag = absl::AsciiStrToLower(data.substr(2, tag_length));
  record.data = std::string(data.substr(2 + tag_length));
  return true;
}

// False if the message is malformed from here on.
bool ReadRecord(MessageReader& reader, DnsAnswer& answer) {
  DnsRecord record;
  unsigned type = 0;
  unsigned data_class = 0;
  unsigned length = 0;
  constexpr std::size_t kTtlBytes = 4;
  if (!reader.Name(record.owner) || !reader.Number(type) || !reader.Number(data_class) ||
      !reader.Skip(kTtlBytes) || !reader.Number(length)) {
    return false;
  }
  record.type = static_cast<DnsType>(type);
  if (record.type == DnsType::kCname) {
    const std::size_t end = reader.at() + length;
    if (!reader.Name(record.data) || reader.at() != end) return false;
  } else {
    absl::string_view data;
    if (!reader.Take(length, data)) return false;
    bool is_read = true;
    if (record.type == DnsType::kTxt) {
      is_read = JoinStrings(data, record.data);
    } else if (record.type == DnsType::kCaa) {
      is_read = ReadCaa(data, record);
    } else {
      record.data = std::string(data.substr(0, kMaxDataBytes));
    }
    if (!is_read) return false;
  }
  answer.records.push_back(std::move(record));
  return true;
}

}  // namespace

DnsAnswer ParseDnsMessage(absl::string_view message) {
  DnsAnswer answer = {.reason = "malformed answer"};
  MessageReader reader(message);
  unsigned flags = 0;
  unsigned questions = 0;
  unsigned answers = 0;
  if (message.size() < kHeaderBytes || !reader.Skip(2) || !reader.Number(flags) ||
      !reader.Number(questions) || !reader.Number(answers) || !reader.Skip(4)) {
    return answer;
  }
  for (unsigned i = 0; i < questions; ++i) {
    std::string name;
    if (!reader.Name(name) || !reader.Skip(4)) return answer;
  }
  for (unsigned i = 0; i < answers && i < kMaxRecords; ++i) {
    if (!ReadRecord(reader, answer)) return answer;
  }
  const unsigned code = flags & 0xf;
  if (code == kServFail) {
    answer.result = DnsAnswer::Result::kServFail;
    answer.reason = "the name server failed (SERVFAIL)";
  } else if (code != 0 && code != kNoSuchName) {
    answer.result = DnsAnswer::Result::kRefused;
    answer.reason = "the name server refused to answer";
  } else {
    answer.result = DnsAnswer::Result::kAnswered;
    answer.reason.clear();
  }
  return answer;
}

}  // namespace certwright
