"""The older signature, as SDKs make it when told to, and as a script would."""

import base64
import hashlib
import hmac
import json
import time
import urllib.parse
import urllib.request

import pytest
from signer import Caller, code
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("digest", ["HmacSHA1", "HmacSHA256"])
def test_the_sdk_may_sign_the_older_way(service, method, digest):
    profile = ClientProfile(signMethod=digest, httpProfile=HttpProfile(
        protocol="http", endpoint=service.http, reqMethod=method))
    keys = credential.Credential(service.secret_id, service.secret_key)
    client = ssl_client.SslClient(keys, "", profile)
    request = models.ApplyCertificateRequest()
    request.DvAuthMethod = "DNS"
    request.DomainName = f"{method}-{digest}.v1.test".lower()
    request.DeleteDnsAutoRecord = False

    applied = client.ApplyCertificate(request)

    listed = models.DescribeCertificatesRequest()
    listed.CertIds = [applied.CertificateId]
    listed.CertificateStatus = [0, 1]
    assert client.DescribeCertificates(listed).TotalCount == 1


def signed(service, **members):
    values = {"Action": "DescribeCertificates", "Version": "2019-12-05", "Nonce": "11886",
              "Timestamp": str(int(time.time())), "SecretId": service.secret_id, **members}
    values = {name: value for name, value in values.items() if value is not None}
    text = f"GET{service.http}/?" + "&".join(f"{name}={values[name]}" for name in sorted(values))
    digest = hashlib.sha256 if values.get("SignatureMethod") == "HmacSHA256" else hashlib.sha1
    mac = hmac.new(service.secret_key.encode(), text.encode(), digest).digest()
    return {**values, "Signature": base64.b64encode(mac).decode()}


def ask(service, values):
    url = f"http://{service.http}/?{urllib.parse.urlencode(values)}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.loads(answer.read())["Response"]


def test_a_script_may_sign_the_older_way(service):
    assert ask(service, signed(service, Region="", SearchKey="a b+中"))["TotalCount"] == 0


def test_an_operator_may_switch_the_older_signature_off(start, tmp_path):
    config = tmp_path / "config"
    config.write_text("allow_v1_signatures: false")
    service = start("--config", str(config))
    refused = ask(service, signed(service))
    assert code(refused) == "AuthFailure.InvalidAuthorization"
    assert "TC3-HMAC-SHA256" in refused["Error"]["Message"]
    assert "TotalCount" in Caller(service)("DescribeCertificates")


@pytest.mark.parametrize("members, expected", [
    ({"Timestamp": str(int(time.time()) - 1000)}, "AuthFailure.SignatureExpire"),
    ({"Timestamp": str(int(time.time()) + 1000)}, "AuthFailure.SignatureExpire"),
    ({"Timestamp": None}, "MissingParameter"),
    ({"Action": None}, "MissingParameter"),
    ({"Version": None}, "MissingParameter"),
    ({"Nonce": None}, "MissingParameter"),
    ({"Version": "2018-01-01"}, "NoSuchVersion"),
    ({"Action": "NoSuchAction"}, "InvalidAction"),
    ({"SecretId": "AKID" + "z" * 32}, "AuthFailure.SecretIdNotFound"),
    ({"SignatureMethod": "HmacMD5"}, "AuthFailure.SignatureFailure"),
    ({"SignatureMethod": "TC3-HMAC-SHA256"}, "AuthFailure.InvalidAuthorization"),
    ({"Token": "token"}, "AuthFailure.TokenFailure"),
    ({"Nope": "1"}, "UnknownParameter"),
    ({"Limit": "-1"}, "InvalidParameter"),
])
def test_what_is_wrong_is_told(service, members, expected):
    assert code(ask(service, signed(service, **members))) == expected


def test_a_changed_value_is_noticed(service):
    values = signed(service, Limit="1")
    assert code(ask(service, {**values, "Limit": "2"})) == "AuthFailure.SignatureFailure"
    assert code(ask(service, {**values, "Signature": "x"})) == "AuthFailure.SignatureFailure"
    empty = ask(service, {**values, "Signature": ""})
    assert code(empty) == "MissingParameter" and "`Signature`" in empty["Error"]["Message"]


def test_a_parameter_that_stands_twice_is_refused(service):
    """Else two readers could see two requests under one signature."""
    values = signed(service, Limit="1")
    url = f"http://{service.http}/?{urllib.parse.urlencode(values)}&Limit=2"
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert code(json.loads(answer.read())["Response"])
