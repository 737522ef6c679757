"""What callers, a load balancer and an operator see between SIGTERM and the end."""

import http.client
import signal
import socket
import threading
import urllib.request

import pytest
from conftest import run
from signer import Caller, code


class SilentNameServer:
    """Takes questions; answers them, that it cannot, only when it is let."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            if not question:
                return
            self.is_asked.set()
            self.may_answer.wait()
            end = question.index(b"\0", 12) + 5
            refusal = question[:2] + b"\x81\x82\0\1\0\0\0\0\0\0" + question[12:end]
            self.socket.sendto(refusal, client)

    def close(self):
        self.may_answer.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", ("127.0.0.1", self.port))
        self.thread.join()
        self.socket.close()


@pytest.fixture
def name_server():
    server = SilentNameServer()
    yield server
    server.close()


def page(service, path):
    connection = http.client.HTTPConnection(service.http, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def call(service, transport, action, *json):
    return run("call", action, *json, "--transport", transport,
               "--endpoint-env", service.data / "endpoint.env")


@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_a_drain_is_told_until_the_last_call_is_answered(start, name_server, transport):
    service = start("--resolver", f"127.0.0.1:{name_server.port}")
    caller = Caller(service)
    order = caller("ApplyCertificate", DvAuthMethod="DNS", DomainName="a.hanging-zone.com")
    assert page(service, "/readyz") == (200, b"ok\n")
    answers = []

    def complete():
        answers.append(call(service, transport, "CompleteCertificate",
                            f'{{"CertificateId": "{order["CertificateId"]}"}}'))

    waiting = threading.Thread(target=complete)
    waiting.start()
    assert name_server.is_asked.wait(30)
    service.process.send_signal(signal.SIGTERM)
    while page(service, "/readyz")[0] == 200:
        pass

    assert page(service, "/readyz") == (503, b"draining\n")
    assert page(service, "/healthz") == (200, b"ok\n")
    assert code(caller("DescribeCertificates")) == "ServiceUnavailable"
    # Its listener closes a moment later than the page tells.
    refused = call(service, "grpc", "DescribeCertificates")
    assert refused.returncode == 3 or "ServiceUnavailable" in refused.stdout
    assert not answers

    name_server.may_answer.set()
    waiting.join()
    assert answers[0].returncode == 0, answers[0].stderr
    assert service.process.wait(timeout=30) == 0
