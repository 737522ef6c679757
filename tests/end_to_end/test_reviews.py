"""A person's review of an order and of its revocation, as an operator makes it."""

import base64

from signer import Caller, code

STATUS_CODE = "FailedOperation.InvalidCertificateStatusCode"
LETTER = base64.b64encode(b"%PDF-1.7" + bytes(2000)).decode()
SECURE_SITE_OV = 6


def in_review(caller, domain):
    order = {"CertificateId": caller.extension(
        "CreateOrder", ProductId=SECURE_SITE_OV)["CertificateId"]}
    caller("CertificateInfoSubmit", CertId=order["CertificateId"], GenCsrType="online",
           CertCommonName=domain, CompanyType=2, CompanyId="0", OrgOrganization="Example Ltd",
           CsrEncryptAlgo="ECC", CsrKeyParameter="prime256v1")
    caller("CertificateOrderSubmit", CertId=order["CertificateId"])
    assert "Error" not in caller("UploadConfirmLetter", ConfirmLetter=LETTER, **order)
    return order


def stage_of(caller, order):
    rows = caller.extension("DescribeReviews", Limit=1000)["Reviews"]
    return [row["Stage"] for row in rows if row["CertificateId"] == order["CertificateId"]]


def test_a_reviewer_reads_what_was_handed_in(service):
    caller = Caller(service)
    caller.extension("ModifyReviewPolicy", Level="OV", Mode="manual")
    order = in_review(caller, "read.test")

    detail = caller.extension("DescribeReviewDetail", **order)
    assert detail["Review"]["Stage"] == "PRE-REVIEWING" and detail["Status"] == 0
    assert detail["SubmittedData"]["OrganizationName"] == "Example Ltd"
    assert detail["SubmittedData"]["KeyPassword"] is None
    assert detail["Documents"]["CompanyType"] == "2"
    assert detail["Names"] == ["read.test"]
    assert [domain["ValidatedTime"] for domain in detail["Domains"]] == [None]
    assert detail["Letters"] == [
        {"Kind": "confirmation", "ContentType": "application/pdf", "Content": LETTER}]
    assert detail["RevokeReason"] is None

    for stage in ("PRE-REVIEWING", "CA-REVIEWING"):
        caller.extension("ReviewCertificate", Decision="approve", Stage=stage, **order)
    caller("CompleteCertificate", **order)
    caller("RevokeCertificate", Reason="lost", **order)
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(2000)).decode()
    assert "Error" not in caller("UploadRevokeLetter", RevokeLetter=png, **order)
    detail = caller.extension("DescribeReviewDetail", **order)
    assert detail["Review"]["Stage"] == "REVOCATION-REVIEWING"
    assert detail["RevokeReason"] == "lost"
    assert [(one["Kind"], one["ContentType"]) for one in detail["Letters"]] == [
        ("confirmation", "application/pdf"), ("revocation", "image/png")]
    assert code(caller.extension("DescribeReviewDetail", CertificateId="nothere1")) == (
        "FailedOperation.CertificateNotFound")


def test_an_order_and_its_revocation_are_decided_stage_by_stage(service):
    caller = Caller(service)
    caller.extension("ModifyReviewPolicy", Level="OV", Mode="manual")
    order = in_review(caller, "review.test")

    def decide(decision, **members):
        return caller.extension("ReviewCertificate", Decision=decision, **members, **order)

    assert stage_of(caller, order) == ["PRE-REVIEWING"]
    assert code(decide("approve", Stage="REVIEWING")) == "InvalidParameterValue"
    first = decide("approve", Stage="PRE-REVIEWING")
    assert (first["Status"], first["Stage"]) == (0, "CA-REVIEWING")
    assert code(decide("approve", Stage="PRE-REVIEWING")) == STATUS_CODE
    assert stage_of(caller, order) == ["CA-REVIEWING"]
    # Without a stage, as it always was.
    last = decide("approve")
    assert (last["Status"], last["Stage"]) == (0, None)
    caller("CompleteCertificate", **order)
    assert caller("DescribeCertificate", **order)["Status"] == 1

    for decision, members, status in (("refuse", {"Reason": "unsigned"}, 1), ("approve", {}, 10)):
        caller("RevokeCertificate", Reason="lost", **order)
        assert "Error" not in caller("UploadRevokeLetter", RevokeLetter=LETTER, **order)
        assert stage_of(caller, order) == ["REVOCATION-REVIEWING"]
        decided = decide(decision, Stage="REVOCATION-REVIEWING", **members)
        assert (decided["Status"], decided["Stage"]) == (status, None)
        assert stage_of(caller, order) == []
        assert caller("DescribeCertificate", **order)["Status"] == status

    rows = caller("DescribeCertificateOperateLogs", Limit=1000)["OperateLogs"]
    types = [row["Type"] for row in rows if row["CertId"] == order["CertificateId"]]
    assert types[:2] == ["revoked", "editRevokeLetter"]
    assert "revokeFailed" in types and types.count("reviewPassed") == 2
    assert any("unsigned" in row["Action"] for row in rows)


def test_a_letter_comes_from_its_template_and_renewal_has_a_switch(service):
    caller = Caller(service)
    caller.extension("ModifyReviewPolicy", Level="OV", Mode="manual")
    order = in_review(caller, "template.test")
    for kind, words in (("confirmation", "CONFIRMATION"), ("revocation", "REVOCATION")):
        letter = caller.extension("DescribeLetterTemplate", Kind=kind, **order)
        assert words in letter["Content"] and "Example Ltd" in letter["Content"]
        assert "template.test" in letter["Content"]
    assert code(caller.extension("DescribeLetterTemplate", Kind="x", **order)) == (
        "InvalidParameterValue")
    assert code(caller.extension("ModifyCertificateAutoRenew", AutoRenew=True, **order)) == (
        "FailedOperation.InvalidCertificateSource")

    paid = {"CertificateId": caller.extension("CreateOrder", ProductId=104)["CertificateId"]}
    caller("CertificateInfoSubmit", CertId=paid["CertificateId"], GenCsrType="online",
           CertCommonName="renewed.test", CompanyType=1, CompanyId="0",
           ContactEmail="ops@example.com", CsrEncryptAlgo="ECC", CsrKeyParameter="prime256v1")
    caller("CertificateOrderSubmit", CertId=paid["CertificateId"])
    caller("CompleteCertificate", **paid)

    def flag():
        rows = caller("DescribeCertificates", CertIds=[paid["CertificateId"]])["Certificates"]
        return rows[0]["AutoRenewFlag"]

    assert flag() == 0
    assert "Error" not in caller.extension("ModifyCertificateAutoRenew", AutoRenew=True, **paid)
    assert flag() == 1
