"""TC3-HMAC-SHA256 written from its documentation, apart from the program's own."""

import hashlib
import hmac
import json
import time
import urllib.request
from datetime import datetime, timezone


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def authorization(secret_id, secret_key, host, body, timestamp, *, method="POST", query="",
                  content_type="application/json", service="ssl", date=None,
                  signed=("content-type", "host"), extra=None, path="/", payload_hash=None):
    values = {"content-type": content_type, "host": host, **(extra or {})}
    names = sorted(signed)
    headers = "".join(f"{name}:{values[name]}\n" for name in names)
    digest = payload_hash or hashlib.sha256(body).hexdigest()
    canonical = "\n".join([method, path, query, headers, ";".join(names), digest])
    date = date or datetime.fromtimestamp(timestamp, timezone.utc).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    to_sign = "\n".join(
        ["TC3-HMAC-SHA256", str(timestamp), scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = _hmac(_hmac(_hmac(("TC3" + secret_key).encode(), date), service), "tc3_request")
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}"
    )


class Caller:
    """Signs calls to a service and makes them over urllib."""

    def __init__(self, service, secret_id=None, secret_key=None):
        self.host = service.http
        self.secret_id = secret_id or service.secret_id
        self.secret_key = secret_key or service.secret_key

    def headers(self, action, body, *, offset=0, version="2019-12-05", more=None, **signing):
        timestamp = int(time.time()) + offset
        headers = {
            "Host": self.host,
            "Content-Type": signing.get("content_type", "application/json"),
            "X-TC-Action": action,
            "X-TC-Version": version,
            "X-TC-Timestamp": str(timestamp),
            "Authorization": authorization(
                self.secret_id, self.secret_key, self.host, body, timestamp, **signing
            ),
        }
        headers.update(more or {})
        return {name: value for name, value in headers.items() if value is not None}

    def send(self, body, headers, method="POST", path="/"):
        request = urllib.request.Request(
            f"http://{self.host}{path}", data=body, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "application/json"
            return json.loads(answer.read())["Response"]

    def raw(self, action, body, **options):
        return self.send(body, self.headers(action, body, **options))

    def __call__(self, action, **members):
        return self.raw(action, json.dumps(members).encode())

    def extension(self, action, **members):
        return self.raw(action, json.dumps(members).encode(), version="2026-12-01")


def code(answer):
    return answer.get("Error", {}).get("Code", "")
