"""The calls of ../drivers.md with the tccli command line; argv[4] is the program."""

import json
import os
import re
import subprocess
import sys

# Its one switch to plain HTTP is a whole URL as the endpoint.
ENDPOINT = f"{os.environ['DRIVER_SCHEME']}://{os.environ['DRIVER_ENDPOINT']}"


def parameters(members):
    """On the command line; in a file if one is a PEM, which would be taken for an option."""
    if any(str(value).startswith("-") for value in members.values()):
        with open("parameters.json", "w", encoding="ascii") as file:
            json.dump(members, file)
        return ["--cli-input-json", "file://parameters.json"]
    return [part for name, value in members.items()
            for part in (f"--{name}", value if isinstance(value, str) else json.dumps(value))]


def tccli(action, members, **environment):
    return subprocess.run(
        [sys.argv[4], "ssl", action, "--endpoint", ENDPOINT, "--region", "ap-guangzhou",
         *parameters(members)],
        capture_output=True, text=True, check=False, env={**os.environ, **environment})


def call(action, **members):
    run = tccli(action, members)
    if run.returncode:
        sys.exit(f"tccli ssl {action}: {run.stdout}{run.stderr}")
    return json.loads(run.stdout)


def error_of(certificate_id, **environment):
    run = tccli("DescribeCertificate", {"CertificateId": certificate_id}, **environment)
    found = re.search(r"code:(\S+) .*requestId:(\S+)", run.stdout + run.stderr, re.S)
    if run.returncode == 0 or not found:
        sys.exit(f"tccli told no error: {run.returncode} {run.stdout}{run.stderr}")
    return {"code": found[1], "request_id": found[2]}


def lifecycle(domain, public, private):
    said = {}
    said["id"] = call("ApplyCertificate", DvAuthMethod="DNS", DomainName=domain, Alias="a+b 测试",
                      DeleteDnsAutoRecord=False)["CertificateId"]
    pending = call("DescribeCertificate", CertificateId=said["id"])
    said["pending"] = pending["Status"]
    said["record_type"] = pending["DvAuthDetail"]["DvAuths"][0]["DvAuthVerifyType"]
    call("CompleteCertificate", CertificateId=said["id"])
    detail = call("DescribeCertificateDetail", CertificateId=said["id"])
    said["issued"] = detail["Status"]
    said["alias"] = detail["Alias"]
    said["zip"] = call("DownloadCertificate", CertificateId=said["id"])["Content"]
    said["listed"] = call("DescribeCertificates", CertIds=[said["id"]], CertificateStatus=[0, 1],
                          Limit=20)["TotalCount"]
    upload = {"CertificatePublicKey": public, "CertificatePrivateKey": private,
              "Alias": "uploaded", "Repeatable": False,
              "Tags": [{"TagKey": "env", "TagValue": "a&b"}, {"TagKey": "team", "TagValue": "=+"}]}
    said["uploaded"] = call("UploadCertificate", **upload)["CertificateId"]
    said["repeated"] = call("UploadCertificate", **upload)["RepeatCertId"]
    tags = call("DescribeCertificates", CertIds=[said["uploaded"]])["Certificates"][0]["Tags"]
    said["tags"] = {tag["TagKey"]: tag["TagValue"] for tag in tags}
    said["deleted"] = call("DeleteCertificate", CertificateId=said["uploaded"])["DeleteResult"]
    said["gone"] = error_of(said["uploaded"])
    second = call("ApplyCertificate", DvAuthMethod="DNS", DomainName=f"no.{domain}")["CertificateId"]
    said["cancelled"] = call("CancelCertificateOrder",
                             CertificateId=second)["CertificateId"] == second
    said["not_signed"] = error_of(said["id"], TENCENTCLOUD_SECRET_KEY="0" * 32)
    return said


if __name__ == "__main__":
    with open(sys.argv[2], encoding="ascii") as public, open(sys.argv[3], encoding="ascii") as private:
        print(json.dumps(lifecycle(sys.argv[1], public.read(), private.read())))
