"""What `certwright env` prints works as it stands, with each client: plain, over TLS, and with a
temporary key."""

import json
import os
import re
import shutil
import subprocess

import pytest
from conftest import HERE, ROOT, end_to_end, own_ca

PROGRAM = end_to_end.PROGRAM
# A key of tests and a session's own must not be what makes a printed line work.
BARE = {name: value for name, value in os.environ.items()
        if not name.startswith(("TENCENTCLOUD_", "CERTWRIGHT_", "TCCLI_", "SSL_CERT_", "NODE_"))}
# Nor may what points elsewhere stop it.
STALE = {name: "stale" for name in ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY",
                                    "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN",
                                    "TENCENTCLOUD_SESSION_TOKEN")}


def run(*command, folder, **environment):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, cwd=folder, timeout=120,
                          env={**BARE, **STALE, "HOME": str(folder), **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def certwright_env(service):
    def env(*arguments):
        asked = subprocess.run([PROGRAM, "env", *arguments, "--data", service.data],
                               capture_output=True, text=True, check=True, env=BARE)
        return asked.stdout

    return env


@pytest.fixture(scope="module")
def temporary(service, tmp_path_factory):
    """An endpoint.env with a temporary key."""
    made = subprocess.run([PROGRAM, "call", "CreateTemporaryAccessKey", '{"DurationSeconds": 3600}',
                           "--endpoint-env", service.data / "endpoint.env"],
                          capture_output=True, text=True, check=True, env=BARE)
    key = json.loads(made.stdout)["Response"]
    file = tmp_path_factory.mktemp("temporary") / "endpoint.env"
    kept = (f"{name}={value}\n" for name, value in service.env.items()
            if name.startswith("CERTWRIGHT_"))
    file.write_text("".join(kept) + f"TENCENTCLOUD_SECRET_ID={key['SecretId']}\n"
                    f"TENCENTCLOUD_SECRET_KEY={key['SecretKey']}\n"
                    f"TENCENTCLOUD_TOKEN={key['Token']}\n")
    return file


@pytest.fixture(params=["http", "https", "https-temporary"])
def lines(request, service, certificates, temporary):
    """lines(CLIENT): what `certwright env` prints for it."""
    scheme, *kind = request.param.split("-")

    def ask(*client):
        key = ["--endpoint-env", temporary] if kind else ["--data", service.data]
        printed = subprocess.run([PROGRAM, "env", *client, "--scheme", scheme, *key],
                                 capture_output=True, text=True, check=True, env=BARE).stdout
        assert (str(certificates.certificate) in printed) == (scheme == "https")
        return printed

    ask.scheme = scheme
    return ask


def advised(printed, otherwise):
    """How to start the program, if the lines begin with that."""
    found = re.match("// (.*)", printed)
    return found[1] if found else otherwise


def test_python(installed, lines, tmp_path):
    (tmp_path / "here.py").write_text(lines("python"))
    script = ("from here import client, models\n"
              "print(client.DescribeCertificates(models.DescribeCertificatesRequest()).TotalCount)")
    assert run(installed("python") / "bin/python", "-c", script, folder=tmp_path).strip().isdigit()


def test_node(installed, lines, tmp_path):
    printed = lines("node")
    (tmp_path / "here.js").write_text(printed + (
        "client.DescribeCertificates({}).then((answer) => console.log(answer.TotalCount));"))
    modules = installed("node") / "node_modules"
    command = advised(printed, "node ...").replace("...", "here.js")
    assert run("sh", "-ec", command, folder=tmp_path, NODE_PATH=str(modules)).strip().isdigit()


def go_folder(folder):
    """A module with the SDK, and the variables with which it builds from what fetch.sh left."""
    for name in "go.mod", "go.sum":
        shutil.copy(HERE / "go" / name, folder)
    return {name: subprocess.run(["go", "env", name], capture_output=True, text=True,
                                 check=True).stdout.strip()
            for name in ("GOCACHE", "GOMODCACHE")}


def test_go(installed, lines, tmp_path):
    installed("go")
    caches = go_folder(tmp_path)
    printed = lines("go")
    (tmp_path / "here.go").write_text(printed)
    (tmp_path / "main.go").write_text("""package main
        import ssl "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssl/v20191205"
        func main() {
            client, err := newClient()
            if err != nil { panic(err) }
            answer, err := client.DescribeCertificates(ssl.NewDescribeCertificatesRequest())
            if err != nil { panic(err) }
            println(*answer.Response.TotalCount)
        }""")
    run("sh", "-ec", advised(printed, "go run ."), folder=tmp_path, **caches)


def test_java(installed, lines, tmp_path):
    jars = f"{installed('java')}/lib/*"
    (tmp_path / "CertwrightClient.java").write_text(lines("java"))
    (tmp_path / "Main.java").write_text("""class Main {
        public static void main(String[] arguments) throws Exception {
            System.out.println(CertwrightClient.create().DescribeCertificates(
                new com.tencentcloudapi.ssl.v20191205.models.DescribeCertificatesRequest())
                .getTotalCount());
        }
    }""")
    run("javac", "-cp", jars, "CertwrightClient.java", "Main.java", folder=tmp_path)
    assert run("java", "-cp", f".:{jars}", "Main", folder=tmp_path).strip().isdigit()


def test_tccli(installed, lines, tmp_path):
    client = installed("tccli")
    printed = lines("tccli")
    environment = {"PATH": f"{client}/bin:{BARE['PATH']}"}
    if trust := re.search("^# (cat .*)$", printed, re.M):
        # A certifi of this test's own, since the lines change it.
        package = next(client.glob("lib/python3*/site-packages/certifi"))
        shutil.copytree(package, tmp_path / "packages/certifi")
        environment["PYTHONPATH"] = str(tmp_path / "packages")
        run("sh", "-ec", trust[1], folder=tmp_path, **environment)
    script = printed + "tccli ssl DescribeCertificates --Limit 3"
    assert "TotalCount" in json.loads(run("sh", "-ec", script, folder=tmp_path, **environment))


def test_grpcurl(lines, tmp_path):
    grpcurl = ROOT / "build/bin/grpcurl"
    assert grpcurl.exists(), "grpcurl is not installed; tools/install_grpcurl.sh does it"
    script = lines("grpcurl") + (
        "ssl_grpcurl DescribeCertificates\nssl_grpcurl DescribeCertificates '{\"Limit\":3}'")
    said = run("sh", "-ec", script, folder=tmp_path, CERTWRIGHT=PROGRAM,
               PATH=f"{grpcurl.parent}:{BARE['PATH']}")
    assert said.count('"TotalCount"') == 2


def test_without_a_client_it_is_for_our_own_commands(lines, tmp_path):
    script = lines()
    for transport in ("https", "grpcs") if lines.scheme == "https" else ("http", "grpc"):
        script += f"'{PROGRAM}' call DescribeCertificates '{{}}' --transport {transport}\n"
    assert run("sh", "-ec", script, folder=tmp_path).count("TotalCount") == 2


def test_terraform(installed, lines, tmp_path):
    """The provider's calls, by the SDK that it is: itself it comes from a registry of its own."""
    program = installed("go") / "terraform"
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    own_ca.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 30, "-subj",
                   "/CN=terraform.test", "-keyout", private, "-out", public)
    said = run("sh", "-ec", f"{lines('terraform')}exec '{program}' '{public}' '{private}'",
               folder=tmp_path)
    assert json.loads(said) == {
        "type": "SVR", "project": "0", "status": 1, "is_same": True, "nulls": [], "listed": 1,
        "renamed": "renamed", "deleted": True, "gone": "FailedOperation.CertificateNotFound",
        "no_tags": {}, "tags": {"team": "web", "env": "test"},
        "changed": {"team": "mail", "说明": ""}, "shown": {"team": "mail", "说明": ""},
        "gone_tag": "ResourceNotFound"}


def ask_by_name(service, scheme, installed, endpoint, folder):
    """A signed call of the Python SDK to a name, which leads to the service whatever its port."""
    address = service.https if scheme == "https" else service.http
    script = f"""
import socket
lookup = socket.getaddrinfo
socket.getaddrinfo = lambda host, port, *rest, **more: lookup(*{tuple(address.split(":"))!r},
                                                              *rest, **more)
from here import client, models
print(client.DescribeCertificates(models.DescribeCertificatesRequest()).RequestId)
"""
    lines = subprocess.run([PROGRAM, "env", "python", "--data", service.data, "--scheme", scheme],
                           check=True, capture_output=True, text=True, env=BARE).stdout
    assert f'endpoint="{address}"' in lines
    (folder / "here.py").write_text(lines.replace(address, endpoint))
    return run(installed("python") / "bin/python", "-c", script, folder=folder)


@pytest.mark.parametrize("name", ["ssl.localhost:8780", *own_ca.PUBLIC_NAMES,
                                  "http://ssl.certs.test:8780", "certs.test"])
def test_whatever_name_leads_here_is_answered(service, installed, tmp_path, name):
    assert len(ask_by_name(service, "http", installed, name, tmp_path).strip()) == 36


@pytest.mark.parametrize("name", [*own_ca.PUBLIC_NAMES, "https://ssl.localhost:8780"])
def test_names_of_the_certificate_are_answered_over_tls(service, installed, tmp_path, name):
    assert len(ask_by_name(service, "https", installed, name, tmp_path).strip()) == 36


HOSTILE = "a'b\"c\\d$(touch x) `e`"


@pytest.mark.parametrize("client", ["", "tccli", "terraform", "grpcurl"])
def test_no_value_becomes_a_command(client, tmp_path):
    printed = subprocess.run(
        [PROGRAM, "env", *filter(None, [client]), "--http", HOSTILE, "--grpc", HOSTILE, "--scheme",
         "https", "--roots", HOSTILE],
        capture_output=True, text=True, check=True,
        env={**BARE, "TENCENTCLOUD_SECRET_ID": HOSTILE, "TENCENTCLOUD_SECRET_KEY": HOSTILE,
             "TENCENTCLOUD_TOKEN": HOSTILE}).stdout
    token = "TENCENTCLOUD_SECURITY_TOKEN" if client == "terraform" else "TENCENTCLOUD_TOKEN"
    said = run("sh", "-ec", "tccli() { :; }\n" + printed +
               f'printf "%s" "$TENCENTCLOUD_SECRET_KEY${token}"', folder=tmp_path)
    assert said == HOSTILE + HOSTILE
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["CERTWRIGHT_HTTP", "TENCENTCLOUD_SECRET_KEY", "CERTWRIGHT_CA"])
def test_no_value_ends_a_line(name, tmp_path):
    values = {"CERTWRIGHT_HTTP": "127.0.0.1:1", "TENCENTCLOUD_SECRET_ID": "AKIDx",
              "TENCENTCLOUD_SECRET_KEY": "k", "CERTWRIGHT_CA": "/r.pem"}
    values[name] += "\ntouch x"
    refused = subprocess.run([PROGRAM, "env", "terraform"], capture_output=True, text=True,
                             check=False, env={**BARE, **values}, cwd=tmp_path)
    assert refused.returncode == 2 and not refused.stdout
    assert "control character" in refused.stderr


def test_no_value_becomes_code(installed, tmp_path):
    printed = subprocess.run(
        [PROGRAM, "env", "python", "--http", HOSTILE], capture_output=True, text=True, check=True,
        env={**BARE, "TENCENTCLOUD_SECRET_ID": HOSTILE, "TENCENTCLOUD_SECRET_KEY": "k",
             "TENCENTCLOUD_TOKEN": HOSTILE}).stdout
    compile(printed, "here.py", "exec")


@pytest.mark.parametrize("client, trust", [
    ("python", 'certification="/r.pem"'), ("node", "NODE_EXTRA_CA_CERTS=/r.pem"),
    ("go", "SSL_CERT_FILE=/r.pem"), ("java", 'FileInputStream("/r.pem")'), ("tccli", "cat /r.pem"),
    ("terraform", "export SSL_CERT_FILE=/r.pem"), ("grpcurl", "-cacert /r.pem")])
def test_over_https_it_says_whom_to_trust(certwright_env, client, trust):
    printed = certwright_env(client, "--scheme", "https", "--roots", "/r.pem")
    assert trust in printed
    assert "plaintext" not in printed and "http://" not in printed


@pytest.mark.parametrize("flag, name", [("--https", "other.test:443"), ("--grpcs", "rpc.test:1")])
def test_a_flag_goes_before_the_data_folder(service, certwright_env, flag, name):
    client = "grpcurl" if flag == "--grpcs" else "python"
    printed = certwright_env(client, "--scheme", "https", flag, name)
    assert name in printed and service.secret_id in printed


def test_a_named_folder_goes_before_the_variables(service):
    stale = {"CERTWRIGHT_HTTP": "stale.test:1", "CERTWRIGHT_HTTPS": "stale.test:2",
             "CERTWRIGHT_CA": "/stale.pem"}
    for scheme in "http", "https":
        printed = subprocess.run(
            [PROGRAM, "env", "python", "--scheme", scheme, "--data", service.data],
            capture_output=True, text=True, check=True, env={**BARE, **stale}).stdout
        assert "stale" not in printed


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_another_key_in_the_environment_is_told_and_its_lines_too(service, certificates, scheme):
    def env(*arguments, **key):
        return subprocess.run([PROGRAM, "env", *arguments], capture_output=True, text=True,
                              check=True, env={**BARE, **key})

    other = {"TENCENTCLOUD_SECRET_ID": "AKIDother", "TENCENTCLOUD_SECRET_KEY": "other"}
    told = env("go", "--scheme", scheme, "--data", service.data, **other)
    assert service.secret_id in told.stdout and service.secret_id in told.stderr
    assert "AKIDother" not in told.stdout and service.secret_key not in told.stderr
    advice = told.stderr.splitlines()[-1].split()
    assert advice[:2] == ["certwright", "env"]
    followed = env(*advice[2:], **other)
    assert "AKIDother" in followed.stdout and not followed.stderr
    same = {"TENCENTCLOUD_SECRET_ID": service.secret_id}
    assert not env("go", "--scheme", scheme, "--data", service.data, **same).stderr
    assert followed.stdout.replace("AKIDother", service.secret_id).replace(
        '"other"', f'"{service.secret_key}"') == env("go", "--scheme", scheme, "--data",
                                                     service.data).stdout


@pytest.mark.parametrize("flag", ["--roots", "--ca"])
def test_a_file_to_trust_is_absolute_and_looked_for(service, tmp_path, flag):
    def env(name):
        return subprocess.run([PROGRAM, "env", "go", "--scheme", "https", "--data", service.data,
                               flag, name], capture_output=True, text=True, check=True,
                              env=BARE, cwd=tmp_path)

    (tmp_path / "there.pem").write_text("")
    there, missing = env("there.pem"), env("missing.pem")
    assert f"SSL_CERT_FILE={tmp_path}/there.pem" in there.stdout and not there.stderr
    assert f"SSL_CERT_FILE={tmp_path}/missing.pem" in missing.stdout
    assert f"{tmp_path}/missing.pem, cannot be read" in missing.stderr


@pytest.mark.parametrize("client, flag", [("python", "https"), ("grpcurl", "grpcs")])
def test_a_service_without_tls_has_no_lines_for_it(tmp_path, client, flag):
    file = tmp_path / "endpoint.env"
    file.write_text("CERTWRIGHT_HTTP=127.0.0.1:1\nCERTWRIGHT_GRPC=127.0.0.1:2\n"
                    "TENCENTCLOUD_SECRET_ID=AKIDx\nTENCENTCLOUD_SECRET_KEY=k\n")
    for named in ["--data", tmp_path], ["--endpoint-env", file]:
        refused = subprocess.run([PROGRAM, "env", client, "--scheme", "https", *named],
                                 capture_output=True, text=True, check=False, env=BARE)
        assert refused.returncode == 2 and not refused.stdout
        assert f"--{flag}" in refused.stderr


@pytest.mark.parametrize("arguments", [["perl"], ["python", "--scheme", "ftp"],
                                       ["python", "--data", "/nowhere"]])
def test_wrong_usage_is_told(arguments, tmp_path):
    wrong = subprocess.run([PROGRAM, "env", *arguments], capture_output=True, text=True,
                           check=False, env=BARE, cwd=tmp_path)
    assert wrong.returncode == 2
    assert wrong.stderr and not wrong.stdout
