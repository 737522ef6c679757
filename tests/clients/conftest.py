"""The service of tests/end_to_end, and the official clients that fetch.sh installs."""

import importlib.util
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INSTALLED = ROOT / "build" / "clients"


def load_end_to_end(name):
    specification = importlib.util.spec_from_file_location(
        f"end_to_end_{name}", HERE.parent / "end_to_end" / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


end_to_end = load_end_to_end("conftest")
own_ca = load_end_to_end("own_ca")
signer = load_end_to_end("signer")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return own_ca.Certificates(tmp_path_factory.mktemp("tls") / "files")


@pytest.fixture(scope="session")
def service(tmp_path_factory, certificates):
    """Over TLS too, with a certificate of the operator's own CA."""
    running = end_to_end.Service(tmp_path_factory.mktemp("service") / "data",
                                 *certificates.flags())
    running.https = running.env["CERTWRIGHT_HTTPS"]
    yield running
    running.close()
    assert running.process.returncode == 0


def once(script, folder):
    """Runs `script NAME` when a name is asked for first, and returns its folder; the test fails if
    that did."""
    tried = {}

    def run(name):
        if name not in tried:
            tried[name] = subprocess.run([script, name], capture_output=True, text=True,
                                         check=False)
        if tried[name].returncode != 0:
            pytest.fail(tried[name].stderr, pytrace=False)
        return folder / name

    return run


@pytest.fixture(scope="session")
def installed():
    """Installs a client if it is not there, and returns its folder."""
    return once(HERE / "fetch.sh", INSTALLED)
