"""Lists, uploads, deletions, cancellations and the operate log, as a user sees them."""

import datetime
import pathlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from signer import Caller, code

NOW = datetime.datetime.now(datetime.timezone.utc)


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


class Issued:
    """A certificate with its key, for uploads."""

    def __init__(self, name, issuer=None, is_ca=False, days=90):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        by = issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name).issuer_name(by.name).public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=100))
            .not_valid_after(NOW + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if not is_ca:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        self.certificate = builder.sign(by.key, hashes.SHA256())

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self):
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()).decode()


@pytest.fixture(scope="module")
def chain():
    root = Issued("Upload Root", is_ca=True)
    middle = Issued("Upload CA", issuer=root, is_ca=True)
    return root, middle, Issued("up.example.com", issuer=middle)


def upload(caller, public, key="", **members):
    if key:
        members["CertificatePrivateKey"] = key
    return caller("UploadCertificate", CertificatePublicKey=public, **members)


def test_an_upload_is_there_at_once(caller, chain):
    _, middle, leaf = chain
    text = "\n " + leaf.pem + middle.pem.rstrip("\n")

    answer = upload(caller, text, leaf.key_pem, Alias="mine",
                    Tags=[{"TagKey": "env", "TagValue": "dev"}])

    assert answer["RepeatCertId"] == ""
    detail = caller("DescribeCertificateDetail", CertificateId=answer["CertificateId"])
    assert detail["Status"] == 1
    assert detail["CertificatePublicKey"] == text
    assert detail["From"] == "upload"
    assert detail["PackageType"] is None
    assert detail["OrderId"] is None
    assert detail["Domain"] == "up.example.com"
    assert detail["Alias"] == "mine"
    assert detail["CertificatePrivateKey"].startswith("-----BEGIN EC PRIVATE KEY-----")
    assert detail["Tags"] == [{"TagKey": "env", "TagValue": "dev"}]
    assert len(detail["CertChainInfo"]) == 2


def test_a_repeated_upload_gives_the_old_id(caller, chain):
    _, middle, leaf = chain
    first = upload(caller, leaf.pem + middle.pem, leaf.key_pem)["CertificateId"]
    again = upload(caller, leaf.pem, leaf.key_pem, Repeatable=False)
    assert again["CertificateId"] == again["RepeatCertId"] == first
    other = upload(caller, leaf.pem, leaf.key_pem, Repeatable=True)
    assert other["CertificateId"] != first


def test_a_ca_certificate_is_uploaded_without_key(caller, chain):
    root, middle, leaf = chain
    answer = upload(caller, middle.pem + root.pem, CertificateType="CA")
    shown = caller("DescribeCertificate", CertificateId=answer["CertificateId"])
    assert shown["CACommonNames"] == ["Upload CA", "Upload Root"]
    assert shown["Deployable"] is False
    refused = upload(caller, leaf.pem, CertificateType="CA")
    assert code(refused) == "FailedOperation.CertificateCaError"


def test_uploads_that_do_not_fit_are_refused(caller, chain):
    root, middle, leaf = chain
    before = caller("DescribeCertificates")["TotalCount"]
    expired = Issued("old.example.com", days=-1)
    stranger = Issued("stranger.example.com")
    glued = leaf.pem.replace("CERTIFICATE-----\n", "CERTIFICATE-----", 1)
    for public, key, expected in (
        ("garbage", leaf.key_pem, "FailedOperation.CertificateParseError"),
        (glued, leaf.key_pem, "FailedOperation.CertificateParseError"),
        (leaf.pem[:-40], leaf.key_pem, "FailedOperation.CertificateParseError"),
        (leaf.pem, "", "InvalidParameter.MissMatchPrivateKey"),
        (leaf.pem, "garbage", "FailedOperation.InvalidParam"),
        (leaf.pem, stranger.key_pem, "FailedOperation.CertificateMatchError"),
        (middle.pem + leaf.pem, leaf.key_pem, "FailedOperation.CertificateMatchError"),
        (leaf.pem + root.pem + middle.pem, leaf.key_pem, "FailedOperation.CertificateChainError"),
        (leaf.pem + root.pem, leaf.key_pem, "FailedOperation.CertificateChainError"),
        (expired.pem, expired.key_pem, "FailedOperation.CertificateInvalid"),
    ):
        answer = upload(caller, public, key)
        assert code(answer) == expected, answer
        assert "PRIVATE" not in answer["Error"]["Message"]
    assert caller("DescribeCertificates")["TotalCount"] == before


def test_lists_filter_sort_and_page(caller):
    ids = []
    for name in ("one", "two", "three"):
        applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName=f"{name}.list.test",
                         Alias=f"alias-{name}%")
        ids.append(applied["CertificateId"])
    caller("CompleteCertificate", CertificateId=ids[1])

    def listed(**members):
        answer = caller("DescribeCertificates", SearchKey="list.test", **members)
        return answer["TotalCount"], [row["CertificateId"] for row in answer["Certificates"]]

    assert listed() == (3, ids[::-1])
    assert listed(Limit=1, Offset=1) == (3, [ids[1]])
    assert listed(Limit=5000) == (3, ids[::-1])
    assert listed(CertificateStatus=[1]) == (1, [ids[1]])
    assert listed(CertificateStatus=[0, 1], ExpirationSort="ASC")[1][0] == ids[1]
    assert listed(Deployable=1) == (1, [ids[1]])
    assert listed(Deployable=0)[0] == 2
    assert listed(Upload=1) == (0, [])
    assert listed(FilterSource="buy")[0] == 3
    assert listed(FilterSource="upload")[0] == 0
    assert listed(IsPendingIssue=1)[0] == 2
    assert listed(FilterExpiring=1)[0] == 0
    assert listed(Renew=1)[0] == 0
    assert listed(IsSM=0)[0] == 3
    assert listed(IsSM=1)[0] == 0
    assert listed(CertificateType="CA")[0] == 0
    assert listed(ProjectId=7)[0] == 0
    assert listed(CertIds=[ids[0]]) == (1, [ids[0]])
    assert listed(ServiceId="s")[0] == 0
    assert listed(Tags=[{"TagKey": "env", "TagValue": "dev"}])[0] == 0
    by_alias = caller("DescribeCertificates", SearchKey="alias-two%")
    assert [row["CertificateId"] for row in by_alias["Certificates"]] == [ids[1]]
    assert caller("DescribeCertificates", SearchKey="%")["TotalCount"] >= 3
    by_tag = caller("DescribeCertificates", Tags=[{"TagKey": "env", "TagValue": "dev"}])
    assert by_tag["TotalCount"] == 1


def test_status_names_follow_the_language(caller):
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="language.test")
    body = ('{"CertificateId":"%s"}' % applied["CertificateId"]).encode()
    assert caller.raw("DescribeCertificate", body)["StatusName"] == "审核中"
    english = caller.raw("DescribeCertificate", body, more={"X-TC-Language": "en-US"})
    assert english["StatusName"] == "Reviewing"


def test_orders_are_cancelled_once(caller):
    for action, answer_member in (("CancelCertificateOrder", "CertificateId"),
                                  ("CancelAuditCertificate", "Result")):
        applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="cancel.test")
        identity = {"CertificateId": applied["CertificateId"]}
        assert caller(action, **identity)[answer_member]
        assert caller("DescribeCertificate", **identity)["Status"] == 7
        assert code(caller(action, **identity)) in (
            "FailedOperation.InvalidCertificateStatusCode",
            "FailedOperation.CertificateNotFoundOrCantCancel")
        assert (code(caller("CompleteCertificate", **identity))
                == "FailedOperation.CertificateNotFoundOrAudited")
        assert (code(caller("DownloadCertificate", **identity))
                == "FailedOperation.InvalidCertificateStatusCode")
        assert (code(caller("CommitCertificateInformation", **identity))
                == "FailedOperation.InvalidCertificateStatusCode")
        assert (code(caller("DeleteCertificate", **identity))
                == "FailedOperation.CannotBeDeletedWithinHour")
        assert (code(caller("CheckCertificateDomainVerification", **identity))
                == "FailedOperation.CertificateStatusNotAllowVerify")


def test_verification_is_told_per_domain(caller):
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="verify.test")
    answer = caller("CheckCertificateDomainVerification", CertificateId=applied["CertificateId"])
    (result,) = answer["VerificationResults"]
    assert result["LocalCheck"] == 1
    assert result["CaCheck"] == 2
    assert result["Issued"] is True
    assert result["Frequently"] is False


def test_the_operate_log_tells_the_story(caller, chain):
    _, middle, leaf = chain
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="log.test")
    identity = {"CertificateId": applied["CertificateId"]}
    caller("CompleteCertificate", **identity)
    caller("ModifyCertificateAlias", Alias="new", **identity)
    caller("DownloadCertificate", **identity)
    uploaded = upload(caller, leaf.pem + middle.pem, leaf.key_pem)["CertificateId"]
    assert caller("DeleteCertificate", CertificateId=uploaded)["DeleteResult"] is True

    logs = caller("DescribeCertificateOperateLogs", Limit=1000)

    assert logs["AllTotal"] == logs["TotalCount"] == len(logs["OperateLogs"])
    mine = [row for row in logs["OperateLogs"] if row["CertId"] == applied["CertificateId"]]
    assert [row["Type"] for row in mine] == [
        "download", "updateAlias", "issued", "domainValidationPassed", "apply"]
    assert "lab" in mine[3]["Action"]
    assert mine[3]["SubAccountUin"] == "--"
    gone = [row["Type"] for row in logs["OperateLogs"] if row["CertId"] == uploaded]
    assert gone == ["delete", "uploadFromYunAPI"]
    assert (code(caller("DescribeCertificateOperateLogs", StartTime="yesterday"))
            == "FailedOperation.InvalidParam")
    assert (code(caller("DescribeCertificateOperateLogs", StartTime="2030-01-01 00:00:00",
                        EndTime="2029-01-01 00:00:00")) == "FailedOperation.InvalidParam")
    old = caller("DescribeCertificateOperateLogs", StartTime="2020-01-01 00:00:00",
                 EndTime="2020-02-01 00:00:00")
    assert old["AllTotal"] == 0


def test_a_chain_is_checked_against_the_system_and_our_own_root(caller, chain):
    root, middle, leaf = chain
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="chain.test")
    identity = {"CertificateId": applied["CertificateId"]}
    caller("CompleteCertificate", **identity)
    ours = caller("DescribeCertificateDetail", **identity)["CertificatePublicKey"]

    trusted = caller("CheckCertificateChain", CertificateChain=ours)
    assert (trusted["IsValid"], trusted["IsTrustedCA"]) == (True, True)
    assert trusted["Chains"][0] == "chain.test"
    assert len(trusted["Chains"]) == 3
    strange = caller("CheckCertificateChain", CertificateChain=root.pem + leaf.pem + middle.pem)
    assert (strange["IsValid"], strange["IsTrustedCA"]) == (True, False)
    assert strange["Chains"] == ["up.example.com", "Upload CA", "Upload Root"]
    gap = caller("CheckCertificateChain", CertificateChain=leaf.pem + root.pem)
    assert (gap["IsValid"], gap["IsTrustedCA"]) == (False, False)
    assert gap["Chains"] == ["up.example.com"]
    assert (code(caller("CheckCertificateChain", CertificateChain="x"))
            == "FailedOperation.CertificateInvalid")
    bundle = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
    first = bundle.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----"
    assert caller("CheckCertificateChain", CertificateChain=first)["IsTrustedCA"] is True


def test_a_stored_certificate_is_found_by_its_content(caller):
    leaf = Issued("exist.example.com")
    assert caller("CheckCertificateExist", CertificatePublicKey=leaf.pem)["RepeatCertId"] == ""
    upload(caller, leaf.pem, leaf.key_pem)
    newest = upload(caller, leaf.pem, leaf.key_pem)["CertificateId"]
    assert caller("CheckCertificateExist", CertificatePublicKey=leaf.pem)["RepeatCertId"] == newest
    assert (code(caller("CheckCertificateExist", CertificatePublicKey="x"))
            == "FailedOperation.InvalidParam")


def test_certificates_move_between_projects_and_notices_are_muted(caller):
    leaf = Issued("project.example.com")
    project = caller.extension("CreateProject", ProjectName="move")["ProjectId"]
    assert (code(upload(caller, leaf.pem, leaf.key_pem, ProjectId=project + 1))
            == "FailedOperation.NoProjectPermission")
    mine = upload(caller, leaf.pem, leaf.key_pem, ProjectId=project)["CertificateId"]
    identity = {"CertificateId": mine}

    assert (code(caller("ModifyCertificateProject", CertificateIdList=[mine], ProjectId=8))
            == "FailedOperation.NoProjectPermission")
    assert caller("DescribeCertificate", **identity)["ProjectId"] == str(project)
    moved = caller("ModifyCertificateProject", CertificateIdList=[mine, "nosuchid"], ProjectId=0)
    assert moved["SuccessCertificates"] == [mine]
    assert moved["FailCertificates"] == ["nosuchid"]
    assert caller("DescribeCertificate", **identity)["ProjectId"] == "0"
    assert (code(caller("ModifyCertificateProject", CertificateIdList=["x"] * 101, ProjectId=0))
            == "FailedOperation.InvalidParam")

    switch = "ModifyCertificatesExpiringNotificationSwitch"
    assert caller(switch, CertificateIds=[mine], SwitchStatus=1)["CertificateIds"] == [mine]
    listed = caller("DescribeCertificates", CertIds=[mine])["Certificates"]
    assert listed[0]["IsIgnore"] is True
    assert (code(caller(switch, CertificateIds=[mine, "nosuchid"], SwitchStatus=0))
            == "FailedOperation.CertificateNotFound")
    assert (code(caller(switch, CertificateIds=[mine] * 51, SwitchStatus=0))
            == "InvalidParameter.CertificatesNumberExceeded")
    logs = caller("DescribeCertificateOperateLogs", Limit=1000)["OperateLogs"]
    assert [row["Type"] for row in logs if row["CertId"] == mine] == [
        "ignoreExpiringNotice-1", "changeProject", "uploadFromYunAPI"]
