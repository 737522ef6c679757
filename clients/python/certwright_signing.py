"""Signs every call of a gRPC channel with TC3-HMAC-SHA256."""

import collections
import hashlib
import hmac
import time

import grpc


def authorization(secret_id, secret_key, authority, method, message, timestamp):
    """The header of one call: `message` is the serialized request, `timestamp` Unix seconds."""
    def mac(key, text):
        return hmac.new(key, text.encode(), hashlib.sha256)

    canonical = (f"POST\n{method}\n\ncontent-type:application/grpc\nhost:{authority}\n\n"
                 f"content-type;host\n{hashlib.sha256(message).hexdigest()}")
    date = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    service = method.split(".")[1]  # of /certwright.SERVICE.VERSION…
    scope = f"{date}/{service}/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = ("TC3" + secret_key).encode()
    for part in date, service, "tc3_request":
        key = mac(key, part).digest()
    signature = mac(key, f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}").hexdigest()
    return (f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, "
            f"Signature={signature}")


class _Details(
        collections.namedtuple("_Details", ("method", "timeout", "metadata", "credentials",
                                            "wait_for_ready", "compression")),
        grpc.ClientCallDetails):
    pass


class SigningInterceptor(grpc.UnaryUnaryClientInterceptor):
    """`authority` is what the channel was made for, HOST:PORT; `token` comes with temporary keys."""

    def __init__(self, secret_id, secret_key, authority, token=None):
        self._signed_as = (secret_id, secret_key, authority)
        self._token = token

    def intercept_unary_unary(self, continuation, client_call_details, request):
        now = int(time.time())
        header = authorization(*self._signed_as, client_call_details.method,
                               request.SerializeToString(), now)
        metadata = list(client_call_details.metadata or ())
        metadata += [("authorization", header), ("x-tc-timestamp", str(now))]
        if self._token:
            metadata.append(("x-tc-token", self._token))
        return continuation(
            _Details(client_call_details.method, client_call_details.timeout, metadata,
                     client_call_details.credentials,
                     getattr(client_call_details, "wait_for_ready", None),
                     getattr(client_call_details, "compression", None)), request)
