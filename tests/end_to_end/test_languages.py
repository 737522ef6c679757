"""X-TC-Language, the parameter Language and the metadata x-tc-language, for names and messages."""

import json

import pytest
from conftest import run
from signer import Caller, code
from test_v1_signature import ask, signed

CHINESE = "证书不存在或不属于该账号（参数 CertificateId）："
WRONG = '{"CertificateId": "nosuchid"}'


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def message(answer, expected="FailedOperation.CertificateNotFound"):
    assert code(answer) == expected
    return answer["Error"]["Message"]


@pytest.fixture(scope="module")
def english(caller):
    """What the refusal of WRONG says to an English reader."""
    return message(caller.raw("DescribeCertificate", WRONG.encode(),
                              more={"X-TC-Language": "en-US"}))


def test_a_refusal_is_in_the_language_of_the_header(caller, english):
    assert english.isascii() and "nosuchid" in english
    for headers in ({"X-TC-Language": "zh-CN"}, {}, {"X-TC-Language": "fr-FR"}):
        told = message(caller.raw("DescribeCertificate", WRONG.encode(), more=headers))
        assert told == CHINESE + english


def test_a_v1_request_asks_by_its_parameter(service, english):
    call = {"Action": "DescribeCertificate", "CertificateId": "nosuchid"}
    assert message(ask(service, signed(service, Language="en-US", **call))) == english
    assert message(ask(service, signed(service, Language="zh-CN", **call))) == CHINESE + english
    assert message(ask(service, signed(service, **call))) == CHINESE + english


def test_what_is_not_verified_asks_too(service, caller):
    def forged(language):
        headers = caller.headers("DescribeCertificates", b"{}", more={"X-TC-Language": language})
        return message(caller.send(b'{"Limit": 1}', headers), "AuthFailure.SignatureFailure")

    assert forged("zh-CN") == "签名校验失败：" + forged("en-US")
    assert forged("en-US").isascii()
    old = {**signed(service, Language="en-US"), "Signature": "bm8="}
    assert message(ask(service, old), "AuthFailure.SignatureFailure") == forged("en-US")


def test_items_of_a_batch_follow_the_language(caller):
    body = b'{"CertificateIds": ["nosuchid"], "IsSync": true}'
    told = {language: caller.raw("DeleteCertificates", body, more={"X-TC-Language": language})
            ["Fail"][0]["Msg"] for language in ("zh-CN", "en-US")}
    prefix, detail = told["en-US"].split(": ", 1)
    assert told["en-US"].isascii()
    assert told["zh-CN"].startswith(f"{prefix}: 证书不存在或不属于该账号")
    assert told["zh-CN"].endswith("：" + detail)


def test_the_operator_sets_the_default(start, tmp_path):
    config = tmp_path / "config"
    config.write_text('language: "en-US"\n')
    caller = Caller(start("--config", config))
    told = message(caller.raw("DescribeCertificate", WRONG.encode()))
    assert told.isascii()
    asked = caller.raw("DescribeCertificate", WRONG.encode(), more={"X-TC-Language": "zh-CN"})
    assert message(asked) == CHINESE + told


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_our_own_calls_are_in_the_language_of_their_user(service, english, transport):
    def call(*flags, **locale):
        env = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", **locale}
        done = run("call", "DescribeCertificate", WRONG, "--transport", transport, *flags,
                   "--endpoint-env", service.data / "endpoint.env", env=env)
        assert done.returncode == 1
        return message(json.loads(done.stdout)["Response"])

    assert call() == english
    assert call(LANG="en_GB.UTF-8") == english
    assert call(LANG="zh_CN.UTF-8") == CHINESE + english
    assert call(LANG="zh_CN.UTF-8", LC_ALL="C") == english
    assert call("--language", "zh-CN") == CHINESE + english


def test_sign_names_the_language_last(service):
    printed = run("sign", "DescribeCertificates", "--endpoint-env",
                  service.data / "endpoint.env", "--language", "zh-CN", check=True)
    assert printed.stdout.splitlines()[-1] == "x-tc-language: zh-CN"
