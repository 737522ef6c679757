"""The process: made, started, stopped, killed, started again."""

import base64
import io
import random
import threading
import time
import urllib.error
import zipfile

import pytest
from conftest import Service, run
from cryptography import x509
from signer import Caller, code


def test_accounts_and_keys_are_made_while_serving(start):
    service = start(demo=False)
    assert service.secret_id == ""
    created = run("account", "create", "--data", service.data, "--name", "team", check=True)
    uin = created.stdout.split()[1]
    assert uin in run("account", "list", "--data", service.data, check=True).stdout
    printed = run("key", "create", "--data", service.data, "--account", uin, check=True).stdout
    key = dict(line.split("=", 1) for line in printed.splitlines())
    caller = Caller(service, key["TENCENTCLOUD_SECRET_ID"], key["TENCENTCLOUD_SECRET_KEY"])

    assert caller("DescribeCertificates")["TotalCount"] == 0
    listed = run("key", "list", "--data", service.data, check=True).stdout
    assert key["TENCENTCLOUD_SECRET_ID"] in listed
    assert key["TENCENTCLOUD_SECRET_KEY"] not in listed
    run("key", "disable", key["TENCENTCLOUD_SECRET_ID"], "--data", service.data, check=True)
    assert code(caller("DescribeCertificates")) == "AuthFailure.SecretIdNotFound"


def test_reserved_names_are_validated_only_where_that_is_on(start):
    service = start(demo=False)
    uin = run("account", "create", "--data", service.data, "--name", "team").stdout.split()[1]
    printed = run("key", "create", "--data", service.data, "--account", uin).stdout
    key = dict(line.split("=", 1) for line in printed.splitlines())
    caller = Caller(service, key["TENCENTCLOUD_SECRET_ID"], key["TENCENTCLOUD_SECRET_KEY"])
    applied = caller("ApplyCertificate", DvAuthMethod="FILE", DomainName="a.b.invalid")
    identity = {"CertificateId": applied["CertificateId"]}
    assert "Error" not in caller("CompleteCertificate", **identity)
    assert caller("DescribeCertificate", **identity)["Status"] == 0


def test_documented_limits_hold_outside_of_the_demo(start, tmp_path):
    config = tmp_path / "config"
    config.write_text("free_quota: 2 calls_per_second: 3")
    service = start("--dev", "--config", str(config), demo=False)
    uin = run("account", "create", "--data", service.data, "--name", "team").stdout.split()[1]
    printed = run("key", "create", "--data", service.data, "--account", uin).stdout
    key = dict(line.split("=", 1) for line in printed.splitlines())
    caller = Caller(service, key["TENCENTCLOUD_SECRET_ID"], key["TENCENTCLOUD_SECRET_KEY"])
    codes = [code(caller("DescribeCertificates")) for _ in range(10)]
    assert "RequestLimitExceeded" in codes
    answers = []
    while len(answers) < 3:
        answer = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="quota.test")
        if code(answer) != "RequestLimitExceeded":
            answers.append(code(answer))
    assert answers == ["", "", "FailedOperation.ExceedsFreeLimit"]


def test_init_makes_what_serve_needs(tmp_path):
    data = tmp_path / "made"
    assert run("account", "list", "--data", data).returncode == 1
    run("init", "--data", data, check=True)
    roots = (data / "ca-roots.pem").read_text()
    run("init", "--data", data, check=True)
    assert (data / "ca-roots.pem").read_text() == roots
    assert (data / "master.key").stat().st_mode & 0o777 == 0o600
    assert (data / "certwright.db").stat().st_mode & 0o777 == 0o600


def test_what_is_not_there_is_told_with_the_next_step(tmp_path):
    data = tmp_path / "made"
    nothing = run("key", "list", "--data", data)
    assert (nothing.returncode, "certwright init" in nothing.stderr) == (1, True)
    run("init", "--data", data, check=True)
    for command in (("account", "list"), ("key", "list")):
        empty = run(*command, "--data", data)
        assert (empty.returncode, empty.stdout) == (0, "")
        assert f"create --data {data}" in empty.stderr
    for command in (("key", "create", "--account", 1), ("key", "list", "--account", 1)):
        unknown = run(*command, "--data", data)
        assert unknown.returncode == 1
        assert "there is no account 1" in unknown.stderr
        assert f"certwright account list --data {data}" in unknown.stderr
    key = run("key", "disable", "AKIDnobody", "--data", data)
    assert key.returncode == 1
    assert f"certwright key list --data {data}" in key.stderr
    assert run("account", "create", "--data", data, "--name", "").returncode == 2


def test_a_wrong_master_key_is_told_with_the_next_step(tmp_path):
    data = tmp_path / "made"
    run("init", "--data", data, check=True)
    odd = run("init", "--data", data, env={"CERTWRIGHT_MASTER_KEY": "odd"})
    assert (odd.returncode, "64 hexadecimal digits" in odd.stderr) == (2, True)
    other = run("init", "--data", data, env={"CERTWRIGHT_MASTER_KEY": "0" * 64})
    assert (other.returncode, "put the right one back" in other.stderr) == (1, True)


def test_one_service_at_a_time_and_wrong_settings_are_told(start, tmp_path):
    service = start()
    second = run("serve", "--data", service.data, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0")
    assert second.returncode == 1
    assert "another certwright serves" in second.stderr
    config = tmp_path / "config"
    config.write_text("free_qouta: 1")
    wrong = run("serve", "--data", tmp_path / "x", "--config", config)
    assert wrong.returncode == 2
    assert "free_qouta" in wrong.stderr
    assert "config.proto" in wrong.stderr
    open_to_all = run("serve", "--data", tmp_path / "x", "--http", "0.0.0.0:0")
    assert open_to_all.returncode == 2
    assert "allow-plain-network" in open_to_all.stderr
    taken = run("serve", "--data", tmp_path / "y", "--http", service.http, "--grpc", "127.0.0.1:0")
    assert taken.returncode == 1
    assert "choose another with --http" in taken.stderr
    no_folder = run("serve", "--data", config)
    assert no_folder.returncode == 2
    assert "choose another with --data" in no_folder.stderr


def test_a_second_start_goes_on_where_the_first_ended(start):
    first = start()
    caller = Caller(first)
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="again.test")
    roots = (first.data / "ca-roots.pem").read_text()
    assert first.stop() == 0

    second = start()

    assert (second.secret_id, second.secret_key) == (first.secret_id, first.secret_key)
    assert (second.data / "ca-roots.pem").read_text() == roots
    again = Caller(second)
    identity = {"CertificateId": applied["CertificateId"]}
    assert "Error" not in again("CompleteCertificate", **identity)
    assert again("DescribeCertificate", **identity)["Status"] == 1


def test_the_database_holds_no_secret_in_the_clear(start):
    service = start()
    caller = Caller(service)
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="sealed.test",
                     CsrKeyPassword="tell-nobody-else")
    identity = {"CertificateId": applied["CertificateId"]}
    caller("CompleteCertificate", **identity)
    pem = caller("DescribeCertificateDetail", **identity)["CertificatePrivateKey"]
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    service.stop()
    for path in service.data.glob("certwright.db*"):
        stored = path.read_bytes()
        assert service.secret_key.encode() not in stored
        assert b"tell-nobody-else" not in stored
        assert der[300:340] not in stored  # of the private exponent
    log = service.log_text()
    assert service.secret_key not in log
    assert "tell-nobody-else" not in log


class Load(threading.Thread):
    """Applies and completes until the service dies; remembers what was acknowledged."""

    def __init__(self, service, number):
        super().__init__()
        self.caller = Caller(service)
        self.number = number
        self.acknowledged = []

    def run(self):
        for count in range(10_000):
            try:
                answer = self.caller(
                    "ApplyCertificate", DvAuthMethod="DNS", CsrEncryptAlgo="ECC",
                    CsrKeyParameter="prime256v1",
                    DomainName=f"n{count}.kill{self.number}-{random.getrandbits(32)}.test")
                if "CertificateId" not in answer:
                    return
                self.acknowledged.append(answer["CertificateId"])
                self.caller("CompleteCertificate", CertificateId=answer["CertificateId"])
            except (urllib.error.URLError, OSError, ValueError):
                return


def all_certificates(caller):
    rows, offset = [], 0
    while True:
        page = caller("DescribeCertificates", Limit=1000, Offset=offset)
        rows += page["Certificates"]
        offset += 1000
        if offset >= page["TotalCount"]:
            return rows


@pytest.mark.parametrize("round_number", range(3))
def test_nothing_is_lost_or_issued_twice_when_it_is_killed(tmp_path, round_number):
    service = Service(tmp_path / "data")
    load = [Load(service, number) for number in range(8)]
    for thread in load:
        thread.start()
    threading.Event().wait(random.uniform(0.2, 1.5))  # the moment of death is drawn by lot
    service.kill()
    for thread in load:
        thread.join()
    acknowledged = {one for thread in load for one in thread.acknowledged}
    service.close()

    again = Service(tmp_path / "data")
    caller = Caller(again)
    deadline = time.monotonic() + 60
    while True:
        rows = {row["CertificateId"]: row for row in all_certificates(caller)}
        if all(row["Status"] == 1 for row in rows.values()) or time.monotonic() > deadline:
            break
    assert acknowledged <= set(rows)
    assert {row["Status"] for row in rows.values()} <= {1}
    serials = set()
    for one in rows:
        content = caller("DownloadCertificate", CertificateId=one)["Content"]
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as bundle:
            (name,) = [n for n in bundle.namelist() if n.startswith("Apache/2_")]
            serials.add(x509.load_pem_x509_certificate(bundle.read(name)).serial_number)
    assert len(serials) == len(rows)
    logs = caller("DescribeCertificateOperateLogs", Limit=1000)
    issued = [row["CertId"] for row in logs["OperateLogs"] if row["Type"] == "issued"]
    assert len(issued) == len(set(issued))
    again.close()
