package io.vl3.vpp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;

class VppExceptionTest {

  @Test
  void refusalWithoutWords_namesItsCode() {
    assertThat(VppException.of("a:1", "Update", Status.UNKNOWN, cause(Status.UNKNOWN)))
        .hasMessage("UNKNOWN");
  }

  @Test
  void questionThatIsRefused_isNotAnswered() {
    Status refusal = Status.UNKNOWN.withDescription("not connected");
    VppException failure = VppException.ofQuestion("a:1", "Dump", refusal, cause(refusal));
    assertThat(failure).hasMessage("vpp-agent at a:1: Dump: not connected");
    assertThat(failure.kind()).isEqualTo(VppException.Kind.AWAY);
  }

  private static Throwable cause(Status status) {
    return status.asRuntimeException();
  }
}
