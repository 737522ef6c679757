"""Renewals by CreateCertificateByPackage, as a user sees them. Short certificates may be renewed at
once: all of their time is their last thirty days."""

import base64
import io
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from signer import Caller, code

TRUST_ASIA_DV_MULTI = 1018584


@pytest.fixture
def caller(start, tmp_path):
    config = tmp_path / "config"
    config.write_text("validity_schedule { max_days: 20 }")
    return Caller(start("--config", str(config)))


def issued(caller, certificate):
    answer = caller("CompleteCertificate", CertificateId=certificate)
    assert "Error" not in answer, answer
    shown = caller("DescribeCertificate", CertificateId=certificate)
    assert shown["Status"] == 1, shown["StatusMsg"]
    return certificate


def free(caller, name):
    return issued(caller, caller("ApplyCertificate", DvAuthMethod="DNS",
                                 DomainName=name)["CertificateId"])


def renew(caller, older, name, **members):
    package = caller.extension("GrantPackage", Type="ssl_100", Points=10000)["PackageId"]
    return caller("CreateCertificateByPackage", ProductPid=TRUST_ASIA_DV_MULTI,
                  PackageIds=[package], DomainCount="2", Period=1, OldCertificateId=older,
                  DomainNames=f"{name},www.{name}", **members)


def hand_in(caller, certificate):
    return caller("CommitCertificateInformation", CertificateId=certificate, VerifyType="DNS")


def key_and_certificate(caller, certificate):
    content = base64.b64decode(
        caller("DownloadCertificate", CertificateId=certificate)["Content"])
    bundle = zipfile.ZipFile(io.BytesIO(content))

    def read(end):
        return bundle.read(next(name for name in bundle.namelist()
                                if name.startswith("Nginx/") and name.endswith(end)))
    key = serialization.load_pem_private_key(read(".key"), None)
    return (key.public_key().public_numbers(),
            x509.load_pem_x509_certificate(read("_bundle.crt")).public_key().public_numbers())


@pytest.mark.parametrize("method", ["original", "online", None])
def test_a_renewal_has_the_older_key_only_if_that_is_asked(caller, method):
    older = free(caller, "keys.test")
    chosen = {"RenewGenCsrMethod": method} if method else {}
    newer = renew(caller, older, "keys.test", **chosen)["CertificateId"]
    assert "Error" not in hand_in(caller, newer)
    issued(caller, newer)
    before, after = key_and_certificate(caller, older), key_and_certificate(caller, newer)
    assert before[0] == before[1] and after[0] == after[1]
    assert (before == after) == (method == "original")


def test_a_key_that_may_not_be_downloaded_is_not_by_its_renewal(caller):
    older = free(caller, "locked.test")
    caller.extension("ModifyCertificateDownloadLimit", CertificateId=older, AllowDownload=False)
    assert "Error" in caller("DownloadCertificate", CertificateId=older)
    newer = renew(caller, older, "locked.test", RenewGenCsrMethod="original")["CertificateId"]
    hand_in(caller, newer)
    issued(caller, newer)
    assert code(caller("DownloadCertificate", CertificateId=newer)) == (
        code(caller("DownloadCertificate", CertificateId=older)))


def test_a_key_stays_in_its_project(caller):
    project = caller.extension("CreateProject", ProjectName="Web")["ProjectId"]
    older = free(caller, "project.test")
    caller("ModifyCertificateProject", CertificateIdList=[older], ProjectId=project)
    refused = renew(caller, older, "project.test", RenewGenCsrMethod="original", ProjectId=0)
    assert code(refused) == "FailedOperation" and str(project) in refused["Error"]["Message"]
    newer = renew(caller, older, "project.test", RenewGenCsrMethod="original")["CertificateId"]
    shown = caller("DescribeCertificate", CertificateId=newer)
    assert shown["ProjectId"] == str(project)


def test_original_is_for_the_same_main_domain(caller):
    older = free(caller, "one.test")
    refused = renew(caller, older, "other.test", RenewGenCsrMethod="original")
    assert code(refused) == "FailedOperation"
    assert "RenewGenCsrMethod" in refused["Error"]["Message"]
    assert caller.extension("DescribeAccountBalance")["Points"] == 10000
