"""HTTP messages that two readers could read in two ways, and connections that are used badly."""

import socket

import pytest
from signer import Caller


@pytest.fixture(scope="module")
def caller(service):
    return Caller(service)


def connect(service):
    host, port = service.http.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=30)


def message(caller, body=b"{}", framing=None, start="POST / HTTP/1.1"):
    headers = caller.headers("DescribeCertificates", body)
    lines = [start, *(f"{name}: {value}" for name, value in headers.items())]
    lines += framing if framing is not None else [f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answers(connection):
    """All that comes until the service ends the connection."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


@pytest.mark.parametrize("framing", [
    ["Content-Length: 2", "Content-Length: 3"],
    ["Content-Length: 2", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked, identity"],
    ["Content-Length: +2"],
    ["Content-Length: -1"],
    ["Content-Length: 2, 2"],
    ["Content-Length : 2"],
    ["Content-Length: 2", " folded: line"],
    ["Content-Length: 2", "Bad\x01Name: x"],
    ["Content-Length: 2", "X" * 70000 + ": x"],
    ["Content-Length: 2"] + [f"X-Many-{n}: x" for n in range(5000)],
])
def test_a_message_with_two_readings_ends_the_connection(service, caller, framing):
    with connect(service) as connection:
        connection.sendall(message(caller, framing=framing))
        connection.sendall(message(caller))
        try:
            received = answers(connection)
        except ConnectionResetError:
            received = b""
    assert b"TotalCount" not in received
    assert "TotalCount" in caller("DescribeCertificates")


@pytest.mark.parametrize("start", [
    "POST / HTTP/3.0", "POST /", "", "\x16\x03\x01\x02\x00\x01", "PRI * HTTP/2.0"])
def test_what_is_no_http_1_is_not_answered_as_if_it_were(service, caller, start):
    with connect(service) as connection:
        connection.sendall(message(caller, start=start))
        connection.shutdown(socket.SHUT_WR)
        try:
            received = answers(connection)
        except ConnectionResetError:
            received = b""
    assert b"TotalCount" not in received
    assert "TotalCount" in caller("DescribeCertificates")


def test_a_chunked_body_is_read_or_refused_but_not_misread(service, caller):
    whole = message(caller, framing=["Transfer-Encoding: chunked", "Connection: close"])
    with connect(service) as connection:
        connection.sendall(whole[:-2] + b"2\r\n{}\r\n0\r\n\r\n")
        assert b"TotalCount" in answers(connection)


def test_a_connection_lives_on_until_its_client_closes_it(service, caller):
    with connect(service) as connection:
        stream = connection.makefile("rb")
        for _ in range(3):
            connection.sendall(message(caller))
            assert stream.readline().startswith(b"HTTP/1.1 200")
            length = 0
            while line := stream.readline().strip().lower():
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            assert b"TotalCount" in stream.read(length)


def test_close_is_heeded_and_continue_is_sent(service, caller):
    with connect(service) as connection:
        connection.sendall(message(caller, framing=["Content-Length: 2", "Connection: close"]))
        assert b"TotalCount" in answers(connection)
    asking = message(caller, framing=["Content-Length: 2", "Expect: 100-continue",
                                      "Connection: close"])
    with connect(service) as connection:
        connection.sendall(asking[:-2])
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        connection.sendall(b"{}")
        assert b"TotalCount" in answers(connection)


def test_a_client_that_leaves_in_the_middle_harms_nobody(service, caller):
    for cut in (1, 30, 200, -1):
        with connect(service) as connection:
            connection.sendall(message(caller)[:cut])
    assert "TotalCount" in caller("DescribeCertificates")
