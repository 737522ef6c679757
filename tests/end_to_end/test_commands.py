"""The command line tells people what to do."""

import pytest
from conftest import run


def test_a_wrong_command_is_named():
    for words in (["frob"], ["account", "frob"], ["key", "frob"]):
        refused = run(*words)
        assert refused.returncode == 2
        assert "frob" in refused.stderr
    for words in ([], ["account"]):
        assert "subcommand is required" in run(*words).stderr


def test_arguments_are_asked_for_by_the_names_of_the_manual():
    for words, name in ((["sign"], "ACTION"), (["key", "disable"], "ID")):
        assert f"{name} is required" in run(*words).stderr
        shown = run(*words, "--help").stdout
        assert shown.count("REQUIRED") == 1 and name in shown


def test_init_makes_the_keys_once(tmp_path):
    first = run("init", "--data", tmp_path / "data", check=True)
    again = run("init", "--data", tmp_path / "data", check=True)
    assert "Making the CA's keys" in first.stderr
    assert again.stderr == ""
    assert "account create" in again.stdout


def test_serve_says_how_to_go_on(start):
    dev = start("--dev", demo=False, name="dev")
    assert any("validate themselves" in line for line in dev.output)
    assert any("account create --data" in line for line in dev.output)
    assert any("key create --data" in line for line in dev.output)
    plain = start(demo=False, name="plain")
    assert not any("validate themselves" in line for line in plain.output)
    assert any("key create --data" in line for line in plain.output)


def test_an_action_that_is_not_there_is_told_from_those_of_all_services(service):
    def refusal(action):
        return run("call", action, "{}", "--endpoint-env", service.data / "endpoint.env").stderr

    for name in ("DescribeCertificates", "DescribeAccounts", "ModifyResourceTags"):
        assert f"its name is {name}" in refusal(name.upper())
    for listed in ("SslService", "SslExtensionService", "TagService"):
        assert listed in refusal("Frob")


@pytest.mark.parametrize("host, loopback", [("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]")])
def test_a_listener_on_every_address_is_told_as_one_to_dial(start, host, loopback):
    service = start("--allow-plain-network", http=f"{host}:0", grpc=f"{host}:0")
    assert service.http.startswith(f"{loopback}:") and service.grpc.startswith(f"{loopback}:")
    assert not any(f"{host}:" in line for line in service.output)
    call = run("call", "DescribeCertificates", "--endpoint-env", service.data / "endpoint.env")
    assert call.returncode == 0, call.stderr
