import certwright.ssl.v20191205.Certificates1.DescribeCertificatesRequest;
import certwright.ssl.v20191205.SslServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;

class Example {
  public static void main(String[] arguments) {
    String at = System.getenv("CERTWRIGHT_GRPC");
    Signing signing = new Signing(
        System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"), at, null);
    ManagedChannel channel = NettyChannelBuilder.forTarget(at).usePlaintext().intercept(signing).build();
    var service = SslServiceGrpc.newBlockingStub(channel);
    System.out.println(service.describeCertificates(
        DescribeCertificatesRequest.newBuilder().setLimit(3).build()));
    channel.shutdown();
  }
}
