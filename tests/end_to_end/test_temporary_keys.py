"""Sub-users and temporary keys, with the official Python SDK as it is."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from conftest import run
from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client

SUB_USER = "100000000777"


def profile(service, method="POST", sign="TC3-HMAC-SHA256"):
    return ClientProfile(
        signMethod=sign,
        httpProfile=HttpProfile(protocol="http", endpoint=service.http, reqMethod=method))


def extension(service, keys):
    return CommonClient("ssl", "2026-12-01", keys, "", profile=profile(service))


def policy(*actions):
    return json.dumps({"version": "2.0", "statement": [
        {"effect": "allow", "action": list(actions), "resource": ["*"]}]})


def keys_of(answer):
    made = answer["Response"]
    return credential.Credential(made["SecretId"], made["SecretKey"], made.get("Token"))


def owner(service):
    return credential.Credential(service.secret_id, service.secret_key)


def sub_user(service, *actions):
    return keys_of(extension(service, owner(service)).call_json(
        "CreateAccessKey", {"SubAccountUin": SUB_USER, "Policy": policy(*actions)}))


def temporary(service, maker, **members):
    return extension(service, maker).call_json(
        "CreateTemporaryAccessKey", {"DurationSeconds": 60, **members})


def code_of(call, *arguments):
    with pytest.raises(TencentCloudSDKException) as refused:
        call(*arguments)
    return refused.value.code


def listed():
    return models.DescribeCertificatesRequest()


def application(domain):
    request = models.ApplyCertificateRequest()
    request.DvAuthMethod = "DNS"
    request.DomainName = domain
    return request


@pytest.mark.parametrize("method, sign", [
    ("POST", "TC3-HMAC-SHA256"), ("GET", "TC3-HMAC-SHA256"),
    ("POST", "HmacSHA256"), ("GET", "HmacSHA1")])
def test_a_temporary_key_works_with_its_token_alone(service, method, sign):
    keys = keys_of(temporary(service, owner(service)))
    with_token = ssl_client.SslClient(keys, "", profile(service, method, sign))
    assert with_token.DescribeCertificates(listed()).TotalCount >= 0

    for token in (None, "wrong", keys_of(temporary(service, owner(service))).token):
        other = credential.Credential(keys.secret_id, keys.secret_key, token)
        client = ssl_client.SslClient(other, "", profile(service, method, sign))
        assert code_of(client.DescribeCertificates, listed()) == "AuthFailure.TokenFailure"
    permanent = credential.Credential(service.secret_id, service.secret_key, keys.token)
    client = ssl_client.SslClient(permanent, "", profile(service, method, sign))
    assert code_of(client.DescribeCertificates, listed()) == "AuthFailure.TokenFailure"
    assert keys.token not in service.log_text()


def test_a_temporary_key_does_at_most_what_its_maker_may(service):
    maker = sub_user(service, "ssl:Describe*", "ssl:CreateTemporaryAccessKey")
    keys = keys_of(temporary(service, maker, Policy=policy("ssl:*")))
    client = ssl_client.SslClient(keys, "", profile(service))

    assert client.DescribeCertificates(listed()).TotalCount >= 0
    assert code_of(client.ApplyCertificate, application("a.bound.test")) == (
        "AuthFailure.UnauthorizedOperation")
    assert code_of(temporary, service, keys) == "AuthFailure.UnauthorizedOperation"

    narrower = keys_of(temporary(service, maker, Policy=policy("ssl:DescribeCertificate")))
    client = ssl_client.SslClient(narrower, "", profile(service))
    assert code_of(client.DescribeCertificates, listed()) == "AuthFailure.UnauthorizedOperation"


def test_a_temporary_key_ends_with_the_key_that_made_it(service):
    console = extension(service, owner(service))
    maker = keys_of(console.call_json("CreateAccessKey", {}))
    keys = keys_of(temporary(service, maker))
    client = ssl_client.SslClient(keys, "", profile(service))
    assert client.DescribeCertificates(listed()).TotalCount >= 0

    console.call_json("ModifyAccessKey", {"SecretId": maker.secretId, "Status": "Inactive"})
    assert code_of(client.DescribeCertificates, listed()) == "AuthFailure.TokenFailure"
    console.call_json("ModifyAccessKey", {"SecretId": maker.secretId, "Status": "Active"})
    assert client.DescribeCertificates(listed()).TotalCount >= 0
    console.call_json("ModifyAccessKey", {"SecretId": maker.secretId, "Status": "Inactive"})
    console.call_json("DeleteAccessKey", {"SecretId": maker.secretId})
    assert code_of(client.DescribeCertificates, listed()) == "AuthFailure.TokenFailure"


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_the_command_line_sends_the_token(service, transport, tmp_path):
    keys = keys_of(temporary(service, owner(service)))
    named = {"CERTWRIGHT_HTTP": service.http, "CERTWRIGHT_GRPC": service.grpc,
             "TENCENTCLOUD_SECRET_ID": keys.secretId, "TENCENTCLOUD_SECRET_KEY": keys.secretKey}
    call = ("call", "DescribeCertificates", "--transport", transport)
    with_token = {**named, "TENCENTCLOUD_TOKEN": keys.token}
    assert run(*call, env=with_token).returncode == 0
    refused = run(*call, env=named)
    assert refused.returncode == 1 and "AuthFailure.TokenFailure" in refused.stdout
    file = tmp_path / "endpoint.env"
    file.write_text("".join(f"{name}={value}\n" for name, value in with_token.items()))
    assert run(*call, "--endpoint-env", file).returncode == 0
    assert f"x-tc-token: {keys.token}" in run(
        "sign", "DescribeCertificates", env=with_token).stdout.splitlines()
    # The token of one key is not sent with another one.
    assert run(*call, "--endpoint-env", service.data / "endpoint.env",
               env={"TENCENTCLOUD_TOKEN": keys.token}).returncode == 0


def test_a_temporary_key_says_when_it_ends(service):
    before = time.time()
    answer = temporary(service, owner(service))["Response"]

    end = datetime.strptime(answer["ExpiredTime"], "%Y-%m-%d %H:%M:%S").replace(
        tzinfo=timezone(timedelta(hours=8))).timestamp()
    assert before + 59 <= end <= time.time() + 60
    for seconds in (59, 129601):
        assert code_of(
            extension(service, owner(service)).call_json, "CreateTemporaryAccessKey",
            {"DurationSeconds": seconds}) == "InvalidParameterValue"


def test_the_log_says_which_sub_user_acted(service):
    maker = sub_user(service, "ssl:ApplyCertificate", "ssl:CreateTemporaryAccessKey")
    for keys, domain in ((maker, "sub.log.test"), (keys_of(temporary(service, maker)),
                                                   "temporary.log.test")):
        ssl_client.SslClient(keys, "", profile(service)).ApplyCertificate(application(domain))
    reader = ssl_client.SslClient(owner(service), "", profile(service))
    reader.ApplyCertificate(application("owner.log.test"))

    rows = reader.DescribeCertificateOperateLogs(
        models.DescribeCertificateOperateLogsRequest()).OperateLogs
    applied = [row for row in rows if row.Type == "apply"]
    assert [row.SubAccountUin for row in applied[1:3]] == [SUB_USER, SUB_USER]
    assert applied[0].SubAccountUin == applied[0].Uin != SUB_USER
    assert f"uin: {SUB_USER}" in applied[1].Action


def test_a_sub_user_sees_no_keys_but_its_own(service):
    keys = sub_user(service, "ssl:*")
    seen = extension(service, keys).call_json("DescribeAccessKeys", {})["Response"]["AccessKeys"]
    assert keys.secretId in [key["SecretId"] for key in seen]
    assert {key["SubAccountUin"] for key in seen} == {SUB_USER}
    all_keys = extension(service, owner(service)).call_json("DescribeAccessKeys", {})["Response"]
    assert service.secret_id in [key["SecretId"] for key in all_keys["AccessKeys"]]
