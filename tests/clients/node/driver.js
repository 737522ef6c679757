// The calls of ../drivers.md with the official Node SDK, mainland or international.
"use strict";
const fs = require("fs");

const env = process.env;
const protocol = `${env.DRIVER_SCHEME}://`;

// Both as call(action, members, secretKey): a promise of the answer.
function mainland() {
  const {ssl} = require("tencentcloud-sdk-nodejs");
  return (action, members, secretKey = env.TENCENTCLOUD_SECRET_KEY) =>
    new ssl.v20191205.Client({
      credential: {secretId: env.TENCENTCLOUD_SECRET_ID, secretKey},
      region: "",
      profile: {
        signMethod: env.DRIVER_SIGN,
        httpProfile: {
          protocol, endpoint: env.DRIVER_ENDPOINT, reqMethod: env.DRIVER_METHOD},
      },
    })[action](members);
}

function international() {
  const {common, ssl} = require("tencentcloud-sdk-nodejs-intl-en");
  const {Client, Models} = ssl.v20191205;
  return (action, members, secretKey = env.TENCENTCLOUD_SECRET_KEY) => {
    const http = new common.HttpProfile();
    Object.assign(http, {
      protocol, endpoint: env.DRIVER_ENDPOINT, reqMethod: env.DRIVER_METHOD});
    const client = new Client(
      new common.Credential(env.TENCENTCLOUD_SECRET_ID, secretKey), undefined,
      new common.ClientProfile(env.DRIVER_SIGN, http));
    // What this SDK has no name for goes the way of its other calls.
    const request = Models[`${action}Request`] && new Models[`${action}Request`]();
    if (request) request.deserialize(members);
    const response = request ? new Models[`${action}Response`]() : {deserialize() {}};
    return new Promise((resolve, reject) => client.request(
      action, request || members, response, {},
      (error, answer) => (error ? reject(error) : resolve(answer))));
  };
}

const call = env.DRIVER_CLIENT === "node-intl" ? international() : mainland();

async function errorOf(id, secretKey) {
  try {
    await call("DescribeCertificate", {CertificateId: id}, secretKey);
    return null;
  } catch (error) {
    return {code: error.code, request_id: error.requestId};
  }
}

async function lifecycle(domain, publicPem, privatePem) {
  const said = {};
  said.id = (await call("ApplyCertificate", {
    DvAuthMethod: "DNS", DomainName: domain, Alias: "a+b 测试", DeleteDnsAutoRecord: false,
  })).CertificateId;
  const pending = await call("DescribeCertificate", {CertificateId: said.id});
  said.pending = pending.Status;
  said.record_type = pending.DvAuthDetail.DvAuths[0].DvAuthVerifyType;
  await call("CompleteCertificate", {CertificateId: said.id});
  const detail = await call("DescribeCertificateDetail", {CertificateId: said.id});
  said.issued = detail.Status;
  said.alias = detail.Alias;
  said.zip = (await call("DownloadCertificate", {CertificateId: said.id})).Content;
  said.listed = (await call("DescribeCertificates", {
    CertIds: [said.id], CertificateStatus: [0, 1], Limit: 20,
  })).TotalCount;
  const upload = {
    CertificatePublicKey: publicPem, CertificatePrivateKey: privatePem, Alias: "uploaded",
    Repeatable: false,
    Tags: [{TagKey: "env", TagValue: "a&b"}, {TagKey: "team", TagValue: "=+"}],
  };
  said.uploaded = (await call("UploadCertificate", upload)).CertificateId;
  said.repeated = (await call("UploadCertificate", upload)).RepeatCertId;
  const listed = await call("DescribeCertificates", {CertIds: [said.uploaded]});
  said.tags = Object.fromEntries(
    listed.Certificates[0].Tags.map((tag) => [tag.TagKey, tag.TagValue]));
  said.deleted = (await call("DeleteCertificate", {CertificateId: said.uploaded})).DeleteResult;
  said.gone = await errorOf(said.uploaded);
  const second = (await call("ApplyCertificate", {
    DvAuthMethod: "DNS", DomainName: `no.${domain}`,
  })).CertificateId;
  said.cancelled =
    (await call("CancelCertificateOrder", {CertificateId: second})).CertificateId === second;
  said.not_signed = await errorOf(said.id, "0".repeat(32));
  return said;
}

const [domain, publicPath, privatePath] = process.argv.slice(2);
lifecycle(domain, fs.readFileSync(publicPath, "ascii"), fs.readFileSync(privatePath, "ascii"))
  .then((said) => console.log(JSON.stringify(said)))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
