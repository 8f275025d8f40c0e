package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StatusCodesTest {

  @Test
  void everyReason_thereAndBack_keepsReasonAndMessage() {
    for (Reason reason : Reason.values()) {
      Status status = StatusCodes.toStatus(new EndpointException(reason, "length: 33"));
      EndpointException back = StatusCodes.toException(status.withCause(null).asRuntimeException());
      assertThat(back.reason()).isEqualTo(reason);
      assertThat(back).hasMessage("length: 33");
    }
  }

  @Test
  void everyCode_hasAReason_thatRetriesWhatMayPass() {
    assertThat(StatusCodes.toReason(Status.Code.UNKNOWN).retriable()).isTrue();
    assertThat(StatusCodes.toReason(Status.Code.ABORTED).retriable()).isTrue();
    assertThat(StatusCodes.toReason(Status.Code.OUT_OF_RANGE)).isEqualTo(Reason.INVALID);
    assertThat(StatusCodes.toReason(Status.Code.UNIMPLEMENTED)).isEqualTo(Reason.INTERNAL);
  }

  @Test
  void aTransportFailure_namesItsRoot() {
    Status status =
        Status.UNAVAILABLE.withDescription("io exception").withCause(new IOException("refused"));
    assertThat(StatusCodes.toException(status.asRuntimeException()))
        .hasMessage("io exception: refused");
  }

  @Test
  void aTransportFailure_doesNotListItsHandlers() {
    Status status =
        Status.UNAVAILABLE
            .withDescription(
                "io exception\nChannel Pipeline: [SslHandler#0,"
                    + " ProtocolNegotiators$ClientTlsHandler#0, DefaultChannelPipeline$TailContext#0]")
            .withCause(new IOException("Connection reset by peer"));
    assertThat(StatusCodes.toException(status.asRuntimeException()))
        .hasMessage("io exception: Connection reset by peer");
  }

  @Test
  void anAnswerThatDoesNotCome_isSaidShortly_whereverTheCallStood() {
    assertThat(
            late("CallOptions", "[closed=[CANCELLED], committed=[remote_addr=unix peer server]]"))
        .hasMessage("no answer within 14.9 s");
    assertThat(
            late(
                "Context", "[closed=[], open=[[connecting_and_lb_delay=1.0s, was_still_waiting]]]"))
        .hasMessage("no answer within 14.9 s");
  }

  private static EndpointException late(String whose, String where) {
    String words =
        "%s deadline exceeded after 14.997628623s. Name resolution delay 0.000000000 seconds. %s"
            .formatted(whose, where);
    return StatusCodes.toException(
        Status.DEADLINE_EXCEEDED.withDescription(words).asRuntimeException());
  }

  @Test
  void aLongMessage_isCutToWhatAHeaderHolds() {
    Status status = StatusCodes.toStatus(new EndpointException(Reason.INVALID, "x".repeat(9000)));
    assertThat(status.getDescription()).hasSizeLessThan(2100);
  }

  @Test
  void endpointThatNsmsManagerDoesNotKnow_isNotFound_thoughItsCodeSaysNothing() {
    assertThat(unknown("network service endpoint nse-1 not found")).isEqualTo(Reason.NOT_FOUND);
    assertThat(
            unknown(
                "connect: rpc error: code = Unknown desc = network service endpoint a not found"))
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(unknown("network service endpoint candidates not found"))
        .isEqualTo(Reason.UNAVAILABLE);
    assertThat(unknown("network service vl3 is not found")).isEqualTo(Reason.UNAVAILABLE);
  }

  private static Reason unknown(String words) {
    return StatusCodes.toException(Status.UNKNOWN.withDescription(words).asRuntimeException())
        .reason();
  }
}
