"""The official Python SDK, unmodified, runs the classic batch flow."""

import base64
import io
import os
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client


def make_client(service, endpoint=None, method="POST"):
    profile = ClientProfile(
        httpProfile=HttpProfile(protocol="http", endpoint=endpoint or service.http,
                                reqMethod=method))
    keys = credential.Credential(service.secret_id, service.secret_key)
    return ssl_client.SslClient(keys, "", profile)


def fill(kind, **members):
    request = kind()
    for name, value in members.items():
        setattr(request, name, value)
    return request


def issue(client, domain, **members):
    answer = client.ApplyCertificate(
        fill(models.ApplyCertificateRequest, DvAuthMethod="DNS", DomainName=domain, **members))
    client.CompleteCertificate(
        fill(models.CompleteCertificateRequest, CertificateId=answer.CertificateId))
    return answer.CertificateId


def download(client, certificate_id, folder):
    answer = client.DownloadCertificate(
        fill(models.DownloadCertificateRequest, CertificateId=certificate_id))
    assert answer.ContentType == "application/zip"
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer.Content))) as bundle:
        assert bundle.testzip() is None
        bundle.extractall(folder)
    return folder


def tool(*command):
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                         check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def nginx_accepts(folder, name):
    (folder / "nginx.conf").write_text(
        f"pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; server {{ listen unix:{folder}/s ssl;\n"
        f" ssl_certificate {folder}/Nginx/1_{name}_bundle.crt;\n"
        f" ssl_certificate_key {folder}/Nginx/2_{name}.key; }} }}\n")
    return tool("/usr/sbin/nginx", "-t", "-p", folder, "-c", folder / "nginx.conf")


@pytest.mark.parametrize("method, key", [
    ("POST", {}),
    ("GET", {"CsrEncryptAlgo": "ECC", "CsrKeyParameter": "prime256v1"}),
])
def test_apply_complete_download_verify(service, tmp_path, method, key):
    client = make_client(service, method=method)
    domain = f"{method.lower()}.batch.test"

    applied = client.ApplyCertificate(
        fill(models.ApplyCertificateRequest, DvAuthMethod="DNS", DomainName=domain, **key))
    pending = client.DescribeCertificate(
        fill(models.DescribeCertificateRequest, CertificateId=applied.CertificateId))
    assert pending.Status == 0
    assert pending.StatusMsg == "PENDING-DCV"
    record = pending.DvAuthDetail.DvAuths[0]
    assert record.DvAuthVerifyType == "CNAME"
    assert record.DvAuthKey == f"{record.DvAuthSubDomain}.{record.DvAuthDomain}"
    client.CompleteCertificate(
        fill(models.CompleteCertificateRequest, CertificateId=applied.CertificateId))
    issued = client.DescribeCertificateDetail(
        fill(models.DescribeCertificateDetailRequest, CertificateId=applied.CertificateId))
    assert issued.Status == 1
    assert issued.DvAuthDetail.DvAuths is None
    assert issued.CertificatePublicKey.count("BEGIN CERTIFICATE") == 2
    assert issued.EncryptAlgorithm == ("ECC 256" if key else "RSA 2048")

    folder = download(client, applied.CertificateId, tmp_path)
    password = (folder / "Tomcat/keystorePass.txt").read_text()
    leaf = folder / f"Apache/2_{domain}.crt"
    tool("openssl", "verify", "-x509_strict", "-purpose", "sslserver",
         "-CAfile", service.data / "ca-roots.pem",
         "-untrusted", folder / "Root/intermediate.crt", "-verify_hostname", domain, leaf)
    assert (tool("openssl", "x509", "-in", leaf, "-noout", "-pubkey")
            == tool("openssl", "pkey", "-in", folder / f"Nginx/2_{domain}.key", "-pubout"))
    assert domain in tool("keytool", "-list", "-keystore", folder / f"Tomcat/{domain}.jks",
                          "-storepass", password)
    tool("openssl", "pkcs12", "-in", folder / f"IIS/{domain}.pfx", "-passin", f"pass:{password}",
         "-noenc")
    tool("openssl", "req", "-in", folder / f"{domain}.csr", "-noout", "-verify")
    assert "test is successful" in nginx_accepts(folder, domain)


def test_own_key_password_protects_the_key_stores(service, tmp_path):
    client = make_client(service)
    certificate_id = issue(client, "password.batch.test", CsrKeyPassword="correct horse")

    folder = download(client, certificate_id, tmp_path)

    assert not list(folder.rglob("keystorePass.txt"))
    tool("keytool", "-list", "-keystore", folder / "Tomcat/password.batch.test.jks", "-storepass",
         "correct horse")
    tool("openssl", "pkcs12", "-in", folder / "IIS/password.batch.test.pfx", "-passin",
         "pass:correct horse", "-noenc")
    listed = client.DescribeCertificates(
        fill(models.DescribeCertificatesRequest, CertIds=[certificate_id]))
    assert listed.Certificates[0].KeyPasswordCustomFlag is True
    assert "correct horse" not in service.log_text()


def test_a_whole_url_is_an_endpoint(service):
    client = make_client(service, endpoint=f"http://{service.http}")
    assert client.DescribeCertificates(models.DescribeCertificatesRequest()).TotalCount >= 0


def test_errors_arrive_with_code_and_request_id(service):
    client = make_client(service)
    with pytest.raises(TencentCloudSDKException) as refused:
        client.DescribeCertificate(
            fill(models.DescribeCertificateRequest, CertificateId="nosuchid"))
    assert refused.value.code == "FailedOperation.CertificateNotFound"
    assert len(refused.value.requestId) == 36


def test_orders_are_issued_without_another_call(service):
    """The job asks for validation some seconds after the application."""
    import time
    client = make_client(service)
    applied = client.ApplyCertificate(
        fill(models.ApplyCertificateRequest, DvAuthMethod="DNS", DomainName="job.batch.test"))
    deadline = time.monotonic() + 60
    status = 0
    while status == 0 and time.monotonic() < deadline:
        status = client.DescribeCertificate(
            fill(models.DescribeCertificateRequest, CertificateId=applied.CertificateId)).Status
    assert status == 1


def test_the_example_script_leaves_verified_bundles(service, tmp_path):
    run = subprocess.run(
        [sys.executable, ROOT / "examples/batch_apply.py", "--endpoint-env",
         service.data / "endpoint.env", "--roots", service.data / "ca-roots.pem", "--output",
         tmp_path, "one.script.test", "www.two.script.test", "bad..test"],
        capture_output=True, text=True, check=False, env={**os.environ})
    assert run.returncode == 1
    assert "2 of 3 bundles" in run.stdout
    assert "bad..test" in run.stderr
    assert (tmp_path / "www.two.script.test/Nginx/2_www.two.script.test.key").exists()


def batch(service, output, *arguments):
    return subprocess.run(
        [sys.executable, ROOT / "examples/batch_apply.py", "--endpoint-env",
         service.data / "endpoint.env", "--output", output, *arguments],
        capture_output=True, text=True, check=False, env={**os.environ})


def test_the_example_script_shows_keys_to_nobody(service, tmp_path):
    stale = tmp_path / "mode.script.test/Nginx/2_mode.script.test.key"
    stale.parent.mkdir(parents=True)
    stale.write_text("an old key")
    stale.chmod(0o644)
    run = batch(service, tmp_path, "mode.script.test", "MODE.script.test")
    assert run.returncode == 0, run.stderr
    assert "1 of 1 bundles" in run.stdout
    secrets = [path for path in tmp_path.rglob("*")
               if path.suffix in (".key", ".pfx", ".jks") or path.name == "keystorePass.txt"]
    assert stale in secrets and len(secrets) > 4
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


def test_the_example_script_goes_on_with_an_order_whose_records_were_not_published(
        service, tmp_path):
    run = batch(service, tmp_path, "--publish", "/bin/false", "again.script.test")
    assert run.returncode == 1
    assert "stays open" in run.stderr and "`/bin/false _" in run.stderr
    run = batch(service, tmp_path, "--publish", "/bin/true", "again.script.test")
    assert run.returncode == 0, run.stderr
    found = make_client(service).DescribeCertificates(
        fill(models.DescribeCertificatesRequest, SearchKey="again.script.test"))
    assert found.TotalCount == 1


def test_the_example_script_finds_wrong_usage_before_it_orders(service, tmp_path):
    (tmp_path / "file").write_text("")
    for arguments in (["--file", tmp_path / "none"], ["--roots", tmp_path / "none"],
                      ["--output", tmp_path / "file"], ["--endpoint-env", tmp_path / "none"]):
        run = batch(service, tmp_path / "out", "usage.script.test", *arguments)
        assert run.returncode == 2, (arguments, run.stderr)
        assert run.stderr.startswith("batch: cannot "), run.stderr
    found = make_client(service).DescribeCertificates(
        fill(models.DescribeCertificatesRequest, SearchKey="usage.script.test"))
    assert found.TotalCount == 0
