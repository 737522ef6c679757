"""Every official client, with every signature method it has, and over TLS: a whole lifecycle and
two errors."""

import base64
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import HERE, own_ca

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


def trust_in(root, client, folder, home):
    """The variables with which a client trusts `root`, as docs/clients.md tells."""
    if client.startswith("python"):
        return {"DRIVER_ROOTS": str(root)}
    if client.startswith("node"):
        return {"NODE_EXTRA_CA_CERTS": str(root)}
    if client == "go":
        return {"SSL_CERT_FILE": str(root)}
    if client == "java":
        store = home / "roots.p12"
        subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "root", "-file", root,
                        "-keystore", store, "-storepass", "changeit"], check=True,
                       capture_output=True)
        return {"JDK_JAVA_OPTIONS": f"-Djavax.net.ssl.trustStore={store} "
                                    "-Djavax.net.ssl.trustStorePassword=changeit"}
    package = next(folder.glob("lib/python3*/site-packages/certifi"))
    with open(shutil.copytree(package, home / "packages/certifi") / "cacert.pem", "ab") as trusted:
        trusted.write(root.read_bytes())
    return {"PYTHONPATH": str(home / "packages")}


def drive(service, client, folder, domain, certificate, signed, home, roots=None):
    driver, extra = command_of(client, folder)
    reached = {"DRIVER_SCHEME": "http", "DRIVER_ENDPOINT": service.http}
    if roots:
        reached = {"DRIVER_SCHEME": "https", "DRIVER_ENDPOINT": service.https,
                   **trust_in(roots, client, folder, home)}
    run = subprocess.run(
        [*driver, domain, *certificate, *extra], capture_output=True, text=True, timeout=120,
        check=False, cwd=home,
        env={**os.environ, "HOME": str(home), "DRIVER_CLIENT": client,
             "NODE_PATH": str(folder / "node_modules"), **reached,
             "DRIVER_SIGN": signed[0], "DRIVER_METHOD": signed[1],
             "TENCENTCLOUD_SECRET_ID": service.secret_id,
             "TENCENTCLOUD_SECRET_KEY": service.secret_key})
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stdout)


def names_in(content):
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as bundle:
        assert bundle.testzip() is None
        return bundle.namelist()


UNTRUSTED = "CERTIFICATE_VERIFY_FAILED|unable to verify|self-signed|unknown authority|PKIX path"
REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize("client, signed", [
    pytest.param(client, signed, id="-".join((client, *signed)))
    for client, methods in METHODS.items() for signed in methods])
def test_a_lifecycle_and_two_errors(service, installed, own_certificate, tmp_path, client, signed):
    folder = installed(client)
    domain = "-".join((client, *signed)).lower() + ".test"

    said = drive(service, client, folder, domain, own_certificate, signed, tmp_path)

    check(said, domain)


@pytest.mark.parametrize("client", METHODS)
def test_a_lifecycle_and_two_errors_over_tls(service, certificates, installed, own_certificate,
                                             tmp_path, client):
    domain = f"{client}.tls.test"

    said = drive(service, client, installed(client), domain, own_certificate, TC3[0], tmp_path,
                 certificates.root)

    check(said, domain)


@pytest.mark.parametrize("client", METHODS)
def test_no_client_calls_whom_it_does_not_trust(service, installed, own_certificate, tmp_path,
                                                client):
    stranger = own_ca.Certificates(tmp_path / "stranger").root
    with pytest.raises(AssertionError, match=UNTRUSTED):
        drive(service, client, installed(client), "stranger.test", own_certificate, TC3[0],
              tmp_path, stranger)


def check(said, domain):
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
