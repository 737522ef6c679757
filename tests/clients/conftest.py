"""The service of tests/end_to_end, and the official clients that fetch.sh installs."""

import importlib.util
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INSTALLED = ROOT / "build" / "clients"


def load_end_to_end():
    specification = importlib.util.spec_from_file_location(
        "end_to_end", HERE.parent / "end_to_end" / "conftest.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


end_to_end = load_end_to_end()


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    running = end_to_end.Service(tmp_path_factory.mktemp("service") / "data")
    yield running
    running.close()
    assert running.process.returncode == 0


@pytest.fixture(scope="session")
def installed():
    """Installs a client if it is not there, and returns its folder; the test fails if it cannot."""
    tried = {}

    def install(client):
        if client not in tried:
            tried[client] = subprocess.run([HERE / "fetch.sh", client], capture_output=True,
                                           text=True, check=False)
        if tried[client].returncode != 0:
            pytest.fail(tried[client].stderr, pytrace=False)
        return INSTALLED / client

    return install
