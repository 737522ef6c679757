"""HTTP and gRPC over TLS, as clients that know nothing of this service speak it."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import time

import pytest
from conftest import run
from own_ca import Certificates, openssl
from test_grpc import GRPCURL, SERVICE
from test_sdk_batch import issue, models
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import ssl_client


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls") / "files")


@pytest.fixture(scope="module")
def secured(tmp_path_factory, certificates):
    from conftest import Service
    running = Service(tmp_path_factory.mktemp("secured") / "data", *certificates.flags())
    yield running
    running.close()
    assert running.process.returncode == 0


def sdk(service, trusted, **profile):
    http_profile = HttpProfile(protocol="https", endpoint=service.env["CERTWRIGHT_HTTPS"],
                               certification=str(trusted), **profile)
    signature = "TC3-HMAC-SHA256"
    keys = credential.Credential(service.secret_id, service.secret_key)
    return ssl_client.SslClient(keys, "", ClientProfile(signature, http_profile))


def subject(address, trusted, alpn=("http/1.1",)):
    """Whom the listener shows to a new connection."""
    context = ssl.create_default_context(cafile=str(trusted))
    context.set_alpn_protocols(list(alpn))
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secured_socket:
            return dict(part[0] for part in secured_socket.getpeercert()["subject"])["commonName"]


def test_the_endpoint_file_names_the_tls_listeners(secured, certificates):
    assert secured.env["CERTWRIGHT_HTTPS"].startswith("127.0.0.1:")
    assert secured.env["CERTWRIGHT_GRPCS"].startswith("127.0.0.1:")
    assert secured.env["CERTWRIGHT_CA"] == str(certificates.certificate)  # its root stands there
    assert any(secured.env["CERTWRIGHT_HTTPS"] in line for line in secured.output)


def test_a_certificate_without_its_root_asks_for_it(start, secured, tmp_path):
    certificates = Certificates(tmp_path / "files")
    chain = certificates.certificate.read_text()
    certificates.certificate.write_text(chain[:chain.index("-----END CERTIFICATE-----") + 26])
    service = start(*certificates.flags())
    assert "CERTWRIGHT_CA" not in service.env
    assert any("--roots FILE" in line and "--ca FILE" in line for line in service.output)
    assert not any("--roots" in line for line in secured.output)
    env = run("env", "go", "--scheme", "https", "--data", service.data, check=True,
              env={"SSL_CERT_FILE": str(certificates.root)})
    assert f"SSL_CERT_FILE={certificates.root}" in env.stdout and "--roots FILE" in env.stderr
    proxy = run("env", "go", "--scheme", "https", "--data", service.data, "--https", "a.test:443",
                check=True)
    assert f"{service.data}/ca-roots.pem" in proxy.stdout


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_python_sdk_runs_a_lifecycle_over_https(secured, certificates, method):
    client = sdk(secured, certificates.root, reqMethod=method)
    identity = issue(client, f"{method.lower()}.https.test")
    request = models.DescribeCertificateRequest()
    request.CertificateId = identity
    assert client.DescribeCertificate(request).Status == 1
    request = models.DescribeDownloadCertificateUrlRequest()
    request.CertificateId = identity
    link = client.DescribeDownloadCertificateUrl(request).DownloadCertificateUrl
    assert link.startswith(f"https://{secured.env['CERTWRIGHT_HTTPS']}/download/")


def test_the_python_sdk_refuses_whom_it_does_not_trust(secured, tmp_path):
    stranger = Certificates(tmp_path / "stranger")
    with pytest.raises(TencentCloudSDKException) as refused:
        sdk(secured, stranger.root).DescribeCertificates(models.DescribeCertificatesRequest())
    assert "certificate verify failed" in str(refused.value)


@pytest.mark.parametrize("version, is_served", [("-tls1", False), ("-tls1_1", False),
                                                ("-tls1_2", True), ("-tls1_3", True)])
@pytest.mark.parametrize("listener, alpn", [("HTTPS", "http/1.1"), ("GRPCS", "h2")])
def test_openssl_finds_new_versions_alone(secured, certificates, version, is_served, listener,
                                          alpn):
    done = openssl("s_client", "-connect", secured.env[f"CERTWRIGHT_{listener}"], version,
                   "-cipher", "ALL:@SECLEVEL=0", "-alpn", alpn, "-CAfile", certificates.root,
                   "-verify_return_error", check=False)
    assert (done.returncode == 0) == is_served, done.stdout + done.stderr
    assert ("no peer certificate available" in done.stdout) == (not is_served)
    assert (f"ALPN protocol: {alpn}" in done.stdout) == is_served


@pytest.mark.parametrize("suite, is_served", [
    ("ECDHE-ECDSA-CHACHA20-POLY1305", True), ("ECDHE-ECDSA-AES256-GCM-SHA384", True),
    ("ECDHE-ECDSA-AES128-GCM-SHA256", True), ("ECDHE-ECDSA-AES128-SHA256", False)])
@pytest.mark.parametrize("listener, alpn", [("HTTPS", "http/1.1"), ("GRPCS", "h2")])
def test_both_transports_have_the_same_suites(secured, certificates, suite, is_served, listener,
                                              alpn):
    done = openssl("s_client", "-connect", secured.env[f"CERTWRIGHT_{listener}"], "-tls1_2",
                   "-cipher", suite, "-alpn", alpn, "-CAfile", certificates.root,
                   "-verify_return_error", check=False)
    assert (done.returncode == 0) == is_served, done.stdout + done.stderr
    assert (f"Cipher is {suite}" in done.stdout) == is_served


@pytest.mark.parametrize("transport", ["https", "grpcs"])
def test_the_call_command_speaks_tls(secured, transport, tmp_path):
    def call(action, *more, **members):
        return run("call", action, json.dumps(members), "--transport", transport,
                   "--endpoint-env", secured.data / "endpoint.env", *more)

    applied = call("ApplyCertificate", DvAuthMethod="DNS", DomainName=f"{transport}.call.test")
    assert applied.returncode == 0, applied.stderr
    identity = {"CertificateId": json.loads(applied.stdout)["Response"]["CertificateId"]}
    assert call("CompleteCertificate", **identity).returncode == 0
    link = json.loads(call("DescribeDownloadCertificateUrl", **identity).stdout)["Response"]
    port = secured.env["CERTWRIGHT_HTTPS"].rsplit(":", 1)[1]
    assert link["DownloadCertificateUrl"].startswith("https://")
    assert f":{port}/download/" in link["DownloadCertificateUrl"]
    assert call("DescribeCertificate", CertificateId="nosuchid").returncode == 1
    stranger = Certificates(tmp_path / "stranger")
    untrusted = call("DescribeCertificates", "--ca", str(stranger.root))
    assert untrusted.returncode == 3
    assert "--ca FILE or CERTWRIGHT_CA" in untrusted.stderr and "serve" not in untrusted.stderr
    nothing = call("DescribeCertificates", "--ca", "/dev/null")
    assert nothing.returncode == 2
    assert "--ca" in nothing.stderr


@pytest.mark.parametrize("transport", ["https", "grpcs"])
def test_the_call_command_says_what_to_do_about_tls(start, certificates, secured, transport):
    flags = certificates.flags()
    service = start(*flags[:4], "--https", "0.0.0.0:0", "--grpcs", "0.0.0.0:0")
    address = service.env[f"CERTWRIGHT_{transport.upper()}"]
    assert address.startswith("127.0.0.1:")

    def call(at):
        return run("call", "DescribeCertificates", "--transport", transport, "--endpoint-env",
                   service.data / "endpoint.env", f"--{transport}", at)

    assert call(address).returncode == 0
    assert call(address.replace("127.0.0.1", "localhost")).returncode == 0
    other = call(address.replace("127.0.0.1", "127.0.0.2"))
    assert other.returncode == 3
    assert f"--{transport} NAME:PORT" in other.stderr and "serve" not in other.stderr
    plain = call(secured.http)
    assert plain.returncode == 3 and "no TLS there" in plain.stderr


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_who_knows_an_address_over_tls_alone_is_told_so(secured, tmp_path, transport):
    file = tmp_path / "endpoint.env"
    file.write_text("".join(f"{name}={value}\n" for name, value in secured.env.items()
                            if name not in ("CERTWRIGHT_HTTP", "CERTWRIGHT_GRPC")))
    call = run("call", "DescribeCertificates", "--transport", transport, "--endpoint-env", file)
    assert call.returncode == 2 and f"--transport {transport}s" in call.stderr
    env = run("env", *(["grpcurl"] if transport == "grpc" else []), "--endpoint-env", file)
    assert env.returncode == 2 and "--scheme https" in env.stderr


def test_grpcurl_over_tls(secured, certificates):
    address = secured.env["CERTWRIGHT_GRPCS"]
    headers = run("sign", "DescribeCertificates", "--endpoint-env",
                  secured.data / "endpoint.env", "--grpc", address, check=True).stdout.splitlines()
    flags = [part for header in headers for part in ("-H", header)]
    done = subprocess.run([GRPCURL, "-cacert", str(certificates.root), *flags, "-d",
                           '{"Limit": 1}', address, f"{SERVICE}/DescribeCertificates"],
                          capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    assert "TotalCount" in done.stdout


def test_the_pages_are_there_too(secured, certificates):
    context = ssl.create_default_context(cafile=str(certificates.root))
    connection = http.client.HTTPSConnection(secured.env["CERTWRIGHT_HTTPS"], context=context,
                                             timeout=30)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    connection.close()


def wait_for(what):
    """Until it is so: the service tells nobody when it has looked."""
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_renewed_certificate_is_served_without_a_restart(start, tmp_path):
    certificates = Certificates(tmp_path / "files")
    certificates.key.chmod(0o644)
    service = start(*certificates.flags())
    assert "chmod 600" in service.log_text()
    listeners = [(service.env["CERTWRIGHT_HTTPS"], ("http/1.1",)),
                 (service.env["CERTWRIGHT_GRPCS"], ("h2",))]
    context = ssl.create_default_context(cafile=str(certificates.root))
    old = http.client.HTTPSConnection(listeners[0][0], context=context, timeout=30)
    old.request("GET", "/healthz")
    assert old.getresponse().read() == b"ok\n"

    def shown():
        return {subject(address, certificates.root, alpn) for address, alpn in listeners}

    assert shown() == {"first"}
    certificates.renew("second")
    service.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "a new certificate serves" in service.log_text())
    assert shown() == {"second"}

    certificates.key.write_text("broken")
    service.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "the certificate from before stays" in service.log_text())
    assert shown() == {"second"}

    certificates.renew("third")  # nobody sends a signal
    wait_for(lambda: service.log_text().count("a new certificate serves") == 2)
    assert shown() == {"third"}
    assert service.log_text().count("the certificate from before stays") == 1
    assert "BEGIN" not in service.log_text()
    old.request("GET", "/healthz")
    assert old.getresponse().read() == b"ok\n"
    old.close()
    assert service.stop() == 0


@pytest.mark.parametrize("change, reason", [
    (lambda flags: flags[:2], "tls_key_file (--tls-key)"),
    (lambda flags: flags[2:4], "tls_certificate_file (--tls-cert)"),
    (lambda flags: flags[4:6], "no certificate is there"),
    (lambda flags: [flags[0], flags[3], *flags[2:]], "holds no certificate"),
    (lambda flags: [*flags[:3], flags[1], *flags[4:]], "holds no private key"),
    (lambda flags: [*flags[:3], "/nowhere", *flags[4:]], "cannot read the TLS key /nowhere"),
    (lambda flags: [*flags[:4], "--https", "nowhere"], "HOST:PORT"),
])
def test_wrong_files_are_told_at_the_start(certificates, tmp_path, change, reason):
    done = run("serve", "--data", tmp_path / "data", "--http", "127.0.0.1:0", "--grpc",
               "127.0.0.1:0", *change(certificates.flags()))
    assert done.returncode == 2
    assert reason in done.stderr


def test_a_weak_key_is_refused_at_the_start(tmp_path):
    openssl("req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", tmp_path / "key.pem",
            "-out", tmp_path / "cert.pem", "-subj", "/CN=localhost", "-days", 30)
    done = run("serve", "--data", tmp_path / "data", "--http", "127.0.0.1:0", "--grpc",
               "127.0.0.1:0", "--tls-cert", tmp_path / "cert.pem", "--tls-key",
               tmp_path / "key.pem")
    assert done.returncode == 2
    assert str(tmp_path / "cert.pem") in done.stderr
    assert "RSA key of at least 2048 bits" in done.stderr


def test_a_certificate_from_here_is_trusted_by_our_own_roots(start, tmp_path):
    first = start()
    call = ("--endpoint-env", first.data / "endpoint.env")
    applied = run("call", "ApplyCertificate",
                  '{"DvAuthMethod": "DNS", "DomainName": "certwright.localhost"}', *call)
    identity = json.loads(applied.stdout)["Response"]["CertificateId"]
    run("call", "CompleteCertificate", json.dumps({"CertificateId": identity}), *call, check=True)
    shown = json.loads(run("call", "DescribeCertificateDetail",
                           json.dumps({"CertificateId": identity}), *call).stdout)["Response"]
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_text(shown["CertificatePublicKey"])
    key.write_text(shown["CertificatePrivateKey"])
    key.chmod(0o600)
    first.close()
    second = start("--tls-cert", str(chain), "--tls-key", str(key), "--https", "127.0.0.1:0",
                   "--grpcs", "127.0.0.1:0")
    assert second.env["CERTWRIGHT_CA"] == str(second.data / "ca-roots.pem")
    context = ssl.create_default_context(cafile=second.env["CERTWRIGHT_CA"])
    host, port = second.env["CERTWRIGHT_HTTPS"].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname="certwright.localhost") as connection:
            assert connection.version() == "TLSv1.3"
