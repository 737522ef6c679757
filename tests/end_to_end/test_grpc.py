"""gRPC as grpcurl and `certwright call` use it."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import ROOT, run

SERVICE = "certwright.ssl.v20191205.SslService"
# tools/install_grpcurl.sh installs it; without it these tests fail.
GRPCURL = shutil.which("grpcurl", path=f"{ROOT / 'build/bin'}:{os.environ['PATH']}") or "grpcurl"


def grpcurl(service, *arguments, headers=()):
    flags = [part for header in headers for part in ("-H", header)]
    return subprocess.run([GRPCURL, "-plaintext", *flags, *arguments[:-1], service.grpc,
                           *arguments[-1].split()],
                          capture_output=True, text=True, check=False, timeout=30)


def signed(service, action, *payload):
    printed = run("sign", action, *payload, "--endpoint-env", service.data / "endpoint.env",
                  check=True)
    return printed.stdout.splitlines()


def test_reflection_lists_and_describes_with_comments(service):
    listed = grpcurl(service, "list").stdout.split()
    assert SERVICE in listed
    assert "certwright.tag.v20180813.TagService" in listed
    assert "grpc.health.v1.Health" in listed
    described = grpcurl(service, f"describe {SERVICE}").stdout
    assert described.count("\n  rpc ") == 73
    assert "Order one free single-domain DV certificate" in described
    member = grpcurl(service, "describe certwright.ssl.v20191205.ApplyCertificateRequest").stdout
    assert "// Required." in member
    assert 'json_name = "DvAuthMethod"' in member or "dv_auth_method" in member


def test_health_needs_no_signature(service):
    assert "SERVING" in grpcurl(service, "grpc.health.v1.Health/Check").stdout


def test_nothing_else_is_served_without_one(service):
    refused = grpcurl(service, f"{SERVICE}/DescribeCertificates")
    assert refused.returncode != 0
    assert "Unauthenticated" in refused.stderr or "InvalidArgument" in refused.stderr


def test_signed_headers_make_a_call(service):
    unsigned_payload = grpcurl(service, "-d", '{"Limit": 3}', f"{SERVICE}/DescribeCertificates",
                               headers=signed(service, "DescribeCertificates"))
    assert unsigned_payload.returncode == 0, unsigned_payload.stderr
    request = '{"DvAuthMethod": "DNS", "DomainName": "grpcurl.test"}'
    applied = grpcurl(service, "-d", request, f"{SERVICE}/ApplyCertificate",
                      headers=signed(service, "ApplyCertificate", request))
    assert applied.returncode == 0, applied.stderr
    assert len(json.loads(applied.stdout)["CertificateId"]) == 8


def test_errors_carry_code_and_request_id(service):
    request = '{"CertificateId": "nosuchid"}'
    refused = grpcurl(service, "-d", request, f"{SERVICE}/DescribeCertificate",
                      headers=signed(service, "DescribeCertificate", request))
    assert "Code: NotFound" in refused.stderr
    assert "FailedOperation.CertificateNotFound" in refused.stderr
    assert "RequestId" in refused.stderr
    other = grpcurl(service, "-d", request, f"{SERVICE}/DeleteCertificate",
                    headers=signed(service, "DescribeCertificate", request))
    assert "AuthFailure.SignatureFailure" in other.stderr


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_the_call_command_speaks_both(service, transport):
    def call(action, **members):
        done = run("call", action, json.dumps(members), "--transport", transport,
                   "--endpoint-env", service.data / "endpoint.env")
        return done.returncode, json.loads(done.stdout)["Response"]

    status, applied = call("ApplyCertificate", DvAuthMethod="DNS", DomainName=f"{transport}.test")
    assert status == 0
    identity = {"CertificateId": applied["CertificateId"]}
    assert call("CompleteCertificate", **identity)[0] == 0
    status, shown = call("DescribeCertificate", **identity)
    assert (status, shown["Status"]) == (0, 1)
    status, link = call("DescribeDownloadCertificateUrl", **identity)
    assert link["DownloadCertificateUrl"].startswith(f"http://{service.http}/download/")
    status, refused = call("DescribeCertificate", CertificateId="nosuchid")
    assert status == 1
    assert refused["Error"]["Code"] == "FailedOperation.CertificateNotFound"
    status, project = call("CreateProject", ProjectName=f"of {transport}")
    assert (status, project["ProjectId"] > 1000) == (0, True)


@pytest.mark.parametrize("transport", ["http", "grpc"])
@pytest.mark.parametrize("arguments, expected, hint", [
    (("NoSuchAction",), 2, "ssl.proto"),
    (("describecertificates",), 2, "DescribeCertificates"),
    (("DescribeCertificates", "{"), 2, "JSON"),
    (("DescribeCertificates", '{"Nope": 1}'), 2, "Nope"),
    (("DescribeCertificates", ""), 0, ""),
    (("DescribeCertificate", "{}"), 1, ""),
    (("DescribeCertificates", '{"ExpirationSort": "UP"}'), 1, ""),
])
def test_one_mistake_has_one_exit_code(service, transport, arguments, expected, hint):
    done = run("call", *arguments, "--transport", transport,
               "--endpoint-env", service.data / "endpoint.env")
    assert done.returncode == expected, done.stdout + done.stderr
    assert hint in done.stderr
    assert bool(done.stdout) == (expected != 2)


def test_call_tells_usage_from_silence(service):
    env = {"TENCENTCLOUD_SECRET_ID": "AKIDx", "TENCENTCLOUD_SECRET_KEY": "y"}
    for transport in ("http", "grpc"):
        silent = run("call", "DescribeCertificates", "--transport", transport, "--http",
                     "127.0.0.1:1", "--grpc", "127.0.0.1:1", env=env)
        assert silent.returncode == 3
        assert "certwright serve" in silent.stderr
        unnamed = run("call", "DescribeCertificates", "--transport", transport, env=env)
        assert unnamed.returncode == 2
        assert f"--{transport}" in unnamed.stderr
    assert run("call", "DescribeCertificates").returncode == 2
    assert run().returncode == 2
    for command in ((), ("serve",), ("init",), ("account",), ("account", "create"), ("key",),
                    ("key", "create"), ("call",), ("sign",)):
        told = run(*command, "--help")
        assert told.returncode == 0
        assert "Exit code" in told.stdout
