// The calls of ../drivers.md with the official Java SDK.

import com.google.gson.Gson;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.ssl.v20191205.SslClient;
import com.tencentcloudapi.ssl.v20191205.models.*;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

class Driver {
  private static SslClient client(String secretKey) {
    HttpProfile http = new HttpProfile();
    http.setProtocol(System.getenv("DRIVER_SCHEME") + "://");
    http.setEndpoint(System.getenv("DRIVER_ENDPOINT"));
    http.setReqMethod(System.getenv("DRIVER_METHOD"));
    String method = System.getenv("DRIVER_SIGN");
    boolean isUnsigned = method.equals("UNSIGNED-PAYLOAD");
    ClientProfile profile = new ClientProfile(isUnsigned ? ClientProfile.SIGN_TC3_256 : method, http);
    profile.setUnsignedPayload(isUnsigned);
    return new SslClient(
        new Credential(System.getenv("TENCENTCLOUD_SECRET_ID"), secretKey), "", profile);
  }

  private static Map<String, String> errorOf(SslClient client, String id) {
    try {
      DescribeCertificateRequest request = new DescribeCertificateRequest();
      request.setCertificateId(id);
      client.DescribeCertificate(request);
      return null;
    } catch (TencentCloudSDKException error) {
      return Map.of("code", error.getErrorCode(), "request_id", error.getRequestId());
    }
  }

  private static String apply(SslClient client, String domain, String alias)
      throws TencentCloudSDKException {
    ApplyCertificateRequest request = new ApplyCertificateRequest();
    request.setDvAuthMethod("DNS");
    request.setDomainName(domain);
    request.setAlias(alias);
    request.setDeleteDnsAutoRecord(false);
    return client.ApplyCertificate(request).getCertificateId();
  }

  private static DescribeCertificatesResponse list(SslClient client, String id)
      throws TencentCloudSDKException {
    DescribeCertificatesRequest request = new DescribeCertificatesRequest();
    request.setCertIds(new String[] {id});
    request.setCertificateStatus(new Long[] {0L, 1L});
    request.setLimit(20L);
    return client.DescribeCertificates(request);
  }

  private static void issue(SslClient client, String id, Map<String, Object> said)
      throws TencentCloudSDKException {
    DescribeCertificateRequest describe = new DescribeCertificateRequest();
    describe.setCertificateId(id);
    DescribeCertificateResponse pending = client.DescribeCertificate(describe);
    said.put("pending", pending.getStatus());
    said.put("record_type", pending.getDvAuthDetail().getDvAuths()[0].getDvAuthVerifyType());
    CompleteCertificateRequest complete = new CompleteCertificateRequest();
    complete.setCertificateId(id);
    client.CompleteCertificate(complete);
    DescribeCertificateDetailRequest detailed = new DescribeCertificateDetailRequest();
    detailed.setCertificateId(id);
    DescribeCertificateDetailResponse detail = client.DescribeCertificateDetail(detailed);
    said.put("issued", detail.getStatus());
    said.put("alias", detail.getAlias());
    DownloadCertificateRequest download = new DownloadCertificateRequest();
    download.setCertificateId(id);
    said.put("zip", client.DownloadCertificate(download).getContent());
    said.put("listed", list(client, id).getTotalCount());
  }

  private static Tags tag(String key, String value) {
    Tags tag = new Tags();
    tag.setTagKey(key);
    tag.setTagValue(value);
    return tag;
  }

  private static void upload(SslClient client, String publicPem, String privatePem,
      Map<String, Object> said) throws TencentCloudSDKException {
    UploadCertificateRequest request = new UploadCertificateRequest();
    request.setCertificatePublicKey(publicPem);
    request.setCertificatePrivateKey(privatePem);
    request.setAlias("uploaded");
    request.setRepeatable(false);
    request.setTags(new Tags[] {tag("env", "a&b"), tag("team", "=+")});
    String id = client.UploadCertificate(request).getCertificateId();
    said.put("uploaded", id);
    said.put("repeated", client.UploadCertificate(request).getRepeatCertId());
    Map<String, String> tags = new LinkedHashMap<>();
    for (Tags tag : list(client, id).getCertificates()[0].getTags()) {
      tags.put(tag.getTagKey(), tag.getTagValue());
    }
    said.put("tags", tags);
    DeleteCertificateRequest delete = new DeleteCertificateRequest();
    delete.setCertificateId(id);
    said.put("deleted", client.DeleteCertificate(delete).getDeleteResult());
    said.put("gone", errorOf(client, id));
  }

  public static void main(String[] arguments) throws Exception {
    SslClient client = client(System.getenv("TENCENTCLOUD_SECRET_KEY"));
    Map<String, Object> said = new LinkedHashMap<>();
    String id = apply(client, arguments[0], "a+b 测试");
    said.put("id", id);
    issue(client, id, said);
    upload(client, Files.readString(Path.of(arguments[1])), Files.readString(Path.of(arguments[2])),
        said);
    CancelCertificateOrderRequest cancel = new CancelCertificateOrderRequest();
    cancel.setCertificateId(apply(client, "no." + arguments[0], null));
    said.put("cancelled",
        client.CancelCertificateOrder(cancel).getCertificateId().equals(cancel.getCertificateId()));
    said.put("not_signed", errorOf(client("0".repeat(32)), id));
    new PrintStream(System.out, true, StandardCharsets.UTF_8).println(new Gson().toJson(said));
  }
}
