package io.vl3.mesh;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.ConnectionConverter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Requests for new connections as they arrive at an endpoint: read from the bytes of a message of
 * their own, with four components before it, each of whom has sent a token of 600 characters. The
 * client is another each time, as its id, labels, namespace and identity are, and each token ends
 * at a moment of its own; 50 come within a second, so that some tokens of a component differ in
 * nothing but their signature.
 */
final class ArrivingRequests {

  private static final int TOKEN_CHARACTERS = 600;
  private static final int SIGNATURE_BYTES = 64;
  private static final int IN_A_SECOND = 50;
  private static final int SECOND_NANOS = 1_000_000_000;
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = encoded("{\"alg\":\"ES256\",\"typ\":\"JWT\"}");

  private final Instant begin;
  private final Random random = new Random(16);
  private int count;

  ArrivingRequests(Instant begin) {
    this.begin = begin;
  }

  /** The next one. */
  ConnectionRequest next() throws EndpointException {
    int number = count++;
    try {
      return ConnectionConverter.toDomain(
          NetworkServiceRequest.parseFrom(message(number).toByteArray()));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private NetworkServiceRequest message(int number) {
    String client = "workload-7d9c5b6f4d-" + number;
    List<String> hops = List.of(client, "nsmgr-x2k4p", "forwarder-vpp-l8v9q", "nsmgr-b7m3d");
    Path.Builder path = Path.newBuilder().setIndex(hops.size() - 1);
    Instant expires = begin.plus(LIFE).plusSeconds(number / IN_A_SECOND);
    for (int i = 0; i < hops.size(); i++) {
      String next = i + 1 < hops.size() ? hops.get(i + 1) : "vl3-nse-1";
      path.addPathSegments(
          PathSegment.newBuilder()
              .setName(hops.get(i))
              .setId(id())
              .setToken(token(hops.get(i), next, expires))
              .setExpires(
                  Timestamp.newBuilder()
                      .setSeconds(expires.getEpochSecond())
                      .setNanos(random.nextInt(SECOND_NANOS))));
    }
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId(path.getPathSegments(hops.size() - 1).getId())
                .setNetworkService("vl3")
                .setPayload("IP")
                .putLabels("app", "workload")
                .putLabels("podName", client)
                .putLabels("nodeName", "node-3")
                .setPath(path))
        .addMechanismPreferences(
            Mechanism.newBuilder()
                .setCls("LOCAL")
                .setType("KERNEL")
                .putParameters("name", "nsm-1")
                .putParameters("inodeURL", "inode://4/" + (4_026_530_000L + number)))
        .build();
  }

  private String id() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private String token(String subject, String audience, Instant expires) {
    byte[] signature = new byte[SIGNATURE_BYTES];
    random.nextBytes(signature);
    String end = "." + TEXT.encodeToString(signature);
    String claims =
        "{\"aud\":[\"%s\"],\"exp\":%d,\"sub\":\"%s\"}"
            .formatted(spiffe(audience), expires.getEpochSecond(), spiffe(subject));
    int rest = (TOKEN_CHARACTERS - HEADER.length() - 1 - end.length()) * 3 / 4 - claims.length();
    return HEADER + "." + encoded(claims + " ".repeat(Math.max(0, rest))) + end;
  }

  private static String spiffe(String component) {
    return "spiffe://cluster-1.example.org/ns/nsm-system/sa/default/pod/" + component;
  }

  private static String encoded(String text) {
    return TEXT.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
