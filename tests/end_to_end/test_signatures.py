"""What is signed and how, with the official Python SDK as it is, and with requests of our own."""

import json
import time

import pytest
from conftest import run
from signer import Caller, authorization, code
from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client

LETTER = b"%PDF-1.7\r\n\x00\xff--" + bytes(2000)


def profile(service, method="POST", sign="TC3-HMAC-SHA256", **more):
    made = ClientProfile(signMethod=sign, httpProfile=HttpProfile(
        protocol="http", endpoint=service.http, reqMethod=method))
    for name, value in more.items():
        setattr(made, name, value)
    return made


def keys(service):
    return credential.Credential(service.secret_id, service.secret_key)


def sdk(service, **options):
    return ssl_client.SslClient(keys(service), "", profile(service, **options))


def common(service, **options):
    return CommonClient("ssl", "2019-12-05", keys(service), "", profile=profile(service, **options))


def code_of(call, *arguments, **named):
    with pytest.raises(TencentCloudSDKException) as refused:
        call(*arguments, **named)
    return refused.value.code


WAYS = [(method, sign) for method in ("GET", "POST")
        for sign in ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256")]


@pytest.mark.parametrize("method, sign", WAYS)
def test_a_lifecycle_and_an_error_each_way(service, method, sign):
    client = sdk(service, method=method, sign=sign)
    request = models.ApplyCertificateRequest()
    request.DvAuthMethod = "DNS"
    request.DomainName = f"{method}-{sign}.ways.test".lower()
    request.Alias = "a b+中&c=d"
    request.DeleteDnsAutoRecord = False
    made = client.ApplyCertificate(request).CertificateId

    complete = models.CompleteCertificateRequest()
    complete.CertificateId = made
    client.CompleteCertificate(complete)
    wanted = models.DescribeCertificateRequest()
    wanted.CertificateId = made
    shown = client.DescribeCertificate(wanted)
    assert (shown.Status, shown.Alias) == (1, "a b+中&c=d")
    delete = models.DeleteCertificateRequest()
    delete.CertificateId = made
    assert code_of(client.DeleteCertificate, delete) == (
        "FailedOperation.CannotBeDeletedWithinHour")
    wanted.CertificateId = "nobodys1"
    assert code_of(client.DescribeCertificate, wanted) == "FailedOperation.CertificateNotFound"


@pytest.mark.parametrize("sign", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_nested_parameters_arrive_each_way(service, sign):
    for method in ("GET", "POST"):
        refused = code_of(common(service, method=method, sign=sign).call_json, "ApplyCertificate", {
            "DvAuthMethod": "DNS", "DomainName": "nested.test", "DeleteDnsAutoRecord": True,
            "Tags": [{"TagKey": "env", "TagValue": "dev", "Nope": "1"}]})
        assert refused == "UnknownParameter"


def test_a_body_need_not_be_signed_on_loopback_unless_refused(service, start, tmp_path):
    assert sdk(service, unsignedPayload=True).DescribeCertificates(
        models.DescribeCertificatesRequest()).TotalCount >= 0
    config = tmp_path / "config"
    config.write_text("allow_unsigned_payload: false")
    strict = start("--config", str(config))
    assert code_of(sdk(strict, unsignedPayload=True).DescribeCertificates,
                   models.DescribeCertificatesRequest()) == "AuthFailure.InvalidAuthorization"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unsigned_call_opens_nothing(service, method):
    assert code_of(common(service, method=method).call_json, "DescribeCertificates", {},
                   options={"SkipSign": True}) == "AuthFailure.InvalidAuthorization"


def test_the_sdk_sends_files_in_parts(service):
    client = common(service)
    # Each gets as far as the certificate, which is nobody's.
    for action, member in (("UploadConfirmLetter", "ConfirmLetter"),
                           ("UploadRevokeLetter", "RevokeLetter")):
        assert code_of(client.call_json, action, {"CertificateId": "abcd1234", member: LETTER},
                       options={"IsMultipart": True, "BinaryParams": [member]}) == (
            "FailedOperation.CertificateNotFound")
    answer = client.call_json("DescribeCertificates", {"SearchKey": "nothing 中", "Limit": "3"},
                              options={"IsMultipart": True})
    assert answer["Response"]["TotalCount"] == 0
    assert "TotalCount" in client.call_json(
        "DescribeCertificates", {}, options={"IsMultipart": True})["Response"]
    refused = code_of(client.call_json, "ApplyCertificate", {
        "DvAuthMethod": "DNS", "DomainName": "parts.test", "Tags": [{"Nope": "1"}]},
        options={"IsMultipart": True})
    assert refused == "UnknownParameter"


def test_the_sdk_sends_a_file_as_the_body(service):
    client = common(service)
    assert code_of(client.call_octet_stream, "UploadConfirmLetter",
                   {"X-SSL-CertificateId": "abcd1234"}, LETTER) == (
        "FailedOperation.CertificateNotFound")
    assert code_of(client.call_octet_stream, "UploadConfirmLetter", {}, LETTER) == (
        "MissingParameter")
    assert code_of(client.call_octet_stream, "DescribeCertificates", {}, LETTER) == (
        "InvalidParameter")


def test_a_damaged_multipart_body_is_an_invalid_request(service):
    caller = Caller(service)
    part = b'--b\r\nContent-Disposition: form-data; name="Limit"\r\n\r\n1\r\n'
    kind = "multipart/form-data; boundary=b"
    assert "TotalCount" in caller.raw("DescribeCertificates", part + b"--b--\r\n", content_type=kind)
    for body in (part, part + b"--b", part[:20], b"x" + part + b"--b--\r\n",
                 part.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n")
                 + b"--b--\r\n"):
        assert code(caller.raw("DescribeCertificates", body, content_type=kind)) == "InvalidRequest"
    assert code(caller.raw("DescribeCertificates", part + part + b"--b--\r\n",
                           content_type=kind)) == "InvalidParameter"


def test_very_many_parameters_are_refused_at_once(service):
    caller = Caller(service)
    body = "&".join(f"A.{i}=1" for i in range(100_000)).encode()
    answer = caller.raw("DescribeCertificates", body,
                        content_type="application/x-www-form-urlencoded")
    assert code(answer) == "InvalidParameter" and "10000" in answer["Error"]["Message"]


@pytest.mark.parametrize("kind, body", [
    ("APPLICATION/JSON", b'{"Limit": 3}'), ("application/Json; Charset=UTF-8", b'{"Limit": 3}'),
    ("Application/X-WWW-Form-URLencoded", b"Limit=3"),
    ("MULTIPART/Form-Data; BOUNDARY=b",
     b'--b\r\nContent-Disposition: form-data; name="Limit"\r\n\r\n3\r\n--b--\r\n')])
def test_content_types_have_no_case(service, kind, body):
    answer = Caller(service).raw("DescribeCertificates", body, content_type=kind)
    assert "TotalCount" in answer and len(answer["Certificates"] or []) <= 3


def test_a_key_may_ask_that_its_actions_are_signed(service):
    made = Caller(service).extension("CreateAccessKey", MustSignAction=True)
    caller = Caller(service, made["SecretId"], made["SecretKey"])
    refused = caller("DescribeCertificates")
    assert code(refused) == "AuthFailure.InvalidAuthorization"
    assert "x-tc-action" in refused["Error"]["Message"]
    assert "gRPC" in refused["Error"]["Message"] and "v1" in refused["Error"]["Message"]

    def signed(action, sent=None, body=b"{}"):
        return caller.send(body, caller.headers(
            action, body, signed=("content-type", "host", "x-tc-action"),
            extra={"x-tc-action": action}, more={"X-TC-Action": sent or action}))

    assert "TotalCount" in signed("DescribeCertificates")
    assert "TotalCount" in signed("describecertificates", sent="DescribeCertificates")
    assert code(signed("describecertificates", sent="describeCertificates")) == "InvalidAction"
    for sent in ("describeCertificates", "describecertificates", "DESCRIBECERTIFICATES"):
        assert code(signed("DescribeCertificates", sent=sent)) == "AuthFailure.SignatureFailure"
    assert code(signed("DescribeCertificates", sent="DeleteCertificate")) == (
        "AuthFailure.SignatureFailure")
    shown = {key["SecretId"]: key["MustSignAction"]
             for key in Caller(service).extension("DescribeAccessKeys")["AccessKeys"]}
    assert shown[made["SecretId"]] is True and shown[service.secret_id] is False

    Caller(service).extension("ModifyAccessKey", SecretId=made["SecretId"], MustSignAction=False)
    assert "TotalCount" in caller("DescribeCertificates")


def test_an_operator_may_ask_the_same_of_a_key(start):
    service = start()
    switch = run("key", "sign-action", service.secret_id, "on", "--data", service.data)
    assert switch.returncode == 0, switch.stderr
    assert code(Caller(service)("DescribeCertificates")) == "AuthFailure.InvalidAuthorization"
    listed = run("key", "list", "--data", service.data).stdout
    assert "signs its action" in listed
    # Our own commands always do.
    for transport in "http", "grpc":
        call = run("call", "DescribeCertificates", "--transport", transport, "--endpoint-env",
                   service.data / "endpoint.env")
        assert call.returncode == 0, call.stdout
    run("key", "sign-action", service.secret_id, "off", "--data", service.data, check=True)
    assert "TotalCount" in Caller(service)("DescribeCertificates")
    assert run("key", "sign-action", "AKIDnone", "--data", service.data).returncode == 1


def test_an_operator_may_refuse_exact_repetitions(start, tmp_path):
    config = tmp_path / "config"
    config.write_text("replay_entries: 100")
    caller = Caller(start("--config", str(config)))
    body = json.dumps({"DvAuthMethod": "DNS", "DomainName": "again.test"}).encode()
    headers = caller.headers("ApplyCertificate", body)
    assert "CertificateId" in caller.send(body, headers)
    assert code(caller.send(body, headers)) == "AuthFailure.SignatureFailure"
    reading = caller.headers("DescribeCertificates", b"{}")
    for _ in range(2):
        assert "TotalCount" in caller.send(b"{}", reading)


# certwright doctor


def captured(running, body=b'{"Limit": 1}', timestamp=None, **changes):
    timestamp = timestamp or int(time.time())
    host = changes.pop("host", running.http)
    sent = changes.pop("sent", {})
    values = authorization(running.secret_id, running.secret_key, host, body, timestamp, **changes)
    headers = {"Host": running.http, "Content-Type": "application/json",
               "X-TC-Action": "DescribeCertificates", "X-TC-Version": "2019-12-05",
               "X-TC-Timestamp": str(timestamp), "Authorization": values, **sent}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join(["POST / HTTP/1.1", *lines, "", ""]) + body.decode()


def examine(service, text, *flags, known=True, env=None):
    where = ("--data", service.data) if known else ()
    result = run("doctor", "-", *where, *flags, stdin=text, env=env)
    assert service.secret_key not in result.stdout + result.stderr
    return result


def test_the_doctor_finds_a_good_request_good(service):
    result = examine(service, captured(service))
    assert result.returncode == 0, result.stdout
    assert "WRONG" not in result.stdout
    assert "The server's string to sign" in result.stdout
    by_key = {"TENCENTCLOUD_SECRET_KEY": service.secret_key}
    assert examine(service, captured(service), known=False, env=by_key).returncode == 0
    verbose = "\n".join("> " + line for line in captured(service, b"").split("\r\n")[:-1])
    assert examine(service, "* Trying …\n" + verbose).returncode == 0


@pytest.mark.parametrize("changes, part, words", [
    ({"host": "ssl.tencentcloudapi.com"}, "host", "ssl.tencentcloudapi.com"),
    ({"content_type": "application/json; charset=utf-8"}, "content-type", "charset"),
    ({"date": "2020-01-01"}, "date", "UTC"),
    ({"service": "cvm"}, "scope", "cvm"),
    ({"method": "GET"}, "method", "GET"),
    ({"timestamp": 1767229261}, "clock", "behind"),
    ({"sent": {"X-TC-Timestamp": "soon"}}, "X-TC-Timestamp", "Unix seconds"),
    ({"sent": {"X-TC-Action": None}}, "X-TC-Action", "missing"),
    ({"sent": {"Content-Type": None}}, "headers", "content-type"),
    ({"sent": {"X-TC-Token": "token"}}, "token", "permanent"),
    ({"sent": {"Authorization": "SKIP"}}, "Authorization", "without a signature"),
    ({"sent": {"Authorization": None}}, "signature", "neither"),
])
def test_the_doctor_says_what_does_not_fit(service, changes, part, words):
    result = examine(service, captured(service, **changes))
    assert result.returncode == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("WRONG")]
    assert any(line.split()[1] == part and words in line for line in wrong), result.stdout


def test_the_doctor_knows_a_changed_body_and_a_foreign_key(service, start):
    text = captured(service)
    changed = examine(service, text.replace('"Limit": 1', '"Limit":1'))
    assert changed.returncode == 1 and "blanks behind" in changed.stdout
    other = examine(service, text.replace('"Limit": 1', '"Offset": 1'))
    assert other.returncode == 1 and "compare what is below" in other.stdout
    stranger = start()
    unknown = examine(stranger, text)
    assert unknown.returncode == 1 and "there is no key" in unknown.stdout


def wrong_lines(result):
    assert result.returncode == 1, result.stdout
    return [line for line in result.stdout.splitlines() if line.startswith("WRONG")]


def test_the_doctor_knows_hosts_that_are_taken_for_another(service):
    port, grpc_port = (address.split(":")[1] for address in (service.http, service.grpc))
    mine, local = f"127.0.0.1:{port}", f"localhost:{port}"
    for signed_as, arrived, advice in (
            (mine, local, "sign the Host header"), (local, mine, "sign the Host header"),
            ("localhost", mine, "sign the Host header"), (mine, "127.0.0.1", "listener for HTTP"),
            (f"[::1]:{port}", mine, "sign the Host header"),
            (f"127.0.0.1:{grpc_port}", mine, "listener for gRPC"),
            (f"localhost:{grpc_port}", mine, "listener for gRPC"),
            (f"certs.test:{grpc_port}", f"certs.test:{port}", "listener for gRPC")):
        [line] = wrong_lines(examine(service, captured(service, host=signed_as,
                                                       sent={"Host": arrived})))
        assert line.split()[1] == "host" and advice in line
        assert f"signed as `{signed_as}`" in line and f"`{arrived}` arrived" in line
    text = captured_grpc(service, sent={":authority": f"localhost:{grpc_port}"})
    [line] = wrong_lines(examine(service, text))
    assert "sign the :authority" in line and f"signed as `{service.grpc}`" in line
    text = captured_grpc(service, sent={":authority": service.http})
    assert "listener for gRPC" in wrong_lines(examine(service, text))[0]


def test_the_doctor_wants_the_whole_body(service, tmp_path):
    body = b'{"Limit": 1}'
    text = captured(service, body, sent={"Content-Length": str(len(body))})
    assert examine(service, text).returncode == 0
    assert examine(service, text + "\n").returncode == 0
    [none] = wrong_lines(examine(service, text[:-len(body)]))
    assert "announces 12 bytes, and 0 are there" in none and "--body-file" in none
    [cut] = wrong_lines(examine(service, text[:-3]))
    assert "announces 12 bytes, and 9 are there" in cut
    file = tmp_path / "body"
    file.write_bytes(body)
    assert examine(service, text[:-len(body)], "--body-file", file).returncode == 0
    file.write_bytes(body + b"\n")
    assert "13 are there" in wrong_lines(examine(service, text, "--body-file", file))[0]


def test_the_doctor_takes_no_chunks_for_a_body(service, tmp_path):
    body = b'{"Limit": 1}'
    text = captured(service, body, sent={"Transfer-Encoding": "chunked"})
    chunked = text[:-len(body)] + f"c\r\n{body.decode()}\r\n0\r\n\r\n"
    refused = examine(service, chunked)
    assert refused.returncode == 2 and "--body-file" in refused.stderr and not refused.stdout
    file = tmp_path / "body"
    file.write_bytes(body)
    assert examine(service, chunked, "--body-file", file).returncode == 0


def test_the_doctor_says_nothing_of_what_it_cannot_compare(service, start):
    text = captured(service, sent={"X-TC-Timestamp": None})
    [line] = wrong_lines(examine(service, text))
    assert line.split()[1] == "X-TC-Timestamp"
    unknown = examine(start(), captured(service))
    assert "there is no key" in unknown.stdout and "--data" not in unknown.stdout
    changed = examine(service, captured(service).replace('"Limit"', '"Offset"'))
    assert "changed on the way" in changed.stdout


def test_the_doctor_takes_a_described_request(service):
    timestamp = int(time.time())
    values = authorization(service.secret_id, service.secret_key, service.http, b"{}", timestamp)
    result = run("doctor", "--data", service.data, "-H", f"Host: {service.http}",
                 "-H", "Content-Type: application/json", "-H", "X-TC-Action: DescribeCertificates",
                 "-H", "X-TC-Version: 2019-12-05", "-H", f"X-TC-Timestamp: {timestamp}",
                 "-H", f"Authorization: {values}", "--body", "{}")
    assert result.returncode == 0, result.stdout
    url = run("doctor", "--data", service.data, "--target", f"http://{service.http}/",
              "-H", "Content-Type: application/json", "-H", "X-TC-Action: DescribeCertificates",
              "-H", "X-TC-Version: 2019-12-05", "-H", f"X-TC-Timestamp: {timestamp}",
              "-H", f"Authorization: {values}", "--body", "{}")
    assert url.returncode == 0, url.stdout
    assert run("doctor").returncode == 2
    assert run("doctor", "-", stdin="nonsense\n").returncode == 2


METHOD = "/certwright.ssl.v20191205.SslService/DescribeCertificates"
MESSAGE = b"\x10\n"  # Limit: 10
FRAMED = b"\0\0\0\0\2" + MESSAGE


def captured_grpc(running, body=FRAMED, first=None, path=METHOD, **changes):
    timestamp = int(time.time())
    values = authorization(changes.pop("secret_id", running.secret_id),
                           changes.pop("secret_key", running.secret_key), running.grpc,
                           changes.pop("signed_body", MESSAGE), timestamp,
                           content_type="application/grpc", path=changes.pop("signed_path", path))
    headers = {":method": "POST", ":scheme": "http", ":path": path, ":authority": running.grpc}
    if first:
        headers = {"Host": running.grpc}
    headers.update({"te": "trailers", "content-type": "application/grpc",
                    "user-agent": "grpc-go/1.57.0", "x-tc-timestamp": str(timestamp),
                    "authorization": values, **changes.pop("sent", {})})
    lines = [*([first] if first else []), *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]) + body.decode()


def test_the_doctor_finds_a_good_grpc_call_good(service):
    for text in (captured_grpc(service), captured_grpc(service, MESSAGE),
                 captured_grpc(service, FRAMED + b"\n"),
                 captured_grpc(service, b"\0\0\0\0\0", signed_body=b""),
                 captured_grpc(service, b"\n", signed_body=b""),
                 captured_grpc(service, first=f"POST {METHOD} HTTP/2"),
                 captured_grpc(service, sent={"x-tc-action": "DescribeCertificates",
                                              "x-tc-version": "2019-12-05"})):
        result = examine(service, text)
        assert result.returncode == 0 and "WRONG" not in result.stdout, result.stdout
        assert "it names DescribeCertificates of version 2019-12-05" in result.stdout


@pytest.mark.parametrize("changes, part, words", [
    ({"signed_path": "/"}, "path", "the full method is signed"),
    ({"signed_body": FRAMED}, "body", "frame"),
    ({"sent": {"x-tc-action": "DeleteCertificate"}}, "metadata", "x-tc-action"),
    ({"path": "/"}, "path", "is no method"),
    ({"sent": {"x-tc-timestamp": "soon"}}, "X-TC-Timestamp", "Unix seconds"),
    ({"sent": {":authority": "other.example"}}, "host", "service's listener for gRPC"),
])
def test_the_doctor_says_what_does_not_fit_in_a_grpc_call(service, changes, part, words):
    result = examine(service, captured_grpc(service, **changes))
    assert result.returncode == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("WRONG")]
    assert any(line.split()[1] == part and words in line for line in wrong), result.stdout


def test_the_doctor_reads_no_grpc_call_that_is_none(service):
    for body, sent, words in ((b"\1\0\0\0\2ab", {}, "compressed"), (b"\0\0\0\0\2a", {}, "2 bytes"),
                              (FRAMED, {":status": "200"}, ":status")):
        result = examine(service, captured_grpc(service, body, sent=sent))
        assert result.returncode == 2 and words in result.stderr


def test_the_doctor_takes_what_the_sign_command_prints(service):
    request = '{"Limit": 10}'
    printed = run("sign", "DescribeCertificates", request, "--endpoint-env",
                  service.data / "endpoint.env", check=True).stdout.splitlines()
    lines = [":authority: " + service.grpc, ":path: " + METHOD, "content-type: application/grpc",
             *printed]
    flags = [part for line in lines for part in ("-H", line)]
    result = run("doctor", "--data", service.data, *flags, "--body", MESSAGE.decode())
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_doctor_looks_at_the_maker_of_a_temporary_key(service):
    console = Caller(service)
    maker = console.extension("CreateAccessKey")
    made = Caller(service, maker["SecretId"], maker["SecretKey"]).extension(
        "CreateTemporaryAccessKey", DurationSeconds=60)
    text = captured_grpc(service, secret_id=made["SecretId"], secret_key=made["SecretKey"],
                         sent={"x-tc-token": made["Token"]})

    def told():
        result = examine(service, text)
        assert made["Token"] not in result.stdout and made["SecretKey"] not in result.stdout
        return result.returncode, result.stdout

    status, said = told()
    assert status == 0 and "it is that of this temporary key" in said
    console.extension("ModifyAccessKey", SecretId=maker["SecretId"], Status="Inactive")
    status, said = told()
    assert status == 1 and f"{maker['SecretId']}, is switched off" in said
    console.extension("DeleteAccessKey", SecretId=maker["SecretId"])
    status, said = told()
    assert status == 1 and f"{maker['SecretId']}, is deleted" in said
