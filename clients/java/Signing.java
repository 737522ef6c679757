import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs every call of a gRPC channel with TC3-HMAC-SHA256. */
public final class Signing implements ClientInterceptor {
  private final String secretId;
  private final String secretKey;
  private final String authority;
  private final String token;

  /** authority is what the channel was made for, HOST:PORT; token, or null, comes with temporary keys. */
  public Signing(String secretId, String secretKey, String authority, String token) {
    this.secretId = secretId;
    this.secretKey = secretKey;
    this.authority = authority;
    this.token = token;
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] data) {
    StringBuilder text = new StringBuilder();
    for (byte each : data) text.append(String.format("%02x", each));
    return text.toString();
  }

  private static String digest(byte[] data) throws GeneralSecurityException {
    return hex(MessageDigest.getInstance("SHA-256").digest(data));
  }

  /** The header of one call: message is the serialized request, timestamp Unix seconds. */
  public static String authorization(String secretId, String secretKey, String authority,
      String method, byte[] message, long timestamp) throws GeneralSecurityException {
    String canonical = String.join("\n", "POST", method, "", "content-type:application/grpc",
        "host:" + authority, "", "content-type;host", digest(message));
    String date = Instant.ofEpochSecond(timestamp).atZone(ZoneOffset.UTC).toLocalDate().toString();
    String service = method.split("\\.")[1]; // of /certwright.SERVICE.VERSION…
    String scope = date + "/" + service + "/tc3_request";
    byte[] key = ("TC3" + secretKey).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {date, service, "tc3_request"}) key = mac(key, part);
    String toSign = String.join("\n", "TC3-HMAC-SHA256", Long.toString(timestamp), scope,
        digest(canonical.getBytes(StandardCharsets.UTF_8)));
    return "TC3-HMAC-SHA256 Credential=" + secretId + "/" + scope
        + ", SignedHeaders=content-type;host, Signature=" + hex(mac(key, toSign));
  }

  private static void put(Metadata headers, String name, String value) {
    headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
  }

  private <Q> void sign(Metadata headers, MethodDescriptor<Q, ?> method, Q message) {
    long now = Instant.now().getEpochSecond();
    try (InputStream bytes = method.streamRequest(message)) {
      put(headers, "authorization", authorization(secretId, secretKey, authority,
          "/" + method.getFullMethodName(), bytes.readAllBytes(), now));
    } catch (IOException | GeneralSecurityException error) {
      throw new IllegalStateException(error);
    }
    put(headers, "x-tc-timestamp", Long.toString(now));
    if (token != null) put(headers, "x-tc-token", token);
  }

  // The call starts when its message is there, which is what is signed; until then requests wait.
  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<Q, A>(next.newCall(method, options)) {
      private Listener<A> listener;
      private Metadata headers;
      private int requested;

      @Override
      public void start(Listener<A> listener, Metadata headers) {
        this.listener = listener;
        this.headers = headers;
      }

      @Override
      public void request(int count) {
        if (headers == null) {
          super.request(count);
        } else {
          requested += count;
        }
      }

      @Override
      public void sendMessage(Q message) {
        sign(headers, method, message);
        super.start(listener, headers);
        headers = null;
        if (requested > 0) super.request(requested);
        super.sendMessage(message);
      }
    };
  }
}
