// The little that the store asks of a database. The SQL is the same for all of them: parameters
// are $1 … $n, types are TEXT, BIGINT and BLOB.
#ifndef CERTWRIGHT_STORAGE_CONNECTION_H_
#define CERTWRIGHT_STORAGE_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace certwright {

// A parameter.
class Value {
 public:
  enum class Kind { kNull, kInteger, kText, kBlob };

  static Value Null() { return Value(Kind::kNull, 0, ""); }
  static Value Integer(std::int64_t number) { return Value(Kind::kInteger, number, ""); }
  static Value Bool(bool flag) { return Integer(flag ? 1 : 0); }
  static Value Text(absl::string_view text) { return Value(Kind::kText, 0, text); }
  static Value Blob(absl::string_view bytes) { return Value(Kind::kBlob, 0, bytes); }
  // Microseconds since 1970; the infinite times are the ends of what a BIGINT holds.
  static Value Time(absl::Time time) { return Integer(absl::ToUnixMicros(time)); }
  static Value Time(const std::optional<absl::Time>& time) { return time ? Time(*time) : Null(); }
  static Value Integer(const std::optional<int>& number) {
    return number ? Integer(static_cast<std::int64_t>(*number)) : Null();
  }

  Kind kind() const { return kind_; }
  std::int64_t number() const { return number_; }
  const std::string& bytes() const { return bytes_; }

 private:
  Value(Kind kind, std::int64_t number, absl::string_view bytes)
      : kind_(kind), number_(number), bytes_(bytes) {}

  Kind kind_;
  std::int64_t number_;
  std::string bytes_;
};

using Values = std::vector<Value>;

// One row of a result, by column from 0. Valid until the next row.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool IsNull(int column) const = 0;
  virtual std::int64_t Integer(int column) const = 0;
  // TEXT or BLOB.
  virtual std::string Bytes(int column) const = 0;

  bool Bool(int column) const { return Integer(column) != 0; }
  absl::Time Time(int column) const {
    const std::int64_t micros = Integer(column);
    if (micros == std::numeric_limits<std::int64_t>::max()) return absl::InfiniteFuture();
    if (micros == std::numeric_limits<std::int64_t>::min()) return absl::InfinitePast();
    return absl::FromUnixMicros(micros);
  }
  std::optional<absl::Time> OptionalTime(int column) const {
    return IsNull(column) ? std::nullopt : std::make_optional(Time(column));
  }
};

// Not thread-safe: one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  // Runs one statement and shows each row of its result to `see`, which may be null. Statements are
  // prepared once. `see` may run other statements, but not this one. AlreadyExists when a unique
  // key is taken; Unavailable while another process holds the database; Internal otherwise.
  virtual absl::Status Run(absl::string_view sql, const Values& values,
                           const std::function<absl::Status(const Row&)>& see) = 0;

  absl::Status Run(absl::string_view sql, const Values& values = {}) {
    return Run(sql, values, nullptr);
  }

  // Runs a text of several statements without parameters.
  virtual absl::Status RunScript(const std::string& sql) = 0;

  // Whether a transaction is open. A database may drop one by itself: when the disk is full or
  // fails, what was begun is gone although nobody rolled it back.
  virtual bool IsInTransaction() const = 0;
};

}  // namespace certwright

#endif  // CERTWRIGHT_STORAGE_CONNECTION_H_
