// What travels through the pipeline: the bytes that came in, who is asking, the bytes that go out.
#ifndef CERTWRIGHT_SERVER_CALL_H_
#define CERTWRIGHT_SERVER_CALL_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/account.h"
#include "core/caller.h"
#include "core/ids.h"

namespace certwright {

enum class Protocol { kHttp, kGrpc };

// One request as it stood on the wire. Transports fill it and understand nothing of it.
struct Envelope {
  Protocol protocol = Protocol::kHttp;
  std::string method = {};  // HTTP method; "POST" for gRPC
  std::string path = {};    // HTTP path without query; gRPC: "/package.Service/Method"
  std::string query = {};   // raw, without "?"
  // Lower-case names, raw values, in wire order; repeated ones stand repeatedly. For gRPC these are
  // the metadata, plus "host" (the :authority).
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};     // HTTP body, or the serialized message without its 5-byte frame
  std::string peer = {};     // "127.0.0.1"
  bool is_secure = false;    // came over TLS
  bool is_loopback = false;  // the listener is bound to loopback
  bool is_late = false;      // came after the drain began, to be refused
};

// What the transport sends back.
struct Reply {
  std::string request_id = {};
  // HTTP: the whole JSON document, always with status 200. gRPC, on OK: the serialized message.
  std::string body = {};
  // gRPC only; 0 is OK.
  int grpc_status = 0;
  std::string grpc_message = {};
  std::string grpc_details = {};  // serialized google.rpc.Status, for grpc-status-details-bin
};

enum class Language { kChinese, kEnglish };

// An authenticated, admitted call, as handlers see it.
struct Call {
  std::string request_id = {};
  std::string action = {};
  Account account = {};
  SecretId secret_id = {};
  std::int64_t sub_account = 0;   // 0 for the account's owner
  std::string policy = {};        // of the key; "" if nothing limits it
  bool is_temporary = false;      // the key ends by itself
  bool must_sign_action = false;  // the key asks it, and so do those that it makes for a while
  Language language = Language::kChinese;
  std::string region = {};                           // "" if none
  std::vector<ForbiddenCertificate> forbidden = {};  // see Action::answers_each
  std::string http_origin =
      {};  // "http(s)://host:port" of our HTTP listener, as the caller names it
  absl::Time now = {};

  // Whom the operate log names for what this call changes.
  Caller AsCaller() const { return {account.id, sub_account}; }
};

}  // namespace certwright

#endif  // CERTWRIGHT_SERVER_CALL_H_
