package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.stub.StreamObserver;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BlockingCallsTest {

  private final List<String> heard = new ArrayList<>();
  private final BlockingCalls calls = new BlockingCalls(Runnable::run);

  @Test
  void theResult_isTheAnswer() {
    calls.answer(new Caller(), () -> "one");
    calls.answerAll(new Caller(), () -> List.of("two", "three"));
    assertThat(heard).containsExactly("one", "end", "two", "three", "end");
  }

  /** As when a process ends while a call is at work: nobody is there any more to be told. */
  @Test
  void aTransportThatHasEnded_isNoFaultOfTheWork() {
    calls.answer(new Gone(), () -> "one");
    calls.answer(
        new Gone(),
        () -> {
          throw new EndpointException(Reason.NOT_FOUND, "none");
        });
    assertThatCode(
            () ->
                calls.answer(
                    new Gone(),
                    () -> {
                      throw new IllegalStateException("fault");
                    }))
        .doesNotThrowAnyException();
    assertThat(heard).isEmpty();
  }

  @Test
  void anErrorOfTheWork_isToldToTheCaller_andToItsThread() {
    assertThatThrownBy(
            () ->
                calls.answer(
                    new Caller(),
                    () -> {
                      throw new AssertionError("broken");
                    }))
        .hasMessage("broken");
    assertThat(heard).containsExactly("INTERNAL: server: fault AssertionError (see its log)");
  }

  private class Caller implements StreamObserver<String> {

    @Override
    public void onNext(String value) {
      heard.add(value);
    }

    @Override
    public void onError(Throwable failure) {
      heard.add(String.valueOf(failure.getMessage()));
    }

    @Override
    public void onCompleted() {
      heard.add("end");
    }
  }

  private static final class Gone implements StreamObserver<String> {

    @Override
    public void onNext(String value) {
      throw new RejectedExecutionException("event executor terminated");
    }

    @Override
    public void onError(Throwable failure) {
      throw new RejectedExecutionException("event executor terminated");
    }

    @Override
    public void onCompleted() {
      throw new RejectedExecutionException("event executor terminated");
    }
  }
}
