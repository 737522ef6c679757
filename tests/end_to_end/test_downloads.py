"""Links to packages, followed and unpacked as their receivers do."""

import base64
import io
import subprocess
import urllib.error
import urllib.request
import zipfile

import pytest
from signer import Caller, code


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def issue(caller, name):
    applied = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName=name)
    caller("CompleteCertificate", CertificateId=applied["CertificateId"])
    return applied["CertificateId"]


def follow(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.headers, answer.read()


def status_of(url):
    try:
        return urllib.request.urlopen(url, timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


def unpack(caller, identity, kind, folder):
    answer = caller("DescribeDownloadCertificateUrl", CertificateId=identity, ServiceType=kind)
    headers, body = follow(answer["DownloadCertificateUrl"])
    assert headers["Content-Type"] == "application/zip"
    assert headers["Content-Disposition"] == f'attachment; filename="{answer["DownloadFilename"]}"'
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        package.extractall(folder)
        return sorted(package.namelist()), answer["DownloadFilename"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_nginx_starts_with_its_package(caller, service, tmp_path):
    identity = issue(caller, "nginx.test")
    names, filename = unpack(caller, identity, "nginx", tmp_path)
    folder = "nginx.test_nginx"
    assert filename == folder + ".zip"
    assert names == [f"{folder}/nginx.test{end}" for end in
                     (".csr", ".key", "_bundle.crt", "_bundle.pem")]
    paths = "".join(f"{name}_temp_path {tmp_path}/{name};" for name in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {paths}"
        f" server {{ listen unix:{tmp_path}/s ssl;"
        f" ssl_certificate {tmp_path}/{folder}/nginx.test_bundle.crt;"
        f" ssl_certificate_key {tmp_path}/{folder}/nginx.test.key; }} }}")
    run("/usr/sbin/nginx", "-t", "-c", str(config))


def test_key_stores_open_with_the_password_beside_them(caller, tmp_path):
    identity = issue(caller, "stores.test")
    for kind in ("tomcat", "iis"):
        names, _ = unpack(caller, identity, kind, tmp_path)
        folder = f"stores.test_{kind}"
        assert names == [f"{folder}/keystorePass.txt", f"{folder}/stores.test.pfx"]
        shown = run("openssl", "pkcs12", "-nodes", "-in", f"{tmp_path}/{folder}/stores.test.pfx",
                    "-passin", f"file:{tmp_path}/{folder}/keystorePass.txt")
        assert shown.count("BEGIN CERTIFICATE") == 2
        assert shown.count("PRIVATE KEY") == 2
    names, _ = unpack(caller, identity, "jks", tmp_path)
    assert names == ["stores.test_jks/keystorePass.txt", "stores.test_jks/stores.test.jks"]
    listed = run("keytool", "-J-Duser.language=en", "-list", "-v",
                 "-keystore", f"{tmp_path}/stores.test_jks/stores.test.jks",
                 "-storepass:file", f"{tmp_path}/stores.test_jks/keystorePass.txt")
    assert "PrivateKeyEntry" in listed
    assert "Certificate chain length: 2" in listed


def test_pem_packages_verify(caller, tmp_path):
    identity = issue(caller, "pem.test")
    for kind in ("apache", "other", "root"):
        unpack(caller, identity, kind, tmp_path)
    run("openssl", "verify", "-purpose", "sslserver", "-verify_hostname", "pem.test",
        "-CAfile", f"{tmp_path}/pem.test_root/root.crt",
        "-untrusted", f"{tmp_path}/pem.test_other/pem.test_chain.pem",
        f"{tmp_path}/pem.test_other/pem.test.pem")
    run("openssl", "verify", "-CAfile", f"{tmp_path}/pem.test_apache/root_bundle.crt",
        f"{tmp_path}/pem.test_apache/pem.test.crt")
    public = [run("openssl", "pkey", "-pubout", "-in", f"{tmp_path}/pem.test_apache/pem.test.key"),
              run("openssl", "req", "-pubkey", "-noout",
                  "-in", f"{tmp_path}/pem.test_apache/pem.test.csr")]
    assert public[0] == public[1]


def test_links_have_the_callers_host_and_are_refused_by_code(caller, service):
    identity = issue(caller, "link.test")
    answer = caller("DescribeDownloadCertificateUrl", CertificateId=identity)
    url = answer["DownloadCertificateUrl"]
    start = f"http://{service.http}/download/"
    assert url.startswith(start)
    assert answer["DownloadFilename"] == "link.test_nginx.zip"
    assert status_of(url) == 200
    assert status_of(url[:-1] + ("a" if url[-1] != "a" else "b")) == 404
    assert status_of(start) == 404
    assert url[len(start):] not in service.log_text()
    other = caller("DescribeDownloadCertificateUrl", CertificateId=identity)
    assert other["DownloadCertificateUrl"] != url
    for members, expected in (
        ({"CertificateId": "nosuchid"}, "FailedOperation.CertificateNotFound"),
        ({"CertificateId": identity, "ServiceType": "lighttpd"},
         "FailedOperation.CertificateDownloadServiceTypeNotSupport"),
        ({"CertificateId": caller("ApplyCertificate", DvAuthMethod="DNS",
                                  DomainName="open.test")["CertificateId"]},
         "FailedOperation.CertificateStatusNotAllowDownload"),
    ):
        assert code(caller("DescribeDownloadCertificateUrl", **members)) == expected


def test_a_link_outlives_a_restart_and_its_token_is_not_stored(start):
    first = start()
    caller = Caller(first)
    identity = issue(caller, "restart.test")
    url = caller("DescribeDownloadCertificateUrl", CertificateId=identity)["DownloadCertificateUrl"]
    token = url.rsplit("/", 1)[1]
    first.kill()
    second = start()
    assert status_of(f"http://{second.http}/download/{token}") == 200
    second.stop()
    for path in second.data.glob("certwright.db*"):
        assert token.encode() not in path.read_bytes()


def test_links_begin_with_the_public_url(start, tmp_path):
    config = tmp_path / "config"
    config.write_text('public_url: "https://ssl.example.com:8443"\n')
    caller = Caller(start("--config", str(config)))
    identity = issue(caller, "public.test")
    url = caller("DescribeDownloadCertificateUrl", CertificateId=identity)["DownloadCertificateUrl"]
    assert url.startswith("https://ssl.example.com:8443/download/")


def test_a_leaf_alone_has_no_package_of_its_issuers(caller):
    identity = issue(caller, "alone.test")
    content = base64.b64decode(caller("DownloadCertificate", CertificateId=identity)["Content"])
    bundle = zipfile.ZipFile(io.BytesIO(content))
    chain = bundle.read("Nginx/1_alone.test_bundle.crt").decode()
    key = bundle.read("Nginx/2_alone.test.key").decode()
    end = "-----END CERTIFICATE-----\n"
    for public, expected in ((chain, True), (chain[:chain.index(end) + len(end)], False)):
        uploaded = caller("UploadCertificate", CertificatePublicKey=public,
                          CertificatePrivateKey=key, Repeatable=True)["CertificateId"]
        row = caller("DescribeCertificates", SearchKey=uploaded)["Certificates"][0]
        assert row["SupportDownloadType"]["ROOT"] is expected
        assert row["SupportDownloadType"]["NGINX"] is True
        link = caller("DescribeDownloadCertificateUrl", CertificateId=uploaded, ServiceType="root")
        assert ("Error" not in link) is expected


def test_a_link_ends_with_its_account(caller, service):
    uin = caller.extension("CreateAccount", Name="suspended")["Uin"]
    made = caller.extension("CreateAccessKey", Uin=uin)
    other = Caller(service, made["SecretId"], made["SecretKey"])
    identity = issue(other, "suspended.test")
    url = other("DescribeDownloadCertificateUrl", CertificateId=identity,
                ServiceType="nginx")["DownloadCertificateUrl"]
    assert status_of(url) == 200
    caller.extension("ModifyAccount", Uin=uin, IsSuspended=True)
    assert status_of(url) == 404
    caller.extension("ModifyAccount", Uin=uin, IsSuspended=False)
    assert status_of(url) == 200


def test_the_key_is_shown_where_a_download_is_allowed(caller):
    identity = {"CertificateId": issue(caller, "shown.test")}

    def key():
        return caller("DescribeCertificateDetail", **identity)["CertificatePrivateKey"]

    assert key()
    caller.extension("ModifyCertificateDownloadLimit", AllowDownload=False, **identity)
    assert key() is None
    caller.extension("ModifyCertificateDownloadLimit", AllowDownload=True, **identity)
    caller("RevokeCertificate", Reason="lost", **identity)
    assert caller("DescribeCertificate", **identity)["Status"] in (9, 10)
    assert key() is None
