"""CSR records through the official SDK, checked by openssl and by another library."""

import json
import subprocess

import pytest
from conftest import run
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from signer import Caller, code
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import ssl_client

SUBJECT = {
    "Domain": "www.example.com", "Organization": "测试 & Co", "Department": "Ops",
    "Email": "ops@example.com", "Province": "Guangdong", "City": "Shenzhen", "Country": "CN",
}
ECC = {"EncryptAlgo": "ECC", "KeyParameter": "prime256v1"}


@pytest.fixture(scope="module")
def call(service):
    """The mainland SDK has no models of these actions; its client takes any."""
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=service.http))
    client = ssl_client.SslClient(
        credential.Credential(service.secret_id, service.secret_key), "", profile)
    return lambda action, **members: client.call_json(action, members)["Response"]


def refused(call, action, **members):
    with pytest.raises(TencentCloudSDKException) as error:
        call(action, **members)
    return error.value.get_code()


def check_with_openssl(csr):
    done = subprocess.run(["openssl", "req", "-verify", "-noout"], input=csr, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "verify OK" in done.stdout + done.stderr


@pytest.mark.parametrize("algorithm, parameter, kind, bits", [
    ("RSA", "2048", rsa.RSAPrivateKey, 2048),
    ("RSA", "4096", rsa.RSAPrivateKey, 4096),
    ("ECC", "prime256v1", ec.EllipticCurvePrivateKey, 256),
])
@pytest.mark.parametrize("password", [None, "pass word-1"])
def test_a_generated_request_holds_its_subject_and_key(call, algorithm, parameter, kind, bits,
                                                       password):
    members = {"KeyPassword": password} if password else {}
    made = call("CreateCSR", **SUBJECT, EncryptAlgo=algorithm, KeyParameter=parameter,
                Generate=True, **members)

    shown = call("DescribeCSR", CSRId=made["Id"])

    assert shown["Status"] == 1
    assert shown["KeyPassword"] is None
    assert {name: shown[name] for name in SUBJECT} == SUBJECT
    check_with_openssl(shown["CSR"])
    request = x509.load_pem_x509_csr(shown["CSR"].encode())
    assert request.is_signature_valid
    found = {attribute.oid: attribute.value for attribute in request.subject}
    assert found == {
        NameOID.COMMON_NAME: SUBJECT["Domain"],
        NameOID.ORGANIZATION_NAME: SUBJECT["Organization"],
        NameOID.ORGANIZATIONAL_UNIT_NAME: SUBJECT["Department"],
        NameOID.EMAIL_ADDRESS: SUBJECT["Email"],
        NameOID.STATE_OR_PROVINCE_NAME: SUBJECT["Province"],
        NameOID.LOCALITY_NAME: SUBJECT["City"],
        NameOID.COUNTRY_NAME: SUBJECT["Country"],
    }
    key = serialization.load_pem_private_key(
        shown["PrivateKey"].encode(), password.encode() if password else None)
    assert isinstance(key, kind) and key.key_size == bits
    assert key.public_key() == request.public_key()
    assert ("ENCRYPTED" in shown["PrivateKey"]) == bool(password)


def test_a_draft_is_edited_until_it_is_generated(call):
    draft = call("CreateCSR", **SUBJECT, **ECC, Generate=False, Remark="first",
                 Tags=[{"TagKey": "env", "TagValue": "dev"}])["Id"]
    shown = call("DescribeCSR", CSRId=draft)
    assert (shown["Status"], shown["CSR"], shown["PrivateKey"]) == (0, None, None)
    assert shown["Remarks"] == "first"

    assert call("ModifyCSR", CSRId=draft, Generate=False, Domain="*.example.org",
                Remark="second")["Id"] == draft
    assert call("ModifyCSR", CSRId=draft, Generate=True, City="Beijing")["Id"] == draft

    shown = call("DescribeCSR", CSRId=draft)
    assert (shown["Status"], shown["Remarks"], shown["City"]) == (1, "second", "Beijing")
    request = x509.load_pem_x509_csr(shown["CSR"].encode())
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["*.example.org"]
    for generate in (False, True):
        assert (refused(call, "ModifyCSR", CSRId=draft, Generate=generate)
                == "InvalidParameter.WithDetailReason")
    assert call("DescribeCSR", CSRId=draft)["CSR"] == shown["CSR"]


def test_lists_and_deletions(call):
    ids = [call("CreateCSR", **{**SUBJECT, "Domain": f"n{i}.list.test"}, **ECC,
                Generate=False)["Id"] for i in range(12)]
    listed = call("DescribeCSRSet", Domain="list.test")
    assert listed["Total"] == 12
    assert [row["Id"] for row in listed["Set"]] == ids[:1:-1]
    rest = call("DescribeCSRSet", Domain="list.test", Offset=10, EncryptAlgo="ECC")
    assert [row["Id"] for row in rest["Set"]] == ids[1::-1]
    assert call("DescribeCSRSet", Domain="list.test", EncryptAlgo="RSA")["Set"] == []

    assert call("BatchDeleteCSR", CSRIds=[ids[3], 10**15, ids[0]])["Success"] == [ids[3], ids[0]]

    assert refused(call, "BatchDeleteCSR", CSRIds=[ids[0]]) == "InvalidParameter.InvalidCSRId"
    assert refused(call, "DescribeCSR", CSRId=ids[0]) == "InvalidParameter.InvalidCSRId"
    assert (refused(call, "BatchDeleteCSR", CSRIds=list(range(1, 102)))
            == "InvalidParameter.WithDetailReason")
    assert call("DescribeCSRSet", Domain="list.test")["Total"] == 10


def test_other_accounts_know_nothing_of_a_record(service, call):
    uin = run("account", "create", "--data", service.data, "--name", "other", check=True).stdout
    uin = "".join(character for character in uin if character.isdigit())[:12]
    key = run("key", "create", "--data", service.data, "--account", uin, check=True).stdout
    words = key.replace("=", " ").split()
    secret_id = next(word for word in words if word.startswith("AKID"))
    secret_key = words[-1]
    other = Caller(service, secret_id, secret_key)
    mine = call("CreateCSR", **SUBJECT, **ECC, Generate=True)["Id"]

    assert other("DescribeCSRSet")["Total"] == 0
    for action, members in (("DescribeCSR", {"CSRId": mine}),
                            ("ModifyCSR", {"CSRId": mine, "Generate": False}),
                            ("BatchDeleteCSR", {"CSRIds": [mine]})):
        assert code(other(action, **members)) == "InvalidParameter.InvalidCSRId"
    assert call("DescribeCSR", CSRId=mine)["Status"] == 1


def test_passwords_and_keys_stand_in_no_file_and_survive_a_restart(start):
    service = start()
    caller = Caller(service)
    made = caller("CreateCSR", **SUBJECT, **ECC, Generate=True)["Id"]
    draft = caller("CreateCSR", **SUBJECT, **ECC, Generate=False, KeyPassword="hidden-word")["Id"]
    before = caller("DescribeCSR", CSRId=made)
    service.close()
    body = "".join(before["PrivateKey"].splitlines()[1:3])
    for file in service.data.iterdir():
        if file.is_file():
            stored = file.read_bytes()
            assert b"hidden-word" not in stored
            assert b"PRIVATE KEY" not in stored or "ca" in file.name
            assert body.encode() not in stored

    again = start()
    caller = Caller(again)
    after = caller("DescribeCSR", CSRId=made)
    before.pop("RequestId"), after.pop("RequestId")
    assert after == before
    caller("ModifyCSR", CSRId=draft, Generate=True)
    serialization.load_pem_private_key(
        caller("DescribeCSR", CSRId=draft)["PrivateKey"].encode(), b"hidden-word")


def test_missing_and_wrong_members(service):
    caller = Caller(service)
    whole = {**SUBJECT, **ECC, "Generate": False}
    for member in whole:
        answer = caller("CreateCSR", **{k: v for k, v in whole.items() if k != member})
        assert code(answer) == "MissingParameter", json.dumps(answer)
        assert f"`{member}`" in answer["Error"]["Message"]
    for wrong in ({"EncryptAlgo": "DSA"}, {"KeyParameter": "1024"}, {"KeyParameter": "2048"},
                  {"Country": "China"}, {"Email": "nobody"}, {"Domain": "not a domain"},
                  {"KeyPassword": "short"}, {"Organization": ""}):
        assert code(caller("CreateCSR", **{**whole, **wrong})) == "FailedOperation.InvalidParam"
    assert code(caller("CreateCSR", **whole, CSRId=1)) == "UnknownParameter"
