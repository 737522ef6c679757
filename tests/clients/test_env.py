"""What `certwright env` prints works as it stands, with each client."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import HERE, ROOT, end_to_end

PROGRAM = end_to_end.PROGRAM
# A key of tests and a session's own must not be what makes a printed line work.
BARE = {name: value for name, value in os.environ.items()
        if not name.startswith(("TENCENTCLOUD_", "CERTWRIGHT_", "TCCLI_"))}


@pytest.fixture
def certwright_env(service):
    def env(*arguments):
        run = subprocess.run([PROGRAM, "env", *arguments, "--data", service.data],
                             capture_output=True, text=True, check=True, env=BARE)
        return run.stdout

    return env


def run(*command, folder, **environment):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, cwd=folder, timeout=120,
                          env={**BARE, "HOME": str(folder), **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_python(installed, certwright_env, tmp_path):
    (tmp_path / "here.py").write_text(certwright_env("python"))
    script = ("from here import client, models\n"
              "print(client.DescribeCertificates(models.DescribeCertificatesRequest()).TotalCount)")
    assert run(installed("python") / "bin/python", "-c", script, folder=tmp_path).strip().isdigit()


def test_node(installed, certwright_env, tmp_path):
    script = certwright_env("node") + (
        "client.DescribeCertificates({}).then((answer) => console.log(answer.TotalCount));")
    modules = installed("node") / "node_modules"
    assert run("node", "-e", script, folder=tmp_path, NODE_PATH=str(modules)).strip().isdigit()


def test_go(installed, certwright_env, tmp_path):
    installed("go")
    for name in "go.mod", "go.sum":
        shutil.copy(HERE / "go" / name, tmp_path)
    (tmp_path / "here.go").write_text(certwright_env("go"))
    (tmp_path / "main.go").write_text("""package main
        import ssl "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ssl/v20191205"
        func main() {
            client, err := newClient()
            if err != nil { panic(err) }
            answer, err := client.DescribeCertificates(ssl.NewDescribeCertificatesRequest())
            if err != nil { panic(err) }
            println(*answer.Response.TotalCount)
        }""")
    # Where fetch.sh's build left them.
    caches = {name: subprocess.run(["go", "env", name], capture_output=True, text=True,
                                   check=True).stdout.strip()
              for name in ("GOCACHE", "GOMODCACHE")}
    run("go", "run", ".", folder=tmp_path, **caches)


def test_java(installed, certwright_env, tmp_path):
    jars = f"{installed('java')}/lib/*"
    (tmp_path / "CertwrightClient.java").write_text(certwright_env("java"))
    (tmp_path / "Main.java").write_text("""class Main {
        public static void main(String[] arguments) throws Exception {
            System.out.println(CertwrightClient.create().DescribeCertificates(
                new com.tencentcloudapi.ssl.v20191205.models.DescribeCertificatesRequest())
                .getTotalCount());
        }
    }""")
    run("javac", "-cp", jars, "CertwrightClient.java", "Main.java", folder=tmp_path)
    assert run("java", "-cp", f".:{jars}", "Main", folder=tmp_path).strip().isdigit()


def test_tccli(installed, certwright_env, tmp_path):
    path = f"{installed('tccli')}/bin:{BARE['PATH']}"
    script = certwright_env("tccli") + "tccli ssl DescribeCertificates --Limit 3"
    assert "TotalCount" in json.loads(run("sh", "-ec", script, folder=tmp_path, PATH=path))


def test_grpcurl(certwright_env, tmp_path):
    grpcurl = ROOT / "build/bin/grpcurl"
    if not grpcurl.exists():
        pytest.skip("grpcurl is not installed; tools/install_grpcurl.sh does it")
    script = certwright_env("grpcurl") + (
        "ssl_grpcurl DescribeCertificates\nssl_grpcurl DescribeCertificates '{\"Limit\":3}'")
    said = run("sh", "-ec", script, folder=tmp_path, CERTWRIGHT=PROGRAM,
               PATH=f"{grpcurl.parent}:{BARE['PATH']}")
    assert said.count('"TotalCount"') == 2


def test_without_a_client_it_is_for_our_own_commands(certwright_env, tmp_path):
    script = certwright_env() + f"'{PROGRAM}' call DescribeCertificates '{{}}'"
    assert "TotalCount" in run("sh", "-ec", script, folder=tmp_path)


def test_terraform_asks_for_ssl_before_the_domain(service, installed, certwright_env, tmp_path):
    """The provider is the Go SDK with a root domain. The name is looked up as /etc/hosts would."""
    script = certwright_env("terraform") + "env"
    set_here = dict(line.split("=", 1) for line in run("sh", "-ec", script,
                                                       folder=tmp_path).splitlines() if "=" in line)
    assert set_here["TENCENTCLOUD_PROTOCOL"] == "HTTP"
    assert set_here["TENCENTCLOUD_DOMAIN"] == "localhost:" + service.http.rsplit(":", 1)[1]
    assert ask_by_name(service, installed, f"ssl.{set_here['TENCENTCLOUD_DOMAIN']}", tmp_path)


def ask_by_name(service, installed, endpoint, folder):
    """A signed call of the Python SDK to a name, which leads to the service whatever its port."""
    script = f"""
import socket
lookup = socket.getaddrinfo
socket.getaddrinfo = lambda host, port, *rest, **more: lookup(*{tuple(service.http.split(":"))!r},
                                                              *rest, **more)
from here import client, models
print(client.DescribeCertificates(models.DescribeCertificatesRequest()).RequestId)
"""
    lines = subprocess.run([PROGRAM, "env", "python", "--data", service.data], check=True,
                           capture_output=True, text=True, env=BARE).stdout
    assert f'endpoint="{service.http}"' in lines
    (folder / "here.py").write_text(lines.replace(service.http, endpoint))
    return run(installed("python") / "bin/python", "-c", script, folder=folder)


@pytest.mark.parametrize("name", [
    "ssl.localhost:8780", "ssl.tencentcloudapi.com", "ssl.intl.tencentcloudapi.com",
    "ssl.internal.tencentcloudapi.com", "ssl.ap-guangzhou.tencentcloudapi.com",
    "http://ssl.certs.test:8780", "certs.test"])
def test_whatever_name_leads_here_is_answered(service, installed, tmp_path, name):
    assert len(ask_by_name(service, installed, name, tmp_path).strip()) == 36


HOSTILE = "a'b\"c\\d$(touch x) `e`"


@pytest.mark.parametrize("client", ["", "tccli", "terraform", "grpcurl"])
def test_no_value_becomes_a_command(client, tmp_path):
    lines = subprocess.run(
        [PROGRAM, "env", *filter(None, [client]), "--http", HOSTILE, "--grpc", HOSTILE],
        capture_output=True, text=True, check=True,
        env={**BARE, "TENCENTCLOUD_SECRET_ID": HOSTILE, "TENCENTCLOUD_SECRET_KEY": HOSTILE}).stdout
    said = run("sh", "-ec", "tccli() { :; }\n" + lines + 'printf "%s" "$TENCENTCLOUD_SECRET_KEY"',
               folder=tmp_path)
    assert said == HOSTILE
    assert not (tmp_path / "x").exists()


def test_no_value_becomes_code(installed, tmp_path):
    lines = subprocess.run(
        [PROGRAM, "env", "python", "--http", HOSTILE], capture_output=True, text=True, check=True,
        env={**BARE, "TENCENTCLOUD_SECRET_ID": HOSTILE, "TENCENTCLOUD_SECRET_KEY": "k"}).stdout
    compile(lines, "here.py", "exec")


@pytest.mark.parametrize("client, trust", [
    ("python", 'certification="/r.pem"'), ("node", "NODE_EXTRA_CA_CERTS=/r.pem"),
    ("go", "SSL_CERT_FILE=/r.pem"), ("java", "-file /r.pem"), ("tccli", "/r.pem"),
    ("terraform", "export SSL_CERT_FILE=/r.pem"), ("grpcurl", "-cacert /r.pem")])
def test_over_https_it_says_whom_to_trust(certwright_env, client, trust):
    lines = certwright_env(client, "--scheme", "https", "--roots", "/r.pem")
    assert trust in lines
    assert "plaintext" not in lines and "http://" not in lines


@pytest.mark.parametrize("arguments", [["perl"], ["python", "--scheme", "ftp"],
                                       ["python", "--data", "/nowhere"]])
def test_wrong_usage_is_told(arguments, tmp_path):
    wrong = subprocess.run([PROGRAM, "env", *arguments], capture_output=True, text=True,
                           check=False, env=BARE, cwd=tmp_path)
    assert wrong.returncode == 2
    assert wrong.stderr and not wrong.stdout
