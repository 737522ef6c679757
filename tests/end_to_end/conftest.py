"""The real program on loopback, started and ended by each module."""

import os
import pathlib
import stat
import subprocess
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def find_program():
    named = os.environ.get("CERTWRIGHT_PROGRAM")
    candidates = [named] if named else []
    candidates += [ROOT / "build" / preset / "certwright" for preset in ("release", "dev")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    raise RuntimeError("no certwright to test: build it, or set CERTWRIGHT_PROGRAM")


PROGRAM = find_program()


class Service:
    """A `certwright serve` of this test's own."""

    def __init__(self, data, *flags, http="127.0.0.1:0", grpc="127.0.0.1:0", demo=True):
        self.data = pathlib.Path(data)
        command = [PROGRAM, "serve", "--data", str(data), "--http", http, "--grpc", grpc, *flags]
        if demo:
            command.insert(2, "--demo")
        self.log = open(f"{data}.log", "ab")
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.log, text=True, bufsize=1
        )
        self.output = []
        self._wait_until_ready()
        env = self.data / "endpoint.env"
        assert stat.S_IMODE(env.stat().st_mode) == 0o600
        self.env = dict(line.split("=", 1) for line in env.read_text().splitlines())
        self.http = self.env["CERTWRIGHT_HTTP"]
        self.grpc = self.env["CERTWRIGHT_GRPC"]
        self.secret_id = self.env.get("TENCENTCLOUD_SECRET_ID", "")
        self.secret_key = self.env.get("TENCENTCLOUD_SECRET_KEY", "")

    def _wait_until_ready(self):
        watchdog = threading.Timer(60, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            if line == "Ready\n":
                break
        watchdog.cancel()
        if not self.output or self.output[-1] != "Ready":
            raise RuntimeError(f"not ready, exit code {self.process.wait()}: {self.log_text()}")

    def log_text(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=30)

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()
        self.log.close()


def run(*arguments, env=None, check=False, stdin=None):
    """A `certwright` command, to its end."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **(env or {})},
        check=check,
        input=stdin,
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = Service(tmp_path_factory.mktemp("service") / "data")
    yield running
    running.close()
    assert running.process.returncode == 0


@pytest.fixture
def start(tmp_path):
    """Starts services in a folder of the test; all are ended with it."""
    running = []

    def starter(*flags, name="data", **options):
        service = Service(tmp_path / name, *flags, **options)
        running.append(service)
        return service

    yield starter
    for service in running:
        service.close()
