const grpc = require("@grpc/grpc-js");
const {loadSync} = require("@grpc/proto-loader");
const {signing} = require("./signing");

const at = process.env.CERTWRIGHT_GRPC;
const key = {secretId: process.env.TENCENTCLOUD_SECRET_ID, secretKey: process.env.TENCENTCLOUD_SECRET_KEY};
const definition = loadSync("ssl/v20191205/ssl.proto", {includeDirs: ["proto"], keepCase: true, longs: Number});
const {SslService} = grpc.loadPackageDefinition(definition).certwright.ssl.v20191205;
const service = new SslService(at, grpc.credentials.createInsecure(), {interceptors: [signing(key, at)]});
service.DescribeCertificates({limit: 3}, (error, answer) => {
  if (error) throw error;
  console.log(answer);
});
