#!/usr/bin/env python3
"""Applies for free certificates for a list of domains, waits, downloads and checks them.

The classic batch script, with the official SDK unmodified: apply, publish the DNS records, complete,
poll, download, verify. Orders that an earlier run left open are gone on with. It talks to whatever
TENCENTCLOUD_* and CERTWRIGHT_HTTP name, or to the
service whose endpoint.env --endpoint-env gives.

Exit code 0 when every domain has its verified bundle, 1 when some have not, 2 for wrong usage.
"""

import argparse
import base64
import io
import os
import pathlib
import subprocess
import sys
import time
import zipfile

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client

ISSUED = 1
OPEN = (0, 4)
# Reserved names, which a service in its demo validates by itself.
LAB = (".test", ".example", ".localhost", ".invalid")


def misused(why):
    print(f"batch: {why}", file=sys.stderr)
    sys.exit(2)


def lines_of(path):
    try:
        return path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        misused(f"cannot read {path}: {error}")


def read_endpoint(path):
    """The variables of an endpoint.env file, over those of the environment."""
    values = dict(os.environ)
    for line in lines_of(path) if path else ():
        name, _, value = line.partition("=")
        values[name] = value
    missing = [
        name
        for name in ("CERTWRIGHT_HTTP", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY")
        if not values.get(name)
    ]
    if missing:
        misused(f"set {', '.join(missing)}, or give --endpoint-env DATA/endpoint.env")
    return values


def make_client(values):
    profile = ClientProfile(
        language="en-US",
        httpProfile=HttpProfile(protocol="http", endpoint=values["CERTWRIGHT_HTTP"])
    )
    keys = credential.Credential(
        values["TENCENTCLOUD_SECRET_ID"], values["TENCENTCLOUD_SECRET_KEY"]
    )
    return ssl_client.SslClient(keys, "", profile)


def request(kind, **members):
    filled = kind()
    for name, value in members.items():
        setattr(filled, name, value)
    return filled


class Progress:
    """One line that is drawn again on a terminal, and plain lines elsewhere."""

    def __init__(self, total):
        self.total = total
        self.done = 0
        self.is_terminal = sys.stderr.isatty()

    def show(self, what):
        width = 30
        filled = width * self.done // max(1, self.total)
        bar = "#" * filled + "-" * (width - filled)
        line = f"[{bar}] {self.done}/{self.total} {what}"
        print(f"\r\033[K{line}" if self.is_terminal else line, end="" if self.is_terminal else "\n",
              file=sys.stderr, flush=True)

    def finish(self, what):
        self.done += 1
        self.show(what)

    def close(self):
        if self.is_terminal:
            print(file=sys.stderr)


def records_of(client, certificate_id):
    detail = client.DescribeCertificate(
        request(models.DescribeCertificateRequest, CertificateId=certificate_id)
    )
    return detail.DvAuthDetail.DvAuths or []


class PublishError(Exception):
    pass


def publish(hook, record, unpublished):
    """Hands one record to the hook: NAME TYPE VALUE. Without a hook it is left to the user."""
    name = ".".join(part for part in (record.DvAuthSubDomain, record.DvAuthDomain) if part)
    if hook:
        command = [hook, name, record.DvAuthVerifyType, record.DvAuthValue]
        try:
            subprocess.run(command, check=True)
        except subprocess.CalledProcessError as error:
            raise PublishError(f"`{' '.join(command)}` ended with {error.returncode}") from error
        except OSError as error:
            raise PublishError(f"--publish {hook}: {error.strerror}") from error
    elif not name.endswith(LAB):
        unpublished.append(f"  {name} {record.DvAuthVerifyType} {record.DvAuthValue}")


def wait_until_issued(client, certificate_id, deadline):
    """Asks for validation, then for the status, until it is issued or cannot be any more."""
    while True:
        status = client.DescribeCertificate(
            request(models.DescribeCertificateRequest, CertificateId=certificate_id)
        )
        if status.Status == ISSUED:
            return
        if status.Status not in OPEN:
            raise RuntimeError(f"status {status.Status}: {status.StatusMsg}")
        if time.monotonic() > deadline:
            raise RuntimeError("not validated in time; are the DNS records published?")
        try:
            client.CompleteCertificate(
                request(models.CompleteCertificateRequest, CertificateId=certificate_id)
            )
        except TencentCloudSDKException as error:
            if error.code != "FailedOperation.CertificateNotFoundOrAudited":
                raise
            continue  # issued meanwhile
        if client.DescribeCertificate(
            request(models.DescribeCertificateRequest, CertificateId=certificate_id)
        ).Status != ISSUED:
            time.sleep(3)


def write(path, content):
    """Anew, so that secrets are never open to others, whatever was at this path."""
    is_secret = path.suffix in (".key", ".pfx", ".jks") or path.name == "keystorePass.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(path, flags, 0o600 if is_secret else 0o644), "wb") as file:
        file.write(content)


def download(client, certificate_id, folder):
    answer = client.DownloadCertificate(
        request(models.DownloadCertificateRequest, CertificateId=certificate_id)
    )
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer.Content))) as bundle:
        for entry in bundle.infolist():
            path = folder / entry.filename
            if not path.resolve().is_relative_to(folder.resolve()):
                raise RuntimeError(f"the bundle has a file outside of its folder: {entry.filename}")
            if not entry.is_dir():
                write(path, bundle.read(entry))


def openssl(*arguments):
    run = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {run.stdout}{run.stderr}".strip())
    return run.stdout


def verify(folder, domain, roots):
    """The chain leads to the roots, the name is right, the key is the certificate's."""
    leaf = next((folder / "Apache").glob("2_*.crt"))
    key = next((folder / "Apache").glob("3_*.key"))
    openssl("verify", "-CAfile", str(roots), "-untrusted", str(folder / "Root/intermediate.crt"),
            "-verify_hostname", domain, str(leaf))
    certified = openssl("x509", "-in", str(leaf), "-noout", "-pubkey")
    if certified != openssl("pkey", "-in", str(key), "-pubout"):
        raise RuntimeError("the private key is not the certificate's")


def order(client, domain, key):
    """The id of an order that an earlier run left open, or of a new one."""
    # The alias tells which orders are this script's, and with which key.
    alias = f"batch_apply {key}"
    known = client.DescribeCertificates(
        request(models.DescribeCertificatesRequest, SearchKey=domain, Limit=1000)
    )
    for certificate in known.Certificates or []:
        if (certificate.Status, certificate.Domain, certificate.Alias) == (OPEN[0], domain, alias):
            return certificate.CertificateId
    members = {"DvAuthMethod": "DNS", "DomainName": domain, "Alias": alias}
    if key == "ECC":
        members.update(CsrEncryptAlgo="ECC", CsrKeyParameter="prime256v1")
    return client.ApplyCertificate(
        request(models.ApplyCertificateRequest, **members)
    ).CertificateId


def apply_all(client, options):
    """Applies for each domain and publishes its records; what failed is told apart."""
    progress = Progress(len(options.domains))
    ids, failures, unpublished = {}, {}, []
    for domain in options.domains:
        progress.show(f"applying for {domain}")
        try:
            certificate_id = order(client, domain, options.key)
            for record in records_of(client, certificate_id):
                publish(options.publish, record, unpublished)
            ids[domain] = certificate_id
            progress.finish(f"applied for {domain}")
        except TencentCloudSDKException as error:
            failures[domain] = str(error)
            progress.finish(f"{domain} was refused")
        except PublishError as error:
            failures[domain] = (f"{error}; the order {certificate_id} stays open, and another run "
                                "goes on with it")
            progress.finish(f"{domain} could not be published")
    progress.close()
    if unpublished:
        print("Publish these DNS records now (or give --publish PROGRAM):", *unpublished, sep="\n",
              flush=True)
    return ids, failures


def collect_all(client, options, ids, failures):
    progress = Progress(len(ids))
    deadline = time.monotonic() + options.timeout
    for domain, certificate_id in ids.items():
        progress.show(f"waiting for {domain}")
        folder = options.output / domain
        try:
            wait_until_issued(client, certificate_id, deadline)
            download(client, certificate_id, folder)
            verify(folder, domain, options.roots)
            progress.finish(f"{domain} is in {folder}")
        except (TencentCloudSDKException, RuntimeError, OSError) as error:
            failures[domain] = str(error)
            progress.finish(f"{domain} failed")
    progress.close()


def check_folders(options):
    """Before anything is ordered: what is needed only at the end would be missed only then."""
    lines_of(options.roots)
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        misused(f"cannot make {options.output}: {error.strerror}")
    if not os.access(options.output, os.W_OK | os.X_OK):
        misused(f"cannot write to {options.output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("domains", nargs="*", help="domains; else those of --file")
    parser.add_argument("--file", type=pathlib.Path, help="a file with one domain a line")
    parser.add_argument("--endpoint-env", type=pathlib.Path,
                        help="endpoint.env as the service writes it")
    parser.add_argument("--roots", type=pathlib.Path,
                        help="PEM of the CA's roots [ca-roots.pem beside --endpoint-env]")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("bundles"))
    parser.add_argument("--key", choices=("RSA", "ECC"), default="RSA")
    parser.add_argument("--publish", help="program run as: PROGRAM NAME TYPE VALUE, per DNS record")
    parser.add_argument("--timeout", type=float, default=600, help="seconds to wait for validation")
    options = parser.parse_args()
    if options.file:
        lines = (line.strip() for line in lines_of(options.file))
        options.domains += [line for line in lines if line and not line.startswith("#")]
    # A domain named twice is one order.
    options.domains = list(dict.fromkeys(domain.lower() for domain in options.domains))
    if not options.domains:
        parser.error("name at least one domain, or a --file")
    if not options.roots:
        if not options.endpoint_env:
            parser.error("name the CA's roots with --roots")
        options.roots = options.endpoint_env.with_name("ca-roots.pem")

    values = read_endpoint(options.endpoint_env)
    check_folders(options)
    client = make_client(values)
    ids, failures = apply_all(client, options)
    collect_all(client, options, ids, failures)
    for domain, why in failures.items():
        print(f"batch: {domain}: {why}", file=sys.stderr)
    print(f"{len(options.domains) - len(failures)} of {len(options.domains)} bundles downloaded "
          f"and verified in {options.output}")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("batch: stopped; the orders stay open, run again to go on with them")
