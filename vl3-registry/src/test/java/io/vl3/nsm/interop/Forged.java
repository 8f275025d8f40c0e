package io.vl3.nsm.interop;

import com.google.protobuf.Timestamp;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.ConnectionContext;
import io.vl3.api.networkservice.NetworkServiceRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Requests as of a forwarder, whose path begins with a client that the test makes up. */
final class Forged {

  private Forged() {}

  /** A forwarder's request under an id; the caller's own token comes with the call. */
  static NetworkServiceRequest request(String id, String clientsToken) {
    NetworkServiceRequest.Builder request = Asked.first(id).toBuilder();
    request
        .getConnectionBuilder()
        .setContext(ConnectionContext.getDefaultInstance()) // the reference dies without one
        .getPathBuilder()
        .setIndex(1)
        .addPathSegments(
            PathSegment.newBuilder()
                .setName("client")
                .setId("client of " + id)
                .setToken(clientsToken)
                .setExpires(
                    Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 600)))
        .addPathSegments(PathSegment.newBuilder().setName("forwarder").setId(id));
    return request.build();
  }

  /** A client's own first request under an id. */
  static NetworkServiceRequest straight(String id) {
    NetworkServiceRequest.Builder request = Asked.first(id).toBuilder();
    request
        .getConnectionBuilder()
        .setContext(ConnectionContext.getDefaultInstance())
        .getPathBuilder()
        .addPathSegments(PathSegment.newBuilder().setName("client").setId(id));
    return request.build();
  }

  /** Signed by nobody: only the caller's own token is checked for that. */
  static String jwt(String audience, Instant expires) {
    return jwt("spiffe://test.com/client", audience, expires);
  }

  /** As that of a client, of another subject. */
  static String jwt(String subject, String audience, Instant expires) {
    String claims =
        "{\"sub\":\"%s\",\"aud\":[\"%s\"],\"exp\":%d}"
            .formatted(subject, audience, expires.getEpochSecond());
    return encoded("{\"alg\":\"ES256\",\"typ\":\"JWT\"}") + "." + encoded(claims) + ".c2ln";
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
