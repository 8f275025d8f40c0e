package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vl3.api.connection.Connection;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages with broken bytes: read or refused as INVALID with a short message, nothing else. */
class ConverterFuzzTest {

  private static final int MESSAGES = 6_000;

  @Test
  void brokenBytes_areReadOrInvalid() {
    Random random = new Random(7);
    RandomConnections connections = new RandomConnections(7);
    int read = 0;
    int invalid = 0;
    for (int i = 0; i < MESSAGES; i++) {
      byte[] bytes = ConnectionConverter.toProto(connections.next()).toByteArray();
      if (bytes.length > 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      switch (convert(bytes)) {
        case READ -> read++;
        case INVALID -> invalid++;
        case UNPARSABLE -> {}
      }
    }
    // Both happen often, or the fuzzing would show nothing.
    assertThat(read).isGreaterThan(MESSAGES / 20);
    assertThat(invalid).isGreaterThan(MESSAGES / 200);
  }

  private static Outcome convert(byte[] bytes) {
    try {
      var connection = ConnectionConverter.toDomain(Connection.parseFrom(bytes));
      // What was read can be written, and reads the same again.
      assertThat(ConnectionConverter.toDomain(ConnectionConverter.toProto(connection)))
          .isEqualTo(connection);
      return Outcome.READ;
    } catch (InvalidProtocolBufferException unparsable) {
      return Outcome.UNPARSABLE;
    } catch (EndpointException refused) {
      assertThat(refused.reason()).isEqualTo(Reason.INVALID);
      assertThat(refused.getMessage()).startsWith("connection.").hasSizeLessThan(500);
      assertThat(refused.getMessage()).doesNotContainPattern("\\p{Cntrl}");
      return Outcome.INVALID;
    }
  }

  private enum Outcome {
    READ,
    INVALID,
    UNPARSABLE
  }
}
