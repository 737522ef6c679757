"""The Tag API's two actions, as clients of certificates call them."""

import json

import pytest
from conftest import run
from signer import Caller, code
from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

VERSION = "2018-08-13"


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def ask(caller, action, service="tag", version=VERSION, **members):
    return caller.raw(action, json.dumps(members).encode(), version=version, service=service)


def apply(caller, name):
    return caller("ApplyCertificate", DvAuthMethod="DNS", DomainName=name)["CertificateId"]


def named(certificate):
    return f"qcs::ssl:ap-guangzhou:uin/:certificate/{certificate}"


def selecting(certificate):
    return {"ServiceType": "ssl", "ResourcePrefix": "certificate", "ResourceIds": [certificate],
            "ResourceRegion": "ap-guangzhou"}


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_both_transports_change_and_read_tags(service, caller, transport):
    def call(action, **members):
        done = run("call", action, json.dumps(members), "--transport", transport,
                   "--endpoint-env", service.data / "endpoint.env")
        return done.returncode, json.loads(done.stdout)["Response"]

    certificate = apply(caller, f"tags-{transport}.test")
    status, changed = call("ModifyResourceTags", Resource=named(certificate),
                           ReplaceTags=[{"TagKey": "团队", "TagValue": "a&b"}])
    assert (status, list(changed)) == (0, ["RequestId"])
    status, seen = call("DescribeResourceTagsByResourceIds", **selecting(certificate))
    assert (status, seen["TotalCount"]) == (0, 1)
    assert (seen["Tags"][0]["TagKey"], seen["Tags"][0]["TagValue"]) == ("团队", "a&b")
    assert caller("DescribeCertificate", CertificateId=certificate)["Tags"] == [
        {"TagKey": "团队", "TagValue": "a&b"}]
    status, refused = call("ModifyResourceTags", Resource=named("zzzzzzzz"),
                           DeleteTags=[{"TagKey": "a"}])
    assert (status, refused["Error"]["Code"]) == (1, "ResourceNotFound")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sign", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_the_sdk_changes_and_reads_tags_each_way(service, caller, method, sign):
    http = HttpProfile(protocol="http", endpoint=service.http, reqMethod=method)
    client = CommonClient("tag", VERSION,
                          credential.Credential(service.secret_id, service.secret_key), "",
                          profile=ClientProfile(signMethod=sign, httpProfile=http))
    certificate = apply(caller, f"tags-{method}-{sign}.test".lower())
    client.call_json("ModifyResourceTags", {
        "Resource": named(certificate),
        "ReplaceTags": [{"TagKey": "a", "TagValue": "x y"}, {"TagKey": "b", "TagValue": ""}]})
    client.call_json("ModifyResourceTags", {
        "Resource": named(certificate), "DeleteTags": [{"TagKey": "b"}]})
    seen = client.call_json("DescribeResourceTagsByResourceIds", selecting(certificate))
    assert [(tag["ResourceId"], tag["TagKey"], tag["TagValue"])
            for tag in seen["Response"]["Tags"]] == [(certificate, "a", "x y")]


def test_tags_are_there_after_a_crash(start):
    first = start()
    certificate = apply(Caller(first), "tags-kept.test")
    ask(Caller(first), "ModifyResourceTags", Resource=named(certificate),
        ReplaceTags=[{"TagKey": "kept", "TagValue": "1"}])
    first.kill()  # right after the answer
    seen = ask(Caller(start()), "DescribeResourceTagsByResourceIds", **selecting(certificate))
    assert [(tag["TagKey"], tag["TagValue"]) for tag in seen["Tags"]] == [("kept", "1")]


def test_the_log_has_the_change(caller):
    certificate = apply(caller, "tags-log.test")
    for _ in range(2):  # the second changes nothing
        changed = ask(caller, "ModifyResourceTags", Resource=named(certificate),
                      ReplaceTags=[{"TagKey": "team", "TagValue": "web"}])
        assert list(changed) == ["RequestId"]
    newest, before = caller("DescribeCertificateOperateLogs", Limit=2)["OperateLogs"]
    assert (newest["Type"], newest["CertId"]) == ("modifyTags", certificate)
    assert newest["Action"].endswith("(+team)")
    assert before["Type"] == "apply"


@pytest.mark.parametrize("service_name, version, action, expected", [
    ("ssl", VERSION, "ModifyResourceTags", "AuthFailure.InvalidAuthorization"),
    ("tag", "2019-12-05", "DescribeCertificates", "AuthFailure.InvalidAuthorization"),
    ("tag", "2026-12-01", "DescribeProjects", "AuthFailure.InvalidAuthorization"),
    ("tag", VERSION, "DescribeCertificates", "InvalidAction"),
    ("ssl", "2019-12-05", "ModifyResourceTags", "InvalidAction"),
    ("tag", VERSION, "ModifyResourceTags", "MissingParameter"),
])
def test_each_service_signs_for_its_own_version(caller, service_name, version, action, expected):
    refused = ask(caller, action, service=service_name, version=version)
    assert code(refused) == expected
    if expected == "AuthFailure.InvalidAuthorization":
        assert ("`tag`" if version == VERSION else "`ssl`") in refused["Error"]["Message"]
