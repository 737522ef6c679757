"""The gRPC clients that clients/ generates: their signing, and the README's example of each."""

import json
import os
import re
import subprocess

import pytest
from conftest import ROOT, once, signer

CLIENTS = ROOT / "clients"
BUILT = ROOT / "build" / "grpc"
VECTORS = json.loads((CLIENTS / "vectors.json").read_text())

# The example and the program that prints the header of a vector, as run in BUILT/language.
PYTHON_VECTOR = ("import sys; from certwright_signing import authorization;"
                 "print(authorization(*sys.argv[1:5], bytes.fromhex(sys.argv[5]), int(sys.argv[6])))")
NODE_VECTOR = ("const [id, key, host, method, message, time] = process.argv.slice(1);"
               "console.log(require('./signing').authorization(id, key, host, method,"
               " Buffer.from(message, 'hex'), Number(time)))")


def cpp_program(name):
    """Of the build that `certwright` was last built in."""
    built = [path for preset in ("dev", "lead", "asan")
             if (path := ROOT / "build" / preset / "clients/cpp" / name).exists()]
    assert built, f"{name} is not built: cmake --build --preset dev"
    return str(max(built, key=os.path.getmtime))


def programs(language):
    if language == "python":
        return (["/usr/bin/python3", "example.py"], ["/usr/bin/python3", "-c", PYTHON_VECTOR])
    if language == "node":
        return ["node", "example.js"], ["node", "-e", NODE_VECTOR, "--"]
    if language == "go":
        return ["bin/example"], ["bin/vector"]
    if language == "java":
        path = f"classes:{(BUILT / 'java/class-path').read_text().strip()}"
        java = ["java", "-XX:TieredStopAtLevel=1", "-cp", path]
        return [*java, "Example"], [*java, "Vector"]
    return [cpp_program("certwright_client_example")], [cpp_program("certwright_client_vector")]


# A tag is put on a certificate, and read back.
PYTHON_TAGS = """
import os, sys
import grpc
from certwright.tag.v20180813 import tag_pb2, tag_pb2_grpc
from certwright_signing import SigningInterceptor
at = os.environ["CERTWRIGHT_GRPC"]
keys = os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
service = tag_pb2_grpc.TagServiceStub(
    grpc.intercept_channel(grpc.insecure_channel(at), SigningInterceptor(*keys, at)))
service.ModifyResourceTags(tag_pb2.ModifyResourceTagsRequest(
    resource="qcs::ssl:::certificate/" + sys.argv[1],
    replace_tags=[tag_pb2.Tag(tag_key="team", tag_value="web")]))
print(service.DescribeResourceTagsByResourceIds(tag_pb2.DescribeResourceTagsByResourceIdsRequest(
    service_type="ssl", resource_prefix="certificate", resource_region="",
    resource_ids=[sys.argv[1]])))
"""

LANGUAGES = {"python": "python/example.py", "node": "node/example.js",
             "go": "go/example/main.go", "java": "java/Example.java", "cpp": "cpp/example.cc"}


@pytest.fixture(scope="module")
def built():
    build = once(CLIENTS / "build.sh", BUILT)
    return lambda language: ROOT if language == "cpp" else build(language)


def run(command, folder, **environment):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder,
                          timeout=120, env={**os.environ, **environment})


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["method"].rsplit("/")[-1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_signature_is_that_of_the_vector(built, language, vector):
    folder = built(language)
    *members, expected = map(str, vector.values())

    said = run([*programs(language)[1], *members], folder)

    assert said.stdout.strip() == expected, said.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_calls_the_service(service, built, language):
    folder = built(language)
    example = programs(language)[0]
    keys = {"CERTWRIGHT_GRPC": service.grpc, "TENCENTCLOUD_SECRET_ID": service.secret_id,
            "TENCENTCLOUD_SECRET_KEY": service.secret_key}

    answered = run(example, folder, **keys)
    refused = run(example, folder, **{**keys, "TENCENTCLOUD_SECRET_KEY": "0" * 32})

    assert answered.returncode == 0, answered.stderr
    assert "total_count" in answered.stdout
    assert refused.returncode != 0
    assert "could not be validated" in refused.stdout + refused.stderr


def test_a_generated_client_calls_the_tag_service(service, built):
    certificate = signer.Caller(service)(
        "ApplyCertificate", DvAuthMethod="DNS", DomainName="generated.test")["CertificateId"]

    answered = run(["/usr/bin/python3", "-c", PYTHON_TAGS, certificate], built("python"),
                   CERTWRIGHT_GRPC=service.grpc, TENCENTCLOUD_SECRET_ID=service.secret_id,
                   TENCENTCLOUD_SECRET_KEY=service.secret_key)

    assert answered.returncode == 0, answered.stderr
    assert 'tag_key: "team"' in answered.stdout
    assert f'resource_id: "{certificate}"' in answered.stdout


def over_tls(language):
    """The example, changed as the README's table says; and what runs that."""
    row = next(row for row in (CLIENTS / "README.md").read_text().splitlines()
               if row.lower().startswith(f"| {language} | `") and "(" in row)
    plain, secure = re.findall(r"`([^`]*\([^`]*)`", row)[:2]
    source = (CLIENTS / LANGUAGES[language]).read_text()
    assert plain in source and "CERTWRIGHT_GRPC" in source
    source = source.replace(plain, secure).replace("CERTWRIGHT_GRPC", "CERTWRIGHT_GRPCS")
    if language == "go":
        return source.replace("grpc/credentials/insecure", "grpc/credentials"), ["go", "run"]
    return source, [programs(language)[0][0]]


@pytest.mark.parametrize("language", ["python", "node", "go"])  # the README says why no others
def test_the_example_calls_the_service_over_tls(service, built, tmp_path, language):
    folder = built(language)
    source, command = over_tls(language)
    file = tmp_path / "over_tls.go"
    file.write_text(source)
    how = {"python": ["-c", source], "node": ["-e", source], "go": [file]}

    answered = run([*command, *how[language]], folder,
                   CERTWRIGHT_GRPCS=service.env["CERTWRIGHT_GRPCS"],
                   CERTWRIGHT_CA=service.env["CERTWRIGHT_CA"],
                   SSL_CERT_FILE=service.env["CERTWRIGHT_CA"],
                   TENCENTCLOUD_SECRET_ID=service.secret_id,
                   TENCENTCLOUD_SECRET_KEY=service.secret_key)

    assert answered.returncode == 0, answered.stderr
    assert "total_count" in answered.stdout


def test_the_readme_shows_the_examples_that_run_and_no_others():
    shown = re.findall(r"^```\w+\n(.*?)^```$", (CLIENTS / "README.md").read_text(), re.M | re.S)
    assert shown == [(CLIENTS / path).read_text() for path in LANGUAGES.values()]
