"""HTTP as scripts speak it, and everything that is wrong with a request."""

import json
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from signer import Caller, authorization, code

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def test_every_answer_has_a_fresh_request_id(caller):
    answers = [caller("DescribeCertificates"), caller("DescribeCertificates", Nope=1)]
    ids = {answer["RequestId"] for answer in answers}
    assert len(ids) == 2
    assert all(UUID.match(one) for one in ids)


def test_get_and_form_carry_the_same_call(caller):
    query = "Limit=1&Offset=0&SearchKey=a+b%2B%E4%B8%AD&CertificateStatus.0=0"
    kind = "application/x-www-form-urlencoded"
    headers = caller.headers("DescribeCertificates", b"", method="GET", query=query,
                             content_type=kind)
    got = caller.send(None, headers, method="GET", path="/?" + query)
    assert got["TotalCount"] == 0
    posted = caller.raw("DescribeCertificates", query.encode(), content_type=kind)
    assert posted["TotalCount"] == 0


def test_the_host_may_be_signed_without_its_port(caller):
    body = b"{}"
    now = int(time.time())
    headers = caller.headers("DescribeCertificates", body)
    headers["X-TC-Timestamp"] = str(now)
    headers["Authorization"] = authorization(
        caller.secret_id, caller.secret_key, "127.0.0.1", body, now, service="127")
    assert "TotalCount" in caller.send(body, headers)


@pytest.mark.parametrize("offset, expected", [
    (-290, ""), (290, ""), (-310, "AuthFailure.SignatureExpire"),
    (310, "AuthFailure.SignatureExpire")])
def test_the_clock_may_be_five_minutes_off(caller, offset, expected):
    assert code(caller.raw("DescribeCertificates", b"{}", offset=offset)) == expected


@pytest.mark.parametrize("change, expected", [
    ({"Authorization": "SKIP"}, "AuthFailure.InvalidAuthorization"),
    ({"Authorization": "Basic abc"}, "AuthFailure.InvalidAuthorization"),
    ({"Authorization": None}, "MissingParameter"),
    ({"X-TC-Action": None}, "MissingParameter"),
    ({"X-TC-Version": None}, "MissingParameter"),
    ({"X-TC-Timestamp": None}, "MissingParameter"),
    ({"X-TC-Version": "2018-01-01"}, "NoSuchVersion"),
    ({"X-TC-Action": "NoSuchAction"}, "InvalidAction"),
    ({"X-TC-Action": "HostCertificate"}, "ActionOffline"),
    ({"X-TC-Token": "token"}, "AuthFailure.TokenFailure"),
    ({"X-TC-Region": "Nowhere!"}, "InvalidParameterValue"),
    ({"X-TC-Action": "ReplaceCertificate"}, "MissingParameter"),
])
def test_wrong_headers(caller, change, expected):
    answer = caller.raw("DescribeCertificates", b"{}", more=change)
    assert code(answer) == expected
    assert UUID.match(answer["RequestId"])


@pytest.mark.parametrize("signing, expected", [
    ({"date": "2020-01-01"}, "AuthFailure.InvalidAuthorization"),
    ({"service": "cvm"}, "AuthFailure.InvalidAuthorization"),
    ({"signed": ("content-type",)}, "AuthFailure.InvalidAuthorization"),
    ({"payload_hash": "0" * 64}, "AuthFailure.SignatureFailure"),
    ({"method": "GET"}, "AuthFailure.SignatureFailure"),
])
def test_wrong_signatures(caller, signing, expected):
    assert code(caller.raw("DescribeCertificates", b"{}", **signing)) == expected


def test_wrong_keys(service):
    wrong_secret = Caller(service, secret_key="x" * 32)
    assert code(wrong_secret("DescribeCertificates")) == "AuthFailure.SignatureFailure"
    unknown = Caller(service, secret_id="AKID" + "z" * 32)
    assert code(unknown("DescribeCertificates")) == "AuthFailure.SecretIdNotFound"
    odd = Caller(service, secret_id="me")
    assert code(odd("DescribeCertificates")) == "AuthFailure.InvalidSecretId"


@pytest.mark.parametrize("body, expected, word", [
    (b"{", "InvalidParameter", "JSON"),
    (b"[]", "InvalidParameter", "object"),
    (b'{"Limit":1,"Limit":2}', "InvalidParameter", "Limit"),
    (b'{"Limit":-1}', "InvalidParameter", "Limit"),
    (b'{"Limit":1.5}', "InvalidParameter", "Limit"),
    (b'{"Limit":99999999999999999999}', "InvalidParameter", "Limit"),
    (b'{"SearchKey":1}', "InvalidParameter", "`string`"),
    (b'{"SearchKey":"\xff"}', "InvalidParameter", "JSON"),
    (b'{"Nope":1}', "UnknownParameter", "Nope"),
    (b'{"Tags":[{"TagKey":"a","Nope":1}]}', "UnknownParameter", "Tags.0.Nope"),
    (b'{"Tags":' + b"[" * 50000 + b"]" * 50000 + b"}", "InvalidParameter", "Tags"),
    (b'{"ExpirationSort":"UP"}', "InvalidParameterValue", "ExpirationSort"),
    (b'{"Offset":99999999999999}', "InvalidParameterValue", "Offset"),
])
def test_wrong_bodies(caller, body, expected, word):
    answer = caller.raw("DescribeCertificates", body)
    assert code(answer) == expected
    assert word in answer["Error"]["Message"]


def test_missing_members_and_unknown_ids(caller):
    missing = caller("ApplyCertificate", DomainName="a.test")
    assert code(missing) == "MissingParameter"
    assert "DvAuthMethod" in missing["Error"]["Message"]
    for action in ("DescribeCertificate", "DescribeCertificateDetail", "DownloadCertificate",
                   "DeleteCertificate", "ModifyCertificateAlias", "CancelCertificateOrder"):
        answer = caller(action, CertificateId="nosuchid")
        assert code(answer) == "FailedOperation.CertificateNotFound", action


@pytest.mark.parametrize("domain, expected", [
    ("a" * 61 + ".test", "InvalidParameterValue.CertificateDomainMaxLengthInvalid"),
    ("", "FailedOperation.InvalidParam"),
    ("*.a.test", "FailedOperation.InvalidParam"),
    ("127.0.0.1", "FailedOperation.InvalidParam"),
    ("::1", "FailedOperation.InvalidParam"),
    ("a..test", "FailedOperation.InvalidParam"),
    ("-a.test", "FailedOperation.InvalidParam"),
    ("a_b.test", "FailedOperation.InvalidParam"),
    ("example.com.", "FailedOperation.InvalidParam"),
    ("co.uk", "FailedOperation.InvalidParam"),
    ("a.ru", "FailedOperation.InvalidParam"),
    ("例子.test", "FailedOperation.InvalidParam"),
])
def test_wrong_domains(caller, domain, expected):
    answer = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName=domain)
    assert code(answer) == expected
    assert "DomainName" in answer["Error"]["Message"]


@pytest.mark.parametrize("members, expected", [
    ({"DvAuthMethod": "MAIL"}, "InvalidParameterValue"),
    ({"DvAuthMethod": "DNS_AUTO"}, "FailedOperation.InvalidParam"),
    ({"PackageType": "2"}, "FailedOperation.InvalidParam"),
    ({"ValidityPeriod": "12"}, "FailedOperation.InvalidParam"),
    ({"CsrEncryptAlgo": "ECC"}, "FailedOperation.InvalidParam"),
    ({"CsrEncryptAlgo": "DSA"}, "FailedOperation.InvalidParam"),
    ({"CsrKeyParameter": "4096"}, "FailedOperation.InvalidParam"),
    ({"CsrKeyPassword": "short"}, "FailedOperation.InvalidParam"),
    ({"ContactEmail": "nobody"}, "InvalidParameterValue.CertificateEmailParseInvalid"),
    ({"PackageId": "p"}, "FailedOperation.PackageNotFound"),
    ({"OldCertificateId": "nosuchid"}, "FailedOperation.CertificateNotFound"),
    ({"DnsNames": ["b.test"]}, "FailedOperation.InvalidParam"),
    ({"Alias": "x" * 201}, "InvalidParameter"),
])
def test_wrong_applications(caller, members, expected):
    members = {"DvAuthMethod": "DNS", "DomainName": "refused.test", **members}
    answer = caller("ApplyCertificate", **members)
    assert code(answer) == expected
    assert "short" not in answer["Error"]["Message"]
    assert caller("DescribeCertificates", SearchKey="refused.test")["TotalCount"] == 0


def test_unbuilt_actions_say_so(caller):
    assert code(caller("RevokeCertificate", CertificateId="nosuchid")) == "UnsupportedOperation"


def test_other_methods_and_paths(service, caller):
    for method in ("PUT", "DELETE"):
        answer = caller.send(b"{}", caller.headers("DescribeCertificates", b"{}"), method=method)
        assert code(answer) == "UnsupportedProtocol"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://{service.http}/nothing", timeout=10)
    assert refused.value.code == 404
    assert urllib.request.urlopen(f"http://{service.http}/healthz", timeout=10).status == 200


def connect(service):
    host, port = service.http.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=30)


def wire(headers, body, method="POST", extra=""):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def read_answer(stream):
    length = 0
    while (line := stream.readline().strip()):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(stream.read(length))["Response"]


def test_pipelined_requests_are_answered_in_order(service, caller):
    ids = [f"nosuch{n:02}" for n in range(10)]
    requests = b""
    for one in ids:
        body = json.dumps({"CertificateId": one}).encode()
        requests += wire(caller.headers("DescribeCertificate", body), body)
    with connect(service) as connection:
        connection.sendall(requests)
        stream = connection.makefile("rb")
        for one in ids:
            assert one in read_answer(stream)["Error"]["Message"]


@pytest.mark.parametrize("name, value, expected", [
    ("X-TC-Action", "DeleteCertificate", "InvalidParameter"),
    ("X-TC-Timestamp", "1", "InvalidParameter"),
    ("X-TC-Language", "en-US", "InvalidParameter"),
    ("Authorization", "TC3-HMAC-SHA256 x", "AuthFailure.InvalidAuthorization"),
    ("Content-Type", "text/plain", "InvalidParameter")])
def test_a_header_that_matters_may_stand_once(service, caller, name, value, expected):
    headers = caller.headers("DescribeCertificates", b"{}", more={"X-TC-Language": "zh-CN"})
    with connect(service) as connection:
        connection.sendall(wire(headers, b"{}", extra=f"{name}: {value}\r\n"))
        stream = connection.makefile("rb")
        assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
        refused = read_answer(stream)
    assert code(refused) == expected
    assert name.lower() in refused["Error"]["Message"].lower()
    assert "more than once" in refused["Error"]["Message"]


def test_a_second_host_is_no_http_and_ends_the_connection(service, caller):
    with connect(service) as connection:
        request = wire(caller.headers("DescribeCertificates", b"{}"), b"{}", extra="Host: other\r\n")
        connection.sendall(request)
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert b"TotalCount" not in answer


def test_a_body_over_the_limit_is_refused_before_it_is_read(service, caller):
    headers = caller.headers("UploadCertificate", b"")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with connect(service) as connection:
        connection.sendall(
            f"POST / HTTP/1.1\r\n{lines}Content-Length: {10 * 1024 * 1024 + 1}\r\n\r\n".encode())
        answer = read_answer(connection.makefile("rb"))
    assert code(answer) == "RequestSizeLimitExceeded"


def test_a_query_over_the_limit_is_refused(caller):
    query = "SearchKey=" + "a" * 32 * 1024
    headers = caller.headers("DescribeCertificates", b"", method="GET", query=query,
                             content_type="application/x-www-form-urlencoded")
    answer = caller.send(None, headers, method="GET", path="/?" + query)
    assert code(answer) == "RequestSizeLimitExceeded"


def ends_by_itself(service, first_bytes, drip, results, name):
    """Sends slowly until the service ends the connection; notes after how many seconds."""
    started = time.monotonic()
    with connect(service) as connection:
        connection.sendall(first_bytes)
        connection.settimeout(0.5)
        while time.monotonic() - started < 25:
            try:
                connection.sendall(drip)
                if connection.recv(4096) == b"":
                    break
            except socket.timeout:
                continue
            except OSError:
                break
        results[name] = time.monotonic() - started


def test_slow_senders_are_cut_off(service, caller):
    """The one thing here that waits: the documented ten seconds, for all senders at once."""
    body = wire(caller.headers("DescribeCertificates", b"x" * 1000000), b"")
    body = body.replace(b"Content-Length: 0", b"Content-Length: 1000000")
    results = {}
    threads = [
        threading.Thread(target=ends_by_itself,
                         args=(service, b"POST / HTTP/1.1\r\nX-Slow: ", b"a", results, "headers")),
        threading.Thread(target=ends_by_itself, args=(service, body, b"a", results, "body")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 < results["headers"] < 20
    assert 8 < results["body"] < 24
    assert "TotalCount" in caller("DescribeCertificates")
