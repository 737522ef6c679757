// Signs every call of a gRPC client with TC3-HMAC-SHA256.
"use strict";
const crypto = require("crypto");
const grpc = require("@grpc/grpc-js");

const mac = (key, text) => crypto.createHmac("sha256", key).update(text).digest();
const digest = (data) => crypto.createHash("sha256").update(data).digest("hex");

// The header of one call: `message` is the serialized request, `timestamp` Unix seconds.
function authorization(secretId, secretKey, authority, method, message, timestamp) {
  const canonical = ["POST", method, "", "content-type:application/grpc", `host:${authority}`, "",
    "content-type;host", digest(message)].join("\n");
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const service = method.split(".")[1]; // of /certwright.SERVICE.VERSION…
  const scope = `${date}/${service}/tc3_request`;
  const key = mac(mac(mac(`TC3${secretKey}`, date), service), "tc3_request");
  const toSign = ["TC3-HMAC-SHA256", timestamp, scope, digest(canonical)].join("\n");
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, ` +
    `Signature=${mac(key, toSign).toString("hex")}`;
}

// An interceptor. `authority` is what the client was made for, HOST:PORT; `token` comes with
// temporary keys. The headers wait for the message, which is what is signed.
function signing({secretId, secretKey, token}, authority) {
  return (options, nextCall) => {
    const {path, requestSerialize} = options.method_definition;
    let start;
    return new grpc.InterceptingCall(nextCall(options), {
      start(metadata, listener, next) {
        start = (message) => {
          const now = Math.floor(Date.now() / 1000);
          metadata.set("authorization", authorization(
            secretId, secretKey, authority, path, requestSerialize(message), now));
          metadata.set("x-tc-timestamp", String(now));
          if (token) metadata.set("x-tc-token", token);
          next(metadata, listener);
        };
      },
      sendMessage(message, next) {
        start(message);
        next(message);
      },
    });
  };
}

module.exports = {authorization, signing};
