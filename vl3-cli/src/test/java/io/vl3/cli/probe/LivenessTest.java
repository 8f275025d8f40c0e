package io.vl3.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.Threads;
import io.vl3.transport.IoThreads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LivenessTest {

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(2, Threads.daemons("liveness-test"));

  @AfterEach
  void close() {
    io.close();
    threads.close();
  }

  @Test
  void threadsThatAnswer_areWell() {
    assertThat(new Liveness(threads.timer(), io, Duration.ofMinutes(1)).checks())
        .extracting(Check::line)
        .containsExactly("[+] timer", "[+] sockets 1", "[+] sockets 2", "[+] locks");
  }

  @Test
  void aThreadThatHangs_isNamed() {
    CountDownLatch end = new CountDownLatch(1);
    threads.timer().after(Duration.ZERO, () -> awaitUninterruptibly(end));
    try {
      assertThat(new Liveness(threads.timer(), io, Duration.ofMillis(300)).checks().get(0).line())
          .isEqualTo("[-] timer: its thread does not answer (expected: within PT0.3S)");
    } finally {
      end.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
