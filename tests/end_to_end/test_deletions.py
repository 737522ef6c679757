"""Deletions as tasks, over the wire and over a kill."""

import threading
import time

import pytest
from conftest import Service
from signer import Caller, code
from test_certificates import Issued, upload


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def results(caller, tasks, seconds=30):
    """The tasks' rows once none of them runs."""
    deadline = time.monotonic() + seconds
    while True:
        rows = caller("DescribeDeleteCertificatesTaskResult", TaskIds=tasks)["DeleteTaskResult"]
        if all(row["Status"] != 0 for row in rows) or time.monotonic() > deadline:
            return rows
        threading.Event().wait(0.02)


def test_a_resource_check_makes_a_deletion_a_task(caller):
    leaf = Issued("task.example.com")
    identity = {"CertificateId": upload(caller, leaf.pem, leaf.key_pem)["CertificateId"]}

    answer = caller("DeleteCertificate", IsCheckResource=True, **identity)

    assert answer["DeleteResult"] is False
    assert answer["TaskId"].isdecimal()
    (row,) = results(caller, [answer["TaskId"]])
    assert row["TaskId"] == answer["TaskId"]
    assert row["CertId"] == identity["CertificateId"]
    assert (row["Status"], row["Error"], row["Domains"]) == (1, "", [])
    assert len(row["CacheTime"]) == len("2026-01-31 23:59:59")
    assert code(caller("DescribeCertificate", **identity)) == "FailedOperation.CertificateNotFound"
    assert (code(caller("DeleteCertificate", IsCheckResource=True, **identity))
            == "FailedOperation.CertificateNotFound")


def test_many_are_deleted_at_once(caller):
    leaf = Issued("batch.example.com")
    mine = [upload(caller, leaf.pem, leaf.key_pem)["CertificateId"] for _ in range(3)]
    young = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="batch.test")["CertificateId"]

    now = caller("DeleteCertificates", CertificateIds=[mine[0], young, "nosuchid"])
    assert now["Success"] == [mine[0]]
    assert [fail["CertId"] for fail in now["Fail"]] == [young, "nosuchid"]
    assert now["Fail"][0]["Msg"].startswith("FailedOperation.CannotBeDeletedWithinHour: ")
    assert now["Fail"][1]["Msg"].startswith("FailedOperation.CertificateNotFound: ")
    assert now["CertTaskIds"] == []

    later = caller("DeleteCertificates", CertificateIds=[mine[1], young, mine[2]], IsSync=True)
    assert (later["Success"], later["Fail"]) == ([], [])
    assert [task["CertId"] for task in later["CertTaskIds"]] == [mine[1], young, mine[2]]
    rows = results(caller, [task["TaskId"] for task in later["CertTaskIds"]])
    assert [row["Status"] for row in rows] == [1, 2, 1]
    assert rows[1]["Error"] == "FailedOperation.CannotBeDeletedWithinHour"


def test_limits_and_unknown_tasks_are_told(caller):
    assert (code(caller("DeleteCertificates", CertificateIds=["x"] * 101))
            == "FailedOperation.CertificateSyncTaskCertificateIdCountInvalid")
    assert code(caller("DeleteCertificates", CertificateIds=[])) == "MissingParameter"
    result = "DescribeDeleteCertificatesTaskResult"
    assert code(caller(result, TaskIds=["1"] * 101)) == "InvalidParameterValue"
    assert code(caller(result, TaskIds=["1"])) == "FailedOperation"


def test_tasks_run_once_over_a_kill(tmp_path):
    service = Service(tmp_path / "data")
    caller = Caller(service)
    leaf = Issued("kill.example.com")
    mine = [upload(caller, leaf.pem, leaf.key_pem)["CertificateId"] for _ in range(60)]
    begun = caller("DeleteCertificates", CertificateIds=mine, IsSync=True)["CertTaskIds"]
    service.kill()
    service.close()

    again = Service(tmp_path / "data")
    caller = Caller(again)
    rows = results(caller, [task["TaskId"] for task in begun])
    assert [row["Status"] for row in rows] == [1] * len(mine)
    logs = caller("DescribeCertificateOperateLogs", Limit=1000)["OperateLogs"]
    deleted = [row["CertId"] for row in logs if row["Type"] == "delete"]
    assert sorted(deleted) == sorted(mine)
    again.close()
