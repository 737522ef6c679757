"""Reissues and revocations, as a user sees them: reserved names, which prove themselves."""

import base64
import io
import time
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from signer import Caller, code


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def issue(caller, name):
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName=name)
    identity = {"CertificateId": applied["CertificateId"]}
    assert "Error" not in caller("CompleteCertificate", **identity)
    return identity


def wait_for(caller, identity, status):
    for _ in range(300):
        shown = caller("DescribeCertificate", **identity)
        if shown["Status"] == status:
            return shown
        time.sleep(0.1)
    raise AssertionError(f"{shown['Status']} is not {status}")


def leaf(caller, identity):
    content = base64.b64decode(caller("DownloadCertificate", **identity)["Content"])
    bundle = zipfile.ZipFile(io.BytesIO(content))
    name = next(entry for entry in bundle.namelist() if entry.endswith("_bundle.crt")
                and entry.startswith("Nginx/"))
    return x509.load_pem_x509_certificate(bundle.read(name)), bundle.namelist()


def test_a_reissue_has_a_new_id_and_the_old_end(caller):
    original = issue(caller, "again.reissue.test")

    answer = caller("ReplaceCertificate", ValidType="DNS", CsrType="Original", **original)

    reissue = {"CertificateId": answer["CertificateId"]}
    shown = wait_for(caller, reissue, 1)
    assert shown["CertificateExtra"]["ReplacedBy"] == original["CertificateId"]
    old = caller("DescribeCertificate", **original)
    assert old["Status"] == 1
    assert old["CertificateExtra"]["ReplacedFor"] == reissue["CertificateId"]
    assert shown["CertEndTime"] == old["CertEndTime"]
    first, second = leaf(caller, original)[0], leaf(caller, reissue)[0]
    assert first.serial_number != second.serial_number
    assert first.public_key().public_numbers() == second.public_key().public_numbers()
    again = caller("ReplaceCertificate", ValidType="DNS", **original)
    assert code(again) == "FailedOperation.OrderAlreadyReplaced"


def test_a_reissue_takes_the_callers_request(caller):
    original = issue(caller, "own.upload.test")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "own.upload.test")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = request.public_bytes(serialization.Encoding.PEM).decode()

    answer = caller("ReplaceCertificate", ValidType="DNS", CsrType="upload", CsrContent=pem,
                    **original)

    reissue = {"CertificateId": answer["CertificateId"]}
    wait_for(caller, reissue, 1)
    certificate, entries = leaf(caller, reissue)
    assert certificate.public_key().public_numbers() == key.public_key().public_numbers()
    assert not [entry for entry in entries if entry.endswith(".key")]


def test_a_proven_revocation_ends_the_certificate_and_its_reissue(caller):
    original = issue(caller, "gone.revoke.test")
    answer = caller("ReplaceCertificate", ValidType="DNS", **original)
    reissue = {"CertificateId": answer["CertificateId"]}
    wait_for(caller, reissue, 1)
    assert code(caller("RevokeCertificate", **reissue)) == "FailedOperation.RevokeFailed"

    asked = caller("RevokeCertificate", Reason="lost", **original)

    shown = asked["RevokeDomainValidateAuths"]
    assert [item["DomainValidateAuthDomain"] for item in shown] == ["gone.revoke.test"]
    assert shown[0]["DomainValidateAuthKey"] == "fileauth.txt"
    detail = caller("DescribeCertificateDetail", **original)
    assert (detail["Status"], len(detail["DvRevokeAuthDetail"])) == (9, 1)
    assert code(caller("DownloadCertificate", **original)) == (
        "FailedOperation.InvalidCertificateStatusCode")
    assert "Error" not in caller("CompleteCertificate", **original)
    for identity in (original, reissue):
        assert caller("DescribeCertificate", **identity)["Status"] == 10
    row = caller("DescribeCertificates", SearchKey=original["CertificateId"])["Certificates"][0]
    assert row["CertRevokedTime"]
    letter = base64.b64encode(b"%PDF-1.7" + bytes(2000)).decode()
    assert code(caller("UploadRevokeLetter", RevokeLetter=letter, **original)) == (
        "FailedOperation.UploadConfirmCertificateNotSupportDV")


def test_the_job_revokes_without_a_caller(caller):
    original = issue(caller, "job.revoked.test")
    assert "Error" not in caller("RevokeCertificate", **original)
    wait_for(caller, original, 10)
    log = caller("DescribeCertificateOperateLogs")["OperateLogs"]
    types = [row["Type"] for row in log if row["CertId"] == original["CertificateId"]]
    assert types[:2] == ["revoked", "revoke"]
