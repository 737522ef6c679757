"""The calls of ../drivers.md with the official Python SDK, mainland or international."""

import json
import os
import sys

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ssl.v20191205 import models, ssl_client


def client(secret_key):
    profile = ClientProfile(
        signMethod=os.environ["DRIVER_SIGN"].replace("UNSIGNED-PAYLOAD", "TC3-HMAC-SHA256"),
        httpProfile=HttpProfile(
            protocol=os.environ["DRIVER_SCHEME"], endpoint=os.environ["DRIVER_ENDPOINT"],
            reqMethod=os.environ["DRIVER_METHOD"], certification=os.environ.get("DRIVER_ROOTS")))
    profile.unsignedPayload = os.environ["DRIVER_SIGN"] == "UNSIGNED-PAYLOAD"
    return ssl_client.SslClient(
        credential.Credential(os.environ["TENCENTCLOUD_SECRET_ID"], secret_key), "", profile)


def call(action, secret_key=os.environ["TENCENTCLOUD_SECRET_KEY"], **members):
    request = getattr(models, f"{action}Request")()
    request.from_json_string(json.dumps(members))
    return getattr(client(secret_key), action)(request)


def error_of(**arguments):
    try:
        call("DescribeCertificate", **arguments)
    except TencentCloudSDKException as error:
        return {"code": error.code, "request_id": error.requestId}
    return None


def lifecycle(domain, public, private):
    said = {}
    said["id"] = call("ApplyCertificate", DvAuthMethod="DNS", DomainName=domain, Alias="a+b 测试",
                      DeleteDnsAutoRecord=False).CertificateId
    pending = call("DescribeCertificate", CertificateId=said["id"])
    said["pending"] = pending.Status
    said["record_type"] = pending.DvAuthDetail.DvAuths[0].DvAuthVerifyType
    # By name: the international SDK knows no such action.
    client(os.environ["TENCENTCLOUD_SECRET_KEY"]).call_json(
        "CompleteCertificate", {"CertificateId": said["id"]})
    detail = call("DescribeCertificateDetail", CertificateId=said["id"])
    said["issued"] = detail.Status
    said["alias"] = detail.Alias
    said["zip"] = call("DownloadCertificate", CertificateId=said["id"]).Content
    listed = call("DescribeCertificates", CertIds=[said["id"]], CertificateStatus=[0, 1], Limit=20)
    said["listed"] = listed.TotalCount
    upload = {"CertificatePublicKey": public, "CertificatePrivateKey": private,
              "Alias": "uploaded", "Repeatable": False,
              "Tags": [{"TagKey": "env", "TagValue": "a&b"}, {"TagKey": "team", "TagValue": "=+"}]}
    said["uploaded"] = call("UploadCertificate", **upload).CertificateId
    said["repeated"] = call("UploadCertificate", **upload).RepeatCertId
    tags = call("DescribeCertificates", CertIds=[said["uploaded"]]).Certificates[0].Tags
    said["tags"] = {tag.TagKey: tag.TagValue for tag in tags}
    said["deleted"] = call("DeleteCertificate", CertificateId=said["uploaded"]).DeleteResult
    said["gone"] = error_of(CertificateId=said["uploaded"])
    second = call("ApplyCertificate", DvAuthMethod="DNS", DomainName=f"no.{domain}").CertificateId
    said["cancelled"] = call("CancelCertificateOrder", CertificateId=second).CertificateId == second
    said["not_signed"] = error_of(CertificateId=said["id"], secret_key="0" * 32)
    return said


if __name__ == "__main__":
    with open(sys.argv[2], encoding="ascii") as public, open(sys.argv[3], encoding="ascii") as private:
        print(json.dumps(lifecycle(sys.argv[1], public.read(), private.read())))
