"""Every official client, with every signature method it has: a whole lifecycle and two errors."""

import base64
import io
import json
import os
import re
import subprocess
import sys
import zipfile

import pytest
from conftest import HERE

TC3 = ("TC3-HMAC-SHA256", "POST"), ("TC3-HMAC-SHA256", "GET")
UNSIGNED = (("UNSIGNED-PAYLOAD", "POST"),)
V1 = tuple((digest, method) for digest in ("HmacSHA1", "HmacSHA256") for method in ("GET", "POST"))

METHODS = {
    "python": TC3 + UNSIGNED + V1,
    "python-intl": TC3 + UNSIGNED + V1,
    "tccli": TC3[:1],
    "node": TC3 + V1,
    "node-intl": TC3 + V1,
    "go": TC3 + UNSIGNED + V1,
    "java": TC3 + UNSIGNED + V1,
}


def command_of(client, folder):
    """The driver's command line, up to its arguments, and what follows them."""
    if client == "tccli":
        return [sys.executable, HERE / "tccli/driver.py"], [folder / "bin/tccli"]
    if client.startswith("node"):
        return ["node", HERE / "node/driver.js"], []
    if client == "go":
        return [folder / "driver"], []
    if client == "java":
        return ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{folder}:{folder}/lib/*", "Driver"], []
    return [folder / "bin/python", HERE / "python/driver.py"], []


@pytest.fixture
def own_certificate(tmp_path):
    """A certificate that nobody else uploads: (public, private), paths of PEM files."""
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-noenc", "-days", "30", "-subj", "/CN=uploaded.test", "-addext",
         "subjectAltName=DNS:uploaded.test", "-keyout", private, "-out", public],
        check=True, capture_output=True)
    return public, private


def drive(service, client, folder, domain, certificate, signed, home):
    driver, extra = command_of(client, folder)
    run = subprocess.run(
        [*driver, domain, *certificate, *extra], capture_output=True, text=True, timeout=120,
        check=False, cwd=home,
        env={**os.environ, "HOME": str(home), "DRIVER_CLIENT": client,
             "NODE_PATH": str(folder / "node_modules"), "DRIVER_ENDPOINT": service.http,
             "DRIVER_SIGN": signed[0], "DRIVER_METHOD": signed[1],
             "TENCENTCLOUD_SECRET_ID": service.secret_id,
             "TENCENTCLOUD_SECRET_KEY": service.secret_key})
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stdout)


def names_in(content):
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as bundle:
        assert bundle.testzip() is None
        return bundle.namelist()


REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize("client, signed", [
    pytest.param(client, signed, id="-".join((client, *signed)))
    for client, methods in METHODS.items() for signed in methods])
def test_a_lifecycle_and_two_errors(service, installed, own_certificate, tmp_path, client, signed):
    folder = installed(client)
    domain = "-".join((client, *signed)).lower() + ".test"

    said = drive(service, client, folder, domain, own_certificate, signed, tmp_path)

    assert f"Nginx/1_{domain}_bundle.crt" in names_in(said.pop("zip"))
    for error in "gone", "not_signed":
        assert REQUEST_ID.fullmatch(said[error].pop("request_id"))
    assert said == {
        "id": said["id"], "pending": 0, "record_type": "CNAME", "issued": 1, "alias": "a+b 测试",
        "listed": 1, "uploaded": said["uploaded"], "repeated": said["uploaded"],
        "tags": {"env": "a&b", "team": "=+"}, "deleted": True,
        "gone": {"code": "FailedOperation.CertificateNotFound"}, "cancelled": True,
        "not_signed": {"code": "AuthFailure.SignatureFailure"},
    }
    assert len(said["id"]) == len(said["uploaded"]) == 8
