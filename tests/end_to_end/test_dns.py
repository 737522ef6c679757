"""Domain validation against a real authoritative name server, and files from a real web server."""

import http.server
import shutil
import socket
import ssl
import subprocess
import threading

import pytest
from conftest import Service
from signer import Caller

KNOTD = shutil.which("knotd") or "/usr/sbin/knotd"
KNOTC = shutil.which("knotc") or "/usr/sbin/knotc"
ZONE = "zone-of-tests.com"


def free_port():
    """A port that is free for UDP and TCP alike."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.bind(("127.0.0.1", 0))
            port = datagrams.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream:
                try:
                    stream.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue


class NameServer:
    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.serial = 1
        self.socket = folder / "knot.sock"
        (folder / "knot.conf").write_text(
            f"server:\n  rundir: {folder}\n  listen: 127.0.0.1@{self.port}\n"
            f"control:\n  listen: {self.socket}\n"
            f"database:\n  storage: {folder}\n"
            f"zone:\n  - domain: {ZONE}\n    storage: {folder}\n    file: zone\n"
            f"    zonefile-sync: -1\n    journal-content: none\n")
        self._write([])
        self.process = subprocess.Popen([KNOTD, "-c", str(folder / "knot.conf")],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if self._control("zone-status", ZONE).returncode == 0:
                break

    def _control(self, *command):
        return subprocess.run([KNOTC, "-s", str(self.socket), "-b", *command],
                              capture_output=True, text=True, check=False, timeout=30)

    def _write(self, records):
        self.serial += 1
        lines = [f"$ORIGIN {ZONE}.", "$TTL 1",
                 f"@ SOA ns.{ZONE}. admin.{ZONE}. {self.serial} 3600 600 86400 1",
                 f"@ NS ns.{ZONE}.", "ns A 127.0.0.1", "@ A 127.0.0.1", "www A 127.0.0.1"]
        (self.folder / "zone").write_text("\n".join(lines + records) + "\n")

    def publish(self, *records):
        """Serves exactly these records, besides the zone's own."""
        self._write(list(records))
        done = self._control("zone-reload", ZONE)
        assert done.returncode == 0, done.stdout + done.stderr

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)


class Files(http.server.BaseHTTPRequestHandler):
    served = {}

    def do_GET(self):
        body = self.served.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write((body or "nothing here").encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def name_server(tmp_path_factory):
    server = NameServer(tmp_path_factory.mktemp("knot"))
    yield server
    server.close()


class SecureFiles(Files):
    served = {}


def serve(handler, context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def web_port():
    yield from serve(Files)


@pytest.fixture(scope="module")
def secure_web_port(tmp_path_factory):
    """HTTPS with a certificate of somebody else's name that nobody signed."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=somebody.else.invalid",
                    "-keyout", folder / "key", "-out", folder / "certificate"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    yield from serve(SecureFiles, context)


def start_caller(folder, name_server, config):
    (folder / "config").write_text(config)
    service = Service(folder / "data", "--resolver", f"127.0.0.1:{name_server.port}",
                      "--config", str(folder / "config"))
    yield Caller(service)
    service.close()


@pytest.fixture(scope="module")
def caller(tmp_path_factory, name_server, web_port, secure_web_port):
    yield from start_caller(
        tmp_path_factory.mktemp("dns"), name_server,
        f"file_http_port: {web_port}\nfile_https_port: {secure_web_port}\n")


@pytest.fixture(scope="module")
def txt_caller(tmp_path_factory, name_server):
    yield from start_caller(
        tmp_path_factory.mktemp("txt"), name_server, "force_txt_validation: true\n")


def apply(caller, name, method="DNS"):
    applied = caller("ApplyCertificate", DvAuthMethod=method, DomainName=name)
    identity = {"CertificateId": applied["CertificateId"]}
    shown = caller("DescribeCertificate", **identity)
    assert shown["Status"] == 0
    return identity, shown["DvAuthDetail"]["DvAuths"]


def status(caller, identity):
    caller("CompleteCertificate", **identity)
    return caller("DescribeCertificate", **identity)["Status"]


def check(caller, identity):
    (result,) = caller("CheckCertificateDomainVerification", **identity)["VerificationResults"]
    return result


def cname(record, value=None):
    return f"{record['DvAuthKey']}. CNAME {value or record['DvAuthValue']}."


def txt(record, *strings):
    quoted = " ".join(f'"{one}"' for one in strings or [record["DvAuthValue"]])
    return f"{record['DvAuthKey']}. TXT {quoted}"


def test_a_missing_record_leaves_the_order_open(caller, name_server):
    identity, _ = apply(caller, f"missing.{ZONE}")
    name_server.publish()
    assert status(caller, identity) == 0
    result = check(caller, identity)
    assert (result["LocalCheck"], result["Issued"]) == (-6, False)
    assert result["LocalCheckFailReason"]
    again = check(caller, identity)
    assert again["Frequently"] is True


def test_a_wrong_record_does_not_pass(caller, name_server):
    identity, (record,) = apply(caller, f"wrong.{ZONE}")
    name_server.publish(cname(record, "somewhere.else.example.org"))
    assert status(caller, identity) == 0
    result = check(caller, identity)
    assert result["LocalCheck"] == -7
    assert result["CheckValue"] == ["somewhere.else.example.org"]


def test_a_txt_record_is_no_cname(caller, name_server):
    identity, (record,) = apply(caller, f"kind.{ZONE}")
    name_server.publish(f"{record['DvAuthKey']}. TXT \"{record['DvAuthValue']}\"")
    assert status(caller, identity) == 0


def test_the_record_of_another_order_does_not_pass(caller, name_server):
    _, (first,) = apply(caller, f"shared.{ZONE}")
    identity, (second,) = apply(caller, f"shared.{ZONE}")
    assert first["DvAuthValue"] != second["DvAuthValue"]
    name_server.publish(cname(first), cname(second, first["DvAuthValue"]))
    assert status(caller, identity) == 0


def test_a_late_record_passes_when_it_is_there(caller, name_server):
    identity, (record,) = apply(caller, f"late.{ZONE}")
    name_server.publish()
    assert status(caller, identity) == 0
    name_server.publish(cname(record))
    assert status(caller, identity) == 1


def test_the_job_finds_a_record_by_itself(caller, name_server):
    identity, (record,) = apply(caller, f"job.{ZONE}")
    name_server.publish(cname(record))
    for _ in range(3000):
        if caller("DescribeCertificate", **identity)["Status"] == 1:
            break
        threading.Event().wait(0.02)
    assert caller("DescribeCertificate", **identity)["Status"] == 1


def test_case_does_not_matter_in_names(caller, name_server):
    identity, (record,) = apply(caller, f"case.{ZONE}")
    name_server.publish(cname(record, record["DvAuthValue"].upper()))
    assert status(caller, identity) == 1


def test_checking_issues_before_answering(caller, name_server):
    identity, (record,) = apply(caller, f"check.{ZONE}")
    name_server.publish(cname(record))
    result = check(caller, identity)
    assert (result["LocalCheck"], result["CaCheck"], result["Issued"]) == (1, 2, True)
    assert caller("DescribeCertificate", **identity)["Status"] == 1


@pytest.mark.parametrize("caa, expected", [
    ("0 issue \"certwright.invalid\"", 1),
    ("0 issue \"other.example\"", 2),
    ("0 issue \";\"", 2),
    ("128 unknown \"x\"", 2),
    ("0 iodef \"mailto:x@example.com\"", 1),
])
def test_caa_decides_who_may_issue(caller, name_server, caa, expected):
    identity, (record,) = apply(caller, f"caa.{ZONE}")
    name_server.publish(cname(record), f"@ CAA {caa}")
    assert status(caller, identity) == expected


def test_a_zone_that_nobody_serves_is_no_consent(caller, name_server):
    identity, _ = apply(caller, "elsewhere-of-tests.org")
    name_server.publish()
    assert status(caller, identity) == 0
    assert check(caller, identity)["LocalCheck"] == -3


def test_every_host_shows_the_file(caller, name_server):
    name_server.publish()
    identity, records = apply(caller, ZONE, method="FILE")
    assert [record["DvAuthVerifyType"] for record in records] == ["FILE", "FILE"]
    assert {record["DvAuthDomain"] for record in records} == {ZONE, f"www.{ZONE}"}
    path = records[0]["DvAuthPath"] + records[0]["DvAuthKey"]
    assert status(caller, identity) == 0
    Files.served = {path: "something else"}
    assert status(caller, identity) == 0
    Files.served = {path: records[0]["DvAuthValue"] + "\n"}
    assert status(caller, identity) == 1


def test_a_file_over_https_needs_no_trusted_certificate(caller, name_server):
    name_server.publish()
    identity, records = apply(caller, f"www.{ZONE}", method="FILE")
    path = records[0]["DvAuthPath"] + records[0]["DvAuthKey"]
    Files.served = {}
    SecureFiles.served = {path: "something else"}
    assert status(caller, identity) == 0
    SecureFiles.served = {path: records[0]["DvAuthValue"]}
    assert status(caller, identity) == 1


def test_caa_of_the_extra_name_counts(caller, name_server):
    identity, (record,) = apply(caller, ZONE)
    name_server.publish(cname(record), 'www CAA 0 issue "other.example"')
    assert status(caller, identity) == 2


@pytest.mark.parametrize("proof", ["record", "record that CAA does not allow", "file"])
def test_a_revocation_is_proven_by_its_record_or_its_file(caller, name_server, proof):
    identity, (first,) = apply(caller, f"revoked.{ZONE}")
    name_server.publish(cname(first))
    Files.served = SecureFiles.served = {}
    assert status(caller, identity) == 1
    (file,) = caller("RevokeCertificate", **identity)["RevokeDomainValidateAuths"]
    (record,) = caller("DescribeCertificate", **identity)["DvRevokeAuthDetail"]
    assert status(caller, identity) == 9
    assert check(caller, identity)["LocalCheck"] == -6

    if proof == "file":
        path = file["DomainValidateAuthPath"] + file["DomainValidateAuthKey"]
        name_server.publish("revoked A 127.0.0.1")
        Files.served = {path: file["DomainValidateAuthValue"]}
    elif proof == "record":
        name_server.publish(cname(record))
    else:
        name_server.publish(cname(record), "@ CAA 0 issue \";\"")

    assert status(caller, identity) == 10


def test_a_txt_record_is_found_at_its_documented_name(txt_caller, name_server):
    identity, (record,) = apply(txt_caller, f"txt.{ZONE}")
    assert record["DvAuthVerifyType"] == "TXT"
    assert record["DvAuthKey"] == f"_dnsauth.txt.{ZONE}"
    assert f"{record['DvAuthSubDomain']}.{record['DvAuthDomain']}" == record["DvAuthKey"]
    name_server.publish(txt(record))
    assert status(txt_caller, identity) == 1


def test_a_txt_record_in_several_strings_passes(txt_caller, name_server):
    identity, (record,) = apply(txt_caller, f"strings.{ZONE}")
    value = record["DvAuthValue"]
    name_server.publish(txt(record, value[:7], value[7:20], value[20:]))
    assert status(txt_caller, identity) == 1


def test_two_orders_for_one_name_stand_side_by_side(txt_caller, name_server):
    """Both have the same record name: each finds its own value among the others."""
    first_identity, (first,) = apply(txt_caller, f"duplicate.{ZONE}")
    second_identity, (second,) = apply(txt_caller, f"duplicate.{ZONE}")
    assert first["DvAuthKey"] == second["DvAuthKey"]
    name_server.publish(txt(first, "v=spf1 -all"), txt(first))
    assert status(txt_caller, second_identity) == 0
    name_server.publish(txt(first, "v=spf1 -all"), txt(first), txt(second))
    assert status(txt_caller, second_identity) == 1
    assert status(txt_caller, first_identity) == 1


def test_a_wrong_and_a_missing_txt_record_are_told_apart(txt_caller, name_server):
    identity, (record,) = apply(txt_caller, f"txtwrong.{ZONE}")
    name_server.publish(txt(record, record["DvAuthValue"] + "x"))
    result = check(txt_caller, identity)
    assert (result["LocalCheck"], result["Issued"]) == (-2, False)
    assert result["CheckValue"] == [record["DvAuthValue"] + "x"]
    identity, (record,) = apply(txt_caller, f"txtmissing.{ZONE}")
    name_server.publish()
    assert check(txt_caller, identity)["LocalCheck"] == -1


def test_many_txt_records_come_over_tcp(txt_caller, name_server):
    """More than a datagram holds."""
    identity, (record,) = apply(txt_caller, f"big.{ZONE}")
    noise = [txt(record, f"{number}-" + "x" * 200) for number in range(30)]
    name_server.publish(*noise, txt(record))
    assert status(txt_caller, identity) == 1
